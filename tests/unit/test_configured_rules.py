"""Rules written in conf: each kind becomes a typed rule, and every mistake in them is told at once."""

from __future__ import annotations

import pytest

from lib.datasets import ORDERS
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
    Severity,
    Unique,
)
from lib.errors import ConfigError
from lib.quality import rules_of

# what conf says -> the rule
KINDS = [
    ("{kind: not_null, column: customer_id}", NotNull(column="customer_id")),
    (
        "{kind: not_null, column: customer_id, severity: warn, name: known}",
        NotNull(column="customer_id", severity=Severity.WARN, name="known"),
    ),
    (
        "{kind: required_when, column: promised_ts, parameters: {condition: \"channel = 'app'\"}}",
        RequiredWhen(column="promised_ts", condition="channel = 'app'"),
    ),
    ("{kind: unique, parameters: {columns: [order_id, product_id]}}", Unique(columns=("order_id", "product_id"))),
    ("{kind: in_set, column: channel, parameters: {values: [app, 7]}}", InSet(column="channel", values=("app", "7"))),
    ("{kind: range, column: quantity, parameters: {min: 1, max: 20}}", Range(column="quantity", min="1", max="20")),
    ("{kind: range, column: unit_price, parameters: {min: 0.5}}", Range(column="unit_price", min="0.5")),
    ("{kind: range, column: order_ts, parameters: {min: 2020-01-01}}", Range(column="order_ts", min="2020-01-01")),
    (
        "{kind: regex, column: order_id, parameters: {pattern: 'OD[0-9]+'}}",
        Regex(column="order_id", pattern="OD[0-9]+"),
    ),
    (
        "{kind: compare, column: delivered_ts, parameters: {operator: '<=', other: promised_ts}}",
        Compare(column="delivered_ts", operator="<=", other="promised_ts"),
    ),
    (
        "{kind: holds, column: quantity, parameters: {expression: quantity < 9, message: is much}}",
        Holds(column="quantity", expression="quantity < 9", message="is much"),
    ),
    (
        "{kind: fresh, column: order_ts, parameters: {max_hours: 6}, severity: error}",
        Fresh(column="order_ts", max_hours=6, severity=Severity.ERROR),
    ),
    ("{kind: row_count, parameters: {min: 10, max: 20}}", RowCount(min=10, max=20)),
    (
        "{kind: mean_band, column: quantity, severity: warn, parameters: {min_mean: 1, max_deviation: 2.5}}",
        MeanBand(column="quantity", min_mean="1", max_deviation="2.5"),
    ),
    (
        "{kind: mostly, column: customer_id, severity: warn, parameters: {expression: 'true', share: 0.9}}",
        Mostly(column="customer_id", expression="true", share="0.9"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "rule"), KINDS, ids=[written[7:40] for written, _ in KINDS])
def test_each_kind(make_config, written, rule):
    rules = rules_of(make_config(f"quality.rules.orders=[{written}]"), "orders")
    assert rules == (*ORDERS.rules, rule)


def test_a_dataset_without_rules_of_its_own_has_those_of_its_contract(make_config):
    assert rules_of(make_config(), "orders") == ORDERS.rules


def test_a_configured_rule_works(make_config, frame):
    from lib.quality import check_rows

    rules = rules_of(
        make_config("quality.rules.orders=[{kind: range, column: v, parameters: {min: 0.5, max: 20}}]"), "orders"
    )[-1:]
    df = frame(
        "v DECIMAL(18,2), bad BOOLEAN, _malformed BOOLEAN, _type_errors ARRAY<STRING>",
        [(v, bad, False, []) for v, bad in (("0.49", True), ("0.50", False), ("20.00", False), ("20.01", True))],
    )
    assert all(bool(row["_reasons"]) == row["bad"] for row in check_rows(df, rules).collect())


def test_every_mistake_at_once(make_config):
    config = make_config(
        "quality.rules.orders=[{kind: range, column: quantity, parameters: {minimum: 1}},"
        " {kind: regex, column: order_id}, {kind: not_null}, {kind: row_count, column: x, parameters: {min: 1}}]"
    )
    with pytest.raises(ConfigError) as caught:
        rules_of(config, "orders")
    assert caught.value.problems == (
        "quality.rules.orders[0]: range has no parameter minimum; it has column, max, min, name, when",
        "quality.rules.orders[1]: regex needs pattern",
        "quality.rules.orders[2]: not_null needs column",
        "quality.rules.orders[3]: row_count has no parameter column; it has max, min, name",
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{kind: in_set, column: channel, parameters: {values: app}}", "values must be a list"),
        ("{kind: unique, parameters: {columns: order_id}}", "columns must be a list"),
        ("{kind: fresh, column: order_ts, parameters: {max_hours: six}}", "max_hours must be a whole number"),
        ("{kind: row_count, parameters: {min: 1.5}}", "min must be a whole number"),
        ("{kind: compare, column: a, parameters: {operator: '=>', other: b}}", "operator must be one of"),
        ("{kind: mostly, column: a, parameters: {expression: 'true', share: most}}", "share must be a number"),
        ("{kind: mean_band, column: a, parameters: {min_mean: low}}", "min_mean must be a number"),
    ],
)
def test_values_that_do_not_fit_their_parameter(make_config, written, told):
    with pytest.raises(ConfigError, match=r"quality.rules.orders\[0\]: .*" + told):
        rules_of(make_config(f"quality.rules.orders=[{written}]"), "orders")
