"""Reads published tables without Spark (delta-rs, pyarrow), and says in one digest what they hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import DeltaTable

BRONZE = ("bronze/orders", "bronze/catalog", "bronze/customers", "bronze/inventory")
SILVER = (
    "silver/order_lines",
    "silver/products",
    "silver/product_history",
    "silver/customers",
    "silver/inventory_snapshot",
)
GOLD = ("gold/city_category_metrics", "gold/city_metrics", "gold/category_metrics", "gold/national_metrics")
QUARANTINE = ("quarantine/records",)
PUBLISHED = (*BRONZE, *SILVER, *GOLD, *QUARANTINE)

# Which run wrote a row, when, and in which task: not what the row says. The sketch's bytes depend on the order in which
# customers were added to it; what it estimates is tested by itself.
RUN_COLUMNS = {"_run_id", "_ingested_at", "_row", "row", "run_id", "arrival_date", "customers_sketch"}
# A path on this machine; its last part is the file.
PATHS = {"_source_file", "source_file"}


def rows(root: Path | str, table: str, version: int | None = None) -> list[dict[str, Any]]:
    """Every row of the table at ROOT/LAYER/NAME, Delta or Parquet."""
    path = Path(root) / table
    if (path / "_delta_log").is_dir():
        return _plain(DeltaTable(str(path), version=version).to_pyarrow_table())
    # Spark writes INT96, whose days are read as nanoseconds: too few of them for the year 1.
    form = ds.ParquetFileFormat(coerce_int96_timestamp_unit="us")
    return _plain(ds.dataset(path, format=form, partitioning="hive").to_table())


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    # Spark's Parquet holds nanoseconds without a zone, Delta microseconds in UTC: the same instants.
    for number, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            column = table.column(number).cast(pa.timestamp("us", field.type.tz))
            table = table.set_column(number, field.name, column)
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def version(root: Path | str, table: str) -> int:
    """The Delta version of a table."""
    return int(DeltaTable(str(Path(root) / table)).version())


def active_files(root: Path | str, table: str) -> dict[str, list[str]]:
    """Delta's live files of each partition folder: files never change, so equal names are equal rows."""
    found: dict[str, list[str]] = {}
    uris = DeltaTable(str(Path(root) / table)).file_uris()
    for uri in sorted(uris):
        folder, _, name = uri.partition(table)[2].strip("/").rpartition("/")
        found.setdefault(folder, []).append(name)
    return found


def state(root: Path | str, tables: Iterable[str] = PUBLISHED) -> dict[str, Any]:
    """What a reader can see of the tables: versions and live files; of those that are there."""
    there = [table for table in tables if (Path(root) / table / "_delta_log").is_dir()]
    return {table: (version(root, table), active_files(root, table)) for table in there}


def tree(root: Path | str) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and time of change."""
    files = sorted(path for path in Path(root).rglob("*") if path.is_file())
    return {str(path.relative_to(root)): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def canonical(row: dict[str, Any]) -> str:
    """A row as text that does not depend on run, machine, file format or the order of columns."""
    kept = {
        name: Path(value).name if name in PATHS and value else value
        for name, value in row.items()
        if name not in RUN_COLUMNS
    }
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        instant = value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value
        return instant.isoformat()
    if isinstance(value, (date, Decimal)):
        return str(value)
    raise TypeError(f"no canonical form of {type(value)}")


def digest(root: Path | str, tables: Iterable[str] = PUBLISHED) -> dict[str, str]:
    """SHA-256 of each table's rows without run columns, sorted: equal exactly when the content is."""
    return {table: digest_of(rows(root, table)) for table in tables}


def digest_of(table_rows: Iterable[dict[str, Any]]) -> str:
    """SHA-256 over the sorted canonical rows."""
    lines = sorted(canonical(row) for row in table_rows)
    return f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:32]}"
