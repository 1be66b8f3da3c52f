"""Capitals of names in Latin letters: RAJESH, mcdonald, O'BRIEN, D'souza."""

from __future__ import annotations

import re
from functools import lru_cache

from lib.normalise.name.words import ACRONYMS, LEGAL

# As people write it: one capital first, any others inside (McDonald, DeSouza), not the whole word.
_WRITTEN_WELL = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*\Z")
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{1,4}\Z")

_ABBREVIATIONS = frozenset({"st", "dr", "mr", "mrs", "smt", "sh", "md", "mt", "jr", "sr", "nr", "hr"})


@lru_cache(maxsize=65_536)
def cased(word: str) -> str:
    """A word of a person's name with its capitals; words in other scripts have none."""
    if _WRITTEN_WELL.match(word):
        return word
    return "-".join(_part(part) for part in word.split("-"))


def cased_of_firm(word: str, shouted: bool) -> str:
    """A word of a firm's name: legal forms in one spelling; short capitals stay where not all is in capitals."""
    lower = word.lower()
    if lower in LEGAL:
        return LEGAL[lower]
    if len(word) == 1 or lower in ACRONYMS or (_NO_VOWEL.match(lower) and lower not in _ABBREVIATIONS):
        return "".join(map(_up, word))
    if not shouted and word.isupper() and len(word) <= 5:
        return word
    return cased(word)


def _part(part: str) -> str:
    if _WRITTEN_WELL.match(part):
        return part
    small = "".join(map(_down, part))
    if small[1:2] == "'" and len(small) > 3:  # O'Brien, D'Souza
        return _up(small[0]) + "'" + _up(small[2]) + small[3:]
    if small.startswith("mc") and len(small) > 4:
        return "Mc" + _up(small[2]) + small[3:]
    return _up(small[:1]) + small[1:]


def _up(letter: str) -> str:
    # Some letters have two-letter capitals; they would change again the next time.
    return letter.upper() if len(letter.upper()) == 1 else letter


def _down(letter: str) -> str:
    return letter.lower() if len(letter.lower()) == 1 else letter
