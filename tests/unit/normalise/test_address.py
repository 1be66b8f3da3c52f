"""One address taken apart: a table of addresses and their parts, and the laws that hold for every text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from attrs import asdict
from hypothesis import given
from hypothesis import strategies as st

from lib.normalise.address import Address, AddressTables, normalise_address
from lib.normalise.address.record import MISSING
from lib.normalise.place.tables import default_tables

# (address, the parts that are named). What is not named is not looked at; None must not be there.
WHOLE = [
    (
        "Flat No. 5B, 2nd Floor, Shanti Apartments, M.G. Road, Near State Bank, Andheri (West), Mumbai - 400 058, MH",
        {
            "unit": "Flat No. 5B", "building": "Shanti Apartments", "street": "M.G. Road", "locality": "Andheri (West)",
            "landmark": "Near State Bank", "landmark_relation": "NEAR", "city": "Mumbai", "state": "Maharashtra",
            "pincode": "400058", "type": "STRUCTURED", "status": "VALID", "score": 100, "village": None,
        },
    ),
    (
        "S/o Ram Lal, Vill Rampur, PO Sikandarpur, PS Maniyar, Teh Bansdih, Dist Ballia, UP 277303",
        {
            "unit": None, "building": None, "village": "Rampur", "post_office": "Sikandarpur",
            "police_station": "Maniyar", "taluk": "Bansdih", "district": "Ballia", "state": "Uttar Pradesh",
            "pincode": "277303", "city": None,
            "type": "RURAL", "status": "VALID",
        },
    ),
    (
        "Shop No 4, City Plaza, Opp. Bus Stand, Station Road, Nagpur 440018",
        {
            "unit": "Shop No 4", "building": "City Plaza", "street": "Station Road", "landmark": "Opp. Bus Stand",
            "landmark_relation": "OPPOSITE", "city": "Nagpur", "state": "Maharashtra", "type": "COMMERCIAL",
            "status": "STATE_FROM_PIN",
        },
    ),
    (
        "मकान नंबर 7, गली 3, हनुमान मंदिर के पास, लक्ष्मी नगर, जिला लखनऊ, उत्तर प्रदेश २२६००१",
        {
            "unit": "मकान नंबर 7", "street": "गली 3", "landmark": "हनुमान मंदिर के पास", "landmark_relation": "NEAR",
            "locality": "लक्ष्मी नगर", "district": "लखनऊ", "state": "Uttar Pradesh", "pincode": "226001",
        },
    ),
    (
        "12/A, 3rd Cross, 5th Main, Indiranagar, Bengaluru, Karnataka, India - 560038",
        {"unit": "12/A", "street": "3rd Cross, 5th Main", "locality": "Indiranagar", "city": "Bengaluru", "score": 100},
    ),
    (
        "SCO 12, Sector 17-C, Chandigarh",
        {"unit": "SCO 12", "street": "Sector 17-C", "locality": "Sector 17-C", "city": "Chandigarh"},
    ),
    ("Gram Post Bela via Raghopur, Jila Supaul", {"village": "Bela", "post_office": "Bela", "district": "Supaul"}),
    ("At & Po. Vadtal, Ta. Nadiad, Dist. Kheda", {"village": "Vadtal", "post_office": "Vadtal", "taluk": "Nadiad"}),
    ("Ramnagar Village & Mandal, Kolar District", {"village": "Ramnagar Village", "taluk": "Ramnagar"}),
    ("Vill Ramnagar & Mandal Malur, Dist Kolar", {"village": "Ramnagar", "taluk": "Malur", "district": "Kolar"}),
    ("C/o Surya Tower, C.K. Road, Guwahati", {"building": "Surya Tower", "street": "C.K. Road"}),
    ("JP Nagar 7th Phase, Bengaluru", {"locality": "JP Nagar 7th Phase"}),
    ("RV2V+VC4, Muradi, Andhra Pradesh 515865, India", {"locality": "Muradi", "pincode": "515865", "unit": None}),
    ("Hanuman Mandir Complex House No-12, Kota", {"building": "Hanuman Mandir Complex", "unit": "House No-12"}),
    ("Above Union Bank of India, Kota", {"landmark": "Above Union Bank of India", "type": "LANDMARK"}),
    ("221B Civil Lines, behind DM Office, Bareilly", {"unit": "221B", "type": "STRUCTURED"}),
    ("मु.पो. शिवाजी नगर, ता. हवेली, जि. पुणे", {"village": "शिवाजी नगर", "taluk": "हवेली", "district": "पुणे"}),
    ("Ramnagar Village, Kolar District", {"village": "Ramnagar Village", "district": "Kolar"}),
    ("12 Park Lane\nBandra\r\nMumbai\n400050.0", {"street": "Park Lane", "city": "Mumbai", "pincode": "400050"}),
    ("Flat 3, Rohini, Delhi 110085", {"locality": "Rohini", "city": "Delhi", "state": "Delhi"}),
    ("6-3-1100/2, Road No 12, Banjara Hills, Hyderabad", {"unit": "6-3-1100/2", "street": "Road No 12"}),
    ("Plot No 4, Survey No 12/3, MIDC, Nashik", {"unit": "Plot No 4", "city": "Nashik", "type": "COMMERCIAL"}),
    ("Survey No 12/3, RZ-H-218, Palam, Delhi", {"unit": "RZ-H-218"}),
    ("Kumar House, Deepak Chowk, Anand, Gujarat", {"building": "Kumar House", "city": "Anand"}),
    ("NH-37, Beltola, Guwahati", {"street": "NH-37", "locality": "Beltola"}),
    ("4 Bylane, Baraholia, Tezpur, Assam", {"unit": None, "street": "4 Bylane"}),
    # Exports: columns parted by spaces, an empty column as -1, a cell joined with itself, lines in the wrong order.
    ("12 MG Road     PUNE   MH IN 411001", {"unit": "12", "street": "MG Road", "city": "Pune", "pincode": "411001"}),
    ("5-3, Kothuru, Ralla,-1,ANANTHAPURAMU,ANDHRA PRADESH,515751",
     {"unit": "5-3", "locality": "Kothuru", "village": "Ralla", "district": "ANANTHAPURAMU", "city": None}),
    ("12-1, Kothuru12-1, Kothuru,-1,ANANTHAPURAMU,ANDHRA PRADESH,515751", {"unit": "12-1", "village": "Kothuru"}),
    ("Kothuru9/70, Babe,-1,ANANTHAPURAMU,ANDHRA PRADESH,515571", {"unit": "9/70", "village": "Kothuru"}),
]  # fmt: skip

RELATIONS = [
    ("Near SBI, Kota", "Near SBI", "NEAR"),
    ("Nr. Railway Station, Kota", "Nr. Railway Station", "NEAR"),
    ("Opp, City Mall, Kota", "Opp City Mall", "OPPOSITE"),
    ("In front of Medical College, Kota", "In front of Medical College", "OPPOSITE"),
    ("B/h Petrol Pump, Kota", "B/h Petrol Pump", "BEHIND"),
    ("Bh. Old Court, Kota", "Bh. Old Court", "BEHIND"),
    ("Beside Hotel Raj, Kota", "Beside Hotel Raj", "BESIDE"),
    ("Next to Water Tank, Kota", "Next to Water Tank", "BESIDE"),
    ("Above Axis Bank, Kota", "Above Axis Bank", "ABOVE"),
    ("Shiv Mandir ke paas, Kota", "Shiv Mandir ke paas", "NEAR"),
    ("Jama Masjid ke peeche, Kota", "Jama Masjid ke peeche", "BEHIND"),
    ("Thana ke samne, Kota", "Thana ke samne", "OPPOSITE"),
    ("School ke bagal, Kota", "School ke bagal", "BESIDE"),
    ("हनुमान मंदिर के सामने, Kota", "हनुमान मंदिर के सामने", "OPPOSITE"),
    ("Opp SBI G S Road, Kota", "Opp SBI", "OPPOSITE"),
    ("Main Road Near Jain Temple Akalkot, Kota", "Near Jain Temple", "NEAR"),
]

PINS = [
    ("Delhi-110092", "110092"),
    ("PIN-110001, Delhi", "110001"),
    ("Pin code: 110 001", "110001"),
    ("12 Park Street 700 016 Kolkata West Bengal", "700016"),
    ("Kolkata 700016.0", "700016"),
    ("110001 Connaught Place", "110001"),
    ("दिल्ली ११०००१", "110001"),
    ("House No 110001, Rohtak", None),
    ("Call 9876543210, Pune", None),
    ("Ph: 020-255123, Pune", None),
    ("Tel 0484 234567 Kochi", None),
    ("Mob: 98765 432101", None),
    ("Hyderabad, Telangana - 500001", "500001"),
    ("Plot 12, Pune", None),
]


@pytest.mark.parametrize(("text", "parts"), WHOLE, ids=lambda value: str(value)[:40])
def test_addresses_are_taken_apart(text: str, parts: dict[str, object]) -> None:
    found = asdict(normalise_address(text))
    assert {name: found[name] for name in parts} == parts


@pytest.mark.parametrize(("text", "landmark", "relation"), RELATIONS, ids=lambda value: str(value)[:30])
def test_a_landmark_has_its_relation(text: str, landmark: str, relation: str) -> None:
    found = normalise_address(text)
    assert (found.landmark, found.landmark_relation) == (landmark, relation)


@pytest.mark.parametrize(("text", "pin"), PINS)
def test_the_printed_pin_is_found(text: str, pin: str | None) -> None:
    assert normalise_address(text).pincode == pin


@pytest.mark.parametrize("text", [None, "", "  ", "NA", "n/a", "-", "null", "\u200f", "\ud800"])
def test_missing_in_missing_out(text: str | None) -> None:
    assert normalise_address(text, pincode="400001") == Address(status=MISSING)


def test_the_text_wins_over_the_columns_and_they_fill_gaps() -> None:
    given = {"city": "bombay", "district": "Mumbai Suburban", "state": "MH", "pincode": "400001"}
    full = normalise_address("4 Link Road, Pune, Maharashtra 411001", **given)
    assert (full.city, full.pincode, full.district) == ("Pune", "411001", "Mumbai Suburban")
    bare = normalise_address("4 Link Road", **given)
    assert (bare.city, bare.state, bare.pincode, bare.status) == ("Mumbai", "Maharashtra", "400001", "VALID")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("12 Hill Road, Mumbai, Maharashtra 400050", "VALID"),
        ("12 Hill Road, Mumbai 400050", "STATE_FROM_PIN"),
        ("12 Hill Road, Mumbai, Kerala 400050", "STATE_MISMATCH"),
        ("12 Hill Road", "PARTIAL"),
        ("!!!", "UNPARSED"),
    ],
)
def test_the_status_tells_how_it_was_reached(text: str, status: str) -> None:
    found = normalise_address(text)
    assert found.status == status
    assert found.score <= 40 or status != "STATE_MISMATCH"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("H.No. 4 ,, opp SBI;Link Rd  ,Kota", "H.No. 4, Opposite SBI, Link Road, Kota"),
        ("12 MG Road,\nPune\n411001", "12 MG Road, Pune, 411001"),
        ("4 Link Road, Kota, Ph: 98765 43210", "4 Link Road, Kota"),
        ("VILL Rampur, DISTT Kota", "VILLAGE Rampur, DISTRICT Kota"),
    ],
)
def test_the_line_is_tidy(text: str, line: str) -> None:
    assert normalise_address(text).line == line


PIECES = (
    "flat no 12 12/A , - ( ) # near opp ke paas road nagar tower vill po ps teh dist up 110001 400 001 -1 & ; | \n S/o "
    "H.No. D.No sector 5B floor 2nd mandir delhi andhra pradesh india unclassified pin ph: 9876543210 के पास गली १२ "
    "\u200f \ud800 😀 rd. st b/h XX MainRoad 1st Phase II (W) mandal at post via . .. / Kota nagarS/O ,-1,"
)
PIECE = st.sampled_from(PIECES.split(" "))
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECE, max_size=14).map(" ".join), st.lists(PIECE).map("".join))


@given(TEXTS)
def test_any_text_has_an_answer_and_its_line_is_its_own(text: str) -> None:
    found = normalise_address(text)
    assert 0 <= found.score <= 100
    assert normalise_address(found.line).line == found.line
    for name, value in asdict(found).items():
        assert value is None or isinstance(value, int) or value.strip() == value != "", name


@pytest.mark.parametrize("piece", ["a", "1", "1-", "(", "near ", "H.No. ", "A.B.", ",-1,", "pin ", "Ph 1 ", "aA", "x,"])
def test_time_is_bounded(piece: str) -> None:
    started = time.process_time()
    normalise_address(piece * 5_000)
    assert time.process_time() - started < 0.5


def test_the_words_are_checked(conf: Path) -> None:
    words = yaml.safe_load((conf / "addresses.yaml").read_text("utf-8"))
    broken = {**words, "street": [*words["street"], "tower"], "wings": ["x"], "floor": ["floor", 7]}
    with pytest.raises(ValueError, match="3 problem") as caught:
        AddressTables.from_mappings(broken, default_tables())
    assert "'TOWER' stands under building and street" in str(caught.value)


def test_a_word_that_users_add_is_known(conf: Path) -> None:
    words = yaml.safe_load((conf / "addresses.yaml").read_text("utf-8"))
    tables = AddressTables.from_mappings({**words, "street": [*words["street"], "bund"]}, default_tables())
    assert normalise_address("Sion Bund, Kota", tables=tables).street == "Sion Bund"
    assert normalise_address("Sion Bund, Kota").street is None
