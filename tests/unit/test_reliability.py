"""docs/reliability.md names every guarantee and the tests that prove it, and shows the figures that they counted."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.reliability.__main__ import FIGURES, GUARANTEES, PAGE, page

TESTS = Path(__file__).resolve().parents[1]
# "What a run guarantees", in its order, and one more.
NAMES = (
    "Atomic", "Repeatable", "Accounted", "Gated", "One writer", "Watermarks move with the data", "Nothing leaks",
    "The report comes last", "Both dialects", "Late rows", "Empty is not success", "Ours only",
    "Changes in order, once",
)  # fmt: skip


def test_the_page_is_current():
    assert PAGE.read_text("utf-8") == page(json.loads(FIGURES.read_text("utf-8"))), "run `make reliability`"


def test_every_guarantee_is_proved_or_said_not_to_be():
    assert tuple(guarantee.name for guarantee in GUARANTEES) == NAMES
    assert all(guarantee.proofs or guarantee.not_proved for guarantee in GUARANTEES)


@pytest.mark.parametrize("proof", sorted({proof for guarantee in GUARANTEES for proof in guarantee.proofs}))
def test_a_test_that_is_named_is_there(proof):
    file, _, name = proof.partition("::")
    assert name in {node.name for node in ast.parse((TESTS / file).read_text("utf-8")).body if hasattr(node, "name")}


def test_nothing_was_lost_or_doubled():
    """The figures of the last whole run; the tests themselves fail before they count anything else."""
    for line, counted in json.loads(FIGURES.read_text("utf-8")).items():
        for name in ("rows lost", "rows doubled", "readers' inconsistent views"):
            assert counted[name] == 0, (line, name)
