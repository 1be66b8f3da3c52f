"""Tables as plain Parquet: written aside, then swapped in folder by folder, and rolled forward after a crash."""

from __future__ import annotations

from itertools import product
from typing import Any

from attrs import frozen
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import Contract
from lib.errors import UsageError
from lib.run import faults
from lib.run.store import Published, Scope
from lib.tables.store import Rooted, properties, refuse_foreign
from lib.tables.trouble import writing

_STAGING = "_staging"
_MARKER = "_dabba.json"


@frozen
class ParquetStore(Rooted):
    """Parquet tables below a root.

    A publish writes below `_staging/`, then leaves a journal of the folders to swap, then swaps. From the journal on
    the publish is decided: whoever opens the store next completes it. Readers see each partition old or new, and for
    the moment between two renames not at all; where that matters, take Delta.
    """

    def read(self, path: str, version: int | None = None) -> DataFrame | None:
        """The table at LAYER/NAME, or None where there is none; Parquet has no versions to go back to."""
        if version is not None:
            raise UsageError("Parquet tables have no versions", where=self.at(path), todo="use tables.format delta")
        if not any(not name.startswith(("_", ".")) for name in self.storage.children(path)):
            return None
        return self.storage.spark.read.parquet(self.storage.at(path))

    def replace(self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str) -> Published:
        """Stage the rows, then swap exactly the partitions of the scope."""
        self._refuse_foreign(contract)
        staged = f"{_folder(contract, run_id)}/rows"
        with writing(self.storage.at(contract.path)):
            faults.reached("before_stage", contract.path)
            self.storage.delete(staged)
            count = self._write(rows, contract, staged)
            faults.reached("before_commit", contract.path)
            swaps = self._swaps(contract, scope, staged)
            journal = f"{_folder(contract, run_id)}/publish.json"
            self.storage.write_json(journal, {"contract": properties(contract), "path": contract.path, "swaps": swaps})
            self._complete(journal)
            faults.reached("after_commit", contract.path)
        return Published(contract.path, self.storage.at(contract.path), None, count)

    def merge(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Write the whole table anew: plain files cannot be changed by key."""
        return self.replace(rows, contract, None, run_id)

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows as files named by the run; a repetition of the run replaces its own."""
        self._refuse_foreign(contract)
        staged = f"{_folder(contract, run_id)}/rows"
        with writing(self.storage.at(contract.path)):
            faults.reached("before_stage", contract.path)
            self.storage.delete(staged)
            count = self._write(rows, contract, staged)
            faults.reached("before_commit", contract.path)
            self.storage.delete(f"{contract.path}/run={run_id}")
            self.storage.rename(staged, f"{contract.path}/run={run_id}")
            self.storage.write_json(f"{contract.path}/{_MARKER}", properties(contract))
            faults.reached("after_commit", contract.path)
        return Published(contract.path, self.storage.at(contract.path), None, count)

    def roll_forward(self) -> None:
        """Complete every publish whose journal stands; sweep away what was staged and never decided."""
        for folder in self.storage.children(_STAGING):
            journals = [name for name in self.storage.children(f"{_STAGING}/{folder}") if name.endswith(".json")]
            for journal in journals:
                self._complete(f"{_STAGING}/{folder}/{journal}")

    def _write(self, rows: DataFrame, contract: Contract, staged: str) -> int:
        counted = Observation()
        observed = rows.observe(counted, F.count(F.lit(1)).alias("rows"))
        # One writer for each partition, split where a partition is large.
        spread = observed.hint("rebalance", *contract.partition_by) if contract.partition_by else observed
        spread.write.mode("overwrite").partitionBy(*contract.partition_by).parquet(self.storage.at(staged))
        return int(counted.get["rows"])

    def _swaps(self, contract: Contract, scope: Scope | None, staged: str) -> list[dict[str, str]]:
        """The folders to exchange: one for each combination of the scope's values, or the table as a whole."""
        if scope is None:
            return [{"staged": staged, "live": contract.path}]
        columns = [name for name in contract.partition_by if name in scope]
        folders = [
            "/".join(f"{column}={value}" for column, value in zip(columns, values, strict=True))
            for values in product(*[scope[column] for column in columns])
        ]
        return [{"staged": f"{staged}/{folder}", "live": f"{contract.path}/{folder}"} for folder in folders]

    def _complete(self, journal: str) -> None:
        plan: dict[str, Any] = self.storage.read_json(journal)
        for number, swap in enumerate(plan["swaps"]):
            aside = f"{journal.removesuffix('.json')}.old/{number}"
            done = f"{journal.removesuffix('.json')}.done/{number}"
            if self.storage.exists(done):
                continue
            if self.storage.exists(swap["live"]) and not self.storage.exists(aside):
                self.storage.rename(swap["live"], aside)
            if self.storage.exists(swap["staged"]):
                self.storage.rename(swap["staged"], swap["live"])
            self.storage.write_json(done, {})
        self.storage.write_json(f"{plan['path']}/{_MARKER}", plan["contract"])
        self.storage.delete(journal)
        self.storage.delete(journal.rpartition("/")[0])

    def _refuse_foreign(self, contract: Contract) -> None:
        names = self.storage.children(contract.path)
        if names:
            found = self.storage.read_json(f"{contract.path}/{_MARKER}") if _MARKER in names else {}
            refuse_foreign(found, contract, self.at(contract.path))


def _folder(contract: Contract, run_id: str) -> str:
    """Where one publish of a run stages: a folder of its own, because a run publishes several tables at once."""
    return f"{_STAGING}/{run_id}-{contract.layer.value}-{contract.name}"
