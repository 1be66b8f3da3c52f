"""The one tidy line of an address: `tidy_line`."""

from __future__ import annotations

import re
import unicodedata

from lib.normalise.address.tables import AddressTables, label_key
from lib.normalise.address.tokens import parted, undoubled
from lib.normalise.text import MISSING

_BREAKS = re.compile(r" *(?:[,;|\u0964]|   +)[ ,;|\u0964]*")
_MOST_ROUNDS = 8


def tidy_line(clean: str, tables: AddressTables, *, short: bool) -> str | None:
    """The cleaned text with one comma between its parts, short words spelt out, nothing said twice in a row.

    `short`: there may be short words. A line's line is itself.
    """
    line = clean if clean.isascii() else unicodedata.normalize("NFC", clean)
    for _ in range(_MOST_ROUNDS):
        done = undoubled(parted(_once(line, tables if short else None)))
        if done == line:
            break
        line = done
    return line or None


def _once(text: str, tables: AddressTables | None) -> str:
    parts: list[str] = []
    before = ""
    if tables is not None:
        text = tables.shortened.sub(lambda match: _spelt(match, tables), text)
    for part in _BREAKS.split(text):
        words = " ".join(part.split()).strip(" ,;-:")
        folded = words.upper()
        if words and folded != before and folded not in _NOTHING:
            parts.append(words)
            before = folded
    return ", ".join(parts)


_NOTHING = MISSING | {"UNCLASSIFIED"}


def _spelt(match: re.Match[str], tables: AddressTables) -> str:
    short = match.group(1)
    long = tables.abbreviations[label_key(short)]
    return long.upper() if short.isupper() and len(short) > 2 else long
