"""The gate: bad rows never stop a run, too many of them do, before silver and gold change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lib.config import Config, Gate
from lib.quality.check import RowCounts
from lib.run.report import Check


def gate_of(config: Config, dataset: str) -> Gate:
    """The gate of a dataset: its own, or the default one."""
    return config.quality.gates.get(dataset, config.quality.default_gate)


def gate_problems(dataset: str, counts: RowCounts, checks: Sequence[Check], gate: Gate) -> list[str]:
    """Why this dataset refuses the run, one line each; empty when it may pass. Bounds are inclusive.

    `checks` are those of rules on the whole dataset; rows that a row rule refuses count by share and number.
    """
    problems = []
    if counts.rows and Decimal(counts.refused) > gate.max_refused_share * counts.rows:
        share = 100 * Decimal(counts.refused) / counts.rows
        problems.append(
            f"{dataset}: {counts.refused} of {counts.rows} rows refused ({share:.2f} %); "
            f"allowed {100 * gate.max_refused_share:.2f} %"
        )
    if gate.max_refused_rows is not None and counts.refused > gate.max_refused_rows:
        problems.append(f"{dataset}: {counts.refused} rows refused; allowed {gate.max_refused_rows}")
    problems += [f"{check.dataset}: rule {check.rule} failed: {check.detail}" for check in checks if check.refuses]
    return problems
