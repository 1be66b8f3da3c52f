"""A tiny shop of one file of orders, in any format, with columns of its own: for tests of sources that misbehave."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import write_deltalake

from lib.datasets import ORDERS
from tests.e2e.command import Outcome, dabba, settings

DAY = "2025-10-17"
COLUMNS = {
    "order_id": "id",
    "order_line_id": "line",
    "order_ts": "at",
    "product_id": "sku",
    "quantity": "qty",
    "unit_price": "price",
    "order_status": "state",
}
MAPPING = {**dict.fromkeys((name for name in ORDERS.names if name not in COLUMNS), "NULL"), **COLUMNS}
Row = dict[str, Any]


def order(number: int, **values: Any) -> Row:
    """One order line of `DAY` as the source writes it."""
    at = f"{DAY} 10:00:00"
    return {"id": f"O{number}", "line": "1", "at": at, "sku": "S", "qty": 2, "price": 10.5, "state": "placed", **values}


def _csv(folder: Path, rows: list[Row]) -> None:
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _json(folder: Path, rows: list[Row]) -> None:
    (folder / "orders.json").write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")


def _parquet(folder: Path, rows: list[Row]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), folder / "orders.parquet")


def _delta(folder: Path, rows: list[Row]) -> None:
    write_deltalake(str(folder), pa.Table.from_pylist(rows), mode="overwrite", schema_mode="overwrite")


WRITE: dict[str, Callable[[Path, list[Row]], None]] = {"csv": _csv, "json": _json, "parquet": _parquet, "delta": _delta}


def arguments(job: str, folder: Path, form: str = "csv", **more: object) -> list[str]:
    """A job over orders in `folder`, its tables beside it."""
    nothing = {f"sources.{name}": None for name in ("catalog", "customers", "inventory")}
    options = {"multiLine": form == "csv"}
    orders = {"format": form, "path": str(folder), "columns": MAPPING, "options": options, "time_zone": "Asia/Kolkata"}
    given = {**nothing, "sources.orders": orders, "tables.root": str(folder.parent / "tables"), **more}
    return [job, *(["orders"] if job in ("extract", "conform") else []), "--date", DAY, *settings(given)]


def run(job: str, folder: Path, form: str = "csv", **more: object) -> Outcome:
    """The job with these arguments, in this process."""
    return dabba(*arguments(job, folder, form, **more))
