"""The steps that every dataset of bronze takes first: types, defaults, and the latest row of each key."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from lib.config import Source
from lib.datasets import Contract
from lib.run.window import BUSINESS_ZONE, Window, sql_instant
from lib.transform.bronze import ROW
from lib.transform.cast import TYPE_ERRORS, cast_columns
from lib.transform.latest import RANK, rank_latest
from lib.transform.operation import DELETE, UNKNOWN, operation

AFTER_WINDOW = "_after_window"
MALFORMED = "_malformed"


def typed_rows(
    bronze: DataFrame, contract: Contract, source: Source, window: Window, *, without: Sequence[str] = ()
) -> DataFrame:
    """Bronze rows in the contract's types, with defaults, `_malformed` (boolean), `_type_errors` and `_after_window`.

    Operations are UPSERT, DELETE or UNKNOWN; of a source of changes never null. A DELETE of what has a column `deleted`
    says so there.

    `without` names columns that are not needed (personal ones): they become null before anything is shuffled.
    """
    kept = bronze.select(
        *[F.lit(None).cast("string").alias(n) if n in without else F.col(n) for n in contract.names],
        *contract.partition_by,
        ROW,
        F.col(MALFORMED).isNotNull().alias(MALFORMED),
    )
    typed = cast_columns(
        kept,
        contract,
        null_values=source.null_values,
        time_zone=source.time_zone or BUSINESS_ZONE,
        timestamp_formats=source.timestamp_formats,
    )
    after = F.lit(False)
    if contract.event_time is not None:
        after = F.coalesce(F.col(contract.event_time) >= F.expr(sql_instant(window.end_instant)), F.lit(False))
    typed = typed.withColumns({**_defaults(contract, window), AFTER_WINDOW: after})
    if not contract.tells_changes:
        return typed
    said = operation(F.col("operation"))
    changed = typed.withColumn("operation", F.coalesce(said, F.lit(UNKNOWN)) if source.changes is not None else said)
    if "deleted" in contract.names:
        return changed.withColumn("deleted", F.when(F.col("operation") == DELETE, True).otherwise(F.col("deleted")))
    return changed


def _defaults(contract: Contract, window: Window) -> dict[str, Column]:
    """Defaults of absent values; a value that did not fit its type stays null, because its row is refused."""
    defaults = {}
    for column in contract.columns:
        if column.default is not None:
            given = column.default in contract.names
            value = F.col(column.default) if given else F.lit(column.default).cast(column.type)
            defaults[column.name] = F.coalesce(F.col(column.name), value)
    if contract.name == "inventory":
        # A stock list without times is the state at the start of the window: it holds for every day of the run.
        start = F.expr(sql_instant(window.start_instant))
        defaults["event_ts"] = F.coalesce(F.col("event_ts"), start)
    return defaults


def latest_rows(
    typed: DataFrame, contract: Contract, duplicates: Observation, *, key: Sequence[str] | None = None
) -> DataFrame:
    """The latest row of each key. `duplicates` observes `rows`: how many older versions and repetitions were dropped.

    Rows without a key, malformed ones, and those whose time is unreadable or wrong do not compete; rules refuse them.
    Neither do changes whose operation or number cannot be told. `key`: another than the contract's.
    """
    needed = [F.col(name).isNotNull() for name in contract.key if contract.column(name).required]
    if contract.event_time is not None:
        needed.append(F.col(contract.event_time).isNotNull())
    competes = ~F.col(MALFORMED) & ~F.col(AFTER_WINDOW)
    if contract.tells_changes:
        needed += [~F.coalesce(F.col("operation") == UNKNOWN, F.lit(False))]
        needed += [~F.array_contains(TYPE_ERRORS, "sequence")]
    for condition in needed:
        competes = competes & condition
    ranked = rank_latest(
        # Of two rows of one moment the one whose values fit is the latest.
        typed.withColumns({"_competes": competes, "_fits": F.size(TYPE_ERRORS) == 0}),
        key=key or contract.key,
        latest_by=(*contract.latest_by, "_fits", TYPE_ERRORS),
        competes="_competes",
    )
    observed = ranked.observe(duplicates, F.count_if(F.col(RANK) > 1).alias("rows"))
    return observed.where(F.col(RANK) == 1).drop(RANK, "_competes", "_fits")
