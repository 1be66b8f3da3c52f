"""Silver order lines: money, flags, place, category, segment and stock status of each line."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.normalise.place import PlaceTables, canonical_place
from lib.transform.vocabulary import canonical

UNKNOWN = "Unknown"
PERSONAL = ("delivery_name", "delivery_phone", "delivery_address")
_CENTS = "decimal(18,2)"


def with_vocabularies(lines: DataFrame, business: Business) -> DataFrame:
    """Statuses, payments and channels in canonical words; what no table lists is UNKNOWN (channel: unknown)."""
    unknown = F.lit("UNKNOWN")
    return lines.withColumns(
        {
            "order_status": canonical(F.col("order_status"), business.statuses, unlisted=unknown),
            "payment_method": canonical(F.col("payment_method"), business.payment_methods, unlisted=unknown),
            "payment_status": canonical(F.col("payment_status"), business.payment_statuses, unlisted=unknown),
            "channel": canonical(F.col("channel"), business.channels, unlisted=F.lit("unknown")),
        }
    ).withColumn("channel", F.coalesce("channel", F.lit("unknown")))


def with_place(lines: DataFrame, places: PlaceTables) -> DataFrame:
    """Canonical city, state, tier and PIN of the delivery."""
    return canonical_place(lines, places, city="delivery_city", state="delivery_state", pincode="delivery_pincode")


def with_category(lines: DataFrame, products: DataFrame) -> DataFrame:
    """`category` and `is_in_catalogue`; a left join on a product's only row, so no line is lost or doubled."""
    known = products.select("product_id", F.col("category").alias("_category"))
    joined = lines.join(known, on="product_id", how="left")
    return joined.withColumns(
        {
            "is_in_catalogue": F.col("_category").isNotNull() | F.col("product_id").isNull(),
            "category": F.coalesce("_category", F.lit(UNKNOWN)),
        }
    ).drop("_category")


def with_segment(lines: DataFrame, segments: DataFrame) -> DataFrame:
    """`customer_segment` as it was when the order was placed: intervals do not overlap, so one row at most meets."""
    history = segments.withColumnRenamed("customer_id", "_customer")
    at_order = (F.col("order_ts") >= F.col("valid_from")) & (
        F.col("valid_to").isNull() | (F.col("order_ts") < F.col("valid_to"))
    )
    joined = lines.join(history, on=(F.col("customer_id") == F.col("_customer")) & at_order, how="left")
    return joined.withColumn("customer_segment", F.coalesce("segment", F.lit(UNKNOWN))).drop(
        "segment", "valid_from", "valid_to", "_customer"
    )


def with_stock_status(lines: DataFrame, stock: DataFrame) -> DataFrame:
    """`stock_status` against the units free at the end of the line's day: less than ordered, less than twice, else."""
    joined = lines.join(stock, on=["business_date", "product_id"], how="left")
    available, ordered = F.col("available"), F.col("quantity")
    status = (
        F.when(available.isNull() | ordered.isNull(), UNKNOWN)
        .when(available < ordered, "Out_Of_Stock_Risk")
        .when(available < 2 * ordered, "Low_Stock")
        .otherwise("In_Stock")
    )
    return joined.withColumn("stock_status", status).drop("available")


def with_amounts(lines: DataFrame) -> DataFrame:
    """gross, discount and net of each line, HALF_UP to the paisa; null where the source gave no price.

    A line total that the source states is exact; the unit price then is derived from it, for reading only.
    """
    priced = lines.withColumns(
        {
            "gross_inr": F.coalesce(
                F.col("line_amount_inr"), F.round(F.col("quantity") * F.col("unit_price"), 2).cast(_CENTS)
            ),
            "unit_price": F.coalesce(F.col("unit_price"), F.expr("try_divide(line_amount_inr, quantity)").cast(_CENTS)),
        }
    )
    # Divided at a scale that holds every digit of the product: the only rounding is the one to the paisa.
    share = F.col("gross_inr") * F.col("discount_percentage") * F.lit("0.01").cast("decimal(3,2)")
    discounted = priced.withColumn("discount_inr", F.round(share, 2).cast(_CENTS))
    return discounted.withColumn("net_inr", (F.col("gross_inr") - F.col("discount_inr")).cast(_CENTS))


def with_flags(lines: DataFrame, business: Business) -> DataFrame:
    """is_sale, is_return, needs_review, delivery_minutes, is_on_time."""
    review = business.review
    prepaid = F.col("payment_method").isin(*review.methods)
    above = F.col("gross_inr") > F.lit(str(review.above_inr)).cast(_CENTS)
    minutes = F.floor((F.unix_timestamp("delivered_ts") - F.unix_timestamp("order_ts")) / 60)
    flagged = lines.withColumns(
        {
            "is_return": F.coalesce(F.col("order_status") == "RETURNED", F.lit(False)),
            "needs_review": _or_false(prepaid & above),
            "delivery_minutes": F.when(F.col("delivered_ts") >= F.col("order_ts"), minutes).cast("long"),
            "is_on_time": F.col("delivered_ts") <= F.col("promised_ts"),
        }
    )
    sale = ~_or_false(F.col("order_status").isin("CANCELLED", "FAILED"))
    if review.exclude_until_approved:
        sale = sale & ~(F.col("needs_review") & ~_or_false(F.col("payment_status") == "APPROVED"))
    return flagged.withColumn("is_sale", sale)


def _or_false(condition: Column) -> Column:
    return F.coalesce(condition, F.lit(False))
