"""The STD code of a place: what a landline number that was written without it is completed with."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from lib.normalise.text import fold

Codes = dict[int, str]  # by the number of their digits: the rest of a landline number tells how many its code has

PIN = r"\A[^0-9]*([1-9][0-9]{2}) ?([0-9]{3})(?:\.0+)?[^0-9]*\z"
_PIN = re.compile(PIN.replace(r"\z", r"\Z"))


@lru_cache(maxsize=1)
def pins() -> dict[str, str]:
    """PIN -> its codes, with a space between; source in ../reference/README.md."""
    found: dict[str, str] = {}
    for first, last, code in _rows("std_pins.csv"):
        for pin in range(int(first), int(last) + 1):
            found[str(pin)] = f"{found[str(pin)]} {code}" if str(pin) in found else code
    return found


@lru_cache(maxsize=2)
def places(kind: str) -> dict[str, str]:
    """Cities or districts (`city`, `district`), in capital letters only, -> their codes, with a space between."""
    rows = _rows("std_places.csv")
    found = {name: codes for listed, name, codes in rows if listed == kind}
    if kind == "district":  # a metropolis is given as a district, too
        towns = {name: codes.split()[0] for listed, name, codes in rows if listed == "city"}
        found = {name: code for name, code in towns.items() if len(code) == 2} | found
    return found


def pin_key(pincode: object) -> str:
    """The six digits of a PIN as it is written; "" where it is none."""
    match = _PIN.match(fold(None if pincode is None else str(pincode)))
    return match[1] + match[2] if match else ""


def place_key(name: object) -> str:
    """The letters of a place's name in capitals."""
    return re.sub("[^A-Za-z]", "", fold(None if name is None else str(name))).upper()


def codes_of(pincode: object, district: object, city: object) -> Codes:
    """The STD codes of a row's place, at most one of each length.

    The PIN goes first; where it is not known the city, then the district. A metropolis's code (two digits) may come
    from any of them, as numbers of eight digits exist nowhere else.
    """
    given = (
        _split(places("district").get(place_key(district), "")),
        _split(places("city").get(place_key(city), "")),
        _split(pins().get(pin_key(pincode), "")),
    )
    local = next((codes for codes in reversed(given) if codes), {})
    metropolis = next((codes[2] for codes in reversed(given) if 2 in codes), None)
    return {**local, 2: metropolis} if metropolis else local


def _split(codes: str) -> Codes:
    return {len(code): code for code in codes.split()}


def _rows(name: str) -> list[list[str]]:
    text = files("lib.normalise.reference").joinpath(name).read_text("utf-8")
    return list(csv.reader(text.splitlines()))[1:]
