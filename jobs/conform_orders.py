"""conform, the orders: typed, judged, and merged by key with what silver holds of the dates that late lines re-open."""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve, frozen
from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from jobs.reading import as_it_is, bronze_of, published, typed_bronze
from lib.datasets import INVENTORY_SNAPSHOT, ORDER_LINES, ORDERS
from lib.normalise.place import PlaceTables
from lib.quality.judge import Conformed, Counts, judge
from lib.run.ledger import published_dates, reopened_before
from lib.run.run import Run
from lib.run.store import Scope
from lib.transform import customers as customer
from lib.transform import inventory, order_lines
from lib.transform import late as late_orders
from lib.transform.prepare import latest_rows, typed_rows


@frozen
class OrderDates:
    """The dates that a run's orders concern: its own nights, which are made anew, and others that late lines re-open.

    `again` were re-opened by an earlier run of the same nights: what that brought is taken back, and all that bronze
    holds of them is judged again, because the source may no longer tell it.
    """

    nights: list[date]
    again: list[date]
    late: list[date]

    def beyond(self) -> tuple[Scope, ...]:
        """The partitions of the quarantine of orders that are not of the run's own dates."""
        orders = [ORDERS.name]
        anew: Scope = {"dataset": orders, "business_date": self.again}
        late: Scope = {"dataset": orders, "business_date": self.late, "arrival_date": self.nights}
        return (*([anew] if self.again else []), *([late] if self.late else []))


def order_dates(run: Run) -> OrderDates:
    """The dates that this run's orders concern, as bronze, silver and the ledger tell; the run holds them all."""
    nights, lines = run.window.dates, run.store.read(ORDER_LINES.path)
    if lines is None:
        return OrderDates(nights, [], [])
    first = run.window.start - timedelta(days=run.config.sources.orders.look_back_days)
    before = F.col("business_date").between(F.lit(first), F.lit(run.window.start - timedelta(days=1)))
    arrived = before & F.col("arrival_date").isin(*nights)
    again = {*days_of(lines.where(arrived)), *reopened_before(run)}
    brought = set(days_of(bronze_of(run, ORDERS).where(arrived)))
    if run.config.sources.orders.read == "new":  # bronze holds records of dates that have not been published yet
        brought &= set(published_dates(run, run.config.sources.orders.look_back_days))
    run.hold(again | brought)
    return OrderDates(nights, sorted(again), sorted(brought - again))


def days_of(rows: DataFrame) -> list[date]:
    """The business dates of the rows."""
    return [row["business_date"] for row in rows.select("business_date").distinct().collect()]


def conform_orders(
    run: Run, scope: OrderDates, places: PlaceTables, products: DataFrame, history: DataFrame, stock: DataFrame
) -> Conformed:
    """Order lines: typed -> the latest of each line -> words, place -> category, segment, stock -> amounts -> rules."""
    day, by_this_run = F.col("business_date"), F.col("arrival_date").isin(*run.window.dates)
    whole = [*scope.nights, *scope.again]
    bronze = bronze_of(run, ORDERS).where(day.isin(*whole) | (day.isin(*scope.late) & by_this_run))
    counts, records = Counts(), bronze
    if scope.late:
        came, news = Observation(), Observation()
        counts = Counts(late=(came, news))
        late = bronze.where(day.isin(*scope.late)).observe(came, F.count(F.lit(1)).alias("rows"))
        known = bronze_of(run, ORDERS).where(day.isin(*scope.late) & ~by_this_run)
        told = late_orders.untold(late, known).observe(news, F.count(F.lit(1)).alias("rows"))
        records = bronze.where(day.isin(*whole)).unionByName(told)
    if earlier := [*scope.again, *scope.late]:
        held = published(run, INVENTORY_SNAPSHOT).where(F.col("snapshot_date").isin(*earlier))
        stock = stock.unionByName(held)
    typed = typed_bronze(run, ORDERS, records, counts)
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
    judged = judge(run, ORDERS, bronze, rows, counts, ORDER_LINES.names)
    return evolve(judged, beyond=scope.beyond())


def merge_orders(run: Run, scope: OrderDates, orders: Conformed) -> tuple[DataFrame, list[date]]:
    """Every order line to publish, and their dates: accepted lines meet what silver holds of other dates, and what
    other nights have deleted."""
    table, reach = as_it_is(run, ORDER_LINES), timedelta(days=run.config.sources.orders.look_back_days)
    others = compared = None
    if table is not None and reach:
        near = F.col("business_date").between(F.lit(run.window.start - reach), F.lit(run.window.last + reach))
        taken_back = F.col("business_date").isin(*scope.again) & F.col("arrival_date").isin(*scope.nights)
        others = table.where(near & ~F.col("business_date").isin(*scope.nights) & ~taken_back)
        changes = (orders.deleted, deleted_lines(run, scope, near)) if run.config.sources.orders.changes else ()
        compared = run.cache(late_orders.compare(orders.accepted, others, *changes))
    merged = late_orders.merge_late(orders.accepted, others, compared, scope.nights, again=scope.again)
    run.hold(merged.reopened)
    run.report.reopen("orders", merged.reopened, merged.dropped, merged.undeleted)
    return merged.lines, sorted({*scope.nights, *merged.reopened})


def deleted_lines(run: Run, scope: OrderDates, near: Column) -> DataFrame:
    """The lines that changes of other nights have deleted, as bronze tells of the dates that are `near`."""
    judged = F.col("business_date").isin(*scope.nights, *scope.again) | F.col("arrival_date").isin(*scope.nights)
    told = bronze_of(run, ORDERS).where(near & ~judged & F.col("operation").isNotNull())
    typed = typed_rows(told, ORDERS, run.config.sources.orders, run.window)
    return late_orders.deletions(typed)
