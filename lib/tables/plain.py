"""A table as plain files in a folder of the user's own: CSV, JSON lines, Parquet or Delta."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.errors import UsageError
from lib.tables.filesystem import Storage
from lib.tables.trouble import writing

_NO_TEXT_FOR = (T.ArrayType, T.MapType, T.StructType, T.BinaryType)
_NOT_IN_DELTA = " ,;{}()\n\t="
_OPTIONS: dict[str, dict[str, str]] = {
    "csv": {
        "header": "true",
        "quote": '"',
        "escape": '"',
        "emptyValue": "",
        # As it was read: Spark's writer would trim.
        "ignoreLeadingWhiteSpace": "false",
        "ignoreTrailingWhiteSpace": "false",
    },
}


def require_free(storage: Storage, *, overwrite: bool) -> None:
    """Raise UsageError where the folder holds anything, unless it may be overwritten."""
    if not overwrite and any(not name.startswith(".") for name in storage.children("")):
        raise UsageError(
            "The output folder is not empty; nothing was written",
            where=storage.root,
            todo="give another folder, or --overwrite to replace what is there",
        )


def write_plain(rows: DataFrame, storage: Storage, form: str) -> None:
    """Replace what the folder holds by `rows`. Arrays and structs become JSON text where the format has none."""
    told = rows.select(*[_column(field, form) for field in rows.schema.fields])
    with writing(storage.root):
        writer = told.write.format(form).mode("overwrite").options(**_OPTIONS.get(form, {}))
        if form == "delta":
            writer = writer.option("overwriteSchema", "true")
        writer.save(storage.root)


def _column(field: T.StructField, form: str) -> Column:
    value = F.col("`" + field.name.replace("`", "``") + "`")
    if form == "csv" and isinstance(field.dataType, _NO_TEXT_FOR):
        as_text = F.base64(value) if isinstance(field.dataType, T.BinaryType) else F.to_json(value)
        return as_text.alias(field.name)
    if form == "delta":  # Delta takes no blanks and brackets in names
        return value.alias("".join("_" if letter in _NOT_IN_DELTA else letter for letter in field.name.strip()))
    return value
