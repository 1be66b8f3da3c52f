"""A process of dabba that dies of SIGKILL, its JVM with it: python -m tests.e2e.dying POINT TABLE ARGUMENTS...

POINT is a fault point, `swapping` for the middle of a Parquet swap (old rows aside, new ones not yet in), or
`nowhere`: then somebody else kills it. It must lead a process group of its own.
"""

from __future__ import annotations

import os
import signal
import sys

from jobs.main import main
from lib.run import faults
from lib.tables.filesystem import Storage


def die() -> None:
    """No clean-up, no last word, for this process and its JVM alike."""
    os.killpg(0, signal.SIGKILL)


def die_at(point: str, table: str) -> None:
    """Put death in the place of the fault point that does nothing."""
    real = Storage.rename

    def reached(at: str, of: str = "") -> None:
        if (at, of) == (point, table):
            die()

    def rename(storage: Storage, old: str, new: str) -> None:
        if point == "swapping" and new.startswith(f"{table}/") and "/rows/" in old:
            die()
        real(storage, old, new)

    faults.reached = reached
    Storage.rename = rename  # type: ignore[method-assign]


if __name__ == "__main__":
    die_at(*sys.argv[1:3])
    del sys.argv[1:3]
    main()
