"""Resolves a place from the texts of its city, state, PIN and district: behind the Python and the Spark form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import evolve, frozen

from lib.normalise.place.cells import DIRECTED_STATES, SOFT_CODES, Cell, read_cell, shown
from lib.normalise.place.directory import directory
from lib.normalise.place.keys import LETTERS, bare, place_key
from lib.normalise.place.names import SHORTEST, Found, Names
from lib.normalise.place.readers import PinCell, StateReader, read_district, read_pin
from lib.normalise.place.tables import DEFAULT_TIER, PlaceTables

_REMEMBERED = 100_000  # texts; they repeat far more often than places do
_NO_LETTER = re.compile(f"[^{LETTERS}]")


@frozen
class Place:
    """What is known of a place; None is not known. See `with_place` for the fields."""

    city: str | None = None
    city_tier: str | None = None
    district: str | None = None
    state_code: str | None = None
    pincode: str | None = None
    pincode_status: str = "MISSING"
    place_source: str = "NONE"
    place_status: str = "MISSING"


@frozen
class _Told:
    """What is told beside the city: state, PIN, and districts, the likelier first."""

    state: str | None
    pin: PinCell
    districts: tuple[str, ...]

    def has(self, found: Found) -> bool:
        """Whether a town may be there."""
        return found.agrees(frozenset(self.districts), self.pin.number)


@frozen
class _Town:
    """The state and town decided for a place, and whether the town agrees with the PIN or the district's column."""

    state: str | None
    found: Found | None
    agrees: bool = True


class Resolver:
    """Resolves places by some tables; called with the texts of city, state, PIN and district."""

    def __init__(self, tables: PlaceTables) -> None:
        self._directory = directory()
        self._names = Names(tables, self._directory)
        states = StateReader(tables)
        soft = _soft_states(tables)
        self._state = lru_cache(_REMEMBERED)(states)
        self._pin = lru_cache(_REMEMBERED)(lambda text: read_pin(text, self._directory))
        self._cell = lru_cache(_REMEMBERED)(lambda text: read_cell(text, states.codes, soft, self._names.is_city))
        self._named = lru_cache(_REMEMBERED)(lambda text, state: read_district(text, state, self._directory))

    def __call__(self, city: str | None, state: str | None, pincode: str | None, district: str | None) -> Place:
        cell, pin = self._cell(city), self._pin(pincode)
        said = self._state(state) or cell.state_code
        named = self._named(district, said or next(iter(pin.states), None)) or self._named(district, None)
        if said is None and named is not None:
            said = self._directory.districts[named].state_code
        code, status = _state_of(pin, said)
        if named is not None and self._directory.districts[named].state_code != code:
            named = None
        told = _Told(code, pin, pin.districts or ((named,) if named else ()))
        town = self._town(cell, told)
        if town.found is None and town.state is not None:
            town = evolve(town, found=self._by_place(town.state, told, None))
        at = self._district_of(town, pin, named)
        found = town.found
        return Place(
            city=found.name if found else None,
            city_tier=found.tier if found else None,
            district=self._directory.districts[at].name if at else None,
            state_code=town.state,
            pincode=pin.number,
            pincode_status=status,
            place_source=found.source if found else ("STATE" if town.state else "NONE"),
            place_status=_place_status(town, status),
        )

    def _town(self, cell: Cell, told: _Told) -> _Town:
        """The town that the cell names, by falling certainty; none where the cell names none."""
        state, astray = told.state, None
        for key in _keys(cell):
            hit = self._names.city(key, state)
            if hit is not None and told.has(hit[1]):
                return _Town(*hit)
            if hit is not None and astray is None:
                astray = _Town(*hit, agrees=False)
        state = astray.state if astray else state
        if state is None:
            return _Town(None, _as_written(cell))
        found = self._exact(_keys(cell), state, told)
        if found is None and astray is not None:
            return self._astray(astray, told.pin)
        if found is None and cell.given:
            return self._inexact(cell, state, told)
        return _Town(state, found)

    def _inexact(self, cell: Cell, state: str, told: _Told) -> _Town:
        """The town of a cell that names none exactly: by a part of it, nearly, by the PIN, or as written."""
        small = self._small(_keys(cell), state, told)
        found = None if small else self._part(cell, state, told) or self._nearly(cell, state, told, small=False)
        if found is None and (name := self._names.elsewhere(next(_keys(cell)))) is not None:
            return _Town(state, Found(name, DEFAULT_TIER, "TEXT"), agrees=False)
        found = found or self._by_place(state, told, small)
        found = found or small or self._nearly(cell, state, told, small=True)
        if found is None and told.districts:
            found = self._small(_runs(cell), state, told)
        return _Town(state, found or self._unlisted(cell, state))

    def _exact(self, keys: Iterator[str], state: str, told: _Told) -> Found | None:
        towns = (self._names.town(key, state) for key in keys)
        return next((town for town in towns if town and told.has(town)), None)

    def _small(self, keys: Iterator[str], state: str, told: _Told) -> Found | None:
        places = (self._names.lesser(key, state) for key in keys)
        return next((place for place in places if place and told.has(place)), None)

    def _astray(self, town: _Town, pin: PinCell) -> _Town:
        """A town that is not where the PIN is: kept, but for a district's name that its big neighbour's suburbs use."""
        owner = self._names.owner(pin.number, town.state) if pin.number and town.state else None
        if owner and town.found and town.state and self._names.is_suburban(town.state, town.found, owner):
            return _Town(town.state, owner)
        return town

    def _part(self, cell: Cell, state: str, told: _Told) -> Found | None:
        """A city named by the last or first words of a part ("Sector 45 Gurgaon"); a town only with its district."""
        for key in _runs(cell):
            hit = self._names.city(key, state)
            if hit is not None and told.has(hit[1]):
                return hit[1]
        return self._exact(_runs(cell), state, told) if told.districts else None

    def _nearly(self, cell: Cell, state: str, told: _Told, *, small: bool) -> Found | None:
        near = (self._names.near(key, state, told.districts, small=small) for key in _keys(cell))
        return next(filter(None, near), None)

    def _by_place(self, state: str, told: _Told, small: Found | None) -> Found | None:
        """The city whose own the PIN is, or else the district: the one that is told, or the small place's only one."""
        owner = self._names.owner(told.pin.number, state) if told.pin.number else None
        if owner is not None and owner.agrees(frozenset(told.districts), None):
            return owner
        districts = told.districts or (tuple(small.districts) if small and len(small.districts) == 1 else ())
        return self._names.owner_of_district(state, districts[0] if districts else None)

    def _unlisted(self, cell: Cell, state: str) -> Found:
        """A name that is in no table of its district; one spelling with the place of that name elsewhere."""
        key = "".join(cell.parts[0])
        known = self._names.town(key, state) or self._names.lesser(key, state)
        return Found(known.name if known else shown(cell.parts[0]), DEFAULT_TIER, "TEXT")

    def _district_of(self, town: _Town, pin: PinCell, named: str | None) -> str | None:
        """Of the PIN's districts the one that is named, or is the town's, or has most offices; else as is told."""
        own = town.found.districts if town.found else frozenset()
        inside = [code for code in pin.districts if self._directory.districts[code].state_code == town.state]
        if inside:
            return named if named in inside else next((code for code in inside if code in own), inside[0])
        return named or (next(iter(own)) if len(own) == 1 else None)


def _soft_states(tables: PlaceTables) -> dict[str, str]:
    """Spellings of states that count without a comma: full names that no city shares, so that New Delhi stays whole."""
    cities = {key for city in tables.cities for key in city.spellings()}
    found = {}
    for state in tables.states:
        for text in (state.code, state.name, *state.aliases):
            key = place_key(text)
            shared = key in cities or state.code in DIRECTED_STATES
            if key in SOFT_CODES or (text == state.name and not shared):
                found[key] = state.code
    return found


def _keys(cell: Cell) -> Iterator[str]:
    """The keys under which the parts of a cell may be known."""
    for words in cell.parts:
        key = _NO_LETTER.sub("", "".join(words))
        yield bare(key)
        if bare(key) != key:
            yield key


def _runs(cell: Cell) -> Iterator[str]:
    """The keys of the last three, two, one words of a part, then of the first ones; a doubled name once."""
    for words in cell.parts:
        for size in (3, 2, 1):
            if len(words) > size:
                yield from filter(_is_long, (bare(_NO_LETTER.sub("", "".join(words[-size:]))),))
        for size in (3, 2, 1):
            if len(words) > size:
                yield from filter(_is_long, (bare(_NO_LETTER.sub("", "".join(words[:size]))),))
        whole = "".join(words)
        if len(whole) % 2 == 0 and whole[: len(whole) // 2] == whole[len(whole) // 2 :]:
            yield whole[: len(whole) // 2]


def _is_long(key: str) -> bool:
    return len(key) >= SHORTEST


def _state_of(pin: PinCell, said: str | None) -> tuple[str | None, str]:
    """The state and the PIN's status. The PIN decides; where it lies in two states, the source may name either."""
    if not pin.states:
        return said, pin.status
    if said is None or said in pin.states:
        return said or pin.states[0], pin.status
    return pin.states[0], pin.status if pin.status == "UNKNOWN" else "STATE_MISMATCH"


def _as_written(cell: Cell) -> Found | None:
    return Found(shown(cell.parts[0]), DEFAULT_TIER, "TEXT") if cell.given else None


def _place_status(town: _Town, pin_status: str) -> str:
    if town.found is None and town.state is None:
        return "MISSING"
    if pin_status == "STATE_MISMATCH":
        return "STATE_MISMATCH"
    if not town.agrees:
        return "CITY_MISMATCH"
    if town.found is None:
        return "PARTIAL"
    return "UNLISTED" if town.found.source == "TEXT" else "VALID"
