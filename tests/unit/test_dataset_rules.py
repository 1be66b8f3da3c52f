"""Rules on a whole dataset: passed, failed, or not evaluated because there was nothing to evaluate."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lib.datasets.rules import Fresh, MeanBand, Mostly, NotNull, RowCount, Severity
from lib.quality import check_dataset, row_checks

END = datetime(2025, 10, 20, 18, 30, tzinfo=timezone.utc)

# rule, the values of `v` (amounts) -> outcome
AMOUNTS = ["10.00", "20.00", "30.00"]  # mean 20, deviation of the whole 8.1650
CASES = [
    (RowCount(min=3, max=3), AMOUNTS, "passed"),
    (RowCount(min=4), AMOUNTS, "failed"),
    (RowCount(max=2), AMOUNTS, "failed"),
    (RowCount(max=3), AMOUNTS, "passed"),
    (RowCount(max=0), [], "passed"),
    (RowCount(min=1), [], "failed"),  # no row is not a pass
    (MeanBand(column="v", min_mean="20", max_mean="20"), AMOUNTS, "passed"),
    (MeanBand(column="v", min_mean="20.01"), AMOUNTS, "failed"),
    (MeanBand(column="v", max_mean="19.99"), AMOUNTS, "failed"),
    (MeanBand(column="v", min_deviation="8.16", max_deviation="8.17"), AMOUNTS, "passed"),
    (MeanBand(column="v", min_deviation="8.17"), AMOUNTS, "failed"),
    (MeanBand(column="v", max_deviation="8.16"), AMOUNTS, "failed"),
    (MeanBand(column="v", max_deviation="0"), ["7.00"], "passed"),
    (MeanBand(column="v", min_mean="1"), [None, None], "not evaluated"),
    (MeanBand(column="v", min_mean="1"), [], "not evaluated"),
    (MeanBand(column="v", min_mean="20"), [*AMOUNTS, None], "passed"),  # a null is not a zero
    (Mostly(column="v", expression="v >= 20", share="0.6666"), AMOUNTS, "passed"),
    (Mostly(column="v", expression="v >= 20", share="0.6667"), AMOUNTS, "failed"),
    (Mostly(column="v", expression="v >= 0", share="1"), [*AMOUNTS, None], "passed"),
    (Mostly(column="v", expression="v > 10", share="1"), AMOUNTS, "failed"),
    (Mostly(column="v", expression="NULL", share="0.1"), AMOUNTS, "failed"),
    (Mostly(column="v", expression="true", share="0.5"), [None], "not evaluated"),
]


@pytest.mark.usefixtures("ansi")
def test_outcomes(frame):
    for values in ([], [None], [None, None], ["7.00"], AMOUNTS, [*AMOUNTS, None]):
        df = frame("v DECIMAL(18,2)", [(value,) for value in values])
        rules = [rule for rule, given, _ in CASES if given == values]
        expected = [outcome for _, given, outcome in CASES if given == values]
        checks = check_dataset(df, "orders", rules, rows=len(values), window_end=END)
        assert [check.outcome for check in checks] == expected, [str(check) for check in checks]


@pytest.mark.parametrize(
    ("newest", "hours", "outcome"),
    [
        ("2025-10-20 12:30:00", 6, "passed"),
        ("2025-10-20 12:29:59", 6, "failed"),
        ("2025-10-20 18:29:59", 0, "failed"),
        ("2025-10-20 18:30:00", 0, "passed"),
        (None, 6, "not evaluated"),
    ],
)
def test_freshness_to_the_second(frame, newest, hours, outcome):
    df = frame("at TIMESTAMP", [("2020-01-01 00:00:00" if newest else None,), (newest,)])
    (check,) = check_dataset(df, "orders", [Fresh(column="at", max_hours=hours)], rows=2, window_end=END)
    assert check.outcome == outcome


def test_only_an_error_that_failed_stops_a_run(frame):
    df = frame("v INT", [(1,)])
    rules = [
        RowCount(min=2, severity=Severity.ERROR, name="error"),
        RowCount(min=2, severity=Severity.WARN, name="warn"),
        MeanBand(column="v", min_mean="1", severity=Severity.ERROR, name="fine"),
        NotNull(column="v"),  # a row rule is no matter of the dataset
    ]
    checks = check_dataset(df, "orders", rules, rows=1, window_end=END)
    assert [(check.rule, check.outcome, check.refuses) for check in checks] == [
        ("error", "failed", True),
        ("warn", "failed", False),
        ("fine", "passed", False),
    ]
    assert checks[0].detail == "1 rows; allowed 2 to any number"


def test_outcomes_of_row_rules():
    rules = [NotNull(column="a"), NotNull(column="b", severity=Severity.WARN), RowCount(min=1)]
    failures = {"b_not_null": 3, "malformed_record": 1}
    found = [(c.rule, c.severity, c.outcome, c.rows) for c in row_checks("orders", rules, failures, rows=10)]
    assert found == [
        ("a_not_null", "error", "passed", 0),
        ("b_not_null", "warn", "failed", 3),
        ("malformed_record", "error", "failed", 1),
    ]
    assert {check.outcome for check in row_checks("orders", rules, {}, rows=0)} == {"not evaluated"}
