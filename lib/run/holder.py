"""Who holds a lease: a run, and the process on a machine that it is."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from attrs import Factory, frozen


@frozen
class Holder:
    """A run as the others know it."""

    run_id: str
    host: str = Factory(platform.node)
    pid: int = Factory(os.getpid)
    machine: str = Factory(lambda: _machine())

    def __str__(self) -> str:
        return f"run {self.run_id} (process {self.pid} on {self.host})"

    def is_gone(self, asking: Holder) -> bool:
        """Whether its process has surely ended, which only its own machine can tell."""
        if not self.machine or self.machine != asking.machine:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return False


def _machine() -> str:
    """This boot of this machine and its numbering of processes: what makes a pid mean one process. '' if not known."""
    if platform.system() != "Linux":
        return platform.node()
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
