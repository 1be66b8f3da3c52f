"""Any file of people as a table: every column of it, as text where the format holds text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from lib.errors import Unavailable
from lib.sources.storage import list_files

FORMATS = ("csv", "json", "parquet", "delta")
_OPTIONS: dict[str, dict[str, str]] = {
    # Addresses hold quoted newlines. A doubled quote is a quote, as spreadsheets and RFC 4180 have it.
    "csv": {"header": "true", "multiLine": "true", "quote": '"', "escape": '"', "mode": "PERMISSIVE"},
    # A telephone number that stands there as a number keeps its digits.
    "json": {"primitivesAsString": "true", "mode": "PERMISSIVE"},
}


def read_plain(spark: SparkSession, path: str, form: str, options: Mapping[str, str]) -> DataFrame:
    """The table at `path` (a file, folder or glob), in the order of its rows; `options` are Spark's for the format.

    Raises Unavailable where there is nothing, or nothing of this format.
    """
    if form != "delta":
        list_files(spark, path, dataset="input")
    try:
        table = spark.read.format(form).options(**{**_OPTIONS.get(form, {}), **options}).load(path)
    except (PySparkException, Py4JError) as error:
        raise Unavailable(
            f"The input cannot be read as {form}",
            where=path,
            todo=f"is --input-format right? {str(error).splitlines()[0][:300]}",
        ) from None
    if not table.columns:
        raise Unavailable("The input is empty", where=path, todo="a header and rows are wanted")
    return table


def find_column(columns: Sequence[str], wanted: str) -> str | None:
    """The column that is meant: by its exact name, else by the same letters in any case, blanks around left out."""
    if wanted in columns:
        return wanted
    alike = [name for name in columns if name.strip().casefold() == wanted.strip().casefold()]
    return alike[0] if len(alike) == 1 else None
