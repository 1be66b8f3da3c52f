"""Tables as Delta: one commit replaces exactly the dates of a run."""

from __future__ import annotations

import json
import re

from attrs import frozen
from delta.tables import DeltaTable
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import Contract
from lib.errors import DabbaError
from lib.run.store import Published, Scope
from lib.tables.store import Rooted, properties, refuse_foreign
from lib.tables.trouble import writing


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
        return self._write(rows, contract, run_id, "overwrite", _predicate(scope) if scope is not None else None)

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows, in one commit."""
        return self._write(rows, contract, run_id, "append", None)

    def _write(
        self, rows: DataFrame, contract: Contract, run_id: str, mode: str, replace_where: str | None
    ) -> Published:
        full = self.storage.at(contract.path)
        counted = Observation()
        writer = rows.observe(counted, F.count(F.lit(1)).alias("rows")).write.format("delta").mode(mode)
        if replace_where is not None:
            writer = writer.option("replaceWhere", replace_where)
        with writing(full):
            if self._exists(full):
                self._refuse_foreign(full, contract)
            else:
                self._create(rows, contract, full)
            writer.options(**_options(run_id)).save(full)
            return Published(contract.path, full, self._version_of(contract, run_id), int(counted.get["rows"]))

    def _version_of(self, contract: Contract, run_id: str) -> int:
        """The version of this run's newest commit: read from the log itself, whatever others commit meanwhile.

        A commit is a JSON file named by its version, whose first action tells who made it (Delta's protocol).
        """
        log = f"{contract.path}/_delta_log"
        commits = [name for name in self.storage.children(log) if re.fullmatch(r"[0-9]{20}\.json", name)]
        for name in reversed(commits):
            if run_id in json.loads(self.storage.first_line(f"{log}/{name}")).get("commitInfo", {}).get(
                "userMetadata", ""
            ):
                return int(name.removesuffix(".json"))
        if commits:  # Delta makes no commit of a write that changes nothing, such as no row into an empty table
            return int(commits[-1].removesuffix(".json"))
        raise DabbaError("A commit is not in its table's log", where=self.at(contract.path), todo="look at its history")

    def _create(self, rows: DataFrame, contract: Contract, full: str) -> None:
        """An empty table that says whose it is: only a table's creation can set properties without a second commit."""
        builder = DeltaTable.createIfNotExists(self.storage.spark).location(full).addColumns(rows.schema)
        for key, value in properties(contract).items():
            builder = builder.property(key, value)
        builder.partitionedBy(*contract.partition_by).execute()

    def _exists(self, full: str) -> bool:
        return DeltaTable.isDeltaTable(self.storage.spark, full)

    def _refuse_foreign(self, full: str, contract: Contract) -> None:
        row = DeltaTable.forPath(self.storage.spark, full).detail().select("properties").first()
        refuse_foreign(dict(row["properties"] or {}) if row is not None else {}, contract, full)


def _options(run_id: str) -> dict[str, str]:
    return {
        "userMetadata": json.dumps({"dabba.run_id": run_id}),
        # Tasks hand their rows to one writer for each partition: few files, whatever the shuffle was.
        "optimizeWrite": "true",
    }


def _predicate(scope: Scope) -> str:
    """SQL that is true for exactly the partitions of the scope."""
    return " AND ".join(
        f"{column} IN ({', '.join(_quoted(value) for value in values)})" for column, values in scope.items()
    )


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
