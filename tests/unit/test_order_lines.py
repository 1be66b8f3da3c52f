"""Silver order lines: the money of a line, its flags, and what is joined to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve
from pyspark.sql import functions as F

from lib.config.model import Business, Review
from lib.transform import order_lines

MONEY = (
    "note STRING, quantity INT, unit_price DECIMAL(18,2), line_amount_inr DECIMAL(18,2), "
    "discount_percentage DECIMAL(5,2), expected STRUCT<gross: STRING, discount: STRING, net: STRING, unit: STRING>"
)
AMOUNTS = [
    ("plain", 2, "499.00", None, "10.00", ("998.00", "99.80", "898.20", "499.00")),
    ("no discount", 1, "100.00", None, "0.00", ("100.00", "0.00", "100.00", "100.00")),
    ("all of it", 1, "100.00", None, "100.00", ("100.00", "100.00", "0.00", "100.00")),
    # half a paisa goes up: 0.10 * 5 % = 0.005
    ("HALF_UP", 1, "0.10", None, "5.00", ("0.10", "0.01", "0.09", "0.10")),
    ("just below", 1, "0.10", None, "4.99", ("0.10", "0.00", "0.10", "0.10")),
    # 2.50 * 0.2 % = 0.005 ; banker's rounding would give 0.00
    ("not banker's", 1, "2.50", None, "0.20", ("2.50", "0.01", "2.49", "2.50")),
    ("7.5 %", 3, "333.33", None, "7.50", ("999.99", "75.00", "924.99", "333.33")),  # 74.99925
    ("one paisa", 1, "0.01", None, "7.50", ("0.01", "0.00", "0.01", "0.01")),
    # three for a thousand: the line's total is exact, the unit price only for reading
    ("three for 1000", 3, None, "1000.00", "0.00", ("1000.00", "0.00", "1000.00", "333.33")),
    ("both given", 3, "333.00", "1000.00", "0.00", ("1000.00", "0.00", "1000.00", "333.00")),
    ("total of nothing", 0, None, "0.00", "0.00", ("0.00", "0.00", "0.00", None)),
    # a cancelled line without a price has no amount: not known is not zero
    ("no price", 1, None, None, "10.00", (None, None, None, None)),
    ("no quantity", None, "10.00", None, "10.00", (None, None, None, "10.00")),
    ("a gift", 1, "0.00", None, "10.00", ("0.00", "0.00", "0.00", "0.00")),
    (
        "as large as may be", 10000, "10000000.00", None, "33.33",
        ("100000000000.00", "33330000000.00", "66670000000.00", "10000000.00"),
    ),
]  # fmt: skip


@pytest.mark.usefixtures("ansi")
def test_amounts(expect):
    def actual(df):
        names = {"gross": "gross_inr", "discount": "discount_inr", "net": "net_inr", "unit": "unit_price"}
        shown = [F.col(column).cast("string").alias(name) for name, column in names.items()]
        return df.transform(order_lines.with_amounts).withColumn("actual", F.struct(*shown))

    expect(MONEY, AMOUNTS, actual)


def test_amounts_are_decimals_of_two_places(frame):
    df = frame(MONEY, AMOUNTS[:1]).transform(order_lines.with_amounts)
    kinds = dict(df.dtypes)
    assert {kinds[name] for name in ("gross_inr", "discount_inr", "net_inr", "unit_price")} == {"decimal(18,2)"}


FLAGS = (
    "order_status STRING, payment_method STRING, payment_status STRING, gross_inr DECIMAL(18,2), "
    "order_ts TIMESTAMP, promised_ts TIMESTAMP, delivered_ts TIMESTAMP, "
)
AT = "2025-10-20 10:00:00"


@pytest.fixture
def flags(expect):
    """`flags(column, kind, rows, review=...)`: expectations of one flag."""

    def check(column, kind, rows, **review):
        business = Business(review=Review(**review))
        expect(
            FLAGS + f"expected {kind}",
            rows,
            lambda df: df.transform(order_lines.with_flags, business).withColumn("actual", F.col(column)),
        )

    return check


@pytest.mark.usefixtures("ansi")
def test_sales_and_returns(flags):
    statuses = ["PLACED", "CONFIRMED", "SHIPPED", "DELIVERED", "RETURNED", "UNKNOWN", "CANCELLED", "FAILED", None]
    rows = [(status, "UPI", None, "1.00", AT, None, None) for status in statuses]
    no_sale = ("CANCELLED", "FAILED")
    flags("is_sale", "BOOLEAN", [(*row, row[0] not in no_sale) for row in rows])
    flags("is_return", "BOOLEAN", [(*row, row[0] == "RETURNED") for row in rows])


def test_review_is_needed_above_the_amount_not_at_it(flags):
    rows = [
        ("PLACED", "CREDIT_CARD", None, "50000.00", AT, None, None, False),
        ("PLACED", "CREDIT_CARD", None, "50000.01", AT, None, None, True),
        ("PLACED", "DEBIT_CARD", None, "50000.01", AT, None, None, True),
        ("PLACED", "NET_BANKING", None, "50000.01", AT, None, None, True),
        ("PLACED", "COD", None, "99999.00", AT, None, None, False),  # nothing was paid yet
        ("PLACED", "UPI", None, "99999.00", AT, None, None, False),
        ("PLACED", None, None, "99999.00", AT, None, None, False),
        ("PLACED", "CREDIT_CARD", None, None, AT, None, None, False),
        ("CANCELLED", "CREDIT_CARD", "APPROVED", "99999.00", AT, None, None, True),
    ]
    flags("needs_review", "BOOLEAN", rows)
    flags("needs_review", "BOOLEAN", [(*row[:-1], row[1] == "COD") for row in rows], methods=("COD",))
    above = [("PLACED", "CREDIT_CARD", None, inr, AT, None, None, inr == "100.51") for inr in ("100.50", "100.51")]
    flags("needs_review", "BOOLEAN", above, above_inr=Decimal("100.50"))


def test_lines_that_need_a_review_are_no_sale_until_approved_where_conf_says_so(flags):
    card = [("PLACED", "CREDIT_CARD", status, "50000.01", AT, None, None) for status in ("APPROVED", "REVIEW", None)]
    small = [("PLACED", "CREDIT_CARD", "REVIEW", "50000.00", AT, None, None)]
    failed = [("FAILED", "CREDIT_CARD", "APPROVED", "50000.01", AT, None, None)]
    rows = [*card, *small, *failed]
    flags("is_sale", "BOOLEAN", [(*row, row[0] == "PLACED") for row in rows])
    expected = [True, False, False, True, False]
    held = [(*row, sale) for row, sale in zip(rows, expected, strict=True)]
    flags("is_sale", "BOOLEAN", held, exclude_until_approved=True)


@pytest.mark.usefixtures("ansi")
def test_minutes_to_delivery_are_whole_ones_and_never_negative(flags):
    rows = [
        ("2025-10-20 10:00:00", 0),
        ("2025-10-20 10:00:59", 0),
        ("2025-10-20 10:01:00", 1),
        ("2025-10-21 10:00:00", 1440),
        ("2025-10-20 09:59:59", None),  # before it was ordered: warned about, not measured
        (None, None),
    ]
    flags("delivery_minutes", "BIGINT", [("DELIVERED", "UPI", None, "1.00", AT, None, at, m) for at, m in rows])


@pytest.mark.usefixtures("ansi")
def test_on_time_is_by_the_promise(flags):
    rows = [
        ("2025-10-21 10:00:00", "2025-10-21 10:00:00", True),
        ("2025-10-21 10:00:00", "2025-10-21 10:00:01", False),
        (None, "2025-10-21 10:00:00", None),
        ("2025-10-21 10:00:00", None, None),
    ]
    flags("is_on_time", "BOOLEAN", [("DELIVERED", "UPI", None, "1.00", AT, *row) for row in rows])


def test_stock_status(expect, frame):
    stock = frame(
        "business_date DATE, product_id STRING, available BIGINT",
        [("2025-10-20", f"p{n}", n) for n in (-1, 0, 2, 3, 5, 6)] + [("2025-10-20", "null", None)],
    )
    rows = [
        # ordered 3: less than 3, less than 6, else
        ("2025-10-20", "p2", 3, "Out_Of_Stock_Risk"),
        ("2025-10-20", "p3", 3, "Low_Stock"),
        ("2025-10-20", "p5", 3, "Low_Stock"),
        ("2025-10-20", "p6", 3, "In_Stock"),
        ("2025-10-20", "p-1", 1, "Out_Of_Stock_Risk"),
        ("2025-10-20", "p0", 1, "Out_Of_Stock_Risk"),
        ("2025-10-20", "p0", 0, "In_Stock"),
        # absent is not zero
        ("2025-10-20", "p9", 3, "Unknown"),
        ("2025-10-21", "p6", 3, "Unknown"),
        ("2025-10-20", "null", 3, "Unknown"),
        ("2025-10-20", None, 3, "Unknown"),
        ("2025-10-20", "p6", None, "Unknown"),
    ]
    expect(
        "business_date DATE, product_id STRING, quantity INT, expected STRING",
        rows,
        lambda df: df.transform(order_lines.with_stock_status, stock).withColumn("actual", F.col("stock_status")),
    )


def test_category_is_joined_without_losing_or_doubling_a_line(expect, frame):
    products = frame("product_id STRING, category STRING", [("1", "Books"), ("2", "Unknown"), (None, "Toys & Baby")])
    rows = [
        ("1", ("Books", True)),
        ("2", ("Unknown", True)),  # in the catalogue, of a category that nobody knows
        ("3", ("Unknown", False)),
        (None, ("Unknown", True)),  # has no product: a rule of its own says so
    ]
    expect(
        "product_id STRING, expected STRUCT<category: STRING, known: BOOLEAN>",
        rows,
        lambda df: df.transform(order_lines.with_category, products).withColumn(
            "actual", F.struct(F.col("category"), F.col("is_in_catalogue").alias("known"))
        ),
    )


@pytest.mark.usefixtures("ansi")
def test_segment_is_that_of_the_moment_of_the_order(expect, frame):
    history = frame(
        "customer_id STRING, valid_from TIMESTAMP, valid_to TIMESTAMP, segment STRING",
        [
            ("c", "2025-01-01 00:00:00", "2025-06-01 00:00:00", "New"),
            ("c", "2025-06-01 00:00:00", None, "Regular"),
            ("d", "2025-01-01 00:00:00", None, "Premium"),
        ],
    )
    rows = [
        ("c", "2024-12-31 23:59:59", "Unknown"),
        ("c", "2025-01-01 00:00:00", "New"),
        ("c", "2025-05-31 23:59:59", "New"),
        ("c", "2025-06-01 00:00:00", "Regular"),
        ("c", "2030-01-01 00:00:00", "Regular"),
        ("d", "2025-06-01 00:00:00", "Premium"),
        ("e", "2025-06-01 00:00:00", "Unknown"),
        (None, "2025-06-01 00:00:00", "Unknown"),
        ("c", None, "Unknown"),
    ]

    def actual(df):
        joined = df.transform(order_lines.with_segment, history)
        assert joined.columns == ["customer_id", "order_ts", "expected", "customer_segment"]
        return joined.withColumn("actual", F.col("customer_segment"))

    expect("customer_id STRING, order_ts TIMESTAMP, expected STRING", rows, actual)


def test_vocabularies_of_an_order_line(expect):
    business = evolve(
        Business(),
        statuses={"dispatched": "SHIPPED"},
        payment_methods={"gpay": "UPI"},
        payment_statuses={"ok": "APPROVED"},
        channels={"android": "app"},
    )
    names = ("order_status", "payment_method", "payment_status", "channel")
    rows = [
        ("Dispatched", "GPay", "ok", "Android", "SHIPPED UPI APPROVED app"),
        ("SHIPPED", "UPI", "APPROVED", "app", "SHIPPED UPI APPROVED app"),
        ("odd", "odd", "odd", "odd", "UNKNOWN UNKNOWN UNKNOWN unknown"),
        (None, None, None, None, "- - - unknown"),
    ]

    def actual(df):
        said = [F.coalesce(F.col(name), F.lit("-")) for name in names]
        return df.transform(order_lines.with_vocabularies, business).withColumn("actual", F.concat_ws(" ", *said))

    expect(", ".join(f"{name} STRING" for name in (*names, "expected")), rows, actual)
