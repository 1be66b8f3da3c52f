"""Python functions over columns: one result in batches and row by row, each distinct value once, no column twice."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.normalise import batches
from lib.normalise.batches import batched, plain

PAIR = T.StructType([T.StructField("upper", T.StringType()), T.StructField("length", T.IntegerType())])
TEXTS = ["b", None, "a", "b", "", "b", "क", "😀", None, "a", "a\x00b", "a\x00"]


def _reversed(text: str | None) -> str | None:
    return None if text is None else text[::-1] or None


def _pair(text: str | None) -> tuple[str, int] | None:
    return None if text is None else (text.upper(), len(text))


def _both(text: str | None, number: int | None) -> str:
    return f"{text}/{number}"


def _words(text: str | None) -> list[str] | None:
    return None if text is None else list(text)


FORMS = pytest.mark.parametrize("form", [batched, plain])


@FORMS
def test_a_text_for_each_text(spark, form) -> None:
    df = spark.createDataFrame([(text,) for text in TEXTS], "raw STRING")
    found = df.select(form(_reversed, T.StringType())("raw")).collect()
    assert [row[0] for row in found] == [_reversed(text) for text in TEXTS]


@FORMS
def test_a_struct_for_each_text(spark, form) -> None:
    df = spark.createDataFrame([(text,) for text in TEXTS if text is not None], "raw STRING")
    found = df.select(form(_pair, PAIR)("raw").alias("p")).select("p.upper", "p.length").collect()
    assert [tuple(row) for row in found] == [_pair(text) for text in TEXTS if text is not None]


@FORMS
def test_an_array_for_each_text(spark, form) -> None:
    df = spark.createDataFrame([("ab",), (None,), ("",)], "raw STRING")
    found = df.select(form(_words, T.ArrayType(T.StringType()))("raw")).collect()
    assert [row[0] for row in found] == [["a", "b"], None, []]


@FORMS
def test_several_columns(spark, form) -> None:
    df = spark.createDataFrame([("a", "1"), ("a", None), (None, "2"), (None, None)], "t STRING, n STRING")
    found = df.select(form(_both, T.StringType())("t", "n")).collect()
    assert [row[0] for row in found] == ["a/1", "a/None", "None/2", "None/None"]


def test_without_arrow_it_is_the_plain_form(monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: asked.append(name))
    monkeypatch.setattr(batches, "_arrow", lambda *_: pytest.fail("Arrow was used"))
    batched(_reversed, T.StringType())
    assert asked


@FORMS
def test_each_distinct_value_is_called_once_a_batch(spark, form, tmp_path) -> None:
    calls = tmp_path / "calls"

    def counted(text: str | None) -> str | None:
        with Path(calls).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
        return text

    df = spark.createDataFrame([(text,) for text in TEXTS * 20], "raw STRING").coalesce(1)
    df.select(form(counted, T.StringType())("raw")).collect()
    assert sorted(calls.read_text("utf-8").splitlines()) == sorted(map(str, set(TEXTS)))


@FORMS
def test_a_column_used_three_times_is_evaluated_once(spark, form) -> None:
    df = spark.createDataFrame([(text,) for text in TEXTS if text], "raw STRING")
    staged = df.withColumn("p", form(_pair, PAIR)("raw"))
    used = (
        staged.withColumns({"u": F.col("p.upper"), "n": F.col("p.length"), "s": F.concat("p.upper", F.lit("!"))})
        .where(F.col("n") > 0)
        .drop("p")
    )
    plan = used._jdf.queryExecution().executedPlan().toString()
    evaluations = [line for line in plan.splitlines() if "EvalPython" in line]
    assert len(evaluations) == 1, plan
    name = "many(" if form is batched else "one("
    assert evaluations[0].count(name) == 1, plan


@pytest.mark.parametrize("distinct", [10, 70_000])
def test_what_is_remembered_is_bounded(distinct) -> None:
    calls: list[int] = []
    remembered = batches._remembering(lambda number: calls.append(number) or number)
    for number in list(range(distinct)) * 2:
        assert remembered(number) == number
    assert len(calls) == (distinct if distinct < 65_536 else 2 * distinct)
