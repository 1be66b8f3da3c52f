"""Runs dabba's command line inside this process, on the session that the tests share, as a user would from a shell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from click.testing import CliRunner

from jobs.main import cli


@frozen
class Outcome:
    """How a command ended, and what it said."""

    code: int
    stdout: str
    stderr: str
    error: BaseException | None

    @property
    def summary(self) -> dict[str, Any]:
        """The last line on standard output, one JSON object."""
        last: dict[str, Any] = json.loads(self.stdout.rstrip("\n").rpartition("\n")[2])
        return last

    @property
    def report(self) -> dict[str, Any]:
        """The report of the run, or of a run that published nothing its reasons."""
        found: dict[str, Any] = json.loads(Path(self.summary["report"].removeprefix("file:")).read_text("utf-8"))
        return found

    def said(self) -> str:
        """Everything, for the message of a failed assertion."""
        trouble = f"{self.error!r} {str(self.error)[:3000]}" if self.error is not None else ""
        return f"exit code {self.code}\n{self.stdout}\n{self.stderr}\n{trouble}"


def dabba(*arguments: object) -> Outcome:
    """`./spark-submit.sh ARGUMENTS`."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    expected = result.exception is None or isinstance(result.exception, SystemExit)
    return Outcome(result.exit_code, result.stdout, result.stderr, None if expected else result.exception)


def settings(values: dict[str, object]) -> list[str]:
    """--set for each value; what is not text is written as JSON, which is YAML too."""
    return [
        part
        for key, value in values.items()
        for part in ("--set", f"{key}={value if isinstance(value, str) else json.dumps(value, default=str)}")
    ]


def on_sample(sample: Path, tables: Path, extra: dict[str, object] | None = None) -> list[str]:
    """Sources of conf/local.yaml below `sample`, tables below `tables`, and `extra` settings over them."""
    return settings(
        {
            "sources.orders.path": f"{sample}/orders/*.csv.gz",
            "sources.catalog.path": f"{sample}/catalog.jsonl",
            "sources.customers.path": f"{sample}/customers.csv",
            "sources.inventory.path": f"{sample}/inventory.jsonl",
            "tables.root": str(tables),
            **(extra or {}),
        }
    )


def dates(start: str, end: str) -> Sequence[str]:
    """--start and --end."""
    return ("--start", start, "--end", end)
