"""Silver customers: conformed values, and their history as half-open intervals (SCD2)."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
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
from lib.transform.history import intervals
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
    if name
    not in ("customer_id", "valid_from", "valid_to", "is_current", "updated_at", "confirmed_at", "confirmed_sequence")
)
TRACKED = tuple(name for name in CARRIED if name not in (*_DERIVED, "sequence"))


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

    A version starts when the source changed the row; where it does not say, at the start of the run's window.
    """
    told_at = F.coalesce(F.col("updated_at"), F.expr(sql_instant(window.start_instant)))
    told = versions.withColumn("updated_at", told_at)
    return intervals(told, history, CUSTOMER_VERSIONS, tracked=TRACKED, born="registered_at")


def segment_at(history: DataFrame) -> DataFrame:
    """customer_id, valid_from, valid_to, segment: what a join by customer and instant needs, and nothing else."""
    return history.select("customer_id", "valid_from", "valid_to", "segment")
