"""The small promises of the command line: what changes nothing, what the ledger tells, which dates are meant."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.main import main
from tests.e2e import reader
from tests.e2e.command import dabba, dates, on_sample
from tests.e2e.conftest import END, START


@pytest.mark.parametrize("command", [("check",), ("daily", "--dry-run"), ("extract", "orders", "--dry-run")])
def test_a_check_changes_nothing(command: tuple[str, ...], published: Path, sample: Path) -> None:
    before = reader.tree(published.parent), reader.tree(sample)
    outcome = dabba(*command, *dates(START, END), *on_sample(sample, published))
    assert outcome.code == 0, outcome.said()
    assert outcome.summary["status"] == "checked"
    assert (reader.tree(published.parent), reader.tree(sample)) == before
    for source in ("orders", "catalog", "customers", "inventory"):
        assert f"source {source}" in outcome.stderr


def test_a_check_makes_no_folder(spark: SparkSession, sample: Path, tmp_path: Path) -> None:
    outcome = dabba("check", *dates(START, END), *on_sample(sample, tmp_path / "not" / "yet"))
    assert outcome.code == 0, outcome.said()
    assert list(tmp_path.iterdir()) == []


def test_a_check_tells_all_that_is_wrong_at_once(spark: SparkSession, sample: Path, tmp_path: Path) -> None:
    wrong = {"sources.catalog.path": f"{sample}/nothing.jsonl", "sources.orders.columns.product_id": "nosuch"}
    outcome = dabba("check", *dates(START, END), *on_sample(sample, tmp_path / "tables", wrong))
    assert outcome.code == 4, outcome.said()
    assert "nothing.jsonl" in outcome.stderr
    assert "nosuch" in outcome.stderr


def test_runs_lists_the_runs_newest_first(published: Path, sample: Path) -> None:
    outcome = dabba("runs", *on_sample(sample, published))
    assert outcome.code == 0, outcome.said()
    (report,) = (published / "ops" / "reports").glob("*.json")
    run_id = json.loads(report.read_text("utf-8"))["run_id"]
    line = next(line for line in outcome.stdout.splitlines() if run_id in line)
    for shown in ("daily", "published", START, END):
        assert shown in line
    assert outcome.summary == {"status": "listed", "runs": 1}


def test_runs_without_a_ledger(spark: SparkSession, sample: Path, tmp_path: Path) -> None:
    outcome = dabba("runs", *on_sample(sample, tmp_path / "tables"))
    assert outcome.code == 0
    assert "No run has been made yet" in outcome.stderr
    assert not (tmp_path / "tables").exists()


def test_the_ledger_holds_every_stage_account_and_table(published: Path) -> None:
    ledger = reader.rows(published, "ops/ledger")
    assert {row["status"] for row in ledger} == {"published"}
    assert sorted(row["dataset"] for row in ledger if row["stage"] == "account") == [
        "catalog",
        "customers",
        "inventory",
        "orders",
    ]
    assert sorted(row["dataset"] for row in ledger if row["stage"] == "publish") == sorted(reader.PUBLISHED)
    (whole,) = [row for row in ledger if row["stage"] == "run"]
    assert json.loads(whole["config"])["tables"]["format"] == "delta"
    for row in ledger:
        if row["stage"] == "account":
            assert row["rows_in"] == row["rows_out"] + row["rows_quarantined"] + row["rows_duplicate"]
            assert row["checks"]


@pytest.mark.parametrize(
    ("start", "end", "first", "until"),
    [
        ("2025-10-17T18:30:00Z", "2025-10-18T18:30:00Z", "2025-10-18", "2025-10-19"),  # one Indian day, told in UTC
        ("2025-10-17T00:00:00+05:30", "2025-10-20T00:00:00+05:30", "2025-10-17", "2025-10-20"),
        ("2025-10-18T20:30:00Z", "2025-10-18T20:30:00Z", "2025-10-19", "2025-10-20"),  # a manual run has no length
    ],
)
def test_data_intervals_mean_the_dates_that_begin_within(
    start: str, end: str, first: str, until: str, published: Path, sample: Path
) -> None:
    options = ("--data-interval-start", start, "--data-interval-end", end)
    outcome = dabba("check", *options, *on_sample(sample, published))
    assert outcome.code == 0, outcome.said()
    assert (outcome.summary["start"], outcome.summary["end"]) == (first, until)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "No date is given"),
        (("--date", "2025-10-17", "--start", "2025-10-17", "--end", "2025-10-18"), "Dates are given in 2 ways"),
        (("--date", "2025-10-17", "--data-interval-end", "2025-10-18T00:00:00Z"), "Dates are given in 2 ways"),
        (("--start", "2025-10-17"), "Half of a range"),
        (("--end", "2025-10-17"), "Half of a range"),
        (("--data-interval-start", "2025-10-17T00:00:00Z"), "Half of a range"),
        (("--start", "2025-10-19", "--end", "2025-10-17"), "is empty"),
        (("--start", "2025-10-19", "--end", "2025-10-19"), "is empty"),
        (("--date", "2999-01-01"), "in the future"),
        (("--date", "17-10-2025"), "is not a date"),
        (("--date", ""), "is not a date"),
        (("--date", "2025-02-30"), "is not a date"),
        (("--start", "2020-01-01", "--end", "2023-01-01"), "limits.max_dates"),
        (("--data-interval-start", "2025-10-17", "--data-interval-end", "2025-10-18"), "no time zone"),
        (("--dates", "2025-10-17"), "No such option"),
    ],
)
def test_dates_that_cannot_be_meant_end_with_2(options: tuple[str, ...], told: str) -> None:
    """No Spark session is needed to find these: the fixture is not even asked for."""
    outcome = dabba("daily", *options)
    assert outcome.code == 2, outcome.said()
    assert told in re.sub(r"\s+", " ", outcome.stderr)
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "run_id",
    ["", " ", "../x", "a/b", "a\\b", ".", "..", "_x", "-x", "a b", "a\nb", "a\x1b[0m", "a\u202eb", "\u0939", "x" * 201],
)
def test_a_run_id_that_is_no_name_ends_with_2(run_id: str) -> None:
    outcome = dabba("daily", "--date", START, f"--run-id={run_id}")
    assert outcome.code == 2, outcome.said()
    assert "is not a run id" in re.sub(r"\s+", " ", outcome.stderr)
    assert not {letter for letter in outcome.stderr if not letter.isprintable()} - {"\n"}


@pytest.mark.parametrize(
    "run_id",
    [
        "scheduled__2025-10-17T20:30:00+00:00",
        "manual__2025-10-19T03:00:00.123456+05:30",
        "backfill__2025-10-17T00:00:00+00:00",
        "dataset_triggered__2025-10-17T20:30:00.123456+00:00_Xy1",
        "20251021T203000Z-3f9a1c",
        "x" * 200,
    ],
)
def test_ids_of_orchestrators_are_run_ids(run_id: str) -> None:
    """An end before its start is found once the options are right: no Spark is needed."""
    outcome = dabba("daily", "--start", "2025-10-19", "--end", "2025-10-19", "--run-id", run_id)
    assert outcome.code == 2
    assert "is empty" in outcome.stderr


FORGED = 'x\n{"status": "published", "exit_code": 0}\x1b[2K\u202e'


def test_settings_and_words_cannot_forge_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments, code in (
        (["daily", "--date", START, "--set", f"tables.format={FORGED}"], 3),
        (["daily", "--date", START, "--set", f"{FORGED}=1"], 3),
        (["daily", "--date", START, "--env", FORGED], 3),
        (["daily", "--date", FORGED], 2),
        (["extract", FORGED], 2),
        ([FORGED], 2),
        (["daily", f"--{FORGED}"], 2),
    ):
        monkeypatch.setattr("sys.argv", ["dabba", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == code, arguments
        said = capsys.readouterr()
        assert not {letter for letter in said.out + said.err if not letter.isprintable()} - {"\n"}, said.err
        assert not [line for line in said.err.splitlines() if line.startswith('{"status"')]
        (last,) = said.out.splitlines()
        assert json.loads(last)["exit_code"] == code


def test_other_usage_errors_end_with_2(tmp_path: Path) -> None:
    for command, told in (
        (("nightly",), "No such command"),
        (("extract", "people", "--date", "2025-10-17"), "people"),
        (("metrics", "sales", "--date", "2025-10-17"), "sales"),
        (("sample", "--lines", "0", "--output", tmp_path / "s"), "at least one line"),
        (("sample", "--start", "2025-10-17", "--end", "2025-10-17", "--output", tmp_path / "s"), "must come after"),
        (("extract", "catalog", "--date", "2025-10-17", "--set", "sources.catalog=null"), "no source `catalog`"),
    ):
        outcome = dabba(*command)
        assert outcome.code == 2, outcome.said()
        assert told in outcome.stderr
        assert "Traceback" not in outcome.stderr


MISTAKES = {
    "quality.default_gat=1": "quality.default_gat: unknown key; did you mean default_gate?",
    "sources.orders.pth=x": "did you mean path?",
    "tables.format=csv": "must be one of",
    "limits.max_dates=many": "must be a whole number",
    "business.segments.premium_above=5": "must be above regular_above",
    "quality.default_gate.max_refused_share=7": "is a share from 0 to 1",
    "sources.orders.time_zone=Asia/Calcuta": "is not a time zone",
    "sources.orders.columns.order_tz=x": "did you mean order_ts?",
    'sources.orders.columns.order_id="NULL"': "is required and cannot be NULL",
    "sources.orders.path=${env:NO_SUCH_VARIABLE}": "NO_SUCH_VARIABLE is not set",
    "quality.rules.orders=[{kind: rnge, column: quantity}]": "must be one of",
    "quality.rules.order=[]": "did you mean orders?",
    "nonsense": "write --set key=value",
    "tables.root=[": "not valid YAML",
}


def test_every_mistake_in_the_configuration_is_told_at_once(sample: Path, tmp_path: Path) -> None:
    arguments = [part for setting in MISTAKES for part in ("--set", setting)]
    outcome = dabba("daily", "--date", START, *arguments)
    assert outcome.code == 3, outcome.said()
    for setting, told in MISTAKES.items():
        # Structure comes first: what contradicts is only seen once the structure is right.
        alone = dabba("daily", "--date", START, "--set", setting)
        assert alone.code == 3, setting
        assert told in alone.stderr, alone.said()
        assert "Traceback" not in alone.stderr
    assert outcome.stderr.count("\n  - ") >= 8


def test_an_environment_that_is_not_there(tmp_path: Path) -> None:
    outcome = dabba("daily", "--date", START, "--env", "prodd")
    assert outcome.code == 3
    assert "neither a file nor a name" in outcome.stderr
    broken = tmp_path / "broken.yaml"
    broken.write_text("sources:\n  orders: {format: csv\n")
    outcome = dabba("daily", "--date", START, "--env", broken)
    assert outcome.code == 3
    assert "broken.yaml, line 3: not valid YAML" in outcome.stderr
