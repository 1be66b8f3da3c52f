"""What dead runs left beside the tables: staged rows that were never decided, half-written files, old reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from attrs import frozen

from lib.run.store import Store
from lib.tables.store import Rooted
from lib.tables.upkeep import Care

_STAGING = "_staging"


@frozen
class Leftover:
    """A file or folder below the root that nobody needs any more."""

    path: str
    files: int
    bytes: int


def leftovers(store: Store, care: Care) -> list[Leftover]:
    """Failed runs older than conf keeps, and what was staged or half-written so long ago that no run is at it any more.

    A run at work stages too; so its age decides, as for the files of tables. What has a journal is decided: the next
    run completes it.
    """
    if not isinstance(store, Rooted):
        return []
    return [*_failed(store, care), *_half_written(store, care), *_staged(store, care)]


def sweep(store: Store, found: Leftover) -> None:
    """Delete it."""
    if isinstance(store, Rooted):
        store.storage.delete(found.path)


def _failed(store: Rooted, care: Care) -> Iterator[Leftover]:
    days = care.conf.retention_days.failed_runs
    for file in store.storage.files("ops/failed"):
        if days is not None and file.changed_at.date() < care.as_of - timedelta(days=days):
            yield Leftover(f"ops/failed/{file.name}", 1, file.bytes)


def _half_written(store: Rooted, care: Care) -> Iterator[Leftover]:
    for file in store.storage.files("ops"):
        if file.name.endswith(".partial") and file.changed_at < care.abandoned_before:
            yield Leftover(f"ops/{file.folder}/{file.name}", 1, file.bytes)


def _staged(store: Rooted, care: Care) -> Iterator[Leftover]:
    def publish(path: str) -> str:
        return path.partition("/")[0]

    staged = sorted(store.storage.files(_STAGING), key=lambda file: file.folder)
    for name, group in groupby(staged, key=lambda file: publish(file.folder)):
        files = list(group)
        decided = any(file.name == "publish.json" for file in files)
        if not decided and max(file.changed_at for file in files) < care.abandoned_before:
            yield Leftover(f"{_STAGING}/{name}", len(files), sum(file.bytes for file in files))
