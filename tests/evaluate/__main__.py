"""python -m tests.evaluate: how good the normalisers are on real data, beside the best known and the goal.

Reads the evaluation data from $DABBA_EVAL, else from ../shared/eval beside the checkout; it is no part of the project.
Ends with 1 where a figure fell below the committed baseline (tests/evaluate/baseline.json).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.evaluate import addresses, names, phones, places, transliteration
from tests.evaluate.figure import Figure

SUBJECTS: dict[str, Callable[[Path], list[Figure]]] = {
    "phones": phones.measure,
    "transliteration": transliteration.measure,
    "names": names.measure,
    "addresses": addresses.measure,
    "places": places.measure,
}
BASELINE = Path(__file__).with_name("baseline.json")
# In points: what a tie broken the other way may move.
TOLERANCE = 0.05


def folder() -> Path | None:
    """Where the evaluation data is, or None."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "eval"
    found = Path(os.environ.get("DABBA_EVAL", beside))
    return found if found.is_dir() else None


def fallen(figures: Sequence[Figure], baseline: dict[str, float]) -> list[str]:
    """The figures that are worse than the baseline, a line each."""
    worse = []
    for figure in figures:
        before = baseline.get(key(figure))
        if before is None:
            continue
        change = (figure.value - before) * (1 if figure.higher_is_better else -1)
        if change < -TOLERANCE:
            worse.append(f"{key(figure)}: {figure.value:.2f}, was {before:.2f}")
    return worse


def key(figure: Figure) -> str:
    """What a figure is called in the baseline."""
    return f"{figure.subject}: {figure.name}"


def show(figures: Sequence[Figure], console: Console) -> None:
    """A row a figure."""
    table = Table(header_style="bold", title="Evaluation, in percent", title_justify="left")
    for name in ("subject", "measure", "rows", "best known", "goal", "reached", ""):
        table.add_column(name, justify="left" if name in ("subject", "measure") else "right")
    for at, figure in enumerate(figures):
        new = at == 0 or figures[at - 1].subject != figure.subject
        reached = figure.goal is None or (figure.value - figure.goal) * (1 if figure.higher_is_better else -1) >= 0
        numbers = ["" if value is None else f"{value:g}" for value in (figure.anchor, figure.goal)]
        verdict = "" if figure.goal is None else ("[green]ok[/]" if reached else "[red]not yet[/]")
        rows = f"{figure.rows:,}" if figure.rows else ""
        table.add_row(figure.subject if new else "", figure.name, rows, *numbers, f"{figure.value:.2f}", verdict)
    console.print(table)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("subject", type=click.Choice(list(SUBJECTS)), required=False)
@click.option("--update", is_flag=True, help="Write the figures as the new baseline.")
def main(subject: str | None, update: bool) -> None:
    """Measure one subject, or all."""
    data = folder()
    if data is None:
        click.echo("evaluate: skipped, there is no evaluation data (set DABBA_EVAL to its folder)")
        return
    console = Console(width=None if os.isatty(1) else 130, highlight=False)
    figures = [figure for name in ([subject] if subject else SUBJECTS) for figure in SUBJECTS[name](data)]
    show(figures, console)
    baseline: dict[str, float] = json.loads(BASELINE.read_text("utf-8")) if BASELINE.exists() else {}
    worse = fallen(figures, baseline)
    if update:
        merged = {**baseline, **{key(figure): round(figure.value, 2) for figure in figures}}
        BASELINE.write_text(json.dumps(merged, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    elif worse:
        console.print("Below the baseline:\n  " + "\n  ".join(worse), style="red")
        sys.exit(1)


if __name__ == "__main__":
    main()
