"""How often romanised words are spelt as people spell them: Dakshina's Hindi and Tamil, CMU's Indian names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from lib.normalise.reference.build_romanisation import is_held_out, read_names, read_words
from lib.normalise.romanise import romanise
from tests.evaluate.figure import Figure

SUBJECT = "transliteration"
_NOT_A_LETTER = re.compile("[^a-z]")


def measure(folder: Path) -> list[Figure]:
    """Top-1: the output, lower-cased and stripped to a-z, is an attested spelling; CER: edits to the nearest one.

    Of CMU's names only those are measured that the weights were not learned from.
    """
    names = read_names(folder / "names/cmu_indian_names_en_hi.tsv")
    held_out = {name: latin for name, latin in names.items() if is_held_out(name)}
    return [
        *_figures("Hindi words", read_words(folder / "translit/dakshina_hi_dev.tsv"), 73.6, 80.0),
        *_figures("Tamil words", read_words(folder / "translit/dakshina_ta_dev.tsv"), 56.8, 70.0),
        *_figures("Indian names, held out", held_out, 72.6, 82.0),
    ]


def _figures(name: str, attested: Mapping[str, Iterable[str]], anchor: float, goal: float) -> tuple[Figure, Figure]:
    right = edits = letters = 0
    for word, spellings in attested.items():
        found = _NOT_A_LETTER.sub("", (romanise(word) or "").lower())
        right += found in spellings
        distance, length = min((_edits(found, spelling), len(spelling)) for spelling in spellings)
        edits += distance
        letters += length
    rows = len(attested)
    return (
        Figure(SUBJECT, f"{name} -> Latin, top-1", 100 * right / rows, anchor, goal, rows=rows),
        Figure(SUBJECT, f"{name} -> Latin, CER", 100 * edits / letters, higher_is_better=False, rows=rows),
    )


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            current.append(min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != against)))
        above = current
    return above[-1]
