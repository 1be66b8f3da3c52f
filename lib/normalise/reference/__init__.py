"""The packed reference tables of the normalisers, read from beside this file, also inside a zip (--py-files)."""

from __future__ import annotations

import csv
from importlib.resources import files

from attrs import frozen


@frozen
class PinPrefix:
    """The state of the PINs that start with `prefix` (3 or 6 digits), and the share of them that lie in it."""

    prefix: str
    state_code: str
    share: float


def load_pin_prefixes() -> tuple[PinPrefix, ...]:
    """The rows of pin_prefix.csv (India Post; see README.md beside it)."""
    text = files(__name__).joinpath("pin_prefix.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(PinPrefix(row["prefix"], row["state_code"], float(row["share"])) for row in rows)
