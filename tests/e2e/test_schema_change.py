"""Sources whose columns change: additions pass and are said; what conf needs and is gone stops before any write."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from lib.config import Source
from lib.datasets import ORDERS
from lib.sources import open_source
from tests.e2e import reader
from tests.e2e.shop import COLUMNS, MAPPING, WRITE, Row, order, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the source's files lie."""
    place = tmp_path / "in"
    place.mkdir()
    return place


@pytest.mark.parametrize("form", WRITE)
def test_columns_that_conf_does_not_use_are_known(spark: SparkSession, folder: Path, form: str) -> None:
    WRITE[form](folder, [order(1, gift=True, **{"Gift  Wrap": "x"})])
    source = Source(format=form, path=str(folder), columns=MAPPING)  # type: ignore[arg-type]
    opened = open_source(spark, ORDERS, source)
    assert set(opened.columns) == {*COLUMNS.values(), "gift", "Gift Wrap" if form == "csv" else "Gift  Wrap"}
    assert len(opened.unused) == 2
    assert "gift" in opened.unused


def test_what_comes_and_goes_is_said_once(spark: SparkSession, folder: Path) -> None:
    def notes(*rows: Row) -> list[str]:
        WRITE["csv"](folder, list(rows))
        outcome = run("extract", folder)
        assert outcome.code == 0, outcome.said()
        told = [line.removeprefix("note: ") for line in outcome.stdout.splitlines() if line.startswith("note: ")]
        assert told == outcome.report["findings"]
        return told

    assert notes(order(1, was="so")) == []  # the first time there is nothing to compare with
    came = "The source orders has new columns that conf does not use: gift, wrap"
    assert notes(order(1, was="so", gift=1, wrap=2)) == [came]
    assert notes(order(1, was="so", gift=1, wrap=2)) == []
    gone = "The source orders no longer has the columns that conf does not use: was, gift"
    assert notes(order(1, wrap=2)) == [gone]
    check = run("check", folder)
    assert "not used: wrap" in check.stderr


GONE: dict[str, tuple[Row, str]] = {
    "gone": ({"qty": None}, "has no column `qty`"),
    "renamed": ({"price": None, "prices": 3}, "did it become `prices`?"),
}


@pytest.mark.parametrize("form", WRITE)
@pytest.mark.parametrize("way", GONE)
def test_a_column_that_conf_needs_stops_before_anything_is_written(
    spark: SparkSession, folder: Path, form: str, way: str
) -> None:
    change, told = GONE[way]
    row = {name: value for name, value in {**order(1), **change}.items() if value is not None}
    WRITE[form](folder, [row])
    catalog = folder.parent / "catalog.jsonl"
    catalog.write_text('{"product_id": "S", "product_name": "Soap"}\n')
    fine = {"format": "json", "path": str(catalog)}
    outcome = run("daily", folder, form, **{"sources.catalog": fine})
    assert outcome.code == 4, outcome.said()
    assert told in outcome.stderr
    assert "what to do:" in outcome.stderr
    tables = folder.parent / "tables"
    assert [path.name for path in tables.iterdir()] == ["ops"], "the catalogue, which is whole, was not written either"
    assert not (tables / "ops" / "sources").exists()


def test_the_file_that_differs_is_told(spark: SparkSession, folder: Path) -> None:
    for number in (1, 2):
        rows = [order(number) if number == 1 else {**order(2), "prices": 1}]
        if number == 2:
            del rows[0]["price"]
        (folder / str(number)).mkdir()
        WRITE["parquet"](folder / str(number), rows)
    outcome = run("daily", folder, "parquet")
    assert outcome.code == 4, outcome.said()
    assert "in/2/orders.parquet has: " in outcome.stderr


AT = datetime(2025, 10, 17, 4, 30, tzinfo=timezone.utc)
# What the export writes in later files -> what silver holds of it, or the rule that refuses it.
TYPES: list[tuple[str, Any, pa.DataType, Any]] = [
    ("quantity", 3, pa.int64(), 3),
    ("quantity", 3, pa.int16(), 3),
    ("quantity", "3", pa.string(), 3),
    ("quantity", 3.0, pa.float64(), 3),
    ("quantity", Decimal("3.0"), pa.decimal128(9, 1), 3),
    ("quantity", 3.5, pa.float64(), "quantity_type"),
    ("quantity", 3_000_000_000, pa.int64(), "quantity_type"),
    ("quantity", "three", pa.string(), "quantity_type"),
    ("quantity", [3], pa.list_(pa.int32()), "quantity_type"),
    ("quantity", None, pa.int32(), "quantity_not_null"),
    ("unit_price", Decimal("10.50"), pa.decimal128(10, 2), Decimal("10.50")),
    ("unit_price", Decimal("10.5000"), pa.decimal128(12, 4), Decimal("10.50")),
    ("unit_price", 10, pa.int64(), Decimal("10.00")),
    ("unit_price", 1.05e6, pa.float64(), Decimal("1050000.00")),
    ("unit_price", "10.50", pa.string(), Decimal("10.50")),
    ("unit_price", "Rs 10", pa.string(), "unit_price_type"),
    ("order_ts", AT, pa.timestamp("us", "UTC"), AT),
    ("order_ts", AT, pa.timestamp("ms", "UTC"), AT),
    ("order_ts", "2025-10-17T10:00:00+05:30", pa.string(), AT),
    ("order_ts", AT.date(), pa.date32(), datetime(2025, 10, 16, 18, 30, tzinfo=timezone.utc)),
    ("order_ts", 1_760_675_400, pa.int64(), "order_ts_type"),
    ("order_ts", True, pa.bool_(), "order_ts_type"),
]


def test_another_type_gives_the_same_row_or_a_reason(spark: SparkSession, folder: Path) -> None:
    """Each file of a folder in its own types, as exports change over the years: never a silent null."""
    for number, (name, value, kind, _) in enumerate(TYPES):
        table = pa.Table.from_pylist([order(number)])
        at = table.column_names.index(COLUMNS[name])
        table = table.set_column(at, COLUMNS[name], pa.array([value], kind))
        pq.write_table(table, folder / f"{number:02}.parquet")
    lenient = {"quality.default_gate.max_refused_share": 1, "tables.format": "parquet"}
    for job in ("extract", "conform"):
        outcome = run(job, folder, "parquet", **lenient)
        assert outcome.code == 0, outcome.said()
    root = folder.parent / "tables"
    kept = {row["order_id"]: row for row in reader.rows(root, "silver/order_lines")}
    refused = {
        json.loads(row["record"])["order_id"]: [reason["rule"] for reason in row["reasons"]]
        for row in reader.rows(root, "quarantine/records")
    }
    for number, (name, value, kind, expected) in enumerate(TYPES):
        case = f"{name}: {value!r} as {kind}"
        if isinstance(expected, str):
            assert refused.pop(f"O{number}") == [expected], case
        else:
            found = kept.pop(f"O{number}")[name]
            found = found.replace(tzinfo=timezone.utc) if isinstance(found, datetime) else found
            assert found == expected, case
    assert (kept, refused) == ({}, {})
