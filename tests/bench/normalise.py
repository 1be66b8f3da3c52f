"""Rows a second of each normaliser, beside a plain scan of the same rows, in one session. As a module: prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial

from attrs import frozen
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from rich.console import Console
from rich.table import Table

from lib.normalise.address import with_address
from lib.normalise.name import with_name
from lib.normalise.phone import with_phone
from lib.normalise.place import with_place
from lib.normalise.romanise import romanised
from lib.session import get_session
from tests.bench.data import large
from tests.bench.measure import run_module

_GIVEN = "Rajesh Sunita Amit Lakshmi Mohammed Priya Venkatesh Harpreet Anil Kavita Ramesh Deepa Suresh Anjali Vikram"
_FAMILY = "Sharma Patel Reddy Iyer Singh Khan Das Nair Gupta Chatterjee Naidu Joshi Mehta Rao Kulkarni Bose"
_NATIVE = "राज सुनी अमित लक्ष्मी मोह प्रिया वेंक हरप्री अनिल कवि रमे दीपा सुरे अंज विक्रम कुमार नाथ देव प्रसाद चंद्र"
_SYLLABLES = "ka ki ku ra ri ru ma mi mu na ni nu sha shi shu va vi dha dhi ja ji ga gi gu la li lu pa pi pu ba bi bu"
_PLACE = ("city", "state", "pincode")
_WARM = 20_000


@frozen
class Case:
    """What is measured: how many distinct rows of which columns, by what, and the goal in rows a second."""

    name: str
    rows: int
    goal: float
    columns: Callable[[], dict[str, Column]]
    work: Callable[[DataFrame], DataFrame]


def cases() -> list[Case]:
    """The goals of the issue tracker, in millions of rows a second on two cores."""
    return [
        Case("phones, single numbers", 3_000_000, 2.0, _single, partial(with_phone, phone="phone")),
        Case("phones, cells of two numbers", 1_000_000, 0.67, _cells, partial(with_phone, phone="phone")),
        Case("names, Latin, of words that come again", 1_000_000, 1.0, _names, partial(with_name, name="name")),
        Case("words of Devanagari, each another", 300_000, 0.2, _words, lambda df: df.select(romanised(F.col("word")))),
        Case("places of the sample's orders", 1_000_000, 1.0, _none, partial(with_place, **{n: n for n in _PLACE})),
        Case("addresses of the sample's orders", 100_000, 0.2, _none, partial(with_address, address="ship_address")),
    ]  # fmt: skip


def main() -> None:
    """Measure every case once, after a run on a few rows that compiles its plan and starts the workers."""
    spark = get_session("bench normalise")
    told = []
    for case in cases():
        rows = _rows(spark, case).persist()
        rows.count()
        scan = _seconds(rows)
        _seconds(case.work(rows.limit(_WARM)))
        told.append(
            {
                "name": case.name,
                "rows": case.rows,
                "goal": case.goal,
                "scan": scan,
                "seconds": _seconds(case.work(rows)),
            }
        )
        rows.unpersist()
    spark.stop()
    sys.stdout.write(json.dumps({"cases": told}) + "\n")


def measure_normalise(console: Console) -> None:
    """Print millions of rows a second, and how many scans of the same rows that is."""
    table = Table(title="Normalisers, millions of rows a second on this machine's cores", title_justify="left")
    for name in ("what", "rows", "reached", "goal", "times a scan"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for case in run_module("tests.bench.normalise", []).told["cases"]:
        speed = case["rows"] / case["seconds"] / 1e6
        times = case["seconds"] / case["scan"]
        table.add_row(case["name"], f"{case['rows']:,}", f"{speed:.2f}", f"{case['goal']:g}", f"{times:.1f}")
    console.print(table)


def _rows(spark: SparkSession, case: Case) -> DataFrame:
    if not case.columns():
        orders = spark.read.parquet(str(large(1_000_000) / "orders"))
        return orders.select("city", "state", "pincode", "ship_address").limit(case.rows).repartition(2)
    return spark.range(0, case.rows, 1, 2).select(*[value.alias(name) for name, value in case.columns().items()])


def _seconds(rows: DataFrame) -> float:
    began = time.monotonic()
    rows.write.format("noop").mode("overwrite").save()
    return time.monotonic() - began


def _digits(count: int, salt: int) -> Column:
    return F.lpad((F.pmod(F.xxhash64("id", F.lit(salt)), F.lit(10**count))).cast("string"), count, "0")


def _single() -> dict[str, Column]:
    return {"phone": F.concat(F.lit("98"), _digits(8, 1))}


def _cells() -> dict[str, Column]:
    return {"phone": F.concat(F.lit("022-2"), _digits(7, 1), F.lit(" / +91 98"), _digits(8, 2))}


def _names() -> dict[str, Column]:
    # Two thousand middle names, as people are named: nearly every name is another, of words that come again.
    middle = F.concat(_one_of(_SYLLABLES, 3), _one_of(_SYLLABLES, 4))
    return {"name": F.concat_ws(" ", _one_of(_GIVEN, 1), F.initcap(middle), _one_of(_FAMILY, 2))}


def _words() -> dict[str, Column]:
    return {"word": F.concat(*[_one_of(_NATIVE, salt) for salt in range(4)])}


def _none() -> dict[str, Column]:
    return {}


def _one_of(words: list[str], salt: int) -> Column:
    return F.get(
        F.split(F.lit(" ".join(words)), " "), F.pmod(F.xxhash64("id", F.lit(salt)), F.lit(len(words))).cast("int")
    )


if __name__ == "__main__":
    main()
