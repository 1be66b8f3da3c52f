"""Rupees: grouping, reading, GST; the same in Python and in Spark."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.normalise.money import (
    format_inr,
    format_inr_short,
    gst_split,
    parse_inr,
    with_gst_split,
    with_inr_text,
    with_parsed_inr,
)

GROUPED = [
    ("0", "0.00"),
    ("-0.001", "0.00"),
    ("0.005", "0.01"),
    ("-0.005", "-0.01"),
    ("999", "999.00"),
    ("1000", "1,000.00"),
    ("99999.5", "99,999.50"),
    ("100000", "1,00,000.00"),
    ("12345678.9", "1,23,45,678.90"),
    ("-12345678.9", "-1,23,45,678.90"),
    ("9999999.995", "1,00,00,000.00"),
]
SHORT = [
    ("99999", "99,999"),
    ("99999.5", "99,999.50"),
    ("100000", "1 lakh"),
    ("-450000", "-4.5 lakh"),
    ("9999999", "1 crore"),
    ("12345678", "1.23 crore"),
    ("123456789012", "12,345.68 crore"),
    ("2100000000000", "2.1 lakh crore"),
    ("0", "0"),
    ("1" + "0" * 40, "10" + ",00" * 12 + ",000 lakh crore"),
]
WRITTEN = [
    ("Rs. 1,23,456.50/-", "123456.5000"),
    ("₹1,23,45,678.90", "12345678.9000"),
    ("INR 1,234,567", "1234567.0000"),  # western grouping
    ("१,२३४", "1234.0000"),
    ("500", "500.0000"),
    (".5", "0.5000"),
    ("(1,200.00)", "-1200.0000"),
    ("-₹500", "-500.0000"),
    ("₹ -500", "-500.0000"),
    ("1.5 crore", "15000000.0000"),
    ("₹ 2 Lakhs only", "200000.0000"),
    ("5 lac", "500000.0000"),
    ("250 rupees", "250.0000"),
    ("12.345600", "12.3456"),
    ("-0", "0.0000"),
    ("1.5 Cr", None),
    ("1,23", None),
    ("1,2345", None),
    ("12.34567", None),
    ("1234567890123456789", None),
    ("(500", None),
    ("500)", None),
    ("--5", None),
    ("-Rs -5", None),
    ("Rs.", None),
    ("free", None),
    ("1" * 10_000, None),
    ("1," * 4_000, None),
    ("NA", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("amount", "text"), GROUPED)
def test_grouping(amount, text) -> None:
    assert format_inr(Decimal(amount)) == text


def test_grouping_of_any_size() -> None:
    text = format_inr(Decimal("1" + "0" * 60))
    assert text == "10," + "00," * 28 + "000.00"


@pytest.mark.parametrize(("amount", "text"), SHORT)
def test_short_form(amount, text) -> None:
    assert format_inr_short(Decimal(amount)) == text


@pytest.mark.parametrize(("text", "amount"), WRITTEN)
def test_reading(text, amount) -> None:
    found = parse_inr(text)
    assert (None if found is None else str(found)) == amount


@given(st.decimals(-(10**17), 10**17, places=2))
def test_what_is_written_is_read_back(amount) -> None:
    assert parse_inr(format_inr(amount)) == amount
    assert parse_inr(f"Rs. {format_inr(amount)}/-") == amount


SPLITS = [
    # amount, rate, inclusive, seller, buyer -> taxable, cgst, sgst, igst, gross
    ("118", "0.18", True, "MH", "MH", "100.00", "9.00", "9.00", "0.00", "118.00"),
    ("118", "0.18", True, "MH", "KA", "100.00", "0.00", "0.00", "18.00", "118.00"),
    ("100", "0.18", False, "MH", "MH", "100.00", "9.00", "9.00", "0.00", "118.00"),
    ("99.50", "0.05", False, "MH", "MH", "99.50", "2.49", "2.49", "0.00", "104.48"),
    ("99.90", "0.05", True, "DL", "DL", "95.14", "2.38", "2.38", "0.00", "99.90"),
    ("1", "0.05", False, "DL", "DL", "1.00", "0.03", "0.02", "0.00", "1.05"),  # an odd paisa
    ("-1", "0.05", False, "DL", "DL", "-1.00", "-0.03", "-0.02", "0.00", "-1.05"),
    ("1000", "0.0025", False, "GJ", None, "1000.00", "1.25", "1.25", "0.00", "1002.50"),
    ("1000", "0", True, "GJ", "Unknown", "1000.00", "0.00", "0.00", "0.00", "1000.00"),
    ("1000", "0.28", False, None, "GJ", "1000.00", "0.00", "0.00", "280.00", "1280.00"),
]


@pytest.mark.parametrize("case", SPLITS)
def test_gst(case) -> None:
    amount, rate, inclusive, seller, buyer, *expected = case
    found = gst_split(Decimal(amount), Decimal(rate), inclusive=inclusive, seller_state=seller, buyer_state=buyer)
    assert [str(part) for part in (found.taxable, found.cgst, found.sgst, found.igst, found.gross)] == expected


RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.0025", "0.03", "0.05", "0.12", "0.18", "0.28", "0.4")])
AMOUNTS = st.decimals(-(10**9), 10**9, places=2)


@settings(deadline=None)
@given(AMOUNTS, RATES, st.booleans(), st.sampled_from(["MH", "KA"]))
def test_nothing_is_lost_or_made(amount, rate, inclusive, buyer) -> None:
    found = gst_split(amount, rate, inclusive=inclusive, seller_state="MH", buyer_state=buyer)
    assert found.taxable + found.cgst + found.sgst + found.igst == found.gross
    assert (found.gross if inclusive else found.taxable) == amount
    assert abs(found.cgst - found.sgst) <= Decimal("0.01")
    back = gst_split(-amount, rate, inclusive=inclusive, seller_state="MH", buyer_state=buyer)
    huge = gst_split(Decimal("1" + "0" * 40), rate, inclusive=inclusive, seller_state="MH", buyer_state=buyer)
    assert huge.gross.as_tuple().exponent == -2
    assert (back.taxable, back.cgst, back.igst) == (-found.taxable, -found.cgst, -found.igst)


@pytest.mark.parametrize("rate", ["18", "1", "-0.05"])
def test_a_rate_in_percent_is_refused(rate) -> None:
    with pytest.raises(ValueError, match="rate"):
        gst_split(Decimal(100), Decimal(rate), inclusive=True, seller_state="MH", buyer_state="MH")


def test_spark_says_the_same_as_python(spark, ansi, examples_of) -> None:
    amounts = [Decimal(a) for a, _ in GROUPED] + examples_of(st.decimals(-(10**15), 10**15, places=3), 60)
    texts = [t for t, _ in WRITTEN] + examples_of(st.text("0123456789,.-()₹ RsINRlakh/", max_size=14), 120)
    rows = [(a, None) for a in amounts] + [(None, t) for t in texts]
    df = spark.createDataFrame(rows, "a DECIMAL(38,6), t STRING").coalesce(1)
    found = df.transform(with_inr_text, "a", into="text").transform(with_parsed_inr, "t", into="read").collect()
    for row in found:
        assert row["text"] == (None if row["a"] is None else format_inr(row["a"])), row
        assert str(row["read"]) == str(parse_inr(row["t"])), row


@pytest.mark.parametrize("inclusive", [True, False])
def test_spark_splits_as_python(spark, ansi, inclusive, examples_of) -> None:
    made = examples_of(st.tuples(AMOUNTS, RATES), 60)
    rows = [(Decimal(a), Decimal(r), s, b) for a, r, _, s, b, *_ in SPLITS] + [(a, r, "MH", "MH") for a, r in made]
    odd = [(None, Decimal("0.18"), "MH", "MH"), (Decimal(1), None, "MH", "MH"), (Decimal(1), Decimal(18), "MH", "KA")]
    df = spark.createDataFrame(rows + odd, "a DECIMAL(38,4), r DECIMAL(10,4), s STRING, b STRING").coalesce(1)
    found = with_gst_split(df, "a", "r", seller_state="s", buyer_state="b", inclusive=inclusive).collect()
    for row in found[: len(rows)]:
        p = gst_split(row["a"], row["r"], inclusive=inclusive, seller_state=row["s"], buyer_state=row["b"])
        assert tuple(row)[4:] == (p.taxable, p.cgst, p.sgst, p.igst, p.gross), row
    assert all(tuple(row)[4:] == (None,) * 5 for row in found[len(rows) :])
