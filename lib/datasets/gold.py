"""Gold contracts: city x category metrics and their roll-ups, per business date."""

from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer, Pii, count, day, flag, money_sum, text

MEASURES: tuple[Column, ...] = (
    count("total_order_lines", "sale lines"),
    count("total_units", "units on sale lines"),
    count("total_orders", "distinct orders with a sale line in the cell"),
    money_sum("total_revenue_inr", "sum of gross_inr of sale lines, INR"),
    money_sum("total_discounts_inr", "sum of discount_inr of sale lines, INR"),
    money_sum("net_revenue_inr", "total_revenue_inr - total_discounts_inr"),
    count("returned_lines", "RETURNED lines; they are sale lines too"),
    money_sum("returned_revenue_inr", "sum of gross_inr of RETURNED lines, INR"),
    count("cancelled_lines", "CANCELLED lines; not sale lines"),
    money_sum("cancelled_revenue_inr", "sum of gross_inr of CANCELLED lines where it is known, INR"),
    count("failed_lines", "FAILED lines; not sale lines"),
    money_sum("failed_revenue_inr", "sum of gross_inr of FAILED lines where it is known, INR"),
    count("held_lines", "lines left out of sales until a review approves them"),
    money_sum("held_revenue_inr", "sum of gross_inr of held lines, INR"),
    Column(
        "avg_order_value_inr",
        T.DecimalType(18, 2),
        "net_revenue_inr / total_orders; null where there is no order",
    ),
    Column(
        "discount_percentage",
        T.DecimalType(9, 2),
        "100 * total_discounts_inr / total_revenue_inr; null where revenue is 0",
    ),
    count("unique_customers", "exact distinct customer_id over sale lines"),
    Column(
        "customers_sketch",
        T.BinaryType(),
        "HLL sketch of the same, to roll up over days (hll_union_agg); its bytes depend on row order",
    ),
    count("orders_premium", "distinct orders of Premium customers"),
    count("orders_regular", "distinct orders of Regular customers"),
    count("orders_new", "distinct orders of New customers"),
    count("orders_unknown", "distinct orders of customers that are not known"),
    money_sum("revenue_premium_inr", "net revenue of Premium customers, INR"),
    money_sum("revenue_regular_inr", "net revenue of Regular customers, INR"),
    money_sum("revenue_new_inr", "net revenue of New customers, INR"),
    money_sum("revenue_unknown_inr", "net revenue of customers that are not known, INR"),
    count("lines_out_of_stock_risk", "sale lines with less available than ordered"),
    count("lines_low_stock", "sale lines with less than twice the ordered quantity available"),
    count("lines_in_stock", "sale lines with enough stock"),
    count("lines_stock_unknown", "sale lines of products without a stock row"),
    count("cod_orders", "distinct orders with a sale line paid cash on delivery"),
    count("delivered_lines", "sale lines with a delivery time"),
    count("on_time_lines", "sale lines delivered by the promised time"),
    count("delivery_minutes_sum", "sum of delivery_minutes of sale lines; readers divide by the count"),
    count("delivery_minutes_count", "sale lines that have delivery_minutes"),
    flag("is_high_volume", "total_orders > business.high_volume_orders"),
)

_DATE = day("business_date", "the day in Asia/Kolkata")
_STATE = text("state_code", "ISO 3166-2:IN code of the state, or Unknown")
_CITY = text("city", "canonical city, or Unknown; keyed with its state", pii=Pii.LOCATION)
_CATEGORY = text("category", "canonical category, or Unknown")
_FESTIVAL = text("festival", "name of the festival of that date and state (or of all India), or null")

_NOTE = (
    "Sums over cells equal sums over silver order_lines to the paisa; checked at every run. Distinct counts do not "
    "add up over cells: take the roll-up, or the sketch."
)


def _metrics(name: str, grain: str, keys: tuple[Column, ...]) -> Contract:
    return Contract(
        name=name,
        layer=Layer.GOLD,
        version=1,
        grain=grain,
        key=tuple(column.name for column in keys),
        partition_by=("business_date",),
        columns=(*keys, *MEASURES, _FESTIVAL),
        notes=_NOTE,
    )


CITY_CATEGORY_METRICS = _metrics(
    "city_category_metrics", "a category in a city on a day", (_DATE, _STATE, _CITY, _CATEGORY)
)
CITY_METRICS = _metrics("city_metrics", "a city on a day", (_DATE, _STATE, _CITY))
CATEGORY_METRICS = _metrics("category_metrics", "a category on a day", (_DATE, _CATEGORY))
NATIONAL_METRICS = _metrics("national_metrics", "all India on a day", (_DATE,))
