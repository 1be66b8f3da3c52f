"""Turns: where the storage does not keep two writers of one table apart, a lease for each table does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from attrs import frozen

from lib.config.model import Tables
from lib.run.holder import Holder
from lib.run.lease import Lease
from lib.tables.filesystem import Storage
from lib.tables.pages import page_at

# Delta's log alone loses commits there (docs/decisions/one-writer.md).
_LOSING = ("s3:", "s3a:")


@frozen
class Turns:
    """What stands before every commit: the run still holds its dates, and, where that is needed, the table's turn."""

    dates: Lease | None = None
    of_table: Callable[[str], Lease] | None = None
    losing: bool = False

    @classmethod
    def of(cls, storage: Storage, tables: Tables, dates: Lease | None) -> Turns:
        """For the tables of a root; `dates` is the lease of the run that writes, if a run does."""
        losing = tables.format != "delta" or storage.root.startswith(_LOSING)
        of_table = partial(_lease_of_table, storage, tables, dates)
        return cls(dates, of_table, losing)

    @contextmanager
    def at(self, table: str) -> Iterator[Callable[[], None]]:
        """Within it nobody else writes the table. Gives the look to take before a commit: are we still who writes?"""
        if self.of_table is None or not self.losing:
            yield self._look
            return
        with self.alone_at(table) as look:
            yield look

    @contextmanager
    def alone_at(self, table: str) -> Iterator[Callable[[], None]]:
        """The same on any storage: for who reads the table, and writes what follows from that."""
        if self.of_table is None:
            yield self._look
            return
        with self.of_table(table) as turn:
            turn.take([table])

            def look() -> None:
                self._look()
                turn.check()

            yield look
            turn.check()

    def _look(self) -> None:
        # Who completes the publish of a dead run, before it takes its own dates, holds none yet.
        if self.dates is not None and self.dates.names:
            self.dates.check()


def lease_of_dates(
    storage: Storage, tables: Tables, holder: Holder, tell: Callable[[str], None], on_lost: Callable[[], None]
) -> Lease:
    """The lease that a run takes of its business dates: one page for all runs of a root."""
    page = page_at(storage, "ops/leases/dates.json")
    return Lease(page, holder, float(tables.lease.seconds), float(tables.lease.wait_seconds), tell, on_lost)


def _lease_of_table(storage: Storage, tables: Tables, dates: Lease | None, table: str) -> Lease:
    lease = Lease(
        page_at(storage, f"ops/leases/{table}.json"),
        dates.holder if dates is not None else Holder("none"),
        float(tables.lease.seconds),
        float(tables.lease.turn_seconds),
    )
    if dates is not None:
        lease.tell = dates.tell
    return lease
