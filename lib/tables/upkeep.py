"""Upkeep of tables: old dates, small files and dead files found, and dealt with while readers and writers go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial

from attrs import frozen
from delta.tables import DeltaTable
from pyspark.sql import SparkSession

from lib.config.model import Maintain
from lib.datasets import Contract, Layer
from lib.errors import Superseded
from lib.run.store import Store
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import File
from lib.tables.log import let_go, signed
from lib.tables.night import Night
from lib.tables.parquet import ParquetStore
from lib.tables.store import Rooted

# Delta's own floor: what is younger may belong to a run at work that has not committed yet.
SAFE_HOURS = 168
_CHECK = "spark.databricks.delta.retentionDurationCheck.enabled"


@frozen
class Work:
    """What there is to do at one table. `needed_by` is a run whose night would lose files that are dead by now."""

    contract: Contract
    expired: tuple[File, ...] = ()
    small: tuple[File, ...] = ()
    dead: tuple[File, ...] = ()
    needed_by: str = ""

    @property
    def is_due(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.expired or self.small or self.dead)


@frozen
class Care:
    """How tables are looked after: conf's `maintain`, the day from which dates are counted back, the moment, and
    whether to delete dead files that others may still need (`force`)."""

    conf: Maintain
    as_of: date
    now: datetime
    force: bool = False

    def first_kept(self, layer: Layer) -> date | None:
        """The oldest date of a layer that is kept; None where all are."""
        days = getattr(self.conf.retention_days, layer.value, None)
        return self.as_of - timedelta(days=days) if days is not None else None

    @property
    def vacuum_before(self) -> datetime:
        """Files that are dead since before this moment are deleted."""
        return self.now - timedelta(hours=self.conf.vacuum_hours)

    @property
    def abandoned_before(self) -> datetime:
        """What was staged before this moment is nobody's. A run at work stages too, however soon conf has dead files
        deleted."""
        hours = self.conf.vacuum_hours
        return self.now - timedelta(hours=hours if self.force else max(hours, SAFE_HOURS))

    @property
    def first_unsettled(self) -> date:
        """The oldest date that late rows may still re-open."""
        return self.as_of - timedelta(days=self.conf.settled_days)


def work_at(store: Store, contract: Contract, care: Care, nights: Iterable[Night]) -> Work:
    """What is to be done at a table (nothing where there is none)."""
    table = store.read(contract.path)
    if table is None or not isinstance(store, (DeltaStore, ParquetStore)):
        return Work(contract)
    files = list(store.storage.files(contract.path))
    first = care.first_kept(contract.layer)
    if isinstance(store, ParquetStore):  # plain Parquet: no log that tells what is dead, and no commit to compact in
        return Work(contract, expired=tuple(file for file in files if _before(file, first)))
    live_names = {path.rpartition("/")[2] for path in table.inputFiles()}
    live = [file for file in files if file.name in live_names]
    kept = [file for file in live if not _before(file, first)]
    dead = _dead(store, contract, [file for file in files if file.name not in live_names], care.vacuum_before)
    return Work(
        contract,
        expired=tuple(file for file in live if _before(file, first)),
        small=_small(kept, contract, care),
        dead=dead,
        needed_by=_needed_by(store, contract, dead, nights),
    )


def look_after(store: Store, work: Work, care: Care, run_id: str) -> list[str]:
    """Do the work, each step one commit; returns what had to be left for the next time."""
    path = work.contract.path
    if isinstance(store, ParquetStore):
        return _left(store, path, {"old dates": partial(_drop, store, work)} if work.expired else {})
    if not isinstance(store, DeltaStore):
        return []
    with signed(store.storage.spark, run_id):
        left = _left(store, path, _commits(store, work, care))
        if work.dead:
            # In no turn: it may take longer than a run waits for one, and commits nothing where turns are needed (Delta
            # tells its log of a VACUUM on storages alone that keep two writers apart).
            with _check_of_retention(store.storage.spark, on=not care.force):
                DeltaTable.forPath(store.storage.spark, store.at(path)).vacuum(care.conf.vacuum_hours)
    return left


def _commits(store: DeltaStore, work: Work, care: Care) -> dict[str, Callable[[], object]]:
    table = DeltaTable.forPath(store.storage.spark, store.at(work.contract.path))
    steps: dict[str, Callable[[], object]] = {}
    if work.expired:
        old = f"{date_column(work.contract)} < DATE'{care.first_kept(work.contract.layer)}'"
        steps["old dates"] = lambda: table.delete(old)
    if work.small:
        folders = sorted({file.folder for file in work.small})
        compaction = table.optimize().where(_predicate(folders)) if folders != [""] else table.optimize()
        steps["small files"] = compaction.executeCompaction
    return steps


def _drop(store: ParquetStore, work: Work) -> None:
    for folder in sorted({file.folder for file in work.expired}):
        store.storage.delete(f"{work.contract.path}/{folder}")


def date_column(contract: Contract) -> str | None:
    """The date by which a table is partitioned."""
    return next((name for name in contract.partition_by if name.endswith("_date")), None)


def _before(file: File, first: date | None) -> bool:
    return first is not None and file.day is not None and file.day < first


def _small(live: Sequence[File], contract: Contract, care: Care) -> tuple[File, ...]:
    """The small files of settled partitions that have many of them."""
    limit = care.conf.small_file_mb << 20
    settled = [file for file in live if not contract.partition_by or _before(file, care.first_unsettled)]
    small = [file for file in settled if file.bytes < limit]
    number = Counter(file.folder for file in small)
    return tuple(file for file in small if number[file.folder] >= care.conf.min_small_files)


def _dead(store: DeltaStore, contract: Contract, files: Sequence[File], before: datetime) -> tuple[File, ...]:
    """What VACUUM would delete: changed, and let go by the table if ever it held them, before that moment."""
    released = let_go(store.storage, contract.path) if files else {}
    return tuple(file for file in files if max(file.changed_at, released.get(file.name, file.changed_at)) < before)


def _needed_by(store: DeltaStore, contract: Contract, dead: Sequence[File], nights: Iterable[Night]) -> str:
    """The first of the nights that would no longer be readable; '' where all would."""
    names = {file.name for file in dead}
    seen: dict[int, bool] = {}
    for night in nights if names else ():
        version = night.versions.get(contract.path)
        if version is None:
            continue
        if version not in seen:
            seen[version] = bool(names & _names(store, contract, version))
        if seen[version]:
            return night.run_id
    return ""


def _names(store: DeltaStore, contract: Contract, version: int) -> set[str]:
    table = store.read(contract.path, version)
    return {path.rpartition("/")[2] for path in table.inputFiles()} if table is not None else set()


def _predicate(folders: Sequence[str]) -> str:
    """SQL that is true in exactly these partitions, as their folders are named."""
    parts = [
        " AND ".join("{} = '{}'".format(*level.split("=", 1)) for level in folder.split("/")) for folder in folders
    ]
    return " OR ".join(f"({part})" for part in parts)


def _left(store: Rooted, path: str, steps: Mapping[str, Callable[[], object]]) -> list[str]:
    """Take the steps, each in the table's turn; tells those where a run came first and kept writing."""
    left = []
    for name, step in steps.items():
        try:
            store.in_turn(path, step)
        except Superseded:
            if store.turns.dates is not None and store.turns.dates.lost:
                raise
            left.append(f"{path}: {name} are left for the next maintenance, because a run kept writing there")
    return left


@contextmanager
def _check_of_retention(spark: SparkSession, *, on: bool) -> Iterator[None]:
    """Delta's own refusal to delete files of less than a week: in force, unless told otherwise."""
    before = spark.conf.get(_CHECK, None)
    spark.conf.set(_CHECK, str(on).lower())
    try:
        yield
    finally:
        if before is None:
            spark.conf.unset(_CHECK)
        else:
            spark.conf.set(_CHECK, before)
