"""Cells as people write them, and the numbers in them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lib.normalise.phone import DUMMIES, normalise_phone

ONE = [
    # cell, status, type, number
    ("9876501234", "VALID", "MOBILE", "+919876501234"),
    ("+91 98765-01234", "VALID", "MOBILE", "+919876501234"),
    ("098765 01234", "VALID", "MOBILE", "+919876501234"),
    ("919876501234", "VALID", "MOBILE", "+919876501234"),
    ("0919876501234", "VALID", "MOBILE", "+919876501234"),
    ("00919876501234", "VALID", "MOBILE", "+919876501234"),
    ("+91-09876501234", "VALID", "MOBILE", "+919876501234"),
    ("+91+919876501234", "VALID", "MOBILE", "+919876501234"),
    ("(+91) 98765 01234", "VALID", "MOBILE", "+919876501234"),
    ("+9876501234", "VALID", "MOBILE", "+919876501234"),
    ("9198765012", "VALID", "MOBILE", "+919198765012"),  # 91 of ten digits is no country code
    ("9118001234", "VALID", "MOBILE", "+919118001234"),
    ("(M) 98765 01234", "VALID", "MOBILE", "+919876501234"),
    ("Mob:9876501234", "VALID", "MOBILE", "+919876501234"),
    ("98765O1234", "VALID", "MOBILE", "+919876501234"),
    ("९८७६५०१२३४", "VALID", "MOBILE", "+919876501234"),
    ("９８７６５０１２３４", "VALID", "MOBILE", "+919876501234"),
    ("98765\u00a001234", "VALID", "MOBILE", "+919876501234"),
    ("98765\u201301234", "VALID", "MOBILE", "+919876501234"),
    ("\u200e9876501234\u200f", "VALID", "MOBILE", "+919876501234"),
    ("9876501234.0", "VALID", "MOBILE", "+919876501234"),
    ("9.876501234E9", "VALID", "MOBILE", "+919876501234"),
    ("9.87650123E+09", "VALID", "MOBILE", "+919876501230"),
    ("9.88E+09", "BAD_LENGTH", None, None),  # digits are lost
    ("9876501234, open 24x7", "VALID", "MOBILE", "+919876501234"),
    ("040 7702355510", "VALID", "MOBILE", "+917702355510"),
    ("022-23456789", "VALID", "LANDLINE", "+912223456789"),
    ("022/23456789", "VALID", "LANDLINE", "+912223456789"),
    ("(022) 2345 6789", "VALID", "LANDLINE", "+912223456789"),
    ("Ph-080 2345 6789", "VALID", "LANDLINE", "+918023456789"),
    ("08554 222133", "VALID", "LANDLINE", "+918554222133"),
    ("0008046444777", "VALID", "LANDLINE", "+918046444777"),
    ("1800 425 4444", "VALID", "TOLL_FREE", "+9118004254444"),
    ("1800-11-4000", "VALID", "TOLL_FREE", "+911800114000"),
    ("5755123456789", "VALID", "M2M", "+915755123456789"),
    ("+1 (212) 555-2368", "VALID", "FOREIGN", "+12125552368"),
    ("0044 20 7946 0958", "VALID", "FOREIGN", "+442079460958"),
    ("+971501234567", "VALID", "FOREIGN", "+971501234567"),
    ("+999123456789", "BAD_PREFIX", None, None),
    ("23456789", "BAD_LENGTH", None, None),  # no STD code anywhere
    ("+9199164950171", "BAD_LENGTH", None, None),
    ("108", "BAD_LENGTH", None, None),
    ("1034500000", "BAD_PREFIX", None, None),
    ("9876543210", "DUMMY", None, None),
    ("+91 99999 99999", "DUMMY", None, None),
    ("0000000000", "DUMMY", None, None),
    ("Nadia", "BAD_LENGTH", None, None),
    ("NA", "MISSING", None, None),
    ("-", "MISSING", None, None),
    ("0", "MISSING", None, None),
    ("  ", "MISSING", None, None),
    (None, "MISSING", None, None),
    ("\U0001f4de\ud83d 9876501234 \u202e", "VALID", "MOBILE", "+919876501234"),  # a lone surrogate
]

CARRIED, INFERRED = "VALID_STD_CARRIED", "VALID_STD_INFERRED"
SEVERAL = [
    ("022-23456789/90", [("+912223456789", "VALID"), ("+912223456790", CARRIED)]),
    ("033  24320777/0999/0748", [("+913324320777", "VALID"), ("+913324320999", CARRIED), ("+913324320748", CARRIED)]),
    ("0484-2345678,2345679", [("+914842345678", "VALID"), ("+914842345679", CARRIED)]),
    ("2345678, 0484-2345679", [("+914842345678", CARRIED), ("+914842345679", "VALID")]),
    ("08819  224679 224253", [("+918819224679", "VALID"), ("+918819224253", CARRIED)]),
    ("022-23456780 to 89", [("+912223456780", "VALID"), ("+912223456789", CARRIED)]),
    ("9876501234 / 9876501235", [("+919876501234", "VALID"), ("+919876501235", "VALID")]),
    ("98765 01234 98765 01235", [("+919876501234", "VALID"), ("+919876501235", "VALID")]),
    ("9876501234/35", [("+919876501234", "VALID"), ("+919876501235", "VALID")]),
    ("98765012349876501235", [("+919876501234", "VALID"), ("+919876501235", "VALID")]),
    ("9876501234\n9876501235", [("+919876501234", "VALID"), ("+919876501235", "VALID")]),
    ("0877 2281111, 108", [("+918772281111", "VALID"), (None, "BAD_LENGTH")]),
    ("08554 22106, 222107", [(None, "BAD_LENGTH"), ("+918554222107", CARRIED)]),
    ("Off: 080-23456789 (R) 9876501234", [("+918023456789", "VALID"), ("+919876501234", "VALID")]),
]

PLACED = [
    # cell, PIN, district, city, number; whatever is written about a place must not be believed beyond what is sure
    ("23456789", "400001", None, None, "+912223456789"),
    ("26409141", "711 101", None, None, "+913326409141"),
    ("2433239", "520002.0", None, None, "+918662433239"),
    ("237955", "533201", None, None, "+918856237955"),
    ("2253031", "201301", None, None, "+911202253031"),
    ("26409141", None, "Howrah", None, "+913326409141"),
    ("23456789", None, None, "Bengaluru", "+918023456789"),
    ("2345678", None, None, "kochi", "+914842345678"),
    ("23456789", "520002", None, None, None),  # eight digits are no number of Vijayawada
    ("2433239", "000000", None, "Nowhere", None),
]


@pytest.mark.parametrize(("text", "status", "kind", "number"), ONE)
def test_one_number(text: str | None, status: str, kind: str | None, number: str | None) -> None:
    found = normalise_phone(text)
    assert (found.status, found.type, found.e164) == (status, kind, number)


@pytest.mark.parametrize(("text", "numbers"), SEVERAL)
def test_several_numbers(text: str, numbers: list[tuple[str | None, str]]) -> None:
    assert [(number.e164, number.status) for number in normalise_phone(text).numbers] == numbers


@pytest.mark.parametrize(("text", "pincode", "district", "city", "number"), PLACED)
def test_the_place_tells_the_std_code(
    text: str, pincode: str | None, district: str | None, city: str | None, number: str | None
) -> None:
    found = normalise_phone(text, pincode=pincode, district=district, city=city)
    assert (found.e164, found.status) == (number, INFERRED if number else "BAD_LENGTH")


def test_the_first_mobile_is_the_primary() -> None:
    assert normalise_phone("080-23456789, 9876501234, 9876501235").e164 == "+919876501234"
    assert normalise_phone("080-23456, 080-23456789").e164 == "+918023456789"


@pytest.mark.parametrize("text", ["022 23456789 x123", "022 23456789 ext. 123", "022-23456789 Extn: 123"])
def test_extensions(text: str) -> None:
    found = normalise_phone(text)
    assert (found.e164, found.extension) == ("+912223456789", "123")


def test_own_dummies() -> None:
    assert normalise_phone("9876543210", dummies=()).e164 == "+919876543210"
    assert normalise_phone("9876501234", dummies=("9876501234",)).status == "DUMMY"


def test_the_configured_dummies_are_the_default(conf: Path) -> None:
    assert set(yaml.safe_load((conf / "phones.yaml").read_text("utf-8"))["dummies"]) == set(DUMMIES)


@given(st.text() | st.text("0123456789 +-/,().xoO#\n", max_size=60))
def test_any_text_has_a_status_and_a_second_time_changes_nothing(text: str) -> None:
    found = normalise_phone(text)
    assert found.status
    assert (found.e164 is None) == (found.type is None)
    if found.e164:
        again = normalise_phone(found.e164, dummies=())
        # Ten digits that may be of either type are a mobile where no trunk zero tells.
        assert again.e164 == found.e164


@pytest.mark.parametrize("part", ["1 ", "9", "(", "+91", "98765 ", "x1", "0-"])
def test_time_grows_no_faster_than_the_cell(part: str) -> None:
    """Ten times the cell takes some ten times as long, not a hundred."""

    def least(text: str) -> float:
        taken = []
        for _ in range(3):
            start = time.process_time()
            assert normalise_phone(text).status
            taken.append(time.process_time() - start)
        return max(min(taken), 1e-4)

    assert least(part * 10_000) < 40 * least(part * 1000)
