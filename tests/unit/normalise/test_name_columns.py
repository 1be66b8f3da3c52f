"""Names in Spark: the same as in Python, for every cell, and as columns."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lib.normalise.name import Name, normalise_name, with_name, words
from lib.normalise.name.columns import packed
from lib.normalise.name.plain import plain_parts
from tests.unit.normalise.test_name import CELLS, EXAMPLES

EVAL = Path(os.environ.get("DABBA_EVAL", Path(__file__).parents[4] / "shared" / "eval"))
PARTS = [field.name for field in attrs.fields(Name)]


def in_python(text: str | None) -> tuple[str | None, ...]:
    return tuple(value or None for value in attrs.astuple(normalise_name(text)))


def unpacked(text: str | None) -> tuple[str | None, ...]:
    """What the Spark function carries for one cell."""
    return tuple(value or None for value in (packed(text) or "").split("\x1f"))


def test_columns_are_added(spark: SparkSession, ansi: bool, examples_of: Callable[..., list[Any]]) -> None:
    cells = [None, *(text for text, _ in EXAMPLES), *examples_of(CELLS, 300)]
    # No encoding holds a lone surrogate, so none comes from Spark.
    cells = [cell and cell.encode("utf-8", "ignore").decode() for cell in cells]
    given = spark.createDataFrame([(at, cell) for at, cell in enumerate(cells)], "id INT, `full name` STRING")
    found = with_name(given, "full name", prefix="buyer_")
    assert found.columns == ["id", "full name", *(f"buyer_name_{part}" for part in PARTS)]
    rows = found.orderBy("id").collect()
    assert [row["full name"] for row in rows] == cells
    assert [tuple(row)[2:] for row in rows] == [in_python(cell) for cell in cells]


def test_applied_twice_it_is_the_same(spark: SparkSession) -> None:
    given = spark.createDataFrame([("SHRI RAJESH K SHARMA S/O MOHAN",), (None,)], "name STRING")
    once = with_name(given, "name")
    assert with_name(once, "name").collect() == once.collect()


def test_a_number_is_read_as_text(spark: SparkSession) -> None:
    found = with_name(spark.range(1).select(F.lit(12).alias("n")), "n")
    assert found.select("name_status").collect() == [("NOT_A_NAME",)]


def test_the_function_runs_once(spark: SparkSession) -> None:
    """Twelve columns out of one call and one split: none does either again."""
    plan = with_name(spark.createDataFrame([("a",)], "name STRING"), "name")._jdf.queryExecution().optimizedPlan()
    assert plan.toString().count("many(") + plan.toString().count("remembered(") == 1
    assert plan.toString().count("split(") == 1


@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_the_short_way_gives_the_same(case: Callable[[str], str]) -> None:
    path = EVAL / "names" / "cmu_indian_names_en_hi.tsv"
    if not path.is_file():
        pytest.skip(f"no evaluation data at {EVAL}; set DABBA_EVAL")
    words = [case(line.split("\t")[0]) for line in path.read_text("utf-8").splitlines()]
    cells = [
        *words,
        *map(" ".join, zip(words, words[7:], strict=False)),
        *map(" ".join, zip(words, words[3:], words[9:], strict=False)),
    ]
    wrong = [cell for cell in cells if unpacked(cell) != in_python(cell)]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize(
    "word", ["kumar", "Md", "RG", "Shri", "bank", "test", "urf", "of", "de", "ji", "MBBS", "x", "NA"]
)
@pytest.mark.parametrize("form", ["{}", "{} Sharma", "Sharma {}", "Rajesh {} Sharma"])
def test_words_with_another_role_go_the_long_way(word: str, form: str) -> None:
    assert unpacked(form.format(word)) == in_python(form.format(word))


def test_any_order_of_words_of_all_roles_gives_the_same() -> None:
    draw = random.Random(5)
    tables = (words.HONORIFICS, words.RESPECT, words.DEGREES, words.RELATION_WORDS, words.LEGAL, words.ORGANISATION,
              words.NO_SURNAME, words.SURNAMES, words.PARTICLES, words.TWO_LETTERS, words.PLACEHOLDERS)  # fmt: skip
    special = [*(draw.choice(sorted(table)) for table in tables * 15), *"abcdksxo" * 5, "Mohd", "AK", "Ch", "xx", "urf"]
    names = ["Rajesh", "SHARMA", "kumar", "Lakshmi", "iyer", "DeSouza"]
    cells = [
        " ".join(draw.choice(draw.choice([special, names])) + draw.choice(["", "", "."]) for _ in range(number))
        for number in [1, 2, 2, 3, 3, 4, 5, 7] * 1_000
    ]
    assert sum(plain_parts(cell) is not None for cell in cells) > 1_000
    wrong = [cell for cell in cells if unpacked(cell) != in_python(cell)]
    assert not wrong, wrong[:5]
