"""What must change in a table so that it holds other rows: the source of one MERGE."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

CHANGE = "_change"
DELETE = "delete"
UPSERT = "upsert"


def changes(before: DataFrame, after: DataFrame, key: Sequence[str]) -> DataFrame:
    """Rows of `after` that `before` does not hold just so (`_change` is upsert), and keys that go (delete).

    Both have one row a key. Null equals null, in the key and in the values.
    """
    names = after.columns
    old = before.select(F.struct(*names).alias("_old"), *[F.col(name).alias(f"_old_{name}") for name in key])
    new = after.select(F.struct(*names).alias("_new"), *[F.col(name).alias(f"_new_{name}") for name in key])
    same_key = [old[f"_old_{name}"].eqNullSafe(new[f"_new_{name}"]) for name in key]
    met = old.join(new, on=same_key, how="full_outer").where(~F.col("_old").eqNullSafe(F.col("_new")))
    gone = F.col("_new").isNull()
    row = F.when(gone, F.col("_old")).otherwise(F.col("_new"))
    change = F.when(gone, DELETE).otherwise(UPSERT)
    return met.select(row.alias("_row"), change.alias(CHANGE)).select("_row.*", CHANGE)
