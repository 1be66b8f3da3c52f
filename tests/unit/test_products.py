"""Silver products: tidy names, the category of the metrics, and the discount that the prices say."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.transform.products import canonical_category, conform_products

CATEGORIES = {"mobiles": "Electronics", "home & kitchen": "Home & Kitchen"}
DDL = (
    "product_name STRING, seller_id STRING, category_l1 STRING, category_l2 STRING, category_l3 STRING, brand STRING, "
    "mrp DECIMAL(18,2), selling_price DECIMAL(18,2)"
)


@pytest.mark.parametrize(("policy", "unlisted"), [("keep", "Garden Tools"), ("unknown", "Unknown")])
def test_category(expect, policy, unlisted):
    business = Business(categories=CATEGORIES, unlisted_category=policy)
    expect(
        "written STRING, expected STRING",
        [
            ("Mobiles", "Electronics"),
            ("ELECTRONICS", "Electronics"),
            ("Home and Kitchen", "Home And Kitchen" if policy == "keep" else "Unknown"),
            ("home-&-kitchen", "Home & Kitchen"),
            ("GARDEN tools", unlisted),
            (None, "Unknown"),
        ],
        canonical_category(F.col("written"), business),
    )


@pytest.mark.usefixtures("ansi")
def test_discount_from_the_prices(expect):
    prices = [
        ("1000.00", "900.00", "10.00"),
        ("3.00", "2.00", "33.33"),
        ("3.00", "1.00", "66.67"),
        ("100.00", "100.00", "0.00"),
        ("100.00", "120.00", "-20.00"),
        ("0.00", "10.00", None),
        (None, "10.00", None),
        ("10.00", None, None),
    ]
    expect(
        f"{DDL}, expected DECIMAL(9,2)",
        [(None,) * 6 + row for row in prices],
        lambda df: conform_products(df, Business()).withColumn("actual", F.col("computed_discount_percentage")),
    )


def test_names_are_tidy(frame):
    rows = [("  Cotton\u00a0 Kurta ", " S1", "", "a  b", None, "   ", None, None)]
    (row,) = conform_products(frame(DDL, rows), Business()).collect()
    assert tuple(row)[:6] == ("Cotton Kurta", "S1", None, "a b", None, None)
    assert row["category"] == "Unknown"
