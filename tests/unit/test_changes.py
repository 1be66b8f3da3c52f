"""Change files: what Debezium, DMS and others write, as rows with an operation and a number."""

from __future__ import annotations

import json

import pytest

from lib.config import Changes, Source
from lib.datasets import CATALOG
from lib.errors import ConfigError, Unavailable
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
    # All columns, as bronze takes them: Spark leaves out of a line of CSV what nobody asks for.
    names = ("operation", "sequence", "product_id", "product_name")
    found = [(*[row[name] for name in names], row["_malformed"] is not None) for row in df.collect()]
    return sorted(found, key=str)


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


def test_changes_within_a_payload(read):
    wrapped = [{"schema": {"name": "x"}, "payload": record} for record in WHOLE]
    inside = Changes(
        operation="get_json_object(payload, '$.op')",
        sequence="get_json_object(payload, '$.lsn')",
        before="payload.before",
        after="payload.after",
    )
    assert rows(read({"a.jsonl": lines(wrapped)}, "json", inside)) == expected()


DMS = """Op,AR_H_CHANGE_SEQ,sku,name,changed
I,20251020100000120000000000000000001,A,kurta,2025-10-20 10:00:00
u,20251020100000120000000000000000002,A,"kurta, blue",2025-10-20 10:00:01
D ,20251020100000120000000000000000003,A,,
X,20251020100000120000000000000000004,A,kurta,2025-10-20 10:00:03
U,20251020100000120000000000000000005,A,kurta
"""
FLAT = Changes(operation="Op", sequence="AR_H_CHANGE_SEQ", at="changed")


def test_changes_of_dms_are_the_rows_themselves(read):
    found = read({"a.csv": DMS}, "csv", FLAT)
    number = "2025102010000012000000000000000000{}".format
    assert rows(found) == [
        ("D ", number(3), "A", None, False),
        ("I", number(1), "A", "KURTA", False),
        ("U", number(5), "A", "KURTA", True),
        ("X", number(4), "A", "KURTA", False),
        ("u", number(2), "A", "KURTA, BLUE", False),
    ]
    (first,) = found.where("operation = 'I'").select("updated_at").collect()
    assert first[0] == "2025-10-20 10:00:00"  # text is of the source's time zone


@pytest.mark.parametrize("form", ["parquet", "delta"])
def test_rows_as_structs(read, spark, tmp_path, form):
    row = "STRUCT<sku: STRING, name: STRING, price: DECIMAL(10,2), seen: TIMESTAMP>"
    old = row.replace(", price: DECIMAL(10,2)", "")  # an older writer
    texts = [json.dumps(record) for record in WHOLE if not isinstance(record.get("after"), (int, str))]
    schema = f"op STRING, lsn STRING, ts_ms BIGINT, before {old}, after {row}"
    texts.append('{"op": "c", "lsn": 99, "after": {"sku": "P", "price": 10.50, "seen": "2025-10-20T10:00:00Z"}}')
    df = spark.createDataFrame([(text,) for text in texts], "text STRING").selectExpr(f"from_json(text, '{schema}') r")
    df.select("r.*").write.format(form).save(str(tmp_path / "t"))
    columns = {**COLUMNS, "mrp": "price", "created_at": "seen"}
    found = read({}, form, DEBEZIUM, columns, path=str(tmp_path / "t"))
    priced = found.where("sequence = '99'").select("mrp", "created_at").collect()
    assert [tuple(p) for p in priced] == [("10.50", "2025-10-20 10:00:00.000000Z")]
    told = [name for name, (record, _) in RECORDS.items() if not isinstance(record.get("after"), (int, str))]
    assert rows(found.where("sequence <> '99'")) == expected(*told)


def test_rows_as_json_in_a_column_of_csv(read):
    cells = [(record["op"], str(number), record.get("before"), record.get("after")) for number, (record, _) in
             enumerate(RECORDS.values()) if "op" in record][:3]  # fmt: skip
    quoted = [[op, n, *[json.dumps(image).replace('"', '""') if image else "" for image in images]] for
              op, n, *images in cells]  # fmt: skip
    text = "op,lsn,before,after\n" + "".join(f'{op},{n},"{b}","{a}"\n' for op, n, b, a in quoted)
    found = read({"a.csv": text}, "csv", Changes(operation="op", sequence="lsn", before="before", after="after"))
    assert [row[2:] for row in rows(found)] == [("A", "KURTA", False)] * 3


def test_a_night_of_deletions_that_tell_the_key_alone(read):
    texts = lines([{"op": "d", "lsn": n, "before": {"sku": str(n)}} for n in range(2)])
    assert rows(read({"a.jsonl": texts}, "json", Changes("op", "lsn", before="before", after="after"))) == [
        ("d", "0", "0", None, False),
        ("d", "1", "1", None, False),
    ]


def test_a_source_of_rows_has_no_operation(read):
    own = {name: value for name, value in COLUMNS.items() if name not in ("operation", "sequence")}
    found = read({"a.csv": "sku,name,operation,sequence\nA,kurta,retail,7\n"}, "csv", None, own)
    assert rows(found) == [(None, None, "A", "KURTA", False)]


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"operation": "opp"}, Unavailable, "sources.catalog.changes.operation: opp"),
        ({"sequence": "lsn +"}, ConfigError, "sources.catalog.changes.sequence: lsn +"),
        ({"after": "later"}, Unavailable, "no column `later`"),
    ],
)
def test_mistakes_are_told_before_a_job_runs(read, changes, kind, told):
    given = {"operation": "op", "sequence": "lsn", **changes}
    text = "op,lsn,after\nc,1,{}\n"
    with pytest.raises(kind) as caught:
        read({"a.csv": text}, "csv", Changes(**given))
    assert told in str(caught.value)


def test_a_column_that_the_rows_do_not_have(read):
    columns = {name: value for name, value in COLUMNS.items() if name != "product_id"}
    with pytest.raises(Unavailable, match="lacks 1 of its columns: product_id"):
        read({"a.jsonl": lines(WHOLE)}, "json", DEBEZIUM, columns)
    with pytest.raises(Unavailable, match="did it become `name`"):
        read({"a.jsonl": lines(WHOLE)}, "json", DEBEZIUM, {**COLUMNS, "product_name": "nam"})
