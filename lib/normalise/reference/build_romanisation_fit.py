"""Learns the weights of a speller (lib/normalise/romanise/speller.py) from words and their attested spellings.

A word counts as right with any attested spelling, so that is what is learned: the spellings of a word share its
weight in proportion to what the model itself thinks of them. People's habits (ee or i, th or t) then settle on one
that is consistent, instead of a mean that nobody writes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, frozen

from lib.normalise.reference.build_romanisation_alignment import Pieces, aligned
from lib.normalise.romanise.letters import SHAPE_OF
from lib.normalise.romanise.speller import AROUND, END, REACH, SHAPES, START

Array = Any  # numpy's generic types say nothing more here


@frozen
class Example:
    """A word's sounds, its spellings with their prior share, and what the word counts."""

    sounds: str
    spellings: Mapping[str, float]
    weight: float = 1.0


@frozen
class Settings:
    """How to learn; chosen on held-out words."""

    fewest_uses: int = 2  # of a feature
    fewest_spellings: int = 6  # times that a sound must be seen with the same letters
    rounds: int = 40
    step: float = 0.15
    shrink: float = 3.0  # L2
    settle_after: int = 8  # rounds before spellings share by what the model thinks
    smallest: float = 0.08  # weights below are dropped


@define
class Sound:
    """All places of one sound: their features, and a weight for each feature and spelling."""

    name: str
    spellings: list[str]
    features: list[tuple[int, str]]
    active: Array  # place x feature; the last feature stands for none
    by_feature: Array  # places sorted by feature, and where each feature's start
    starts: Array
    weights: Array
    cells: Array  # place x spelling -> cell in the table of all probabilities
    squares: Array
    momentum: Array


@frozen
class Candidates:
    """Every attested spelling of every word, as cells in the table of all probabilities."""

    word: Array
    prior: Array  # logarithm
    cell: Array
    of: Array  # candidate of each cell
    word_weight: Array


def features_of(sounds: str) -> list[list[str]]:
    """What each sound of a word sees, in the order of the speller's tables."""
    padded = START + sounds + END
    shape = padded.translate(SHAPE_OF)
    return [
        [padded[at - left : at + right + 1] for left, right in AROUND]
        + [padded[at] + shape[at - left : at + right + 1] for left, right in SHAPES]
        for at in range(REACH, REACH + len(sounds))
    ]


def fit(examples: Sequence[Example], settings: Settings) -> list[Sound]:
    """The sounds with their learned weights, small ones zero."""
    known = _known(examples, settings)
    sounds = _sounds(known, settings)
    candidates = _candidates(known, sounds)
    cells = 1 + max(int(sound.cells.max()) for sound in sounds.values())
    for number in range(settings.rounds):
        trust = min(1.0, max(0, number - settings.settle_after) / 8)
        chances = np.empty(cells, np.float32)
        for sound in sounds.values():
            chances[sound.cells] = _chances(sound)
        wanted = _wanted(candidates, chances, trust)
        for sound in sounds.values():
            _improve(sound, chances, wanted, settings.shrink, settings.step / (1 + number / 10))
    for sound in sounds.values():
        sound.weights[np.abs(sound.weights) < settings.smallest] = 0
    return list(sounds.values())


Known = tuple[Example, list[tuple[Pieces, float]]]  # an example and its aligned spellings


def _known(examples: Sequence[Example], settings: Settings) -> list[Known]:
    """Examples with at least one spelling whose letters are all seen often enough for their sounds."""
    pairs = [(example.sounds, latin) for example in examples for latin in example.spellings]
    found = aligned(pairs)
    counts: Counter[tuple[str, str]] = Counter()
    for (sounds, _), pieces in zip(pairs, found, strict=True):
        counts.update(zip(sounds, pieces or (), strict=False))
    each = iter(found)
    known: list[Known] = []
    for example in examples:
        usable: list[tuple[Pieces, float]] = []
        for prior in example.spellings.values():
            pieces = next(each)
            if pieces and all(
                counts[pair] >= settings.fewest_spellings for pair in zip(example.sounds, pieces, strict=True)
            ):
                usable.append((pieces, prior))
        if usable:
            known.append((example, usable))
    return known


def _sounds(known: Sequence[Known], settings: Settings) -> dict[str, Sound]:
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[int]] = defaultdict(list)
    seen: dict[str, list[list[str]]] = defaultdict(list)
    first_cell = [0]
    number = 0
    for example, usable in known:
        for pieces, _ in usable:
            for sound, letters in zip(example.sounds, pieces, strict=True):
                spellings[sound][letters] += 1
        for sound, features in zip(example.sounds, features_of(example.sounds), strict=True):
            places[sound].append(number)
            seen[sound].append(features)
            number += 1
    ranked = {
        sound: [letters for letters, _ in sorted(counter.items(), key=lambda item: (-item[1], item[0]))]
        for sound, counter in spellings.items()
    }
    for example, _ in known:
        for sound in example.sounds:
            first_cell.append(first_cell[-1] + len(ranked[sound]))
    starts = np.array(first_cell)
    return {
        sound: _sound(sound, ranked[sound], seen[sound], starts[places[sound]], settings) for sound in sorted(places)
    }


def _sound(name: str, spellings: list[str], seen: list[list[str]], first_cells: Array, settings: Settings) -> Sound:
    uses = Counter(feature for features in seen for feature in enumerate(features))
    kept = [feature for feature, number in uses.items() if number >= settings.fewest_uses]
    index = {feature: number for number, feature in enumerate(kept)}
    active = np.array([[index.get(feature, len(kept)) for feature in enumerate(features)] for features in seen])
    order = np.argsort(active.ravel(), kind="stable")
    weights = np.zeros((len(kept) + 1, len(spellings)), np.float32)
    return Sound(
        name=name,
        spellings=spellings,
        features=kept,
        active=active,
        by_feature=order // active.shape[1],
        starts=np.searchsorted(active.ravel()[order], np.arange(len(kept) + 1)),
        weights=weights,
        cells=first_cells[:, None] + np.arange(len(spellings))[None],
        squares=np.full_like(weights, 1e-6),
        momentum=np.zeros_like(weights),
    )


def _candidates(known: Sequence[Known], sounds: Mapping[str, Sound]) -> Candidates:
    number_of = {
        (name, letters): number for name, sound in sounds.items() for number, letters in enumerate(sound.spellings)
    }
    word: list[int] = []
    prior: list[float] = []
    cell: list[int] = []
    of: list[int] = []
    first = 0
    for index, (example, usable) in enumerate(known):
        firsts = []
        for name in example.sounds:
            firsts.append(first)
            first += len(sounds[name].spellings)
        for pieces, share in usable:
            of += [len(word)] * len(pieces)
            cell += [
                start + number_of[name, letters]
                for start, name, letters in zip(firsts, example.sounds, pieces, strict=True)
            ]
            word.append(index)
            prior.append(np.log(share))
    weights = np.array([example.weight for example, _ in known])
    return Candidates(np.array(word), np.array(prior), np.array(cell), np.array(of), weights)


def _chances(sound: Sound) -> Array:
    sums = sound.weights[sound.active[:, 0]]
    for column in range(1, sound.active.shape[1]):
        sums += sound.weights[sound.active[:, column]]
    sums -= sums.max(1, keepdims=True)
    np.exp(sums, out=sums)
    return sums / sums.sum(1, keepdims=True)


def _wanted(candidates: Candidates, chances: Array, trust: float) -> Array:
    """How much of each cell the attested spellings ask for: their share in their word, times what the word counts."""
    logs = np.bincount(candidates.of, np.log(chances[candidates.cell] + 1e-9), minlength=len(candidates.word))
    shares = logs * trust + candidates.prior
    best = np.full(len(candidates.word_weight), -np.inf)
    np.maximum.at(best, candidates.word, shares)
    shares = np.exp(shares - best[candidates.word])
    shares /= np.bincount(candidates.word, shares)[candidates.word]
    shares *= candidates.word_weight[candidates.word]
    return np.bincount(candidates.cell, shares[candidates.of], minlength=len(chances)).astype(np.float32)


def _improve(sound: Sound, chances: Array, wanted: Array, shrink: float, step: float) -> None:
    """One step of gradient descent, scaled by the running size of each weight's own gradient."""
    asked = wanted[sound.cells]
    error = (chances[sound.cells] * asked.sum(1, keepdims=True) - asked)[sound.by_feature]
    last = len(error) - 1
    gradient = np.add.reduceat(error, np.minimum(sound.starts, last), axis=0) + shrink * sound.weights
    gradient[-1] = 0  # what stands for rare features has no weight
    sound.squares = 0.9 * sound.squares + 0.1 * gradient * gradient
    sound.momentum = 0.8 * sound.momentum + 0.2 * gradient
    sound.weights -= 0.3 * step * sound.momentum / (np.sqrt(sound.squares) + 1e-8)
    sound.weights[-1] = 0
