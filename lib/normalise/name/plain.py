"""The short way for plain names: titles, initials and words that are nothing but names, between single spaces.

`plain_parts` gives what `normalise_name` gives (a test compares them), in a fraction of the time, or None where a word
may be a relation, a firm, a degree or a placeholder, so that the long way has to decide.
"""

from __future__ import annotations

from collections.abc import Sequence

from lib.normalise.name.organisation import is_organisation_word
from lib.normalise.name.person import MOST_WORDS, title_of, words_of
from lib.normalise.name.phonetics import MOHAMMAD
from lib.normalise.name.words import (
    DEGREES,
    LEGAL,
    MESSRS,
    NO_SURNAME,
    PARTICLES,
    PLACEHOLDERS,
    RELATION_WORDS,
    RESPECT,
    SURNAMES,
    TWO_LETTERS,
)
from lib.normalise.text import MISSING

_OTHER_ROLES = (
    DEGREES, LEGAL, MESSRS, PARTICLES, PLACEHOLDERS, RELATION_WORDS, RESPECT, TWO_LETTERS - {"md", "om"},
    {"alias", "urf"},
    {word.lower() for word in MISSING},
)  # fmt: skip

_NAME, _INITIAL, _TITLE = range(3)
# How it is written, its key (of an initial its letter), what it is, whether it can be a surname, also after initials.
_Known = tuple[str, str, int, bool, bool]
_SEEN: dict[str, _Known | None] = {}
_MOST_SEEN = 200_000
_LONGEST = 100

# Display form, title, initials, given name, surname, match key; "" where there is nothing to tell.
Parts = tuple[str, str, str, str, str, str]


def plain_parts(text: str) -> Parts | None:
    """The parts of a plain name."""
    if len(text) > _LONGEST:
        return None
    words = []
    for token in text.split(" "):
        known = _SEEN[token] if token in _SEEN else _learn(token)
        if known is None:
            return None
        words.append(known)
    if len(words) == 2 and not words[0][2] and not words[1][2]:
        (first, first_key, _, _, _), (last, last_key, _, family, _) = words
        key = f"{first_key} {last_key}" if first_key <= last_key else f"{last_key} {first_key}"
        shown = f"{first} {last}"
        if family and first_key != MOHAMMAD:
            return shown, "", "", first, last, key
        return shown, "", "", shown, "", key
    return _parts(words)


def _parts(all_words: list[_Known]) -> Parts | None:
    titles = 0
    while all_words[titles][2] == _TITLE:
        titles += 1
        if titles == len(all_words):
            return None
    words = all_words[titles:]
    kinds = [word[2] for word in words]
    if len(words) > MOST_WORDS or _TITLE in kinds or _NAME not in kinds:
        return None
    initials = [word for word in words if word[2]]
    names = [word for word in words if not word[2]]
    surname = words[-1][0] if _has_surname(words) else ""
    given = names[:-1] if surname else names
    keys = sorted([word[1] for word in names])
    if len(keys) < 2:
        keys += sorted([word[1] for word in initials])
    return (
        " ".join([word[0] for word in all_words]),
        " ".join([word[0] for word in all_words[:titles]]),
        " ".join([word[0][:-1] for word in initials]),
        " ".join([word[0] for word in given]),
        surname,
        " ".join(keys),
    )


def _has_surname(words: Sequence[_Known]) -> bool:
    """As `person._surname`."""
    _, _, _, family, known_family = words[-1]
    if len(words) == 1 or not family or (words[0][2] and not known_family):
        return False
    return len(words) > 2 or words[0][1] != MOHAMMAD


def _learn(token: str) -> _Known | None:
    if len(_SEEN) >= _MOST_SEEN:
        _SEEN.clear()
    known = _SEEN[token] = _known(token)
    return known


def _known(token: str) -> _Known | None:
    dotted = token.endswith(".")
    bare = token[:-1] if dotted else token
    plain = bare.lower()
    if not (bare.isascii() and bare.isalpha()) or plain == "o":  # S. O. is a relation
        return None
    title = title_of(bare, dotted)
    if title:
        return title.shown, "", _TITLE, False, False
    if any(plain in role for role in _OTHER_ROLES) or is_organisation_word(bare):
        return None
    found = words_of(bare, dotted)
    if len(found) != 1:
        return None
    word = found[0]
    if word.initial:
        return word.shown, word.plain, _INITIAL, False, False
    if not word.keys or len(set(plain)) == 1:
        return None
    return word.shown, word.keys[0], _NAME, plain not in NO_SURNAME, plain in SURNAMES
