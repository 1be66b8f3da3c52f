"""Which script a text is in: the same answer in Python and in Spark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.normalise.romanise import romanise, romanised
from lib.normalise.script import RANGES, SCRIPTS, script, script_of

CASES = [
    ("राजेश कुमार", "DEVANAGARI"),
    ("রবীন্দ্রনাথ", "BENGALI"),
    ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "GURMUKHI"),
    ("નરેન્દ્ર", "GUJARATI"),
    ("ଓଡ଼ିଶା", "ODIA"),
    ("முருகன்", "TAMIL"),
    ("వెంకట్", "TELUGU"),
    ("ವೆಂಕಟೇಶ್", "KANNADA"),
    ("മോഹൻലാൽ", "MALAYALAM"),
    ("محمد", "ARABIC"),
    ("Rajesh", "LATIN"),
    ("Rāma Çelik", "LATIN"),
    ("Rajesh 9", "LATIN"),
    # two scripts, also inside a word
    ("Rajesh कुमार", "MIXED"),
    ("राজেশ", "MIXED"),
    ("രാജൻ A", "MIXED"),
    # digits, dandas, signs, spaces and letters from elsewhere are of no script
    ("९८७६", "NONE"),
    ("।॥ ॰", "NONE"),
    ("12-34", "NONE"),
    ("", "NONE"),
    ("राज १२", "DEVANAGARI"),
    ("राज।", "DEVANAGARI"),
    ("😀 हरि", "DEVANAGARI"),
    ("名前", "NONE"),
    ("\u200f \u200d", "NONE"),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_script_of_a_text(text: str | None, expected: str | None) -> None:
    assert script_of(text) == expected


def test_every_answer_has_an_example() -> None:
    assert {expected for _, expected in CASES if expected} == set(SCRIPTS)


def test_no_letter_is_of_two_scripts() -> None:
    letters = [
        chr(code) for code in range(0x20, 0xFFFE) if not 0xD800 <= code < 0xE000 and script_of(chr(code)) == "MIXED"
    ]
    assert not letters
    assert len(RANGES) == 11


def test_spark_says_the_same(spark, ansi, examples_of) -> None:
    letters = st.sampled_from("राজਗનଓமవವമمRā१।॰9 -😀\n")
    drawn = examples_of(st.one_of(st.text(letters, max_size=3), st.text(max_size=4)), 150)
    texts = [text for text, _ in CASES] + [text for text in drawn if text.isprintable()] + ["x" * 10_000, "क" * 10_000]
    rows = spark.createDataFrame([(text,) for text in texts], "text STRING").select("text", script(F.col("text")))
    wrong = [(text, found, script_of(text)) for text, found in rows.collect() if found != script_of(text)]
    assert not wrong


def test_spark_says_the_same_on_the_evaluation_data(spark) -> None:
    folder = Path(os.environ.get("DABBA_EVAL") or Path(__file__).resolve().parents[4] / "shared/eval")
    files = [folder / "names/cmu_indian_names_en_hi.tsv", folder / "translit/dakshina_ta_dev.tsv"]
    if not all(file.is_file() for file in files):
        pytest.skip(f"no evaluation data in {folder}")
    cells = {cell for file in files for line in file.read_text("utf-8").splitlines() for cell in line.split("\t")}
    rows = spark.createDataFrame([(cell,) for cell in sorted(cells)], "text STRING")
    found = rows.select("text", script(F.col("text")), romanised(F.col("text"))).collect()
    assert not [row for row in found if tuple(row[1:]) != (script_of(row[0]), romanise(row[0]))]
