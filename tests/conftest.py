"""What all tests share: one Spark session for the whole run, both SQL dialects, and frames that read like tables."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import pyspark
import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config import Config, load_config
from lib.session import get_session, home

os.environ.setdefault("TZ", "UTC")
time.tzset()

Rows = Sequence[Sequence[Any]]
Frame = Callable[[str, Rows], DataFrame]
Shown = Callable[[DataFrame], list[tuple[Any, ...]]]
Expect = Callable[..., None]

_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}

# Written as text in a test, read by Spark: dates and instants (UTC) then do not depend on Python's time zone.
_AS_TEXT = (T.TimestampType, T.DateType, T.DecimalType)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session of the whole test run."""
    session = get_session(
        "dabba tests",
        {
            "spark.master": "local[2]",
            # Tiny frames: more partitions only are more tasks, and adaptive re-planning costs more than it saves.
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.adaptive.enabled": "false",
            "spark.default.parallelism": "2",
            "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
            # Of the classes that Spark makes for each plan, few run on more than a few rows: interpreting is twice as
            # fast. Spark 3.5's run, which leaves the longest tests out, and the tests of processes do it as jobs do.
            # Tests read plans, and look for secrets in them.
            "spark.sql.debug.maxToStringFields": "25",
            "spark.sql.maxPlanStringLength": str(2**31 - 16),
            **(_INTERPRETED if pyspark.__version__ >= "4" else {}),
            "spark.driver.defaultJavaOptions": "-XX:ReservedCodeCacheSize=240m",
        },
    )
    yield session
    session.stop()


class Figures:
    """What the tests count, for docs/reliability.md: `add` sums up, of `took` the median is told.

    A name is what a reader of the page is told: "kills survived", "rows compared".
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.seconds: dict[str, list[float]] = {}

    def add(self, name: str, number: int = 1) -> None:
        """Add to a count; 0 is a figure too (no row lost)."""
        self.counts[name] = self.counts.get(name, 0) + number

    def took(self, name: str, seconds: float) -> None:
        """Note how long something took: told, never asserted."""
        self.seconds.setdefault(name, []).append(seconds)

    def as_json(self) -> dict[str, float]:
        """Counts, and medians."""
        return {**self.counts, **{name: round(median(values), 1) for name, values in self.seconds.items()}}


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Counts for docs/reliability.md, left in .dabba/figures/ for `make reliability`."""
    found = Figures()
    yield found
    file = home() / ".dabba" / "figures" / f"spark-{pyspark.__version__[:3]}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found.as_json(), indent=2, sort_keys=True) + "\n", "utf-8")


@pytest.fixture(params=["false", "true"], ids=["ansi-off", "ansi-on"])
def ansi(request: pytest.FixtureRequest, spark: SparkSession) -> Iterator[bool]:
    """Runs the test in both SQL dialects: Spark 3.5's default and Spark 4's."""
    before = spark.conf.get("spark.sql.ansi.enabled", "false")
    spark.conf.set("spark.sql.ansi.enabled", request.param)
    yield request.param == "true"
    spark.conf.set("spark.sql.ansi.enabled", str(before))


@pytest.fixture(scope="session")
def conf() -> Path:
    """The project's own conf/."""
    return Path(__file__).resolve().parent.parent / "conf"


@pytest.fixture
def make_config(tmp_path: Path, conf: Path) -> Callable[..., Config]:
    """`make_config("key=value", ...)`: the project's own base, with one source of orders."""

    def load(*settings: str) -> Config:
        source = tmp_path / "one_source.yaml"
        source.write_text("sources: {orders: {format: csv, path: orders.csv}}\ntables: {root: tables}\n", "utf-8")
        return load_config(conf, str(source), settings)

    return load


@pytest.fixture(scope="session")
def frame(spark: SparkSession) -> Frame:
    """`frame("id STRING, at TIMESTAMP, inr DECIMAL(18,2)", rows)`: dates, instants and decimals are written as text."""

    def build(ddl: str, rows: Rows) -> DataFrame:
        schema = T._parse_datatype_string(ddl)
        assert isinstance(schema, T.StructType)
        written = T.StructType(
            [T.StructField(f.name, T.StringType() if isinstance(f.dataType, _AS_TEXT) else f.dataType) for f in schema]
        )
        raw = spark.createDataFrame([tuple(row) for row in rows], written)
        return raw.select(*[F.col(f"`{f.name}`").cast(f.dataType).alias(f.name) for f in schema])

    return build


@pytest.fixture(scope="session")
def shown() -> Shown:
    """The rows of a frame as tuples, sorted; dates, instants and decimals as text."""

    def collect(df: DataFrame) -> list[tuple[Any, ...]]:
        readable = [
            (F.col(f"`{f.name}`").cast("string") if isinstance(f.dataType, _AS_TEXT) else F.col(f"`{f.name}`")).alias(
                f.name
            )
            for f in df.schema
        ]
        return sorted((tuple(row) for row in df.select(*readable).collect()), key=str)

    return collect


@pytest.fixture(scope="session")
def expect(frame: Frame) -> Expect:
    """A table of examples, input and `expected` side by side; every row that differs is told, as a whole."""

    def check(ddl: str, rows: Rows, actual: Column | Callable[[DataFrame], DataFrame]) -> None:
        given = frame(ddl, rows)
        found = actual(given) if callable(actual) else given.withColumn("actual", actual)
        kinds = {f.name: f.dataType.simpleString() for f in found.schema}
        assert kinds["actual"] == kinds["expected"], f"type {kinds['actual']}, expected {kinds['expected']}"
        collected = found.withColumn("_same", F.col("actual").eqNullSafe(F.col("expected"))).collect()
        assert len(collected) == len(rows), "rows were lost or doubled"
        wrong = [row.asDict() for row in collected if not row["_same"]]
        assert not wrong, "\n".join(str(row) for row in wrong)

    return check


@pytest.fixture(scope="session")
def examples_of() -> Callable[[SearchStrategy[Any], int], list[Any]]:
    """`examples_of(strategy, 200)`: Hypothesis's examples as one batch, for one Spark job instead of one each."""

    def collect(strategy: SearchStrategy[Any], number: int) -> list[Any]:
        found: list[Any] = []

        @settings(max_examples=number, database=None, phases=[Phase.generate], deadline=None)
        @given(strategy)
        def gather(example: Any) -> None:
            found.append(example)

        gather()
        return found

    return collect
