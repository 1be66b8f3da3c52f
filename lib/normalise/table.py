"""A whole table of people in one form: the columns that it is told of, in any combination."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.normalise.address import with_address
from lib.normalise.identifier import with_identifier
from lib.normalise.lookups import Lookups
from lib.normalise.name import with_name
from lib.normalise.phone import with_phone
from lib.normalise.place import with_place
from lib.normalise.text import quoted

_PLACE = ("city", "state", "pincode", "district")
TAKEN_SUFFIX = "_clean"


@frozen
class Asked:
    """Which columns of a table hold what. Several of one kind are told apart by a prefix, their own name."""

    phone: Sequence[str] = ()
    name: Sequence[str] = ()
    address: Sequence[str] = ()
    city: str | None = None
    state: str | None = None
    pincode: str | None = None
    district: str | None = None
    identifiers: Sequence[tuple[str, str]] = ()  # (kind, column)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are named, each once."""
        place = [name for name in (self.city, self.state, self.pincode, self.district) if name is not None]
        kinds = [column for _, column in self.identifiers]
        return tuple(dict.fromkeys([*self.phone, *self.name, *self.address, *place, *kinds]))


def normalise_table(table: DataFrame, asked: Asked, lookups: Lookups, hash_key: str | None = None) -> DataFrame:
    """The table with what was asked for beside it; its own columns and rows stay as they are, in their order.

    Phones take their STD code from the row's PIN, district or city; addresses fill what they do not print from them. A
    new column whose name the table has already ends in `_clean`. Aadhaar numbers are not kept: their column holds the
    masked form, and their hash is keyed by `hash_key` (none without it).
    """
    # Under names of our own, so that no name of the table's gets in the way.
    inner = {column: f"_given_{number}" for number, column in enumerate(asked.columns)}
    raw = {column: f"_raw_{number}" for number, column in enumerate(table.columns)}
    rows = table.select(
        *[F.col(quoted(column)).alias(name) for column, name in raw.items()],
        *[F.col(quoted(column)).cast("string").alias(name) for column, name in inner.items()],
    )
    known = set(rows.columns)
    given = {kind: inner[column] for kind in _PLACE if (column := getattr(asked, kind)) is not None}
    near = {kind: name for kind, name in given.items() if kind != "state"}
    for column in asked.name:
        rows = with_name(rows, inner[column], prefix=_prefix(column, asked.name))
    for column in asked.phone:
        rows = with_phone(rows, inner[column], prefix=_prefix(column, asked.phone), dummies=lookups.dummies, **near)
    for column in asked.address:
        rows = with_address(
            rows, inner[column], prefix=_prefix(column, asked.address), tables=lookups.addresses, **given
        )
    if given:
        rows = with_place(rows, tables=lookups.places, **given)
    for kind, column in asked.identifiers:
        same = [name for other, name in asked.identifiers if other == kind]
        rows = with_identifier(rows, inner[column], kind, prefix=_prefix(column, same), key=hash_key)
    added = [name for name in rows.columns if name not in known]
    masked = {
        column: f"{_prefix(column, _of_kind(asked, 'aadhaar'))}aadhaar_masked" for column in _of_kind(asked, "aadhaar")
    }
    taken = {name.strip().casefold() for name in table.columns}
    return rows.select(
        *[F.col(masked.get(column, name)).alias(column) for column, name in raw.items()],
        *[F.col(name).alias(name + TAKEN_SUFFIX if name.casefold() in taken else name) for name in added],
    )


def status_columns(table: DataFrame, before: Sequence[str]) -> list[str]:
    """The columns that tell how a result was reached, among those that were added."""
    return [name for name in table.columns if name not in before and re.search(r"_status(_clean)?\Z", name)]


def _of_kind(asked: Asked, kind: str) -> list[str]:
    return [column for other, column in asked.identifiers if other == kind]


def _prefix(column: str, same_kind: Sequence[str]) -> str:
    """None for the only column of a kind, else its name in letters, digits and underscores."""
    return "" if len(same_kind) < 2 else re.sub(r"[^0-9A-Za-z]+", "_", column).strip("_").lower() + "_"
