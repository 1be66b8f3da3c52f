"""The match key: which spellings are one, and which are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from lib.normalise.name import match_key, normalise_name
from lib.normalise.name.phonetics import ABBREVIATED, RULES

ONE_NAME = [
    "Chaudhary Choudhury Chowdhry Chaudhari Chowdhury Chaudhuri",
    "Mohd Mohammed Muhammad Mohammad Mohamed Md MOHD.",
    "Mahmood Mehmood Mahmud",
    "Lakshmi Laxmi Lakshmee",
    "Iyer Aiyar Ayyar Aiyer",
    "Iyengar Ayyangar Aiyangar",
    "Venkat Vengat Wenkat",
    "Vikas Bikas Wikas Vikash",
    "Sekhar Shekhar Shekar",
    "Geeta Gita Geetha Githa",
    "Anoop Anup",
    "Sidhdharth Siddharth Sidharth",
    "Jameel Jamil Zameel",
    "Sadiq Sadik",
    "Philip Filip",
    "Syed Sayed Sayyad Saiyad",
    "Sheikh Shaikh Shaik",
    "Hussain Husain Hussein Hossain",
    "Aggarwal Agarwal Agrawal",
    "Krishnamurthy Krishnamurti Krishnamoorthy",
    "Rajendra Rajinder Rajender",
    "Devaki Devki",
    "Pranav Pranava",
    "Ahmed Ahmad Ahamed",
    "Roy Ray Rai",
    "Kishore Kishor",
    "Singh Sinh",
    "Gyaneshwar Jnaneshwar Dnyaneshwar",
    "Rishikesh Rushikesh",
    "Amrita Amruta",
    "McDonald MacDonald",
    "Haque Haq",
    "Abdullah Abdulla",
    "Aniruddh Aniruddha",
    "Subramanyam Subrahmanyam Subramaniam",
    "Siddiqui Siddiqi",
    "Nair Nayar",
    "Achchan Achan",
    "Ambar Anbar",
    "Eric Erik",
    "Sachin Sacchin",
    "Jaya Jay",
    "Monica Monika",
    "Vinod Vinoth Vinodh",
    "Devarshi Devrishi",
    "Subhash Subash Shubash",
    "Chandrashekhar Chandershekar",
]
TWO_NAMES = [
    "Amit Amita", "Rajesh Rakesh", "Sunil Sunila", "Patel Patil", "Harsh Harish", "Kumar Kumari", "Sharma Verma",
    "Mohit Rohit", "Ravi Raja", "Sundar Sundari", "Mahmood Mohammed", "Anil Anal", "Ritu Ratan", "Dev Devi",
]  # fmt: skip


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_spellings_of_one_name_have_one_key(spellings: str) -> None:
    keys = {spelling: match_key(spelling) for spelling in spellings.split()}
    assert len(set(keys.values())) == 1, keys


@pytest.mark.parametrize("names", TWO_NAMES)
def test_names_that_differ_have_two_keys(names: str) -> None:
    one, other = names.split()
    assert match_key(one) != match_key(other)


def test_order_titles_and_punctuation_do_not_matter() -> None:
    forms = ["Sharma, R G", "R G Sharma", "Shri R. G. Sharma", "SHARMA R.G.", "RG Sharma", "R.G. Sarma ji"]
    assert {match_key(form) for form in forms} == {"srm g r"}


def test_initials_count_only_beside_a_single_word() -> None:
    assert match_key("K. Rajesh Kumar") == match_key("Rajesh Kumar") == match_key("Kumar, Rajesh")
    assert match_key("R G Sharma") != match_key("S K Sharma")


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("राजेश कुमार", "Rajesh Kumar"),
        ("कुमार, राजेश", "Kumar Rajesh"),
        ("श्री रा\u200dजेश शर्मा", "Rajesh Sarma"),
        ("मो. सलीम", "Mohammed Saleem"),
        ("ராஜேஷ்", "Rajesh"),
        ("లక్ష్మి", "Laxmi"),
        ("হাসান", "Hasan"),
    ],
)
def test_a_name_in_another_script_has_the_key_of_its_latin_spellings(native: str, latin: str) -> None:
    assert match_key(native) == match_key(latin) != ""


def test_a_relation_or_alias_is_not_in_the_key() -> None:
    assert match_key("Sita Devi W/o Ram Lal") == match_key("Sita Devi") == match_key("Smt. Sita Devi @ Guddi")


def test_firms_are_keyed_without_their_legal_form() -> None:
    forms = [
        "Gupta Traders Pvt. Ltd.",
        "M/s Gupta Traders",
        "GUPTA TRADERS PRIVATE LIMITED",
        "The Gupta Traders",
        "Gupta Traders (P) Ltd",
    ]
    assert len({match_key(form) for form in forms}) == 1
    assert match_key("R.K. Traders") == match_key("RK Traders") == match_key("R K TRADERS")
    assert match_key("Gupta Traders") != match_key("Gupta Medicals")


@pytest.mark.parametrize("text", [None, "", "-", "12345", "\U0001f600", "test", "xxx"])
def test_what_is_no_name_has_no_key(text: str | None) -> None:
    assert match_key(text) == ""
    assert normalise_name(text).match_key is None


def test_joiners_and_controls_are_not_in_keys() -> None:
    assert match_key("Ra\u200djesh\u0007") == match_key("Rajesh")


def test_every_rule_is_needed() -> None:
    """Without any one of the rules, some example above fails: none is there for nothing."""
    groups = [spellings.split() for spellings in ONE_NAME]
    for left_out in range(len(RULES)):
        rules = RULES[:left_out] + RULES[left_out + 1 :]
        keys = [{keyed(word, rules) for word in group} for group in groups]
        apart = [keyed(word, rules) for names in TWO_NAMES for word in names.split()]
        pairs = zip(apart[::2], apart[1::2], strict=True)
        assert any(len(key) > 1 for key in keys) or any(a == b for a, b in pairs), RULES[left_out]


def keyed(word: str, rules: Sequence[tuple[str, str]]) -> str:
    plain = word.lower().strip(".")
    key = ABBREVIATED.get(plain, plain)
    for pattern, replacement in rules:
        key = re.sub(pattern, replacement, key)
    return key
