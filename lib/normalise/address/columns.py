"""Addresses in Spark: `with_address`."""

from __future__ import annotations

from typing import Any

from attrs import astuple
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.normalise.address.parse import normalise_address
from lib.normalise.address.record import NAMES
from lib.normalise.address.tables import AddressTables, default_tables
from lib.normalise.batches import batched
from lib.normalise.text import quoted

_SEPARATOR = "\x1f"
SCHEMA = T.StructType([T.StructField(name, T.IntegerType() if name == "score" else T.StringType()) for name in NAMES])


def with_address(
    df: DataFrame,
    address: str,
    *,
    city: str | None = None,
    district: str | None = None,
    state: str | None = None,
    pincode: str | None = None,
    prefix: str = "",
    tables: AddressTables | None = None,
) -> DataFrame:
    """Adds the parts of the addresses in column `address`; the other columns fill what the text does not print.

    Columns added, each `prefix` + "address_" + a name of `Address` (unit, building, ..., line, status); a column of
    the same name is replaced, all others stay. Rows neither appear nor vanish. All texts but address_score (int).
    """
    texts = [
        F.lit("")
        if name is None
        else F.coalesce(F.translate(F.col(quoted(name)).cast("string"), _SEPARATOR, ""), F.lit(""))
        for name in (address, city, district, state, pincode)
    ]
    parse = batched(_Packed(tables or default_tables()), SCHEMA)
    staged = df.withColumn("_address", parse(F.concat_ws(_SEPARATOR, *texts).cast("binary")))
    added = {f"{prefix}address_{name}": F.col(f"_address.{name}") for name in NAMES}
    kept = [F.col(quoted(name)) for name in df.columns if name not in added]
    return staged.select(*kept, *(value.alias(name) for name, value in added.items()))


class _Packed:
    """The parser over the texts in one binary value: one column travels, and broken UTF-8 does not fail."""

    def __init__(self, tables: AddressTables) -> None:
        self._tables = tables

    def __call__(self, packed: bytes) -> tuple[Any, ...]:
        text, city, district, state, pincode = bytes(packed).decode("utf-8", "ignore").split(_SEPARATOR)
        found = normalise_address(text, city=city, district=district, state=state, pincode=pincode, tables=self._tables)
        return astuple(found)
