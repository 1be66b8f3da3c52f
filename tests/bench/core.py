"""The core at several sizes, against the naive form of the same job and DuckDB, each in its own process."""

from __future__ import annotations

import tempfile
from typing import Any

from attrs import Factory, define
from rich.console import Console
from rich.table import Table

from tests.bench.data import large
from tests.bench.measure import Outcome, run_module

SYSTEMS = ("ours", "naive", "duck")
MEMORY = "3g"  # for each system alike
GOAL = 2.0


class Disagreement(Exception):
    """Raised where two systems do not find the same totals: their times then say nothing."""


@define
class Core:
    """Outcomes by number of lines and system, in the order in which they ran."""

    outcomes: dict[tuple[int, str], Outcome] = Factory(dict)

    def seconds(self, lines: int, system: str) -> float:
        """From an open session to the last table written."""
        return float(self.outcomes[lines, system].told["seconds"])

    def ratio(self, lines: int, system: str, by: str) -> float:
        """How many times as long `system` takes as `by`."""
        return self.seconds(lines, system) / self.seconds(lines, by)


def measure_core(sizes: list[int], systems: tuple[str, ...], console: Console) -> Core:
    """Run every system at every size, and compare what they found."""
    core = Core()
    for lines in sizes:
        source = large(lines)
        for system in systems:
            with tempfile.TemporaryDirectory() as folder:
                outcome = run_module(f"tests.bench.{system}", [str(source), f"{folder}/tables", MEMORY])
            core.outcomes[lines, system] = outcome
            console.print(f"{lines:>12,} lines  {system:<6} {outcome.told['seconds']:8.1f} s", highlight=False)
        _require_agreement(core, lines)
    return core


def _require_agreement(core: Core, lines: int) -> None:
    told = {system: outcome.told["totals"] for (size, system), outcome in core.outcomes.items() if size == lines}
    if len({tuple(sorted(totals.items())) for totals in told.values()}) > 1:
        raise Disagreement(f"{lines} lines: {told}")


def show_core(core: Core, console: Console) -> None:
    """One row a system and size; then ratios, linearity, and what stays in the driver."""
    table = Table(title=f"The core, {MEMORY} each; every system found the same totals", title_justify="left")
    for name in ("order lines", "system", "seconds", "s per million", "cpu s", "peak MB", "heap MB", "cached MB"):
        table.add_column(name, justify="left" if name == "system" else "right")
    for (lines, system), outcome in core.outcomes.items():
        seconds, told = core.seconds(lines, system), outcome.told
        numbers = (f"{seconds:.1f}", f"{seconds * 1e6 / lines:.1f}", f"{outcome.cpu_seconds:.0f}")
        memory = (_number(value) for value in (outcome.peak_mb, told.get("heap_mb"), told.get("cached_mb")))
        table.add_row(f"{lines:,}", system, *numbers, *memory)
    console.print(table)
    console.print(_ratios(core))
    for (lines, system), outcome in core.outcomes.items():
        if stages := outcome.told.get("stages"):
            shown = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
            console.print(f"{lines:,} lines, {system}: {shown}", highlight=False, soft_wrap=True)


def _ratios(core: Core) -> Table:
    sizes = sorted({lines for lines, _ in core.outcomes})
    table = Table(title="Ratios", title_justify="left")
    table.add_column("of")
    for lines in sizes:
        table.add_column(f"{lines:,}", justify="right")
    for system, by, told in (
        ("naive", "ours", f"naive / ours (goal: at least {GOAL:.0f} at the largest)"),
        ("ours", "duck", "ours / DuckDB"),
    ):
        if all((lines, name) in core.outcomes for lines in sizes for name in (system, by)):
            table.add_row(told, *[f"{core.ratio(lines, system, by):.2f}" for lines in sizes])
    if any((lines, "ours") not in core.outcomes for lines in sizes):
        return table
    first = sizes[0]
    per_line = {lines: core.seconds(lines, "ours") / lines for lines in sizes}
    growth = [f"{per_line[lines] / per_line[first]:.2f}" for lines in sizes]
    table.add_row("ours, seconds a line against the smallest size", *growth)
    heaps: dict[int, Any] = {lines: core.outcomes[lines, "ours"].told.get("heap_mb") for lines in sizes}
    table.add_row("ours, driver's heap after a collection, MB", *[_number(heaps[lines]) for lines in sizes])
    return table


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
