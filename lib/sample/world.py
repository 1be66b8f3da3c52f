"""The world that order lines refer to: customers, products and what was in stock at each day's end."""

from __future__ import annotations

from lib.sample.catalogue import Product, products
from lib.sample.catalogue import sku as sku_of
from lib.sample.customers import UNKNOWN, Customers
from lib.sample.inventory import Inventory, StockEvent
from lib.sample.spec import SampleSpec


class World:
    """Everything that order lines refer to; small enough to be sent to every worker."""

    def __init__(self, spec: SampleSpec, events: list[StockEvent] | None = None) -> None:
        inventory = Inventory(spec)
        self.spec = spec
        self.customers = Customers(spec)
        self.products: list[Product] = products(spec)
        self.available = inventory.available(inventory.events() if events is None else events)

    def sku(self, product: int) -> str:
        """The identifier, also of products that no catalogue row knows."""
        return self.products[product].sku if product < len(self.products) else sku_of(product)

    def category(self, product: int) -> str:
        """The category that its lines count under."""
        return self.products[product].category if product < len(self.products) else UNKNOWN

    def stock_status(self, product: int, day: int, quantity: int) -> str:
        """Whether what was available at the day's end covers this quantity."""
        by_day = self.available[product] if product < len(self.available) else None
        if by_day is None:
            return "stock_unknown"
        if by_day[day] < quantity:
            return "out_of_stock_risk"
        return "low_stock" if by_day[day] < 2 * quantity else "in_stock"
