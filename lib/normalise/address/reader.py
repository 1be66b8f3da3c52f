"""What stands at a token: a label, a unit with its number, a number that belongs to the words before it."""

from __future__ import annotations

import re

from lib.normalise.address.tables import AddressTables
from lib.normalise.address.tokens import BREAK, NUMBER, WORD, Tokens

# Kinds of units.
UNIT = "unit"
BARE_UNIT = "bare_unit"  # a number without a label
LAND = "land"  # the number of a field

ORDINAL = re.compile(r"[0-9]{1,3}(?:ST|ND|RD|TH)\Z")
ROMAN = frozenset({"I", "II", "III", "IV", "V", "VI"})
_FEET = frozenset({"FEET", "FT", "MAIN", "MILE"})


class Reader:
    """Looks at tokens without taking them: each method gives the token after what it found."""

    def __init__(self, tokens: Tokens, tables: AddressTables) -> None:
        self.tokens, self.tables = tokens, tables
        self.kinds, self.keys, self.size = tokens.kinds, tokens.keys, len(tokens)

    def label(self, at: int) -> tuple[str | None, int]:
        """The heading of the longest label that starts at a token, and how many tokens it has."""
        key = self.keys[at]
        most = self.tables.starts.get(key)
        if most is None:
            return None, 1
        labels = self.tables.labels
        for count in range(min(most, self.size - at), 1, -1):
            if self.kinds[at + count - 1] == WORD:
                heading = labels.get("".join(self.keys[at : at + count]))
                if heading:
                    return heading, count
        return labels.get(key), 1

    def ends_part(self, at: int) -> bool:
        """Whether nothing of this part of the address follows: a break, a number, the end."""
        return at >= self.size or self.kinds[at] in (BREAK, NUMBER)

    def skip_labels(self, at: int, *headings: str) -> int:
        """The first token from `at` on that is no label of these headings."""
        while at < self.size and self.kinds[at] == WORD and self.tables.labels.get(self.keys[at]) in headings:
            at += 1
        return at

    def number_follows(self, at: int) -> bool:
        """Whether a number is next, after words such as "No."."""
        at = self.skip_labels(at, "number", "phone")
        return at < self.size and self.kinds[at] == NUMBER

    def with_number(self, at: int, heading: str) -> int:
        """The token after a number that belongs to the words before it: Road NO 12, Lane 3, Nagar-2, Park II."""
        first = self.skip_labels(at, "number")
        if first < self.size and self.kinds[first] == NUMBER:
            key = self.keys[first]
            own = heading in ("street", "numbered") or first > at or self.tokens.gap(first - 1).strip() == "-"
            return self.joined(first) if own and len(key) < 6 and not ORDINAL.match(key) else at
        roman = heading == "area" and first < self.size and self.keys[first] in ROMAN
        return first + 1 if roman else at

    def joined(self, at: int) -> int:
        """The token after a number and what is joined to it: 486 A, 6 - B, 550/551, G9,10."""
        at += 1
        while at < self.size:
            gap, key, kind = self.tokens.gap(at - 1), self.keys[at], self.kinds[at]
            if kind == BREAK:
                more = key == "," and gap == "" and self._listed(at)
            elif kind == NUMBER:
                more = gap.strip() in ("-", "/", "") and len(key) < 7 and not ORDINAL.match(key)
            else:
                more = (
                    kind == WORD
                    and len(key) == 1
                    and (gap.strip() in ("-", "/") or (gap in ("", " ") and self._stands(at + 1)))
                )
            if not more:
                break
            at += 1
        return at

    def _listed(self, at: int) -> bool:
        """Whether a short number follows a comma without a space: 25,26,27."""
        following = at + 1 < self.size and self.kinds[at + 1] == NUMBER and self.tokens.gap(at) == ""
        return following and len(self.keys[at + 1]) < 6 and not ORDINAL.match(self.keys[at + 1])

    def _stands(self, at: int) -> bool:
        """Whether a letter before `at` stands by itself (486 A Near), not before a name (J P Agraharam)."""
        return at >= self.size or self.kinds[at] != WORD or (len(self.keys[at]) > 1 and self.label(at)[0] is not None)

    def bracketed(self, at: int) -> int:
        """The token after a word in brackets: Modern Complex (MHC). The tail may have taken the closing one."""
        if self.kinds[at : at + 2] != [BREAK, WORD] or self.keys[at] != "(":
            return at
        if self.tokens.text[self.tokens.ends[at + 1] :][:1] != ")":
            return at
        return min(at + 3, self.size)

    def is_street_number(self, at: int) -> bool:
        """4 Bylane, 80 Feet Road, 12th Main."""
        if at + 1 >= self.size or self.kinds[at + 1] != WORD:
            return False
        return self.keys[at + 1] in _FEET or self.label(at + 1)[0] == "street"

    def unit(self, at: int, inside: bool) -> tuple[int, str]:
        """The token after a unit at `at` (itself where there is none) and its kind.

        A label and a number (Flat No. 5B, Shop A), or letters and a number (A-12, WZ 309) unless `inside` a phrase.
        """
        start, kind = self._unit_label(at, inside)
        end = start
        while end < self.size and self.kinds[end] == WORD and len(self.keys[end]) <= 3 and self._of_number(end, start):
            end += 1  # the letters before the number
        if end >= self.size or self.kinds[end] != NUMBER or ORDINAL.match(self.keys[end]):
            lettered = (
                kind != BARE_UNIT and start < self.size and self.kinds[start] == WORD and len(self.keys[start]) == 1
            )
            return (self.joined(start), kind) if lettered else (at, kind)
        if kind == BARE_UNIT and (inside or not self._is_code(start, end)):
            return at, kind
        return self.joined(end), kind

    def _of_number(self, at: int, start: int) -> bool:
        """Whether a short word may be part of a number: no label, and joined to what is before it."""
        if at > start and self.tokens.gap(at - 1).strip() not in ("-", "/", ""):
            return False
        return self.keys[at] not in self.tables.labels

    def _is_code(self, start: int, end: int) -> bool:
        """A-12, H 80, WZ 309, RZ-H-218, RZF41/29: letters are few, and of three the number is close or has parts."""
        if not 0 < end - start <= 2:
            return False
        gap = self.tokens.gap(end - 1)
        close = gap in ("-", "--", "/", "") or not self.keys[end].isdigit()
        return gap.strip() in ("-", "--", "/", "") and (close or len(self.keys[end - 1]) <= 2)

    def _unit_label(self, at: int, inside: bool) -> tuple[int, str]:
        """The token after "Flat No." and the like at `at`, and the kind of unit."""
        most = self.tables.starts.get(self.keys[at])
        if most is None:
            return at, BARE_UNIT
        for count in range(min(most, self.size - at), 0, -1):
            key = "".join(self.keys[at : at + count])
            if key in self.tables.units and BREAK not in self.kinds[at : at + count]:
                return self.skip_labels(at + count, "number"), LAND if key in self.tables.land else UNIT
        plain_number = not inside and self.tables.labels.get(self.keys[at]) == "number"
        return (at + 1, UNIT) if plain_number else (at, BARE_UNIT)
