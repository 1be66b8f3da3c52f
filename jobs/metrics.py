"""metrics: silver order lines -> gold, every grain at once, reconciled to the paisa before anything is published."""

from __future__ import annotations

from datetime import date
from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import GOLD, ORDER_LINES, Contract
from lib.errors import Refused, Unavailable
from lib.quality.reconcile import require_equal_sums
from lib.run.run import Run
from lib.transform.metrics import all_grains, of_grain


def measure(run: Run, lines: DataFrame, dates: list[date]) -> DataFrame:
    """The metrics of every grain (cached), whose sums are proved equal to those of the lines."""
    with run.stage("metrics"):
        metrics = run.cache(all_grains(lines, run.config.business, run.config.calendar))
        empty = require_equal_sums(metrics, lines, dates)
    if empty and run.config.quality.empty_date != "allow":
        told = f"no order on {', '.join(str(day) for day in empty)}"
        if run.config.quality.empty_date == "fail":
            raise Refused(f"There is {told}", todo="check the export, or set quality.empty_date to warn or allow")
        run.report.findings.append(told)
    return metrics


def publish_gold(run: Run, metrics: DataFrame, dates: list[date], marts: tuple[Contract, ...] = GOLD) -> None:
    """Replace exactly `dates` of each gold table."""
    with run.stage("gold", ", ".join(mart.name for mart in marts)):
        scope = {"business_date": dates}
        run.side_by_side(*[partial(run.replace, of_grain(metrics, mart), mart, scope) for mart in marts])


def published_lines(run: Run) -> DataFrame:
    """The run's dates of silver order_lines; what `metrics` works on when it runs alone."""
    lines = run.store.read(ORDER_LINES.path)
    if lines is None:
        raise Unavailable("There is no silver.order_lines", where=run.config.tables.root, todo="run `conform` first")
    return lines.where(F.col("business_date").between(F.lit(run.window.start), F.lit(run.window.last)))
