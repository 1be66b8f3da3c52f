"""Places in Spark: `with_place` and, as keys to group by, `canonical_place`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from attrs import astuple, fields
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.normalise.batches import batched
from lib.normalise.place.face import resolver_of
from lib.normalise.place.resolver import Place
from lib.normalise.place.tables import UNKNOWN, PlaceTables
from lib.normalise.text import quoted

RESULT = tuple(field.name for field in fields(Place))
_RESULT_TYPE = T.StructType([T.StructField(name, T.StringType()) for name in RESULT])
_SEPARATOR = "\x1f"
_REMEMBERED = 100_000
_GIVEN = ("CITY", "ALIAS", "TOWN", "EDIT", "TEXT")


def with_place(
    df: DataFrame,
    *,
    city: str | None = None,
    state: str | None = None,
    pincode: str | None = None,
    district: str | None = None,
    prefix: str = "",
    tables: PlaceTables | None = None,
) -> DataFrame:
    """Adds the place of each row, read from the named columns, messy as they are; any of them may be absent.

    Columns added, all strings, each with `prefix` before its name; a column of the same name is replaced, all others
    stay. Null where nothing tells:

    - `city`: canonical name; for a place in no table its tidy display form. A city is keyed on (state_code, city)
    - `city_tier`: `Tier 1` (class X of the HRA classification), `Tier 2` (Y), `Tier 3` (all else)
    - `district`: as the Local Government Directory spells it, under its present name
    - `state_code`: ISO 3166-2:IN without the prefix (MH)
    - `pincode`: six digits, null unless well-formed
    - `pincode_status`: VALID, UNKNOWN (not in India Post's directory: state by the longest known prefix),
      STATE_MISMATCH (the source names another state), BAD_FORMAT, MISSING
    - `place_source`, how the city was reached: CITY (configured name), ALIAS (another of its names), TOWN (in the
      directories of local government and post offices), EDIT (within one edit, or sounding so, of one that agrees with
      state or PIN), PIN (the PIN is one city's own), DISTRICT (the district is), TEXT (as written), STATE (no city, but
      a state), NONE
    - `place_status`: VALID, UNLISTED (TEXT), STATE_MISMATCH, CITY_MISMATCH (the city is not where the PIN is; both are
      kept), PARTIAL (no city), MISSING

    The PIN decides the state; a PIN in two states lets the source choose. A name in two states is told apart by state
    or PIN. Without `tables`, those of conf/. Rows neither appear nor vanish; applied to its own output it changes none
    of city, district, state and PIN (source and status tell of the text that was read).
    """
    texts = [
        F.replace(F.coalesce(F.col(quoted(name)).cast("string"), F.lit("")), F.lit(_SEPARATOR), F.lit(""))
        if name
        else F.lit("")
        for name in (city, state, pincode, district)
    ]
    resolve = batched(_Packed(tables), _RESULT_TYPE)
    held = next(name for name in map("_place{}".format, range(len(df.columns) + 1)) if name not in df.columns)
    read = df.withColumn(held, resolve(F.concat_ws(_SEPARATOR, *texts).cast("binary")))
    kept = [F.col(quoted(name)) for name in df.columns if name not in {prefix + n for n in RESULT}]
    return read.select(*kept, *(F.col(f"{held}.{name}").alias(prefix + name) for name in RESULT))


class _Packed:
    """The resolver over the four texts in one binary value: one column travels, and broken UTF-8 does not fail."""

    def __init__(self, tables: PlaceTables | None) -> None:
        self._tables = tables
        self._read: Callable[[bytes], tuple[str | None, ...]] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return _Packed, (self._tables,)

    def __call__(self, packed: bytes) -> tuple[str | None, ...]:
        if self._read is None:
            self._read = _reader(self._tables)
        return self._read(packed)


@lru_cache(maxsize=4)
def _reader(tables: PlaceTables | None) -> Callable[[bytes], tuple[str | None, ...]]:
    """What answers for some tables; it stays in a worker, with its answers, from task to task."""
    resolver = resolver_of(tables)

    @lru_cache(_REMEMBERED)
    def read(packed: bytes) -> tuple[str | None, ...]:
        return astuple(resolver(*packed.decode("utf-8", "ignore").split(_SEPARATOR)))

    return read


def canonical_place(
    df: DataFrame, tables: PlaceTables, *, city: str, state: str, pincode: str, prefix: str = ""
) -> DataFrame:
    """`with_place` as the nightly job needs it: keys to group by, so never null.

    Columns added, each with `prefix`: `city`, `state_code`, `city_tier` (`Unknown` where nothing tells), `city_source`
    (`city`: told by its text, `pincode`, `unknown`), `district`, `pincode` and `pincode_status`.
    """
    placed = with_place(df, city=city, state=state, pincode=pincode, prefix="_of_", tables=tables)
    source = F.col("_of_place_source")
    result = {
        f"{prefix}city": F.coalesce("_of_city", F.lit(UNKNOWN)),
        f"{prefix}state_code": F.coalesce("_of_state_code", F.lit(UNKNOWN)),
        f"{prefix}city_tier": F.coalesce("_of_city_tier", F.lit(UNKNOWN)),
        f"{prefix}city_source": F.when(source.isin(*_GIVEN), "city")
        .when(source.isin("PIN", "DISTRICT"), "pincode")
        .otherwise("unknown"),
        f"{prefix}district": F.col("_of_district"),
        f"{prefix}pincode": F.col("_of_pincode"),
        f"{prefix}pincode_status": F.col("_of_pincode_status"),
    }
    kept = [F.col(quoted(name)) for name in df.columns if name not in result]
    return placed.select(*kept, *(value.alias(name) for name, value in result.items()))
