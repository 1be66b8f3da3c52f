"""The commands that look after tables and after the people in them: maintain, erase, export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import click

from jobs.ending import guarded, not_in_the_future
from jobs.options import env_options
from lib.config import Config, load_config
from lib.run.run import Run
from lib.run.window import BUSINESS_ZONE, Window
from lib.session import conf_folder

_DAY = click.DateTime(["%Y-%m-%d"])
_CUSTOMER = click.option("--customer-id", required=True, metavar="ID", help="The customer's number in the sources.")
# What they hold, not dates: a night goes on beside them. Who erases changes tables, and what others export.
_TABLES, _PEOPLE = "the maintenance of tables", "personal data"
_RUN_ID = click.option("--run-id", help="The orchestrator's own id of the run.")


@click.command()
@env_options
@_RUN_ID
@click.option("--apply", is_flag=True, help="Do it; without it, only tell what would be done.")
@click.option("--force", is_flag=True, help="Delete dead files even where a published night still needs them.")
@click.option("--as-of", type=_DAY, metavar="YYYY-MM-DD", help="Count dates back from this day [today].")
def maintain(
    env: str, settings: tuple[str, ...], run_id: str | None, apply: bool, force: bool, as_of: dt.datetime | None
) -> None:
    """Drop old dates, compact small files, delete dead files. A dry run unless told to --apply.

    \b
    ./spark-submit.sh maintain
    ./spark-submit.sh maintain --apply
    ./spark-submit.sh maintain --set maintain.retention_days.bronze=30 --as-of 2025-11-01
    """
    from jobs.maintain import maintain as job

    holds = (_TABLES,)
    _run("maintain", env, settings, run_id, apply, holds, lambda run: job(run, apply=apply, force=force), as_of)


@click.command()
@env_options
@_RUN_ID
@_CUSTOMER
@click.option("--reason", default="", help="Kept in the audit table; write nothing personal into it.")
@click.option("--apply", is_flag=True, help="Do it; without it, only tell what is held.")
@click.option("--purge", is_flag=True, help="Also delete the old files at once; readers of older versions fail.")
def erase(
    env: str, settings: tuple[str, ...], run_id: str | None, customer_id: str, reason: str, apply: bool, purge: bool
) -> None:
    """One customer out of every table (DPDP Act 2023), with an audit row. A dry run unless told to --apply.

    \b
    ./spark-submit.sh erase --customer-id C000123
    ./spark-submit.sh erase --customer-id C000123 --reason "request 2025-118" --apply --purge
    """
    from jobs.person import erase as job

    _run(
        *("erase", env, settings, run_id, apply, (_TABLES, _PEOPLE)),
        lambda run: job(run, customer_id, reason, apply=apply, purge=purge),
    )


@click.command()
@env_options
@_RUN_ID
@_CUSTOMER
@click.option("--reason", default="", help="Kept in the audit table; write nothing personal into it.")
@click.option("--output", required=True, metavar="DIR", help="An empty folder; one file of JSON lines for each table.")
def export(env: str, settings: tuple[str, ...], run_id: str | None, customer_id: str, reason: str, output: str) -> None:
    """Everything that is held of one customer (DPDP Act 2023), as JSON lines, with an audit row.

    \b
    ./spark-submit.sh export --customer-id C000123 --output /secure/C000123
    """
    from jobs.person import export as job

    _run("export", env, settings, run_id, True, (_PEOPLE,), lambda run: job(run, customer_id, reason, output))


def _run(
    name: str,
    env: str,
    settings: tuple[str, ...],
    run_id: str | None,
    apply: bool,
    holds: tuple[str, ...],
    job: Callable[[Run], object],
    as_of: dt.datetime | None = None,
) -> None:
    """The configuration, then the job: as a run with ledger and report, or as a rehearsal that changes nothing."""

    def body() -> dict[str, Any]:
        day = as_of.date() if as_of is not None else dt.datetime.now(ZoneInfo(BUSINESS_ZONE)).date()
        not_in_the_future(day)
        config: Config = load_config(conf_folder(), env, settings)
        from jobs.lifecycle import execute, rehearse

        window = Window(day, day + dt.timedelta(days=1))
        return execute(name, window, config, run_id, job, holds) if apply else rehearse(name, window, config, job)

    guarded(body)
