"""How a cell is read: the patterns that clean it and cut it into the tokens of its numbers, the same in both engines.

Every pattern is bounded, so that time stays linear, and means the same to Python's `re` and Java's.
"""

from __future__ import annotations

from lib.normalise.text import FOLD_FROM, FOLD_TO

# A line of a cell is a number of its own: here, before the common fold turns line ends into spaces.
LINE_ENDS = "\n\r\t\x0b\x0c\x85\u2028\u2029"
_pairs = dict(zip(FOLD_FROM, FOLD_TO, strict=False)) | dict.fromkeys(LINE_ENDS, ";")
_dropped = "".join(c for c in FOLD_FROM[len(FOLD_TO) :] if c not in _pairs) + "\u200c\u200d"
CELL_FROM = "".join(_pairs) + _dropped
CELL_TO = "".join(_pairs.values())

# The commonest cells: one plain number, an optional +91, 91 or 0 before ten digits that are no service's; and several.
_PLAIN = r"(?:\+?91|0)?(?!18)[1-9][0-9]{9}"
BETWEEN = " ?[,;/] ?"
PLAIN = rf"\A{_PLAIN}\z"
PLAIN_LIST = rf"\A{_PLAIN}(?:{BETWEEN}{_PLAIN}){{1,60}}\z"

# A spreadsheet's number: `9876543210.0`, and `9.87654321E9` where no digit can have been lost.
FLOAT_TAIL = r"(?<=[0-9]{6})\.0{1,4}(?![0-9])"
SCIENTIFIC = r"\A([1-9])\.([0-9]{7,12})[eE]\+?0?(9|1[0-2])\z"

# Cells with letters: what is replaced by what, in order.
LETTERS = (
    (r"24 ?(?:[xX*/] ?7|[hH](?:ou)?[rR][sS]?)(?: ?[xX/*] ?7)?", ";"),  # open day and night
    (r"(?<=[0-9 ),.;-])(?:[eE][xX][tT](?:[nN]|[eE][nN][sS][iI][oO][nN])?|[xX])[ .:#-]{0,3}(?=[0-9])", "#"),
    (r"(?<![A-Za-z])[oO](?=[oO]{0,3}[0-9])|(?<=[0-9][oO])[oO](?=[0-9oO])|(?<=[0-9])[oO](?![A-Za-np-z])", "0"),
    (r"(?<=[0-9]) {0,2}(?:[tT][oO]|[aA][nN][dD]|[oO][rR]|&) {0,2}(?=[+0-9])", "/"),
    (r"[A-Za-z\u0900-\u0dff]+", ";"),
)
# What is left to tidy in any cell.
TIDY = (
    (r"\(\+?91\)", "+91 "),
    (r"\(([0-9]{1,5})\)", r"\1 "),
    (r"\+[ -]?91[ -]?(?=\+)", ""),  # +91+91...
    # Two mobiles run together
    (r"(?<![0-9])((?:0|91)?[6-9][0-9]{9})(?=(?:0|91)?[6-9][0-9]{9}(?![0-9]))", r"\1;"),
)

_GAP = "[ .:_()-]{0,3}"  # inside a number
_STD_GAP = "[ .:_()/-]{1,4}"  # between STD code and subscriber's number
_IN = "[ .-]?"  # between the groups of a subscriber's number
_END = "(?![0-9])"
_ALONE = "(?![ .:_()-]{0,3}[0-9])"


def _digits(count: int, first: str) -> str:
    return f"{first}(?:{_IN}[0-9]){{{count - 1}}}"


_NATIONAL = (
    f"(?:[1-9][0-9]{{9}}|[6-9](?:[ .-]{{0,2}}[0-9]){{9}}"
    f"|[1-9][0-9]{_STD_GAP}{_digits(8, '[2-7]')}"
    f"|[1-9][0-9]{{2}}{_STD_GAP}{_digits(7, '[2-7]')}"
    f"|[1-9][0-9]{{3}}{_STD_GAP}{_digits(6, '[2-7]')}){_END}"
)
_SERVICE = (
    f"18[06][0-3](?:{_IN}[0-9]){{7}}{_END}|18[06][0-3](?:{_IN}[0-9]){{6}}{_END}|18[06][0-3](?:{_IN}[0-9]){{9}}{_END}"
    f"|180[03][0-9]{{4,9}}{_END}"
)
# Alternatives in order; the first that ends where a group of digits ends is taken.
TOKEN = "|".join(
    (
        r"#[0-9]{1,6}",
        r"(?<![0-9])(?:"
        + "|".join(
            (
                rf"(?:(?:\+|00){_GAP}(?:91{_GAP})?|0)?(?:{_SERVICE})",
                rf"(?:\+|00){_GAP}91{_GAP}0?{_GAP}{_NATIONAL}",
                rf"(?:0{{1,3}}{_GAP})?(?:91{_GAP}0?{_GAP})?{_NATIONAL}",
                rf"(?:(?:\+|00)?91{_GAP})?5[0-9]{{12}}{_END}",
                rf"0[1-9][0-9]{{1,3}}{_STD_GAP}[6-9][0-9]{{9}}{_END}",
                rf"(?:\+|00){_GAP}[1-9](?:[ .()-]{{0,2}}[0-9]){{6,14}}{_END}",
                rf"(?:0{{1,3}}{_GAP})?[2-7][0-9]{{5,7}}{_END}",
                rf"0{{0,1}}[1-9][0-9]{{0,3}}{_STD_GAP}[0-9]{{5,10}}{_END}",
                rf"0[1-9][0-9]{{1,3}}(?={_STD_GAP}[2-7][0-9])",
                rf"{_digits(8, '[2-7]')}{_END}|{_digits(7, '[2-7]')}{_END}|{_digits(6, '[2-7]')}{_END}",
            )
        )
        + ")",
        # A tail: nothing that goes on after a space or dash, for that is a number of its own.
        rf"[/,&-] ?[0-9]{{2,5}}{_ALONE}|[/-] ?[0-9]{_ALONE}| [0-9]{{2,5}}{_ALONE}",
        r"\+?[0-9]{2,40}",
    )
)
LEADING_STD = r"\A0([1-9][0-9]{1,3})[ .:_()/-]"
NOT_DIGITS = "+#/,& .:_()-"  # the characters of a token that are no digits, for SQL's translate()

# Numbers of emergency and health services: no tail of the number before them.
SHORT_CODES = frozenset({"100", "101", "102", "104", "108", "112", "139", "181", "1066", "1098", "1091", "1912"})

# Statuses and types, in the design's words.
VALID, CARRIED, INFERRED = "VALID", "VALID_STD_CARRIED", "VALID_STD_INFERRED"
MISSING, BAD_LENGTH, BAD_PREFIX, DUMMY = "MISSING", "BAD_LENGTH", "BAD_PREFIX", "DUMMY"
MOBILE, LANDLINE, TOLL_FREE, M2M, FOREIGN = "MOBILE", "LANDLINE", "TOLL_FREE", "M2M", "FOREIGN"
