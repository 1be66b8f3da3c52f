"""Makes a class-data archive: starts Spark, does a little of everything that jobs do, dumps the classes.

Run by environment.sh as `python -m lib.deploy.class_archive ARCHIVE`. Uses the session of `lib/session.py`:
the JVM leaves an archive aside unless its class path is the very same.
"""

import sys
import tempfile
from pathlib import Path
from subprocess import Popen

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

from lib.session import get_session


def start(archive: Path) -> SparkSession:
    """A local session like a job's, whose JVM writes the archive when it ends."""
    java = {
        "spark.driver.extraJavaOptions": f'"-XX:ArchiveClassesAtExit={archive}"',
        "spark.master": "local[2]",
    }
    return get_session("dabba class archive", java)


def exercise(spark: SparkSession, folder: Path) -> int:
    """The kinds of work that a night does, on a handful of rows; gives the rows that are there at the end."""
    (folder / "rows.csv").write_text("id,city,paid\n1,Pune,10.50\n2,Surat,7\n3,Pune,x\n")
    (folder / "rows.json").write_text('{"id": 1, "items": [{"sku": "a", "qty": 2}]}\n')
    schema = "id bigint, city string, paid string"
    rows = spark.read.csv(str(folder / "rows.csv"), header=True, schema=schema).withColumn(
        "paid", F.expr("try_cast(paid AS decimal(18,2))")
    )
    items = spark.read.schema("id bigint, items array<struct<sku:string,qty:int>>").json(str(folder / "rows.json"))
    latest = F.row_number().over(Window.partitionBy("city").orderBy(F.col("id").desc()))
    joined = (
        rows.join(F.broadcast(items.select("id", F.explode("items").alias("item"))), on="id", how="left")
        .withColumn("rank", latest)
        .withColumn("clean", F.regexp_replace("city", r"\A[0-9 ]+", ""))
    )
    table = str(folder / "table")
    joined.select("id", "city", "paid").write.format("delta").partitionBy("city").save(table)
    spark.sql(
        f"MERGE INTO delta.`{table}` t "
        "USING (SELECT 1L AS id, 'Pune' AS city, 1.25 AS paid) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET t.paid = s.paid WHEN NOT MATCHED THEN INSERT *"
    )
    pune = joined.where("city = 'Pune'").select("id", "city", "paid")
    pune.write.format("delta").mode("overwrite").option("replaceWhere", "city = 'Pune'").save(table)
    stored = spark.read.format("delta").load(table)
    stored.groupBy("city").agg(F.sum("paid"), F.countDistinct("id")).orderBy("city").collect()
    stored.write.parquet(str(folder / "parquet"))
    return stored.count()


def main() -> None:
    archive = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        spark = start(archive)
        try:
            exercise(spark, Path(folder))
        finally:
            spark.stop()
            # The JVM writes the archive as it ends, so wait for that.
            process: Popen[bytes] = getattr(spark.sparkContext._gateway, "proc")  # noqa: B009 - has no type
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=300)
    sys.exit(0 if archive.is_file() else 1)


if __name__ == "__main__":
    main()
