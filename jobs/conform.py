"""conform: bronze -> silver; every row typed, the latest of its key, judged by the rules; nothing lost on the way."""

from __future__ import annotations

from functools import partial

from attrs import frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.datasets import (
    CATALOG,
    CUSTOMER_VERSIONS,
    CUSTOMERS,
    INVENTORY,
    INVENTORY_SNAPSHOT,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    SOURCES,
    Contract,
)
from lib.datasets.rules import ROW_RULES, rule_column
from lib.errors import Unavailable, UsageError
from lib.normalise.lookups import Lookups
from lib.normalise.place import PlaceTables
from lib.quality import rules_of
from lib.quality.judge import Conformed, Counts, judge, meet_gate, put_aside
from lib.run.run import Run
from lib.transform import customers as customer
from lib.transform import inventory, order_lines
from lib.transform.prepare import latest_rows, typed_rows
from lib.transform.products import conform_products


@frozen
class Silver:
    """What a run will publish to silver, by table name, and the datasets that it comes from."""

    parts: tuple[Conformed, ...]
    tables: dict[str, tuple[Contract, DataFrame]]

    @property
    def order_lines(self) -> DataFrame:
        """The accepted order lines of the run's dates."""
        return self.tables[ORDER_LINES.name][1]


def conform(run: Run, names: list[str]) -> Silver:
    """Conform the datasets (orders last: they need the others), then meet the gate."""
    lookups = Lookups.of(run.config)
    dimensions = {
        "catalog": lambda: conform_catalog(run),
        "customers": lambda: conform_customers(run, lookups),
        "inventory": lambda: conform_inventory(run),
    }
    chosen = [name for name in names if name in dimensions]
    with run.stage("conform", ", ".join(names)):
        parts = dict(zip(chosen, run.side_by_side(*[dimensions[name] for name in chosen]), strict=True))
        products = products_of(run, parts.get("catalog"))
        history = history_of(run, parts.get("customers"))
        stock = stock_of(run, parts.get("inventory"))
        tables = {
            "catalog": (PRODUCTS, products),
            "customers": (CUSTOMER_VERSIONS, history),
            "inventory": (INVENTORY_SNAPSHOT, stock),
        }
        if "orders" in names:
            parts["orders"] = conform_orders(run, lookups.places, products, history, stock)
            tables["orders"] = (ORDER_LINES, parts["orders"].accepted.select(*ORDER_LINES.names))
    silver = Silver(tuple(parts.values()), {tables[name][0].name: tables[name] for name in parts})
    meet_gate(run, silver.parts)
    return silver


def conform_and_publish(run: Run, names: list[str]) -> None:
    """The job `conform`: bronze of the run's dates to quarantine and silver."""
    silver = conform(run, names)
    put_aside(run, silver.parts)
    publish_silver(run, silver)


def products_of(run: Run, part: Conformed | None) -> DataFrame:
    """Silver products: this run's, or those published."""
    return part.accepted.select(*PRODUCTS.names) if part is not None else published(run, PRODUCTS)


def history_of(run: Run, part: Conformed | None) -> DataFrame:
    """Silver customers: what was published, and this run's versions on top."""
    before = published(run, CUSTOMER_VERSIONS)
    return run.cache(customer.customer_history(part.accepted, before, run.window)) if part is not None else before


def stock_of(run: Run, part: Conformed | None) -> DataFrame:
    """Silver inventory: this run's events as the state of each day, or what was published."""
    if part is None:
        held = published(run, INVENTORY_SNAPSHOT)
        return held.where(F.col("snapshot_date").between(F.lit(run.window.start), F.lit(run.window.last)))
    stale_after = run.config.business.stock.stale_after_days
    return run.cache(inventory.daily_snapshots(part.accepted, run.window, stale_after_days=stale_after))


def published(run: Run, contract: Contract) -> DataFrame:
    """A table as it is, or an empty one: facts that nothing tells are Unknown."""
    table = run.store.read(contract.path)
    return table if table is not None else run.spark.createDataFrame([], contract.schema)


def conform_catalog(run: Run) -> Conformed:
    """Products: typed -> the latest version -> tidy, category -> rules."""
    bronze, typed, counts = read_bronze(run, CATALOG)
    rows = latest_rows(typed, CATALOG, counts.duplicates).transform(conform_products, run.config.business)
    return judge(run, CATALOG, bronze, rows, counts, PRODUCTS.names)


def conform_customers(run: Run, lookups: Lookups) -> Conformed:
    """Customers: typed -> one row per version -> place, name, phone, address, segment -> rules."""
    bronze, typed, counts = read_bronze(run, CUSTOMERS)
    rows = latest_rows(typed, CUSTOMERS, counts.duplicates).transform(
        customer.conform_customers, lookups, run.config.business.segments
    )
    told = [name for name in CUSTOMER_VERSIONS.names if name in rows.columns]
    return judge(run, CUSTOMERS, bronze, rows, counts, [*told, "warnings"])


def conform_inventory(run: Run) -> Conformed:
    """Stock events: typed -> each event once -> rules."""
    bronze, typed, counts = read_bronze(run, INVENTORY)
    rows = latest_rows(typed, INVENTORY, counts.duplicates)
    return judge(run, INVENTORY, bronze, rows, counts, [*INVENTORY.names, "warnings"])


def conform_orders(
    run: Run, places: PlaceTables, products: DataFrame, history: DataFrame, stock: DataFrame
) -> Conformed:
    """Order lines: typed -> the latest of each line -> words, place -> category, segment, stock -> amounts -> rules."""
    bronze, typed, counts = read_bronze(run, ORDERS)
    business = run.config.business
    rows = (
        latest_rows(typed, ORDERS, counts.duplicates)
        .transform(order_lines.with_vocabularies, business)
        .transform(order_lines.with_place, places)
        .transform(order_lines.with_category, products)
        .transform(order_lines.with_segment, customer.segment_at(history))
        .transform(order_lines.with_stock_status, inventory.available_by_product(stock))
        .transform(order_lines.with_amounts)
        .transform(order_lines.with_flags, business)
    )
    return judge(run, ORDERS, bronze, rows, counts, ORDER_LINES.names)


def read_bronze(run: Run, contract: Contract) -> tuple[DataFrame, DataFrame, Counts]:
    """This run's partitions of bronze, as they are and typed, and the counters of what comes in and what repeats."""
    table = run.store.read(contract.path)
    if table is None:
        raise Unavailable(
            f"There is no bronze of `{contract.name}`",
            where=run.store.at(contract.path),
            todo=f"run `extract {contract.name}` first, or `daily`",
        )
    day = F.col(contract.partition_by[0])
    last = F.lit(run.window.last)
    bronze = table.where(day.between(F.lit(run.window.start) if contract.event_time else last, last))
    used = {rule_column(rule) for rule in rules_of(run.config, contract.name) if isinstance(rule, ROW_RULES)}
    # What silver does not hold is not carried through the shuffle.
    unused = tuple(n for n in order_lines.PERSONAL if n not in used) if contract is ORDERS else ()
    counts = Counts()
    typed = typed_rows(
        bronze.observe(counts.arrived, F.count(F.lit(1)).alias("rows")),
        contract,
        run.config.sources.given()[contract.name],
        run.window,
        without=unused,
    )
    return bronze, typed, counts


def publish_silver(run: Run, silver: Silver) -> None:
    """Replace the run's dates of silver (products and customers as a whole)."""
    with run.stage("silver", ", ".join(silver.tables)):
        run.side_by_side(
            *[
                partial(
                    run.replace,
                    rows,
                    contract,
                    {contract.partition_by[0]: run.window.dates} if contract.partition_by else None,
                )
                for contract, rows in silver.tables.values()
            ]
        )


def datasets(run: Run, chosen: str | None) -> list[str]:
    """The dataset asked for, or all that conf gives."""
    given = [name for name in SOURCES if name in run.config.sources.given()]
    if chosen is not None and chosen not in given:
        raise UsageError(f"The configuration has no source `{chosen}`", todo=f"it has: {', '.join(given)}")
    return [chosen] if chosen else given
