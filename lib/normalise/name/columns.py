"""Names in Spark: `with_name`."""

from __future__ import annotations

import attrs
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.normalise.batches import batched
from lib.normalise.name.parse import Name, normalise_name
from lib.normalise.name.plain import plain_parts
from lib.normalise.text import quoted

_PARTS = tuple(field.name for field in attrs.fields(Name))
# One text carries all parts out of Python: a struct of twelve columns costs three times as much on the way.
_SEPARATOR = "\x1f"


def with_name(df: DataFrame, name: str, *, prefix: str = "") -> DataFrame:
    """Adds what `normalise_name` tells of the column `name`, each with `prefix` before its name.

    `name_display`, `name_latin`, `name_honorific`, `name_initials`, `name_given`, `name_surname`, `name_relation`,
    `name_relation_name`, `name_script`, `name_kind`, `name_match_key`, `name_status`: see `Name`; null where there is
    nothing to tell. Rows and other columns stay; a column of one of these names is replaced.

    One Python function in Arrow batches, not native expressions: the rules are some forty patterns, each of which costs
    Spark 0.2 s per million rows on two cores; in Python all of them together cost 1 to 2 s. The function remembers
    words across rows, and names are made of few words.
    """
    carried = f"_{prefix}name_parts"
    parts = F.split(F.col(carried), _SEPARATOR)
    rows = df.withColumn(carried, batched(packed, T.StringType())(F.col(quoted(name)).cast("string")))
    rows = rows.withColumn(carried, parts)
    return rows.withColumns(
        {f"{prefix}name_{part}": _unpacked(F.col(carried), at) for at, part in enumerate(_PARTS)}
    ).drop(carried)


def packed(text: str | None) -> str | None:
    """The parts of a name as one text, in the order of `Name`; the short way where it is open."""
    plain = plain_parts(text) if text else None
    if plain:
        shown, title, initials, given, surname, key = plain
        parts = (shown, shown, title, initials, given, surname, "", "", "LATIN", "PERSON", key, "VALID")
        return _SEPARATOR.join(parts)
    found = normalise_name(text)
    return _SEPARATOR.join([getattr(found, part) or "" for part in _PARTS])


def _unpacked(parts: Column, at: int) -> Column:
    value = F.get(parts, F.lit(at))
    return F.when(value != "", value)
