"""History as half-open intervals (SCD2): what is told of a key, moment after moment, and when it was true."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lib.datasets import Contract

_NEW = "_new"
_OF_VERSIONS = ("valid_from", "valid_to", "is_current", "updated_at", "confirmed_at", "confirmed_sequence")


def intervals(
    told: DataFrame, before: DataFrame | None, contract: Contract, *, tracked: Sequence[str], born: str
) -> DataFrame:
    """Every version of every key: what the table held (`before`) and what is `told`, in order of `updated_at`.

    The contract's key is the thing and `valid_from`. A version starts when the source changed the row; the first one
    that is known starts at `born`, where that is earlier. Neighbours whose `tracked` values are equal (null-safe) are
    one version, so that re-reading a snapshot opens nothing. Of its tellings the first and the last are kept
    (`updated_at`, `confirmed_at`): a change told late takes its place before, between or after them. Of several rows of
    one moment that of the highest `sequence` stays; without one, what is told again replaces what was told before, and
    of one telling the greatest by all values stays: the result does not depend on row order.
    """
    key = contract.key[0]
    carried = [name for name in contract.names if name not in (key, *_OF_VERSIONS)]
    rows = told.select(key, "updated_at", *carried, F.lit(True).alias(_NEW))
    if before is not None:
        last = F.struct(F.col("confirmed_at").alias("updated_at"), F.col("confirmed_sequence").alias("sequence"))
        tellings = F.array_distinct(F.array(F.struct("updated_at", "sequence"), last))
        others = [name for name in carried if name != "sequence"]
        held = before.select(key, *others, F.lit(False).alias(_NEW), F.inline(tellings))
        rows = rows.unionByName(held)
    one_moment = Window.partitionBy(key, "updated_at").orderBy(
        F.col("sequence").desc_nulls_last(), F.col(_NEW).desc(), *[F.col(name).desc_nulls_last() for name in carried]
    )
    rows = rows.withColumn("_n", F.row_number().over(one_moment)).where(F.col("_n") == 1)
    in_time = Window.partitionBy(key).orderBy("updated_at")
    compared = rows.withColumn("_values", F.struct(*tracked)).withColumns(
        {"_first": F.row_number().over(in_time) == 1, "_before": F.lag("_values").over(in_time)}
    )
    opening = F.col("_first") | ~F.col("_values").eqNullSafe(F.col("_before"))
    numbered = compared.withColumn("_opens", opening).withColumn(
        "_version", F.sum(F.col("_opens").cast("int")).over(in_time)
    )
    last_told = F.max(F.struct("updated_at", "sequence")).over(Window.partitionBy(key, "_version"))
    confirmed = numbered.withColumn("_last", last_told).withColumns(
        {"confirmed_at": F.col("_last.updated_at"), "confirmed_sequence": F.col("_last.sequence")}
    )
    started_at = F.least(F.col("updated_at"), F.coalesce(born, "updated_at"))
    started = confirmed.where(F.col("_opens")).withColumn(
        "valid_from", F.when(F.col("_first"), started_at).otherwise(F.col("updated_at"))
    )
    ended = started.withColumn("valid_to", F.lead("valid_from").over(in_time))
    return ended.withColumn("is_current", F.col("valid_to").isNull()).select(*contract.names)
