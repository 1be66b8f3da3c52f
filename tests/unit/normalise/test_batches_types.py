"""Batches: a Python function gives the same in Arrow batches and row by row, and is called for distinct values only."""

from __future__ import annotations

import pytest
from pyspark.sql import types as T

from lib.normalise.batches import batched, plain

PAIRS = T.ArrayType(T.StructType([T.StructField("left", T.StringType()), T.StructField("right", T.StringType())]))
THREE = T.StructType(
    [T.StructField("one", T.StringType()), T.StructField("two", T.LongType()), T.StructField("all", PAIRS)]
)
TWO = T.StructType(THREE.fields[:2])


def as_tuple(text, more):
    return text, len(more or b""), [(text, "x"), ("y", None)]


def as_dict(text, more):
    return {"one": text, "two": len(more or b"")}


def as_text(text, more):
    return None if text is None else f"{text}{more!r}"


@pytest.mark.parametrize(
    ("function", "returns"),
    [(as_tuple, THREE), (as_dict, TWO), (as_text, T.StringType())],
    ids=["tuple", "dict", "text"],
)
def test_batches_and_single_rows_give_the_same(spark, function, returns):
    rows = [("a", b"\xff"), (None, b"1"), ("a", None), ("\u0928\U0001f600", b""), ("a", b"\xff")]
    frame = spark.createDataFrame(rows, "text string, more binary").repartition(1)
    both = frame.select(
        "*", batched(function, returns)("text", "more").alias("b"), plain(function, returns)("text", "more").alias("p")
    ).collect()

    assert [row["b"] for row in both] == [row["p"] for row in both]
    for row in both:
        expected = function(row["text"], None if row["more"] is None else bytes(row["more"]))
        found = row["b"].asDict(recursive=True) if isinstance(returns, T.StructType) else row["b"]
        if function is as_tuple:
            expected = {
                "one": expected[0],
                "two": expected[1],
                "all": [dict(zip(("left", "right"), p, strict=True)) for p in expected[2]],
            }
        assert found == expected


def test_no_rows_are_no_rows(spark):
    frame = spark.createDataFrame([], "text string, more binary")
    assert frame.select(batched(as_tuple, THREE)("text", "more")).collect() == []
