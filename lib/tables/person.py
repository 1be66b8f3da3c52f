"""One customer in the tables: where rows of theirs are, taking them out, and deleting the files that held them.

The customer's number is never written into a plan or a table's log as a literal: it is joined from a frame of one row.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen
from delta.tables import DeltaTable
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lib.datasets import ALL, QUARANTINE, Contract, Layer
from lib.errors import DabbaError
from lib.quality.quarantine import mask
from lib.run.store import Store
from lib.tables.delta import DeltaStore
from lib.tables.log import let_go, self_description, signed
from lib.transform.bronze import DIGEST, digest
from lib.transform.erased import CUSTOMER, is_about_the_customer

# How a record in quarantine tells its customer.
_TOLD = r'"customer_id":"(?:[^"\\]|\\.)*"'
_LEAST = 6
_BLANKS = " \t\r\n\u00a0\ufeff\u200b"


@frozen(repr=False)
class Person:
    """A customer: the number in the sources, what stands for it once erased, and what else a record may tell of them.

    Never shown: an error or a log line that holds one tells nothing.
    """

    id: str
    pseudonym: str
    values: tuple[str, ...] = field(default=())


@frozen
class Trace:
    """Rows of a person in a table. `malformed`: in the text of records that do not fit their format."""

    contract: Contract
    rows: int
    malformed: int = 0


def values_of(store: Store, person: Person) -> tuple[str, ...]:
    """E-mail, phone, name and address as the sources tell them: what a broken record may hold instead of the number."""
    found: set[str] = set()
    for contract in _tables():
        table = store.read(contract.path)
        if table is None or not is_about_the_customer(contract):
            continue
        rows = _rows_of(table, contract, person).select(*contract.personal).distinct().collect()
        found |= {str(value).strip() for row in rows for value in row if value is not None}
    return tuple(sorted(value for value in found if len(value) >= _LEAST))


def traces(store: Store, person: Person) -> list[Trace]:
    """How many rows each table holds of a person."""
    found = []
    for contract in _tables():
        table = store.read(contract.path)
        if table is None:
            continue
        rows = _rows_of(table, contract, person).count() if _tells_the_customer(contract) else 0
        malformed = _malformed_of(table, person).count() if contract.layer is Layer.BRONZE else 0
        found.append(Trace(contract, rows, malformed))
    return [trace for trace in found if trace.rows or trace.malformed]


def rows_of(store: Store, trace: Trace, person: Person) -> Iterator[str]:
    """The rows of a trace as JSON."""
    table = store.read(trace.contract.path)
    if table is None:
        return
    rows = _rows_of(table, trace.contract, person)
    if trace.malformed:
        rows = rows.unionByName(_malformed_of(table, person))
    for row in rows.select(F.to_json(F.struct("*"), {"ignoreNullFields": "false"})).toLocalIterator():
        yield row[0]


def erase_trace(store: DeltaStore, trace: Trace, person: Person, run_id: str) -> None:
    """Take a person out of a table: one commit by key, and one for the text of malformed records.

    Rows about the customer go. Orders stay for the accounts, with a pseudonym and without personal values.
    """
    spark = store.storage.spark
    contract = trace.contract
    table = DeltaTable.forPath(spark, store.at(contract.path)).alias("t")
    who = _one_row(spark, person).alias("s")
    with signed(spark, run_id):
        if trace.rows:
            merge = table.merge(who, _customer_of(contract, "t.") == F.col("s._id"))
            if contract is QUARANTINE:
                merge = merge.whenMatchedDelete("t.dataset = 'customers'")
                told = F.concat(F.lit('"customer_id":"'), F.col("s._pseudonym"), F.lit('"'))
                merge = merge.whenMatchedUpdate(set={"record": F.regexp_replace("t.record", F.lit(_TOLD), told)})
            elif is_about_the_customer(contract):
                merge = merge.whenMatchedDelete()
            else:
                blanked = dict.fromkeys(contract.personal, F.lit(None).cast("string"))
                merge = merge.whenMatchedUpdate(set=_set(contract, {**blanked, CUSTOMER: F.col("s._pseudonym")}))
            store.in_turn(contract.path, merge.execute)
        if trace.malformed:
            masked = _set(contract, {"_malformed": mask(F.col("t._malformed"))})
            merge = table.merge(who, F.expr("t._malformed RLIKE s._pattern")).whenMatchedUpdate(set=masked)
            store.in_turn(contract.path, merge.execute)
        _materialise(store, contract)


def _set(contract: Contract, values: dict[str, Column]) -> dict[str, str | Column]:
    """The new values, in bronze with the digest of the record: the old one would still tell what it was."""
    return {**values, **({DIGEST: digest(contract, values)} if contract.layer is Layer.BRONZE else {})}


def require_gone(store: Store, person: Person) -> None:
    """Raise where rows of the person are found: a run at work may have brought them back."""
    left = traces(store, person)
    if left:
        raise DabbaError(
            "Rows of the customer are there again: a run that had read them before wrote them since",
            where=", ".join(trace.contract.path for trace in left),
            todo="wait until no run is at work, then repeat the erasure",
        )


def purge_table(store: DeltaStore, contract: Contract) -> tuple[int, int]:
    """Delete the files that the table's log let go, at once; returns how many, and how many dead ones remain.

    Files that no version ever named stay for `maintain`: a run at work may be about to commit them.
    """
    table = store.read(contract.path)
    if table is None:
        return 0, 0
    removed = let_go(store.storage, contract.path)
    live = {name.rpartition("/")[2] for name in table.inputFiles()}
    deleted = dead = 0
    for file in list(store.storage.files(contract.path)):
        if file.name in live:
            continue
        if file.name in removed:
            store.storage.delete(f"{contract.path}/{file.folder}/{file.name}")
            deleted += 1
        else:
            dead += 1
    return deleted, dead


def tables_with_people() -> list[Contract]:
    """Every table that may hold something of a customer."""
    return list(_tables())


def _tables() -> Iterator[Contract]:
    return (c for c in ALL if c.layer is Layer.BRONZE or c is QUARANTINE or c.names_people)


def _tells_the_customer(contract: Contract) -> bool:
    return contract is QUARANTINE or CUSTOMER in contract.names


def _rows_of(table: DataFrame, contract: Contract, person: Person) -> DataFrame:
    who = F.broadcast(_one_row(table.sparkSession, person).select("_id"))
    return table.join(who, _customer_of(contract) == F.col("_id"), "left_semi")


def _malformed_of(table: DataFrame, person: Person) -> DataFrame:
    who = F.broadcast(_one_row(table.sparkSession, person).select("_pattern"))
    return table.where("_malformed IS NOT NULL").join(who, F.expr("_malformed RLIKE _pattern"), "left_semi")


def _customer_of(contract: Contract, prefix: str = "") -> Column:
    if contract is QUARANTINE:
        return F.btrim(F.get_json_object(f"{prefix}record", "$.customer_id"), F.lit(_BLANKS))
    return F.btrim(F.col(f"{prefix}{CUSTOMER}"), F.lit(_BLANKS))


def _one_row(spark: SparkSession, person: Person) -> DataFrame:
    texts = "|".join(f"\\Q{text}\\E" for text in (person.id, *person.values) if "\\E" not in text)
    pattern = rf"(?<![\p{{L}}\p{{N}}])(?:{texts})(?![\p{{L}}\p{{N}}])"
    return spark.createDataFrame(
        [(person.id, person.pseudonym, pattern)], "_id string, _pseudonym string, _pattern string"
    )


def _materialise(store: DeltaStore, contract: Contract) -> None:
    """Where a platform has deletion vectors on, rows are only marked as deleted: write their files anew."""
    spark = store.storage.spark
    found, _, _ = self_description(spark, store.at(contract.path))
    if found.get("delta.enableDeletionVectors") == "true":
        purge = f"REORG TABLE delta.`{store.at(contract.path)}` APPLY (PURGE)"
        store.in_turn(contract.path, lambda: spark.sql(purge))
