"""What `canonical_place` looks up: literals of the plan (PINs, states, what follows a name) and the cities' frame."""

from __future__ import annotations

import re

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

from lib.normalise.place_tables import LETTERS, PlaceTables, place_key

# From this share of its PINs on, a prefix tells the state even where the source says another.
FIRM_SHARE = 0.9

FIRST_PREFIX = 100  # PIN prefixes are looked up by position: 100 is the first
BEFORE_A = 64  # the code point before A: states are looked up by first letter, A is 1
OTHER_LETTER = 27  # all letters that are not A to Z
SEPARATORS = "[ ,/;]"
# Words after a name that are not of it; single letters are what tidying leaves of (W) and (E).
_TRAILING_WORDS = "DIST|DISTT|DISTRICT|DESTRICT|DT|TALUKA?|TQ|TEHSIL|TEH|MANDAL|PO|POST|INDIA|[NSEW]"
# Codes that people write after a city without a comma.
_SOFT_CODES = frozenset({"UP", "MP", "HP", "AP", "TN", "WB"})
# Parts of these states are named by a direction before them: "North Goa" is no place called North.
_DIRECTED_STATES = frozenset({"GA", "SK", "TR", "AS"})
_OPTIONS = T.MapType(T.StringType(), T.ArrayType(T.StringType()))
_LOOKUP_SCHEMA = T.StructType(
    [
        T.StructField("_place_lookup", T.StringType()),
        T.StructField("_place_only_state", T.StringType()),
        T.StructField("_place_only_name", T.StringType()),
        T.StructField("_place_options", _OPTIONS),
    ]
)


def pin_entries(tables: PlaceTables) -> list[str]:
    """For the PIN prefixes 100 to 999 in order, what each tells; empty for a prefix that does not exist.

    "UP03|244712UK1|...": the state; 1 if that is sure, else 0; how many digits tell the city (0: none do); then PINs
    of another state, 1 if no office of a second state shares them, the likelier state first. Read by position: no
    join, and no search through the keys of a map.
    """
    depths = tables.pin_depths()
    entries = dict.fromkeys(range(FIRST_PREFIX, 1000), "")
    for row in sorted(tables.pin_prefixes, key=lambda row: (len(row.prefix), row.prefix, -row.share)):
        head = row.prefix[:3]
        if len(row.prefix) == 3:
            entries[int(head)] = f"{row.state_code}{int(row.share >= FIRM_SHARE)}{depths.get(head, 0)}"
        else:
            entries[int(head)] += f"|{row.prefix}{row.state_code}{int(row.share == 1)}"
    return list(entries.values())


def state_buckets(tables: PlaceTables) -> list[str]:
    """`|KEY=CODE|` of every spelling of a state, by the first letter of its key (A is 1, no Latin letter the last)."""
    buckets = ["|"] * (OTHER_LETTER + 1)
    for key, code in tables.state_of_key().items():
        buckets[min(ord(key[0]) - BEFORE_A, OTHER_LETTER)] += f"{key}={code}|"
    return buckets


def tail_pattern(tables: PlaceTables) -> str:
    """What may stand after a city's name: after a comma (or slash, bracket) any spelling of a state.

    Without a comma only full names that no city shares, so that New Delhi and North Goa stay whole.
    """
    city_keys = {key for key in tables.cities_of_key() if not key.startswith("#")}
    soft, hard = set(), set()
    for state in tables.states:
        for text in (state.code, state.name, *state.aliases):
            words = re.findall(f"[{LETTERS}]+", text.upper().replace("&", " AND "))
            spelling = f"{SEPARATORS}*".join(words)
            hard.add(spelling)
            shared = place_key(text) in city_keys or state.code in _DIRECTED_STATES
            if place_key(text) in _SOFT_CODES or (text == state.name and not shared):
                soft.add(spelling)
    longest_first = ["|".join(sorted(spellings, key=lambda s: (-len(s), s))) for spellings in (soft, hard)]
    return (
        rf"(?:{SEPARATORS}+(?:{longest_first[0]}|{_TRAILING_WORDS})(?![{LETTERS}])"
        rf"|{SEPARATORS}*[,/;]{SEPARATORS}*(?:{longest_first[1]})(?![{LETTERS}]))+\z"
    )


def city_frame(spark: SparkSession, tables: PlaceTables) -> DataFrame:
    """One row a key of `PlaceTables.cities_of_key`: its cities by state, and the only one if there is one."""
    rows = [
        (
            key,
            cities[0].state_code if len(cities) == 1 else None,
            cities[0].name if len(cities) == 1 else None,
            {city.state_code: [city.name, city.tier] for city in cities},
        )
        for key, cities in tables.cities_of_key().items()
    ]
    return spark.createDataFrame(rows, _LOOKUP_SCHEMA)
