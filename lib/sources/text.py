"""The head of a text file: its encoding, its header, and mistakes worth telling before a job starts."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re

from attrs import frozen

from lib.config import Source
from lib.errors import ConfigError, Unavailable


@frozen
class CsvForm:
    """How the CSV of a source is written; every option is Spark's own, in conf's `options`."""

    encoding: str
    separator: str
    quote: str
    header: bool

    @classmethod
    def of(cls, source: Source) -> CsvForm:
        """Spark's defaults, except that a header is expected."""
        options = {key.lower(): str(value) for key, value in source.options.items()}
        return cls(
            encoding=options.get("encoding", options.get("charset", "UTF-8")),
            separator=options.get("sep", options.get("delimiter", ",")).replace("\\t", "\t"),
            quote=options.get("quote", '"'),
            header=options.get("header", "true").lower() != "false",
        )


def decode_head(head: bytes, encoding: str, *, dataset: str, where: str) -> str:
    """The head as text. Raises when the encoding has no such name, or plainly does not fit the file."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
    except LookupError:
        raise ConfigError(
            f"{encoding!r} is not an encoding", where=f"sources.{dataset}.options.encoding", todo="for example UTF-8"
        ) from None
    try:
        text = decoder.decode(head, final=False)
    except UnicodeDecodeError as error:
        raise Unavailable(
            f"The source `{dataset}` is not {encoding}: byte 0x{head[error.start]:02X} at position {error.start}",
            where=where,
            todo=f"set sources.{dataset}.options.encoding ({_guess(head)})",
        ) from None
    if "\x00" in text[:4096]:
        raise Unavailable(
            f"The source `{dataset}` is not {encoding} text: it holds NUL characters",
            where=where,
            todo=f"set sources.{dataset}.options.encoding ({_guess(head)})",
        )
    return text.lstrip("\ufeff")


def _guess(head: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"), (codecs.BOM_UTF8, "UTF-8")):
        if head.startswith(mark):
            return f"the file starts as {name} does"
    if b"\x00" in head[:4096]:
        return "it looks like UTF-16LE" if head[1:2] == b"\x00" else "it looks like UTF-16BE"
    return "exports of Excel on Windows are often windows-1252"


def csv_header(text: str, form: CsvForm, *, dataset: str, where: str) -> list[str]:
    """The column names of a CSV file, trimmed; unnamed ones are `_c<n>`, repeated ones get `_2`, `_3`.

    Raises Unavailable where the separator plainly does not fit.
    """
    rows = csv.reader(io.StringIO(text), delimiter=form.separator, quotechar=form.quote or None)
    try:
        first = next((row for row in rows if row), [])
    except csv.Error as error:
        raise Unavailable(
            f"The source `{dataset}` does not begin with a line of column names: {error}",
            where=where,
            todo="is it CSV, with a header?",
        ) from None
    if len(first) == 1:
        others = [sep for sep in ",;|\t" if sep != form.separator and sep in first[0]]
        if others:
            raise Unavailable(
                f"The source `{dataset}` has one column, whose name holds {others[0]!r}: another separator?",
                where=where,
                todo=f"set sources.{dataset}.options.sep to {others[0]!r}",
            )
    if not form.header:
        return [f"_c{number}" for number in range(len(first))]
    names: list[str] = []
    for number, name in enumerate(first):
        tidy = re.sub(r"\s+", " ", name.replace("\ufeff", "")).strip() or f"_c{number}"
        unique, taken = tidy, {earlier.lower() for earlier in names}
        for repeat in range(2, len(first) + 2):
            if unique.lower() not in taken:
                break
            unique = f"{tidy}_{repeat}"
        names.append(unique)
    return names


def json_keys(text: str, path: str = "") -> list[str]:
    """The keys of the JSON records in the head, in order of appearance; broken lines are left for the reader.

    `path`: those of the object that is there in the records (`payload.after`).
    """
    keys: dict[str, None] = {}
    for line in text.splitlines()[:2000]:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        for name in path.split(".") if path else ():
            record = record.get(name) if isinstance(record, dict) else None
            record = _object(record) if isinstance(record, str) else record
        if isinstance(record, dict):
            keys.update(dict.fromkeys(record))
    return list(keys)


def _object(text: str) -> object:
    """What JSON within a text holds, or None."""
    try:
        return json.loads(text)
    except ValueError:
        return None
