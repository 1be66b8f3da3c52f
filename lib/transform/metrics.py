"""City x category metrics and their roll-ups: every grain from the same lines, in one pass over them."""

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

    `lines` are silver order_lines. Each line meets each grain once, so that all four tables come from one scan and one
    exchange by cell and order. Orders and customers are counted per grain from detail, never added up.
    """
    cells = lines.select(*_line_measures()).withColumn("_cell", F.explode(F.array(*_grains())))
    keyed = cells.select("*", *[F.col(f"_cell.{name}").alias(name) for name in (GRAIN, *_DIMENSIONS)]).drop("_cell")
    measured = _by_order(keyed).join(_by_customer(keyed), on=list(_CELL), how="left")
    finished = _finish(measured, business)
    return _with_festival(finished, calendar)


def of_grain(metrics: DataFrame, contract: Contract) -> DataFrame:
    """The rows and columns of one gold table."""
    return metrics.where(F.col(GRAIN) == contract.name).select(
        *[F.col(column.name).cast(column.type).alias(column.name) for column in contract.columns]
    )


def _grains() -> list[Column]:
    """For each gold table, the dimensions that it keeps; the others become `All`."""
    return [
        F.struct(
            F.lit(table.name).alias(GRAIN),
            *[(F.col(f"_{name}") if name in table.key else F.lit(ALL)).alias(name) for name in _DIMENSIONS],
        )
        for table in GOLD
    ]


def _line_measures() -> list[Column]:
    """What one line adds to its cells. Money in whole paise as long: exact, and added faster than decimals."""
    sale, status = F.col("is_sale"), F.col("order_status")
    held = ~sale & ~status.isin("CANCELLED", "FAILED")
    gross, discount, net = (_paise(name) for name in ("gross_inr", "discount_inr", "net_inr"))
    segment = F.col("customer_segment")
    return [
        F.col("business_date"),
        *[F.col(name).alias(f"_{name}") for name in _DIMENSIONS],
        F.col("order_id"),
        F.when(sale, F.col("customer_id")).alias("customer_id"),
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
        sale.alias("_is_sale"),
        (sale & F.coalesce(F.col("payment_method") == "COD", F.lit(False))).alias("_is_cod"),
        F.when(sale, segment).alias("_segment"),
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


def _by_order(keyed: DataFrame) -> DataFrame:
    """Sums, and distinct orders: first one row per cell and order, whose flags then are counted."""
    orders = keyed.groupBy(*_CELL, "order_id").agg(
        *[F.sum(name).alias(name) for name in _SUMS],
        F.max("_is_sale").alias("_is_sale"),
        F.max("_is_cod").alias("_is_cod"),
        *[F.max(F.coalesce(F.col("_segment") == name, F.lit(False))).alias(f"_is_{name}") for name in _SEGMENTS],
    )
    return orders.groupBy(*_CELL).agg(
        *[F.sum(name).alias(name) for name in _SUMS],
        F.count_if("_is_sale").alias("total_orders"),
        F.count_if("_is_cod").alias("cod_orders"),
        *[F.count_if(f"_is_{name}").alias(f"orders_{name.lower()}") for name in _SEGMENTS],
    )


def _by_customer(keyed: DataFrame) -> DataFrame:
    """Distinct customers with a sale line, exactly and as a sketch; cells without one have no row here."""
    buyers = keyed.where(F.col("customer_id").isNotNull()).select(*_CELL, "customer_id").distinct()
    return buyers.groupBy(*_CELL).agg(
        F.count(F.lit(1)).alias("unique_customers"),
        F.hll_sketch_agg("customer_id").alias("customers_sketch"),
    )


def _finish(cells: DataFrame, business: Business) -> DataFrame:
    """Paise become rupees; then ratios, from sums, guarded."""
    money = [name for name in _SUMS if name.endswith("_inr")]
    rupees = cells.withColumns(
        {
            "unique_customers": F.coalesce("unique_customers", F.lit(0)),
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
