"""DIGIPIN from coordinates and back, the same in Python and in Spark."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.normalise.identifier import decode_digipin, encode_digipin, with_digipin, with_digipin_point

# The first is Dak Bhawan, the example of India Post's technical document; the others are published by the Department's
# open program for these coordinates.
PLACES = [
    (28.622788, 77.213033, "39J-49L-L8T4"),
    (28.6139, 77.2090, "39J-438-TJC7"),
    (19.0760, 72.8777, "4FK-595-8823"),
    (12.9716, 77.5946, "4P3-JK8-52C9"),
    (13.0827, 80.2707, "4T3-84L-L5L9"),
    (22.5726, 88.3639, "2TF-J7F-86MM"),
]
CORNERS = [
    (2.5, 63.5, "LLL-LLL-LLLL"),
    (38.5, 99.5, "888-888-8888"),
    (38.5, 63.5, "FFF-FFF-FFFF"),
    (2.5, 99.5, "TTT-TTT-TTTT"),
    (20.5, 81.5, "2LL-LLL-LLLL"),  # the middle: north and east of the border
    (2.499999, 80.0, None),
    (38.500001, 80.0, None),
    (20.0, 63.4, None),
    (20.0, 99.6, None),
    (float("nan"), 80.0, None),
    (float("inf"), 80.0, None),
    (None, 80.0, None),
]


@pytest.mark.parametrize(("latitude", "longitude", "code"), PLACES + CORNERS)
def test_examples(latitude, longitude, code) -> None:
    assert encode_digipin(latitude, longitude) == code


@settings(max_examples=200, deadline=None)
@given(st.floats(2.5, 38.5), st.floats(63.5, 99.5))
def test_the_middle_of_a_square_is_near_and_has_the_same_code(latitude, longitude) -> None:
    code = encode_digipin(latitude, longitude)
    point = decode_digipin(code)
    assert point is not None
    assert abs(point.latitude - latitude) < 1.8e-5
    assert abs(point.longitude - longitude) < 1.8e-5
    assert encode_digipin(point.latitude, point.longitude) == code


@pytest.mark.parametrize("text", [None, "", "NA", "39J-49L-L8T", "39J-49L-L8TA", "x" * 10_000])
def test_what_is_no_code_has_no_point(text) -> None:
    assert decode_digipin(text) is None


def test_spark_says_the_same_as_python(spark, ansi, examples_of) -> None:
    made = examples_of(st.tuples(st.floats(2, 39), st.floats(63, 100)), 100)
    rows = [*((a, b) for a, b, _ in PLACES + CORNERS), *made]
    df = spark.createDataFrame(rows, "n DOUBLE, e DOUBLE").coalesce(1)
    found = df.transform(with_digipin, "n", "e").transform(with_digipin_point, "digipin").collect()
    assert len(found) == len(rows)
    for row in found:
        code = encode_digipin(row["n"], row["e"])
        point = decode_digipin(code)
        assert row["digipin"] == code
        assert (row["digipin_latitude"], row["digipin_longitude"]) == (
            (point.latitude, point.longitude) if point else (None, None)
        )
        missing = row["n"] is None or row["e"] is None
        assert row["digipin_status"] == ("MISSING" if missing else "VALID" if code else "BAD_BOUNDS")
