"""The script of a name and its words in Latin letters."""

from __future__ import annotations

from functools import lru_cache

from lib.normalise.romanise import romanise
from lib.normalise.script import NONE, script_of

OTHER = "OTHER"


def script_of_name(text: str) -> str:
    """DEVANAGARI, TAMIL, ... LATIN; MIXED for letters of several, OTHER for letters of none that is known."""
    found = script_of(text)
    return OTHER if found is None or found == NONE else found


@lru_cache(maxsize=65_536)
def latin_word(word: str) -> str:
    """A word in Latin letters, in the spelling that people use; as it is where it has them already."""
    return romanise(word) or word
