"""Small Spark expressions that the phone columns are built of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lib.normalise.phone import cell
from lib.normalise.phone.plan import plan

NUMBER = "struct<e164:string,type:string,status:string,extension:string>"


def let(value: Column, body: Callable[[Column], Column]) -> Column:
    """`body(value)`, with `value` evaluated once."""
    return F.get(F.transform(F.array(value), body), F.lit(0))


def none() -> Column:
    return F.lit(None).cast("string")


def class_column(national: Column) -> Column:
    """`plan.class_of` of ten digits; null for null."""
    table = F.split(F.lit(",".join(plan())), ",")
    place = F.substring(national, 4, 2).cast("int") + 1
    return F.get(table, F.substring(national, 1, 3).cast("int")).substr(place, F.lit(1))


def type_column(kind: Column, trunk: Column) -> Column:
    """Type of a number of the class `kind`; one that may be either is a landline where a trunk zero precedes it."""
    mobile = (kind == "M") | (kind.isin("B", "C", "D") & ~trunk)
    return F.when(kind == ".", F.lit(None)).when(mobile, cell.MOBILE).otherwise(cell.LANDLINE)


def status_column(national: Column, kind: Column, dummies: Sequence[str]) -> Column:
    """VALID, DUMMY or BAD_PREFIX of ten digits."""
    return F.when(is_dummy(national, dummies), cell.DUMMY).when(kind == ".", cell.BAD_PREFIX).otherwise(cell.VALID)


def is_dummy(national: Column, dummies: Sequence[str]) -> Column:
    repeated = [str(digit) * 10 for digit in range(10)]
    return national.isin(*sorted({*dummies, *repeated}))
