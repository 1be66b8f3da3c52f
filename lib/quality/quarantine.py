"""Refused rows: their reasons, and the record as the source gave it with personal values masked."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.datasets import QUARANTINE, Contract
from lib.quality.check import REASONS
from lib.transform.bronze import ARRIVAL, ROW

_FEW = 200_000


def mask(value: Column) -> Column:
    """The form of a value without its content: letters become x, digits 9, what stands between stays.

    What this Java does not know yet (unassigned in its Unicode) may be a letter, so it is masked too.
    """
    return F.regexp_replace(F.regexp_replace(value, r"[\p{L}\p{M}\p{Cn}]", "x"), r"\p{N}", "9")


def quarantine_rows(refused: DataFrame, count: int, bronze: DataFrame, contract: Contract, run_id: str) -> DataFrame:
    """Rows of the quarantine table: each of the `count` refused rows with the record that bronze holds of it.

    `record` is JSON of the canonical columns as the source gave them; null columns are left out. Of a record that does
    not fit its format only the masked text is kept: which part of it is personal cannot be told.
    """
    # A partition of bronze is written whole by one run: within it the number of a row is its own.
    position = [*contract.partition_by, ROW]
    reasons = refused.select(*position, F.col(REASONS).cast(QUARANTINE.column("reasons").type).alias("reasons"))
    # Few rows are refused: they go to bronze, never bronze to them (Spark takes the built record for a short text).
    found = bronze.join(F.broadcast(reasons) if count <= _FEW else reasons, on=position, how="inner")
    masked = set(contract.personal)
    record = F.to_json(F.struct(*[(mask(F.col(n)) if n in masked else F.col(n)).alias(n) for n in contract.names]))
    text = F.to_json(F.struct(mask(F.substring("_malformed", 1, 2000)).alias("text")))
    return found.select(
        F.lit(contract.name).alias("dataset"),
        F.col(contract.partition_by[0]).alias("business_date"),
        F.col(contract.partition_by[-1]).alias(ARRIVAL),
        F.lit(run_id).alias("run_id"),
        "reasons",
        F.when(F.col("_malformed").isNotNull(), text).otherwise(record).alias("record"),
        F.col("_source_file").alias("source_file"),
        F.col("_source_record").alias("source_record"),
        F.col(ROW).alias("row"),
        F.lit(None).cast("string").alias("resolved_by"),
    )


def with_resolved(refused: DataFrame, before: DataFrame, judged: Column, run_id: str) -> DataFrame:
    """The quarantine after a replay: what is refused still, and what was refused `before`, resolved by this run.

    `judged` is true for the rows of `before` that the replay has judged again; others stay as they are.
    """
    record = ("dataset", "business_date", "arrival_date", "row")
    same = [before[name].eqNullSafe(refused[name]) for name in record]
    gone = before.join(refused, on=same, how="left_anti")
    resolved = F.when(judged, F.coalesce("resolved_by", F.lit(run_id))).otherwise(F.col("resolved_by"))
    return refused.unionByName(gone.withColumn("resolved_by", resolved))
