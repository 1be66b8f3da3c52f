"""Mistakes in the configuration: all at once, each with its path, its file and what was probably meant."""

from __future__ import annotations

import pytest

from lib.config import load_config
from lib.errors import ConfigError

BASE = "tables: {root: data}\nsources:\n  orders: {format: csv, path: orders.csv}\n"


@pytest.fixture
def mistakes(tmp_path):
    """The problems of a conf/ with this overlay and these --set values."""

    def load(overlay, *settings, base=BASE):
        (tmp_path / "base.yaml").write_text(base, "utf-8")
        (tmp_path / "local.yaml").write_text(overlay, "utf-8")
        with pytest.raises(ConfigError) as caught:
            load_config(tmp_path, "local", settings)
        return list(caught.value.problems)

    return load


# the overlay -> what is said of it
CASES = {
    "unknown section": ("tabels: {}", "tabels: unknown key; did you mean tables?"),
    "unknown key": ("tables: {rot: x}", "tables.rot: unknown key; did you mean root?"),
    "unknown key, nothing near": ("tables: {zzz: x}", "tables.zzz: unknown key; valid: root, format, lease"),
    "unknown key, deep": (
        "business: {segments: {premium: 1}}",
        "business.segments.premium: unknown key; did you mean premium_above?",
    ),
    "unknown key of an item": (
        "calendar: {festivals: [{name: X, dates: [], state: [MH]}]}",
        "calendar.festivals[0].state: unknown key; did you mean states?",
    ),
    "text for a number": ("limits: {max_dates: many}", "limits.max_dates: must be a whole number, not text ('many')"),
    "fraction for a whole number": ("limits: {max_dates: 1.5}", "limits.max_dates: must be a whole number, not float"),
    "number for text": ("tables: {root: 7}", "tables.root: must be text, not a whole number (7)"),
    "nothing for text": ("tables: {root: }", "tables.root: must be text, not nothing"),
    "text for a flag": (
        "business: {review: {exclude_until_approved: maybe}}",
        "business.review.exclude_until_approved: must be true or false, not text ('maybe')",
    ),
    "text for a list": (
        "business: {review: {methods: EMI}}",
        "business.review.methods: must be a list, not text ('EMI')",
    ),
    "text for a decimal": (
        "business: {review: {above_inr: lots}}",
        "business.review.above_inr: must be a number, not text ('lots')",
    ),
    "list for a value": ("spark: {x: [1]}", "spark.x: must be a single value, not list"),
    "a secret in plain text, which is not repeated": (
        "privacy: {hash_key: hunter2}",
        "privacy.hash_key: must be a reference such as ${secret:env/NAME}, never the value itself (in ",
    ),
    "retention of no day": (
        "maintain: {retention_days: {bronze: 0}}",
        "maintain.retention_days.bronze: must be at least 1; null keeps for ever",
    ),
    "hours before zero": ("maintain: {vacuum_hours: -1}", "maintain.vacuum_hours: must be at least 0"),
    "empty section": ("tables:", "tables: must be a section of keys, not nothing"),
    "list for a section": ("sources: {orders: [1]}", "sources.orders: must be a section of keys, not list"),
    "list for a table of words": ("business: {statuses: [x]}", "business.statuses: must be a section of keys"),
    "text for an item": (
        "quality: {rules: {orders: [unique]}}",
        "quality.rules.orders[0]: must be a section of keys, not text ('unique')",
    ),
    "no number": ("business: {review: {above_inr: .nan}}", "business.review.above_inr: must be a number, not float"),
    "date of a festival": (
        "calendar: {festivals: [{name: Diwali, dates: [20-10-2025]}]}",
        "calendar.festivals[0].dates: '20-10-2025' is not a date: write it as 2025-10-20",
    ),
    "not in a list of words": ("tables: {format: orc}", "tables.format: must be one of"),
    "time zone of the business": ("time_zone: Europe/Paris", "time_zone: must be one of"),
    "missing key": ("sources: {catalog: {format: csv}}", "sources.catalog.path: must be given"),
    "missing variable": (
        "tables: {root: '${env:DABBA_NO_SUCH}'}",
        "tables.root: the environment variable DABBA_NO_SUCH is not set",
    ),
    "a mode that loses records": (
        "sources: {orders: {options: {Mode: DROPMALFORMED}}}",
        "sources.orders.options.Mode: leave it out",
    ),
    "JSON of several lines a record": (
        "sources: {orders: {format: json, options: {multiLine: true}}}",
        "sources.orders.options.multiLine: is for CSV",
    ),
    # secrets are references
    "a password of a source": (
        "sources: {orders: {options: {dbPassword: hunter2}}}",
        "sources.orders.options.dbPassword: must not stand here: write ${secret:env/NAME}",
    ),
    "a key of Spark": (
        "spark: {spark.hadoop.fs.s3a.secret.key: hunter2}",
        "spark.spark.hadoop.fs.s3a.secret.key: must not stand here",
    ),
    "a password in a path": ("tables: {root: 's3a://me:hunter2@bucket/x'}", "tables.root: holds a password"),
    "a secret that Spark reads when it starts": (
        "spark: {spark.ssl.keyPassword: '${secret:env/X}'}",
        "spark.spark.ssl.keyPassword: cannot hold a secret",
    ),
    # well-formed, but contradicting each other
    "canonical column": (
        "sources: {orders: {columns: {order_idd: x}}}",
        "sources.orders.columns.order_idd: no such canonical column; did you mean order_id?",
    ),
    "required column": (
        "sources: {orders: {columns: {order_id: ' null '}}}",
        "sources.orders.columns.order_id: is required and cannot be NULL",
    ),
    "empty path": ("sources: {orders: {path: ' '}}", "sources.orders.path: must not be empty"),
    "zone of a source": (
        "sources: {orders: {time_zone: Asia/Kolkatta}}",
        "sources.orders.time_zone: 'Asia/Kolkatta' is not a time zone; did you mean Asia/Kolkata?",
    ),
    "changes of events": (
        "sources: {inventory: {format: csv, path: x, changes: {operation: op, sequence: n}}}",
        "sources.inventory.changes: inventory is a log of events already",
    ),
    "changes without a number": (
        "sources: {orders: {changes: {operation: op}}}",
        "sources.orders.changes.sequence: must be given",
    ),
    "an empty operation": (
        "sources: {orders: {changes: {operation: ' ', sequence: n}}}",
        "sources.orders.changes.operation: must not be empty",
    ),
    "the old row alone": (
        "sources: {orders: {changes: {operation: op, sequence: n, before: b}}}",
        "sources.orders.changes.after: must be given where before is",
    ),
    "an operation that is mapped": (
        "sources: {orders: {columns: {operation: op}}}",
        "sources.orders.columns.operation: is said by sources.orders.changes.operation",
    ),
    "two times of a change": (
        "sources: {orders: {columns: {updated_at: x}, changes: {operation: op, sequence: n, at: t}}}",
        "sources.orders.columns.updated_at: contradicts sources.orders.changes.at",
    ),
    "segments overlap": (
        "business: {segments: {premium_above: 10}}",
        "business.segments.premium_above: must be above regular_above (10)",
    ),
    "share": (
        "quality: {gates: {orders: {max_refused_share: 5}}}",
        "quality.gates.orders.max_refused_share: is a share from 0 to 1; it is 5",
    ),
    "negative share": (
        "quality: {default_gate: {max_refused_share: -0.1}}",
        "quality.default_gate.max_refused_share: is a share from 0 to 1; it is -0.1",
    ),
    "negative count": (
        "quality: {default_gate: {max_refused_rows: -1}}",
        "quality.default_gate.max_refused_rows: must not be negative",
    ),
    "no dates": ("limits: {max_dates: 0}", "limits.max_dates: must be at least 1"),
    "status": (
        "business: {statuses: {rto: RETURND}}",
        "business.statuses.rto: 'RETURND' is not in the contract; did you mean RETURNED?",
    ),
    "payment status": (
        "business: {payment_statuses: {ok: GOOD}}",
        "business.payment_statuses.ok: 'GOOD' is not in the contract; valid: APPROVED, PENDING, FAILED, REVIEW",
    ),
    "gate of no dataset": (
        "quality: {gates: {order: {}}}",
        "quality.gates.order: no such dataset; did you mean orders?",
    ),
    "rule of no dataset": (
        "quality: {rules: {stock: []}}",
        "quality.rules.stock: no such dataset; did you mean",
    ),
    "kind of rule": (
        "quality: {rules: {orders: [{kind: notnull, column: x}]}}",
        "quality.rules.orders[0].kind: must be one of",
    ),
}


@pytest.mark.parametrize(("overlay", "told"), CASES.values(), ids=CASES.keys())
def test_one_mistake(mistakes, overlay, told):
    problems = mistakes(overlay)
    assert len(problems) == 1, problems
    assert problems[0].startswith(told)
    assert "local.yaml" in problems[0], "every mistake names its file"
    assert "hunter2" not in problems[0]


def test_all_mistakes_at_once_each_with_the_layer_that_it_came_from(mistakes):
    problems = mistakes(
        "tabels: {}\nlimits: {max_dates: many}\nbusiness: {review: {above_inr: x, metods: []}}\n",
        "tables.format=orc",
        "nonsense",
        base=BASE + "spark: {a: [1]}\ntime_zone: Mars\n",
    )
    told = {problem.partition(":")[0]: problem for problem in problems}
    assert set(told) == {
        "tabels", "limits.max_dates", "business.review.above_inr", "business.review.metods", "tables.format",
        "--set nonsense", "spark.a", "time_zone",
    }  # fmt: skip
    assert "--set tables.format" in told["tables.format"]
    assert "base.yaml" in told["spark.a"]
    assert "local.yaml" in told["limits.max_dates"]


def test_the_message_counts_and_lists_the_mistakes(mistakes, tmp_path):
    mistakes("tabels: {}\ntables: {rot: 1}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path, "local")
    assert "The configuration has 2 mistakes" in str(caught.value)
    assert "  - tabels: unknown key" in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("overlay", "told"),
    [
        ("tables: {root: [}", "line 1: not valid YAML"),
        ("- a\n- b\n", "must be a mapping of sections"),
        ("include: {business.statuses: nowhere.yaml}", "nowhere.yaml: cannot be read"),
        ("include: [statuses.yaml]", "local.yaml: include: must be a mapping of keys to files"),
        ("extends: 3", "3: neither a file nor a name in"),
        ("extends: nowhere", "nowhere: neither a file nor a name in"),
        ("extends: local", "local.yaml: extends itself"),
    ],
)
def test_files_that_cannot_be_used(mistakes, overlay, told):
    problems = mistakes(overlay)
    assert any(told in problem for problem in problems), problems


def test_an_environment_that_does_not_exist_names_those_that_do(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "prod.yaml").write_text("{}")
    with pytest.raises(ConfigError, match=r"--env prd: neither a file nor a name in .*\(there are: prod\)"):
        load_config(tmp_path, "prd")


def test_a_setting_that_is_no_yaml(mistakes):
    assert mistakes("{}", "tables.root=[") == ["--set tables.root: the value is not valid YAML: ["]


def test_a_setting_below_a_single_value(mistakes):
    (problem,) = mistakes("{}", "tables.root.x=1")
    assert problem.startswith("tables.root: must be text, not dict")
