"""Row rules as Spark expressions: each gives true where the row fails, false otherwise, never null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lib.datasets.rules import (
    Compare,
    Holds,
    InSet,
    NotNull,
    Range,
    Regex,
    RequiredWhen,
    RowRule,
    Unique,
)
from lib.errors import ConfigError
from lib.session import lenient
from lib.transform.cast import TYPE_ERRORS


def require_evaluable(df: DataFrame, columns: Mapping[str, Callable[[], Column]]) -> None:
    """Raise ConfigError naming each rule whose expression is not SQL, or speaks of a column that is not there."""
    problems = []
    for name, column in columns.items():
        try:
            df.select(column())
        except AnalysisException as error:
            problems.append(f"{name}: {str(error).strip().splitlines()[0]}")
    if problems:
        raise ConfigError("Rules cannot be evaluated", problems=tuple(problems), where="quality.rules")


@contextmanager
def computing(df: DataFrame, columns: Mapping[str, Callable[[], Column]]) -> Iterator[None]:
    """Where a query over `df` fails within it, raise ConfigError naming each rule that cannot be computed.

    What these are is only looked for then, rule by rule; where the rows themselves cannot be, no rule is to blame.
    """
    try:
        yield
    except (PySparkException, Py4JError):
        if columns and not _fails([F.max(F.col(f"`{name}`").cast("string")) for name in df.columns], df):
            with lenient(df.sparkSession):
                wrong = [name for name, column in columns.items() if _fails([F.max(column().cast("string"))], df)]
            if wrong:
                raise ConfigError(
                    "Rules fail while they are computed; nothing was published",
                    problems=wrong,
                    where="quality.rules",
                    todo="mend their expressions: every row must give true, false or null",
                ) from None
        raise


def _fails(columns: Sequence[Column], df: DataFrame) -> bool:
    try:
        df.select(*columns).collect()
    except (PySparkException, Py4JError):
        return True
    return False


def fails(rule: RowRule) -> Column:
    """Where the row breaks the rule. Null passes, except where a value must be given."""
    match rule:
        case NotNull():
            return _missing(rule.column)
        case RequiredWhen():
            return _missing(rule.column) & F.coalesce(F.expr(rule.condition), F.lit(False))
        case Unique():
            given = [F.col(name).isNotNull() for name in rule.columns]
            compared = given[0]
            for column in given[1:]:
                compared = compared & column
            return compared & (F.count(F.lit(1)).over(Window.partitionBy(*rule.columns)) > 1)
        case InSet():
            return _false(F.col(rule.column).isin(*rule.values))
        case Range():
            return _range(rule)
        case Regex():
            return _false(F.col(rule.column).rlike(rf"\A(?:{rule.pattern})\z"))
        case Compare():
            return _false(F.expr(f"`{rule.column}` {rule.operator} `{rule.other}`"))
        case Holds():
            return _false(F.expr(rule.expression))


def _missing(column: str) -> Column:
    """No value was given. One that does not fit its type was given, and has a reason of its own."""
    return F.col(column).isNull() & ~F.array_contains(TYPE_ERRORS, column)


def _range(rule: Range) -> Column:
    inside = F.lit(True)
    if rule.min is not None:
        inside = inside & F.expr(f"`{rule.column}` >= {_literal(rule.min)}")
    if rule.max is not None:
        inside = inside & F.expr(f"`{rule.column}` <= {_literal(rule.max)}")
    applies = F.coalesce(F.expr(rule.when), F.lit(True)) if rule.when else F.lit(True)
    return applies & _false(inside)


def _literal(bound: str) -> str:
    """A number as it stands; anything else (a date) as a string, which Spark compares by the column's type."""
    number = bound.lstrip("-").replace(".", "", 1)
    return bound if number.isdigit() and number.isascii() else f"'{bound}'"


def _false(condition: Column) -> Column:
    return F.coalesce(~condition, F.lit(False))
