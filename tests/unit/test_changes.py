"""Change files: what Debezium, DMS and others write, as rows with an operation and a number."""

from __future__ import annotations

import json

import pytest

from lib.config import Changes, Source
from lib.datasets import CATALOG
from lib.sources import read_source

COLUMNS = {**dict.fromkeys(CATALOG.names, "NULL"), "product_id": "sku", "product_name": "upper(name)"}
DEBEZIUM = Changes(
    operation="op", sequence="lsn", at="timestamp_millis(CAST(ts_ms AS BIGINT))", before="before", after="after"
)
A, B = {"sku": "A", "name": "kurta"}, {"sku": "B", "name": "saree"}
OLD_A = {"sku": "A", "name": "kurti"}

# one record -> (operation, number, key, what else the row says, malformed), of each row that it becomes
RECORDS = {
    "insert": ({"op": "c", "lsn": 1, "before": None, "after": A}, [("c", "1", "A", "KURTA", False)]),
    "snapshot, whose before is left out": ({"op": "r", "lsn": 2, "after": A}, [("r", "2", "A", "KURTA", False)]),
    "update": ({"op": "u", "lsn": 3, "before": OLD_A, "after": A}, [("u", "3", "A", "KURTA", False)]),
    "update without the old row": ({"op": "u", "lsn": 4, "after": A}, [("u", "4", "A", "KURTA", False)]),
    "update whose old row has other parts": (
        {"op": "u", "lsn": 5, "before": {"id": 7}, "after": A},
        [("u", "5", "A", "KURTA", False)],
    ),
    "update that gives another key": (
        {"op": "u", "lsn": 6, "before": A, "after": B},
        [("u", "6", "B", "SAREE", False), ("DELETE", "6", "A", "KURTA", False)],
    ),
    "delete": ({"op": "d", "lsn": 7, "before": A, "after": None}, [("d", "7", "A", "KURTA", False)]),
    "delete that tells the row as the new one": ({"op": "d", "lsn": 8, "after": A}, [("d", "8", "A", "KURTA", False)]),
    "delete that tells the key alone": ({"op": "d", "lsn": 9, "before": {"sku": "A"}}, [("d", "9", "A", None, False)]),
    "unknown operation": ({"op": "t", "lsn": 10, "before": None, "after": None}, [("t", "10", None, None, False)]),
    "unknown operation on a row": ({"op": "m", "lsn": 11, "after": A}, [("m", "11", "A", "KURTA", False)]),
    "no operation": ({"lsn": 12, "after": A}, [(None, "12", "A", "KURTA", False)]),
    "no row": ({"op": "u", "lsn": 13, "before": OLD_A, "after": None}, [("u", "13", None, None, True)]),
    "no row of a deletion": ({"op": "d", "lsn": 14}, [("d", "14", None, None, True)]),
    "a row that is no row": ({"op": "c", "lsn": 15, "after": 5}, [("c", "15", None, None, True)]),
    "rows as JSON in text": (
        {"op": "u", "lsn": 16, "before": json.dumps(A), "after": json.dumps(B)},
        [("u", "16", "B", "SAREE", False), ("DELETE", "16", "A", "KURTA", False)],
    ),
    "a number of 35 digits": (
        {"op": "c", "lsn": "20251020100000120000000000000000093", "after": A},
        [("c", "20251020100000120000000000000000093", "A", "KURTA", False)],
    ),
}
WHOLE = [{"ts_ms": 1760954400123, **record} for record, _ in RECORDS.values()]


@pytest.fixture
def read(spark, tmp_path):
    """The rows of a source of changes: operation, number, key, name, malformed."""

    def run(files, form, changes, columns=COLUMNS, contract=CATALOG, **source):
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        path = source.pop("path", str(tmp_path))
        conf = Source(format=form, path=path, columns=columns, changes=changes, **source)
        return read_source(spark, contract, conf)

    return run


def rows(df):
    found = df.selectExpr("operation", "sequence", "product_id", "product_name", "_malformed IS NOT NULL").collect()
    return sorted(map(tuple, found), key=str)


def expected(*names):
    return sorted((row for name in names or RECORDS for row in RECORDS[name][1]), key=str)


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.mark.usefixtures("ansi")
def test_changes_of_debezium(read):
    found = read({"a.jsonl": lines(WHOLE) + '{"op": "c", "af'}, "json", DEBEZIUM)
    assert rows(found) == sorted([*expected(), (None, None, None, None, True)], key=str)
    whole = found.where("operation IS NOT NULL").select("updated_at").distinct().collect()
    assert [row[0] for row in whole] == ["2025-10-20 10:00:00.123000Z"]
    numbers = {row["sequence"]: row["_source_record"] for row in found.collect()}
    assert numbers["16"] == 16
    (broken,) = found.where("sequence = '13'").select("_malformed").collect()
    assert json.loads(json.loads(broken[0])["before"]) == OLD_A
