"""Silver inventory: what was in stock at the end of each day of the window."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from lib.datasets import INVENTORY_SNAPSHOT
from lib.run.window import Window
from lib.transform.inventory import available_by_product, daily_snapshots

WINDOW = Window(date(2025, 10, 20), date(2025, 10, 23))
EVENTS = (
    "product_id STRING, warehouse_id STRING, warehouse_city STRING, on_hand BIGINT, reserved BIGINT, "
    "event_ts TIMESTAMP, sequence BIGINT, warnings ARRAY<STRING>"
)


@pytest.fixture
def snapshots(frame):
    """`snapshots(events)`: (day, product, warehouse, available, as_of, stale) of events
    (product, warehouse, on_hand, reserved, event_ts UTC, sequence)."""

    def run(events, stale_after_days=3):
        rows = [(p, w, "Pune", on_hand, reserved, at, seq, []) for p, w, on_hand, reserved, at, seq in events]
        found = daily_snapshots(frame(EVENTS, rows), WINDOW, stale_after_days=stale_after_days)
        assert [(f.name, f.dataType) for f in found.schema] == [(f.name, f.dataType) for f in INVENTORY_SNAPSHOT.schema]
        shown = found.select(
            F.col("snapshot_date").cast("string"),
            "product_id",
            "warehouse_id",
            "available",
            F.col("as_of_ts").cast("string"),
            "is_stale",
        )
        return sorted(tuple(row) for row in shown.collect())

    return run


def days(found):
    return [(day, available) for day, _, _, available, _, _ in found]


@pytest.mark.usefixtures("ansi")
def test_an_event_at_the_very_end_of_a_day_is_the_next_days(snapshots):
    before, at = "2025-10-20 18:29:59", "2025-10-20 18:30:00"
    assert days(snapshots([("p", "W", 5, 0, before, 1)])) == [("2025-10-20", 5), ("2025-10-21", 5), ("2025-10-22", 5)]
    assert days(snapshots([("p", "W", 5, 0, at, 1)])) == [("2025-10-21", 5), ("2025-10-22", 5)]


def test_what_was_there_before_the_window_carries_in(snapshots):
    found = snapshots([("p", "W", 9, 2, "2025-10-18 12:00:00", 1), ("p", "W", 8, 2, "2025-10-21 12:00:00", 2)])
    assert found == [
        ("2025-10-20", "p", "W", 7, "2025-10-18 12:00:00", False),
        ("2025-10-21", "p", "W", 6, "2025-10-21 12:00:00", False),
        ("2025-10-22", "p", "W", 6, "2025-10-21 12:00:00", False),
    ]


def test_events_after_the_window_are_ignored(snapshots):
    events = [("p", "W", 9, 0, "2025-10-20 12:00:00", 1), ("p", "W", 1, 0, "2025-10-22 18:30:00", 2)]
    assert days(snapshots(events)) == [("2025-10-20", 9), ("2025-10-21", 9), ("2025-10-22", 9)]
    assert snapshots(events[1:]) == []


def test_the_last_event_of_a_day_counts_by_time_then_sequence(snapshots):
    at = "2025-10-22 10:00:00"
    events = [
        ("p", "W", 1, 0, "2025-10-22 09:00:00", 99),
        ("p", "W", 2, 0, at, 7),
        ("p", "W", 3, 0, at, 8),
        ("p", "W", 4, 0, at, None),  # one that does not say its number is the first of its instant
    ]
    assert days(snapshots(events)) == [("2025-10-22", 3)]
    assert days(snapshots(events[::-1])) == [("2025-10-22", 3)]


def test_stale_is_more_than_so_many_days_old(snapshots):
    stale = [(day, row[-1]) for row in snapshots([("p", "W", 1, 0, "2025-10-18 12:00:00", 1)]) for day in row[:1]]
    assert stale == [("2025-10-20", False), ("2025-10-21", False), ("2025-10-22", True)]
    assert all(row[-1] for row in snapshots([("p", "W", 1, 0, "2025-10-18 12:00:00", 1)], stale_after_days=1))


@pytest.mark.usefixtures("ansi")
def test_oversold_is_negative_and_warehouses_add_up(frame, snapshots):
    events = [("p", "A", 1, 4, "2025-10-22 01:00:00", 1), ("p", "B", 5, 0, "2025-10-22 01:00:00", 1)]
    assert [(row[2], row[3]) for row in snapshots(events)] == [("A", -3), ("B", 5)]
    rows = [(p, w, "Pune", on_hand, reserved, at, seq, []) for p, w, on_hand, reserved, at, seq in events]
    total = available_by_product(daily_snapshots(frame(EVENTS, rows), WINDOW, stale_after_days=3)).collect()
    assert [(str(row["business_date"]), row["product_id"], row["available"]) for row in total] == [
        ("2025-10-22", "p", 2)
    ]
