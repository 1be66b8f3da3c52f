"""Rules on a whole dataset (freshness, row count, mean and deviation, share of valid), in one aggregation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.datasets.rules import DATASET_RULES, DatasetRule, Fresh, MeanBand, Mostly, RowCount, Rule, Severity, rule_name
from lib.quality.expressions import computing, require_evaluable
from lib.run.report import Check
from lib.session import lenient


def check_dataset(
    accepted: DataFrame, dataset: str, rules: Sequence[Rule], *, rows: int, window_end: datetime
) -> list[Check]:
    """The outcome of every dataset rule over the accepted rows; no row at all is `not evaluated`, never a pass."""
    chosen = [rule for rule in rules if isinstance(rule, DATASET_RULES)]
    measures: dict[str, Column] = {}
    with lenient(accepted.sparkSession):
        try:
            for number, rule in enumerate(chosen):
                measures.update({f"m{number}_{name}": column for name, column in _measures(rule).items()})
            measured = accepted.agg(*[column.alias(name) for name, column in measures.items()]) if measures else None
        except AnalysisException:
            require_evaluable(accepted, {rule_name(rule): partial(_all_of, rule) for rule in chosen})
            raise
    each = {rule_name(r): partial(F.expr, r.expression) for r in chosen if isinstance(r, Mostly)}
    with computing(accepted, each):
        values = measured.first() if measured is not None else None
    found = values.asDict() if values is not None else {}
    checks = []
    for number, rule in enumerate(chosen):
        own = {name.partition("_")[2]: value for name, value in found.items() if name.startswith(f"m{number}_")}
        outcome, detail = _judge(rule, own, rows, window_end)
        checks.append(Check(dataset, rule_name(rule), rule.severity.value, outcome, rows, detail))
    return checks


def _all_of(rule: DatasetRule) -> Column:
    return F.array(*[column.cast("string") for column in _measures(rule).values()])


def _measures(rule: DatasetRule) -> dict[str, Column]:
    match rule:
        case Fresh():
            return {"newest": F.unix_timestamp(F.max(rule.column))}
        case MeanBand():
            value = F.col(rule.column).cast("double")
            return {"mean": F.avg(value), "deviation": F.stddev_pop(value), "n": F.count(value)}
        case Mostly():
            given = F.col(rule.column).isNotNull()
            valid = given & F.coalesce(F.expr(rule.expression), F.lit(False))
            return {"given": F.count_if(given), "valid": F.count_if(valid)}
        case RowCount():
            return {}


def _judge(rule: DatasetRule, found: Mapping[str, Any], rows: int, window_end: datetime) -> tuple[str, str]:
    match rule:
        case RowCount():
            inside = (rule.min is None or rows >= rule.min) and (rule.max is None or rows <= rule.max)
            return _outcome(inside), f"{rows} rows; allowed {rule.min or 0} to {rule.max or 'any number'}"
        case Fresh():
            if found["newest"] is None:
                return "not evaluated", f"no row has {rule.column}"
            newest = datetime.fromtimestamp(int(found["newest"]), timezone.utc)
            age = window_end - newest
            return _outcome(age <= timedelta(hours=rule.max_hours)), f"newest {newest:%Y-%m-%d %H:%M}Z, {age} old"
        case MeanBand():
            if not found["n"]:
                return "not evaluated", f"no row has {rule.column}"
            inside = _in_band(found["mean"], rule.min_mean, rule.max_mean) and _in_band(
                found["deviation"], rule.min_deviation, rule.max_deviation
            )
            return _outcome(
                inside
            ), f"mean {found['mean']:.4f}, deviation {found['deviation']:.4f} of {found['n']} rows"
        case Mostly():
            if not found["given"]:
                return "not evaluated", f"no row has {rule.column}"
            enough = Decimal(found["valid"]) >= Decimal(rule.share) * Decimal(found["given"])
            return _outcome(enough), f"{found['valid']} of {found['given']} rows that have {rule.column}"


def _in_band(value: float, low: str | None, high: str | None) -> bool:
    return (low is None or value >= float(low)) and (high is None or value <= float(high))


def _outcome(passed: bool) -> str:
    return "passed" if passed else "failed"


def row_checks(dataset: str, rules: Sequence[Rule], failures: Mapping[str, int], rows: int) -> list[Check]:
    """The outcome of every row rule, with how many rows it failed; reasons that are not rules (types) come too."""
    named = {rule_name(rule): rule.severity for rule in rules if not isinstance(rule, DATASET_RULES)}
    for name in failures:
        named.setdefault(name, Severity.ERROR)
    return [
        Check(
            dataset,
            name,
            severity.value,
            "not evaluated" if rows == 0 else _outcome(failures.get(name, 0) == 0),
            failures.get(name, 0),
            "",
        )
        for name, severity in named.items()
    ]
