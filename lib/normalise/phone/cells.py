"""A cell of any form as Spark expressions: what face.py, token.py and row.py do, with the same patterns and tables.

The steps are lambdas over arrays of one element: a lambda binds its argument, where nested Column functions evaluate it
again for each use, and lambdas keep the generated code of the fast path small enough for the JVM's compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lib.normalise.phone import cell
from lib.normalise.phone.expressions import NUMBER, class_column, let, none, status_column, type_column
from lib.normalise.phone.row_columns import resolved
from lib.normalise.phone.token_columns import parsed
from lib.normalise.text import LONGEST, missing


def number_of(national: Column, kind: Column, trunk: Column, status: Column) -> dict[str, Column]:
    """A plain number's fields, from its class and status."""
    valid = status == cell.VALID
    return {
        "e164": F.when(valid, F.concat(F.lit("+91"), national)),
        "type": F.when(valid, type_column(kind, trunk)),
        "status": status,
        "extension": none(),
    }


def phone_of_list(text: Column, dummies: Sequence[str]) -> Column:
    """The whole result for a cell of several plain numbers."""

    def number(part: Column) -> Column:
        national = F.substring(part, -10, 10)
        return let(
            F.struct(national.alias("national"), class_column(national).alias("class"), F.length(part).alias("length")),
            lambda n: let(
                status_column(n["national"], n["class"], dummies),
                lambda status: _struct(number_of(n["national"], n["class"], n["length"] == 11, status)),
            ),
        )

    return let(F.transform(F.split(text, cell.BETWEEN), number), _primary)


def _struct(fields: dict[str, Column]) -> Column:
    return F.struct(*(value.alias(name) for name, value in fields.items()))


def cell_of(raw: Column, codes: Sequence[Column], dummies: Sequence[str]) -> Column:
    """The whole result for any cell."""
    place = F.struct(*(code.alias(f"std{length}") for length, code in zip((2, 3, 4), codes, strict=True)))
    return let(
        _folded(raw),
        lambda text: F.when(missing(text) | (text == "0"), _without_number(cell.MISSING)).otherwise(
            let(
                F.transform(F.regexp_extract_all(_clean(text), F.lit(cell.TOKEN), 0), lambda t: parsed(t, dummies)),
                lambda tokens: let(resolved(tokens, place, dummies), _primary),
            )
        ),
    )


def _without_number(status: str) -> Column:
    nothing = F.array().cast(f"array<{NUMBER}>")
    return F.struct(
        none().alias("e164"), none().alias("type"), F.lit(status).alias("status"), none().alias("extension"),
        nothing.alias("numbers"),
    )  # fmt: skip


def _primary(numbers: Column) -> Column:
    valid = F.filter(numbers, lambda number: number["e164"].isNotNull())
    mobile = F.filter(valid, lambda number: number["type"] == cell.MOBILE)
    first = F.coalesce(F.get(mobile, F.lit(0)), F.get(valid, F.lit(0)), F.get(numbers, F.lit(0)))
    found = let(
        first,
        lambda number: _struct(
            {**{name: number[name] for name in ("e164", "type", "status", "extension")}, "numbers": numbers}
        ),
    )
    return F.when(F.size(numbers) == 0, _without_number(cell.BAD_LENGTH)).otherwise(found)


def _folded(raw: Column) -> Column:
    cut = F.substring(raw, 1, LONGEST)
    # Most cells are ASCII, and translate() is slow.
    return F.trim(F.when(cut.rlike("[^ -~]"), F.translate(cut, cell.CELL_FROM, cell.CELL_TO)).otherwise(cut))


def _replaced(text: Column, pairs: Sequence[tuple[str, str]]) -> Column:
    for pattern, new in pairs:
        text = F.regexp_replace(text, pattern, new.replace(r"\1", "$1"))
    return text


def _clean(text: Column) -> Column:
    # Most cells are digits, spaces and commas: one look at them saves all the others.
    return F.when(text.rlike("[A-Za-z&(+\u0900-\u0dff]|\\.0|[0-9]{20}"), _repaired(text)).otherwise(text)


def _repaired(text: Column) -> Column:
    number = F.concat(F.regexp_extract(text, cell.SCIENTIFIC, 1), F.regexp_extract(text, cell.SCIENTIFIC, 2))
    length = F.regexp_extract(text, cell.SCIENTIFIC, 3).cast("int") + 1
    whole = F.when(F.length(number) <= length, F.concat(number, F.lit("0" * 12)).substr(F.lit(1), length))
    unspoilt = F.coalesce(F.when(text.rlike(cell.SCIENTIFIC), whole), text)
    return let(
        let(unspoilt, lambda t: F.when(t.contains(".0"), _replaced(t, [(cell.FLOAT_TAIL, "")])).otherwise(t)),
        lambda t: let(
            F.when(t.rlike("[A-Za-z&\u0900-\u0dff]"), _replaced(t, cell.LETTERS)).otherwise(t),
            lambda t: _replaced(t, cell.TIDY),
        ),
    )
