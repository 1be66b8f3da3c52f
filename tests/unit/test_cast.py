"""From text to types: never raises, and never turns a value into null without saying so."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer
from lib.transform.cast import TYPE_ERRORS, cast_columns, instant

NULL_WORDS = ("NULL", "null", "None", "NaN", "nan", "\\N")


def contract_of(kind, *, required=False):
    """A contract of one column `value`."""
    return Contract("test", Layer.BRONZE, 1, "a row", (Column("value", kind, "", required),))


@pytest.fixture
def cast(expect):
    """`cast(type, rows)`: rows of text, value, and whether the text does not fit the type."""

    def check(kind, rows, *, required=False, **options):
        settings = {"null_values": NULL_WORDS, "time_zone": "Asia/Kolkata", **options}

        def actual(df):
            typed = cast_columns(df, contract_of(kind, required=required), **settings)
            return typed.withColumn("actual", F.struct("value", (F.size(TYPE_ERRORS) > 0).alias("unfit"))).withColumn(
                "expected", F.struct(F.col("_value").cast(kind).alias("value"), F.col("_unfit").alias("unfit"))
            )

        expect("value STRING, _value STRING, _unfit BOOLEAN", rows, actual)

    return check


@pytest.mark.usefixtures("ansi")
def test_whole_numbers(cast):
    rows = [
        ("3", "3", False),
        ("-3", "-3", False),
        (" 7 ", "7", False),
        ("\u00a07\ufeff", "7", False),  # the blanks of spreadsheets
        ("2.0", "2", False),  # a float's text, where it is whole
        ("2.000", "2", False),
        ("1e3", "1000", False),
        ("0", "0", False),
        ("2147483647", "2147483647", False),
        ("2147483648", None, True),
        ("1.5", None, True),
        ("0.5", None, True),
        ("1,000", None, True),
        ("two", None, True),
        ("1 2", None, True),
        ("", None, False),
        ("   ", None, False),
        ("NULL", None, False),
        ("nan", None, False),
        ("\\N", None, False),
        (None, None, False),
    ]
    cast(T.IntegerType(), rows)


@pytest.mark.usefixtures("ansi")
def test_long_numbers(cast):
    rows = [
        ("9223372036854775807", "9223372036854775807", False),
        ("9223372036854775808", None, True),
        ("1761000000000.0", "1761000000000", False),
        ("1.7", None, True),
    ]
    cast(T.LongType(), rows)


@pytest.mark.usefixtures("ansi")
def test_money(cast):
    rows = [
        ("499", "499.00", False),
        ("499.5", "499.50", False),
        ("0.005", "0.01", False),  # HALF_UP
        ("0.004", "0.00", False),
        ("-0.005", "-0.01", False),
        ("1E+2", "100.00", False),
        ("9999999999999999.99", "9999999999999999.99", False),
        ("10000000000000000", None, True),
        ("₹499", None, True),
        ("1,299.00", None, True),
        ("12.3.4", None, True),
        ("None", None, False),
        (None, None, False),
    ]
    cast(T.DecimalType(18, 2), rows)


@pytest.mark.usefixtures("ansi")
def test_booleans(cast):
    rows = [
        ("true", "true", False),
        ("TRUE", "true", False),
        ("False", "false", False),
        ("1", "true", False),
        ("0", "false", False),
        ("yes", "true", False),
        ("n", "false", False),
        ("perhaps", None, True),
        ("2", None, True),
        ("", None, False),
    ]
    cast(T.BooleanType(), rows)


@pytest.mark.usefixtures("ansi")
def test_instants_in_iso(cast):
    rows = [
        # without a zone: the source's own, here Asia/Kolkata
        ("2025-10-20 00:00:00", "2025-10-19 18:30:00", False),
        ("2025-10-20T10:15:30", "2025-10-20 04:45:30", False),
        ("2025-10-20T10:15:30.250", "2025-10-20 04:45:30.25", False),
        ("2025-10-20 10:15", "2025-10-20 04:45:00", False),
        ("2025-10-20", "2025-10-19 18:30:00", False),
        ("2025-1-5", "2025-01-04 18:30:00", False),
        # a zone in the text wins
        ("2025-10-20T10:15:30Z", "2025-10-20 10:15:30", False),
        ("2025-10-20T10:15:30+05:30", "2025-10-20 04:45:30", False),
        ("2025-10-20 10:15:30+0530", "2025-10-20 04:45:30", False),
        ("2025-10-20 10:15:30-08:00", "2025-10-20 18:15:30", False),
        ("2025-10-20 10:15:30 UTC", "2025-10-20 10:15:30", False),
        # only whole dates: the rest would be filled in from today's
        ("2025", None, True),
        ("2025-10", None, True),
        ("10:30", None, True),
        ("T10:30", None, True),
        ("1760954400", None, True),
        # years that readers can hold, in UTC too
        ("0001-01-02 05:53:28", "0001-01-02 00:00:00", False),
        ("0001-01-02 05:53:27", None, True),  # clocks of then are 5:53:28 ahead
        ("0001-01-01", None, True),
        ("9999-12-31 23:59:59", "9999-12-31 18:29:59", False),
        ("9999-12-31T23:59:59-00:01", None, True),
        ("10000-01-01", None, True),
        # no such day
        ("2025-02-29", None, True),
        ("2025-02-30 10:00:00", None, True),
        ("2025-13-01", None, True),
        ("2025-10-20 25:00:00", None, True),
        # not ISO, and no pattern given
        ("20/10/2025", None, True),
        ("yesterday", None, True),
        ("NULL", None, False),
        (None, None, False),
    ]
    cast(T.TimestampType(), rows)


@pytest.mark.usefixtures("ansi")
def test_instants_in_the_sources_own_patterns(cast):
    rows = [
        ("04-30-22", "2022-04-29 18:30:00", False),
        ("20/10/2025 09:05", "2025-10-20 03:35:00", False),
        ("20/10/2025 09:05 +0000", "2025-10-20 09:05:00", False),
        ("2025-10-20", "2025-10-19 18:30:00", False),  # ISO still comes first
        ("13-30-22", None, True),
        ("31/02/2025 09:05", None, True),
    ]
    cast(T.TimestampType(), rows, timestamp_formats=("MM-dd-yy", "dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm Z"))


def test_a_source_in_another_zone_has_its_daylight_saving(cast):
    rows = [
        ("2025-01-15 12:00:00", "2025-01-15 12:00:00", False),
        ("2025-07-15 12:00:00", "2025-07-15 11:00:00", False),
    ]
    cast(T.TimestampType(), rows, time_zone="Europe/London")


def test_texts_stay_as_they_are_but_for_blanks(cast):
    rows = [
        ("  OD-1 ", "OD-1", False),
        ("\u200b\u00a0x y\t", "x y", False),
        ("#REF!", "#REF!", False),  # not required: a text like any other
        ("n/a", "n/a", False),  # not one of this source's words for null
        ("NONE", "NONE", False),
        ("None", None, False),
        ("", None, False),
    ]
    cast(T.StringType(), rows)


@pytest.mark.usefixtures("ansi")
def test_a_spreadsheets_error_in_a_required_column_is_no_value(cast):
    errors = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
    rows = [*((error, None, True) for error in errors), ("#1", "#1", False), ("x#REF!", "x#REF!", False)]
    cast(T.StringType(), rows, required=True)


def test_the_sources_own_words_for_null(cast):
    cast(T.IntegerType(), [("-", None, False), ("n/a", None, False), ("NULL", None, True)], null_values=("-", "n/a"))


def test_other_columns_pass_and_order_is_that_of_the_contract(frame):
    typed = cast_columns(
        frame("other INT, value STRING", [(7, "1")]),
        contract_of(T.IntegerType()),
        null_values=(),
        time_zone="Asia/Kolkata",
    )
    assert typed.columns == ["other", "value", TYPE_ERRORS]
    assert typed.first().asDict() == {"other": 7, "value": 1, TYPE_ERRORS: []}


@pytest.mark.usefixtures("ansi")
def test_an_instant_without_patterns(expect):
    expect(
        "value STRING, expected TIMESTAMP",
        [("2025-10-20 05:30:00", "2025-10-20 00:00:00"), ("junk", None), (None, None)],
        instant("value", "Asia/Kolkata"),
    )
