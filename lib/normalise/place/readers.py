"""Reads the cells of PIN, state and district: what each tells by itself."""

from __future__ import annotations

import re

from attrs import frozen

from lib.normalise.place.directory import Directory
from lib.normalise.place.keys import bare, place_key, plain, within_one_edit
from lib.normalise.place.tables import PlaceTables
from lib.normalise.text import is_missing

_PIN = re.compile(r"[1-9][0-9]{5}\Z")
_BLANKS = re.compile(r"[\s-]+")
_DECIMALS = re.compile(r"\.0*\Z")
_FLOAT = re.compile(r"[1-9]\.[0-9]{1,5}E\+?0?5\Z")
_SHORTEST_STATE = 5  # letters that a misspelt state has at least


@frozen
class PinCell:
    """A PIN's cell as read: its six digits, its status, its states and districts, the likelier first."""

    number: str | None
    status: str
    states: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


def read_pin(text: str | None, directory: Directory) -> PinCell:
    """The PIN in a cell; a spreadsheet's `400001.0` and `4.00001E5`, spaces and dashes are repaired."""
    digits = plain(text or "").strip()
    if is_missing(digits):
        return PinCell(None, "MISSING")
    digits = _DECIMALS.sub("", _BLANKS.sub("", digits))
    if _FLOAT.match(digits):
        digits = f"{float(digits):.0f}"
    if not _PIN.match(digits):
        return PinCell(None, "BAD_FORMAT" if digits else "MISSING")
    known = directory.pins.get(digits)
    districts = tuple(code for code, _ in known.districts) if known else ()
    return PinCell(digits, "VALID" if known else "UNKNOWN", directory.states_of(digits), districts)


class StateReader:
    """The states that texts name."""

    def __init__(self, tables: PlaceTables) -> None:
        self.codes = tables.state_of_key()
        self._long = [(key, code) for key, code in self.codes.items() if len(key) >= _SHORTEST_STATE]

    def __call__(self, text: str | None) -> str | None:
        """The code of the state that a text names, exactly or within one edit of one state's spellings."""
        key = place_key((text or "").split("/", 1)[0])
        if (code := self.codes.get(key)) is not None or len(key) < _SHORTEST_STATE:
            return code
        near = {code for known, code in self._long if within_one_edit(key, known)}
        return near.pop() if len(near) == 1 else None


def read_district(text: str | None, state: str | None, directory: Directory) -> str | None:
    """The code of the district that a text names in the state; without a state, of the only one of that name."""
    key = place_key(text or "")
    if not key:
        return None
    states = [state] if state else sorted({district.state_code for district in directory.districts.values()})
    for spelling in dict.fromkeys((key, bare(key))):
        found = {code for at in states for code in directory.district_of_key.get((at, spelling), ())}
        if len(found) == 1:
            return found.pop()
    if state is None:
        return None
    near = {
        code
        for (at, known), codes in directory.district_of_key.items()
        if at == state and len(key) > 4 and within_one_edit(key, known)
        for code in codes
    }
    return near.pop() if len(near) == 1 else None
