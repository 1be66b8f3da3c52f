"""Quarantine: refused rows with their reasons and the record as it was given; personal values keep their form only."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pyspark.sql import functions as F

from lib.datasets import CATALOG, ORDERS, QUARANTINE
from lib.quality import quarantine_rows
from lib.quality.quarantine import mask
from lib.transform.bronze import bronze_schema


@pytest.mark.usefixtures("ansi")
def test_a_mask_keeps_the_form_of_a_value(expect):
    expect(
        "given STRING, expected STRING",
        [
            ("Asha Rao", "xxxx xxx"),
            ("+91-98765 43210", "+99-99999 99999"),
            ("asha.rao@example.in", "xxxx.xxx@xxxxxxx.xx"),
            ("12/B, M.G. Road\nPune", "99/x, x.x. xxxx\nxxxx"),
            ("आशा ९८", "xxx 99"),
            ("", ""),
            ("  ", "  "),
            (None, None),
        ],
        mask(F.col("given")),
    )


@pytest.fixture
def quarantined(spark):
    def run(contract, *rows):
        schema = bronze_schema(contract)
        texts = [
            {**dict.fromkeys(contract.partition_by, date(2025, 10, 20)), "_row": n, **row} for n, row in enumerate(rows)
        ]
        bronze = spark.createDataFrame([tuple(row.get(name) for name in schema.names) for row in texts], schema)
        reasons = F.array(F.struct(F.lit("r").alias("rule"), F.lit("c").alias("column"), F.lit("m").alias("message")))
        bad = bronze.where("_run_id = 'bad'").select(*contract.partition_by, "_row", reasons.alias("_reasons"))
        return quarantine_rows(bad, 2, bronze, contract, "run-1").orderBy("source_record")

    return run


ORDER = {
    "order_id": "OD1",
    "customer_id": "C7",
    "quantity": "two",
    "delivery_name": "Asha Rao",
    "delivery_phone": "98765 43210",
    "delivery_address": "12 M.G. Road",
    "delivery_city": "Pune",
    "_run_id": "bad",
    "_source_file": "in/orders.csv",
    "_source_record": 7,
}


def test_a_refused_record(quarantined):
    found = quarantined(ORDERS, ORDER, {"order_id": "fine", "_run_id": "good"})
    assert found.schema == QUARANTINE.schema or [f.name for f in found.schema] == list(QUARANTINE.names)
    (row,) = found.collect()
    assert (row["dataset"], str(row["business_date"]), row["run_id"]) == ("orders", "2025-10-20", "run-1")
    assert (row["source_file"], row["source_record"]) == ("in/orders.csv", 7)
    assert [tuple(reason) for reason in row["reasons"]] == [("r", "c", "m")]
    assert json.loads(row["record"]) == {  # what was null is left out, what was wrong is as it was given
        "order_id": "OD1",
        "customer_id": "C7",
        "quantity": "two",
        "delivery_name": "xxxx xxx",
        "delivery_phone": "99999 99999",
        "delivery_address": "99 x.x. xxxx",
        "delivery_city": "Pune",
    }


def test_no_personal_value_is_in_the_record(quarantined):
    text = str(quarantined(ORDERS, ORDER, {**ORDER, "_malformed": "OD1,Asha Rao,98765 43210"}).collect())
    for personal in ("Asha", "98765", "43210", "Road"):
        assert personal not in text


def test_of_a_malformed_record_only_the_masked_text_is_kept(quarantined):
    malformed = {"order_id": "half", "_malformed": 'OD1,"Asha\nRao,987' + "x" * 5000, "_run_id": "bad"}
    (row,) = quarantined(ORDERS, malformed).collect()
    record = json.loads(row["record"])
    assert list(record) == ["text"]
    assert record["text"].startswith('xx9,"xxxx\nxxx,999')
    assert len(record["text"]) == 2000


def test_a_dataset_without_personal_columns_is_kept_as_it_is(quarantined):
    (row,) = quarantined(CATALOG, {"product_id": "1", "product_name": "Kurta", "_run_id": "bad"}).collect()
    assert json.loads(row["record"]) == {"product_id": "1", "product_name": "Kurta"}
