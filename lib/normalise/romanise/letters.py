"""Words of nine scripts as sounds: one character a sound, the same for the same letter of every script.

Unicode lays the scripts of India out in parallel (after ISCII), so the Devanagari letter of the same place stands for
a sound. A consonant without a vowel sign is followed by its inherent vowel, written `a`; a virama leaves nothing.
"""

from __future__ import annotations

import re
import unicodedata

# First code point of each script's block.
BLOCKS = {
    "DEVANAGARI": 0x0900, "BENGALI": 0x0980, "GURMUKHI": 0x0A00, "GUJARATI": 0x0A80, "ODIA": 0x0B00,
    "TAMIL": 0x0B80, "TELUGU": 0x0C00, "KANNADA": 0x0C80, "MALAYALAM": 0x0D00,
}  # fmt: skip
SCRIPT_AT = {start >> 7: script for script, start in BLOCKS.items()}

INHERENT = "a"
_VIRAMA = "\u094d"
_NUKTA = "\u093c"
_ADDAK = "\u0a71"  # Gurmukhi: the next consonant is doubled
_JOINERS = "\u200c\u200d"
_VOWEL_SIGNS = "\u093a\u093b\u093e-\u094c\u094e\u094f\u0955-\u0957\u0962\u0963"
_CONSONANTS = "\u0915-\u0939\u0958-\u095f"
_WITH_NUKTA = dict(zip("कखगजडढफयसल", "\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095fशळ", strict=True))

# Letters that sound otherwise than their place in the layout says.
_EXCEPTIONS = {
    "\u09ce": "त्", "\u09ac": "ब", "\u09af": "ज", "\u09df": "य", "\u0982": "ङ्", "\u09f0": "र", "\u09f1": "व",
    "\u0981": "\u0901",
    "\u0a70": "\u0902", "\u0a71": _ADDAK, "\u0a72": "", "\u0a73": "",
    "\u0b2f": "ज", "\u0b5f": "य", "\u0b71": "व", "\u0b43": "्रु", "\u0ac3": "्रु", "\u0b3c": "",
    "\u0d7a": "ण्", "\u0d7b": "न्", "\u0d7c": "र्", "\u0d7d": "ल्", "\u0d7e": "ळ्", "\u0d7f": "क्",
    "\u0970": "",
}  # fmt: skip


def _layout() -> dict[int, str]:
    """The letter of the common layout for each code point of the nine blocks; what is no letter goes."""
    table: dict[int, str] = {}
    for start in BLOCKS.values():
        for place in range(0x80):
            sound = chr(0x0900 + place)
            is_letter = place < 0x64 or place >= 0x71
            table[start + place] = sound if is_letter and unicodedata.category(sound)[0] in "LM" else ""
    table.update({ord(letter): sound for letter, sound in _EXCEPTIONS.items()})
    table.update({ord(joiner): "" for joiner in _JOINERS})
    return table


_LAYOUT = _layout()
_NUKTA_PAIR = re.compile(f"([{''.join(_WITH_NUKTA)}]){_NUKTA}")
_DOUBLED = re.compile(f"{_ADDAK}([{_CONSONANTS}]?)")
_UNASPIRATED = dict(zip("खघछझठढथधफभ", "कगचजटडतदपब", strict=True))
_BARE_CONSONANT = re.compile(f"([{_CONSONANTS}])(?![{_VOWEL_SIGNS}{_VIRAMA}])")
# Bengali: ya is y after a consonant or with a dot, else j; ba after a sibilant or dental is w; anusvara before a velar
# is its nasal, else ng; the dotted da is r.
_BENGALI = (
    (re.compile("(?<=\u09cd)\u09af|\u09af\u09bc"), "\u09df"),
    (re.compile("(?<=[\u09a4\u09a6\u09a7\u09b6\u09b7\u09b8]\u09cd)\u09ac"), "\u09f1"),
    (re.compile("(?:\u0982|\u0999\u09cd)(?=[\u0995-\u0998])"), "\u0902"),
    (re.compile("[\u09a1\u09a2]\u09bc"), "\u09b0"),
)
# Gurmukhi: the nasal sign before ma is not written in Latin; rra with a joined ha is one sound.
_GURMUKHI = (
    (re.compile("\u0a70(?=\u0a2e)"), ""),
    (re.compile("\u0a5c\u0a4d\u0a39|\u0a21\u0a3c\u0a4d\u0a39"), "\u095d"),
)
# The other nasals before a stop of their own place are written with the anusvara by most.
_NASAL = re.compile("[ङञ]्(?=[क-घच-झ])")
_FIRST: dict[str | None, tuple[tuple[re.Pattern[str], str], ...]] = {"BENGALI": _BENGALI, "GURMUKHI": _GURMUKHI}
_HOMORGANIC = ("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ODIA")

# All vowels but the inherent one.
WRITTEN_VOWELS = frozenset(map(chr, (*range(0x0904, 0x0915), *range(0x093A, 0x094D), 0x0960, 0x0961, 0x0962)))
SHAPE_OF = str.maketrans(
    {
        **{chr(0x0900 + place): "C" for place in range(0x80)},
        **dict.fromkeys("\u0900\u0901\u0902\u0903", "N"),
        **dict.fromkeys(WRITTEN_VOWELS, "V"),
    }
)


def script_at(letter: str) -> str | None:
    """The script of a letter of the nine blocks."""
    return SCRIPT_AT.get(ord(letter) >> 7)


def sounds(word: str) -> str:
    """The sounds of a word of one of the nine scripts; other characters are left as they are."""
    word = unicodedata.normalize("NFC", word)
    script = script_at(word[0]) if word else None
    for pattern, letter in _FIRST.get(script, ()):
        word = pattern.sub(letter, word)
    laid = word.translate(_LAYOUT)
    if script in _HOMORGANIC:
        laid = _NASAL.sub("\u0902", laid)
    if _NUKTA in laid:
        laid = _NUKTA_PAIR.sub(lambda pair: _WITH_NUKTA[pair[1]], laid).replace(_NUKTA, "")
    if _ADDAK in laid:
        laid = _DOUBLED.sub(_double, laid)
    return _BARE_CONSONANT.sub(rf"\1{INHERENT}", laid).replace(_VIRAMA, "")


def _double(found: re.Match[str]) -> str:
    consonant = found[1]
    return _UNASPIRATED.get(consonant, consonant) + _VIRAMA + consonant if consonant else ""
