"""What safety costs: a night's tables through our store, reconciled, with ledger and report, against bare `df.write`.

As a module: prints JSON. Both write the same cached frames, one table after the other, over older ones, in one
session; pairs alternate, and the first one only warms up.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from attrs import frozen
from pyspark.sql import DataFrame
from rich.console import Console
from rich.table import Table

from jobs.daily import daily
from jobs.metrics import measure
from lib.datasets import ALL, GOLD, ORDER_LINES, Contract, Layer
from lib.run.run import Run
from lib.run.store import Scope
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.session import get_session
from lib.tables import open_store
from lib.transform.metrics import of_grain
from tests.bench.data import DAYS, large
from tests.bench.measure import middle, run_module
from tests.bench.ours import config_for

GOAL = 1.4


@frozen
class Written:
    """A table of the night: its rows, and the partitions that they replace (None: the whole table)."""

    contract: Contract
    rows: DataFrame
    scope: Scope | None


def main(source: str, root: str, pairs: str) -> None:
    """Publish a night, then write its tables again and again in both ways."""
    config = config_for(Path(source), f"{root}/safe")
    spark = get_session("bench safety", config.spark)

    def start() -> Run:
        return Run.start("daily", Window(*DAYS), config, spark, open_store(spark, config.tables), Terminal())

    first = start()
    daily(first)
    first.finish("published")
    first.release()
    lines = cached(first.store.read(ORDER_LINES.path))
    frames = tables_of(first, lines)
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(int(pairs) + 1):
        began = time.monotonic()
        safely(start(), lines, frames)
        seconds["ours"].append(time.monotonic() - began)
        began = time.monotonic()
        barely(f"{root}/bare", frames)
        seconds["bare"].append(time.monotonic() - began)
    spark.stop()
    sys.stdout.write(json.dumps({name: values[1:] for name, values in seconds.items()}) + "\n")


def tables_of(run: Run, lines: DataFrame) -> list[Written]:
    """Every table that the run has published; order lines as given, gold as it is computed of them."""
    metrics = measure(run, lines, run.window.dates)
    metrics.count()
    frames = []
    for contract in ALL:
        if contract.layer is Layer.OPS:
            continue
        days = contract.partition_by[-1] if contract.partition_by else None
        if contract == ORDER_LINES:
            rows = lines
        elif contract in GOLD:
            rows = of_grain(metrics, contract)
        else:
            rows = cached(run.store.read(contract.path))
        held = [row[0] for row in rows.select(days).distinct().collect()] if days else []
        frames.append(Written(contract, rows, {days: held} if days else None))
    return frames


def cached(table: DataFrame | None) -> DataFrame:
    """The rows in memory: what is measured is not how they are read."""
    assert table is not None, "the night has just published it"
    rows = table.persist()
    rows.count()
    return rows


def safely(run: Run, lines: DataFrame, frames: list[Written]) -> None:
    """As a night publishes: sums compared, each table observed, checked and committed, then ledger and report."""
    measure(run, lines, run.window.dates)
    for table in frames:
        run.replace(table.rows, table.contract, table.scope)
    run.finish("published")
    run.release()


def barely(root: str, frames: list[Written]) -> None:
    """What a plain script does: overwrite each table, and hope."""
    for table in frames:
        writer = table.rows.write.format("delta").mode("overwrite").partitionBy(*table.contract.partition_by)
        writer.save(f"{root}/{table.contract.path}")


def measure_safety(lines: int, pairs: int) -> dict[str, list[float]]:
    """Seconds of each pair, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        told = run_module("tests.bench.safety", [str(large(lines)), folder, str(pairs)]).told
    return {name: list(told[name]) for name in ("ours", "bare")}


def show_safety(lines: int, seconds: dict[str, list[float]], console: Console) -> None:
    """Both medians and the median of the pairs' ratios."""
    pairs = list(zip(seconds["ours"], seconds["bare"], strict=True))
    table = Table(
        title=f"What safety costs, {lines:,} order lines, {len(pairs)} pair(s), seconds", title_justify="left"
    )
    for name in ("the tables of a night, from memory", "median", "each"):
        table.add_column(name, justify="left" if name.startswith("the") else "right")
    for name, told in (("ours", "checked, reconciled, committed, ledger, report"), ("bare", "bare df.write")):
        table.add_row(told, f"{middle(seconds[name]):.1f}", " ".join(f"{value:.1f}" for value in seconds[name]))
    table.add_row(f"ratio (goal: at most {GOAL})", f"{middle([ours / bare for ours, bare in pairs]):.2f}", "")
    console.print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
