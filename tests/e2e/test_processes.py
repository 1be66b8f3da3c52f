"""Real processes through ./spark-submit.sh: what a user, a scheduler and another program get of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyspark
import pytest
from attrs import frozen

from tests.e2e import privacy, reader, shop, truth

HOME = Path(__file__).parents[2]

pytestmark = pytest.mark.spark_submit

JOBS = ("daily", "extract", "conform", "metrics", "check", "runs", "sample")


@frozen
class Ended:
    """How a process ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def summary(self) -> dict[str, Any]:
        """The last line on standard output."""
        last: dict[str, Any] = json.loads(self.stdout.rstrip("\n").rpartition("\n")[2])
        return last


# Java itself says this of a module that Spark 4 asks for; no option silences it.
JAVA_SAYS = "WARNING: Using incubator modules: jdk.incubator.vector\n"


def submit(*arguments: object, folder: Path = HOME, **variables: str) -> Ended:
    """./spark-submit.sh ARGUMENTS."""
    done = subprocess.run(
        [str(HOME / "spark-submit.sh"), *[str(argument) for argument in arguments]],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=1200,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr.replace(JAVA_SAYS, ""))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended, Ended]:
    """The 20,000-line sample and its nightly run, started from another folder with relative paths."""
    folder = tmp_path_factory.mktemp("night")
    written = submit("sample", "--output", "sample", folder=folder)
    places = {"DABBA_SAMPLE": "sample", "DABBA_TABLES": "tables"}
    ran = submit("daily", "--start", "2025-10-17", "--end", "2025-10-22", folder=folder, **places)
    return folder, written, ran


def test_the_sample_and_the_night_end_well(night: tuple[Path, Ended, Ended]) -> None:
    folder, written, ran = night
    assert written.code == 0, written.stderr
    assert written.summary["rows"]["orders"] > 20_000
    assert ran.code == 0, ran.stdout + ran.stderr
    last = ran.stdout.rstrip("\n").rpartition("\n")[2]
    assert len(last.encode()) < 4096
    summary = ran.summary
    assert summary.keys() >= {"run_id", "status", "start", "end", "tables", "refused_rows", "seconds", "report"}
    assert (summary["status"], summary["start"], summary["end"]) == ("published", "2025-10-17", "2025-10-22")
    assert {table["table"] for table in summary["tables"]} == set(reader.PUBLISHED)
    for table in summary["tables"]:
        assert table["version"] == reader.version(folder / "tables", table["table"])
        assert table["rows"] > 0
    with (folder / "sample" / "truth" / "refused.jsonl").open() as file:
        assert summary["refused_rows"] == sum(1 for _ in file)


def test_the_night_is_the_true_one(night: tuple[Path, Ended, Ended]) -> None:
    folder, _, ran = night
    report = json.loads(Path(ran.summary["report"].removeprefix("file:")).read_text("utf-8"))
    assert {table["table"] for table in report["tables"]} == set(reader.PUBLISHED)
    assert truth.cells_that_differ(folder / "tables", folder / "sample") == []
    assert truth.roll_ups_that_differ(folder / "tables", folder / "sample") == []
    assert truth.refusals_that_differ(folder / "tables", folder / "sample") == []
    assert truth.accounts_that_differ(report, folder / "sample") == []


@pytest.mark.skipif(pyspark.__version__ >= "4", reason="what went wrong there was Spark 3.5's")
def test_the_night_again_is_as_it_was(night: tuple[Path, Ended, Ended], tmp_path: Path) -> None:
    """With adaptive execution and generated code, which the tests' own session does without."""
    folder, _, ran = night
    tables = tmp_path / "tables"
    shutil.copytree(folder / "tables", tables)
    places = {"DABBA_SAMPLE": str(folder / "sample"), "DABBA_TABLES": str(tables)}
    again = submit("daily", "--start", "2025-10-17", "--end", "2025-10-22", **places)
    assert again.code == 0, again.stdout + again.stderr
    assert reader.digest(tables) == reader.digest(folder / "tables")
    unchanged = {"silver/products", "silver/product_history", "silver/customers"}
    first, second = ({t["table"]: t["version"] for t in ended.summary["tables"]} for ended in (ran, again))
    assert {table for table in second if second[table] == first[table]} == unchanged


def test_nothing_personal_leaves_bronze_and_silver(night: tuple[Path, Ended, Ended]) -> None:
    folder, written, ran = night
    said = {"stdout": ran.stdout + written.stdout, "stderr": ran.stderr + written.stderr}
    assert privacy.leaks(folder / "sample", folder / "tables", said) == []


def test_the_terminal_is_clean(night: tuple[Path, Ended, Ended]) -> None:
    """Standard error tells stages and no warning of the JVM; standard output holds no stage."""
    _, _, ran = night
    assert "WARN" not in ran.stderr, ran.stderr
    assert "Exception" not in ran.stderr, ran.stderr
    stages = [line for line in ran.stderr.splitlines() if line.startswith("done ")]
    assert {line.split()[1] for line in stages} >= {"session", "extract", "conform", "metrics", "silver", "gold"}
    assert "done " not in ran.stdout
    assert ran.stdout.startswith("daily 2025-10-17 .. 2025-10-21: published\n"), ran.stdout
    assert max(len(line) for line in ran.stdout.splitlines()[:-1]) <= 120
    assert "\x1b" not in ran.stdout + ran.stderr  # no colours where nobody watches


def test_mistakes_are_told_with_their_code_before_any_java_starts(tmp_path: Path) -> None:
    """Usage and configuration need no JVM."""
    usage = submit("daily", "--start", "2025-10-20", "--end", "2025-10-20")
    assert usage.code == 2, usage.stderr
    assert "--end is exclusive" in usage.stderr
    assert usage.summary["exit_code"] == 2
    configuration = submit("daily", "--date", "2025-10-20", "--set", "tabels.root=x", "--set", "limits.max_dates=no")
    assert configuration.code == 3, configuration.stderr
    assert "did you mean tables?" in configuration.stderr
    assert "limits.max_dates: must be a whole number" in configuration.stderr
    assert configuration.summary["exit_code"] == 3
    for ended in (usage, configuration):
        assert "done session" not in ended.stderr  # no Spark was started for it
        assert "Traceback" not in ended.stderr
        assert "WARN" not in ended.stderr


def test_a_source_out_of_reach_ends_with_4(tmp_path: Path) -> None:
    ended = submit("daily", "--date", "2025-10-20", DABBA_SAMPLE=f"{tmp_path}/none", DABBA_TABLES=f"{tmp_path}/tables")
    assert ended.code == 4, ended.stdout + ended.stderr
    assert "source `orders` has no file" in ended.stderr
    assert ended.summary["exit_code"] == 4
    assert "Traceback" not in ended.stderr
    assert "WARN" not in ended.stderr


def test_the_gate_ends_with_5(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shop.WRITE["csv"](folder, [shop.order(1), shop.order(2, qty="many")])
    ended = submit(*shop.arguments("daily", folder))
    assert ended.code == 5, ended.stdout + ended.stderr
    assert "The quality gate refuses this run" in ended.stderr
    assert "orders: 1 of 2 rows refused (50.00 %); allowed 5.00 %" in ended.stderr
    assert ended.summary["status"] == "refused"
    assert not (tmp_path / "tables" / "silver").exists()
    assert not (tmp_path / "tables" / "ops" / "reports").exists()
    assert Path(ended.summary["report"].removeprefix("file:")).is_file()


def test_every_job_explains_itself() -> None:
    overview = submit("--help")
    assert overview.code == 0
    for job in JOBS:
        assert re.search(rf"(?m)^  {job} ", overview.stdout), job
        page = submit(job, "--help")
        assert page.code == 0, page.stderr
        assert "./spark-submit.sh" in page.stdout or job == "sample"
        assert max(len(line) for line in page.stdout.splitlines()) <= 120
    assert submit("--version").stdout.startswith("dabba ")
