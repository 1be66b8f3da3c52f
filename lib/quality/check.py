"""All row rules in one pass: every row gets its reasons (it is refused) and its warnings (it is kept)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from attrs import frozen
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.datasets.rules import ROW_RULES, RowRule, Rule, Severity, describe, rule_column, rule_name
from lib.quality.expressions import fails as breaks
from lib.quality.expressions import require_evaluable
from lib.session import lenient
from lib.transform.cast import TYPE_ERRORS
from lib.transform.operation import DELETE, UNKNOWN, UPSERT

REASONS = "_reasons"
WARNINGS = "warnings"
MALFORMED = "_malformed"
DELETED = "_deleted"
AFTER_WINDOW = "_after_window"

_ROWS = "_rows"
_REFUSED = "_refused"


def check_rows(
    df: DataFrame, rules: Sequence[Rule], *, event_time: str | None = None, identity: Sequence[str] = ()
) -> DataFrame:
    """Adds `_reasons` (array of rule, column, message; empty for an accepted row), `warnings` (rule names) and
    `_deleted`: the row is one that a change takes away. What a change says beside its `identity` is then not judged;
    nor where it cannot be told what it does.

    Expects `_malformed` (boolean), `_type_errors` and, with an event time, `_after_window` (boolean). A malformed
    record has that one reason only.
    """
    with lenient(df.sparkSession):  # rules of conf may divide by zero
        try:
            return _checked(df, rules, event_time, identity)
        except AnalysisException:
            rows = [rule for rule in rules if isinstance(rule, ROW_RULES)]
            require_evaluable(df, {rule_name(rule): partial(breaks, rule) for rule in rows})
            raise


def _checked(df: DataFrame, rules: Sequence[Rule], event_time: str | None, identity: Sequence[str]) -> DataFrame:
    rows = [rule for rule in rules if isinstance(rule, ROW_RULES)]
    does = F.coalesce(F.col("operation"), F.lit(UPSERT)) if identity else F.lit(UPSERT)

    def fails(rule: RowRule) -> Column:
        if not identity or rule_column(rule) == "operation":
            return breaks(rule)
        return breaks(rule) & (does != UNKNOWN if rule_column(rule) in identity else does == UPSERT)

    errors = [(rule_name(r), rule_column(r), describe(r), fails(r)) for r in rows if r.severity is Severity.ERROR]
    if event_time is not None:
        after = (f"{event_time}_window", event_time, "must not be after the end of the run's window")
        errors.append((*after, F.coalesce(F.col(AFTER_WINDOW), F.lit(False))))
    warns = [F.when(fails(rule), F.lit(rule_name(rule))) for rule in rows if rule.severity is Severity.WARN]
    judged = F.col(TYPE_ERRORS)
    if identity:
        judged = F.filter(judged, lambda name: (does == UPSERT) | (name.isin(*identity) & (does == DELETE)))
    unfit = F.transform(
        judged, lambda name: _reason(F.concat(name, F.lit("_type")), name, F.lit("does not fit its type"))
    )
    broken = F.array_compact(F.array(*[F.when(bad, _reason(F.lit(n), F.lit(c), F.lit(m))) for n, c, m, bad in errors]))
    malformed = F.array(
        _reason(F.lit("malformed_record"), F.lit(""), F.lit("the record does not fit the source's format"))
    )
    return df.withColumns(
        {
            REASONS: F.when(F.col(MALFORMED), malformed).otherwise(F.concat(unfit, broken)),
            WARNINGS: F.array_compact(F.array(*warns)) if warns else F.array().cast("array<string>"),
            DELETED: does == DELETE if event_time is not None else F.lit(False),
        }
    )


def _reason(rule: Column, column: Column, message: Column) -> Column:
    return F.struct(rule.alias("rule"), column.alias("column"), message.alias("message"))


def good(checked: DataFrame) -> DataFrame:
    """The accepted rows, warnings and all."""
    return checked.where((F.size(REASONS) == 0) & ~F.col(DELETED))


def deleted(checked: DataFrame) -> DataFrame:
    """The accepted changes that take a row away."""
    return checked.where((F.size(REASONS) == 0) & F.col(DELETED))


def refused(checked: DataFrame) -> DataFrame:
    """The refused rows: exactly those that are neither in `good` nor in `deleted`."""
    return checked.where(F.size(REASONS) > 0)


@frozen
class RowCounts:
    """What the rules said of a dataset: rows checked, rows refused, failures by rule name, and rows taken away."""

    rows: int
    refused: int
    failures: Mapping[str, int]
    deleted: int = 0

    @property
    def accepted(self) -> int:
        """Rows that no error rule refuses, and that are there to stay."""
        return self.rows - self.refused - self.deleted


def count_rows(checked: DataFrame) -> RowCounts:
    """Rows, refusals and failures by rule, in one job (which also fills a cache of `checked`)."""
    names = F.concat(
        F.array(F.lit(_ROWS)),
        F.when(F.size(REASONS) > 0, F.array(F.lit(_REFUSED)))
        .when(F.col(DELETED), F.array(F.lit(DELETED)))
        .otherwise(F.array().cast("array<string>")),
        F.col(f"{REASONS}.rule"),
        F.col(WARNINGS),
    )
    counted = checked.select(F.explode(names).alias("name")).groupBy("name").count().collect()
    counts = {row["name"]: int(row["count"]) for row in counted}
    return RowCounts(counts.pop(_ROWS, 0), counts.pop(_REFUSED, 0), counts, counts.pop(DELETED, 0))
