"""Metrics of random nights against plain Python sums and sets; row order and partitions change nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.config.model import Business, Calendar
from lib.datasets import GOLD
from lib.datasets.rules import Compare, InSet, NotNull, Range, Severity
from lib.quality import check_rows, count_rows, good, refused
from lib.quality.reconcile import require_equal_sums
from lib.transform.metrics import ALL, GRAIN, all_grains

AMOUNTS = st.decimals(0, 10**7, places=2)
KEY = (GRAIN, "business_date", "state_code", "city", "category")
COLUMNS = (
    "business_date date, state_code string, city string, category string, order_id string, customer_id string, "
    "customer_segment string, quantity int, gross_inr decimal(18,2), discount_inr decimal(18,2), "
    "net_inr decimal(18,2), order_status string, is_sale boolean, is_return boolean, payment_method string, "
    "stock_status string, delivery_minutes bigint, is_on_time boolean"
)


@st.composite
def line(draw):
    status = draw(st.sampled_from(["PLACED", "DELIVERED", "RETURNED", "CANCELLED", "FAILED", "UNKNOWN"]))
    gross = draw(AMOUNTS if status not in ("CANCELLED", "FAILED") else st.none() | AMOUNTS)
    discount = None if gross is None else (gross * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))
    held = draw(st.integers(0, 9)) == 0
    return (
        date(2025, 10, draw(st.integers(20, 21))),
        draw(st.sampled_from(["MH", "KA", "Unknown"])),
        draw(st.sampled_from(["Pune", "Unknown"])),
        draw(st.sampled_from(["Books", "Unknown"])),
        f"o{draw(st.integers(0, 40))}",
        draw(st.none() | st.integers(0, 20).map("c{}".format)),
        draw(st.sampled_from(["Premium", "Regular", "New", "Unknown"])),
        draw(st.integers(0, 9)),
        gross,
        discount,
        None if gross is None else gross - discount,
        status,
        status not in ("CANCELLED", "FAILED") and not held,
        status == "RETURNED",
        draw(st.sampled_from(["COD", "UPI", None])),
        draw(st.sampled_from(["In_Stock", "Low_Stock", "Out_Of_Stock_Risk", "Unknown"])),
        draw(st.none() | st.integers(0, 9999)),
        draw(st.none() | st.booleans()),
    )


@pytest.fixture(scope="module")
def night(examples_of):
    names = [part.split()[0] for part in COLUMNS.split(", ")]
    return [dict(zip(names, values, strict=True)) for values in examples_of(line(), 300)]


@pytest.fixture(scope="module")
def lines(spark, night):
    return spark.createDataFrame([tuple(row.values()) for row in night], COLUMNS).persist()


@pytest.fixture(scope="module")
def cells(lines):
    return collected(lines)


def collected(lines):
    """Cells by key. The bytes of a sketch depend on the order in which it saw its customers, its estimate does not."""
    metrics = all_grains(lines, Business(high_volume_orders=5), Calendar())
    estimated = metrics.withColumn("customers_sketch", F.hll_sketch_estimate("customers_sketch"))
    return {tuple(row[name] for name in KEY): row.asDict() for row in estimated.collect()}


def modelled(rows):
    """The measures of the lines of one cell."""
    sales = [row for row in rows if row["is_sale"]]
    gross = sum((row["gross_inr"] for row in sales), Decimal(0))
    discount = sum((row["discount_inr"] for row in sales), Decimal(0))
    orders = {row["order_id"] for row in sales}
    cancelled = [row for row in rows if row["order_status"] == "CANCELLED"]
    returned = [row for row in sales if row["is_return"]]
    expected = {
        "total_order_lines": len(sales),
        "total_units": sum(row["quantity"] for row in sales),
        "total_orders": len(orders),
        "total_revenue_inr": gross,
        "total_discounts_inr": discount,
        "net_revenue_inr": gross - discount,
        "returned_lines": len(returned),
        "returned_revenue_inr": sum(row["gross_inr"] for row in returned),
        "cancelled_lines": len(cancelled),
        "cancelled_revenue_inr": sum(row["gross_inr"] or 0 for row in cancelled),
        "unique_customers": len({row["customer_id"] for row in sales if row["customer_id"]}),
        "cod_orders": len({row["order_id"] for row in sales if row["payment_method"] == "COD"}),
        "lines_stock_unknown": sum(row["stock_status"] == "Unknown" for row in sales),
        "delivered_lines": sum(row["delivery_minutes"] is not None for row in sales),
        "delivery_minutes_sum": sum(row["delivery_minutes"] or 0 for row in sales),
        "on_time_lines": sum(row["is_on_time"] is True for row in sales),
        "is_high_volume": len(orders) > 5,
    }
    for segment in ("Premium", "Regular", "New", "Unknown"):
        own = [row for row in sales if row["customer_segment"] == segment]
        expected[f"orders_{segment.lower()}"] = len({row["order_id"] for row in own})
        expected[f"revenue_{segment.lower()}_inr"] = sum(row["net_inr"] for row in own)
    return expected


def test_every_cell_of_every_grain_is_as_modelled(night, cells):
    members = defaultdict(list)
    for row in night:
        for table in GOLD:
            cell = (table.name, *(row[name] if name in table.key else ALL for name in KEY[1:]))
            members[cell].append(row)
    assert set(cells) == set(members)
    for key, rows in members.items():
        found = {name: cells[key][name] for name in modelled(rows)}
        assert found == modelled(rows), key


def test_row_order_and_partitions_change_nothing(lines, cells):
    shuffled = lines.orderBy(F.hash("order_id", "gross_inr")).repartition(7)
    assert collected(shuffled) == cells


def test_every_grain_adds_up_to_the_lines(lines):
    metrics = all_grains(lines, Business(), Calendar())
    assert require_equal_sums(metrics, lines, [date(2025, 10, 20), date(2025, 10, 21)]) == []


def test_no_row_is_lost_between_good_and_refused(lines):
    rules = (
        NotNull(column="customer_id"),
        NotNull(column="gross_inr"),
        Range(column="gross_inr", min="100", max="9000000"),
        InSet(column="payment_method", values=("UPI",), severity=Severity.WARN),
        Compare(column="discount_inr", operator="<", other="net_inr", severity=Severity.WARN),
    )
    marked = lines.selectExpr(
        "*", "quantity = 0 AS _malformed", "CAST(array() AS array<string>) AS _type_errors", "false AS _after_window"
    )
    checked = check_rows(marked, rules, event_time="business_date").persist()
    counts = count_rows(checked)
    assert (counts.rows, counts.refused) == (lines.count(), refused(checked).count())
    assert counts.accepted == good(checked).count()
    accepted = good(checked).collect()
    assert all(row["customer_id"] and 100 <= row["gross_inr"] <= 9_000_000 and row["quantity"] for row in accepted)
    warned = [row for row in accepted if row["payment_method"] == "COD"]
    assert all("payment_method_set" in row["warnings"] for row in warned)
