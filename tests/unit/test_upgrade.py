"""Contract versions: a table of then is read in the columns of now, and made new; what cannot be is told first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attrs import evolve

from lib.config.model import Tables
from lib.datasets.contract import Column, Contract, Layer, Upgrade, day, money, text, whole
from lib.errors import ConfigError
from lib.tables import open_store, upgrade
from tests.fixtures.make_contract_v1 import D1, D2, FOLDER, VISITS

# Version 2 calls the town a city and says whether it was paid; version 3 has a note, which nothing of then can tell.
VISITS_2 = evolve(
    VISITS,
    version=2,
    columns=(
        *VISITS.columns[:2], text("city", "where"), money("paid_inr", "INR"), text("was_paid", "yes or no"),
    ),
    upgrades=(
        Upgrade(2, {"city": "town", "was_paid": "if(paid_inr > 0, 'yes', 'no')"}, drop=("town",)),
    ),
)  # fmt: skip
VISITS_3 = evolve(
    VISITS_2,
    version=3,
    columns=(*VISITS_2.columns, text("note", "of the shop")),
    upgrades=(*VISITS_2.upgrades, Upgrade(3, {"note": "NULL"})),
)
NOTED = evolve(
    VISITS, version=2, columns=(*VISITS.columns, text("note", "of the shop")), upgrades=(Upgrade(2, {"note": "NULL"}),)
)
V1, V2, V3 = ("V1", "Poona", "yes"), ("V2", None, "no"), ("V3", "Bombay", "no")


@pytest.fixture(params=["delta", "parquet"])
def form(request):
    return request.param


@pytest.fixture
def root(form, tmp_path):
    return Path(shutil.copytree(FOLDER / form, tmp_path / "tables"))


@pytest.fixture
def store(spark, root, form):
    return open_store(spark, Tables(root=str(root), format=form))


@pytest.fixture
def today(monkeypatch):
    """`today(contract)`: the contract that the code of now has for the table."""
    return lambda contract: monkeypatch.setitem(upgrade.CONTRACTS, contract.path, contract)


def shown(store, *columns):
    return sorted(tuple(row) for row in store.read(VISITS.path).select("visit_id", *columns).collect())


def files(root):
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file() and path.name[0] not in "._")


def test_the_table_of_then_is_what_its_script_says(store):
    assert shown(store, "town") == [("V1", "Poona"), ("V2", None), ("V3", "Bombay")]


@pytest.mark.usefixtures("ansi")
def test_a_table_of_then_is_read_in_the_columns_of_now(store, today):
    today(VISITS_3)
    assert store.read(VISITS.path).columns == list(VISITS_3.names)
    assert store.read(VISITS.path).schema["note"].dataType.simpleString() == "string"
    assert shown(store, "city", "was_paid", "note") == [(*V1, None), (*V2, None), (*V3, None)]


@pytest.mark.parametrize("contract", [VISITS_2, VISITS_3], ids=["one step", "two steps"])
def test_the_next_publish_makes_the_table_new_and_loses_nothing_of_other_dates(
    spark, store, root, form, today, contract
):
    today(contract)
    new = {"visit_id": "V9", "business_date": D2, "city": "Pune", "was_paid": "no", "note": "hello"}
    rows = spark.createDataFrame([tuple(new.get(name) for name in contract.names)], contract.schema)
    store.replace(rows, contract, {"business_date": [D2]}, "run-2")
    again = open_store(spark, Tables(root=str(root), format=form))
    assert shown(again, "city", "was_paid") == [V1, V2, ("V9", "Pune", "no")]
    if contract is VISITS_3:
        assert shown(again, "note") == [("V1", None), ("V2", None), ("V9", "hello")]
    # what is there is new: without any upgrade it reads the same
    today(evolve(contract, upgrades=()))
    assert shown(again, "city", "was_paid") == [V1, V2, ("V9", "Pune", "no")]
    assert "town" not in again.read(VISITS.path).columns
    again.replace(rows, contract, {"business_date": [D2]}, "run-3")
    assert len(shown(again)) == 3


def test_a_column_that_only_comes_leaves_the_files_of_other_dates_alone_in_delta(spark, tmp_path, today):
    root = Path(shutil.copytree(FOLDER / "delta", tmp_path / "tables"))
    store = open_store(spark, Tables(root=str(root)))
    before = files(root)
    today(NOTED)
    rows = spark.createDataFrame([("V9", D2, "Pune", None, "hello")], NOTED.schema)
    store.replace(rows, NOTED, {"business_date": [D2]}, "run-2")
    assert shown(store, "note") == [("V1", None), ("V2", None), ("V9", "hello")]
    assert len([file for file in files(root) if file not in before and "2025-10-17" in str(file)]) == 0


def test_an_old_version_of_a_new_table_is_read_in_the_columns_of_now_too(spark, tmp_path, today):
    root = Path(shutil.copytree(FOLDER / "delta", tmp_path / "tables"))
    store = open_store(spark, Tables(root=str(root)))
    today(VISITS_2)
    rows = spark.createDataFrame([], VISITS_2.schema)
    store.replace(rows, VISITS_2, {"business_date": [D2]}, "run-2")
    assert store.read(VISITS.path, version=0).where("visit_id = 'V3'").select("city").first()["city"] == "Bombay"


def test_a_whole_table_is_replaced_in_its_new_columns(spark, store, today):
    today(VISITS_2)
    rows = store.read(VISITS.path).where("visit_id <> 'V2'")
    store.replace(rows, VISITS_2, None, "run-2")
    today(evolve(VISITS_2, upgrades=()))
    assert shown(store, "city", "was_paid") == [V1, V3]


def test_what_is_appended_adds_the_column(spark, tmp_path, form, today):
    """The ledger's way: tables without partitions, which only grow."""
    old = Contract("steps", Layer.OPS, 1, "a step", (text("run_id", ""), whole("n", "")))
    new = evolve(
        old, version=2, columns=(*old.columns, text("why", "")), upgrades=(Upgrade(2, {"why": "concat('n', n)"}),)
    )
    store = open_store(spark, Tables(root=str(tmp_path), format=form))
    today(old)
    store.append(spark.createDataFrame([("a", 1)], old.schema), old, "run-1")
    today(new)
    store = open_store(spark, Tables(root=str(tmp_path), format=form))
    store.append(spark.createDataFrame([("b", 2, "x")], new.schema), new, "run-2")
    today(evolve(new, upgrades=()))
    found = store.read(new.path).select("run_id", "n", "why").collect()
    assert sorted(tuple(row) for row in found) == [("a", 1, "n1"), ("b", 2, "x")]


@pytest.mark.parametrize("sql", ["NULL", "concat('n', n)"], ids=["only adds", "derived"])
def test_a_table_that_is_changed_by_key_gets_its_new_columns(spark, tmp_path, form, today, sql):
    old = Contract("people", Layer.SILVER, 1, "one person", (text("id", ""), whole("n", "")), key=("id",))
    new = evolve(old, version=2, columns=(*old.columns, text("why", "")), upgrades=(Upgrade(2, {"why": sql}),))
    today(old)
    before = spark.createDataFrame([("a", 1), ("b", 2)], old.schema)
    open_store(spark, Tables(root=str(tmp_path), format=form)).merge(lambda *_: before, old, "run-1")
    today(new)
    store = open_store(spark, Tables(root=str(tmp_path), format=form))
    told = spark.createDataFrame([("b", 3, "x"), ("c", 4, None)], new.schema)
    store.merge(lambda held, _: held.where("id = 'a'").unionByName(told), new, "run-2")
    today(evolve(new, upgrades=()))
    found = sorted(tuple(row) for row in store.read(new.path).select("id", "n", "why").collect())
    assert found == [("a", 1, "n1" if "n" in sql else None), ("b", 3, "x"), ("c", 4, None)]
    assert store.read(new.path).columns == list(new.names)


SALE = Column("paid_inr", VISITS.schema["visit_id"].dataType, "as text")
BREAKING = {
    "a newer dabba made it": (
        evolve(VISITS, version=0),
        "contract version 1, this one knows 0",
        "use the newer dabba",
    ),
    "nothing leads to this version": (
        evolve(VISITS_3, upgrades=(Upgrade(3, {"note": "NULL"}),)),
        "no upgrade leads from contract version 1 to 2",
        "move the table away",
    ),
    "another type": (
        evolve(VISITS, columns=(*VISITS.columns[:3], SALE)),
        "column paid_inr is decimal(18,2) there, string here",
        "run its dates again",
    ),
    "another partitioning": (
        evolve(VISITS, partition_by=("town",)),
        "it is partitioned by business_date there, by town here",
        "move the table away",
    ),
    "a column more without an upgrade": (
        evolve(VISITS, columns=(*VISITS.columns, day("seen_on", ""))),
        "it has no column seen_on",
        "move the table away",
    ),
}


@pytest.mark.parametrize("case", BREAKING)
def test_what_cannot_be_made_new_is_told_before_anything_is_written(spark, store, root, today, case):
    contract, told, todo = BREAKING[case]
    today(contract)
    before = {path: path.stat().st_mtime_ns for path in (root / "silver").rglob("*")}
    with pytest.raises(ConfigError) as caught:
        store.check_tables([contract])
    for words in (told, todo, "silver/visits"):
        assert words in str(caught.value)
    rows = spark.createDataFrame([], contract.schema)
    with pytest.raises(ConfigError, match="contract"):
        store.replace(rows, contract, {contract.partition_by[0]: [D1]}, "run-2")
    assert {path: path.stat().st_mtime_ns for path in (root / "silver").rglob("*")} == before


def test_all_tables_that_do_not_fit_are_told_at_once(spark, store, root):
    shutil.copytree(root / "silver", root / "gold")
    others = [evolve(VISITS, version=0), evolve(VISITS, layer=Layer.GOLD)]
    with pytest.raises(ConfigError, match="2 tables cannot be written") as caught:
        store.check_tables(others)
    assert "newer dabba" in str(caught.value)
    assert "another pipeline" in str(caught.value)


def test_a_table_that_is_not_there_fits(store):
    store.check_tables([VISITS, evolve(VISITS, name="others")])
