"""Silver products: the latest version of each product, its category and brand canonical."""

from __future__ import annotations

from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
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
# What is told of a product; and what a deletion tells that names only the key.
_SAID = ("product_name", "seller_id", "category_l1", "category_l2", "category_l3", "brand", "mrp", "selling_price")
_OF_ANY = ("told_at", "sequence", "deleted")
_KNOWN = tuple(name for name in PRODUCTS.names if name not in ("product_id", *_OF_ANY))


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
    """The latest state of every product that was ever told; a catalogue that leaves one out does not take it away.

    A deletion that tells only the key takes nothing away either: what was last known of the product stays, with its
    `updated_at`; `told_at`, `deleted` and `sequence` are the deletion's. In whatever order the nights tell them.
    """
    rows = told.select(*PRODUCTS.names, F.lit(True).alias("_new"))
    if before is not None:
        rows = rows.unionByName(before.select(*PRODUCTS.names, F.lit(False).alias("_new")))
    says = ~F.col("deleted") | reduce(or_, [F.col(name).isNotNull() for name in _SAID])
    known_since = F.coalesce("updated_at", "told_at")
    newest = rows.groupBy("product_id").agg(
        F.max(F.struct("told_at", "sequence", "_new", "deleted")).alias("_last"),
        F.max(F.struct(says, known_since, "sequence", "_new", F.struct(*_KNOWN).alias("_row"))).alias("_known"),
    )
    last = [F.col(f"_last.{name}") for name in _OF_ANY]
    return newest.select("product_id", "_known._row.*", *last).select(*PRODUCTS.names)


def product_history(told: DataFrame, before: DataFrame | None) -> DataFrame:
    """Every version of every product as intervals; prices, names, category, seller and brand open a new one."""
    versions = told.withColumn("updated_at", F.col("told_at"))
    return intervals(versions, before, PRODUCT_VERSIONS, tracked=_TRACKED, born="created_at")


def canonical_category(column: Column, business: Business) -> Column:
    """The category of the metrics; what the table does not list keeps its tidy name, or is Unknown (conf)."""
    unlisted = F.initcap(F.lower(column)) if business.unlisted_category == "keep" else F.lit(UNKNOWN)
    return F.coalesce(canonical(column, business.categories, unlisted=unlisted), F.lit(UNKNOWN))
