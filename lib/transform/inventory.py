"""Silver inventory: the state of each product and warehouse at the end of every day of the window."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lib.datasets import INVENTORY, INVENTORY_SNAPSHOT
from lib.run.window import Window as RunWindow
from lib.transform.bronze import business_date


def daily_snapshots(events: DataFrame, window: RunWindow, *, stale_after_days: int) -> DataFrame:
    """One row per day, product and warehouse: the latest event before that day's end, by (event_ts, sequence).

    An event holds from its own day until the day of the next one, so each event meets exactly the days it speaks for:
    linear in events and days, whatever the length of the log.
    """
    key = ("product_id", "warehouse_id")
    tie = [F.col(name).desc_nulls_last() for name in ("sequence", "on_hand", "reserved", "warehouse_city")]
    dated = events.withColumn("_day", business_date("event_ts"))
    last_of_day = dated.withColumn(
        "_n", F.row_number().over(Window.partitionBy(*key, "_day").orderBy(F.col("event_ts").desc(), *tie))
    ).where(F.col("_n") == 1)
    next_day = F.lead("_day").over(Window.partitionBy(*key).orderBy("_day"))
    spans = last_of_day.withColumn("_until", F.coalesce(next_day, F.lit(window.end)))
    first = F.greatest(F.col("_day"), F.lit(window.start))
    last = F.date_sub(F.least(F.col("_until"), F.lit(window.end)), 1)
    daily = spans.where(first <= last).withColumn("snapshot_date", F.explode(F.sequence(first, last)))
    return daily.withColumns(
        {
            "available": F.col("on_hand") - F.col("reserved"),
            "as_of_ts": F.col("event_ts"),
            "as_of_sequence": F.col("sequence"),
            "is_stale": F.datediff("snapshot_date", "_day") > stale_after_days,
        }
    ).select(*INVENTORY_SNAPSHOT.names)


def with_state(events: DataFrame, snapshot: DataFrame) -> DataFrame:
    """New events beside the state at the end of an earlier day (`snapshot`), as events of their own times.

    For a source that tells only what has changed since.
    """
    names = [*INVENTORY.names, "warnings"]
    held = snapshot.withColumns({"event_ts": F.col("as_of_ts"), "sequence": F.col("as_of_sequence")})
    return events.select(*names).unionByName(held.select(*names))


def available_by_product(snapshot: DataFrame) -> DataFrame:
    """business_date, product_id, available: units free over all warehouses at the end of the day."""
    return snapshot.groupBy(F.col("snapshot_date").alias("business_date"), "product_id").agg(
        F.sum("available").alias("available")
    )
