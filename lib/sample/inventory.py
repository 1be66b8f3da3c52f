"""Stock: the event log of each product and warehouse, and what was available at each day's end."""

from __future__ import annotations

import json
from datetime import timedelta

import attrs

from lib.sample.catalogue import sku
from lib.sample.draws import Draw
from lib.sample.spec import SampleSpec

WAREHOUSES = (
    ("WH-BHIWANDI-1", "Mumbai"), ("WH-GURUGRAM-1", "Gurugram"), ("WH-BENGALURU-1", "Bengaluru"),
    ("WH-HYDERABAD-1", "Hyderabad"), ("WH-CHENNAI-1", "Chennai"), ("WH-KOLKATA-1", "Kolkata"),
    ("WH-PUNE-1", "Pune"), ("WH-AHMEDABAD-1", "Ahmedabad"),
)  # fmt: skip
# A place of its own: its only event for a product cannot be read, so it says nothing about the stock.
_BROKEN_WAREHOUSE = ("WH-AUDIT-9", "Nagpur")
_DAY = 86_400


@attrs.frozen
class StockEvent:
    """One event: `second` counts from the first business date's midnight in India; negative is before it."""

    product: int
    warehouse: tuple[str, str]
    second: int
    sequence: int
    on_hand: int
    reserved: int
    broken: bool = False
    duplicate: bool = False


class Inventory:
    """All stock events of a sample, and the truth about what they mean."""

    def __init__(self, spec: SampleSpec) -> None:
        self._spec = spec
        self._days = len(spec.days)
        names = (
            "stocked",
            "stock class",
            "stock level",
            "stock second",
            "stock order",
            "stock copy",
            "stock broken",
        )
        self._stocked, self._class, self._level, self._second, self._order, self._copy, self._broken = (
            Draw(spec.seed, name) for name in names
        )

    def events(self) -> list[StockEvent]:
        """Every row of inventory.jsonl, in the order of the file, which is not the order of time."""
        events: list[StockEvent] = []
        for product in range(self._spec.products):
            events.extend(self._of_product(product))
        keyed = sorted((self._order.bits(n), n) for n in range(len(events)))
        return [events[n] for _, n in keyed]

    def available(self, events: list[StockEvent]) -> list[list[int] | None]:
        """By product: the available pieces at each business date's end, None where no row says anything."""
        latest: dict[tuple[int, str], list[StockEvent]] = {}
        for event in events:
            if not event.broken:
                latest.setdefault((event.product, event.warehouse[0]), []).append(event)
        result: list[list[int] | None] = [None] * self._spec.products
        for (product, _), history in latest.items():
            history.sort(key=lambda event: (event.second, event.sequence))
            sums = result[product]
            if sums is None:
                sums = result[product] = [0] * self._days
            for day in range(self._days):
                before = [event for event in history if event.second < (day + 1) * _DAY]
                sums[day] += before[-1].on_hand - before[-1].reserved
        return result

    def text(self, event: StockEvent) -> str:
        """The event as a line of JSON."""
        return json.dumps({
            "product_id": sku(event.product),
            "warehouse_id": event.warehouse[0],
            "warehouse_city": event.warehouse[1],
            "on_hand": "#REF!" if event.broken else event.on_hand,
            "reserved": event.reserved,
            "event_ts": self.instant(event),
            "sequence": event.sequence,
        })  # fmt: skip

    def instant(self, event: StockEvent) -> str:
        """event_ts: an instant in UTC, five and a half hours behind the clock in India."""
        day, second = divmod(event.second - 19_800, _DAY)
        date = (self._spec.start + timedelta(days=day)).isoformat()
        return f"{date}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"

    def _of_product(self, product: int) -> list[StockEvent]:
        share = self._spec.proportions
        if self._stocked.share(product) < share.stock_unknown:
            return []
        short = self._class.share(product) < share.stock_short
        houses = 1 + self._class.bits(product) % 3
        first = (self._stocked.bits(product) >> 3) % len(WAREHOUSES)
        events: list[StockEvent] = []
        for n in range(houses):
            events.extend(self._of_warehouse(product, (first + n) % len(WAREHOUSES), short=short))
        if self._broken.share(product) < share.bad_inventory:
            event = StockEvent(product, _BROKEN_WAREHOUSE, -3 * _DAY, self._sequence(product, 9, 0), 0, 0, broken=True)
            events.append(event)
        return events

    def _of_warehouse(self, product: int, house: int, *, short: bool) -> list[StockEvent]:
        """Two events before the first date, so that every day has a state; then about one in two days."""
        events = []
        for n in range(self._days + 2):
            index = (product * 16 + house) * (self._days + 2) + n
            bits = self._level.bits(index)
            if n >= 2 and bits & 1:
                continue
            day = n - 2 if n >= 2 else -4 + n
            second = day * _DAY + self._second.below(index, _DAY)
            sequence = self._sequence(product, house, n)
            event = self._event(product, house, second, sequence, bits, short=short)
            events.append(event)
            if bits >> 1 & 7 == 0:
                # The same instant, counted again: the sequence decides.
                events.append(self._event(product, house, second, sequence + 1, bits >> 9, short=short))
            elif bits >> 1 & 7 == 1:
                # Came late: a higher sequence with an older instant, which must not win.
                older = second - 1 - bits % 3000
                events.append(self._event(product, house, older, sequence + 2, bits >> 11, short=short))
            if self._copy.share(index) < self._spec.proportions.duplicates:
                events.append(attrs.evolve(events[-1], duplicate=True))
        return events

    def _sequence(self, product: int, house: int, n: int) -> int:
        return ((product * 10 + house) * (self._days + 2) + n) * 4 + 1_000

    def _event(self, product: int, house: int, second: int, sequence: int, bits: int, *, short: bool) -> StockEvent:
        on_hand = (bits >> 12) % 5 if short else 40 + (bits >> 12) % 460
        # Now and then more is reserved than is there: available is then negative.
        reserved = (bits >> 30) % 4 if short else (bits >> 30) % 30
        return StockEvent(product, WAREHOUSES[house], second, sequence, on_hand, reserved)
