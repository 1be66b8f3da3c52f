"""Seeded draws: every choice is a hash of (seed, name, index), so row i never depends on row i - 1."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar
from zlib import crc32

T = TypeVar("T")

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_TWO_TO_MINUS_53 = 2.0**-53


def mix(number: int) -> int:
    """64 well-mixed bits of a number: the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    z = (number + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Draw:
    """One stream of choices, named: `Draw(seed, "status").share(i)` is always the same number in [0, 1)."""

    __slots__ = ("_key",)

    def __init__(self, seed: int, name: str) -> None:
        self._key = mix(mix(seed & _MASK) ^ crc32(name.encode()))

    def bits(self, index: int) -> int:
        """64 random bits of an index."""
        z = (self._key + index * _GOLDEN) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def share(self, index: int) -> float:
        """A number in [0, 1)."""
        return (self.bits(index) >> 11) * _TWO_TO_MINUS_53

    def below(self, index: int, bound: int) -> int:
        """A whole number in [0, bound)."""
        return (self.bits(index) >> 11) % bound

    def one_of(self, index: int, choices: Sequence[T]) -> T:
        """One of the choices, all equally likely."""
        return choices[(self.bits(index) >> 11) % len(choices)]


class Weighted(Generic[T]):
    """Choices with weights; `at(share)` picks one, the same one for the same share."""

    __slots__ = ("_bounds", "_choices", "_total")

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        self._choices = [choice for choice, _ in weighted]
        self._bounds = list(accumulate(weight for _, weight in weighted))
        self._total = self._bounds[-1]

    def at(self, share: float) -> T:
        """The choice that owns this point of [0, 1)."""
        return self._choices[min(bisect_right(self._bounds, share * self._total), len(self._choices) - 1)]
