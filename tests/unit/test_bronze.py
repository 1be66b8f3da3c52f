"""Which day a record belongs to: the business date, the window, and records whose time is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from lib.config import Source
from lib.datasets import CATALOG, ORDERS
from lib.run.window import Window
from lib.transform.bronze import OUTSIDE, ROW, bronze_schema, business_date, date_records, record_schema, stamp

WINDOW = Window(date(2025, 10, 20), date(2025, 10, 22))
SOURCE = Source(format="csv", path="in.csv", time_zone="Asia/Kolkata")


@pytest.fixture
def records(spark):
    """Records of a contract from dictionaries: what is not given is null."""

    def build(contract, rows):
        schema = record_schema(contract)
        return spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in rows], schema)

    return build


def test_the_business_date_is_the_day_in_india(expect):
    expect(
        "at TIMESTAMP, expected DATE",
        [
            ("2025-10-19 18:29:59.999999", "2025-10-19"),
            ("2025-10-19 18:30:00", "2025-10-20"),
            ("2025-10-20 18:29:59", "2025-10-20"),
            ("2025-10-20 18:30:00", "2025-10-21"),
            ("2024-02-28 18:30:00", "2024-02-29"),
            ("2025-12-31 18:30:00", "2026-01-01"),
            (None, None),
        ],
        business_date("at"),
    )


# order_ts as the source writes it -> business date, outside the window?
DATED = [
    ("2025-10-20 00:00:00", "2025-10-20", False),
    ("2025-10-19 23:59:59", "2025-10-19", True),
    ("2025-10-19T18:30:00Z", "2025-10-20", False),
    ("2025-10-19T18:29:59Z", "2025-10-19", True),
    ("2025-10-21 23:59:59", "2025-10-21", False),
    ("2025-10-22 00:00:00", "2025-10-22", True),
    ("2024-10-20 00:00:00", "2024-10-20", True),  # long ago: that date's own run
    # what cannot be read is refused on the run's last day
    ("yesterday", "2025-10-21", False),
    ("2025-02-30 10:00:00", "2025-10-21", False),
    ("", "2025-10-21", False),
    (None, "2025-10-21", False),
    # so is what lies 30 days or more after the window
    ("2025-11-20 23:59:59", "2025-11-20", True),
    ("2025-11-21 00:00:00", "2025-10-21", False),
    ("2205-10-20 00:00:00", "2025-10-21", False),
]


@pytest.mark.usefixtures("ansi")
def test_records_are_dated_by_their_event(records, shown):
    df = records(ORDERS, [{"order_id": str(n), "order_ts": at} for n, (at, _, _) in enumerate(DATED)])
    dated = date_records(df, ORDERS, SOURCE, WINDOW, max_days_after=30)
    found = {int(row["order_id"]): (str(row["business_date"]), row[OUTSIDE]) for row in dated.collect()}
    expected = {n: (day, outside) for n, (_, day, outside) in enumerate(DATED)}
    assert found == expected
    assert dated.select(ROW).distinct().count() == len(DATED)


def test_a_strict_window_takes_later_rows_to_refuse_them(records):
    given = ["2025-10-21 23:59:59", "2025-10-22 00:00:00", "2025-10-19 23:59:59", "2025-11-30 00:00:00"]
    df = records(ORDERS, [{"order_id": at, "order_ts": at} for at in given])
    strict = Source(format="csv", path="in.csv", time_zone="Asia/Kolkata", window="strict")
    dated = date_records(df, ORDERS, strict, WINDOW, max_days_after=30)
    found = {row["order_id"]: (str(row["business_date"]), row[OUTSIDE]) for row in dated.collect()}
    assert found == {
        "2025-10-21 23:59:59": ("2025-10-21", False),
        "2025-10-22 00:00:00": ("2025-10-21", False),
        "2025-10-19 23:59:59": ("2025-10-19", True),
        "2025-11-30 00:00:00": ("2025-10-21", False),
    }


def test_a_snapshot_carries_the_last_day_of_the_run(records):
    dated = date_records(records(CATALOG, [{"product_id": "1"}]), CATALOG, SOURCE, WINDOW, max_days_after=30)
    assert dated.select(F.col("snapshot_date").cast("string"), OUTSIDE).collect() == [("2025-10-21", False)]


def test_bronze_keeps_the_text_and_says_where_it_came_from(records):
    rows = [
        {"order_id": " 1 ", "order_ts": "2025-10-20 10:00:00", "quantity": "two", "_source_record": 7},
        {"order_id": "2", "order_ts": "2025-10-25 10:00:00"},
    ]
    dated = date_records(records(ORDERS, rows), ORDERS, SOURCE, WINDOW, max_days_after=30)
    bronze = stamp(
        dated.where(~F.col(OUTSIDE)),
        ORDERS,
        run_id="run-1",
        source="orders",
        ingested_at=F.lit("2025-10-22 01:00:00").cast("timestamp"),
    )
    assert [(f.name, f.dataType) for f in bronze.schema] == [(f.name, f.dataType) for f in bronze_schema(ORDERS)]
    (row,) = bronze.collect()  # the other one is another run's
    assert (row["order_id"], row["quantity"], row["order_ts"]) == (" 1 ", "two", "2025-10-20 10:00:00")
    assert (row["_run_id"], row["_source"], row["_source_record"]) == ("run-1", "orders", 7)
