"""Tables as plain Parquet: written aside, then swapped in folder by folder, and rolled forward after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen
from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import Contract
from lib.errors import UsageError
from lib.run import faults
from lib.run.store import After, Published, Scope
from lib.tables.store import Rooted
from lib.tables.trouble import writing
from lib.tables.upgrade import CONTRACTS, Made, pending, require_all, require_compatible, upgraded

_STAGING = "_staging"
_MARKER = "_dabba.json"
_MARK = "mark"


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
        return upgraded(self.storage.spark.read.parquet(self.storage.at(path)), CONTRACTS.get(path))

    def check_tables(self, contracts: Sequence[Contract]) -> None:
        """Raise ConfigError unless every one of these tables that exists can be written by its contract of today."""

        def check(contract: Contract) -> None:
            made = self._made(contract)
            if made is not None:
                require_compatible(made, contract, self.at(contract.path))

        require_all(contracts, check)

    def replace(
        self, rows: DataFrame, contract: Contract, scope: Scope | None, run_id: str, mark: int | None = None
    ) -> Published:
        """Stage the rows, then swap exactly the partitions of the scope."""
        folder = _folder(contract, run_id)
        staged = f"{folder}/rows"
        with writing(self.storage.at(contract.path)), self.turns.at(contract.path) as look:
            self._make_ready(contract, run_id, look, whole=scope is None)
            faults.reached("before_stage", contract.path)
            self.storage.delete(folder)  # what an earlier try of the same run left
            count = self._write(rows, contract, staged)
            faults.reached("before_commit", contract.path)
            look()
            self._swap(contract, run_id, self._swaps(contract, scope, staged), look, mark)
            faults.reached("after_commit", contract.path)
        return Published(contract.path, self.storage.at(contract.path), None, count)

    def mark(self, path: str) -> int:
        """What the table says of itself in its marker: it changes with the publish that its journal has decided."""
        marker = f"{path}/{_MARKER}"
        return int(self.storage.read_json(marker).get(_MARK, 0)) if self.storage.exists(marker) else 0

    def version(self, path: str) -> int | None:  # noqa: ARG002  a store answers for any path
        """None: Parquet tables have no versions."""
        return None

    def merge(self, after: After, contract: Contract, run_id: str) -> Published:
        """Write the whole table anew: plain files cannot be changed by key."""
        return self.replace(after(self.read(contract.path), None), contract, None, run_id)

    def append(self, rows: DataFrame, contract: Contract, run_id: str) -> Published:
        """Add rows as files named by the run; a repetition of the run replaces its own."""
        staged = f"{_folder(contract, run_id)}/rows"
        with writing(self.storage.at(contract.path)), self.turns.at(contract.path) as look:
            self._make_ready(contract, run_id, look, whole=False)
            faults.reached("before_stage", contract.path)
            self.storage.delete(staged)
            count = self._write(rows, contract, staged)
            faults.reached("before_commit", contract.path)
            look()
            # Rows without a marker would be another pipeline's for ever: so it comes first, and is not touched again.
            if not self.storage.exists(f"{contract.path}/{_MARKER}"):
                self.storage.write_json(f"{contract.path}/{_MARKER}", _marker(contract))
            self.storage.delete(f"{contract.path}/run={run_id}")
            self.storage.rename(staged, f"{contract.path}/run={run_id}")
            faults.reached("after_commit", contract.path)
        return Published(contract.path, self.storage.at(contract.path), None, count)

    def roll_forward(self) -> None:
        """Complete every publish whose journal stands; what was staged and never decided is nobody's and stays."""
        for folder in self.storage.children(_STAGING):
            journals = [name for name in self.storage.children(f"{_STAGING}/{folder}") if name.endswith(".json")]
            for journal in journals:
                self._recover(f"{_STAGING}/{folder}/{journal}")

    def _recover(self, journal: str) -> None:
        """In the table's turn: a run that is at it completes its own publish, and its journal is gone then."""
        try:
            table = self.storage.read_json(journal)["path"]
        except Py4JJavaError:
            if self.storage.exists(journal):
                raise
            return
        with self.turns.at(table) as look:
            if self.storage.exists(journal):
                self._complete(journal, look)

    def _write(self, rows: DataFrame, contract: Contract, staged: str, by: Sequence[str] | None = None) -> int:
        keys = contract.partition_by if by is None else by
        counted = Observation()
        observed = rows.observe(counted, F.count(F.lit(1)).alias("rows"))
        # One writer for each partition, split where a partition is large.
        if keys:  # in SQL: Spark 3.5 takes no column for this hint from Python
            hint = f"/*+ REBALANCE({', '.join(keys)}) */"
            observed = self.storage.spark.sql(f"SELECT {hint} * FROM {{rows}}", rows=observed)
        observed.write.mode("overwrite").partitionBy(*keys).parquet(self.storage.at(staged))
        return int(counted.get["rows"])

    def _swaps(self, contract: Contract, scope: Scope | None, staged: str) -> list[dict[str, Any]]:
        """The folders to exchange: one for each combination of the scope's values, or the table as a whole.

        `rows` says whether there is anything to move in: later, a staged folder that is gone has been moved already.
        """
        if scope is None:
            return [{"staged": staged, "live": contract.path, "rows": True}]
        return [
            {
                "staged": f"{staged}/{folder}",
                "live": f"{contract.path}/{folder}",
                "rows": self.storage.exists(f"{staged}/{folder}"),
            }
            for folder in self._folders(contract, scope, staged)
        ]

    def _folders(self, contract: Contract, scope: Scope, staged: str) -> list[str]:
        """The folders of a scope. A column that it leaves open, before one that it names, takes the values there are:
        in the table, and in what is staged."""
        last = max(number for number, name in enumerate(contract.partition_by) if name in scope)
        folders = [""]
        for column in contract.partition_by[: last + 1]:
            folders = [
                f"{folder}/{name}".lstrip("/")
                for folder in folders
                for name in (
                    [f"{column}={value}" for value in scope[column]]
                    if column in scope
                    else sorted({*self._named(column, contract.path, folder), *self._named(column, staged, folder)})
                )
            ]
        return folders

    def _named(self, column: str, top: str, folder: str) -> list[str]:
        return [name for name in self.storage.children(f"{top}/{folder}") if name.startswith(f"{column}=")]

    def _swap(
        self,
        contract: Contract,
        run_id: str,
        swaps: list[dict[str, Any]],
        look: Callable[[], None],
        mark: int | None = None,
    ) -> None:
        """Decide the publish by its journal, then exchange the folders."""
        journal = f"{_folder(contract, run_id)}/publish.json"
        marker = {**_marker(contract), _MARK: self.mark(contract.path) if mark is None else mark}
        self.storage.write_json(journal, {"contract": marker, "path": contract.path, "swaps": swaps})
        self._complete(journal, look)

    def _complete(self, journal: str, look: Callable[[], None]) -> None:
        plan: dict[str, Any] = self.storage.read_json(journal)
        folder = journal.rpartition("/")[0]
        for number, swap in enumerate(plan["swaps"]):
            look()
            if swap["rows"] and not self.storage.exists(swap["staged"]):
                continue  # moved in before the crash
            if self.storage.exists(swap["live"]):
                self.storage.rename(swap["live"], f"{folder}/old/{number}")
            if swap["rows"]:
                self.storage.rename(swap["staged"], swap["live"])
        self.storage.write_json(f"{plan['path']}/{_MARKER}", plan["contract"])
        self.storage.delete(journal)
        self.storage.delete(folder)

    def _made(self, contract: Contract) -> Made | None:
        """The table as it says itself, or None where there is none."""
        # A kill may leave the marker half written in a folder where nothing else is yet.
        names = [name for name in self.storage.children(contract.path) if name != f"{_MARKER}.partial"]
        if not names:
            return None
        found = self.storage.read_json(f"{contract.path}/{_MARKER}") if _MARKER in names else {}
        kept = {key: value for key, value in found.items() if isinstance(value, str)}
        today = Made.by(contract)
        return Made(kept, found.get("columns", today.columns), tuple(found.get("partition_by", today.partition_by)))

    def _make_ready(self, contract: Contract, run_id: str, look: Callable[[], None], *, whole: bool) -> None:
        """Check that the contract can write the table, and make an older one new, as all partitions are alike."""
        made = self._made(contract)
        if made is None:
            return
        require_compatible(made, contract, self.at(contract.path))
        if pending(made.columns, contract) and not whole:
            staged = f"{_folder(contract, run_id)}/upgraded"
            rows = upgraded(self.storage.spark.read.parquet(self.at(contract.path)), contract)
            # What is appended lies in a folder of its run.
            by = ("run",) if "run" in rows.columns and "run" not in contract.names else contract.partition_by
            self._write(rows, contract, staged, by)
            self._swap(contract, run_id, [{"staged": staged, "live": contract.path, "rows": True}], look)


def _marker(contract: Contract) -> dict[str, Any]:
    """What a table says of itself, in a file beside its partitions."""
    made = Made.by(contract)
    return {**made.properties, "columns": dict(made.columns), "partition_by": list(made.partition_by)}


def _folder(contract: Contract, run_id: str) -> str:
    """Where one publish of a run stages: a folder of its own, because a run publishes several tables at once."""
    return f"{_STAGING}/{run_id}-{contract.layer.value}-{contract.name}"
