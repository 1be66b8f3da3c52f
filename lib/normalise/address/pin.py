"""The PIN that is printed in an address."""

from __future__ import annotations

import re

from lib.normalise.place.directory import directory

# 110001, 110 001, 110-001, 400001.0
_SIX = re.compile(r"(?<![0-9])([1-9][0-9]{2})([ -]?)([0-9]{3})(?:\.0+)?(?![0-9])")
# The last words before a number tell what it is.
_PUNCTUATION = str.maketrans(".:#=()-,", " " * 8)
_OF_PIN = frozenset({"pin", "pincode", "zip", "zipcode", "postal", "पिन", "पिनकोड"})
_OF_TELEPHONE = frozenset(
    {"ph", "phone", "mob", "mobile", "tel", "tele", "telephone", "contact", "fax", "cell", "फोन", "मोबाइल"}
)
_OF_UNIT = frozenset({"no", "nos", "number", "flat", "plot", "house", "door", "khasra", "survey", "shop"})
_BETWEEN = frozenset({"no", "nos", "code", "number", "कोड"})
# An STD code, or the first half of a mobile number.
_DIGITS_BEFORE = re.compile(r"(?:(?<![0-9])0[0-9]{2,4}[ -]{1,3}|[0-9]{4,5}[ -]|\+[0-9 -]+)\Z")
_DIGITS_AFTER = re.compile(r"[ -][0-9]{3}|/[0-9]{1,3}(?![0-9])")
_DIGIT = re.compile("[0-9]")
_ONLY_END = re.compile(r"[\s.,;)\-]*(?:(?i:india|in)[\s.,;)]*)?\Z")
_CELL = re.compile(r"\A\s*([1-9][0-9]{2})[ -]?([0-9]{3})(?:\.0*)?\s*\Z")


def printed_pin(text: str) -> str | None:
    """The PIN that is printed in a folded text, or None.

    One after its label wins, then one at the end, then one of a known prefix; of equal ones the last. Six digits that
    are part of a telephone or house number are none, nor are parted ones ("110 001") before other numbers.
    """
    best, found = 0, None
    for match in _SIX.finditer(text):
        pin = match.group(1) + match.group(3)
        worth = _worth(text, match, pin)
        if worth >= max(best, 1):
            best, found = worth, pin
    return found


def _worth(text: str, match: re.Match[str], pin: str) -> int:
    """How surely six digits are the PIN; 0: they are not."""
    start, end = match.span()
    before = text[max(0, start - 24) : start]
    words = before.lower().translate(_PUNCTUATION).split()[-2:]
    last = words[-1] if words else ""
    named = words[0] if last in _BETWEEN else last
    if named in _OF_PIN:
        return 5
    if named in _OF_TELEPHONE or last in _OF_UNIT or _DIGITS_AFTER.match(text, end):
        return 0
    if last[-1:].isdigit() and _DIGITS_BEFORE.search(before):
        return 0
    known = 2 if states_of_pin(pin) else 0
    at_end = bool(_ONLY_END.match(text, end))
    if not match.group(2):
        return 2 + known + at_end
    return 1 + known if known and (at_end or not _DIGIT.search(text, end)) else 0


def pin_of_cell(cell: str | None) -> str | None:
    """The PIN of a column of PINs, with a spreadsheet's and a typist's forms repaired."""
    match = _CELL.match(cell or "")
    return match.group(1) + match.group(2) if match else None


def states_of_pin(pin: str | None) -> tuple[str, ...]:
    """The codes of the states that a PIN may lie in, the likeliest first; none for an unknown prefix."""
    return directory().states_of(pin) if pin else ()
