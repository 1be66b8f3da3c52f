"""Phrases as they are collected: what is open, what a word before it told, where it ends."""

from __future__ import annotations

import re
from typing import NamedTuple

from lib.normalise.address.reader import BARE_UNIT, ORDINAL, Reader
from lib.normalise.address.tables import AddressTables
from lib.normalise.address.tokens import AND, WORD, Tokens

# Kinds of phrases beside the headings of the tables and the kinds of units.
FLOOR = "floor"
PLAIN = "plain"
LOCALITY = "locality"

_TELEPHONE = re.compile(r"[0-9]{7}|\A0[0-9]{2,4}-[0-9]{5}")


class Phrase(NamedTuple):
    """Tokens `first` to `last` (included) and what they are; `relation` for landmarks."""

    kind: str
    first: int
    last: int
    relation: str | None = None


class Collector(Reader):
    """The phrases so far and the open one; `pin` is not a number of the address."""

    def __init__(self, tokens: Tokens, tables: AddressTables, pin: str | None = None) -> None:
        super().__init__(tokens, tables)
        self.pin = pin
        self.phrases: list[Phrase] = []
        self.open = -1  # first token of the phrase that is being read
        self.lead: str | None = None  # its kind, where a word before it told
        self.also: str | None = None  # a second kind: "Vill & PO Rampur"
        self.relation: str | None = None
        self.name_at = 0  # where the name after a relation starts

    def _close(self, last: int, kind: str | None = None) -> None:
        """Ends the open phrase at token `last`."""
        while last > self.open and self.kinds[last] == AND:
            last -= 1
        if self.open >= 0 and last >= self.open:
            if self.also:
                self.phrases.append(Phrase(self.also, self.open, last))
            self.phrases.append(Phrase(kind or self.lead or PLAIN, self.open, last, self.relation))
            self.lead = self.relation = self.also = None
        self.open = -1

    def _break(self, at: int) -> int:
        if self.open >= 0:
            end = self.bracketed(at)
            if end > at:
                return end  # Vile Parle (W)
            self._close(at - 1)
        elif self.lead == "care_of":
            self.lead = None
        return at + 1

    def _plain(self, at: int, count: int = 1) -> int:
        if self.open < 0:
            self.open = at
        elif self.open == at - 1 and self.keys[at] == "MAIN" and self.lead is None and self.ends_part(at + 1):
            self._close(at, "street")  # 12th Main
        return at + count

    def _unit(self, at: int, end: int, kind: str) -> int:
        self._close(at - 1)
        self.open, self.lead, self.relation, self.also = at, None, None, None
        self._close(end - 1, kind)
        return end

    def _number(self, at: int) -> int:
        key = self.keys[at]
        if key == self.pin or self.lead in ("care_of", "phone") or _TELEPHONE.search(key):
            self._close(at - 1)
            return at + 1
        if self.open >= 0 and not self._starts_anew(at, key):
            return self._plain(at)
        self._close(at - 1)
        if ORDINAL.match(key) or self.is_street_number(at):
            return self._plain(at)
        return self._unit(at, self.joined(at), BARE_UNIT)

    def _starts_anew(self, at: int, key: str) -> bool:
        """Whether a number is not of the phrase before it: 3-45 after a landmark; one that touches a long word."""
        if self.relation is not None:
            return not key.isdigit() and not ORDINAL.match(key)
        return self.kinds[at - 1] == WORD and len(self.keys[at - 1]) > 3 and self.tokens.gap(at - 1) == ""
