"""The kinds of quality rules, as plain values; `lib.quality` turns them into Spark expressions."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from attrs import frozen

# What a change may do; anything else is refused.
OPERATIONS = ("UPSERT", "DELETE")


class Severity(Enum):
    """ERROR refuses the row (or, for a dataset rule, the run); WARN keeps it and carries the warning."""

    ERROR = "error"
    WARN = "warn"


@frozen(kw_only=True)
class NotNull:
    """The column holds a value."""

    column: str
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class RequiredWhen:
    """Where `condition` (a SQL expression) is true, the column holds a value."""

    column: str
    condition: str
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Unique:
    """No two rows share these columns; rows with a null among them are not compared."""

    columns: tuple[str, ...]
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class InSet:
    """The value, where there is one, is one of these."""

    column: str
    values: tuple[str, ...]
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Range:
    """`min` <= value <= `max` (both inclusive, either may be open), where `when` is true; null passes.

    The bounds are strings so that decimals and dates are exact.
    """

    column: str
    min: str | None = None
    max: str | None = None
    when: str | None = None
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Regex:
    """The whole value matches the pattern; `\\A` and `\\z` are implied; null passes."""

    column: str
    pattern: str
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Compare:
    """Two columns of a row stand in this relation (`<`, `<=`, `=`, `>=`, `>`); null on either side passes."""

    column: str
    operator: str
    other: str
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Holds:
    """A SQL expression over the row that must not be false; null passes."""

    column: str
    expression: str
    message: str
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class Fresh:
    """The newest value of an instant column is at most `max_hours` older than the end of the run's window."""

    column: str
    max_hours: int
    severity: Severity = Severity.WARN
    name: str = ""


@frozen(kw_only=True)
class RowCount:
    """The number of accepted rows lies in this band (inclusive)."""

    min: int | None = None
    max: int | None = None
    severity: Severity = Severity.ERROR
    name: str = ""


@frozen(kw_only=True)
class MeanBand:
    """Mean and standard deviation of a numeric column over accepted rows lie in these bands (inclusive)."""

    column: str
    min_mean: str | None = None
    max_mean: str | None = None
    min_deviation: str | None = None
    max_deviation: str | None = None
    severity: Severity = Severity.WARN
    name: str = ""


@frozen(kw_only=True)
class Mostly:
    """At least `share` of the accepted rows that have a value in `column` (the denominator) satisfy `expression`.

    With no such row the rule is not evaluated, and says so: no data is not a pass.
    """

    column: str
    expression: str
    share: str
    severity: Severity = Severity.WARN
    name: str = ""


RowRule: TypeAlias = NotNull | RequiredWhen | Unique | InSet | Range | Regex | Compare | Holds
DatasetRule: TypeAlias = Fresh | RowCount | MeanBand | Mostly
Rule: TypeAlias = RowRule | DatasetRule

ROW_RULES = (NotNull, RequiredWhen, Unique, InSet, Range, Regex, Compare, Holds)
DATASET_RULES = (Fresh, RowCount, MeanBand, Mostly)

_KIND = {
    NotNull: "not_null",
    RequiredWhen: "not_null",
    Unique: "unique",
    InSet: "set",
    Range: "range",
    Regex: "regex",
    Compare: "order",
    Holds: "holds",
    Fresh: "fresh",
    RowCount: "row_count",
    MeanBand: "mean",
    Mostly: "mostly",
}


def rule_name(rule: Rule) -> str:
    """The rule's own name, or `<column>_<kind>`, as reasons, reports and the ledger call it."""
    if rule.name:
        return rule.name
    kind = _KIND[type(rule)]
    if isinstance(rule, Unique):
        return f"{'_'.join(rule.columns)}_{kind}"
    if isinstance(rule, RowCount):
        return kind
    return f"{rule.column}_{kind}"


def rule_column(rule: Rule) -> str:
    """The column that a rule speaks of; '' for a rule on the whole dataset."""
    if isinstance(rule, Unique):
        return ", ".join(rule.columns)
    return "" if isinstance(rule, RowCount) else rule.column


def describe(rule: Rule) -> str:  # noqa: C901  one line for each kind reads best in one place
    """The rule in words: the message of a refused row and the text of the documentation."""
    match rule:
        case NotNull():
            return "must be given"
        case RequiredWhen():
            return f"must be given where {rule.condition}"
        case Unique():
            return f"no two rows share {', '.join(rule.columns)}"
        case InSet():
            return f"must be one of {', '.join(rule.values)}"
        case Range():
            span = f"must be from {rule.min or 'any'} to {rule.max or 'any'}"
            return f"{span} where {rule.when}" if rule.when else span
        case Regex():
            return f"must match {rule.pattern}"
        case Compare():
            return f"must be {rule.operator} {rule.other}"
        case Holds():
            return rule.message
        case Fresh():
            return f"newest value at most {rule.max_hours} h before the end of the window"
        case RowCount():
            return f"from {rule.min if rule.min is not None else 0} to {rule.max or 'any number of'} rows"
        case MeanBand():
            return (
                f"mean from {rule.min_mean or 'any'} to {rule.max_mean or 'any'}, "
                f"deviation from {rule.min_deviation or 'any'} to {rule.max_deviation or 'any'}"
            )
        case Mostly():
            return f"at least {rule.share} of the rows that have {rule.column}: {rule.expression}"
