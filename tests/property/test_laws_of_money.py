"""Money and numbers against plain Python decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import strategies as st
from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer
from lib.transform import order_lines
from lib.transform.cast import TYPE_ERRORS, cast_columns

PAISA = Decimal("0.01")
PRICES = st.decimals(0, 10_000_000, places=2)
DISCOUNTS = st.decimals(0, 100, places=2)


def half_up(value):
    return value.quantize(PAISA, ROUND_HALF_UP)


@pytest.mark.usefixtures("ansi")
def test_amounts_of_lines(spark, examples_of):
    lines = examples_of(
        st.tuples(st.integers(0, 10_000), st.none() | PRICES, st.none() | PRICES, DISCOUNTS).filter(any), 400
    )
    money = "unit_price decimal(18,2)", "line_amount_inr decimal(18,2)"
    names = ("quantity int", *money, "discount_percentage decimal(5,2)")
    given = ("q int", "p decimal(18,2)", "a decimal(18,2)", "d decimal(5,2)")
    df = spark.createDataFrame([(*line, *line) for line in lines], ", ".join(names + given))
    for row in df.transform(order_lines.with_amounts).collect():
        quantity, price, amount, discount = row["q"], row["p"], row["a"], row["d"]
        gross = amount if amount is not None else None if price is None else half_up(quantity * price)
        assert row["gross_inr"] == gross
        if gross is None:
            assert row["discount_inr"] is row["net_inr"] is None
            continue
        assert row["discount_inr"] == half_up(gross * discount / 100)
        assert row["net_inr"] == gross - row["discount_inr"]
        assert 0 <= row["net_inr"] <= gross


def typed(spark, kind, texts):
    contract = Contract("test", Layer.BRONZE, 1, "a row", (Column("v", kind, ""),))
    df = spark.createDataFrame([(text, text) for text in texts], "v string, given string")
    return cast_columns(df, contract, null_values=("NULL",), time_zone="Asia/Kolkata").collect()


SPACES = st.text(" \t\u00a0", max_size=2)


@pytest.mark.usefixtures("ansi")
def test_every_way_to_write_a_whole_number(spark, examples_of):
    number = st.integers(-(10**12), 10**12)
    texts = examples_of(
        st.tuples(SPACES, number.map(str), st.sampled_from(["", ".0", ".000"]), SPACES).map("".join), 300
    )
    for row in typed(spark, T.LongType(), texts):
        assert row["v"] == int(Decimal(row["given"].strip())), row
        assert row[TYPE_ERRORS] == []


@pytest.mark.usefixtures("ansi")
def test_a_fraction_is_never_a_whole_number(spark, examples_of):
    fractions = st.decimals(-(10**6), 10**6, places=3).filter(lambda value: value != value.to_integral_value())
    for row in typed(spark, T.IntegerType(), examples_of(fractions.map(str), 200)):
        assert (row["v"], row[TYPE_ERRORS]) == (None, ["v"]), row


@pytest.mark.usefixtures("ansi")
def test_no_text_is_lost_without_a_reason(spark, examples_of):
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
    digits = st.text("0123456789.-+eE:TZ /,#", max_size=20)
    texts = examples_of(st.one_of(anything, digits), 500)
    for kind in (T.IntegerType(), T.DecimalType(18, 2), T.TimestampType(), T.BooleanType()):
        for row in typed(spark, kind, texts):
            blank = row["given"].strip(" \t\r\n\u00a0\ufeff\u200b") in ("", "NULL")
            assert (row["v"] is None) == (blank or row[TYPE_ERRORS] == ["v"]), (kind, row)
