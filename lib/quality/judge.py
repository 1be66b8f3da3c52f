"""A dataset before its rules: judged in one pass and cached; then the gate, and the refused rows put aside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

from attrs import Factory, frozen
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from lib.datasets import ORDERS, QUARANTINE, Contract
from lib.datasets.rules import DATASET_RULES, ROW_RULES, rule_name
from lib.errors import Refused
from lib.quality.check import DELETED, REASONS, RowCounts, check_rows, count_rows, deleted, good, refused
from lib.quality.configured import rules_of
from lib.quality.dataset_rules import check_dataset, row_checks
from lib.quality.expressions import computing, fails
from lib.quality.gate import gate_of, gate_problems
from lib.quality.quarantine import quarantine_rows, with_resolved
from lib.run.accounting import Account, require_balance
from lib.run.report import Check
from lib.run.run import Run
from lib.run.store import Scope, within
from lib.transform.bronze import ROW


@frozen
class Counts:
    """Observed while the rows pass: how many came in, and how many were older versions or repetitions.

    `late`: how many late records came, and how many of them have news; None where none is late.
    """

    arrived: Observation = Factory(Observation)
    duplicates: Observation = Factory(Observation)
    late: tuple[Observation, Observation] | None = None

    @property
    def told_again(self) -> int:
        """Late records that say what another night has said; they were left out before the others were counted."""
        came, news = (int(seen.get["rows"] or 0) for seen in self.late) if self.late else (0, 0)
        return came - news


@frozen
class Conformed:
    """A dataset after its rules: the checked rows (cached: silver and quarantine are both cut from them)."""

    contract: Contract
    bronze: DataFrame
    checked: DataFrame
    counts: RowCounts
    checks: tuple[Check, ...]
    beyond: tuple[Scope, ...] = ()  # partitions of quarantine beside the run's own dates: those that late rows re-open

    @property
    def accepted(self) -> DataFrame:
        """The rows that no error rule refuses."""
        return good(self.checked)

    @property
    def deleted(self) -> DataFrame:
        """Rows that no longer are, as accepted changes say."""
        return deleted(self.checked)


def judge(
    run: Run, contract: Contract, bronze: DataFrame, rows: DataFrame, counted: Counts, keep: Sequence[str]
) -> Conformed:
    """Apply the rules, cache the outcome, count it, and enter it in the accounts.

    Only the columns in `keep` are cached, unless a rule on the whole dataset may ask for others.
    """
    rules = rules_of(run.config, contract.name)
    judged = check_rows(rows, rules, event_time=contract.event_time, identity=contract.identity)
    if not any(isinstance(rule, DATASET_RULES) for rule in rules):
        position = [name for name in contract.partition_by if name not in keep]
        judged = judged.select(*keep, *position, ROW, REASONS, DELETED)
    checked = run.cache(judged)
    with computing(rows, {rule_name(r): partial(fails, r) for r in rules if isinstance(r, ROW_RULES)}):
        counts = count_rows(checked)
    checks = check_dataset(good(checked), contract.name, rules, rows=counts.accepted, window_end=run.window.end_instant)
    run.report.accounts[contract.name] = Account(
        dataset=contract.name,
        rows_in=int(counted.arrived.get["rows"] or 0) + counted.told_again,
        rows_out=counts.accepted,
        quarantined=counts.refused,
        duplicates=int(counted.duplicates.get["rows"] or 0) + counted.told_again,
        deletions=counts.deleted,
    )
    run.report.checks += [*row_checks(contract.name, rules, counts.failures, counts.rows), *checks]
    return Conformed(contract, bronze, checked, counts, tuple(checks))


def meet_gate(run: Run, parts: Sequence[Conformed], *, replayed: bool = False) -> None:
    """Stop the run, with its refused rows put aside, if rows do not add up or too many of them are refused.

    A replay that is stopped leaves the quarantine as it was.
    """
    require_balance(list(run.report.accounts.values()))
    errors = {check.rule for check in run.report.checks if check.severity == "error"}
    problems: list[str] = []
    for part in parts:
        name, failures = part.contract.name, part.counts.failures
        run.report.refusals[name] = {rule: count for rule, count in failures.items() if rule in errors}
        problems += gate_problems(name, part.counts, part.checks, gate_of(run.config, name))
    if problems:
        if not replayed:
            put_aside(run, parts)
        raise Refused(
            "The quality gate refuses this run; silver and gold are as they were",
            problems=problems,
            where=f"{run.store.at(QUARANTINE.path)} holds the refused rows with their reasons",
            todo="mend the source or its mapping; or change quality.gates if this is acceptable",
        )


def put_aside(run: Run, parts: Sequence[Conformed], *, replayed: bool = False) -> None:
    """Replace the quarantine of the run's datasets and dates by the rows that it refuses: one commit, and one a scope
    of late rows.

    A replay keeps the rows that it no longer refuses, and enters itself in them.
    """
    with run.stage("quarantine"):
        frames = [
            quarantine_rows(refused(part.checked), part.counts.refused, part.bronze, part.contract, run.id)
            for part in parts
            if part.counts.refused
        ]
        rows = reduce(DataFrame.unionByName, frames) if frames else run.spark.createDataFrame([], QUARANTINE.schema)
        own: Scope = {"dataset": [part.contract.name for part in parts], "business_date": run.window.dates}
        for scope in (own, *[scope for part in parts for scope in part.beyond]):
            kept, before = rows.where(within(scope)), run.store.read(QUARANTINE.path) if replayed else None
            if before is not None:
                # Of dimensions only the newest snapshot is judged again.
                judged = (F.col("dataset") == ORDERS.name) | (F.col("business_date") == F.lit(run.window.last))
                kept = with_resolved(kept, before.where(within(scope)), judged, run.id)
            run.replace(kept, QUARANTINE, scope)
