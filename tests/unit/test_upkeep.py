"""Upkeep of tables: it takes what is old, small or dead, and nothing that a reader, a writer or a night still needs."""

from __future__ import annotations

import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from lib.config.model import LeaseTerms, Maintain, Retention, Tables
from lib.datasets.contract import Contract, Layer, count, text
from lib.errors import DabbaError, Superseded, Unavailable
from lib.tables import open_lease, open_store
from lib.tables.conflicts import is_conflict
from lib.tables.leftovers import leftovers, sweep
from lib.tables.log import newest_version, own_version_since
from lib.tables.night import nights_since
from lib.tables.upkeep import Care, look_after, work_at
from lib.transform.bronze import bronze_schema
from tests.e2e import reader

RAW = Contract(
    "raw", Layer.BRONZE, 1, "a row", (text("city", ""), count("n", "")), partition_by=("business_date",),
)  # fmt: skip
D01, D19, D20 = date(2025, 10, 1), date(2025, 10, 19), date(2025, 10, 20)
WEEK = timedelta(days=8)
CITIES = ("Agra", "Pune", "Salem", "Thane")
FOR_EVER = Retention(bronze=None)


def care(force=False, as_of=date(2025, 10, 30), **conf):
    now = datetime.now(timezone.utc)
    return Care(Maintain(**{"min_small_files": 2, "settled_days": 7, **conf}), as_of, now, force)


@pytest.fixture(params=["delta", "parquet"])
def any_store(request, spark, tmp_path):
    return open_store(spark, Tables(root=str(tmp_path / "tables"), format=request.param))


@pytest.fixture
def store(spark, tmp_path):
    return open_store(spark, Tables(root=str(tmp_path / "tables")))


@pytest.fixture
def put(spark):
    """`put(store, {D20: 1}, "run-1", files=2)`: for each date four rows that hold the number."""

    def write(store, numbers, run_id="run-1", files=1):
        schema = bronze_schema(RAW)
        given = [{"business_date": at, "city": city, "n": str(n)} for at, n in numbers.items() for city in CITIES]
        rows = [tuple(row.get(name) for name in schema.names) for row in given]
        frame = spark.createDataFrame(rows, schema).repartition(files)
        return store.replace(frame, RAW, {"business_date": list(numbers)}, run_id)

    return write


def held(store):
    return sorted((row["business_date"], int(row["n"])) for row in store.read(RAW.path).collect())


def both(numbers):
    return sorted((at, n) for at, n in numbers.items() for _ in CITIES)


def paths(tmp_path, pattern="*.parquet"):
    return sorted((tmp_path / "tables/bronze/raw").rglob(pattern))


def age(path: Path, by: timedelta = WEEK) -> None:
    os.utime(path, times=(path.stat().st_atime, path.stat().st_mtime - by.total_seconds()))


def age_removals(tmp_path) -> None:
    """The table let go of its files a week earlier than it did."""
    for commit in paths(tmp_path, "_delta_log/*.json"):
        earlier = int((datetime.now(timezone.utc) - WEEK).timestamp() * 1000)
        commit.write_text(re.sub(r'"deletionTimestamp":[0-9]+', f'"deletionTimestamp":{earlier}', commit.read_text()))
    for checksum in paths(tmp_path, "_delta_log/.*.crc"):
        checksum.unlink()


def test_dates_older_than_conf_keeps_are_dropped_and_no_other(any_store, put):
    put(any_store, {D01: 1, D19: 2, D20: 3})
    terms = care(as_of=D20, retention_days=Retention(bronze=1))
    work = work_at(any_store, RAW, terms, [])
    assert {file.day for file in work.expired} == {D01}
    look_after(any_store, work, terms, "maintain-1")
    assert held(any_store) == both({D19: 2, D20: 3})
    assert not work_at(any_store, RAW, terms, []).expired
    assert not work_at(any_store, RAW, care(as_of=D20, retention_days=FOR_EVER), []).is_due


def test_small_files_become_one_of_the_same_rows_where_no_late_row_is_expected(store, put, tmp_path):
    put(store, {D19: 1, D20: 2}, files=2)
    before = reader.digest(tmp_path / "tables", [RAW.path])
    files = reader.active_files(tmp_path / "tables", RAW.path)
    terms = care(as_of=D20 + timedelta(days=7), retention_days=FOR_EVER)
    work = work_at(store, RAW, terms, [])
    assert {file.day for file in work.small} == {D19}
    assert look_after(store, work, terms, "maintain-1") == []
    after = reader.active_files(tmp_path / "tables", RAW.path)
    assert len(after["business_date=2025-10-19"]) == 1 < len(files["business_date=2025-10-19"])
    assert after["business_date=2025-10-20"] == files["business_date=2025-10-20"]
    assert reader.digest(tmp_path / "tables", [RAW.path]) == before


def test_dead_files_are_deleted_and_those_that_a_run_is_about_to_commit_are_not(store, put, tmp_path):
    put(store, {D20: 1})
    (old,) = paths(tmp_path)
    put(store, {D20: 2}, "run-2")
    (live,) = set(paths(tmp_path)) - {old}
    for file in (old, live):
        age(file)
    staged, abandoned = old.with_name("part-staged.parquet"), old.with_name("part-abandoned.parquet")
    for file in (staged, abandoned):
        file.write_bytes(old.read_bytes())
    age(abandoned)
    terms = care(retention_days=FOR_EVER)
    work = work_at(store, RAW, terms, [])
    assert [file.name for file in work.dead] == [abandoned.name]  # `old` was let go a moment ago
    look_after(store, work, terms, "maintain-1")
    assert set(paths(tmp_path)) == {old, live, staged}
    age_removals(tmp_path)
    work = work_at(store, RAW, terms, [])
    assert [file.name for file in work.dead] == [old.name]
    assert held(store) == both({D20: 2})


def test_what_is_told_is_what_is_deleted(store, put, tmp_path):
    for number in range(3):
        put(store, {D19: number, D20: number}, f"run-{number}")
    before = set(paths(tmp_path))
    terms = care(force=True, vacuum_hours=0, retention_days=FOR_EVER)
    work = work_at(store, RAW, terms, [])
    look_after(store, work, terms, "maintain-1")
    assert {path.name for path in before - set(paths(tmp_path))} == {file.name for file in work.dead}
    assert len(work.dead) == 4


def test_a_night_that_would_lose_its_files_is_named(store, put):
    for number in (1, 2):
        made = put(store, {D20: number}, f"run-{number}")
        report = {"run_id": f"run-{number}", "job": "daily", "tables": [{"table": RAW.path, "version": made.version}]}
        finished = f"2025-10-2{number}T00:00:00+00:00"
        store.write_json(f"ops/reports/run-{number}.json", {**report, "finished_at": finished})
    terms = care(vacuum_hours=0, retention_days=FOR_EVER)
    since = datetime(2025, 10, 21, tzinfo=timezone.utc)
    assert work_at(store, RAW, terms, nights_since(store, since)).needed_by == "run-1"
    assert work_at(store, RAW, terms, nights_since(store, since + timedelta(days=9))).needed_by == ""


def test_a_version_is_named_only_where_nobody_else_wrote(store, put):
    first = put(store, {D20: 1}, files=2).version
    terms = care(retention_days=FOR_EVER)
    look_after(store, work_at(store, RAW, terms, []), terms, "maintain-1")
    compacted = newest_version(store.storage, RAW.path)
    assert own_version_since(store.storage, RAW.path, first, "maintain-1") == compacted == first + 1
    put(store, {D20: 2}, "run-2")
    assert own_version_since(store.storage, RAW.path, first, "maintain-1") is None


@pytest.mark.slow
def test_a_reader_and_a_writer_at_work_notice_nothing(store, put, tmp_path):
    """The writer replaces dates by four rows of one number; the reader must always see four rows of one number."""
    put(store, {D01: 0, D19: 0, D20: 0}, files=2)
    written, views, mixed = threading.Event(), [], []

    def write() -> None:
        for number in range(1, 5):
            for at in (D19, D20):
                for _ in range(10):
                    try:
                        put(store, {at: number}, f"run-{number}", files=2)
                        break
                    except (DabbaError, PySparkException, Py4JError) as error:  # a conflict: the run is repeated
                        if not isinstance(error, (Unavailable, Superseded)) and not is_conflict(error):
                            raise

    def read() -> None:
        while not written.is_set():
            rows = [(row["business_date"], int(row["n"])) for row in reader.rows(tmp_path / "tables", RAW.path)]
            views.append(rows)
            for at in (D19, D20):
                numbers = [number for day, number in rows if day == at]
                if len(numbers) != len(CITIES) or len(set(numbers)) != 1:
                    mixed.append(rows)

    terms = care(as_of=D20 + timedelta(days=8), retention_days=Retention(bronze=20))
    rounds = 0
    with ThreadPoolExecutor(2) as pool:
        writer, watcher = pool.submit(write), pool.submit(read)
        try:
            while not writer.done():
                look_after(store, work_at(store, RAW, terms, []), terms, f"maintain-{rounds}")
                rounds += 1
        finally:
            wait([writer])
            written.set()
        writer.result()
        watcher.result()
    assert rounds > 0
    assert views
    assert not mixed
    assert held(store) == both({D19: 4, D20: 4})


@pytest.mark.parametrize("form", ["delta", "parquet"])
def test_where_the_storage_does_not_keep_writers_apart_maintenance_waits_for_the_tables_turn(
    spark, put, tmp_path, form
):
    tables = Tables(root=str(tmp_path / "tables"), format=form, lease=LeaseTerms(turn_seconds=Decimal(0)))
    store = losing_commits(open_store(spark, tables))
    put(store, {D01: 1, D19: 2})
    terms = care(as_of=D20, retention_days=Retention(bronze=2))
    work = work_at(store, RAW, terms, [])
    with losing_commits(open_store(spark, tables)).turns.at(RAW.path):
        left = look_after(store, work, terms, "maintain-1")
        assert left == ["bronze/raw: old dates are left for the next maintenance, because a run kept writing there"]
        assert held(store) == both({D01: 1, D19: 2})
    assert look_after(store, work, terms, "maintain-1") == []
    assert held(store) == both({D19: 2})


def test_a_maintenance_that_another_took_over_from_changes_nothing_more(spark, put, tmp_path):
    tables = Tables(root=str(tmp_path / "tables"))
    with open_lease(spark, tables, "maintain-1", print) as lease:
        store = open_store(spark, tables, lease)
        lease.take(["maintenance"])
        put(store, {D01: 1, D20: 2})
        terms = care(as_of=D20, retention_days=Retention(bronze=2))
        work = work_at(store, RAW, terms, [])
        (tmp_path / "tables/ops/leases/dates.json").write_text('{"revision": 99, "token": 9, "claims": []}')
        with pytest.raises(Superseded, match="Another run has taken over from this one"):
            look_after(store, work, terms, "maintain-1")
        assert held(store) == both({D01: 1, D20: 2})


def losing_commits(store):
    """As if its tables were on S3."""
    return evolve(store, turns=evolve(store.turns, losing=True))


def test_leftovers_of_dead_runs_go_when_they_are_old_and_undecided(spark, tmp_path):
    store = open_store(spark, Tables(root=str(tmp_path), format="parquet"))
    decided, dead, at_work = (tmp_path / "_staging" / name / "rows/part-0.parquet" for name in ("a", "b", "c"))
    failed, recent = tmp_path / "ops/failed/run-1.json", tmp_path / "ops/failed/run-2.json"
    for file in (decided, dead, at_work, failed, recent, decided.parents[1] / "publish.json"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    for file in (decided, decided.parents[1] / "publish.json", dead, failed):
        age(file)
    terms = care(as_of=datetime.now(timezone.utc).date(), retention_days=Retention(failed_runs=5))
    found = leftovers(store, terms)
    assert sorted(one.path for one in found) == ["_staging/b", "ops/failed/run-1.json"]
    assert leftovers(store, evolve(terms, conf=evolve(terms.conf, vacuum_hours=0))) == found  # whatever is due of files
    for one in found:
        sweep(store, one)
    assert [file.exists() for file in (dead, failed)] == [False, False]
    assert [file.exists() for file in (decided, at_work, recent)] == [True, True, True]
