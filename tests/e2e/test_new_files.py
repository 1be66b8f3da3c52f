"""Sources of which each file is taken once (`read: new`): the watermark moves with bronze, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.run import faults
from lib.sample import SampleSpec, write_sample
from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, settings

NIGHTS = ("2025-10-17", "2025-10-18", "2025-10-19")
SOURCES = ("orders", "catalog", "customers", "inventory")
RESULTS = (*reader.SILVER, *reader.GOLD)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a shop delivers night by night: NIGHT/SOURCE/file; the second night also brings a late order line."""
    folder = tmp_path_factory.mktemp("delivered")
    whole = folder / "whole"
    start, end = dt.date.fromisoformat(NIGHTS[0]), dt.date.fromisoformat(NIGHTS[-1]) + dt.timedelta(days=1)
    write_sample(SampleSpec(lines=150, start=start, end=end, seed=5), whole)
    for number, night in enumerate(NIGHTS):
        told = {name: folder / night / name for name in SOURCES}
        for path in told.values():
            path.mkdir(parents=True)
        shutil.copy(whole / "orders" / f"orders_{night}.csv.gz", told["orders"])
        header, *customers = list(csv.reader((whole / "customers.csv").open(encoding="utf-8", newline="")))
        with (told["customers"] / f"{night}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *customers[number::3]])
        events = (whole / "inventory.jsonl").read_text("utf-8").splitlines(keepends=True)
        (told["inventory"] / f"{night}.jsonl").write_text("".join(events[number::3]), "utf-8")
        products = (whole / "catalog.jsonl").read_text("utf-8").splitlines(keepends=True)
        # All versions of a product in one file: of those that one night tells, only the latest is taken.
        tonight = [line for line in products if _last_digit(line) % len(NIGHTS) == number]
        (told["catalog"] / f"{night}.jsonl").write_text("".join(tonight), "utf-8")
    _tell_late(folder, of=NIGHTS[0], on=NIGHTS[1])
    return folder


def _last_digit(product: str) -> int:
    """Of its number; some products of the sample have none, or are broken off."""
    found = re.search(r'"product_id": ?"[A-Z0-9]*([0-9])"', product)
    return int(found[1]) if found else 0


def _tell_late(folder: Path, of: str, on: str) -> None:
    """The night's file ends with a new line of an earlier date, and with one of the next date."""
    name = f"orders_{on}.csv.gz"
    with gzip.open(folder / of / "orders" / f"orders_{of}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        first = next(csv.DictReader(stream))
    with gzip.open(folder / on / "orders" / name, "at", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(first))
        good = {"qty": "2", "unit_price": "100", "discount_pct": "0", "status": "delivered", "delivered_time": ""}
        for order, at in (("OD-LATE", f"{of} 22:00:00"), ("OD-EARLY", f"{NIGHTS[2]} 00:10:00")):
            out.writerow({**first, **good, "order_id": order, "order_time": at, "last_update": at})


def deliver(deliveries: Path, night: str, landing: Path) -> None:
    """The night's files arrive in the folders that the sources name."""
    shutil.copytree(deliveries / night, landing, dirs_exist_ok=True)


def arguments(job: str, night: str, landing: Path, root: Path, read: str, **more: object) -> list[str]:
    """A job of a night over the landing folders."""
    given: dict[str, object] = {f"sources.{name}.path": str(landing / name) for name in SOURCES}
    given |= {f"sources.{name}.read": read for name in SOURCES}
    given |= {"quality.default_gate.max_refused_share": "1", "tables.root": str(root), **more}
    return [job, "--date", night, *settings(given)]


def succeed(job: str, night: str, landing: Path, root: Path, read: str = "new", **more: object) -> Outcome:
    """A job that must."""
    outcome = dabba(*arguments(job, night, landing, root, read, **more))
    assert outcome.code == 0, outcome.said()
    return outcome


@pytest.mark.one_line
def test_new_files_night_by_night_give_what_reading_everything_every_night_gives(
    spark: object, deliveries: Path, tmp_path: Path, fresh_tables: Callable[[str], Path]
) -> None:
    landing, news, whole = tmp_path / "landing", fresh_tables("news"), fresh_tables("whole")
    for number, night in enumerate(NIGHTS):
        deliver(deliveries, night, landing)
        outcome = succeed("daily", night, landing, news)
        succeed("daily", night, landing, whole, read="whole")
        assert reader.digest(news, RESULTS) == reader.digest(whole, RESULTS), night
        told = outcome.report["new_files"]
        assert told == {
            name: {"taken": 1, "known_before": number, "waiting_rows": int((night, name) == (NIGHTS[1], "orders"))}
            for name in SOURCES
        }
    assert {"OD-LATE", "OD-EARLY"} <= {row["order_id"] for row in reader.rows(news, "silver/order_lines")}

    before = reader.digest(news, reader.BRONZE)
    again = succeed("extract", NIGHTS[1], landing, news)
    assert f"orders: 1 of these are of {NIGHTS[2]} .. {NIGHTS[2]}, until when runs have published" in again.stdout
    assert reader.digest(news, reader.BRONZE) == before, "a night in the midst again: its own files, and no other's"

    shutil.rmtree(landing / "orders")
    (landing / "orders").mkdir()
    gone = dabba(*arguments("extract", NIGHTS[1], landing, news, "new"))
    assert gone.code == 4, gone.said()
    assert "1 files of `orders` that a run of 2025-10-18 took are no longer there" in gone.stderr
    nothing = dabba(*arguments("extract", "2025-10-20", landing, news, "new"))
    assert nothing.code == 5, nothing.said()
    assert "it has no new file" in nothing.stderr
    assert reader.digest(news, reader.BRONZE) == before


@pytest.mark.one_line
@pytest.mark.parametrize("form", ["delta", "parquet"])
def test_a_crash_between_two_tables_neither_skips_nor_repeats_rows(
    spark: object, deliveries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """The second night fails at every commit of every table in turn; then it succeeds, and the third night too."""
    landing, calm, troubled = tmp_path / "landing", tmp_path / "calm", tmp_path / "troubled"
    given: dict[str, object] = {"tables.format": form, "limits.side_by_side": 1}
    todo = {table: ["before_commit", "after_commit"] for table in reader.BRONZE}

    def fail(point: str, table: str = "") -> None:
        if todo.get(table, [])[:1] == [point]:
            todo[table].pop(0)
            raise OSError(f"the disk says no at {point} of {table}")

    for night in NIGHTS:
        deliver(deliveries, night, landing)
        succeed("extract", night, landing, calm, **given)
        if night == NIGHTS[1]:
            with monkeypatch.context() as patched:
                patched.setattr(faults, "reached", fail)
                while any(todo.values()):
                    outcome = dabba(*arguments("extract", night, landing, troubled, "new", **given))
                    assert "the disk says no" in outcome.stderr, outcome.said()
        succeed("extract", night, landing, troubled, **given)
        assert reader.digest(troubled, reader.BRONZE) == reader.digest(calm, reader.BRONZE), night
