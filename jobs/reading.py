"""What the jobs of a run read from its tables: bronze, typed and counted as it comes in, and what was published."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import ORDERS, Contract
from lib.datasets.rules import ROW_RULES
from lib.errors import Unavailable
from lib.quality import rules_of
from lib.quality.judge import Counts
from lib.run.run import Run
from lib.transform import order_lines
from lib.transform.prepare import typed_rows


def read_bronze(run: Run, contract: Contract) -> tuple[DataFrame, DataFrame, Counts]:
    """The newest snapshot in bronze, as it is and typed, and the counters of what comes in and what repeats."""
    bronze = bronze_of(run, contract).where(F.col(contract.partition_by[0]) == F.lit(run.window.last))
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
