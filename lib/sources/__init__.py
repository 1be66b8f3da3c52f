"""Raw data in. `read_source` is the one door; a new kind of source is one more entry in `READERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession

from lib.config import Source
from lib.datasets import Contract
from lib.sources.files import read_files
from lib.sources.position import MALFORMED, SOURCE_FILE, SOURCE_RECORD
from lib.sources.records import Records
from lib.sources.storage import SourceFile

Files = Sequence[SourceFile] | None
Reader = Callable[[SparkSession, Contract, Source, Files], Records]

READERS: Mapping[str, Reader] = {"csv": read_files, "json": read_files, "parquet": read_files, "delta": read_files}


def open_source(spark: SparkSession, contract: Contract, source: Source, files: Files = None) -> Records:
    """The records of a source in canonical columns as text, with `_malformed`, `_source_file`, `_source_record`.

    Of all that its path means, or of these `files` alone. Nothing is read but heads of files. Raises Unavailable or
    ConfigError before any job runs when the source cannot be what the mapping says.
    """
    return READERS[source.format](spark, contract, source, files)


def read_source(spark: SparkSession, contract: Contract, source: Source) -> DataFrame | None:
    """The records of a source as `open_source` gives them; None where the source holds nothing at all."""
    return open_source(spark, contract, source).frame


__all__ = ["MALFORMED", "READERS", "SOURCE_FILE", "SOURCE_RECORD", "Records", "open_source", "read_source"]
