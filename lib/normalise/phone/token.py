"""What one token of a cell is by itself, before its neighbours and the row's place are looked at."""

from __future__ import annotations

import re

from attrs import frozen

from lib.normalise.phone import cell
from lib.normalise.phone.plan import MACHINE, SERVICE, class_of, is_foreign

# Kinds of tokens. DONE is decided; a SUBSCRIBER's number lacks its STD code; a TAIL replaces the end of the number
# before it; STD is a code that stands alone; EXTENSION belongs to the number before it.
DONE, SUBSCRIBER, TAIL, STD, EXTENSION = "DONE", "SUBSCRIBER", "TAIL", "STD", "EXTENSION"

_NOT_DIGITS = re.compile("[^0-9]")
_SERVICE = re.compile(SERVICE)
_MACHINE = re.compile(MACHINE)
_LEADING_STD = re.compile(cell.LEADING_STD)


@frozen
class Token:
    """`digits` are the national number's where one was found; `std` is the STD code that later numbers may lack."""

    kind: str
    digits: str
    type: str | None = None
    status: str = cell.BAD_LENGTH
    std: str = ""
    e164: str | None = None


def parsed(token: str, dummies: frozenset[str]) -> Token:
    """The token by itself."""
    digits = _NOT_DIGITS.sub("", token)
    if token[0] == "#":
        return Token(EXTENSION, digits)
    if token[0] in "/,&- ":
        return Token(TAIL, digits)
    bare = digits.lstrip("0")
    if not bare or (len(set(digits)) == 1 and len(digits) >= 6):
        return Token(DONE, digits, status=cell.DUMMY)
    # A country code before fewer digits is the start of a mobile.
    service = bare[2:] if bare[:2] == "91" and len(bare) > 10 else bare
    if _SERVICE.fullmatch(service):
        return _valid(service, cell.TOLL_FREE)
    if _MACHINE.fullmatch(bare[-13:]) and bare[:-13] in ("", "91"):
        return _valid(bare[-13:], cell.M2M)
    abroad = token[0] == "+" or (digits[:2] == "00" and digits[2:3] != "0")
    national = _national(digits, bare, abroad)
    if national:
        return by_plan(national, digits, dummies)
    if abroad and bare[:2] != "91" and len(bare) > 8:
        return _foreign(bare)
    return _short(token, digits, bare)


def _national(digits: str, bare: str, abroad: bool) -> str:
    """The ten digits of an Indian number without country code and trunk zero; "" if they are not ten."""
    length = len(bare)
    if length == 10:
        return bare if not abroad or bare[0] in "789" else ""
    if length == 12 and bare[:2] == "91":
        return bare[2:]
    if length == 13 and bare[:3] == "910":
        return bare[3:]
    if digits[0] == "0" and not abroad and length in (12, 13, 14) and bare[-10] in "6789":
        return bare[-10:]  # an STD code before a mobile
    return ""


def by_plan(national: str, digits: str, dummies: frozenset[str]) -> Token:
    """A number of ten digits; `digits` as they were written, with what stood before it."""
    kind = class_of(national)
    if national in dummies or len(set(national)) == 1:
        return Token(DONE, national, status=cell.DUMMY)
    if kind == ".":
        return Token(DONE, national, status=cell.BAD_PREFIX)
    either = "BCD".find(kind)  # mobile or landline: with one trunk zero people write landlines
    if kind == "M" or (either >= 0 and not (len(digits) == 11 and digits[0] == "0")):
        return _valid(national, cell.MOBILE)
    return _valid(national, cell.LANDLINE, national[: either + 2 if either >= 0 else int(kind)])


def _valid(national: str, kind: str, std: str = "") -> Token:
    return Token(DONE, national, kind, cell.VALID, std, f"+91{national}")


def _foreign(bare: str) -> Token:
    if is_foreign(bare):
        return Token(DONE, bare, cell.FOREIGN, cell.VALID, e164=f"+{bare}")
    return Token(DONE, bare, status=cell.BAD_PREFIX)


def _short(token: str, digits: str, bare: str) -> Token:
    """What is too short or too long: a subscriber's number, a lone STD code, or nothing."""
    if 6 <= len(bare) <= 8 and bare[0] in "234567" and token[0] != "+":
        return Token(SUBSCRIBER, bare)
    if digits[0] == "0" and 3 <= len(digits) <= 5:
        return Token(STD, digits, std=bare)
    # Its STD code may still be right for the numbers after it.
    leading = _LEADING_STD.match(token)
    return Token(DONE, digits, std=leading[1] if leading else "")
