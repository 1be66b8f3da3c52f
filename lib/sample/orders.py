"""What truly was ordered: clean orders and lines by block number, before anything is made messy."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from lib.sample.defects import DEFECTS, Defect
from lib.sample.draws import Draw, Weighted
from lib.sample.places import CITY_CHOICES, OWNED_PIN_SHARE, UNKNOWN_PLACE, City
from lib.sample.world import World

# Lines come in blocks of six, cut into orders of one to three lines: no block needs another one.
BLOCK = 6
_CUTS = ((1, 2, 3), (2, 2, 2), (1, 1, 1, 3), (3, 3), (2, 1, 2, 1), (3, 1, 2), (1, 1, 2, 2), (2, 3, 1))
_STRANGER_CUSTOMER = 90_000_000
_STRANGER_PRODUCT = 9_000_000
# Where a line costs more, the order is not prepaid by card or net banking: three such lines stay below
# 50,000 rupees, so that none is held for review.
_CARD_LIMIT_PAISE = 15_000_00

_BY_HOUR = (2, 1, 1, 1, 1, 2, 4, 6, 8, 10, 12, 12, 11, 10, 9, 9, 10, 12, 14, 16, 18, 16, 10, 5)
_HOURS = Weighted(list(enumerate(_BY_HOUR)))
_QUANTITIES = Weighted([(1, 70.0), (2, 18.0), (3, 7.0), (4, 3.0), (5, 2.0)])
# In hundredths of a percent; None is an empty cell, which means none.
_DISCOUNTS: Weighted[int | None] = Weighted([
    (0, 35.0), (500, 12.0), (750, 8.0), (1000, 14.0), (1250, 5.0), (1500, 8.0), (2000, 6.0), (3333, 2.0),
    (10_000, 0.2), (None, 6.0),
])  # fmt: skip
_PREPAID = Weighted([("UPI", 58.0), ("CREDIT_CARD", 12.0), ("DEBIT_CARD", 9.0), ("NET_BANKING", 5.0),
                     ("WALLET", 9.0), ("EMI", 7.0)])  # fmt: skip
CARD_LIKE = ("CREDIT_CARD", "DEBIT_CARD", "NET_BANKING")


@attrs.frozen
class Order:
    """One customer, one address, one payment. `city` is where it goes, `place` what can be known of it."""

    number: int
    day: int
    second: int
    customer: int | None
    person: int
    city: City
    place: City
    payment: str


@attrs.frozen
class Line:
    """A clean line and what happens to it. `copy` is "", "same_day", "next_day", "older" or "older_bad"."""

    order: Order
    index: int
    number: int
    product: int
    quantity: int
    paise: int | None
    discount: int | None
    status: str
    delay: int
    defect: Defect | None
    copy: str
    good_beside: bool

    @property
    def is_good(self) -> bool:
        """Whether a good row wins this key."""
        return self.defect is None or self.good_beside


class Orders:
    """The orders of a sample, by block."""

    def __init__(self, world: World) -> None:
        spec, share = world.spec, world.spec.proportions
        self._world, self._spec, self._share = world, spec, share
        weights = spec.day_weights
        self._days = Weighted(list(enumerate(weights)))
        self._last_day = len(weights) - 1
        # Lines of the last day cannot be late within the sample, so the others are a little more often.
        before_last = 1.0 - weights[-1] / sum(weights)
        self._late_share = share.late / before_last if before_last else 0.0
        self._statuses = _statuses(share.cancelled, share.returned, share.failed, share.status_unlisted)
        seed = spec.seed
        self._cut = Draw(seed, "cut")
        self._day = Draw(seed, "day")
        self._second = Draw(seed, "second")
        self._customer = Draw(seed, "customer")
        self._stranger = Draw(seed, "stranger")
        self._gift = Draw(seed, "gift")
        self._place = Draw(seed, "place")
        self._payment = Draw(seed, "payment")
        self._product = Draw(seed, "product")
        self._known = Draw(seed, "known product")
        self._quantity = Draw(seed, "quantity")
        self._price = Draw(seed, "price")
        self._discount = Draw(seed, "discount")
        self._status = Draw(seed, "status")
        self._late = Draw(seed, "late")
        self._bad = Draw(seed, "bad")
        self._copy = Draw(seed, "copy")
        self._cancelled = Draw(seed, "cancelled")

    @property
    def blocks(self) -> int:
        """How many blocks hold all lines."""
        return -(-self._spec.lines // BLOCK)

    def block(self, number: int) -> Iterator[list[Line]]:
        """The lines of each order of a block."""
        first = number * BLOCK
        for size in self._cut.one_of(number, _CUTS):
            last = min(first + size, self._spec.lines)
            if first < last:
                yield self._order(first, last)
            first += size

    def _order(self, first: int, last: int) -> list[Line]:
        person, customer = self._who(first)
        gift = self._gift.share(first) < 0.08
        city = CITY_CHOICES.at(self._gift.share(first + 1)) if gift else self._world.customers.home(person)
        second = _HOURS.at(self._second.share(first)) * 3600 + (self._second.bits(first) & 0xFFFF) % 3600
        edge = self._day.bits(first) % 400
        if edge < 2:
            second = (0, 86_399)[edge]  # the first and the last second of a business date
        day = self._days.at(self._day.share(first))
        place = UNKNOWN_PLACE if self._place.share(first) < self._share.place_missing else city
        order = Order(first, day, second, customer, person, city, place, self._pay(first))
        lines = [self._line(order, index, index - first + 1) for index in range(first, last)]
        if order.payment in CARD_LIKE and any((line.paise or 0) * line.quantity > _CARD_LIMIT_PAISE for line in lines):
            order = attrs.evolve(order, payment="UPI")
            lines = [attrs.evolve(line, order=order) for line in lines]
        return lines

    def _who(self, number: int) -> tuple[int, int | None]:
        """(whose name and address it is, the customer's number or None where the row has no customer_id)."""
        customers, share = self._world.customers, self._customer.share(number)
        stranger = self._stranger.share(number)
        if stranger < self._share.unknown_customer:
            person = _STRANGER_CUSTOMER + self._customer.below(number, 9_000_000)
            return person, None if stranger < self._share.unknown_customer / 2 else person
        if stranger > 1.0 - self._share.bad_customers:
            person = customers.good + self._customer.below(number, customers.total - customers.good)
        else:
            # Some buy about five times as often as the mean.
            person = int(customers.ordering * share * (0.2 + 0.8 * share))
        return person, person

    def _pay(self, number: int) -> str:
        share = self._payment.share(number)
        if share < self._share.payment_unlisted:
            return "UNKNOWN"
        if share < self._share.payment_unlisted + self._share.cash_on_delivery:
            return "COD"
        return _PREPAID.at((self._payment.bits(number) & 0xFFFFF) / 0x100000)

    def _line(self, order: Order, index: int, number: int) -> Line:
        share = self._share
        bad = self._bad.share(index) < share.bad
        defect = DEFECTS[self._bad.bits(index) % len(DEFECTS)] if bad else None
        status = "DELIVERED" if bad else self._statuses.at(self._status.share(index))
        product = self._which(index)
        paise: int | None = self._paise(product, index)
        quantity = self._how_many(index, paise or 0)
        if status == "CANCELLED":
            chance = self._cancelled.share(index)
            if chance < share.cancelled_without_price:
                paise = None
            elif chance > 1.0 - share.cancelled_quantity_zero:
                quantity = 0
        delay = 0
        if order.day < self._last_day and self._late.share(index) < self._late_share:
            delay = min(1 + (self._late.bits(index) & 1), self._last_day - order.day)
        copy, good_beside = self._plan(index, defect)
        discount = _DISCOUNTS.at(self._discount.share(index))
        return Line(order, index, number, product, quantity, paise, discount, status, delay, defect, copy, good_beside)

    def _plan(self, index: int, defect: Defect | None) -> tuple[str, bool]:
        """(which second row the line has, whether a good row wins beside a bad one)."""
        share, chance = self._share, self._copy.share(index)
        if defect is not None:
            if not defect.competes:
                return "", chance < share.bad_beside_a_good_row
            return ("older" if chance < share.bad_over_an_older_good_row else ""), False
        if chance >= share.duplicates:
            return "", False
        kind = (self._copy.bits(index) & 0xFF) % 5
        if kind < 3:
            return ("same_day", "same_day", "next_day")[kind], False
        older_bad = (self._copy.bits(index) >> 8 & 0xFF) / 256 < share.older_row_bad
        return ("older_bad" if older_bad else "older"), False

    def _which(self, index: int) -> int:
        chance, good = self._known.share(index), self._spec.products
        if chance < self._share.unknown_product / 2:
            return _STRANGER_PRODUCT + self._product.below(index, 500)
        if chance < self._share.unknown_product:
            return good + self._product.below(index, len(self._world.products) - good)
        share = self._product.share(index)
        return int(good * share * (0.2 + 0.8 * share))

    def _paise(self, product: int, index: int) -> int:
        bits = self._price.bits(index)
        if self._price.share(index) < self._share.free_gift:
            return 0
        listed = self._world.products[product].paise if product < len(self._world.products) else 499_99
        return listed * (95 + bits % 11) // 100

    def _how_many(self, index: int, paise: int) -> int:
        if paise < 1_000_00 and self._quantity.share(index) < self._share.bulk_quantity:
            return 10 + self._quantity.bits(index) % 40
        return _QUANTITIES.at((self._quantity.bits(index) & 0xFFFF) / 0x10000)


def _statuses(cancelled: float, returned: float, failed: float, unlisted: float) -> Weighted[str]:
    under_way = (("PLACED", 0.05), ("CONFIRMED", 0.06), ("SHIPPED", 0.15))
    rest = 1.0 - cancelled - returned - failed - unlisted - sum(weight for _, weight in under_way)
    mixed = [("CANCELLED", cancelled), ("RETURNED", returned), ("FAILED", failed), ("UNKNOWN", unlisted)]
    return Weighted([*mixed, *under_way, ("DELIVERED", max(0.0, rest))])


def city_from_pin(draw: Draw, order: Order, share: float) -> bool:
    """Whether the order has no city but a PIN code that tells it."""
    return order.city.owns_pins and draw.share(order.number) < share / OWNED_PIN_SHARE
