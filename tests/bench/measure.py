"""Runs a program as a process of its own: seconds, peak memory, and its closing JSON line."""

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

_PAUSE = 0.25  # seconds between two looks at a process
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
_TICKS = os.sysconf("SC_CLK_TCK")


@frozen
class Outcome:
    """How a process went, with all that it started. `told` is the JSON object of its last line.

    `cpu_seconds` does not depend on who else uses the machine; without /proc it is 0, and the peak None.
    """

    seconds: float
    cpu_seconds: float
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
    return Outcome(seconds, peak.cpu_seconds, peak.megabytes, _last_object(output))


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
    """Looks at a process and its descendants (Spark's JVM is one) until stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._kilobytes = 0
        self._cpu: dict[int, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        if Path("/proc/self/status").exists():
            self._thread.start()

    @property
    def megabytes(self) -> int | None:
        return self._kilobytes // 1024 or None

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu.values())

    def stop(self) -> None:
        self._done.set()

    def _look(self) -> None:
        while not self._done.wait(_PAUSE):
            found = _family(self._pid)
            self._kilobytes = max(self._kilobytes, sum(size for size, _ in found.values()))
            self._cpu.update({pid: cpu for pid, (_, cpu) in found.items()})


def _family(root: int) -> dict[int, tuple[int, float]]:
    """(resident kilobytes, processor seconds) of the process `root` and of everything below it."""
    children: dict[int, list[int]] = defaultdict(list)
    found: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # After the name, which may hold anything: state, parent, ..., user and system ticks, ..., resident pages.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        pid = int(folder.name)
        children[int(fields[1])].append(pid)
        found[pid] = (int(fields[21]) * _PAGE_KB, (int(fields[11]) + int(fields[12])) / _TICKS)
    family, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        if pid in found:
            family[pid] = found[pid]
        waiting += children.get(pid, [])
    return family
