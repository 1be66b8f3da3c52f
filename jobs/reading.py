"""What the jobs of a run read from its tables: bronze, typed and counted as it comes in, and what was published."""

from __future__ import annotations

from datetime import timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import INVENTORY, ORDERS, Contract
from lib.datasets.rules import ROW_RULES
from lib.errors import Unavailable
from lib.quality import rules_of
from lib.quality.judge import Counts
from lib.run.run import Run
from lib.run.window import sql_instant
from lib.transform import order_lines
from lib.transform.bronze import AT, with_instant
from lib.transform.prepare import typed_rows


def read_bronze(run: Run, contract: Contract) -> tuple[DataFrame, DataFrame, Counts]:
    """The newest snapshot in bronze, as it is and typed, and the counters of what comes in and what repeats.

    Of a source that is read by new files, those of all the run's dates: no snapshot of it tells everything.
    """
    source, day = run.config.sources.given()[contract.name], F.col(contract.partition_by[0])
    wanted = run.window.dates if source.read == "new" else [run.window.last]
    table = bronze_of(run, contract)
    bronze = table.where(day.isin(*wanted))
    if source.read == "new" and contract is INVENTORY:  # and events of these days that have come before
        first = run.window.start - timedelta(days=source.look_back_days)
        early = table.where(day.between(F.lit(first), F.lit(run.window.start - timedelta(days=1))))
        of_today = F.col(AT) >= F.expr(sql_instant(run.window.start_instant))
        bronze = bronze.unionByName(with_instant(early, "event_ts", source).where(of_today).drop(AT))
    counts = Counts()
    return bronze, typed_bronze(run, contract, bronze, counts), counts


def bronze_of(run: Run, contract: Contract) -> DataFrame:
    """The bronze table of a source."""
    table = run.store.read(contract.path)
    if table is None:
        raise Unavailable(
            f"There is no bronze of `{contract.name}`",
            where=run.store.at(contract.path),
            todo=f"run `extract {contract.name}` first, or `daily`",
        )
    return table


def typed_bronze(run: Run, contract: Contract, bronze: DataFrame, counts: Counts) -> DataFrame:
    """Bronze records in the types of the contract, counted as they come in."""
    # What silver does not hold and no rule speaks of, in its expression perhaps, is not carried through the shuffle.
    told = str([rule for rule in rules_of(run.config, contract.name) if isinstance(rule, ROW_RULES)])
    unused = tuple(n for n in order_lines.PERSONAL if n not in told) if contract is ORDERS else ()
    return typed_rows(
        bronze.observe(counts.arrived, F.count(F.lit(1)).alias("rows")),
        contract,
        run.config.sources.given()[contract.name],
        run.window,
        without=unused,
    )


def published(run: Run, contract: Contract) -> DataFrame:
    """A table as it is, or an empty one: facts that nothing tells are Unknown."""
    table = as_it_is(run, contract)
    return table if table is not None else run.spark.createDataFrame([], contract.schema)


def as_it_is(run: Run, contract: Contract) -> DataFrame | None:
    """A table as it stands at this moment, or None where there is none.

    By its version: a plain read follows the table, and what was cached of it is made anew once the run writes there.
    """
    return run.store.read(contract.path, run.store.version(contract.path))
