"""The words by which an address tells its parts, and the places that may end it: `AddressTables`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml
from attrs import frozen

from lib.normalise.place.directory import Directory, directory, subdistricts, towns
from lib.normalise.place.keys import place_key
from lib.normalise.place.tables import DEFAULT_TIER, PlaceTables
from lib.normalise.place.tables import default_tables as default_places
from lib.session import conf_folder

__all__ = ["RELATIONS", "AddressTables", "default_tables", "label_key", "place_key"]

# Headings of conf/addresses.yaml whose words are labels: one word, one heading.
LABELS = (
    "number", "floor", "building", "street", "area", "area_numbered", "area_continued", "road_numbered", "place",
    "village", "post_office", "police_station", "taluk", "district", "panchayat", "via", "pincode", "state",
    "care_of", "phone", "noise",
)  # fmt: skip
# Words of these may be labels as well.
OVERLAPPING = ("unit", "land", "floor_names", "country_codes", "commercial", "compound")
RELATIONS = ("NEAR", "OPPOSITE", "BEHIND", "BESIDE", "ABOVE")
_HEADINGS = {*LABELS, *OVERLAPPING, "relation", "abbreviations"}
# "-1" and the like in a part that an export left empty.
_SHORTEST_TOWN = 4  # letters
_UNDER = str.maketrans("", "", ". -'")


def label_key(text: str) -> str:
    """A label without case, dots, spaces, hyphens: "H. No" and "h.no" are one; a slash stays ("b/h")."""
    return text.upper().translate(_UNDER)


@frozen
class AddressTables:
    """Labels and places, ready to be looked up. Build it with `from_mappings`, which checks it."""

    labels: Mapping[str, str]  # key -> heading; a relation's heading is its name (NEAR)
    starts: Mapping[str, int]  # key of a label's first word -> the most words of such a label
    units: frozenset[str]
    land: frozenset[str]
    floor_names: frozenset[str]
    country_codes: frozenset[str]
    commercial: frozenset[str]
    compound: frozenset[str]
    after: frozenset[str]  # relations that follow their name ("ke paas")
    abbreviations: Mapping[str, str]
    states: Mapping[str, str]  # key -> code
    state_names: Mapping[str, str]  # code -> name
    cities: Mapping[str, Mapping[str, str]]  # key -> {state code: name}
    large: frozenset[str]  # names of the cities of tiers 1 and 2: what stands before them is a part of them
    districts: Mapping[str, frozenset[str]]  # key -> state codes
    taluks: Mapping[str, frozenset[str]]  # key of a sub-district -> state codes
    near: Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # (state, first letter) -> (key, city) of its cities
    shortened: re.Pattern[str]  # any key of `abbreviations`, as a word

    @classmethod
    def from_mappings(cls, words: Mapping[str, Any], places: PlaceTables) -> AddressTables:
        """The tables from the parsed conf/addresses.yaml and the tables of places.

        Districts, sub-districts and towns that conf/ does not list are of the Local Government Directory.

        Raises ValueError that lists every problem at once: unknown headings, entries that are no texts, a label
        under two headings.
        """
        problems: list[str] = []
        texts = _texts_of(words, problems)
        labels: dict[str, str] = {}
        for heading, entries in texts.items():
            if heading in OVERLAPPING:
                continue
            for key in map(label_key, entries):
                if labels.setdefault(key, heading) != heading:
                    problems.append(f"addresses: {key!r} stands under {labels[key]} and {heading}")
        texts["state_name"] = [state.name for state in places.states]
        for key in map(label_key, texts["state_name"]):
            labels.setdefault(key, "state_name")
        abbreviations = words.get("abbreviations") or {}
        if not isinstance(abbreviations, Mapping):
            problems.append("addresses/abbreviations: a mapping of short to long is wanted")
            abbreviations = {}
        if problems:
            raise ValueError(f"{len(problems)} problem(s) in the words of addresses:\n- " + "\n- ".join(problems))
        known = directory()
        return cls(
            labels=labels,
            starts=_starts(texts),
            units=_keys(texts, "unit") | _keys(texts, "land"),
            land=_keys(texts, "land"),
            floor_names=_keys(texts, "floor_names"),
            country_codes=_keys(texts, "country_codes"),
            commercial=_keys(texts, "commercial"),
            compound=_keys(texts, "compound"),
            after=frozenset(label_key(t) for r in RELATIONS for t in texts.get(r, ()) if _follows(t)),
            abbreviations={label_key(str(short)): str(long) for short, long in abbreviations.items()},
            states=places.state_of_key(),
            state_names={state.code: state.name for state in places.states},
            cities=_cities(places, labels),
            near=_near(places),
            shortened=_shortened(abbreviations),
            large=frozenset(city.name for city in places.cities if city.tier != DEFAULT_TIER),
            districts=_districts(known),
            taluks=_states_of((town.state_code, town.name) for town in subdistricts(known)),
        )


def _texts_of(words: Mapping[str, Any], problems: list[str]) -> dict[str, list[str]]:
    """Heading -> its texts; the relations each under their own name."""
    found: dict[str, list[str]] = {}
    relations = words.get("relation") or {}
    problems += [f"addresses: unknown heading {heading!r}" for heading in words if heading not in _HEADINGS]
    problems += [f"addresses/relation: unknown {name!r}" for name in relations if name not in RELATIONS]
    for heading, entries in (*words.items(), *relations.items()):
        if heading in ("relation", "abbreviations"):
            continue
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            problems.append(f"addresses/{heading}: a list of texts is wanted (quote numbers and the word No)")
        else:
            found[heading] = entries
    return found


def _keys(texts: Mapping[str, list[str]], heading: str) -> frozenset[str]:
    return frozenset(map(label_key, texts.get(heading, ())))


def _starts(texts: Mapping[str, list[str]]) -> dict[str, int]:
    """First word of each label -> the most words it may have; a dot parts words as a space does."""
    found: dict[str, int] = {}
    for heading, entries in texts.items():
        if heading in ("floor_names", "country_codes"):
            continue
        for entry in entries:
            words = [label_key(word) for word in entry.replace(".", " ").split()]
            found[words[0]] = max(found.get(words[0], 0), len(words))
            found.setdefault("".join(words), 1)
    return found


def _follows(text: str) -> bool:
    """Whether a relation stands after its name: the Hindi ones do ("mandir ke paas")."""
    return not text.isascii() or text.split()[0] in ("ke", "k", "paas", "pas", "samne", "saamne", "peeche", "piche",
                                                     "bagal", "upar")  # fmt: skip


def _cities(places: PlaceTables, labels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The configured cities, and the other towns of the directory, whose keys are no labels."""
    found = {
        key: {city.state_code: city.name for city in cities}
        for key, cities in places.cities_of_key().items()
        if not key.startswith("#")
    }
    for town in towns():
        key = place_key(town.name)
        if len(key) >= _SHORTEST_TOWN and key not in labels:
            found.setdefault(key, {}).setdefault(town.state_code, town.name.title())
    return found


def _near(places: PlaceTables) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key, cities in places.cities_of_key().items():
        for city in cities:
            if not key.startswith("#") and len(key) >= 5:
                found.setdefault((city.state_code, key[0]), []).append((key, city.name))
    return found


def _shortened(abbreviations: Mapping[str, Any]) -> re.Pattern[str]:
    words = "|".join(sorted((re.escape(str(short)) for short in abbreviations), key=lambda word: (-len(word), word)))
    letter = "A-Za-z\u00c0-\u024f\u0900-\u0d7f0-9"
    return re.compile(rf"(?i)(?<![{letter}.])({words or '(?!)'})\.?(?![{letter}.])")


def _districts(known: Directory) -> dict[str, frozenset[str]]:
    return _states_of((district.state_code, key) for district in known.districts.values() for key in district.spellings)


def _states_of(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Key of a name -> the codes of the states that have one."""
    found: dict[str, set[str]] = {}
    for state, name in pairs:
        found.setdefault(place_key(name), set()).add(state)
    return {key: frozenset(states) for key, states in found.items()}


@lru_cache(maxsize=1)
def default_tables() -> AddressTables:
    """The tables of the project's own conf/: addresses.yaml, states.yaml and cities.yaml."""
    words = yaml.safe_load((conf_folder() / "addresses.yaml").read_text("utf-8"))
    return AddressTables.from_mappings(words, default_places())
