"""The configuration as typed, frozen values: what each key of conf/*.yaml means."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from attrs import Factory, field, frozen

from lib.config.secret import Secret

Policy = Literal["fail", "warn", "allow"]
Value = str | int | float | bool | Secret | None


@frozen
class Changes:
    """A source that tells changes of rows (CDC): SQL over the record for what a change does (`operation`), its growing
    number (`sequence`) and its instant (`at`, which becomes `updated_at`); and where the rows are.

    `before` and `after` name what holds the old and the new row (`after`, `payload.after`): JSON text or a struct;
    `columns` and `filter` are then SQL over its fields. Without them the record itself is the row.
    """

    operation: str
    sequence: str
    at: str | None = None
    before: str | None = None
    after: str | None = None


@frozen
class Source:
    """Where a dataset comes from and how its columns become the canonical ones.

    `columns` maps canonical names to SQL expressions over the source's columns; a canonical column that is not listed
    is taken under its own name. `timestamp_formats` are Spark patterns, tried in order, for times that are not ISO.
    `window`: `by_date` leaves rows of other dates for their own run; `strict` refuses rows after the window's end.
    `read`: `whole` reads all of it in every run; `new` takes each file of the path once.
    `look_back_days`: rows of that many days before the window re-open those of them that were published (orders only).
    """

    format: Literal["csv", "json", "parquet", "delta"]
    path: str
    options: Mapping[str, Value] = Factory(dict)
    time_zone: str | None = None
    timestamp_formats: tuple[str, ...] = ()
    null_values: tuple[str, ...] = ("NULL", "null", "None", "NaN", "nan", "\\N")
    columns: Mapping[str, str] = Factory(dict)
    filter: str | None = None
    changes: Changes | None = None
    read: Literal["whole", "new"] = "whole"
    window: Literal["by_date", "strict"] = "by_date"
    look_back_days: int = 7
    on_empty: Policy = "fail"


@frozen
class Sources:
    """The four sources. Only orders must be there; without the others their facts are Unknown."""

    orders: Source
    catalog: Source | None = None
    customers: Source | None = None
    inventory: Source | None = None

    def given(self) -> dict[str, Source]:
        """The sources that are configured, by name."""
        named = {
            "orders": self.orders,
            "catalog": self.catalog,
            "customers": self.customers,
            "inventory": self.inventory,
        }
        return {name: source for name, source in named.items() if source is not None}


@frozen
class LeaseTerms:
    """A run that was not heard of for `seconds` counts as dead and is taken over. Another run of its dates waits for
    `wait_seconds` at most; where runs of different dates take turns at a table, for `turn_seconds`."""

    seconds: Decimal = Decimal(60)
    wait_seconds: Decimal = Decimal(90)
    turn_seconds: Decimal = Decimal(3600)


@frozen
class Tables:
    """Where tables go: each at ROOT/LAYER/NAME."""

    root: str
    format: Literal["delta", "parquet"] = "delta"
    lease: LeaseTerms = LeaseTerms()


@frozen
class Gate:
    """A run is refused when refused rows exceed this share of a dataset, or this count."""

    max_refused_share: Decimal = Decimal("0.05")
    max_refused_rows: int | None = None


@frozen
class ConfiguredRule:
    """A quality rule added in conf to those of the contract; `kind` decides which other keys apply."""

    kind: Literal[
        "not_null",
        "required_when",
        "unique",
        "in_set",
        "range",
        "regex",
        "compare",
        "holds",
        "fresh",
        "row_count",
        "mean_band",
        "mostly",
    ]
    column: str | None = None
    name: str = ""
    severity: Literal["error", "warn"] = "error"
    parameters: Mapping[str, Any] = Factory(dict)


@frozen
class Quality:
    """Gates and additional rules, by source dataset; `default_gate` where a dataset has none of its own."""

    default_gate: Gate = Gate()
    gates: Mapping[str, Gate] = Factory(dict)
    rules: Mapping[str, tuple[ConfiguredRule, ...]] = Factory(dict)
    empty_date: Policy = "warn"


@frozen
class Segments:
    """Customer segments by lifetime orders: above the first is Premium, above the second Regular, else New."""

    premium_above: int = 50
    regular_above: int = 10


@frozen
class Review:
    """Prepaid orders above this amount need a review; `exclude_until_approved` keeps them out of sale figures."""

    above_inr: Decimal = Decimal("50000")
    methods: tuple[str, ...] = ("CREDIT_CARD", "DEBIT_CARD", "NET_BANKING")
    exclude_until_approved: bool = False


@frozen
class Stock:
    """A stock row older than this many days is stale."""

    stale_after_days: int = 3


@frozen
class Business:
    """What the business decides: thresholds and vocabularies (an alias in any case and punctuation -> canonical)."""

    segments: Segments = Segments()
    review: Review = Review()
    stock: Stock = Stock()
    high_volume_orders: int = 10_000
    statuses: Mapping[str, str] = Factory(dict)
    payment_methods: Mapping[str, str] = Factory(dict)
    payment_statuses: Mapping[str, str] = Factory(dict)
    channels: Mapping[str, str] = Factory(dict)
    categories: Mapping[str, str] = Factory(dict)
    unlisted_category: Literal["keep", "unknown"] = "keep"


@frozen
class Places:
    """The tables of states and cities, as `lib.normalise.place` reads them."""

    states: Mapping[str, Any] = Factory(dict)
    cities: Any = None


@frozen
class Phones:
    """`dummies`: national numbers that people type when they do not want to give one."""

    dummies: tuple[str, ...] = ()


@frozen
class Festival:
    """A festival: its days, and the states that keep it (none listed: all India)."""

    name: str
    dates: tuple[str, ...]
    states: tuple[str, ...] = ()


@frozen
class Calendar:
    """Festivals by date and state."""

    festivals: tuple[Festival, ...] = ()


@frozen
class Limits:
    """Bounds of a run: the most dates at once; how many steps that do not need each other go on at once; and how far
    beyond the window a date is surely wrong."""

    max_dates: int = 400
    side_by_side: int = 4
    max_days_after_window: int = 400


@frozen
class Retention:
    """Days that dated rows are kept, by layer, counted back from the day of the maintenance; None: for ever."""

    bronze: int | None = 90
    quarantine: int | None = 90
    silver: int | None = None
    gold: int | None = None
    failed_runs: int | None = 90  # the files of ops/failed


@frozen
class Maintain:
    """What `maintain` does.

    A partition is compacted when it holds `min_small_files` files below `small_file_mb` and its date is older than
    `settled_days` (newer ones are still re-opened by late rows). Files that no version names are deleted after
    `vacuum_hours`, but not while a night published within `keep_reports_days`, or the latest one, needs them.
    """

    retention_days: Retention = Retention()
    min_small_files: int = 8
    small_file_mb: int = 64
    settled_days: int = 7
    vacuum_hours: int = 168
    keep_reports_days: int = 7


@frozen
class Privacy:
    """`hash_key`: the secret of the keyed hashes under which erased customers are remembered. Never change it."""

    hash_key: Secret | None = None


@frozen
class Config:
    """The whole configuration of a run. `redacted()` and `hash` of `lib.config` are what the ledger keeps."""

    sources: Sources
    tables: Tables
    time_zone: Literal["Asia/Kolkata"] = "Asia/Kolkata"
    quality: Quality = Quality()
    business: Business = Business()
    places: Places = Places()
    phones: Phones = Phones()
    addresses: Mapping[str, Any] = Factory(dict)  # words by heading, as `lib.normalise.address` reads them
    calendar: Calendar = Calendar()
    limits: Limits = Limits()
    maintain: Maintain = Maintain()
    privacy: Privacy = Privacy()
    spark: Mapping[str, Value] = Factory(dict)
    env: str = field(default="")
