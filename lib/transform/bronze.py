"""From a source's records to bronze rows: which day each belongs to, and which are another run's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config import Source
from lib.datasets import Contract
from lib.run.window import BUSINESS_ZONE, Window, sql_instant
from lib.transform.cast import clean_text, instant

ROW = "_row"
OUTSIDE = "_outside"
ARRIVAL = "arrival_date"
AT = "_at"
DIGEST = "_digest"

META = (
    T.StructField(ROW, T.LongType()),
    T.StructField("_malformed", T.StringType()),
    T.StructField("_source_file", T.StringType()),
    T.StructField("_source_record", T.LongType()),
    T.StructField(DIGEST, T.LongType()),
    T.StructField("_source", T.StringType()),
    T.StructField("_run_id", T.StringType()),
    T.StructField("_ingested_at", T.TimestampType()),
)


def bronze_schema(contract: Contract) -> T.StructType:
    """Canonical columns as text, the partition's day, and where each record came from."""
    texts = [T.StructField(name, T.StringType()) for name in contract.names]
    days = [T.StructField(name, T.DateType()) for name in contract.partition_by]
    return T.StructType([*texts, *days, *META])


def date_records(
    records: DataFrame,
    contract: Contract,
    source: Source,
    window: Window,
    *,
    max_days_after: int,
    reopened: Sequence[date] = (),
) -> DataFrame:
    """Adds the partition columns (of dimensions: `snapshot_date`), `_row` and `_outside`.

    A record whose time cannot be read, or lies so far after the window that it must be wrong, belongs to the run's
    last day, where it is refused with a reason. `reopened` are earlier dates that late records may re-open: those
    arrive on the run's last day. `_outside` marks records of days that are other runs' business.
    """
    numbered = records.withColumn(ROW, F.monotonically_increasing_id())
    last = F.lit(window.last)
    if contract.event_time is None:
        return numbered.withColumn(contract.partition_by[0], last).withColumn(OUTSIDE, F.lit(False))
    timed = with_instant(numbered, contract.event_time, source)
    days = 0 if source.window == "strict" else max_days_after
    too_late = F.col(AT) >= F.expr(sql_instant(window.end_instant + timedelta(days=days)))
    of_its_time = business_date(AT)
    day = contract.partition_by[0]
    dated = timed.withColumn(day, F.when(F.col(AT).isNull() | too_late, last).otherwise(of_its_time))
    of_the_run = F.col(day).between(F.lit(window.start), last)
    wanted = of_the_run | F.col(day).isin(*reopened) if reopened else of_the_run
    return dated.withColumns({ARRIVAL: F.when(of_the_run, F.col(day)).otherwise(last), OUTSIDE: ~wanted}).drop(AT)


def with_instant(records: DataFrame, name: str, source: Source) -> DataFrame:
    """Adds `_at`: the instant that the text of column `name` tells, null where it tells none."""
    cleaned = records.withColumn("_time", clean_text([name], source.null_values)[0])
    zone = source.time_zone or BUSINESS_ZONE
    return cleaned.withColumn(AT, instant("_time", zone, source.timestamp_formats)).drop("_time")


def stamp(records: DataFrame, contract: Contract, *, run_id: str, source: str, ingested_at: Column) -> DataFrame:
    """Bronze rows: the records, stamped with run, source and time of ingestion (from the run)."""
    return records.select(
        *contract.names,
        *contract.partition_by,
        ROW,
        "_malformed",
        "_source_file",
        "_source_record",
        digest(contract).alias(DIGEST),
        F.lit(source).alias("_source"),
        F.lit(run_id).alias("_run_id"),
        ingested_at.alias("_ingested_at"),
    )


def digest(contract: Contract, values: Mapping[str, Column] | None = None) -> Column:
    """Equal for equal records, with some `values` in place of theirs.

    The hash skips nulls: one in each place, or a value could wander between columns.
    """
    columns = {name: F.col(name) for name in (*contract.names, "_malformed")} | dict(values or {})
    return F.xxhash64(*[F.coalesce(column, F.lit("\0")) for column in columns.values()])


def business_date(name: str) -> Column:
    """The calendar day in Asia/Kolkata of an instant column."""
    return F.to_date(F.from_utc_timestamp(F.col(name), BUSINESS_ZONE))


def record_schema(contract: Contract) -> T.StructType:
    """What `lib.sources` gives of a source: canonical columns as text and the position."""
    texts = [T.StructField(name, T.StringType()) for name in ("_malformed", "_source_file")]
    number = T.StructField("_source_record", T.LongType())
    return T.StructType([*texts, number, *[T.StructField(name, T.StringType()) for name in contract.names]])
