"""City x category metrics and their roll-ups: every grain from the same lines."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.config.model import Business, Calendar
from lib.datasets import GOLD, Contract

GRAIN = "_grain"
ALL = "All"
_DIMENSIONS = ("state_code", "city", "category")
_CELL = (GRAIN, "business_date", *_DIMENSIONS)
_SEGMENTS = ("Premium", "Regular", "New", "Unknown")
_STOCK = {
    "lines_out_of_stock_risk": "Out_Of_Stock_Risk",
    "lines_low_stock": "Low_Stock",
    "lines_in_stock": "In_Stock",
    "lines_stock_unknown": "Unknown",
}


def all_grains(lines: DataFrame, business: Business, calendar: Calendar) -> DataFrame:
    """Metrics of every grain in one frame: `_grain` names the gold table, unused dimensions say `All`.

    `lines` are silver order_lines. Sums are made once, for the finest cells, and those are added up. Orders and
    customers are counted per grain from detail, never added up: there a row is three names and a number, because every
    line meets every grain.
    """
    cells = _sums_of_cells(lines)
    measured = cells.join(_orders(lines), on=list(_CELL), how="left").join(
        _customers(lines), on=list(_CELL), how="left"
    )
    finished = _finish(measured, business)
    return _with_festival(finished, calendar)


def of_grain(metrics: DataFrame, contract: Contract) -> DataFrame:
    """The rows and columns of one gold table."""
    return metrics.where(F.col(GRAIN) == contract.name).select(
        *[F.col(column.name).cast(column.type).alias(column.name) for column in contract.columns]
    )


def _per_grain(rows: DataFrame) -> DataFrame:
    """Each row once for each gold table: `_grain`, and `All` in the dimensions that the table does not keep."""
    cells = [
        F.struct(
            F.lit(table.name).alias(GRAIN),
            *[(F.col(name) if name in table.key else F.lit(ALL)).alias(name) for name in _DIMENSIONS],
        )
        for table in GOLD
    ]
    others = [name for name in rows.columns if name not in _DIMENSIONS]
    exploded = rows.select(*others, F.explode(F.array(*cells)).alias("_cell"))
    return exploded.select(*others, *[F.col(f"_cell.{name}").alias(name) for name in (GRAIN, *_DIMENSIONS)])


def _line_measures() -> list[Column | str]:
    """What one line adds to its cells. Money in whole paise as long: exact, and added faster than decimals."""
    sale, status = F.col("is_sale"), F.col("order_status")
    held = ~sale & ~status.isin("CANCELLED", "FAILED")
    gross, discount, net = (_paise(name) for name in ("gross_inr", "discount_inr", "net_inr"))
    segment = F.col("customer_segment")
    return [
        "business_date",
        *_DIMENSIONS,
        _one(sale).alias("total_order_lines"),
        F.when(sale, F.col("quantity")).otherwise(0).alias("total_units"),
        F.when(sale, gross).otherwise(0).alias("total_revenue_inr"),
        F.when(sale, discount).otherwise(0).alias("total_discounts_inr"),
        *[
            column
            for name, part in {
                "returned": sale & F.col("is_return"),
                "cancelled": status == "CANCELLED",
                "failed": status == "FAILED",
                "held": held,
            }.items()
            for column in (
                _one(part).alias(f"{name}_lines"),
                F.when(part, gross).otherwise(0).alias(f"{name}_revenue_inr"),
            )
        ],
        *[
            F.when(sale & (segment == name), net).otherwise(0).alias(f"revenue_{name.lower()}_inr")
            for name in _SEGMENTS
        ],
        *[_one(sale & (F.col("stock_status") == value)).alias(name) for name, value in _STOCK.items()],
        _one(sale & F.col("delivery_minutes").isNotNull()).alias("delivered_lines"),
        _one(sale & F.col("is_on_time")).alias("on_time_lines"),
        F.when(sale, F.coalesce("delivery_minutes", F.lit(0))).otherwise(0).alias("delivery_minutes_sum"),
        _one(sale & F.col("delivery_minutes").isNotNull()).alias("delivery_minutes_count"),
    ]


_SUMS = (
    "total_order_lines",
    "total_units",
    "total_revenue_inr",
    "total_discounts_inr",
    "returned_lines",
    "returned_revenue_inr",
    "cancelled_lines",
    "cancelled_revenue_inr",
    "failed_lines",
    "failed_revenue_inr",
    "held_lines",
    "held_revenue_inr",
    *(f"revenue_{name.lower()}_inr" for name in _SEGMENTS),
    *_STOCK,
    "delivered_lines",
    "on_time_lines",
    "delivery_minutes_sum",
    "delivery_minutes_count",
)


# Counted from detail; a cell without a sale line has none.
_COUNTED = (
    "total_orders",
    "cod_orders",
    *(f"orders_{name.lower()}" for name in _SEGMENTS),
    "unique_customers",
)


def _sums_of_cells(lines: DataFrame) -> DataFrame:
    """The sums of every cell of every grain: the finest cells from the lines, all others from those."""
    finest = lines.select(*_line_measures()).groupBy("business_date", *_DIMENSIONS).agg(*_summed())
    return _per_grain(finest).groupBy(*_CELL).agg(*_summed())


def _summed() -> list[Column]:
    return [F.sum(name).alias(name) for name in _SUMS]


def _orders(lines: DataFrame) -> DataFrame:
    """Distinct orders with a sale line: one row per cell and order with the marks of its lines, then counted."""
    segment = F.col("customer_segment")
    marks = [F.coalesce(F.col("payment_method") == "COD", F.lit(False)), *[segment == name for name in _SEGMENTS]]
    bits = [_one(mark) * F.lit(1 << at) for at, mark in enumerate(marks)]
    marked = lines.where(F.col("is_sale")).select(
        "business_date", *_DIMENSIONS, "order_id", sum(bits[1:], bits[0]).alias("_marks")
    )
    orders = _per_grain(marked).groupBy(*_CELL, "order_id").agg(F.bit_or("_marks").alias("_marks"))
    names = ("cod_orders", *[f"orders_{name.lower()}" for name in _SEGMENTS])
    return orders.groupBy(*_CELL).agg(
        F.count(F.lit(1)).alias("total_orders"),
        *[F.count_if(F.col("_marks").bitwiseAND(F.lit(1 << at)) > 0).alias(name) for at, name in enumerate(names)],
    )


def _customers(lines: DataFrame) -> DataFrame:
    """Distinct customers with a sale line, exactly and as a sketch; cells without one have no row here."""
    sold = lines.where(F.col("is_sale") & F.col("customer_id").isNotNull())
    buyers = _per_grain(sold.select("business_date", *_DIMENSIONS, "customer_id")).distinct()
    return buyers.groupBy(*_CELL).agg(
        F.count(F.lit(1)).alias("unique_customers"),
        F.hll_sketch_agg("customer_id").alias("customers_sketch"),
    )


def _finish(cells: DataFrame, business: Business) -> DataFrame:
    """Paise become rupees; then ratios, from sums, guarded."""
    money = [name for name in _SUMS if name.endswith("_inr")]
    rupees = cells.withColumns(
        {
            **{name: F.coalesce(name, F.lit(0)) for name in _COUNTED},
            **{name: _rupees(F.col(name)) for name in money},
        }
    )
    netted = rupees.withColumn("net_revenue_inr", F.col("total_revenue_inr") - F.col("total_discounts_inr"))
    return netted.withColumns(
        {
            "avg_order_value_inr": F.expr("try_divide(net_revenue_inr, total_orders)").cast("decimal(18,2)"),
            "discount_percentage": F.expr("try_divide(100 * total_discounts_inr, total_revenue_inr)").cast(
                "decimal(9,2)"
            ),
            "is_high_volume": F.col("total_orders") > business.high_volume_orders,
        }
    )


def _with_festival(metrics: DataFrame, calendar: Calendar) -> DataFrame:
    """The festival of the cell's date, and of its state where the festival is a state's own."""
    days: dict[str, str] = {}
    for festival in calendar.festivals:
        for date in festival.dates:
            for state in festival.states or (ALL,):
                days[f"{date}|{state}"] = festival.name
    if not days:
        return metrics.withColumn("festival", F.lit(None).cast("string"))
    table = F.create_map(*[F.lit(item) for pair in sorted(days.items()) for item in pair])
    day = F.date_format("business_date", "yyyy-MM-dd")
    own, everywhere = (
        F.try_element_at(table, F.concat_ws("|", day, state)) for state in (F.col("state_code"), F.lit(ALL))
    )
    return metrics.withColumn("festival", F.coalesce(own, everywhere))


def _paise(name: str) -> Column:
    """An amount in whole paise; not known adds nothing to a sum."""
    return F.coalesce((F.col(name) * 100).cast("long"), F.lit(0))


def _rupees(paise: Column) -> Column:
    return (paise.cast("decimal(20,0)") * F.lit("0.01").cast("decimal(3,2)")).cast("decimal(38,2)")


def _one(condition: Column) -> Column:
    return F.when(condition, 1).otherwise(0)
