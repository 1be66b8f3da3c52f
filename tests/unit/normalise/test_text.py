"""Folding and "nothing": the same in Python and in Spark for every character."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.normalise.text import LONGEST, MISSING, fold, folded, is_missing, missing, tidy

FOLDED = [
    ("  Rajesh  Kumar ", "Rajesh  Kumar"),
    ("९८७६५ ४३२१०", "98765 43210"),
    ("１２３٤۵", "12345"),
    ("௧௨৩੪૫୬౭೮൯", "123456789"),
    ("022–2345‑678−9", "022-2345-678-9"),
    ("a\u00a0b\u3000c\u2009d\te\nf\r\ng", "a b c d e f  g"),
    ("\u200ba\ufeffb\u00adc\u200e\u202e", "abc"),
    ("\x00a\x07b\x1fc\x7fd\x9fe", "abcde"),
    ("क्\u200dष", "क्\u200dष"),  # joiners mean something inside Indic words
    ("😀 é İ ß", "😀 é İ ß"),
    ("a\ud800b", "ab"),  # a lone surrogate of a broken export
    ("x" * (LONGEST + 5), "x" * LONGEST),
    ("😀" * (LONGEST + 5), "😀" * LONGEST),
    ("", ""),
    (None, ""),
]
CONTROLS = [char for char in map(chr, range(0x3000)) if unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
NASTY = [
    *(f"{char}a{char}1{char}" for char in CONTROLS),
    *CONTROLS,
    *(f" {word.lower()}\u200b" for word in MISSING),
    *MISSING,
    "nıl", "ﬁ", "NİL", "nﬀ", "ſ", "ŉ", "n/ａ", "N A", "#n/a ", " " * 2_000 + "x", "\u200b" * 2_000 + "x", "\u202eABC",
    "e\u0301",
    "مرحبا", "שלום", "क\u093c", "𝟙𝟚", "²", "½", "Ⅷ", "߁", "\U0001f468\u200d\U0001f469",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_fold(text, expected) -> None:
    assert fold(text) == expected


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text) -> None:
    once = fold(text)
    assert fold(once) == once
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize("char", CONTROLS, ids=lambda char: f"{ord(char):04x}")
def test_no_control_character_is_left_in_a_text(char) -> None:
    left = fold(f"a{char}b")
    # Joiners, and marks that belong to a script's own letters, stay.
    assert left in ("ab", "a b") or unicodedata.category(char) == "Cf", repr(left)


@pytest.mark.parametrize(
    ("text", "nothing"), [("na", True), ("#N/A", True), ("", True), ("0", False), ("Nilesh", False)]
)
def test_what_is_nothing(text, nothing) -> None:
    assert is_missing(fold(text)) is nothing


def test_spark_says_the_same_as_python(spark, ansi, examples_of) -> None:
    made = [text.encode("utf-8", "ignore").decode() for text in examples_of(st.text(max_size=30), 200)]
    examples = [text for text, _ in FOLDED if text is not None and "\ud800" not in text]
    texts = [*examples, *NASTY, *made]
    df = spark.createDataFrame(list(enumerate(texts)), "id INT, raw STRING").coalesce(1)
    staged = df.withColumn("folded", folded(F.col("raw"))).withColumn("missing", missing(F.col("folded")))
    for row in staged.withColumn("again", folded(F.col("folded"))).collect():
        assert row["folded"] == fold(row["raw"]), repr(row["raw"])
        assert row["missing"] == is_missing(row["folded"]), repr(row["raw"])
        assert row["again"] == row["folded"], repr(row["raw"])


def test_null_stays_null_and_is_missing(spark) -> None:
    row = spark.sql("SELECT CAST(null AS STRING) AS raw").select(folded(F.col("raw")), missing(F.col("raw"))).first()
    assert tuple(row) == (None, True)
