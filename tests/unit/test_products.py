"""Silver products: tidy names, the category of the metrics, and the discount that the prices say."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.datasets import PRODUCTS
from lib.run.window import Window
from lib.transform.products import canonical_category, conform_products, latest_products, products_told

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


PRODUCT = (
    "product_id STRING, category_l1 STRING, mrp DECIMAL(18,2), updated_at TIMESTAMP, deleted BOOLEAN, sequence INT"
)
LISTED = ("P", "Mobiles", "100.00", "2025-01-01 00:00:00", False, 1)
CHEAPER = ("P", "Mobiles", "90.00", "2025-01-02 00:00:00", False, 2)
BY_KEY = ("P", None, None, "2025-01-03 00:00:00", True, 3)
LISTED_AGAIN = ("P", "Kurtas", "95.00", "2025-01-04 00:00:00", False, 4)


def told(frame, rows):
    df = products_told(frame(PRODUCT, rows), Window(date(2025, 1, 10), date(2025, 1, 11)))
    kinds = {field.name: field.dataType for field in PRODUCTS.schema}
    given = {n: F.col(n) if n in df.columns else F.lit(None) for n in kinds}
    return df.select(*[value.cast(kinds[n]).alias(n) for n, value in given.items()])


@pytest.mark.parametrize("nights", list(permutations([LISTED, CHEAPER, BY_KEY])))
def test_a_deletion_by_its_key_alone_takes_nothing_away_in_whatever_order(frame, shown, nights):
    before = None
    for night in nights:
        before = latest_products(told(frame, [night]), before).localCheckpoint()
    row = before.select("category_l1", "mrp", "updated_at", "told_at", "deleted", "sequence")
    expected = ("Mobiles", "90.00", "2025-01-02 00:00:00", "2025-01-03 00:00:00", True, "3")
    assert shown(row) == [expected]
    at_once = latest_products(told(frame, list(nights)), None)
    assert shown(at_once) == shown(before)
    back = latest_products(told(frame, [LISTED_AGAIN]), before)
    assert shown(back.select("category_l1", "mrp", "deleted", "sequence")) == [("Kurtas", "95.00", False, "4")]


def test_a_product_of_which_only_its_deletion_is_known(frame, shown):
    row = latest_products(told(frame, [BY_KEY]), None)
    assert shown(row.select("product_id", "category_l1", "told_at", "deleted")) == [
        ("P", None, "2025-01-03 00:00:00", True)
    ]
