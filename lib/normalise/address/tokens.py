"""An address as tokens: words, numbers and breaks, with what exports glue together taken apart."""

from __future__ import annotations

import re

from lib.normalise.text import LONGEST, fold

# Letters with the signs that belong to them: Latin with accents, and the scripts of India, Devanagari to Malayalam.
LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0900-\u0963\u0970-\u0d7f\u200c\u200d"

WORD, NUMBER, BREAK, AND = "w", "n", ",", "&"
_KINDS = ("", WORD, NUMBER, BREAK, AND)

_TOKEN = re.compile(
    rf"([A-Za-z]/[A-Za-z](?![{LETTER}0-9])|[{LETTER}]+(?:['’][{LETTER}]+)?\.?)"  # s/o; Mahatma; M.; St.; D'Souza
    rf"|([0-9]+(?:[A-Za-z]{{1,3}}(?![{LETTER}]))?(?:[-/](?:[0-9]+(?:[A-Za-z]{{1,2}}(?![{LETTER}]))?|[A-Za-z](?![{LETTER}])))*)"
    r"|([,;|\u0964()\[\]]|   +)"  # three spaces part the columns of an export
    r"|(&)"
)
_LINES = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]+|\\n")
# Two cells run together: "nagarS/O Ram", "PeddavadagurD.No.4", "OppositeMeenakshi", "districtSURVEY".
_GLUED = re.compile(r"(?<=[A-Za-z]{3})(?=[SDWCH]/[Oo][^A-Za-z])|(?<=[a-z]{3})(?=[A-Z]\.? ?No\b)|(?<=[a-z]{4})(?=[A-Z])")
_MAY_BE_GLUED = re.compile(r"[a-z]{3}[A-Z]|[A-Za-z]{3}[SDWCH]/[Oo]")
_MANY_DIGITS = re.compile(r"[0-9](?:[ -]{0,2}[0-9]){6}")  # no PIN has as many
_TELEPHONES = re.compile(
    r"(?i)(?<![a-z])(?:ph|phone|mob|mobile|tel|tele|telephone|contact|fax|cell)"
    r"(?:[ .:-]{0,3}(?:no|nos|number))?[ .:-]{0,3}\+?(?:[0-9][ -]{0,2}){6,12}(?![0-9])"
    r"|(?<![0-9/-])(?:\+?91[ -]?)?[6-9][0-9]{9}(?![0-9])"
)
# Open Location Codes, which maps print before an address, with their plus sign or without: RV2V+VC4, RV2VVC4.
_CODE = "[2-9CFGHJMPQRVWX]"
_MAP_CODE = re.compile(
    rf"(?=[2-9A-Z]*[2-9])(?=[2-9]*[A-Z]){_CODE}{{4}}(?:[+]{_CODE}{{2,3}}|{_CODE}{{3}}(?=,))(?![A-Za-z0-9])"
)
_MINUS_ONE = re.compile(r"(?:\A|[,;])\s*-\s?1\s*(?=[,;]|\Z)")  # what some exports write for an empty column


class Tokens:
    """A cell as parallel lists: kind, key (upper case, no dot) and place of each token in `text`."""

    __slots__ = ("ends", "keys", "kinds", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_TOKEN.finditer(text))
        self.kinds = [_KINDS[match.lastindex or 0] for match in found]
        self.keys = [match[0].rstrip(".").upper() for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        if "&" in text:
            self.keys = ["AND" if key == "&" else key for key in self.keys]

    def __len__(self) -> int:
        return len(self.kinds)

    def cut(self, size: int) -> None:
        """Keeps the first `size` tokens."""
        for column in (self.kinds, self.keys, self.starts, self.ends):
            del column[size:]

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` to token `last`, both included, nothing said twice in a row."""
        start, end, text = self.starts[first], self.ends[last], self.text
        if "(" in text and text[start:end].count("(") > text[start:end].count(")") and text[end : end + 1] == ")":
            end += 1
        mark = text.rfind("#", max(0, start - 2), start)
        if mark == 0 or (mark > 0 and not text[mark - 1].isalnum()):
            start = mark
        written = said_once(text[start:end].split())
        return written[:-1] if written.endswith(".") and len(self.keys[last]) > 4 else written

    def gap(self, index: int) -> str:
        """What stands between token `index` and the next one."""
        return self.text[self.ends[index] : self.starts[index + 1]]


def cleaned(cell: str | None) -> tuple[str, bool]:
    """The cell folded, lines parted by commas, glued cells parted, a doubled cell once; and whether it had a "-1"."""
    if cell is None:
        return "", False
    text = cell[: LONGEST * 2]
    text = fold(text if text.isprintable() and "\\n" not in text else _LINES.sub(", ", text))
    marker = _MINUS_ONE.search(text) if "1" in text else None
    if marker is None:
        return parted(undoubled(text)), False
    head, tail = text[: marker.start()], _MINUS_ONE.sub(" ,", text[marker.end() :])
    return parted(f"{undoubled(head.strip())} ,{tail}"), True


def without_codes(text: str) -> str:
    """The text of an address that maps printed ("..., India") without its location code, which is no part of it."""
    return _MAP_CODE.sub(", ", text) if "+" in text or "India" in text else text


def undoubled(text: str) -> str:
    """`XX` and `X X` as `X`: some exports join a column with itself."""
    while len(text) >= 10:
        half, odd = divmod(len(text), 2)
        if (odd and text[half] not in " ,") or text[:half] != text[half + odd :]:
            break
        text = text[:half]
    return text


def said_once(words: list[str]) -> str:
    """`Yadiki Yadiki` and `Civil Lines Civil Lines` as one."""
    folded = [word.casefold() for word in words]
    half, odd = divmod(len(words), 2)
    if half and not odd and folded[:half] == folded[half:]:
        return said_once(words[:half])
    if half and len(set(folded)) < len(folded):
        pairs = zip(words, folded, ["", *folded], strict=False)
        words = [word for word, own, before in pairs if own != before or len(own) < 4]
    return " ".join(words)


def parted(text: str) -> str:
    """Two cells that an export ran together with a space between them, and no telephone numbers."""
    if _MANY_DIGITS.search(text):
        text = _TELEPHONES.sub(", ", text)
    return _GLUED.sub(" ", text) if _MAY_BE_GLUED.search(text) else text
