"""What the ledger tells of earlier runs."""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import LEDGER
from lib.run.run import Run

_PUBLISHING = ("daily", "conform", "replay")


def published_dates(run: Run, days: int) -> list[date]:
    """The dates within so many days before the run's that some run has published: late rows may re-open these."""
    ledger = run.store.read(LEDGER.path) if days else None
    if ledger is None:
        return []
    first = run.window.start - timedelta(days=days)
    runs = (
        _published(ledger)
        .where((F.col("end_date") > F.lit(first)) & (F.col("start_date") < F.lit(run.window.start)))
        .select("start_date", "end_date")
        .distinct()
        .collect()
    )
    near = [first + timedelta(days=number) for number in range(days)]
    return [day for day in near if any(row["start_date"] <= day < row["end_date"] for row in runs)]


def published_until(run: Run) -> date:
    """The end (exclusive) of the newest dates that any run has published; this run's start where none has."""
    ledger = run.store.read(LEDGER.path)
    if ledger is None:
        return run.window.start
    newest = _published(ledger).agg(F.max("end_date")).first()
    return (newest and newest[0]) or run.window.start


def reopened_before(run: Run) -> set[date]:
    """Earlier dates that earlier runs of this run's nights re-opened."""
    ledger = run.store.read(LEDGER.path)
    if ledger is None:
        return set()
    nights = (F.col("end_date") > F.lit(run.window.start)) & (F.col("start_date") < F.lit(run.window.end))
    rows = ledger.where(nights & (F.col("status") == "published")).select(F.explode("reopened_dates").alias("day"))
    return {row["day"] for row in rows.distinct().collect() if row["day"] < run.window.start}


def _published(ledger: DataFrame) -> DataFrame:
    """A row for each run that published silver."""
    return ledger.where((F.col("stage") == "run") & (F.col("status") == "published") & F.col("job").isin(*_PUBLISHING))
