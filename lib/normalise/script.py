"""Which script a text is written in: DEVANAGARI, LATIN, MIXED, ... in Python and in Spark."""

from __future__ import annotations

import re

from pyspark.sql import Column
from pyspark.sql import functions as F

# First and last letter of each script's Unicode block, without its digits, dandas and signs. The names are the answers.
RANGES = {
    "DEVANAGARI": "\u0900-\u0963\u0971-\u097f",
    "BENGALI": "\u0980-\u09e3\u09f0\u09f1\u09fc\u09fe",
    "GURMUKHI": "\u0a00-\u0a63\u0a70-\u0a75",
    "GUJARATI": "\u0a80-\u0ae3\u0af9-\u0aff",
    "ODIA": "\u0b00-\u0b63\u0b71",
    "TAMIL": "\u0b80-\u0be5",
    "TELUGU": "\u0c00-\u0c63",
    "KANNADA": "\u0c80-\u0ce3\u0cf1-\u0cf3",
    "MALAYALAM": "\u0d00-\u0d63\u0d7a-\u0d7f",
    "ARABIC": "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "LATIN": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
}
MIXED = "MIXED"
NONE = "NONE"
SCRIPTS = (*RANGES, MIXED, NONE)

_HAS = {script: re.compile(f"[{letters}]") for script, letters in RANGES.items()}
_LATIN_ONLY = re.compile("[A-Za-z]")


def script_of(text: str | None) -> str | None:
    """The script of the letters of `text`: a name of `RANGES`, MIXED for several, NONE for no letter; None for None.

    Digits, spaces, punctuation and signs belong to no script. Letters of a script that is not in `RANGES` do not count.
    """
    if text is None:
        return None
    if text.isascii():
        return "LATIN" if _LATIN_ONLY.search(text) else NONE
    found = [script for script, pattern in _HAS.items() if pattern.search(text)]
    if not found:
        return NONE
    return found[0] if len(found) == 1 else MIXED


def script(text: Column) -> Column:
    """`script_of` in Spark, without a UDF; null stays null.

    All letters of the first letter's script are taken out; what is left holds another letter, or not.
    """
    ascii_only = F.length(text) == F.octet_length(text)
    latin_or_none = F.when(text.rlike("[A-Za-z]"), "LATIN").otherwise(NONE)
    answer = F.when(ascii_only, latin_or_none)
    every = "".join(RANGES.values())
    for name, letters in RANGES.items():
        others = every.replace(letters, "")
        answer = answer.when(text.rlike(f"[{letters}]"), F.when(text.rlike(f"[{others}]"), MIXED).otherwise(name))
    return F.when(text.isNotNull(), answer.otherwise(NONE))
