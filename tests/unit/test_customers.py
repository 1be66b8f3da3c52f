"""Customers: segments, and history as half-open intervals that only a change opens."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config.model import Segments
from lib.datasets import CUSTOMER_VERSIONS
from lib.run.window import Window
from lib.transform.customers import CARRIED, conform_customers, customer_history, segment, segment_at

WINDOW = Window(date(2025, 10, 20), date(2025, 10, 21))
START = "2025-10-19 18:30:00"  # of the window, UTC


@pytest.mark.usefixtures("ansi")
def test_segment_by_lifetime_orders(expect):
    expect(
        "orders INT, expected STRING",
        [
            (0, "New"),
            (10, "New"),
            (11, "Regular"),
            (50, "Regular"),
            (51, "Premium"),
            (2147483647, "Premium"),
            (None, "Unknown"),  # not known is not none
        ],
        segment(F.col("orders"), Segments()),
    )
    expect(
        "orders INT, expected STRING",
        [(2, "New"), (3, "Regular"), (5, "Regular"), (6, "Premium")],
        segment(F.col("orders"), Segments(premium_above=5, regular_above=2)),
    )


@pytest.fixture
def versions(spark):
    """Versions of customers as the source tells them: (id, updated_at, city, registered_at)."""
    fields = {f.name: f.dataType for f in CUSTOMER_VERSIONS.schema}

    def build(rows):
        df = spark.createDataFrame(rows, "customer_id STRING, updated_at STRING, city STRING, registered_at STRING")
        cast = df.withColumns({name: F.col(name).cast("timestamp") for name in ("updated_at", "registered_at")})
        rest = {n: F.lit(None).cast(fields[n]) for n in CARRIED if n not in ("city", "registered_at")}
        return cast.withColumns(rest)

    return build


def told(history):
    """customer, valid_from, valid_to, is_current, city; by customer and time."""
    times = [F.col(name).cast("string").alias(name) for name in ("valid_from", "valid_to")]
    rows = history.select("customer_id", *times, "is_current", "city").orderBy("customer_id", "valid_from").collect()
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("ansi")
def test_a_change_closes_one_version_and_opens_the_next(versions):
    history = customer_history(
        versions(
            [
                ("c", "2025-03-01 00:00:00", "Mumbai", None),
                ("c", "2025-01-01 00:00:00", "Pune", None),
                ("c", "2025-02-01 00:00:00", "Pune", None),  # read again: nothing changed
                ("c", "2025-04-01 00:00:00", None, None),  # a value that went away is a change
                ("c", "2025-05-01 00:00:00", None, None),  # null is null
                ("c", "2025-06-01 00:00:00", "Pune", None),  # back again is a version too
                ("d", None, "Delhi", None),  # does not say when: true since the run's window
            ]
        ),
        None,
        WINDOW,
    )
    assert told(history) == [
        ("c", "2025-01-01 00:00:00", "2025-03-01 00:00:00", False, "Pune"),
        ("c", "2025-03-01 00:00:00", "2025-04-01 00:00:00", False, "Mumbai"),
        ("c", "2025-04-01 00:00:00", "2025-06-01 00:00:00", False, None),
        ("c", "2025-06-01 00:00:00", None, True, "Pune"),
        ("d", START, None, True, "Delhi"),
    ]
    assert [(f.name, f.dataType) for f in history.schema] == [(f.name, f.dataType) for f in CUSTOMER_VERSIONS.schema]


def test_registration_opens_the_first_version_where_it_is_earlier(versions):
    history = customer_history(
        versions(
            [
                ("early", "2025-03-01 00:00:00", "Pune", "2024-01-01 00:00:00"),
                ("early", "2025-04-01 00:00:00", "Mumbai", "2024-01-01 00:00:00"),
                ("later", "2025-03-01 00:00:00", "Pune", "2025-06-01 00:00:00"),
                ("only", None, "Pune", "2024-05-05 00:00:00"),
            ]
        ),
        None,
        WINDOW,
    )
    assert told(history) == [
        ("early", "2024-01-01 00:00:00", "2025-04-01 00:00:00", False, "Pune"),
        ("early", "2025-04-01 00:00:00", None, True, "Mumbai"),
        ("later", "2025-03-01 00:00:00", None, True, "Pune"),
        ("only", "2024-05-05 00:00:00", None, True, "Pune"),
    ]


def night_after_night(versions, *nights):
    history = None
    for rows in nights:
        history = customer_history(versions(rows), history, WINDOW).localCheckpoint()
    return told(history)


def test_reading_the_same_snapshot_again_opens_nothing(versions):
    snapshot = [
        ("c", "2025-01-01 00:00:00", "Pune", "2024-01-01 00:00:00"),
        ("d", "2025-01-01 00:00:00", "Delhi", None),
    ]
    once = night_after_night(versions, snapshot)
    assert night_after_night(versions, snapshot, snapshot, snapshot) == once
    assert len(once) == 2


def test_a_touched_but_unchanged_customer_opens_nothing(versions):
    registered = "2024-01-01 00:00:00"
    found = night_after_night(
        versions,
        [("c", "2025-01-01 00:00:00", "Pune", registered)],
        [("c", "2025-02-01 00:00:00", "Pune", registered)],
    )
    assert found == [("c", registered, None, True, "Pune")]


def test_the_next_night_brings_a_change(versions):
    first = [("c", "2025-01-01 00:00:00", "Pune", "2024-01-01 00:00:00")]
    second = [("c", "2025-02-01 00:00:00", "Mumbai", "2024-01-01 00:00:00")]
    expected = [
        ("c", "2024-01-01 00:00:00", "2025-02-01 00:00:00", False, "Pune"),
        ("c", "2025-02-01 00:00:00", None, True, "Mumbai"),
    ]
    assert night_after_night(versions, first, second) == expected
    assert night_after_night(versions, [*first, *second]) == expected
    assert night_after_night(versions, first, second, [*first, *second]) == expected


def test_a_change_that_is_told_late_takes_its_place_in_time(versions):
    found = night_after_night(
        versions,
        [("c", "2025-01-01 00:00:00", "Pune", None), ("c", "2025-03-01 00:00:00", "Delhi", None)],
        [("c", "2025-02-01 00:00:00", "Mumbai", None)],
    )
    assert found == [
        ("c", "2025-01-01 00:00:00", "2025-02-01 00:00:00", False, "Pune"),
        ("c", "2025-02-01 00:00:00", "2025-03-01 00:00:00", False, "Mumbai"),
        ("c", "2025-03-01 00:00:00", None, True, "Delhi"),
    ]


def test_a_change_told_late_between_two_tellings_of_one_value(versions):
    found = night_after_night(
        versions,
        [("c", "2025-01-01 00:00:00", "Pune", None)],
        [("c", "2025-03-01 00:00:00", "Pune", None)],
        [("c", "2025-02-01 00:00:00", "Mumbai", None)],
    )
    assert found == [
        ("c", "2025-01-01 00:00:00", "2025-02-01 00:00:00", False, "Pune"),
        ("c", "2025-02-01 00:00:00", "2025-03-01 00:00:00", False, "Mumbai"),
        ("c", "2025-03-01 00:00:00", None, True, "Pune"),
    ]


@pytest.mark.parametrize("arrange", [list, reversed])
def test_of_two_versions_of_one_instant_the_greatest_stays_in_any_order(versions, arrange):
    rows = [("c", "2025-01-01 00:00:00", "Pune", None), ("c", "2025-01-01 00:00:00", "Delhi", None)]
    history = customer_history(versions(list(arrange(rows))), None, WINDOW)
    assert told(history) == [("c", "2025-01-01 00:00:00", None, True, "Pune")]


def test_segment_at_is_what_the_join_needs(versions):
    df = segment_at(customer_history(versions([("c", "2025-01-01 00:00:00", "Pune", None)]), None, WINDOW))
    assert df.columns == ["customer_id", "valid_from", "valid_to", "segment"]


def test_conformed_customers(spark, make_config):
    from lib.datasets import CUSTOMERS
    from lib.normalise.lookups import Lookups

    given = {"customer_id": "c", "full_name": "  Asha   Rao ", "email": " Asha@Example.IN ", "phone": " 98765 43210 ",
             "address": "12\n M.G. Road", "city": "bombay", "state": "maharashtra", "pincode": "400 001",
             "lifetime_orders": 11}  # fmt: skip
    schema = T.StructType([*CUSTOMERS.schema])
    df = spark.createDataFrame([tuple(given.get(name) for name in schema.names)], schema)
    (row,) = conform_customers(df, Lookups.of(make_config()), Segments()).collect()
    expected = {"full_name": "Asha Rao", "name_latin": "Asha Rao", "phone_e164": None, "phone_status": "DUMMY",
                "address_type": "STRUCTURED", "district": "Mumbai", "pincode_status": "VALID",
                "email": "asha@example.in", "phone": "98765 43210", "address": "12 M.G. Road",
                "city": "Mumbai", "state_code": "MH", "city_tier": "Tier 1", "pincode": "400001", "segment": "Regular",
                "deleted": False}  # fmt: skip
    assert {name: row[name] for name in expected} == expected
