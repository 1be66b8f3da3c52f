"""conform: bronze -> silver; every row typed, the latest of its key, judged by the rules; nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from attrs import frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.conform_orders import conform_orders, merge_orders, order_dates
from jobs.reading import published, read_bronze
from lib.datasets import (
    CATALOG,
    CUSTOMER_VERSIONS,
    CUSTOMERS,
    INVENTORY,
    INVENTORY_SNAPSHOT,
    ORDER_LINES,
    PRODUCT_VERSIONS,
    PRODUCTS,
    SOURCES,
    Contract,
)
from lib.errors import UsageError
from lib.normalise.lookups import Lookups
from lib.quality.judge import Conformed, judge, meet_gate, put_aside
from lib.run.run import Run
from lib.run.store import Scope
from lib.transform import customers as customer
from lib.transform import inventory
from lib.transform.prepare import latest_rows
from lib.transform.products import conform_products, latest_products, product_history, products_told


@frozen
class ByKey:
    """A table that is changed by key: its rows as they follow from the version `seen`, and how to make others."""

    rows: DataFrame
    seen: int | None
    make: Callable[[DataFrame | None], DataFrame]

    @classmethod
    def of(cls, run: Run, contract: Contract, make: Callable[[DataFrame | None], DataFrame]) -> ByKey:
        """The rows (cached) that `make` makes of what the table holds now."""
        seen = run.store.version(contract.path)
        return cls(run.cache(make(run.store.read(contract.path, seen))), seen, make)

    def after(self, before: DataFrame | None, version: int | None) -> DataFrame:
        """The rows again; made anew where another run has changed the table meanwhile."""
        unchanged = version == self.seen and (version is not None or before is None)
        return self.rows if unchanged else self.make(before)


@frozen
class Silver:
    """What a run will publish to silver, by table, and the datasets that it comes from."""

    parts: tuple[Conformed, ...]
    tables: Mapping[Contract, DataFrame | ByKey]
    nights: list[date]  # the run's dates
    dates: list[date]  # of order lines: those, and the ones that late lines re-open

    @property
    def order_lines(self) -> DataFrame:
        """The accepted order lines of `dates`."""
        lines = self.tables[ORDER_LINES]
        return lines.rows if isinstance(lines, ByKey) else lines

    def scope_of(self, contract: Contract) -> Scope:
        """The partitions of a table that are replaced."""
        return {contract.partition_by[0]: self.dates if contract is ORDER_LINES else self.nights}


def conform(run: Run, names: list[str], *, replayed: bool = False) -> Silver:
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
        tables: dict[Contract, DataFrame | ByKey] = {}
        if "catalog" in parts:
            told = parts["catalog"].accepted
            tables[PRODUCTS] = ByKey.of(run, PRODUCTS, partial(latest_products, told))
            tables[PRODUCT_VERSIONS] = ByKey.of(run, PRODUCT_VERSIONS, partial(product_history, told))
        if "customers" in parts:
            versions = partial(customer.customer_history, parts["customers"].accepted, window=run.window)
            tables[CUSTOMER_VERSIONS] = ByKey.of(run, CUSTOMER_VERSIONS, versions)
        if "inventory" in parts:
            tables[INVENTORY_SNAPSHOT] = stock_by_day(run, parts["inventory"])
        dates = run.window.dates
        if "orders" in names:
            scope = order_dates(run)
            known = [rows_of(run, tables, contract) for contract in (PRODUCTS, CUSTOMER_VERSIONS, INVENTORY_SNAPSHOT)]
            parts["orders"] = conform_orders(run, scope, lookups.places, *known)
            tables[ORDER_LINES], dates = merge_orders(run, scope, parts["orders"])
    silver = Silver(tuple(parts.values()), tables, run.window.dates, dates)
    meet_gate(run, silver.parts, replayed=replayed)
    return silver


def conform_and_publish(run: Run, names: list[str]) -> None:
    """The job `conform`: bronze of the run's dates to quarantine and silver."""
    silver = conform(run, names)
    put_aside(run, silver.parts)
    publish_silver(run, silver)


def rows_of(run: Run, tables: Mapping[Contract, DataFrame | ByKey], contract: Contract) -> DataFrame:
    """A table as this run will publish it; or, where it does not, as it is (stock: of the run's dates)."""
    table = tables.get(contract)
    if table is None:
        held = published(run, contract)
        return held.where(F.col("snapshot_date").isin(*run.window.dates)) if contract is INVENTORY_SNAPSHOT else held
    return table.rows if isinstance(table, ByKey) else table


def stock_by_day(run: Run, part: Conformed) -> DataFrame:
    """Silver inventory: this run's events as the state of each day."""
    stale_after = run.config.business.stock.stale_after_days
    events = part.accepted
    if run.config.sources.given()[INVENTORY.name].read == "new":
        before = published(run, INVENTORY_SNAPSHOT).where(F.col("snapshot_date") < F.lit(run.window.start))
        newest = before.agg(F.max("snapshot_date")).first()
        events = inventory.with_state(events, before.where(F.col("snapshot_date") == F.lit(newest and newest[0])))
    return run.cache(inventory.daily_snapshots(events, run.window, stale_after_days=stale_after))


def conform_catalog(run: Run) -> Conformed:
    """Products: typed -> the latest version (of changes: every one) -> tidy, category, since when -> rules."""
    bronze, typed, counts = read_bronze(run, CATALOG)
    source = run.config.sources.catalog
    key = (*CATALOG.key, "updated_at") if source is not None and source.changes is not None else CATALOG.key
    rows = (
        latest_rows(typed, CATALOG, counts.duplicates, key=key)
        .transform(conform_products, run.config.business)
        .transform(products_told, run.window)
    )
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


def publish_silver(run: Run, silver: Silver) -> None:
    """Replace the dates of the tables that are kept by date; change the others by key, where they differ."""
    with run.stage("silver", ", ".join(contract.name for contract in silver.tables)):
        run.side_by_side(
            *[
                partial(run.merge, rows.after, contract)
                if isinstance(rows, ByKey)
                else partial(run.replace, rows, contract, silver.scope_of(contract))
                for contract, rows in silver.tables.items()
            ]
        )


def datasets(run: Run, chosen: str | None) -> list[str]:
    """The dataset asked for, or all that conf gives."""
    given = [name for name in SOURCES if name in run.config.sources.given()]
    if chosen is not None and chosen not in given:
        raise UsageError(f"The configuration has no source `{chosen}`", todo=f"it has: {', '.join(given)}")
    return [chosen] if chosen else given
