"""The run report: what a run read, refused, published and how long it took; its presence means published."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
from attrs import Factory, define, frozen

from lib.datasets import ALL, SOURCES
from lib.run.accounting import Account
from lib.run.store import Published


@frozen
class Check:
    """The outcome of one rule in one run: passed, failed or not evaluated (there was nothing to evaluate)."""

    dataset: str
    rule: str
    severity: str
    outcome: str
    rows: int | None
    detail: str

    @property
    def refuses(self) -> bool:
        """Whether it stops the run: an error rule on the whole dataset that failed."""
        return self.outcome == "failed" and self.severity == "error"


@define
class Report:
    """Filled in while a run goes on; written last."""

    accounts: dict[str, Account] = Factory(dict)
    checks: list[Check] = Factory(list)
    published: list[Published] = Factory(list)
    findings: list[str] = Factory(list)
    seconds: dict[str, float] = Factory(dict)
    refusals: dict[str, dict[str, int]] = Factory(dict)
    source_columns: dict[str, list[str]] = Factory(dict)
    reopened: dict[str, dict[str, int]] = Factory(dict)
    new_files: dict[str, dict[str, int]] = Factory(dict)

    def enter(self, published: Published) -> None:
        """Enter a table as a commit left it; of several commits the last version counts, and all of their rows."""
        before = [table for table in self.published if table.table == published.table]
        rows = published.rows + sum(table.rows for table in before)
        self.published = [table for table in self.published if table not in before]
        self.published.append(attrs.evolve(published, rows=rows))

    def reopen(self, dataset: str, changed: dict[date, int], dropped: int, undeleted: int = 0) -> None:
        """Enter late rows: rows changed by date, and `dropped` ones that are older than what is published, or the same;
        `undeleted` are such rows among the deletions.

        Those are repetitions of their key, found only when they met the published rows.
        """
        if dropped or undeleted:
            account = self.accounts[dataset]
            self.accounts[dataset] = attrs.evolve(
                account,
                rows_out=account.rows_out - dropped,
                deletions=account.deletions - undeleted,
                duplicates=account.duplicates + dropped + undeleted,
            )
        if changed:
            self.reopened[dataset] = {str(day): number for day, number in changed.items()}
            told = ", ".join(f"{day} ({number:,})" for day, number in self.reopened[dataset].items())
            self.findings.append(f"{dataset}: late rows re-open {told}")

    def take(self, dataset: str, files: int, before: int, *, waiting: int) -> None:
        """Enter the new files of a source: how many are taken, and how many records of other dates they hold."""
        self.new_files[dataset] = {"taken": files, "known_before": before, "waiting_rows": waiting}
        waits = f"; {waiting:,} records of other dates wait in bronze for their own run" if waiting else ""
        self.findings.append(f"{dataset}: {files:,} files taken, {before:,} were known{waits}")

    @property
    def reopened_dates(self) -> list[date]:
        """The dates beside the run's own that it has changed."""
        return sorted({date.fromisoformat(day) for days in self.reopened.values() for day in days})

    @property
    def tables(self) -> list[Published]:
        """What was published, in the order in which data flows (tables that do not need each other end in any)."""
        flow = [contract.path for contract in ALL]
        return sorted(self.published, key=lambda table: flow.index(table.table))

    @property
    def accounting(self) -> list[Account]:
        """The accounts, in the order in which data flows."""
        return [self.accounts[name] for name in SOURCES if name in self.accounts]

    @property
    def refused_rows(self) -> int:
        """Rows in quarantine over all datasets."""
        return sum(account.quarantined for account in self.accounts.values())

    def as_json(self, head: dict[str, Any]) -> dict[str, Any]:
        """The whole report as plain values, `head` (run, dates, status, versions of code and conf) first."""
        return {
            **head,
            "tables": [attrs.asdict(table) for table in self.tables],
            "accounting": [{**attrs.asdict(a), "balanced": a.balanced} for a in self.accounting],
            "refused_rows": self.refused_rows,
            "refusals_by_rule": self.refusals,
            "checks": [attrs.asdict(check) for check in self.checks],
            "reopened_dates": self.reopened,
            "new_files": self.new_files,
            "findings": self.findings,
            "source_columns": self.source_columns,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }
