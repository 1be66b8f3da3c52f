"""python -m tests.bench: how fast, side by side in one run. Prints times and ratios, asserts none of them."""

from __future__ import annotations

import os
import platform

import click
from rich.console import Console

from tests.bench.core import SYSTEMS, measure_core, show_core
from tests.bench.normalise import measure_normalise
from tests.bench.safety import measure_safety, show_safety
from tests.bench.start import measure_start, show_start


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="One pair of each, and 200,000 lines.")
@click.option("--part", type=click.Choice(["start", "core", "normalise", "safety"]), help="Only this part.")
@click.option("--pairs", default=5, show_default=True, help="Pairs of starts and of safety; the median is told.")
@click.option("--lines", multiple=True, type=int, help="Sizes of the core  [default: 1000000, 10000000].")
@click.option("--system", "systems", multiple=True, type=click.Choice(SYSTEMS), help="Only these  [default: all].")
def main(quick: bool, part: str | None, pairs: int, lines: tuple[int, ...], systems: tuple[str, ...]) -> None:
    """Cold start to published against a bare script; the core against its naive form and DuckDB; normalisers; safety.

    The machine should have nothing else to do. Data is made once, below data/bench/ (10M lines: 1 GB). All of it takes
    some 30 minutes on two cores.
    """
    console = Console(width=None if os.isatty(1) else 130)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    console.print(f"{platform.machine()}, {os.cpu_count()} cores, load {load} before the first run", highlight=False)
    if part in (None, "start"):
        show_start(measure_start(1 if quick else pairs), console)
    if part in (None, "core"):
        sizes = sorted(lines) or ([200_000] if quick else [1_000_000, 10_000_000])
        show_core(measure_core(sizes, systems or SYSTEMS, console), console)
    if part in (None, "normalise"):
        measure_normalise(console)
    if part in (None, "safety"):
        size = min(lines) if lines else 200_000 if quick else 1_000_000
        show_safety(size, measure_safety(size, 1 if quick else pairs), console)


if __name__ == "__main__":
    main()
