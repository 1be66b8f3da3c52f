"""A learned spelling: for each sound of a word, the Latin letters that people write for it between its neighbours.

A log-linear model: each run of sounds around the one to be spelt, up to four to either side, and each pattern of
vowels and consonants, adds its weight to the spellings that it speaks for; the highest sum wins. A sound depends on
nothing but its window of nine, so windows are remembered and a word costs one look-up a sound.
How the weights are learned: lib/normalise/reference/build_romanisation.py.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from struct import Struct

from lib.normalise.romanise.letters import SHAPE_OF, WRITTEN_VOWELS
from lib.normalise.romanise.rules import LETTERS

REACH = 4
# How many sounds to the left and right of the one to be spelt a feature sees.
AROUND = tuple((left, right) for left in range(REACH + 1) for right in range(REACH + 1) if left + right <= 5)
SHAPES = ((2, 2), (4, 4), (1, 4), (4, 1), (2, 4), (4, 2))
START, END = "^" * REACH, "$" * REACH

# A weight as one character: the number of the spelling, and the weight from -127 to 127.
FIRST_CODE = 0x100
ZERO_WEIGHT = 128
_REMEMBERED = 200_000
# Before these a written vowel may be silent: डाइनिंग is dining.
_AFTER_SILENT = frozenset("इई")


class Speller:
    """The weights of one language family, read from `reference/romanise_NAME.gz`.

    The weights of a feature are one whole number, 16 bits for each spelling: adding two numbers adds all their weights.
    """

    def __init__(self, spellings: dict[str, list[str]], tables: list[dict[str, int]], *, silent_vowels: bool) -> None:
        cuts = [(REACH - left, REACH + right + 1) for left, right in (*AROUND, *SHAPES)]
        features = [(*cut, table) for cut, table in zip(cuts, tables, strict=True)]
        self._around, self._shapes = features[: len(AROUND)], features[len(AROUND) :]
        self._silent_vowels = silent_vowels
        self._choices = {
            sound: (_starting(several, 0x8000), Struct(f"<{len(several)}H"), several)
            for sound, several in spellings.items()
        }
        # Where silence is ruled out it starts too low ever to win.
        self._heard = {sound: _starting(several, 0x2000) for sound, several in spellings.items()}
        self._remembered: dict[str, str] = {}

    def spell(self, sounds: str) -> str:
        """The sounds of one word in Latin letters, lower case."""
        padded = START + sounds + END
        remembered = self._remembered
        spelt = []
        for at in range(len(sounds)):
            window = padded[at : at + 2 * REACH + 1]
            spelling = remembered.get(window)
            spelt.append(self._decide(window) if spelling is None else spelling)
        return "".join(spelt)

    def _decide(self, window: str) -> str:
        sound = window[REACH]
        if sound in self._choices:
            total, fields, spellings = self._choices[sound]
            if sound in WRITTEN_VOWELS and not self._silent_vowels and window[REACH + 1] not in _AFTER_SILENT:
                total = self._heard[sound]
            for start, end, table in self._around:
                total += table.get(window[start:end], 0)
            shape = window.translate(SHAPE_OF)
            for start, end, table in self._shapes:
                total += table.get(sound + shape[start:end], 0)
            sums = fields.unpack(total.to_bytes(fields.size, "little"))
            best = spellings[sums.index(max(sums))]
        else:
            best = LETTERS.get(sound, "")
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[window] = best
        return best


def _starting(spellings: list[str], silence: int) -> int:
    """What sums start from, so that none is negative, with a start of its own for writing nothing."""
    return sum((0x8000 if letters else silence) << 16 * number for number, letters in enumerate(spellings))


@cache
def load_speller(name: str, *, silent_vowels: bool = False) -> Speller:
    """The speller of `reference/romanise_NAME.gz`.

    With `silent_vowels` a written vowel may vanish, as it does in spelt-out letters: एमएलए is mla.
    """
    return Speller(*_read(name), silent_vowels=silent_vowels)


@cache
def _read(name: str) -> tuple[dict[str, list[str]], list[dict[str, int]]]:
    """A file of weights: a notice (#), the spellings of each sound, then the weights.

    A line of weights is the number of the feature, what it sees, and one character a weight (see FIRST_CODE).
    """
    packed = files("lib.normalise.reference").joinpath(f"romanise_{name}.gz").read_bytes()
    spellings: dict[str, list[str]] = {}
    tables: list[dict[str, int]] = [{} for _ in (*AROUND, *SHAPES)]
    for line in gzip.decompress(packed).decode("utf-8").split("\n"):
        if line.startswith("#") or not line:
            continue
        number, seen, value = line.split("\t")
        if number:
            tables[int(number)][seen] = _added(value)
        else:
            spellings[seen] = value.split(",")
    return spellings, tables


def _added(weights: str) -> int:
    total = 0
    for weight in weights:
        code = ord(weight) - FIRST_CODE
        total += ((code & 255) - ZERO_WEIGHT) << (code >> 8 << 4)
    return total
