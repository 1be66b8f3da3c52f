"""Compares published tables with the sample's own truth, and with DuckDB's answer computed from that truth."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.e2e import reader

KEYS = ("business_date", "state_code", "city", "category")
ROLL_UPS = {
    "gold/city_category_metrics": ("business_date", "state_code", "city", "category"),
    "gold/city_metrics": ("business_date", "state_code", "city"),
    "gold/category_metrics": ("business_date", "category"),
    "gold/national_metrics": ("business_date",),
}

# Canonical measures in DuckDB's SQL over truth/order_lines.csv.gz, written down apart from lib/transform/metrics.py.
_SALE = "order_status NOT IN ('CANCELLED', 'FAILED')"
_BY_SEGMENT = [
    f"count(DISTINCT order_id) FILTER ({_SALE} AND segment = '{name}') AS orders_{name}, "
    f"coalesce(sum(gross_inr - discount_inr) FILTER ({_SALE} AND segment = '{name}'), 0) AS revenue_{name}_inr"
    for name in ("premium", "regular", "new", "unknown")
]
_BY_STOCK = [
    f"count(*) FILTER ({_SALE} AND stock_status = '{status}') AS lines_{status}"
    for status in ("out_of_stock_risk", "low_stock", "in_stock", "stock_unknown")
]
_MEASURES = f"""
    count(*) FILTER ({_SALE}) AS total_order_lines,
    coalesce(sum(quantity) FILTER ({_SALE}), 0) AS total_units,
    count(DISTINCT order_id) FILTER ({_SALE}) AS total_orders,
    coalesce(sum(gross_inr) FILTER ({_SALE}), 0) AS total_revenue_inr,
    coalesce(sum(discount_inr) FILTER ({_SALE}), 0) AS total_discounts_inr,
    coalesce(sum(gross_inr - discount_inr) FILTER ({_SALE}), 0) AS net_revenue_inr,
    count(*) FILTER (order_status = 'RETURNED') AS returned_lines,
    coalesce(sum(gross_inr) FILTER (order_status = 'RETURNED'), 0) AS returned_revenue_inr,
    count(*) FILTER (order_status = 'CANCELLED') AS cancelled_lines,
    coalesce(sum(gross_inr) FILTER (order_status = 'CANCELLED'), 0) AS cancelled_revenue_inr,
    count(*) FILTER (order_status = 'FAILED') AS failed_lines,
    coalesce(sum(gross_inr) FILTER (order_status = 'FAILED'), 0) AS failed_revenue_inr,
    count(DISTINCT customer_id) FILTER ({_SALE}) AS unique_customers,
    count(DISTINCT order_id) FILTER ({_SALE} AND payment_method = 'COD') AS cod_orders,
    {", ".join(_BY_SEGMENT)},
    {", ".join(_BY_STOCK)}
"""


def cells_that_differ(root: Path, sample: Path) -> list[str]:
    """Cells and columns of city_category_metrics that are not those of truth/city_category_metrics.csv."""
    got = {_key(row, KEYS): row for row in reader.rows(root, "gold/city_category_metrics")}
    with (sample / "truth" / "city_category_metrics.csv").open(encoding="utf-8", newline="") as file:
        want = {_key(row, KEYS): row for row in csv.DictReader(file)}
    return _compare(got, want, KEYS)


def roll_ups_that_differ(root: Path, sample: Path) -> list[str]:
    """Cells of every gold table that are not what DuckDB computes from the true order lines, ratios included."""
    lines = sample / "truth" / "order_lines.csv.gz"
    types = "{'gross_inr': 'DECIMAL(18,2)', 'discount_inr': 'DECIMAL(18,2)', 'business_date': 'DATE'}"
    wrong = []
    with duckdb.connect() as database:
        source = f"read_csv('{lines}', header = true, all_varchar = false, types = {types})"
        for table, keys in ROLL_UPS.items():
            result = database.execute(f"SELECT {', '.join(keys)}, {_MEASURES} FROM {source} GROUP BY {', '.join(keys)}")
            names = [column[0] for column in result.description or ()]
            want = {}
            for values in result.fetchall():
                row = dict(zip(names, values, strict=True))
                row["avg_order_value_inr"] = _ratio(row["net_revenue_inr"], row["total_orders"])
                row["discount_percentage"] = _ratio(100 * row["total_discounts_inr"], row["total_revenue_inr"])
                want[_key(row, keys)] = row
            got = {_key(row, keys): row for row in reader.rows(root, table)}
            wrong += [f"{table} {line}" for line in _compare(got, want, keys)]
    return wrong


def accounts_that_differ(report: dict[str, Any], sample: Path) -> list[str]:
    """Counts of the run report that are not those of truth/accounting.json."""
    truth = json.loads((sample / "truth" / "accounting.json").read_text("utf-8"))["datasets"]
    accounts = {account["dataset"]: account for account in report["accounting"]}
    wrong = []
    for name, want in truth.items():
        account = accounts[name]
        # The truth counts an older version of a customer as superseded; silver keeps it, as history.
        history = want["older_versions"] if name == "customers" else 0
        numbers = {
            "rows_in": want["rows_in_window"],
            "rows_out": want["good"] + history,
            "quarantined": want["refused"],
            "duplicates": want["duplicates"] - history,
        }
        wrong += [
            f"{name}.{key}: {account[key]}, truth {number}" for key, number in numbers.items() if account[key] != number
        ]
        if account["outside"] != want["rows_read"] - want["rows_in_window"]:
            wrong.append(f"{name}.outside: {account['outside']}")
        if report["refusals_by_rule"][name] != want["refused_by_reason"]:
            wrong.append(f"{name}: {report['refusals_by_rule'][name]}, truth {want['refused_by_reason']}")
        if not account["balanced"]:
            wrong.append(f"{name} is not balanced")
    return wrong


def refusals_that_differ(root: Path, sample: Path) -> list[str]:
    """Refused records (key and reasons) that truth/refused.jsonl does not have, and the other way round."""
    with (sample / "truth" / "refused.jsonl").open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    # A malformed record may be cut off anywhere: its first field is what identifies it.
    want = Counter((r["dataset"], *_key_told(r), *sorted(r["reasons"])) for r in records)
    got: Counter[tuple[str, ...]] = Counter()
    bronze = {name: _by_position(root, name) for name in ("orders", "catalog", "customers", "inventory")}
    for row in reader.rows(root, "quarantine/records"):
        record = bronze[row["dataset"]][row["source_file"], row["source_record"]]
        reasons = sorted(reason["rule"] for reason in row["reasons"])
        got[(row["dataset"], *_key_of(row["dataset"], record), *reasons)] += 1
    return [f"only published: {k}" for k in got - want] + [f"only in the truth: {k}" for k in want - got]


def _key_told(record: dict[str, Any]) -> list[str]:
    key = [_text(value) for value in record["key"].values()]
    return key[:1] if record["reasons"] == ["malformed_record"] else key


_KEY_OF = {
    "orders": ("order_id", "order_line_id", "order_ts", "updated_at"),
    "catalog": ("product_id", "updated_at"),
    "customers": ("customer_id", "updated_at"),
    "inventory": ("product_id", "warehouse_id", "event_ts", "sequence"),
}


def _by_position(root: Path, name: str) -> dict[tuple[str, int], dict[str, Any]]:
    return {(row["_source_file"], row["_source_record"]): row for row in reader.rows(root, f"bronze/{name}")}


def _key_of(dataset: str, record: dict[str, Any]) -> list[str]:
    broken = record["_malformed"]
    if broken is None:
        return [_text(record[name]) for name in _KEY_OF[dataset]]
    if dataset in ("orders", "customers"):
        return next(csv.reader([broken]))[:1]
    return re.findall(f'"{_KEY_OF[dataset][0]}": "([^"]*)', broken)[:1]


def _compare(
    got: dict[tuple[str, ...], dict[str, Any]], want: dict[tuple[str, ...], dict[str, Any]], keys: tuple[str, ...]
) -> list[str]:
    wrong = [f"only published: {key}" for key in sorted(got.keys() - want.keys())]
    wrong += [f"only in the truth: {key}" for key in sorted(want.keys() - got.keys())]
    for key in got.keys() & want.keys():
        for name, value in want[key].items():
            if name not in keys and _number(got[key][name]) != _number(value):
                wrong.append(f"{key} {name}: {got[key][name]}, truth {value}")
    return wrong


def _key(row: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in keys)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def _ratio(above: Decimal | int, below: Decimal | int) -> Decimal | None:
    if not below:
        return None
    return (Decimal(above) / Decimal(below)).quantize(Decimal("0.01"), ROUND_HALF_UP)
