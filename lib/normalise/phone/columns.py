"""Phones in Spark: `with_phone`, native expressions only; face.py gives the same in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.normalise.phone import cell
from lib.normalise.phone.cells import cell_of, number_of, phone_of_list
from lib.normalise.phone.dummies import DUMMIES
from lib.normalise.phone.expressions import class_column, status_column
from lib.normalise.phone.std import PIN, pins, places
from lib.normalise.text import folded, quoted

_FIELDS = ("e164", "type", "status", "extension", "numbers")
_LENGTHS = (2, 3, 4)


def with_phone(
    df: DataFrame,
    phone: str,
    *,
    pincode: str | None = None,
    district: str | None = None,
    city: str | None = None,
    prefix: str = "",
    dummies: Sequence[str] = DUMMIES,
) -> DataFrame:
    """Adds what the cell `phone` of each row holds; `pincode`, `district`, `city` tell STD codes that it leaves out.

    Columns added, each with `prefix` before its name; a column of the same name is replaced, all others stay:

    - `phone_e164`: the primary number, the first valid mobile of the cell, else the first valid one; null unless valid
    - `phone_type`: MOBILE, LANDLINE, TOLL_FREE (and shared-cost), M2M, FOREIGN; null unless valid
    - `phone_status`: VALID, VALID_STD_CARRIED, VALID_STD_INFERRED, MISSING, BAD_LENGTH, BAD_PREFIX, DUMMY
    - `phone_extension`: the digits of an extension
    - `phone_numbers`: array<struct<e164, type, status, extension>>, every number of the cell in its order

    `dummies` are national numbers of ten digits that nobody has. Rows neither appear nor vanish. Numbering plan and STD
    codes: libphonenumber and the postal directory (lib/normalise/reference/README.md).
    """
    kept = [F.col(quoted(name)) for name in df.columns]
    raw = F.col(quoted(phone)).cast("string")
    staged, codes = _with_codes(df, pincode, district, city)
    # Cells that are more than one plain number are lambdas, for which Spark generates no code: in a projection of their
    # own they do not slow down the plain ones.
    cells = _cells(raw, codes, dummies)
    staged = staged.select(*kept, cells.alias("_phone_cell"))
    one = F.col("_phone_cell").isNull()
    national = F.when(one, F.substring(raw, -10, 10))
    listed = [*kept, F.col("_phone_cell")]
    staged = staged.select(*listed, national.alias("_phone_national"), one.alias("_phone_one"))
    listed += [F.col("_phone_national"), F.col("_phone_one")]
    staged = staged.select(*listed, class_column(F.col("_phone_national")).alias("_phone_class"))
    listed.append(F.col("_phone_class"))
    staged = staged.select(
        *listed, status_column(F.col("_phone_national"), F.col("_phone_class"), dummies).alias("_phone_state")
    )
    number = number_of(F.col("_phone_national"), F.col("_phone_class"), F.length(raw) == 11, F.col("_phone_state"))
    plain: dict[str, Column] = {**number, "numbers": F.array(F.struct(*(v.alias(k) for k, v in number.items())))}
    added = {
        f"{prefix}phone_{field}": F.when(F.col("_phone_one"), plain[field]).otherwise(F.col(f"_phone_cell.{field}"))
        for field in _FIELDS
    }
    others = [F.col(quoted(name)) for name in df.columns if name not in added]
    return staged.select(*others, *(value.alias(name) for name, value in added.items()))


def _cells(text: Column, codes: tuple[Column, ...], dummies: Sequence[str]) -> Column:
    """What a cell holds; null where it is one plain number, which is much faster read without lambdas."""
    return (
        F.when(F.coalesce(text.rlike(cell.PLAIN), F.lit(False)), F.lit(None))
        .when(text.rlike(cell.PLAIN_LIST), phone_of_list(text, dummies))
        .otherwise(cell_of(text, codes, dummies))
    )


def _with_codes(
    df: DataFrame, pincode: str | None, district: str | None, city: str | None
) -> tuple[DataFrame, tuple[Column, ...]]:
    """The frame with the STD codes of each row's place, and those of two, three and four digits (null where none)."""
    given = []
    tables: dict[str, Callable[[], dict[str, str]]] = {
        "pin": pins,
        "city": partial(places, "city"),
        "district": partial(places, "district"),
    }
    for name, column in (("pin", pincode), ("city", city), ("district", district)):
        if column is None:
            continue
        text = folded(F.col(quoted(column)).cast("string"))
        key = F.upper(F.regexp_replace(text, "[^A-Za-z]", ""))
        if name == "pin":
            key = F.concat(F.regexp_extract(text, PIN, 1), F.regexp_extract(text, PIN, 2))
        kept = [F.col(quoted(other)) for other in df.columns]
        keyed = df.select(*kept, key.alias(f"_phone_{name}"))
        df = keyed.join(F.broadcast(_lookup(df, tables[name](), name)), on=f"_phone_{name}", how="left")
        given.append(F.col(f"_phone_codes_{name}"))
    if not given:
        return df, tuple(F.lit(None).cast("string") for _ in _LENGTHS)
    local = F.coalesce(*given)
    two = F.coalesce(*(_code(codes, 2) for codes in given))
    kept = [F.col(quoted(other)) for other in df.columns]
    named = {length: f"_phone_std{length}" for length in _LENGTHS}
    found = {2: two, 3: _code(local, 3), 4: _code(local, 4)}
    df = df.select(*kept, *(found[length].alias(named[length]) for length in _LENGTHS))
    return df, tuple(F.col(named[length]) for length in _LENGTHS)


def _lookup(df: DataFrame, table: dict[str, str], name: str) -> DataFrame:
    """A small table as a frame, made by the JVM from one literal."""
    text = ";".join(f"{key}={codes}" for key, codes in table.items())
    entries = df.sparkSession.range(1).select(F.explode(F.split(F.lit(text), ";")).alias("entry"))
    parts = F.split("entry", "=")
    return entries.select(parts.getItem(0).alias(f"_phone_{name}"), parts.getItem(1).alias(f"_phone_codes_{name}"))


def _code(codes: Column, length: int) -> Column:
    """The code of so many digits among codes with spaces between."""
    found = F.regexp_extract(codes, rf"(?:\A| )([0-9]{{{length}}})(?: |\z)", 1)
    return F.when(found != "", found)
