"""Silver products: the latest version of each product, its category and brand canonical."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.datasets import PRODUCT_VERSIONS, PRODUCTS
from lib.run.window import Window as RunWindow
from lib.run.window import sql_instant
from lib.transform.history import intervals
from lib.transform.vocabulary import canonical, tidy

UNKNOWN = "Unknown"
_TRACKED = tuple(
    name
    for name in PRODUCT_VERSIONS.names
    if name not in ("product_id", "valid_from", "valid_to", "is_current", "created_at", "updated_at", "confirmed_at")
    and name not in ("sequence", "confirmed_sequence")
)


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


def products_told(accepted: DataFrame, window: RunWindow) -> DataFrame:
    """Products with `told_at`: `updated_at`, or else the start of the run's window; not `deleted` unless told."""
    told_at = F.coalesce(F.col("updated_at"), F.expr(sql_instant(window.start_instant)))
    return accepted.withColumns({"told_at": told_at, "deleted": F.coalesce("deleted", F.lit(False))})


def latest_products(told: DataFrame, before: DataFrame | None) -> DataFrame:
    """The latest state of every product that was ever told; a catalogue that leaves one out does not take it away."""
    rows = told.select(*PRODUCTS.names, F.lit(True).alias("_new"))
    if before is not None:
        rows = rows.unionByName(before.select(*PRODUCTS.names, F.lit(False).alias("_new")))
    newest = Window.partitionBy("product_id").orderBy(
        F.col("told_at").desc(), F.col("sequence").desc_nulls_last(), F.col("_new").desc()
    )
    return rows.withColumn("_n", F.row_number().over(newest)).where(F.col("_n") == 1).select(*PRODUCTS.names)


def product_history(told: DataFrame, before: DataFrame | None) -> DataFrame:
    """Every version of every product as intervals; prices, names, category, seller and brand open a new one."""
    versions = told.withColumn("updated_at", F.col("told_at"))
    return intervals(versions, before, PRODUCT_VERSIONS, tracked=_TRACKED, born="created_at")


def canonical_category(column: Column, business: Business) -> Column:
    """The category of the metrics; what the table does not list keeps its tidy name, or is Unknown (conf)."""
    unlisted = F.initcap(F.lower(column)) if business.unlisted_category == "keep" else F.lit(UNKNOWN)
    return F.coalesce(canonical(column, business.categories, unlisted=unlisted), F.lit(UNKNOWN))
