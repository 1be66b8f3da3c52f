"""The mark of how far a source is read: in the commit of the rows, in no other, and as durable as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lib.config.model import Tables
from lib.datasets.contract import Contract, Layer, count, day
from lib.errors import Superseded
from lib.run import faults
from lib.tables import open_store

RAW = Contract(
    "raw", Layer.GOLD, 1, "a record", (day("business_date", ""), day("arrival_date", ""), count("n", "")),
    partition_by=("business_date", "arrival_date"),
)  # fmt: skip
D20, D21, D22 = (date(2025, 10, number) for number in (20, 21, 22))
ARRIVED_21 = {"arrival_date": [D21]}


@pytest.fixture(params=["delta", "parquet"])
def store(request, spark, tmp_path):
    return open_store(spark, Tables(root=str(tmp_path / "tables"), format=request.param))


@pytest.fixture
def raw(spark):
    return lambda *rows: spark.createDataFrame(list(rows), RAW.schema)


def rows_of(store):
    return sorted(tuple(row) for row in store.read(RAW.path).select(*RAW.names).collect())


def test_the_mark_is_that_of_the_newest_commit_that_has_one(store, raw):
    assert store.mark(RAW.path) == 0
    store.replace(raw((D20, D20, 1)), RAW, {"arrival_date": [D20]}, "run-1", mark=1)
    store.replace(raw((D21, D21, 2)), RAW, ARRIVED_21, "run-2", mark=2)
    store.replace(raw((D22, D22, 3)), RAW, {"arrival_date": [D22]}, "run-3")
    assert store.mark(RAW.path) == 2


def test_what_arrived_is_replaced_in_whatever_dates_it_lies(store, raw):
    """A scope may leave a partition column open that stands before the one that it names."""
    store.replace(raw((D20, D20, 1), (D22, D20, 2)), RAW, {"arrival_date": [D20]}, "run-1", mark=1)
    store.replace(raw((D20, D21, 3), (D21, D21, 4)), RAW, ARRIVED_21, "run-2", mark=2)
    store.replace(raw((D21, D21, 5), (D22, D21, 6)), RAW, ARRIVED_21, "run-2", mark=3)
    assert rows_of(store) == [(D20, D20, 1), (D21, D21, 5), (D22, D20, 2), (D22, D21, 6)]


@pytest.mark.parametrize(("point", "mark"), [("before_stage", 1), ("before_commit", 1), ("after_commit", 2)])
def test_rows_and_mark_come_together_or_not_at_all(store, raw, monkeypatch, point, mark):
    store.replace(raw((D20, D20, 1)), RAW, {"arrival_date": [D20]}, "run-1", mark=1)

    def fail(reached, table=""):
        if reached == point:
            raise OSError(point)

    monkeypatch.setattr(faults, "reached", fail)
    with pytest.raises(Exception, match=point):
        store.replace(raw((D21, D21, 2)), RAW, ARRIVED_21, "run-2", mark=2)
    assert (len(rows_of(store)), store.mark(RAW.path)) == (mark, mark)


def test_a_mark_that_another_run_has_set_meanwhile_stops_the_write(spark, tmp_path, raw):
    """Delta takes a write of a known mark for a repetition and leaves it out, rows and all, without a word."""
    store = open_store(spark, Tables(root=str(tmp_path / "tables")))
    store.replace(raw((D20, D20, 1)), RAW, {"arrival_date": [D20]}, "run-1", mark=1)
    with pytest.raises(Superseded, match="Another run has taken new files of `raw`"):
        store.replace(raw((D21, D21, 2)), RAW, ARRIVED_21, "run-2", mark=1)
    assert rows_of(store) == [(D20, D20, 1)]


def test_the_mark_outlives_the_commit_that_set_it(spark, tmp_path, raw):
    """Delta deletes commits after a month, once a checkpoint holds what they said."""
    store = open_store(spark, Tables(root=str(tmp_path / "tables")))
    store.replace(raw((D20, D20, 1)), RAW, {"arrival_date": [D20]}, "run-1", mark=1)
    spark.sql(f"ALTER TABLE delta.`{store.at(RAW.path)}` SET TBLPROPERTIES ('delta.checkpointInterval' = '2')")
    for number in range(2, 5):
        store.replace(raw((D21, D21, number)), RAW, ARRIVED_21, f"run-{number}")
    log = Path(store.at(RAW.path).removeprefix("file:")) / "_delta_log"
    newest = max(int(path.name[:20]) for path in log.glob("*.checkpoint*.parquet"))
    old = [path for path in log.glob("*.json") if path.name[:20].isdigit() and int(path.name[:20]) < newest]
    assert old
    for path in old:
        path.unlink()
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)
    assert store.mark(RAW.path) == 1
