"""Measures the phone normaliser on telephone cells of hospitals and restaurants, with libphonenumber as judge.

The denominator is counted by hand rules of its own, which know nothing of the normaliser's tokens: a cell is cut at
commas, semicolons and slashes, and at spaces between two groups of six digits and more (of which the first must not be
a code); a piece with five digits or more is a number, and so is one of two to four digits after a slash (a suffix).
Where the normaliser finds more numbers than that, its count is taken: nothing that it says is left out.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import phonenumbers

from lib.normalise.phone import Phone, normalise_phone
from tests.evaluate.figure import Figure

Row = dict[str, str]


def hospitals(folder: Path) -> list[Row]:
    """Rows of the hospital directory whose telephone cell holds a digit other than the 0 that it writes for nothing."""
    rows = _rows(folder / "address" / "hospital_directory.csv.gz")
    return [row for row in rows if re.search("[1-9]", row["Telephone"] or "")]


def restaurants(folder: Path) -> list[Row]:
    """Rows of the restaurants with a phone cell."""
    return [row for row in _rows(folder / "retail" / "zomato_phones.csv.gz") if row["Phone"]]


def of_hospital(row: Row) -> Phone:
    return normalise_phone(row["Telephone"], pincode=row["Pincode"], district=row["District"])


def of_restaurant(row: Row) -> Phone:
    return normalise_phone(row["Phone"])


def numbers_by_hand(cell: str) -> int:
    """How many numbers a person would see in a cell."""
    count = 0
    for piece in re.split("([,;/&|\n])", cell)[::2]:
        groups = re.findall("[0-9]+", piece)
        digits = sum(map(len, groups))
        wide = [group for group in groups if len(group) >= 6]
        count += max(len(wide), 1) if digits >= 5 else 0
    return count + len(re.findall(r"(?<=[0-9])/ ?[0-9]{2,4}(?![0-9])", cell))


def is_valid(e164: str | None) -> bool:
    """libphonenumber's word; machines' 13 digits, which it does not know, do not count."""
    if e164 is None:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return False


def share_of_numbers(rows: Iterable[Row], cell: str, normalise: Callable[[Row], Phone]) -> tuple[float, int]:
    """Valid numbers in percent of all, and how many there are."""
    valid = total = 0
    for row in rows:
        numbers = normalise(row).numbers
        valid += sum(is_valid(number.e164) for number in numbers)
        total += max(numbers_by_hand(row[cell]), len(numbers))
    return 100 * valid / total, total


def hidden_codes(rows: Iterable[Row]) -> tuple[int, int, int]:
    """Landlines written with their STD code, read again without it: right, wrong, left alone."""
    right = wrong = alone = 0
    for row in rows:
        match = re.match(r"\A\s*0?([1-9][0-9]{1,3})\s+([2-7][0-9]{5,7})(?![0-9])", row["Telephone"])
        if not match or len(match[1] + match[2]) != 10 or not is_valid(f"+91{match[1]}{match[2]}"):
            continue
        found = normalise_phone(match[2], pincode=row["Pincode"], district=row["District"]).e164
        right += found == f"+91{match[1]}{match[2]}"
        alone += found is None
        wrong += found is not None and found != f"+91{match[1]}{match[2]}"
    return right, wrong, alone


def measure(folder: Path) -> list[Figure]:
    """The figures of the phones."""
    hospital, restaurant = hospitals(folder), restaurants(folder)
    share, numbers = share_of_numbers(hospital, "Telephone", of_hospital)
    figures = [Figure("phones", "hospital numbers, valid", share, 66.4, 94.0, rows=numbers)]
    right, wrong, alone = hidden_codes(hospital)
    named, all_codes = right + wrong, right + wrong + alone
    figures += [
        Figure(
            "phones", "hidden STD codes, inferred ones that are right", 100 * right / named, None, 100.0, rows=named
        ),
        Figure("phones", "hidden STD codes, found", 100 * right / all_codes, rows=all_codes),
    ]
    share, numbers = share_of_numbers(restaurant, "Phone", of_restaurant)
    cells = [all(number.e164 for number in of_restaurant(row).numbers) for row in restaurant]
    return [
        *figures,
        Figure("phones", "restaurant numbers, valid", share, None, 99.0, rows=numbers),
        Figure("phones", "restaurant cells, all valid", 100 * sum(cells) / len(cells), 57.2, rows=len(cells)),
    ]


def _rows(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as lines:
        return list(csv.DictReader(lines))
