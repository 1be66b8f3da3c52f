"""The tables of Indian states, cities and PIN prefixes: typed, checked as a whole, indexed for place.py."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import Factory, frozen

from lib.normalise.reference import PinPrefix, load_pin_prefixes

TIERS = ("Tier 1", "Tier 2", "Tier 3")
DEFAULT_TIER = "Tier 3"
UNKNOWN = "Unknown"

_ZERO_OF_DIGITS = (
    "\u0660\u06f0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\uff10"  # Arabic, Indic, full-width
)
_FOLDS: dict[str, str] = {
    **{chr(ord(zero) + digit): str(digit) for zero in _ZERO_OF_DIGITS for digit in range(10)},
    **dict.fromkeys("\u00a0\u2000\u2002\u2003\u2007\u2009\u202f\u3000\t\r\n", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d", "-"),
    **dict(zip("āĀàáâäãīĪíìūŪúùüēĒéèêōŌóòöñṇṅṃṁśṣŚṢṭṬḍḌṛṚḷḥ",
               "aAaaaaaiIiiuUuuueEeeeoOooonnnmmssSStTdDrRlh", strict=True)),
    # A consonant with its nukta is one code point or two: for a key both are the bare consonant.
    **dict(zip("\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u09dc\u09dd\u09df\u0b5c\u0b5d",
               "\u0915\u0916\u0917\u091c\u0921\u0922\u092b\u09a1\u09a2\u09af\u0b21\u0b22", strict=True)),
}  # fmt: skip
_DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2018\u2019\u02bc\u093c\u09bc\u0a3c\u0abc\u0b3c"
FOLD_FROM = "".join(_FOLDS) + _DROPPED  # the two arguments of SQL's translate(): what has no partner is dropped
FOLD_TO = "".join(_FOLDS.values())
_FOLD_TABLE = str.maketrans(FOLD_FROM[: len(FOLD_TO)], FOLD_TO, _DROPPED)

# Latin and the scripts of India (Devanagari to Malayalam), as explicit ranges: Python and Java must agree.
LETTERS = "A-Z\u0900-\u0963\u0970-\u0d7f"
_NO_LETTER = re.compile(f"[^{LETTERS}]")
_DIRECTION = "NORTH|SOUTH|EAST|WEST|CENTRAL"
# "South Delhi", "Mumbai City", "Bengaluru Urban" are looked up as the bare name, which has 4 letters or more.
AROUND_NAME = (
    rf"\A(?:{_DIRECTION})+(?=[{LETTERS}]{{4}})"
    rf"|(?<=[{LETTERS}]{{4}})(?:{_DIRECTION}|CITY|URBAN|CANTT|CANTONMENT|CANT|METRO|DISTRICT|TALUKA?)+\z"
)
_AROUND_NAME = re.compile(AROUND_NAME.replace(r"\z", r"\Z"))


def place_key(text: str) -> str:
    """Upper-case letters only, `&` as AND: equal for every case, spacing and punctuation of one name."""
    return _NO_LETTER.sub("", text.translate(_FOLD_TABLE).upper().replace("&", "AND"))


def city_key(text: str) -> str:
    """The key of a city's name: `place_key` without a direction or a suffix such as City around it."""
    return _AROUND_NAME.sub("", place_key(text))


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
