"""What all normalisers do to a text first: one kind of digit, space and dash; no invisible characters; no "NA"."""

from __future__ import annotations

import unicodedata

from pyspark.sql import Column
from pyspark.sql import functions as F

# Zero of each set of decimal digits that Indian data holds: Arabic, Indic scripts, full-width.
_ZEROS = "\u0660\u06f0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\uff10"
_DIGITS = {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
_SPACES = dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
                        "\u202f\u205f\u3000\t\r\n\x0b\x0c\x85", " ")  # fmt: skip
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
# No glyph of their own: zero-width space and no-break, soft hyphen, directions, other controls. Joiners (ZWJ, ZWNJ)
# carry meaning inside Indic words and are left.
_CONTROLS = "".join(map(chr, (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0))))
_INVISIBLE = (
    "\u200b\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" + _CONTROLS
)
# The two arguments of SQL's translate(): what has no partner is dropped.
FOLD_FROM = "".join((*_DIGITS, *_SPACES, *_DASHES)) + _INVISIBLE
FOLD_TO = "".join((*_DIGITS.values(), *_SPACES.values(), *_DASHES.values()))
_FOLD = str.maketrans(FOLD_FROM[: len(FOLD_TO)], FOLD_TO, _INVISIBLE)

# What exports write for nothing; compared in upper case after folding and trimming.
MISSING = frozenset({"", "NA", "N/A", "N.A.", "N.A", "NAN", "NULL", "NONE", "NIL", "-", "--", "---", ".", "#N/A", "?"})

# Longer cells are cut before anything else: no field of a person or place is as long, and time stays bounded.
LONGEST = 1_000


def fold(text: str | None) -> str:
    """`text` with ASCII digits, spaces and dashes, without invisible characters, trimmed; "" for None.

    Lone surrogates, which no encoding can hold, are dropped. Nothing is longer than `LONGEST` characters after it.
    """
    if text is None:
        return ""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode("utf-8")
    return text[:LONGEST].translate(_FOLD).strip(" ")


def folded(text: Column) -> Column:
    """`fold` in Spark; null stays null."""
    cut = F.substring(text, 1, LONGEST)
    return F.trim(F.translate(cut, FOLD_FROM, FOLD_TO))


def is_missing(folded_text: str) -> bool:
    """Whether a folded text is one of the words that exports write for nothing."""
    return folded_text.upper() in MISSING


def missing(folded_text: Column) -> Column:
    """`is_missing` in Spark; true for null."""
    return F.coalesce(F.upper(folded_text).isin(*sorted(MISSING)), F.lit(True))


def tidy(text: str) -> str:
    """Unicode's composed form (NFC) with single spaces: what people are shown."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def quoted(column: str) -> str:
    """A column's name as Spark reads it in expressions, whatever letters it has."""
    return "`" + column.replace("`", "``") + "`"
