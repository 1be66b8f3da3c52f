"""Customers: who they are, where they live, how often they have bought, and the rows of customers.csv."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs

from lib.sample.addresses import address
from lib.sample.draws import Draw, Weighted
from lib.sample.people import messy_phone, mobile, name
from lib.sample.places import CITY_CHOICES, STATE_FORMS, City, messy_pin
from lib.sample.spec import SampleSpec

HEADER = (
    "customer_id", "full_name", "email", "phone", "address", "city", "state", "pincode", "registered_at",
    "lifetime_orders", "updated_at", "deleted",
)  # fmt: skip
PREMIUM, REGULAR, NEW, UNKNOWN = "Premium", "Regular", "New", "Unknown"
# Lifetime orders from - to and how common; 10, 11, 50 and 51 are there on purpose, the edges of the segments.
_LIFETIMES = Weighted([
    ((0, 3), 25.0), ((4, 9), 18.0), ((10, 10), 4.0), ((11, 11), 4.0), ((12, 49), 28.0), ((50, 50), 3.0),
    ((51, 51), 3.0), ((52, 400), 15.0),
])  # fmt: skip
_BAD_KINDS = ("customer_id_not_null", "lifetime_orders_type")


@attrs.frozen
class CustomerRow:
    """One row of customers.csv, and why it must be refused or that it is an older version or a copy."""

    cells: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    duplicate: bool = False
    older_version: bool = False


def segment(lifetime_orders: int | None) -> str:
    """The segment of a customer: the business's rule, written here a second time on purpose."""
    if lifetime_orders is None:
        return UNKNOWN
    if lifetime_orders > 50:
        return PREMIUM
    return REGULAR if lifetime_orders > 10 else NEW


class Customers:
    """Customers by number: those below `ordering` order, up to `total` from `good` have only a bad row."""

    def __init__(self, spec: SampleSpec) -> None:
        self._spec = spec
        self.good = spec.customers
        self.ordering = max(1, self.good * 85 // 100)
        # The bad ones may order too, and are then customers that no one knows.
        self.total = self.good + max(len(_BAD_KINDS), round(self.good * spec.proportions.bad_customers))
        self._bits = Draw(spec.seed, "customer bits")
        self._home = Draw(spec.seed, "home")
        self._lifetime = Draw(spec.seed, "lifetime")
        self._version = Draw(spec.seed, "customer version")
        self._name = Draw(spec.seed, "name form")
        self._phone = Draw(spec.seed, "phone")
        self._address = Draw(spec.seed, "customer address")
        self._day = Draw(spec.seed, "customer day")
        self._deleted = Draw(spec.seed, "deleted")
        self._copy = Draw(spec.seed, "customer copy")
        self._state = Draw(spec.seed, "customer state")
        self._second = Draw(spec.seed, "customer second")

    def identifier(self, number: int) -> str:
        """customer_id as orders write it."""
        return f"CUST{number:08d}"

    def home(self, number: int) -> City:
        """Where the customer lives."""
        return CITY_CHOICES.at(self._home.share(number))

    def segment(self, number: int) -> str:
        """The segment by the latest good version; one with only a bad row is not known."""
        return UNKNOWN if number >= self.good else segment(self._lifetime_orders(number))

    def name(self, number: int) -> tuple[str, str]:
        """(full name, given name in Latin letters)."""
        own_script = self._name.share(number) < self._spec.proportions.name_in_own_script
        return name(self.home(number).state_code, self._name.bits(number) >> 4, own_script=own_script)

    def phone(self, number: int) -> str:
        """The telephone cell, tidy or not."""
        bits = self._phone.bits(number)
        digits = mobile(bits >> 8)
        if self._phone.share(number) >= self._spec.proportions.phone_messy:
            return digits
        return messy_phone(digits, self.home(number).state_code, bits)

    def rows(self) -> Iterator[CustomerRow]:
        """Good customers with their older versions and copies, then the bad rows."""
        share = self._spec.proportions
        for number in range(self.good):
            if self._version.share(number) < share.customers_with_two_versions:
                yield CustomerRow(self._cells(number, older=True), duplicate=True, older_version=True)
            row = CustomerRow(self._cells(number, older=False))
            yield row
            if self._copy.share(number) < share.duplicates:
                yield attrs.evolve(row, duplicate=True)
        for number in range(self.good, self.total):
            kind = _BAD_KINDS[number % len(_BAD_KINDS)]
            cells = list(self._cells(number, older=False))
            if kind == "customer_id_not_null":
                cells[0] = ""
            else:
                cells[9] = "many"
            yield CustomerRow(tuple(cells), reasons=(kind,))

    def _lifetime_orders(self, number: int) -> int | None:
        bits = self._lifetime.bits(number)
        if (bits & 0xFFFF) / 0x10000 < self._spec.proportions.lifetime_orders_missing:
            return None
        low, high = _LIFETIMES.at(self._lifetime.share(number))
        return low + (bits >> 16) % (high - low + 1)

    def _cells(self, number: int, *, older: bool) -> tuple[str, ...]:
        share = self._spec.proportions
        bits = self._bits.bits(number)
        city = self.home(number)
        if older:
            # Has moved since: the older version lives elsewhere and has bought less.
            city = CITY_CHOICES.at(self._version.share(number + self.total))
        full_name, given = self.name(number)
        forms = STATE_FORMS[city.state_code]
        state_form = self._state.bits(number) >> 8
        state = forms[state_form % len(forms)] if self._state.share(number) < share.state_messy else forms[0]
        messy_city = (bits >> 8) / (1 << 56) < share.city_messy
        pin = city.pins[0] + (bits >> 20) % (city.pins[1] - city.pins[0] + 1)
        lifetime = self._lifetime_orders(number)
        if older and lifetime is not None:
            lifetime //= 2
        newline, quote = (
            (bits & 0xFF) / 256 < share.address_newline,
            (bits >> 12 & 0xFF) / 256 < share.address_quote,
        )
        return (
            self.identifier(number),
            full_name,
            f"{given}.{number}@example.com" if bits % 10 else "",
            self.phone(number),
            address(city, self._address.bits(number * 2 + older), newline=newline, quote=quote),
            city.spellings[bits % len(city.spellings)] if messy_city else city.name,
            state,
            messy_pin(pin, bits) if (bits >> 30 & 0xFF) / 256 < share.pin_messy else str(pin),
            self._moment(number, 200 + bits % 900),
            "" if lifetime is None else str(lifetime),
            self._moment(number, 90 + self._day.below(number, 80) if older else 1 + self._day.below(number, 80)),
            self._is_deleted(number),
        )

    def _is_deleted(self, number: int) -> str:
        gone = self.ordering <= number < self.good and self._deleted.share(number) < (
            self._spec.proportions.customers_deleted
        )
        return "true" if gone else "false"

    def _moment(self, number: int, days_before: int) -> str:
        second = self._second.below(number, 86_400)
        day = self._spec.start - timedelta(days=days_before)
        return f"{day.isoformat()} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
