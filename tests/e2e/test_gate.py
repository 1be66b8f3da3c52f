"""The gate from end to end: what is exactly allowed passes, one row more does not, and nothing is not a pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.e2e import reader
from tests.e2e.shop import WRITE, order, run

RESULTS = (*reader.SILVER, *reader.GOLD)
ON_EMPTY = "sources.orders.on_empty"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the source's files lie."""
    place = tmp_path / "in"
    place.mkdir()
    return place


def lines(folder: Path) -> int:
    """Order lines in silver."""
    return len(reader.rows(folder.parent / "tables", "silver/order_lines"))


@pytest.mark.one_line
def test_a_share_at_the_boundary_passes_and_one_row_more_does_not(spark: SparkSession, folder: Path) -> None:
    """One of 20 is the 5 % that conf allows. Repetitions are no rows of their own: they do not thin out the share."""
    good = [order(number) for number in range(19)]
    WRITE["csv"](folder, [*good, order(19, qty=-1)])
    allowed = run("daily", folder)
    assert allowed.code == 0, allowed.said()
    assert lines(folder) == 19
    before = reader.state(folder.parent / "tables", RESULTS)
    for rows, more, told in (
        ([*good[:18], *good[:18], order(18, qty=-1), order(19, qty=-1)], {}, "orders: 2 of 20 rows refused (10.00 %)"),
        ([*good, order(19, qty=-1)], {"quality.gates.orders.max_refused_rows": 0}, "orders: 1 rows refused; allowed 0"),
    ):
        WRITE["csv"](folder, rows)
        refused = run("daily", folder, **more)
        assert refused.code == 5, refused.said()
        assert told in refused.stderr
        assert reader.state(folder.parent / "tables", RESULTS) == before


@pytest.mark.one_line
def test_a_source_that_had_rows_and_has_none(spark: SparkSession, folder: Path) -> None:
    WRITE["csv"](folder, [order(1)])
    assert run("daily", folder).code == 0
    (folder / "orders.csv").write_text((folder / "orders.csv").read_text().splitlines()[0] + "\n")
    before = reader.state(folder.parent / "tables", (*RESULTS, "bronze/orders"))
    told = "The source `orders` has no rows for 2025-10-17"
    fail = run("daily", folder)
    assert fail.code == 5, fail.said()
    assert told in fail.stderr
    assert reader.state(folder.parent / "tables", (*RESULTS, "bronze/orders")) == before
    warn = run("daily", folder, **{ON_EMPTY: "warn"})
    assert warn.code == 0, warn.said()
    assert told in warn.stdout
    assert lines(folder) == 0
    assert reader.rows(folder.parent / "tables", "gold/national_metrics") == []
    allow = run("daily", folder, **{ON_EMPTY: "allow", "quality.empty_date": "allow"})
    assert allow.code == 0, allow.said()
    assert "note:" not in allow.stdout


# A rule of one's own that cannot be computed in either dialect: the whole kind of it.
FAILING = {
    "of rows": {"kind": "holds", "column": "quantity", "parameters": {"message": "x", "expression": "{} = 'x'"}},
    "of a condition": {"kind": "required_when", "column": "quantity", "parameters": {"condition": "{} = 'x'"}},
    "of the dataset": {"kind": "mostly", "column": "quantity", "parameters": {"expression": "{} = 'x'", "share": 0.5}},
}


@pytest.mark.slow
@pytest.mark.parametrize("ansi", ["true", "false"])
def test_rules_that_fail_while_they_are_computed_are_named(spark: SparkSession, folder: Path, ansi: str) -> None:
    spark.conf.set("spark.sql.ansi.enabled", ansi)
    WRITE["csv"](folder, [order(1), order(2, qty="")])
    for name, rule in FAILING.items():
        parameters = json.loads(json.dumps(rule["parameters"]).replace("{}", "element_at(split(order_id, 'O'), 0)"))
        fine = {"kind": "not_null", "column": "order_id", "name": "fine"}
        rules = [fine, {**rule, "name": f"own {name}", "parameters": parameters}]
        outcome = run("daily", folder, **{"quality.rules.orders": rules, "tables.format": "parquet"})
        assert outcome.code == 3, outcome.said()
        assert f"  - own {name}" in outcome.stderr
        assert "fine" not in outcome.stderr
        assert not (folder.parent / "tables" / "silver").exists()
