"""One writer, among real processes: a hundred races, holders that are killed, holders that sleep and wake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.lifecycle import execute
from lib.config import Config
from lib.errors import Superseded
from lib.run.lease import Lease
from lib.run.run import Run
from lib.run.window import Window
from tests.e2e import holder, reader
from tests.e2e.command import dabba, on_sample
from tests.moto_s3 import BUCKET, S3, serving

ROUNDS = 100
DAY = "2025-10-20"
LONG, SHORT = 60.0, 2.0


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    """One server for all of them."""
    with serving() as found:
        yield found


@pytest.fixture(params=["local", "s3"])
def where(request: pytest.FixtureRequest, tmp_path: Path, s3: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the lease lies."""
    monkeypatch.setenv("MOTO", s3.endpoint)
    return str(tmp_path / "dates.json") if request.param == "local" else f"s3://{BUCKET}/{tmp_path.name}/dates.json"


def test_of_runs_of_one_date_at_once_one_publishes_and_the_others_end_with_6(
    where: str, tmp_path: Path, s3: S3
) -> None:
    """A hundred dates (on S3 fewer), each wanted by three processes at the same instant; a run replaces two tables, one
    after the other. A date is right when both are of one run, once."""
    racers = {name: holder.start("race", where, LONG, name, tmp_path, moto=s3.endpoint) for name in "abc"}
    for racer in racers.values():
        holder.answer(racer)  # is ready
    met = 0
    for number in range(ROUNDS if where.startswith("/") else ROUNDS // 4):
        day, instant = f"date-{number}", time.monotonic() + 0.01
        for racer in racers.values():
            holder.tell(racer, f"{day} {instant}")
        codes = {name: holder.answer(racer)["code"] for name, racer in racers.items()}
        published = {name for name, code in codes.items() if code == 0}
        held = {table: (tmp_path / f"{table}-{day}").read_text().split() for table in ("silver", "gold")}
        assert published | {name for name, code in codes.items() if code == 6} == set(racers)
        assert held["silver"] == held["gold"]
        assert len(held["silver"]) == 1  # of several that came one after the other, the last
        assert set(held["silver"]) <= published
        met += len(published) < len(racers)
    assert met  # else nothing was raced for
    for racer in racers.values():
        racer.communicate(timeout=300)


def test_a_killed_holder_is_taken_over_after_its_time(where: str, tmp_path: Path, s3: S3) -> None:
    killed = holder.start("hold", where, SHORT, "killed", DAY, tmp_path / "go", moto=s3.endpoint)
    assert holder.answer(killed) == {"token": 1}
    time.sleep(2 * SHORT)
    with Lease(holder.page(where), holder.elsewhere("early"), SHORT, 0.0) as early, pytest.raises(Superseded):
        early.take([DAY])  # its heart beats
    killed.kill()
    killed.wait()
    told: list[str] = []
    with Lease(holder.page(where), holder.elsewhere("next"), SHORT, 30.0, told.append) as lease:
        lease.take([DAY])
        assert lease.token == 2
    assert "took over 2025-10-20 from run killed (process" in told[-1]


def test_a_holder_that_slept_past_its_time_and_wakes_publishes_nothing(where: str, tmp_path: Path, s3: S3) -> None:
    go = tmp_path / "go"
    asleep = holder.start("hold", where, SHORT, "asleep", DAY, go, moto=s3.endpoint)
    holder.answer(asleep)
    asleep.send_signal(signal.SIGSTOP)
    with Lease(holder.page(where), holder.elsewhere("next"), LONG, 30.0) as lease:
        lease.take([DAY])
        go.write_text("of the next")
        asleep.send_signal(signal.SIGCONT)
        woken = holder.answer(asleep)
        assert woken["code"] == 6
        assert "Another run has taken over" in woken["message"]
        lease.check()
    assert asleep.wait(300) == 0
    assert go.read_text() == "of the next"
    found = holder.page(where).read()
    assert found is not None
    assert json.loads(found[0])["claims"] == []


def test_a_run_that_is_taken_over_while_spark_works_is_stopped_and_ends_with_6(
    spark: SparkSession, make_config: Callable[..., Config], tmp_path: Path
) -> None:
    config = make_config(f"tables.root={tmp_path}/tables", f"tables.lease.seconds={SHORT}")
    done = str(tmp_path / "done")

    def long(number):  # PySpark 4 takes hints for the kind of function
        time.sleep(20)
        Path(done).touch()
        return number

    def job(run: Run) -> None:
        (tmp_path / "tables/ops/leases/dates.json").write_text('{"revision": 99, "token": 9, "claims": []}')
        run.spark.range(1).select(F.udf(long, T.LongType())("id")).collect()

    with pytest.raises(Superseded, match="Another run has taken over from this one") as caught:
        execute("daily", Window(date(2025, 10, 20), date(2025, 10, 21)), config, "sleeper", job)
    assert not Path(done).exists()
    assert caught.value.exit_code == 6
    assert "taken over" in (tmp_path / "tables/ops/failed/sleeper.json").read_text()


@pytest.mark.one_line
def test_whole_nights_of_one_date_and_of_another_at_once(
    spark: SparkSession, sample: Path, published: Path, tmp_path: Path
) -> None:
    """Two processes run one date, this one another date, into tables that none of them has yet."""
    tables = tmp_path / "tables"
    at_once = on_sample(sample, tables, {"tables.lease.wait_seconds": 0})
    command = [sys.executable, "-m", "jobs.main", "daily", "--date", "2025-10-17", *at_once]
    nights = [
        subprocess.Popen(
            command,
            cwd=holder.HOME,
            env={**os.environ, "PYTHONPATH": str(holder.HOME)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    other = dabba("daily", "--date", "2025-10-18", *on_sample(sample, tables))
    said = [night.communicate(timeout=1200) for night in nights]
    assert other.code == 0, other.said()
    codes = [night.returncode for night in nights]
    assert sorted(codes) == [0, 6], said
    refused = said[codes.index(6)]
    assert "superseded: Another run holds 2025-10-17; this one has changed nothing" in refused[1]
    last = json.loads(refused[0].rstrip("\n").rpartition("\n")[2])
    assert last["exit_code"] == 6
    assert Path(last["report"].removeprefix("file:")).is_file()  # why, for who sees no exit code

    def lines(root: Path) -> list[tuple[object, ...]]:
        found = reader.rows(root, "silver/order_lines")
        wanted = [row for row in found if str(row["business_date"]) in ("2025-10-17", "2025-10-18")]
        return sorted((str(row["business_date"]), row["order_id"], row["order_line_id"]) for row in wanted)

    assert lines(tables) == lines(published)
    days = {str(row["business_date"]) for row in reader.rows(tables, "gold/city_category_metrics")}
    assert days == {"2025-10-17", "2025-10-18"}
    assert json.loads((tables / "ops" / "leases" / "dates.json").read_text())["claims"] == []
