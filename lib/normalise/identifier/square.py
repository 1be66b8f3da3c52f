"""Coordinates to DIGIPIN, and DIGIPIN to the middle of its square."""

from __future__ import annotations

from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.normalise.identifier.check import check_identifier
from lib.normalise.identifier.digipin import GRID
from lib.normalise.identifier.kind import MISSING, VALID
from lib.normalise.identifier.spark import with_identifier

_SOUTH, _WEST = 2.5, 63.5
_LEVELS = 10
_CELLS: int = 4**_LEVELS
# A side of 36 degrees in 4**10 cells is 9 / 2**18: the quotients below are exact where doubles meet a border.
_CELL = 36.0 / _CELLS


@frozen
class Point:
    """Degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


def encode_digipin(latitude: float | None, longitude: float | None) -> str | None:
    """The DIGIPIN of a point, such as `39J-49L-L8T4`; None outside the square that the code covers.

    A point on a border belongs to the square north and east of it, as in the Department of Posts' program.
    """
    if latitude is None or longitude is None or not _inside(latitude, longitude):
        return None
    row, column = _index(latitude - _SOUTH), _index(longitude - _WEST)
    code = ""
    for level in reversed(range(_LEVELS)):
        code += GRID[4 * (3 - (row >> 2 * level) % 4) + (column >> 2 * level) % 4]
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def decode_digipin(code: str | None) -> Point | None:
    """The middle of a DIGIPIN's square, to six decimals; None for what is none. Dashes and case do not matter."""
    value = check_identifier("digipin", code).value
    if value is None:
        return None
    row = column = 0
    for char in value.replace("-", ""):
        place = GRID.index(char)
        row, column = 4 * row + 3 - place // 4, 4 * column + place % 4
    return Point(round(_SOUTH + (row + 0.5) * _CELL, 6), round(_WEST + (column + 0.5) * _CELL, 6))


def with_digipin(df: DataFrame, latitude: str, longitude: str, *, prefix: str = "") -> DataFrame:
    """Adds `digipin` and `digipin_status` (VALID, MISSING, BAD_BOUNDS) of the degrees in two columns.

    Numbers as text are read as numbers; what is no number is MISSING.
    """
    degrees = [F.expr(f"try_cast(`{name.replace('`', '``')}` AS double)") for name in (latitude, longitude)]
    staged = df.withColumns({"_latitude": degrees[0], "_longitude": degrees[1]})
    north, east = F.col("_latitude"), F.col("_longitude")
    inside = north.between(_SOUTH, _SOUTH + 36) & east.between(_WEST, _WEST + 36)
    staged = staged.withColumns(
        {
            "_row": F.when(inside, _index_column(north - F.lit(_SOUTH))),
            "_column": F.when(inside, _index_column(east - F.lit(_WEST))),
        }
    )
    status = F.when(north.isNull() | east.isNull(), MISSING).when(inside, VALID).otherwise("BAD_BOUNDS")
    code = F.concat(*(part for level in reversed(range(_LEVELS)) for part in _character(level)))
    return staged.withColumns({f"{prefix}digipin": code, f"{prefix}digipin_status": status}).drop(
        "_latitude", "_longitude", "_row", "_column"
    )


def with_digipin_point(df: DataFrame, column: str, *, prefix: str = "") -> DataFrame:
    """Adds `digipin_latitude` and `digipin_longitude`, the middle of the square that a column's DIGIPIN names."""
    staged = with_identifier(df, column, "digipin", prefix="_point_")
    code = F.translate("_point_digipin", "-", "")

    def middle(digits: str, start: float) -> Column:
        # The base-4 digits of the row or column, read as one number.
        index = F.conv(F.translate(code, GRID, digits), 4, 10).cast("double")
        return F.round(F.lit(start) + (index + 0.5) * F.lit(_CELL), 6)

    rows = "".join(str(3 - place // 4) for place in range(16))
    columns = "".join(str(place % 4) for place in range(16))
    added = {
        f"{prefix}digipin_latitude": middle(rows, _SOUTH),
        f"{prefix}digipin_longitude": middle(columns, _WEST),
    }
    return staged.withColumns(added).drop("_point_digipin", "_point_digipin_status")


def _inside(latitude: float, longitude: float) -> bool:
    return _SOUTH <= latitude <= _SOUTH + 36 and _WEST <= longitude <= _WEST + 36


def _index(degrees: float) -> int:
    return min(int(degrees // _CELL), _CELLS - 1)


def _index_column(degrees: Column) -> Column:
    return F.least(F.floor(degrees / F.lit(_CELL)).cast("int"), F.lit(_CELLS - 1))


def _character(level: int) -> tuple[Column, ...]:
    row = F.lit(3) - F.shiftright("_row", 2 * level).bitwiseAND(3)
    column = F.shiftright("_column", 2 * level).bitwiseAND(3)
    char = F.lit(GRID).substr(row * 4 + column + 1, F.lit(1))
    return (F.lit("-"), char) if level in (3, 6) else (char,)
