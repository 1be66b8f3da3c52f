"""What a kind of identifier is: patterns and tables that Python and Spark both work through, so that they agree."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase

from attrs import frozen

VALID = "VALID"
MISSING = "MISSING"
BAD_FORMAT = "BAD_FORMAT"
BAD_CHECKSUM = "BAD_CHECKSUM"

LOWER, UPPER = ascii_lowercase, ascii_uppercase

# What people write for nothing, in capitals and without the characters of `BETWEEN_WORDS`.
BETWEEN_WORDS = " .-/_'\"()"
NOTHING = frozenset(
    {"", "NA", "#NA", "NAN", "NULL", "NONE", "NIL", "?", "UNKNOWN", "NOTAVAILABLE", "NOTAPPLICABLE", "NOTPROVIDED",
     "NOTREGISTERED", "UNREGISTERED", "URP", "TBD", "XX", "XXX"}
)  # fmt: skip

Replacements = tuple[tuple[str, str], ...]


@frozen
class Kind:
    """A kind of identifier. Patterns are Java's: anchors `\\A` and `\\z`, explicit classes, `$1` in replacements.

    - `case`: `upper`, `lower`, or `domain` (lower case after the last @)
    - `dropped`: characters that people put inside, removed before anything else
    - `repairs`: (pattern, replacement), one after the other: labels, a spreadsheet's decimals, leading zeros
    - `statuses`: (pattern, status); the first that matches decides, BAD_FORMAT if none does
    - `checksum`: `luhn36` or `verhoeff`, tested where the status is VALID
    - `shapes`: (pattern, replacement) that give the value its final form; `kept`: bad statuses that have a value too
    - `types`: (pattern, type), the first that matches; `state`: a pattern whose group 1 is looked up in `states`
    - `secret`: the number itself must not come out, only its shape and a keyed hash
    """

    name: str
    statuses: Replacements
    case: str = "upper"
    dropped: str = " "
    repairs: Replacements = ()
    shapes: Replacements = ()
    kept: tuple[str, ...] = ()
    types: Replacements = ()
    state: str = ""
    states: Mapping[str, str] = {}
    checksum: str = ""
    secret: bool = False

    @property
    def case_from(self) -> str:
        """First argument of translate(): letters to change, then characters to drop."""
        return {"upper": LOWER, "lower": UPPER}.get(self.case, "") + self.dropped

    @property
    def case_to(self) -> str:
        """Second argument of translate()."""
        return {"upper": UPPER, "lower": LOWER}.get(self.case, "")


def not_of_length(*lengths: int) -> str:
    """The pattern of texts that have none of these lengths."""
    return r"\A(?!(?:" + "|".join(f"(?s:.){{{length}}}" for length in lengths) + r")\z)"


def any_of(words: Mapping[str, str] | frozenset[str] | tuple[str, ...]) -> str:
    """The pattern of any of these words."""
    return "(?:" + "|".join(sorted(words)) + ")"


def floats(*exponents: int) -> Replacements:
    """Repairs of numbers that went through a spreadsheet or a double, where no digit was lost: 2.34E2 is 234."""
    forms = "|".join(rf"([0-9]{{{e}}})E[+]?0?{e}" for e in exponents)
    groups = "".join(f"${number}" for number in range(2, len(exponents) + 2))
    return ((r"\A([0-9]+)\.0*\z", "$1"), (rf"\A([0-9])\.(?:{forms})\z", f"$1{groups}"))


ROUNDED = (r"\A[0-9]+(?:\.[0-9]+)?E[+]?[0-9]+\z", "BAD_ROUNDED")  # a spreadsheet's 1.23457E+11: digits are gone
