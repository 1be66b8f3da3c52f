"""Runs a program as a process of its own: seconds, peak memory of it and all that it starts, and its closing JSON line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen

_PAUSE = 0.25  # seconds between two looks at memory


@frozen
class Outcome:
    """How a process went. `told` is the JSON object of its last line; peaks are None where there is no /proc."""

    seconds: float
    peak_mb: int | None
    told: dict[str, Any]


def run_module(module: str, arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Outcome:
    """`python -m MODULE ARGUMENTS` with this interpreter, from the checkout. Raises with its output where it fails."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=checkout(),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        peak = _Peak(process.pid)
        output, _ = process.communicate()
        seconds = time.monotonic() - began
        peak.stop()
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{module} ended with {process.returncode}\n{output}\n{said.read()[-6000:]}")
    return Outcome(seconds, peak.megabytes, _last_object(output))


def checkout() -> Path:
    """The folder that holds jobs/, lib/ and tests/."""
    return Path(__file__).resolve().parents[2]


def middle(values: Sequence[float]) -> float:
    """The median: one slow run on a shared machine does not move it."""
    return float(median(values))


def _last_object(output: str) -> dict[str, Any]:
    for line in reversed(output.splitlines()):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    return {}


class _Peak:
    """Looks at the resident memory of a process and its descendants (Spark's JVM is one) until stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._kilobytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        if Path("/proc/self/status").exists():
            self._thread.start()

    @property
    def megabytes(self) -> int | None:
        return self._kilobytes // 1024 or None

    def stop(self) -> None:
        self._done.set()

    def _look(self) -> None:
        while not self._done.wait(_PAUSE):
            self._kilobytes = max(self._kilobytes, _resident(self._pid))


def _resident(root: int) -> int:
    """Kilobytes resident in the process `root` and everything below it."""
    children: dict[int, list[int]] = defaultdict(list)
    sizes: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            lines = (folder / "status").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        fields = {name: value.split()[0] for name, _, value in (line.partition(":") for line in lines) if value.strip()}
        children[int(fields["PPid"])].append(int(folder.name))
        sizes[int(folder.name)] = int(fields.get("VmRSS", 0))
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        total += sizes.get(pid, 0)
        waiting += children.get(pid, [])
    return total
