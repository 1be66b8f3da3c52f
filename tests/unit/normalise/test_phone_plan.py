"""The packed numbering plan against libphonenumber, both ways, and the STD codes against the hospitals' own."""

from __future__ import annotations

import os
import random
from pathlib import Path

import phonenumbers
import pytest

from lib.normalise.phone import normalise_phone
from lib.normalise.phone.plan import class_of, is_foreign
from lib.normalise.phone.std import codes_of, pins, places
from tests.evaluate import phones

KINDS = {
    phonenumbers.PhoneNumberType.MOBILE: "M",
    phonenumbers.PhoneNumberType.FIXED_LINE: "234",
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE: "BCD",
}


def test_ten_digits_are_valid_exactly_where_libphonenumber_says_so() -> None:
    draw = random.Random(20260211)
    wrong = []
    for _ in range(30_000):
        number = str(draw.randrange(10**9, 10**10))
        if number[:2] == "18" or number[:3] == "140" or number[:5] == "27179":
            continue  # services, telemarketing, and a prefix that is in use in part
        judged = phonenumbers.number_type(phonenumbers.PhoneNumber(country_code=91, national_number=int(number)))
        if class_of(number) not in KINDS.get(judged, "."):
            wrong.append(number)
    assert not wrong


def test_numbers_abroad_are_valid_exactly_where_libphonenumber_says_so() -> None:
    draw = random.Random(7)
    codes = [code for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE if code != 91]
    wrong = []
    for _ in range(4_000):
        code, national = draw.choice(codes), draw.randrange(10**6, 10 ** draw.randrange(7, 11))
        judged = phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=code, national_number=national))
        if is_foreign(f"{code}{national}") < judged:
            wrong.append((code, national))
    assert not wrong


def test_whatever_is_valid_libphonenumber_calls_valid() -> None:
    draw = random.Random(11)
    texts = ["".join(draw.choice("0123456789789 +-/,") for _ in range(draw.randrange(8, 26))) for _ in range(4_000)]
    found = [n for text in texts for n in normalise_phone(text, city="Mumbai").numbers if n.e164 and n.type != "M2M"]
    wrong = [number for number in found if not phones.is_valid(number.e164)]
    assert len(found) > 300
    assert not wrong


def test_std_codes_are_codes_of_the_plan() -> None:
    listed = {code for codes in pins().values() for code in codes.split()}
    listed |= {code for kind in ("city", "district") for codes in places(kind).values() for code in codes.split()}
    for code in listed:
        number = code + "2345678"[: 10 - len(code)].ljust(10 - len(code), "9")
        options = [class_of(code + first + number[len(code) + 1 :]) for first in "234567"]
        assert any(c in {2: "2B", 3: "3C", 4: "4D"}[len(code)] for c in options), code


def test_the_pin_goes_before_the_city_before_the_district() -> None:
    assert codes_of("520002", "Guntur", "Kochi")[3] == "866"
    assert codes_of("", "Guntur", "Kochi")[3] == "484"
    assert codes_of(None, "Guntur", None)[3] == "863"


def test_std_codes_that_hospitals_write_are_inferred_when_hidden() -> None:
    folder = Path(os.environ.get("DABBA_EVAL", Path(__file__).resolve().parents[4] / "shared" / "eval"))
    if not folder.exists():
        pytest.skip(f"no evaluation data under {folder}")
    right, wrong, alone = phones.hidden_codes(phones.hospitals(folder))
    assert right / (right + wrong) > 0.965  # the rest are mostly the directory's own slips
    assert right / (right + wrong + alone) > 0.92
