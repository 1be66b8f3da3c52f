"""Cold start to published on the default sample, against a bare script with the same session, side by side."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from attrs import frozen
from rich.console import Console
from rich.table import Table

from tests.bench.data import DAYS, sample
from tests.bench.measure import Outcome, middle, run_module

GOAL = 3.0


@frozen
class Start:
    """Seconds of each pair, and what the job's own reports say of its stages."""

    daily: list[float]
    bare: list[float]
    reports: list[dict[str, Any]]

    @property
    def ratio(self) -> float:
        """How many times as long as the bare script the whole job takes: the median of the pairs' own ratios."""
        return middle([a / b for a, b in zip(self.daily, self.bare, strict=True)])

    def stages(self) -> dict[str, float]:
        """Median seconds by stage; `around` is what lies outside of them: the interpreter, imports, the JVM's end."""
        names = list(self.reports[0]["seconds"])
        found = {name: middle([report["seconds"].get(name, 0.0) for report in self.reports]) for name in names}
        return {**found, "session and around": middle(self.daily) - sum(found.values())}


def measure_start(pairs: int) -> Start:
    """Alternate whole processes: the daily job into an empty root, then the bare script."""
    source = sample()
    start = Start([], [], [])
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            job = _daily(source, f"{folder}/tables")
            start.daily.append(job.seconds)
            start.reports.append(json.loads(Path(unquote(urlparse(job.told["report"]).path)).read_text("utf-8")))
            start.bare.append(run_module("tests.bench.bare", [f"{folder}/bare"]).seconds)
    return start


def _daily(source: Path, tables: str) -> Outcome:
    # --env local says so itself: a DABBA_ENV of this shell is not what is measured.
    dates = ["--start", str(DAYS[0]), "--end", str(DAYS[1])]
    options = ["--env", "local", *dates, "--set", f"tables.root={tables}"]
    return run_module("jobs.main", ["daily", *options], {"DABBA_SAMPLE": str(source)})


def show_start(start: Start, console: Console) -> None:
    """Both medians, their ratio, and where the job's time goes."""
    table = Table(title=f"Cold start to published, {len(start.daily)} pair(s), seconds", title_justify="left")
    for name in ("what", "median", "each"):
        table.add_column(name, justify="left" if name == "what" else "right")
    table.add_row("daily on the sample", f"{middle(start.daily):.1f}", _each(start.daily))
    table.add_row("bare script", f"{middle(start.bare):.1f}", _each(start.bare))
    table.add_row(f"ratio (goal: at most {GOAL:.0f})", f"{start.ratio:.2f}", "")
    table.add_section()
    for name, seconds in start.stages().items():
        table.add_row(f"  {name}", f"{seconds:.1f}", f"{100 * seconds / middle(start.daily):.0f} %")
    console.print(table)


def _each(values: list[float]) -> str:
    return " ".join(f"{value:.1f}" for value in values)
