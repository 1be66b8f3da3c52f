"""Tables as a run left them: one night across all of them, whatever was published since, or is being published now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from lib.errors import UsageError
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import Storage
from lib.tables.log import newest_version

REPORTS = "ops/reports"
# Alone, these leave bronze or silver ahead of gold: none of them ends a night.
_STEPS = ("extract", "conform")


@frozen
class Night:
    """What a reader is to see of every table: its version when the run `run_id` ended."""

    run_id: str
    finished_at: str
    versions: Mapping[str, int]
    store: DeltaStore

    def read(self, table: str) -> DataFrame:
        """The table at LAYER/NAME as that night left it; UsageError where it was not there yet, or is gone."""
        if table not in self.versions:
            raise UsageError(
                f"When the run {self.run_id} ended, there was no table `{table}`",
                where=self.store.at(table),
                todo=f"there were: {', '.join(sorted(self.versions))}",
            )
        version = self.versions[table]
        try:
            rows = self.store.read(table, version)
            gone = rows is None or bool(lost_files(self.store, table, version, rows))
        except (PySparkException, Py4JError) as error:  # its log was cleaned up, or Delta refuses to go so far back
            if "DELTA_" not in str(error):
                raise
            gone, rows = True, None
        if gone or rows is None:
            raise UsageError(
                f"`{table}` as the run {self.run_id} left it is no longer there: maintenance deleted its files",
                where=f"{self.store.at(table)}, version {version}",
                todo="read a later run; maintain.keep_reports_days says for how long nights stay readable",
            )
        return rows


def published(spark: SparkSession, root: str, run_id: str = "latest") -> Night:
    """The tables below `root` as published by a run, or as the last complete night left them.

    A table that the run did not write is seen at the newest version that runs before it published. So nothing of a run
    that has not ended is seen, except where this one ended after it: the dates of a run that died, or is at work.
    """
    store = DeltaStore(Storage.below(spark, root))
    reports = read_reports(store.storage)
    ends = [report for report in reports if report["job"] not in _STEPS]
    chosen = ends[-1:] if run_id == "latest" else [report for report in reports if report["run_id"] == run_id]
    if not chosen:
        raise UsageError(
            "No run has published yet" if run_id == "latest" else f"No run {run_id!r} has published",
            where=store.at(REPORTS),
            todo="`runs` lists the runs" if reports else "run `daily` first, or look for the right tables.root",
        )
    return night_of(reports, chosen[0], store)


def night_of(reports: list[dict[str, Any]], report: dict[str, Any], store: DeltaStore) -> Night:
    """Of every table the newest version that any run published until `report` was written."""
    until = reports[: reports.index(report) + 1]
    named = [table for earlier in until for table in earlier["tables"]]
    if any(table["version"] is None for table in report["tables"]):
        raise UsageError(
            "Parquet tables have no versions: a reader sees them as they are now",
            where=store.storage.root,
            todo="publish with tables.format delta where one night must be seen as a whole",
        )
    versions: dict[str, int] = {}
    for table in named:
        if table["version"] is not None:
            versions[table["table"]] = max(table["version"], versions.get(table["table"], 0))
    return Night(report["run_id"], report["finished_at"], versions, store)


def nights_since(store: DeltaStore, moment: datetime) -> list[Night]:
    """The nights that ended since then, and the latest complete one whenever it ended."""
    reports = read_reports(store.storage)
    ends = [report for report in reports if report["job"] not in _STEPS][-1:]
    recent = [report for report in reports if datetime.fromisoformat(report["finished_at"]) >= moment]
    return [night_of(reports, report, store) for report in reports if report in recent or report in ends]


def read_reports(storage: Storage) -> list[dict[str, Any]]:
    """The reports of all runs that published, in the order in which they ended."""
    if not storage.exists(REPORTS):
        return []
    texts = storage.spark.read.text(storage.at(REPORTS), wholetext=True, pathGlobFilter="*.json").collect()
    reports = [json.loads(row["value"]) for row in texts]
    return sorted(reports, key=lambda report: (report["finished_at"], report["run_id"]))


def lost_files(store: DeltaStore, table: str, version: int, rows: DataFrame) -> set[str]:
    """Files that this version of a table names and that are not there any more."""
    if version == newest_version(store.storage, table):
        return set()
    there = {file.name for file in store.storage.files(table)}
    return {path.rpartition("/")[2] for path in rows.inputFiles()} - there
