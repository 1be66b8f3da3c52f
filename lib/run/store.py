"""What a run asks of its tables; `lib.tables` answers with Delta or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, Protocol

from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.datasets import Contract

# The partitions that a publish replaces: for each partition column, its values.
Scope = Mapping[str, Sequence[date | str]]


# What a table shall hold, one row a key, made of what it holds (None: there is no table yet) at a version.
After = Callable[["DataFrame | None", "int | None"], DataFrame]


def within(scope: Scope) -> Column:
    """True for the rows of the partitions of `scope`."""
    return reduce(and_, [F.col(name).isin(*values) for name, values in scope.items()])


@frozen
class Published:
    """A table as a run left it: where, which version (None for Parquet), and how many rows the run wrote."""

    table: str
    path: str
    version: int | None
    rows: int


class Store(Protocol):
    """Tables of a root folder, each at ROOT/LAYER/NAME."""

    def at(self, path: str) -> str:
        """The full path of LAYER/NAME."""

    def read(self, path: str, version: int | None = None) -> DataFrame | None:
        """The table at LAYER/NAME, or None where there is none."""

    def replace(
        self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str, mark: int | None = None
    ) -> Published:
        """Replace exactly the partitions of `scope` (None: the whole table) by `rows`, in one commit.

        A partition of the scope without rows becomes empty. Refuses a table that another pipeline made. `mark` numbers
        the watermark of the table's source: it stands in that same commit.
        """

    def mark(self, path: str) -> int:
        """The number of the watermark that the table at LAYER/NAME holds; 0 where it has none."""

    def version(self, path: str) -> int | None:
        """The newest version of the table at LAYER/NAME; None where there is none, and of Parquet."""

    def merge(self, after: After, contract: Contract, run_id: str) -> Published:
        """Change a table by key: it then holds exactly the rows that `after` makes of what it held, and its version.

        Only what differs is written, by one MERGE, while nobody else changes the table; where nothing differs there is
        no commit. `Published.rows` counts all rows that it holds then. Parquet writes the whole table.
        """

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows, in one commit; of a table keyed by run, a repetition of the run replaces its own."""

    def write_json(self, path: str, value: Any) -> str:
        """Write a small JSON file, whole or not at all; returns its full path."""

    def delete(self, path: str) -> None:
        """Delete a small file, if it is there."""

    def read_json(self, path: str) -> Any:
        """The content of a small JSON file, or None where there is none."""

    def check_writable(self) -> None:
        """Raise Unavailable unless files can be written below the root."""

    def check_tables(self, contracts: Sequence[Contract]) -> None:
        """Raise ConfigError unless every one of these tables that exists can be written by its contract of today."""
