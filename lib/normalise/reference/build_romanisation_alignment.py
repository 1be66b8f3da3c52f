"""Which Latin letters of a spelling stand for which sound of the word: learned from pairs, without any dictionary.

Expectation-maximisation with the best alignment of each pair (Viterbi): the first round puts vowels to vowels and
consonants to consonants, the next ones use what the round before counted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from lib.normalise.romanise.letters import WRITTEN_VOWELS

LONGEST = 4  # letters for one sound
_ROUNDS = 6
_SAMPLED = 12_000  # pairs enough for all rounds but the last
_NEVER = -1e9
_SILENT = -3.0
_VOWELS = frozenset("aeiou")

Pair = tuple[str, str]  # sounds, Latin spelling
Pieces = tuple[str, ...]  # the letters of each sound
Score = Callable[[str, str], float]


def aligned(pairs: Sequence[Pair]) -> list[Pieces | None]:
    """The letters of each sound for each pair; None where there are too many letters."""
    score: Score = _first_guess
    step = max(1, len(pairs) // _SAMPLED)
    for _ in range(_ROUNDS - 1):
        sample = pairs[::step]
        score = _counted(sample, [_best(sounds, latin, score) for sounds, latin in sample])
    return [_best(sounds, latin, score) for sounds, latin in pairs]


def _is_vowel(sound: str) -> bool:
    return sound == "a" or sound in WRITTEN_VOWELS


def _first_guess(sound: str, letters: str) -> float:
    vowels = sum(letter in _VOWELS for letter in letters)
    wrong = len(letters) - vowels if _is_vowel(sound) else vowels
    silent = 0.0 if letters else (0.5 if _is_vowel(sound) else 1.2)
    return -wrong - silent - 0.3 * max(0, len(letters) - 1)


def _counted(pairs: Sequence[Pair], found: Sequence[Pieces | None]) -> Score:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (sounds, _), pieces in zip(pairs, found, strict=True):
        for sound, letters in zip(sounds, pieces or (), strict=False):
            counts[sound][letters] += 1
    logs = {
        (sound, letters): math.log(number / (sum(counter.values()) + 20.0))
        for sound, counter in counts.items()
        for letters, number in counter.items()
    }

    def score(sound: str, letters: str) -> float:
        # A written vowel is heard: "ty" for टी is t and y, not ty and nothing.
        silent = _SILENT if not letters and sound in WRITTEN_VOWELS else 0.0
        return silent + logs.get((sound, letters), -9.0 - 2 * len(letters))

    return score


def _best(sounds: str, latin: str, score: Score) -> Pieces | None:
    if len(latin) > LONGEST * len(sounds):
        return None
    best = [0.0] + [_NEVER] * len(latin)
    taken: list[list[int]] = []
    for sound in sounds:
        following = [_NEVER] * (len(latin) + 1)
        letters_taken = [0] * (len(latin) + 1)
        for at, so_far in enumerate(best):
            if so_far == _NEVER:
                continue
            for end in range(at, min(at + LONGEST, len(latin)) + 1):
                total = so_far + score(sound, latin[at:end])
                if total > following[end]:
                    following[end], letters_taken[end] = total, end - at
        best = following
        taken.append(letters_taken)
    if best[-1] == _NEVER:
        return None
    pieces, end = [], len(latin)
    for letters_taken in reversed(taken):
        start = end - letters_taken[end]
        pieces.append(latin[start:end])
        end = start
    return tuple(reversed(pieces))
