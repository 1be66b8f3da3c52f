"""Files on any storage that Spark reaches (local, HDFS, S3, GCS), through Hadoop's FileSystem."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import frozen
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from lib.errors import Unavailable

_HEAD_BYTES = 1 << 18


@frozen
class SourceFile:
    """One file of a source. `changed_at`: milliseconds since 1970, as its storage tells."""

    path: str
    size: int
    changed_at: int = 0


def list_files(spark: SparkSession, path: str, *, dataset: str, at_least: int = 1) -> list[SourceFile]:
    """The data files that a path, a glob or a folder (searched recursively) means, in order of name.

    Raises Unavailable when there are fewer than `at_least`, or the storage cannot be read.
    """
    jvm = _jvm(spark)
    hadoop_path = jvm.org.apache.hadoop.fs.Path(path)
    try:
        fs = hadoop_path.getFileSystem(_configuration(spark))
        statuses = fs.globStatus(hadoop_path)
        found = [file for status in statuses or () for file in _files_below(fs, status)]
    except Py4JJavaError as error:
        raise Unavailable(
            f"The source `{dataset}` cannot be read: {cause(error)}", where=path, todo="check the path and its rights"
        ) from None
    if len(found) < at_least:
        raise Unavailable(
            f"The source `{dataset}` has no file",
            where=str(hadoop_path.makeQualified(fs.getUri(), fs.getWorkingDirectory()).toString()),
            todo=f"check sources.{dataset}.path; a path, a glob or a folder",
        )
    return sorted(found, key=lambda file: file.path)


def read_head(spark: SparkSession, file: SourceFile, *, dataset: str) -> bytes:
    """The first 256 KiB of a file, decompressed by its ending as Spark would."""
    jvm = _jvm(spark)
    path = jvm.org.apache.hadoop.fs.Path(file.path)
    conf = _configuration(spark)
    try:
        stream = path.getFileSystem(conf).open(path)
        codec = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(conf).getCodec(path)
        unpacked = codec.createInputStream(stream) if codec is not None else stream
        try:
            return bytes(unpacked.readNBytes(_HEAD_BYTES))
        finally:
            unpacked.close()
    except Py4JJavaError as error:
        raise Unavailable(
            f"A file of the source `{dataset}` cannot be read: {cause(error)}",
            where=file.path,
            todo="is it complete, and compressed as its ending says?",
        ) from None


def parquet_schemas(spark: SparkSession, files: list[SourceFile], *, dataset: str) -> dict[str, list[str]]:
    """The files by their schemas, from their footers; Unavailable names a file that is not whole."""
    with ThreadPoolExecutor(max_workers=8) as pool:  # on an object store each footer is two requests
        schemas = list(pool.map(lambda file: _parquet_schema(spark, file, dataset), files))
    found: dict[str, list[str]] = {}
    for file, schema in zip(files, schemas, strict=True):
        found.setdefault(schema, []).append(file.path)
    return found


def _parquet_schema(spark: SparkSession, file: SourceFile, dataset: str) -> str:
    parquet = _jvm(spark).org.apache.parquet.hadoop
    path = _jvm(spark).org.apache.hadoop.fs.Path(file.path)
    try:
        reader = parquet.ParquetFileReader.open(parquet.util.HadoopInputFile.fromPath(path, _configuration(spark)))
        try:
            return str(reader.getFileMetaData().getSchema().toString())
        finally:
            reader.close()
    except Py4JJavaError as error:
        raise Unavailable(
            f"A file of the source `{dataset}` cannot be read: {kind(error)}",
            where=file.path,
            todo="is it Parquet, and complete? fetch it again",
        ) from None


def damaged_file(spark: SparkSession, path: str) -> str | None:
    """The first compressed file below `path` that cannot be unpacked to its end; looked for once reading has failed."""
    conf = _configuration(spark)
    codecs = _jvm(spark).org.apache.hadoop.io.compress.CompressionCodecFactory(conf)
    for file in list_files(spark, path, dataset="source"):
        hadoop_path = _jvm(spark).org.apache.hadoop.fs.Path(file.path)
        codec = codecs.getCodec(hadoop_path)
        if codec is None:
            continue
        try:
            stream = codec.createInputStream(hadoop_path.getFileSystem(conf).open(hadoop_path))
            _jvm(spark).org.apache.commons.io.IOUtils.consume(stream)
        except Py4JJavaError:
            return file.path
    return None


def kind(error: Py4JJavaError) -> str:
    """The class of the innermost Java cause: for failures inside data, whose messages may quote it."""
    inner = error.java_exception
    while inner.getCause() is not None:
        inner = inner.getCause()
    return str(inner.getClass().getSimpleName())


def cause(error: Py4JJavaError) -> str:
    """The first line of the innermost Java cause; with its class name where that tells more."""
    inner = error.java_exception
    while inner.getCause() is not None:
        inner = inner.getCause()
    message = str(inner.getMessage() or "").splitlines()
    name = str(inner.getClass().getSimpleName())
    if not message:
        return name
    return message[0] if name in ("IOException", "EOFException", "ZipException") else f"{name}: {message[0]}"


def _files_below(fs: Any, status: Any) -> list[SourceFile]:
    name = status.getPath().getName()
    if name.startswith(("_", ".")):
        return []
    if status.isFile():
        return [SourceFile(status.getPath().toString(), status.getLen(), status.getModificationTime())]
    return [file for child in fs.listStatus(status.getPath()) for file in _files_below(fs, child)]


def _jvm(spark: SparkSession) -> Any:
    return spark._jvm


def _configuration(spark: SparkSession) -> Any:
    return spark._jsparkSession.sessionState().newHadoopConf()
