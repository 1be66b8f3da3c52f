"""City x category metrics: one small night computed by hand, and what roll-ups may and may not add up."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from lib.config.model import Business, Calendar, Festival
from lib.datasets import CATEGORY_METRICS, CITY_CATEGORY_METRICS, CITY_METRICS, GOLD, NATIONAL_METRICS
from lib.transform.metrics import all_grains, of_grain

LINES = (
    "business_date DATE, state_code STRING, city STRING, category STRING, order_id STRING, customer_id STRING, "
    "customer_segment STRING, quantity INT, gross_inr DECIMAL(18,2), discount_inr DECIMAL(18,2), "
    "net_inr DECIMAL(18,2), order_status STRING, is_sale BOOLEAN, is_return BOOLEAN, payment_method STRING, "
    "stock_status STRING, delivery_minutes BIGINT, is_on_time BOOLEAN"
)
DAY, NEXT = "2025-10-20", "2025-10-21"
PUNE, MUMBAI = ("MH", "Pune"), ("MH", "Mumbai")
NIGHT = [
    # two lines of one order, one of them returned; delivered late and in time
    (DAY, *PUNE, "Books", "o1", "c1", "Premium", 2, "100.00", "10.00", "90.00",
     "DELIVERED", True, False, "COD", "In_Stock", 60, True),
    (DAY, *PUNE, "Books", "o1", "c1", "Premium", 1, "50.05", "0.00", "50.05",
     "RETURNED", True, True, "COD", "Low_Stock", 90, False),
    # another customer's order, of which nothing is known but the sale
    (DAY, *PUNE, "Books", "o2", None, "Unknown", 1, "33.33", "0.33", "33.00",
     "PLACED", True, False, None, "Unknown", None, None),
    # no sales: cancelled with and without an amount, failed, held for a review
    (DAY, *PUNE, "Books", "o3", "c3", "New", 1, "20.00", "0.00", "20.00",
     "CANCELLED", False, False, "UPI", "In_Stock", None, None),
    (DAY, *PUNE, "Books", "o3", "c3", "New", 0, None, None, None,
     "CANCELLED", False, False, "UPI", "In_Stock", None, None),
    (DAY, *PUNE, "Books", "o4", "c4", "New", 3, "30.00", "3.00", "27.00",
     "FAILED", False, False, "COD", "In_Stock", None, None),
    (DAY, *PUNE, "Books", "o5", "c5", "Regular", 1, "60000.00", "0.00", "60000.00",
     "PLACED", False, False, "CREDIT_CARD", "In_Stock", None, None),
    # the same order and customer in another category and in another city
    (DAY, *PUNE, "Toys & Baby", "o1", "c1", "Premium", 1, "10.00", "1.00", "9.00",
     "SHIPPED", True, False, "COD", "Out_Of_Stock_Risk", None, None),
    (DAY, *MUMBAI, "Books", "o6", "c1", "Regular", 1, "7.00", "0.00", "7.00",
     "PLACED", True, False, "UPI", "In_Stock", None, None),
    # Unknown is a cell like any other
    (DAY, "Unknown", "Unknown", "Unknown", "o7", "c7", "New", 4, "8.00", "2.00", "6.00",
     "UNKNOWN", True, False, "UNKNOWN", "In_Stock", 5, None),
    # only cancelled: a cell without an order
    (NEXT, *PUNE, "Books", "o8", "c8", "New", 1, "9.00", "0.00", "9.00",
     "CANCELLED", False, False, "UPI", "In_Stock", None, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def night(frame):
    return all_grains(frame(LINES, NIGHT), Business(high_volume_orders=2), Calendar()).persist()


def cell(df, contract, **keys):
    """One cell as a dictionary, amounts as text."""
    rows = of_grain(df, contract)
    for name, value in keys.items():
        rows = rows.where(F.col(name) == value)
    (row,) = rows.collect()
    as_is = (int, bytes, bytearray, type(None))
    return {name: value if isinstance(value, as_is) else str(value) for name, value in row.asDict().items()}


def test_every_measure_of_a_cell(night):
    found = cell(night, CITY_CATEGORY_METRICS, business_date=DAY, city="Pune", category="Books")
    sketch = found.pop("customers_sketch")
    assert found == {
        "business_date": DAY, "state_code": "MH", "city": "Pune", "category": "Books",
        "total_order_lines": 3, "total_units": 4, "total_orders": 2,
        "total_revenue_inr": "183.38", "total_discounts_inr": "10.33", "net_revenue_inr": "173.05",
        "returned_lines": 1, "returned_revenue_inr": "50.05",
        "cancelled_lines": 2, "cancelled_revenue_inr": "20.00",
        "failed_lines": 1, "failed_revenue_inr": "30.00",
        "held_lines": 1, "held_revenue_inr": "60000.00",
        "avg_order_value_inr": "86.53",  # 86.525, half up
        "discount_percentage": "5.63",  # 5.6331
        "unique_customers": 1,
        "orders_premium": 1, "orders_regular": 0, "orders_new": 0, "orders_unknown": 1,
        "revenue_premium_inr": "140.05", "revenue_regular_inr": "0.00", "revenue_new_inr": "0.00",
        "revenue_unknown_inr": "33.00",
        "lines_out_of_stock_risk": 0, "lines_low_stock": 1, "lines_in_stock": 1, "lines_stock_unknown": 1,
        "cod_orders": 1,
        "delivered_lines": 2, "on_time_lines": 1, "delivery_minutes_sum": 150, "delivery_minutes_count": 2,
        "is_high_volume": False, "festival": None,
    }  # fmt: skip
    assert isinstance(sketch, (bytes, bytearray))


def test_a_cell_without_a_sale_has_zeros_and_no_ratios(night):
    found = cell(night, NATIONAL_METRICS, business_date=NEXT)
    nothing = ("total_order_lines", "total_units", "total_orders", "unique_customers", "orders_new", "cod_orders")
    assert {found[name] for name in nothing} == {0}
    amounts = ("total_revenue_inr", "net_revenue_inr", "cancelled_revenue_inr")
    assert [found[name] for name in amounts] == ["0.00", "0.00", "9.00"]
    assert (found["avg_order_value_inr"], found["discount_percentage"], found["customers_sketch"]) == (None, None, None)


def test_roll_ups(night):
    national = cell(night, NATIONAL_METRICS, business_date=DAY)
    assert (national["total_order_lines"], national["total_revenue_inr"]) == (6, "208.38")
    assert (national["total_orders"], national["is_high_volume"]) == (4, True)  # o1 o2 o6 o7, above 2
    pune = cell(night, CITY_METRICS, business_date=DAY, city="Pune")
    assert (pune["total_orders"], pune["unique_customers"], pune["orders_premium"]) == (2, 1, 1)
    books = cell(night, CATEGORY_METRICS, business_date=DAY, category="Books")
    assert (books["total_orders"], books["unique_customers"]) == (3, 1)


def test_each_grain_has_its_cells(night):
    counts = {contract.name: of_grain(night, contract).count() for contract in GOLD}
    assert counts == {
        "city_category_metrics": 5,
        "city_metrics": 4,
        "category_metrics": 4,
        "national_metrics": 2,
    }
    for contract in GOLD:
        rows = of_grain(night, contract)
        assert rows.columns == list(contract.names)
        assert rows.select(*contract.key).distinct().count() == rows.count(), "a key names one row"


def test_sums_add_up_over_cells_and_distinct_counts_do_not(night):
    cells = of_grain(night, CITY_CATEGORY_METRICS).where(F.col("business_date") == DAY)
    added = cells.agg(*[F.sum(name).alias(name) for name in ("total_revenue_inr", "total_orders", "unique_customers")])
    total = cell(night, NATIONAL_METRICS, business_date=DAY)
    (row,) = added.collect()
    assert str(row["total_revenue_inr"]) == total["total_revenue_inr"]
    assert (row["total_orders"], total["total_orders"]) == (5, 4)  # o1 has lines in two cells
    assert (row["unique_customers"], total["unique_customers"]) == (4, 2)


def test_a_customer_whose_segment_changed_within_the_day_counts_once_in_each(night):
    national = cell(night, NATIONAL_METRICS, business_date=DAY)
    segments = [national[f"orders_{name}"] for name in ("premium", "regular", "new", "unknown")]
    assert segments == [1, 1, 1, 1]
    revenue = [national[f"revenue_{name}_inr"] for name in ("premium", "regular", "new", "unknown")]
    assert revenue == ["149.05", "7.00", "6.00", "33.00"]  # adds up to the net revenue, 195.05
    assert national["net_revenue_inr"] == "195.05"


def test_sketches_give_unique_customers_of_any_roll_up(night):
    merged = of_grain(night, CITY_CATEGORY_METRICS).select(F.hll_sketch_estimate(F.hll_union_agg("customers_sketch")))
    assert merged.first()[0] == 2


def test_a_sketch_is_near_the_exact_count(spark):
    many = spark.range(20_000).selectExpr(
        "DATE'2025-10-20' business_date", "'MH' state_code", "'Pune' city", "'Books' category",
        "CAST(id AS string) order_id", "concat('c', id % 7000) customer_id", "'New' customer_segment", "1 quantity",
        "CAST(1 AS decimal(18,2)) gross_inr", "CAST(0 AS decimal(18,2)) discount_inr",
        "CAST(1 AS decimal(18,2)) net_inr", "'PLACED' order_status", "true is_sale", "false is_return",
        "'UPI' payment_method", "'Unknown' stock_status", "CAST(NULL AS bigint) delivery_minutes",
        "CAST(NULL AS boolean) is_on_time",
    )  # fmt: skip
    metrics = of_grain(all_grains(many, Business(), Calendar()), NATIONAL_METRICS)
    exact, estimate, high = metrics.select(
        "unique_customers", F.hll_sketch_estimate("customers_sketch"), "is_high_volume"
    ).first()
    assert (exact, high) == (7000, True)
    assert abs(estimate - exact) < 0.05 * exact


@pytest.mark.usefixtures("ansi")
def test_festivals_by_date_and_state(frame):
    calendar = Calendar(
        (
            Festival("Diwali", (DAY,)),
            Festival("Onam", (DAY, NEXT), ("KL",)),
        )
    )
    lines = frame(LINES, [(day, state, *NIGHT[0][2:]) for day in (DAY, NEXT) for state in ("MH", "KL", "Unknown")])
    metrics = all_grains(lines, Business(), calendar).persist()
    found = of_grain(metrics, CITY_METRICS).select(F.col("business_date").cast("string"), "state_code", "festival")
    assert sorted(map(tuple, found.collect())) == [
        (DAY, "KL", "Onam"),  # a state's own comes before all India's
        (DAY, "MH", "Diwali"),
        (DAY, "Unknown", "Diwali"),
        (NEXT, "KL", "Onam"),
        (NEXT, "MH", None),
        (NEXT, "Unknown", None),
    ]
    national = of_grain(metrics, NATIONAL_METRICS).select("festival").orderBy("business_date").collect()
    assert [row[0] for row in national] == ["Diwali", None]


def test_no_lines_no_cells(frame):
    assert all_grains(frame(LINES, []), Business(), Calendar()).count() == 0
