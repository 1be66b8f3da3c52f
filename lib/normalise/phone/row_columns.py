"""`row.resolved` as Spark expressions."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lib.normalise.phone import cell
from lib.normalise.phone.expressions import NUMBER, class_column, let, none
from lib.normalise.phone.token import DONE, EXTENSION, STD, TAIL
from lib.normalise.phone.token_columns import by_plan


def resolved(tokens: Column, place: Column, dummies: Sequence[str]) -> Column:
    """The numbers of a cell's tokens; `place` holds the STD codes of the row's place as std2, std3, std4."""
    alone = F.transform(tokens, lambda token: _number(token["e164"], token["type"], token["status"], none()))
    first = F.coalesce(F.get(F.filter(tokens, lambda token: token["std"] != ""), F.lit(0))["std"], F.lit(""))
    start = F.struct(
        F.array().cast(f"array<{NUMBER}>").alias("found"), F.lit("").alias("carried"), F.lit("").alias("last")
    )
    together = let(
        first,
        lambda first: F.aggregate(
            tokens, start, lambda state, token: _step(state, token, first, place, dummies), lambda state: state["found"]
        ),
    )
    return F.when(F.exists(tokens, lambda token: token["kind"] != DONE), together).otherwise(alone)


def _number(e164: Column, type_: Column, status: Column, extension: Column) -> Column:
    return F.struct(e164.alias("e164"), type_.alias("type"), status.alias("status"), extension.alias("extension"))


def _step(state: Column, token: Column, first: Column, place: Column, dummies: Sequence[str]) -> Column:
    carried = F.when(token["std"] != "", token["std"]).otherwise(state["carried"])
    kept = (token["status"] == cell.VALID) & token["type"].isin(cell.MOBILE, cell.LANDLINE)
    done = _state(
        F.concat(state["found"], F.array(_number(token["e164"], token["type"], token["status"], none()))),
        carried,
        F.when(kept, token["digits"]).otherwise(""),
    )
    tail = F.when((token["kind"] == TAIL) & (state["last"] != "") & ~token["digits"].isin(*sorted(cell.SHORT_CODES)),
                  F.concat(_start_of(state["last"], token["digits"]), token["digits"]))  # fmt: skip
    written = let(
        F.struct(F.coalesce(tail, token["digits"]).alias("number"), carried.alias("carried")),
        lambda t: _state(
            F.concat(state["found"], F.array(_completed(t["number"], t["carried"], first, place, dummies))),
            t["carried"],
            F.when(F.length(t["number"]) > 5, t["number"]).otherwise(""),
        ),
    )
    return (
        F.when(token["kind"] == DONE, done)
        .when(token["kind"] == STD, _state(state["found"], carried, state["last"]))
        .when(token["kind"] == EXTENSION, _state(_extended(state["found"], token["digits"]), carried, state["last"]))
        .otherwise(written)
    )


def _state(found: Column, carried: Column, last: Column) -> Column:
    return F.struct(found.alias("found"), carried.alias("carried"), last.alias("last"))


def _start_of(last: Column, digits: Column) -> Column:
    return last.substr(F.lit(1), F.length(last) - F.length(digits))


def _extended(found: Column, digits: Column) -> Column:
    """The numbers, the last of them with an extension."""
    last = F.get(found, F.size(found) - 1)
    number = _number(last["e164"], last["type"], last["status"], digits)
    before = F.slice(found, F.lit(1), F.greatest(F.size(found) - 1, F.lit(0)))
    return F.when(F.size(found) > 0, F.concat(before, F.array(number))).otherwise(found)


def _completed(number: Column, carried: Column, first: Column, place: Column, dummies: Sequence[str]) -> Column:
    """`row._completed`."""
    whole = let(by_plan(number, class_column(number), F.concat(F.lit("0"), number), dummies), _carrying)
    length = 10 - F.length(number)
    inferred = F.when(length == 2, place["std2"]).when(length == 3, place["std3"]).otherwise(place["std4"])
    options = F.array(
        *(
            F.struct(std.alias("std"), F.lit(status).alias("status"))
            for std, status in ((carried, cell.CARRIED), (first, cell.CARRIED), (inferred, cell.INFERRED))
        )
    )

    def fits(option: Column) -> Column:
        kind = F.when(F.length(option["std"]) == length, class_column(F.concat(option["std"], number)))
        return F.coalesce(F.translate(kind, "BCD", "234") == length.cast("string"), F.lit(False))

    bad = _number(none(), none(), F.lit(cell.BAD_LENGTH), none())
    chosen = let(
        F.get(F.filter(options, fits), F.lit(0)),
        lambda option: F.when(option.isNull(), bad).otherwise(
            _number(F.concat(F.lit("+91"), option["std"], number), F.lit(cell.LANDLINE), option["status"], none())
        ),
    )
    return F.when(F.length(number) == 10, whole).when(F.length(number).between(6, 8), chosen).otherwise(bad)


def _carrying(token: Column) -> Column:
    carries = (token["status"] == cell.VALID) & (token["type"] == cell.LANDLINE)
    status = F.when(carries, cell.CARRIED).otherwise(token["status"])
    return _number(token["e164"], token["type"], status, none())
