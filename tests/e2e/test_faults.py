"""Whatever dies when: nothing is lost or doubled, readers see old or new, and the repeated run puts all right.

Two samples of the same dates tell different rows everywhere. The first night publishes two dates of the one; the second
night, which is disturbed, one of these dates and the next, of the other. So a table has partitions that must stay, that
are corrected, and that are new.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from lib.config.model import Tables
from lib.datasets import LEDGER
from lib.run import faults
from lib.sample import SampleSpec, write_sample
from lib.session import home
from lib.tables import open_store
from tests.conftest import Figures
from tests.e2e import reader
from tests.e2e.command import dabba, dates, on_sample
from tests.e2e.film import SWAPPING, WRITTEN, Film
from tests.e2e.views import Change, Watch, all_rows, ledger, view

FORMATS = ("delta", "parquet")
TABLE_POINTS = ("before_stage", "before_commit", "after_commit")
RUN_POINTS = tuple(point for point in faults.POINTS if point not in TABLE_POINTS)
TABLES = (*reader.PUBLISHED, LEDGER.path)
# What a kill can find of a table. Delta's files appear with its commit: before it, the disk is as before the stage.
KINDS = {
    "delta": ("before_stage", WRITTEN, "after_commit"),
    "parquet": ("before_stage", "before_commit", SWAPPING, "after_commit"),
}
pytestmark = pytest.mark.one_line

FIRST, SECOND = ("2025-10-17", "2025-10-19"), ("2025-10-18", "2025-10-20")
RUN = "__manual__2025-10-19T03:00:00+05:30"  # an orchestrator repeats a run under the id that it had


@frozen
class Nights:
    """Two samples, and the tables of a format after the first night and after an undisturbed second one."""

    form: str
    samples: tuple[Path, Path]
    old: Path
    film: Film
    change: Change

    def arguments(self, root: Path, job: str = "daily") -> list[str]:
        """The second night's, each time the same."""
        given = {"tables.format": self.form, **GATE}
        return [job, *dates(*SECOND), "--run-id", job + RUN, *on_sample(self.samples[1], root, given)]


# In a few dozen rows, one that is bad is a large share.
GATE: dict[str, object] = {"quality.default_gate.max_refused_share": "1"}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same dates told twice, differently."""
    folders = []
    for seed in (1, 2):
        folders.append(tmp_path_factory.mktemp("told"))
        start, end = (dt.date.fromisoformat(day) for day in (FIRST[0], SECOND[1]))
        write_sample(SampleSpec(lines=90, start=start, end=end, seed=seed), folders[-1])
    return folders[0], folders[1]


@pytest.fixture(scope="module")
def nights_of(
    spark: SparkSession, samples: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Nights]:
    """The nights of a format, made once, in whatever order the tests come."""
    return cache(lambda form: film_nights(form, samples, tmp_path_factory.mktemp(form)))


@pytest.fixture(params=FORMATS)
def nights(request: pytest.FixtureRequest, nights_of: Callable[[str], Nights]) -> Nights:
    """The first night, and the second one, filmed."""
    return nights_of(request.param)


def film_nights(form: str, samples: tuple[Path, Path], folder: Path) -> Nights:
    """Publish the first night, and the second one before the camera."""
    given: dict[str, object] = {"tables.format": form, **GATE}
    first = dabba("daily", *dates(*FIRST), *on_sample(samples[0], folder / "old", given))
    assert first.code == 0, first.said()
    film = Film(Path(shutil.copytree(folder / "old", folder / "new")), folder / "film")
    with pytest.MonkeyPatch.context() as patched:
        film.record(patched)
        second = dabba(
            "daily", *dates(*SECOND), "--run-id", f"daily{RUN}",
            *on_sample(samples[1], film.root, {**given, "limits.side_by_side": 1}),
        )  # fmt: skip
    assert second.code == 0, second.said()
    return Nights(form, samples, folder / "old", film, Change.between(folder / "old", film.root))


def test_the_nights_differ_in_every_table(nights: Nights) -> None:
    """Else a mix of old and new could not be told from either."""
    assert nights.film.run_points == list(RUN_POINTS)
    assert set(nights.film.moments) == set(TABLES)
    for table in reader.PUBLISHED:
        assert nights.change.old[table] != nights.change.new[table], table
    for table, moments in nights.film.moments.items():
        assert set(moments) >= set(TABLE_POINTS), table
        if nights.form == "delta":
            before, staged = (reader.tree(nights.film.folder / m / table) for m in ("before_stage", "before_commit"))
            assert before == staged, table


def test_killed_at_every_point_of_every_table(nights: Nights, tmp_path: Path, figures: Figures) -> None:
    for number, state in enumerate(nights.film.deaths(KINDS[nights.form])):
        root = nights.film.compose(nights.old, state, tmp_path / str(number))
        look(nights, root, figures, swapping=SWAPPING in "".join(state.values()))
        recover(nights, root, figures)
        figures.add("kills survived (copies of the disk)", len(state))


@pytest.mark.parametrize("nights", ["parquet"], indirect=True)
def test_a_swap_that_is_killed_at_any_move_is_completed_by_who_opens_the_tables_next(
    spark: SparkSession, nights: Nights, tmp_path: Path, figures: Figures
) -> None:
    """Parquet, every table: old until the journal is there, new from then on; never some dates of each."""
    film = nights.film
    # Quarantine is published twice where late rows came: for the run's dates, and for the ones that they re-open.
    tables = [table for table in reader.PUBLISHED if film.swaps(table) and table not in reader.QUARANTINE]
    for number in range(max(len(film.swaps(table)) for table in tables)):
        state = {table: film.swaps(table)[min(number, len(film.swaps(table)) - 1)] for table in tables}
        root = film.compose(nights.old, state, tmp_path / str(number))
        decided = {table for table in tables if list(root.glob(f"_staging/*-{table.replace('/', '-')}/publish.json"))}
        assert len(decided) == (0 if number == 0 else len(tables))  # the first move is that of the journal
        look(nights, root, figures, swapping=True)
        open_store(spark, Tables(root=str(root), format="parquet"))
        for table in tables:
            expected = nights.change.new if table in decided else nights.change.old
            assert view(root, table) == expected[table], (table, state[table])


@pytest.mark.thorough
def test_raising_and_losing_answers_at_every_point_in_turn(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    """Each step of a night fails again and again, each time a point later, while a reader looks on."""
    root = Path(shutil.copytree(nights.old, tmp_path / "tables"))
    todo = {table: list(TABLE_POINTS) for table in TABLES}
    todo[""] = list(RUN_POINTS)
    cases = sum(map(len, todo.values()))

    def fail(point: str, table: str = "") -> None:
        if todo[table][:1] == [point]:
            todo[table].pop(0)
            raise answer_lost() if point == "after_commit" else OSError(f"the disk says no at {point} of {table}")

    monkeypatch.setattr(faults, "reached", fail)
    watch = Watch(root, nights.change)
    with watch.looking() if nights.form == "delta" else nullcontext():
        for job in ("extract", "conform", "metrics"):
            while (outcome := dabba(*nights.arguments(root, job))).code != 0:
                assert outcome.code in (1, 4), outcome.said()
                assert "the disk says no" in outcome.stderr or "did not answer" in outcome.stderr, outcome.said()
                assert json.loads((root / "ops" / "failed" / report(job)).read_text("utf-8"))["status"] == "failed"
                assert not (root / "ops" / "reports" / report(job)).exists()
                look(nights, root, figures)
        assert not any(todo.values())
        recover(nights, root, figures)
    assert watch.wrong + watch.missing == []
    figures.add("errors and lost answers survived", cases)
    figures.add("readers' views", watch.views)


PROCESSES = [
    ("delta", "nowhere", ""),  # killed when a new file is there and its commit is not
    pytest.param("delta", "before_commit", "silver/order_lines", marks=pytest.mark.thorough),
    pytest.param("delta", "after_commit", "gold/city_metrics", marks=pytest.mark.thorough),
    pytest.param("delta", "before_report", "", marks=pytest.mark.thorough),
    pytest.param("parquet", "swapping", "silver/order_lines", marks=pytest.mark.thorough),
]


@pytest.mark.parametrize(("nights", "point", "table"), PROCESSES, indirect=["nights"])
def test_a_process_that_gets_sigkill(nights: Nights, point: str, table: str, tmp_path: Path, figures: Figures) -> None:
    """Steps side by side, as by default; Python and the JVM die at once."""
    root = Path(shutil.copytree(nights.old, tmp_path / "tables"))
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.dying", point, table, *map(str, nights.arguments(root))],
            cwd=home(),
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        if point == "nowhere":
            kill_while_it_writes(process, root)
        assert process.wait(timeout=1200) == -signal.SIGKILL, (tmp_path / "said").read_text("utf-8")
    assert not (root / "ops" / "reports" / report("daily")).exists()
    look(nights, root, figures, swapping=point == "swapping")
    recover(nights, root, figures)
    figures.add("kills survived (processes)")


def kill_while_it_writes(process: subprocess.Popen[bytes], root: Path) -> None:
    """SIGKILL at a moment when a table has a new file and no new commit: stopped first, so that the moment stays."""
    before = {table: (new_files(root, table), commits(root, table)) for table in reader.SILVER}
    while process.poll() is None:
        for table, (files, done) in before.items():
            if new_files(root, table) - files and commits(root, table) == done:
                os.killpg(process.pid, signal.SIGSTOP)
                if commits(root, table) == done:
                    os.killpg(process.pid, signal.SIGKILL)
                    return
                os.killpg(process.pid, signal.SIGCONT)
        time.sleep(0.002)
    raise AssertionError("the process ended without being caught between a file and its commit")


def new_files(root: Path, table: str) -> set[Path]:
    """Data files, committed or not."""
    return set((root / table).rglob("*.parquet"))


def commits(root: Path, table: str) -> set[Path]:
    """Delta's commits."""
    return set((root / table / "_delta_log").glob("*.json"))


def answer_lost() -> Exception:
    """What Spark says when the storage has taken the commit and its answer did not come."""
    return PySparkException("java.net.SocketTimeoutException: Read timed out")


def report(job: str) -> str:
    """The name of the file that a job of the second night leaves when it ends."""
    return f"{job}{RUN.replace(':', '_')}.json"


def look(nights: Nights, root: Path, figures: Figures, *, swapping: bool = False) -> None:
    """A reader sees every partition old or new; in the midst of a Parquet swap, perhaps not at all."""
    watch = Watch(root, nights.change).look()
    figures.add("readers' views", watch.views)
    figures.add("readers' inconsistent views", len(watch.wrong))
    figures.add("partitions missing within a Parquet swap", len(watch.missing))
    assert watch.wrong == []
    assert swapping or watch.missing == []


def recover(nights: Nights, root: Path, figures: Figures) -> None:
    """Repeat the run with the same arguments; then all is as if nothing had happened."""
    began = time.monotonic()
    outcome = dabba(*nights.arguments(root))
    figures.took("seconds to recover", time.monotonic() - began)
    assert outcome.code == 0, outcome.said()
    expected, found = nights.change.rows, all_rows(root)
    lost, doubled = expected - found, found - expected
    figures.add("repeated runs")
    figures.add("rows compared", expected.total())
    figures.add("rows lost", lost.total())
    figures.add("rows doubled", doubled.total())
    assert (lost, doubled) == ({}, {})
    entered = ledger(root)  # the night that is repeated stands there once, and what was there before is as it was
    assert len(set(entered)) == len(entered)
    assert [row for row in entered if row[1] == "daily"] == nights.change.ledger
    told = json.loads((root / "ops" / "reports" / report("daily")).read_text("utf-8"))
    assert told["status"] == "published"
    assert all(account["balanced"] for account in told["accounting"])
    assert {table["table"] for table in told["tables"]} == set(reader.PUBLISHED)
    if nights.form == "delta":
        named = {table["table"]: table["version"] for table in told["tables"]}
        assert named == {table: reader.version(root, table) for table in reader.PUBLISHED}
    assert not list((root / "ops").glob("failed/*.json"))
    assert not list((root / "_staging").glob("*/publish.json"))
