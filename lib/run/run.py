"""Run: what a job knows of itself (id, dates, configuration, session, tables) and how its stages are told and timed."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, TypeVar, overload

from attrs import Factory, frozen
from pyspark.sql import DataFrame, SparkSession

from lib.config import Config, config_hash, redacted
from lib.datasets import LEDGER, Contract
from lib.errors import DabbaError, Refused
from lib.run import faults
from lib.run.lease import Lease
from lib.run.report import Report
from lib.run.store import After, Published, Scope, Store, within
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.version import code_version

# Tables of places, words and numbers: the ledger holds them in the hash of the configuration, not as values.
_TABLES = frozenset({"places", "addresses", "phones"})

Q = TypeVar("Q")
R = TypeVar("R")


@frozen
class Run:
    """One run of a job. The clock is read once, when it starts; transforms get instants as parameters."""

    id: str
    job: str
    window: Window
    config: Config
    spark: SparkSession
    store: Store
    started_at: datetime
    terminal: Terminal
    report: Report = Factory(Report)
    lease: Lease | None = None
    _cached: list[DataFrame] = Factory(list)

    @classmethod
    def start(
        cls,
        job: str,
        window: Window,
        config: Config,
        spark: SparkSession,
        store: Store,
        terminal: Terminal,
        run_id: str | None = None,
        lease: Lease | None = None,
    ) -> Run:
        """A new run; its id starts with the time, so that ids sort, unless the orchestrator gives one."""
        now = datetime.now(timezone.utc)
        return cls(
            id=run_id or new_run_id(now),
            job=job,
            window=window,
            config=config,
            spark=spark,
            store=store,
            started_at=now,
            terminal=terminal,
            lease=lease,
        )

    @contextmanager
    def stage(self, name: str, detail: str = "") -> Iterator[None]:
        """Tell that a stage starts and how long it took; Spark's jobs carry its name."""
        self.spark.sparkContext.setJobDescription(f"{self.job} {self.window}: {name} {detail}".strip())
        began = time.monotonic()
        with self.terminal.stage(name, detail):
            yield
        self.report.seconds[name] = self.report.seconds.get(name, 0.0) + time.monotonic() - began

    @overload
    def side_by_side(self, first: Callable[[], Q], second: Callable[[], R], /) -> tuple[Q, R]: ...
    @overload
    def side_by_side(self, *steps: Callable[[], R]) -> tuple[R, ...]: ...
    def side_by_side(self, *steps: Callable[[], Any]) -> tuple[Any, ...]:
        """Take steps that do not need each other at once (conf: limits.side_by_side), and wait for all.

        While one waits for the storage or the driver plans it, another's tasks use the cores. Results come in the order
        of the steps; the first error is raised once every step has ended.
        """
        description = self.spark.sparkContext.getLocalProperty("spark.job.description")

        def told(step: Callable[[], Any]) -> Any:
            self.spark.sparkContext.setJobDescription(description or self.job)
            return step()

        with ThreadPoolExecutor(max_workers=max(1, self.config.limits.side_by_side)) as pool:
            return tuple(future.result() for future in [pool.submit(told, step) for step in steps])

    def replace(self, rows: DataFrame, contract: Contract, scope: Scope | None, mark: int | None = None) -> Published:
        """Publish a table: exactly the partitions of `scope`, and the `mark` of how far its source is read."""
        published = self.store.replace(rows, contract, scope, self.id, mark)
        self.report.enter(published)
        return published

    def hold(self, dates: Iterable[date]) -> None:
        """Hold these dates too, as the run's own: nobody else writes them while it does."""
        if self.lease is not None:
            self.lease.take(str(day) for day in dates)

    def hold_new_files(self, dataset: str) -> None:
        """Be the only run that takes new files of a source, until it ends."""
        if self.lease is not None:
            self.lease.take([f"new files of {dataset}"])

    def merge(self, after: After, contract: Contract) -> Published:
        """Publish a table that is changed by key."""
        published = self.store.merge(after, contract, self.id)
        self.report.enter(published)
        return published

    def cache(self, rows: DataFrame) -> DataFrame:
        """Keep rows that several steps need, until the run ends."""
        self._cached.append(rows)
        return rows.persist()

    def release(self) -> None:
        """Let go of what the run cached: a notebook's or a test's session lives on."""
        while self._cached:
            self._cached.pop().unpersist()

    def holds(self, contract: Contract, scope: Scope) -> bool:
        """Whether the table has any row in the partitions of `scope`."""
        table = self.store.read(contract.path)
        return table is not None and not table.where(within(scope)).isEmpty()

    def head(self, status: str, message: str = "") -> dict[str, Any]:
        """What identifies the run in its report."""
        return {
            "run_id": self.id,
            "job": self.job,
            "status": status,
            "message": message,
            "start": str(self.window.start),
            "end": str(self.window.end),
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "env": self.config.env,
            "config_hash": config_hash(self.config),
            "code_version": code_version(),
            "spark_version": self.spark.version,
        }

    def finish(self, status: str, message: str = "") -> dict[str, Any]:
        """Write the ledger, then the report, last of all; returns the report's summary (the last line on stdout)."""
        with self.stage("report"):
            rows = self.spark.createDataFrame(self._ledger_rows(status, message), LEDGER.schema).coalesce(1)
            self.store.append(rows, LEDGER, self.id)
        # An earlier try under the same id may have left the reason why it failed; it is no longer true.
        self.store.delete(f"ops/failed/{self.id}.json")
        faults.reached("before_report")
        seconds = round(time.monotonic() - self.terminal.began, 1)
        finished = {"finished_at": datetime.now(timezone.utc).isoformat(), "total_seconds": seconds}
        path = self.store.write_json(
            f"ops/reports/{self.id}.json", self.report.as_json({**self.head(status, message), **finished})
        )
        for name, columns in self.report.source_columns.items():
            self.store.write_json(f"ops/sources/{name}.json", {"run_id": self.id, "columns": columns})
        return {
            "run_id": self.id,
            "status": status,
            **({"message": message[:1000]} if message else {}),
            "start": str(self.window.start),
            "end": str(self.window.end),
            "tables": [{"table": p.table, "version": p.version, "rows": p.rows} for p in self.report.tables],
            "refused_rows": self.report.refused_rows,
            "seconds": seconds,
            "report": path,
        }

    def abandon(self, error: DabbaError) -> dict[str, Any]:
        """Leave the reason of a run that published nothing: a file in ops/failed, and a ledger row if it was refused.

        Never hides the error itself: what cannot be written is told, not raised.
        """
        status = "refused" if isinstance(error, Refused) else "failed"
        path = None
        try:
            head = self.head(status, str(error))
            path = self.store.write_json(f"ops/failed/{self.id}.json", self.report.as_json(head))
            if status == "refused":
                rows = self.spark.createDataFrame(self._ledger_rows(status, str(error)), LEDGER.schema).coalesce(1)
                self.store.append(rows, LEDGER, self.id)
        except Exception as trouble:  # noqa: BLE001  the run's own error must reach the user
            self.terminal.note(
                f"The reason could not be kept below {self.config.tables.root}: {type(trouble).__name__}"
            )
        return {
            "run_id": self.id,
            "start": str(self.window.start),
            "end": str(self.window.end),
            "refused_rows": self.report.refused_rows,
            "report": path,
        }

    def _ledger_rows(self, status: str, message: str) -> list[dict[str, Any]]:
        common = {
            "run_id": self.id,
            "job": self.job,
            "status": status,
            "start_date": self.window.start,
            "end_date": self.window.end,
            "started_at": self.started_at,
            "config_hash": config_hash(self.config),
            "code_version": code_version(),
            "message": message or None,
        }
        empty = dict.fromkeys(LEDGER.names)
        rows = [{**empty, **common, "stage": name, "dataset": "", "seconds": _milliseconds(taken)}
                for name, taken in self.report.seconds.items()]  # fmt: skip
        settings = {name: value for name, value in redacted(self.config).items() if name not in _TABLES}
        whole = _milliseconds(time.monotonic() - self.terminal.began)
        config = json.dumps(settings, ensure_ascii=False, sort_keys=True)
        rows.append(
            {
                **empty,
                **common,
                "stage": "run",
                "dataset": "",
                "seconds": whole,
                "config": config,
                "reopened_dates": self.report.reopened_dates,
            }
        )
        for account in self.report.accounting:
            checks = [
                {"dataset": c.dataset, "rule": c.rule, "severity": c.severity, "outcome": c.outcome, "rows": c.rows,
                 "detail": c.detail}
                for c in self.report.checks if c.dataset == account.dataset
            ]  # fmt: skip
            rows.append(
                {**empty, **common, "stage": "account", "dataset": account.dataset, "rows_in": account.rows_in,
                 "rows_out": account.rows_out, "rows_quarantined": account.quarantined,
                 "rows_duplicate": account.duplicates, "rows_deleted": account.deletions, "checks": checks}
            )  # fmt: skip
        for table in self.report.tables:
            rows.append(
                {**empty, **common, "stage": "publish", "dataset": table.table, "rows_out": table.rows,
                 "table_path": table.path, "table_version": table.version}
            )  # fmt: skip
        return rows


def new_run_id(now: datetime) -> str:
    """For example 20251021T203000Z-3f9a1c."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _milliseconds(seconds: float) -> Decimal:
    return Decimal(seconds).quantize(Decimal("0.001"))
