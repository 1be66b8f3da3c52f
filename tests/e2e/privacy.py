"""Looks for the personal values of a sample in everything that may be read outside bronze and silver."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.e2e import reader

CONF = Path(__file__).parents[2] / "conf"

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
    # What is its own mask (9999999999), or is typed by who gives no number, tells nothing.
    nobodys = set(yaml.safe_load((CONF / "phones.yaml").read_text("utf-8"))["dummies"])
    told = {value.strip() for value in values | digits}
    return {value for value in told if len(value) >= _LEAST and set(value) != {"9"} and value not in nobodys}


def leaks(sample: Path, tables: Path, said: Mapping[str, str]) -> list[str]:
    """Where a personal value of the sample is found: in what was said, gold, quarantine, the ledger or a report."""
    values = personal_values(sample)
    assert len(values) > 100, "the sample has no personal values to look for"
    return found_in(values, {**said, **dict(_outputs(tables))})


def found_in(values: set[str], texts: Mapping[str, str]) -> list[str]:
    """Where a value stands, as it is or escaped as JSON does it."""
    beginnings: dict[str, list[str]] = {}
    for value in values:
        beginnings.setdefault(value[:_LEAST], []).append(value)
    found = set()
    for place, raw in texts.items():
        for text in {raw, _unescaped(raw)}:
            for at in range(len(text)):
                for value in beginnings.get(text[at : at + _LEAST], ()):
                    if text.startswith(value, at):
                        found.add(f"{place} holds {value!r}")
    return sorted(found)


def secrets_in(secrets: set[str], folder: Path) -> list[str]:
    """Files below a folder that hold a secret; snappy leaves a new text as it is, so Parquet counts too."""
    return [
        f"{path.relative_to(folder)} holds a secret"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for content in [path.read_bytes()]
        if any(secret.encode() in content for secret in secrets)
    ]


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] == "u" else {"n": "\n", "t": "\t", "r": "\r"}.get(code, code)

    return re.sub(r'\\(u[0-9a-fA-F]{4}|[ntr"\\/])', letter, text)


def _outputs(tables: Path) -> Iterator[tuple[str, str]]:
    for name in (*reader.GOLD, "quarantine/records", "ops/ledger"):
        yield name, "\n".join(_flat(row) for row in reader.rows(tables, name))
    for file in sorted(tables.rglob("*")):
        place = file.relative_to(tables)
        if file.is_file() and place.parts[0] not in ("bronze", "silver") and file.suffix not in (".parquet", ".crc"):
            yield str(place), file.read_text("utf-8", "replace")


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
