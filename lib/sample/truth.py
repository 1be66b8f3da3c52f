"""The truth of a sample: exact metrics and counts, from what was meant, never from what was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

import attrs

from lib.sample.orders import Line
from lib.sample.world import World

KEY = ("business_date", "state_code", "city", "category")
SEGMENTS = ("premium", "regular", "new", "unknown")
METRICS = (
    "total_order_lines", "total_units", "total_orders", "total_revenue_inr", "total_discounts_inr",
    "net_revenue_inr", "returned_lines", "returned_revenue_inr", "cancelled_lines", "cancelled_revenue_inr",
    "unique_customers", "orders_premium", "orders_regular", "orders_new", "orders_unknown",
    "revenue_premium_inr", "revenue_regular_inr", "revenue_new_inr", "revenue_unknown_inr",
    "lines_out_of_stock_risk", "lines_low_stock", "lines_in_stock", "lines_stock_unknown", "cod_orders",
)  # fmt: skip
STOCK_METRIC = {
    "out_of_stock_risk": "lines_out_of_stock_risk",
    "low_stock": "lines_low_stock",
    "in_stock": "lines_in_stock",
    "stock_unknown": "lines_stock_unknown",
}
CellKey = tuple[str, str, str, str]
# What is counted of the lines that were drawn, to be held against the stated shares.
COUNTED = ("lines", "late", "bad", "duplicates", "cancelled", "returned", "failed")


def was_drawn(line: Line) -> tuple[bool, ...]:
    """Which of COUNTED this line is."""
    return (
        True,
        line.delay > 0,
        line.defect is not None,
        line.copy != "" and line.defect is None,
        line.status == "CANCELLED",
        line.status == "RETURNED",
        line.status == "FAILED",
    )


@attrs.frozen
class TrueLine:
    """A good line, and the cell that it counts in. Money is in paise; `gross` is None without a price."""

    business_date: str
    state_code: str
    city: str
    category: str
    order_number: int
    line_number: int
    customer: int | None
    segment: str
    product_id: str
    quantity: int
    gross: int | None
    discount: int | None
    status: str
    payment: str
    stock: str

    @property
    def is_sale(self) -> bool:
        """Cancelled and failed lines are no sales; returned ones are."""
        return self.status not in ("CANCELLED", "FAILED")


class Truth:
    """Says what a clean line is worth and where it counts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._days = [day.isoformat() for day in world.spec.days]

    def of_line(self, line: Line) -> TrueLine:
        """The true line, whatever its rows look like."""
        order, world = line.order, self._world
        gross = None if line.paise is None else line.paise * line.quantity
        # Half a paisa and more goes up; `discount` is in hundredths of a percent.
        discount = None if gross is None else (gross * (line.discount or 0) + 5_000) // 10_000
        customer = order.customer
        return TrueLine(
            business_date=self._days[order.day],
            state_code=order.place.state_code,
            city=order.place.name,
            category=world.category(line.product),
            order_number=order.number,
            line_number=line.number,
            customer=customer,
            segment="unknown" if customer is None else world.customers.segment(customer).lower(),
            product_id=world.sku(line.product),
            quantity=line.quantity,
            gross=gross,
            discount=discount,
            status=line.status,
            payment=order.payment,
            stock=world.stock_status(line.product, order.day, line.quantity),
        )


class Cells:
    """Adds true lines up, an order at a time: an order's lines come together, so no set of orders is kept."""

    def __init__(self) -> None:
        self._cells: dict[CellKey, dict[str, int]] = {}
        self._customers: dict[CellKey, set[int]] = {}

    def add_order(self, lines: Iterable[TrueLine]) -> None:
        """Count the good lines of one order."""
        counted: set[CellKey] = set()
        for line in lines:
            key = (line.business_date, line.state_code, line.city, line.category)
            cell = self._cells.get(key)
            if cell is None:
                cell = self._cells[key] = dict.fromkeys(METRICS, 0)
            if line.status == "CANCELLED":
                cell["cancelled_lines"] += 1
                cell["cancelled_revenue_inr"] += line.gross or 0
            if not line.is_sale:
                continue
            self._add_sale(cell, line)
            if line.customer is not None:
                self._customers.setdefault(key, set()).add(line.customer)
            if key not in counted:
                counted.add(key)
                cell["total_orders"] += 1
                cell[f"orders_{line.segment}"] += 1
                if line.payment == "COD":
                    cell["cod_orders"] += 1

    def _add_sale(self, cell: dict[str, int], line: TrueLine) -> None:
        gross, discount = line.gross or 0, line.discount or 0
        cell["total_order_lines"] += 1
        cell["total_units"] += line.quantity
        cell["total_revenue_inr"] += gross
        cell["total_discounts_inr"] += discount
        cell["net_revenue_inr"] += gross - discount
        cell[f"revenue_{line.segment}_inr"] += gross - discount
        cell[STOCK_METRIC[line.stock]] += 1
        if line.status == "RETURNED":
            cell["returned_lines"] += 1
            cell["returned_revenue_inr"] += gross

    def finished(self) -> dict[CellKey, dict[str, int]]:
        """All cells; money still in paise."""
        for key, customers in self._customers.items():
            self._cells[key]["unique_customers"] = len(customers)
        return self._cells


def rupees(paise: int) -> str:
    """Paise as rupees with two places."""
    sign, amount = ("-", -paise) if paise < 0 else ("", paise)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def metrics_csv(cells: Mapping[CellKey, Mapping[str, int]]) -> str:
    """city_category_metrics.csv: one row per cell, in the order of the keys."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*KEY, *METRICS))
    for key in sorted(cells):
        cell = cells[key]
        writer.writerow((*key, *(rupees(cell[m]) if m.endswith("_inr") else cell[m] for m in METRICS)))
    return text.getvalue()


def sums(cells: Mapping[CellKey, Mapping[str, int]]) -> dict[str, int | str]:
    """The sums over all cells of what may be added up: lines, units and money, but no distinct counts."""
    additive = [m for m in METRICS if m.endswith(("_inr", "_units")) or "lines" in m]
    totals = {metric: sum(cell[metric] for cell in cells.values()) for metric in additive}
    return {metric: rupees(total) if metric.endswith("_inr") else total for metric, total in totals.items()}


@attrs.define
class Account:
    """The rows of one dataset: rows_read = rows_in_window = good + refused + duplicates.

    `duplicates` are all rows that lose to another of their key; `older_versions` of them say something else
    than the winner, the others are copies. A key of inventory is one event (product, warehouse, event_ts,
    sequence).
    """

    rows_read: int = 0
    good: int = 0
    refused: int = 0
    duplicates: int = 0
    older_versions: int = 0
    refused_by_reason: dict[str, int] = attrs.field(factory=dict)

    def add(self, *, reasons: tuple[str, ...] = (), duplicate: bool = False, older_version: bool = False) -> None:
        """Count one row."""
        self.rows_read += 1
        self.older_versions += older_version
        if duplicate:
            self.duplicates += 1
        elif reasons:
            self.refused += 1
            for reason in reasons:
                self.refused_by_reason[reason] = self.refused_by_reason.get(reason, 0) + 1
        else:
            self.good += 1

    def as_json(self) -> dict[str, object]:
        """For accounting.json; every row of a sample is in its window."""
        told = attrs.asdict(self)
        told["refused_by_reason"] = dict(sorted(self.refused_by_reason.items()))
        return {"rows_read": self.rows_read, "rows_in_window": self.rows_read, **told}
