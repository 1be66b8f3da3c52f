"""Changes in any order, split over nights and told twice, give what a plain Python model makes of them in order."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from pyspark.sql import Observation
from pyspark.sql import functions as F

from lib.config import Changes, Source
from lib.datasets import CUSTOMER_VERSIONS, ORDER_LINES, ORDERS
from lib.run.window import Window
from lib.transform.bronze import DIGEST, bronze_schema, digest
from lib.transform.customers import CARRIED, customer_history
from lib.transform.late import compare, deletions, merge_late, untold
from lib.transform.operation import DELETE
from lib.transform.prepare import latest_rows, typed_rows

DAYS = (date(2025, 10, 17), date(2025, 10, 18))
NIGHTS = (date(2025, 10, 19), date(2025, 10, 20), date(2025, 10, 21))
SOURCE = Source(format="json", path="in", changes=Changes(operation="op", sequence="lsn"))

# One line's changes in the order in which the source made them: deleted or not, the day, the units.
LINE = st.lists(st.tuples(st.booleans(), st.sampled_from(DAYS), st.integers(1, 9)), min_size=1, max_size=6)


def told_over_nights(lines, seed):
    """(order, number, deleted, day, units, night), every change told once or more often, in no order."""
    draw = random.Random(seed)
    records = []
    for name, line in enumerate(lines):
        for number, (gone, day, units) in enumerate(line):
            for _ in range(draw.choice((1, 1, 2, 3))):
                records.append((f"O{name}", number, gone, day, units, draw.choice(NIGHTS)))
    draw.shuffle(records)
    return records


def bronze_of(spark, records):
    texts = bronze_schema(ORDERS)
    rows = []
    for row, (order, number, gone, day, units, night) in enumerate(records):
        given = {
            "order_id": order, "order_line_id": "1", "order_ts": f"{day} 10:00:00", "quantity": str(units),
            "operation": " D " if gone else "u", "sequence": str(number), "business_date": day, "arrival_date": night,
            "_row": row,
        }  # fmt: skip
        rows.append(tuple(given.get(name) for name in texts.names))
    return spark.createDataFrame(rows, texts).withColumn(DIGEST, digest(ORDERS)).repartition(3).localCheckpoint()


def lines_of(rows):
    kinds = {field.name: field.dataType for field in ORDER_LINES.schema}
    return rows.select(
        *[(F.col(n) if n in rows.columns else F.lit(None).cast(kind)).alias(n) for n, kind in kinds.items()]
    )


def settled(df):
    return df.sparkSession.createDataFrame(df.collect(), df.schema)


def publish(bronze, silver, night):
    """A night whose records are all late, as `jobs.conform_orders` does it."""
    window = Window(night, night + timedelta(days=1))
    before = bronze.where(F.col("arrival_date") < F.lit(night))
    news = untold(bronze.where(F.col("arrival_date") == F.lit(night)), before)
    latest = latest_rows(typed_rows(news, ORDERS, SOURCE, window), ORDERS, Observation())
    accepted = settled(lines_of(latest.where(F.col("operation") != DELETE)))
    deleted = latest.where(F.col("operation") == DELETE)
    gone = deletions(typed_rows(before, ORDERS, SOURCE, window))
    compared = settled(compare(accepted, silver, deleted, gone))
    merged = merge_late(accepted, silver, compared, [night])
    untouched = silver.where(~F.col("business_date").isin(*merged.reopened)) if merged.reopened else silver
    return settled(merged.lines.unionByName(untouched))


@pytest.mark.parametrize("seed", [7])
def test_lines_are_as_if_changed_in_order(spark, examples_of, seed):
    lines = examples_of(LINE, 300)
    bronze = bronze_of(spark, told_over_nights(lines, seed))
    silver = spark.createDataFrame([], ORDER_LINES.schema)
    for night in NIGHTS:
        silver = publish(bronze, silver, night)
    rows = silver.select("order_id", "business_date", "quantity", "sequence").collect()
    found = {row["order_id"]: (row["business_date"], row["quantity"], int(row["sequence"])) for row in rows}
    assert len(found) == len(rows)
    last = {f"O{n}": (*line[-1], len(line) - 1) for n, line in enumerate(lines)}
    assert found == {name: (day, units, number) for name, (gone, day, units, number) in last.items() if not gone}


def history_of(spark, rows, before, night):
    """The history after a night's changes: (customer, time, number, city)."""
    kinds = {f.name: f.dataType for f in CUSTOMER_VERSIONS.schema}
    df = spark.createDataFrame(rows, "customer_id string, updated_at string, sequence int, city string")
    rest = {n: F.lit(None).cast(kinds[n]) for n in CARRIED if n not in ("city", "sequence")}
    df = df.withColumns({n: F.col(n).cast(kinds[n]) for n in ("updated_at", "sequence")}).withColumns(rest)
    return customer_history(df, before, Window(night, night + timedelta(days=1)))


def test_history_is_as_if_told_in_order(spark, examples_of):
    """Several changes of one moment among them: the one with the highest number was the last."""
    cases = examples_of(st.lists(st.integers(0, 4), min_size=1, max_size=6), 200)
    draw = random.Random(5)
    told, expected = {night: [] for night in NIGHTS}, {}
    for name, hours in enumerate(cases):
        last = {}
        for number, hour in enumerate(sorted(hours)):
            at = str(datetime(2025, 1, 1) + timedelta(hours=hour))  # noqa: DTZ001  the session's zone is UTC
            last[at] = number
            for night in {draw.choice(NIGHTS), draw.choice(NIGHTS)}:
                told[night].append((str(name), at, number, f"city {number}"))
        ends = [*list(last)[1:], None]
        expected[str(name)] = [(at, end, f"city {n}") for (at, n), end in zip(last.items(), ends, strict=True)]
    history = None
    for night, rows in told.items():
        draw.shuffle(rows)
        history = settled(history_of(spark, rows, history, night))
    times = [F.col(name).cast("string") for name in ("valid_from", "valid_to")]
    found = {}
    for name, *version in sorted(map(tuple, history.select("customer_id", *times, "city").collect()), key=str):
        found.setdefault(name, []).append(tuple(version))
    assert found == expected


def test_a_version_knows_the_numbers_of_its_first_and_its_last_telling(spark):
    first, last = "2025-01-01 00:00:00", "2025-01-03 00:00:00"
    history = settled(history_of(spark, [("c", first, 5, "Pune"), ("c", last, 9, "Pune")], None, NIGHTS[0]))
    again = history_of(spark, [("c", first, 4, "Agra"), ("c", last, 8, "Agra")], history, NIGHTS[1])
    assert again.collect() == history.collect()
    newer = history_of(spark, [("c", last, 10, "Agra")], history, NIGHTS[1])
    assert [row["city"] for row in newer.orderBy("valid_from").collect()] == ["Pune", "Agra"]
