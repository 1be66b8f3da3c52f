"""Tables: a publish replaces exactly its dates, nobody else's table is touched, and a crash is completed."""

from __future__ import annotations

import shutil
import threading
from datetime import date

import pytest

from lib.config.model import Tables
from lib.datasets.contract import Contract, Layer, count, day, text
from lib.errors import ConfigError, DabbaError, Unavailable
from lib.tables import log, open_store
from lib.tables.filesystem import Storage

SALES = Contract(
    "sales", Layer.GOLD, 1, "a day and city", (day("business_date", ""), text("city", ""), count("n", "")),
    partition_by=("business_date",),
)  # fmt: skip
NAMES = Contract("names", Layer.SILVER, 1, "a name", (text("name", ""),))
REFUSED = Contract(
    "refused", Layer.QUARANTINE, 1, "a row", (text("dataset", ""), day("business_date", ""), text("why", "")),
    partition_by=("dataset", "business_date"),
)  # fmt: skip
KEYED = Contract("people", Layer.SILVER, 1, "a person", (text("id", ""), text("name", "")), key=("id",))
RUNS = Contract("runs", Layer.OPS, 1, "a run", (text("run_id", ""), text("status", "")), key=("run_id",))
D20, D21, D22, D23 = (date(2025, 10, number) for number in (20, 21, 22, 23))
FORMATS = ("delta", "parquet")


@pytest.fixture(params=FORMATS)
def store(request, spark, tmp_path):
    return open_store(spark, Tables(root=str(tmp_path / "tables"), format=request.param))


@pytest.fixture
def sales(spark):
    def build(*rows):
        return spark.createDataFrame(list(rows), SALES.schema)

    return build


def rows_of(store, contract, *columns):
    table = store.read(contract.path)
    return sorted((tuple(row) for row in table.select(*(columns or contract.names)).collect()), key=str)


def test_a_table_that_is_not_there_is_none(store):
    assert store.read(SALES.path) is None


def test_replace_touches_only_its_dates(store, sales):
    first = store.replace(sales((D20, "Pune", 1), (D21, "Pune", 2)), SALES, {"business_date": [D20, D21]}, "run-1")
    assert (first.table, first.rows) == ("gold/sales", 2)
    store.replace(sales((D21, "Mumbai", 9)), SALES, {"business_date": [D21]}, "run-2")
    assert rows_of(store, SALES) == [(D20, "Pune", 1), (D21, "Mumbai", 9)]
    # the same again is the same
    store.replace(sales((D21, "Mumbai", 9)), SALES, {"business_date": [D21]}, "run-3")
    assert rows_of(store, SALES) == [(D20, "Pune", 1), (D21, "Mumbai", 9)]


def test_replace_works_with_adaptive_execution_too(store, sales, spark):
    """The tests' session does without it; real ones have it, and plan the writing of partitions otherwise."""
    spark.conf.set("spark.sql.adaptive.enabled", "true")
    try:
        store.replace(sales((D20, "Pune", 1), (D21, "Pune", 2)), SALES, {"business_date": [D20, D21]}, "run-1")
    finally:
        spark.conf.set("spark.sql.adaptive.enabled", "false")
    assert rows_of(store, SALES) == [(D20, "Pune", 1), (D21, "Pune", 2)]


def test_a_date_of_the_scope_without_rows_becomes_empty(store, sales):
    store.replace(sales((D20, "Pune", 1), (D21, "Pune", 2)), SALES, {"business_date": [D20, D21]}, "run-1")
    published = store.replace(sales((D20, "Pune", 5)), SALES, {"business_date": [D20, D21]}, "run-2")
    assert (published.rows, rows_of(store, SALES)) == (1, [(D20, "Pune", 5)])


def test_an_empty_publish_is_a_table_with_no_rows(store, sales):
    store.replace(sales(), SALES, {"business_date": [D20]}, "run-1")
    store.replace(sales((D20, "Pune", 1)), SALES, {"business_date": [D20]}, "run-2")
    store.replace(sales(), SALES, {"business_date": [D20]}, "run-3")
    store.replace(sales((D21, "Pune", 1)), SALES, {"business_date": [D21]}, "run-4")
    assert rows_of(store, SALES) == [(D21, "Pune", 1)]


def test_without_a_scope_the_whole_table_is_replaced(store, spark):
    for names in ("ab", "b", ""):
        store.replace(spark.createDataFrame([(name,) for name in names], NAMES.schema), NAMES, None, f"run-{names}")
        assert rows_of(store, NAMES) == [(name,) for name in names]


def test_two_partition_columns(store, spark):
    def refused(*rows):
        return spark.createDataFrame(list(rows), REFUSED.schema)

    scope = {"dataset": ["orders", "catalog"], "business_date": [D20, D21]}
    store.replace(refused(("orders", D20, "a"), ("catalog", D21, "b"), ("orders", D21, "c")), REFUSED, scope, "run-1")
    store.replace(refused(("orders", D21, "d")), REFUSED, {"dataset": ["orders"], "business_date": [D21]}, "run-2")
    assert rows_of(store, REFUSED, "dataset", "why") == [("catalog", "b"), ("orders", "a"), ("orders", "d")]


def people(spark, *rows):
    return spark.createDataFrame(list(rows), KEYED.schema)


def holding(rows):
    """Whatever the table holds, it shall hold these."""
    return lambda before, version: rows


def test_merge_leaves_exactly_the_rows_given(store, spark):
    before = [("1", "Asha"), ("2", None), ("3", "Ravi"), (None, "nobody")]
    store.merge(holding(people(spark, *before)), KEYED, "run-1")
    after = [("1", "Asha"), ("2", "Meena"), ("4", None), (None, "nobody")]
    store.merge(holding(people(spark, *after)), KEYED, "run-2")
    assert set(rows_of(store, KEYED, "id", "name")) == set(after)


def test_merge_writes_only_what_differs_and_nothing_where_nothing_does(spark, tmp_path):
    store = open_store(spark, Tables(root=str(tmp_path)))
    first = store.merge(holding(people(spark, ("1", "Asha"), ("2", None))), KEYED, "run-1")
    same = store.merge(holding(people(spark, ("2", None), ("1", "Asha"))), KEYED, "run-2")
    assert (same.version, same.rows) == (first.version, 2)
    changed = store.merge(holding(people(spark, ("1", "Asha"), ("2", "Meena"))), KEYED, "run-3")
    assert (changed.version, changed.rows) == (first.version + 1, 2)
    operation = spark.sql(f"DESCRIBE HISTORY delta.`{tmp_path}/silver/people` LIMIT 1").first()
    assert operation["operation"] == "MERGE"
    assert "run-3" in operation["userMetadata"]


def test_merge_of_nothing_new_ends_with_adaptive_execution_too(spark, tmp_path):
    """Spark 3.5 then cut off the branch in which rows are counted, and waited for the count for ever."""
    store = open_store(spark, Tables(root=str(tmp_path)))
    people_again = people(spark, ("1", "Asha"), ("2", None)).repartition(2, "id").dropDuplicates(["id"])
    store.merge(holding(people_again), KEYED, "run-1")
    told = []
    spark.conf.set("spark.sql.adaptive.enabled", "true")
    try:
        again = threading.Thread(
            target=lambda: told.append(store.merge(holding(people_again), KEYED, "run-2")), daemon=True
        )
        again.start()
        again.join(300)
    finally:
        spark.conf.set("spark.sql.adaptive.enabled", "false")
    assert [(merged.version, merged.rows) for merged in told] == [(0, 2)]


def test_append_adds(store, spark):
    for number in (1, 2):
        store.append(spark.createDataFrame([(str(number),)], NAMES.schema), NAMES, f"run-{number}")
    assert rows_of(store, NAMES, "name") == [("1",), ("2",)]


def test_a_run_begins_without_a_job_of_spark_for_each_table(spark, tmp_path, sales):
    delta = open_store(spark, Tables(root=str(tmp_path)))
    delta.replace(sales((D20, "Pune", 1)), SALES, {"business_date": [D20]}, "run-1")
    spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()  # as in a process that has just begun
    jobs = spark.sparkContext._jsc.sc().dagScheduler().numTotalJobs
    before = jobs()
    open_store(spark, Tables(root=str(tmp_path))).check_tables([SALES])
    assert jobs() == before


def test_what_a_table_says_of_itself_is_the_same_where_a_platform_lacks_the_short_way(
    spark, tmp_path, sales, monkeypatch
):
    open_store(spark, Tables(root=str(tmp_path))).replace(sales((D20, "Pune", 1)), SALES, None, "run-1")
    full = f"{tmp_path}/{SALES.path}"
    found = log.self_description(spark, full)
    assert found[0]["delta.dabba.contract"] == "gold.sales"
    assert (found[1].simpleString(), found[2]) == (SALES.schema.simpleString(), ["business_date"])
    monkeypatch.setattr(log, "_READER", "org.apache.spark.sql.delta.NotThere")
    assert log.self_description(spark, full) == found


def test_versions_are_told_by_delta_alone(spark, tmp_path, sales):
    scope = {"business_date": [D20]}
    delta = open_store(spark, Tables(root=str(tmp_path / "d")))
    versions = [delta.replace(sales((D20, "Pune", n)), SALES, scope, f"run-{n}").version for n in (1, 2)]
    assert versions[1] == versions[0] + 1
    assert delta.read(SALES.path, version=versions[0]).first()["n"] == 1
    parquet = open_store(spark, Tables(root=str(tmp_path / "p"), format="parquet"))
    assert parquet.replace(sales((D20, "Pune", 1)), SALES, scope, "run-1").version is None
    with pytest.raises(DabbaError, match="have no versions"):
        parquet.read(SALES.path, version=1)


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_of_another_pipeline_is_refused_and_left_alone(spark, tmp_path, sales, form):
    foreign = str(tmp_path / "gold" / "sales")
    spark.createDataFrame([("theirs",)], "x string").write.format(form).save(foreign)
    store = open_store(spark, Tables(root=str(tmp_path), format=form))
    with pytest.raises(ConfigError, match="made by another pipeline") as caught:
        store.replace(sales((D20, "Pune", 1)), SALES, {"business_date": [D20]}, "run-1")
    assert foreign in str(caught.value)
    with pytest.raises(ConfigError, match="made by another pipeline"):
        store.append(sales((D20, "Pune", 1)), SALES, "run-1")
    assert spark.read.format(form).load(foreign).collect() == [("theirs",)]


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_of_another_contract_is_refused(spark, tmp_path, sales, form):
    store = open_store(spark, Tables(root=str(tmp_path), format=form))
    store.replace(sales((D20, "Pune", 1)), SALES, {"business_date": [D20]}, "run-1")
    (tmp_path / "silver").mkdir()
    (tmp_path / "gold" / "sales").rename(tmp_path / "silver" / "names")
    fresh = open_store(spark, Tables(root=str(tmp_path), format=form))
    with pytest.raises(ConfigError, match="made by another pipeline"):
        fresh.replace(spark.createDataFrame([("a",)], NAMES.schema), NAMES, None, "run-2")


class Killed(BaseException):
    """The process dies here."""


SCOPE = {"business_date": [D20, D21, D23]}
# Of the dates of the second night one is corrected, one becomes empty, and one is new.
OLD = [(D20, "old", 1), (D21, "old", 1), (D22, "kept", 1)]
NEW = [(D20, "new", 2), (D22, "kept", 1), (D23, "new", 2)]


@pytest.fixture
def killed_at(spark, tmp_path, sales, monkeypatch):
    """Publishes the second of two nights and dies before the nth deletion or move of files from the journal on."""

    def run(nth):
        tables = Tables(root=str(tmp_path), format="parquet")
        store = open_store(spark, tables)
        store.replace(sales(*OLD), SALES, {"business_date": [D20, D21, D22]}, "run-1")
        seen = []
        with monkeypatch.context() as patched:
            for name in ("rename", "delete"):
                real = getattr(Storage, name)

                def change(self, *paths, real=real):
                    seen.extend([paths] if seen or "publish.json" in paths[-1] else [])
                    if len(seen) == nth + 1:
                        raise Killed
                    real(self, *paths)

                patched.setattr(Storage, name, change)
            with pytest.raises(Killed):
                store.replace(sales((D20, "new", 2), (D23, "new", 2)), SALES, SCOPE, "run-2")
        return tables

    return run


# The journal (2), D20 aside and in, D21 aside, D23 in, the marker (2), the journal, and its folder.
@pytest.mark.parametrize("nth", range(10))
def test_parquet_killed_anywhere_is_old_or_is_completed_by_who_comes_next(spark, killed_at, sales, nth):
    tables = killed_at(nth)
    store = open_store(spark, tables)  # rolls forward
    expected = OLD if nth < 2 else NEW  # once the journal is there, the publish is decided
    assert rows_of(store, SALES) == expected
    assert rows_of(open_store(spark, tables), SALES) == expected
    journals = [n for run in store.storage.children("_staging") for n in store.storage.children(f"_staging/{run}")]
    assert "publish.json" not in journals
    # The same run again, with what its source says by now.
    store.replace(sales((D21, "newer", 3)), SALES, SCOPE, "run-2")
    assert rows_of(store, SALES) == [(D21, "newer", 3), (D22, "kept", 1)]
    assert store.storage.children("_staging") == []


@pytest.mark.parametrize("left", ["files", "an empty log"])
def test_a_delta_table_whose_first_commit_never_landed_is_made_afresh(spark, tmp_path, sales, left):
    """What a process leaves that was killed between its files and the commit that would have made the table."""
    store = open_store(spark, Tables(root=str(tmp_path)))
    store.replace(sales((D20, "lost", 1)), SALES, {"business_date": [D20]}, "run-1")
    log = tmp_path / "gold" / "sales" / "_delta_log"
    shutil.rmtree(log)
    if left == "an empty log":
        log.mkdir()
    store.replace(sales((D20, "Pune", 2)), SALES, {"business_date": [D20]}, "run-1")
    assert rows_of(store, SALES) == [(D20, "Pune", 2)]


def test_a_run_that_is_repeated_under_its_id_appends_its_rows_once(store, spark):
    def told(*rows):
        return spark.createDataFrame(list(rows), RUNS.schema)

    store.append(told(("run-1", "published")), RUNS, "run-1")
    store.append(told(("run-11", "refused")), RUNS, "run-11")
    store.append(told(("run-11", "published")), RUNS, "run-11")
    assert rows_of(store, RUNS, *RUNS.names) == [("run-1", "published"), ("run-11", "published")]


@pytest.mark.parametrize(("runs_before", "nth"), [(0, 0), (0, 1), (1, 0)])  # nth move: of the marker, of the rows
def test_an_append_that_is_killed_does_not_make_the_table_another_pipelines(
    spark, tmp_path, monkeypatch, runs_before, nth
):
    store = open_store(spark, Tables(root=str(tmp_path), format="parquet"))
    rows = [(f"run-{number}", "published") for number in range(runs_before + 1)]
    for row in rows[:-1]:
        store.append(spark.createDataFrame([row], RUNS.schema), RUNS, row[0])
    real, seen = Storage.rename, []

    def rename(self, old, new):
        seen.append(new)
        if len(seen) == nth + 1:
            raise Killed
        real(self, old, new)

    last = spark.createDataFrame(rows[-1:], RUNS.schema)
    with monkeypatch.context() as patched:
        patched.setattr(Storage, "rename", rename)
        with pytest.raises(Killed):
            store.append(last, RUNS, rows[-1][0])
    store.append(last, RUNS, rows[-1][0])
    assert rows_of(store, RUNS, *RUNS.names) == rows


@pytest.mark.parametrize("form", FORMATS)
def test_a_root_that_cannot_be_written_is_told(spark, tmp_path, form):
    (tmp_path / "file").write_text("")
    store = open_store(spark, Tables(root=str(tmp_path / "file" / "tables"), format=form))
    with pytest.raises(Unavailable, match="a file stands where a folder must be") as caught:
        store.check_writable()
    assert "set tables.root" in str(caught.value)
    with pytest.raises(Unavailable, match=r"cannot be (written|kept)"):
        store.replace(spark.createDataFrame([("a",)], NAMES.schema), NAMES, None, "run-1")


def test_small_files_are_written_whole(spark, tmp_path):
    storage = Storage.below(spark, str(tmp_path))
    for value in ({"a": "₹ 1"}, {"b": [1, None]}):
        storage.write_json("ops/x.json", value)
        assert storage.read_json("ops/x.json") == value
    assert storage.children("ops") == ["x.json"]
    storage.check_writable()
    assert storage.children("") == ["ops"]
