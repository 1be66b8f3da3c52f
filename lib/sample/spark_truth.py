"""The truth of a sample at any size: every line that was meant as a Spark row, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.sample.order_rows import DUPLICATE, OrderRow, OrderRows
from lib.sample.orders import Orders
from lib.sample.truth import COUNTED, KEY, METRICS, SEGMENTS, STOCK_METRIC, Account, CellKey, Truth, was_drawn
from lib.sample.world import World
from lib.sample.write import order_refusal

Maker = Callable[[int], Iterator[tuple[Any, ...]]]
TRUTH_SCHEMA = T.StructType([
    T.StructField("order_id", T.StringType()),
    T.StructField("line_no", T.StringType()),
    T.StructField("business_date", T.StringType()),
    T.StructField("state_code", T.StringType()),
    T.StructField("city", T.StringType()),
    T.StructField("category", T.StringType()),
    T.StructField("customer_id", T.StringType()),
    T.StructField("segment", T.StringType()),
    T.StructField("sku", T.StringType()),
    T.StructField("quantity", T.LongType()),
    T.StructField("gross_paise", T.LongType()),
    T.StructField("discount_paise", T.LongType()),
    T.StructField("order_status", T.StringType()),
    T.StructField("payment_method", T.StringType()),
    T.StructField("stock_status", T.StringType()),
    # The first sale line of its order in its cell: the sum of these is the distinct count of orders.
    T.StructField("counts_order", T.BooleanType()),
    T.StructField("is_good", T.BooleanType()),
    T.StructField("rows", T.LongType()),
    T.StructField("duplicates", T.LongType()),
    T.StructField("older_versions", T.LongType()),
    T.StructField("reasons", T.ArrayType(T.StringType())),
    T.StructField("refusal", T.StringType()),
    *(T.StructField(f"is_{name}", T.LongType()) for name in COUNTED),
])  # fmt: skip


def truth_maker(world: World) -> Maker:
    """For a block: a row under TRUTH_SCHEMA for each of its lines."""
    orders, rows, truth = Orders(world), OrderRows(world), Truth(world)
    customers = world.customers

    def make(block: int) -> Iterator[tuple[Any, ...]]:
        for lines in orders.block(block):
            # Rendering costs more than meaning: only orders with a refused or second row need it here.
            plain = all(line.defect is None and not line.copy for line in lines)
            seen: set[str] = set()
            for line in lines:
                true = truth.of_line(line)
                first = line.is_good and true.is_sale and true.category not in seen
                if first:
                    seen.add(true.category)
                yield (
                    f"OD{true.order_number:010d}", str(true.line_number), true.business_date, true.state_code,
                    true.city, true.category,
                    None if true.customer is None else customers.identifier(true.customer),
                    true.segment, true.product_id, true.quantity, true.gross, true.discount, true.status,
                    true.payment, true.stock, first, line.is_good,
                    *((1, 0, 0, None, None) if plain else _outcome(rows.of_order([line]))),
                    *(int(drawn) for drawn in was_drawn(line)),
                )  # fmt: skip

    return make


def _outcome(rows: list[OrderRow]) -> tuple[int, int, int, list[str] | None, str | None]:
    """(rows, duplicates, older versions, reasons, refusal) of one line."""
    kept = [row for row in rows if not row.malformed]
    bad = next((row for row in kept if row.reasons), None)
    duplicates = sum(row.outcome == DUPLICATE for row in kept)
    older = sum(row.older_version for row in kept)
    if bad is None:
        return len(kept), duplicates, older, None, None
    return len(kept), duplicates, older, sorted(bad.reasons), order_refusal(bad)


def account(lines: DataFrame) -> Account:
    """The account of the order rows."""
    names = ("rows", "duplicates", "older_versions", "good", "refused")
    row = lines.agg(
        F.sum("rows"), F.sum("duplicates"), F.sum("older_versions"),
        F.count(F.when(F.col("is_good"), 1)), F.count("refusal"),
    ).first()  # fmt: skip
    total = dict(zip(names, row or (0,) * len(names), strict=True))
    reasons = lines.select(F.explode("reasons").alias("reason")).groupBy("reason").count().collect()
    return Account(
        rows_read=int(total["rows"]),
        good=int(total["good"]),
        refused=int(total["refused"]),
        duplicates=int(total["duplicates"]),
        older_versions=int(total["older_versions"]),
        refused_by_reason={row["reason"]: int(row["count"]) for row in reasons},
    )


def cells(lines: DataFrame) -> dict[CellKey, dict[str, int]]:
    """The metrics of `truth.Cells`, by Spark; money in paise."""
    good = lines.where("is_good").withColumns({
        "is_sale": F.expr("order_status NOT IN ('CANCELLED', 'FAILED')"),
        "gross": F.expr("coalesce(gross_paise, 0)"),
        "net": F.expr("coalesce(gross_paise, 0) - coalesce(discount_paise, 0)"),
    })  # fmt: skip
    found = good.groupBy(*KEY).agg(*(expression.alias(name) for name, expression in _metric_columns().items()))
    result: dict[CellKey, dict[str, int]] = {}
    for row in found.collect():
        key = (row["business_date"], row["state_code"], row["city"], row["category"])
        result[key] = {metric: int(row[metric] or 0) for metric in METRICS}
    return result


def _metric_columns() -> dict[str, Column]:
    sale = F.col("is_sale")
    returned, cancelled = F.expr("order_status = 'RETURNED'"), F.expr("order_status = 'CANCELLED'")
    columns = {
        "total_order_lines": F.count(F.when(sale, 1)),
        "total_units": F.sum(F.when(sale, F.col("quantity"))),
        "total_orders": F.count(F.when(F.col("counts_order"), 1)),
        "total_revenue_inr": F.sum(F.when(sale, F.col("gross"))),
        "total_discounts_inr": F.sum(F.when(sale, F.col("gross") - F.col("net"))),
        "net_revenue_inr": F.sum(F.when(sale, F.col("net"))),
        "returned_lines": F.count(F.when(returned, 1)),
        "returned_revenue_inr": F.sum(F.when(returned, F.col("gross"))),
        "cancelled_lines": F.count(F.when(cancelled, 1)),
        "cancelled_revenue_inr": F.sum(F.when(cancelled, F.col("gross"))),
        "unique_customers": F.countDistinct(F.when(sale, F.col("customer_id"))),
        "cod_orders": F.count(F.when(F.col("counts_order") & (F.col("payment_method") == "COD"), 1)),
    }
    for segment in SEGMENTS:
        of_segment = F.col("segment") == segment
        columns[f"orders_{segment}"] = F.count(F.when(F.col("counts_order") & of_segment, 1))
        columns[f"revenue_{segment}_inr"] = F.sum(F.when(sale & of_segment, F.col("net")))
    for status, metric in STOCK_METRIC.items():
        columns[metric] = F.count(F.when(sale & (F.col("stock_status") == status), 1))
    return columns
