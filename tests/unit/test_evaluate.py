"""The evaluation as a program: what counts as a fall below the baseline, and that the baseline holds where data is."""

from __future__ import annotations

import json

import pytest

from tests.evaluate.__main__ import BASELINE, SUBJECTS, fallen, folder, key
from tests.evaluate.figure import Figure


@pytest.mark.parametrize(
    ("value", "higher_is_better", "fell"),
    [
        (90.0, True, False),
        (89.96, True, False),
        (89.9, True, True),
        (95.0, True, False),
        (90.1, False, True),
        (80.0, False, False),
    ],
)
def test_a_fall_is_a_change_for_the_worse(value: float, higher_is_better: bool, fell: bool) -> None:
    figure = Figure("phones", "valid", value, higher_is_better=higher_is_better)
    assert bool(fallen([figure], {"phones: valid": 90.0})) == fell


def test_a_new_figure_has_no_baseline() -> None:
    assert fallen([Figure("phones", "new", 1.0)], {}) == []


@pytest.mark.eval
@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_figure_fell(subject: str) -> None:
    data = folder()
    if data is None:
        pytest.skip("there is no evaluation data: set DABBA_EVAL to its folder")
    figures = SUBJECTS[subject](data)
    baseline = json.loads(BASELINE.read_text("utf-8"))
    assert {key(figure) for figure in figures} <= set(baseline), "run: make evaluate ARGS=--update"
    assert fallen(figures, baseline) == []
