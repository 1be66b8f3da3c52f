"""Data out: tables that are replaced by date in one commit, and read back; Delta or Parquet behind one face."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import SparkSession

from lib.config.model import Tables
from lib.run.holder import Holder
from lib.run.lease import Lease
from lib.run.store import Store
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import Storage
from lib.tables.night import Night, published
from lib.tables.parquet import ParquetStore
from lib.tables.turns import Turns, lease_of_dates


def open_store(spark: SparkSession, tables: Tables, lease: Lease | None = None) -> Store:
    """The store that conf asks for; a half-done publish of an earlier run is completed first.

    With `lease`, what a run holds, nothing is committed once another run has taken over.
    """
    store = look_at_store(spark, tables, lease)
    if isinstance(store, ParquetStore):
        store.roll_forward()
    return store


def look_at_store(spark: SparkSession, tables: Tables, lease: Lease | None = None) -> Store:
    """The store that conf asks for, as it stands."""
    storage = Storage.below(spark, tables.root)
    turns = Turns.of(storage, tables, lease)
    return DeltaStore(storage, turns) if tables.format == "delta" else ParquetStore(storage, turns)


def open_lease(spark: SparkSession, tables: Tables, run_id: str, tell: Callable[[str], None]) -> Lease:
    """The lease of a run, which holds nothing yet. A run that loses it while Spark works is stopped there."""
    storage = Storage.below(spark, tables.root)
    return lease_of_dates(storage, tables, Holder(run_id), tell, spark.sparkContext.cancelAllJobs)


__all__ = ["Night", "look_at_store", "open_lease", "open_store", "published"]
