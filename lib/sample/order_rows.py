"""How orders arrive: the messy text rows of clean lines, with duplicates, late rows and defects."""

from __future__ import annotations

from datetime import timedelta

import attrs

from lib.sample.addresses import address
from lib.sample.defects import LOSER_DEFECTS, Defect
from lib.sample.draws import Draw
from lib.sample.orders import CARD_LIKE, Line, Order, city_from_pin
from lib.sample.places import STATE_FORMS, UNKNOWN_PLACE, messy_pin
from lib.sample.world import World

HEADER = (
    "order_id", "line_no", "order_time", "last_update", "customer_id", "sku", "qty", "unit_price",
    "discount_pct", "status", "payment_mode", "payment_status", "channel", "ship_name", "ship_phone",
    "ship_address", "city", "state", "pincode", "promised_time", "delivered_time",
)  # fmt: skip
_COLUMN = {name: position for position, name in enumerate(HEADER)}
GOOD, REFUSED, DUPLICATE = "good", "refused", "duplicate"

_STATUS_FORMS = {
    "PLACED": ("Placed", "PLACED", "placed "),
    "CONFIRMED": ("Confirmed", "CONFIRMED", "confirmed"),
    "SHIPPED": ("Shipped", "shipped", "Out for Delivery", "OUT FOR DELIVERY"),
    "DELIVERED": ("Delivered", "DELIVERED ", "delivered", " Delivered"),
    "CANCELLED": ("Cancelled", "canceled", "CANCELLED"),
    "RETURNED": ("Returned", "RTO", "returned"),
    "FAILED": ("Payment Failed", "FAILED", "payment failed"),
    "UNKNOWN": ("??",),
}
_PAYMENT_FORMS = {
    "UPI": ("UPI", "upi", "GPay", "PhonePe"),
    "CREDIT_CARD": ("Credit Card", "CC", "CREDIT CARD"),
    "DEBIT_CARD": ("Debit Card", "debit card"),
    "NET_BANKING": ("Net Banking", "NB"),
    "WALLET": ("Wallet", "Paytm Wallet"),
    "COD": ("COD", "Cash on Delivery", "cod"),
    "EMI": ("EMI",),
    "UNKNOWN": ("crypto",),
}
_CHANNELS = ("app", "App", "APP", "app", "website", "Website", "lite", "seller", "b2b", "app")
_DAY = 86_400


@attrs.frozen
class OrderRow:
    """One row of the orders export: its file (a day's position), its cells, and what becomes of it."""

    arrival: int
    cells: tuple[str, ...]
    outcome: str
    reasons: tuple[str, ...] = ()
    malformed: bool = False
    older_version: bool = False


class OrderRows:
    """Writes the rows of clean orders. The export of a day is made in the early morning after it."""

    def __init__(self, world: World) -> None:
        self._world, self._share = world, world.spec.proportions
        spec = world.spec
        # Deliveries and updates may reach into the days after the last one.
        self._days = [(spec.start + timedelta(days=n)).isoformat() for n in range(len(spec.days) + 4)]
        self._last_day = len(spec.days) - 1
        names = (
            "row bits",
            "row city",
            "row state",
            "row pin",
            "row address",
            "row phone",
            "row update",
            "owned pin",
        )
        (self._bits, self._city, self._state, self._pin, self._address, self._phone, self._update,
         self._owned) = (Draw(spec.seed, name) for name in names)  # fmt: skip

    def of_order(self, lines: list[Line]) -> list[OrderRow]:
        """All rows of an order's lines."""
        order = lines[0].order
        shared = (*self._person(order), *self._place(order))
        rows: list[OrderRow] = []
        for line in lines:
            rows.extend(self._of_line(line, shared))
        return rows

    def _of_line(self, line: Line, shared: tuple[str, ...]) -> list[OrderRow]:
        bits = self._bits.bits(line.index)
        cells = self._cells(line, bits, shared)
        arrival = line.order.day + line.delay
        if line.defect is not None:
            return self._bad_rows(line, line.defect, cells, arrival, bits)
        good = OrderRow(arrival, cells, GOOD)
        if not line.copy:
            return [good]
        if line.copy == "same_day":
            return [good, OrderRow(arrival, cells, DUPLICATE)]
        if line.copy == "next_day":
            return [good, OrderRow(min(arrival + 1, self._last_day), cells, DUPLICATE)]
        older = self._older(line, cells, bits)
        if line.copy == "older_bad":
            older = self._spoil(older, LOSER_DEFECTS[(bits >> 32) % len(LOSER_DEFECTS)], bits)
        # The order of rows in a file says nothing: half of the older rows come after the newer one.
        rows = [OrderRow(line.order.day, older, DUPLICATE, older_version=True), good]
        return rows if bits & 1 else rows[::-1]

    def _bad_rows(self, line: Line, defect: Defect, cells: tuple[str, ...], arrival: int, bits: int) -> list[OrderRow]:
        if defect.is_malformed:
            # Too few fields, or two too many.
            bad_cells = cells[: 8 + (bits >> 20) % 9] if bits & 2 else (*cells, "extra", "")
        else:
            bad_cells = self._spoil(cells, defect, bits)
        if line.good_beside:
            # Later than the good row: it would win, had it a key and a time.
            at = _COLUMN["last_update"]
            bad_cells = (*bad_cells[:at], self._moment(arrival + 1, _DAY - 1), *bad_cells[at + 1 :])
        bad = OrderRow(arrival, bad_cells, REFUSED, defect.reasons, defect.is_malformed)
        if line.copy == "older":
            older = self._older(line, cells, bits)
            return [OrderRow(line.order.day, older, DUPLICATE, older_version=True), bad]
        if line.good_beside:
            return [bad, OrderRow(arrival, cells, GOOD)]
        return [bad]

    def _older(self, line: Line, cells: tuple[str, ...], bits: int) -> tuple[str, ...]:
        """An earlier state of the same line: updated before, not yet delivered, perhaps another quantity."""
        changed = list(cells)
        order = line.order
        changed[_COLUMN["last_update"]] = self._moment(order.day, order.second + 1 + bits % 200)
        changed[_COLUMN["status"]] = "Placed"
        changed[_COLUMN["delivered_time"]] = ""
        changed[_COLUMN["qty"]] = str(1 + (bits >> 12) % 6)
        return tuple(changed)

    def _spoil(self, cells: tuple[str, ...], defect: Defect, bits: int) -> tuple[str, ...]:
        changed = list(cells)
        for column, texts in defect.cells:
            changed[_COLUMN[column]] = texts[(bits >> 40) % len(texts)]
        return tuple(changed)

    def _cells(self, line: Line, bits: int, shared: tuple[str, ...]) -> tuple[str, ...]:
        order = line.order
        statuses = _STATUS_FORMS[line.status]
        # Of an order that goes by one payment, each line may still spell it in its own way.
        payments = _PAYMENT_FORMS[order.payment]
        order_bits = self._bits.bits(order.number)
        delivered = order.second + 900 + (bits >> 24) % 13_000
        updated = order.second + 300 + (bits >> 8) % 600
        has_arrived = line.status in ("DELIVERED", "RETURNED")
        if has_arrived:
            updated = delivered + 60
        updated += line.delay * _DAY
        # Only a row without a rival of its key may lack it: there is nothing to compare.
        no_update = not line.copy and self._update.share(line.index) < self._share.last_update_missing
        return (
            f"OD{order.number:010d}",
            str(line.number),
            self._moment(order.day, order.second),
            "" if no_update else self._moment(order.day, updated),
            "" if order.customer is None else self._world.customers.identifier(order.customer),
            self._world.sku(line.product),
            str(line.quantity),
            "" if line.paise is None else f"{line.paise // 100}.{line.paise % 100:02d}",
            _percent(line.discount),
            statuses[(bits >> 16) % len(statuses)],
            payments[(bits >> 20) % len(payments)],
            _payment_status(line, order_bits),
            _CHANNELS[(order_bits >> 28) % len(_CHANNELS)] if (order_bits >> 34) % 50 else "",
            *shared,
            self._moment(order.day, order.second + 5_400 + (bits >> 40) % 7_200),
            self._moment(order.day, delivered) if has_arrived else "",
        )

    def _person(self, order: Order) -> tuple[str, str, str]:
        share = self._share
        bits = self._address.bits(order.number)
        newline = (bits & 0xFFF) / 0x1000 < share.address_newline
        quote = (bits >> 40) / (1 << 24) < share.address_quote
        customers = self._world.customers
        text = address(order.city, self._phone.bits(order.number), newline=newline, quote=quote)
        return customers.name(order.person)[0], customers.phone(order.person), text

    def _place(self, order: Order) -> tuple[str, str, str]:
        """(city, state, PIN code) as written; whatever is left out or misspelt, the city can be told."""
        if order.place is UNKNOWN_PLACE:
            return "", "", ""
        city, number, share = order.city, order.number, self._share
        bits = self._city.bits(number)
        pin = city.pins[0] + (bits >> 11) % (city.pins[1] - city.pins[0] + 1)
        forms = STATE_FORMS[city.state_code]
        if city_from_pin(self._owned, order, share.city_from_pin):
            return "", "" if bits & 1 else forms[0], str(pin)
        written = city.name
        if self._city.share(number) < share.city_messy:
            written = city.spellings[(bits & 0x7FF) % len(city.spellings)]
        chance, state = self._state.share(number), forms[0]
        if chance < share.state_missing:
            return written, "", str(pin)
        if chance < share.state_missing + share.state_messy:
            state = forms[(self._state.bits(number) & 0x7FF) % len(forms)]
        chance = self._pin.share(number)
        if chance < share.pin_missing:
            return written, state, ""
        if chance < share.pin_missing + share.pin_messy:
            return written, state, messy_pin(pin, self._pin.bits(number) & 0x7FF)
        return written, state, str(pin)

    def _moment(self, day: int, second: int) -> str:
        """Local time in India, from seconds after a day's midnight."""
        if second >= _DAY:
            day, second = day + second // _DAY, second % _DAY
        return f"{self._days[day]} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _percent(hundredths: int | None) -> str:
    if hundredths is None:
        return ""
    return str(hundredths // 100) if hundredths % 100 == 0 else f"{hundredths // 100}.{hundredths % 100:02d}"


def _payment_status(line: Line, bits: int) -> str:
    if line.status == "FAILED":
        return ("FAILED", "Failed", "failed")[(bits >> 44) % 3]
    chance = (bits >> 44) % 100
    if chance < 80:
        return ("APPROVED", "Approved", "approved")[chance % 3]
    if chance < 97 or line.order.payment in CARD_LIKE:
        return "PENDING" if chance % 2 else "Pending"
    return "REVIEW" if chance % 2 else "review"
