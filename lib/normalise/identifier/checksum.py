"""Check digits: Luhn modulo 36 (GSTIN) and Verhoeff (Aadhaar), in Python and in Spark."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Where a value counts twice: the place of each character is the digit sum, in base 36, of its doubled value.
_DOUBLED = "".join(low + high for low, high in zip(_ALPHABET[:18], _ALPHABET[18:], strict=True))

# Verhoeff's tables (J. Verhoeff, Error detecting decimal codes, 1969): products in the dihedral group of order 10, row
# by row; and the permutation of a digit by its place from the right, which repeats after 8.
_PRODUCTS = "".join(
    str((left + right) % 5 if left < 5 and right < 5
        else (left + right) % 5 + 5 if left < 5
        else (left - right) % 5 + 5 if right < 5
        else (left - right) % 5)
    for left in range(10) for right in range(10)
)  # fmt: skip
_FIRST = "1576283094"


def _permutations() -> str:
    rows = ["0123456789"]
    for _ in range(7):
        rows.append("".join(rows[-1][int(digit)] for digit in _FIRST))
    return "".join(rows)


_PERMUTED = _permutations()


def luhn36(text: str) -> bool:
    """Whether the last of 15 capitals and digits checks the others."""
    return sum((_DOUBLED if place % 2 else _ALPHABET).index(char) for place, char in enumerate(text)) % 36 == 0


def verhoeff(text: str) -> bool:
    """Whether the last digit checks the others."""
    check = 0
    for place, digit in enumerate(reversed(text)):
        check = int(_PRODUCTS[10 * check + int(_PERMUTED[10 * (place % 8) + int(digit)])])
    return check == 0


def luhn36_column(text: Column) -> Column:
    """`luhn36` in Spark, for texts of 15 capitals and digits."""

    def add(total: Column, place: Column) -> Column:
        alphabet = F.when(place % 2 == 0, _DOUBLED).otherwise(_ALPHABET)
        return total + F.position(text.substr(place, F.lit(1)), alphabet) - 1

    return F.aggregate(F.sequence(F.lit(1), F.lit(15)), F.lit(0), add) % 36 == 0


def verhoeff_column(text: Column) -> Column:
    """`verhoeff` in Spark, for texts of 12 digits."""
    # Arrays, not texts: a place in a text is found by walking there.
    products, permuted = (F.array(*(F.lit(int(digit)) for digit in table)) for table in (_PRODUCTS, _PERMUTED))

    def multiply(check: Column, place: Column) -> Column:
        digit = F.ascii(text.substr(F.lit(12) - place, F.lit(1))) - 48
        return F.get(products, check * 10 + F.get(permuted, place % 8 * 10 + digit))

    return F.aggregate(F.sequence(F.lit(0), F.lit(11)), F.lit(0), multiply) == 0
