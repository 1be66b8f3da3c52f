"""Runs of different dates at once: Delta lets one of two commits win, and the other is made again; not for ever."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config.model import LeaseTerms, Tables
from lib.datasets.contract import Contract, Layer, count, day, text
from lib.errors import Superseded
from lib.run import faults
from lib.run.lease import Lease
from lib.tables import conflicts, open_lease, open_store

SALES = Contract(
    "sales", Layer.GOLD, 1, "a day", (day("business_date", ""), text("run", ""), count("n", "")),
    partition_by=("business_date",),
)  # fmt: skip
DAYS = [date(2025, 10, number) for number in (20, 21, 22)]


@pytest.fixture
def tables(tmp_path):
    return Tables(str(tmp_path / "tables"))


@pytest.fixture
def publish(spark, tables):
    """`publish(day, run)` replaces the day by two rows of the run."""

    def replace(day, run, rows=None):
        told = spark.createDataFrame([(day, run, n) for n in (1, 2)], SALES.schema) if rows is None else rows
        return open_store(spark, tables).replace(told, SALES, {"business_date": [day]}, run)

    return replace


@pytest.fixture
def held(spark, tables):
    def rows():
        found = open_store(spark, tables).read(SALES.path).collect()
        return sorted((str(row["business_date"]), row["run"], row["n"]) for row in found)

    return rows


def side_by_side(*steps):
    troubles = []

    def told(step):
        try:
            step()
        except Exception as trouble:  # noqa: BLE001
            troubles.append(trouble)

    threads = [threading.Thread(target=told, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles


def test_runs_of_different_dates_that_make_a_table_at_once_all_publish(publish, held, monkeypatch):
    """All have seen that there is no table before any of them makes it."""
    together = threading.Barrier(len(DAYS))
    first = threading.local()

    def reached(point, table=""):
        if point == "before_commit" and not hasattr(first, "waited"):
            first.waited = True
            together.wait(300)

    monkeypatch.setattr(faults, "reached", reached)
    assert side_by_side(*[lambda day=day: publish(day, f"run-{day}") for day in DAYS]) == []
    assert held() == [(str(day), f"run-{day}", n) for day in DAYS for n in (1, 2)]


def test_a_run_whose_commit_another_overtook_publishes_all_the_same(spark, publish, held, tmp_path):
    """The other replaces the same partition while this one's rows are computed."""
    publish(DAYS[0], "before")
    path = str(tmp_path / "come")

    def wait_for_the_other(n):
        import pathlib

        pathlib.Path(f"{path}-started").touch()
        while not pathlib.Path(path).exists():
            time.sleep(0.02)
        return n

    slow = F.udf(wait_for_the_other, T.LongType())
    rows = spark.createDataFrame([(DAYS[0], "slow", 1)], SALES.schema).withColumn("n", slow("n"))

    def other():
        while not (tmp_path / "come-started").exists():
            time.sleep(0.02)
        publish(DAYS[0], "quick")
        (tmp_path / "come").touch()

    assert side_by_side(lambda: publish(DAYS[0], "slow", rows), other) == []
    assert held() == [(str(DAYS[0]), "slow", 1)]


def test_conflicts_without_end_are_told_and_end_with_6(publish, spark, tables, monkeypatch):
    publish(DAYS[0], "before")
    attempts = []
    full = open_store(spark, tables).at(SALES.path)

    def commit():
        attempts.append(1)
        spark.createDataFrame([(DAYS[0], "again", 1)], SALES.schema).write.format("delta").mode("error").save(full)

    monkeypatch.setattr(conflicts, "_FIRST_PAUSE", 0.001)
    with pytest.raises(Superseded, match="8 times in a row; nothing was written there") as caught:
        conflicts.until_settled(commit, full)
    assert len(attempts) == 8
    assert "when fewer runs are at work" in str(caught.value)


def test_what_is_no_conflict_is_raised_at_once(spark):
    attempts = []

    def commit():
        attempts.append(1)
        spark.sql("select no_such_column").collect()

    with pytest.raises((Py4JError, PySparkException)):
        conflicts.until_settled(commit, "here")
    assert len(attempts) == 1


@pytest.mark.parametrize("form", ["delta", "parquet"])
def test_a_run_that_was_taken_over_commits_nothing_more(spark, tmp_path, form, monkeypatch):
    """It slept between its rows and its commit, and wakes when another has its date."""
    tables = Tables(str(tmp_path / "tables"), form, LeaseTerms(seconds=1, wait_seconds=30))
    told: list[str] = []
    monkeypatch.setattr(Lease, "_beat", lambda _: None)  # asleep
    with (
        open_lease(spark, tables, "sleeper", told.append) as sleeper,
        open_lease(spark, tables, "next", told.append) as other,
    ):
        store = open_store(spark, tables, sleeper)
        sleeper.take([str(DAYS[0])])
        rows = [spark.createDataFrame([(DAYS[0], run, 1)], SALES.schema) for run in ("sleeper", "next")]
        store.replace(rows[0], SALES, {"business_date": [DAYS[0]]}, "sleeper")
        other.take([str(DAYS[0])])
        open_store(spark, tables, other).replace(rows[1], SALES, {"business_date": [DAYS[0]]}, "next")
        with pytest.raises(Superseded, match="Another run has taken over"):
            store.replace(rows[0], SALES, {"business_date": [DAYS[0]]}, "sleeper")
        with pytest.raises(Superseded, match="Another run has taken over"):
            store.append(rows[0], SALES, "sleeper")
        assert [row["run"] for row in store.read(SALES.path).collect()] == ["next"]
    assert "took over 2025-10-20 from run sleeper" in told[-1]


def test_parquet_of_different_dates_takes_turns_at_a_table(spark, tmp_path, monkeypatch):
    """Nobody looks at a table's folder, or swaps one in, while another does."""
    tables = Tables(str(tmp_path / "tables"), "parquet")
    seen = []

    def reached(point, table=""):
        seen.append(point)
        time.sleep(0.2)

    monkeypatch.setattr(faults, "reached", reached)
    rows = [spark.createDataFrame([(day, "run", 1)], SALES.schema) for day in DAYS]
    steps = [
        lambda n=n: open_store(spark, tables).replace(rows[n], SALES, {"business_date": [DAYS[n]]}, f"run-{n}")
        for n in range(len(DAYS))
    ]
    assert side_by_side(*steps) == []
    assert seen == ["before_stage", "before_commit", "after_commit"] * len(DAYS)
    found = open_store(spark, tables).read(SALES.path).select("business_date").collect()
    assert sorted(row["business_date"] for row in found) == DAYS


def test_dates_that_late_orders_reopen_are_held_too(spark, tmp_path):
    tables = Tables(str(tmp_path / "tables"), lease=LeaseTerms(wait_seconds=0))
    with open_lease(spark, tables, "night", [].append) as night, open_lease(spark, tables, "other", [].append) as other:
        night.take([str(DAYS[1])])
        other.take([str(DAYS[2])])
        night.take([])
        night.take([str(DAYS[0])])
        with pytest.raises(Superseded, match="Another run holds 2025-10-20"):
            other.take([str(DAYS[0])])
        with pytest.raises(Superseded, match="Another run holds 2025-10-22\n"):
            night.take([str(DAYS[2])])
        night.check()
