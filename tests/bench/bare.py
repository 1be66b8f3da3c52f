"""The bare script that a cold start is measured against: a session, a Delta table of a thousand rows, read back."""

from __future__ import annotations

import json
import sys

from pyspark.sql import functions as F

from lib.session import get_session


def main(table: str) -> None:
    """Open the session that every job opens, write, read back, stop."""
    spark = get_session("bench bare")
    try:
        rows = spark.range(1000).select("id", F.concat(F.lit("row "), F.col("id").cast("string")).alias("text"))
        rows.write.format("delta").save(table)
        found = len(spark.read.format("delta").load(table).collect())
    finally:
        spark.stop()
    sys.stdout.write(json.dumps({"rows": found}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
