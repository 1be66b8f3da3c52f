"""Reconciliation: sums over gold cells equal sums over silver lines, to the paisa, at every run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import GOLD
from lib.errors import DabbaError
from lib.transform.metrics import GRAIN

# gold measure -> the same sum straight from the lines; decimals here, whole paise there: two ways to one number.
_SUMS = {
    "total_order_lines": "count_if(is_sale)",
    "total_units": "sum(quantity) FILTER (WHERE is_sale)",
    "total_revenue_inr": "sum(gross_inr) FILTER (WHERE is_sale)",
    "total_discounts_inr": "sum(discount_inr) FILTER (WHERE is_sale)",
    "net_revenue_inr": "sum(net_inr) FILTER (WHERE is_sale)",
    "returned_lines": "count_if(is_sale AND is_return)",
    "returned_revenue_inr": "sum(gross_inr) FILTER (WHERE is_sale AND is_return)",
    "cancelled_lines": "count_if(order_status = 'CANCELLED')",
    "cancelled_revenue_inr": "sum(gross_inr) FILTER (WHERE order_status = 'CANCELLED')",
    "failed_lines": "count_if(order_status = 'FAILED')",
    "failed_revenue_inr": "sum(gross_inr) FILTER (WHERE order_status = 'FAILED')",
    "held_lines": "count_if(NOT is_sale AND order_status NOT IN ('CANCELLED', 'FAILED'))",
    "held_revenue_inr": "sum(gross_inr) FILTER (WHERE NOT is_sale AND order_status NOT IN ('CANCELLED', 'FAILED'))",
}


def require_equal_sums(metrics: DataFrame, lines: DataFrame, days: Sequence[date]) -> list[date]:
    """Raise unless every grain adds up to the lines; returns the days that have no line at all."""
    expected = lines.agg(*[F.expr(f"coalesce({sql}, 0)").alias(name) for name, sql in _SUMS.items()]).first()
    found = (
        metrics.groupBy(GRAIN)
        .agg(
            *[F.sum(name).alias(name) for name in _SUMS],
            F.collect_set("business_date").alias("days"),
        )
        .collect()
    )
    wrong = [
        f"{row[GRAIN]}.{name}: {row[name]} in the cells, {expected[name]} in the lines"
        for row in found
        for name in _SUMS
        if expected is not None and _number(row[name]) != _number(expected[name])
    ]
    if not found and expected is not None and any(_number(expected[name]) for name in _SUMS):
        wrong.append("there are lines and no cell")
    if found:
        wrong += [f"{contract.name} has no cell" for contract in GOLD if contract.name not in {r[GRAIN] for r in found}]
    if wrong:
        raise DabbaError(
            "Gold does not add up to silver; nothing was published", where="; ".join(wrong), todo="report this as a bug"
        )
    seen = set(found[0]["days"]) if found else set()
    return [day for day in days if day not in seen]


def _number(value: Any) -> Decimal:
    return Decimal(value or 0)
