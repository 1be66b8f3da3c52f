"""maintain, erase and export through the command line: told first, done when told to, and no night is spoilt."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lib.config.model import Tables
from lib.tables import open_lease
from lib.tables import published as night_of
from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, dates, on_sample
from tests.e2e.conftest import END, START

KEY = "a key of the tests, long enough for it"
KEPT: dict[str, object] = {"maintain.retention_days.bronze": None, "maintain.retention_days.quarantine": None}
ERASING: dict[str, object] = {"privacy.hash_key": "${secret:env/DABBA_HASH_KEY}"}


@pytest.fixture(scope="module")
def digest(published: Path) -> dict[str, str]:
    """What the published tables hold."""
    return reader.digest(published)


def digest_at(root: Path, versions: Mapping[str, int]) -> dict[str, str]:
    return {table: reader.digest_of(reader.rows(root, table, versions[table])) for table in reader.PUBLISHED}


def test_maintenance_is_told_and_changes_nothing(own_tables: Path, sample: Path) -> None:
    before = reader.tree(own_tables)
    outcome = dabba("maintain", *on_sample(sample, own_tables))
    assert outcome.code == 0, outcome.said()
    assert outcome.summary == {"status": "dry run", "job": "maintain"}
    told = [line for line in outcome.stdout.splitlines() if "drop old dates" in line]
    assert ["bronze" in line or "quarantine" in line for line in told] == [True] * 5
    assert "2025-10-17 .. 2025-10-19 (3)" in told[0]
    assert reader.tree(own_tables) == before


@pytest.mark.one_line
def test_maintenance_keeps_every_row_and_every_night(
    spark: SparkSession, own_tables: Path, sample: Path, digest: dict[str, str]
) -> None:
    (first,) = (path.stem for path in (own_tables / "ops/reports").glob("*.json"))
    small = {**KEPT, "maintain.min_small_files": 2, "maintain.settled_days": 0}
    files = sum(len(found) for found in reader.active_files(own_tables, "silver/order_lines").values())
    done = dabba("maintain", "--apply", "--run-id", "upkeep-1", *on_sample(sample, own_tables, small))
    assert done.code == 0, done.said()
    assert sum(len(found) for found in reader.active_files(own_tables, "silver/order_lines").values()) < files
    assert reader.digest(own_tables) == digest
    latest = night_of(spark, str(own_tables))
    assert latest.run_id == "upkeep-1"
    assert latest.versions["silver/order_lines"] == reader.version(own_tables, "silver/order_lines")
    before = night_of(spark, str(own_tables), first)
    assert digest_at(own_tables, before.versions) == digest

    state = reader.state(own_tables)
    refused = dabba("maintain", "--apply", *on_sample(sample, own_tables, {**KEPT, "maintain.vacuum_hours": 0}))
    assert refused.code == 5, refused.said()
    assert reader.state(own_tables) == state
    assert before.read("silver/order_lines").count() == len(reader.rows(own_tables, "silver/order_lines"))


def test_maintenance_of_a_day_to_come_is_refused(sample: Path, tmp_path: Path) -> None:
    """It would drop every date."""
    outcome = dabba("maintain", "--apply", "--as-of", "2999-01-01", *on_sample(sample, tmp_path))
    assert outcome.code == 2
    assert "is in the future" in outcome.stderr


def test_a_night_of_any_date_goes_on_beside_maintenance_and_no_other_maintenance_or_erasure_does(
    spark: SparkSession, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = on_sample(sample, tmp_path, {**ERASING, "tables.lease.wait_seconds": 0})
    monkeypatch.setenv("DABBA_HASH_KEY", KEY)
    beside: list[Outcome] = []

    def at_work(*_: object, **__: object) -> None:
        if not beside:
            beside.append(dabba("maintain", "--apply", "--as-of", "2025-10-29", *at_once))
            beside.append(dabba("erase", "--customer-id", "C1", "--apply", *at_once))
            beside.append(dabba("export", "--customer-id", "C1", "--output", tmp_path / "out", *at_once))

    monkeypatch.setattr("jobs.maintain.maintain", at_work)
    with open_lease(spark, Tables(root=str(tmp_path)), "night", print) as night:
        night.take(["2025-10-30"])
        outcome = dabba("maintain", "--apply", "--as-of", "2025-10-30", *at_once)
    assert outcome.code == 0, outcome.said()
    assert [other.code for other in beside] == [6, 6, 0], "\n".join(other.said() for other in beside)
    assert "Another run holds the maintenance of tables; this one has changed nothing" in beside[0].stderr


@pytest.mark.one_line
def test_an_erased_customer_is_gone_figures_stay_and_the_next_night_does_not_bring_them_back(
    spark: SparkSession, own_tables: Path, sample: Path, tmp_path: Path, digest: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("DABBA_HASH_KEY", KEY)
    who = _someone_with_orders(own_tables)
    lines = len(reader.rows(own_tables, "silver/order_lines"))
    (first,) = (path.stem for path in (own_tables / "ops/reports").glob("*.json"))
    before = night_of(spark, str(own_tables), first)

    outcomes = [
        dabba(
            *("export", "--customer-id", who, "--output", tmp_path / "out", "--run-id", "export-1"),
            *on_sample(sample, own_tables, ERASING),
        ),
        dabba(
            *("erase", "--customer-id", who, "--apply", "--reason", "request 118", "--run-id", "erase-1"),
            *on_sample(sample, own_tables, ERASING),
        ),
        dabba("metrics", *dates(START, END), *on_sample(sample, own_tables, ERASING)),
    ]
    assert [outcome.code for outcome in outcomes] == [0, 0, 0], "\n".join(outcome.said() for outcome in outcomes)
    exported = {path.name: path.read_text("utf-8").splitlines() for path in (tmp_path / "out").glob("*.jsonl")}
    orders = [json.loads(line) for line in exported["silver.order_lines.jsonl"]]
    assert {order["customer_id"] for order in orders} == {who}
    assert not _holding(own_tables, who)
    assert len(reader.rows(own_tables, "silver/order_lines")) == lines
    # Distinct customers and all: what silver gives now is what was published.
    assert reader.digest(own_tables, reader.GOLD) == {table: digest[table] for table in reader.GOLD}
    assert digest_at(own_tables, before.versions) == digest  # the night before it, until its files are deleted

    again = dabba("daily", "--date", "2025-10-18", *on_sample(sample, own_tables, ERASING))
    assert again.code == 0, again.said()
    assert "customers who were erased (1) are left out" in again.stdout
    assert not _holding(own_tables, who)
    assert not [outcome for outcome in (*outcomes, again) if who in outcome.said()]
    _audited(own_tables, who)

    without_key = dabba("extract", "customers", "--date", "2025-10-18", *on_sample(sample, own_tables))
    assert without_key.code == 3, without_key.said()


def _someone_with_orders(tables: Path) -> str:
    known = {row["customer_id"] for row in reader.rows(tables, "silver/customers")}
    orders = Counter(row["customer_id"] for row in reader.rows(tables, "silver/order_lines"))
    return next(str(who) for who, _ in orders.most_common() if who in known)


def _holding(tables: Path, who: str) -> list[str]:
    """Tables, reports and the ledger that tell the customer's number."""
    told = {table: str(reader.rows(tables, table)) for table in (*reader.PUBLISHED, "ops/ledger", "ops/audit")}
    told |= {path.name: path.read_text("utf-8") for path in (tables / "ops").rglob("*.json")}
    logs = tables.rglob("_delta_log/*.json")
    told |= {str(path.relative_to(tables)): path.read_text("utf-8") for path in logs}
    return [place for place, text in told.items() if who in text]


def _audited(tables: Path, who: str) -> None:
    rows = reader.rows(tables, "ops/audit")
    assert Counter((row["action"], row["state"], row["run_id"]) for row in rows) == Counter(
        [("export", "done", "export-1"), ("erase", "begun", "erase-1"), ("erase", "done", "erase-1")]
    )
    assert {row["reason"] for row in rows} == {None, "request 118"}
    assert len({row["customer_hash"] for row in rows}) == 1
    erased = next(row for row in rows if row["state"] == "done" and row["action"] == "erase")
    assert {touched["table"] for touched in erased["touched"]} >= {"bronze/orders", "silver/customers"}


def test_plain_parquet_is_looked_after_and_erases_nobody(
    spark: SparkSession, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DABBA_HASH_KEY", KEY)
    plain = {**ERASING, "tables.format": "parquet"}
    looked: Outcome = dabba("maintain", *on_sample(sample, tmp_path, plain))
    assert looked.code == 0, looked.said()
    assert "there is nothing to do" in looked.stderr
    refused = dabba("erase", "--customer-id", "C1", "--apply", *on_sample(sample, tmp_path / "t", plain))
    assert refused.code == 2, refused.said()
    assert "Delta tables only" in refused.stderr
