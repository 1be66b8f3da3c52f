"""Writes a sample with Spark: tens of millions of lines, by the same generator, as Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.sample.dimensions import write_dimensions
from lib.sample.inventory import Inventory, StockEvent
from lib.sample.order_rows import HEADER, OrderRows
from lib.sample.orders import Orders
from lib.sample.spark_truth import TRUTH_SCHEMA, Maker, account, cells, truth_maker
from lib.sample.spec import SampleSpec, SampleSummary
from lib.sample.truth import COUNTED, Account
from lib.sample.world import World
from lib.sample.write import summary, write_truth

if TYPE_CHECKING:
    import pyarrow as pa

_LINES_PER_FILE = 1_000_000
_BLOCKS_PER_BATCH = 2_000
_ROW_SCHEMA = T.StructType([T.StructField(name, T.StringType()) for name in HEADER])


def write_sample_with_spark(spark: SparkSession, spec: SampleSpec, root: str) -> SampleSummary:
    """Write sources and truth below root, a path that Spark can write.

    orders/ is Parquet with the columns of the export, all strings; the other sources are as `write_sample`
    makes them. A record with too few fields cannot be in Parquet: malformed order records are left out.
    truth/ has order_lines/ as Parquet (every line that was meant, with `is_good` and money in paise) beside
    the small files.
    """
    events = Inventory(spec).events()
    world = World(spec, events)
    # About a million lines a file, but work for every core.
    slices = max(spark.sparkContext.defaultParallelism, -(-spec.lines // _LINES_PER_FILE))
    shared = spark.sparkContext.broadcast(world)
    blocks = Orders(world).blocks
    rows = _frame(spark, blocks, slices, lambda: _row_maker(shared.value), _ROW_SCHEMA)
    rows.write.mode("overwrite").parquet(f"{root}/orders")
    lines = _frame(spark, blocks, slices, lambda: truth_maker(shared.value), TRUTH_SCHEMA)
    lines.write.mode("overwrite").parquet(f"{root}/truth/order_lines")
    written = spark.read.schema(TRUTH_SCHEMA).parquet(f"{root}/truth/order_lines")
    with tempfile.TemporaryDirectory() as folder:
        accounts = _write_small(Path(folder), world, written, events)
        _copy(spark, Path(folder), root)
    shared.unpersist()
    return summary(root, accounts)


def _write_small(folder: Path, world: World, lines: DataFrame, events: list[StockEvent]) -> dict[str, Account]:
    (folder / "truth").mkdir()
    with (folder / "truth" / "refused.jsonl").open("w", encoding="utf-8", newline="") as refused:
        found = lines.where(F.col("refusal").isNotNull()).select("refusal", "order_id", "line_no")
        for row in found.orderBy("order_id", "line_no").toLocalIterator():
            refused.write(row["refusal"] + "\n")
        accounts = {"orders": account(lines), **write_dimensions(folder, world, events, refused)}
    counted_row = lines.agg(*(F.sum(f"is_{name}").alias(name) for name in COUNTED)).first()
    counted = {name: int(counted_row[name] or 0) for name in COUNTED} if counted_row is not None else {}
    write_truth(folder / "truth", world.spec, cells(lines), accounts, counted)
    return accounts


def _frame(
    spark: SparkSession, blocks: int, slices: int, make_maker: Callable[[], Maker], schema: T.StructType
) -> DataFrame:
    """The rows of all blocks: in Arrow batches, or one by one where pyarrow cannot be imported."""
    if _has_arrow():
        return spark.range(0, blocks, 1, slices).mapInArrow(_batches(make_maker, schema), schema)

    def run(numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        maker = make_maker()
        return (row for number in numbers for row in maker(number))

    made = spark.sparkContext.range(0, blocks, 1, slices).mapPartitions(run)
    return spark.createDataFrame(made, schema, verifySchema=False)


def _has_arrow() -> bool:
    # Not every platform ships pyarrow, and a pyarrow that wants another numpy does not import either.
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True


def _batches(
    make_maker: Callable[[], Maker], schema: T.StructType
) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    """A function for mapInArrow: block numbers in, the rows of those blocks out."""
    names = schema.names
    kinds = [field.dataType.simpleString() for field in schema.fields]

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "bigint": pa.int64(),
            "boolean": pa.bool_(),
            "array<string>": pa.list_(pa.string()),
        }
        maker = make_maker()
        for batch in batches:
            numbers = batch.column(0).to_pylist()
            for start in range(0, len(numbers), _BLOCKS_PER_BATCH):
                rows = [row for number in numbers[start : start + _BLOCKS_PER_BATCH] for row in maker(number)]
                columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
                arrays = [pa.array(column, types[kind]) for column, kind in zip(columns, kinds, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, names=names)

    return run


def _row_maker(world: World) -> Maker:
    orders, rows = Orders(world), OrderRows(world)

    def make(block: int) -> Iterator[tuple[Any, ...]]:
        for lines in orders.block(block):
            for row in rows.of_order(lines):
                if not row.malformed:
                    # Parquet can say what CSV cannot: an empty cell is null.
                    yield tuple(cell or None for cell in row.cells)

    return make


def _copy(spark: SparkSession, folder: Path, root: str) -> None:
    """Put the small files where the large ones are, on whatever file system that is."""
    context: Any = spark.sparkContext
    hadoop = context._jvm.org.apache.hadoop.fs
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            target = hadoop.Path(f"{root}/{path.relative_to(folder).as_posix()}")
            target.getFileSystem(context._jsc.hadoopConfiguration()).copyFromLocalFile(
                True, True, hadoop.Path(path.as_uri()), target
            )
