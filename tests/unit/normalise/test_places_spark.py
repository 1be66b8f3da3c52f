"""Places in Spark: the same as the Python face on every kind of row, with any columns absent."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from attrs import asdict
from hypothesis import strategies as st

from lib.normalise import batches
from lib.normalise.place import canonical_place, default_tables, normalise_place, with_place
from lib.normalise.place.columns import RESULT

EVAL = Path(os.environ.get("DABBA_EVAL", Path(__file__).parents[4] / "shared/eval"))
COLUMNS = {"city": "city", "state": "state", "pincode": "pincode", "district": "district"}
SCHEMA = "number int, city string, state string, pincode string, district string"


def hand_rows() -> list[tuple[str | None, ...]]:
    path = Path(__file__).with_name("test_places.py")
    spec = spec_from_file_location("hand_made_places", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return [case[:4] for case in module.CASES if not any("\udcff" in (text or "") for text in case[:4])]


def real_rows() -> Iterator[tuple[str | None, ...]]:
    with gzip.open(EVAL / "retail/amazon_orders.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["ship-city"], row["ship-state"], row["ship-postal-code"], None
    with gzip.open(EVAL / "address/hospital_directory.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["Address_First_Line"], row["State"], row["Pincode"], row["District"]


def differences(spark, rows):
    frame = spark.createDataFrame([(number, *row) for number, row in enumerate(rows)], SCHEMA)
    placed = with_place(frame, **COLUMNS, prefix="p_").collect()
    assert len(placed) == len(rows)
    return [
        (rows[row["number"]], name, row[f"p_{name}"], told)
        for row in placed
        for name, told in asdict(normalise_place(*rows[row["number"]])).items()
        if row[f"p_{name}"] != told
    ]


def test_hand_made_and_random_rows_are_those_of_the_face(spark, ansi, examples_of):
    text = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    rows = [*hand_rows(), *examples_of(st.tuples(text, text, text, text), 200), ("x" * 10_000, "-", "1" * 10_000, None)]
    assert differences(spark, rows) == []


def test_real_rows_are_those_of_the_face(spark):
    if not EVAL.exists():
        pytest.skip(f"no evaluation data in {EVAL} (set DABBA_EVAL)")
    assert differences(spark, sorted(set(real_rows()), key=str)) == []


def test_any_column_may_be_absent_and_all_others_stay(spark):
    frame = spark.createDataFrame([(1, "Mysore", 570001.0, "old")], "`a.id` int, town string, pin double, city string")
    by_city = with_place(frame, city="town").first()
    by_pin = with_place(frame, pincode="pin", prefix="to_")

    assert (by_city["city"], by_city["state_code"], by_city["pincode_status"]) == ("Mysuru", "KA", "MISSING")
    assert by_pin.columns == ["a.id", "town", "pin", "city", *(f"to_{name}" for name in RESULT)]
    row = by_pin.first()
    assert (row["city"], row["to_city"], row["to_district"], row["to_pincode"]) == ("old", "Mysuru", "Mysuru", "570001")
    assert set(with_place(frame).first()[-8:]) == {None, "MISSING", "NONE"}


def test_broken_utf8_is_read_without_it(spark):
    frame = spark.sql("SELECT CAST(X'50756E65FF' AS STRING) AS town, CAST(X'343131FF303031' AS STRING) AS pin")
    row = with_place(frame, city="town", pincode="pin").first()
    assert (row["city"], row["pincode"]) == ("Pune", "411001")


def test_without_pyarrow_the_result_is_the_same(spark, monkeypatch):
    frame = spark.createDataFrame([(n, *row) for n, row in enumerate(hand_rows())], SCHEMA)
    batched = with_place(frame, **COLUMNS).orderBy("number").collect()
    monkeypatch.setattr("lib.normalise.place.columns.batched", batches.plain)
    assert with_place(frame, **COLUMNS).orderBy("number").collect() == batched


def test_grouping_keys_are_never_null(spark):
    frame = spark.createDataFrame([(n, *row) for n, row in enumerate(hand_rows())], SCHEMA)
    keyed = canonical_place(frame, default_tables(), city="city", state="state", pincode="pincode", prefix="k_")
    for row in keyed.collect():
        assert None not in (row["k_city"], row["k_state_code"], row["k_city_tier"], row["k_city_source"])
        assert (row["k_city"] == "Unknown") == (row["k_city_tier"] == "Unknown") == (row["k_city_source"] == "unknown")
