"""Change files (CDC): each record tells what was done to a row; here it becomes the row as it is after that.

One pass: nothing is shuffled, and a change becomes two rows only where it gives its row another key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.config import Source
from lib.datasets import Contract
from lib.errors import Unavailable
from lib.sources.position import IDENTIFIER, MALFORMED, POSITION
from lib.sources.text import json_keys
from lib.transform.operation import DELETE, UNKNOWN, UPSERT, operation

OPERATION, SEQUENCE, CHANGED_AT = "_operation", "_sequence", "_changed_at"
_UNREADABLE = "_unreadable"


def envelope_of(source: Source) -> dict[str, str]:
    """The SQL over a change's record for each of its own values, by key of conf."""
    changes = source.changes
    if changes is None:
        return {}
    given = {"operation": changes.operation, "sequence": changes.sequence, "at": changes.at}
    return {f"changes.{key}": expression for key, expression in given.items() if expression is not None}


def given_columns(contract: Contract, source: Source) -> dict[str, str]:
    """The canonical columns that changes give by themselves, as SQL; a source of rows has null there."""
    if not contract.tells_changes:
        return {}
    if source.changes is None:
        return {"operation": "NULL", "sequence": "NULL"}
    at = {"updated_at": CHANGED_AT} if source.changes.at is not None else {}
    return {"operation": OPERATION, "sequence": SEQUENCE, **at}


def fields_of(raw: DataFrame, contract: Contract, source: Source, told: Sequence[str]) -> list[str]:
    """The columns that mappings speak of: those of the record, or the fields of the rows that it holds.

    `told` are the fields that the head of a JSON file shows; in other text any that is asked for may be there.
    """
    changes = source.changes
    if changes is None or changes.after is None:
        return [name for name in raw.columns if name not in POSITION]
    found: dict[str, None] = {}
    for path in _paths(source):
        if path.partition(".")[0] not in raw.columns:
            raise Unavailable(
                f"The source `{contract.name}` has no column `{path.partition('.')[0]}`, which holds its rows",
                where=f"sources.{contract.name}.changes: {path}",
                todo=f"it has: {', '.join(name for name in raw.columns if name not in POSITION)}",
            )
        kind = _kind(raw, path)
        others = [*told, *asked_for(told, contract, source)] if told else _mentioned(contract, source)
        found |= dict.fromkeys(kind.names if isinstance(kind, T.StructType) else others)
    return list(found)


def asked_for(known: Iterable[str], contract: Contract, source: Source) -> list[str]:
    """Fields that a head does not show and that may be there all the same: JSON leaves out what is null.

    Columns of the contract are, and names in quotes in expressions; what is no field at all reads as null.
    """
    lowered = {name.lower() for name in known}
    expressions = " ".join([*source.columns.values(), source.filter or "", *envelope_of(source).values()])
    optional = [c.name for c in contract.columns if not c.required and c.name not in source.columns]
    quoted = [name for name, _ in IDENTIFIER.findall(expressions) if name]
    return [name for name in dict.fromkeys([*optional, *quoted]) if name.lower() not in lowered]


def holders(source: Source) -> list[str]:
    """The keys of a record that hold its rows: a file may not show one of them at all."""
    return list(dict.fromkeys(path.partition(".")[0] for path in _paths(source)))


def keys_of_rows(text: str, source: Source) -> list[str]:
    """The fields of the new rows in the head of a JSON file; old ones may hold the key alone."""
    return json_keys(text, source.changes.after) if source.changes and source.changes.after else []


def _paths(source: Source) -> list[str]:
    changes = source.changes
    return [path for path in (changes.after, changes.before) if path is not None] if changes is not None else []


def rows_of_changes(raw: DataFrame, source: Source, fields: Sequence[str], keys: Sequence[str] = ()) -> DataFrame:
    """Each change as the row that it leaves (of a deletion: the row that goes), beside its operation, number and time.

    `keys`: SQL over the fields for each part of the key. An update that gives its row another key also deletes the old
    one, under the same number. A change whose row is missing or unreadable is malformed, where its operation is known.
    """
    changes = source.changes
    if changes is None:
        return raw
    told = {
        OPERATION: F.expr(changes.operation).cast("string"),
        SEQUENCE: F.expr(changes.sequence).cast("string"),
        CHANGED_AT: _instant(raw, F.expr(changes.at or "CAST(NULL AS string)")),
    }
    if changes.after is None:
        return raw.withColumns(told)
    record = F.to_json(F.struct(*[F.col(f"`{name}`") for name in raw.columns if name not in POSITION]))
    after = _image(raw, changes.after, fields)
    before = _image(raw, changes.before, fields) if changes.before is not None else F.lit(None)
    # Step by step: Spark would compute what stands twice in one expression twice, and a row is parsed once.
    read = raw.withColumns({**told, "_after": after, "_before": before, "_does": operation(told[OPERATION])})
    read = read.withColumn("_before", F.col("_before").cast(read.schema["_after"].dataType))
    read = read.withColumns({name: _readable(read, name) for name in ("_after", "_before")})
    now = F.when(F.col("_does") == UPSERT, F.col("_after")).otherwise(
        F.when(F.col("_does") == DELETE, F.coalesce("_before", "_after")).otherwise(F.coalesce("_after", "_before"))
    )
    lost = F.col(MALFORMED).isNull() & F.col("_now").isNull() & (F.col("_does") != UNKNOWN)
    rows = read.withColumn("_now", now).select(
        F.struct(
            F.when(lost, record).otherwise(F.col(MALFORMED)).alias(MALFORMED),
            *POSITION[1:],
            SEQUENCE,
            CHANGED_AT,
        ).alias("_told"),
        F.struct(OPERATION, F.col("_now").alias("_row")).alias("_change"),
        F.when(F.col("_does") == UPSERT, F.col("_before")).alias("_old"),
    )
    if changes.before is not None and keys:
        rows = _with_deleted_keys(rows, keys)
    row = [F.col(f"_change._row.`{name}`").alias(name) for name in fields]
    return rows.select("_told.*", f"_change.{OPERATION}", *row)


def _with_deleted_keys(rows: DataFrame, keys: Sequence[str]) -> DataFrame:
    """A deletion of the old row beside each change whose row has another key."""
    key = F.struct(*[F.trim(F.expr(sql).cast("string")).alias(f"_{number}") for number, sql in enumerate(keys)])
    kept = rows.select(F.struct("*").alias("_all"))
    for name, image in {"_is": "_change._row", "_was": "_old"}.items():
        others = [other for other in ("_all", "_is") if other in kept.columns]
        kept = kept.select(*others, f"_all.{image}.*").select(*others, key.alias(name))
    parts = [F.col(f"{name}._{number}") for name in ("_is", "_was") for number in range(len(keys))]
    moved = reduce(and_, [part.isNotNull() for part in parts]) & (F.col("_is") != F.col("_was"))
    kind = rows.schema["_change"].dataType
    old = F.struct(F.lit(DELETE), F.col("_all._old")).cast(kind)
    changes = F.array_compact(F.array(F.col("_all._change"), F.when(F.col("_all._old").isNotNull() & moved, old)))
    return kept.select(F.col("_all._told").alias("_told"), F.explode(changes).alias("_change"))


def _image(raw: DataFrame, path: str, fields: Sequence[str]) -> Column:
    """The row at a path, with just these fields."""
    kind = _kind(raw, path)
    if isinstance(kind, T.StructType):
        there = [name for name in fields if name in kind.names]
        held = [F.col(f"{path}.`{name}`") if name in there else F.lit(None).cast("string") for name in fields]
        row = F.struct(*[value.alias(name) for value, name in zip(held, fields, strict=True)])
        return F.when(F.col(path).isNotNull(), row)
    head, _, below = path.partition(".")
    text = F.get_json_object(f"`{head}`", f"$.{below}") if below else F.col(f"`{head}`")
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*fields, _UNREADABLE)])
    return F.from_json(text, schema, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _UNREADABLE})


def _readable(read: DataFrame, name: str) -> Column:
    kind = read.schema[name].dataType
    broken = isinstance(kind, T.StructType) and _UNREADABLE in kind.names
    return F.when(F.col(f"{name}.{_UNREADABLE}").isNull(), F.col(name)) if broken else F.col(name)


def _kind(raw: DataFrame, path: str) -> T.DataType:
    head, _, below = path.partition(".")
    kind = raw.select(F.col(f"`{head}`")).schema[0].dataType
    return raw.select(F.col(path)).schema[0].dataType if below and isinstance(kind, T.StructType) else kind


def _instant(raw: DataFrame, at: Column) -> Column:
    """As text. A timestamp is an instant and says so, in a text file too: it was made of a number."""
    if isinstance(raw.select(at).schema[0].dataType, T.TimestampType):
        return F.date_format(at, "yyyy-MM-dd HH:mm:ss.SSSSSSXXX")
    return at.cast("string")


def _mentioned(contract: Contract, source: Source) -> list[str]:
    text = " ".join([*source.columns.values(), source.filter or ""])
    named = [quoted or plain for quoted, plain in IDENTIFIER.findall(text)]
    return [*named, *[name for name in contract.names if name not in source.columns]]
