"""Each kind of row rule at its boundaries: where a row fails, and that a null passes unless a value must be given."""

from __future__ import annotations

import pytest

from lib.datasets.rules import (
    Compare,
    Fresh,
    Holds,
    InSet,
    MeanBand,
    Mostly,
    NotNull,
    Range,
    Regex,
    RequiredWhen,
    RowCount,
    Unique,
    describe,
    rule_column,
    rule_name,
)
from lib.quality.expressions import fails

pytestmark = pytest.mark.usefixtures("ansi")


def test_not_null(expect):
    expect(
        "v STRING, _type_errors ARRAY<STRING>, expected BOOLEAN",
        [
            ("x", [], False),
            ("", [], False),  # bronze has turned blanks into null before
            (None, [], True),
            (None, ["other"], True),
            (None, ["v"], False),  # it was given and did not fit: that is its reason
        ],
        fails(NotNull(column="v")),
    )


def test_required_when(expect):
    expect(
        "price INT, status STRING, _type_errors ARRAY<STRING>, expected BOOLEAN",
        [
            (1, "PLACED", [], False),
            (None, "PLACED", [], True),
            (None, "CANCELLED", [], False),
            (None, None, [], False),  # the condition is not known to hold
            (None, "PLACED", ["price"], False),
        ],
        fails(RequiredWhen(column="price", condition="status <> 'CANCELLED'")),
    )


def test_unique(expect):
    expect(
        "a STRING, b STRING, expected BOOLEAN",
        [
            ("1", "x", True),
            ("1", "x", True),
            ("1", "y", False),
            ("2", "x", False),
            (None, "x", False),  # rows with a null among the columns are not compared
            (None, "x", False),
            ("3", None, False),
            ("3", None, False),
        ],
        fails(Unique(columns=("a", "b"))),
    )


def test_in_set(expect):
    expect(
        "v STRING, expected BOOLEAN",
        [("UPI", False), ("COD", False), ("upi", True), ("", True), ("UPI ", True), (None, False)],
        fails(InSet(column="v", values=("UPI", "COD"))),
    )


def test_range_of_whole_numbers(expect):
    expect(
        "v INT, expected BOOLEAN",
        [(0, True), (1, False), (2, False), (10000, False), (10001, True), (-1, True), (None, False)],
        fails(Range(column="v", min="1", max="10000")),
    )


def test_range_of_money_is_exact(expect):
    expect(
        "v DECIMAL(18,2), expected BOOLEAN",
        [
            ("0.00", True),
            ("0.01", False),
            ("10000000.00", False),
            ("10000000.01", True),
            ("-0.01", True),
            (None, False),
        ],
        fails(Range(column="v", min="0.01", max="10000000")),
    )


def test_range_open_on_one_side(expect):
    expect(
        "v INT, expected BOOLEAN",
        [(-2, True), (-1, False), (2147483647, False), (None, False)],
        fails(Range(column="v", min="-1")),
    )


def test_range_of_dates_and_instants(expect):
    expect(
        "v DATE, expected BOOLEAN",
        [("2019-12-31", True), ("2020-01-01", False), ("2030-12-31", False), ("2031-01-01", True), (None, False)],
        fails(Range(column="v", min="2020-01-01", max="2030-12-31")),
    )
    expect(
        "v TIMESTAMP, expected BOOLEAN",
        [("2019-12-31 23:59:59", True), ("2020-01-01 00:00:00", False), (None, False)],
        fails(Range(column="v", min="2020-01-01 00:00:00")),
    )


def test_range_where_it_applies(expect):
    expect(
        "v INT, status STRING, expected BOOLEAN",
        [
            (0, "PLACED", True),
            (0, "CANCELLED", False),
            (1, "PLACED", False),
            (0, None, True),  # not known to be an exception
            (-1, "CANCELLED", True),
        ],
        fails(Range(column="v", min="1", when="NOT (v = 0 AND coalesce(status, '') = 'CANCELLED')")),
    )


def test_regex_matches_the_whole_value(expect):
    expect(
        "v STRING, expected BOOLEAN",
        [
            ("110001", False),
            ("1100011", True),
            ("x110001", True),
            ("110001\n", True),  # $ would match before a final newline
            ("abc", False),  # one alternative of the pattern is not half of one
            ("abcd", True),
            ("", True),
            (None, False),
        ],
        fails(Regex(column="v", pattern="[0-9]{6}|abc")),
    )


@pytest.mark.parametrize(
    ("operator", "failing"),
    [("<", {0, 1}), ("<=", {1}), ("=", {-1, 1}), (">=", {-1}), (">", {-1, 0})],
)
def test_compare(expect, operator, failing):
    rows = [(difference, 0, difference in failing) for difference in (-1, 0, 1)]
    expect(
        "a INT, b INT, expected BOOLEAN",
        [*rows, (None, 0, False), (0, None, False), (None, None, False)],
        fails(Compare(column="a", operator=operator, other="b")),
    )


def test_holds(expect):
    expect(
        "a INT, b INT, expected BOOLEAN",
        [(5, 5, False), (4, 5, True), (None, 5, False), (5, None, False)],
        fails(Holds(column="a", expression="a - b >= 0", message="")),
    )


@pytest.mark.parametrize(
    ("rule", "name", "column", "words"),
    [
        (NotNull(column="a"), "a_not_null", "a", "must be given"),
        (RequiredWhen(column="a", condition="b = 1"), "a_not_null", "a", "must be given where b = 1"),
        (Unique(columns=("a", "b")), "a_b_unique", "a, b", "no two rows share a, b"),
        (InSet(column="a", values=("x", "y")), "a_set", "a", "must be one of x, y"),
        (Range(column="a", min="0"), "a_range", "a", "must be from 0 to any"),
        (Range(column="a", max="9", when="b"), "a_range", "a", "must be from any to 9 where b"),
        (Regex(column="a", pattern="x+"), "a_regex", "a", "must match x+"),
        (Compare(column="a", operator="<=", other="b"), "a_order", "a", "must be <= b"),
        (Holds(column="a", expression="b", message="is odd"), "a_holds", "a", "is odd"),
        (Fresh(column="a", max_hours=6), "a_fresh", "a", "newest value at most 6 h before the end of the window"),
        (RowCount(min=1), "row_count", "", "from 1 to any number of rows"),
        (RowCount(max=5), "row_count", "", "from 0 to 5 rows"),
        (MeanBand(column="a", min_mean="1"), "a_mean", "a", "mean from 1 to any, deviation from any to any"),
        (Mostly(column="a", expression="b", share="0.9"), "a_mostly", "a", "at least 0.9 of the rows that have a: b"),
        (NotNull(column="a", name="given"), "given", "a", "must be given"),
    ],
)
def test_how_rules_are_called_and_described(rule, name, column, words):
    assert (rule_name(rule), rule_column(rule), describe(rule)) == (name, column, words)
