"""The options that jobs share, and what dates they mean."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import click
from attrs import fields, frozen

from lib.errors import UsageError
from lib.run.window import Window


@frozen
class RunOptions:
    """What a user said on the command line."""

    env: str
    settings: tuple[str, ...]
    date: dt.date | None
    start: dt.date | None
    end: dt.date | None
    data_interval_start: dt.datetime | None
    data_interval_end: dt.datetime | None
    run_id: str | None = None
    dry_run: bool = False


class _Day(click.ParamType[dt.date]):
    name = "yyyy-mm-dd"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date: write it as 2025-10-20", param, ctx)


class _Instant(click.ParamType[dt.datetime]):
    name = "iso-instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            instant = dt.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        except ValueError:
            self.fail(f"{value!r} is not an ISO instant: write it as 2025-10-19T18:30:00+00:00", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value!r} has no time zone: add Z or +05:30", param, ctx)
        return instant


class _Pair(click.ParamType[tuple[str, str]]):
    name = "key=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        key, equals, rest = str(value).partition("=")
        if not key or not equals or not rest:
            self.fail(f"{value!r} is not KEY=VALUE", param, ctx)
        return key.strip(), rest


class _RunId(click.ParamType[str]):
    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        # It becomes names of files, and words in logs.
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,199}", str(value)):
            allowed = "letters, digits and . _ : + - after a letter or digit, at most 200"
            self.fail(f"{str(value)[:60]!r} is not a run id: {allowed}", param, ctx)
        return str(value)


_ENV = (
    click.option(
        "--env", envvar="DABBA_ENV", default="local", show_default=True, help="A name in conf/, or a YAML file."
    ),
    click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Override one key; may be repeated."),
)
_DATES = (
    click.option("--date", type=_Day(), help="One business date (Asia/Kolkata)."),
    click.option("--start", type=_Day(), help="First business date of a range."),
    click.option("--end", type=_Day(), help="The day after the last one."),
    click.option("--data-interval-start", type=_Instant(), help="From an orchestrator, with --data-interval-end."),
    click.option("--data-interval-end", type=_Instant(), help="Exclusive; the dates that begin within are run."),
)
_RUN = (
    click.option("--run-id", type=_RunId(), help="The orchestrator's own id of the run."),
    click.option("--dry-run", is_flag=True, help="Check everything that can be checked, and change nothing."),
)
_FORMAT = click.Choice(["csv", "json", "parquet", "delta"])
_NORMALISE = (
    click.option("--input", required=True, metavar="PATH", help="A file, a folder or a glob, on any storage."),
    click.option("--input-format", type=_FORMAT, default="csv", show_default=True),
    click.option(
        "--input-option",
        "input_options",
        type=_Pair(),
        multiple=True,
        help="Spark's option of the reader (encoding=windows-1252, sep=;); may be repeated.",
    ),
    click.option("--phone", multiple=True, metavar="COL", help="Telephone numbers; may be repeated."),
    click.option("--name", multiple=True, metavar="COL", help="Names of people or firms; may be repeated."),
    click.option("--address", multiple=True, metavar="COL", help="Addresses in one text; may be repeated."),
    click.option("--city", metavar="COL", help="City or town."),
    click.option("--state", metavar="COL", help="State, by name or code."),
    click.option("--pincode", metavar="COL", help="PIN code."),
    click.option("--district", metavar="COL", help="District."),
    click.option(
        "--id",
        "identifiers",
        type=_Pair(),
        multiple=True,
        metavar="KIND=COL",
        help="pan, gstin, aadhaar, ifsc, upi, fssai, vehicle, digipin, email or account; may be repeated.",
    ),
    click.option("--output", required=True, metavar="DIR", help="A folder of your own."),
    click.option("--output-format", type=_FORMAT, default="csv", show_default=True),
    click.option("--overwrite", is_flag=True, help="Replace what the output folder holds."),
)


def env_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--env and --set."""
    for option in reversed(_ENV):
        command = option(command)
    return command


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every job that has dates and changes something, handed over as one `options`."""
    return _gathered(command, (*_ENV, *_DATES, *_RUN))


def date_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Those of a job that has dates and changes nothing."""
    return _gathered(command, (*_ENV, *_DATES))


def _gathered(command: Callable[..., Any], options: Sequence[Callable[..., Any]]) -> Callable[..., Any]:
    @functools.wraps(command)
    def gathered(**values: Any) -> Any:
        names = {field.name for field in fields(RunOptions)}
        own = {key: values.pop(key) for key in list(values) if key in names}
        return command(options=RunOptions(**own), **values)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


def normalise_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `normalise`, handed over as `files` and `asked`."""

    @functools.wraps(command)
    def gathered(**values: Any) -> Any:
        from jobs.normalise import Files
        from lib.normalise.table import Asked

        files = {field.name: values.pop(field.name) for field in fields(Files)}
        asked = {field.name: values.pop(field.name) for field in fields(Asked)}
        files["input_options"] = dict(files["input_options"])
        return command(files=Files(**files), asked=Asked(**asked), **values)

    for option in reversed(_NORMALISE):
        gathered = option(gathered)
    return gathered


def dates_of(options: RunOptions) -> Window:
    """The business dates asked for, in one of three ways; UsageError when they contradict each other or are missing."""
    interval = (options.data_interval_start, options.data_interval_end)
    ways = {
        "--date": options.date is not None,
        "--start with --end": options.start is not None or options.end is not None,
        "--data-interval-start with --data-interval-end": any(interval),
    }
    given = [way for way, used in ways.items() if used]
    if len(given) != 1:
        raise UsageError(
            f"Dates are given in {len(given)} ways" if given else "No date is given",
            todo=f"use one of: {', '.join(ways)}",
        )
    if options.date is not None:
        return Window(options.date, options.date + dt.timedelta(days=1))
    if interval[0] is not None and interval[1] is not None:
        return Window.of_instants(interval[0], interval[1])
    if options.start is None or options.end is None:
        raise UsageError(f"Half of a range is given: {given[0]} go together")
    return Window(options.start, options.end)
