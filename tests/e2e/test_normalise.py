"""The job normalise: any table of people, any columns of it, every format; raw columns stay, every row has a status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.e2e.command import Outcome, dabba

HEADER = ["Cust Name", "Mobile No", "addr", "City", "STATE", "pin code ", "Aadhaar", "GSTIN"]
AADHAAR, GSTIN = "234567890124", "27AAPFU0939F1ZV"
PEOPLE = [
    ["Shri K. Rajesh Kumar", "98200 12345 / 022-23456789", "Flat 4B, MG Road\nNr. Temple, Mumbai - 400069",
     "Bombay", "Maharashtra", "400069", AADHAAR, GSTIN],
    ["राजेश कुमार", "०९८२००१२३४६", "Vill. Rampur, PO Kheri, Dist. Lucknow, UP", "lucknow", "up", "226001.0", "", ""],
    ["M/s Sharma & Sons Pvt. Ltd.", "NA", "", "NEW DELHI", "", "110001", "123", "27AAPFU0939F1ZX"],
    ["", "-", "", "", "", "", "", ""],
]  # fmt: skip
ASKED = [
    "--name", "cust name", "--phone", "Mobile No", "--address", "addr", "--city", "City", "--state", "state",
    "--pincode", "pin code", "--id", "aadhaar=Aadhaar", "--id", "gstin=GSTIN",
]  # fmt: skip


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *PEOPLE])
    return path


def rows_of(folder: Path) -> list[dict[str, str]]:
    (part,) = folder.glob("part-*.csv")
    with part.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(people: Path, output: Path, *more: str) -> Outcome:
    return dabba("normalise", "--input", people, "--output", output, *more)


@pytest.fixture
def clean(spark: SparkSession, people: Path, tmp_path: Path) -> tuple[Outcome, list[dict[str, str]]]:
    outcome = run(people, tmp_path / "clean", *ASKED)
    assert outcome.code == 0, outcome.said()
    return outcome, rows_of(tmp_path / "clean")


def test_every_column_asked_for_is_in_one_form(clean: tuple[Outcome, list[dict[str, str]]]) -> None:
    _, rows = clean
    found = [
        tuple(row[name] for name in ("name_latin", "phone_e164", "city_clean", "state_code", "pincode", "gstin_status"))
        for row in rows
    ]
    assert found == [
        ("Shri K. Rajesh Kumar", "+919820012345", "Mumbai", "MH", "400069", "VALID"),
        ("Rajesh Kumar", "+919820012346", "Lucknow", "UP", "226001", "MISSING"),
        ("M/s Sharma & Sons Pvt. Ltd.", "", "Delhi", "DL", "110001", "BAD_CHECKSUM"),
        ("", "", "", "", "", "MISSING"),
    ]
    assert [n["e164"] for n in json.loads(rows[0]["phone_numbers"])] == ["+919820012345", "+912223456789"]
    assert (rows[0]["address_street"], rows[1]["address_village"]) == ("MG Road", "Rampur")


def test_raw_columns_and_the_order_of_rows_stay(clean: tuple[Outcome, list[dict[str, str]]]) -> None:
    _, rows = clean
    kept = [name for name in HEADER if name != "Aadhaar"]
    assert list(rows[0])[: len(HEADER)] == HEADER
    assert [[row[name] for name in kept] for row in rows] == [
        [cell for name, cell in zip(HEADER, row, strict=True) if name in kept] for row in PEOPLE
    ]


def test_an_aadhaar_number_is_in_no_output(clean: tuple[Outcome, list[dict[str, str]]], tmp_path: Path) -> None:
    outcome, rows = clean
    assert (rows[0]["Aadhaar"], rows[0]["aadhaar_status"], rows[0]["aadhaar_hash"]) == ("XXXX XXXX 0124", "VALID", "")
    assert AADHAAR not in outcome.stdout + outcome.stderr
    for path in (tmp_path / "clean").rglob("*"):
        assert AADHAAR.encode() not in (path.read_bytes() if path.is_file() else b"")


def test_statuses_are_counted_for_every_row(clean: tuple[Outcome, list[dict[str, str]]]) -> None:
    outcome, _ = clean
    summary = outcome.summary
    assert (summary["status"], summary["rows"]) == ("written", 4)
    assert summary["statuses"]["phone_status"] == {"MISSING": 2, "VALID": 2}
    assert {sum(counts.values()) for counts in summary["statuses"].values()} == {4}
    assert "ours are: city_clean" in outcome.stdout


@pytest.mark.parametrize("form", ["json", "parquet", "delta"])
def test_every_format_holds_the_same(form: str, spark: SparkSession, people: Path, tmp_path: Path) -> None:
    there, back = tmp_path / form, tmp_path / "back"
    first = run(people, there, "--phone", "Mobile No", "--name", "Cust Name", "--output-format", form)
    assert first.code == 0, first.said()
    name, phone = ("Cust_Name", "Mobile_No") if form == "delta" else ("Cust Name", "Mobile No")
    # Its own output is an input like any other, and read again it is the same.
    again = dabba(
        "normalise", "--input", there, "--input-format", form, "--output", back, "--phone", phone, "--name", name
    )
    assert again.code == 0, again.said()
    rows = rows_of(back)
    assert [row["phone_e164"] for row in rows] == [row["phone_e164_clean"] for row in rows]
    assert [row["name_latin"] for row in rows] == [row["name_latin_clean"] for row in rows]
    assert first.summary["statuses"]["phone_status"] == again.summary["statuses"]["phone_status_clean"]


def test_two_columns_of_a_kind_are_told_apart(spark: SparkSession, people: Path, tmp_path: Path) -> None:
    outcome = run(people, tmp_path / "clean", "--phone", "Mobile No", "--phone", "pin code")
    assert outcome.code == 0, outcome.said()
    assert set(outcome.summary["statuses"]) == {"mobile_no_phone_status", "pin_code_phone_status"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "No column is named"),
        (["--phone", "Mobil"], "did you mean 'Mobile No'"),
        (["--id", "passport=addr"], "passport"),
        (["--phone", "Mobile No", "--input-format", "parquet"], "cannot be read as parquet"),
    ],
)
def test_mistakes_are_told(arguments: list[str], told: str, spark: SparkSession, people: Path, tmp_path: Path) -> None:
    outcome = run(people, tmp_path / "clean", *arguments)
    assert outcome.code in (2, 4), outcome.said()
    assert told in outcome.stderr
    assert not (tmp_path / "clean").exists()


def test_nothing_of_the_users_is_overwritten(spark: SparkSession, people: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", "utf-8")
    refused = run(people, tmp_path / "mine", "--phone", "Mobile No")
    assert (refused.code, "not empty" in refused.stderr) == (2, True)
    inside = run(people.parent, people.parent / "clean", "--phone", "Mobile No")
    assert (inside.code, "lie in one another" in inside.stderr) == (2, True)
    assert (tmp_path / "mine" / "notes.txt").read_text("utf-8") == "mine"
    allowed = run(people, tmp_path / "mine", "--phone", "Mobile No", "--overwrite")
    assert allowed.code == 0, allowed.said()
