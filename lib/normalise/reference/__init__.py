"""The packed reference tables of the normalisers, read from beside this file, also inside a zip (--py-files)."""

from __future__ import annotations

import csv
import gzip
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
    return tuple(PinPrefix(r["prefix"], r["state_code"], float(r["share"])) for r in rows_of("pin_prefix.csv"))


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file beside this one, packed (`.gz`) or not."""
    content = files(__name__).joinpath(name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")
    return list(csv.DictReader(text.splitlines()))
