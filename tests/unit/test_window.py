"""Business dates: half-open ranges of calendar days in Asia/Kolkata."""

from __future__ import annotations

from datetime import date, datetime, timezone
from itertools import pairwise

import pytest

from jobs.options import RunOptions, dates_of
from lib.errors import UsageError
from lib.run.window import Window, sql_instant

NO_DATES = dict.fromkeys(("date", "start", "end", "data_interval_start", "data_interval_end", "run_id"))


def utc(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def test_the_end_is_exclusive():
    window = Window(date(2025, 10, 17), date(2025, 10, 19))
    assert window.dates == [date(2025, 10, 17), date(2025, 10, 18)]
    assert window.last == date(2025, 10, 18)
    assert str(window) == "2025-10-17 .. 2025-10-18"
    assert str(Window(date(2025, 10, 17), date(2025, 10, 18))) == "2025-10-17"


def test_a_day_begins_at_half_past_six_in_the_evening_utc():
    window = Window(date(2025, 10, 17), date(2025, 10, 18))
    assert window.start_instant == utc("2025-10-16T18:30:00+00:00")
    assert window.end_instant == utc("2025-10-17T18:30:00+00:00")
    assert sql_instant(window.end_instant) == "TIMESTAMP '2025-10-17 18:30:00'"


@pytest.mark.parametrize("end", [date(2025, 10, 17), date(2025, 10, 16)])
def test_an_empty_range_is_refused_with_advice(end):
    with pytest.raises(UsageError, match="range of dates is empty") as caught:
        Window(date(2025, 10, 17), end)
    assert "--end is exclusive" in str(caught.value)
    assert caught.value.exit_code == 2


# interval start, interval end -> dates
INTERVALS = [
    # a scheduler in India: midnight to midnight
    ("2025-10-17T00:00:00+05:30", "2025-10-18T00:00:00+05:30", ["2025-10-17"]),
    ("2025-10-16T18:30:00+00:00", "2025-10-17T18:30:00+00:00", ["2025-10-17"]),
    # a scheduler in UTC: the day in India that begins within
    ("2025-10-17T00:00:00+00:00", "2025-10-18T00:00:00+00:00", ["2025-10-18"]),
    ("2025-10-17T00:00:00+05:30", "2025-10-20T00:00:00+05:30", ["2025-10-17", "2025-10-18", "2025-10-19"]),
    # a second to either side of the boundary
    ("2025-10-16T18:29:59+00:00", "2025-10-17T18:30:00+00:00", ["2025-10-17"]),
    ("2025-10-16T18:30:01+00:00", "2025-10-17T18:30:01+00:00", ["2025-10-18"]),
    # hourly, and of no length: the day that it ends in
    ("2025-10-17T08:00:00+00:00", "2025-10-17T09:00:00+00:00", ["2025-10-17"]),
    ("2025-10-17T08:00:00+05:30", "2025-10-17T08:00:00+05:30", ["2025-10-17"]),
]


@pytest.mark.parametrize(("start", "end", "expected"), INTERVALS)
def test_an_orchestrators_interval_means_the_dates_that_begin_within(start, end, expected):
    window = Window.of_instants(datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert [str(day) for day in window.dates] == expected


def test_intervals_that_follow_each_other_cover_every_date_once():
    days = [datetime(2025, 10, day, 3, 15, tzinfo=timezone.utc) for day in range(1, 30)]
    windows = [Window.of_instants(a, b) for a, b in pairwise(days)]
    covered = [day for window in windows for day in window.dates]
    assert covered == sorted(set(covered))
    assert len(covered) == len(windows)


def options(**given):
    return RunOptions(**{**NO_DATES, "env": "local", "settings": (), "dry_run": False, **given})


def test_dates_come_in_one_of_three_ways():
    day, after = date(2025, 10, 17), date(2025, 10, 18)
    begin, end = utc("2025-10-16T18:30:00+00:00"), utc("2025-10-17T18:30:00+00:00")
    instants = {"data_interval_start": begin, "data_interval_end": end}
    for given in ({"date": day}, {"start": day, "end": after}, instants):
        assert dates_of(options(**given)) == Window(day, after)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "No date is given"),
        ({"date": date(2025, 10, 17), "start": date(2025, 10, 17)}, "Dates are given in 2 ways"),
        ({"start": date(2025, 10, 17)}, "Half of a range"),
        ({"end": date(2025, 10, 17)}, "Half of a range"),
        ({"data_interval_start": utc("2025-10-16T18:30:00+00:00")}, "Half of a range"),
    ],
)
def test_contradicting_and_missing_dates(given, told):
    with pytest.raises(UsageError, match=told):
        dates_of(options(**given))
