"""Raw data in. `read_source` is the one door; a new kind of source is one more entry in `READERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyspark.sql import DataFrame, SparkSession

from lib.config import Source
from lib.datasets import Contract
from lib.sources.files import read_files
from lib.sources.position import MALFORMED, SOURCE_FILE, SOURCE_RECORD
from lib.sources.records import Records

Reader = Callable[[SparkSession, Contract, Source], Records]

READERS: Mapping[str, Reader] = {"csv": read_files, "json": read_files, "parquet": read_files, "delta": read_files}


def open_source(spark: SparkSession, contract: Contract, source: Source) -> Records:
    """The records of a source in canonical columns as text, with `_malformed`, `_source_file`, `_source_record`.

    Nothing is read but heads of files. Raises Unavailable or ConfigError before any job runs when the source cannot be
    what the mapping says.
    """
    return READERS[source.format](spark, contract, source)


def read_source(spark: SparkSession, contract: Contract, source: Source) -> DataFrame | None:
    """The records of a source as `open_source` gives them; None where the source holds nothing at all."""
    return open_source(spark, contract, source).frame


__all__ = ["MALFORMED", "READERS", "SOURCE_FILE", "SOURCE_RECORD", "Records", "open_source", "read_source"]
