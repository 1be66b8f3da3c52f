"""What Spark really does: costly expressions evaluated once, and every source read once."""

from __future__ import annotations

import re
from datetime import date

import pytest
from attrs import evolve
from pyspark.sql import Observation

from jobs.extract import extract_source, open_one
from lib.config import Source, load_config
from lib.config.model import Tables
from lib.datasets import CUSTOMER_VERSIONS, INVENTORY_SNAPSHOT, ORDER_LINES, ORDERS, PRODUCTS
from lib.normalise.place import PlaceTables
from lib.quality import check_rows
from lib.run.run import Run
from lib.run.terminal import Terminal
from lib.run.window import Window
from lib.session import _defaults
from lib.tables import open_store
from lib.transform import customers, inventory, order_lines
from lib.transform.bronze import bronze_schema
from lib.transform.prepare import latest_rows, typed_rows

WINDOW = Window(date(2025, 10, 20), date(2025, 10, 22))


@pytest.fixture(scope="module")
def checked(spark, conf, tmp_path_factory):
    """Order lines, from bronze to checked rows."""
    config = load_config(conf, "local")
    path = str(tmp_path_factory.mktemp("plans") / "bronze")
    spark.createDataFrame([], bronze_schema(ORDERS)).write.parquet(path)

    def empty(contract):
        return spark.createDataFrame([], contract.schema)

    source = evolve(config.sources.orders, timestamp_formats=("dd/MM/yyyy",))
    typed = typed_rows(spark.read.parquet(path), ORDERS, source, WINDOW, without=order_lines.PERSONAL)
    places = PlaceTables.from_mappings(config.places.states, config.places.cities)
    rows = (
        latest_rows(typed, ORDERS, Observation())
        .transform(order_lines.with_vocabularies, config.business)
        .transform(order_lines.with_place, places)
        .transform(order_lines.with_category, empty(PRODUCTS))
        .transform(order_lines.with_segment, customers.segment_at(empty(CUSTOMER_VERSIONS)))
        .transform(order_lines.with_stock_status, inventory.available_by_product(empty(INVENTORY_SNAPSHOT)))
        .transform(order_lines.with_amounts)
        .transform(order_lines.with_flags, config.business)
    )
    return check_rows(rows, ORDERS.rules, event_time="order_ts").select(*ORDER_LINES.names, "_reasons")


@pytest.fixture(scope="module")
def plan(spark, checked):
    """The physical plan of conforming order lines, with every expression in it."""
    before = spark.conf.get("spark.sql.debug.maxToStringFields")
    spark.conf.set("spark.sql.debug.maxToStringFields", "10000")
    text = checked._jdf.queryExecution().executedPlan().toString()
    spark.conf.set("spark.sql.debug.maxToStringFields", before)
    return text


def test_what_spark_writes_down_of_a_plan_is_short(spark, checked, plan):
    """It does so for every query, and again for each stage that is adapted."""
    asked_for, name = _defaults({"spark.master": "yarn"}), "spark.sql.debug.maxToStringFields"
    before = spark.conf.get(name)
    spark.conf.set(name, asked_for[name])
    written = checked._jdf.queryExecution().executedPlan().toString()
    spark.conf.set(name, before)
    assert 5 * len(written) < len(plan)
    assert asked_for["spark.sql.maxPlanStringLength"] == "100000"


def times(plan, pattern):
    return len(re.findall(pattern, plan))


@pytest.mark.parametrize("column", ["order_ts", "updated_at", "promised_ts", "delivered_ts"])
def test_a_time_is_parsed_once(plan, column):
    # Two mentions: the branch with a zone in the text, and the one without. One of them is taken.
    assert times(plan, rf"try_cast\({column}#\d+ as timestamp\)") == 2
    assert times(plan, rf"gettimestamp\({column}#\d+, dd/MM/yyyy") == 1


@pytest.mark.parametrize("column", ["order_id", "quantity", "unit_price", "order_status", "delivery_city"])
def test_a_text_is_trimmed_in_one_place(plan, column):
    # Compared with the words for null, and taken: one common subexpression of one projection.
    assert times(plan, rf"trim\({column}#\d+, ") == 2


@pytest.mark.parametrize("column", ["order_status", "payment_method", "payment_status", "channel"])
def test_a_word_is_looked_up_once(plan, column):
    assert times(plan, rf"regexp_replace\(lower\({column}#\d+\)") == 1


def test_money_is_computed_once(plan):
    assert times(plan, r"AS gross_inr#") == 1
    assert times(plan, r"quantity#\d+ as decimal\(10,0\)\) \* unit_price#") == 1


def test_costly_expressions_of_places_are_few(plan):
    assert times(plan, r"[+-] ArrowEvalPython") == 1
    assert times(plan, r"regexp_extract\(|translate\(") == 0
    assert times(plan, r"regexp_replace\(") == 4  # the vocabularies


def test_one_scan_and_one_window(plan):
    assert times(plan, r"FileScan parquet") == 1
    assert times(plan, r"- Window \[") == 1


def test_personal_columns_are_not_even_read(plan):
    (scan,) = [line for line in plan.splitlines() if "FileScan parquet" in line]
    for name in order_lines.PERSONAL:
        assert name not in scan
    assert "delivery_city" in scan


def records_scanned(spark, since):
    """Rows that scans of CSV gave since then, over all queries: Spark's own metrics."""
    spark._jsc.sc().listenerBus().waitUntilEmpty()
    store = spark._jsparkSession.sharedState().statusStore()
    executions = store.executionsList()
    # By id, not by position: the store forgets the oldest.
    ids = [executions.apply(number).executionId() for number in range(executions.size())]
    total = 0
    for execution in (number for number in ids if number > since):
        values = store.executionMetrics(execution)
        nodes = store.planGraph(execution).allNodes()
        for node in (nodes.apply(i) for i in range(nodes.size())):
            if not node.name().startswith("Scan csv"):
                continue
            for metric in (node.metrics().apply(i) for i in range(node.metrics().size())):
                if metric.name() == "number of output rows" and values.contains(metric.accumulatorId()):
                    total += int(values.get(metric.accumulatorId()).get().replace(",", ""))
    return total, max(ids, default=-1)


@pytest.mark.parametrize("form", ["delta", "parquet"])
def test_a_source_is_read_once_by_a_run(spark, tmp_path, make_config, form):
    lines = [f"o{n},1,2025-10-{19 + n % 3},1,10.00,p,placed" for n in range(50)]
    header = "order_id,order_line_id,order_ts,quantity,unit_price,product_id,order_status"
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("\n".join([header, *lines, ""]))
    columns = dict.fromkeys(set(ORDERS.names) - set(header.split(",")), "NULL")
    config = make_config()
    source = Source(format="csv", path=str(tmp_path / "*.csv"), columns=columns)
    config = evolve(config, sources=evolve(config.sources, orders=source))
    store = open_store(spark, Tables(root=str(tmp_path / "tables"), format=form))
    run = Run.start("extract", WINDOW, config, spark, store, Terminal())
    _, before = records_scanned(spark, 10**9)
    extracted = extract_source(run, ORDERS, open_one(run, ORDERS))
    read, _ = records_scanned(spark, before)
    assert (extracted.rows, extracted.outside) == (66, 34)
    assert read == 100


def test_a_long_session_does_not_keep_the_plan_of_every_query(spark):
    """As text they are the most of what a session holds: 50 nights filled a driver of 3 GB."""
    for number in range(130):
        spark.range(number).selectExpr("id + 1").write.format("noop").mode("overwrite").save()
    spark._jsc.sc().listenerBus().waitUntilEmpty()
    assert spark._jsparkSession.sharedState().statusStore().executionsCount() <= 110
