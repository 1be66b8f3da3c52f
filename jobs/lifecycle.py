"""How every run begins and ends: session, stages, ledger, report; refused and failed runs leave their reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib.config import Config
from lib.errors import DabbaError
from lib.run.preflight import check_run
from lib.run.run import Run
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.session import get_session


def execute(name: str, window: Window, config: Config, run_id: str | None, job: Callable[[Run], None]) -> dict[str, Any]:
    """Run a job; returns the summary of a published run, raises after leaving a refused one in the ledger."""
    terminal = Terminal()
    with terminal.stage("session"):
        spark = get_session(f"dabba {name} {window}", config.spark)
    try:
        run = Run.start(name, window, config, spark, terminal, run_id)
        run.store.storage.check_writable()
        try:
            job(run)
        except DabbaError as error:
            error.summary = run.abandon(error)  # type: ignore[attr-defined]
            terminal.show(run.report, f"{name} {window}: {error.kind}")
            raise
        summary = run.finish("published")
        terminal.show(run.report, f"{name} {window}: published")
        return summary
    finally:
        spark.stop()


def preflight(name: str, window: Window, config: Config) -> dict[str, Any]:
    """Check what can be checked without changing anything; all problems are raised as one."""
    terminal = Terminal()
    with terminal.stage("session"):
        spark = get_session(f"dabba check {window}", config.spark)
    try:
        for line in check_run(spark, config, window):
            terminal.note(line)
        return {"status": "checked", "job": name, "start": str(window.start), "end": str(window.end)}
    finally:
        spark.stop()
