"""Orders that arrive or change after their date was published, against one run over everything that was ever told."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, dates, on_sample

NIGHT = "2025-10-20"
LINES = "silver/order_lines"
RESULTS = (LINES, *reader.GOLD)
Record = dict[str, str]


def records(sample: Path, day: str) -> list[Record]:
    with gzip.open(sample / "orders" / f"orders_{day}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def tell(sample: Path, *told: Record) -> None:
    """The file of the night."""
    with gzip.open(sample / "orders" / f"orders_{NIGHT}.csv.gz", "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(told[0]))
        writer.writeheader()
        writer.writerows(told)


def accepted(root: Path, sample: Path, day: str) -> list[Record]:
    """Records of the day's file as silver took them: the state in silver came from exactly this record."""
    state = {(row["order_id"], row["order_line_id"]): row for row in reader.rows(root, LINES)}
    seen: set[tuple[str, str]] = set()
    found = []
    for record in records(sample, day):
        key = record["order_id"], record["line_no"]
        row = state.get(key)
        if row and str(row["business_date"]) == day and key not in seen and record["qty"] == str(row["quantity"]):
            seen.add(key)
            found.append(record)
    return found


def publish_night(sample: Path, root: Path) -> Outcome:
    """The night's own file alone, as most shops export."""
    extra: dict[str, object] = {"sources.orders.path": f"{sample}/orders/orders_{NIGHT}.csv.gz"}
    outcome = dabba("daily", "--date", NIGHT, *on_sample(sample, root, extra))
    assert outcome.code == 0, outcome.said()
    return outcome


@pytest.mark.one_line
def test_late_rows_change_their_own_dates_and_no_other(
    published: Path, own_tables: Path, own_sample: Path, fresh_tables: Callable[[str], Path]
) -> None:
    """A change, a new line, an old state, a repetition, a line that moves; told again; and then not told any more."""
    on_18, on_19 = accepted(published, own_sample, "2025-10-18"), accepted(published, own_sample, "2025-10-19")
    today = {"order_time": f"{NIGHT} 09:00:00", "last_update": f"{NIGHT} 09:00:00", "delivered_time": ""}
    later = f"{NIGHT} 21:00:00"
    returned = {**on_18[0], "status": "returned", "last_update": later}
    forgotten = {**on_19[0], "order_id": "OD-LATE", "last_update": on_19[0]["order_time"]}
    outdated = {**on_18[1], "qty": "99", "last_update": "2025-10-01 00:00:00"}
    moved = {**on_19[1], **today, "last_update": later}
    fresh = {**on_19[2], **today, "order_id": "OD-NEW"}
    tell(own_sample, returned, forgotten, outdated, on_18[2], moved, fresh)
    before = reader.state(own_tables, (LINES, *reader.GOLD))

    outcome = publish_night(own_sample, own_tables)

    assert outcome.report["reopened_dates"] == {"orders": {"2025-10-18": 1, "2025-10-19": 2}}
    assert "late rows re-open 2025-10-18 (1), 2025-10-19 (2)" in outcome.stdout
    lines = {(row["order_id"], row["order_line_id"]): row for row in reader.rows(own_tables, LINES)}
    assert len(lines) == len(reader.rows(own_tables, LINES)), "a key is there twice"
    assert lines[on_18[0]["order_id"], on_18[0]["line_no"]]["order_status"] == "RETURNED"
    assert lines["OD-LATE", forgotten["line_no"]]["business_date"].isoformat() == "2025-10-19"
    assert lines[on_18[1]["order_id"], on_18[1]["line_no"]]["quantity"] != 99
    assert lines[moved["order_id"], moved["line_no"]]["business_date"].isoformat() == NIGHT
    after = reader.state(own_tables, (LINES, *reader.GOLD))
    for table, (_, files) in before.items():
        assert after[table][1]["business_date=2025-10-17"] == files["business_date=2025-10-17"], table
    accounts = {account["dataset"]: account for account in outcome.report["accounting"]}
    assert accounts["orders"]["balanced"]
    assert accounts["orders"]["rows_in"] == 6
    assert accounts["orders"]["duplicates"] == 2

    everything = fresh_tables("everything")
    at_once = dabba("daily", *dates("2025-10-17", "2025-10-21"), *on_sample(own_sample, everything))
    assert at_once.code == 0, at_once.said()
    assert reader.digest(own_tables, RESULTS) == reader.digest(everything, RESULTS)

    told = reader.digest(own_tables)
    publish_night(own_sample, own_tables)
    assert reader.digest(own_tables) == told, "the same night again"

    tell(own_sample, forgotten, fresh)
    publish_night(own_sample, own_tables)
    corrected = {(row["order_id"], row["order_line_id"]): row for row in reader.rows(own_tables, LINES)}
    assert corrected[on_18[0]["order_id"], on_18[0]["line_no"]]["order_status"] != "RETURNED"
    assert corrected[moved["order_id"], moved["line_no"]]["business_date"].isoformat() == "2025-10-19"
    assert ("OD-LATE", forgotten["line_no"]) in corrected
