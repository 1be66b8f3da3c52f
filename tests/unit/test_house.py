"""The house rules: imports point one way, generated pages are current, files fit one reading."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lib.datasets import ALL
from lib.datasets.document import page
from lib.version import code_version

ROOT = Path(__file__).resolve().parents[2]

# What each part may import; the parts of one line may know each other.
UPPER = {"deploy", "publish", "transform", "sources", "tables", "quality", "normalise"}
LOWER = {"datasets", "run", "session", "config", "errors", "version"}
ALLOWED = {
    "jobs": UPPER | LOWER | {"sample", "jobs"},
    **dict.fromkeys(UPPER, UPPER | LOWER),
    **dict.fromkeys(LOWER, LOWER),
    "datasets": {"datasets"},
    "errors": set(),
    "version": set(),
    "sample": {"sample"},
}
SOURCES = sorted(path for folder in ("jobs", "lib") for path in (ROOT / folder).rglob("*.py"))


def part_of(module: str) -> str:
    """`lib.config.load` -> config; `jobs.daily` -> jobs."""
    names = module.split(".")
    return names[1] if names[0] == "lib" and len(names) > 1 else names[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    own = part_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if own in ("lib", "__init__"):
        return
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("lib", "jobs")
    }
    wrong = sorted(module for module in imported if part_of(module) not in ALLOWED[own] | {own})
    assert not wrong, f"{own} must not know {wrong}"


@pytest.mark.parametrize("part", ["transform", "normalise", "datasets"])
def test_pure_parts_neither_read_nor_write(part: str) -> None:
    touching = re.compile(r"\.(read|write|writeTo|readStream|writeStream|save|saveAsTable)\b|SparkSession\.builder")
    for path in sorted((ROOT / "lib" / part).rglob("*.py")):
        if "build_" in path.name or path.name == "document.py":
            continue
        found = touching.findall(path.read_text("utf-8"))
        assert not found, f"{path}: {found}"


def test_no_clock_in_a_transform() -> None:
    clock = re.compile(r"current_timestamp|current_date|\bnow\(|datetime\.today|date\.today|time\.time")
    for part in ("transform", "normalise", "quality", "sources", "datasets"):
        for path in sorted((ROOT / "lib" / part).rglob("*.py")):
            assert not clock.search(path.read_text("utf-8")), path


def test_files_fit_one_reading() -> None:
    long = {str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > 280}
    assert not long


def test_the_page_of_datasets_is_current() -> None:
    assert (ROOT / "docs/datasets.md").read_text("utf-8") == page(), "run `make docs`"


def test_versions_agree() -> None:
    declared = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert declared is not None
    assert code_version() == declared[1]
    assert f"## {declared[1]}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("contract", ALL, ids=lambda contract: contract.path)
def test_contracts_are_whole(contract) -> None:
    names = contract.names
    assert len(set(names)) == len(names)
    assert set(contract.key) <= set(names)
    assert set(contract.latest_by) <= {*names, *contract.partition_by}
    assert all(column.meaning for column in contract.columns)
    if contract.layer.value == "gold":
        assert not contract.personal
