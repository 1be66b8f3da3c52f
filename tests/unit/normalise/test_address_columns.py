"""Addresses in Spark: the same answers as in Python, in columns of the design's names."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import astuple
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from lib.normalise.address import normalise_address, with_address
from lib.normalise.address.record import NAMES

ODD = [None, "", "NA", "-", "x" * 10_000, "\u0000a\u001fb", "😀 MG Road", "\u200fdelhi", "12 MG Road\nPune 411001"]
COLUMNS = ("address", "city", "district", "state", "pincode")


def test_spark_and_python_agree(
    spark: SparkSession, ansi: bool, examples_of: Callable[[st.SearchStrategy[Any], int], list[Any]]
) -> None:
    texts = [*ODD, *examples_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), 40)]
    rows = [(text, None, None, "MH", "400001.0") for text in texts] + [
        (text, "Bombay", "x", None, None) for text in ODD
    ]
    agree(spark, rows)


def test_they_agree_on_the_evaluation_rows(spark: SparkSession) -> None:
    folder = Path(os.environ.get("DABBA_EVAL") or Path(__file__).resolve().parents[4] / "shared" / "eval") / "address"
    if not folder.is_dir():
        pytest.skip(f"no evaluation data at {folder} (DABBA_EVAL names another place)")
    gold = (folder / "innerkore_gold.jsonl").read_text("utf-8").splitlines()
    with gzip.open(folder / "hospital_directory.csv.gz", "rt", encoding="utf-8", newline="") as file:
        hospitals = list(csv.DictReader(file))[::10]
    rows = [(json.loads(line)["raw_address"], None, None, None, None) for line in gold]
    rows += [(row["Address_First_Line"], None, row["District"], row["State"], row["Pincode"]) for row in hospitals]
    agree(spark, rows)


def agree(spark: SparkSession, rows: list[tuple[str | None, ...]]) -> None:
    """Every row's columns are what the Python face gives."""
    ddl = ", ".join(f"{name} STRING" for name in COLUMNS)
    given = spark.createDataFrame([(number, *row) for number, row in enumerate(rows)], f"number INT, {ddl}")
    found = with_address(given, "address", **{name: name for name in COLUMNS[1:]}).collect()
    assert len(found) == len(rows)
    for row in found:
        text, city, district, state, pincode = rows[row["number"]]
        if text and "\u001f" in text:
            text = text.replace("\u001f", "")  # parts the cells on their way, and is no character of an address
        wanted = normalise_address(text, city=city, district=district, state=state, pincode=pincode)
        assert tuple(row[f"address_{name}"] for name in NAMES) == astuple(wanted), text


def test_columns_are_added_with_their_prefix(spark: SparkSession) -> None:
    given = spark.createDataFrame([("12 MG Road, Pune",)], "`the address` STRING")
    found = with_address(given, "the address", prefix="home_")
    assert found.columns == ["the address", *(f"home_address_{name}" for name in NAMES)]
    again = with_address(found, "the address", prefix="home_")
    assert again.columns == found.columns
    assert again.collect() == found.collect()
    assert dict(found.dtypes)["home_address_score"] == "int"
