"""Bad input: each ends with the exit code of its meaning, says what, where and what to do, and loses nothing."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.datasets import ORDERS
from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, dates, on_sample
from tests.e2e.conftest import END, START

RESULTS = (*reader.SILVER, *reader.GOLD)
ORDERS_ONLY: dict[str, object] = {
    "sources.catalog": None,
    "sources.customers": None,
    "sources.inventory": None,
}


def assert_told(outcome: Outcome, code: int, *told: str) -> None:
    """The exit code, the words on the terminal, no stack trace, and a last line that says the same."""
    assert outcome.code == code, outcome.said()
    text = re.sub(r"\s+", " ", outcome.stderr)
    for words in told:
        assert words in text, outcome.said()
    assert "Traceback" not in outcome.stderr
    assert "Exception" not in outcome.stderr, outcome.said()
    assert "what to do:" in outcome.stderr or "  - " in outcome.stderr, outcome.said()
    assert outcome.summary["exit_code"] == code
    assert outcome.summary["status"] == ("refused" if code == 5 else "failed")
    assert len(outcome.stdout.rpartition("\n{")[2].encode()) < 4096


@pytest.fixture(scope="module")
def tables(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published tables for this module."""
    return Path(shutil.copytree(published, tmp_path_factory.mktemp("bad") / "tables"))


@pytest.fixture
def unchanged(tables: Path) -> Iterator[Path]:
    """Published tables; whatever the test does to its input, silver and gold stay at their versions and files."""
    before = reader.state(tables, RESULTS)
    yield tables
    assert reader.state(tables, RESULTS) == before


def orders_file(folder: Path) -> Path:
    """The first of the orders files."""
    return sorted((folder / "orders").iterdir())[0]


def unpacked(sample: Path, folder: Path) -> str:
    """One day's orders as text, whose path the test may choose."""
    folder.mkdir(exist_ok=True)
    with gzip.open(orders_file(sample), "rt", encoding="utf-8", newline="") as stream:
        return stream.read()


def test_a_file_that_is_not_there(unchanged: Path, sample: Path, tmp_path: Path) -> None:
    missing = {**ORDERS_ONLY, "sources.orders.path": str(tmp_path / "orders_*.csv.gz")}
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, unchanged, missing))
    assert_told(outcome, 4, "source `orders` has no file", "orders_*.csv.gz", "sources.orders.path")


def test_a_folder_without_files(unchanged: Path, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "_SUCCESS").touch()
    extra = {**ORDERS_ONLY, "sources.orders.path": f"{tmp_path}/empty"}
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, unchanged, extra))
    assert_told(outcome, 4, "source `orders` has no file")


WAYS_TO_SPOIL_TEXT: dict[str, tuple[Callable[[str], bytes], dict[str, object], int, str]] = {
    "empty": (lambda text: b"", {}, 5, "has no rows for 2025-10-17"),
    "blank": (lambda text: b"\n\n \n", {}, 5, "has no rows for 2025-10-17"),
    "header only": (lambda text: text.split("\n", 1)[0].encode() + b"\n", {}, 5, "has no rows for 2025-10-17"),
    "utf-16": (lambda text: text.encode("utf-16"), {}, 4, "sources.orders.options.encoding (the file starts as UTF-16"),
    "utf-16 without a mark": (lambda text: text.encode("utf-16-le"), {}, 4, "it looks like UTF-16LE"),
    "latin-1 in the head": (
        lambda text: text.replace("order_id", "order_id,caf\u00e9", 1).encode("latin-1", "replace"),
        {},
        4,
        "is not UTF-8: byte 0xE9",
    ),
    "no such encoding": (str.encode, {"sources.orders.options.encoding": "UTF-9"}, 3, "'UTF-9' is not an encoding"),
    "another delimiter": (lambda text: text.replace(",", ";").encode(), {}, 4, "sources.orders.options.sep to ';'"),
    "a column gone": (
        lambda text: text.replace("sku,", "item_code,", 1).encode(),
        {},
        4,
        "has no column `sku`",
    ),
    "a column renamed nearly": (
        lambda text: text.replace("unit_price,", "UnitPrice,", 1).encode(),
        {},
        4,
        "unit_price",
    ),
    "a binary file": (lambda text: bytes(range(256)) * 40, {}, 4, "source `orders`"),
    "a mapping that is not sql": (
        str.encode,
        {"sources.orders.columns.quantity": "cast(qty as"},
        3,
        "sources.orders.columns.quantity: cast(qty as",
    ),
    "a function that does not exist": (
        str.encode,
        {"sources.orders.columns.quantity": "to_nombre(qty)"},
        3,
        "sources.orders.columns.quantity: to_nombre(qty)",
    ),
    "an aggregate as a mapping": (
        str.encode,
        {"sources.orders.columns.quantity": "sum(qty)"},
        3,
        "sources.orders.columns.quantity: sum(qty)",
    ),
    "a filter that is not a condition": (
        str.encode,
        {"sources.orders.filter": "sku"},
        3,
        "sources.orders.filter",
    ),
    "a rule with a wrong parameter": (
        str.encode,
        {"quality.rules.orders": [{"kind": "range", "column": "quantity", "parameters": {"minimum": 1}}]},
        3,
        "quality.rules.orders[0]: range has no parameter minimum",
    ),
    "a share that is no number": (
        str.encode,
        {
            "quality.rules.orders": [
                {"kind": "mostly", "column": "quantity", "parameters": {"expression": "quantity > 0", "share": "most"}}
            ]
        },
        3,
        "quality.rules.orders[0]: mostly: share must be a number",
    ),
    "a rule on no column": (
        str.encode,
        {"quality.rules.orders": [{"kind": "range", "column": "quantty", "parameters": {"min": 1}}]},
        3,
        "quantty",
    ),
    "a rule that is not sql": (
        str.encode,
        {
            "quality.rules.orders": [
                {"kind": "holds", "column": "quantity", "parameters": {"expression": "quantity >", "message": "x"}}
            ]
        },
        3,
        "quantity_holds: ",
    ),
}
# These only show once the rules meet the rows: bronze has been read by then.
LATE = ("a rule on no column", "a rule that is not sql")


@pytest.mark.parametrize("way", WAYS_TO_SPOIL_TEXT)
def test_orders_that_cannot_be_read(way: str, unchanged: Path, sample: Path, tmp_path: Path) -> None:
    spoil, settings, code, told = WAYS_TO_SPOIL_TEXT[way]
    bronze = reader.state(unchanged, ("bronze/orders",))
    text = unpacked(sample, tmp_path / "in")
    (tmp_path / "in" / "orders.csv").write_bytes(spoil(text))
    extra = {**ORDERS_ONLY, "sources.orders.path": str(tmp_path / "in"), **settings}
    outcome = dabba("daily", "--date", START, *on_sample(sample, unchanged, extra))
    assert_told(outcome, code, told)
    if way not in LATE:
        assert reader.state(unchanged, ("bronze/orders",)) == bronze


@pytest.mark.parametrize("copies", [1, 40])  # cut off in the head that is looked at first, and far behind it
def test_a_gz_that_is_cut_off(copies: int, unchanged: Path, own_sample: Path) -> None:
    file = orders_file(own_sample)
    head, _, body = gzip.decompress(file.read_bytes()).partition(b"\n")
    file.write_bytes(gzip.compress(head + b"\n" + body * copies)[:-4000])
    bronze = reader.state(unchanged, ("bronze/orders",))
    outcome = dabba("daily", "--date", START, *on_sample(own_sample, unchanged, ORDERS_ONLY))
    assert_told(outcome, 4, "source `orders` cannot be read: ", "orders")
    assert "cut off" in outcome.stderr or "Unexpected end of input stream" in outcome.stderr
    assert reader.state(unchanged, ("bronze/orders",)) == bronze


def test_a_gz_that_is_no_gz(unchanged: Path, own_sample: Path) -> None:
    orders_file(own_sample).write_text("order_id,line_no\n1,2\n")
    outcome = dabba("daily", "--date", START, *on_sample(own_sample, unchanged, ORDERS_ONLY))
    assert_told(outcome, 4, "`orders` cannot be read", "compressed as its ending says")


WAYS_TO_SPOIL_ROWS: dict[str, tuple[Callable[[str], str], str]] = {
    "quantity is text": (lambda text: re.sub(r"(?m)^((?:[^,\n]*,){6})[0-9]+,", r"\1one,", text), "quantity_type"),
    "another date format": (
        lambda text: re.sub(r"(?m)^([^,\n]+,[0-9]+,)2025-10-([0-9]{2}) ", r"\1\2/10/2025 ", text),
        "order_ts_type",
    ),
    "all rows bad": (lambda text: re.sub(r"(?m)^OD[0-9]+,", ",", text), "order_id_not_null"),
}


@pytest.mark.parametrize("way", WAYS_TO_SPOIL_ROWS)
def test_too_many_bad_rows_meet_the_gate(way: str, unchanged: Path, own_sample: Path) -> None:
    spoil, rule = WAYS_TO_SPOIL_ROWS[way]
    text = unpacked(own_sample, own_sample)
    shutil.rmtree(own_sample / "orders")
    (own_sample / "orders.csv").write_text(spoil(text), "utf-8")
    extra = {**ORDERS_ONLY, "sources.orders.path": f"{own_sample}/orders.csv"}
    outcome = dabba("daily", "--date", START, *on_sample(own_sample, unchanged, extra))
    assert_told(outcome, 5, "The quality gate refuses this run; silver and gold are as they were", "allowed 5.00 %")
    assert rule in outcome.stdout
    failed = outcome.report
    assert failed["status"] == "refused"
    assert failed["refusals_by_rule"]["orders"][rule] > 50
    assert all(account["balanced"] for account in failed["accounting"])


def test_json_that_is_broken_everywhere(unchanged: Path, own_sample: Path) -> None:
    (own_sample / "catalog.jsonl").write_text("{this is not json\n" * 50)
    outcome = dabba("daily", *dates(START, END), *on_sample(own_sample, unchanged))
    assert_told(outcome, 4, "source `catalog`")


def test_a_file_in_the_way_of_the_tables(spark: object, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("somebody's notes")
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, tmp_path / "tables"))
    assert_told(outcome, 4, "A table cannot be written: a file stands where a folder must be", "tables.root")
    assert (tmp_path / "tables").read_text() == "somebody's notes"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB, where this user may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a full disk needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_disk_that_is_full(spark: object, sample: Path, small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(900_000))
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, small_disk / "tables"))
    assert_told(outcome, 4, "A table cannot be written: the disk is full", "free some space")
    assert not list(small_disk.glob("tables/ops/reports/*.json"))


def test_a_table_of_somebody_else(spark: object, sample: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "tables" / "silver" / "order_lines"
    spark.range(5).write.format("delta").save(str(theirs))  # type: ignore[attr-defined]
    outcome = dabba("daily", "--date", START, *on_sample(sample, tmp_path / "tables", ORDERS_ONLY))
    assert_told(outcome, 3, "made by another pipeline", "silver/order_lines", "tables.root")
    assert [row["id"] for row in reader.rows(tmp_path / "tables", "silver/order_lines")] == [0, 1, 2, 3, 4]
    assert not list(tmp_path.glob("tables/ops/reports/*.json"))


def test_a_date_without_data(unchanged: Path, sample: Path) -> None:
    before = reader.state(unchanged)
    # A record whose date is far ahead is refused by every run; without it there is nothing at all.
    extra = {**ORDERS_ONLY, "sources.orders.filter": "order_time < '2026'"}
    outcome = dabba("daily", "--date", "2025-10-12", *on_sample(sample, unchanged, extra))
    assert_told(outcome, 5, "has no rows for 2025-10-12; it has 1", "rows of other dates", "sources.orders.on_empty")
    after = reader.state(unchanged)
    assert {table: files for table, (_, files) in after.items()} == {t: files for t, (_, files) in before.items()}


def test_an_empty_date_inside_a_range(spark: object, sample: Path, tmp_path: Path) -> None:
    """2025-10-16 has no order: told, and (conf) refused; the next day is published."""
    root = tmp_path / "tables"
    extra = {**ORDERS_ONLY, "tables.format": "parquet"}
    strict = dabba(
        "daily", *dates("2025-10-16", "2025-10-18"), *on_sample(sample, root, {**extra, "quality.empty_date": "fail"})
    )
    assert_told(strict, 5, "There is no order on 2025-10-16", "quality.empty_date")
    assert not (root / "gold").exists()
    outcome = dabba("daily", *dates("2025-10-16", "2025-10-18"), *on_sample(sample, root, extra))
    assert outcome.code == 0, outcome.said()
    assert "no order on 2025-10-16" in outcome.stdout
    assert {str(row["business_date"]) for row in reader.rows(root, "gold/national_metrics")} == {"2025-10-17"}


def test_values_that_are_awkward_stay_as_they_are(spark: object, tmp_path: Path) -> None:
    """Quotes, newlines, separators, emoji, formulas, a tab: one line each, nothing lost, nothing computed."""
    cells = {
        "O-1": '"He said ""no"", twice"',
        "O-2": '"two\nlines"',
        "O-3": '"a, b; c|d"',
        "O-4": "\U0001f6d2\U0001f1ee\U0001f1f3",
        "O-5": "=HYPERLINK(1)",
        "O-6": "'; DROP TABLE orders; --",
        "O-7": '"\ttabbed\t"',
        "O-8": "\u0939\u093f\u0928\u094d\u0926\u0940 \u200d\u0b95",
        "O-9": '"\r\n"',
        "O-10": "a\\",
    }
    lines = ["order_id,order_line_id,order_ts,product_id,quantity,unit_price,order_status"]
    lines += [f"{order},1,2025-10-17 10:00:00,{cell},2,10.50,DELIVERED" for order, cell in cells.items()]
    (tmp_path / "orders.csv").write_text("\ufeff" + "\n".join(lines) + "\n", "utf-8", newline="")
    absent = [name for name in ORDERS.names if name not in lines[0].split(",")]
    overlay = tmp_path / "awkward.yaml"
    mapped = "\n".join(f'      {name}: "NULL"' for name in absent)
    overlay.write_text(
        f"sources:\n  orders:\n    format: csv\n    path: {tmp_path}/orders.csv\n    options: {{multiLine: true}}\n"
        f"    columns:\n{mapped}\n"
        f"tables: {{root: {tmp_path}/tables, format: parquet}}\nquality: {{default_gate: {{max_refused_share: 0.5}}}}\n"
    )
    outcome = dabba("daily", "--env", overlay, "--date", "2025-10-17")
    assert outcome.code == 0, outcome.said()
    found = {row["order_id"]: row["product_id"] for row in reader.rows(tmp_path / "tables", "silver/order_lines")}
    assert found == {
        "O-1": 'He said "no", twice',
        "O-2": "two\nlines",
        "O-3": "a, b; c|d",
        "O-4": "\U0001f6d2\U0001f1ee\U0001f1f3",
        "O-5": "=HYPERLINK(1)",
        "O-6": "'; DROP TABLE orders; --",
        "O-7": "tabbed",
        "O-8": "\u0939\u093f\u0928\u094d\u0926\u0940 \u200d\u0b95",
        "O-10": "a\\",
    }
    (blank,) = reader.rows(tmp_path / "tables", "quarantine/records")
    assert [reason["rule"] for reason in blank["reasons"]] == ["product_id_not_null"]


def test_a_mapping_that_divides_by_zero_gives_null(spark: object, sample: Path, tmp_path: Path) -> None:
    """In both dialects: the row is refused because its quantity is missing, the run goes on."""
    extra = {
        **ORDERS_ONLY,
        "tables.format": "parquet",
        "sources.orders.columns.quantity": "cast(qty as double) / (cast(line_no as int) - 2)",
        "quality.default_gate.max_refused_share": 1,
    }
    outcomes = []
    for ansi in ("true", "false"):
        spark.conf.set("spark.sql.ansi.enabled", ansi)  # type: ignore[attr-defined]
        root = tmp_path / f"tables-{ansi}"
        outcome = dabba("daily", "--date", START, *on_sample(sample, root, extra))
        assert outcome.code == 0, outcome.said()
        outcomes.append(reader.digest(root, ("silver/order_lines", "quarantine/records", *reader.GOLD)))
    assert outcomes[0] == outcomes[1]
