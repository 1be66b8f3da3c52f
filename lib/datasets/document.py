"""Writes docs/datasets.md from the contracts: `python -m lib.datasets.document` (a test keeps it current)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lib.datasets import ALL, Contract
from lib.datasets.rules import describe, rule_column, rule_name

PAGE = Path("docs/datasets.md")

_HEAD = """# Datasets

Generated from the contracts in `lib/datasets` by `make docs`; do not edit.

Every table lies at `ROOT/LAYER/NAME`. Instants are UTC, dates are business dates in Asia/Kolkata, money is INR. Bronze
holds the canonical columns below as text, exactly as the source gave them, plus the partition's days, `_row`,
`_malformed`, `_source_file`, `_source_record`, `_digest` (equal records have equal ones), `_source`, `_run_id` and
`_ingested_at`; the types are those that conform gives them.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *[line for contract in ALL for line in _section(contract)]]).rstrip() + "\n"


def _section(contract: Contract) -> Iterator[str]:
    yield f"## {contract.layer.value}/{contract.name}"
    yield ""
    yield f"One row: {contract.grain}. Version {contract.version}."
    facts = {
        "Key": contract.key,
        "Partitioned by": contract.partition_by,
        "Newest by": contract.latest_by,
        "Dated by": (contract.event_time,) if contract.event_time else (),
    }
    told = [f"{name}: {', '.join(f'`{value}`' for value in values)}." for name, values in facts.items() if values]
    if told:
        yield " ".join(told)
    if contract.notes:
        yield ""
        yield contract.notes
    yield ""
    yield "| column | type | meaning | personal data |"
    yield "|---|---|---|---|"
    for column in contract.columns:
        marks = [
            text
            for text, shown in (("required", column.required), (f"default {column.default}", column.default))
            if shown
        ]
        meaning = column.meaning + (f" ({', '.join(marks)})" if marks else "")
        yield f"| {column.name} | {column.type.simpleString()} | {_cell(meaning)} | {column.pii.value} |"
    yield ""
    if contract.rules:
        yield "| rule | column | severity | what it asks |"
        yield "|---|---|---|---|"
        for rule in contract.rules:
            yield f"| {rule_name(rule)} | {rule_column(rule)} | {rule.severity.value} | {_cell(describe(rule))} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
