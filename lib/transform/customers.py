"""Silver customers: conformed values, and their history as half-open intervals (SCD2)."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lib.config.model import Segments
from lib.datasets import CUSTOMER_VERSIONS
from lib.normalise.address import with_address
from lib.normalise.lookups import Lookups
from lib.normalise.name import with_name
from lib.normalise.phone import with_phone
from lib.normalise.place import canonical_place
from lib.run.window import Window as RunWindow
from lib.run.window import sql_instant
from lib.transform.vocabulary import tidy

# Made of the values beside them: a better normaliser changes them, which is no news of the customer.
_DERIVED = tuple(
    name
    for name in CUSTOMER_VERSIONS.names
    if name.startswith(("name_", "phone_", "address_")) or name in ("district", "pincode_status")
)
# What a version carries; and what opens a new one when it changes.
CARRIED = tuple(
    name
    for name in CUSTOMER_VERSIONS.names
    if name not in ("customer_id", "valid_from", "valid_to", "is_current", "updated_at")
)
TRACKED = tuple(name for name in CARRIED if name not in _DERIVED)


def conform_customers(typed: DataFrame, lookups: Lookups, segments: Segments) -> DataFrame:
    """Adds place, segment, and the parts of name, phone and address that silver holds; texts tidy."""
    raw = typed.withColumnsRenamed({"city": "_city", "state": "_state", "pincode": "_pincode"})
    told = (
        canonical_place(raw, lookups.places, city="_city", state="_state", pincode="_pincode")
        .transform(with_name, "full_name")
        .transform(with_phone, "phone", pincode="_pincode", city="_city", dummies=lookups.dummies)
        .transform(with_address, "address", city="_city", state="_state", pincode="_pincode", tables=lookups.addresses)
    )
    return told.withColumns(
        {
            "full_name": tidy(F.col("full_name")),
            "email": F.lower(tidy(F.col("email"))),
            "phone": tidy(F.col("phone")),
            "address": tidy(F.col("address")),
            "deleted": F.coalesce(F.col("deleted"), F.lit(False)),
            "segment": segment(F.col("lifetime_orders"), segments),
        }
    )


def segment(lifetime_orders: Column, segments: Segments) -> Column:
    """Premium, Regular or New by orders ever placed; Unknown where that is not known (it is not 0)."""
    return (
        F.when(lifetime_orders > segments.premium_above, "Premium")
        .when(lifetime_orders > segments.regular_above, "Regular")
        .when(lifetime_orders.isNotNull(), "New")
        .otherwise("Unknown")
    )


def customer_history(versions: DataFrame, history: DataFrame | None, window: RunWindow) -> DataFrame:
    """Every version of every customer as intervals: what silver held (`history`) and the new `versions`, in order.

    A version starts when the source changed the row (`updated_at`); the first one that is known starts when the
    customer registered, where that is earlier. Neighbours whose tracked values are equal (null-safe) are one version,
    so that re-reading a snapshot opens nothing; what is told again of one moment replaces what was told before. Of
    several rows of one moment the greatest by all values stays: the result does not depend on row order.
    """
    told_at = F.coalesce(F.col("updated_at"), F.col("registered_at"), F.expr(sql_instant(window.start_instant)))
    told = versions.select("customer_id", told_at.alias("updated_at"), *CARRIED, F.lit(True).alias("_new"))
    if history is not None:
        told = told.unionByName(history.select("customer_id", "updated_at", *CARRIED, F.lit(False).alias("_new")))
    one_moment = Window.partitionBy("customer_id", "updated_at").orderBy(
        F.col("_new").desc(), *[F.col(name).desc_nulls_last() for name in CARRIED]
    )
    told = told.withColumn("_n", F.row_number().over(one_moment)).where(F.col("_n") == 1)
    in_time = Window.partitionBy("customer_id").orderBy("updated_at")
    compared = told.withColumn("_values", F.struct(*TRACKED)).withColumns(
        {"_first": F.row_number().over(in_time) == 1, "_before": F.lag("_values").over(in_time)}
    )
    opened = compared.where(F.col("_first") | ~F.col("_values").eqNullSafe(F.col("_before")))
    registered = F.least(F.col("updated_at"), F.coalesce("registered_at", "updated_at"))
    started = opened.withColumn("valid_from", F.when(F.col("_first"), registered).otherwise(F.col("updated_at")))
    ended = started.withColumn("valid_to", F.lead("valid_from").over(in_time))
    return ended.withColumn("is_current", F.col("valid_to").isNull()).select(*CUSTOMER_VERSIONS.names)


def segment_at(history: DataFrame) -> DataFrame:
    """customer_id, valid_from, valid_to, segment: what a join by customer and instant needs, and nothing else."""
    return history.select("customer_id", "valid_from", "valid_to", "segment")
