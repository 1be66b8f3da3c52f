"""Phones in plain Python: `normalise_phone`, for notebooks and services; columns.py gives the same in Spark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from lib.normalise.phone import cell, token
from lib.normalise.phone.cell import BAD_LENGTH, MISSING
from lib.normalise.phone.dummies import DUMMIES
from lib.normalise.phone.row import PhoneNumber, resolved
from lib.normalise.phone.std import codes_of
from lib.normalise.text import LONGEST, is_missing

_FOLD = str.maketrans(
    cell.CELL_FROM[: len(cell.CELL_TO)], cell.CELL_TO, cell.CELL_FROM[len(cell.CELL_TO) :]
)  # fmt: skip
_LETTERS = [(re.compile(pattern), new) for pattern, new in cell.LETTERS]
_TIDY = [(re.compile(pattern), new) for pattern, new in cell.TIDY]
_SCIENTIFIC = re.compile(cell.SCIENTIFIC.replace(r"\z", r"\Z"))
_FLOAT_TAIL = re.compile(cell.FLOAT_TAIL)
_HAS_LETTERS = re.compile("[A-Za-z&\u0900-\u0dff]")
_TOKEN = re.compile(cell.TOKEN)


@frozen
class Phone:
    """A cell: its primary number (the first valid mobile, else the first valid one) and all its numbers in order."""

    e164: str | None
    type: str | None
    status: str
    extension: str | None
    numbers: tuple[PhoneNumber, ...]


def normalise_phone(
    text: str | None,
    *,
    pincode: str | None = None,
    district: str | None = None,
    city: str | None = None,
    dummies: Sequence[str] = DUMMIES,
) -> Phone:
    """The phone numbers of a cell as people write them; the place, where known, tells STD codes that are left out.

    Status and types are those of `with_phone`. The rules are in the modules beside this one; the numbering plan and the
    STD codes come from libphonenumber and the postal directory.
    """
    folded = fold_cell(text)
    if is_missing(folded) or folded == "0":
        return Phone(None, None, MISSING, None, ())
    known = frozenset(dummies)
    tokens = [token.parsed(found, known) for found in _TOKEN.findall(clean(folded))]
    numbers = tuple(resolved(tokens, codes_of(pincode, district, city), known))
    if not numbers:
        return Phone(None, None, BAD_LENGTH, None, ())
    valid = [number for number in numbers if number.e164]
    mobiles = [number for number in valid if number.type == cell.MOBILE]
    first = (mobiles or valid or numbers)[0]
    return Phone(first.e164, first.type, first.status, first.extension, numbers)


def fold_cell(text: str | None) -> str:
    """The cell with ASCII digits and dashes, a semicolon for a line's end, trimmed; "" for None."""
    if text is None:
        return ""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode("utf-8")
    return text[:LONGEST].translate(_FOLD).strip(" ")


def clean(folded: str) -> str:
    """The folded cell without labels, with what stands for a digit, an extension or a plus sign written so."""
    number = _SCIENTIFIC.match(folded)
    if number and len(number[2]) <= int(number[3]):
        return (number[1] + number[2]).ljust(int(number[3]) + 1, "0")
    text = _FLOAT_TAIL.sub("", folded)
    if _HAS_LETTERS.search(text):
        for pattern, new in _LETTERS:
            text = pattern.sub(new, text)
    for pattern, new in _TIDY:
        text = pattern.sub(new, text)
    return text
