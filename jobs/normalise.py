"""normalise: any table of people in one form: phones, names, addresses, places, identifiers, beside the raw columns."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F
from rich.table import Table

from lib.config import Config
from lib.errors import DabbaError, UsageError
from lib.normalise.lookups import Lookups
from lib.normalise.table import Asked, normalise_table, status_columns
from lib.run.terminal import Terminal
from lib.session import session
from lib.sources.plain import find_column, read_plain
from lib.tables.filesystem import Storage
from lib.tables.plain import require_free, write_plain

HASH_KEY = "DABBA_HASH_KEY"  # names the environment variable that holds the key of Aadhaar hashes

Statuses = dict[str, dict[str, int]]


@frozen
class Files:
    """Where the rows come from and go to."""

    input: str
    input_format: str
    input_options: Mapping[str, str]
    output: str
    output_format: str
    overwrite: bool


def normalise(config: Config, files: Files, asked: Asked) -> dict[str, Any]:
    """Read, normalise, write, and say how many rows came to which status."""
    if not asked.columns:
        raise UsageError("No column is named", todo="say which holds what, for example --phone mobile --name customer")
    terminal = Terminal()
    with session("dabba normalise", config.spark) as spark:
        with terminal.stage("normalise", f"{files.input} -> {files.output}"):
            storage = Storage.below(spark, files.output)
            require_free(storage, overwrite=files.overwrite)
            _require_apart(Storage.below(spark, files.input), storage)
            table = read_plain(spark, files.input, files.input_format, files.input_options)
            read = Observation()
            counted = table.observe(read, F.count(F.lit(1)).alias("rows"))
            rows = normalise_table(counted, _found(asked, table), Lookups.of(config), os.environ.get(HASH_KEY))
            write_plain(rows, storage, files.output_format)
            found = int(read.get["rows"])
        told = count_statuses(spark, storage.root, files.output_format, rows, table)
    kept = next(iter(told.values()), {})
    if told and sum(kept.values()) != found:
        raise DabbaError(f"{found} rows were read and {sum(kept.values())} written", where=files.output)
    added = [name for name in rows.columns if name not in table.columns]
    _show(terminal, told, found, [name for name in added if name.endswith("_clean")])
    return {"status": "written", "rows": found, "output": storage.root, "columns_added": len(added), "statuses": told}


def count_statuses(spark: SparkSession, root: str, form: str, rows: DataFrame, table: DataFrame) -> Statuses:
    """Rows by status, for each status column, counted in what was written: most frequent first."""
    written = read_plain(spark, root, form, {})
    names = status_columns(rows, table.columns)
    if not names:
        return {}
    pairs = F.explode(F.array(*[F.struct(F.lit(name).alias("c"), F.col(name).alias("s")) for name in names]))
    counted = written.select(pairs.alias("p")).groupBy("p.c", "p.s").count().collect()
    ordered = sorted(counted, key=lambda row: (-row["count"], str(row["s"])))
    return {name: {str(row["s"]): int(row["count"]) for row in ordered if row["c"] == name} for name in names}


def _found(asked: Asked, table: DataFrame) -> Asked:
    """The same with the table's own spelling of each column; all that are not there are told at once."""
    found = {name: find_column(table.columns, name) for name in asked.columns}
    missing = [name for name, column in found.items() if column is None]
    if missing:
        near = {name: difflib.get_close_matches(name, table.columns, n=1, cutoff=0.5) for name in missing}
        raise UsageError(
            f"The input has no column {', '.join(repr(name) for name in missing)}",
            where=f"it has: {', '.join(table.columns)}",
            todo="; ".join(f"did you mean {found[0]!r}?" for found in near.values() if found) or "check the header",
        )

    def own(name: str | None) -> str | None:
        return found[name] if name is not None else None

    def each(names: Any) -> tuple[str, ...]:
        return tuple(str(found[name]) for name in names)

    return evolve(
        asked,
        phone=each(asked.phone),
        name=each(asked.name),
        address=each(asked.address),
        city=own(asked.city),
        state=own(asked.state),
        pincode=own(asked.pincode),
        district=own(asked.district),
        identifiers=tuple((kind, str(found[column])) for kind, column in asked.identifiers),
    )


def _require_apart(source: Storage, target: Storage) -> None:
    """An output inside of the input, or around it, would read what it writes."""
    ours, theirs = source.root.rstrip("/") + "/", target.root.rstrip("/") + "/"
    if ours.startswith(theirs) or theirs.startswith(ours):
        raise UsageError(
            "Input and output lie in one another", where=f"{ours} and {theirs}", todo="take another folder"
        )


def _show(terminal: Terminal, told: Statuses, rows: int, renamed: list[str]) -> None:
    table = Table(header_style="bold", title=f"{rows:,} rows", title_justify="left")
    for name in ("column", "status"):
        table.add_column(name)
    for name in ("rows", "share"):
        table.add_column(name, justify="right")
    for column, counts in told.items():
        for at, (status, count) in enumerate(counts.items()):
            share = f"{100 * count / rows:.1f} %" if rows else "-"
            table.add_row("" if at else column, status, f"{count:,}", share, end_section=at == len(counts) - 1)
    terminal.output.print(table)
    if renamed:
        terminal.output.print(f"note: the input has columns of these names, so ours are: {', '.join(renamed)}")
