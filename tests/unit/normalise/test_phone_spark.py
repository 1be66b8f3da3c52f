"""The Spark form of the phones says what plain Python says, in both SQL dialects, and evaluates nothing twice."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from lib.normalise.phone import normalise_phone, with_phone
from tests.evaluate import phones

Row = tuple[str | None, str | None, str | None, str | None]

HAND_MADE = (
    None, "", "NA", " - ", "0", "Nadia", "9876501234", "+919876501234", "09876501234", "919876501234", "9118001234",
    "1800123456", "18001234567", "9876543210", "022-23456789/90", "0484-2345678,2345679", "2345678, 0484-2345679",
    "08819  224679 224253", "98765O1234", "९८७६५०१२३४", "9.876501234E9", "9.88E+09", "9876501234.0", "+91+919876501234",
    "022 23456789 ext 12", "9876501234 x1, 9876501235", "5755123456789", "+1 (212) 555-2368", "0065 6123 4567",
    "+999123456789", "040 7702355510", "08352222333", "8352222333", "98765012349876501235", "9876501234\n9876501235",
    "9876501234,08023456789", "9876501234 / 98765", "108", "x12", "#5", "\U0001f4de 9876501234\u202e", "9" * 2000,
    "1 " * 600,
)  # fmt: skip
PLACES = (
    (None, None, None),
    ("520 002.0", "Guntur", None),
    ("", "Howrah", ""),
    ("560001", None, "Mumbai"),
    ("x", "", "kochi"),
)


def _rows(examples_of: Callable[..., list[Any]]) -> list[Row]:
    draw = random.Random(3)
    noise = [
        "".join(draw.choice("0012345678999987+-/ ,.()xOo#E;\n&") for _ in range(draw.randrange(40)))
        for _ in range(1500)
    ]
    # An encoding that a table can hold: lone surrogates never reach Spark.
    fuzz = examples_of(st.text(st.characters(exclude_categories=["Cs"])) | st.text("0123456789 +-/,().x\n"), 300)
    cells = [*HAND_MADE, *noise, *fuzz]
    rows = [(text, *PLACES[number % len(PLACES)]) for number, text in enumerate(cells)]
    rows += [(text, *place) for text in HAND_MADE for place in PLACES]
    folder = Path(os.environ.get("DABBA_EVAL", Path(__file__).resolve().parents[4] / "shared" / "eval"))
    if folder.exists():
        rows += [(row["Telephone"], row["Pincode"], row["District"], None) for row in phones.hospitals(folder)]
        rows += [(text, None, None, "Bengaluru") for text in {row["Phone"] for row in phones.restaurants(folder)}]
    return rows


def _frame(spark: SparkSession, rows: list[Row]) -> DataFrame:
    numbered = [(number, *row) for number, row in enumerate(rows)]
    return spark.createDataFrame(numbered, "n INT, `the phone` STRING, pin STRING, district STRING, city STRING")


def test_spark_says_what_python_says(spark: SparkSession, ansi: bool, examples_of: Callable[..., list[Any]]) -> None:
    rows = _rows(examples_of)
    df = with_phone(_frame(spark, rows), "the phone", pincode="pin", district="district", city="city", prefix="raw_")
    assert df.columns[:5] == ["n", "the phone", "pin", "district", "city"]
    found = {row["n"]: row for row in df.collect()}
    assert len(found) == len(rows)
    wrong = []
    for number, (text, pincode, district, city) in enumerate(rows):
        phone = normalise_phone(text, pincode=pincode, district=district, city=city)
        expected = (
            phone.e164, phone.type, phone.status, phone.extension,
            [(n.e164, n.type, n.status, n.extension) for n in phone.numbers],
        )  # fmt: skip
        row = found[number]
        fields = ("e164", "type", "status", "extension")
        actual = (*(row[f"raw_phone_{field}"] for field in fields), [tuple(n) for n in row["raw_phone_numbers"]])
        if actual != expected:
            wrong.append((text, pincode, district, city, expected, actual))
    assert not wrong, wrong[:5]


def test_a_second_time_changes_nothing(spark: SparkSession) -> None:
    once = with_phone(_frame(spark, [("022-23456789/90", None, None, None)]), "the phone")
    twice = with_phone(with_phone(once, "phone_e164"), "phone_e164").collect()[0]
    assert (twice["phone_e164"], twice["phone_status"]) == ("+912223456789", "VALID")


def test_costly_expressions_stand_once_in_the_plan(spark: SparkSession) -> None:
    rows: list[Row] = [("1", None, None, None)]
    plan = with_phone(_frame(spark, rows), "the phone")._jdf.queryExecution().optimizedPlan().toString()
    assert plan.count("regexp_extract_all") == 1
    assert plan.count("aggregate(") <= 1
    assert "ArrowEval" not in plan
    assert "PythonUDF" not in plan
