"""The latest row of each key: never dependent on the order of rows; what has no key is left for the rules."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve
from pyspark.sql import Observation

from lib.config import Changes, Source
from lib.datasets import INVENTORY, ORDERS
from lib.run.window import Window
from lib.transform.bronze import bronze_schema
from lib.transform.latest import RANK, rank_latest
from lib.transform.prepare import latest_rows, typed_rows

WINDOW = Window(date(2025, 10, 20), date(2025, 10, 21))
SOURCE = Source(format="csv", path="in.csv", time_zone="Asia/Kolkata")

# key, updated_at, what else the row says, does it compete -> its rank
RANKED = [
    ("a", "2025-10-20 10:00:00", "old", True, 2),
    ("a", "2025-10-20 10:00:01", "new", True, 1),
    # a tie is broken by all that the rows say
    ("b", "2025-10-20 10:00:00", "x", True, 2),
    ("b", "2025-10-20 10:00:00", "y", True, 1),
    # a row that does not say when it changed is the oldest
    ("c", None, "unknown", True, 2),
    ("c", "2000-01-01 00:00:00", "known", True, 1),
    ("d", None, None, True, 2),
    ("d", None, "z", True, 1),
    # what does not compete stands alone
    ("e", "2025-10-20 10:00:00", "x", False, 1),
    ("e", "2025-10-20 10:00:01", "y", False, 1),
    ("e", "2025-10-20 09:00:00", "z", True, 1),
    (None, None, None, False, 1),
    (None, None, None, False, 1),
]
DDL = "key STRING, updated_at TIMESTAMP, said STRING, competes BOOLEAN, expected INT"


def ranked(df):
    hidden = df.withColumnRenamed("expected", "_expected")  # names with _ are not part of what a row says
    ranks = rank_latest(hidden, key=["key"], latest_by=["updated_at"], competes="competes")
    return ranks.withColumnsRenamed({"_expected": "expected", RANK: "actual"})


def test_rank_of_each_row(expect):
    expect(DDL, RANKED, ranked)


@pytest.mark.parametrize("arrangement", ["reversed", "spread"])
def test_the_order_of_rows_does_not_matter(frame, arrangement):
    rows = RANKED[::-1] if arrangement == "reversed" else RANKED[::2] + RANKED[1::2]
    winners = ranked(frame(DDL, rows).repartition(3)).where("actual = 1 AND competes")
    assert {(row["key"], row["said"]) for row in winners.collect()} == {
        ("a", "new"), ("b", "y"), ("c", "known"), ("d", "z"), ("e", "z")
    }  # fmt: skip


@pytest.fixture
def bronze(spark, frame):
    def build(contract, rows):
        texts = bronze_schema(contract)
        day = dict.fromkeys(contract.partition_by, WINDOW.start)
        given = [{"_row": number, **day, **row} for number, row in enumerate(rows)]
        return spark.createDataFrame([tuple(row.get(name) for name in texts.names) for row in given], texts)

    return build


def line(order_id, line_id, at="2025-10-20 10:00:00", **rest):
    return {"order_id": order_id, "order_line_id": line_id, "order_ts": at, **rest}


@pytest.mark.usefixtures("ansi")
def test_latest_order_lines_and_the_count_of_duplicates(bronze):
    rows = [
        line("1", "1", updated_at="2025-10-20 11:00:00", order_status="placed"),
        line("1", "1", updated_at="2025-10-20 12:00:00", order_status="shipped"),
        line("1", "1", updated_at="2025-10-20 12:00:00", order_status="shipped"),  # delivered twice
        line("1", "2", order_status="placed"),
        line("2", "1", order_status="placed"),  # without updated_at: order_ts stands in
        line("2", "1", updated_at="2025-10-20 09:59:59", order_status="older"),
        line(None, "1", order_status="no key"),
        line(None, "1", order_status="no key"),
        line("NULL", "1", order_status="no key"),
        line("3", "1", at="junk", order_status="no time"),
        line("3", "1", at="2025-10-21 00:00:00", order_status="after the window"),
        line("4", "1", order_status="malformed", _malformed="4,1,..."),
        line("4", "1", order_status="whole"),
    ]
    typed = typed_rows(bronze(ORDERS, rows), ORDERS, SOURCE, WINDOW)
    duplicates = Observation()
    latest = latest_rows(typed, ORDERS, duplicates).collect()
    assert sorted((row["order_id"] or "", row["order_line_id"], row["order_status"]) for row in latest) == [
        ("", "1", "no key"),
        ("", "1", "no key"),
        ("", "1", "no key"),
        ("1", "1", "shipped"),
        ("1", "2", "placed"),
        ("2", "1", "placed"),
        ("3", "1", "after the window"),
        ("3", "1", "no time"),
        ("4", "1", "malformed"),
        ("4", "1", "whole"),
    ]
    assert duplicates.get["rows"] == len(rows) - len(latest) == 3


@pytest.mark.usefixtures("ansi")
def test_of_changes_the_highest_number_counts_and_what_cannot_be_told_does_not_compete(bronze):
    later = {"updated_at": "2025-10-20 12:00:00"}
    rows = [
        line("1", "1", operation="u", sequence="9", quantity="1"),
        line("1", "1", operation="c", sequence="10", quantity="2"),
        line("1", "1", operation="u", sequence="9", quantity="3", **later),
        line("1", "1", operation="truncate", sequence="99", **later),
        line("1", "1", operation=None, sequence="98", **later),
        line("1", "1", operation="u", sequence="1.5", **later),
        line("2", "1", operation=" Delete ", sequence="20251020100000120000000000000000093"),
        line("2", "1", operation="I", sequence="20251020100000120000000000000000092.0"),
        line("2", "1", operation="u", sequence=None, **later),
    ]
    source = evolve(SOURCE, changes=Changes(operation="op", sequence="lsn"))
    duplicates = Observation()
    latest = latest_rows(typed_rows(bronze(ORDERS, rows), ORDERS, source, WINDOW), ORDERS, duplicates).collect()
    told = [(r["order_id"], r["operation"], r["sequence"] and str(r["sequence"]), r["quantity"]) for r in latest]
    assert sorted(told, key=str) == [
        ("1", "UNKNOWN", "98", None),
        ("1", "UNKNOWN", "99", None),
        ("1", "UPSERT", "10", 2),
        ("1", "UPSERT", None, None),
        ("2", "DELETE", "20251020100000120000000000000000093", None),
    ]
    assert duplicates.get["rows"] == 4


def test_a_tie_with_a_version_that_does_not_fit_its_types_has_one_winner_in_any_order(bronze):
    rows = [line("1", "1", quantity="two"), line("1", "1", quantity="2")]
    winners = []
    for arranged in (rows, rows[::-1]):
        typed = typed_rows(bronze(ORDERS, arranged), ORDERS, SOURCE, WINDOW)
        winners += [row["quantity"] for row in latest_rows(typed, ORDERS, Observation()).collect()]
    assert len(winners) == 2
    assert len(set(winners)) == 1


def test_defaults_of_what_is_absent_but_not_of_what_does_not_fit(bronze):
    rows = [line("1", "1"), line("2", "1", discount_percentage="lots", updated_at="junk"), line("3", "1", at=None)]
    typed = typed_rows(bronze(ORDERS, rows), ORDERS, SOURCE, WINDOW)
    shown = typed.selectExpr("order_id", "discount_percentage", "updated_at = order_ts AS same", "_type_errors")
    found = {row["order_id"]: tuple(row)[1:] for row in shown.collect()}
    assert str(found["1"][0]) == "0.00"
    assert found["1"][1] is True
    assert sorted(found["2"][2]) == ["discount_percentage", "updated_at"]
    assert found["3"][1] is None


def test_a_stock_list_without_times_is_the_state_at_the_start_of_the_window(bronze):
    rows = [
        {"product_id": "1", "on_hand": "5"},
        {"product_id": "2", "on_hand": "5", "warehouse_id": "W", "reserved": "2"},
    ]
    typed = typed_rows(bronze(INVENTORY, rows), INVENTORY, SOURCE, WINDOW)
    found = typed.selectExpr("product_id", "warehouse_id", "reserved", "CAST(event_ts AS string)").collect()
    assert sorted(map(tuple, found)) == [
        ("1", "MAIN", 0, "2025-10-19 18:30:00"),
        ("2", "W", 2, "2025-10-19 18:30:00"),
    ]


@pytest.mark.parametrize(
    ("at", "after"),
    [("2025-10-20 23:59:59", False), ("2025-10-21 00:00:00", True), ("junk", False), (None, False)],
)
def test_rows_after_the_window_are_marked(bronze, at, after):
    typed = typed_rows(bronze(ORDERS, [line("1", "1", at=at)]), ORDERS, SOURCE, WINDOW)
    assert typed.first()["_after_window"] is after


def test_columns_that_are_not_needed_are_emptied_before_anything_is_shuffled(bronze):
    rows = [line("1", "1", delivery_name="Asha", delivery_city="Pune")]
    typed = typed_rows(bronze(ORDERS, rows), ORDERS, SOURCE, WINDOW, without=("delivery_name",))
    row = typed.first()
    assert (row["delivery_name"], row["delivery_city"]) == (None, "Pune")
