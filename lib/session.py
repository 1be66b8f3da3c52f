"""One way to get a SparkSession: Delta, UTC, a platform's settings respected, local tuning where there is none."""

from __future__ import annotations

import logging
import os
import re
import shlex
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lib.config import Secret
from lib.errors import ConfigError

# Spark's own pattern of settings that it shows as *********.
_REDACTED = "(?i)secret|password|token|access[.]?key"

_EMPTY_RELATIONS = "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation"

# One conf for all threads of a session.
_DIALECT = threading.Lock()

_DELTA = {
    # Both are needed for MERGE, replaceWhere on expressions and CREATE TABLE with properties.
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    # A table says whose it is (`delta.dabba.owner`) in the commit that makes it.
    "spark.databricks.delta.allowArbitraryProperties.enabled": "true",
}


def get_session(name: str = "dabba", settings: Mapping[str, object] | None = None) -> SparkSession:
    """The session of this process: the running one, the platform's, or a local one with Delta.

    `settings` (conf's `spark` section) come before our defaults. What spark-submit or the platform has set is kept;
    only the session time zone is always UTC, because every instant in every table is.
    """
    already = _already_set()
    plain = {key: str(value) for key, value in (settings or {}).items() if not isinstance(value, Secret)}
    secrets = {key: value for key, value in (settings or {}).items() if isinstance(value, Secret)}
    wanted = {**_defaults(already), **plain}
    if secrets:
        wanted["spark.redaction.regex"] = "|".join(
            [
                wanted.get("spark.redaction.regex", _REDACTED),
                *[re.escape(key.removeprefix("spark.hadoop.")) for key in secrets],
            ]
        )
    builder = SparkSession.builder.appName(name)
    for key, value in wanted.items():
        if key not in already:
            builder = builder.config(key, value)
    spark = builder.getOrCreate()
    for key, secret in secrets.items():
        # Only now: what Spark is started with stands on Java's command line, for all to see. Conf admits spark.hadoop.*
        # only, which is read at the moment of use.
        spark._jsc.hadoopConfiguration().set(key.removeprefix("spark.hadoop."), secret.reveal())
    _silence_java_output(spark)
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # Spark 4 reads CSV in Unicode and Latin-1 only unless told; what Excel exports is often windows-1252.
    spark.conf.set("spark.sql.legacy.javaCharsets", "true")
    # Spark 3.5's default stops the job at a time that Spark 2 would have read; with this it is null, as in Spark 4.
    spark.conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED")
    # Days before 1900 are as they stand; Spark 3.5 would stop at one, in the middle of a night.
    for kind in ("datetime", "int96"):
        for way in ("Read", "Write"):
            spark.conf.set(f"spark.sql.parquet.{kind}RebaseModeIn{way}", "CORRECTED")
    # Where nothing is left to do, Spark 3.5 would cut off the branch of the plan in which rows are counted as they pass
    # (`Observation`), and who asks for the count would wait for ever.
    excluded = spark.conf.get("spark.sql.adaptive.optimizer.excludedRules", "")
    if _EMPTY_RELATIONS not in str(excluded):
        spark.conf.set("spark.sql.adaptive.optimizer.excludedRules", f"{excluded},{_EMPTY_RELATIONS}".strip(","))
    # PySpark 4 prints every error once more, as JSON that may quote rows; what a user is told comes from lib.errors.
    for logger in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    if "delta" not in str(spark.conf.get("spark.sql.extensions", "")).lower():
        raise ConfigError(
            "This Spark session has no Delta",
            where=f"Spark {spark.version}, spark.sql.extensions is not io.delta.sql.DeltaSparkSessionExtension",
            todo="enable the platform's Delta (EMR: classification delta-defaults; Dataproc: "
            "--optional-components=DELTA), or start Python through ./spark-submit.sh",
        )
    return spark


def _silence_java_output(spark: SparkSession) -> None:
    """Standard output is the job's own: Delta prints a line there for each property of ours that it does not know."""
    if str(spark.sparkContext.master).startswith("local"):
        jvm: Any = spark._jvm
        nothing = jvm.java.io.PrintStream(jvm.java.io.OutputStream.nullOutputStream())
        jvm.java.lang.System.setOut(nothing)


@contextmanager
def session(name: str, settings: Mapping[str, object] | None = None) -> Iterator[SparkSession]:
    """A session for a job: stopped at the end if it was started here; a notebook's or a test's own lives on."""
    borrowed = SparkSession.getActiveSession() is not None
    spark = get_session(name, settings)
    try:
        yield spark
    finally:
        if not borrowed:
            spark.stop()


@contextmanager
def lenient(spark: SparkSession) -> Iterator[None]:
    """Expressions of conf that are analysed inside mean the same in both dialects: null where they cannot be computed.

    Spark keeps the dialect with the expression, so it is the analysis that counts, not when the query runs.
    """
    with _DIALECT:
        before = spark.conf.get("spark.sql.ansi.enabled", "false")
        spark.conf.set("spark.sql.ansi.enabled", "false")
        try:
            yield
        finally:
            spark.conf.set("spark.sql.ansi.enabled", str(before))


def _already_set() -> dict[str, str]:
    """What the launcher has set: the confs of spark-submit's JVM, or the flags that spark-submit.sh passes on."""
    running = SparkSession.getActiveSession()
    if running is not None:
        return dict(running.sparkContext.getConf().getAll())
    if "PYSPARK_GATEWAY_PORT" in os.environ:  # started by spark-submit: its JVM holds every conf
        from pyspark import SparkConf, SparkContext

        SparkContext._ensure_initialized()
        return dict(SparkConf().getAll())
    flags = shlex.split(os.environ.get("PYSPARK_SUBMIT_ARGS", ""))
    found: dict[str, str] = {}
    for flag, value in pairwise([*flags, ""]):
        if flag in ("--conf", "-c"):
            key, _, setting = value.partition("=")
            found[key] = setting
        elif flag == "--master":
            found["spark.master"] = value
        elif flag == "--driver-memory":
            found["spark.driver.memory"] = value
        elif flag == "--driver-class-path":
            found["spark.driver.extraClassPath"] = value
        elif flag == "--driver-java-options":
            found["spark.driver.extraJavaOptions"] = value
    return found


def _defaults(already: Mapping[str, str]) -> dict[str, str]:
    master = already.get("spark.master", "local[*]")
    common = {
        **_DELTA,
        # The JVM never compiles a generated method of more than 8,000 bytes; Spark then had better not generate it.
        # Measured: a quarter less CPU in the typed and de-duplicated steps of conform.
        "spark.sql.codegen.hugeMethodLimit": "8000",
        # Spark writes down the plan of every query for its UI and its event log, and again whenever it adapts it: up to
        # 40 MB for one of ours. On 3.5 that was most of a driver's work, and more than its 3 GB could hold.
        "spark.sql.debug.maxToStringFields": "0",
        "spark.sql.maxPlanStringLength": "100000",
    }
    if not master.startswith("local") or "PYSPARK_GATEWAY_PORT" in os.environ:
        return common
    # Workers must run the interpreter that drives them; the PATH's may be another version.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    # Workers import what the driver calls, whatever folder a notebook was started in.
    beside = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(home()) not in beside:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(home()), *beside]))
    return {**common, **_local(master)}


def _local(master: str) -> dict[str, str]:
    cores = str(os.cpu_count() or 2)
    return {
        "spark.master": master,
        # 200 partitions of nothing cost seconds; with adaptive execution the cores are enough.
        "spark.sql.shuffle.partitions": cores,
        "spark.default.parallelism": cores,
        # Delta reads its log with 50 tasks by default; a local log is a handful of files.
        "spark.databricks.delta.snapshotPartitions": "2",
        # VACUUM lists a table's folders with 10,000 tasks by default: a minute for a folder of six files.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": cores,
        # A web server that nobody looks at costs a second at start, and a port.
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # What it would show is kept all the same, plans as text: 70 MB for each night of a long session.
        "spark.sql.ui.retainedExecutions": "100",
        # The machine's name may resolve to an interface that is down.
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # Enough for tens of millions of lines; tables stream through, only their plans are held.
        "spark.driver.memory": "3g",
        # The jars by path: resolving them through Ivy costs seconds at every start.
        "spark.driver.extraClassPath": ":".join(str(jar) for jar in sorted(_home_file("jars").glob("*.jar"))),
        "spark.driver.extraJavaOptions": " ".join(_java_options()),
    }


def _java_options() -> list[str]:
    options = [
        "-XX:+UseSerialGC",  # two cores: a parallel collector only gets in the way
        "-Dderby.system.home=/tmp",
        "-Djava.net.preferIPv6Addresses=false",
    ]
    quiet = home() / "conf" / "log4j2.properties"
    if quiet.is_file():
        options.append(f"'-Dlog4j2.configurationFile={quiet.as_uri()}'")
    archive = _home_file("cds").with_name(f"{_line()}.jsa")
    if archive.is_file():
        # Classes already parsed and verified: a quarter off the start (docs/decisions/start-up.md).
        options += [f"'-XX:SharedArchiveFile={archive}'", "-Xshare:auto", "-Xlog:disable", "-Xlog:all=off"]
    return options


def home() -> Path:
    """The checkout: $DABBA_HOME, or where this package lies."""
    return Path(os.environ.get("DABBA_HOME", Path(__file__).resolve().parent.parent))


def conf_folder() -> Path:
    """The folder of base.yaml: `conf/` of the checkout, or the one that the package carries where it is installed."""
    beside = home() / "conf"
    if beside.is_dir():
        return beside
    packaged = resources.files("lib") / "conf"
    if isinstance(packaged, Path):
        return packaged
    # In a cluster the package is a zip: its values are laid out as files once, for this process.
    unpacked = Path(tempfile.mkdtemp(prefix="dabba-conf-"))
    for file in packaged.iterdir():
        if file.is_file():
            (unpacked / file.name).write_bytes(file.read_bytes())
    return unpacked


def _line() -> str:
    import pyspark

    return "spark-" + ".".join(pyspark.__version__.split(".")[:2])


def _home_file(kind: str) -> Path:
    return home() / ".dabba" / kind / _line()
