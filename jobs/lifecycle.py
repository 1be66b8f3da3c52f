"""How every run begins and ends: session, stages, ledger, report; refused and failed runs leave their reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import SparkSession

from jobs.check import check_run
from lib.config import Config
from lib.datasets import ALL
from lib.errors import DabbaError, Unexpected
from lib.run.run import Run, new_run_id
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.session import session
from lib.tables import open_lease, open_store


def execute(
    name: str,
    window: Window,
    config: Config,
    run_id: str | None,
    job: Callable[[Run], object],
    holds: Sequence[str] = (),
) -> dict[str, Any]:
    """Run a job; returns the summary of a published run, raises after leaving the reason of one that was not.

    It holds its dates meanwhile, or what `holds` names: no other run that wants any of it is at work.
    """
    terminal = Terminal()
    run_id = run_id or new_run_id(datetime.now(timezone.utc))
    with (
        _session(terminal, f"dabba {name} {window}", config) as spark,
        open_lease(spark, config.tables, run_id, terminal.note) as lease,
    ):
        run = Run.start(name, window, config, spark, open_store(spark, config.tables, lease), terminal, run_id, lease)
        run.store.check_writable()
        try:
            lease.take(holds or (str(day) for day in window.dates))
            run.store.check_tables(ALL)
            job(run)
            summary = run.finish("published")
        except Exception as trouble:
            error = trouble if isinstance(trouble, DabbaError) else Unexpected.of(trouble)
            if lease.lost:  # whatever broke of it: another run has taken over, and Spark's jobs were stopped
                error = lease.superseded()
            error.summary = run.abandon(error)
            terminal.show(run.report, f"{name} {window}: {error.kind}")
            if error is trouble:
                raise
            raise error from trouble
        finally:
            run.release()
        terminal.show(run.report, f"{name} {window}: published")
        return summary


def rehearse(name: str, window: Window, config: Config, job: Callable[[Run], object]) -> dict[str, Any]:
    """Let a job look and tell what it would do: no ledger, no report."""
    terminal = Terminal()
    with _session(terminal, f"dabba {name} {window}, dry run", config) as spark:
        run = Run.start(name, window, config, spark, open_store(spark, config.tables), terminal)
        job(run)
    return {"status": "dry run", "job": name}


def preflight(name: str, window: Window, config: Config) -> dict[str, Any]:
    """Check what can be checked without changing anything; all problems are raised as one."""
    terminal = Terminal()
    with _session(terminal, f"dabba check {window}", config) as spark:
        for line in check_run(spark, config, window):
            terminal.note(line)
    return {"status": "checked", "job": name, "start": str(window.start), "end": str(window.end)}


@contextmanager
def _session(terminal: Terminal, name: str, config: Config) -> Iterator[SparkSession]:
    with ExitStack() as stack:
        with terminal.stage("session"):
            spark = stack.enter_context(session(name, config.spark))
        yield spark
