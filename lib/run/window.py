"""The business dates of a run: a half-open range of calendar days in Asia/Kolkata."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from attrs import field, frozen

from lib.errors import UsageError

BUSINESS_ZONE = "Asia/Kolkata"


@frozen
class Window:
    """[start, end): `end` is the day after the last one. A day is [18:30Z the day before, 18:30Z)."""

    start: date = field()
    end: date = field()

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise UsageError(
                f"The range of dates is empty: start {self.start}, end {self.end}",
                todo="--end is exclusive: for one day use --date, or an --end that is one day later",
            )

    @classmethod
    def of_instants(cls, start: datetime, end: datetime) -> Window:
        """The business dates that begin within an orchestrator's data interval [start, end)."""
        first, last = (_date_of(instant) for instant in (start, end))
        if _start_of(first) < start:
            first += timedelta(days=1)
        if _start_of(last) < end:
            last += timedelta(days=1)
        # An interval within one day (a manual run's may have no length) means the day that it ends in.
        return cls(first, last) if last > first else cls(_date_of(end), _date_of(end) + timedelta(days=1))

    @property
    def dates(self) -> list[date]:
        """Every business date, in order."""
        return [self.start + timedelta(days=number) for number in range((self.end - self.start).days)]

    @property
    def last(self) -> date:
        """The last business date; snapshots of a run carry it."""
        return self.end - timedelta(days=1)

    @property
    def start_instant(self) -> datetime:
        """When the first day starts, UTC."""
        return _start_of(self.start)

    @property
    def end_instant(self) -> datetime:
        """When the last day ends (exclusive), UTC."""
        return _start_of(self.end)

    def __str__(self) -> str:
        return str(self.start) if len(self.dates) == 1 else f"{self.start} .. {self.last}"


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(BUSINESS_ZONE)).astimezone(timezone.utc)


def _date_of(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(BUSINESS_ZONE)).date()


def sql_instant(instant: datetime) -> str:
    """The instant as a Spark SQL literal in the session's zone (UTC)."""
    return f"TIMESTAMP '{instant.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}'"
