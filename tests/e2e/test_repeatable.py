"""The same dates give the same rows: again, corrected, one by one, in another format, dialect or Spark."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tests.e2e import reader
from tests.e2e.command import dabba, dates, on_sample
from tests.e2e.conftest import END, START

DIGEST = Path(__file__).with_name("digest.json")
RESULTS = (*reader.SILVER, *reader.GOLD)
# What an orchestrator calls a run; colons and plus signs are not letters of file names everywhere.
AIRFLOW = "manual__2025-10-19T03:00:00.123456+05:30"
PARQUET: dict[str, object] = {"tables.format": "parquet"}


@pytest.fixture(scope="module")
def digest(published: Path) -> dict[str, str]:
    """What the published tables hold."""
    return reader.digest(published)


def test_content_is_that_of_the_committed_digest(digest: dict[str, str]) -> None:
    """Both Spark lines must give these rows. After an intended change of results, renew the file:

    print(json.dumps(digest, indent=2)) here on Spark 4.1, then see this test pass on Spark 3.5 before committing it.
    """
    assert digest == json.loads(DIGEST.read_text("utf-8")), json.dumps(digest, indent=2)


@pytest.mark.slow
def test_the_same_dates_again_give_the_same_rows(own_tables: Path, sample: Path, digest: dict[str, str]) -> None:
    before = {table: reader.version(own_tables, table) for table in reader.PUBLISHED}
    again = dabba("daily", *dates(START, END), *on_sample(sample, own_tables))
    assert again.code == 0, again.said()
    assert reader.digest(own_tables) == digest
    commits = {table: reader.version(own_tables, table) - before[table] for table in before}
    by_key = ("silver/products", "silver/product_history", "silver/customers")  # changed only where they differ
    assert commits == {**dict.fromkeys(before, 1), **dict.fromkeys(by_key, 0)}


@pytest.mark.slow
def test_a_correction_changes_its_own_line_and_its_own_date(
    own_tables: Path, own_sample: Path, published: Path
) -> None:
    """--date replaces that date; the files of every other one stay byte for byte as they were."""
    day = "2025-10-18"
    before = reader.state(own_tables, ("silver/order_lines", *reader.GOLD, "bronze/orders"))
    old = {_key(row): row for row in reader.rows(published, RESULTS[0])}
    key = min(key for key, row in old.items() if str(row["business_date"]) == day and row["quantity"] == 1)
    _correct(own_sample / "orders" / f"orders_{day}.csv.gz", key)
    outcome = dabba("daily", "--date", day, "--run-id", AIRFLOW, *on_sample(own_sample, own_tables))
    assert outcome.code == 0, outcome.said()
    after = reader.state(own_tables, ("silver/order_lines", *reader.GOLD, "bronze/orders"))
    for table, (version, files) in before.items():
        new_version, new_files = after[table]
        assert new_version == version + 1
        changed = {folder.partition("/")[0] for folder in files if files[folder] != new_files[folder]}
        assert changed == {f"business_date={day}"}, table
    new = {_key(row): row for row in reader.rows(own_tables, RESULTS[0])}
    assert new[key]["quantity"] == 77
    assert {k for k in old | new if old.get(k) != new.get(k)} == {key}


def _correct(file: Path, key: tuple[str, str]) -> None:
    """Append a later version of a line, of 77 units."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        text = stream.read()
    records = csv.DictReader(text.splitlines(keepends=True))
    line = next(record for record in records if (record["order_id"], record["line_no"]) == key)
    line |= {"qty": "77", "last_update": "2025-10-19 23:00:00"}
    with gzip.open(file, "wt", encoding="utf-8", newline="") as stream:
        stream.write(text)
        csv.DictWriter(stream, list(line)).writerow(line)


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["order_id"], row["order_line_id"]


@pytest.fixture(scope="module")
def parquet(spark: SparkSession, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same night, published as Parquet."""
    root = tmp_path_factory.mktemp("parquet") / "tables"
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, root, PARQUET))
    assert outcome.code == 0, outcome.said()
    return root


def test_parquet_holds_the_same_rows(parquet: Path, digest: dict[str, str]) -> None:
    assert reader.digest(parquet) == digest


@pytest.mark.one_line
def test_one_date_after_the_other_gives_the_same_tables(
    spark: SparkSession, sample: Path, digest: dict[str, str], fresh_tables: Callable[[str], Path]
) -> None:
    """Silver and gold. Bronze and quarantine of dimensions are kept by the night that read them."""
    root = fresh_tables("one-by-one")
    for day in ("2025-10-17", "2025-10-18", "2025-10-19"):
        outcome = dabba("daily", "--date", day, *on_sample(sample, root, PARQUET))
        assert outcome.code == 0, outcome.said()
    assert reader.digest(root, RESULTS) == {table: digest[table] for table in RESULTS}


@pytest.mark.one_line
def test_the_steps_one_after_the_other_give_the_same_as_daily(
    spark: SparkSession, sample: Path, digest: dict[str, str], fresh_tables: Callable[[str], Path]
) -> None:
    root = fresh_tables("steps")
    for job in ("extract", "conform", "metrics"):
        outcome = dabba(job, *dates(START, END), "--run-id", f"{job}_{AIRFLOW}", *on_sample(sample, root, PARQUET))
        assert outcome.code == 0, outcome.said()
    assert reader.digest(root) == digest


@pytest.mark.slow
def test_the_other_dialect_gives_the_same_rows(
    spark: SparkSession, sample: Path, digest: dict[str, str], fresh_tables: Callable[[str], Path]
) -> None:
    """ANSI on where it was off, and the other way round."""
    was_on = spark.conf.get("spark.sql.ansi.enabled") == "true"
    spark.conf.set("spark.sql.ansi.enabled", str(not was_on).lower())
    root = fresh_tables("dialect")
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, root, PARQUET))
    assert outcome.code == 0, outcome.said()
    assert reader.digest(root) == digest


@pytest.mark.one_line
def test_the_order_of_rows_and_files_does_not_matter(
    spark: SparkSession, own_sample: Path, digest: dict[str, str], fresh_tables: Callable[[str], Path]
) -> None:
    """The same records, stock and customers backwards, the orders' files under other names."""
    for name in ("catalog.jsonl", "inventory.jsonl"):
        lines = (own_sample / name).read_text("utf-8").splitlines(keepends=True)
        (own_sample / name).write_text("".join(reversed(lines)), "utf-8")
    orders = own_sample / "orders"
    for number, file in enumerate(sorted(orders.iterdir(), reverse=True)):
        shutil.move(file, orders / f"part-{number}.csv.gz")
    root = fresh_tables("shuffled")
    outcome = dabba("daily", *dates(START, END), *on_sample(own_sample, root, PARQUET))
    assert outcome.code == 0, outcome.said()
    assert reader.digest(root, RESULTS) == {table: digest[table] for table in RESULTS}
