"""What a reader sees of a root: the content of every partition, to be held against what it was and what it will be."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import Factory, define, frozen

from lib.datasets import ALL, LEDGER
from tests.e2e import reader

_PARTITION_BY = {contract.path: contract.partition_by for contract in ALL}
# What a run says of itself that a repetition says again; seconds and instants are its own.
_TOLD = ("run_id", "job", "status", "stage", "dataset", "rows_out", "rows_quarantined")

View = dict[tuple[str, ...], str]  # partition -> digest of its rows


def view(root: Path, table: str) -> View:
    """The partitions of a table that hold rows, each with the digest of its content."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in reader.rows(root, table) if (root / table).is_dir() else []:
        found[tuple(str(row[column]) for column in _PARTITION_BY[table])].append(row)
    return {partition: reader.digest_of(rows) for partition, rows in found.items()}


def ledger(root: Path) -> list[tuple[Any, ...]]:
    """The ledger's rows, without what is different each time.

    A night that is repeated reads again all lines of the dates that it had re-opened, and counts them as duplicates.
    """
    return sorted(
        (*[row[name] for name in _TOLD], None if row["rows_in"] is None else row["rows_in"] - row["rows_duplicate"])
        for row in reader.rows(root, LEDGER.path)
    )


def all_rows(root: Path) -> Counter[str]:
    """Every row of every table, and how many times it is there."""
    return Counter(f"{table} {reader.canonical(row)}" for table in reader.PUBLISHED for row in reader.rows(root, table))


@frozen
class Change:
    """What a night changes: every table before and after it, and the ledger."""

    old: dict[str, View]
    new: dict[str, View]
    rows: Counter[str]
    ledger: list[tuple[Any, ...]]

    @classmethod
    def between(cls, old: Path, new: Path) -> Change:
        """From the root as it was to the root as it is."""
        return cls(
            old={table: view(old, table) for table in reader.PUBLISHED},
            new={table: view(new, table) for table in reader.PUBLISHED},
            rows=all_rows(new),
            ledger=ledger(new),
        )

    def neither(self, table: str, seen: View) -> dict[tuple[str, ...], str]:
        """Partitions that are neither old nor new, and how: `missing` where there are no rows at all."""
        old, new = self.old[table], self.new[table]
        return {
            partition: "mixed" if partition in seen else "missing"
            for partition in {*old, *new, *seen}
            if seen.get(partition) not in (old.get(partition), new.get(partition))
        }


@define
class Watch:
    """A reader: every view of a table is held against what it was and what it will be, partition by partition."""

    root: Path
    change: Change
    views: int = 0
    wrong: list[str] = Factory(list)
    missing: list[str] = Factory(list)  # partitions without rows that have some before and after

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look from another thread, without Spark, until the end of the block."""
        done = threading.Event()
        thread = threading.Thread(target=self._look_until, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _look_until(self, done: threading.Event) -> None:
        seen: dict[str, int] = {}
        last = False
        while not last:
            last = done.wait(0.05)  # and once more after the end
            for table in reader.PUBLISHED:
                commits = len(list((self.root / table / "_delta_log").glob("*.json")))
                if seen.get(table) != commits:
                    seen[table] = commits
                    self._look_at(table)

    def _look_at(self, table: str) -> None:
        self.views += 1
        try:
            neither = self.change.neither(table, view(self.root, table))
        except Exception as error:  # noqa: BLE001  a reader that fails has not seen old or new; the thread must not hide it
            self.wrong.append(f"{table}: {error!r}")
            return
        for partition, how in neither.items():
            (self.missing if how == "missing" else self.wrong).append(f"{table} {partition}: {how}")

    def look(self) -> Watch:
        """Look at every table once, now."""
        for table in reader.PUBLISHED:
            self._look_at(table)
        return self
