"""What the log of a Delta table tells: its versions, who made them, and which files it let go.

A commit is a JSON file named by its version, of one action a line, the first of which tells who made it (Delta's
protocol).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import reduce
from typing import Any

from delta.tables import DeltaTable
from py4j.protocol import Py4JError
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.tables.filesystem import Storage

_WHO = "spark.databricks.delta.commitInfo.userMetadata"
# Delta's own reader of a log, as old as Delta: it gives the newest metaData action (Delta's protocol). What is public
# gives that only with a count of all files, by four jobs of Spark for each table.
_READER = "org.apache.spark.sql.delta.DeltaLog"
_CHANGES_NOTHING = ("OPTIMIZE", "VACUUM START", "VACUUM END")


def versions(storage: Storage, table: str) -> list[int]:
    """The versions that the log still tells of, oldest first."""
    names = storage.children(f"{table}/_delta_log")
    return [int(name.removesuffix(".json")) for name in names if re.fullmatch(r"[0-9]{20}\.json", name)]


def newest_version(storage: Storage, table: str) -> int | None:
    """The newest version of a table."""
    found = versions(storage, table)
    return found[-1] if found else None


def own_version_since(storage: Storage, table: str, version: int, run_id: str) -> int | None:
    """The newest version, if since `version` only this run changed any row; None where others did, or nobody."""
    later = [number for number in versions(storage, table) if number > version]
    if later and all(_is_own_or_changes_nothing(storage, table, number, run_id) for number in later):
        return later[-1]
    return None


def _is_own_or_changes_nothing(storage: Storage, table: str, version: int, run_id: str) -> bool:
    first: dict[str, Any] = json.loads(storage.first_line(f"{table}/_delta_log/{version:020}.json"))
    told = first.get("commitInfo", {})
    return run_id in told.get("userMetadata", "") or told.get("operation") in _CHANGES_NOTHING


def newest_transaction(storage: Storage, table: str, application: str) -> int | None:
    """The version that an application's `txn` last had, in the commits or, where old ones were cleaned up, in a
    checkpoint: each holds the newest `txn` of every application."""
    commits = versions(storage, table)
    if not commits:
        return None
    log, read = f"{table}/_delta_log", storage.spark.read
    txn = F.from_json("value", "txn STRUCT<appId: STRING, version: BIGINT>")["txn"]
    told = read.text([storage.at(f"{log}/{version:020}.json") for version in commits]).select(txn.alias("txn"))
    if commits[0] > 0:
        held = read.parquet(storage.at(f"{log}/*.checkpoint*.parquet"))
        told = told.unionByName(held.select(F.struct("txn.appId", "txn.version").alias("txn")))
    newest = told.where(F.col("txn.appId") == application).agg(F.max("txn.version").alias("version")).first()
    return newest["version"] if newest is not None else None


def let_go(storage: Storage, table: str) -> dict[str, datetime]:
    """The files that a version of the table held and a later one does not, and when that was decided."""
    commits = [storage.at(f"{table}/_delta_log/{version:020}.json") for version in versions(storage, table)]
    if not commits:
        return {}
    removed = storage.spark.read.text(commits).select(
        F.get_json_object("value", "$.remove.path").alias("path"),
        F.get_json_object("value", "$.remove.deletionTimestamp").cast("long").alias("at"),
    )
    rows = removed.where("path IS NOT NULL").groupBy("path").agg(F.max("at").alias("at")).collect()
    return {row["path"].rpartition("/")[2]: datetime.fromtimestamp(row["at"] / 1000, timezone.utc) for row in rows}


def self_description(spark: SparkSession, full: str) -> tuple[dict[str, str], T.StructType, list[str]]:
    """What a table says of itself as it stands: its properties, its columns, and those that it is partitioned by."""
    try:
        logs: Any = reduce(getattr, _READER.split("."), spark._jvm)
        said = json.loads(logs.forTableWithSnapshot(spark._jsparkSession, full)._2().metadata().json())["metaData"]
    except (TypeError, Py4JError):  # a platform's own build of Delta may lack it, or the log cannot be read at all
        row = DeltaTable.forPath(spark, full).detail().select("properties", "partitionColumns").collect()[0]
        return dict(row[0] or {}), spark.read.format("delta").load(full).schema, list(row[1])
    return said["configuration"], T.StructType.fromJson(json.loads(said["schemaString"])), said["partitionColumns"]


@contextmanager
def signed(spark: SparkSession, run_id: str) -> Iterator[None]:
    """Commits made inside, by OPTIMIZE, DELETE, MERGE and VACUUM, name the run."""
    before = spark.conf.get(_WHO, None)
    spark.conf.set(_WHO, json.dumps({"dabba.run_id": run_id}))
    try:
        yield
    finally:
        if before is None:
            spark.conf.unset(_WHO)
        else:
            spark.conf.set(_WHO, before)
