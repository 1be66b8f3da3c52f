"""Orders told by change files: inserts, updates, deletions, new keys; in order, once, in whatever order they come."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lib.datasets import CUSTOMERS as CUSTOMERS_OF_SHOP
from lib.datasets import ORDERS
from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, dates, settings

COLUMNS = {
    **dict.fromkeys(ORDERS.names, "NULL"),
    "order_id": "id",
    "order_line_id": "line",
    "order_ts": "placed",
    "product_id": "sku",
    "quantity": "qty",
    "unit_price": "price",
    "order_status": "state",
}
DEBEZIUM = {
    "operation": "op",
    "sequence": "get_json_object(source, '$.lsn')",
    "at": "timestamp_millis(CAST(ts_ms AS BIGINT))",
    "before": "before",
    "after": "after",
}
LINES, GOLD = "silver/order_lines", "gold/national_metrics"
NIGHTS = ("2025-10-17", "2025-10-18", "2025-10-19")
Change = dict[str, Any]


def order(name: str, day: str, **values: Any) -> Change:
    row = {"id": name, "line": "1", "placed": f"{day} 10:00:00", "sku": "S", "qty": 1, "price": "10.50"}
    return {**row, "state": "placed", **values}


def change(number: int, op: str | None, before: Change | None, after: Change | None) -> Change:
    """A record of Debezium."""
    at = 1_760_700_000_000 + number * 1000
    return {"op": op, "ts_ms": at, "source": {"lsn": number}, "before": before, "after": after}


def tell(folder: Path, name: str, changes: Iterable[Change]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(c) + "\n" for c in changes), "utf-8")


def night(
    folder: Path, root: Path, day: str, job: str = "daily", *, first: str | None = None, read: str = "new", **more: Any
) -> Outcome:
    """A job on the new files of the folder, or on all of them, for a date; or from an earlier one on."""
    orders = {"format": "json", "path": f"{folder}/*.jsonl", "read": read, "columns": COLUMNS, "changes": DEBEZIUM}
    env = root.with_name("changes.yaml")
    env.write_text(json.dumps({"extends": "base", "sources": {"orders": {**orders, "time_zone": "Asia/Kolkata"}}}))
    given = {"tables.root": str(root), "quality.default_gate.max_refused_share": 1, **more}
    until = date.fromisoformat(day) + timedelta(days=1)
    outcome = dabba(job, "--env", env, *dates(first or day, str(until)), *settings(given))
    assert outcome.code == 0, outcome.said()
    return outcome


def account_of(outcome: Outcome) -> dict[str, int]:
    (account,) = outcome.report["accounting"]
    assert account["balanced"]
    names = ("rows_in", "rows_out", "quarantined", "duplicates", "deletions", "outside")
    return {name: account[name] for name in names if account[name]}


def held(root: Path) -> dict[str, tuple[str, str, int]]:
    """Order -> date, status, number of the change."""
    rows = reader.rows(root, LINES)
    found = {r["order_id"]: (str(r["business_date"]), r["order_status"], int(r["sequence"])) for r in rows}
    assert len(found) == len(rows), "a key is there twice"
    lines = {str(row["business_date"]): row["total_order_lines"] for row in reader.rows(root, GOLD)}
    by_date: dict[str, int] = {}
    for day, status, _ in found.values():
        by_date[day] = by_date.get(day, 0) + (status not in ("CANCELLED", "FAILED"))
    assert {day: n for day, n in lines.items() if n} == {day: n for day, n in by_date.items() if n}
    return found


D1, D2, D3 = NIGHTS
A, B, C, D, E = (order(name, D1) for name in "ABCDE")
MOVED = order("F", D1)
FIRST = [
    change(1, "c", None, A),
    change(2, "c", None, B),
    change(3, "c", None, C),
    change(4, "c", None, D),
    change(5, "c", None, MOVED),
    change(6, "u", C, {**C, "state": "confirmed"}),
    change(7, "c", None, E),
    change(8, "d", E, None),
    change(9, "truncate", None, None),
    change(10, None, None, order("X", D1)),
    change(11, "c", None, order("Y", D1, state="placed")) | {"source": {"lsn": "many"}},
]
SECOND = [
    change(20, "u", A, {**A, "state": "delivered"}),  # a change of yesterday's line
    change(21, "d", {**B, "qty": "many", "sku": None, "state": None}, None),  # deleted: nothing else is judged
    change(22, "u", C, {**C, "id": "C2"}),  # another key
    change(23, "c", None, order("G", D2)),
    change(24, "d", {"id": "D"}, None),  # cannot be told when it was placed
    change(25, "u", MOVED, order("F", D2)),  # another date ..
    change(26, "d", order("F", D2), None),  # .. and gone
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "tables"


@pytest.mark.one_line
def test_changes_night_after_night(spark: SparkSession, tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "in"
    tell(folder, D1, [*FIRST, *FIRST[:3]])
    first = night(folder, root, D1)
    assert account_of(first) == {"rows_in": 14, "rows_out": 5, "quarantined": 3, "duplicates": 5, "deletions": 1}
    assert first.report["refusals_by_rule"]["orders"] == {"operation_known": 2, "sequence_type": 1}
    assert held(root) == {
        "A": (D1, "PLACED", 1), "B": (D1, "PLACED", 2), "C": (D1, "CONFIRMED", 6), "D": (D1, "PLACED", 4),
        "F": (D1, "PLACED", 5),
    }  # fmt: skip

    tell(folder, D2, SECOND)
    second = night(folder, root, D2)
    expected = {
        "A": (D1, "DELIVERED", 20), "C2": (D1, "PLACED", 22), "D": (D1, "PLACED", 4), "G": (D2, "PLACED", 23),
    }  # fmt: skip
    assert held(root) == expected
    # A changed, B, C and F left, C2 came
    assert second.report["reopened_dates"] == {"orders": {D1: 5}}
    assert account_of(second) == {"rows_in": 8, "rows_out": 3, "quarantined": 1, "duplicates": 1, "deletions": 3}
    assert second.report["refusals_by_rule"]["orders"] == {"order_line_id_not_null": 1, "order_ts_not_null": 1}
    assert "deleted" in second.stdout

    older = change(19, "u", B, {**B, "state": "shipped"})
    tell(folder, D3, [*FIRST, older, SECOND[1]])
    third = night(folder, root, D3)
    assert held(root) == expected, "older changes that are told later, and a deletion that is told again"
    assert third.report["reopened_dates"] == {}
    night(folder, root, D1, "conform")
    assert held(root) == expected, "the first night again"
    night(folder, root, D2, "conform")
    assert held(root) == expected, "the second night again"

    shuffled = random.Random(3).sample([*FIRST, *SECOND, older], len(FIRST) + len(SECOND) + 1)
    for number in range(3):
        tell(tmp_path / "other", f"{D3}-{number}", shuffled[number::3])
    other = tmp_path / "other tables"
    night(tmp_path / "other", other, D3, first=D1, read="whole")
    results = (LINES, *reader.GOLD)
    assert reader.digest(other, results) == reader.digest(root, results), "all at once, in another order"


# A rule that is wrong: an order of nine is as good as any.
STRICT = {"kind": "range", "column": "quantity", "name": "at_most_five", "parameters": {"max": 5}}


@pytest.mark.one_line
def test_a_change_that_was_wrongly_refused_is_replayed_in_its_place(
    spark: SparkSession, tmp_path: Path, root: Path
) -> None:
    """Refused: an older change of the line comes into force. Replayed: it counts by its own number, in its own date."""
    folder, strict = tmp_path / "in", {"quality.rules.orders": [STRICT]}
    tell(folder, D1, [change(1, "c", None, A), change(2, "c", None, B)])
    night(folder, root, D1)
    nine, ten = {**A, "qty": 9}, {**B, "qty": 10}
    tell(folder, D2, [change(20, "u", A, nine), change(21, "u", B, ten), change(23, "c", None, order("G", D2, qty=6))])
    refused = night(folder, root, D2, **strict)
    assert refused.report["refusals_by_rule"]["orders"] == {"at_most_five": 3}
    tell(folder, D3, [change(22, "d", ten, None), change(24, "c", None, order("H", D3))])
    night(folder, root, D3, **strict)
    assert held(root) == {"A": (D1, "PLACED", 1), "H": (D3, "PLACED", 24)}

    replayed = night(folder, root, D2, "replay")
    assert "3 of 3 quarantined rows are resolved" in replayed.stdout
    expected = {"A": (D1, "PLACED", 20), "G": (D2, "PLACED", 23), "H": (D3, "PLACED", 24)}
    assert held(root) == expected, "B was deleted meanwhile, by a higher number"
    assert {row["quantity"] for row in reader.rows(root, LINES)} == {9, 6, 1}
    results = (LINES, *reader.GOLD, "quarantine/records")
    before = reader.digest(root, results)
    night(folder, root, D2, "replay")
    assert reader.digest(root, results) == before


PRODUCT = {"product_id": "P1", "category_l1": "Mobiles", "selling_price": "100.00", "mrp": "120.00"}
GONE = {**PRODUCT, "product_id": "P2", "category_l1": "Sarees"}
CUSTOMERS = "Op,n,customer_id,full_name,city,lifetime_orders,changed"


@pytest.mark.one_line
def test_products_and_customers_by_changes(spark: SparkSession, tmp_path: Path, root: Path) -> None:
    """Every change is a version; what is deleted stays, marked, and order lines keep what they had of it."""

    def told(number: int, op: str, at: str, before: Change | None, after: Change | None) -> Change:
        return {"op": op, "n": number, "at": at, "before": before, "after": after}

    def publish(day: str, products: list[Change], customers: list[str]) -> dict[str, dict[str, int]]:
        (tmp_path / "catalog.jsonl").write_text("".join(json.dumps(p) + "\n" for p in products), "utf-8")
        (tmp_path / "customers.csv").write_text("\n".join([CUSTOMERS, *customers, ""]), "utf-8")
        lines = [f"O{product}-{day},1,{day} 12:00:00,C1,{product},1,10,placed" for product in ("P1", "P2")]
        head = "order_id,order_line_id,order_ts,customer_id,product_id,quantity,unit_price,order_status"
        (tmp_path / "orders.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
        changes = {"operation": "op", "sequence": "n", "at": "at", "before": "before", "after": "after"}
        nothing = {name: "NULL" for name in ORDERS.names if name not in head.split(",")}
        absent = dict.fromkeys(("email", "phone", "address", "state", "pincode", "registered_at"), "NULL")
        sources: dict[str, Any] = {
            "orders": {"format": "csv", "path": f"{tmp_path}/orders.csv", "columns": nothing},
            "catalog": {"format": "json", "path": f"{tmp_path}/catalog.jsonl", "changes": changes},
            "customers": {
                "format": "csv",
                "path": f"{tmp_path}/customers.csv",
                "columns": absent,
                "changes": {"operation": "Op", "sequence": "n", "at": "changed"},
            },
        }
        env = tmp_path / "shop.yaml"
        env.write_text(json.dumps({"extends": "base", "sources": sources}))
        given = {"tables.root": str(root), "tables.format": "parquet", "quality.default_gate.max_refused_share": 1}
        outcome = dabba("daily", "--env", env, "--date", day, *settings(given))
        assert outcome.code == 0, outcome.said()
        accounts = {account["dataset"]: account for account in outcome.report["accounting"]}
        names = ("rows_in", "rows_out", "quarantined", "duplicates", "deletions")
        return {name: {n: accounts[name][n] for n in names if accounts[name][n]} for name in ("catalog", "customers")}

    first = publish(
        D1,
        [told(1, "c", f"{D1} 01:00:00", None, PRODUCT), told(2, "c", f"{D1} 01:00:00", None, GONE)],
        [f"I,1,C1,Asha Rao,Pune,60,{D1} 01:00:00", f"merge,9,C1,Asha Rao,Pune,60,{D1} 02:00:00"],
    )
    assert first == {
        "catalog": {"rows_in": 2, "rows_out": 2},
        "customers": {"rows_in": 2, "rows_out": 1, "quarantined": 1},
    }
    cheap, cheaper = ({**PRODUCT, "selling_price": price} for price in ("90.00", "80.00"))
    second = publish(
        D2,
        [
            told(5, "u", f"{D2} 03:00:00", cheap, cheaper),
            told(4, "u", f"{D2} 02:00:00", PRODUCT, cheap),
            told(3, "u", f"{D2} 02:00:00", PRODUCT, {**PRODUCT, "selling_price": "1.00"}),  # of one moment: the earlier
            told(6, "d", f"{D2} 04:00:00", {"product_id": "P2"}, None),  # the key alone, as PostgreSQL tells it
            told(6, "d", f"{D2} 04:00:00", {"product_id": "P2"}, None),
        ],
        [f"D,3,C1,Asha Rao,Delhi,60,{D2} 06:00:00", f"U,2,C1,Asha Rao,Delhi,60,{D2} 05:00:00"],
    )
    assert second == {
        "catalog": {"rows_in": 5, "rows_out": 3, "duplicates": 2},
        "customers": {"rows_in": 2, "rows_out": 2},
    }

    products = {r["product_id"]: (r["selling_price"], r["deleted"]) for r in reader.rows(root, "silver/products")}
    assert products == {"P1": (Decimal("80.00"), False), "P2": (Decimal("100.00"), True)}
    versions = sorted(
        (r["product_id"], str(r["valid_from"])[11:16], r["selling_price"], r["deleted"], r["is_current"])
        for r in reader.rows(root, "silver/product_history")
    )
    assert versions == [
        ("P1", "19:30", Decimal("100.00"), False, False),
        ("P1", "20:30", Decimal("90.00"), False, False),
        ("P1", "21:30", Decimal("80.00"), False, True),
        ("P2", "19:30", Decimal("100.00"), False, False),
        ("P2", "22:30", None, True, True),
    ]
    customers = sorted(
        (str(r["valid_from"]), r["city"], r["deleted"], r["is_current"], int(r["sequence"]))
        for r in reader.rows(root, "silver/customers")
    )
    assert [row[1:] for row in customers] == [
        ("Pune", False, False, 1), ("Delhi", False, False, 2), ("Delhi", True, True, 3),
    ]  # fmt: skip
    lines = {r["order_id"]: (r["category"], r["customer_segment"]) for r in reader.rows(root, LINES)}
    assert {lines[f"OP2-{day}"] for day in (D1, D2)} == {("Sarees", "Premium")}


@pytest.mark.one_line
def test_changes_of_an_erased_customer_bring_nothing_back(
    spark: SparkSession, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DABBA_HASH_KEY", "a key of the tests, long enough for it")
    personal = ("Asha Rao", "asha@example.com", "CUST-7731")
    folder, people = tmp_path / "in", tmp_path / "people"
    told = ("customer_id", "full_name", "email", "updated_at")
    absent = [name for name in CUSTOMERS_OF_SHOP.names if name not in told]
    customers = {
        "format": "json",
        "path": str(people),
        "read": "new",
        "columns": dict.fromkeys(absent, "NULL"),
        "changes": {"operation": "op", "sequence": "n", "before": "before", "after": "after"},
    }
    more: dict[str, Any] = {
        "sources.customers": customers,
        "sources.orders.columns.customer_id": "who",
        "sources.orders.columns.delivery_name": "ship_to",
        "privacy.hash_key": "${secret:env/DABBA_HASH_KEY}",
    }

    def row(day: str, name: str, mail: str) -> Change:
        return {"customer_id": "CUST-7731", "full_name": name, "email": mail, "updated_at": f"{day} 09:00:00"}

    bought = order("A", D1, who="CUST-7731", ship_to="Asha Rao")
    first = row(D1, "Asha Rao", "asha@example.com")
    tell(folder, D1, [change(1, "c", None, bought)])
    tell(people, D1, [{"op": "c", "n": 1, "before": None, "after": first}])
    night(folder, root, D1, **more)

    def holding() -> list[str]:
        tables = (*reader.BRONZE, *reader.SILVER, *reader.GOLD, "quarantine/records")
        kept = {table: str(reader.rows(root, table)) for table in tables if (root / table).exists()}
        return [f"{table}: {value}" for table, text in kept.items() for value in personal if value in text]

    assert holding()
    env = root.with_name("changes.yaml")
    erased = dabba(
        *("erase", "--customer-id", "CUST-7731", "--apply", "--env", env),
        *settings({"tables.root": str(root), **more}),
    )
    assert erased.code == 0, erased.said()
    assert holding() == []

    tell(folder, D2, [change(5, "u", bought, {**bought, "state": "delivered"}), change(6, "c", None, order("G", D2))])
    second = row(D2, "Asha Rao", "asha@example.com")
    last = [{"op": "u", "n": 2, "before": first, "after": second}, {"op": "d", "n": 3, "before": second, "after": None}]
    tell(people, D2, [*last, {"op": "u", "n": 4, "before": second, "after": {"customer_id": "CUST-7731"}}])
    night(folder, root, D2, **{**more, "sources.customers.on_empty": "warn"})
    assert holding() == []
    lines = {row["order_id"]: row for row in reader.rows(root, LINES)}
    assert {name: line["order_status"] for name, line in lines.items()} == {"A": "DELIVERED", "G": "PLACED"}
    assert lines["A"]["customer_id"].startswith("erased-")
