"""The Indian numbering plan and other countries' patterns, packed: which numbers are valid, and of what type."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

# Special ranges that the ten-digit plan does not hold. Toll-free and shared-cost: TRAI's 1800 and 1860 series; the
# lengths are libphonenumber's. Machines: DoT's 13-digit M2M numbers, which begin with 5.
SERVICE = r"180(?:0[0-9]{4,9}|3[0-9]{9})|186(?:0[0-9]{7}|[12][0-9]{9})"
MACHINE = r"5[0-9]{12}"


@lru_cache(maxsize=1)
def plan() -> tuple[str, ...]:
    """For the first three digits of a ten-digit number, as a number, a hundred classes: one for each next two digits.

    `M` is a mobile; `2`, `3`, `4` a landline with an STD code of so many digits; `B`, `C`, `D` either of the two, with
    an STD code of 2, 3, 4 digits if a landline; `.` no number at all.
    Source: libphonenumber, by `build_phone_plan.py`.
    """
    classes = ["."] * 100_000
    for first, last, kind in _rows("phone_plan.csv"):
        for prefix in range(int(first), int(last) + 1):
            classes[prefix] = kind
    text = "".join(classes)
    return tuple(text[start : start + 100] for start in range(0, len(text), 100))


def class_of(national: str) -> str:
    """The plan's class of a number of ten digits."""
    return plan()[int(national[:3])][int(national[3:5])]


@lru_cache(maxsize=1)
def foreign_pattern() -> str:
    """A pattern (without anchors) of the full international numbers of all countries but India."""
    return "|".join(f"{code}(?:{pattern})" for code, pattern in _rows("phone_countries.csv"))


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    return re.compile(foreign_pattern())


def is_foreign(digits: str) -> bool:
    """Whether digits with a country code in front, other than 91, are a valid number."""
    return _foreign().fullmatch(digits) is not None


def _rows(name: str) -> list[list[str]]:
    text = files("lib.normalise.reference").joinpath(name).read_text("utf-8")
    return list(csv.reader(text.splitlines()))[1:]
