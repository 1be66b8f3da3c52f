"""All rules in one pass: every row gets its reasons or its warnings, and no row is lost between good and refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lib.config import Gate
from lib.datasets.rules import Compare, Holds, NotNull, Range, RowCount, Severity
from lib.quality import check_rows, count_rows, gate_of, gate_problems, good, refused
from lib.quality.check import RowCounts
from lib.run.report import Check

RULES = (
    NotNull(column="id"),
    Range(column="qty", min="1", max="5"),
    NotNull(column="qty"),
    Compare(column="qty", operator="<=", other="stock", severity=Severity.WARN),
    NotNull(column="city", severity=Severity.WARN),
    RowCount(min=1),
)
DDL = (
    "id STRING, qty INT, stock INT, city STRING, _malformed BOOLEAN, _type_errors ARRAY<STRING>, "
    "_after_window BOOLEAN, reasons STRING, warned STRING"
)
# id, qty, stock, city, malformed, type errors, after the window -> reasons, warnings
ROWS = [
    ("a", 1, 9, "Pune", False, [], False, "", ""),
    ("b", 9, 9, "Pune", False, [], False, "qty_range", ""),
    ("c", None, 9, "Pune", False, [], False, "qty_not_null", ""),
    # what does not fit its type has that reason, and not that it is missing
    ("d", None, 9, "Pune", False, ["qty"], False, "qty_type", ""),
    ("e", None, 9, "Pune", False, ["qty", "stock"], False, "qty_type stock_type", ""),
    # all reasons at once
    (None, 0, 9, "Pune", False, [], True, "id_not_null qty_range at_window", ""),
    # a warned row is good, and carries its warnings; a refused one may be warned about too
    ("f", 5, 4, None, False, [], False, "", "qty_order city_not_null"),
    ("g", 9, 4, "Pune", False, [], False, "qty_range", "qty_order"),
    ("h", 3, 9, "Pune", False, [], None, "", ""),
    # a malformed record has one reason only
    (None, None, None, None, True, [], True, "malformed_record", "city_not_null"),
    (None, None, None, None, True, ["qty"], False, "malformed_record", "city_not_null"),
]


@pytest.fixture
def checked(frame):
    return check_rows(frame(DDL, ROWS), RULES, event_time="at")


@pytest.mark.usefixtures("ansi")
def test_reasons_and_warnings(checked):
    for row in checked.collect():
        assert " ".join(reason["rule"] for reason in row["_reasons"]) == row["reasons"], row
        assert " ".join(row["warnings"]) == row["warned"], row


def test_a_reason_says_the_rule_the_column_and_what_is_wrong(checked):
    told = {tuple(reason) for row in checked.collect() for reason in row["_reasons"]}
    assert told == {
        ("id_not_null", "id", "must be given"),
        ("qty_not_null", "qty", "must be given"),
        ("qty_range", "qty", "must be from 1 to 5"),
        ("qty_type", "qty", "does not fit its type"),
        ("stock_type", "stock", "does not fit its type"),
        ("at_window", "at", "must not be after the end of the run's window"),
        ("malformed_record", "", "the record does not fit the source's format"),
    }


def test_good_and_refused_are_disjoint_and_all(checked):
    kept = [row["id"] for row in good(checked).collect()]
    put_aside = refused(checked).count()
    assert sorted(kept) == ["a", "f", "h"]
    assert len(kept) + put_aside == len(ROWS)


def test_counts(checked):
    counts = count_rows(checked)
    assert (counts.rows, counts.refused, counts.accepted) == (11, 8, 3)
    assert counts.failures == {
        "qty_range": 3,
        "qty_not_null": 1,
        "qty_type": 2,
        "stock_type": 1,
        "id_not_null": 1,
        "at_window": 1,
        "malformed_record": 2,
        "qty_order": 2,
        "city_not_null": 3,
    }


def test_no_row_and_no_rule(frame):
    empty = check_rows(frame(DDL, []), RULES, event_time="at")
    assert count_rows(empty) == RowCounts(0, 0, {})
    ruleless = check_rows(frame(DDL, ROWS[:1]), ())
    assert [(row["_reasons"], row["warnings"]) for row in ruleless.collect()] == [([], [])]


@pytest.mark.usefixtures("ansi")
def test_an_expression_that_cannot_be_computed_passes_in_both_dialects(frame):
    df = frame(
        "a INT, b INT, t STRING, _malformed BOOLEAN, _type_errors ARRAY<STRING>",
        [(4, 2, "1", False, []), (1, 2, "1", False, []), (1, 0, "x", False, [])],
    )
    rules = [
        Holds(column="a", expression="a / b > 1", message="too little", name="ratio"),
        Holds(column="t", expression="CAST(t AS INT) = 1", message="not one", name="number"),
    ]
    reasons = [[reason["rule"] for reason in row["_reasons"]] for row in check_rows(df, rules).orderBy("b").collect()]
    assert sorted(reasons) == [[], [], ["ratio"]]


# rows, refused, share allowed, rows allowed -> may it pass?
GATES = [
    (100, 5, "0.05", None, True),
    (100, 6, "0.05", None, False),
    (1000, 51, "0.05", None, False),
    (3, 1, "0.3333", None, False),
    (3, 1, "0.3334", None, True),
    (100, 0, "0", None, True),
    (100, 1, "0", None, False),
    (100, 100, "1", None, True),
    (0, 0, "0", None, True),
    (100, 3, "1", 3, True),
    (100, 4, "1", 3, False),
    (100, 1, "1", 0, False),
]


@pytest.mark.parametrize(("rows", "bad", "share", "most", "passes"), GATES)
def test_the_gate_is_inclusive(rows, bad, share, most, passes):
    gate = Gate(max_refused_share=Decimal(share), max_refused_rows=most)
    assert (not gate_problems("orders", RowCounts(rows, bad, {}), [], gate)) is passes


def test_the_gate_tells_every_reason():
    failed = Check("orders", "row_count", "error", "failed", 100, "100 rows; allowed 200 to any number")
    harmless = Check("orders", "mean", "warn", "failed", 100, "")
    problems = gate_problems("orders", RowCounts(100, 7, {}), [failed, harmless], Gate(Decimal("0.05"), 6))
    assert problems == [
        "orders: 7 of 100 rows refused (7.00 %); allowed 5.00 %",
        "orders: 7 rows refused; allowed 6",
        "orders: rule row_count failed: 100 rows; allowed 200 to any number",
    ]


def test_a_dataset_has_its_own_gate_or_the_default_one(make_config):
    config = make_config("quality.gates.orders.max_refused_share=0.5", "quality.default_gate.max_refused_share=0.1")
    assert gate_of(config, "orders").max_refused_share == Decimal("0.5")
    assert gate_of(config, "catalog").max_refused_share == Decimal("0.1")
