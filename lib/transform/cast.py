"""From the text of bronze to typed columns: never raises, and never turns a value into null without saying so."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.datasets import Contract

TYPE_ERRORS = "_type_errors"

_BLANKS = " \t\r\n\u00a0\ufeff\u200b"
_SPREADSHEET_ERROR = r"\A#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)\z"
_ISO_DATE = r"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:.*)?\z"
_WHOLE = r"\A[+-]?[0-9]+([.]0*)?\z"
_PLAIN_TIME = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}\z"
_FIRST = "TIMESTAMP '0001-01-02 00:00:00'"
_LAST = "TIMESTAMP '9999-12-31 23:59:59.999999'"
_HAS_ZONE = r"(Z|UTC|[+-][0-9]{2}:?[0-9]{2})\z"


def clean_text(names: Sequence[str], null_values: Sequence[str]) -> list[Column]:
    """The columns trimmed of every kind of blank; blank cells and the source's words for null become null."""
    trimmed = [(name, F.btrim(F.col(name), F.lit(_BLANKS))) for name in names]
    return [F.when(~value.isin("", *null_values), value).alias(name) for name, value in trimmed]


def cast_columns(
    df: DataFrame,
    contract: Contract,
    *,
    null_values: Sequence[str],
    time_zone: str,
    timestamp_formats: Sequence[str] = (),
) -> DataFrame:
    """The contract's columns in their types, in place of their text; everything else passes through.

    Adds `_type_errors`: the names of columns whose text does not fit the type (they are null). Whole numbers accept a
    float's text where it is whole (`1.0`). Times without a zone are read in `time_zone`; a zone in the text wins. A
    spreadsheet's error (`#REF!`) in a required column counts as a value that does not fit.
    """
    others = [name for name in df.columns if name not in contract.names]
    trimmed = _trimmed(df, contract.names)
    cleaned = trimmed.select(
        *others, *[F.when(~F.col(n).isin("", *null_values), F.col(n)).alias(n) for n in contract.names]
    )
    typed = cleaned.select(
        *others,
        *contract.names,
        *[
            _cast(column.name, column.type, time_zone, timestamp_formats).alias(f"_as_{column.name}")
            for column in contract.columns
            if _changes(column.type, column.required)
        ],
    )
    changed = {
        column.name: _in_range(f"_as_{column.name}", column.type)
        for column in contract.columns
        if _changes(column.type, column.required)
    }
    errors = [F.when(F.col(name).isNotNull() & value.isNull(), F.lit(name)) for name, value in changed.items()]
    return typed.select(
        *others,
        *[changed[name].alias(name) if name in changed else F.col(name) for name in contract.names],
        F.array_compact(F.array(*errors)).alias(TYPE_ERRORS),
    )


def _trimmed(df: DataFrame, names: Sequence[str]) -> DataFrame:
    """The columns trimmed of every kind of blank.

    btrim with a list of characters takes ten times as long as trim: only rows that hold another blank than a space
    pay for it.
    """
    others = [name for name in df.columns if name not in names]
    odd = F.coalesce(F.concat_ws(" ", *names).rlike(f"[{_BLANKS[1:]}]"), F.lit(False))
    return df.withColumn("_odd", odd).select(
        *others,
        *[F.when(F.col("_odd"), F.btrim(F.col(n), F.lit(_BLANKS))).otherwise(F.trim(n)).alias(n) for n in names],
    )


def instant(name: str, time_zone: str, formats: Sequence[str] = ()) -> Column:
    """The text of column `name` as an instant: ISO first, then each Spark pattern; null where none fits.

    Only whole dates are taken (`2025`, `10:30` are not): Spark's own cast would fill them from today's date.
    """
    text = F.col(name)
    read = F.expr(f"try_cast(`{name}` AS timestamp)")
    iso = text.rlike(_ISO_DATE)
    # The session reads a time without a zone as UTC: move it from its own wall clock. Nearly all are plain.
    local = text.rlike(_PLAIN_TIME) | (iso & ~text.rlike(_HAS_ZONE))
    zoned = F.when(local, F.to_utc_timestamp(read, time_zone)).when(iso, read)
    parsed = [F.try_to_timestamp(text, F.lit(pattern)) for pattern in formats]
    others = [
        value if any(letter in pattern for letter in "XxzZVO") else F.to_utc_timestamp(value, time_zone)
        for value, pattern in zip(parsed, formats, strict=True)
    ]
    return F.coalesce(zoned, *others)


def _in_range(name: str, kind: T.DataType) -> Column:
    """Instants of the years 1 to 9999 only, and not the first day: in India it begins in the year 0 of UTC, and Python
    looks a day back when it reads a time. Exports write 0001-01-01 where there is none."""
    if not isinstance(kind, T.TimestampType):
        return F.col(name)
    return F.when(F.col(name).between(F.expr(_FIRST), F.expr(_LAST)), F.col(name))


def _changes(kind: T.DataType, required: bool) -> bool:
    return required or not isinstance(kind, T.StringType)


def _cast(name: str, kind: T.DataType, time_zone: str, formats: Sequence[str]) -> Column:
    if isinstance(kind, T.StringType):
        text = F.col(name)
        return F.when(~(text.startswith("#") & text.rlike(_SPREADSHEET_ERROR)), text)
    if isinstance(kind, T.TimestampType):
        return instant(name, time_zone, formats)
    target = kind.simpleString()
    direct = F.expr(f"try_cast(`{name}` AS {target})")
    if isinstance(kind, (T.IntegerType, T.LongType)):
        exact = f"try_cast(`{name}` AS decimal(38,9))"
        return F.coalesce(direct, F.expr(f"CASE WHEN {exact} = floor({exact}) THEN try_cast({exact} AS {target}) END"))
    if isinstance(kind, T.DecimalType) and kind.scale == 0:
        return F.when(F.col(name).rlike(_WHOLE), direct)  # the cast alone would round
    return direct
