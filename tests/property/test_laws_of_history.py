"""Customer history, the latest row and stock by day against plain Python models, many cases in one frame each."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.datasets import CUSTOMER_VERSIONS
from lib.run.window import Window
from lib.transform.customers import CARRIED, customer_history
from lib.transform.inventory import daily_snapshots
from lib.transform.latest import RANK, rank_latest

WINDOW = Window(date(2025, 1, 10), date(2025, 1, 16))
HOURS = st.integers(0, 20 * 24)
START = datetime(2025, 1, 1)  # noqa: DTZ001  the session's zone is UTC


def at(hours):
    return str(START + timedelta(hours=hours))


def biggest_last(value):
    """Nulls first, then by value: the greatest row of a tie is the last one."""
    return [(part is not None, part if part is not None else 0) for part in value]


# One customer: (hour of the version, city, lifetime orders), in any order, times repeating.
CUSTOMER = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from([None, "Delhi", "Pune"]), st.sampled_from([None, 1, 2])),
    min_size=1,
    max_size=8,
)


def modelled(customer):
    """[(from, until, city, orders)]: of one hour the greatest; equal neighbours are one."""
    by_hour = defaultdict(list)
    for hour, *value in customer:
        by_hour[hour].append(tuple(value))
    kept = []
    for hour in sorted(by_hour):
        value = max(by_hour[hour], key=biggest_last)
        if not kept or kept[-1][1] != value:
            kept.append((hour, value))
    ends = [hour for hour, _ in kept[1:]] + [None]
    return [(at(hour), None if end is None else at(end), *value) for (hour, value), end in zip(kept, ends, strict=True)]


def versions(spark, customers):
    rows = [(str(n), at(hour), city, orders) for n, customer in customers for hour, city, orders in customer]
    df = spark.createDataFrame(rows, "customer_id string, updated_at string, city string, lifetime_orders int")
    kinds = {f.name: f.dataType for f in CUSTOMER_VERSIONS.schema}
    rest = {n: F.lit(None).cast(kinds[n]) for n in CARRIED if n not in ("city", "lifetime_orders")}
    return df.withColumn("updated_at", F.col("updated_at").cast("timestamp")).withColumns(rest)


def told(history):
    times = [F.col(name).cast("string") for name in ("valid_from", "valid_to")]
    found = defaultdict(list)
    for key, current, *rest in history.select("customer_id", "is_current", *times, "city", "lifetime_orders").collect():
        assert current == (rest[1] is None)
        found[int(key)].append(tuple(rest))
    return {key: sorted(rows) for key, rows in found.items()}


@pytest.fixture(scope="module")
def customers(examples_of):
    return list(enumerate(examples_of(CUSTOMER, 200)))


def test_history_is_as_modelled(spark, customers):
    expected = {n: modelled(customer) for n, customer in customers}
    assert told(customer_history(versions(spark, customers), None, WINDOW)) == expected


def test_history_does_not_depend_on_the_order_of_rows(spark, customers):
    shuffled = [(n, random.sample(customer, len(customer))) for n, customer in reversed(customers)]
    history = customer_history(versions(spark, shuffled).repartition(5), None, WINDOW)
    assert told(history) == {n: modelled(customer) for n, customer in customers}


def test_telling_everything_again_changes_nothing(spark, customers):
    once = customer_history(versions(spark, customers), None, WINDOW).localCheckpoint()
    again = customer_history(versions(spark, customers), once, WINDOW)
    current = again.where("is_current").groupBy("customer_id").count()
    assert current.where("count <> 1").count() == 0
    assert told(again) == told(once)


def test_what_is_told_in_order_over_two_nights_is_as_if_told_at_once(spark, customers):
    first = [(n, [v for v in customer if v[0] < 4]) for n, customer in customers]
    second = [(n, [v for v in customer if v[0] >= 4]) for n, customer in customers]
    night = customer_history(versions(spark, first), None, WINDOW).localCheckpoint()
    both = customer_history(versions(spark, second), night, WINDOW)
    assert told(both) == {n: modelled(customer) for n, customer in customers}


def test_the_latest_row_is_the_greatest_in_any_order(spark, examples_of):
    row = st.tuples(
        st.sampled_from(["a", None]), st.none() | st.integers(0, 3), st.sampled_from([None, "x", "y"]), st.booleans()
    )
    cases = list(enumerate(examples_of(st.lists(row, min_size=1, max_size=6), 200)))
    rows = [(f"{n}{key or ''}", key, *rest) for n, case in cases for key, *rest in case]
    random.shuffle(rows)
    df = spark.createDataFrame(rows, "id string, key string, version int, said string, _competes boolean")
    ranked = rank_latest(df.repartition(3), key=["id", "key"], latest_by=["version"], competes="_competes").collect()
    competing = defaultdict(list)
    for identity, key, version, said, competes in rows:
        if competes:
            competing[identity, key].append((version, said))
    winners = {(r["id"], r["key"]): (r["version"], r["said"]) for r in ranked if r[RANK] == 1 and r["_competes"]}
    assert winners == {key: max(values, key=biggest_last) for key, values in competing.items()}
    assert all(r[RANK] == 1 for r in ranked if not r["_competes"])
    assert len(ranked) == len(rows)


def test_stock_is_that_of_the_last_event_before_the_end_of_each_day(spark, examples_of):
    event = st.tuples(HOURS, st.integers(0, 3), st.integers(0, 5))
    logs = list(enumerate(examples_of(st.lists(event, min_size=1, max_size=6, unique_by=lambda e: e[:2]), 200)))
    rows = [(str(n), "W", "Pune", left, 1, at(hour), seq) for n, log in logs for hour, seq, left in log]
    schema = (
        "product_id string, warehouse_id string, warehouse_city string, on_hand bigint, reserved bigint, "
        "event_ts string, sequence bigint"
    )
    events = spark.createDataFrame(rows, schema).withColumn("event_ts", F.col("event_ts").cast("timestamp"))
    df = daily_snapshots(events.withColumn("warnings", F.array().cast("array<string>")), WINDOW, stale_after_days=3)
    found = {(int(r["product_id"]), r["snapshot_date"]): (r["available"], r["is_stale"]) for r in df.collect()}
    expected = {}
    for n, log in logs:
        for day in WINDOW.dates:
            end = Window(day, day + timedelta(days=1)).end_instant.replace(tzinfo=None)
            past = [e for e in log if START + timedelta(hours=e[0]) < end]
            if past:
                hour, _, left = max(past)
                own_day = (START + timedelta(hours=hour, minutes=330)).date()
                expected[n, day] = (left - 1, (day - own_day).days > 3)
    assert found == expected
