"""The run report: what a run read, refused, published and how long it took; its presence means published."""

from __future__ import annotations

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
            "findings": self.findings,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }
