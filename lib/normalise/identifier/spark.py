"""Identifiers checked in Spark: `with_identifier`, native expressions from the same patterns and tables as Python's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.errors import UsageError
from lib.normalise.identifier import checksum
from lib.normalise.identifier.check import kind_of, secret
from lib.normalise.identifier.kind import (
    BAD_CHECKSUM,
    BAD_FORMAT,
    BETWEEN_WORDS,
    LOWER,
    MISSING,
    NOTHING,
    UPPER,
    VALID,
    Kind,
    Replacements,
)
from lib.normalise.text import folded, missing, quoted

_HMAC_BLOCK = 64  # bytes, of SHA-256


def with_identifier(
    df: DataFrame, column: str, kind: str, *, prefix: str | None = None, key: bytes | str | None = None
) -> DataFrame:
    """Adds what `column` holds as an identifier of this kind (one of `KINDS`), with `prefix` before each name:

    - `<kind>`: its normal form, null unless the status is VALID or starts so; for Aadhaar `aadhaar_masked` instead
    - `<kind>_status`: VALID, MISSING or a reason (see the kind)
    - `<kind>_type` (PAN, GSTIN, UPI, FSSAI, vehicle) and `<kind>_state_code` (ISO 3166-2:IN; GSTIN, FSSAI, vehicle)
    - `aadhaar_hash`: HMAC-SHA256 of the 12 digits with `key`, null without one

    Rows neither appear nor vanish; columns of these names are replaced, but UsageError is raised where that would be
    `column` itself. The raw column stays: whoever asked for an Aadhaar drops it. The key stands in a frame of one row
    that is broadcast, for what stands in the plan is shown in Spark's interface and written to its event log.
    """
    rules = kind_of(kind)
    known = secret(key) if rules.secret else b""
    staged = _staged(
        F.col(quoted(column)).cast("string"),
        folded,
        lambda text: _words(text, rules),
        lambda row: _repaired(row, rules),
        lambda row: _status(row, rules),
        lambda row: _checked(row, rules),
        lambda row: _result(row, rules, with_number=bool(known)),
    )
    read = df.withColumns({"_identifier": staged})
    if known:
        read = read.crossJoin(F.broadcast(_pads(df, known)))
    columns = _columns(rules, prefix or "", bool(known))
    if column.casefold() in {name.casefold() for name in columns}:
        raise UsageError(
            f"the column {column!r} would be replaced by its normal form", todo="give another prefix, such as 'clean_'"
        )
    added = {name.casefold() for name in columns}
    kept = [F.col(quoted(name)) for name in df.columns if name.casefold() not in added]
    return read.select(*kept, *(value.alias(name) for name, value in columns.items()))


def _columns(rules: Kind, prefix: str, with_hash: bool) -> dict[str, Column]:
    found = F.col("_identifier")
    columns = {f"{prefix}{rules.name}{'_masked' if rules.secret else ''}": found["value"]}
    columns[f"{prefix}{rules.name}_status"] = found["status"]
    if rules.types:
        columns[f"{prefix}{rules.name}_type"] = found["type"]
    if rules.state:
        columns[f"{prefix}{rules.name}_state_code"] = found["state_code"]
    if rules.secret:
        columns[f"{prefix}{rules.name}_hash"] = _hash(found["number"]) if with_hash else F.lit(None).cast("string")
    return columns


def _staged(first: Column, *steps: Callable[[Column], Column]) -> Column:
    """The steps one after the other, each evaluated once a row: a lambda binds its argument (see place.py)."""
    carried = F.array(first)
    for step in steps:
        carried = F.transform(carried, step)
    return F.get(carried, F.lit(0))


def _words(text: Column, rules: Kind) -> Column:
    """The text in its case and without the characters that are dropped; null where it says "nothing"."""
    nothing = missing(text) | F.translate(text, LOWER + BETWEEN_WORDS, UPPER).isin(*sorted(NOTHING))
    if rules.case == "domain":
        domain = F.substring_index(text, "@", -1)
        name = text.substr(F.lit(1), F.length(text) - F.length(domain))
        cased = F.when(F.contains(text, F.lit("@")), F.concat(name, F.translate(domain, UPPER, LOWER))).otherwise(text)
    else:
        cased = F.trim(F.translate(text, rules.case_from, rules.case_to))
    return F.when(~nothing, cased)


def _repaired(text: Column, rules: Kind) -> Column:
    return _replaced(text, rules.repairs)


def _status(text: Column, rules: Kind) -> Column:
    status = F.when(text.isNull() | (text == ""), MISSING)
    for pattern, name in rules.statuses:
        status = status.when(text.rlike(pattern), name)
    return F.struct(text.alias("text"), status.otherwise(BAD_FORMAT).alias("status"))


def _checked(row: Column, rules: Kind) -> Column:
    if not rules.checksum:
        return row
    correct: Callable[[Column], Column] = getattr(checksum, f"{rules.checksum}_column")
    status = F.when((row["status"] == VALID) & ~correct(row["text"]), BAD_CHECKSUM).otherwise(row["status"])
    return F.struct(row["text"].alias("text"), status.alias("status"))


def _result(row: Column, rules: Kind, *, with_number: bool) -> Column:
    text, status = row["text"], row["status"]
    valid = status.startswith(VALID)
    fields = {"value": F.when(valid | status.isin(*rules.kept), _replaced(text, rules.shapes)), "status": status}
    if rules.types:
        fields["type"] = F.when(valid, _first(text, rules.types))
    if rules.state:
        table = F.create_map(*(F.lit(word) for pair in rules.states.items() for word in pair))
        fields["state_code"] = F.when(valid, F.try_element_at(table, F.regexp_extract(text, rules.state, 1)))
    if with_number:
        fields["number"] = F.when(valid, text)
    return F.struct(*(value.alias(name) for name, value in fields.items()))


def _replaced(text: Column, replacements: Replacements) -> Column:
    for pattern, replacement in replacements:
        text = F.regexp_replace(text, pattern, replacement)
    return text


def _first(text: Column, patterns: Replacements) -> Column:
    found = F.when(F.lit(False), F.lit(None).cast("string"))
    for pattern, name in patterns:
        found = found.when(text.rlike(pattern), name)
    return found


def _pads(df: DataFrame, key: bytes) -> DataFrame:
    """One row with the two keys of HMAC (RFC 2104)."""
    block = (hashlib.sha256(key).digest() if len(key) > _HMAC_BLOCK else key).ljust(_HMAC_BLOCK, b"\0")
    row = tuple(bytearray(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return df.sparkSession.createDataFrame([row], "_identifier_inner binary, _identifier_outer binary")


def _hash(number: Column) -> Column:
    inner = F.unhex(F.sha2(F.concat("_identifier_inner", number.cast("binary")), 256))
    return F.sha2(F.concat("_identifier_outer", inner), 256)
