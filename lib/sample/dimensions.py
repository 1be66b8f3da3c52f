"""Writes what is not orders: catalog.jsonl, customers.csv and inventory.jsonl, and counts the rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TextIO

from lib.sample.catalogue import Catalogue
from lib.sample.customers import HEADER
from lib.sample.inventory import Inventory, StockEvent
from lib.sample.truth import Account
from lib.sample.world import World


def refusal(dataset: str, key: dict[str, str | int], reasons: tuple[str, ...]) -> str:
    """One line of refused.jsonl: the key as the source has it, and the rules that refuse the record."""
    return json.dumps({"dataset": dataset, "key": key, "reasons": sorted(reasons)}, ensure_ascii=False)


def write_dimensions(root: Path, world: World, events: list[StockEvent], refused: TextIO) -> dict[str, Account]:
    """Write the three files below root, and their refusals; returns the account of each."""
    return {
        "catalog": _write_catalogue(root / "catalog.jsonl", world, refused),
        "customers": _write_customers(root / "customers.csv", world, refused),
        "inventory": _write_inventory(root / "inventory.jsonl", world, events, refused),
    }


def _write_catalogue(path: Path, world: World, refused: TextIO) -> Account:
    account = Account()
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in Catalogue(world.spec, world.products).rows():
            file.write(row.text + "\n")
            account.add(reasons=row.reasons, duplicate=row.duplicate, older_version=row.older_version)
            if row.reasons:
                key: dict[str, str | int] = {"product_id": row.product_id, "updated_at": row.updated_at}
                refused.write(refusal("catalog", key, row.reasons) + "\n")
    return account


def _write_customers(path: Path, world: World, refused: TextIO) -> Account:
    account = Account()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for row in world.customers.rows():
            writer.writerow(row.cells)
            account.add(reasons=row.reasons, duplicate=row.duplicate, older_version=row.older_version)
            if row.reasons:
                key: dict[str, str | int] = {"customer_id": row.cells[0], "updated_at": row.cells[10]}
                refused.write(refusal("customers", key, row.reasons) + "\n")
    return account


def _write_inventory(path: Path, world: World, events: list[StockEvent], refused: TextIO) -> Account:
    account, inventory = Account(), Inventory(world.spec)
    with path.open("w", encoding="utf-8", newline="") as file:
        for event in events:
            file.write(inventory.text(event) + "\n")
            reasons = ("on_hand_type",) if event.broken else ()
            account.add(reasons=reasons, duplicate=event.duplicate)
            if reasons:
                key: dict[str, str | int] = {
                    "product_id": world.sku(event.product),
                    "warehouse_id": event.warehouse[0],
                    "event_ts": inventory.instant(event),
                    "sequence": event.sequence,
                }
                refused.write(refusal("inventory", key, reasons) + "\n")
    return account
