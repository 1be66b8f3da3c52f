"""Writes std_pins.csv and std_places.csv from what build_std_codes.py works out; run this one."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from lib.normalise.reference.build_std_codes import Post, letters, pin_codes, towns_of_codes
from lib.normalise.reference.std_towns import CITIES, METROPOLES

LONGEST_GAP = 20  # PINs that the directory does not have, inside a run of one code
SURE = 0.9  # share of a district's PINs with codes of one length that must have the same code


def runs(codes: list[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """First and last PIN of each run of one code, among the codes of a metropolis or the local ones."""
    for metropolitan in (True, False):
        layer = [(pin, code) for pin, code in codes if (len(code) == 2) == metropolitan]
        first = last = 0
        held = ""
        for pin, code in [*layer, (0, "")]:
            if code == held and 0 < pin - last <= LONGEST_GAP and pin // 1000 == last // 1000:
                last = pin
                continue
            if held:
                yield first, last, held
            first, last, held = pin, pin, code


def city_rows(towns: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """Towns whose name has one code of a length in all of India."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, names in towns.items():
        for name in names:
            for place in name.rpartition(", ")[0].split("/"):
                found[letters(place)].add(code)
    for key, code in CITIES.items():
        found[key] = {other for other in found[key] if len(other) != len(code)} | {code}
    for key, codes in sorted(found.items()):
        lengths = Counter(map(len, codes))
        unique = sorted(code for code in codes if lengths[len(code)] == 1)
        if len(key) > 2 and unique:
            yield "city", key, " ".join(unique)


def district_rows(post: Post, codes: list[tuple[int, str]]) -> Iterator[tuple[str, str, str]]:
    """Districts nearly all of whose PINs with codes of one length have the same code."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for pin, code in codes:
        for district in post.districts[pin]:
            found[district][code] += 1
    for key, counts in sorted(found.items()):
        sure = []
        for length in (2, 3, 4):
            of_length = Counter({code: count for code, count in counts.items() if len(code) == length})
            enough = length < 4 or of_length.total() >= 5
            if of_length and enough and max(of_length.values()) >= SURE * of_length.total():
                sure.append(of_length.most_common(1)[0][0])
        if key and sure:
            yield "district", key, " ".join(sure)


def main() -> None:
    post, towns = Post(), towns_of_codes()
    assert set(METROPOLES) <= set(towns), "a metropolis lost its code"
    codes = list(pin_codes(post, towns))
    folder = Path(__file__).parent
    for name, header, rows in (
        ("std_pins.csv", ("first", "last", "code"), runs(codes)),
        ("std_places.csv", ("kind", "name", "codes"), [*city_rows(towns), *district_rows(post, codes)]),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
