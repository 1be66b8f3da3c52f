"""Rules written in conf become the same typed rules as those of the contracts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from lib.config import Config
from lib.config.model import ConfiguredRule
from lib.datasets import SOURCES
from lib.datasets.rules import (
    Compare,
    Fresh,
    Holds,
    InSet,
    MeanBand,
    Mostly,
    NotNull,
    Range,
    Regex,
    RequiredWhen,
    RowCount,
    Rule,
    Severity,
    Unique,
)
from lib.errors import ConfigError

_KINDS: Mapping[str, type[Any]] = {
    "not_null": NotNull,
    "required_when": RequiredWhen,
    "unique": Unique,
    "in_set": InSet,
    "range": Range,
    "regex": Regex,
    "compare": Compare,
    "holds": Holds,
    "fresh": Fresh,
    "row_count": RowCount,
    "mean_band": MeanBand,
    "mostly": Mostly,
}
_OPERATORS = ("<", "<=", "=", ">=", ">")
_NUMBERS = ("share", "min_mean", "max_mean", "min_deviation", "max_deviation")


def rules_of(config: Config, dataset: str) -> tuple[Rule, ...]:
    """The contract's rules and those that conf adds; ConfigError lists every parameter that does not fit."""
    problems: list[str] = []
    added = [
        _rule(rule, f"quality.rules.{dataset}[{number}]", problems)
        for number, rule in enumerate(config.quality.rules.get(dataset, ()))
    ]
    if problems:
        raise ConfigError("Rules in the configuration have mistakes", problems=tuple(problems))
    return (*SOURCES[dataset].rules, *[rule for rule in added if rule is not None])


def _rule(configured: ConfiguredRule, path: str, problems: list[str]) -> Rule | None:
    kind = _KINDS[configured.kind]
    fields = {field.name: field for field in attrs.fields(kind)}
    values: dict[str, Any] = {"severity": Severity(configured.severity), "name": configured.name}
    if configured.column is not None:
        values["column"] = configured.column
    for key, value in configured.parameters.items():
        try:
            values[key] = _parameter(key, str(fields[key].type) if key in fields else "", value)
        except ValueError as error:
            problems.append(f"{path}: {configured.kind}: {key} {error}")
            values[key] = None
    problems += [
        f"{path}: {configured.kind} has no parameter {key}; it has {', '.join(sorted(set(fields) - {'severity'}))}"
        for key in values
        if key not in fields
    ]
    missing = [name for name, field in fields.items() if field.default is attrs.NOTHING and name not in values]
    problems += [f"{path}: {configured.kind} needs {name}" for name in missing]
    wrong = [key for key in values if key not in fields]
    return None if missing or wrong else kind(**values)


def _parameter(name: str, kind: str, value: object) -> object:
    """The value as the rule holds it; ValueError says what it must be."""
    if kind.startswith("tuple"):
        if not isinstance(value, list):
            raise ValueError("must be a list")
        return tuple(str(item) for item in value)
    if kind.startswith("int"):
        if type(value) is not int:
            raise ValueError("must be a whole number")
        return value
    if value is None or isinstance(value, (list, Mapping)) or name == "severity":
        raise ValueError("must be a single value" if name != "severity" else "stands beside kind")
    if name == "operator" and value not in _OPERATORS:
        raise ValueError(f"must be one of {', '.join(_OPERATORS)}")
    if name in _NUMBERS:
        try:
            Decimal(str(value))
        except InvalidOperation:
            raise ValueError("must be a number") from None
    return str(value)  # bounds are text in a rule, so that decimals and dates are exact
