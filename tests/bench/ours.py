"""The core as the nightly job does it: `daily` with the orders as Parquet, in one process."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.daily import daily
from lib.config import Config, load_config
from lib.datasets import NATIONAL_METRICS
from lib.run.run import Run
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.session import get_session, home
from lib.tables import open_store
from tests.bench.data import DAYS

_HEAP = "spark.driver.memory"


def config_for(source: Path, tables: str) -> Config:
    """The local configuration, but for where the data is."""
    settings = {
        "sources.orders.format": "parquet",
        "sources.orders.path": source / "orders",
        "sources.catalog.path": source / "catalog.jsonl",
        "sources.customers.path": source / "customers.csv",
        "sources.inventory.path": source / "inventory.jsonl",
        "tables.root": tables,
    }
    return load_config(home() / "conf", "local", [f"{key}={value}" for key, value in settings.items()])


def main(source: str, tables: str, memory: str) -> None:
    """Run the night; the clock starts when the session is there, as for the other systems."""
    config = config_for(Path(source), tables)
    spark = get_session("bench ours", {**config.spark, _HEAP: memory})
    began = time.monotonic()
    run = Run.start("daily", Window(*DAYS), config, spark, open_store(spark, config.tables), Terminal())
    daily(run)
    run.finish("published")
    seconds = time.monotonic() - began
    national = run.store.read(NATIONAL_METRICS.path)
    assert national is not None, "the job has just published it"
    told: dict[str, Any] = {
        "seconds": seconds,
        "stages": {name: round(value, 1) for name, value in run.report.seconds.items()},
        "totals": totals(national),
        "cached_mb": cached_megabytes(spark),
        "heap_mb": heap_megabytes(spark),
    }
    spark.stop()
    sys.stdout.write(json.dumps(told) + "\n")


def totals(national: Any) -> dict[str, str]:
    """What must be the same in every system: sums over the days of the national metrics."""
    names = ("total_order_lines", "total_orders", "unique_customers", "total_revenue_inr", "net_revenue_inr")
    row = national.agg(*[F.sum(name).alias(name) for name in names]).first()
    return {name: str(row[name]) for name in names}


def cached_megabytes(spark: SparkSession) -> int:
    """What is cached, in memory and on disk: an executor's storage, which in local mode shares the driver's heap."""
    context: Any = spark.sparkContext
    infos = context._jsc.sc().getRDDStorageInfo()
    return int(sum(info.memSize() + info.diskSize() for info in infos)) >> 20


def heap_megabytes(spark: SparkSession) -> int:
    """The driver's heap in use after a collection, without what executors cache."""
    spark.catalog.clearCache()
    jvm: Any = spark._jvm
    memory = jvm.java.lang.management.ManagementFactory.getMemoryMXBean()
    used = []
    for _ in range(3):  # cached blocks are freed by references that the first collection finds
        memory.gc()
        time.sleep(1)
        used.append(int(memory.getHeapMemoryUsage().getUsed()) >> 20)
    return min(used)


if __name__ == "__main__":
    main(*sys.argv[1:])
