"""Files as a source: CSV, JSON lines, Parquet and Delta become records with a position; malformed ones too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config import Secret, Source
from lib.datasets import Contract
from lib.errors import Unavailable
from lib.sources.changes import asked_for, fields_of, holders, keys_of_rows
from lib.sources.position import MALFORMED, SOURCE_FILE, SOURCE_RECORD
from lib.sources.records import Records, to_canonical
from lib.sources.storage import SourceFile, list_files, parquet_schemas, read_head
from lib.sources.text import CsvForm, csv_header, decode_head, json_keys

# Up to this many files each is a scan of its own, so that a record's number is its number in its file.
_NUMBERED_FILES = 32


def read_files(
    spark: SparkSession, contract: Contract, source: Source, chosen: Sequence[SourceFile] | None = None
) -> Records:
    """The records of a file source: canonical columns as text, `_malformed`, `_source_file`, `_source_record`.

    No frame where every file is empty. A record that does not fit its format has its text in `_malformed` and null
    elsewhere. Nothing is read here but the head of the files; the data is read once, by the action that writes bronze.
    """
    heads: list[str] = []
    if source.format == "delta":
        raws = [(_load(spark, source, contract.name, [source.path]), [source.path])]
    else:
        there = list_files(spark, source.path, dataset=contract.name) if chosen is None else chosen
        files = [file for file in there if file.size > 0]
        if source.format == "parquet":
            raws = _parquet(spark, files, contract, source, all_of_it=chosen is None)
        else:
            read = _csv if source.format == "csv" else _json
            scans = _scans(spark, files, contract, source, heads)
            raws = [(read(spark, paths, columns, contract, source), paths) for columns, paths in scans]
    if not raws:
        return Records(None)
    text = source.format in ("csv", "json")
    fields = [fields_of(raw, contract, source, heads) for raw, _ in raws]
    frames = [
        to_canonical(
            _numbered(raw, numbered=text and len(paths) == 1),
            contract,
            source,
            fields=names,
            text_source=text,
            where=paths[0] if len(raws) > 1 else "",
        )
        for (raw, paths), names in zip(raws, fields, strict=True)
    ]
    return Records.of(reduce(DataFrame.unionByName, frames), contract, source, chain.from_iterable(fields))


def _parquet(
    spark: SparkSession, files: list[SourceFile], contract: Contract, source: Source, *, all_of_it: bool
) -> list[tuple[DataFrame, list[str]]]:
    """A frame for each schema that the files have. Spark would read all of them by the schema of one: what is another
    type there fails, and what has another name is null."""
    schemas = parquet_schemas(spark, files, dataset=contract.name)
    if len(schemas) <= 1 and all_of_it:
        return [(_load(spark, source, contract.name, [source.path]), [source.path])] if schemas else []
    is_folder = not re.search(r"[*?\[{]", source.path) and all(not f.path.endswith(source.path) for f in files)
    base = {"basePath": source.path} if is_folder else {}
    return [(_load(spark, source, contract.name, paths, base), paths) for paths in schemas.values()]


def _scans(
    spark: SparkSession, files: list[SourceFile], contract: Contract, source: Source, fields: list[str]
) -> list[tuple[tuple[str, ...], list[str]]]:
    """(columns, paths) of the scans to make: files that share their columns together, or each alone when few.

    Every file's own header counts: Spark would read a file with another order of columns by position. To `fields` are
    added those of the rows that changes hold, of all files together: a file may hold deletions alone.
    """
    form = CsvForm.of(source)
    scans: list[tuple[tuple[str, ...], list[str]]] = []
    shared: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        head = read_head(spark, file, dataset=contract.name)
        text = decode_head(head, form.encoding, dataset=contract.name, where=file.path)
        if not text.strip():
            continue
        columns = tuple(
            csv_header(text, form, dataset=contract.name, where=file.path)
            if source.format == "csv"
            else json_keys(text)
        )
        if source.format == "json":
            fields += [name for name in keys_of_rows(text, source) if name not in fields]
        if len(files) <= _NUMBERED_FILES:
            scans.append((columns, [file.path]))
        else:
            shared.setdefault(columns, []).append(file.path)
    return scans or list(shared.items())


def _csv(spark: SparkSession, paths: list[str], header: tuple[str, ...], _: Contract, source: Source) -> DataFrame:
    form = CsvForm.of(source)
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*header, MALFORMED)])
    reader = (
        spark.read.schema(schema)
        .options(header=form.header, encoding=form.encoding, quote=form.quote, escape=form.quote)
        .options(mode="PERMISSIVE", columnNameOfCorruptRecord=MALFORMED, **_options(source))
    )
    return reader.csv(paths)


def _json(
    spark: SparkSession, paths: list[str], keys: tuple[str, ...], contract: Contract, source: Source
) -> DataFrame:
    shown = [*keys, *[name for name in holders(source) if name not in keys]]
    names = (*shown, *asked_for(shown, contract, source), MALFORMED)
    schema = T.StructType([T.StructField(name, T.StringType()) for name in names])
    reader = spark.read.schema(schema).options(
        mode="PERMISSIVE", columnNameOfCorruptRecord=MALFORMED, **_options(source)
    )
    return reader.json(paths)


def _load(
    spark: SparkSession, source: Source, dataset: str, paths: list[str], base: Mapping[str, str] | None = None
) -> DataFrame:
    reader: DataFrameReader = spark.read.format(source.format).options(**{**(base or {}), **_options(source)})
    try:
        frame = reader.load(paths if len(paths) > 1 else paths[0])
    except AnalysisException as error:
        raise Unavailable(
            f"The source `{dataset}` cannot be read as {source.format}",
            where=paths[0],
            todo=str(error).splitlines()[0],
        ) from None
    return frame.withColumn(MALFORMED, F.lit(None).cast("string"))


def _options(source: Source) -> dict[str, str]:
    values = {key: value.reveal() if isinstance(value, Secret) else value for key, value in source.options.items()}
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in values.items()}


def _numbered(raw: DataFrame, *, numbered: bool) -> DataFrame:
    """Beside each record the file that it is from and, where that can be told, its number in it (from 1).

    One file is one scan there, so the low bits of `monotonically_increasing_id` count the records of a split; only the
    first split of a large file starts at its beginning, later ones get null.
    """
    number = F.lit(None).cast("long")
    if numbered:
        in_split = F.monotonically_increasing_id().bitwiseAND(F.lit((1 << 33) - 1)) + 1
        number = F.when(F.col("_metadata.file_block_start") == 0, in_split)
    return raw.select("*", F.col("_metadata.file_path").alias(SOURCE_FILE), number.alias(SOURCE_RECORD))
