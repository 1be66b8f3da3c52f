"""Cutting the text of a name: relation, alias, brackets, words."""

from __future__ import annotations

import re
import unicodedata

from attrs import frozen

from lib.normalise.name.words import NATIVE_RELATIONS, RELATION_WORDS, RELATIONS
from lib.normalise.text import fold

# A cell of more is not one name; what follows is cut off.
LONGEST_NAME = 200

# Letters with what belongs to them: vowel signs of the Indic scripts, accents, Arabic signs, joiners.
_SIGNS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983"
_SIGNS += "\u09bc-\u09cd\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a75\u0a81-\u0a83\u0abc-\u0acd\u0ae2\u0ae3"
_SIGNS += "\u0b01-\u0b03\u0b3c-\u0b57\u0b62\u0b63\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3c-\u0c56\u0c62\u0c63\u0c81-\u0c83"
_SIGNS += "\u0cbc-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03\u0d3b-\u0d57\u0d62\u0d63\u200c\u200d"
LETTER = r"[^\W\d_]"
WORD = rf"{LETTER}(?:{LETTER}|[{_SIGNS}]|['-](?={LETTER}))*"
TOKEN = re.compile(rf"({WORD})(\.?)|([0-9]+|&)")
HAS_LETTER = re.compile(LETTER)
_JUNK = re.compile(rf"[^\w{_SIGNS} .,'&/()\-@+:;\\]|_")
# Quotes, brackets and the abbreviation signs of Devanagari and Gujarati in one form.
_QUOTES = str.maketrans("\u2018\u2019\u201b\u02bc`\u00b4[]{}\u0970\u0af0", "''''''()()..")
_LOOSE_APOSTROPHE = re.compile(r"\b([DOdo])' +(?=\w)")

_NATIVE = "|".join(sorted(NATIVE_RELATIONS, key=len, reverse=True))
_RELATION = re.compile(
    rf"(?i:(?:\A|(?<=[ ,(.]))(?:([sdwchfmr]) ?[/\\] ?o(?![^\W\d_])|([sdwchf])\. ?o\. ?(?=[^\W\d_]{{3}})"
    rf"|({'|'.join(RELATION_WORDS)}) of(?![^\W\d_])))[ .:,-]*"
    rf"|(?:\A|(?<= ))({_NATIVE})(?= )[ .:,-]*"
)
_ALIAS = re.compile(r"(?i:\s*@\s*|\s+alias\s+|\s+urf\s+| उर्फ )")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NO_NAME_SIGN = re.compile("[()@]")
_ADDRESS = re.compile(r"(?i:[^\s@]@[^\s@]+\.[a-z]|\bwww\.|https?:)")


@frozen
class Pieces:
    """A cell cut up: all before a relation, the name alone, the relation and the other name, an alias, brackets."""

    whole: str
    name: str
    relation: str | None
    other: str
    alias: str
    brackets: tuple[str, ...]


def readable(text: str | None) -> tuple[str, str, bool]:
    """The folded text, what can belong to a name of it (one form of quotes and brackets), and whether it was cut."""
    folded = unicodedata.normalize("NFC", fold(text))
    clean = _JUNK.sub(" ", folded[:LONGEST_NAME].translate(_QUOTES))
    clean = _LOOSE_APOSTROPHE.sub(r"\1'", clean)
    return folded, " ".join(clean.split()), len(folded) > LONGEST_NAME


def is_address(text: str) -> bool:
    """Whether the text is an e-mail or web address."""
    return _ADDRESS.search(text) is not None


def pieces_of(text: str) -> Pieces:
    """The pieces of a readable text."""
    whole, relation, other = _cut_relation(text)
    brackets = tuple(found.strip() for found in _BRACKETS.findall(whole) if HAS_LETTER.search(found))
    name, *aliases = _ALIAS.split(_BRACKETS.sub(" ", whole), maxsplit=1)
    if not HAS_LETTER.search(name):  # all of it stands in brackets
        return Pieces(whole, _NO_NAME_SIGN.sub(" ", whole).strip(" ,.-/:;+"), relation, other, "", ())
    alias = aliases[0].strip() if aliases else ""
    return Pieces(whole, name.lstrip(" ,.-/:;+").rstrip(" ,-/:;+"), relation, other, alias, brackets)


def _cut_relation(text: str) -> tuple[str, str | None, str]:
    """Name, relation and the other name. Where someone lives (R/o) is no name and falls away, as do later relations."""
    found = _RELATION.search(text)
    if found is None:
        return text, None, ""
    name, rest = text[: found.start()].strip(" ,("), text[found.end() :]
    slash, dotted, worded, native = found.groups()
    if dotted and not re.search(rf"{LETTER}{{3}}", name):  # W. O. Singh: initials
        return text, None, ""
    letter = slash or dotted
    relation = (
        RELATIONS[letter.lower()] if letter else RELATION_WORDS[worded.lower()] if worded else NATIVE_RELATIONS[native]
    )
    later = _RELATION.search(rest)
    # An address may follow after a comma.
    other = (rest[: later.start()] if later else rest).partition(",")[0].lstrip(" ,()-.:;").rstrip(" ,()-:;")
    if relation == "R/o" or not HAS_LETTER.search(other):
        return name, None, ""
    return name, relation, other
