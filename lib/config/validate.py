"""Contradictions between values that are each well-formed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from attrs import asdict

from lib.config.model import Config
from lib.config.secret import Secret
from lib.datasets import ORDERS, SOURCES
from lib.datasets.rules import InSet, rule_name

Problem = tuple[str, str]

# What Spark hides by its name.
_SECRET_NAME = re.compile(r"(?i)secret|password|token|access[.]?key")


def contradictions(config: Config) -> Iterator[Problem]:
    """Every (path, problem) that only shows when values are looked at together."""
    yield from _columns(config)
    yield from _changes(config)
    yield from _zones(config)
    yield from _reading(config)
    yield from _lease(config)
    yield from _thresholds(config)
    yield from _vocabularies(config)
    yield from _datasets(config)
    yield from _festivals(config)
    yield from _secrets(config)


def _columns(config: Config) -> Iterator[Problem]:
    for name, source in config.sources.given().items():
        contract = SOURCES[name]
        for mapped in source.columns:
            if mapped not in contract.names:
                near = difflib.get_close_matches(mapped, contract.names, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else f"the contract has: {', '.join(contract.names)}"
                yield f"sources.{name}.columns.{mapped}", f"no such canonical column; {hint}"
        for column in contract.columns:
            if column.required and source.columns.get(column.name, "").strip().upper() == "NULL":
                yield f"sources.{name}.columns.{column.name}", "is required and cannot be NULL"
        for option, value in source.options.items():
            if source.format == "json" and option.lower() == "multiline" and str(value).lower() == "true":
                yield (
                    f"sources.{name}.options.{option}",
                    "is for CSV; of JSON one record a line is read: leave it out, or set it to false",
                )
            if option.lower() in ("mode", "columnnameofcorruptrecord"):
                yield (
                    f"sources.{name}.options.{option}",
                    "leave it out: what does not fit is refused, never lost",
                )
        if not source.path.strip():
            yield f"sources.{name}.path", "must not be empty"


def _changes(config: Config) -> Iterator[Problem]:
    for name, source in config.sources.given().items():
        path, changes = f"sources.{name}.changes", source.changes
        if not SOURCES[name].tells_changes:
            if changes is not None:
                yield path, f"{name} is a log of events already: give event_ts and sequence in columns"
            continue
        for column in ("operation", "sequence"):
            if source.columns.get(column, "NULL").strip().upper() != "NULL":
                yield f"sources.{name}.columns.{column}", f"is said by {path}.{column}: a source of changes"
        if changes is None:
            continue
        for key, value in asdict(changes).items():
            if value is not None and not value.strip():
                yield f"{path}.{key}", "must not be empty; leave it out"
        if changes.before is not None and changes.after is None:
            yield f"{path}.after", "must be given where before is: the new row"
        if changes.at is not None and source.columns.get("updated_at", "NULL").strip().upper() != "NULL":
            yield f"sources.{name}.columns.updated_at", f"contradicts {path}.at, which gives it: leave one out"


def _zones(config: Config) -> Iterator[Problem]:
    zones = available_timezones()
    for name, source in config.sources.given().items():
        if source.time_zone is not None and source.time_zone not in zones:
            near = difflib.get_close_matches(source.time_zone, zones, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"sources.{name}.time_zone", f"{source.time_zone!r} is not a time zone{hint}"


def _reading(config: Config) -> Iterator[Problem]:
    for name, source in config.sources.given().items():
        if source.read == "new" and source.format == "delta":
            yield f"sources.{name}.read", "`new` takes each file once; a Delta table is read `whole`"


def _lease(config: Config) -> Iterator[Problem]:
    lease = config.tables.lease
    if lease.seconds <= 0:
        yield "tables.lease.seconds", f"must be above 0; it is {lease.seconds}"
    for name, seconds in {"wait_seconds": lease.wait_seconds, "turn_seconds": lease.turn_seconds}.items():
        if seconds < 0:
            yield f"tables.lease.{name}", f"must not be negative; it is {seconds}"


def _thresholds(config: Config) -> Iterator[Problem]:
    segments = config.business.segments
    if segments.premium_above <= segments.regular_above:
        yield "business.segments.premium_above", f"must be above regular_above ({segments.regular_above})"
    for name, gate in {"default_gate": config.quality.default_gate, **config.quality.gates}.items():
        path = f"quality.{name}" if name == "default_gate" else f"quality.gates.{name}"
        if not 0 <= gate.max_refused_share <= 1:
            yield f"{path}.max_refused_share", f"is a share from 0 to 1; it is {gate.max_refused_share}"
        if gate.max_refused_rows is not None and gate.max_refused_rows < 0:
            yield f"{path}.max_refused_rows", "must not be negative"
    for part, least in (("keep_reports_days", 0), ("settled_days", 0), ("min_small_files", 2), ("vacuum_hours", 0)):
        if getattr(config.maintain, part) < least:
            yield f"maintain.{part}", f"must be at least {least}"
    for layer, days in asdict(config.maintain.retention_days).items():
        if days is not None and days < 1:
            yield f"maintain.retention_days.{layer}", "must be at least 1; null keeps for ever"
    if config.limits.max_dates < 1:
        yield "limits.max_dates", "must be at least 1"


def _vocabularies(config: Config) -> Iterator[Problem]:
    allowed = {rule_name(rule): rule.values for rule in ORDERS.rules if isinstance(rule, InSet)}
    vocabularies = {
        "statuses": (config.business.statuses, allowed["order_status_vocabulary"]),
        "payment_methods": (config.business.payment_methods, allowed["payment_method_vocabulary"]),
        "payment_statuses": (config.business.payment_statuses, ("APPROVED", "PENDING", "FAILED", "REVIEW")),
    }
    for name, (vocabulary, values) in vocabularies.items():
        for alias, value in vocabulary.items():
            if value not in values:
                near = difflib.get_close_matches(value, values, n=1)
                hint = f"did you mean {near[0]}?" if near else f"valid: {', '.join(values)}"
                yield f"business.{name}.{alias}", f"{value!r} is not in the contract; {hint}"


def _datasets(config: Config) -> Iterator[Problem]:
    for section, keys in (("gates", config.quality.gates), ("rules", config.quality.rules)):
        for name in keys:
            if name not in SOURCES:
                near = difflib.get_close_matches(name, SOURCES, n=1)
                yield f"quality.{section}.{name}", f"no such dataset; did you mean {near[0] if near else 'orders'}?"


def _festivals(config: Config) -> Iterator[Problem]:
    for number, festival in enumerate(config.calendar.festivals):
        for date in festival.dates:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date) is None:
                yield f"calendar.festivals[{number}].dates", f"{date!r} is not a date: write it as 2025-10-20"


def _secrets(config: Config) -> Iterator[Problem]:
    """A secret that stands in conf or on the command line is no secret; its value is not repeated here."""
    paths = {f"sources.{name}.path": source.path for name, source in config.sources.given().items()}
    for path, place in {**paths, "tables.root": config.tables.root}.items():
        if re.search(r"://[^/@]*:[^/@]*@", place):
            yield path, "holds a password; give it apart, as ${secret:env/NAME} or another reference"
    options = {f"sources.{name}.options": source.options for name, source in config.sources.given().items()}
    for path, values in {**options, "spark": config.spark}.items():
        for key, value in values.items():
            if _SECRET_NAME.search(key) and isinstance(value, str) and value.lower() not in ("", "true", "false"):
                yield f"{path}.{key}", "must not stand here: write ${secret:env/NAME} or another reference"
    for key, value in config.spark.items():
        if isinstance(value, Secret) and not key.startswith("spark.hadoop."):
            yield f"spark.{key}", "cannot hold a secret: Spark gets it on a command line; only spark.hadoop.* can"
