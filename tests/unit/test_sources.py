"""Files as sources, really written and read: every record with its position, malformed ones too."""

from __future__ import annotations

import gzip
import json

import pytest
from pyspark.sql import functions as F

from lib.config import Source
from lib.datasets import CATALOG, INVENTORY, ORDERS
from lib.errors import ConfigError, Unavailable
from lib.sources import read_source

CANONICAL = dict.fromkeys(CATALOG.names, "NULL")
MAPPED = {**CANONICAL, "product_id": "sku", "product_name": "name"}


@pytest.fixture
def read(spark, tmp_path):
    """`read({"a.csv": text}, ...)`: (file, record number, malformed, product_id, product_name) of every record."""

    def run(files, form="csv", columns=None, contract=CATALOG, path=None, **source):
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            raw = content if isinstance(content, bytes) else content.encode()
            file.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        conf = Source(format=form, path=path or str(tmp_path), columns=MAPPED if columns is None else columns, **source)
        return read_source(spark, contract, conf)

    return run


def records(df, *names):
    names = names or ("product_id", "product_name")
    file = F.regexp_extract("_source_file", "([^/]*)$", 1)
    rows = df.select(file, "_source_record", "_malformed", *names).collect()
    return sorted((tuple(row) for row in rows), key=str)


def test_records_are_numbered_from_one_and_the_header_does_not_count(read):
    found = read({"a.csv": "sku,name\n1,Kurta\n2,Saree\n", "b.csv": "sku,name\n3,Shawl\n"})
    assert records(found) == [
        ("a.csv", 1, None, "1", "Kurta"),
        ("a.csv", 2, None, "2", "Saree"),
        ("b.csv", 1, None, "3", "Shawl"),
    ]
    assert {dict(found.dtypes)[name] for name in CATALOG.names} == {"string"}


def test_quoted_newlines_and_quotes_in_a_compressed_file(read):
    text = 'sku,name\n1,"Kurta,\nblue ""M"""\n2,Saree\n'
    found = read({"a.csv.gz": text}, options={"multiLine": True})
    assert records(found) == [("a.csv.gz", 1, None, "1", 'Kurta,\nblue "M"'), ("a.csv.gz", 2, None, "2", "Saree")]


def test_a_record_that_does_not_fit_keeps_its_text_and_its_number(read):
    found = read({"a.csv": "sku,name\n1,Kurta\n2,Saree,too,many\n3,Shawl\n4\n"})
    assert records(found) == [
        ("a.csv", 1, None, "1", "Kurta"),
        ("a.csv", 2, "2,Saree,too,many", "2", "Saree"),
        ("a.csv", 3, None, "3", "Shawl"),
        ("a.csv", 4, "4", "4", None),
    ]


def test_each_file_has_its_own_order_of_columns(read):
    found = read({"a.csv": "sku,name\n1,Kurta\n", "b.csv": "name,extra,sku\nSaree,x,2\n"})
    assert [row[3:] for row in records(found)] == [("1", "Kurta"), ("2", "Saree")]


def test_many_files_are_read_together_without_numbers(read):
    files = {f"{n:02}.csv": f"sku,name\n{n},Kurta\n" if n % 2 else f"name,sku\nKurta,{n}\n" for n in range(40)}
    found = records(read(files))
    assert {row[3:] for row in found} == {(str(n), "Kurta") for n in range(40)}
    assert {row[1] for row in found} == {None}


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("\ufeffsku,name\n1,कुर्ता\n".encode(), {}),
        ("sku;name\n1;कुर्ता\n".encode(), {"sep": ";"}),
        ("sku\tname\n1\tकुर्ता\n".encode(), {"sep": "\\t"}),
        ("sku,name\r\n1,कुर्ता\r\n".encode("utf-16"), {"encoding": "UTF-16", "multiLine": True}),
        ("1,कुर्ता\n".encode(), {"header": False}),
    ],
    ids=["BOM", "semicolon", "tab", "UTF-16", "no header"],
)
def test_forms_of_csv(read, content, options):
    columns = {**MAPPED, "product_id": "_c0", "product_name": "_c1"} if options.get("header") is False else MAPPED
    found = read({"a.csv": content}, options=options, columns=columns)
    assert [row[3:] for row in records(found)] == [("1", "कुर्ता")]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "The source `catalog` has no file"),
        ({"_SUCCESS": "", ".hidden.csv": "sku\n"}, "The source `catalog` has no file"),
        ({"a.csv": "sku,name\n1,Kurta\n".encode("utf-16")}, "The source `catalog` is not UTF-8"),
        ({"a.csv": "sku;name\n1;Kurta\n"}, "another separator"),
        ({"a.csv": "product,name\n1,Kurta\n"}, "The source `catalog` has no column `sku`"),
    ],
)
def test_what_cannot_be_read_is_told_before_a_job_runs(read, files, told):
    with pytest.raises(Unavailable, match=told):
        read(files)


def test_a_file_that_is_not_what_its_ending_says(read, tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(b"sku,name\n1,Kurta\n")
    with pytest.raises(Unavailable, match="cannot be read"):
        read({})


def test_nothing_at_all_is_none_and_a_header_alone_is_no_row(read, tmp_path):
    assert read({"a.csv": ""}) is None
    assert read({"a.csv": "\n \n"}) is None
    assert read({"a.csv": "sku,name\n"}).count() == 0


def test_lost_columns_are_all_told_with_advice(read):
    with pytest.raises(Unavailable) as caught:
        read({"a.csv": "code,name\n1,Kurta\n"}, columns={"product_name": "name"})
    told = str(caught.value)
    optional = {"deleted", "operation", "sequence"}
    assert f"lacks {len(set(CATALOG.names) - optional) - 1} of its columns: product_id, seller_id" in told
    assert "product_id is required: say in sources.catalog.columns how it is computed" in told
    assert 'if there is no rating, say so: sources.catalog.columns: {rating: "NULL"}' in told
    with pytest.raises(Unavailable, match=r'map it: sources.catalog.columns: \{brand: "`brands`"\}'):
        read({"a.csv": "product,brands\n"}, columns={k: v for k, v in MAPPED.items() if k != "brand"})


@pytest.mark.parametrize(
    ("expression", "kind", "told"),
    [
        ("sku +", ConfigError, "A mapping is not a SQL expression"),
        ("no_such_function(sku)", ConfigError, "A mapping cannot be evaluated"),
        ("skuu", Unavailable, "did it become `sku`"),
    ],
)
def test_mistakes_in_a_mapping(read, expression, kind, told):
    with pytest.raises(kind, match=told) as caught:
        read({"a.csv": "sku,name\n1,Kurta\n"}, columns={**MAPPED, "product_id": expression})
    assert f"sources.catalog.columns.product_id: {expression}" in str(caught.value)


@pytest.mark.usefixtures("ansi")
def test_an_expression_that_cannot_be_computed_gives_null(read):
    columns = {**MAPPED, "brand": "CAST(10 / CAST(sku AS int) AS int)", "seller_id": "element_at(split(name, '-'), 3)"}
    found = read({"a.csv": "sku,name\n0,a\nx,a\n2,a-b-c\n"}, columns=columns)
    assert [row[3:] for row in records(found, "product_id", "brand", "seller_id")] == [
        ("0", None, None),
        ("x", None, None),
        ("2", "5", "c"),
    ]


def test_a_filter_keeps_what_is_malformed(read):
    text = "sku,name\n1,Kurta\n2,Saree\n3,,\n"
    assert [row[3] for row in records(read({"a.csv": text}, filter="name = 'Saree'"))] == ["2", "3"]


def test_names_with_spaces_and_repeated_names(read):
    columns = {**CANONICAL, "product_id": "` Item  No `", "product_name": "name_2"}
    found = read({"a.csv": " Item No ,name,name\n1,x,Kurta\n"}, columns=columns)
    assert [row[3:] for row in records(found)] == [("1", "Kurta")]


def test_json_lines(read):
    lines = [
        {"sku": 1, "name": "Kurta", "tags": ["a", "b"]},
        {"name": "कुर्ता", "sku": "2"},
        {"sku": 12345678901234567890, "name": None},
    ]
    whole = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
    text = "\n".join([*whole, '{"sku": 4, "name": ', ""])
    found = read({"a.jsonl": text}, "json", {**MAPPED, "brand": "tags"})
    assert records(found, "product_id", "product_name", "brand") == [
        ("a.jsonl", 1, None, "1", "Kurta", '["a","b"]'),
        ("a.jsonl", 2, None, "2", "कुर्ता", None),
        ("a.jsonl", 3, None, "12345678901234567890", None, None),
        ("a.jsonl", 4, '{"sku": 4, "name": ', None, None, None),
    ]


def test_json_leaves_out_what_is_null(read):
    text = '{"product_id": "1", "warehouse_id": "W", "on_hand": 5}\n'
    found = read({"a.jsonl": text}, "json", {}, INVENTORY)
    assert records(found, "on_hand", "reserved", "event_ts") == [("a.jsonl", 1, None, "5", None, None)]


@pytest.mark.parametrize("form", ["parquet", "delta"])
def test_true_instants_say_their_zone_and_texts_keep_theirs(read, spark, tmp_path, form):
    df = spark.sql(
        "SELECT 'o1' order_id, '1' order_line_id, TIMESTAMP'2025-10-20 10:00:00' order_ts, "
        "'2025-10-20 10:00:00' updated_at, 2 quantity, CAST(9.5 AS decimal(18,2)) unit_price, 'p' product_id"
    )
    df.write.format(form).save(str(tmp_path / "t"))
    named = dict.fromkeys(set(ORDERS.names) - set(df.columns), "NULL")
    named["order_status"] = "'PLACED'"
    found = read({}, form, named, ORDERS, path=str(tmp_path / "t"))
    (row,) = found.collect()
    assert row["order_ts"] == "2025-10-20 10:00:00.000000Z"  # an instant, whatever the source's time_zone is
    assert row["updated_at"] == "2025-10-20 10:00:00"  # a wall clock's text: time_zone applies
    assert (row["quantity"], row["unit_price"], row["_source_record"], row["_malformed"]) == ("2", "9.50", None, None)


def test_a_time_that_an_expression_makes_of_text_has_no_zone_of_its_own(read):
    columns = {**MAPPED, "created_at": "to_timestamp(made, 'dd/MM/yyyy HH:mm')"}
    found = read({"a.csv": "sku,name,made\n1,Kurta,20/10/2025 09:05\n"}, columns=columns)
    assert records(found, "created_at")[0][3] == "2025-10-20 09:05:00.000000"


def test_a_delta_source_that_is_not_there(read, tmp_path):
    with pytest.raises(Unavailable, match="cannot be read as delta"):
        read({}, "delta", path=str(tmp_path / "nothing"))
