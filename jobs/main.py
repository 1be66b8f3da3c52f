"""The click command line: every job, its options, and how a run ends (exit code, last line on standard output)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from jobs.ending import guarded, not_in_the_future
from jobs.options import RunOptions, date_options, dates_of, env_options, normalise_options, run_options
from jobs.upkeep import erase, export, maintain
from lib.config import load_config
from lib.errors import UsageError, one_line
from lib.run.terminal import Terminal
from lib.session import conf_folder
from lib.version import code_version

if TYPE_CHECKING:
    from jobs.normalise import Files
    from lib.normalise.table import Asked
    from lib.run.run import Run

DATASETS = click.Choice(["orders", "catalog", "customers", "inventory"])
_DAY = click.DateTime(["%Y-%m-%d"])
MARTS = click.Choice(["city_category_metrics", "city_metrics", "category_metrics", "national_metrics"])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(code_version(), message="dabba %(version)s")
def cli() -> None:
    """dabba: nightly Spark jobs for Indian retailers.

    Extract orders, catalogue, customers and inventory; clean them; publish city x category metrics as Delta tables.

    \b
    Try:   ./spark-submit.sh sample
           ./spark-submit.sh daily --start 2025-10-17 --end 2025-10-22
    """


for command in (maintain, erase, export):
    cli.add_command(command)


@cli.command()
@run_options
def daily(options: RunOptions) -> None:
    """The whole night: extract, conform, metrics, publish, report.

    \b
    ./spark-submit.sh daily --date 2025-10-20
    ./spark-submit.sh daily --env /etc/dabba/shop.yaml --start 2025-10-01 --end 2025-11-01
    ./spark-submit.sh daily --date 2025-10-20 --set quality.default_gate.max_refused_share=0.1
    """
    from jobs.daily import daily as job

    _run("daily", options, job)


@cli.command()
@click.argument("dataset", type=DATASETS, required=False)
@run_options
def extract(dataset: str | None, options: RunOptions) -> None:
    """One source (or all) into bronze, unchanged.

    \b
    ./spark-submit.sh extract orders --date 2025-10-20
    """
    from jobs.conform import datasets
    from jobs.extract import extract as job

    _run("extract", options, lambda run: job(run, datasets(run, dataset)))


@cli.command()
@click.argument("dataset", type=DATASETS, required=False)
@run_options
def conform(dataset: str | None, options: RunOptions) -> None:
    """Bronze to silver: types, latest row per key, rules, quarantine, gate.

    \b
    ./spark-submit.sh conform --date 2025-10-20
    """
    from jobs.conform import conform_and_publish, datasets

    _run("conform", options, lambda run: conform_and_publish(run, datasets(run, dataset)))


@cli.command()
@run_options
def replay(options: RunOptions) -> None:
    """Quarantined rows again, from bronze, after a rule or a vocabulary was mended; quarantine marks the resolved ones.

    Where the mapping of a source (sources.NAME.columns) was mended, run `daily` again: bronze is made by it.

    \b
    ./spark-submit.sh replay --date 2025-10-20
    """
    from jobs.replay import replay as job

    _run("replay", options, job)


@cli.command()
@click.argument("mart", type=MARTS, required=False)
@run_options
def metrics(mart: str | None, options: RunOptions) -> None:
    """Silver to gold: city x category metrics and their roll-ups.

    \b
    ./spark-submit.sh metrics city_category_metrics --start 2025-10-17 --end 2025-10-22
    """
    from jobs.metrics import measure, publish_gold, published_lines
    from lib.datasets import GOLD

    marts = tuple(contract for contract in GOLD if mart in (None, contract.name))

    def job(run: Run) -> None:
        dates = run.window.dates
        publish_gold(run, measure(run, published_lines(run), dates), dates, marts)

    _run("metrics", options, job)


@cli.command()
@date_options
def check(options: RunOptions) -> None:
    """Preflight: conf valid, sources answer, tables writable, reference tables cover the dates. Changes nothing.

    \b
    ./spark-submit.sh check --env prod --date 2025-10-20
    """
    _run("check", evolve(options, dry_run=True), None)


@cli.command()
@env_options
@click.option("--limit", default=20, show_default=True, help="How many runs, newest first.")
def runs(env: str, settings: tuple[str, ...], limit: int) -> None:
    """The ledger: which runs published what, newest first.

    \b
    ./spark-submit.sh runs --limit 5
    """
    from jobs.runs import show_runs

    guarded(lambda: show_runs(load_config(conf_folder(), env, settings), limit))


@cli.command()
@click.option("--output", type=click.Path(path_type=Path), default=None, help="Folder to write to [data/sample].")
@click.option("--lines", default=20_000, show_default=True, help="Order lines.")
@click.option("--start", type=_DAY, metavar="YYYY-MM-DD", default="2025-10-17", show_default=True, help="First date.")
@click.option("--end", type=_DAY, metavar="YYYY-MM-DD", default="2025-10-22", show_default=True, help="Exclusive.")
@click.option("--seed", default=20_251_017, show_default=True, help="The same seed gives the same bytes.")
@click.option("--large", is_flag=True, help="Generate with Spark, as Parquet: tens of millions of lines.")
def sample(output: Path | None, lines: int, start: datetime, end: datetime, seed: int, large: bool) -> None:
    """Seeded sample data of a fictional retailer, messy in stated proportions, with its exact truth beside it.

    \b
    ./spark-submit.sh sample
    ./spark-submit.sh sample --lines 10000000 --large --output /data/sample10m
    """
    from jobs.sample import make_sample

    guarded(lambda: make_sample(output, lines, start.date(), end.date(), seed, large))


@cli.command()
@env_options
@normalise_options
def normalise(env: str, settings: tuple[str, ...], files: Files, asked: Asked) -> None:
    """Clean a list of people: phones, names, addresses, places and identifiers of any table, beside the raw columns.

    \b
    ./spark-submit.sh normalise --input customers.csv --name name --phone mobile --pincode pin --output clean
    ./spark-submit.sh normalise --input crm/ --input-format parquet --address addr --id gstin=GSTIN --output clean
    """
    from jobs.normalise import normalise as job

    guarded(lambda: job(load_config(conf_folder(), env, settings), files, asked))


def _run(name: str, options: RunOptions, job: Callable[[Run], object] | None) -> None:
    """Load the configuration (no Spark needed to find mistakes), then run the job and close it properly."""

    def body() -> dict[str, Any]:
        window = dates_of(options)
        not_in_the_future(window.last)
        config = load_config(conf_folder(), options.env, options.settings)
        if len(window.dates) > config.limits.max_dates:
            raise UsageError(
                f"{len(window.dates)} dates at once; limits.max_dates is {config.limits.max_dates}",
                todo="run a shorter range, or --set limits.max_dates=...",
            )
        from jobs.lifecycle import execute, preflight
        from lib.quality import rules_of

        for source in config.sources.given():
            rules_of(config, source)
        if options.dry_run or job is None:
            return preflight(name, window, config)
        return execute(name, window, config, options.run_id, job)

    guarded(body)


def main() -> None:
    """Entry point of `dabba` and of spark-submit."""
    try:
        cli.main(prog_name="spark-submit.sh", standalone_mode=False)
    except click.ClickException as error:
        ctx = error.ctx if isinstance(error, click.UsageError) else None
        usage = f"{ctx.get_usage()}\nTry '{ctx.command_path} --help' for help.\n\n" if ctx else ""
        click.echo(f"{usage}Error: {one_line(error.format_message())}", err=True)
        Terminal().close({"status": "failed", "exit_code": 2, "message": error.format_message()})
        sys.exit(2)
    except click.Abort:
        sys.exit(1)


if __name__ == "__main__":
    main()
