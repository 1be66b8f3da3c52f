"""Indian PIN, city and state brought into one form by table: `canonical_place`.

What a table does not tell (villages, edit distance, the district of each PIN) is not guessed here.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.normalise.place_lookups import (
    BEFORE_A,
    FIRST_PREFIX,
    OTHER_LETTER,
    SEPARATORS,
    city_frame,
    pin_entries,
    state_buckets,
    tail_pattern,
)
from lib.normalise.place_tables import (
    AROUND_NAME,
    DEFAULT_TIER,
    FOLD_FROM,
    FOLD_TO,
    LETTERS,
    UNKNOWN,
    City,
    PlaceTables,
    State,
)

__all__ = ["City", "PlaceTables", "State", "canonical_place"]

_TEXTS = ("city", "state", "pincode")
_NOT_A_PIN = ("", "NA", "N/A", "NAN", "NULL", "NONE", "NIL")
_NOT_A_CITY = (
    "NA", "NAN", "NONE", "NULL", "NIL", "UNKNOWN", "TEST", "XX", "XXX", "CITY", "TOWN", "STATE", "INDIA", "OTHER",
    "OTHERS", "NOTAVAILABLE", "NOTKNOWN", "NOTSPECIFIED", "NOTPROVIDED", "NOCITY", "DEFAULT", "SELECT", "SELECTCITY",
    "ANY", "TBD",
)  # fmt: skip
_JUNK = rf"(?:[0-9]{{3,}}|[^{LETTERS}0-9,/;])+"  # punctuation, a PIN or phone number in the cell
_SPACED_INITIALS = rf"(?<![{LETTERS}])([A-Z]){SEPARATORS}+(?=[A-Z](?![{LETTERS}]))"  # K. R. Puram, U.P.


def canonical_place(
    df: DataFrame, tables: PlaceTables, *, city: str, state: str, pincode: str, prefix: str = ""
) -> DataFrame:
    """Adds the canonical place of each row, read from its columns `city`, `state` and `pincode`, messy as they are.

    Columns added, each with `prefix` before its name; a column of the same name is replaced, all others stay:

    - `city`: canonical name; for a place that is not in the tables its tidy display form; `Unknown`
    - `state_code`: ISO 3166-2:IN without the prefix (MH), or `Unknown`
    - `city_tier`: `Tier 1` (class X of the HRA classification), `Tier 2` (Y), `Tier 3` (all else), `Unknown`
    - `city_source`: `city` (from its text), `pincode` (no city given, and the PIN is one city's own), `unknown`
    - `pincode`: six digits, null unless well-formed
    - `pincode_status`: VALID, UNKNOWN (no such prefix), STATE_MISMATCH (the source names another state than the
      PIN's), BAD_FORMAT, MISSING

    City, state, tier and source are never null: they are grouping keys. The PIN decides the state; only where a
    border runs through its prefix (`FIRM_SHARE`) does the source's state, if it is one of the two, go first. Rows
    neither appear nor vanish. Applied to its own output it changes neither city, state_code, city_tier nor pincode
    (source and status tell of the text that was read).
    """
    tail = tail_pattern(tables)
    entries = F.split(F.lit(",".join(pin_entries(tables))), ",")
    buckets = F.split(F.lit(",".join(state_buckets(tables))), ",")
    texts = F.struct(
        *(F.col(_quoted(c)).cast("string").alias(n) for n, c in zip(_TEXTS, (city, state, pincode), strict=True))
    )
    read = _staged(
        texts,
        _fold,
        _tidy,
        lambda row: _split_tail(row, tail),
        lambda row: _keys(row, entries),
        lambda row: _states(row, buckets),
        _decide,
    )
    lookup = F.broadcast(city_frame(df.sparkSession, tables))
    rows = (
        df.withColumns({"_place": read})
        .withColumns({"_place_lookup": F.col("_place.lookup")})
        .join(lookup, on="_place_lookup", how="left")
        .withColumns({"_place_state": F.coalesce("_place.state", "_place_only_state", F.lit(UNKNOWN))})
        .withColumns({"_place_hit": F.try_element_at("_place_options", F.col("_place_state"))})
    )
    hit, given = F.col("_place_hit"), F.col("_place.given")
    named = F.when(given, F.coalesce("_place_only_name", "_place.display"))
    result = {
        f"{prefix}city": F.coalesce(F.get(hit, F.lit(0)), named, F.lit(UNKNOWN)),
        f"{prefix}state_code": F.col("_place_state"),
        f"{prefix}city_tier": F.coalesce(F.get(hit, F.lit(1)), F.when(given, DEFAULT_TIER).otherwise(UNKNOWN)),
        f"{prefix}city_source": F.when(given, "city").when(hit.isNotNull(), "pincode").otherwise("unknown"),
        f"{prefix}pincode": F.col("_place.pincode"),
        f"{prefix}pincode_status": F.col("_place.status"),
    }
    kept = [F.col(_quoted(name)) for name in df.columns if name not in result]
    return rows.select(*kept, *(value.alias(name) for name, value in result.items()))


def _staged(first: Column, *steps: Callable[[Column], Column]) -> Column:
    """The steps one after the other on one value, each evaluated once a row.

    An array of one element goes through `transform`: a lambda binds its argument, where nested Column functions
    evaluate it again for each use. And Spark generates no code for lambdas, which here is faster: a chain of
    projections of this length is fused into one Java method of more than the 8,000 bytes that the JVM compiles
    (1M rows took 18 s that way, 5 s this way).
    """
    carried = F.array(first)
    for step in steps:
        carried = F.transform(carried, step)
    return F.get(carried, F.lit(0))


def _fold(row: Column) -> Column:
    """The three texts in upper case, with ASCII digits, spaces and dashes whatever the source wrote."""

    def folded(text: Column) -> Column:
        # Most texts are ASCII, and translate() walks every character.
        return F.upper(
            F.when(F.length(text) == F.octet_length(text), text).otherwise(F.translate(text, FOLD_FROM, FOLD_TO))
        )

    return F.struct(*(folded(row[name]).alias(name) for name in _TEXTS))


def _tidy(row: Column) -> Column:
    """City with single spaces and no punctuation but `,/;`; PIN without spaces and a spreadsheet's `.0`."""
    text = F.replace(F.replace(row["city"], F.lit("&"), F.lit(" AND ")), F.lit("'"), F.lit(""))
    words = F.regexp_replace(F.regexp_replace(F.translate(text, "([|\\", ";;;;"), _JUNK, " "), _SPACED_INITIALS, "$1")
    one_word = F.coalesce(row["city"].rlike(r"\A[A-Z]+\z"), F.lit(False))
    pin = F.regexp_replace(F.regexp_replace(row["pincode"], r"[\s-]+", ""), r"\.0*\z", "")
    return F.struct(
        one_word.alias("one_word"),
        F.when(one_word, row["city"]).otherwise(F.btrim(words, F.lit(" ,/;"))).alias("city"),
        row["state"].alias("state"),
        F.when(row["pincode"].rlike(r"\A[1-9][0-9]{5}(?:\.0)?\z"), F.substring(row["pincode"], 1, 6))
        .otherwise(pin)
        .alias("pin"),
    )


def _split_tail(row: Column, tail_pattern: str) -> Column:
    """What follows the city's name in its cell (a state, "Dist", a direction), and the PIN if it is one."""
    pin = row["pin"]
    # A spreadsheet's 4.00001E5; the decimal holds it exactly.
    repaired = F.when(
        pin.rlike(r"\A[1-9]\.[0-9]{1,5}E[+]?0?5\z"), pin.cast("decimal(20,5)").cast("bigint").cast("string")
    ).otherwise(pin)
    return F.struct(
        row["one_word"].alias("one_word"),
        row["city"].alias("city"),
        F.when(row["one_word"], "").otherwise(F.regexp_extract(row["city"], tail_pattern, 0)).alias("tail"),
        row["state"].alias("state"),
        pin.alias("pin"),
        F.when(repaired.rlike(r"\A[1-9][0-9]{5}\z"), repaired).alias("pincode"),
    )


def _keys(row: Column, entries: Column) -> Column:
    """The letters by which city and state are looked up, and the PIN's entry (see `pin_entries`)."""
    name = F.when(row["one_word"], row["city"]).otherwise(
        row["city"].substr(F.lit(1), F.length(row["city"]) - F.length(row["tail"]))
    )
    last_part = F.element_at(F.split(name, " *[,/;][ ,/;]*"), F.lit(-1))
    letters = F.when(row["one_word"], row["city"]).otherwise(_letters(last_part))
    first_state = F.replace(F.substring_index(row["state"], "/", 1), F.lit("&"), F.lit("AND"))
    prefix = F.substring(row["pincode"], 1, 3).cast("int") - F.lit(FIRST_PREFIX)
    return F.struct(
        letters.alias("key"),
        F.initcap(F.when(row["one_word"], name).otherwise(F.regexp_replace(name, f"{SEPARATORS}+", " "))).alias(
            "display"
        ),
        F.when(row["one_word"], name).otherwise(_letters(name)).alias("letters"),
        _letters(first_state).alias("state_key"),
        _letters(row["tail"]).alias("tail_key"),
        row["pin"].alias("pin"),
        row["pincode"].alias("pincode"),
        F.get(entries, prefix).alias("entry"),
    )


def _states(row: Column, buckets: Column) -> Column:
    """The state that the source says (in its column, else after the city), and the one that the PIN says."""

    def code_of(key: Column) -> Column:
        bucket = F.get(buckets, F.least(F.ascii(key) - F.lit(BEFORE_A), F.lit(OTHER_LETTER)))
        at = F.position(F.concat(F.lit("|"), key, F.lit("=")), bucket)
        return F.when(at > 0, F.substr(bucket, at + F.length(key) + F.lit(2), F.lit(2)))

    key, entry, letters = row["key"], row["entry"], row["letters"]
    # Shorter names have nothing around them that could be taken off.
    bare = F.when(F.length(key) >= 8, F.regexp_replace(key, AROUND_NAME, "")).otherwise(key)
    tail_key = F.when(row["tail_key"] != "", F.regexp_replace(row["tail_key"], r"INDIA\z", ""))
    at = F.position(F.concat(F.lit("|"), row["pincode"]), entry)
    return F.struct(
        bare.alias("key"),
        row["display"].alias("display"),
        F.coalesce((F.length(letters) > 1) & ~letters.isin(*_NOT_A_CITY), F.lit(False)).alias("given"),
        F.coalesce(code_of(row["state_key"]), code_of(tail_key)).alias("said"),
        F.when(at > 0, F.substr(entry, at + F.lit(len("|400001")), F.lit(2)))
        .when(entry != "", F.substring(entry, 1, 2))
        .alias("pin_state"),
        (F.when(at > 0, F.substr(entry, at + F.lit(9), F.lit(1))).otherwise(F.substring(entry, 3, 1)) == "1").alias(
            "firm"
        ),
        row["pin"].alias("pin"),
        row["pincode"].alias("pincode"),
        entry.alias("entry"),
    )


def _decide(row: Column) -> Column:
    """What the texts tell by themselves: state (null if nothing tells), PIN, its status, the key to look up."""
    said, pin_state = row["said"], row["pin_state"]
    # Where a border runs through the prefix, the source may name either side, but no third state.
    believed = said.isNotNull() & ~row["firm"] & (F.position(said, row["entry"]) > 0)
    state = F.when(believed, said).otherwise(F.coalesce(pin_state, said))
    missing = F.coalesce(row["pin"], F.lit("")).isin(*_NOT_A_PIN)
    status = (
        F.when(row["pincode"].isNull(), F.when(missing, "MISSING").otherwise("BAD_FORMAT"))
        .when(pin_state.isNull(), "UNKNOWN")
        .when(~believed & (said != pin_state), "STATE_MISMATCH")
        .otherwise("VALID")
    )
    depth = F.substring(row["entry"], 4, 1).cast("int")
    by_pin = F.when(row["entry"] != "", F.concat(F.lit("#"), F.substr(row["pincode"], F.lit(1), depth)))
    return F.struct(
        state.alias("state"),
        row["pincode"].alias("pincode"),
        status.alias("status"),
        row["given"].alias("given"),
        row["display"].alias("display"),
        F.when(row["given"], row["key"]).otherwise(by_pin).alias("lookup"),
    )


def _letters(text: Column) -> Column:
    """The letters of an upper-case, folded text: `place_key` in Spark."""
    return F.regexp_replace(text, f"[^{LETTERS}]+", "")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
