"""replay: quarantined rows are judged again, from bronze, after a rule or a vocabulary was mended."""

from __future__ import annotations

from pyspark.sql import functions as F

from jobs.conform import conform, datasets, publish_silver
from jobs.metrics import measure, publish_gold
from lib.datasets import QUARANTINE
from lib.quality.judge import put_aside
from lib.run.run import Run


def replay(run: Run) -> None:
    """Make silver and gold of the dates anew from bronze; then, last of all, mark in quarantine what is resolved.

    Whatever dies between, the row is still in quarantine as refused, and repeating the replay changes silver no more:
    it is made from all that bronze holds of its date, so that no row can be counted twice.
    """
    silver = conform(run, datasets(run, None), replayed=True)
    metrics = measure(run, silver.order_lines, silver.dates)
    publish_silver(run, silver)
    publish_gold(run, metrics, silver.dates)
    put_aside(run, silver.parts, replayed=True)
    _tell_resolved(run)


def _tell_resolved(run: Run) -> None:
    """How many rows this run resolved; and how many wait still, of its dates or brought by its nights."""
    table = run.store.read(QUARANTINE.path)
    if table is None:
        return
    dates, waits = run.window.dates, F.col("resolved_by").isNull()
    concerned = F.col("business_date").isin(*dates) | F.col("arrival_date").isin(*dates)
    counts = table.agg(F.count_if(F.col("resolved_by") == run.id), F.count_if(waits & concerned)).first()
    resolved, waiting = counts if counts is not None else (0, 0)
    run.report.findings.append(f"{resolved:,} of {resolved + waiting:,} quarantined rows are resolved")
