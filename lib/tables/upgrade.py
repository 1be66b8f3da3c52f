"""Tables of older contracts: read as if they were new, made new by the next publish; what cannot be is told first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from attrs import field, frozen
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.datasets import ALL, Contract, Layer, Upgrade
from lib.errors import ConfigError, DabbaError
from lib.session import lenient
from lib.transform.bronze import bronze_schema

CONTRACTS = {contract.path: contract for contract in ALL}
_OWNER = "dabba"
_VERSION = "dabba.contractversion"


def _lowered(found: Mapping[str, str]) -> Mapping[str, str]:
    # Spark lowers the keys of options, and so those of a Delta table that was made by them.
    return {key.lower(): value for key, value in sorted(found.items())}


@frozen
class Made:
    """A table as it stands: what it says of itself, its columns with their types, and how it is partitioned."""

    properties: Mapping[str, str] = field(converter=_lowered)
    columns: Mapping[str, str]
    partition_by: tuple[str, ...]

    @classmethod
    def by(cls, contract: Contract) -> Made:
        """A table as the contract has it."""
        columns = {field.name: field.dataType.simpleString() for field in table_schema(contract)}
        return cls(properties(contract), columns, contract.partition_by)


def properties(contract: Contract) -> dict[str, str]:
    """What a table says of itself: its owner, its contract and the contract's version."""
    return {
        "dabba.owner": _OWNER,
        "dabba.contract": f"{contract.layer.value}.{contract.name}",
        _VERSION: str(contract.version),
    }


def table_schema(contract: Contract) -> T.StructType:
    """The columns of a contract's table: bronze holds text, and where each record came from."""
    return bronze_schema(contract) if contract.layer is Layer.BRONZE else contract.schema


def upgraded(rows: DataFrame, contract: Contract | None) -> DataFrame:
    """A table's rows in the columns of today's contract.

    A step is taken where its columns are missing, so that an old version of a table is read like an old table.
    """
    steps = pending(rows.columns, contract) if contract is not None else []
    if contract is None or not steps:
        return rows
    kinds = {field.name: field.dataType for field in table_schema(contract)}
    with lenient(rows.sparkSession):
        for step in steps:
            new = {name: F.expr(sql) for name, sql in step.columns.items() if name not in rows.columns}
            rows = rows.withColumns({n: e.cast(kinds[n]) if n in kinds else e for n, e in new.items()}).drop(*step.drop)
        others = [name for name in rows.columns if name not in kinds]
        return rows.select(*[name for name in kinds if name in rows.columns], *others)


def pending(columns: Iterable[str], contract: Contract) -> list[Upgrade]:
    """The steps that a table with these columns still needs."""
    there = set(columns)
    return [step for step in contract.upgrades if not set(step.columns) <= there]


def only_adds(steps: Sequence[Upgrade]) -> bool:
    """Whether old rows stay as they are, with nulls in new columns: then nothing has to be written again."""
    return all(not step.drop and all(sql.strip().upper() == "NULL" for sql in step.columns.values()) for step in steps)


def require_compatible(made: Made, contract: Contract, where: str) -> None:
    """Raise ConfigError unless today's contract can write the table: its own, of a known version and shape."""
    own = properties(contract)
    if any(made.properties.get(key) != own[key] for key in ("dabba.owner", "dabba.contract")):
        raise ConfigError(
            "The table at this path was made by another pipeline; it is not replaced",
            where=where,
            todo="set tables.root to a folder of our own, or move that table away",
        )
    version = int(made.properties.get(_VERSION, "1"))
    if version > contract.version:
        raise ConfigError(
            f"The table was made by a newer dabba: contract version {version}, this one knows {contract.version}",
            where=where,
            todo="use the newer dabba; an older one would lose what that one added",
        )
    known = {step.version for step in contract.upgrades}
    differences = [
        f"no upgrade leads from contract version {step - 1} to {step}"
        for step in range(version + 1, contract.version + 1)
        if step not in known
    ]
    differences += _differences(made, contract)
    if differences:
        raise ConfigError(
            f"The table does not fit its contract (version {contract.version}); nothing was written",
            problems=differences,
            where=where,
            todo="move the table away and run its dates again, or set tables.root to a new folder",
        )


def _differences(made: Made, contract: Contract) -> list[str]:
    wanted = Made.by(contract)
    given = {name for step in pending(made.columns, contract) for name in step.columns}
    found = [
        f"column {name} is {made.columns[name]} there, {kind} here"
        for name, kind in wanted.columns.items()
        if name in made.columns and made.columns[name] != kind
    ]
    if missing := [name for name in wanted.columns if name not in made.columns and name not in given]:
        found.append(f"it has no column {', '.join(missing)}")
    if made.partition_by != wanted.partition_by:
        names = [", ".join(of.partition_by) or "nothing" for of in (made, wanted)]
        found.append(f"it is partitioned by {names[0]} there, by {names[1]} here")
    return found


def require_all(contracts: Sequence[Contract], check: Callable[[Contract], None]) -> None:
    """Check every table at once; raises one error that tells of all that do not fit."""

    def trouble(contract: Contract) -> DabbaError | None:
        try:
            check(contract)
        except DabbaError as error:
            return error
        return None

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = [error for error in pool.map(trouble, contracts) if error is not None]
    if len(found) == 1:
        raise found[0]
    if found:
        raise ConfigError(f"{len(found)} tables cannot be written; none was", problems=found)
