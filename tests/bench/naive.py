"""The same job as one writes it on the first day, in plain PySpark with Spark's defaults. What it is measured for:

- nothing is cached and no pass is shared: every count and every table reads the source again and repeats all the work;
- duplicates are dropped by a window over the raw rows as they are, with every column carried along;
- joins trust that the other side is unique;
- each gold table is a group-by of its own with `countDistinct` for every distinct figure, over decimal products;
- the session is Spark's own but for Delta: 200 shuffle partitions, the web page, the default collector.

Cleaning of words and places is the package's own (`with_vocabularies`, `with_place`), so that this measures the shape
of the job, not the skill of a regular expression, and so that all figures must agree.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lib.config import Config
from lib.config.model import Business
from lib.normalise.place import PlaceTables
from lib.session import home
from lib.transform.order_lines import with_place, with_vocabularies
from tests.bench.data import DAYS
from tests.bench.naive_joins import joined, latest
from tests.bench.ours import config_for, totals

_FIRST, _END = (f"TIMESTAMP '{day} 00:00:00'" for day in DAYS)
_GRAINS = {
    "city_category_metrics": ["business_date", "state_code", "city", "category"],
    "city_metrics": ["business_date", "state_code", "city"],
    "category_metrics": ["business_date", "category"],
    "national_metrics": ["business_date"],
}
_NAMES = {
    "line_no": "order_line_id",
    "sku": "product_id",
    "status": "order_status",
    "payment_mode": "payment_method",
    "city": "delivery_city",
    "state": "delivery_state",
    "pincode": "delivery_pincode",
}


def main(source: str, tables: str, memory: str) -> None:
    """Open a default session with Delta, run the job, tell the totals."""
    config = config_for(Path(source), tables)
    spark = _session(memory)
    began = time.monotonic()
    told = _job(spark, config, Path(source), tables)
    seconds = time.monotonic() - began
    national = spark.read.format("delta").load(f"{tables}/national_metrics")
    result = {"seconds": seconds, "stages": told, "totals": totals(national)}
    spark.stop()
    sys.stdout.write(json.dumps(result) + "\n")


def _session(memory: str) -> SparkSession:
    jars = sorted((home() / ".dabba" / "jars").glob(f"{_line()}/*.jar"))
    return (
        SparkSession.builder.appName("bench naive")
        .master("local[*]")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", memory)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.extraClassPath", ":".join(str(jar) for jar in jars))
        .getOrCreate()
    )


def _line() -> str:
    import pyspark

    return "spark-" + ".".join(pyspark.__version__.split(".")[:2])


def _job(spark: SparkSession, config: Config, source: Path, tables: str) -> dict[str, float]:
    seconds: dict[str, float] = {}
    places = PlaceTables.from_mappings(config.places.states, config.places.cities)
    raw = spark.read.parquet(str(source / "orders"))
    typed = _typed(raw, config.business)
    newest = latest(typed.where(_competes()), ["order_id", "order_line_id"], ["updated_at", "order_ts"])
    placed = with_place(newest, places)
    wide = joined(spark, placed, source, config.business)
    priced = _priced(wide)
    good, bad = priced.where(_valid()), priced.where(~_valid())
    actions: dict[str, Callable[[], object]] = {
        "count input": raw.count,
        "count without key": typed.where(~_competes()).count,
        "count bad": bad.count,
        "silver": partial(_save, good, f"{tables}/order_lines"),
        **{name: partial(_save, _metrics(good, keys), f"{tables}/{name}") for name, keys in _GRAINS.items()},
    }
    for name, action in actions.items():
        began = time.monotonic()
        action()
        seconds[name] = round(time.monotonic() - began, 1)
    return seconds


def _save(rows: DataFrame, path: str) -> None:
    rows.write.format("delta").partitionBy("business_date").save(path)


def _typed(raw: DataFrame, business: Business) -> DataFrame:
    named = raw.withColumnsRenamed(_NAMES)
    for name in named.columns:
        text = F.trim(F.col(name))
        named = named.withColumn(name, F.when(~text.isin("", "NULL", "null", "None", "NaN", "nan"), text))
    typed = named.withColumns(
        {
            "quantity": F.expr("try_cast(qty AS int)"),
            "price": F.expr("try_cast(unit_price AS decimal(18,2))"),
            "percent": F.expr("try_cast(discount_pct AS decimal(5,2))"),
        }
    )
    for name, old in {
        "order_ts": "order_time",
        "updated_at": "last_update",
        "promised_ts": "promised_time",
        "delivered_ts": "delivered_time",
    }.items():
        typed = typed.withColumn(name, F.expr(f"to_utc_timestamp(try_cast({old} AS timestamp), 'Asia/Kolkata')"))
    typed = typed.withColumn("updated_at", F.coalesce("updated_at", "order_ts"))
    return with_vocabularies(typed, business)


def _competes() -> Column:
    end = F.expr(f"to_utc_timestamp({_END}, 'Asia/Kolkata')")
    return F.col("order_id").isNotNull() & F.col("order_line_id").isNotNull() & (F.coalesce("order_ts", end) < end)


def _priced(lines: DataFrame) -> DataFrame:
    gross = F.round(F.col("quantity") * F.col("price"), 2)
    return (
        lines.withColumn("gross_inr", gross.cast("decimal(18,2)"))
        .withColumn("discount_inr", F.expr("round(gross_inr * coalesce(percent, 0) * 0.01, 2)").cast("decimal(18,2)"))
        .withColumn("net_inr", F.col("gross_inr") - F.col("discount_inr"))
        .withColumn("is_sale", ~F.col("order_status").isin("CANCELLED", "FAILED"))
    )


def _valid() -> Column:
    cancelled = "coalesce(order_status, '') = 'CANCELLED'"
    rules = (
        "product_id IS NOT NULL AND order_status IS NOT NULL",
        f"quantity BETWEEN 0 AND 10000 AND (quantity > 0 OR {cancelled})",
        f"CASE WHEN unit_price IS NULL THEN {cancelled} ELSE price BETWEEN 0 AND 10000000 END",
        "discount_pct IS NULL OR percent BETWEEN 0 AND 100",
    )
    in_window = F.expr(f"business_date >= DATE '{DAYS[0]}'")
    return in_window & F.expr(" AND ".join(f"coalesce({rule}, false)" for rule in rules))


def _metrics(lines: DataFrame, keys: list[str]) -> DataFrame:
    """One gold table: sums of decimals, and a distinct count for each figure."""
    sale = F.col("is_sale")

    def orders(condition: Column) -> Column:
        return F.countDistinct(F.when(sale & condition, F.col("order_id")))

    def revenue(name: str, condition: Column) -> Column:
        return F.sum(F.when(condition, F.col(name)).otherwise(0))

    return lines.groupBy(*keys).agg(
        F.count(F.when(sale, 1)).alias("total_order_lines"),
        F.sum(F.when(sale, F.col("quantity"))).alias("total_units"),
        orders(F.lit(True)).alias("total_orders"),
        revenue("gross_inr", sale).alias("total_revenue_inr"),
        revenue("discount_inr", sale).alias("total_discounts_inr"),
        revenue("net_inr", sale).alias("net_revenue_inr"),
        *[
            column
            for word in ("RETURNED", "CANCELLED", "FAILED")
            for column in (
                F.count(F.when(F.col("order_status") == word, 1)).alias(f"{word.lower()}_lines"),
                revenue("gross_inr", F.col("order_status") == word).alias(f"{word.lower()}_revenue_inr"),
            )
        ],
        F.countDistinct(F.when(sale, F.col("customer_id"))).alias("unique_customers"),
        orders(F.col("payment_method") == "COD").alias("cod_orders"),
        *[
            column
            for name in ("Premium", "Regular", "New", "Unknown")
            for column in (
                orders(F.col("segment") == name).alias(f"orders_{name.lower()}"),
                revenue("net_inr", sale & (F.col("segment") == name)).alias(f"revenue_{name.lower()}_inr"),
            )
        ],
        F.count(F.when(sale & (F.col("available") < F.col("quantity")), 1)).alias("lines_out_of_stock_risk"),
        F.count(F.when(sale & F.col("available").isNull(), 1)).alias("lines_stock_unknown"),
        F.sum(F.when(sale, F.expr("timestampdiff(MINUTE, order_ts, delivered_ts)"))).alias("delivery_minutes_sum"),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
