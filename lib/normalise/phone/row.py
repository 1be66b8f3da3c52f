"""The numbers of a cell with what their neighbours and the row's place tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from lib.normalise.phone import cell
from lib.normalise.phone.plan import class_of
from lib.normalise.phone.std import Codes
from lib.normalise.phone.token import DONE, EXTENSION, STD, TAIL, Token, by_plan


@frozen
class PhoneNumber:
    """One number of a cell; `e164` is null unless it is valid."""

    e164: str | None
    type: str | None
    status: str
    extension: str | None = None


def resolved(tokens: Sequence[Token], codes: Codes, dummies: frozenset[str]) -> list[PhoneNumber]:
    """The cell's numbers in order; `codes` are the STD codes of the row's place by their length.

    A number without STD code takes that of the number before it in the cell, else the first of the cell, else its
    place's. Each must make ten digits of it that the numbering plan knows as a landline.
    """
    found: list[PhoneNumber] = []
    first = next((token.std for token in tokens if token.std), "")
    carried, last = "", ""
    for token in tokens:
        carried = token.std or carried
        if token.kind == EXTENSION:
            if found:
                found[-1] = evolve(found[-1], extension=token.digits)
        elif token.kind == DONE:
            found.append(PhoneNumber(token.e164, token.type, token.status))
            last = token.digits if token.status == cell.VALID and token.type in (cell.MOBILE, cell.LANDLINE) else ""
        elif token.kind != STD:
            number = _tail(last, token.digits) if token.kind == TAIL else token.digits
            found.append(_completed(number, (carried, first), codes, dummies))
            last = number if len(number) > 5 else ""
    return found


def _tail(last: str, digits: str) -> str:
    """The number before with its last digits replaced; the digits themselves where that cannot be meant."""
    if not last or digits in cell.SHORT_CODES:
        return digits
    return last[: -len(digits)] + digits


def _completed(number: str, carried: Sequence[str], codes: Codes, dummies: frozenset[str]) -> PhoneNumber:
    """A number of a cell that was written in part."""
    if len(number) == 10:
        token = by_plan(number, "0" + number, dummies)
        carries = token.status == cell.VALID and token.type == cell.LANDLINE
        return PhoneNumber(token.e164, token.type, cell.CARRIED if carries else token.status)
    if not 6 <= len(number) <= 8:
        return PhoneNumber(None, None, cell.BAD_LENGTH)
    length = 10 - len(number)
    for std, status in (*((code, cell.CARRIED) for code in carried), (codes.get(length, ""), cell.INFERRED)):
        if len(std) == length and class_of(std + number) in _LANDLINE[length]:
            return PhoneNumber(f"+91{std}{number}", cell.LANDLINE, status)
    return PhoneNumber(None, None, cell.BAD_LENGTH)


_LANDLINE = {2: "2B", 3: "3C", 4: "4D"}  # classes of landlines with an STD code of so many digits
