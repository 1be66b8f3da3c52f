"""The head of a text file: encodings, separators and headers as exports really have them."""

from __future__ import annotations

import codecs

import pytest

from lib.config import Source
from lib.errors import ConfigError, Unavailable
from lib.sources.text import CsvForm, csv_header, decode_head, json_keys

WHERE = "in/orders.csv"


def form(**options):
    return CsvForm.of(Source(format="csv", path=WHERE, options=options))


def header(text, **options):
    return csv_header(text, form(**options), dataset="orders", where=WHERE)


def decode(head, encoding="UTF-8"):
    return decode_head(head, encoding, dataset="orders", where=WHERE)


@pytest.mark.parametrize(
    ("head", "encoding", "expected"),
    [
        (b"a,b", "UTF-8", "a,b"),
        (codecs.BOM_UTF8 + b"a,b", "UTF-8", "a,b"),
        ("नाम".encode(), "UTF-8", "नाम"),
        ("नाम".encode()[:-1], "UTF-8", "ना"),  # the head may end within a character
        ("a,b".encode("utf-16"), "UTF-16", "a,b"),
        ("a,b".encode("utf-16-le"), "UTF-16LE", "a,b"),
        (b"caf\xe9", "windows-1252", "café"),
        (b"", "UTF-8", ""),
    ],
)
def test_encodings(head, encoding, expected):
    assert decode(head, encoding) == expected


@pytest.mark.parametrize(
    ("head", "encoding", "told", "advice"),
    [
        (b"caf\xe9,b", "UTF-8", "is not UTF-8: byte 0xE9 at position 3", "windows-1252"),
        ("a,b".encode("utf-16"), "UTF-8", "is not UTF-8: byte 0xFF at position 0", "starts as UTF-16 does"),
        ("a,b".encode("utf-16-le"), "UTF-8", "it holds NUL characters", "looks like UTF-16LE"),
        ("a,b".encode("utf-16-be"), "UTF-8", "it holds NUL characters", "looks like UTF-16BE"),
    ],
)
def test_an_encoding_that_does_not_fit_is_told_with_a_guess(head, encoding, told, advice):
    with pytest.raises(Unavailable) as caught:
        decode(head, encoding)
    assert told in str(caught.value)
    assert "set sources.orders.options.encoding" in str(caught.value)
    assert advice in str(caught.value)


def test_an_encoding_that_does_not_exist():
    with pytest.raises(ConfigError, match="'UTF-9' is not an encoding"):
        decode(b"a", "UTF-9")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("order_id,qty\n1,2\n", {}, ["order_id", "qty"]),
        ("\n\norder_id,qty\n", {}, ["order_id", "qty"]),
        (" order_id , Order  Date \n", {}, ["order_id", "Order Date"]),
        ('"Order\nDate","a ""b"""\n', {}, ["Order Date", 'a "b"']),
        ("a;b\n", {"sep": ";"}, ["a", "b"]),
        ("a\tb\n", {"delimiter": "\\t"}, ["a", "b"]),
        ("a,b\n", {"header": "false"}, ["_c0", "_c1"]),
        ("a,b\n", {"header": False}, ["_c0", "_c1"]),
        # blank and repeated names
        (",qty,\n", {}, ["_c0", "qty", "_c2"]),
        ("qty,QTY,qty\n", {}, ["qty", "QTY_2", "qty_3"]),
        ("id\n1\n", {}, ["id"]),
        ("", {}, []),
    ],
)
def test_headers(text, options, expected):
    assert header(text, **options) == expected


@pytest.mark.parametrize("sep", [";", "|", "\t"])
def test_another_separator_is_told(sep):
    with pytest.raises(Unavailable, match="another separator") as caught:
        header(f"order_id{sep}qty\n1{sep}2\n")
    assert f"set sources.orders.options.sep to {sep!r}" in str(caught.value)


def test_names_never_repeat_even_where_one_looks_like_a_repetition():
    names = header("a,a,a_2,A\n")
    assert len({name.lower() for name in names}) == 4, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": null}\n{"c": 2, "a": 3}\n', ["a", "b", "c"]),
        ('{"a": 1}\n{broken\n{"b": 1', ["a"]),
        ("[1, 2]\n7\n", []),
        ("", []),
    ],
)
def test_keys_of_json_lines(text, expected):
    assert json_keys(text) == expected
