"""What is asked of the sample: its size, dates, seed and the stated share of each kind of mess."""

from __future__ import annotations

from datetime import date, timedelta
from math import isqrt

import attrs

# How much busier than a plain day Dhanteras to Diwali are, in the years that a sample is likely to be about.
FESTIVAL_PEAKS = {
    date(2024, 10, 29): 1.6, date(2024, 10, 30): 1.5, date(2024, 10, 31): 2.2,
    date(2025, 10, 18): 1.6, date(2025, 10, 19): 1.5, date(2025, 10, 20): 2.2,
    date(2026, 11, 6): 1.6, date(2026, 11, 7): 1.5, date(2026, 11, 8): 2.2,
}  # fmt: skip
SATURDAY = 5


@attrs.frozen
class Proportions:
    """Shares of all order lines, unless the comment says of what. They are written beside the truth."""

    duplicates: float = 0.02  # lines that arrive twice
    late: float = 0.01  # lines in a later day's file than their own
    bad: float = 0.015  # lines with a row that must be refused, spread evenly over the kinds
    bad_over_an_older_good_row: float = 0.2  # of the bad lines whose key competes: the bad row is the latest one
    bad_beside_a_good_row: float = 0.5  # of the bad lines whose key does not compete: the good row wins all the same
    older_row_bad: float = 0.2  # of the duplicates that are older versions: the losing row has a defect
    cancelled: float = 0.08
    returned: float = 0.05
    failed: float = 0.02
    status_unlisted: float = 0.001
    cancelled_without_price: float = 0.1  # of the cancelled lines
    cancelled_quantity_zero: float = 0.05  # of the cancelled lines
    free_gift: float = 0.003  # price 0
    bulk_quantity: float = 0.005  # 10 to 49 of one thing
    unknown_customer: float = 0.03  # of the orders: half without an id, half with one that no customer row has
    unknown_product: float = 0.01
    payment_unlisted: float = 0.002  # of the orders
    cash_on_delivery: float = 0.22  # of the orders
    last_update_missing: float = 0.005
    city_messy: float = 0.3  # of the orders: another spelling than the official one
    city_from_pin: float = 0.01  # of the orders: no city, but a PIN code that one city owns
    place_missing: float = 0.005  # of the orders: no city, no state, no PIN code
    state_messy: float = 0.2  # of the orders
    state_missing: float = 0.04  # of the orders
    pin_messy: float = 0.05  # of the orders
    pin_missing: float = 0.03  # of the orders
    address_newline: float = 0.05  # of the orders
    address_quote: float = 0.03  # of the orders
    name_in_own_script: float = 0.3  # of the customers: Devanagari, Tamil, Bengali, ...
    phone_messy: float = 0.5  # of the customers and orders
    customers_with_two_versions: float = 0.08
    customers_deleted: float = 0.05  # of the customers who never order
    lifetime_orders_missing: float = 0.05
    bad_customers: float = 0.01
    products_with_versions: float = 0.25
    bad_products: float = 0.02
    category_messy: float = 0.2  # of the catalogue rows
    stock_unknown: float = 0.06  # of the products: no inventory row at all
    stock_short: float = 0.25  # of the products: available below or near what is asked for
    bad_inventory: float = 0.01  # of the products with stock

    def __attrs_post_init__(self) -> None:
        for name, share in attrs.asdict(self).items():
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"the share `{name}` is {share}: it must be between 0 and 1")


@attrs.frozen
class SampleSpec:
    """`lines` order lines dated from `start` to the day before `end`; the same spec gives the same bytes."""

    lines: int = 20_000
    start: date = date(2025, 10, 17)
    end: date = date(2025, 10, 22)
    seed: int = 20251017
    proportions: Proportions = attrs.field(factory=Proportions)

    def __attrs_post_init__(self) -> None:
        if self.lines < 1:
            raise ValueError(f"a sample needs at least one line, not {self.lines}")
        if self.end <= self.start:
            raise ValueError(f"the end ({self.end}, exclusive) must come after the start ({self.start})")

    @property
    def days(self) -> list[date]:
        """The business dates, in order."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days)]

    @property
    def day_weights(self) -> list[float]:
        """How busy each business date is: festivals peak, weekends are a little busier."""
        return [FESTIVAL_PEAKS.get(day, 1.15 if day.weekday() >= SATURDAY else 1.0) for day in self.days]

    @property
    def customers(self) -> int:
        """Good customers: one for five lines, and beyond a million lines growing with the square root."""
        if self.lines <= 1_000_000:
            return max(60, self.lines // 5)
        return isqrt(self.lines * 40_000)

    @property
    def products(self) -> int:
        """Good products: 600 at the default size, growing with the square root of the lines."""
        return max(40, isqrt(self.lines * 18))


@attrs.frozen
class SampleSummary:
    """What was written: rows per dataset, refused rows per dataset, and where."""

    root: str
    rows: dict[str, int]
    refused: dict[str, int]
