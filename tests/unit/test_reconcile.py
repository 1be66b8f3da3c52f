"""Reconciliation: gold that does not add up to silver, to the paisa, is never published."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from lib.config.model import Business, Calendar
from lib.errors import DabbaError
from lib.quality.reconcile import require_equal_sums
from lib.transform.metrics import GRAIN, all_grains

DAYS = [date(2025, 10, 20), date(2025, 10, 21), date(2025, 10, 22)]
LINES = (
    "business_date DATE, order_status STRING, is_sale BOOLEAN, gross_inr DECIMAL(18,2), discount_inr DECIMAL(18,2), "
    "net_inr DECIMAL(18,2)"
)
REST = {"state_code": "MH", "city": "Pune", "category": "Books", "order_id": "o", "customer_id": "c",
        "customer_segment": "New", "payment_method": "UPI", "stock_status": "In_Stock"}  # fmt: skip


@pytest.fixture(scope="module")
def lines(frame):
    rows = [
        ("2025-10-20", "PLACED", True, "100.01", "0.01", "100.00"),
        ("2025-10-20", "CANCELLED", False, None, None, None),
        ("2025-10-20", "CANCELLED", False, "5.00", "0.00", "5.00"),
        ("2025-10-22", "FAILED", False, "5.00", "0.00", "5.00"),
        ("2025-10-22", "PLACED", False, "60000.00", "0.00", "60000.00"),  # held
    ]
    df = frame(LINES, rows).withColumns({name: F.lit(value) for name, value in REST.items()})
    return df.selectExpr("*", "1 quantity", "false is_return", "0L delivery_minutes", "true is_on_time").persist()


@pytest.fixture(scope="module")
def metrics(lines):
    return all_grains(lines, Business(), Calendar()).persist()


def test_equal_sums_pass_and_days_without_a_line_are_told(metrics, lines):
    assert require_equal_sums(metrics, lines, DAYS) == [date(2025, 10, 21)]


TAMPERED = {
    "a paisa more": ("total_revenue_inr", "total_revenue_inr + 0.01"),
    "a paisa less of discount": ("total_discounts_inr", "total_discounts_inr - 0.01"),
    "net": ("net_revenue_inr", "net_revenue_inr + 0.01"),
    "a line": ("total_order_lines", "total_order_lines + 1"),
    "a cancelled line": ("cancelled_lines", "cancelled_lines - 1"),
    "cancelled money": ("cancelled_revenue_inr", "cancelled_revenue_inr + 1"),
    "a failed line": ("failed_lines", "failed_lines + 1"),
    "a held line": ("held_lines", "0"),
    "held money": ("held_revenue_inr", "0"),
    "units": ("total_units", "total_units + 1"),
    "returned money": ("returned_revenue_inr", "returned_revenue_inr + 0.01"),
}


@pytest.mark.parametrize(("measure", "changed"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_cell_that_was_tampered_with_stops_everything(metrics, lines, measure, changed):
    grain = "city_category_metrics"
    kind = dict(metrics.dtypes)[measure]
    tampered = metrics.withColumn(
        measure, F.expr(f"CAST(CASE WHEN {GRAIN} = '{grain}' THEN {changed} ELSE {measure} END AS {kind})")
    )
    with pytest.raises(DabbaError, match="Gold does not add up to silver; nothing was published") as caught:
        require_equal_sums(tampered, lines, DAYS)
    assert f"{grain}.{measure}: " in str(caught.value)
    assert "national_metrics" not in str(caught.value)


def test_a_lost_cell_stops_everything(metrics, lines):
    without = metrics.where(f"NOT ({GRAIN} = 'city_metrics' AND business_date = '2025-10-20')")
    with pytest.raises(DabbaError, match="does not add up"):
        require_equal_sums(without, lines, DAYS)


def test_a_lost_grain_stops_everything(metrics, lines):
    with pytest.raises(DabbaError, match="does not add up"):
        require_equal_sums(metrics.where(f"{GRAIN} <> 'city_metrics'"), lines, DAYS)


def test_lines_without_any_cell(metrics, lines):
    with pytest.raises(DabbaError, match="there are lines and no cell"):
        require_equal_sums(metrics.where("false"), lines, DAYS)


def test_nothing_is_equal_to_nothing(metrics, lines):
    assert require_equal_sums(metrics.where("false"), lines.where("false"), DAYS) == DAYS
