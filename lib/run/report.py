"""The run report: what a run read, refused, published and how long it took; its presence means published."""

from __future__ import annotations

from typing import Any

import attrs
from attrs import Factory, define, frozen

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
    def refused_rows(self) -> int:
        """Rows in quarantine over all datasets."""
        return sum(account.quarantined for account in self.accounts.values())

    def as_json(self, head: dict[str, Any]) -> dict[str, Any]:
        """The whole report as plain values, `head` (run, dates, status, versions of code and conf) first."""
        return {
            **head,
            "tables": [attrs.asdict(table) for table in self.published],
            "accounting": [{**attrs.asdict(a), "balanced": a.balanced} for a in self.accounts.values()],
            "refused_rows": self.refused_rows,
            "refusals_by_rule": self.refusals,
            "checks": [attrs.asdict(check) for check in self.checks],
            "findings": self.findings,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }
