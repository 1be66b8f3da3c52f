"""One run, copied table by table at every fault point: what a process that is killed there leaves on the disk.

A copy is made in the middle of the call, with nothing else going on (limits.side_by_side is 1), so that no clean-up of
Python and no other thread can make it look better than a SIGKILL would. From the copies states are put together in
which each table stands at a point of its own, as kills leave them when tables are written side by side.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from attrs import Factory, define

from lib.run import faults
from lib.tables.filesystem import Storage

# Not a fault point of ours: the JVM has written the files of a Delta table and has not committed them.
WRITTEN = "written"
# Within Parquet's swap of folders: before each move.
SWAPPING = "swapping"


@define
class Film:
    """Copies below `folder`/MOMENT of each table of `root`, and of what it has staged."""

    root: Path
    folder: Path
    moments: dict[str, list[str]] = Factory(dict)  # table -> its moments, in order; tables in the order of the run
    run_points: list[str] = Factory(list)
    _writing: str = ""

    def record(self, patched: pytest.MonkeyPatch) -> None:
        """From now on until `patched` ends, copy at every point."""
        real = Storage.rename

        def rename(storage: Storage, old: str, new: str) -> None:
            if self._writing:
                self._copy(f"{SWAPPING}-{len(self.moments[self._writing])}", self._writing)
            real(storage, old, new)

        patched.setattr(faults, "reached", self._reached)
        patched.setattr(Storage, "rename", rename)

    def _reached(self, point: str, table: str = "") -> None:
        if not table:
            self.run_points.append(point)
            return
        self._copy(point, table)
        self._writing = table if point == "before_commit" else ""
        log = self.root / table / "_delta_log"
        if point == "after_commit" and log.is_dir():
            self._copy(WRITTEN, table)
            written = self.folder / WRITTEN / table / "_delta_log"
            shutil.rmtree(written)
            shutil.copytree(self.folder / "before_stage" / table / "_delta_log", written)

    def _copy(self, moment: str, table: str) -> None:
        self.moments.setdefault(table, []).append(moment)
        _copy(self.root, self.folder / moment, table)

    def swaps(self, table: str) -> list[str]:
        """The moments within the swap of a Parquet table."""
        return [moment for moment in self.moments[table] if moment.startswith(SWAPPING)]

    def deaths(self, kinds: Sequence[str]) -> Iterator[dict[str, str]]:
        """States in which every table stands at one of these kinds of moments, in turn, so that each meets each.

        A kill leaves the tables of a layer so, which are written side by side; kills of one try after the other leave
        the layers so. Where the kind is a swap, each table takes another moment of it.
        """
        for turn in range(len(kinds)):
            state = {}
            for number, table in enumerate(self.moments):
                kind, swaps = kinds[(number + turn) % len(kinds)], self.swaps(table)
                state[table] = swaps[(3 * turn + number) % len(swaps)] if kind == SWAPPING else kind
            yield state

    def compose(self, before: Path, state: Mapping[str, str], root: Path) -> Path:
        """A root as a kill leaves it: `before`, and each table at its moment."""
        shutil.copytree(before, root, ignore=_without_leases)
        for table, moment in state.items():
            shutil.rmtree(root / table, ignore_errors=True)
            _copy(self.folder / moment, root, table)
        return root


def _copy(source: Path, target: Path, table: str) -> None:
    for path in (source / table, *(source / "_staging").glob(f"*-{table.replace('/', '-')}")):
        if path.is_dir():
            shutil.copytree(path, target / path.relative_to(source), dirs_exist_ok=True)


def _without_leases(folder: str, names: list[str]) -> list[str]:
    """Who holds what is a matter of processes: tested with processes."""
    return [name for name in names if name == "leases" and folder.endswith("/ops")]
