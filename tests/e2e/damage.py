"""Damaged records and files, from a seed: what exports, crashes, spreadsheets and strangers do to data."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lib.datasets import Contract

DAY = "2025-10-17"
Row = dict[str, Any]

# A value of each canonical column that every rule accepts; columns that are not here are left out.
GOOD: dict[str, Row] = {
    "orders": {
        "order_line_id": "1", "order_ts": f"{DAY} 10:00:00", "updated_at": f"{DAY} 10:05:00", "customer_id": "C1",
        "product_id": "P1", "quantity": "2", "unit_price": "10.50", "discount_percentage": "5",
        "order_status": "placed",
        "payment_method": "upi", "payment_status": "approved", "channel": "app", "delivery_name": "Asha Rao",
        "delivery_phone": "9876543210", "delivery_address": "12 M.G. Road", "delivery_city": "Pune",
        "delivery_state": "MH", "delivery_pincode": "411001", "promised_ts": f"{DAY} 12:00:00",
        "delivered_ts": f"{DAY} 11:00:00",
    },
    "customers": {
        "full_name": "Asha Rao", "email": "asha@example.in", "phone": "9876543210", "address": "12 M.G. Road, Pune",
        "city": "Pune", "state": "MH", "pincode": "411001", "registered_at": f"{DAY} 10:00:00", "lifetime_orders": "3",
        "updated_at": f"{DAY} 10:00:00", "deleted": "false",
    },
    "catalog": {
        "product_name": "Kurta", "seller_id": "S", "category_l1": "Fashion", "mrp": "100", "selling_price": "90",
        "discount_percentage": "10", "rating": "4.5", "review_count": "7", "is_assured": "true",
        "created_at": f"{DAY} 09:00:00", "updated_at": f"{DAY} 10:00:00",
    },
    "inventory": {
        "warehouse_id": "W1", "warehouse_city": "Pune", "on_hand": "10", "reserved": "1",
        "event_ts": f"{DAY} 10:00:00", "sequence": "1",
    },
}  # fmt: skip
IDS = {"orders": "order_id", "customers": "customer_id", "catalog": "product_id", "inventory": "product_id"}

HOSTILE = [
    "", " ", "NULL", "\\N", "\x00", "a\x00b", "1e400", "-1e400", "1e-400", "NaN", "-Infinity", "0000-00-00", "9" * 60,
    "0000-00-00 00:00:00", "10000-01-01 00:00:00", "9999-12-31 23:59:59", "-0001-01-01", "0001-01-01", "2025-02-30",
    f"{DAY}T25:61:61", f"{DAY}T10:00:00+99:99", f"{DAY} 10:00:00 Mars/Olympus", "٢٠٢٥", "२०२५-१०-१७", "0x10", "1_000",
    "1,00,000.00", "--1", "+", ".", "1.", "-0.0", "2147483648", "-9223372036854775809", "0.1e1", "true", "yes", "=1+1",
    "'; DROP TABLE x; --", '"', '""', "'", "\\", "\\n", "\\u0000", "\u202egnp.exe", "\ufeff", "\u2028", "\u0085", "\t",
    "😀", "👨‍👩‍👧‍👦", "a" + "\u0300" * 200, "x" * 5000, "न" * 3000, "\U0010ffff", "\ue000", "ﷺ", "ß", "İ", "ﬁ", "١٢٣",
    "+91-" * 50, "9" * 10, "00000", "#REF!", "#N/A", "${env:HOME}", "{{7*7}}", "%s%n", "../../etc/passwd", "/", "|",
    "1 " * 400, "a/" * 300, "," * 50, "(" * 80, "[" * 80, "{" * 80, "\x1b[31m", "\x07", "\x7f", "C1", "-", "_", "~",
]  # fmt: skip


def text(draw: random.Random) -> str:
    """Some letters of any script, controls and unassigned ones included; no line ends and no surrogates."""
    ranges = ((1, 0x250), (0x900, 0xD80), (1, 0xD7FF), (0xE000, 0x10FFFF))
    letters = (draw.randrange(*draw.choice(ranges)) for _ in range(draw.randrange(1, 40)))
    return re.sub(r"[\r\n]", " ", "".join(map(chr, letters)))


def record(dataset: str, number: int) -> Row:
    """The numbered record, whole."""
    return {IDS[dataset]: f"{dataset}-{number}", **GOOD[dataset]}


def spoilt(draw: random.Random, dataset: str, number: int) -> Row:
    """The numbered record with some of its values spoilt; sometimes its id too."""
    row = record(dataset, number)
    for name in draw.sample(list(row), draw.randrange(1, 4)):
        row[name] = draw.choice(HOSTILE) if draw.random() < 0.8 else text(draw)
    return row


JSON_WAYS: dict[str, Callable[[random.Random, Row], bytes]] = {
    "spoilt": lambda draw, row: _json(row),
    "other types": lambda draw, row: _json(
        {n: draw.choice([v, [v], {"v": v}, True, 1, 1.5, None]) for n, v in row.items()}
    ),
    "keys gone": lambda draw, row: _json({n: row[n] for n in draw.sample(list(row), draw.randrange(len(row)))}),
    "keys more": lambda draw, row: _json({**row, **{text(draw): draw.choice(HOSTILE) for _ in range(20)}}),
    "keys twice": lambda draw, row: _json(row)[:-1] + b"," + _json(row)[1:],
    "cut off": lambda draw, row: _json(row)[: draw.randrange(1, 60)],
    "bytes of no text": lambda draw, row: _json(row).replace(b"1", b"\xff\xfe\xc3", 2),
    "half a pair": lambda draw, row: _json(row)[:-2] + rb'\ud800\udc00\udfff"}',
    "numbers": lambda draw, row: _json(row)[:-1] + b', "quantity": 1e400, "unit_price": NaN}',
    "deep": lambda draw, row: _json(row)[:-1] + b', "deep": ' + b"[" * 1500 + b"]" * 1500 + b"}",
    "huge": lambda draw, row: _json({**row, "delivery_address": "x" * draw.randrange(50_000)}),
    "a mark": lambda draw, row: b"\xef\xbb\xbf" + _json(row),
    "two in one": lambda draw, row: _json(row) + _json(row),
    "no object": lambda draw, row: draw.choice([b"7", b'"x"', b"true", b"{", b"}", b"]", b"'", b"{]", b"\x00", b"x=1"]),
    "a nul": lambda draw, row: _json(row)[:20] + b"\x00" + _json(row)[20:],
}  # fmt: skip


def _json(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")


def json_lines(draw: random.Random, dataset: str, count: int) -> Iterator[tuple[str, bytes]]:
    """(way, line) of each record; every fifth is whole. The second is long: the head that is looked at is text."""
    yield "good", _json(record(dataset, 0))
    yield "good", _json({**record(dataset, 1), "padding": "x" * 300_000})
    for number in range(2, count):
        way = "good" if number % 5 == 0 else draw.choice(list(JSON_WAYS))
        if way == "good":
            yield way, _json(record(dataset, number))
        else:
            yield way, JSON_WAYS[way](draw, spoilt(draw, dataset, number))


CSV_WAYS: dict[str, Callable[[random.Random, list[str]], bytes]] = {
    "spoilt": lambda draw, cells: _csv(cells),
    "a quote": lambda draw, cells: _csv(cells).replace(b",", b',"', 1),
    "quotes": lambda draw, cells: _csv(cells).replace(b",", b'"",""', draw.randrange(3)),
    "cells gone": lambda draw, cells: _csv(cells[: draw.randrange(1, len(cells))]),
    "cells more": lambda draw, cells: _csv(cells + ["x"] * draw.randrange(1, 300)),
    "bytes of no text": lambda draw, cells: _csv(cells).replace(b"1", b"\xff\xfe\xc3", 2),
    "a nul": lambda draw, cells: _csv(cells)[:9] + b"\x00" + _csv(cells)[9:],
    "a mark": lambda draw, cells: b"\xef\xbb\xbf" + _csv(cells),
    "another separator": lambda draw, cells: _csv(cells).replace(b",", b";"),
    "huge": lambda draw, cells: _csv([*cells[:-1], "x" * draw.randrange(50_000)]),
}


def _csv(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().removesuffix("\r\n").encode("utf-8", "surrogatepass")


def csv_records(draw: random.Random, dataset: str, count: int, *, balanced: bool) -> Iterator[tuple[str, bytes]]:
    """(way, record) after the header; every fifth is whole. `balanced` ones may hold line ends inside quotes."""
    ways = ["spoilt", "cells gone", "cells more", "huge"] if balanced else list(CSV_WAYS)
    whole = list(record(dataset, 0).values())
    yield "good", _csv(whole)
    for number in range(1, count):
        if number % 5 == 0:
            yield "good", _csv(list(record(dataset, number).values()))
            continue
        way = draw.choice(ways)
        cells = [str(value) for value in spoilt(draw, dataset, number).values()]
        if balanced:
            cells = [f"{cell}\nx\r\n" if draw.random() < 0.1 else cell for cell in cells]
        yield way, CSV_WAYS[way](draw, cells)


def lines_of(data: bytes, blanks: bytes = b" \t") -> int:
    """Records of a file of lines, counted without Spark: lines that hold more than blanks."""
    return sum(1 for line in re.split(rb"\r\n|\n|\r", data) if line.strip(blanks))


# What Java's trim takes away: of a CSV line of these alone Spark says that it is empty.
CONTROLS = bytes(range(33))

EXTREMES: list[tuple[pa.DataType, list[Any]]] = [
    (pa.string(), [value for value in HOSTILE if value < "\ud800"]),
    (pa.int64(), [0, -1, 2**63 - 1, -(2**63)]),
    (pa.int8(), [0, -128, 127]),
    (pa.float64(), [float("nan"), float("inf"), -0.0, 1e308, 5e-324]),
    (pa.float32(), [float("nan"), 3.5]),
    (pa.decimal128(38, 10), [Decimal("9" * 28), Decimal("-0.0000000001")]),
    (pa.bool_(), [True, False]),
    (pa.date32(), [date(1, 1, 1), date(9999, 12, 31), date(1582, 10, 10)]),
    (pa.timestamp("us", "UTC"), [datetime(1, 1, 1, tzinfo=timezone.utc), datetime(9999, 12, 31, tzinfo=timezone.utc)]),
    (pa.timestamp("us"), [datetime(2025, 10, 17), datetime(1582, 10, 10)]),  # noqa: DTZ001
    (pa.binary(), [b"\xff\x00", b""]),
    (pa.list_(pa.string()), [["a"], [], [None]]),
    (pa.struct([("a", pa.int32())]), [{"a": 1}, {"a": None}]),
    (pa.map_(pa.string(), pa.int32()), [[("k", 1)], []]),
]


def parquet_table(draw: random.Random, dataset: str, first: int, count: int) -> pa.Table:
    """A table whose columns are of any type, with a null here and there; every fifth row of the id column is whole."""
    whole = record(dataset, 0)
    columns: dict[str, pa.Array] = {}
    for name in whole:
        kind, values = draw.choice(EXTREMES)
        if name == IDS[dataset]:
            columns[name] = pa.array([f"{dataset}-{first + n}" for n in range(count)])
        elif draw.random() < 0.5:
            columns[name] = pa.array([whole[name]] * count)
        else:
            columns[name] = pa.array([draw.choice([*values, None]) for _ in range(count)], kind)
    return pa.table(columns)


def good_file(form: str, rows: int = 40) -> bytes:
    """A whole file of orders."""
    records = [record("orders", number) for number in range(rows)]
    if form == "parquet":
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(records), buffer)
        return buffer.getvalue()
    if form == "json":
        return b"".join(_json(row) + b"\n" for row in records)
    return b"\n".join([_csv(list(records[0])), *[_csv(list(row.values())) for row in records]]) + b"\n"


FILE_WAYS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "empty": lambda draw, data: b"",
    "blank": lambda draw, data: draw.choice([b"\n", b" \n\n", b"\r\n\r\n", b"\xef\xbb\xbf"]),
    "random": lambda draw, data: draw.randbytes(draw.randrange(1, 5000)),
    "cut off": lambda draw, data: data[: draw.randrange(1, len(data))],
    "flipped": lambda draw, data: _flipped(draw, data, draw.randrange(1, 20)),
    "a line without end": lambda draw, data: b"x" * 2_000_000,
    "of another format": lambda draw, data: good_file("json" if data[:1] != b"{" else "parquet"),
    "folder": lambda draw, data: data,
    "empty folder": lambda draw, data: b"",
    "gzip cut off": lambda draw, data: gzip.compress(data)[: draw.randrange(1, len(gzip.compress(data)) - 8)],
    "gzip flipped": lambda draw, data: _flipped(draw, gzip.compress(data), 3),
    "no gzip": lambda draw, data: data,
}


def damaged_files(draw: random.Random, folder: Path, count: int) -> Iterator[tuple[str, str, Path]]:
    """(way, format, path) of files, and folders named like files, that no export writes on purpose."""
    for number in range(count):
        form = draw.choice(["csv", "json", "parquet"])
        way = draw.choice([way for way in FILE_WAYS if "gzip" not in way or form != "parquet"])
        path = folder / f"{number:04} {way}.{form}{'.gz' if 'gzip' in way else ''}"
        content = FILE_WAYS[way](draw, good_file(form))
        if "folder" in way:
            path.mkdir()
            if content:
                (path / f"part.{form}").write_bytes(content)
        else:
            path.write_bytes(content)
        yield way, form, path


def _flipped(draw: random.Random, data: bytes, bits: int) -> bytes:
    spoiled = bytearray(data)
    for _ in range(bits):
        spoiled[draw.randrange(len(spoiled))] ^= 1 << draw.randrange(8)
    return bytes(spoiled)


def names_of(contract: Contract) -> list[str]:
    """The columns that whole records of a dataset have."""
    return list(record(contract.name, 0))
