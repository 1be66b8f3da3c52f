"""Ten thousand damaged records and hundreds of damaged files: every row accounted for, every file told, no crash.

DABBA_FUZZ=100000 makes more of them, DABBA_FUZZ_SEED=7 others.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from lib.config import Source
from lib.datasets import ORDERS, SOURCES, Contract
from lib.errors import DabbaError
from lib.sources import open_source
from lib.sources.storage import damaged_file
from lib.tables.trouble import reading
from tests.e2e import damage, reader
from tests.e2e.command import dabba
from tests.e2e.damage import DAY

COUNT = int(os.environ.get("DABBA_FUZZ", "10000"))
SEED = int(os.environ.get("DABBA_FUZZ_SEED", "20251017"))
FILES = max(200, COUNT // 50)

# Half of the records are orders, the rest customers, products and stock.
SHARES = {"orders": 0.5, "customers": 0.3, "catalog": 0.1, "inventory": 0.1}


def night(folder: Path, sources: dict[str, dict[str, object]]) -> dict[str, Any]:
    """The report of a `daily` over these sources, whatever share of their rows is refused."""
    overlay = folder / "fuzz.yaml"
    for name, source in sources.items():
        known = damage.names_of(SOURCES[name])
        source["columns"] = {column: "NULL" for column in SOURCES[name].names if column not in known}
    given = {
        "sources": sources,
        "tables": {"root": f"{folder}/tables", "format": "parquet"},
        "quality": {"default_gate": {"max_refused_share": 1}},
    }
    overlay.write_text(json.dumps(given), "utf-8")
    outcome = dabba("daily", "--env", overlay, "--date", DAY)
    assert outcome.code == 0, outcome.said()
    return outcome.report


def require_accounted(report: dict[str, Any], root: Path, given: dict[str, int], good: dict[str, set[str]]) -> None:
    """Every record that the files hold is in silver, in quarantine, another date's, or repeats another."""
    refused = Counter(row["dataset"] for row in reader.rows(root, "quarantine/records"))
    for account in report["accounting"]:
        name = account["dataset"]
        assert account["rows_in"] == account["rows_out"] + account["quarantined"] + account["duplicates"], account
        assert account["quarantined"] == refused[name], account
        assert account["rows_in"] + account["outside"] == given[name], (account, given)
        assert account["quarantined"] > 0, "nothing was damaged"
    lines = reader.rows(root, "silver/order_lines")
    assert len(lines) == next(a["rows_out"] for a in report["accounting"] if a["dataset"] == "orders")
    found = {"orders": {row["order_id"] for row in lines}}
    found["customers"] = {row["customer_id"] for row in reader.rows(root, "silver/customers")}
    for name, ids in good.items():
        assert ids <= found[name], sorted(ids - found[name])[:5]


@pytest.mark.slow
def test_json_lines(spark: SparkSession, tmp_path: Path) -> None:
    draw = random.Random(SEED)
    sources: dict[str, dict[str, object]] = {}
    given: dict[str, int] = {}
    good: dict[str, set[str]] = {"orders": set(), "customers": set()}
    for name, share in SHARES.items():
        made = list(damage.json_lines(draw, name, int(COUNT * 0.5 * share)))
        data = b"".join(line + draw.choice([b"\n", b"\n", b"\r\n"]) for _, line in made)
        (tmp_path / f"{name}.jsonl").write_bytes(data)
        sources[name] = {"format": "json", "path": f"{tmp_path}/{name}.jsonl"}
        given[name] = damage.lines_of(data)
        assert given[name] == len(made)
        if name in good:
            good[name] = {f"{name}-{number}" for number, (way, _) in enumerate(made) if way == "good"}
    report = night(tmp_path, sources)
    require_accounted(report, tmp_path / "tables", given, good)


@pytest.mark.slow
def test_csv(spark: SparkSession, tmp_path: Path) -> None:
    """Orders a record a line, with any damage; customers with line ends inside quotes, which are then balanced."""
    draw = random.Random(SEED + 1)
    sources: dict[str, dict[str, object]] = {}
    given: dict[str, int] = {}
    for name, balanced in (("orders", False), ("customers", True)):
        header = ",".join(damage.names_of(SOURCES[name])).encode()
        made = list(
            damage.csv_records(draw, name, int(COUNT * 0.3 * (0.6 if name == "orders" else 0.4)), balanced=balanced)
        )
        # The head that is looked at must be text: a long comment-like cell comes first.
        first = b"x" * 300_000
        data = b"\n".join([header, first, *[line for _, line in made]]) + b"\n"
        (tmp_path / f"{name}.csv").write_bytes(data)
        sources[name] = {"format": "csv", "path": f"{tmp_path}/{name}.csv", "options": {"multiLine": balanced}}
        given[name] = len(made) + 1 if balanced else damage.lines_of(data, damage.CONTROLS) - 1
    good = {name: {f"{name}-{n}" for n in range(0, given[name] - 1, 5)} for name in ("orders", "customers")}
    report = night(tmp_path, sources)
    require_accounted(report, tmp_path / "tables", given, good)


@pytest.mark.slow
def test_csv_whose_quotes_never_close(spark: SparkSession, tmp_path: Path) -> None:
    """What a record is cannot be told then; that what was read adds up can."""
    draw = random.Random(SEED + 2)
    header = ",".join(damage.names_of(ORDERS)).encode()
    made = [line for _, line in damage.csv_records(draw, "orders", COUNT // 20, balanced=False)]
    (tmp_path / "orders.csv").write_bytes(b"\n".join([header, b"x" * 300_000, *made]))
    source: dict[str, object] = {"format": "csv", "path": f"{tmp_path}/orders.csv", "options": {"multiLine": True}}
    (account,) = night(tmp_path, {"orders": source})["accounting"]
    assert account["rows_in"] == account["rows_out"] + account["quarantined"] + account["duplicates"]
    assert 0 < account["rows_in"] <= len(made) + 1


@pytest.mark.slow
def test_parquet_of_any_types(spark: SparkSession, tmp_path: Path) -> None:
    draw = random.Random(SEED + 3)
    sources: dict[str, dict[str, object]] = {}
    given: dict[str, int] = {}
    for name, share in (("orders", 0.7), ("customers", 0.3)):
        (tmp_path / name).mkdir()
        each = int(COUNT * 0.15 * share) // 8
        for number in range(8):
            table = damage.parquet_table(draw, name, number * each, each)
            pq.write_table(table, tmp_path / name / f"{number}.parquet")
        sources[name] = {"format": "parquet", "path": f"{tmp_path}/{name}"}
        given[name] = 8 * each
    require_accounted(night(tmp_path, sources), tmp_path / "tables", given, {})


def outcome_of(spark: SparkSession, contract: Contract, source: Source) -> str:
    """How a file is read: its number of records, or the error that a user is told."""
    try:
        with reading(contract.name, source.path, lambda: damaged_file(spark, source.path)):
            frame = open_source(spark, contract, source).frame
            return "empty" if frame is None else f"{frame.count()} records"
    except DabbaError as error:
        return f"{type(error).__name__} {error}"


# Ways after which a file is as good as whole, or as good as empty.
HARMLESS = {"empty", "blank", "folder", "flipped", "gzip flipped", "cut off", "random", "a line without end"}


@pytest.mark.slow
def test_damaged_files(spark: SparkSession, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    draw = random.Random(SEED + 4)
    told: Counter[str] = Counter()
    for way, form, path in damage.damaged_files(draw, tmp_path, FILES):
        columns = {column: "NULL" for column in ORDERS.names if column not in damage.names_of(ORDERS)}
        source = Source(format=form, path=str(path), columns=columns)  # type: ignore[arg-type]
        found = outcome_of(spark, ORDERS, source)
        kind = found.split()[0] if not found[0].isdigit() else "read"
        told[f"{way}: {kind}"] += 1
        if kind in ("Unavailable", "ConfigError"):
            assert path.name.replace(" ", "%20") in found or path.name in found, f"{path.name}: {found}"
        else:
            assert way in HARMLESS, f"{path.name}: {found}"
        if way == "folder":
            assert found == "40 records" if form != "csv" else "41 records"
        if way in ("empty", "blank"):
            assert kind in ("empty", "Unavailable"), f"{path.name}: {found}"
    record_property("damaged files", json.dumps(told))
    assert sum(told.values()) == FILES
