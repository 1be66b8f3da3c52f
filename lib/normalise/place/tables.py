"""The tables of Indian states, cities and PIN prefixes: typed, checked as a whole."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from attrs import Factory, frozen

from lib.normalise.place.keys import city_key, place_key
from lib.normalise.reference import PinPrefix, load_pin_prefixes

TIERS = ("Tier 1", "Tier 2", "Tier 3")
DEFAULT_TIER = "Tier 3"
UNKNOWN = "Unknown"


@frozen
class State:
    """A state or union territory: `code` is ISO 3166-2:IN without the prefix, `gst` starts its GSTINs."""

    code: str
    name: str
    gst: str
    aliases: tuple[str, ...] = ()

    def spellings(self) -> set[str]:
        """Every key under which a source may name the state."""
        return {place_key(text) for text in (self.code, f"IN-{self.code}", self.name, *self.aliases)}


@frozen
class City:
    """A city of a state; one name in two states is two cities. `pin_prefixes` are the PINs that are its own."""

    state_code: str
    name: str
    tier: str = DEFAULT_TIER
    aliases: tuple[str, ...] = ()
    pin_prefixes: tuple[str, ...] = ()

    def spellings(self) -> set[str]:
        """Every key under which a source may name the city."""
        return {city_key(text) for text in (self.name, *self.aliases)}


@frozen
class PlaceTables:
    """What `canonical_place` looks up. Build it with `from_mappings`, which checks it."""

    states: tuple[State, ...]
    cities: tuple[City, ...]
    pin_prefixes: tuple[PinPrefix, ...] = Factory(load_pin_prefixes)

    @classmethod
    def from_mappings(cls, states: Mapping[str, Any], cities: Mapping[str, Any]) -> PlaceTables:
        """The tables from the parsed conf/states.yaml and conf/cities.yaml.

        Raises ValueError that lists every problem at once: unknown state codes and fields, tiers that are none,
        aliases that stand for two states or for two cities of one state, PIN prefixes that are no digits or have
        two owners.
        """
        problems: list[str] = []
        built_states = tuple(
            State(
                code,
                _text(entry, "name", code),
                _text(entry, "gst", ""),
                _texts(entry, "aliases", code, problems),
            )
            for code, entry in _entries(states, {"name", "gst", "aliases"}, "states", problems)
        )
        built_cities = tuple(
            City(
                code,
                name,
                _text(entry, "tier", DEFAULT_TIER),
                _texts(entry, "aliases", f"{code}/{name}", problems),
                _texts(entry, "pin_prefixes", f"{code}/{name}", problems),
            )
            for code, towns in cities.items()
            for name, entry in _entries(towns, {"tier", "aliases", "pin_prefixes"}, f"cities/{code}", problems)
        )
        tables = cls(built_states, built_cities)
        problems += tables.problems()
        if problems:
            raise ValueError(f"{len(problems)} problem(s) in the tables of places:\n- " + "\n- ".join(problems))
        return tables

    def problems(self) -> list[str]:
        """What is wrong with the tables, one line each; empty when all is well."""
        codes = {state.code for state in self.states}
        found = [
            f"cities/{city.state_code}/{city.name}: unknown state {city.state_code!r}, add it to states"
            for city in self.cities
            if city.state_code not in codes
        ]
        found += [
            f"cities/{city.state_code}/{city.name}: tier {city.tier!r} is none of {', '.join(TIERS)}"
            for city in self.cities
            if city.tier not in TIERS
        ]
        found += [
            f"cities/{city.state_code}/{city.name}: PIN prefix {prefix!r} is not 3 to 6 digits"
            for city in self.cities
            for prefix in city.pin_prefixes
            if not re.fullmatch("[1-9][0-9]{2,5}", prefix)
        ]
        found += [
            f"pin_prefix.csv: unknown state {row.state_code!r}"
            for row in self.pin_prefixes
            if row.state_code not in codes
        ]
        found += _shared("states", "alias", ((state.code, key) for state in self.states for key in state.spellings()))
        found += _shared(
            "cities",
            "alias",
            ((f"{c.state_code}/{c.name}", f"{c.state_code}/{key}") for c in self.cities for key in c.spellings()),
        )
        found += _shared(
            "cities",
            "PIN prefix",
            ((f"{c.state_code}/{c.name}", prefix) for c in self.cities for prefix in c.pin_prefixes),
        )
        return found

    def state_of_key(self) -> dict[str, str]:
        """Key of a state's name -> its code."""
        return {key: state.code for state in self.states for key in sorted(state.spellings())}

    def cities_of_key(self) -> dict[str, tuple[City, ...]]:
        """Key of a city's name, or `#` and a PIN prefix -> the cities that it may mean, one a state."""
        found: dict[str, list[City]] = defaultdict(list)
        for city in self.cities:
            for key in sorted(city.spellings()):
                found[key].append(city)
        depths = self.pin_depths()
        owner = {prefix: city for city in self.cities for prefix in city.pin_prefixes}
        for prefix, city in owner.items():
            # A prefix is spread to the depth that is looked up; a longer one within it keeps its own city.
            missing = depths[prefix[:3]] - len(prefix)
            for number in range(10**missing):
                pin = prefix + (f"{number:0{missing}d}" if missing else "")
                longest = max((size for size in range(3, len(pin) + 1) if pin[:size] in owner), default=0)
                if longest == len(prefix):
                    found[f"#{pin}"].append(city)
        return {key: tuple(cities) for key, cities in found.items()}

    def pin_depths(self) -> dict[str, int]:
        """First three digits of a PIN -> how many digits tell the city; absent where no city owns any."""
        depths: Counter[str] = Counter()
        for city in self.cities:
            for prefix in city.pin_prefixes:
                depths[prefix[:3]] = max(depths[prefix[:3]], len(prefix))
        return dict(depths)


@cache
def default_tables() -> PlaceTables:
    """The tables of the project's own conf/, read once."""
    installed = files("lib") / "conf"
    folder = installed if installed.is_dir() else Path(str(files("lib"))).parent / "conf"
    states, cities = ((folder / name).read_text(encoding="utf-8") for name in ("states.yaml", "cities.yaml"))
    return PlaceTables.from_mappings(yaml.safe_load(states), yaml.safe_load(cities))


def _entries(table: Any, fields: set[str], where: str, problems: list[str]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if not isinstance(table, Mapping):
        problems.append(f"{where}: a mapping of names to entries is wanted, not {type(table).__name__}")
        return
    for name, entry in table.items():
        if not isinstance(name, str) or not isinstance(entry, Mapping):
            problems.append(f"{where}/{name}: a name with a mapping is wanted (quote names that YAML reads otherwise)")
            continue
        problems += [f"{where}/{name}: unknown field {field!r}" for field in entry if field not in fields]
        yield name, entry


def _text(entry: Mapping[str, Any], field: str, default: str) -> str:
    return str(entry.get(field, default))


def _texts(entry: Mapping[str, Any], field: str, where: str, problems: list[str]) -> tuple[str, ...]:
    values = entry.get(field) or ()
    if isinstance(values, str) or not isinstance(values, Sequence) or not all(isinstance(v, str) for v in values):
        problems.append(f"{where}: {field} is a list of texts (quote numbers and the word No)")
        return ()
    if field == "aliases":
        problems += [f"{where}: alias {value!r} has no letters" for value in values if not place_key(value)]
    return tuple(values)


def _shared(table: str, kind: str, owned: Iterable[tuple[str, str]]) -> list[str]:
    """The keys of `(owner, key)` pairs that have more than one owner."""
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, key in owned:
        owners[key].add(owner)
    return [
        f"{table}: {kind} {key!r} belongs to {' and '.join(sorted(names))}"
        for key, names in sorted(owners.items())
        if len(names) > 1
    ]
