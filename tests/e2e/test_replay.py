"""Quarantined rows after their rule was mended: silver and gold gain them once, whatever dies between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib.run import faults
from tests.e2e import reader
from tests.e2e.command import Outcome, dabba, dates, on_sample
from tests.e2e.conftest import END, START

QUARANTINE = "quarantine/records"
RESULTS = (*reader.SILVER, *reader.GOLD)
# A rule that is wrong: an order of three is as good as any.
STRICT: dict[str, object] = {
    "quality.rules.orders": [{"kind": "range", "column": "quantity", "name": "at_most_two", "parameters": {"max": 2}}],
    "quality.default_gate.max_refused_share": "0.5",
}


def again(sample: Path, root: Path, *options: str) -> Outcome:
    return dabba("replay", *dates(START, END), *options, *on_sample(sample, root))


def quarantined(root: Path) -> tuple[list[str], list[dict[str, Any]]]:
    """Digests of the rows that are refused, and the rows that are resolved."""
    rows = reader.rows(root, QUARANTINE)
    waiting = [row for row in rows if row["resolved_by"] is None]
    return sorted(map(reader.canonical, waiting)), [row for row in rows if row["resolved_by"] is not None]


@pytest.mark.one_line
def test_mended_rows_come_into_silver_and_gold_once(
    published: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "tables"
    first = dabba("daily", *dates(START, END), *on_sample(sample, root, STRICT))
    assert first.code == 0, first.said()
    wrongly = [row for row in reader.rows(root, QUARANTINE) if row["reasons"][0]["rule"] == "at_most_two"]
    assert len(wrongly) > 20

    for table in ("silver/order_lines", "gold/city_metrics", QUARANTINE):
        dies_after(table, monkeypatch)
        assert again(sample, root).code == 1
        waiting, resolved = quarantined(root)
        assert len(waiting) + len(resolved) == len(reader.rows(root, QUARANTINE))
        if table != QUARANTINE:  # still refused as far as anybody can see
            assert resolved == []
    monkeypatch.undo()

    mended = again(sample, root, "--run-id", "mended")
    assert mended.code == 0, mended.said()
    assert reader.digest(root, RESULTS) == reader.digest(published, RESULTS)
    waiting, resolved = quarantined(root)
    assert waiting == quarantined(published)[0]
    assert {row["source_record"] for row in resolved} == {row["source_record"] for row in wrongly}
    assert len(resolved) == len(wrongly)
    lines = reader.rows(root, "silver/order_lines")
    assert len(lines) == len({(row["order_id"], row["order_line_id"]) for row in lines})

    before = reader.digest(root)
    assert again(sample, root).code == 0
    assert reader.digest(root) == before


def dies_after(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process loses its footing right after a commit landed."""

    def reached(point: str, at: str = "") -> None:
        if (point, at) == ("after_commit", table):
            raise OSError("the machine is gone")

    monkeypatch.setattr(faults, "reached", reached)
