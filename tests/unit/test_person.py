"""One customer out of every table: no value of theirs is left in any file, and nobody else's row changes."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from attrs import evolve
from pyspark.sql import functions as F

from lib.config.model import LeaseTerms, Privacy, Tables
from lib.config.secret import Secret
from lib.datasets import ALL, CUSTOMER_VERSIONS, CUSTOMERS, ORDER_LINES, ORDERS, QUARANTINE, Contract, Layer
from lib.errors import ConfigError, DabbaError, Superseded
from lib.tables import open_store
from lib.tables.person import (
    Person,
    Trace,
    erase_trace,
    purge_table,
    require_gone,
    rows_of,
    tables_with_people,
    traces,
    values_of,
)
from lib.transform.bronze import bronze_schema, digest
from lib.transform.erased import customer_hash, pseudonym, reveal_key, without_erased

KEY = "a key of the tests, long enough for it"
D20 = date(2025, 10, 20)
AT = {"business_date": D20, "arrival_date": D20}
ASHA = {"customer_id": "C7", "full_name": "Asha Iyer", "email": "asha@example.in", "phone": "98400 11223"}
RAVI = {"customer_id": "C77", "full_name": "Ravi Menon", "email": "ravi@example.in", "phone": "98400 44556"}
BROKEN = '"C9","98400 11223","lane 4'
OTHERS_BROKEN = '"C77","98400 44556","lane 5'


def order(number: str, person: dict[str, str], customer_id: str) -> dict[str, object]:
    return {
        "order_id": number, "order_line_id": "1", "customer_id": customer_id, "delivery_name": person["full_name"],
        "delivery_phone": person["phone"], "delivery_city": "Chennai", **AT,
    }  # fmt: skip


@pytest.fixture(scope="module")
def tables(spark, tmp_path_factory):
    """Tables in which Asha, C7, and Ravi, C77, have rows; some numbers were typed with blanks around them."""
    root = tmp_path_factory.mktemp("people")
    store = open_store(spark, Tables(root=str(root)))
    record = {"order_id": "O3", "customer_id": " C7", "delivery_name": "xxxx xxxx"}
    refused = {**AT, "run_id": "run-1", "reasons": []}
    given: dict[Contract, list[dict[str, object]]] = {
        CUSTOMERS: [{**ASHA, "snapshot_date": D20}, {**RAVI, "snapshot_date": D20}],
        ORDERS: [
            order("O1", ASHA, "\u00a0C7 "),
            order("O2", RAVI, "C77"),
            {**AT, "_malformed": BROKEN},
            {**AT, "_malformed": OTHERS_BROKEN},
        ],
        CUSTOMER_VERSIONS: [{**ASHA, "is_current": True}, {**RAVI, "is_current": True}],
        ORDER_LINES: [
            {"order_id": "O1", "customer_id": "C7", "business_date": D20},
            {"order_id": "O2", "customer_id": "C77", "business_date": D20},
        ],
        QUARANTINE: [
            {**refused, "dataset": "orders", "record": json.dumps(record, separators=(",", ":"))},
            {**refused, "dataset": "customers", "record": '{"customer_id":"C7","full_name":"xxxx xxxx"}'},
            {**refused, "dataset": "orders", "record": '{"customer_id":"C77"}'},
        ],
    }
    for contract, people in given.items():
        schema = bronze_schema(contract) if contract.layer is Layer.BRONZE else contract.schema
        rows = [{**dict.fromkeys(schema.names), **row} for row in people]
        store.replace(spark.createDataFrame(rows, schema).coalesce(1), contract, None, "run-1")
    return root


@pytest.fixture(scope="module")
def asha(spark, tables):
    person = Person("C7", pseudonym(KEY, "C7"))
    return evolve(person, values=values_of(open_store(spark, Tables(root=str(tables))), person))


@pytest.fixture(scope="module")
def without_asha(spark, tables, asha, tmp_path_factory):
    """The same tables, after her erasure."""
    root = tmp_path_factory.mktemp("erased") / "tables"
    shutil.copytree(tables, root)
    erase(open_store(spark, Tables(root=str(root))), asha)
    return root


@pytest.fixture
def store(spark, tables, tmp_path):
    """A copy of the tables with her."""
    return copied(spark, tables, tmp_path)


@pytest.fixture
def erased(spark, without_asha, tmp_path):
    """A copy of the tables without her."""
    return copied(spark, without_asha, tmp_path)


def copied(spark, tables, tmp_path):
    shutil.copytree(tables, tmp_path, dirs_exist_ok=True)
    return open_store(spark, Tables(root=str(tmp_path)))


def held(store, contract, *columns):
    return sorted((tuple(row) for row in store.read(contract.path).select(*columns).collect()), key=str)


def everything_below(root: Path) -> dict[str, str]:
    """The content of every file of the tables and of their logs, dead ones too."""
    found = {}
    for file in root.rglob("*"):
        if file.suffix == ".parquet":
            found[str(file)] = str(ds.dataset(file).to_table().to_pylist())
        elif file.is_file():
            found[str(file)] = file.read_text("utf-8", "replace")
    return found


def erase(store, person):
    for trace in traces(store, person):
        erase_trace(store, trace, person, "erase-1")


def test_every_trace_is_found(store, asha):
    found = {trace.contract.path: (trace.rows, trace.malformed) for trace in traces(store, asha)}
    assert found == {
        "bronze/orders": (1, 1),
        "bronze/customers": (1, 0),
        "silver/order_lines": (1, 0),
        "silver/customers": (1, 0),
        "quarantine/records": (2, 0),
    }


def test_where_the_storage_does_not_keep_writers_apart_erasure_waits_for_the_tables_turn(spark, store, asha):
    tables = Tables(root=store.storage.root, lease=LeaseTerms(turn_seconds=Decimal(0)))
    as_on_s3 = [evolve(one, turns=evolve(one.turns, losing=True)) for one in [open_store(spark, tables)] * 2]
    for trace in (Trace(CUSTOMERS, 1), Trace(ORDERS, 0, malformed=1)):
        with as_on_s3[0].turns.at(trace.contract.path), pytest.raises(Superseded, match="Another run holds bronze/"):
            erase_trace(as_on_s3[1], trace, asha, "erase-1")
        assert store.version(trace.contract.path) == 0


def test_rows_about_the_customer_go_and_orders_stay_without_them(erased, asha):
    store = erased
    stands = pseudonym(KEY, "C7")
    assert held(store, CUSTOMERS, "customer_id", "full_name") == [("C77", "Ravi Menon")]
    assert held(store, CUSTOMER_VERSIONS, "customer_id") == [("C77",)]
    assert held(store, ORDER_LINES, "order_id", "customer_id") == [("O1", stands), ("O2", "C77")]
    assert held(store, ORDERS, "order_id", "customer_id", "delivery_name", "delivery_city") == [
        ("O1", stands, None, "Chennai"),
        ("O2", "C77", "Ravi Menon", "Chennai"),
        (None, None, None, None),
        (None, None, None, None),
    ]
    assert held(store, ORDERS, "_malformed") == [
        ('"C77","98400 44556","lane 5',),
        ('"x9","99999 99999","xxxx 9',),
        (None,),
        (None,),
    ]
    assert held(store, QUARANTINE, "record") == [
        ('{"customer_id":"C77"}',),
        (f'{{"order_id":"O3","customer_id":"{stands}","delivery_name":"xxxx xxxx"}}',),
    ]
    assert traces(store, asha) == []
    require_gone(store, asha)


def test_the_digest_of_a_bronze_record_is_that_of_what_is_left(erased):
    """The old one would tell by comparison what the record was; and the record told again must be the same."""
    table = erased.read(ORDERS.path).where("_digest IS NOT NULL")
    assert table.count() == 2
    assert table.where(F.col("_digest") != digest(ORDERS)).count() == 0


def test_no_value_is_left_in_any_file_once_the_old_ones_are_deleted(tables, erased, tmp_path):
    before = str(everything_below(tables))
    values = [ASHA["full_name"], ASHA["email"], ASHA["phone"], '"C7"', "'C7'", "\\xa0C7 ", '" C7"']
    assert all(value in before for value in (*values[:3], values[4]))
    assert ASHA["email"] in str(everything_below(tmp_path))  # older versions are still there
    for contract in tables_with_people():
        purge_table(erased, contract)
    for path, content in everything_below(tmp_path).items():
        assert not [value for value in values if value in content], path
    assert RAVI["email"] in str(everything_below(tmp_path))


def test_a_purge_leaves_what_a_run_is_about_to_commit(erased, tmp_path):
    staged = tmp_path / "silver/customers/part-staged.parquet"
    staged.write_bytes(b"rows that are not committed yet")
    assert purge_table(erased, CUSTOMER_VERSIONS) == (1, 1)
    assert staged.exists()
    assert held(erased, CUSTOMER_VERSIONS, "customer_id") == [("C77",)]


def test_deletion_vectors_of_a_platform_hide_nothing(spark, store, asha, tmp_path):
    path = f"delta.`{tmp_path}/silver/customers`"
    spark.sql(f"ALTER TABLE {path} SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')")
    for trace in traces(store, asha):
        if trace.contract is CUSTOMER_VERSIONS:
            erase_trace(store, trace, asha, "erase-1")
    purge_table(store, CUSTOMER_VERSIONS)
    left = str(everything_below(tmp_path / "silver/customers"))
    assert ASHA["email"] not in left
    assert RAVI["email"] in left


def test_someone_who_came_back_meanwhile_is_told(spark, erased, asha):
    rows = spark.createDataFrame([{**dict.fromkeys(CUSTOMER_VERSIONS.names), **ASHA}], CUSTOMER_VERSIONS.schema)
    erased.append(rows, CUSTOMER_VERSIONS, "run-2")
    with pytest.raises(DabbaError, match="are there again") as caught:
        require_gone(erased, asha)
    assert "silver/customers" in str(caught.value)
    assert "C7" not in str(caught.value)


def test_an_export_holds_every_row_of_the_customer_and_no_other(store, asha):
    rows = [json.loads(row) for trace in traces(store, asha) for row in rows_of(store, trace, asha)]
    assert len(rows) == 7
    assert {row["email"] for row in rows if "email" in row} == {"asha@example.in"}
    assert not [row for row in rows if "C77" in str(row)]


def test_a_source_that_still_tells_of_an_erased_customer_does_not_bring_them_back(spark, ansi):
    erased = frozenset({customer_hash(KEY, "C7")})
    people = spark.createDataFrame([("C7", "Asha"), (" C7\u00a0", "Asha"), ("C77", "Ravi"), (None, "?")],
                                   "customer_id string, full_name string")  # fmt: skip
    kept = without_erased(people, CUSTOMERS, (), erased, KEY).collect()
    assert {tuple(row) for row in kept} == {("C77", "Ravi"), (None, "?")}
    schema = "order_id string, customer_id string, delivery_name string, delivery_phone string, delivery_address string"
    orders = spark.createDataFrame([("O1", "C7", "Asha", "1", "x"), ("O2", "C77", "Ravi", "2", "y")], schema)
    found = without_erased(orders, ORDERS, (), erased, KEY).orderBy("order_id").collect()
    assert [tuple(row) for row in found] == [
        ("O1", pseudonym(KEY, "C7"), None, None, None),
        ("O2", "C77", "Ravi", "2", "y"),
    ]


def test_the_key_stands_in_no_plan(spark):
    people = spark.range(1).select(F.lit("C7").alias("customer_id"), F.lit("Asha").alias("full_name"))
    marked = without_erased(people, CUSTOMERS, (), frozenset({customer_hash(KEY, "C7")}), KEY)
    assert KEY not in marked._jdf.queryExecution().toString()


def test_hashes_are_keyed_and_differ_by_purpose():
    assert customer_hash(KEY, "C7") != customer_hash(KEY + "x", "C7")
    assert pseudonym(KEY, "C7")[7:] not in customer_hash(KEY, "C7")
    assert pseudonym(KEY, "C7") == pseudonym(KEY, "C7") != pseudonym(KEY, "C77")


def test_without_a_key_or_with_a_short_one_nothing_is_hashed(monkeypatch):
    with pytest.raises(ConfigError, match="There is no key"):
        reveal_key(Privacy())
    monkeypatch.setenv("DABBA_HASH_KEY", "short")
    with pytest.raises(ConfigError, match="5 characters; it needs 32") as caught:
        reveal_key(Privacy(hash_key=Secret("env", "DABBA_HASH_KEY")))
    assert "short" not in str(caught.value)


def test_a_person_is_not_shown():
    assert "C7" not in repr(Person("C7", "erased-1", ("asha@example.in",)))


@pytest.mark.parametrize("contract", [c for c in ALL if c.personal], ids=lambda contract: contract.path)
def test_every_table_with_personal_values_tells_whose_they_are(contract):
    """Otherwise an erasure could not find them."""
    assert "customer_id" in contract.names


@pytest.mark.parametrize("contract", tables_with_people(), ids=lambda contract: contract.path)
def test_logs_of_tables_with_people_keep_no_minima_and_maxima(contract, tables):
    commits = list((tables / contract.path / "_delta_log").glob("*.json"))
    assert not [commit for commit in commits if '\\"minValues\\":{\\"' in commit.read_text("utf-8")]
    made_here = contract in (CUSTOMERS, ORDERS, CUSTOMER_VERSIONS, ORDER_LINES, QUARANTINE)
    assert bool(commits) == made_here
