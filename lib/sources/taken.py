"""The watermark of a folder of files: each is taken once, by the night that met it first (conf: `read: new`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import Factory, frozen

from lib.config import Source
from lib.errors import Unavailable, UsageError
from lib.run.window import Window
from lib.sources.storage import SourceFile

_SOME = 3


@frozen
class Delivery:
    """A file as it was when the run of `night` took it: another size or time of change makes it a new delivery."""

    size: int
    changed_at: int
    night: Window


@frozen
class Taken:
    """Every file that a table holds, and which night brought it."""

    deliveries: Mapping[str, Delivery] = Factory(dict)

    @classmethod
    def of(cls, stored: Sequence[Mapping[str, Any]]) -> Taken:
        """From the form of `as_json`."""
        found: dict[str, Delivery] = {}
        for night in stored:
            window = Window(date.fromisoformat(night["start"]), date.fromisoformat(night["end"]))
            found |= {path: Delivery(size, changed, window) for path, (size, changed) in night["files"].items()}
        return cls(found)

    def as_json(self) -> list[dict[str, Any]]:
        """By night: its files with size and time of change (milliseconds since 1970)."""
        nights: dict[Window, dict[str, list[int]]] = {}
        for path, file in sorted(self.deliveries.items()):
            nights.setdefault(file.night, {})[path] = [file.size, file.changed_at]
        ordered = sorted(nights.items(), key=lambda night: (night[0].start, night[0].end))
        return [{"start": str(window.start), "end": str(window.end), "files": files} for window, files in ordered]

    def files_of(self, there: Sequence[SourceFile], window: Window, name: str, source: Source) -> list[SourceFile]:
        """What a run of these dates reads: files that nobody has taken yet, and those that it took itself before.

        Raises where it cannot have all of the latter: bronze of its dates would lose their rows.
        """
        own = {path: file for path, file in self.deliveries.items() if _share_a_date(file.night, window)}
        if wider := [file.night for file in own.values() if not _within(file.night, window)]:
            together = Window(min(night.start for night in wider), max(night.end for night in wider))
            raise UsageError(
                f"Files of `{name}` were taken by a run of {together}; {window} alone cannot take them again",
                where=source.path,
                todo=f"run {together} together; or `conform` and `metrics` for {window}, which read bronze",
            )
        if gone := sorted(own.keys() - {file.path for file in there}):
            raise Unavailable(
                f"{len(gone)} files of `{name}` that a run of {window} took are no longer there",
                where=", ".join(gone[:_SOME]) + (", ..." if len(gone) > _SOME else ""),
                todo="put them back; or run `conform` and `metrics`, which read bronze: it still holds their rows",
            )
        return [file for file in there if file.path in own or self._is_new(file)]

    def _is_new(self, file: SourceFile) -> bool:
        held = self.deliveries.get(file.path)
        return held is None or (held.size, held.changed_at) != (file.size, file.changed_at)

    def after(
        self, taken: Sequence[SourceFile], there: Sequence[SourceFile], window: Window, keep_days: int | None
    ) -> Taken:
        """Once the run of these dates has taken these files.

        A file that is gone is remembered for `keep_days` before the newest night (None: for ever), as long as bronze
        holds its rows.
        """
        now = {file.path: Delivery(file.size, file.changed_at, window) for file in taken}
        known = {**self.deliveries, **now}
        names = {file.path for file in there}
        newest = max((file.night.end for file in known.values()), default=window.end)
        oldest = newest - timedelta(days=keep_days) if keep_days is not None else date.min
        return Taken({path: file for path, file in known.items() if path in names or file.night.end > oldest})


def _share_a_date(night: Window, window: Window) -> bool:
    return night.start < window.end and window.start < night.end


def _within(night: Window, window: Window) -> bool:
    return window.start <= night.start and night.end <= window.end
