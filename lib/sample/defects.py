"""What can be wrong with an order row, by the name of the rule that must refuse it, and how it looks."""

from __future__ import annotations

import attrs


@attrs.frozen
class Defect:
    """One way to be bad: the rules that it breaks, and by column the texts that break them.

    `competes` tells whether the row has a key and a time, and so may win over other rows.
    """

    reasons: tuple[str, ...]
    cells: tuple[tuple[str, tuple[str, ...]], ...] = ()
    competes: bool = True

    @property
    def is_malformed(self) -> bool:
        """Whether the record has too few or too many fields, so that no column can be trusted."""
        return self.reasons == ("malformed_record",)


def _defect(reason: str, column: str, *texts: str, competes: bool = True) -> Defect:
    return Defect((reason,), ((column, texts),), competes)


DEFECTS = (
    Defect(("malformed_record",), competes=False),
    _defect("order_id_not_null", "order_id", "", competes=False),
    _defect("order_line_id_not_null", "line_no", "", competes=False),
    _defect("order_ts_type", "order_time", "31-31-2025 10:00", "yesterday", "2025-13-45 99:99:99", competes=False),
    _defect("order_ts_window", "order_time", "2099-01-01 00:00:00", "2099-12-31 23:59:59", competes=False),
    _defect("product_id_not_null", "sku", ""),
    _defect("quantity_type", "qty", "two", "1 pc", "x"),
    _defect("quantity_range", "qty", "-1", "0", "10001", "99999"),
    _defect("unit_price_type", "unit_price", "N/A", "free", "Rs"),
    _defect("unit_price_range", "unit_price", "-1.00", "-499.50", "10000000.01", "99999999.00"),
    _defect("unit_price_not_null", "unit_price", ""),
    _defect("discount_percentage_type", "discount_pct", "ten", "N/A"),
    _defect("discount_percentage_range", "discount_pct", "101", "-5", "100.01"),
    _defect("order_status_not_null", "status", ""),
    Defect(
        ("discount_percentage_range", "quantity_range"),
        (("qty", ("-1", "0", "10001")), ("discount_pct", ("101", "-5"))),
    ),
    Defect(("product_id_not_null", "unit_price_type"), (("sku", ("",)), ("unit_price", ("N/A",)))),
)
# What the losing row of a key may suffer from: it counts as a duplicate all the same.
LOSER_DEFECTS = tuple(defect for defect in DEFECTS if defect.competes)
