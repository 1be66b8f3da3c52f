"""Silver products: the latest version of each product, its category and brand canonical."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.transform.vocabulary import canonical, tidy

UNKNOWN = "Unknown"


def conform_products(latest: DataFrame, business: Business) -> DataFrame:
    """Adds `category`, tidies texts, and adds `computed_discount_percentage` = 100 * (mrp - selling_price) / mrp."""
    words = ("product_name", "seller_id", "category_l1", "category_l2", "category_l3", "brand")
    tidied = latest.withColumns({name: tidy(F.col(name)) for name in words})
    positive = (F.col("mrp") > 0) & F.col("selling_price").isNotNull()
    share = F.expr("try_divide(100 * (mrp - selling_price), mrp)").cast("decimal(9,2)")
    return tidied.withColumns(
        {
            "category": canonical_category(F.col("category_l1"), business),
            "computed_discount_percentage": F.when(positive, share),
        }
    )


def canonical_category(column: Column, business: Business) -> Column:
    """The category of the metrics; what the table does not list keeps its tidy name, or is Unknown (conf)."""
    unlisted = F.initcap(F.lower(column)) if business.unlisted_category == "keep" else F.lit(UNKNOWN)
    return F.coalesce(canonical(column, business.categories, unlisted=unlisted), F.lit(UNKNOWN))
