"""What a contract is made of: columns, keys, partitioning, personal-data classes, rules, version."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen
from pyspark.sql import types as T

from lib.datasets.rules import Rule


class Pii(Enum):
    """How closely a value points at a person (data-model: PII classes)."""

    NONE = "none"
    PSEUDONYMOUS = "pseudonymous"
    PERSONAL = "personal"
    LOCATION = "location"


class Layer(Enum):
    """The part of the house that a table lives in; also its folder below `tables.root`."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    QUARANTINE = "quarantine"
    OPS = "ops"


@frozen
class Column:
    """One column: its name, its Spark type, what it means (with its unit) and who may see it."""

    name: str
    type: T.DataType
    meaning: str
    required: bool = False
    default: str | None = None
    pii: Pii = Pii.NONE


@frozen
class Upgrade:
    """How a table of the version before becomes one of `version`.

    `columns` are those that it did not have, as SQL over those that it had (`NULL` where nothing tells it; the old name
    where a column was renamed); `drop` are those that are gone. A column whose meaning changes gets a new name.
    """

    version: int
    columns: Mapping[str, str] = field(hash=False)  # contracts are keys of tables
    drop: tuple[str, ...] = ()


@frozen
class Contract:
    """A dataset as a promise: what one row means, what is in it, and what is refused.

    `key` identifies a row; `latest_by` names the columns (first is strongest) by which the newest row of a key is
    chosen in a source that repeats itself. `event_time` is the column that dates a row; None means a snapshot.
    """

    name: str
    layer: Layer
    version: int
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    partition_by: tuple[str, ...] = ()
    latest_by: tuple[str, ...] = ()
    event_time: str | None = None
    rules: tuple[Rule, ...] = field(default=())
    notes: str = ""
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def path(self) -> str:
        """Where the table lives below `tables.root`."""
        return f"{self.layer.value}/{self.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> T.StructType:
        """The Spark schema. Every field is nullable: Spark does not enforce it on files, rules do."""
        return T.StructType([T.StructField(column.name, column.type, True) for column in self.columns])

    @property
    def personal(self) -> tuple[str, ...]:
        """Columns whose values must be masked outside bronze and silver."""
        return tuple(column.name for column in self.columns if column.pii is Pii.PERSONAL)

    @property
    def tells_changes(self) -> bool:
        """Whether a source of it may tell changes (operation, sequence) instead of rows."""
        return "operation" in self.names

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns by which a change names its row, and its own place in the order of changes; () of events."""
        named = (*self.key, self.event_time, "updated_at", "operation", "sequence") if self.tells_changes else ()
        return tuple(name for name in self.names if name in named)

    @property
    def names_people(self) -> bool:
        """Whether a column tells who somebody is, or points at who it is."""
        return any(column.pii in (Pii.PERSONAL, Pii.PSEUDONYMOUS) for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def text(name: str, meaning: str, *, required: bool = False, pii: Pii = Pii.NONE) -> Column:
    """A string column."""
    return Column(name, T.StringType(), meaning, required, None, pii)


def money(name: str, meaning: str, *, required: bool = False) -> Column:
    """An amount in INR, decimal(18,2)."""
    return Column(name, T.DecimalType(18, 2), meaning, required)


def money_sum(name: str, meaning: str) -> Column:
    """A sum of amounts in INR, decimal(38,2): wide enough for any number of rows."""
    return Column(name, T.DecimalType(38, 2), meaning)


def count(name: str, meaning: str) -> Column:
    """A count, never negative."""
    return Column(name, T.LongType(), meaning)


def whole(name: str, meaning: str, *, required: bool = False) -> Column:
    """A whole number."""
    return Column(name, T.IntegerType(), meaning, required)


def flag(name: str, meaning: str) -> Column:
    """A boolean."""
    return Column(name, T.BooleanType(), meaning)


def instant(name: str, meaning: str, *, required: bool = False) -> Column:
    """A moment in time, stored in UTC."""
    return Column(name, T.TimestampType(), meaning, required)


def operation() -> Column:
    """What a change does, where the source tells changes; `lib.transform.operation` knows the words of sources."""
    return text("operation", "what the change does: UPSERT or DELETE; null where the source tells rows, not changes")


def sequence() -> Column:
    """The number of a change in the source: DMS writes 35 digits."""
    return Column("sequence", T.DecimalType(38, 0), "the source's own number of the change, growing; the highest wins")


def day(name: str, meaning: str) -> Column:
    """A calendar day in Asia/Kolkata."""
    return Column(name, T.DateType(), meaning)
