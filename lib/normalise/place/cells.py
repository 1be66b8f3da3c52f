"""Reads what stands in a city's cell: its parts, and what follows the name (a state, "Dist", a direction)."""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import frozen

from lib.normalise.place.keys import LETTERS, place_key, plain

NOT_A_NAME = frozenset(
    {"NA", "NAN", "NONE", "NULL", "NIL", "UNKNOWN", "TEST", "XX", "XXX", "CITY", "TOWN", "STATE", "INDIA", "OTHER",
     "OTHERS", "NOTAVAILABLE", "NOTKNOWN", "NOTSPECIFIED", "NOTPROVIDED", "NOCITY", "DEFAULT", "SELECT", "SELECTCITY",
     "ANY", "TBD"}
)  # fmt: skip
# Words after a name that are not of it; single letters are what tidying leaves of (W) and (E).
_AFTER = frozenset(
    {"DIST", "DISTT", "DISTRICT", "DESTRICT", "DT", "TALUK", "TALUKA", "TQ", "TEHSIL", "TEH", "TAHSIL", "MANDAL", "PO",
     "POST", "INDIA", "N", "S", "E", "W"}
)  # fmt: skip
_BEFORE = frozenset(
    {"DIST", "DISTT", "DISTRICT", "VILL", "VILLAGE", "VPO", "CITY", "TEHSIL", "TEH", "TALUK", "TALUKA", "TQ", "PO",
     "POST", "AT", "NEAR", "OPP"}
)  # fmt: skip
# Codes that people write after a city without a comma.
SOFT_CODES = frozenset({"UP", "MP", "HP", "AP", "TN", "WB"})
# Parts of these states are named by a direction before them: "North Goa" is no place called North.
DIRECTED_STATES = frozenset({"GA", "SK", "TR", "AS"})

_NUMBER = re.compile(r"[0-9]{3,}")  # a PIN or a phone number
_PART = re.compile(r"[,/;:(|\\]")
_NO_WORD = re.compile(f"[^{LETTERS}0-9 ]+")
_ONE_WORD = re.compile(r"[A-Z]{2,}\Z")
_INITIALS = re.compile(rf"(?<![{LETTERS}0-9])([A-Z]) (?=[A-Z](?![{LETTERS}0-9]))")  # K. R. Puram, U.P.
_LONGEST_STATE = 6  # words


@frozen
class Cell:
    """A city's cell: words of each part that may be the name, the last part first; the state that it names, if any."""

    parts: tuple[tuple[str, ...], ...] = ()
    state_code: str | None = None

    @property
    def given(self) -> bool:
        """Whether there is any name."""
        return bool(self.parts)


def read_cell(text: str | None, hard: dict[str, str], soft: dict[str, str], is_city: Callable[[str], bool]) -> Cell:
    """What stands in a city's cell. State keys count after a comma (`hard`) or after a name (`soft`)."""
    upper = plain(text or "").strip()
    if _ONE_WORD.match(upper):
        return Cell() if upper in NOT_A_NAME else Cell(((upper,),))
    cut = _PART.split(_NUMBER.sub(" ", upper.replace("&", " AND ")))
    spaced = (" ".join(_NO_WORD.sub(" ", part).split()) for part in cut)
    parts = [_INITIALS.sub(r"\1", part).split(" ") for part in spaced if part]
    state = None
    while len(parts) > 1 and (code := _tail_part(parts[-1], hard)) is not None:
        parts.pop()
        state = code or state
    for part in parts:
        if not is_city("".join(part)):  # Koch Bihar is no Koch in Bihar
            state = _strip(part, soft) or state
    kept = tuple(tuple(part) for part in reversed(parts) if _is_name("".join(part)))
    return Cell(kept, state)


def _tail_part(words: list[str], hard: dict[str, str]) -> str | None:
    """The state that a part after a comma is, "" for a word that says nothing, None for a name."""
    key = place_key("".join(words))
    if not key or key in _AFTER:
        return ""
    return hard.get(key) or hard.get(key.removesuffix("INDIA"))


def _strip(words: list[str], soft: dict[str, str]) -> str | None:
    """Takes off `words` what is not of the name; the state that stood after it."""
    state = None
    while len(words) > 1:
        size = next((n for n in range(min(_LONGEST_STATE, len(words) - 1), 0, -1) if "".join(words[-n:]) in soft), 0)
        if size:
            state = soft["".join(words[-size:])]
            del words[-size:]
        elif words[-1] in _AFTER:
            words.pop()
        else:
            break
    while len(words) > 1 and words[0] in _BEFORE:
        words.pop(0)
    return state


def _is_name(letters: str) -> bool:
    key = place_key(letters)
    return len(key) > 1 and key not in NOT_A_NAME


def shown(words: tuple[str, ...]) -> str:
    """The tidy display form of a name that is in no table."""
    return " ".join(word[:1] + word[1:].lower() for word in words)
