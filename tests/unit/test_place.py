"""Places: what each messy (city, state, PIN) becomes, and what the tables in conf must hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession

from lib.normalise.place import City, PlaceTables, State, canonical_place
from lib.normalise.place.keys import city_key, place_key
from lib.normalise.reference import load_pin_prefixes

CONF = Path(__file__).parents[2] / "conf"


def read_conf(name: str) -> dict[str, Any]:
    content = yaml.safe_load((CONF / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.fixture(scope="module")
def tables() -> PlaceTables:
    return PlaceTables.from_mappings(read_conf("states.yaml"), read_conf("cities.yaml"))


# city, state, pincode -> city, state_code, city_tier, city_source, pincode, pincode_status
CASES = [
    # names, old and new, in any case and spacing
    ("Mumbai", "Maharashtra", "400001", "Mumbai", "MH", "Tier 1", "city", "400001", "VALID"),
    ("bombay", None, None, "Mumbai", "MH", "Tier 1", "city", None, "MISSING"),
    ("  BANGALORE ", "karnataka", "560085.0", "Bengaluru", "KA", "Tier 1", "city", "560085", "VALID"),
    ("NAVI-MUMBAI", "MAHARASHTRA", "400703", "Navi Mumbai", "MH", "Tier 1", "city", "400703", "VALID"),
    ("Gurgaon", "HARYANA", "122001", "Gurugram", "HR", "Tier 2", "city", "122001", "VALID"),
    ("Trivandrum", "Kerela", None, "Thiruvananthapuram", "KL", "Tier 2", "city", None, "MISSING"),
    ("New Delhi", "New Delhi", "110001", "Delhi", "DL", "Tier 1", "city", "110001", "VALID"),
    ("Kāshipur", "Uttaranchal", "244713", "Kashipur", "UK", "Tier 3", "city", "244713", "VALID"),
    ("मुंबई", None, "४००००१", "Mumbai", "MH", "Tier 1", "city", "400001", "VALID"),
    # what else stands in the city's cell
    ("Mumbai, Maharashtra", None, None, "Mumbai", "MH", "Tier 1", "city", None, "MISSING"),
    ("MUMBAI - 400062", "MAHARASHTRA", "400062", "Mumbai", "MH", "Tier 1", "city", "400062", "UNKNOWN"),
    ("NOIDA U.P.", None, None, "Noida", "UP", "Tier 2", "city", None, "MISSING"),
    ("THANE (W)", None, "400 601", "Thane", "MH", "Tier 1", "city", "400601", "VALID"),
    ("Ranip,AHMEDABAD", "Gujarat", "382480", "Ahmedabad", "GJ", "Tier 1", "city", "382480", "VALID"),
    ("Bengaluru Urban", "KA", None, "Bengaluru", "KA", "Tier 1", "city", None, "MISSING"),
    ("BANGALORE NORTH", "KA", None, "Bengaluru", "KA", "Tier 1", "city", None, "MISSING"),
    ("Mumbai City", "MH", None, "Mumbai", "MH", "Tier 1", "city", None, "MISSING"),
    ("KURNOOL, India", None, None, "Kurnool", "AP", "Tier 3", "city", None, "MISSING"),
    # one name in two states: told by state, by PIN, by the cell; else left open
    ("Aurangabad", "Bihar", None, "Aurangabad", "BR", "Tier 3", "city", None, "MISSING"),
    ("Aurangabad", None, "431001", "Chhatrapati Sambhajinagar", "MH", "Tier 2", "city", "431001", "VALID"),
    ("Bilaspur (CG)", None, None, "Bilaspur", "CG", "Tier 3", "city", None, "MISSING"),
    ("Bilaspur", "HP", None, "Bilaspur", "HP", "Tier 3", "city", None, "MISSING"),
    ("Pratapgarh", None, None, "Pratapgarh", "Unknown", "Tier 3", "city", None, "MISSING"),
    # places that are in no table: one tidy form for every spelling
    ("KONNAGAR", "WB", None, "Konnagar", "WB", "Tier 3", "city", None, "MISSING"),
    ("o'neil-NAGAR", "TN", None, "Oneil Nagar", "TN", "Tier 3", "city", None, "MISSING"),
    ("R.K.  Colony", "TN", None, "Rk Colony", "TN", "Tier 3", "city", None, "MISSING"),
    ("rk colony", "TN", None, "Rk Colony", "TN", "Tier 3", "city", None, "MISSING"),
    ("Sangrur Dist.", "punjab", None, "Sangrur", "PB", "Tier 3", "city", None, "MISSING"),
    ("3RD BLOCK", "KA", None, "3rd Block", "KA", "Tier 3", "city", None, "MISSING"),
    # no city: from the PIN where it is one city's own, else unknown
    ("NA", None, "400601", "Thane", "MH", "Tier 1", "pincode", "400601", "VALID"),
    ("-", None, "400-001", "Mumbai", "MH", "Tier 1", "pincode", "400001", "VALID"),
    ("0", None, "4.00001E5", "Mumbai", "MH", "Tier 1", "pincode", "400001", "VALID"),
    ("", "Kerala", "685561", "Unknown", "KL", "Unknown", "unknown", "685561", "VALID"),
    (None, None, None, "Unknown", "Unknown", "Unknown", "unknown", None, "MISSING"),
    # the PIN decides the state, except where a border runs through its prefix and the source names the other side
    ("Pune", "Karnataka", "411001", "Pune", "MH", "Tier 1", "city", "411001", "STATE_MISMATCH"),
    ("Roorkee", "Uttarakhand", "247999", "Roorkee", "UK", "Tier 3", "city", "247999", "UNKNOWN"),
    ("Mohali", "Chandigarh", "160055", "Mohali", "PB", "Tier 2", "city", "160055", "STATE_MISMATCH"),
    ("Moradabad", "Kerala", "244001", "Moradabad", "UP", "Tier 2", "city", "244001", "STATE_MISMATCH"),
    ("Kavaratti", "LAKSHADWEEP", "682555", "Kavaratti", "LD", "Tier 3", "city", "682555", "VALID"),
    ("Panaji", "MH", "403001", "Panaji", "GA", "Tier 2", "city", "403001", "STATE_MISMATCH"),
    ("Yanam", "Puducherry", "533464", "Yanam", "PY", "Tier 3", "city", "533464", "VALID"),
    # PINs that are none
    ("Pune", "MH", "999999", "Pune", "MH", "Tier 1", "city", "999999", "UNKNOWN"),
    ("Pune", "MH", "41100", "Pune", "MH", "Tier 1", "city", None, "BAD_FORMAT"),
    ("Pune", "MH", "011001", "Pune", "MH", "Tier 1", "city", None, "BAD_FORMAT"),
    ("Pune", "MH", "411001\n", "Pune", "MH", "Tier 1", "city", "411001", "VALID"),
    ("Pune", "MH", "NaN", "Pune", "MH", "Tier 1", "city", None, "MISSING"),
    # states as sources spell them
    ("x", "Rajshthan", None, "Unknown", "RJ", "Unknown", "unknown", None, "MISSING"),
    ("x", "Punjab/Mohali/Zirakpur", None, "Unknown", "PB", "Unknown", "unknown", None, "MISSING"),
    ("x", "DADRA AND NAGAR", None, "Unknown", "DH", "Unknown", "unknown", None, "MISSING"),
    ("x", "J&K", None, "Unknown", "JK", "Unknown", "unknown", None, "MISSING"),
    ("x", "IN-TG", None, "Unknown", "Unknown", "Unknown", "unknown", None, "MISSING"),
    ("x", "orissa", None, "Unknown", "OD", "Unknown", "unknown", None, "MISSING"),
    ("x", "APO", None, "Unknown", "Unknown", "Unknown", "unknown", None, "MISSING"),
]
RESULT = ["city", "state_code", "city_tier", "city_source", "district", "pincode", "pincode_status"]


def test_every_messy_place_becomes_its_canonical_one(spark: SparkSession, tables: PlaceTables) -> None:
    raw = spark.createDataFrame(
        [(number, *case[:3]) for number, case in enumerate(CASES)],
        "case int, delivery_city string, delivery_state string, delivery_pincode string",
    )
    placed = canonical_place(raw, tables, city="delivery_city", state="delivery_state", pincode="delivery_pincode")

    assert placed.columns == [*raw.columns, *RESULT]
    rows = placed.orderBy("case").drop("district").collect()
    assert [tuple(row)[1:] for row in rows] == CASES


def test_a_second_application_changes_no_value(spark: SparkSession, tables: PlaceTables) -> None:
    raw = spark.createDataFrame([case[:3] for case in CASES], "city string, state string, pincode string")
    once = canonical_place(raw, tables, city="city", state="state", pincode="pincode").drop("state")
    twice = canonical_place(once, tables, city="city", state="state_code", pincode="pincode", prefix="again_")

    same = [row[name] == row[f"again_{name}"] for row in twice.collect() for name in RESULT if name not in STATUSES]
    assert all(same)
    assert len(same) == len(CASES) * (len(RESULT) - len(STATUSES))


STATUSES = {"city_source", "pincode_status"}


def test_numbers_and_odd_column_names_are_read(spark: SparkSession, tables: PlaceTables) -> None:
    raw = spark.createDataFrame([("Poona", "MH", 411001.0)], "`ship-city` string, `ship.state` string, pin double")
    row = canonical_place(raw, tables, city="ship-city", state="ship.state", pincode="pin", prefix="to_").first()

    assert row is not None
    assert (row["to_city"], row["to_pincode"], row["to_pincode_status"]) == ("Pune", "411001", "VALID")


def test_the_tables_of_conf_load_without_a_problem(tables: PlaceTables) -> None:
    assert tables.problems() == []
    assert len(tables.states) == 36
    assert len({state.gst for state in tables.states}) == 36


def test_the_x_cities_are_tier_1_and_every_capital_is_known(tables: PlaceTables) -> None:
    tier = {city.name: city.tier for city in tables.cities}
    x_cities = ["Ahmedabad", "Bengaluru", "Chennai", "Delhi", "Hyderabad", "Kolkata", "Mumbai", "Pune"]
    assert {tier[name] for name in x_cities} == {"Tier 1"}
    capitals = (
        "Port Blair, Amaravati, Itanagar, Dispur, Patna, Raipur, Chandigarh, Daman, Panaji, Gandhinagar, Shimla,"
        " Ranchi, Srinagar, Jammu, Thiruvananthapuram, Leh, Kavaratti, Bhopal, Shillong, Imphal, Aizawl, Kohima,"
        " Bhubaneswar, Puducherry, Jaipur, Gangtok, Agartala, Lucknow, Dehradun"
    )
    assert [name for name in capitals.split(", ") if name not in tier] == []


def test_a_citys_pins_lie_in_its_state(tables: PlaceTables) -> None:
    states = {(row.prefix, row.state_code) for row in tables.pin_prefixes}
    borders = {row.prefix[:3] for row in tables.pin_prefixes if len(row.prefix) == 6}
    astray = [
        (city.name, prefix)
        for city in tables.cities
        for prefix in city.pin_prefixes
        if (prefix[:3], city.state_code) not in states and prefix[:3] not in borders
    ]
    assert astray == []


def test_the_longest_pin_prefix_wins() -> None:
    tables = PlaceTables(
        (State("MH", "Maharashtra", "27"),),
        (City("MH", "Mumbai", pin_prefixes=("400",)), City("MH", "Thane", pin_prefixes=("4006",))),
    )
    owners = {key: cities[0].name for key, cities in tables.cities_of_key().items()}
    assert tables.pin_depths() == {"400": 4}
    assert (owners["#4000"], owners["#4006"], owners["#4007"]) == ("Mumbai", "Thane", "Mumbai")


def test_pin_prefixes_of_the_postal_directory() -> None:
    state = {row.prefix: row.state_code for row in load_pin_prefixes()}
    assert [state[p] for p in ("110", "403", "500", "515", "194", "737", "605")] == [
        "DL",
        "GA",
        "TS",
        "AP",
        "LA",
        "SK",
        "TN",
    ]
    assert [state[p] for p in ("682555", "396210", "605001", "247667", "160055")] == ["LD", "DH", "PY", "UK", "PB"]


def test_all_problems_of_the_tables_are_told_at_once() -> None:
    states = {"MH": {"name": "Maharashtra", "gst": "27"}, "GA": {"name": "Goa", "aliases": ["maharashtra"]}}
    cities = {
        "MH": {"Mumbai": {"tier": "Tier 9"}, "Pune": {"aliases": ["MUMBAI", "..."], "pin_prefixes": ["41x"]}},
        "XX": {"Nowhere": {"population": 1}},
        "GA": {"Panaji": {"pin_prefixes": [403]}},
    }
    with pytest.raises(ValueError, match="problem") as caught:
        PlaceTables.from_mappings(states, cities)
    message = str(caught.value)
    for told in (
        "states: alias 'MAHARASHTRA' belongs to GA and MH",
        "cities: alias 'MH/MUMBAI' belongs to MH/Mumbai and MH/Pune",
        "MH/Pune: alias '...' has no letters",
        "MH/Pune: PIN prefix '41x' is not 3 to 6 digits",
        "MH/Mumbai: tier 'Tier 9' is none of",
        "XX/Nowhere: unknown field 'population'",
        "XX/Nowhere: unknown state 'XX'",
        "GA/Panaji: pin_prefixes is a list of texts",
    ):
        assert told in message


def test_place_keys_ignore_case_spacing_and_accents() -> None:
    assert [place_key(text) for text in ("J & K", "Navi-Mumbai ", "Mahārāshtra")] == [
        "JANDK",
        "NAVIMUMBAI",
        "MAHARASHTRA",
    ]
    # A Devanagari letter with its nukta is one code point or two.
    assert place_key("छत्तीसगढ\u093c") == place_key("छत्तीसग\u095d")


def test_city_keys_drop_directions_and_suffixes() -> None:
    assert [city_key(text) for text in ("South Delhi", "Mumbai City", "Salem West")] == ["DELHI", "MUMBAI", "SALEM"]
    assert city_key("Bokaro Steel City") == city_key("BOKARO STEEL")
