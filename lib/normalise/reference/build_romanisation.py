"""Builds romanise_hindi.gz and romanise_tamil.gz.

`python -m lib.normalise.reference.build_romanisation EVAL REFERENCE`: EVAL holds
translit/dakshina_*_train.tsv.gz and names/cmu_indian_names_en_hi.tsv, REFERENCE lgd/urban-local-body.csv.
Run it by hand when the data or the model change (numpy, about two minutes); the same input gives the same files.
One name in six (`is_held_out`) is never learned from, so that `make evaluate` can tell how the rest would fare.
"""

from __future__ import annotations

import csv
import gzip
import math
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lib.normalise.reference.build_romanisation_fit import Example, Settings, Sound, fit
from lib.normalise.romanise.letters import script_at, sounds
from lib.normalise.romanise.speller import FIRST_CODE, ZERO_WEIGHT

_HELD_OUT_OF = 6
_CMU_WEIGHT, _PLACE_WEIGHT = {"hindi": 2.0, "tamil": 0.0}, {"hindi": 2.0, "tamil": 6.0}
_CODES = {"hindi": "hi", "tamil": "ta"}
_SCRIPTS = {"hindi": "DEVANAGARI", "tamil": "TAMIL"}
_SETTINGS = {"hindi": Settings(), "tamil": Settings(fewest_uses=3)}
# Some of Dakshina's Tamil writers mark each long vowel and each double letter, as nobody does in a name: koopaal,
# muththu. Where a word is also attested without, that is learned.
_NOT_IN_NAMES = {"hindi": None, "tamil": re.compile("oa|ae|uu|ii|oo$|aa|[td]h[td]+h|chch|zhch|dh|ngk|ngg")}
_AGAINST = 3.0

_NOTICE = """\
# Weights of a model, learned from:
# Dakshina Dataset v1.0, {name} lexicon, training part (Google LLC, https://github.com/google-research-datasets/dakshina), CC BY-SA 4.0
# Local Government Directory, urban local bodies (Government of India), Government Open Data License - India
{more}# These weights are an adaptation of Dakshina and under CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/),
# not under the licence of the program. Built by lib/normalise/reference/build_romanisation.py.
"""  # noqa: E501
_MORE = {
    "hindi": "# Indian names, English-Hindi transliteration pairs (Carnegie Mellon University), CC BY 3.0\n",
    "tamil": "",
}

Spellings = dict[str, dict[str, float]]  # word -> spelling -> how many wrote it


def is_held_out(word: str) -> bool:
    """Whether a name is kept for measuring."""
    return zlib.crc32(word.encode("utf-8")) % _HELD_OUT_OF == 0


def read_words(path: Path) -> Spellings:
    """Dakshina's lexicon: word, spelling, number of attestations."""
    found: Spellings = defaultdict(dict)
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in text.decode("utf-8").splitlines():
        word, latin, number = line.split("\t")
        found[word][latin] = float(number)
    return found


def read_names(path: Path) -> Spellings:
    """CMU's names: Latin, Devanagari."""
    found: Spellings = defaultdict(dict)
    for line in path.read_text("utf-8").splitlines():
        latin, name = line.split("\t")
        letters = re.sub("[^a-z]", "", latin.lower())
        if letters:
            found[name.strip()][letters] = 1.0
    return found


def read_places(path: Path, script: str) -> Spellings:
    """Towns of the Local Government Directory in their own script, word by word where the numbers of words agree."""
    found: Spellings = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            native = re.findall("[\u0900-\u0d7f\u200c\u200d]+", row["Local Body Name (In Local)"])
            latin = re.findall("[a-z]+", row["Local Body Name"].lower())
            if len(native) == len(latin):
                for word, spelling in zip(native, latin, strict=True):
                    if len(word) > 2 and script_at(word[0]) == script:
                        found[word][spelling] = 1.0
    return found


def examples(name: str, evaluation: Path, reference: Path) -> list[Example]:
    """What a speller learns from; a name counts more than a word, and replaces it."""
    code, habit = _CODES[name], _NOT_IN_NAMES[name]
    found: dict[str, Example] = {}
    for word, latin in read_words(evaluation / f"translit/dakshina_{code}_train.tsv.gz").items():
        priors = {spelling: _prior(spelling, number, habit) for spelling, number in latin.items()}
        found[sounds(word)] = Example(sounds(word), priors)
    places = read_places(reference / "lgd/urban-local-body.csv", _SCRIPTS[name])
    named = [(places, _PLACE_WEIGHT[name])]
    if _CMU_WEIGHT[name]:
        named.append((read_names(evaluation / "names/cmu_indian_names_en_hi.tsv"), _CMU_WEIGHT[name]))
    for lexicon, weight in named:
        for word, latin in lexicon.items():
            if not is_held_out(word):
                found[sounds(word)] = Example(sounds(word), latin, weight)
    return list(found.values())


def _prior(spelling: str, number: float, habit: re.Pattern[str] | None) -> float:
    if habit is None:
        return 1.0
    return number * math.exp(-_AGAINST * len(habit.findall(spelling)))


def packed(name: str, learned: list[Sound]) -> bytes:
    """The file of a speller (see `load_speller`)."""
    lines = [_NOTICE.format(name=name.capitalize(), more=_MORE[name]).rstrip("\n")]
    lines += [f"\t{sound.name}\t{','.join(sound.spellings)}" for sound in learned]
    largest = max(float(abs(sound.weights).max()) for sound in learned)
    lines += sorted(line for sound in learned for line in _weights(sound, 127 / largest))
    return gzip.compress(("\n".join(lines) + "\n").encode("utf-8"), 9, mtime=0)


def _weights(sound: Sound, scale: float) -> Iterator[str]:
    for (number, seen), row in zip(sound.features, sound.weights[:-1], strict=True):
        codes = [
            chr(FIRST_CODE + (spelling << 8) + ZERO_WEIGHT + round(float(weight) * scale))
            for spelling, weight in enumerate(row)
            if weight
        ]
        if codes:
            yield f"{number}\t{seen}\t{''.join(codes)}"


def main() -> None:
    evaluation, reference = map(Path, sys.argv[1:3])
    for name in sys.argv[3:] or _CODES:
        learned = fit(examples(name, evaluation, reference), _SETTINGS[name])
        Path(__file__).with_name(f"romanise_{name}.gz").write_bytes(packed(name, learned))


if __name__ == "__main__":
    main()
