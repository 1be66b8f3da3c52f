"""Rebuilds phone_plan.csv and phone_countries.csv, the numbering plans, from libphonenumber (PyPI `phonenumbers`).

Run by hand when the plan changes, it is no part of a run:
`pip install phonenumbers && python lib/normalise/reference/build_phone_plan.py`.

phone_plan.csv: runs of five-digit prefixes of Indian ten-digit numbers and their class: M a mobile; 2, 3 or 4 a
landline whose STD code has that many digits; B, C or D a number that may be either, with 2, 3 or 4. Five digits decide,
but for 27179, of which only 271795 is in use: it is left out, so that nothing is valid here that is not valid there.
phone_countries.csv: for each other country calling code the pattern of its national numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

TWO_DIGITS = frozenset({"11", "20", "22", "33", "40", "44", "79", "80"})
# Blocks that took a whole three-digit level, or are listed level by level, while their STD codes have four digits.
FOUR_AFTER_ALL = frozenset({"290", "323", "380", "552", "683"})

BOTH = {2: "B", 3: "C", 4: "D"}


def std_length(number: str, fixed: re.Pattern[str]) -> int:
    """How many of a landline's first digits are its STD code."""
    if number[:2] in TWO_DIGITS:
        return 2
    level = number[:3]
    whole = level not in FOUR_AFTER_ALL and all(fixed.fullmatch(f"{level}{digit}000000") for digit in "234567")
    return 3 if whole else 4


def class_of(prefix: str, fixed: re.Pattern[str], mobile: re.Pattern[str]) -> str:
    """The class of a five-digit prefix, empty where its numbers are not all valid."""
    numbers = [f"{prefix}{digit}{rest}" for digit in "0123456789" for rest in ("0000", "2222", "9999")]
    landline = all(fixed.fullmatch(number) for number in numbers)
    length = std_length(prefix, fixed)
    if all(mobile.fullmatch(number) for number in numbers):
        return BOTH[length] if landline else "M"
    return str(length) if landline else ""


def plan_rows() -> Iterable[tuple[str, str, str]]:
    """Runs of five-digit prefixes of one class, from the first to the last; invalid ones are left out."""
    from phonenumbers import PhoneMetadata

    metadata: Any = PhoneMetadata.metadata_for_region("IN")
    fixed = re.compile(str(metadata.fixed_line.national_number_pattern))
    mobile = re.compile(str(metadata.mobile.national_number_pattern))
    prefixes = (f"{number:05d}" for number in range(10_000, 100_000))
    for kind, run in groupby(prefixes, key=lambda prefix: class_of(prefix, fixed, mobile)):
        members = list(run)
        if kind:
            yield members[0], members[-1], kind


def country_rows() -> Iterable[tuple[int, str]]:
    """Country calling codes with the alternatives of their national numbers, India's left out."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        if code == 91:
            continue
        found = set()
        for region in regions:
            metadata: Any = (
                PhoneMetadata.metadata_for_nongeo_region(code)
                if region == "001"
                else PhoneMetadata.metadata_for_region(region)
            )
            kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "uan", "pager",
                     "personal_number")  # fmt: skip
            patterns = [getattr(metadata, kind) for kind in kinds]
            found |= {p.national_number_pattern for p in patterns if p and p.national_number_pattern}
        text = "|".join(sorted(found)).replace("\\d", "[0-9]")
        yield code, text


def main() -> None:
    folder = Path(__file__).parent
    for name, header, rows in (
        ("phone_plan.csv", ("first", "last", "class"), plan_rows()),
        ("phone_countries.csv", ("code", "pattern"), country_rows()),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)


if __name__ == "__main__":
    main()
