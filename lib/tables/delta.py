"""Tables as Delta: one commit replaces exactly the dates of a run."""

from __future__ import annotations

import json
import re
import threading
from math import prod

from attrs import frozen
from delta.tables import DeltaTable
from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import Contract, Layer
from lib.errors import DabbaError
from lib.run import faults
from lib.run.store import Published, Scope
from lib.tables.changes import CHANGE, DELETE, changes
from lib.tables.store import Rooted, properties, refuse_foreign
from lib.tables.trouble import writing

_USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata"
_MERGING = threading.Lock()
# A week of dates.
_FEW_PARTITIONS = 7


@frozen
class DeltaStore(Rooted):
    """Delta tables below a root."""

    def read(self, path: str, version: int | None = None) -> DataFrame | None:
        """The table at LAYER/NAME (as of `version`), or None where there is none."""
        full = self.storage.at(path)
        if not self._exists(full):
            return None
        reader = self.storage.spark.read.format("delta")
        return (reader.option("versionAsOf", version) if version is not None else reader).load(full)

    def replace(self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str) -> Published:
        """One commit: `replaceWhere` on exactly the scope, or the whole table."""
        return self._write(rows, contract, run_id, "overwrite", scope)

    def merge(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """One MERGE of what differs; where nothing does, the table stays at its version."""
        full, before = self.storage.at(contract.path), self.read(contract.path)
        if before is None:
            return self.replace(rows, contract, None, run_id)
        self._refuse_foreign(full, contract)
        faults.reached("before_stage", contract.path)
        changed = changes(before, rows.select(*contract.names), contract.key).persist()
        try:
            with writing(full):
                number = changed.count()
                faults.reached("before_commit", contract.path)
                if number:
                    self._merge(changed, contract, full, run_id)
                faults.reached("after_commit", contract.path)
                return Published(contract.path, full, self._version_of(contract, run_id if number else None), number)
        finally:
            changed.unpersist()

    def _merge(self, changed: DataFrame, contract: Contract, full: str, run_id: str) -> None:
        spark = self.storage.spark
        same_key = " AND ".join(f"held.{name} <=> changed.{name}" for name in contract.key)
        values: dict[str, str | Column] = {name: f"changed.{name}" for name in contract.names}
        merge = (
            DeltaTable.forPath(spark, full)
            .alias("held")
            .merge(changed.alias("changed"), same_key)
            .whenMatchedDelete(f"changed.{CHANGE} = '{DELETE}'")
            .whenMatchedUpdate(set=values)
            .whenNotMatchedInsert(values=values)
        )
        with _MERGING:  # MERGE takes what its commit says from the session, and that is one for all threads
            spark.conf.set(_USER_METADATA, _told(run_id))
            try:
                merge.execute()
            finally:
                spark.conf.unset(_USER_METADATA)

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows, in one commit."""
        return self._write(rows, contract, run_id, "append", None)

    def _write(self, rows: DataFrame, contract: Contract, run_id: str, mode: str, scope: Scope | None) -> Published:
        full = self.storage.at(contract.path)
        faults.reached("before_stage", contract.path)
        counted = Observation()
        observed = rows.observe(counted, F.count(F.lit(1)).alias("rows"))
        writer = observed.write.format("delta").options(**_options(run_id, scope))
        with writing(full):
            if self._exists(full):
                self._refuse_foreign(full, contract)
                writer = writer.mode(mode)
                if scope is not None:
                    writer = writer.option("replaceWhere", _predicate(scope))
            else:
                # One commit makes the table and fills it: nothing to replace, and nothing to look up first.
                made = {f"delta.{key}": value for key, value in properties(contract).items()}
                if contract.layer is Layer.BRONZE:  # text, read by its days alone: no minimum and maximum of columns
                    made["delta.dataSkippingNumIndexedCols"] = "0"
                writer = writer.mode("error").partitionBy(*contract.partition_by).options(**made)
            faults.reached("before_commit", contract.path)
            writer.save(full)
            faults.reached("after_commit", contract.path)
            return Published(contract.path, full, self._version_of(contract, run_id), int(counted.get["rows"]))

    def _version_of(self, contract: Contract, run_id: str | None) -> int:
        """The version of this run's newest commit (None: of the newest of all): read from the log itself.

        A commit is a JSON file named by its version, whose first action tells who made it (Delta's protocol).
        """
        log = f"{contract.path}/_delta_log"
        commits = [name for name in self.storage.children(log) if re.fullmatch(r"[0-9]{20}\.json", name)]
        for name in reversed(commits) if run_id else ():
            info = json.loads(self.storage.first_line(f"{log}/{name}")).get("commitInfo", {})
            if info.get("userMetadata") == _told(str(run_id)):
                return int(name.removesuffix(".json"))
        if commits:  # Delta makes no commit of a write that changes nothing, such as no row into an empty table
            return int(commits[-1].removesuffix(".json"))
        raise DabbaError("A commit is not in its table's log", where=self.at(contract.path), todo="look at its history")

    def _exists(self, full: str) -> bool:
        return DeltaTable.isDeltaTable(self.storage.spark, full)

    def _refuse_foreign(self, full: str, contract: Contract) -> None:
        row = DeltaTable.forPath(self.storage.spark, full).detail().select("properties").first()
        found = dict(row["properties"] or {}) if row is not None else {}
        refuse_foreign({key.removeprefix("delta."): value for key, value in found.items()}, contract, full)


def _options(run_id: str, scope: Scope | None) -> dict[str, str]:
    partitions = prod(len(values) for values in (scope or {}).values())
    return {
        "userMetadata": _told(run_id),
        # Many partitions: tasks hand their rows to one writer each, a shuffle, so that not every task writes a small
        # file into every partition. For a night or a week it costs more than it saves: a sixth of the whole run.
        "optimizeWrite": "true" if partitions > _FEW_PARTITIONS else "false",
    }


def _told(run_id: str) -> str:
    """What a commit says of itself in the table's history."""
    return json.dumps({"dabba.run_id": run_id})


def _predicate(scope: Scope) -> str:
    """SQL that is true for exactly the partitions of the scope."""
    return " AND ".join(
        f"{column} IN ({', '.join(_quoted(value) for value in values)})" for column, values in scope.items()
    )


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
