"""The sample: one spec, one set of bytes; the mess is as stated, and the truth is what the files say."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs
import pytest

from lib.sample import Proportions, SampleSpec, write_sample
from lib.sample.customers import Customers
from lib.sample.draws import Draw, Weighted, mix
from lib.sample.order_rows import HEADER
from lib.sample.orders import Orders
from lib.sample.places import CITIES
from lib.sample.spark_truth import TRUTH_SCHEMA, truth_maker
from lib.sample.world import World

SPEC = SampleSpec(lines=6_000, proportions=Proportions(bad=0.06, duplicates=0.05, late=0.03))
TWO_PLACES = Decimal("0.01")
Row = dict[str, str]

STATUSES = {
    "placed": "PLACED", "confirmed": "CONFIRMED", "shipped": "SHIPPED", "out for delivery": "SHIPPED",
    "delivered": "DELIVERED", "cancelled": "CANCELLED", "canceled": "CANCELLED", "returned": "RETURNED",
    "rto": "RETURNED", "failed": "FAILED", "payment failed": "FAILED", "??": "UNKNOWN",
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(SPEC, folder)
    return folder


def told(root: Path, name: str) -> Any:
    return json.loads((root / "truth" / name).read_text(encoding="utf-8"))


def order_records(root: Path) -> list[tuple[str, list[str]]]:
    """(day of the file, cells) of every record, read as any CSV reader would."""
    records = []
    for path in sorted((root / "orders").iterdir()):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert tuple(rows[0]) == HEADER
        records += [(path.name[7:17], row) for row in rows[1:]]
    return records


def digests(root: Path) -> dict[str, str]:
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class TestDeterminism:
    def test_the_same_spec_gives_the_same_bytes(self, root: Path, tmp_path: Path) -> None:
        write_sample(SPEC, tmp_path)
        assert digests(tmp_path) == digests(root)

    def test_another_seed_gives_another_sample(self, tmp_path: Path) -> None:
        spec = SampleSpec(lines=300)
        write_sample(spec, tmp_path / "a")
        write_sample(attrs.evolve(spec, seed=1), tmp_path / "b")
        a, b = digests(tmp_path / "a"), digests(tmp_path / "b")
        assert a.keys() == b.keys()
        assert all(a[name] != b[name] for name in a)

    def test_the_hash_is_splitmix64(self) -> None:
        # The first outputs for seed 1234567, as published with the algorithm.
        assert mix(1234567) == 6457827717110365317
        assert mix(1234567 + 0x9E3779B97F4A7C15) == 3203168211198807973

    def test_draws_are_even_and_streams_differ(self) -> None:
        shares = [Draw(7, "a").share(n) for n in range(20_000)]
        assert sum(shares) / len(shares) == pytest.approx(0.5, abs=0.01)
        assert shares[:5] != [Draw(7, "b").share(n) for n in range(5)]
        picked = Counter(Weighted([("x", 3.0), ("y", 1.0)]).at(share) for share in shares)
        assert picked["x"] / len(shares) == pytest.approx(0.75, abs=0.01)


class TestProportions:
    @pytest.mark.parametrize("name", ["late", "bad", "duplicates", "cancelled", "returned", "failed"])
    def test_what_was_drawn_is_near_the_stated(self, root: Path, name: str) -> None:
        proportions = told(root, "proportions.json")
        counted = proportions["counted"]
        assert counted["lines"] == SPEC.lines
        assert counted[name] / SPEC.lines == pytest.approx(proportions["stated"][name], abs=0.012)

    def test_metros_and_the_festival_dominate(self, root: Path) -> None:
        rows = [cells for _, cells in order_records(root)]
        days = Counter(cells[2][:10] for cells in rows if len(cells) == len(HEADER))
        assert days["2025-10-20"] > 1.6 * days["2025-10-17"]
        metros = {city.name for city in CITIES if city.owns_pins}
        with gzip.open(root / "truth" / "order_lines.csv.gz", "rt", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        assert sum(line["city"] in metros for line in lines) / len(lines) > 0.55
        assert any(line["city"] == "Unknown" and line["state_code"] == "Unknown" for line in lines)

    def test_late_rows_come_in_a_later_file_and_none_in_an_earlier(self, root: Path) -> None:
        dated = [(day, row[2][:10]) for day, row in order_records(root) if row[2][:5] == "2025-" and row[2][5] == "1"]
        assert all(arrival >= ordered for arrival, ordered in dated if ordered <= "2025-10-21")
        assert any(arrival > ordered for arrival, ordered in dated)

    @pytest.mark.parametrize(
        ("column", "pattern"),
        [
            ("ship_address", "\n"),
            ("ship_address", '"'),
            ("ship_phone", " / "),
            ("city", "Bombay"),
            ("pincode", ".0"),
        ],
    )
    def test_the_mess_is_there(self, root: Path, column: str, pattern: str) -> None:
        at = HEADER.index(column)
        assert any(pattern in row[at] for _, row in order_records(root) if len(row) == len(HEADER))

    def test_a_share_must_be_a_share(self) -> None:
        with pytest.raises(ValueError, match="`late` is 2"):
            Proportions(late=2)

    def test_the_end_must_come_after_the_start(self) -> None:
        with pytest.raises(ValueError, match="must come after"):
            SampleSpec(end=date(2025, 10, 17))


class TestTruth:
    def test_every_row_is_accounted_for(self, root: Path) -> None:
        accounts = told(root, "accounting.json")["datasets"]
        assert accounts["orders"]["rows_read"] == len(order_records(root))
        for name, file in (("catalog", "catalog.jsonl"), ("inventory", "inventory.jsonl")):
            assert accounts[name]["rows_read"] == len((root / file).read_text(encoding="utf-8").splitlines())
        for account in accounts.values():
            parts = account["good"] + account["refused"] + account["duplicates"]
            assert account["rows_in_window"] == parts

    def test_cells_add_up_to_the_good_lines(self, root: Path) -> None:
        with gzip.open(root / "truth" / "order_lines.csv.gz", "rt", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        sums = told(root, "accounting.json")["sums"]
        sales = [line for line in lines if line["order_status"] not in ("CANCELLED", "FAILED")]
        assert len(lines) == told(root, "accounting.json")["datasets"]["orders"]["good"]
        assert sums["total_order_lines"] == len(sales)
        assert Decimal(sums["total_revenue_inr"]) == sum(Decimal(line["gross_inr"]) for line in sales)
        by_segment = [Decimal(sums[f"revenue_{s}_inr"]) for s in ("premium", "regular", "new", "unknown")]
        assert Decimal(sums["net_revenue_inr"]) == sum(by_segment)

    def test_no_prepaid_card_order_is_large_enough_for_review(self, root: Path) -> None:
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        with gzip.open(root / "truth" / "order_lines.csv.gz", "rt", encoding="utf-8") as file:
            for line in csv.DictReader(file):
                if line["payment_method"] in ("CREDIT_CARD", "DEBIT_CARD", "NET_BANKING"):
                    amounts[line["order_id"]] += Decimal(line["gross_inr"] or "0")
        assert max(amounts.values()) < 50_000

    def test_customers_without_a_good_row_are_unknown(self) -> None:
        customers = Customers(SPEC)
        assert customers.segment(customers.good) == "Unknown"

    def test_a_plain_reading_of_the_files_gives_the_metrics(self, root: Path) -> None:
        reading = Reading(root)
        with (root / "truth" / "city_category_metrics.csv").open(encoding="utf-8", newline="") as file:
            expected = {tuple(row.values())[:4]: row for row in csv.DictReader(file)}
        found = reading.metrics()
        assert found.keys() == expected.keys()
        for key, row in expected.items():
            assert {name: str(value) for name, value in found[key].items()} == {n: row[n] for n in found[key]}, key

    def test_a_plain_reading_of_the_files_refuses_the_same_rows(self, root: Path) -> None:
        reading = Reading(root)
        lines = (root / "truth" / "refused.jsonl").read_text(encoding="utf-8").splitlines()
        refused = [row for row in map(json.loads, lines) if row["dataset"] == "orders"]
        expected = Counter((*row["key"].values(), *row["reasons"]) for row in refused)
        assert reading.refused == expected
        assert set(Counter(reason for row in refused for reason in row["reasons"])) == {
            "malformed_record", "order_id_not_null", "order_line_id_not_null", "order_ts_type",
            "order_ts_window", "product_id_not_null", "quantity_type", "quantity_range", "unit_price_type",
            "unit_price_range", "unit_price_not_null", "discount_percentage_type",
            "discount_percentage_range", "order_status_not_null",
        }  # fmt: skip


class TestSparkMode:
    def test_the_workers_truth_is_that_of_the_small_mode(self, root: Path) -> None:
        world = World(SPEC)
        make = truth_maker(world)
        rows = [
            dict(zip(TRUTH_SCHEMA.names, row, strict=True))
            for block in range(Orders(world).blocks)
            for row in make(block)
        ]
        account = told(root, "accounting.json")["datasets"]["orders"]
        malformed = account["refused_by_reason"]["malformed_record"]
        assert len(rows) == SPEC.lines
        assert sum(row["is_good"] for row in rows) == account["good"]
        assert sum(row["duplicates"] for row in rows) == account["duplicates"]
        # Parquet has no malformed records.
        assert sum(row["rows"] for row in rows) == account["rows_read"] - malformed
        assert sum(row["refusal"] is not None for row in rows) == account["refused"] - malformed
        with (root / "truth" / "city_category_metrics.csv").open(encoding="utf-8", newline="") as file:
            orders = sum(int(row["total_orders"]) for row in csv.DictReader(file))
        assert sum(row["counts_order"] for row in rows) == orders


class Reading:
    """What someone who has a CSV reader and the rules, and has not seen the generator, makes of the files."""

    def __init__(self, root: Path) -> None:
        self.refused: Counter[tuple[str, ...]] = Counter()
        self.categories = self._read_categories(root)
        self.segments = self._read_segments(root)
        self.stock = self._read_stock(root)
        self.lines = self._read_orders(root)
        self.cities = {
            " ".join(form.split()).casefold(): (city.state_code, city.name)
            for city in CITIES
            for form in (city.name, *city.spellings)
        }

    def _read_orders(self, root: Path) -> list[Row]:
        latest: dict[tuple[str, str], Row] = {}
        for _, cells in order_records(root):
            row = dict(zip(HEADER, cells, strict=False))
            if reasons := never_competes(cells, row):
                self._refuse(cells, reasons)
                continue
            key = (row["order_id"], row["line_no"])
            when = row["last_update"] or row["order_time"]
            if key not in latest or when > (latest[key]["last_update"] or latest[key]["order_time"]):
                latest[key] = row
        good = []
        for row in latest.values():
            if reasons := broken_rules(row):
                self._refuse([row[name] for name in HEADER], reasons)
            else:
                good.append(row)
        return good

    def _refuse(self, cells: list[str], reasons: list[str]) -> None:
        self.refused[(*cells[:4], *sorted(reasons))] += 1

    @staticmethod
    def _read_categories(root: Path) -> dict[str, str]:
        official = {
            "electronics",
            "fashion",
            "home & kitchen",
            "grocery",
            "beauty",
            "toys & baby",
            "books",
            "sports",
        }
        latest: dict[str, tuple[str, str]] = {}
        for text in (root / "catalog.jsonl").read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(text)
            except json.JSONDecodeError:
                continue
            if row["product_id"] and row["mrp"] > 0 and isinstance(row["selling_price"], float):
                category = " ".join(row["category_l1"].split()).lower()
                assert category in official
                version = (row["updated_at"], category.title())
                latest[row["product_id"]] = max(version, latest.get(row["product_id"], version))
        return {product: category for product, (_, category) in latest.items()}

    @staticmethod
    def _read_segments(root: Path) -> dict[str, str]:
        latest: dict[str, tuple[str, str]] = {}
        with (root / "customers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert max(row["registered_at"], row["updated_at"]) < "2025-10-17"
                if row["customer_id"] and row["lifetime_orders"] != "many":
                    version = (row["updated_at"], row["lifetime_orders"])
                    latest[row["customer_id"]] = max(version, latest.get(row["customer_id"], version))
        segments = {}
        for customer, (_, orders) in latest.items():
            bands = ((51, "premium"), (11, "regular"), (0, "new"))
            segments[customer] = next(name for least, name in bands if int(orders) >= least) if orders else "unknown"
        return segments

    @staticmethod
    def _read_stock(root: Path) -> dict[str, list[dict[str, Any]]]:
        events: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for text in (root / "inventory.jsonl").read_text(encoding="utf-8").splitlines():
            event = json.loads(text)
            if event["on_hand"] != "#REF!":
                events[event["product_id"]].append(event)
        for history in events.values():
            history.sort(key=lambda event: (event["event_ts"], event["sequence"]))
        return events

    def _stock_status(self, row: Row) -> str:
        if row["sku"] not in self.stock:
            return "lines_stock_unknown"
        midnight = datetime.fromisoformat(f"{row['order_time'][:10]}T00:00:00+05:30") + timedelta(days=1)
        latest = {
            event["warehouse_id"]: event["on_hand"] - event["reserved"]
            for event in self.stock[row["sku"]]
            if datetime.fromisoformat(event["event_ts"].replace("Z", "+00:00")) < midnight
        }
        if sum(latest.values()) < int(row["qty"]):
            return "lines_out_of_stock_risk"
        return "lines_low_stock" if sum(latest.values()) < 2 * int(row["qty"]) else "lines_in_stock"

    def _place(self, row: Row) -> tuple[str, str]:
        city, pin = " ".join(row["city"].split()).casefold(), row["pincode"].strip()
        if city:
            return self.cities[city]
        if not pin:
            return "Unknown", "Unknown"
        owners = {
            "40": "mumbai",
            "56": "bengaluru",
            "11": "delhi",
            "60": "chennai",
            "70": "kolkata",
            "50": "hyderabad",
        }
        return self.cities[owners[pin[:2]]]

    def metrics(self) -> dict[tuple[str, ...], dict[str, Any]]:
        cells: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self.lines:
            category = self.categories.get(row["sku"], "Unknown")
            cells[(row["order_time"][:10], *self._place(row), category)].append(row)
        return {key: self._cell(rows) for key, rows in cells.items()}

    def _cell(self, rows: list[Row]) -> dict[str, Any]:
        status = {id(row): STATUSES[row["status"].strip().lower()] for row in rows}
        sales = [row for row in rows if status[id(row)] not in ("CANCELLED", "FAILED")]
        returned = [row for row in sales if status[id(row)] == "RETURNED"]
        cancelled = [row for row in rows if status[id(row)] == "CANCELLED"]
        stock = Counter(map(self._stock_status, sales))
        result: dict[str, Any] = {
            "total_order_lines": len(sales),
            "total_units": sum(int(row["qty"]) for row in sales),
            "total_orders": len({row["order_id"] for row in sales}),
            "total_revenue_inr": total(gross(row) for row in sales),
            "total_discounts_inr": total(discount(row) for row in sales),
            "net_revenue_inr": total(gross(row) - discount(row) for row in sales),
            "returned_lines": len(returned),
            "returned_revenue_inr": total(map(gross, returned)),
            "cancelled_lines": len(cancelled),
            "cancelled_revenue_inr": total(gross(row) for row in cancelled if row["unit_price"]),
            "unique_customers": len({row["customer_id"] for row in sales if row["customer_id"]}),
            "cod_orders": len(
                {r["order_id"] for r in sales if r["payment_mode"].lower() in ("cod", "cash on delivery")}
            ),
        }
        for name in ("premium", "regular", "new", "unknown"):
            own = [row for row in sales if self.segments.get(row["customer_id"], "unknown") == name]
            result[f"orders_{name}"] = len({row["order_id"] for row in own})
            result[f"revenue_{name}_inr"] = total(gross(row) - discount(row) for row in own)
        for name in ("out_of_stock_risk", "low_stock", "in_stock", "stock_unknown"):
            result[f"lines_{name}"] = stock[f"lines_{name}"]
        return result


def total(amounts: Any) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def gross(row: Row) -> Decimal:
    return (int(row["qty"]) * Decimal(row["unit_price"])).quantize(TWO_PLACES, ROUND_HALF_UP)


def discount(row: Row) -> Decimal:
    return (gross(row) * Decimal(row["discount_pct"] or "0") / 100).quantize(TWO_PLACES, ROUND_HALF_UP)


def never_competes(cells: list[str], row: Row) -> list[str]:
    if len(cells) != len(HEADER):
        return ["malformed_record"]
    missing = [
        f"{rule}_not_null" for rule, name in (("order_id", "order_id"), ("order_line_id", "line_no")) if not row[name]
    ]
    try:
        when = datetime.fromisoformat(row["order_time"])
    except ValueError:
        return [*missing, "order_ts_type"]
    return [*missing, "order_ts_window"] if when.year > 2025 else missing


def broken_rules(row: Row) -> list[str]:
    cancelled = STATUSES.get(row["status"].strip().lower()) == "CANCELLED"
    rules = []
    if not row["sku"]:
        rules.append("product_id_not_null")
    if not row["status"]:
        rules.append("order_status_not_null")
    if not (cancelled and row["unit_price"] == ""):
        rules.append(number_rule("unit_price", row["unit_price"], 0, 10_000_000))
    rules.append(number_rule("quantity", row["qty"], 0 if cancelled else 1, 10_000))
    rules.append(number_rule("discount_percentage", row["discount_pct"] or "0", 0, 100))
    return [rule for rule in rules if rule]


def number_rule(name: str, text: str, least: int, most: int) -> str:
    if not text:
        return f"{name}_not_null"
    try:
        value = Decimal(text)
    except InvalidOperation:
        return f"{name}_type"
    return "" if least <= value <= most else f"{name}_range"
