"""Names of people and organisations: the Python face, `normalise_name` and `match_key`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs
from attrs import frozen

from lib.normalise.name.latin import script_of_name
from lib.normalise.name.organisation import is_organisation, organisation_of
from lib.normalise.name.person import MOST_WORDS, Person, Word, bracketed_title, person_of
from lib.normalise.name.pieces import HAS_LETTER, Pieces, is_address, pieces_of, readable
from lib.normalise.name.words import PLACEHOLDERS, SURE_PLACEHOLDERS
from lib.normalise.text import is_missing


@frozen
class Name:
    """A name as `normalise_name` reads it. Text that is not there is None.

    - `display`: tidy, in its own script; `latin`: the same in Latin letters (Arabic stays as it is)
    - `honorific` (Shri, Smt., Dr., Late Shri), `initials` (R G), `given`, `surname` (where the form tells): in
      Latin letters
    - `relation` (S/o, D/o, W/o, C/o, H/o, F/o, M/o) and `relation_name`, the other person's name in Latin letters
    - `script`: DEVANAGARI, BENGALI, GUJARATI, GURMUKHI, ODIA, TAMIL, TELUGU, KANNADA, MALAYALAM, ARABIC, LATIN,
      OTHER, MIXED
    - `kind`: PERSON, ORGANISATION, UNKNOWN
    - `match_key`: equal for spellings of one name; for blocking, never an identity
    - `status`: VALID; CLEANED (digits were taken out of a person's name); TRUNCATED (longer than 200 characters);
      INITIALS_ONLY; RELATION_ONLY (C/o somebody, but who?); PLACEHOLDER (test, xxx, customer); NOT_A_NAME (no letter,
      an e-mail or web address); MISSING
    """

    display: str | None = None
    latin: str | None = None
    honorific: str | None = None
    initials: str | None = None
    given: str | None = None
    surname: str | None = None
    relation: str | None = None
    relation_name: str | None = None
    script: str | None = None
    kind: str = "UNKNOWN"
    match_key: str | None = None
    status: str = "VALID"


_SAME_LETTER = re.compile(r"([^\W\d_])\1*\Z")


def normalise_name(text: str | None) -> Name:
    """The name in a cell, in its parts; never an exception. docs/decisions/match-key.md has the rules of the key."""
    folded, clean, cut = readable(text)
    if is_missing(folded) or (clean and is_missing(clean)):
        return Name(status="MISSING")
    if not HAS_LETTER.search(clean) or is_address(clean):
        return Name(display=clean or None, status="NOT_A_NAME")
    found = _read(clean, cut)
    return found if _bare(found.display or "") == _bare(clean) else _settled(found)


def _bare(text: str) -> str:
    """The text without what never changes how it reads."""
    return text.replace(".", "").casefold()


def _settled(found: Name) -> Name:
    """The name as its own display form reads, so that reading it again changes nothing."""
    for _ in range(3):
        again = _read(found.display or "", False)
        if again.display == found.display:
            break
        found = attrs.evolve(again, status=found.status)
    return attrs.evolve(again, status=found.status, script=found.script)


def _read(clean: str, cut: bool) -> Name:
    pieces = pieces_of(clean)
    other = person_of(pieces.other) if pieces.relation else None
    if is_organisation(pieces.whole):
        return _organisation(pieces, other, cut)
    person = person_of(pieces.name, pieces.brackets)
    if person.words and _is_placeholder(person.words):
        return Name(display=clean, latin=clean, script=script_of_name(clean), status="PLACEHOLDER")
    return _person(person, pieces, other, cut)


def match_key(text: str | None) -> str:
    """The match key of a name or single word, in any script; "" where it has none."""
    return normalise_name(text).match_key or ""


def _organisation(pieces: Pieces, other: Person | None, cut: bool) -> Name:
    found = organisation_of(pieces.whole)
    return Name(
        display=_with_relation(found.shown, pieces.relation, other.shown() if other else ""),
        latin=_with_relation(found.latin, pieces.relation, other.latin() if other else ""),
        relation=pieces.relation,
        relation_name=other.latin() if other else None,
        script=script_of_name(pieces.whole),
        kind="ORGANISATION",
        match_key=found.key or None,
        status="TRUNCATED" if cut else "VALID",
    )


def _person(person: Person, pieces: Pieces, other: Person | None, cut: bool) -> Name:
    names = [word.latin for word in person.words[: person.surname] if not word.initial]
    surname = [word.latin for word in person.words[person.surname :]] if person.surname is not None else []
    shown, latin = person.shown(), person.latin()
    if pieces.brackets or pieces.alias:
        shown, latin = (written + _besides(pieces) for written in (shown, latin))
    return Name(
        display=_with_relation(shown, pieces.relation, other.shown() if other else ""),
        latin=_with_relation(latin, pieces.relation, other.latin() if other else ""),
        honorific=" ".join(title.latin for title in person.titles) or None,
        initials=" ".join(word.plain.capitalize() for word in person.words if word.initial) or None,
        given=" ".join(names) or None,
        surname=" ".join(surname) or None,
        relation=pieces.relation,
        relation_name=other.latin() if other else None,
        script=script_of_name(pieces.name or pieces.other),
        kind="PERSON" if (names or surname) and len(person.words) <= MOST_WORDS else "UNKNOWN",
        match_key=_key(person.words) or None,
        status=_status(person, pieces, cut),
    )


def _with_relation(name: str, relation: str | None, other: str) -> str:
    return " ".join(filter(None, (name, relation, other)))


def _besides(pieces: Pieces) -> str:
    """Brackets that are no title, and the alias, as they are shown after a name."""
    others = [inner for inner in pieces.brackets if not bracketed_title(inner)]
    shown = [f" ({inner})" for inner in map(_plain_words, others) if inner]
    alias = _plain_words(pieces.alias)
    return "".join(shown) + (f" @ {alias}" if alias else "")


def _plain_words(text: str) -> str:
    person = person_of(text)
    return " ".join(word.shown for word in person.words)


def _key(words: Sequence[Word]) -> str:
    """Keys of the words in order of the alphabet; initials, last, only where one word alone would say too little."""
    keys = sorted(key for word in words for key in word.keys)
    if len(keys) < 2:
        keys += sorted(word.plain for word in words if word.initial)
    return " ".join(keys)


def _status(person: Person, pieces: Pieces, cut: bool) -> str:
    if cut:
        return "TRUNCATED"
    if not person.words:
        return "RELATION_ONLY"
    if all(word.initial for word in person.words):
        return "INITIALS_ONLY"
    return "CLEANED" if any(character in "0123456789" for character in pieces.name) else "VALID"


def _is_placeholder(words: Sequence[Word]) -> bool:
    plain = [word.plain for word in words]
    if _SAME_LETTER.match("".join(plain)) and (len("".join(plain)) > 2 or plain[0][0] == "x"):
        return True
    return all(word in PLACEHOLDERS for word in plain) and any(word in SURE_PLACEHOLDERS for word in plain)
