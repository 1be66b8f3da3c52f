"""Invented Indian addresses: flats, house numbers, landmarks, line breaks and quotation marks."""

from __future__ import annotations

from lib.sample.places import City

_UNITS = (
    "Flat No {n}",
    "H.No. {n}/{m}",
    "Plot {n}",
    "{n}-{m}",
    "Shop No.{n}",
    "D.No {m}-{n}",
    "Qtr {n}",
    "B-{n}",
)
_BUILDINGS = (
    "Shanti Kunj",
    "Sai Residency",
    "Green Park Apts",
    "Lakshmi Nivas",
    "Raj Towers",
    "Ganga Bhavan",
    "",
)
_STREETS = (
    "MG Road",
    "Station Rd",
    "Gandhi Marg",
    "2nd Cross",
    "Nehru St",
    "Main Bazar",
    "Tilak Road",
    "Ring Road",
)
_AREAS = (
    "Gandhi Nagar",
    "Shivaji Nagar",
    "Civil Lines",
    "Rajaji Nagar",
    "Sector 12",
    "Model Town",
    "Indira Colony",
)
_RELATIONS = ("Near", "Opp.", "Nr.", "Behind", "B/h", "Above", "Next to")
_LANDMARKS = (
    "Hanuman Mandir",
    "SBI ATM",
    "Bus Stand",
    "Govt School",
    "Water Tank",
    "City Hospital",
    "Petrol Pump",
)


def address(city: City, bits: int, *, newline: bool, quote: bool) -> str:
    """One address as typed into a form; the PIN code and the city are in their own columns."""
    unit = _UNITS[bits & 7].format(n=1 + (bits >> 3) % 400, m=1 + (bits >> 12) % 60)
    building = _BUILDINGS[(bits >> 18) % len(_BUILDINGS)]
    if quote:
        building = f'"{building or "Anand"}"'
    parts = [
        unit,
        building,
        _STREETS[(bits >> 24) & 7],
        f"{_RELATIONS[(bits >> 30) % len(_RELATIONS)]} {_LANDMARKS[(bits >> 36) % len(_LANDMARKS)]}"
        if (bits >> 42) & 1
        else "",
        _AREAS[(bits >> 46) % len(_AREAS)],
        city.name if (bits >> 52) & 3 == 0 else "",
    ]
    kept = [part for part in parts if part]
    if newline:
        return f"{', '.join(kept[:2])},\n{', '.join(kept[2:])}"
    return ", ".join(kept)
