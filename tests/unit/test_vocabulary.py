"""What sources write -> what it means: vocabularies and tidy texts."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from lib.transform.vocabulary import alias_key, canonical, tidy

STATUSES = {"delivered": "DELIVERED", "out for delivery": "SHIPPED", "canceled": "CANCELLED"}


@pytest.mark.usefixtures("ansi")
def test_words_are_looked_up_whatever_their_case_and_punctuation(expect):
    expect(
        "written STRING, expected STRING",
        [
            ("delivered", "DELIVERED"),
            ("Delivered", "DELIVERED"),
            ("  DELIVERED. ", "DELIVERED"),
            ("Out-for_Delivery", "SHIPPED"),
            ("out  for   delivery", "SHIPPED"),
            ("Canceled", "CANCELLED"),
            ("CANCELLED", "CANCELLED"),  # already canonical, though no alias says so
            ("SHIPPED", "SHIPPED"),
            ("deliver", "UNKNOWN"),
            ("रद्द", "UNKNOWN"),
            ("", "UNKNOWN"),
            ("??", "UNKNOWN"),
            (None, None),  # nothing was said: not the same as a word that is not known
        ],
        canonical(F.col("written"), STATUSES, unlisted=F.lit("UNKNOWN")),
    )


def test_without_a_table_every_word_is_unlisted(expect):
    expect(
        "written STRING, expected STRING",
        [("app", "unknown"), (None, None)],
        canonical(F.col("written"), {}, unlisted=F.lit("unknown")),
    )


def test_tidy_collapses_every_kind_of_space(expect):
    expect(
        "written STRING, expected STRING",
        [
            ("  I like  fish ", "I like fish"),
            ("a\u00a0\u00a0b", "a b"),
            ("a\r\n\tb", "a b"),
            ("   ", None),
            ("\u00a0", None),
            ("", None),
            (None, None),
            ("x", "x"),
        ],
        tidy(F.col("written")),
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [("Pay-on-Delivery", "pay on delivery"), ("  UPI ", "upi"), ("C.O.D", "c o d"), ("??", ""), ("N/A", "n a")],
)
def test_alias_key(written, key):
    assert alias_key(written) == key
