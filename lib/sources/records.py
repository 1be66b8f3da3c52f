"""What every source gives: canonical columns as text, and where each record came from."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from attrs import frozen
from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config import Source
from lib.datasets import Contract
from lib.errors import ConfigError, Unavailable
from lib.session import lenient
from lib.sources.changes import envelope_of, given_columns, rows_of_changes
from lib.sources.position import IDENTIFIER, MALFORMED, POSITION

# Columns that a source need not mention at all: alternatives that most sources do not have.
_NOT_ASKED_FOR = {"line_amount_inr"}
# Headers have no number of four digits and no e-mail address.
_LIKE_A_VALUE = re.compile(r"[0-9]{4}|@")


def to_canonical(
    raw: DataFrame, contract: Contract, source: Source, *, fields: Sequence[str], text_source: bool, where: str = ""
) -> DataFrame:
    """Apply the mapping of conf to `fields`: canonical columns as text, beside the position columns. `where`: the file,
    if one. Of a source of changes the fields are those of the rows that its records hold.

    Raises Unavailable when the source has lost columns (all of them, with the nearest name), ConfigError when an
    expression is not SQL. Expressions mean the same in both dialects: what does not fit gives null, nothing raises.
    """
    expressions, missing = _expressions(contract, source, fields)
    if missing:
        raise Unavailable(
            f"The source `{contract.name}` lacks {len(missing)} of its columns: {', '.join(missing)}",
            where=f"{where or source.path} {_told(fields, contract, source)}",
            todo="; ".join(_advice(name, contract, fields) for name in missing),
        )
    with lenient(raw.sparkSession):
        asked = {f"columns.{name}": expression for name, expression in expressions.items()}
        if source.filter:
            asked["filter"] = f"coalesce(({source.filter}), false)"
        keys = [expressions[name] for name in contract.key if contract.column(name).required]
        try:
            rows = rows_of_changes(raw, source, fields, keys)
            kept = F.expr(asked["filter"]) if source.filter else F.lit(True)
            named = [F.expr(expression).alias(name) for name, expression in expressions.items()]
            typed = rows.where(F.col(MALFORMED).isNotNull() | kept).select(*POSITION, *named)
        except (ParseException, AnalysisException):
            for key, expression in envelope_of(source).items():  # which of them is it?
                _require_evaluable(raw, expression, contract, source, key, where)
            rows = rows_of_changes(raw, source, fields)
            for key, expression in asked.items():
                _require_evaluable(rows, expression, contract, source, key, where)
            raise
        kinds = {field.name: field.dataType for field in typed.schema.fields}
        return typed.select(*POSITION, *[_as_text(name, kinds[name], text_source) for name in contract.names])


def _expressions(contract: Contract, source: Source, present: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The SQL expression of each canonical column, and the columns that are neither mapped nor there."""

    def as_read(quoted: re.Match[str]) -> str:
        name = quoted[0][1:-1]
        return quoted[0] if name in present else f"`{' '.join(name.split())}`"

    lowered = {name.lower(): name for name in present}
    given = given_columns(contract, source)
    expressions: dict[str, str] = {}
    missing: list[str] = []
    for column in contract.columns:
        if column.name in given:
            expressions[column.name] = given[column.name]
        elif column.name in source.columns:
            # Spaces in headers are tidied when read; an expression may still quote a name as the file has it.
            expressions[column.name] = re.sub(r"`[^`]+`", as_read, source.columns[column.name])
        elif column.name in lowered:
            expressions[column.name] = f"`{lowered[column.name]}`"
        elif column.name in _NOT_ASKED_FOR or _is_told_otherwise(column.name, contract, source):
            expressions[column.name] = "NULL"
        else:
            missing.append(column.name)
    return expressions, missing


def _is_told_otherwise(name: str, contract: Contract, source: Source) -> bool:
    """A change says by its operation that a row was deleted; few catalogues say it at all."""
    return name == "deleted" and (contract.name == "catalog" or source.changes is not None)


def _advice(name: str, contract: Contract, present: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, present, n=1, cutoff=0.6)
    if near:
        return f'map it: sources.{contract.name}.columns: {{{name}: "`{near[0]}`"}}'
    if contract.column(name).required:
        return f"{name} is required: say in sources.{contract.name}.columns how it is computed"
    return f'if there is no {name}, say so: sources.{contract.name}.columns: {{{name}: "NULL"}}'


def _told(present: Sequence[str], contract: Contract, source: Source) -> str:
    """The names of the columns, unless the first line looks like a record: that may hold anything of anyone."""
    known = {name.lower() for name in contract.names} | identifiers(source)
    if not any(name.lower() in known for name in present) and any(_LIKE_A_VALUE.search(name) for name in present):
        return "has no header: its first line looks like a record"
    return f"has: {', '.join(name for name in present if not _LIKE_A_VALUE.search(name))}"


@frozen
class Records:
    """What a source gives: its records in canonical columns (None where it holds nothing), and its own columns."""

    frame: DataFrame | None
    columns: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()  # those of `columns` that conf does not use

    @classmethod
    def of(cls, frame: DataFrame, contract: Contract, source: Source, present: Iterable[str]) -> Records:
        """Of the names in `present`, those that may be told: a first line that is a record is no header."""
        columns = tuple(name for name in dict.fromkeys(present) if not _LIKE_A_VALUE.search(name))
        used = identifiers(source) | {name.lower() for name in contract.names if name not in source.columns}
        return cls(frame, columns, tuple(name for name in columns if " ".join(name.split()).lower() not in used))


def identifiers(source: Source) -> set[str]:
    """Every name, in lower case, that the source's expressions speak of: its columns, and words of SQL."""
    text = " ".join([*source.columns.values(), source.filter or "", *envelope_of(source).values()])
    return {" ".join((quoted or plain).split()).lower() for quoted, plain in IDENTIFIER.findall(text)}


def _require_evaluable(
    raw: DataFrame, expression: str, contract: Contract, source: Source, key: str, file: str
) -> None:
    """Raise, in words that a user can act on, unless the expression resolves against the source."""
    where = f"sources.{contract.name}.{key}: {expression}"
    present = [name for name in raw.columns if name not in POSITION]
    try:
        raw.select(MALFORMED, F.expr(expression))  # beside a plain column, so that an aggregate does not pass
    except ParseException as error:
        raise ConfigError("A mapping is not a SQL expression", where=where, todo=_first_line(error)) from None
    except AnalysisException as error:
        name = re.search(r"with name (`.+?`) cannot be resolved", str(error))
        if name is None:
            raise ConfigError("A mapping cannot be evaluated", where=where, todo=_first_line(error)) from None
        near = difflib.get_close_matches(name[1].strip("`"), present, n=1, cutoff=0.5)
        raise Unavailable(
            f"The source `{contract.name}` has no column {name[1]}",
            where=f"{where}; {file or 'the source'} {_told(present, contract, source)}",
            todo=f"did it become `{near[0]}`? change the mapping" if near else "change the mapping, or the export",
        ) from None


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "see Spark's SQL reference")


def _as_text(name: str, kind: T.DataType, text_source: bool) -> Column:
    """The value as text. A true instant says its zone; a time that an expression made of text has none of its own."""
    value = F.col(name)
    if isinstance(kind, T.TimestampType):
        pattern = "yyyy-MM-dd HH:mm:ss.SSSSSS" + ("" if text_source else "XXX")
        return F.date_format(value, pattern).alias(name)
    if isinstance(kind, (T.ArrayType, T.MapType, T.StructType)):
        return F.to_json(value).alias(name)
    return value.cast("string").alias(name)
