"""Data out: tables that are replaced by date in one commit, and read back; Delta or Parquet behind one face."""

from __future__ import annotations

from pyspark.sql import SparkSession

from lib.config.model import Tables
from lib.run.store import Store
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import Storage
from lib.tables.parquet import ParquetStore


def open_store(spark: SparkSession, tables: Tables) -> Store:
    """The store that conf asks for; a half-done publish of an earlier run is completed first."""
    storage = Storage.below(spark, tables.root)
    if tables.format == "delta":
        return DeltaStore(storage)
    store = ParquetStore(storage)
    store.roll_forward()
    return store


__all__ = ["open_store"]
