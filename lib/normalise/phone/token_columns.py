"""`token.parsed` as Spark expressions."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lib.normalise.phone import cell
from lib.normalise.phone.expressions import class_column, let, none, status_column, type_column
from lib.normalise.phone.plan import MACHINE, SERVICE, foreign_pattern
from lib.normalise.phone.token import DONE, EXTENSION, STD, SUBSCRIBER, TAIL


def parsed(token: Column, dummies: Sequence[str]) -> Column:
    """A token by itself: struct<kind, digits, type, status, std, e164>."""
    # translate() is slow, and most tokens are digits with a space or dash at most.
    spaced = F.replace(F.replace(token, F.lit(" "), F.lit("")), F.lit("-"), F.lit(""))
    digits = let(
        spaced, lambda text: F.when(text.rlike("[^0-9]"), F.translate(text, cell.NOT_DIGITS, "")).otherwise(text)
    )
    return let(
        F.struct(token.alias("text"), digits.alias("digits")),
        lambda t: let(
            F.struct(
                t["text"].alias("text"),
                t["digits"].alias("digits"),
                F.substring(t["text"], 1, 1).alias("first"),
                _without_zeros(t["digits"]).alias("bare"),
            ),
            lambda t: _by_form(t, dummies),
        ),
    )


def _without_zeros(digits: Column) -> Column:
    one = F.when(digits.startswith("0"), digits.substr(F.lit(2), F.length(digits))).otherwise(digits)
    return F.when(digits.startswith("00"), F.regexp_replace(digits, r"\A0+", "")).otherwise(one)


def _by_form(t: Column, dummies: Sequence[str]) -> Column:
    digits, bare = t["digits"], t["bare"]
    repeated = (F.length(digits) >= 6) & (F.length(F.replace(digits, F.substring(digits, 1, 1), F.lit(""))) == 0)
    service = F.when(bare.startswith("91") & (F.length(bare) > 10), F.substring(bare, 3, 20)).otherwise(bare)
    eighteen = bare.startswith("18") | bare.startswith("9118")
    five = bare.startswith("5") | bare.startswith("915")
    without_91 = F.when(bare.startswith("91"), F.substring(bare, 3, 20)).otherwise(bare)
    return (
        F.when(t["first"] == "#", _token(EXTENSION, digits))
        .when(t["first"].isin("/", ",", "&", "-", " "), _token(TAIL, digits))
        .when((bare == "") | repeated, _token(DONE, digits, status=cell.DUMMY))
        .when(eighteen & service.rlike(rf"\A(?:{SERVICE})\z"), _valid(service, cell.TOLL_FREE))
        .when(five & bare.rlike(rf"\A(?:91)?{MACHINE}\z"), _valid(without_91, cell.M2M))
        .otherwise(let(_with_national(t), lambda t: _by_number(t, dummies)))
    )


def _with_national(t: Column) -> Column:
    """With the ten digits of an Indian number, null where they are not ten, and whether the number is international."""
    digits, bare, length = t["digits"], t["bare"], F.length(t["bare"])
    abroad = (t["first"] == "+") | (digits.startswith("00") & ~digits.startswith("000"))
    after_std = digits.startswith("0") & ~abroad & length.isin(12, 13, 14)
    national = (
        F.when(length == 10, F.when(~abroad | F.substring(bare, 1, 1).isin("7", "8", "9"), bare))
        .when((length == 12) & bare.startswith("91"), F.substring(bare, 3, 10))
        .when((length == 13) & bare.startswith("910"), F.substring(bare, 4, 10))
        .when(after_std & F.substring(bare, -10, 1).isin("6", "7", "8", "9"), F.substring(bare, -10, 10))
    )
    return F.struct(
        *(t[name].alias(name) for name in ("text", "digits", "first", "bare")),
        abroad.alias("abroad"),
        national.alias("national"),
        class_column(national).alias("class"),
    )


def _by_number(t: Column, dummies: Sequence[str]) -> Column:
    foreign = t["abroad"] & ~t["bare"].startswith("91") & (F.length(t["bare"]) > 8)
    return (
        F.when(t["national"].isNotNull(), by_plan(t["national"], t["class"], t["digits"], dummies))
        .when(
            foreign,
            F.when(
                t["bare"].rlike(rf"\A(?:{foreign_pattern()})\z"), _valid(t["bare"], cell.FOREIGN, plus="+")
            ).otherwise(_token(DONE, t["bare"], status=cell.BAD_PREFIX)),
        )
        .otherwise(_short(t["text"], t["first"], t["digits"], t["bare"]))
    )


def by_plan(national: Column, kind: Column, digits: Column, dummies: Sequence[str]) -> Column:
    """`token.by_plan`; `kind` is the class of the number."""
    trunk = (F.length(digits) == 11) & digits.startswith("0")
    status = status_column(national, kind, dummies)
    return let(status, lambda status: _planned(national, kind, trunk, status))


def _planned(national: Column, kind: Column, trunk: Column, status: Column) -> Column:
    valid = status == cell.VALID
    type_ = F.when(valid, type_column(kind, trunk))
    std = national.substr(F.lit(1), F.when(kind.isin("2", "B"), 2).when(kind.isin("3", "C"), 3).otherwise(4))
    landline = F.coalesce(type_ == cell.LANDLINE, F.lit(False))
    return _struct(
        DONE,
        national,
        type_,
        status,
        F.when(landline, std).otherwise(""),
        F.when(valid, F.concat(F.lit("+91"), national)),
    )


def _short(text: Column, first: Column, digits: Column, bare: Column) -> Column:
    subscriber = F.length(bare).between(6, 8) & bare.rlike(r"\A[2-7]") & (first != "+")
    lone = digits.startswith("0") & F.length(digits).between(3, 5)
    leading = F.regexp_extract(text, cell.LEADING_STD, 1)
    return (
        F.when(subscriber, _token(SUBSCRIBER, bare))
        .when(lone, _token(STD, digits, std=bare))
        .otherwise(_token(DONE, digits, std=leading))
    )


def _token(kind: str, digits: Column, *, status: str = cell.BAD_LENGTH, std: Column | None = None) -> Column:
    """A token without a valid number."""
    return _struct(kind, digits, none(), F.lit(status), F.lit("") if std is None else std, none())


def _valid(number: Column, kind: str, plus: str = "+91") -> Column:
    e164 = F.concat(F.lit(plus), number)
    return _struct(DONE, number, F.lit(kind), F.lit(cell.VALID), F.lit(""), e164)


def _struct(kind: str, digits: Column, type_: Column, status: Column, std: Column, e164: Column) -> Column:
    return F.struct(
        F.lit(kind).alias("kind"),
        digits.alias("digits"),
        type_.alias("type"),
        status.alias("status"),
        std.alias("std"),
        e164.alias("e164"),
    )
