"""The data of the benchmarks, made once below data/bench/: the default sample, and Parquet at any size."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from lib.session import get_session, home
from tests.bench.measure import run_module

DAYS = (date(2025, 10, 17), date(2025, 10, 22))  # first, and the day after the last

_BASE = 1_000_000
_COPIED = ("catalog.jsonl", "customers.csv", "inventory.jsonl")
_DONE = "_made"


def sample() -> Path:
    """The default sample: 20,000 order lines of five days."""
    return _made("sample", [])


def large(lines: int) -> Path:
    """`lines` order lines as Parquet, all strings as the export has them, beside the other sources.

    Up to a million by the generator of the sample. Beyond, the million again and again under other order numbers:
    the generator is plain Python, and ten million lines would take it ten minutes. Customers, products and stock stay
    those of the million, so that from 1M to 10M nothing grows but the lines.
    """
    if lines <= _BASE:
        return _made(str(lines), ["--lines", str(lines), "--large"])
    if lines % _BASE:
        raise ValueError(f"{lines} lines: above a million only whole millions")
    return _repeated(lines // _BASE)


def _made(name: str, options: list[str]) -> Path:
    folder = home() / "data" / "bench" / name
    if not (folder / _DONE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        dates = ["--start", str(DAYS[0]), "--end", str(DAYS[1])]
        run_module("jobs.main", ["sample", "--output", str(folder), *dates, *options])
        (folder / _DONE).touch()
    return folder


def _repeated(copies: int) -> Path:
    folder = home() / "data" / "bench" / str(copies * _BASE)
    if (folder / _DONE).exists():
        return folder
    base = large(_BASE)
    shutil.rmtree(folder, ignore_errors=True)
    spark = get_session("bench data")
    try:
        lines = spark.read.parquet(str(base / "orders"))
        for copy in range(copies):
            # A missing number stays missing; OD0000000007 becomes OD0300000007.
            number = f"CAST(substring(order_id, 3) AS bigint) + {copy} * 100000000L"
            lines.selectExpr(
                f"concat('OD', lpad(CAST({number} AS string), 10, '0')) AS order_id",
                *[f"`{name}`" for name in lines.columns if name != "order_id"],
            ).write.mode("append").parquet(str(folder / "orders"))
    finally:
        spark.stop()
    for name in _COPIED:
        shutil.copy(base / name, folder / name)
    (folder / _DONE).touch()
    return folder
