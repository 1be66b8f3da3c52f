"""Spelling by rule: Telugu, Kannada, Malayalam, and single letters that no model knows.

These three pronounce every inherent vowel that is written. The habits (th for the dental t, zh, unmarked long
vowels) are those of the states' own place names in English: Local Government Directory.
"""

from __future__ import annotations

import re

# Sounds (see letters.py) -> Latin letters.
LETTERS = {
    "a": "a", "ऄ": "a", "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ऌ": "li", "ऍ": "e",
    "ऎ": "e", "ए": "e", "ऐ": "ai", "ऑ": "o", "ऒ": "o", "ओ": "o", "औ": "au", "ॠ": "ri", "ॡ": "li",
    "\u093a": "o", "\u093b": "o", "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "ॄ": "ri", "ॅ": "e",
    "ॆ": "e", "े": "e", "ै": "ai", "ॉ": "o", "ॊ": "o", "ो": "o", "ौ": "au", "\u094e": "e", "\u094f": "o",
    "\u0955": "e", "\u0956": "i", "\u0957": "u", "\u0962": "li", "\u0963": "li",
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "ng", "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n", "ऩ": "n",
    "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ऱ": "r", "ल": "l", "ळ": "l", "ऴ": "zh",
    "व": "v", "श": "sh", "ष": "sh", "स": "s", "ह": "h", "\u0958": "q", "\u0959": "kh", "\u095a": "gh", "\u095b": "z",
    "\u095c": "r", "\u095d": "rh", "\u095e": "f", "\u095f": "y", "\u0900": "n", "ँ": "n", "ं": "n", "ः": "h",
    "ऽ": "", "ॐ": "om",
    "\u0972": "a", "\u0979": "zh", "\u097a": "y", "\u097b": "g", "\u097c": "j", "\u097e": "d", "\u097f": "b",
}  # fmt: skip

_SOUTH = {
    # An anusvara is the nasal of the stop after it, m before all else.
    **{f"ं{stop}": f"n{LETTERS[stop]}" for stop in "कखगघचछजझटठडढथदध"}, "ंत": "nth", "ं": "m",
    "चछ": "cch", "कष": "ksh", "जञ": "gn", "ञच": "nch", "ञज": "nj", "ङक": "nk", "ङग": "ng",
    "सत": "st", "कत": "kt", "तर": "tr", "तय": "ty", "तम": "tm", "तव": "tv", "तन": "tn", "षट": "sht",
    "aययa$": "aiah", "ौ": "ou", "औ": "ou",
}  # fmt: skip
_TABLES = {
    "TELUGU": {**_SOUTH, "^त": "t", "त": "th", "तत": "th", "ंत": "nt", "नत": "nt", "शर": "sr", "शव": "sw", "सव": "sw",
               "ावु$": "ao", "डडि$": "ddy", "चच": "ch", "दव": "dw", "वै": "vy"},
    "KANNADA": {**_SOUTH, "जञ": "jn", "^त": "t", "त": "th", "तत": "tt", "शव": "shw", "सव": "sw", "ौ": "ow",
                "औ": "ow", "दव": "dw"},
    "MALAYALAM": {**_SOUTH, "जञ": "jn", "त": "th", "तत": "th", "तथ": "th", "तर": "thr", "चच": "ch", "ऱऱ": "tt",
                  "नऱ": "nt", "ऩऱ": "nt", "ङङ": "ng", "ञञ": "nj", "मप": "mb", "णट": "nd", "शश": "ss", "सन": "sn",
                  "ट": "d", "टट": "tt", "^ट": "t", "षट": "sht", "कट": "kt", "नट": "nt", "सट": "st", "लट": "lt",
                  "रकक": "rk", "रपप": "rp", "रतत": "rth", "शरी": "sree", "शव": "shw", "सव": "sw", "फ": "f",
                  "ायर$": "air", "ी": "ee", "ी$": "i", "ू": "oo", "ूर$": "ur", "ई": "ee", "^ई": "ee", "ऊ": "oo"},
}  # fmt: skip


def _rules(script: str) -> tuple[re.Pattern[str], dict[str, str]]:
    table = {**LETTERS, **_TABLES[script], "^": "", "$": ""}
    longest_first = sorted(table, key=lambda key: (-len(key), key))
    # What has no spelling goes.
    return re.compile("|".join((*map(re.escape, longest_first), ".")), re.DOTALL), table


_RULES = {script: _rules(script) for script in _TABLES}


def spell_by_rule(sounds: str, script: str) -> str:
    """The sounds of one Telugu, Kannada or Malayalam word in Latin letters, lower case."""
    pattern, table = _RULES[script]
    return pattern.sub(lambda found: table.get(found[0], ""), "^" + sounds + "$")
