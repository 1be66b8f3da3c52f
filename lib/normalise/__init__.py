"""Indian phones, names, addresses, places and identifiers in one form: over DataFrames, and in plain Python.

The faces for notebooks and services are here, and load their tables when they are first used:

    from lib.normalise import normalise_phone
    normalise_phone("022-23456789/90", pincode="400001").e164
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lib.normalise.address import normalise_address
    from lib.normalise.identifier import check_identifier
    from lib.normalise.money import format_inr, gst_split, parse_inr
    from lib.normalise.name import match_key, normalise_name
    from lib.normalise.phone import normalise_phone
    from lib.normalise.place import normalise_place

__all__ = [
    "check_identifier",
    "format_inr",
    "gst_split",
    "match_key",
    "normalise_address",
    "normalise_name",
    "normalise_phone",
    "normalise_place",
    "parse_inr",
]

_HOME = {
    "check_identifier": "identifier",
    "format_inr": "money",
    "gst_split": "money",
    "match_key": "name",
    "normalise_address": "address",
    "normalise_name": "name",
    "normalise_phone": "phone",
    "normalise_place": "place",
    "parse_inr": "money",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
