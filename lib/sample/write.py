"""Writes a sample with plain Python, a row at a time: thousands of lines in seconds, without any Spark."""

from __future__ import annotations

import csv
import gzip
import io
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import attrs

from lib.sample.dimensions import refusal, write_dimensions
from lib.sample.inventory import Inventory
from lib.sample.order_rows import DUPLICATE, HEADER, OrderRow, OrderRows
from lib.sample.orders import Orders
from lib.sample.spec import SampleSpec, SampleSummary
from lib.sample.truth import (
    COUNTED,
    Account,
    CellKey,
    Cells,
    TrueLine,
    Truth,
    metrics_csv,
    rupees,
    sums,
    was_drawn,
)
from lib.sample.world import World

LINE_COLUMNS = (
    "order_id", "line_no", "business_date", "state_code", "city", "category", "customer_id", "segment", "sku",
    "quantity", "gross_inr", "discount_inr", "order_status", "payment_method", "stock_status",
)  # fmt: skip


def write_sample(spec: SampleSpec, root: Path) -> SampleSummary:
    """Write sources and truth below root.

    orders/orders_DATE.csv.gz by day of arrival, catalog.jsonl, customers.csv, inventory.jsonl; and in truth/:
    city_category_metrics.csv, refused.jsonl, order_lines.csv.gz (the good lines), accounting.json and
    proportions.json.
    """
    (root / "orders").mkdir(parents=True, exist_ok=True)
    (root / "truth").mkdir(exist_ok=True)
    events = Inventory(spec).events()
    world = World(spec, events)
    with (root / "truth" / "refused.jsonl").open("w", encoding="utf-8", newline="") as refused:
        orders, counted, cells = _write_orders(world, root, refused)
        accounts = {"orders": orders, **write_dimensions(root, world, events, refused)}
    write_truth(root / "truth", spec, cells, accounts, counted)
    return summary(str(root), accounts)


def write_truth(
    folder: Path,
    spec: SampleSpec,
    cells: dict[CellKey, dict[str, int]],
    accounts: dict[str, Account],
    counted: dict[str, int],
) -> None:
    """The files of truth/ that are small at any size."""
    metrics = metrics_csv(cells)
    (folder / "city_category_metrics.csv").write_text(metrics, encoding="utf-8", newline="")
    told: dict[str, Any] = {name: account.as_json() for name, account in accounts.items()}
    _write_json(folder / "accounting.json", {"datasets": told, "sums": sums(cells)})
    stated = {
        "lines": spec.lines,
        "start": spec.start.isoformat(),
        "end": spec.end.isoformat(),
        "seed": spec.seed,
        "stated": attrs.asdict(spec.proportions),
        "counted": counted,
    }
    _write_json(folder / "proportions.json", stated)


def summary(root: str, accounts: dict[str, Account]) -> SampleSummary:
    """What the caller is told."""
    rows = {name: account.rows_read for name, account in accounts.items()}
    return SampleSummary(root, rows, {name: account.refused for name, account in accounts.items()})


def line_cells(world: World, line: TrueLine) -> tuple[str | int | None, ...]:
    """A true line under LINE_COLUMNS."""
    return (
        f"OD{line.order_number:010d}",
        str(line.line_number),
        line.business_date,
        line.state_code,
        line.city,
        line.category,
        None if line.customer is None else world.customers.identifier(line.customer),
        line.segment,
        line.product_id,
        line.quantity,
        None if line.gross is None else rupees(line.gross),
        None if line.discount is None else rupees(line.discount),
        line.status,
        line.payment,
        line.stock,
    )


def order_refusal(row: OrderRow) -> str:
    """The line of refused.jsonl for an order row."""
    names = ("order_id", "line_no", "order_time", "last_update")
    key: dict[str, str | int] = dict(zip(names, row.cells, strict=False))
    return refusal("orders", key, row.reasons)


def _write_orders(
    world: World, root: Path, refused: TextIO
) -> tuple[Account, dict[str, int], dict[CellKey, dict[str, int]]]:
    account, cells, counted = Account(), Cells(), dict.fromkeys(COUNTED, 0)
    orders, rows, truth = Orders(world), OrderRows(world), Truth(world)
    with ExitStack() as stack:
        days = [stack.enter_context(_gzip(root / "orders" / f"orders_{day}.csv.gz")) for day in world.spec.days]
        writers = [csv.writer(day, lineterminator="\n") for day in days]
        for writer in writers:
            writer.writerow(HEADER)
        true_lines = csv.writer(stack.enter_context(_gzip(root / "truth" / "order_lines.csv.gz")), lineterminator="\n")
        true_lines.writerow(LINE_COLUMNS)
        for block in range(orders.blocks):
            for lines in orders.block(block):
                for row in rows.of_order(lines):
                    writers[row.arrival].writerow(row.cells)
                    duplicate = row.outcome == DUPLICATE
                    account.add(reasons=row.reasons, duplicate=duplicate, older_version=row.older_version)
                    if row.reasons:
                        refused.write(order_refusal(row) + "\n")
                for line in lines:
                    for name, drawn in zip(COUNTED, was_drawn(line), strict=True):
                        counted[name] += drawn
                good = [truth.of_line(line) for line in lines if line.is_good]
                cells.add_order(good)
                true_lines.writerows(line_cells(world, line) for line in good)
    return account, counted, cells.finished()


def _gzip(path: Path) -> io.TextIOWrapper:
    # Without a name and a time in the header, so that the same spec gives the same bytes.
    packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=path.open("wb"), mtime=0)
    return io.TextIOWrapper(packed, encoding="utf-8", newline="")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="")
