"""How much an address tells (`address_score`), of what kind it is, how it was reached (`address_type`, `_status`)."""

from __future__ import annotations

from collections.abc import Mapping

from lib.normalise.address import record

# Points of each part that is there; together 80.
POINTS: Mapping[str, int] = {
    "pincode": 25,
    "state": 10,
    "city": 15,  # or a district, or a village
    "unit": 10,
    "street": 10,  # or a building, or a landmark
    "locality": 10,  # or a sublocality
}
# The PIN's state is the one that is printed or given; the city is known in it.
AGREES = {"state": 10, "city": 10}


def score_of(parts: Mapping[str, str], *, pin_agrees: bool, city_agrees: bool, mismatch: bool) -> int:
    """0 to 100: the points of the parts, 10 where PIN and state agree, 10 where the city is of that state.

    An address whose PIN lies in another state than it says scores 40 at most: one of the two is wrong.
    """
    has = {
        "pincode": "pincode" in parts,
        "state": "state" in parts,
        "city": bool({"city", "district", "village"} & parts.keys()),
        "unit": "unit" in parts,
        "street": bool({"street", "building", "landmark"} & parts.keys()),
        "locality": bool({"locality", "sublocality"} & parts.keys()),
    }
    points = sum(POINTS[name] for name, there in has.items() if there)
    points += AGREES["state"] * pin_agrees + AGREES["city"] * city_agrees
    return min(points, 40) if mismatch else points


def type_of(parts: Mapping[str, str], *, rural: bool, commercial: bool) -> str:
    """COMMERCIAL before RURAL before STRUCTURED before LANDMARK: shops are found by number, villages by post office."""
    if commercial:
        return record.COMMERCIAL
    if rural and {"village", "post_office", "taluk"} & parts.keys():
        return record.RURAL
    if {"unit", "building", "street"} & parts.keys():
        return record.STRUCTURED
    if "landmark" in parts:
        return record.LANDMARK
    return record.STRUCTURED if {"locality", "city"} <= parts.keys() else record.UNKNOWN


def status_of(parts: Mapping[str, str], *, from_pin: bool, mismatch: bool) -> str:
    """The status of an address that has a text; see record.py."""
    if not parts:
        return record.UNPARSED
    if mismatch:
        return record.STATE_MISMATCH
    if from_pin:
        return record.STATE_FROM_PIN
    whole = "pincode" in parts and "state" in parts and bool({"city", "district", "village"} & parts.keys())
    return record.VALID if whole else record.PARTIAL
