"""Late and changed order lines: what arrives after its date was published, merged on the key into that date.

Of two states of a line the newer one stays: by `sequence`, by `updated_at`, by the night that brought it, and by
`order_ts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import and_

from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.datasets import ORDER_LINES
from lib.transform.bronze import DIGEST, business_date
from lib.transform.cast import TYPE_ERRORS
from lib.transform.operation import DELETE
from lib.transform.prepare import MALFORMED

# Made of other tables, or of the run itself: when only they differ, the line has no news.
_NOT_TOLD = ("arrival_date", "customer_segment", "category", "stock_status", "warnings")
_TOLD = tuple(name for name in ORDER_LINES.names if name not in _NOT_TOLD)
_AGE = ("sequence", "updated_at", "arrival_date", "order_ts")
_KEY = ORDER_LINES.key
_VERDICT = "_verdict"


@frozen
class Merged:
    """Order lines to publish: those of the run's dates, and every line of the dates that late ones re-open.

    `reopened`: how many lines of each earlier (or later) date change. `dropped`: accepted lines that are older than
    what silver holds, or the same; `undeleted`: deletions that are.
    """

    lines: DataFrame
    reopened: dict[date, int]
    dropped: int
    undeleted: int = 0


def untold(late: DataFrame, known: DataFrame) -> DataFrame:
    """Late bronze records without those that say of their line just what the latest other night in `known` said.

    A source that tells everything every night would otherwise be conformed again for the whole look-back.
    """
    key = ("business_date", *_KEY)
    said = F.sort_array(F.collect_set(DIGEST))
    now = late.groupBy(*key).agg(said.alias("_now"))
    nights = known.groupBy(*key, "arrival_date").agg(said.alias("_said"))
    before = nights.groupBy(*key).agg(F.max_by("_said", "arrival_date").alias("_before"))
    again = now.join(before, on=[*_equal(now, before, key), F.col("_now") == F.col("_before")]).select(
        *[now[name].alias(f"_{name}") for name in key]
    )
    return late.join(again, on=[late[name].eqNullSafe(again[f"_{name}"]) for name in key], how="left_anti")


def deletions(typed: DataFrame) -> DataFrame:
    """The latest deletion of each line among typed records of changes: its key and age."""
    given = [F.col(name).isNotNull() for name in (*_KEY, "order_ts")]
    valid = reduce(and_, given, ~F.col(MALFORMED) & ~F.array_contains(TYPE_ERRORS, "sequence"))
    valid = valid & (F.col("operation") == DELETE) & (business_date("order_ts") == F.col("business_date"))
    # Not as a filter: Spark would push it down to the files, with the whole typing of every column inside.
    last = F.max(F.when(valid, F.struct(*_AGE))).alias("_last")
    return typed.groupBy(*_KEY).agg(last).where(F.col("_last").isNotNull()).select(*_KEY, "_last.*")


def compare(
    accepted: DataFrame, published: DataFrame, deleted: DataFrame | None = None, gone: DataFrame | None = None
) -> DataFrame:
    """Lines that silver holds in other dates than the run's: key, both dates, and what becomes of the new one.

    `wins`: it takes the place of the published line; `older` or `same`: the published line stays. Of a source of
    changes `deleted` are accepted deletions (`_deletes`): those that win leave no line. `gone` are the `deletions` of
    other nights: a line that is older than its own does not come back.
    """
    told, nothing = F.struct(*_TOLD), F.lit(None).cast(accepted.select(F.struct(*_TOLD)).schema[0].dataType)
    new = accepted.select(*_KEY, *_aged("_"), told.alias("_told"), F.lit(False).alias("_deletes"))
    if deleted is not None:
        leaving = deleted.select(*_KEY, *_aged("_"), nothing.alias("_told"), F.lit(True).alias("_deletes"))
        new = new.unionByName(leaving)
    old = published.select(*_KEY, *_aged("_old_"), told.alias("_old_told"))
    met = new.join(old, on=list(_KEY), how="inner" if gone is None else "left")
    if gone is not None:
        left = gone.select(*_KEY, F.struct(*_AGE).alias("_gone_age"))
        newer = F.col("_old_age").isNull() | (F.col("_old_age") < F.col("_gone_age"))
        met = met.join(left, on=list(_KEY), how="left").withColumn(
            "_old_age", F.when(newer, F.col("_gone_age")).otherwise(F.col("_old_age"))
        )
        met = met.where(F.col("_old_age").isNotNull())
    verdict = (
        F.when(~F.col("_deletes") & F.col("_told").eqNullSafe(F.col("_old_told")), "same")
        .when(F.col("_age") < F.col("_old_age"), "older")
        .otherwise("wins")
    )
    return met.select(*_KEY, "_date", "_deletes", "_old_date", verdict.alias(_VERDICT))


def _aged(prefix: str) -> list[Column]:
    return [F.col("business_date").alias(f"{prefix}date"), F.struct(*_AGE).alias(f"{prefix}age")]


def merge_late(
    accepted: DataFrame,
    published: DataFrame | None,
    compared: DataFrame | None,
    dates: Sequence[date],
    *,
    again: Sequence[date] = (),
) -> Merged:
    """The lines to publish, from accepted ones of `dates` and of others, and from what is `published` in others.

    `compared` is `compare(accepted, published, ...)`, cached: it is counted, and then joined. Dates in `again` are
    published even where no line changes: something was taken out of `published`.
    """
    late = accepted.where(~F.col("business_date").isin(*dates)).groupBy("business_date").count().collect()
    changed = {row["business_date"]: int(row["count"]) for row in late}
    verdicts = []
    if compared is not None:
        verdicts = compared.groupBy(_VERDICT, "_date", "_deletes", "_old_date").count().collect()
    dropped = undeleted = 0
    for row in verdicts:
        number, deletes = int(row["count"]), row["_deletes"]
        if row[_VERDICT] != "wins":
            dropped, undeleted = dropped + number * (not deletes), undeleted + number * deletes
            if row["_date"] in changed and not deletes:
                changed[row["_date"]] -= number
        elif row["_old_date"] and (deletes or row["_date"] != row["_old_date"]):  # it leaves its old date
            changed[row["_old_date"]] = changed.get(row["_old_date"], 0) + number
    changed = {**dict.fromkeys(again, 0), **changed}
    reopened = {day: number for day, number in sorted(changed.items()) if number or day in again}
    lines = accepted.select(*ORDER_LINES.names)
    if compared is not None and dropped:
        lines = _without(lines, compared.where((F.col(_VERDICT) != "wins") & ~F.col("_deletes")))
    if published is not None and reopened:
        others = published.where(F.col("business_date").isin(*reopened)).select(*ORDER_LINES.names)
        if compared is not None:
            others = _without(others, compared.where(F.col(_VERDICT) == "wins"))
        lines = lines.unionByName(others)
    return Merged(lines, reopened, dropped, undeleted)


def _equal(left: DataFrame, right: DataFrame, names: Sequence[str]) -> list[Column]:
    return [left[name].eqNullSafe(right[name]) for name in names]


def _without(lines: DataFrame, keys: DataFrame) -> DataFrame:
    return lines.join(keys.select(*_KEY), on=list(_KEY), how="left_anti")
