"""Rules written in conf become the same typed rules as those of the contracts."""

from __future__ import annotations

from collections.abc import Mapping
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
        values[key] = tuple(str(item) for item in value) if isinstance(value, list) else _parameter(value)
    problems += [
        f"{path}: {configured.kind} has no parameter {key}; it has {', '.join(sorted(set(fields) - {'severity'}))}"
        for key in values
        if key not in fields
    ]
    missing = [name for name, field in fields.items() if field.default is attrs.NOTHING and name not in values]
    problems += [f"{path}: {configured.kind} needs {name}" for name in missing]
    wrong = [key for key in values if key not in fields]
    return None if missing or wrong else kind(**values)


def _parameter(value: object) -> object:
    # Bounds are text in a rule so that decimals are exact; counts of rows and hours stay numbers.
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)
