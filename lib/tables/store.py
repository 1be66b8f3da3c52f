"""The face of all tables: read, replace exactly these partitions, append; Delta or Parquet behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from attrs import frozen
from pyspark.sql import DataFrame, SparkSession

from lib.config.model import Tables
from lib.datasets import Contract
from lib.tables.filesystem import Storage

Scope = Mapping[str, Sequence[date | str]]

OWNER = "dabba"


@frozen
class Published:
    """A table as a run left it: where, which version (None for Parquet), and how many rows the run wrote."""

    table: str
    path: str
    version: int | None
    rows: int


class Store(Protocol):
    """Tables of a root folder, each at ROOT/LAYER/NAME."""

    storage: Storage

    def read(self, path: str, version: int | None = None) -> DataFrame | None:
        """The table at LAYER/NAME, or None where there is none."""

    def replace(self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str) -> Published:
        """Replace exactly the partitions of `scope` (None: the whole table) by `rows`, in one commit.

        A partition of the scope without rows becomes empty. Refuses a table that another pipeline made.
        """

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows, in one commit."""


def open_store(spark: SparkSession, tables: Tables) -> Store:
    """The store that conf asks for; a half-done publish of an earlier run is completed first."""
    from lib.tables.delta import DeltaStore
    from lib.tables.parquet import ParquetStore

    storage = Storage.below(spark, tables.root)
    if tables.format == "delta":
        return DeltaStore(storage)
    store = ParquetStore(storage)
    store.roll_forward()
    return store


def properties(contract: Contract) -> dict[str, str]:
    """What a table says of itself: its owner, its contract and the contract's version."""
    return {
        "dabba.owner": OWNER,
        "dabba.contract": f"{contract.layer.value}.{contract.name}",
        "dabba.contractVersion": str(contract.version),
    }
