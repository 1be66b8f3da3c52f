"""What a person sees: stages on standard error; at the end tables and one JSON line on standard output."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import Factory, define
from rich.console import Console
from rich.table import Table

from lib.run.report import Report


def _console(stderr: bool) -> Console:
    # Where nobody watches (a pipe, a log), lines are not to be broken at 80 columns.
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 120, soft_wrap=False)


@define
class Terminal:
    """Progress on stderr, results on stdout."""

    began: float = Factory(time.monotonic)
    progress: Console = Factory(lambda: _console(True))
    output: Console = Factory(lambda: _console(False))
    # Stages may run side by side; the line that moves tells of the first of them.
    _moving: threading.Lock = Factory(threading.Lock)

    @contextmanager
    def stage(self, name: str, detail: str = "") -> Iterator[None]:
        """One line for a stage when it is done (or failed), with its seconds."""
        began = time.monotonic()
        if self.progress.is_terminal and self._moving.acquire(blocking=False):
            try:
                with self.progress.status(f"{name} {detail}"):
                    yield
            finally:
                self._moving.release()
        else:
            yield
        self.progress.print(f"[green]done[/] {name:<10} [dim]{time.monotonic() - began:6.1f} s[/]  {detail}")

    def note(self, text: str) -> None:
        """A line for the person who watches."""
        self.progress.print(text, markup=False)

    def show(self, report: Report, title: str) -> None:
        """The closing tables: what was published, what was refused, and findings."""
        self.output.print(title, style="bold", markup=False)
        tables = Table(header_style="bold")
        tables.add_column("table")
        for name in ("version", "rows"):
            tables.add_column(name, justify="right")
        for published in report.tables:
            version = "-" if published.version is None else str(published.version)
            tables.add_row(published.table, version, f"{published.rows:,}")
        if report.tables:
            self.output.print(tables)
        if report.accounts:
            self.output.print(_accounting(report))
        for finding in report.findings:
            self.output.print(f"note: {finding}", markup=False)

    def close(self, summary: dict[str, Any]) -> None:
        """The last line on standard output: one JSON object under 4 KB, whatever the width of the terminal."""
        line = json.dumps(summary, ensure_ascii=False)
        if len(line.encode()) >= 4096:
            line = json.dumps({**summary, "tables": f"{len(summary.get('tables', []))} tables: see the report"})
        sys.stdout.flush()
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _accounting(report: Report) -> Table:
    table = Table(title="Rows", title_justify="left", title_style="bold", header_style="bold")
    table.add_column("source")
    for name in ("in", "accepted", "refused", "duplicates", "other dates"):
        table.add_column(name, justify="right")
    table.add_column("refused because")
    for account in report.accounting:
        reasons = sorted(report.refusals.get(account.dataset, {}).items(), key=lambda item: (-item[1], item[0]))
        shown = ", ".join(f"{name} {count:,}" for name, count in reasons[:6])
        more = f", and {len(reasons) - 6} more" if len(reasons) > 6 else ""
        numbers = (account.rows_in, account.rows_out, account.quarantined, account.duplicates, account.outside)
        table.add_row(account.dataset, *[f"{number:,}" for number in numbers], shown + more)
    return table
