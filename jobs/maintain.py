"""maintain: old dates dropped, small files compacted, dead files deleted; told first, done with --apply alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lib.datasets import ALL
from lib.errors import Refused
from lib.run.run import Run
from lib.run.store import Published
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import File
from lib.tables.leftovers import Leftover, leftovers, sweep
from lib.tables.log import own_version_since
from lib.tables.night import Night, nights_since
from lib.tables.upkeep import SAFE_HOURS, Care, Work, look_after, work_at


def maintain(run: Run, *, apply: bool, force: bool) -> None:
    """Look at every table, tell what there is to do, and do it if told to. Nights that must stay readable do."""
    care = Care(run.config.maintain, run.window.last, run.started_at, force)
    with run.stage("look", run.config.tables.root):
        nights = nights_to_keep(run)
        work = [found for found in (work_at(run.store, contract, care, nights) for contract in ALL) if found.is_due]
        left = leftovers(run.store, care)
    _show(run, work, left, apply)
    problem = None if force else _too_early(run, work)
    if problem is not None and apply:
        raise problem
    if problem is not None:
        run.terminal.note(f"\n--apply would be refused: {problem}")
    if apply:
        for one in work:
            with run.stage("maintain", one.contract.path):
                run.report.findings += look_after(run.store, one, care, run.id)
                tell_version(run, one.contract.path, nights)
        for found in left:
            sweep(run.store, found)


def nights_to_keep(run: Run) -> list[Night]:
    """The nights of the last days, and the latest one."""
    if not isinstance(run.store, DeltaStore):
        return []
    return nights_since(run.store, run.started_at - timedelta(days=run.config.maintain.keep_reports_days))


def tell_version(run: Run, table: str, nights: Sequence[Night], rows: int = 0) -> None:
    """Name the table's version in the report, so that the night is read there from now on.

    Not where a run that has not ended yet wrote in between: its rows belong to a night that is not complete.
    """
    if isinstance(run.store, DeltaStore) and nights and table in nights[-1].versions:
        version = own_version_since(run.store.storage, table, nights[-1].versions[table], run.id)
        if version is not None:
            run.report.enter(Published(table, run.store.at(table), version, rows))


def _too_early(run: Run, work: Sequence[Work]) -> Refused | None:
    """Why files that are dead by now may not be deleted yet."""
    hours = run.config.maintain.vacuum_hours
    if hours < SAFE_HOURS and any(one.dead for one in work):
        return Refused(
            f"Files that no version names are deleted after {hours} hours; below {SAFE_HOURS} a run at work may lose "
            "files that it has not committed yet",
            where="maintain.vacuum_hours",
            todo=f"set it to {SAFE_HOURS} or more; or, while nothing runs, repeat with --force",
        )
    needed = {one.contract.path: one.needed_by for one in work if one.needed_by}
    if needed:
        return Refused(
            "Nights that were published lately, or the latest one, would no longer be readable",
            where="; ".join(f"{table}: run {run_id}" for table, run_id in needed.items()),
            todo="raise maintain.vacuum_hours, lower maintain.keep_reports_days, or repeat with --force",
        )
    return None


def _show(run: Run, work: Sequence[Work], left: Sequence[Leftover], apply: bool) -> None:
    """What there is to do, a line for each step."""
    rows: list[tuple[object, ...]] = []
    for one in work:
        steps = (("drop old dates", one.expired), ("compact", one.small), ("delete dead files", one.dead))
        rows += [(one.contract.path, step, *_told(files)) for step, files in steps if files]
    rows += [(found.path, "sweep", found.files, found.bytes, "") for found in left]
    title = "Maintenance" if apply else "Maintenance, dry run: nothing changes without --apply"
    if rows:
        run.terminal.table(title, ("table", "what", "files", "bytes", "dates"), rows)
    else:
        run.terminal.note(f"{title}; there is nothing to do")


def _told(files: Sequence[File]) -> tuple[int, int, str]:
    dates = sorted({str(file.day) for file in files if file.day is not None})
    span = "" if not dates else dates[0] if len(dates) == 1 else f"{dates[0]} .. {dates[-1]} ({len(dates)})"
    return len(files), sum(file.bytes for file in files), span
