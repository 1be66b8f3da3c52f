"""What the naive form of the job joins to the lines: products, the customers' segments, stock; read anew each time."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from lib.config.model import Business
from lib.transform.products import canonical_category
from tests.bench.data import DAYS


def latest(df: DataFrame, key: list[str], by: list[str]) -> DataFrame:
    """The newest row of each key; of equal ones any."""
    newest = Window.partitionBy(*key).orderBy(*[F.desc_nulls_last(name) for name in by])
    return df.withColumn("n", F.row_number().over(newest)).where("n = 1").drop("n")


def joined(spark: SparkSession, lines: DataFrame, source: Path, business: Business) -> DataFrame:
    """Category, the customer's segment at the time of the order, and the stock at the end of its day."""
    catalog = spark.read.json(str(source / "catalog.jsonl"))
    fit = " AND ".join(f"try_cast({name} AS decimal(18,2)) >= 0.01" for name in ("mrp", "selling_price"))
    products = latest(catalog.where("product_id <> ''"), ["product_id"], ["updated_at", "created_at"]).where(fit)
    category = canonical_category(F.trim("category_l1"), business)
    lines = lines.withColumn("business_date", F.expr("to_date(from_utc_timestamp(order_ts, 'Asia/Kolkata'))"))
    with_category = lines.join(products.select("product_id", category.alias("category")), "product_id", "left")
    with_segment = with_category.join(_segments(spark, source), _at_order(), "left").drop("customer", "since", "until")
    stock = _stock(spark, source)
    joined = with_segment.join(stock, ["business_date", "product_id"], "left")
    return joined.fillna({"category": "Unknown", "segment": "Unknown"})


def _at_order() -> Column:
    since = F.col("order_ts") >= F.col("since")
    return (F.col("customer_id") == F.col("customer")) & since & F.expr("until IS NULL OR order_ts < until")


def _segments(spark: SparkSession, source: Path) -> DataFrame:
    """The versions of each customer as intervals, with the segment of each."""
    read = spark.read.options(header=True, multiLine=True, quote='"', escape='"').csv(str(source / "customers.csv"))
    local = "to_utc_timestamp(try_cast(trim({}) AS timestamp), 'Asia/Kolkata')"
    typed = read.where("trim(customer_id) <> ''").selectExpr(
        "trim(customer_id) AS customer",
        f"coalesce({local.format('updated_at')}, {local.format('registered_at')}) AS updated",
        f"{local.format('registered_at')} AS registered",
        "lifetime_orders AS told",
        "try_cast(try_cast(trim(lifetime_orders) AS decimal(18,2)) AS int) AS orders",
    )
    versions = latest(typed, ["customer", "updated"], ["registered"]).where(
        "(orders IS NOT NULL AND orders >= 0) OR trim(coalesce(told, '')) IN ('', 'NULL', 'null', 'None', 'NaN', 'nan')"
    )
    order = Window.partitionBy("customer").orderBy("updated")
    return versions.select(
        "customer",
        F.when(F.row_number().over(order) == 1, F.least("updated", F.coalesce("registered", "updated")))
        .otherwise(F.col("updated"))
        .alias("since"),
        F.lead("updated").over(order).alias("until"),
        F.when(F.col("orders") > 50, "Premium")
        .when(F.col("orders") > 10, "Regular")
        .when(F.col("orders") >= 0, "New")
        .alias("segment"),
    )


def _stock(spark: SparkSession, source: Path) -> DataFrame:
    """Units free of each product at the end of each day: every event joined with every day after it."""
    days = spark.sql(f"SELECT explode(sequence(DATE '{DAYS[0]}', DATE '{DAYS[1]}' - 1)) AS business_date")
    events = spark.read.json(str(source / "inventory.jsonl")).selectExpr(
        "product_id",
        "coalesce(warehouse_id, 'MAIN') AS warehouse",
        "try_cast(on_hand AS bigint) AS on_hand",
        "coalesce(try_cast(reserved AS bigint), 0) AS reserved",
        "try_cast(event_ts AS timestamp) AS at",
        "try_cast(sequence AS bigint) AS sequence",
    )
    before = F.expr("to_date(from_utc_timestamp(at, 'Asia/Kolkata')) <= business_date")
    fit = events.where("product_id <> '' AND on_hand >= 0 AND reserved >= 0")
    newest = latest(days.join(fit, before), ["business_date", "product_id", "warehouse"], ["at", "sequence"])
    return newest.groupBy("business_date", "product_id").agg(F.expr("sum(on_hand - reserved)").alias("available"))
