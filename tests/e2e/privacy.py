"""Looks for the personal values of a sample in everything that may be read outside bronze and silver."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.e2e import reader

# Whole values are looked for: single words of a name are also words of cities and products.
CUSTOMER_COLUMNS = ("full_name", "email", "phone", "address")
ORDER_COLUMNS = ("ship_name", "ship_phone", "ship_address")
_LEAST = 6


def personal_values(sample: Path) -> set[str]:
    """Every phone, name, e-mail and address of the raw files, of at least six characters."""
    values: set[str] = set()
    for file, columns in _files(sample):
        for record in csv.DictReader(file):
            values.update(record[name] or "" for name in columns)
    digits = {re.sub(r"[^0-9]", "", value)[-10:] for value in values if re.fullmatch(r"[0-9+() /.-]{10,}", value)}
    # What is its own mask (9999999999) tells nothing.
    return {value.strip() for value in values | digits if len(value.strip()) >= _LEAST and set(value) != {"9"}}


def leaks(sample: Path, tables: Path, said: Mapping[str, str]) -> list[str]:
    """Where a personal value of the sample is found: in what was said, gold, quarantine, the ledger or a report."""
    values = personal_values(sample)
    assert len(values) > 100, "the sample has no personal values to look for"
    beginnings: dict[str, list[str]] = {}
    for value in values:
        beginnings.setdefault(value[:_LEAST], []).append(value)
    found = set()
    for place, text in {**said, **dict(_outputs(tables))}.items():
        for at in range(len(text)):
            for value in beginnings.get(text[at : at + _LEAST], ()):
                if text.startswith(value, at):
                    found.add(f"{place} holds {value!r}")
    return sorted(found)


def _outputs(tables: Path) -> Iterator[tuple[str, str]]:
    for name in (*reader.GOLD, "quarantine/records", "ops/ledger"):
        yield name, "\n".join(_flat(row) for row in reader.rows(tables, name))
    for file in sorted((tables / "ops").rglob("*.json")):
        yield str(file.relative_to(tables)), file.read_text("utf-8", "replace")
    for file in sorted(tables.glob("gold/*/_delta_log/*.json")) + sorted(tables.glob("quarantine/*/_delta_log/*.json")):
        yield str(file.relative_to(tables)), file.read_text("utf-8", "replace")


def _flat(row: Mapping[str, Any]) -> str:
    told = {name: value for name, value in row.items() if not isinstance(value, bytes)}
    text = json.dumps(told, ensure_ascii=False, default=str)
    return text.replace("\\\\", "\\").replace('\\"', '"').replace("\\n", "\n")


def _files(sample: Path) -> Iterator[tuple[Any, tuple[str, ...]]]:
    with (sample / "customers.csv").open(encoding="utf-8", newline="") as file:
        yield file, CUSTOMER_COLUMNS
    for path in sorted((sample / "orders").iterdir()):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield file, ORDER_COLUMNS
