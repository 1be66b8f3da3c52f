"""Tables as Delta: one commit replaces exactly the dates of a run."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from functools import partial
from math import prod

from attrs import field, frozen
from delta.tables import DeltaTable
from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import Contract, Layer
from lib.errors import DabbaError, Superseded
from lib.run import faults
from lib.run.store import After, Published, Scope
from lib.tables.changes import CHANGE, DELETE, changes
from lib.tables.conflicts import until_settled
from lib.tables.log import newest_transaction, self_description
from lib.tables.store import Rooted
from lib.tables.trouble import writing
from lib.tables.upgrade import (
    CONTRACTS,
    Made,
    only_adds,
    pending,
    properties,
    require_all,
    require_compatible,
    upgraded,
)

_USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata"
_WATERMARK = "dabba.watermark"
_MERGING = threading.Lock()
# A week of dates.
_FEW_PARTITIONS = 7


@frozen
class DeltaStore(Rooted):
    """Delta tables below a root."""

    _known: dict[str, Made] = field(factory=dict, eq=False, repr=False)

    def read(self, path: str, version: int | None = None) -> DataFrame | None:
        """The table at LAYER/NAME (as of `version`), or None where there is none."""
        full = self.storage.at(path)
        if not self._exists(path):
            return None
        reader = self.storage.spark.read.format("delta")
        rows = (reader.option("versionAsOf", version) if version is not None else reader).load(full)
        return upgraded(rows, CONTRACTS.get(path))

    def check_tables(self, contracts: Sequence[Contract]) -> None:
        """Raise ConfigError unless every one of these tables that exists can be written by its contract of today."""

        def check(contract: Contract) -> None:
            full = self.storage.at(contract.path)
            if self._exists(contract.path):
                require_compatible(self._made(full), contract, full)

        require_all(contracts, check)

    def replace(
        self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str, mark: int | None = None
    ) -> Published:
        """One commit: `replaceWhere` on exactly the scope, or the whole table; the mark is Delta's `txn` in it."""
        return self._write(rows, contract, run_id, "overwrite", scope, mark)

    def mark(self, path: str) -> int:
        """The newest `txn` of ours in the table's log."""
        return newest_transaction(self.storage, path, _WATERMARK) or 0

    def version(self, path: str) -> int | None:
        """The newest version of the table at LAYER/NAME, or None where there is none."""
        commits = self._commits(path)
        return int(commits[-1].removesuffix(".json")) if commits else None

    def merge(self, after: After, contract: Contract, run_id: str) -> Published:
        """One MERGE of what differs; where nothing does, the table stays at its version."""
        full = self.storage.at(contract.path)
        faults.reached("before_stage", contract.path)
        with writing(full), self.turns.alone_at(contract.path) as look:
            version = self.version(contract.path)
            before = self.read(contract.path, version)
            if before is None:
                rows = after(None, None)
                return until_settled(partial(self._commit, rows, contract, run_id, "overwrite", None, look), full)
            adds = "mergeSchema" in self._made_ready(full, contract, run_id, whole=False)
            counted = Observation()
            wanted = after(before, version).select(*contract.names).observe(counted, F.count(F.lit(1)).alias("rows"))
            changed = changes(before, wanted, contract.key).persist()
            try:
                number = changed.count()
                faults.reached("before_commit", contract.path)
                look()
                if number:
                    self._merge(changed, contract, run_id, adds=adds)
                faults.reached("after_commit", contract.path)
                version = self._version_of(contract, run_id if number else None)
                return Published(contract.path, full, version, int(counted.get["rows"]))
            finally:
                changed.unpersist()

    def _merge(self, changed: DataFrame, contract: Contract, run_id: str, *, adds: bool) -> None:
        spark = self.storage.spark
        same_key = " AND ".join(f"held.{name} <=> changed.{name}" for name in contract.key)
        values: dict[str, str | Column] = {name: f"changed.{name}" for name in contract.names}
        merge = (
            DeltaTable.forPath(spark, self.storage.at(contract.path))
            .alias("held")
            .merge(changed.alias("changed"), same_key)
            .whenMatchedDelete(f"changed.{CHANGE} = '{DELETE}'")
            .whenMatchedUpdate(set=values)
            .whenNotMatchedInsert(values=values)
        )
        merge = merge.withSchemaEvolution() if adds else merge
        with _MERGING:  # MERGE takes what its commit says from the session, and that is one for all threads
            spark.conf.set(_USER_METADATA, _told(run_id))
            try:
                merge.execute()
            finally:
                spark.conf.unset(_USER_METADATA)

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows, in one commit; of a table keyed by run, a repetition of the run replaces its own."""
        held = self.read(contract.path) if contract.key[:1] == ("run_id",) else None
        if held is None or held.where(F.col("run_id") == run_id).isEmpty():
            return self._write(rows, contract, run_id, "append", None)
        return self._write(rows, contract, run_id, "overwrite", {"run_id": [run_id]})

    def _write(
        self,
        rows: DataFrame,
        contract: Contract,
        run_id: str,
        mode: str,
        scope: Scope | None,
        mark: int | None = None,
    ) -> Published:
        full = self.storage.at(contract.path)
        faults.reached("before_stage", contract.path)
        with writing(full), self.turns.at(contract.path) as look:
            return until_settled(partial(self._commit, rows, contract, run_id, mode, scope, look, mark), full)

    def _commit(
        self,
        rows: DataFrame,
        contract: Contract,
        run_id: str,
        mode: str,
        scope: Scope | None,
        look: Callable[[], None],
        mark: int | None = None,
    ) -> Published:
        full = self.storage.at(contract.path)
        counted = Observation()
        observed = rows.observe(counted, F.count(F.lit(1)).alias("rows"))
        writer = observed.write.format("delta").options(**_options(run_id, scope))
        if self._exists(contract.path):
            whole = mode == "overwrite" and scope is None
            writer = writer.mode(mode).options(**self._made_ready(full, contract, run_id, whole=whole))
            if scope is not None:
                writer = writer.option("replaceWhere", _predicate(scope))
        else:
            # One commit makes the table and fills it: nothing to replace, and nothing to look up first.
            made = {f"delta.{key}": value for key, value in properties(contract).items()}
            # Read by its days alone, or its minima and maxima would keep values of people in the log for a month.
            if contract.layer in (Layer.BRONZE, Layer.QUARANTINE) or contract.names_people:
                made["delta.dataSkippingNumIndexedCols"] = "0"
            writer = writer.mode("error").partitionBy(*contract.partition_by).options(**made)
        if mark is not None:
            self._require_newer(mark, contract)
            writer = writer.options(txnAppId=_WATERMARK, txnVersion=mark)
        faults.reached("before_commit", contract.path)
        look()
        writer.save(full)
        faults.reached("after_commit", contract.path)
        return Published(contract.path, full, self._version_of(contract, run_id), int(counted.get["rows"]))

    def _require_newer(self, mark: int, contract: Contract) -> None:
        """Delta would take the write for a repetition, and leave it out."""
        if self.mark(contract.path) >= mark:
            raise Superseded(
                f"Another run has taken new files of `{contract.name}` meanwhile; nothing was written there",
                where=self.at(contract.path),
                todo="run the same dates again",
            )

    def _version_of(self, contract: Contract, run_id: str | None) -> int:
        """The version of this run's newest commit (None: of the newest of all): read from the log itself.

        A commit is a JSON file named by its version, whose first action tells who made it (Delta's protocol).
        """
        log = f"{contract.path}/_delta_log"
        commits = self._commits(contract.path)
        for name in reversed(commits) if run_id else ():
            info = json.loads(self.storage.first_line(f"{log}/{name}")).get("commitInfo", {})
            if info.get("userMetadata") == _told(str(run_id)):
                return int(name.removesuffix(".json"))
        if commits:  # Delta makes no commit of a write that changes nothing, such as no row into an empty table
            return int(commits[-1].removesuffix(".json"))
        raise DabbaError("A commit is not in its table's log", where=self.at(contract.path), todo="look at its history")

    def _commits(self, path: str) -> list[str]:
        return [n for n in self.storage.children(f"{path}/_delta_log") if re.fullmatch(r"[0-9]{20}\.json", n)]

    def _exists(self, path: str) -> bool:
        """Whether the table has a commit: a log without one is left where a process was killed in its first."""
        return bool(self._commits(path))

    def _made(self, full: str) -> Made:
        """The table as it stands; looked at once in a run."""
        if full not in self._known:
            found, schema, partition_by = self_description(self.storage.spark, full)
            self._known[full] = Made(
                {key.removeprefix("delta."): value for key, value in found.items()},
                {field.name: field.dataType.simpleString() for field in schema},
                tuple(partition_by),
            )
        return self._known[full]

    def _made_ready(self, full: str, contract: Contract, run_id: str, *, whole: bool) -> dict[str, str]:
        """Check that the contract can write the table, and make an older one new; returns options of the write.

        Columns that only come are added by the write itself. What is derived from old columns is written for all rows
        first, in a commit of its own: rows of other dates must not lose it.
        """
        made = self._made(full)
        require_compatible(made, contract, full)
        steps = pending(made.columns, contract)
        if made.properties != {**made.properties, **properties(contract)}:
            values = ", ".join(f"'delta.{key}' = '{value}'" for key, value in properties(contract).items())
            self.storage.spark.sql(f"ALTER TABLE delta.`{full}` SET TBLPROPERTIES ({values})")
        if not steps:
            return {}
        self._known.pop(full)
        if whole:
            return {"overwriteSchema": "true"}
        if only_adds(steps):
            return {"mergeSchema": "true"}
        rows = upgraded(self.storage.spark.read.format("delta").load(full), contract)
        again = rows.write.format("delta").mode("overwrite").partitionBy(*contract.partition_by)
        again.options(**_options(run_id, None), overwriteSchema="true").save(full)
        return {}


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
