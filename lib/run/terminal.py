"""What a person sees: stages on standard error; at the end tables and one JSON line on standard output."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import Factory, define
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from lib.errors import DabbaError, one_line
from lib.run.report import Report

_LONGEST = 4096


def _console(stderr: bool) -> Console:
    # Where nobody watches (a pipe, a log), lines are not to be broken at 80 columns.
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else 120, soft_wrap=False)


@define
class Terminal:
    """Progress on stderr, results on stdout. What holds words from outside is not wrapped: no line begins with them."""

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
        took = f"{time.monotonic() - began:6.1f} s"
        self.progress.print(f"[green]done[/] {name:<10} [dim]{took}[/]  {cell(detail)}", soft_wrap=True)

    def note(self, text: str) -> None:
        """A line for the person who watches."""
        self.progress.print(one_line(text), markup=False, soft_wrap=True)

    def fail(self, error: DabbaError) -> None:
        """Tell an error, in its own lines."""
        self.progress.print(f"\n{error.kind}: {error}", markup=False, soft_wrap=True)

    def show(self, report: Report, title: str) -> None:
        """The closing tables: what was published, what was refused, and findings."""
        self.output.print(one_line(title), style="bold", markup=False, soft_wrap=True)
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
            self.output.print(one_line(f"note: {finding}"), markup=False, soft_wrap=True)

    def table(self, title: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table of what was found or done; whole numbers stand to the right."""
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
        for number, name in enumerate(names):
            right = any(isinstance(row[number], int) for row in rows)
            table.add_column(name, justify="right" if right else "left")
        for row in rows:
            table.add_row(*[Text(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row])
        self.output.print(table)

    def close(self, summary: dict[str, Any]) -> None:
        """The last line on standard output: one JSON object under 4 KB, whatever the width of the terminal."""
        line = one_line(json.dumps(summary, ensure_ascii=False))
        if len(line.encode()) >= _LONGEST and "tables" in summary:
            summary = {**summary, "tables": f"{len(summary['tables'])} tables: see the report"}
            line = one_line(json.dumps(summary, ensure_ascii=False))
        while len(line.encode()) >= _LONGEST:
            summary = {**summary, "message": summary["message"][: len(summary["message"]) * 2 // 3]}
            line = one_line(json.dumps(summary, ensure_ascii=False))
        sys.stdout.flush()
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def cell(text: str) -> str:
    """Text from outside for a cell of a table: one line, and no markup."""
    return escape(one_line(text))


def _accounting(report: Report) -> Table:
    table = Table(title="Rows", title_justify="left", title_style="bold", header_style="bold")
    table.add_column("source")
    deletions = any(account.deletions for account in report.accounting)
    for name in ("in", "accepted", "refused", "duplicates", *(["deleted"] if deletions else []), "other dates"):
        table.add_column(name, justify="right")
    table.add_column("refused because")
    for account in report.accounting:
        reasons = sorted(report.refusals.get(account.dataset, {}).items(), key=lambda item: (-item[1], item[0]))
        shown = ", ".join(f"{name} {count:,}" for name, count in reasons[:6])
        more = f", and {len(reasons) - 6} more" if len(reasons) > 6 else ""
        kept = (account.rows_in, account.rows_out, account.quarantined, account.duplicates)
        numbers = (*kept, *([account.deletions] if deletions else []), account.outside)
        table.add_row(account.dataset, *[f"{number:,}" for number in numbers], cell(shown + more))
    return table
