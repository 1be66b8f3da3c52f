"""Names of firms and institutions: told by their words, written with their legal form, keyed without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from attrs import frozen

from lib.normalise.name.casing import cased_of_firm
from lib.normalise.name.latin import latin_word
from lib.normalise.name.phonetics import word_key
from lib.normalise.name.pieces import TOKEN, WORD
from lib.normalise.name.words import LEGAL, MESSRS, ORGANISATION, ORGANISATION_ENDINGS

_MESSRS = re.compile(rf"(?i:\A(?:m ?/ ?s|{'|'.join(sorted(MESSRS))})(?![^\W\d_]))[ .,:-]*(?=[^\W\d_])")
_AND_SONS = re.compile(
    r"(?i:(?:&|\band\b|\bएंड\b|\bएण्ड\b) ?(?:sons?|co|company|brothers?|bros|daughters|संस|सन्स|कंपनी|कम्पनी)(?![^\W\d_]))"
)
_PRIVATE = re.compile(r"(?i:\((?:p|pvt|i|india)\.?\))")
_WORD = re.compile(WORD)


@frozen
class Organisation:
    """A firm's name in its own script and in Latin letters, and its key."""

    shown: str
    latin: str
    key: str


def is_organisation(text: str) -> bool:
    """Whether a readable text names a firm or institution."""
    if _MESSRS.match(text) or _AND_SONS.search(text):
        return True
    words = [match[1] for match in TOKEN.finditer(text) if match[1]]
    return len(words) > 1 and any(map(is_organisation_word, words))


@lru_cache(maxsize=65_536)
def is_organisation_word(word: str) -> bool:
    parts = word.lower().split("-")
    return any(part in ORGANISATION for part in parts) or parts[-1].endswith(ORGANISATION_ENDINGS)


def organisation_of(text: str) -> Organisation:
    """The name of a firm, tidy."""
    found = _MESSRS.match(text)
    bare = text[found.end() :] if found else text
    front = "M/s " if found else ""
    shouted = not any(map(_in_small_letters, _WORD.findall(bare)))
    shown = _joined(bare, lambda word: word if _is_native_form(word) else cased_of_firm(word, shouted))
    latin = _joined(shown, lambda word: LEGAL.get(word) or cased_of_firm(latin_word(word), shouted))
    return Organisation(front + shown, front + latin, _key(latin))


def _is_native_form(word: str) -> bool:
    """Whether the word is a legal form in another script, which is shown as it is."""
    return word in LEGAL and not word.isascii()


def _in_small_letters(word: str) -> bool:
    """Whether the word shows that not all is in capitals; legal forms and acronyms show nothing."""
    return word != word.upper() and cased_of_firm(word, True) != word.upper() and word.lower() not in LEGAL


def _joined(text: str, written: Callable[[str], str]) -> str:
    """The text with each word as `written`; a dot after a legal form is not doubled."""
    words = _WORD.sub(lambda match: written(match[0]), text)
    return " ".join(words.replace("..", ".").split())


def _key(latin: str) -> str:
    """The keys of its words in order of the alphabet; letters that stand alone (R. K.) are one word."""
    bare = _PRIVATE.sub(" ", latin)
    plain = re.sub(r"(?<![^\W\d_])([^\W\d_])[ .]+(?=[^\W\d_](?![^\W\d_]))", r"\1", bare)
    tokens = [match[0].rstrip(".").lower() for match in TOKEN.finditer(plain)]
    words = [part for token in tokens for part in token.split("-")]
    own = [word for word in words if word not in LEGAL and word != "&"] or words
    return " ".join(sorted(filter(None, (word if word.isdigit() else word_key(word) for word in own))))
