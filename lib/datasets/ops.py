"""Contracts of what a run leaves about itself: quarantined records and the ledger."""

from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer, Upgrade, count, day, instant, text

REASON = T.StructType(
    [
        T.StructField("rule", T.StringType()),
        T.StructField("column", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)

QUARANTINE = Contract(
    name="records",
    layer=Layer.QUARANTINE,
    version=1,
    grain="one refused record of a run",
    partition_by=("dataset", "business_date", "arrival_date"),
    columns=(
        text("dataset", "orders, catalog, customers or inventory"),
        day("business_date", "the record's day, or the run's last day where it cannot be told"),
        day("arrival_date", "business_date, or the last date of the run that brought a late record"),
        text("run_id", "the run that refused it"),
        Column("reasons", T.ArrayType(REASON), "every rule that refuses it: name, column, what is wrong"),
        text("record", "the record as JSON in canonical columns; personal values keep their form, not their content"),
        text("source_file", "the file that it came from"),
        Column("source_record", T.LongType(), "its number in that file, from 1, header not counted; null if not known"),
        Column("row", T.LongType(), "its number among the records of its day in bronze"),
        text("resolved_by", "the replay that judged it again and took it into silver; null while it is refused"),
    ),
    notes="The unmasked record is in bronze (same file and number), with restricted retention.",
)

CHECK = T.StructType(
    [
        T.StructField("dataset", T.StringType()),
        T.StructField("rule", T.StringType()),
        T.StructField("severity", T.StringType()),
        T.StructField("outcome", T.StringType()),
        T.StructField("rows", T.LongType()),
        T.StructField("detail", T.StringType()),
    ]
)

TOUCHED = T.StructType([T.StructField("table", T.StringType()), T.StructField("rows", T.LongType())])

AUDIT = Contract(
    name="audit",
    layer=Layer.OPS,
    version=1,
    grain="one step of an erasure or export of a customer",
    columns=(
        text("run_id", "the run"),
        text("action", "erase or export"),
        text("state", "begun, or done once nothing of the customer was found any more"),
        text("customer_hash", "HMAC-SHA-256 of the customer's number under privacy.hash_key"),
        Column("touched", T.ArrayType(TOUCHED), "the tables that held rows of the customer, and how many"),
        text("reason", "as given on the command line"),
        instant("at", "when the run started, UTC"),
        text("code_version", "version of dabba"),
    ),
    notes="Also the list of those whom `extract` no longer takes in. It outlives every retention.",
)

LEDGER = Contract(
    name="ledger",
    layer=Layer.OPS,
    version=2,
    grain="one dataset or stage of a run",
    key=("run_id", "stage", "dataset"),
    columns=(
        text("run_id", "the run"),
        text("job", "daily, extract, conform, metrics, replay, maintain, erase, export"),
        text("status", "published or refused"),
        day("start_date", "first business date"),
        day("end_date", "the day after the last business date"),
        text("stage", "session, extract, ...; `account` of a dataset, `publish` of a table, `run` for the whole"),
        text("dataset", "the dataset; '' for the run itself"),
        count("rows_in", "rows that came in"),
        count("rows_out", "rows accepted"),
        count("rows_quarantined", "rows refused"),
        count("rows_duplicate", "older versions and repetitions of a key"),
        count("rows_deleted", "changes that took a row away"),
        text("table_path", "the table written"),
        Column("table_version", T.LongType(), "its version after this run; null for Parquet"),
        Column("seconds", T.DecimalType(12, 3), "how long the stage took"),
        Column("checks", T.ArrayType(CHECK), "the outcome of every rule of the dataset"),
        instant("started_at", "when the run started, UTC"),
        text("config_hash", "SHA-256 of the effective configuration"),
        text("config", "the effective configuration as JSON, secrets as ***, without the place tables; on stage `run`"),
        Column("reopened_dates", T.ArrayType(T.DateType()), "earlier dates that late rows re-opened; on stage `run`"),
        text("code_version", "version of dabba"),
        text("message", "why a run was refused"),
    ),
    upgrades=(Upgrade(2, {"rows_deleted": "NULL"}),),
)
