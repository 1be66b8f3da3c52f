"""conform: bronze -> silver; every row typed, the latest of its key, judged by the rules; nothing lost on the way."""

from __future__ import annotations

from attrs import frozen
from pyspark.sql import DataFrame, Observation
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
    QUARANTINE,
    SOURCES,
    Contract,
)
from lib.datasets.rules import ROW_RULES, rule_column
from lib.errors import Refused, Unavailable, UsageError
from lib.normalise.place_tables import PlaceTables
from lib.quality import (
    RowCounts,
    check_dataset,
    check_rows,
    count_rows,
    gate_of,
    gate_problems,
    good,
    quarantine_rows,
    refused,
    row_checks,
    rules_of,
)
from lib.run.accounting import Account, require_balance
from lib.run.report import Check
from lib.run.run import Run
from lib.run.store import Scope
from lib.transform import customers as customer
from lib.transform import inventory, order_lines
from lib.transform.prepare import latest_rows, typed_rows
from lib.transform.products import conform_products


@frozen
class Conformed:
    """A dataset after its rules: the checked rows (cached: silver and quarantine are both cut from them)."""

    contract: Contract
    bronze: DataFrame
    checked: DataFrame
    counts: RowCounts
    checks: tuple[Check, ...]

    @property
    def accepted(self) -> DataFrame:
        """The rows that no error rule refuses."""
        return good(self.checked)


@frozen
class Silver:
    """The silver tables of a run, before they are published."""

    products: DataFrame | None
    customers: DataFrame | None
    inventory: DataFrame | None
    order_lines: DataFrame | None
    parts: tuple[Conformed, ...]


def conform(run: Run, names: list[str]) -> Silver:
    """Conform the datasets in the order in which they need each other; put refused rows aside; meet the gate."""
    places = PlaceTables.from_mappings(run.config.places.states, run.config.places.cities)
    parts = []
    products = run.store.read(PRODUCTS.path)
    history = run.store.read(CUSTOMER_VERSIONS.path)
    stock = run.store.read(INVENTORY_SNAPSHOT.path)
    lines = None
    if "catalog" in names:
        parts.append(conform_catalog(run))
        products = parts[-1].accepted.select(*PRODUCTS.names)
    if "customers" in names:
        parts.append(conform_customers(run, places))
        history = customer.customer_history(parts[-1].accepted, history, run.window).persist()
    if "inventory" in names:
        parts.append(conform_inventory(run))
        stock = inventory.daily_snapshots(
            parts[-1].accepted, run.window, stale_after_days=run.config.business.stock.stale_after_days
        ).persist()
    if "orders" in names:
        parts.append(conform_orders(run, places, products, history, stock))
        lines = parts[-1].accepted.select(*ORDER_LINES.names)
    put_aside(run, parts)
    return Silver(
        products if "catalog" in names else None,
        history if "customers" in names else None,
        stock if "inventory" in names else None,
        lines,
        tuple(parts),
    )


def conform_catalog(run: Run) -> Conformed:
    """Products: typed -> the latest version -> tidy, category -> rules."""
    bronze, typed, duplicates = read_bronze(run, CATALOG)
    rows = latest_rows(typed, CATALOG, duplicates).transform(conform_products, run.config.business)
    return judge(run, CATALOG, bronze, rows, duplicates)


def conform_customers(run: Run, places: PlaceTables) -> Conformed:
    """Customers: typed -> one row per version -> place, segment -> rules."""
    bronze, typed, duplicates = read_bronze(run, CUSTOMERS)
    rows = latest_rows(typed, CUSTOMERS, duplicates).transform(
        customer.conform_customers, places, run.config.business.segments
    )
    return judge(run, CUSTOMERS, bronze, rows, duplicates)


def conform_inventory(run: Run) -> Conformed:
    """Stock events: typed -> each event once -> rules."""
    bronze, typed, duplicates = read_bronze(run, INVENTORY)
    return judge(run, INVENTORY, bronze, latest_rows(typed, INVENTORY, duplicates), duplicates)


def conform_orders(
    run: Run, places: PlaceTables, products: DataFrame | None, history: DataFrame | None, stock: DataFrame | None
) -> Conformed:
    """Order lines: typed -> the latest of each line -> words, place -> category, segment, stock -> amounts -> rules."""
    bronze, typed, duplicates = read_bronze(run, ORDERS)
    business = run.config.business
    empty = run.spark.createDataFrame
    products = products if products is not None else empty([], PRODUCTS.schema)
    history = history if history is not None else empty([], CUSTOMER_VERSIONS.schema)
    stock = stock if stock is not None else empty([], INVENTORY_SNAPSHOT.schema)
    rows = (
        latest_rows(typed, ORDERS, duplicates)
        .transform(order_lines.with_vocabularies, business)
        .transform(order_lines.with_place, places)
        .transform(order_lines.with_category, products)
        .transform(order_lines.with_segment, customer.segment_at(history))
        .transform(order_lines.with_stock_status, inventory.available_by_product(stock))
        .transform(order_lines.with_amounts)
        .transform(order_lines.with_flags, business)
    )
    return judge(run, ORDERS, bronze, rows, duplicates)


def read_bronze(run: Run, contract: Contract) -> tuple[DataFrame, DataFrame, Observation]:
    """This run's partitions of bronze, as they are and typed, and the observation that will count duplicates."""
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
    typed = typed_rows(bronze, contract, run.config.sources.given()[contract.name], run.window, without=unused)
    return bronze, typed, Observation()


def judge(run: Run, contract: Contract, bronze: DataFrame, rows: DataFrame, duplicates: Observation) -> Conformed:
    """Apply the rules, cache the outcome, count it, and enter it in the accounts."""
    rules = rules_of(run.config, contract.name)
    with run.stage("conform", contract.name):
        checked = check_rows(rows, rules, event_time=contract.event_time).persist()
        counts = count_rows(checked)
        checks = check_dataset(
            good(checked), contract.name, rules, rows=counts.accepted, window_end=run.window.end_instant
        )
    run.report.accounts[contract.name] = Account(
        dataset=contract.name,
        rows_in=bronze.count(),
        rows_out=counts.accepted,
        quarantined=counts.refused,
        duplicates=int(duplicates.get["rows"] or 0),
    )
    run.report.checks += [*row_checks(contract.name, rules, counts.failures, counts.rows), *checks]
    return Conformed(contract, bronze, checked, counts, tuple(checks))


def put_aside(run: Run, parts: list[Conformed]) -> None:
    """Write the refused rows to quarantine, then stop the run if there are too many of them."""
    require_balance(list(run.report.accounts.values()))
    with run.stage("quarantine"):
        frames = [
            quarantine_rows(refused(part.checked), part.bronze, part.contract, run.id)
            for part in parts
            if part.counts.refused
        ]
        rows = run.spark.createDataFrame([], QUARANTINE.schema)
        for frame in frames:
            rows = rows.unionByName(frame)
        scope: Scope = {"dataset": [part.contract.name for part in parts], "business_date": run.window.dates}
        run.replace(rows, QUARANTINE, scope)
    errors = {c.rule for c in run.report.checks if c.severity == "error"}
    for part in parts:
        run.report.refusals[part.contract.name] = {
            name: count for name, count in part.counts.failures.items() if name in errors
        }
    problems = [
        problem
        for part in parts
        for problem in gate_problems(
            part.contract.name, part.counts, part.checks, gate_of(run.config, part.contract.name)
        )
    ]
    if problems:
        raise Refused(
            "The quality gate refuses this run; silver and gold are as they were\n  " + "\n  ".join(problems),
            where=f"{run.store.at(QUARANTINE.path)} holds the refused rows with their reasons",
            todo="mend the source or its mapping; or change quality.gates if this is acceptable",
        )


def publish_silver(run: Run, silver: Silver) -> None:
    """Replace the run's dates of silver (dimensions as a whole)."""
    days = run.window.dates
    with run.stage("silver"):
        if silver.products is not None:
            run.replace(silver.products, PRODUCTS, None)
        if silver.customers is not None:
            run.replace(silver.customers, CUSTOMER_VERSIONS, None)
        if silver.inventory is not None:
            run.replace(silver.inventory, INVENTORY_SNAPSHOT, {"snapshot_date": days})
        if silver.order_lines is not None:
            run.replace(silver.order_lines, ORDER_LINES, {"business_date": days})


def datasets(run: Run, chosen: str | None) -> list[str]:
    """The dataset asked for, or all that conf gives."""
    given = [name for name in SOURCES if name in run.config.sources.given()]
    if chosen is not None and chosen not in given:
        raise UsageError(f"The configuration has no source `{chosen}`", todo=f"it has: {', '.join(given)}")
    return [chosen] if chosen else given
