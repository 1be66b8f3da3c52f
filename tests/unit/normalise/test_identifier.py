"""Identifiers: what is valid, and why something is not; the same in Python and in Spark."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.errors import UsageError
from lib.normalise.identifier import KINDS, check_identifier, with_identifier
from lib.normalise.identifier.checksum import luhn36, verhoeff
from lib.normalise.identifier.states import FSSAI_STATES, GST_STATES, VEHICLE_STATES

# kind, text, status, value, type, state_code. Published examples, or made up to pass the published checks.
EXAMPLES = [
    ("pan", "ACUPA7085R", "VALID", "ACUPA7085R", "PERSON", None),
    ("pan", " acupa 7085 r", "VALID", "ACUPA7085R", "PERSON", None),
    ("pan", "PAN No.: AAPFU0939F", "VALID", "AAPFU0939F", "FIRM", None),
    ("pan", "PANPS1234F", "VALID", "PANPS1234F", "PERSON", None),  # a PAN that begins like the label
    ("pan", "AAAC R5055K", "VALID", "AAACR5055K", "COMPANY", None),
    ("pan", "AAAGM०२८९C", "VALID", "AAAGM0289C", "GOVERNMENT", None),
    ("pan", "ABCDE1234F", "BAD_TYPE", None, None, None),
    ("pan", "ACUPA0000R", "BAD_SERIAL", None, None, None),
    ("pan", "ACUPA7O85R", "BAD_FORMAT", None, None, None),  # the letter O
    ("pan", "ACUPA7085", "BAD_LENGTH", None, None, None),
    ("pan", "ACUPA7085R,ACUPA7086R", "BAD_LENGTH", None, None, None),
    ("pan", "Not available", "MISSING", None, None, None),
    ("gstin", "27AAPFU0939F1ZV", "VALID", "27AAPFU0939F1ZV", "REGULAR", "MH"),
    ("gstin", "GSTIN: 29 aagcb7383j 1z4", "VALID", "29AAGCB7383J1Z4", "REGULAR", "KA"),
    ("gstin", "33AAAGM0289C1DZ", "VALID", "33AAAGM0289C1DZ", "TDS", "TN"),
    ("gstin", "07DELA12345B1DE", "VALID", "07DELA12345B1DE", "TDS", "DL"),  # by TAN
    ("gstin", "27AAICA3918J1CT", "VALID", "27AAICA3918J1CT", "TCS", "MH"),
    ("gstin", "2317UNO00001UND", "VALID", "2317UNO00001UND", "UN_BODY", "MP"),
    ("gstin", "0717USA00012ONE", "VALID", "0717USA00012ONE", "OTHER_NOTIFIED", "DL"),
    ("gstin", "2717USA12345NRM", "VALID", "2717USA12345NRM", "NRTP", "MH"),
    ("gstin", "9917USA29016OS6", "VALID", "9917USA29016OS6", "OIDAR", None),
    ("gstin", "27MUMA12345B0ZX", "VALID", "27MUMA12345B0ZX", "GOVERNMENT", "MH"),
    ("gstin", "97AAPFU0939F1ZO", "VALID", "97AAPFU0939F1ZO", "REGULAR", None),
    ("gstin", "27AAPFU0939F1ZO", "BAD_CHECKSUM", None, None, None),
    ("gstin", "27AAPFU0000F1ZV", "BAD_PAN", None, None, None),
    ("gstin", "39AAPFU0939F1ZV", "BAD_STATE_CODE", None, None, None),
    ("gstin", "96AAPFU0939F1ZV", "BAD_STATE_CODE", None, None, None),
    ("gstin", "00AAPFU0939F1ZV", "BAD_STATE_CODE", None, None, None),
    ("gstin", "2717USA29016OS6", "BAD_FORMAT", None, None, None),  # OIDAR has no state
    ("gstin", "27AAPFU0939F1Z", "BAD_LENGTH", None, None, None),
    ("gstin", "272300000055TMP", "BAD_TEMPORARY", None, None, None),
    ("gstin", "URP", "MISSING", None, None, None),
    ("aadhaar", "2341 2341 2346", "VALID", "XXXX XXXX 2346", None, None),
    ("aadhaar", "२३४१-२३४१-२३४६", "VALID", "XXXX XXXX 2346", None, None),
    ("aadhaar", "UID No. 234123412346", "VALID", "XXXX XXXX 2346", None, None),
    ("aadhaar", "2.34123412346E11", "VALID", "XXXX XXXX 2346", None, None),
    ("aadhaar", "234123412346.0", "VALID", "XXXX XXXX 2346", None, None),
    ("aadhaar", "2.34123E+11", "BAD_ROUNDED", None, None, None),
    ("aadhaar", "234123412347", "BAD_CHECKSUM", None, None, None),
    ("aadhaar", "1341 2341 2346", "BAD_FIRST_DIGIT", None, None, None),
    ("aadhaar", "222222222222", "BAD_PALINDROME", None, None, None),
    ("aadhaar", "2341 2341 2346 1234", "BAD_VID", None, None, None),
    ("aadhaar", "1234/12345/12345", "BAD_ENROLMENT_ID", None, None, None),
    ("aadhaar", "1234/12345/12345 01/02/2015 10:11:12", "BAD_ENROLMENT_ID", None, None, None),
    ("aadhaar", "xxxx-xxxx-2346", "BAD_MASKED", "XXXX XXXX 2346", None, None),
    ("aadhaar", "23412341234", "BAD_LENGTH", None, None, None),
    ("aadhaar", "23412341234A", "BAD_FORMAT", None, None, None),
    ("aadhaar", "", "MISSING", None, None, None),
    ("ifsc", "sbin0001234", "VALID", "SBIN0001234", None, None),
    ("ifsc", "IFSC Code - HDFC0CAGSBK", "VALID", "HDFC0CAGSBK", None, None),
    ("ifsc", "SBINO001234", "BAD_FIFTH_CHARACTER", None, None, None),
    ("ifsc", "SBIN000123", "BAD_LENGTH", None, None, None),
    ("ifsc", "1SBI0001234", "BAD_FORMAT", None, None, None),
    ("upi", "Rahul.K@OKHDFCBANK", "VALID", "rahul.k@okhdfcbank", "NAME", None),
    ("upi", "9876543210@ybl", "VALID", "9876543210@ybl", "MOBILE", None),
    ("upi", "UPI ID: 9876543210-2@axl.", "VALID", "9876543210-2@axl", "MOBILE", None),
    ("upi", "upi://pay?pn=Shop&pa=shop.1%40icici&am=5", "VALID", "shop.1@icici", "NAME", None),
    ("upi", "00012345678@hdfc0000001.ifsc.npci", "VALID", "00012345678@hdfc0000001.ifsc.npci", "ACCOUNT", None),
    ("upi", "234123412346@aadhaar.npci", "BAD_AADHAAR", None, None, None),
    ("upi", "rahul@gmail.com", "BAD_EMAIL", None, None, None),
    ("upi", "rahul@ok-axis", "BAD_HANDLE", None, None, None),
    ("upi", "ram kumar@ybl", "BAD_NAME", None, None, None),
    ("upi", "9876543210", "BAD_FORMAT", None, None, None),
    ("upi", "a" * 300 + "@ybl", "BAD_LENGTH", None, None, None),
    ("account", "0000 1234 5678", "VALID", "000012345678", None, None),
    ("account", "A/c No. 123456789", "VALID", "123456789", None, None),
    ("account", "1.23456789012E11", "VALID", "123456789012", None, None),
    ("account", "1.23457E+11", "BAD_ROUNDED", None, None, None),
    ("account", "12345678", "BAD_LENGTH", None, None, None),
    ("account", "1234567890123456789", "BAD_LENGTH", None, None, None),
    ("account", "0000000000", "BAD_DUMMY", None, None, None),
    ("account", "12345ABC901", "BAD_CHARACTER", None, None, None),
    ("account", "savings", "BAD_FORMAT", None, None, None),
    ("fssai", "10013022001897", "VALID", "10013022001897", "CENTRAL_LICENCE", None),
    ("fssai", "Lic. No. 115 16 003 000123", "VALID", "11516003000123", "STATE_LICENCE", "MH"),
    ("fssai", "23321003000123", "VALID", "23321003000123", "REGISTRATION", "DL"),
    ("fssai", "1.1516003000123E13", "VALID", "11516003000123", "STATE_LICENCE", "MH"),
    ("fssai", "31521003000123", "BAD_FIRST_DIGIT", None, None, None),
    ("fssai", "14021003000123", "BAD_STATE_CODE", None, None, None),
    ("fssai", "20021003000123", "BAD_STATE_CODE", None, None, None),  # the Centre registers nobody
    ("fssai", "11505003000123", "BAD_YEAR", None, None, None),
    ("fssai", "11516000000000", "BAD_SERIAL", None, None, None),
    ("fssai", "1.15E+13", "BAD_ROUNDED", None, None, None),
    ("fssai", "1151600300012", "BAD_LENGTH", None, None, None),
    ("vehicle", "MH 12 DE 1433", "VALID", "MH12DE1433", "STANDARD", "MH"),
    ("vehicle", "ka-01-a-7", "VALID", "KA01A0007", "STANDARD", "KA"),
    ("vehicle", "GJ 1 AB 123", "VALID", "GJ01AB0123", "STANDARD", "GJ"),
    ("vehicle", "DL 03 CAB 1234", "VALID", "DL3CAB1234", "STANDARD", "DL"),
    ("vehicle", "OR02AB1234", "VALID", "OR02AB1234", "STANDARD", "OD"),
    ("vehicle", "TG 07 A 1234", "VALID", "TG07A1234", "STANDARD", "TS"),
    ("vehicle", "22 BH 1234 AA", "VALID", "22BH1234AA", "BH", None),
    ("vehicle", "T 0124 MH 0001 AB", "VALID", "T0124MH0001AB", "TEMPORARY", "MH"),
    ("vehicle", "HR 26 1234", "VALID", "HR261234", "OLD", "HR"),
    ("vehicle", "MFA 1234", "VALID", "MFA1234", "OLD", None),
    ("vehicle", "↑05D 153874W", "VALID", "05D153874W", "MILITARY", None),
    ("vehicle", "12 CD 34", "VALID", "12CD34", "DIPLOMATIC", None),
    ("vehicle", "XX12AB1234", "BAD_STATE_CODE", None, None, None),
    ("vehicle", "MH12AB0000", "BAD_NUMBER", None, None, None),
    ("vehicle", "MH00AB1234", "BAD_RTO", None, None, None),
    ("vehicle", "20BH1234AA", "BAD_YEAR", None, None, None),
    ("vehicle", "22BH1234AO", "BAD_FORMAT", None, None, None),
    ("vehicle", "MH1", "BAD_LENGTH", None, None, None),
    ("digipin", "39J-49L-L8T4", "VALID", "39J-49L-L8T4", None, None),
    ("digipin", "39j 49l l8t4", "VALID", "39J-49L-L8T4", None, None),
    ("digipin", "39J-49L-L8T", "BAD_LENGTH", None, None, None),
    ("digipin", "39J-49L-L8TA", "BAD_CHARACTER", None, None, None),
    ("email", " Raj.Kumar+shop@GMAIL.com", "VALID", "Raj.Kumar+shop@gmail.com", None, None),
    ("email", "Raj K <raj@x.co.in>;", "VALID", "raj@x.co.in", None, None),
    ("email", "mailto:raj@x.in", "VALID", "raj@x.in", None, None),
    ("email", "raj@gmial.com", "VALID_TYPO_DOMAIN", "raj@gmial.com", None, None),
    ("email", "raj@Shop.CON", "VALID_TYPO_DOMAIN", "raj@shop.con", None, None),
    ("email", "raj@rediff.com", "VALID", "raj@rediff.com", None, None),
    ("email", "raj@gmail.com, b@x.com", "BAD_SEVERAL", None, None, None),
    ("email", "raj..k@x.com", "BAD_LOCAL", None, None, None),
    ("email", "a" * 65 + "@x.com", "BAD_LOCAL", None, None, None),
    ("email", "raj@gmailcom", "BAD_DOMAIN", None, None, None),
    ("email", "raj@-x.com", "BAD_DOMAIN", None, None, None),
    ("email", "raj@" + "x" * 300 + ".com", "BAD_LENGTH", None, None, None),
    ("email", "raj.gmail.com", "BAD_FORMAT", None, None, None),
]
NASTY = [
    None, "", " ", "NA", "n/a", "-", "--", "#N/A", "?", "null", "...", "()", "\x00", "\x0b\x85",
    "\u200b", "\u202eABC", "0", "A",
    "9" * 10_000, "A" * 10_000,
    "a@" * 5_000, "@" * 1_000, "1." + "0" * 2_000, "a." * 5_000 + "@x.com", "pan" * 3_000,
    "upi://pay?" + "a&" * 3_000, "raj@" + "a-" * 3_000, "<" * 2_000, "AC" * 3_000 + "1",
    "😀😀😀😀😀😀😀😀😀😀", "²³⁴", "１２３",
    "ABCPE1234F\n", "ABCPE1234F\r\n", "ABCPE१२३४F", "ΑBCPE1234F", "ıfsc", "ſBIN0001234",
    "27AAPFU0939F1ZV\u2028x", "$1\\1",
    "$10", "%", "upi://pay?pa=", "@x",
    "x@", " @ ", "< >", "<>", "e-mail:", "no", "NO", "PAN", "()[]", "a b@c d.in",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "status", "value", "type_", "state"), EXAMPLES)
def test_examples(kind, text, status, value, type_, state) -> None:
    found = check_identifier(kind, text)
    assert (found.status, found.value, found.type, found.state_code) == (status, value, type_, state)


def test_every_kind_has_examples_of_every_status_and_type_it_can_give() -> None:
    for name, kind in KINDS.items():
        mine = [example for example in EXAMPLES if example[0] == name]
        assert {status for _, status in kind.statuses} - {"BAD_FORMAT"} <= {example[2] for example in mine}, name
        types = {"AOP", "HUF", "TRUST", "BOI", "LOCAL_AUTHORITY", "JURIDICAL_PERSON"}  # one letter each
        assert {name for _, name in kind.types} - types <= {example[4] for example in mine}, name


@pytest.mark.parametrize("letter", "PCHFATKBLJG")
def test_all_holders_of_a_pan(letter) -> None:
    assert check_identifier("pan", f"ABC{letter}E1234F").status == "VALID"


def test_an_unknown_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="passport"):
        check_identifier("passport", "A1234567")


def test_state_codes_are_those_of_the_project(conf) -> None:
    import yaml

    states = yaml.safe_load((conf / "states.yaml").read_text("utf-8"))
    assert {state["gst"]: code for code, state in states.items()}.items() <= GST_STATES.items()
    assert set(GST_STATES) - {state["gst"] for state in states.values()} == {"25", "28"}  # joined to another since
    for table in (GST_STATES, FSSAI_STATES):
        assert set(table.values()) == set(states)
    assert set(VEHICLE_STATES.values()) == set(states)


# --- laws -------------------------------------------------------------------------------------------------------------

_BODIES = st.from_regex(r"\A(?:0[1-9]|[12][0-9]|3[0-7])[A-Z]{3}[PCF][A-Z][0-9]{3}[1-9][A-Z][1-9A-Z]Z\Z")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _with_check(body: str) -> str:
    (found,) = [body + char for char in _ALPHABET if luhn36(body + char)]
    return found


@settings(max_examples=100, deadline=None)
@given(_BODIES, st.integers(0, 14), st.sampled_from(_ALPHABET))
def test_any_one_wrong_character_of_a_gstin_is_found(body, place, char) -> None:
    right = _with_check(body)
    assert check_identifier("gstin", right).status == "VALID"
    wrong = right[:place] + char + right[place + 1 :]
    assert check_identifier("gstin", wrong).is_valid is (wrong == right)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"\A[2-9][0-9]{10}\Z"), st.integers(0, 11), st.sampled_from("0123456789"))
def test_any_wrong_digit_of_an_aadhaar_and_any_two_swapped_are_found(body, place, digit) -> None:
    (right,) = [body + check for check in "0123456789" if verhoeff(body + check)]
    wrong = right[:place] + digit + right[place + 1 :]
    assert check_identifier("aadhaar", wrong).status != "VALID" or wrong in (right, right[::-1])
    swapped = right[: place - 1] + right[place] + right[place - 1] + right[place + 1 :] if place else right
    assert verhoeff(swapped) is (swapped == right)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40) | st.sampled_from([e[1] for e in EXAMPLES]))
def test_any_text_has_a_status_and_its_value_is_a_fixed_point(kind, text) -> None:
    found = check_identifier(kind, text, key=b"secret")
    assert (found.value is not None) == (found.is_valid or found.status == "BAD_MASKED")
    if found.value is not None:
        again = check_identifier(kind, found.value, key=b"secret")
        assert again.value == found.value
        if kind != "aadhaar":
            assert again == found


@pytest.mark.parametrize("kind", KINDS)
def test_time_is_linear_in_the_length(kind) -> None:
    import time

    started = time.process_time()
    for text in NASTY:
        check_identifier(kind, text)
        check_identifier(kind, None if text is None else text + "\ud800")  # a lone surrogate of a broken export
    assert time.process_time() - started < 0.5


# --- Aadhaar: nothing gives the number away ---------------------------------------------------------------------------

NUMBER = "234123412346"
WRITTEN = [e[1] for e in EXAMPLES if e[0] == "aadhaar"] + [NUMBER, "2341 2341 2346", "2341-2341-2347", NUMBER + "1234"]


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("key", [None, b"", b"secret"])
def test_no_result_and_no_message_holds_an_aadhaar_number(text, key) -> None:
    found = check_identifier("aadhaar", text, key=key)
    assert NUMBER[:8] not in repr(found)
    assert "2341" not in repr(found).replace(str(found.hash), "")
    assert (found.hash is not None) == (found.status == "VALID" and bool(key))


def test_the_hash_is_hmac_sha256_and_needs_the_key() -> None:
    import hashlib
    import hmac

    one, other = (check_identifier("aadhaar", "2341 2341 2346", key=key).hash for key in (b"one", "other"))
    assert one == hmac.new(b"one", NUMBER.encode(), hashlib.sha256).hexdigest()
    assert other != one


# --- Spark ------------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["27", "99", "MH", "DL", "BH", "T", "AAPFU", "0939", "F1ZV", "UNO00001UN", "2341", "2346", "@", "ybl", ".com",
     "gmial", "SBIN0", "E11", "1.", "39J", "-", " ", "०१", "x", "\u200b", "é", "\t", ":",
     "PAN", "No.", "/", "<", ">", "😀", "0000"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.text(max_size=2), max_size=8).map("".join)


def test_spark_says_the_same_as_python(spark, ansi, examples_of) -> None:
    made = [text.encode("utf-8", "ignore").decode() for text in examples_of(_TEXTS, 150)]
    # Each check digit on many numbers: one right and one wrong ending of each.
    bodies = [str(20_000_000_000 + (number * 7_919_000_003) % 79_999_999_999) for number in range(40)]
    checked = [body + digit for body in bodies for digit in "0123456789" if verhoeff(body + digit)]
    checked += [_with_check(f"{1 + number % 37:02d}AAPFU{1 + number * 241:04d}F1Z") for number in range(40)]
    wrong = [text[:-1] + ("1" if text[-1] == "0" else "0") for text in checked]
    texts = [*NASTY, *(example[1] for example in EXAMPLES), *made, *checked, *wrong]
    df = spark.createDataFrame(list(enumerate(texts)), "id INT, raw STRING").coalesce(1)
    for kind in KINDS:
        df = with_identifier(df, "raw", kind, prefix=f"{kind}_", key="secret")
    rows = df.collect()
    assert len(rows) == len(texts)
    for row in rows:
        for kind, rules in KINDS.items():
            python = check_identifier(kind, row["raw"], key=b"secret")
            name = f"{kind}_{kind}"
            spark_says = (
                row[f"{name}_masked" if rules.secret else name],
                row[f"{name}_status"],
                row[f"{name}_type"] if rules.types else None,
                row[f"{name}_state_code"] if rules.state else None,
                row[f"{name}_hash"] if rules.secret else None,
            )
            expected = (python.value, python.status, python.type, python.state_code, python.hash)
            assert spark_says == expected, (kind, row["raw"])


def test_the_columns_are_those_of_the_design_and_the_raw_one_stays(spark) -> None:
    df = spark.createDataFrame([("27AAPFU0939F1ZV", NUMBER, 9)], "tax STRING, `u.id` STRING, n INT")
    found = df.transform(with_identifier, "tax", "gstin").transform(with_identifier, "u.id", "aadhaar", prefix="c_")
    assert found.columns == [
        "tax", "u.id", "n", "gstin", "gstin_status", "gstin_type", "gstin_state_code",
        "c_aadhaar_masked", "c_aadhaar_status", "c_aadhaar_hash",
    ]  # fmt: skip
    assert found.first()["c_aadhaar_hash"] is None
    with pytest.raises(UsageError, match="prefix"):
        with_identifier(df.withColumnRenamed("tax", "GSTIN"), "GSTIN", "gstin")


def test_no_added_column_and_no_plan_gives_number_or_key_away(spark) -> None:
    key = "a very secret key"
    df = spark.createDataFrame([(text,) for text in WRITTEN], "raw STRING")
    found = with_identifier(df, "raw", "aadhaar", key=key)
    for row in found.drop("raw").collect():
        assert NUMBER[:8] not in str(row)
    plan = found._jdf.queryExecution().toString() + found._jdf.queryExecution().simpleString()
    assert key not in plan
    for pad in (0x36, 0x5C):
        assert bytes(byte ^ pad for byte in key.encode()).hex().upper()[:16] not in plan.upper()
    assert key.encode().hex().upper() not in plan.upper()


def test_a_numeric_column_is_read_as_its_digits(spark, ansi) -> None:
    df = spark.createDataFrame(
        [(234123412346, 234123412346.0, Decimal("234123412346"))], "a LONG, b DOUBLE, c DECIMAL(12,0)"
    )
    for column in df.columns:
        df = with_identifier(df, column, "aadhaar", prefix=f"{column}_")
    row = df.select(*(F.col(f"{column}_aadhaar_masked") for column in "abc")).first()
    assert tuple(row) == ("XXXX XXXX 2346",) * 3
