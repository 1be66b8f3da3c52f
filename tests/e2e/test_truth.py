"""A published night against the sample's truth: every cell, every account, every refused record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import privacy, reader, truth


@pytest.fixture(scope="module")
def report(published: Path) -> dict[str, Any]:
    """The report of the run that published."""
    (file,) = (published / "ops" / "reports").glob("*.json")
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read


def test_every_cell_is_the_true_one(published: Path, sample: Path) -> None:
    assert truth.cells_that_differ(published, sample) == []


def test_roll_ups_are_what_duckdb_computes(published: Path, sample: Path) -> None:
    assert truth.roll_ups_that_differ(published, sample) == []


def test_every_row_is_accounted_for(report: dict[str, Any], sample: Path) -> None:
    assert truth.accounts_that_differ(report, sample) == []


def test_every_refused_record_and_its_reasons(published: Path, sample: Path) -> None:
    assert truth.refusals_that_differ(published, sample) == []


def test_the_report_names_the_version_of_every_table(published: Path, report: dict[str, Any]) -> None:
    versions = {table["table"]: table["version"] for table in report["tables"]}
    assert versions == {table: reader.version(published, table) for table in reader.PUBLISHED}
    assert all(table["rows"] for table in report["tables"])


def test_nothing_personal_is_outside_bronze_and_silver(published: Path, sample: Path) -> None:
    """Gold, quarantine, ledger and report; tests/e2e/test_processes.py looks into the terminal too."""
    assert privacy.leaks(sample, published, {}) == []


def test_products_customers_and_stock_hold_one_row_for_each_key(published: Path) -> None:
    keys = {
        "silver/products": ("product_id",),
        "silver/customers": ("customer_id", "valid_from"),
        "silver/inventory_snapshot": ("snapshot_date", "product_id", "warehouse_id"),
        "silver/order_lines": ("order_id", "order_line_id"),
    }
    for table, key in keys.items():
        rows = reader.rows(published, table)
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows) > 0, table
    customers = reader.rows(published, "silver/customers")
    current = [row["customer_id"] for row in customers if row["is_current"]]
    assert sorted(current) == sorted({row["customer_id"] for row in customers})


def test_the_sketch_estimates_what_is_counted(spark: Any, published: Path) -> None:
    cells = spark.read.format("delta").load(f"{published}/gold/national_metrics")
    for row in cells.selectExpr("unique_customers", "hll_sketch_estimate(customers_sketch) AS estimate").collect():
        assert row["estimate"] == pytest.approx(row["unique_customers"], rel=0.05)
