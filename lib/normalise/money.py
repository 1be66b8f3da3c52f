"""Rupees: the Indian grouping of digits, amounts read from text, GST inside and on top of a price."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from attrs import frozen
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lib.normalise.place.tables import UNKNOWN
from lib.normalise.text import fold, folded, quoted

_PAISA = Decimal("0.01")
_RATE_STEP = Decimal("0.0001")
_LAKH, _CRORE = 10**5, 10**7
_UNITS = ((_LAKH * _CRORE, "lakh crore"), (_CRORE, "crore"), (_LAKH, "lakh"))

# Where a comma goes: before the last three digits, and before each two in front of them.
_COMMA = r"(?<=[0-9])(?=(?:[0-9]{2})*[0-9]{3}\z)"

_CURRENCY = "(?:RS[.]?|INR|RUPEES|\u20b9|\u20a8)"
_NUMBER = "([0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}|[0-9]{1,18})?(?:[.]([0-9]{1,4})0*)?"
# Groups: bracket, sign, sign after the currency, rupees, paise, unit.
_AMOUNT = (
    rf"\A(\()? *(?:([+-]) *)?{_CURRENCY}? *(?:([+-]) *)?(?=[.]?[0-9]){_NUMBER}"
    rf" *(?:(LAKHS?|LACS?|CRORES?) *)?{_CURRENCY}? *(?:/-|/=)? *(?:ONLY)? *[.]?(?:\))?\z"
)
_DIGITS = 18  # before the point, written out
_AMOUNT_RE = re.compile(_AMOUNT.replace(r"\z", r"\Z"))
_TO_UPPER = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_UPPER = str.maketrans(*_TO_UPPER)


@frozen
class GstSplit:
    """An invoice line's amounts in rupees: `taxable` + `cgst` + `sgst` + `igst` = `gross`, to the paisa."""

    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    gross: Decimal


def format_inr(amount: Decimal, *, places: int = 2) -> str:
    """`amount` in the Indian grouping: 1,23,45,678.90, of any size; half a paisa is rounded away from zero."""
    rounded = _rounded(amount, Decimal(1).scaleb(-places))
    whole, point, fraction = f"{rounded.copy_abs():f}".partition(".")
    sign = "-" if rounded < 0 else ""
    return sign + _grouped(whole) + point + fraction


def format_inr_short(amount: Decimal) -> str:
    """`amount` as people say it: 1.23 crore, 4.5 lakh, 2.1 lakh crore, two decimals at most; below a lakh in full."""
    if amount.copy_abs() < _LAKH:
        return format_inr(amount).removesuffix(".00")
    sizes = ((_rounded(_wide(amount).divide(amount, unit), _PAISA), name) for unit, name in _UNITS)
    in_units, name = next(size for size in sizes if size[0].copy_abs() >= 1)
    return f"{format_inr(in_units).rstrip('0').rstrip('.')} {name}"


def parse_inr(text: str | None) -> Decimal | None:
    """The amount in a text such as `Rs. 1,23,456.50/-`, `(1,200.00)` or `₹ 1.5 crore`, with four decimals.

    None for what is no amount: other words, commas in places where neither the Indian nor the western grouping has
    them, more than 18 digits or 4 decimals. `Cr` is none either: a credit in one book, a crore in the other.
    """
    found = _AMOUNT_RE.match(fold(text).translate(_UPPER))
    if found is None:
        return None
    bracket, before, after, rupees, paise, unit = found.groups(default="")
    whole = rupees.replace(",", "")
    if len(whole) > _DIGITS or bool(bracket) != found[0].endswith(")") or (before and after):
        return None
    negative = bracket or "-" in (before, after)
    value = Decimal(f"{'-' if negative else ''}{whole or '0'}.{paise or '0'}")
    times = _CRORE if unit.startswith("C") else _LAKH if unit else 1
    return _rounded(value * times, _RATE_STEP)


def gst_split(
    amount: Decimal, rate: Decimal, *, inclusive: bool, seller_state: str | None, buyer_state: str | None
) -> GstSplit:
    """GST of `rate` (0.18 for 18 %, four decimals) inside `amount` (inclusive, an MRP) or on top of it.

    Within a state half is CGST and the rest SGST (UTGST in a union territory): an odd paisa is CGST's. Between two
    states it is IGST. A buyer whose state is not known is supplied where the seller is (IGST Act 2017, section 12(2)).
    A return, with a negative amount, mirrors its sale. Raises ValueError for a rate below 0 or from 1 on.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"a GST rate is from 0 to 1 (0.18 for 18 %), not {rate}")
    paid, share = _rounded(amount, _PAISA), _rounded(rate, _RATE_STEP)
    wide = _wide(paid)
    tax = wide.multiply(paid, share)
    if inclusive:
        tax = wide.divide(tax, 1 + share)
    tax = _rounded(tax, _PAISA)
    central = _rounded(wide.divide(tax, 2), _PAISA)
    taxable = wide.subtract(paid, tax) if inclusive else paid
    between = _known(buyer_state) is not None and _known(seller_state) != _known(buyer_state)
    zero = Decimal("0.00")
    cgst, sgst, igst = (zero, zero, tax) if between else (central, wide.subtract(tax, central), zero)
    return GstSplit(taxable, cgst, sgst, igst, wide.add(taxable, tax))


def with_inr_text(df: DataFrame, amount: str, *, into: str) -> DataFrame:
    """Adds the column `into`: the decimal column `amount` in the Indian grouping with paise (`format_inr`)."""
    text = F.expr(f"cast(try_cast({quoted(amount)} AS decimal(38,2)) AS string)")
    staged = df.withColumns({"_inr": text})
    whole = F.regexp_replace(F.substring_index(F.ltrim(F.translate("_inr", "-", " ")), ".", 1), _COMMA, ",")
    sign = F.when(F.startswith("_inr", F.lit("-")), "-").otherwise("")
    grouped = F.concat(sign, whole, F.lit("."), F.substring_index("_inr", ".", -1))
    return staged.withColumns({into: grouped}).drop("_inr")


def with_parsed_inr(df: DataFrame, column: str, *, into: str) -> DataFrame:
    """Adds the column `into` (decimal(30,4)): the amount in a text column, null for what is none (`parse_inr`)."""
    text = F.translate(folded(F.col(quoted(column)).cast("string")), *_TO_UPPER)
    staged = df.withColumns({"_inr": text})
    staged = staged.withColumns({"_inr": F.when(F.col("_inr").rlike(_AMOUNT), F.col("_inr"))})
    groups = ("bracket", "before", "after", "rupees", "paise", "unit")
    part = {f"_inr_{name}": F.regexp_extract("_inr", _AMOUNT, number + 1) for number, name in enumerate(groups)}
    staged = staged.withColumns(part).withColumns({"_inr_whole": F.translate("_inr_rupees", ",", "")})
    fits = (
        (F.length("_inr_whole") <= _DIGITS)
        & ((F.col("_inr_bracket") != "") == F.endswith("_inr", F.lit(")")))
        & ((F.col("_inr_before") == "") | (F.col("_inr_after") == ""))
    )
    negative = (F.col("_inr_bracket") != "") | (F.col("_inr_before") == "-") | (F.col("_inr_after") == "-")
    sign = F.when(negative, "-").otherwise("")
    number = F.concat(sign, _or_zero("_inr_whole"), F.lit("."), _or_zero("_inr_paise")).cast("decimal(22,4)")
    unit = F.col("_inr_unit")
    times = F.when(unit.startswith("C"), F.lit(_CRORE)).when(unit != "", F.lit(_LAKH)).otherwise(F.lit(1))
    amount = F.when(fits, number * times.cast("decimal(8,0)")).cast("decimal(30,4)")
    return staged.withColumns({into: amount}).drop("_inr", *part, "_inr_whole")


def with_gst_split(
    df: DataFrame,
    amount: str,
    rate: str,
    *,
    seller_state: str,
    buyer_state: str,
    inclusive: bool,
    prefix: str = "gst_",
) -> DataFrame:
    """Adds `taxable_inr`, `cgst_inr`, `sgst_inr`, `igst_inr`, `gross_inr` (decimal(20,2)), `prefix` before each.

    As `gst_split`, from columns. Null where amount or rate is missing, no number, too large, or the rate not from 0
    to 1.
    """
    staged = df.withColumns(
        {
            "_gst_paid": F.expr(f"try_cast({quoted(amount)} AS decimal(18,2))"),
            "_gst_rate": F.expr(f"try_cast({quoted(rate)} AS decimal(10,4))"),
        }
    )
    usable = (F.col("_gst_rate") >= 0) & (F.col("_gst_rate") < 1)
    tax = F.col("_gst_paid") * F.col("_gst_rate").cast("decimal(5,4)")
    if inclusive:
        tax = tax / (F.col("_gst_rate") + F.lit(1)).cast("decimal(5,4)")
    staged = staged.withColumns({"_gst_tax": F.when(usable, F.round(tax, 2).cast("decimal(20,2)"))})
    half = F.round(F.col("_gst_tax") / F.lit(2), 2).cast("decimal(20,2)")
    seller, buyer = (_known_column(name) for name in (seller_state, buyer_state))
    between = buyer.isNotNull() & ~seller.eqNullSafe(buyer)
    staged = staged.withColumns({"_gst_half": half, "_gst_between": between})
    total, central, apart = F.col("_gst_tax"), F.col("_gst_half"), F.col("_gst_between")
    zero = F.when(total.isNotNull(), F.lit(0))
    taxable = F.when(total.isNotNull(), F.col("_gst_paid") - total if inclusive else F.col("_gst_paid"))
    values = {
        "taxable_inr": taxable,
        "cgst_inr": F.when(apart, zero).otherwise(central),
        "sgst_inr": F.when(apart, zero).otherwise(total - central),
        "igst_inr": F.when(apart, total).otherwise(zero),
        "gross_inr": taxable + total,
    }
    added = {f"{prefix}{name}": value.cast("decimal(20,2)") for name, value in values.items()}
    return staged.withColumns(added).drop("_gst_paid", "_gst_rate", "_gst_tax", "_gst_half", "_gst_between")


def _rounded(amount: Decimal, step: Decimal) -> Decimal:
    """To a multiple of `step`, halves away from zero, at any size; no negative zero."""
    rounded = amount.quantize(step, ROUND_HALF_UP, _wide(amount))
    return rounded if rounded else rounded.copy_abs()


def _wide(amount: Decimal) -> Context:
    """Room for every digit; the usual context rounds to 28."""
    return Context(prec=max(amount.adjusted(), 0) + 60, rounding=ROUND_HALF_UP)


def _grouped(whole: str) -> str:
    pairs, last = whole[:-3], whole[-3:]
    start = len(pairs) % 2
    groups = [pairs[:start], *(pairs[place : place + 2] for place in range(start, len(pairs), 2)), last]
    return ",".join(group for group in groups if group)


def _known(state: str | None) -> str | None:
    return None if state in (None, "", UNKNOWN) else state


def _known_column(name: str) -> Column:
    state = F.col(quoted(name))
    return F.when(~state.isin("", UNKNOWN), state)


def _or_zero(name: str) -> Column:
    return F.when(F.col(name) == "", "0").otherwise(F.col(name))
