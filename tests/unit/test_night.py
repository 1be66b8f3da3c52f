"""One night across tables: as a run left them, whatever was published since or is being published now."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import DataFrame

from lib.config.model import Tables
from lib.datasets.contract import Contract, Layer, count, day
from lib.errors import UsageError
from lib.tables import open_store, published

LINES = Contract(
    "lines", Layer.SILVER, 1, "a day", (day("business_date", ""), count("n", "")), partition_by=("business_date",)
)
CELLS = Contract(
    "cells", Layer.GOLD, 1, "a day", (day("business_date", ""), count("n", "")), partition_by=("business_date",)
)
PLAIN = Contract("plain", Layer.SILVER, 1, "a row", (count("n", ""),))
D20, D21 = date(2025, 10, 20), date(2025, 10, 21)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "tables"


@pytest.fixture
def night(spark, root):
    """`night("run-1", 5, LINES, CELLS)`: a run that publishes the number in these tables; `ends` writes its report."""
    store = open_store(spark, Tables(root=str(root)))
    ended = []

    def run(run_id, n, *contracts, job="daily", ends=True, at=D20):
        tables = []
        for contract in contracts:
            values = (n,) if contract is PLAIN else (at, n)
            rows = spark.createDataFrame([values], contract.schema)
            made = store.replace(rows, contract, {"business_date": [at]} if contract.partition_by else None, run_id)
            tables.append({"table": made.table, "version": made.version})
        ended.append(run_id)
        report = {"run_id": run_id, "job": job, "finished_at": f"2025-10-21T00:00:{len(ended):02}+00:00"}
        if ends:
            store.write_json(f"ops/reports/{run_id}.json", {**report, "tables": tables})

    return run


def numbers(rows: DataFrame) -> list[int]:
    return sorted(row["n"] for row in rows.select("n").collect())


def test_a_night_is_seen_in_every_table_whatever_came_after(spark, root, night):
    night("run-1", 1, LINES, CELLS)
    night("run-2", 2, LINES, CELLS)
    for run_id, n in (("run-1", 1), ("run-2", 2), ("latest", 2)):
        seen = published(spark, str(root), run_id)
        assert (numbers(seen.read(LINES.path)), numbers(seen.read(CELLS.path))) == ([n], [n])


def test_a_table_that_the_run_did_not_write_is_seen_as_runs_before_it_left_it(spark, root, night):
    night("run-1", 1, LINES, CELLS, PLAIN)
    night("run-2", 2, CELLS, job="metrics")
    night("run-3", 3, LINES, CELLS, PLAIN)
    seen = published(spark, str(root), "run-2")
    assert [numbers(seen.read(c.path)) for c in (LINES, CELLS, PLAIN)] == [[1], [2], [1]]


def test_while_a_run_is_in_between_the_latest_night_is_the_last_complete_one(spark, root, night):
    night("run-1", 1, LINES, CELLS)
    night("run-2", 2, LINES, ends=False)
    seen = published(spark, str(root))
    assert seen.run_id == "run-1"
    assert (numbers(seen.read(LINES.path)), numbers(seen.read(CELLS.path))) == ([1], [1])


def test_a_step_alone_does_not_end_a_night(spark, root, night):
    night("run-1", 1, LINES, CELLS)
    night("run-2", 2, LINES, job="conform")
    assert published(spark, str(root)).run_id == "run-1"
    night("run-3", 2, CELLS, job="metrics")
    seen = published(spark, str(root))
    assert (numbers(seen.read(LINES.path)), numbers(seen.read(CELLS.path))) == ([2], [2])


def test_runs_of_other_dates_that_end_later_are_seen_with_what_both_wrote(spark, root, night):
    """run-1 wrote silver first and ends last: the night that it ends holds silver and gold of both."""
    night("run-1", 1, LINES, ends=False)
    night("run-2", 2, LINES, CELLS, at=D21)
    night("run-1", 1, LINES, CELLS)
    seen = published(spark, str(root))
    assert (numbers(seen.read(LINES.path)), numbers(seen.read(CELLS.path))) == ([1, 2], [1, 2])


def test_a_run_that_did_not_publish_is_told(spark, root, night):
    with pytest.raises(UsageError, match="No run has published yet"):
        published(spark, str(root))
    night("run-1", 1, LINES)
    with pytest.raises(UsageError, match="No run 'run-7' has published") as caught:
        published(spark, str(root), "run-7")
    assert "`runs` lists the runs" in str(caught.value)


def test_a_table_that_was_not_there_yet_is_told(spark, root, night):
    night("run-1", 1, LINES)
    night("run-2", 2, CELLS)
    with pytest.raises(UsageError, match="there was no table `gold/cells`"):
        published(spark, str(root), "run-1").read(CELLS.path)


def test_a_version_whose_files_were_deleted_is_told_before_it_is_read(spark, root, night):
    night("run-1", 1, LINES)
    (file,) = (root / "silver" / "lines").rglob("*.parquet")
    night("run-2", 2, LINES)
    file.unlink()
    with pytest.raises(UsageError, match="no longer there") as caught:
        published(spark, str(root), "run-1").read(LINES.path)
    assert "keep_reports_days" in str(caught.value)
    assert numbers(published(spark, str(root)).read(LINES.path)) == [2]


def test_a_version_whose_log_was_cleaned_is_told(spark, root, night):
    night("run-1", 1, LINES)
    night("run-2", 2, LINES)
    spark.sql(f"OPTIMIZE delta.`{root}/silver/lines`")
    (root / "silver/lines/_delta_log/00000000000000000000.json").unlink()
    with pytest.raises(UsageError, match="no longer there"):
        published(spark, str(root), "run-1").read(LINES.path)


def test_parquet_tables_have_no_nights(spark, tmp_path):
    store = open_store(spark, Tables(root=str(tmp_path), format="parquet"))
    report = {"run_id": "run-1", "job": "daily", "finished_at": "2025-10-21T00:00:01+00:00"}
    store.write_json("ops/reports/run-1.json", {**report, "tables": [{"table": "silver/plain", "version": None}]})
    with pytest.raises(UsageError, match="Parquet tables have no versions"):
        published(spark, str(tmp_path))
