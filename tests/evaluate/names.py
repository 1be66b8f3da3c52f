"""The match key on Indian names whose Latin spellings share one Devanagari spelling, or do not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from lib.normalise.name import match_key
from tests.evaluate.figure import Figure

RANDOM_PAIRS = 50_000
HARD = 0.90
SEED = 1

Pair = tuple[str, str]


def measure(folder: Path) -> list[Figure]:
    """Recall over pairs of one Devanagari spelling; false matches over random and over hard pairs."""
    spellings = read(folder / "names" / "cmu_indian_names_en_hi.tsv")
    names = sorted({latin for group in spellings.values() for latin in group})
    native = defaultdict(set)
    for devanagari, group in spellings.items():
        for latin in group:
            native[latin].add(devanagari)
    same = [pair for group in spellings.values() for pair in combinations(sorted(group), 2)]
    apart = [(a, b) for a, b in random_pairs(names, RANDOM_PAIRS) if not native[a] & native[b]]
    hard = [(a, b) for a, b in hard_pairs(names) if not native[a] & native[b]]
    keys = {name: match_key(name) for name in names}
    crossed = [(devanagari, latin) for devanagari, group in spellings.items() for latin in group]
    return [
        Figure("names", "match key: recall on variants", share(same, keys), 89.6, 92.0, True, len(same)),
        Figure("names", "match key: false, same first letter", share(apart, keys), 1.66, 0.3, False, len(apart)),
        Figure("names", "match key: false on hard pairs", share(hard, keys), 29.4, 8.0, False, len(hard)),
        Figure(
            "names",
            "match key: Devanagari equals Latin",
            share(crossed, keys | {d: match_key(d) for d in spellings}),
            rows=len(crossed),
        ),
    ]


def read(path: Path) -> dict[str, set[str]]:
    """Devanagari spelling -> its Latin spellings, in small letters."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text("utf-8").splitlines():
        latin, tab, devanagari = line.partition("\t")
        if tab:
            spellings[devanagari.strip()].add(latin.strip().lower())
    return spellings


def share(pairs: Sequence[Pair], keys: dict[str, str]) -> float:
    """Percent of the pairs whose keys are there and equal."""
    return 100 * sum(bool(keys[a]) and keys[a] == keys[b] for a, b in pairs) / max(len(pairs), 1)


def random_pairs(names: Sequence[str], number: int) -> list[Pair]:
    """Pairs of different names with one first letter, drawn with a fixed seed."""
    draw = random.Random(SEED)
    by_letter = defaultdict(list)
    for name in names:
        by_letter[name[0]].append(name)
    drawn = ((name, draw.choice(by_letter[name[0]])) for name in draw.choices(names, k=number))
    return [(a, b) for a, b in drawn if a != b]


def hard_pairs(names: Sequence[str]) -> list[Pair]:
    """All pairs of one first letter whose Jaro-Winkler similarity is at least `HARD`.

    Pairs of different first letters have no common prefix to lift them: few reach 0.90, and fewer have one key, so that
    the figure is no better without them.
    """
    by_letter = defaultdict(list)
    for name in names:
        by_letter[name[0]].append(name)
    return [(a, b) for group in by_letter.values() for a, b in combinations(group, 2) if jaro_winkler(a, b) >= HARD]


def jaro_winkler(a: str, b: str) -> float:
    """Winkler's similarity: Jaro's share of letters in reach, lifted by a common prefix of up to four."""
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken = [False] * len(b)
    found = []
    for at, letter in enumerate(a):
        for other in range(max(0, at - reach), min(len(b), at + reach + 1)):
            if not taken[other] and b[other] == letter:
                taken[other] = True
                found.append(letter)
                break
    if not found:
        return 0.0
    matched = [letter for letter, is_taken in zip(b, taken, strict=True) if is_taken]
    swapped = sum(x != y for x, y in zip(found, matched, strict=True)) / 2
    jaro = (len(found) / len(a) + len(found) / len(b) + (len(found) - swapped) / len(found)) / 3
    prefix = next((at for at, (x, y) in enumerate(zip(a[:4], b[:4], strict=False)) if x != y), min(4, len(a), len(b)))
    return jaro + prefix * 0.1 * (1 - jaro)
