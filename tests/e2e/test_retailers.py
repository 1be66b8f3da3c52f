"""Other retailers are onboarded by configuration alone: a real month of one seller, and two shops made up here."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake
from pyspark.sql import SparkSession

from tests.e2e import reader
from tests.e2e.command import dabba, settings

HOME = Path(__file__).parents[2]
SELLER = HOME / "conf" / "examples" / "amazon_in.yaml"
FOLDER = Path(os.environ.get("DABBA_AMAZON", HOME.parent / "shared" / "eval" / "retail"))
REPORT = FOLDER / "amazon_orders.csv.gz"
MONEY = Decimal("28838708.32")
LINES = 49_067

with_the_report = pytest.mark.skipif(
    not REPORT.is_file(), reason=f"no order report at {REPORT}: set DABBA_AMAZON to the folder of amazon_orders.csv.gz"
)


def money_of(root: Path) -> dict[str, Decimal]:
    """Where the money of the source went: sales, cancelled, failed and held lines, and refused records."""
    found = {
        name: sum((row[f"{column}_inr"] for row in reader.rows(root, "gold/national_metrics")), Decimal(0))
        for name, column in {
            "sales": "total_revenue",
            "cancelled": "cancelled_revenue",
            "failed": "failed_revenue",
            "held": "held_revenue",
        }.items()
    }
    records = [
        json.loads(row["record"])
        for row in reader.rows(root, "quarantine/records")
        if row["dataset"] == "orders" and row["record"]
    ]
    return {**found, "refused": sum((Decimal(r.get("line_amount_inr") or 0) for r in records), Decimal(0))}


@with_the_report
@pytest.mark.one_line
def test_a_month_of_a_seller_is_published_to_the_paisa(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DABBA_AMAZON", str(FOLDER))
    root = tmp_path / "tables"
    outcome = dabba(
        "daily", "--env", SELLER, "--start", "2022-04-01", "--end", "2022-05-01", "--set", f"tables.root={root}"
    )
    assert outcome.code == 0, outcome.said()
    money = money_of(root)
    assert sum(money.values()) == MONEY, money
    (orders,) = [account for account in outcome.report["accounting"] if account["dataset"] == "orders"]
    assert orders["rows_in"] == LINES
    assert orders["rows_out"] + orders["quarantined"] + orders["duplicates"] == LINES
    assert orders["outside"] == 0
    lines = reader.rows(root, "silver/order_lines")
    assert len(lines) == orders["rows_out"]
    assert len({row["business_date"] for row in reader.rows(root, "gold/national_metrics")}) == 30
    placed = sum(1 for line in lines if line["city"] != "Unknown")
    assert placed / len(lines) > 0.9
    assert "UNKNOWN" not in {line["order_status"] for line in lines}


@pytest.fixture
def other_month(tmp_path: Path) -> tuple[Path, Decimal]:
    """Another month in the same form: May, other amounts, rows shuffled, a column more and one less."""
    with gzip.open(REPORT, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:6000]
    draw = random.Random(5)
    draw.shuffle(rows)
    total = Decimal(0)
    for row in rows:
        row["Date"] = f"05-{draw.randint(1, 31):02}-22"
        if row["Amount"]:
            row["Amount"] = f"{draw.randint(100, 300_000) / 100:.2f}"
            total += Decimal(row["Amount"])
        del row["Unnamed: 22"]
        row["junk, of all kinds"] = draw.choice(["", "x", 'a "b"', "1,2"])
    names = list(rows[0])
    draw.shuffle(names)
    path = tmp_path / "may" / "report.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return path, total


@with_the_report
@pytest.mark.one_line
def test_another_month_needs_another_path_only(
    spark: SparkSession, other_month: tuple[Path, Decimal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DABBA_AMAZON", str(FOLDER))
    path, total = other_month
    tables = {"tables.root": f"{tmp_path}/tables", "tables.format": "parquet"}
    options = ("--start", "2022-05-01", "--end", "2022-06-01", *settings({"sources.orders.path": str(path), **tables}))
    outcome = dabba("daily", "--env", SELLER, *options)
    assert outcome.code == 0, outcome.said()
    money = money_of(tmp_path / "tables")
    assert sum(money.values()) == total, money


def test_no_code_knows_a_seller() -> None:
    for file in _sources():
        text = file.read_text("utf-8")
        assert not re.search(r"(?i)amazon[_.]in\b|DABBA_AMAZON|easy ship", text), file


def _sources() -> Iterator[Path]:
    for folder in ("jobs", "lib"):
        yield from (path for path in (HOME / folder).rglob("*") if path.suffix in (".py", ".sh", ".yaml", ".csv"))


SEMICOLONS = """
sources:
  orders:
    format: csv
    path: {folder}/*.txt
    options: {{sep: ";", encoding: windows-1252}}
    timestamp_formats: [dd/MM/yyyy HH:mm]
    columns:
      order_id: "`Order No`"
      order_line_id: "`Line`"
      order_ts: "`Ordered At`"
      updated_at: "NULL"
      customer_id: "NULL"
      product_id: upper(`Item Code`)
      quantity: "`Qty.`"
      unit_price: 'regexp_replace(`Rate`, "Rs[.]|[, ]", "")'
      discount_percentage: 'replace(`Disc`, "%", "")'
      order_status: "`State of Order`"
      payment_method: "NULL"
      payment_status: "NULL"
      channel: "'website'"
      delivery_name: "`Cust. Name`"
      delivery_phone: "NULL"
      delivery_address: "NULL"
      delivery_city: "`TOWN`"
      delivery_state: "NULL"
      delivery_pincode: "`Pin`"
      promised_ts: "NULL"
      delivered_ts: "NULL"
business:
  statuses: {{handed over: DELIVERED, called off: CANCELLED}}
tables: {{root: "{folder}/tables", format: parquet}}
"""

SEMICOLON_ORDERS = """\
Order NO;line;ORDERED AT;Item Code;QTY.;Rate;Disc;State of ORDER;Cust. Name;Town;PIN
A1;1;17/10/2025 00:15;caf\u00e9-01;2;Rs. 1,299.00;10 %;Handed over;Jos\u00e9;BENGALURU;560001
A1;2;17/10/2025 23:59;CHAI-02;1;Rs. 1,05,000.50;0 %;Called Off;Jos\u00e9;Bangalore;560001
A2;1;17/10/2025 12:00;CHAI-02;3;Rs. 33.33;12.5%;handed-over;"M; Rao";;570001
A3;1;18/10/2025 00:00;CHAI-02;1;Rs. 10.00;0 %;Handed over;X;Mysore;570001
"""


def test_a_shop_with_semicolons_rupees_and_windows_1252(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "orders.txt").write_text(SEMICOLON_ORDERS, "windows-1252", newline="")
    overlay = tmp_path / "shop.yaml"
    overlay.write_text(SEMICOLONS.format(folder=tmp_path), "utf-8")
    outcome = dabba("daily", "--env", overlay, "--date", "2025-10-17")
    assert outcome.code == 0, outcome.said()
    lines = reader.rows(tmp_path / "tables", "silver/order_lines")
    lines.sort(key=lambda r: (r["order_id"], r["order_line_id"]))
    got = [
        (r["order_id"], r["product_id"], r["quantity"], r["gross_inr"], r["discount_inr"], r["order_status"], r["city"])
        for r in lines
    ]
    assert got == [
        ("A1", "CAF\u00c9-01", 2, Decimal("2598.00"), Decimal("259.80"), "DELIVERED", "Bengaluru"),
        ("A1", "CHAI-02", 1, Decimal("105000.50"), Decimal("0.00"), "CANCELLED", "Bengaluru"),
        ("A2", "CHAI-02", 3, Decimal("99.99"), Decimal("12.50"), "DELIVERED", "Mysuru"),
    ]
    assert lines[0]["order_ts"] in (
        datetime(2025, 10, 16, 18, 45, tzinfo=timezone.utc),
        datetime(2025, 10, 16, 18, 45),  # noqa: DTZ001  Parquet has no zone
    )
    assert "A3" not in {r["order_id"] for r in lines}
    (day,) = reader.rows(tmp_path / "tables", "gold/national_metrics")
    assert day["net_revenue_inr"] == Decimal("2425.69")


NESTED = """
sources:
  orders:
    format: json
    path: {folder}/orders
    columns:
      order_id: "`orderId`"
      order_line_id: "`line`"
      order_ts: "`placedAt`"
      updated_at: "`changedAt`"
      customer_id: buyer
      product_id: sku
      quantity: qty
      unit_price: get_json_object(price, '$.amount')
      discount_percentage: "NULL"
      order_status: "`state`"
      payment_method: get_json_object(payment, '$.by')
      payment_status: "NULL"
      channel: "'app'"
      delivery_name: get_json_object(shipTo, '$.name')
      delivery_phone: get_json_object(shipTo, '$.phone')
      delivery_address: get_json_object(shipTo, '$.lines[0]')
      delivery_city: get_json_object(shipTo, '$.city')
      delivery_state: get_json_object(shipTo, '$.state')
      delivery_pincode: get_json_object(shipTo, '$.pin')
      promised_ts: "NULL"
      delivered_ts: "NULL"
  catalog:
    format: parquet
    path: {folder}/catalogue
    columns:
      product_id: sku
      product_name: title
      seller_id: "NULL"
      category_l1: tags[0]
      category_l2: tags[1]
      category_l3: "NULL"
      brand: "NULL"
      mrp: mrp
      selling_price: price
      discount_percentage: "NULL"
      rating: "NULL"
      review_count: "NULL"
      is_assured: "NULL"
      created_at: "NULL"
      updated_at: changed
  customers:
    format: delta
    path: {folder}/customers
    columns:
      customer_id: id
      full_name: concat_ws(' ', first_name, last_name)
      email: "NULL"
      phone: "NULL"
      address: "NULL"
      city: "NULL"
      state: "NULL"
      pincode: "NULL"
      registered_at: joined
      lifetime_orders: orders
      updated_at: "NULL"
      deleted: "NULL"
tables: {{root: "{folder}/tables", format: parquet}}
"""


def _order(number: int, line: int, placed: str, **values: Any) -> dict[str, Any]:
    place = {"name": "A", "phone": "9", "lines": ["1, MG Road"], "city": "Poona", "state": "MH", "pin": "411001"}
    return {
        "orderId": f"B{number}",
        "line": line,
        "placedAt": placed,
        "sku": "TEE-1",
        "qty": 3,
        "price": {"amount": "499.50", "currency": "INR"},
        "state": "shipped",
        "payment": {"by": "upi"},
        "shipTo": place,
        "buyer": "C1",
        **values,
    }


def test_a_shop_with_nested_json_a_parquet_catalogue_and_delta_customers(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    orders = [
        _order(1, 1, "2025-10-17T23:45:00+05:30"),
        _order(1, 2, "2025-10-17T23:45:00+05:30", sku="MUG-2", qty=1, price={"amount": 250}),
        _order(2, 1, "2025-10-16T18:45:00Z", buyer="C2"),  # 00:15 of the 17th in India
        _order(2, 1, "2025-10-16T18:45:00Z", buyer="C2", qty=5, changedAt="2025-10-17T10:00:00+05:30"),
        _order(3, 1, "2025-10-18T00:10:00+05:30"),  # another day's
    ]
    (tmp_path / "orders" / "a.jsonl").write_text("\n".join(json.dumps(order) for order in orders) + "\n", "utf-8")
    (tmp_path / "catalogue").mkdir()
    changed = datetime(2025, 1, 1, tzinfo=timezone.utc)
    catalogue = pa.table(
        {
            "sku": ["TEE-1", "MUG-2"],
            "title": ["Tee  shirt", "Mug"],
            "tags": [["Fashion", "Tops"], ["Home & Kitchen", "Cups"]],
            "mrp": pa.array([Decimal("999.00"), Decimal("300.00")], pa.decimal128(10, 2)),
            "price": [499.5, 250.0],
            "changed": pa.array([changed, changed], pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(catalogue, tmp_path / "catalogue" / "part-0.parquet")
    customers = pa.table(
        {
            "id": ["C1", "C2"],
            "first_name": ["Asha", "Ravi"],
            "last_name": ["Rao", None],
            "orders": pa.array([60, 3], pa.int32()),
            "joined": pa.array([changed, changed], pa.timestamp("us", "UTC")),
        }
    )
    write_deltalake(str(tmp_path / "customers"), customers)
    overlay = tmp_path / "shop.yaml"
    overlay.write_text(NESTED.format(folder=tmp_path), "utf-8")
    outcome = dabba("daily", "--env", overlay, "--date", "2025-10-17")
    assert outcome.code == 0, outcome.said()
    cells = {(r["city"], r["category"]): r for r in reader.rows(tmp_path / "tables", "gold/city_category_metrics")}
    assert cells.keys() == {("Pune", "Fashion"), ("Pune", "Home & Kitchen")}
    fashion = cells["Pune", "Fashion"]
    assert (fashion["total_units"], fashion["total_revenue_inr"]) == (8, Decimal("3996.00"))
    assert (fashion["orders_premium"], fashion["orders_new"]) == (1, 1)
    assert cells["Pune", "Home & Kitchen"]["total_revenue_inr"] == Decimal("250.00")
    assert fashion["lines_stock_unknown"] == 2
