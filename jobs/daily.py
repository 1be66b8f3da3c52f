"""daily: the whole night, extract -> conform -> metrics -> publish; silver and gold change only once all is checked."""

from __future__ import annotations

from functools import partial

from attrs import evolve

from jobs.conform import conform, datasets, publish_silver
from jobs.extract import extract
from jobs.metrics import measure, publish_gold
from lib.quality.judge import put_aside
from lib.run.run import Run


def daily(run: Run) -> None:
    """Publish the run's dates. Bronze and quarantine first; silver and gold only once everything has been checked."""
    names = datasets(run, None)
    extracted = extract(run, names)
    silver = conform(run, names)
    for name, source in extracted.items():
        run.report.accounts[name] = evolve(run.report.accounts[name], outside=source.outside)
    _, metrics = run.side_by_side(
        partial(put_aside, run, silver.parts), partial(measure, run, silver.order_lines, silver.dates)
    )
    publish_silver(run, silver)
    publish_gold(run, metrics, silver.dates)
