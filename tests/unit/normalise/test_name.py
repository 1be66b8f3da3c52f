"""Names: what each cell of a customer list becomes."""

from __future__ import annotations

import string
import time

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.normalise.name import Name, normalise_name

EXAMPLES: list[tuple[str, dict[str, str | None]]] = [
    # Capitals and spaces
    ("RAJESH KUMAR", {"display": "Rajesh Kumar", "given": "Rajesh Kumar", "surname": None, "kind": "PERSON"}),
    ("  rajesh   sharma ", {"display": "Rajesh Sharma", "given": "Rajesh", "surname": "Sharma"}),
    ("MCDONALD, RONALD", {"display": "Ronald McDonald", "given": "Ronald", "surname": "McDonald"}),
    ("sean o'brien", {"display": "Sean O'Brien", "surname": "O'Brien"}),
    ("Maria D' SOUZA", {"display": "Maria D'Souza", "surname": "D'Souza"}),
    ("MARIA DE SOUZA", {"display": "Maria de Souza", "given": "Maria", "surname": "de Souza"}),
    ("abdul-rehman khan", {"display": "Abdul-Rehman Khan", "given": "Abdul-Rehman", "surname": "Khan"}),
    ("Ria DeSouza", {"display": "Ria DeSouza", "surname": "DeSouza"}),
    # Initials are never expanded; K. in front is no surname's
    ("K. Rajesh Kumar", {"display": "K. Rajesh Kumar", "initials": "K", "given": "Rajesh Kumar", "surname": None}),
    ("K. Rajesh Nagarajan", {"initials": "K", "given": "Rajesh Nagarajan", "surname": None}),
    ("Suresh Babu P", {"display": "Suresh Babu P.", "initials": "P", "given": "Suresh Babu", "surname": None}),
    ("Rajesh K Sharma", {"display": "Rajesh K. Sharma", "initials": "K", "given": "Rajesh", "surname": "Sharma"}),
    ("Sharma, R G", {"display": "R. G. Sharma", "initials": "R G", "given": None, "surname": "Sharma"}),
    ("Xyzzy, R G", {"display": "Xyzzy, R. G.", "initials": "R G", "surname": "Xyzzy"}),
    ("R.G.Sharma", {"display": "R. G. Sharma", "initials": "R G", "surname": "Sharma"}),
    ("RG Sharma", {"initials": "R G", "surname": "Sharma"}),
    ("AK JAIN", {"initials": "A K", "surname": "Jain"}),
    ("Ch. Venkata Rao", {"display": "Ch. Venkata Rao", "initials": "Ch", "given": "Venkata Rao"}),
    ("KM SHARMA", {"initials": "K M", "surname": "Sharma", "honorific": None}),
    ("Km. Neha", {"initials": None, "given": "Neha", "honorific": "Kumari"}),
    ("RA MASHELKAR", {"initials": "R A", "given": "Mashelkar"}),
    ("Ra Lee", {"initials": None}),
    ("Om Prakash", {"initials": None, "given": "Om Prakash"}),
    ("R G", {"initials": "R G", "status": "INITIALS_ONLY", "kind": "UNKNOWN"}),
    # Titles
    ("Shri R. G. Sharma", {"display": "Shri R. G. Sharma", "honorific": "Shri", "initials": "R G"}),
    ("SMT SUNITA DEVI", {"display": "Smt. Sunita Devi", "honorific": "Smt.", "given": "Sunita Devi", "surname": None}),
    ("Dr.A.P.J.Abdul Kalam", {"honorific": "Dr.", "initials": "A P J", "given": "Abdul Kalam"}),
    ("Late Sh. Mohan Lal", {"display": "Late Shri Mohan Lal", "honorific": "Late Shri", "given": "Mohan Lal"}),
    ("Mohan Lal (Late)", {"display": "Late Mohan Lal", "honorific": "Late"}),
    ("Dr. (Mrs.) Sunita Roy", {"display": "Dr. Mrs. Sunita Roy", "honorific": "Dr. Mrs."}),
    ("RAJESH, KUMAR", {"display": "Rajesh Kumar", "given": "Rajesh Kumar", "surname": None}),
    ("Kumari Priya", {"honorific": "Kumari", "given": "Priya"}),
    ("Priya Kumari", {"honorific": None, "given": "Priya Kumari", "surname": None}),
    ("Shri", {"honorific": None, "given": "Shri"}),
    ("Er. Sunil Verma, MBBS", {"display": "Er. Sunil Verma", "honorific": "Er.", "surname": "Verma"}),
    ("Dr Sunil Kumar, MD", {"display": "Dr. Sunil Kumar", "given": "Sunil Kumar"}),
    ("Rajesh Sharma ji", {"display": "Rajesh Sharma", "surname": "Sharma"}),
    ("Md. Rafiq", {"display": "Md Rafiq", "honorific": None, "given": "Md Rafiq", "surname": None}),
    ("MD RAFIQ KHAN", {"given": "Md Rafiq", "surname": "Khan"}),
    # Relations
    ("Ram Lal S/O Late Mohan Lal", {"given": "Ram Lal", "relation": "S/o", "relation_name": "Late Mohan Lal"}),
    ("SITA W/o: RAM", {"display": "Sita W/o Ram", "relation": "W/o", "relation_name": "Ram"}),
    ("Sita d / o Ram", {"relation": "D/o", "relation_name": "Ram"}),
    ("Ramesh S.O. Mohan", {"given": "Ramesh", "relation": "S/o", "relation_name": "Mohan"}),
    ("W.O. Singh", {"initials": "W O", "surname": "Singh", "relation": None}),
    ("Ramesh son of Mohan", {"relation": "S/o", "relation_name": "Mohan"}),
    ("Sonofi Mohan", {"relation": None}),
    ("Ramesh C/O Gupta Stores", {"relation": "C/o", "relation_name": "Gupta Stores", "kind": "PERSON"}),
    ("C/o Ramesh", {"display": "C/o Ramesh", "given": None, "relation_name": "Ramesh", "status": "RELATION_ONLY"}),
    ("Ram S/o Shyam R/o Delhi", {"display": "Ram S/o Shyam", "relation_name": "Shyam"}),
    ("Ram S/o Shyam, Village Rampur, Dist Agra", {"relation_name": "Shyam"}),
    # What is written beside a name
    ("Rajesh Verma @ Raju", {"display": "Rajesh Verma @ Raju", "given": "Rajesh", "surname": "Verma"}),
    ("Rajesh (raju) Verma", {"display": "Rajesh Verma (Raju)", "given": "Rajesh", "surname": "Verma"}),
    ("Rajesh Kumar 2", {"display": "Rajesh Kumar", "status": "CLEANED"}),
    # Organisations
    ("M/S GUPTA & SONS", {"display": "M/s Gupta & Sons", "kind": "ORGANISATION", "given": None, "surname": None}),
    ("gupta traders pvt ltd", {"display": "Gupta Traders Pvt. Ltd.", "kind": "ORGANISATION"}),
    ("SHARMA MEDICALS", {"display": "Sharma Medicals", "kind": "ORGANISATION"}),
    ("ICICI BANK", {"display": "ICICI Bank", "kind": "ORGANISATION"}),
    ("Dr. Lal Hospital", {"display": "Dr. Lal Hospital", "kind": "ORGANISATION", "honorific": None}),
    ("Balaji Enterprises LLP", {"display": "Balaji Enterprises LLP", "kind": "ORGANISATION"}),
    ("Sri Sai Agencies", {"kind": "ORGANISATION"}),
    ("K.R. Mandal", {"kind": "PERSON"}),
    ("Sonu Nigam", {"kind": "PERSON"}),
    ("Homi Merchant", {"kind": "PERSON", "surname": "Merchant"}),
    # Other scripts: shown as they are, read in Latin letters
    ("श्री राजेश कुमार", {"display": "श्री राजेश कुमार", "latin": "Shri Rajesh Kumar", "honorific": "Shri",
                          "given": "Rajesh Kumar", "script": "DEVANAGARI"}),
    ("श्रीमती सुनीता देवी पत्नी श्री राम लाल", {"honorific": "Smt.", "given": "Sunita Devi", "relation": "W/o",
                                           "relation_name": "Shri Ram Lal"}),
    ("डॉ॰ राजेश शर्मा", {"honorific": "Dr.", "given": "Rajesh", "surname": "Sharma"}),
    ("आर. के. शर्मा", {"display": "आर. के. शर्मा", "latin": "R. K. Sharma", "initials": "R K", "surname": "Sharma"}),
    ("மு. குமார்", {"initials": "M", "given": "Kumar", "script": "TAMIL"}),
    ("டாக்டர் ராஜேஷ்", {"latin": "Dr. Rajesh", "honorific": "Dr."}),
    ("मो. राजेश", {"latin": "Mohd Rajesh", "initials": None}),
    ("ਹਰਪ੍ਰੀਤ ਸਿੰਘ", {"latin": "Harpreet Singh", "surname": "Singh", "script": "GURMUKHI"}),
    ("राजेश Kumar", {"latin": "Rajesh Kumar", "script": "MIXED"}),
    ("गुप्ता ट्रेडर्स प्राइवेट लिमिटेड", {"display": "गुप्ता ट्रेडर्स प्राइवेट लिमिटेड", "kind": "ORGANISATION"}),
    ("महल\u200dदेव", {"display": "महल\u200dदेव"}),
    ("محمد علي", {"latin": "محمد علي", "script": "ARABIC", "match_key": None}),
    # No names
    ("test", {"status": "PLACEHOLDER", "match_key": None, "kind": "UNKNOWN"}),
    ("Mr Test User", {"status": "PLACEHOLDER"}),
    ("XXXX", {"status": "PLACEHOLDER"}),
    ("Walk in customer", {"status": "PLACEHOLDER"}),
    ("abc", {"status": "PLACEHOLDER"}),
    ("Testa Rossa", {"status": "VALID"}),
    ("98765", {"status": "NOT_A_NAME", "kind": "UNKNOWN", "match_key": None}),
    ("raj@example.com", {"status": "NOT_A_NAME"}),
    ("\U0001f600", {"status": "NOT_A_NAME", "display": None}),
    ("", {"status": "MISSING", "display": None}),
    ("N/A", {"status": "MISSING"}),
    ("-", {"status": "MISSING"}),
    ("\u200b \u202e", {"status": "MISSING"}),
    ("Rajesh \ud800 Verma", {"display": "Rajesh Verma", "status": "VALID"}),
    ("Rajesh " * 2_000, {"status": "TRUNCATED"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[repr(text)[:30] for text, _ in EXAMPLES])
def test_a_cell_becomes(text: str, expected: dict[str, str | None]) -> None:
    found = attrs.asdict(normalise_name(text))
    assert {part: found[part] for part in expected} == expected


def test_missing_in_missing_out() -> None:
    assert normalise_name(None) == Name(status="MISSING")


PIECES = st.sampled_from(
    ["Rajesh", "SHARMA", "kumar", "Smt.", "Dr", "(Late)", "S/o", "w/o ", "son of", "@", "alias", ",", "R.", "G", "AK",
     "Md.", "M/s", "Traders", "Ltd", "& Sons", "test", "xx", "O'Brien", "-", "\u0930\u093e\u091c",
     "\u0936\u094d\u0930\u0940",
     "\u092a\u0924\u094d\u0928\u0940", "\u0906\u0930.", "12", "\U0001f600",
     "\u200d", "\u202e", "NA", "de", "MBBS", "\ud800", "/", "(", "the"]
)  # fmt: skip
CELLS = st.one_of(
    st.text(max_size=30),
    st.lists(PIECES, max_size=7).map(" ".join),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=7).map("".join),
)


@given(CELLS)
@settings(max_examples=300, deadline=None, database=None)
def test_read_again_it_is_the_same(text: str) -> None:
    first = normalise_name(text)
    if first.display and first.status != "TRUNCATED":
        # Status and script tell of the text that was read.
        again = attrs.evolve(normalise_name(first.display), status=first.status, script=first.script)
        assert again == first


@pytest.mark.parametrize(
    "unit", ["(", "a(", "S/o ", "@ ", "R.", ", ", "' ", "-", "a'", "M/s", "\u200d", string.punctuation]
)
def test_time_is_linear(unit: str) -> None:
    started = time.process_time()
    for _ in range(20):
        normalise_name(unit * (20_000 // len(unit)))
    assert time.process_time() - started < 1
