"""Finds the town that a name means: configured cities, towns, sub-districts, post offices; exactly or nearly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from lib.normalise.place.directory import Directory, Town, subdistricts, towns
from lib.normalise.place.keys import city_key, place_key, sound_key, within_one_edit
from lib.normalise.place.reach import ALL_OF_STATE, OWN_DISTRICTS, REACH, SUBURBAN
from lib.normalise.place.tables import DEFAULT_TIER, City, PlaceTables

SHORTEST = 5  # letters; shorter names have too many neighbours
_LONG = 7  # letters from which on one edit of a small place's name is believed


@frozen
class Found:
    """A town that a name means, and how it was found; where it may lie (empty: not known)."""

    name: str
    tier: str
    source: str
    districts: frozenset[str] = frozenset()
    sorting: frozenset[str] = frozenset()  # first three digits of its PINs

    def agrees(self, districts: frozenset[str], pin: str | None) -> bool:
        """Whether it lies in one of the districts, or in the PIN's sorting district, as before districts were split."""
        return (
            not districts or not self.districts or bool(self.districts & districts) or (pin or "")[:3] in self.sorting
        )


@frozen
class _Known:
    """A name in the list of a district: its key, what it is called, whether it is a small place."""

    key: str
    name: str
    small: bool

    def is_near(self, key: str, sound: str) -> bool:
        if sound == sound_key(self.key):
            return True
        return len(key) >= (_LONG if self.small else SHORTEST) and within_one_edit(key, self.key)


class Names:
    """Every known name of a town, by key and state."""

    def __init__(self, tables: PlaceTables, directory: Directory) -> None:
        self._directory = directory
        self._towns = _of_key(towns())
        self._lesser = _of_key([*subdistricts(directory), *_offices(directory), *_district_names(directory)])
        self._sorting = _sorting(directory)
        self._city_of_name = {(city.state_code, city.name): self._of_city(city) for city in tables.cities}
        self._owner_of_prefix = {
            prefix: (city.state_code, city.name) for city in tables.cities for prefix in city.pin_prefixes
        }
        self._cities: dict[str, dict[str, Found]] = defaultdict(dict)
        for city in tables.cities:
            found = self._city_of_name[city.state_code, city.name]
            for key in sorted(city.spellings()):
                own = key == city_key(city.name)
                self._cities[key][city.state_code] = found if own else evolve(found, source="ALIAS")
        self._near = self._by_district()

    def is_city(self, key: str) -> bool:
        """Whether a configured city of any state has that key."""
        return key in self._cities

    def city(self, key: str, state: str | None) -> tuple[str, Found] | None:
        """The configured city of that name, and its state; None where there is none or it may be one of several."""
        options = self._cities.get(key, {})
        if state is None and len(options) == 1:
            state = next(iter(options))
        return (state, options[state]) if state in options else None

    def elsewhere(self, key: str) -> str | None:
        """The name of the only configured city of that key, if it is big enough to be meant from another state."""
        options = list(self._cities.get(key, {}).values())
        return options[0].name if len(options) == 1 and options[0].tier != DEFAULT_TIER else None

    def town(self, key: str, state: str) -> Found | None:
        """The urban local body of that name; where it lies must be known for one that shares its name with a city."""
        town = _found(self._towns, state, key)
        return None if town and not town.districts and state in self._cities.get(key, {}) else town

    def lesser(self, key: str, state: str) -> Found | None:
        """The sub-district, or the place with a main post office, of that name."""
        return _found(self._lesser, state, key)

    def near(self, key: str, state: str, districts: Iterable[str], *, small: bool) -> Found | None:
        """The only city or town (`small`: other place) in the districts that is spelt nearly so, or sounds so.

        Without districts: the only configured city of the state.
        """
        if len(key) < SHORTEST:
            return None
        sound, where = sound_key(key), sorted(districts)
        known = (entry for at in where or [state] for entry in self._near.get(at, ()) if entry.small is small)
        names = {entry.name for entry in known if entry.is_near(key, sound)}
        if len(names) != 1:
            return None
        (name,) = names
        city = self._city_of_name.get((state, name))
        return evolve(city, source="EDIT") if city else Found(name, DEFAULT_TIER, "EDIT", frozenset(where))

    def owner(self, pin: str, state: str) -> Found | None:
        """The city that the PIN is one city's own of, by its longest configured prefix."""
        for size in range(len(pin), 2, -1):
            if (city := self._owner_of_prefix.get(pin[:size])) and city[0] == state:
                return evolve(self._city_of_name[city], source="PIN")
        return None

    def owner_of_district(self, state: str, district: str | None) -> Found | None:
        """The city whose own a district is, or the whole state."""
        known = self._directory.districts.get(district or "")
        name = ALL_OF_STATE.get(state) or OWN_DISTRICTS.get((state, known.name if known else ""))
        city = self._city_of_name.get((state, name or ""))
        return evolve(city, source="DISTRICT") if city else None

    def is_suburban(self, state: str, found: Found, owner: Found) -> bool:
        """Whether a town's name also stands for its district, which reaches around the owner of the PIN."""
        return any(
            SUBURBAN.get((state, self._directory.districts[code].name)) == owner.name for code in found.districts
        )

    def _of_city(self, city: City) -> Found:
        state, districts, sorting = city.state_code, set[str](), set[str]()
        for key in city.spellings():
            districts.update(self._directory.district_of_key.get((state, key), ()))
            sorting.update(self._sorting.get((state, key), ()))
            for index in (self._towns, self._lesser):
                districts.update(index[state, key].districts if (state, key) in index else ())
        for prefix in city.pin_prefixes:
            districts.update(self._directory.districts_of_prefix(prefix))
            sorting.add(prefix[:3])
        for name in REACH.get((state, city.name), ()):
            districts.update(self._directory.district_of_key[state, place_key(name)])
        if ALL_OF_STATE.get(state) == city.name:
            districts.update(d.code for d in self._directory.districts.values() if d.state_code == state)
        return Found(city.name, city.tier, "CITY", frozenset(districts), frozenset(sorting))

    def _by_district(self) -> dict[str, list[_Known]]:
        """The names of the cities and towns of each district, and of the cities of each state."""
        near: dict[str, list[_Known]] = defaultdict(list)
        for key, options in self._cities.items():
            for state, city in options.items():
                for at in (state, *city.districts):
                    near[at].append(_Known(key, city.name, small=False))
        for index, small in ((self._towns, False), (self._lesser, True)):
            for (state, key), town in index.items():
                if state not in self._cities.get(key, {}) and len(key) >= SHORTEST:
                    entry = _Known(key, self._towns.get((state, key), town).name, small)
                    for district in town.districts:
                        near[district].append(entry)
        return near


def _found(index: dict[tuple[str, str], Town], state: str, key: str) -> Found | None:
    town = index.get((state, key))
    return None if town is None else Found(town.name, DEFAULT_TIER, "TOWN", frozenset(town.districts))


def _of_key(rows: Iterable[Town]) -> dict[tuple[str, str], Town]:
    """By state and key; towns of one name in one state are one entry with all their districts."""
    found: dict[tuple[str, str], Town] = {}
    for town in rows:
        at = (town.state_code, city_key(town.name))
        known = found.get(at)
        districts = tuple(sorted({*(known.districts if known else ()), *town.districts}, key=int))
        # "Chirimiri" rather than "West Chirimiri".
        name = min((known.name if known else town.name), town.name, key=len)
        found[at] = Town(town.state_code, name, districts)
    return found


def _offices(directory: Directory) -> Iterator[Town]:
    for pin in directory.pins.values():
        code = pin.districts[0][0]
        for office in pin.offices:
            yield Town(directory.districts[code].state_code, office, (code,))


def _district_names(directory: Directory) -> Iterator[Town]:
    for district in directory.districts.values():
        yield Town(district.state_code, district.name, (district.code,))


def _sorting(directory: Directory) -> dict[tuple[str, str], set[str]]:
    """The first three digits of the PINs that have an office of a name."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for number, pin in directory.pins.items():
        for office in pin.offices:
            found[directory.districts[pin.districts[0][0]].state_code, city_key(office)].add(number[:3])
    return found
