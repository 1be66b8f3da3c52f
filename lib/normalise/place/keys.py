"""Keys by which names of places are compared: upper-case letters, whatever the case, spacing and punctuation."""

from __future__ import annotations

import re
from functools import lru_cache

from lib.normalise.text import FOLD_FROM, FOLD_TO, LONGEST

# Accents are dropped from Latin letters (romanised names), and a consonant with its nukta, one code point or two, is
# the bare consonant. What marks no sound goes.
_BARE: dict[str, str] = {
    **dict(zip("āĀàáâäãīĪíìūŪúùüēĒéèêōŌóòöñṇṅṃṁśṣŚṢṭṬḍḌṛṚḷḥ",
               "aAaaaaaiIiiuUuuueEeeeoOooonnnmmssSStTdDrRlh", strict=True)),
    **dict(zip("\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u09dc\u09dd\u09df\u0b5c\u0b5d",
               "\u0915\u0916\u0917\u091c\u0921\u0922\u092b\u09a1\u09a2\u09af\u0b21\u0b22", strict=True)),
}  # fmt: skip
_DROPPED = "\u200c\u200d\u2018\u2019\u02bc'\u093c\u09bc\u0a3c\u0abc\u0b3c"
_PLAIN = str.maketrans(
    {
        **dict(zip(FOLD_FROM, FOLD_TO, strict=False)),
        **dict.fromkeys(FOLD_FROM[len(FOLD_TO) :]),
        **_BARE,
        **dict.fromkeys(_DROPPED),
    }
)

# Latin and the scripts of India (Devanagari to Malayalam), as explicit ranges.
LETTERS = "A-Z\u0900-\u0963\u0970-\u0d7f"
_NO_LETTER = re.compile(f"[^{LETTERS}]")
_DIRECTION = "NORTH|SOUTH|EAST|WEST|CENTRAL"
# "South Delhi", "Mumbai City", "Bengaluru Urban" are looked up as the bare name, which has 4 letters or more.
AROUND_NAME = (
    rf"\A(?:{_DIRECTION})+(?=[{LETTERS}]{{4}})"
    rf"|(?<=[{LETTERS}]{{4}})(?:{_DIRECTION}|CITY|URBAN|CANTT|CANTONMENT|CANT|METRO|DISTRICT|TALUKA?)+\z"
)
_AROUND_NAME = re.compile(AROUND_NAME.replace(r"\z", r"\Z"))


def plain(text: str) -> str:
    """`text` in upper case with ASCII digits, spaces and dashes, without accents; at most `LONGEST` characters."""
    return text[:LONGEST].translate(_PLAIN).upper()


def place_key(text: str) -> str:
    """Upper-case letters only, `&` as AND: equal for every case, spacing and punctuation of one name."""
    return _NO_LETTER.sub("", plain(text).replace("&", "AND"))


@lru_cache(100_000)
def city_key(text: str) -> str:
    """The key of a city's name: `place_key` without a direction or a suffix such as City around it."""
    return bare(place_key(text))


def bare(key: str) -> str:
    """A key without the direction or suffix around it."""
    return _AROUND_NAME.sub("", key) if len(key) >= 8 else key


def within_one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, other or two neighbours swapped turn `one` into `other`; time is linear."""
    if one == other:
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    if short[at + 1 :] == long[at + 1 :]:
        return True
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]


# Spellings of one sound in names of places, applied in turn to a Latin key.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^YE", "E"), ("ZH", "L"), ("CK", "K"), ("([TDKGPBS])H", r"\1"), ("W", "V"), ("Z", "J"), ("Q", "K"),
        ("AA", "A"), ("EE|EA|IY|Y", "I"), ("OO|OU", "U"), ("AU", "O"), ("AI|EI", "E"), (r"([A-Z])\1+", r"\1"),
        ("(?<=[B-DF-HJ-NP-TV-Z])(?:[AEIOU]{1,2})$", ""), ("([A-Z])T(?=AL$|AM$)", r"\1T"),
    )
]  # fmt: skip


@lru_cache(100_000)
def sound_key(key: str) -> str:
    """A coarser key, equal for common spellings of one sound: Badepalle and Badepally, Tiruvethipuram with TH or T."""
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key
