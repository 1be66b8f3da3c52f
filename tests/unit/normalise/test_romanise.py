"""Romanisation: well-known names and places in the spelling that people use, in all nine scripts."""

from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.normalise.romanise import romanise, romanise_word, romanised
from lib.normalise.romanise.letters import BLOCKS, sounds

NAMES = {
    "DEVANAGARI": """राजेश कुमार=Rajesh Kumar, सुनील शर्मा=Sunil Sharma, लक्ष्मी देवी=Lakshmi Devi, जितेंद्र सिंह=Jitendra Singh,
        अमिताभ बच्चन=Amitabh Bachchan, प्रियंका=Priyanka, ज्ञानेश्वर=Gyaneshwar, विजय=Vijay, आनंद मिश्र=Anand Mishra,
        मुंबई=Mumbai, महाराष्ट्र=Maharashtra, दिल्ली=Delhi, वेंकटेश=Venkatesh, रवीन्द्रनाथ=Ravindranath, पाटील=Patil,
        हैदराबाद=Hyderabad, फ़िरोज़=Firoz""",
    "BENGALI": """রবীন্দ্রনাথ ঠাকুর=Rabindranath Thakur, অমিত দাস=Amit Das, সুচিত্রা সেন=Suchitra Sen, সত্যজিৎ=Satyajit,
        অনির্বাণ ঘোষ=Anirban Ghosh, মুখোপাধ্যায়=Mukhopadhyay, গঙ্গোপাধ্যায়=Gangopadhyay, ভট্টাচার্য=Bhattacharya,
        চক্রবর্তী=Chakraborty, কলকাতা=Kolkata, বাংলা=Bangla, শিলিগুড়ি=Shiliguri, লক্ষ্মী=Lakshmi, শ্রাবণী=Shrabani""",
    "GURMUKHI": """ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ=Gurpreet Singh, ਮਨਪ੍ਰੀਤ ਕੌਰ=Manpreet Kaur, ਹਰਜੀਤ=Harjit, ਸ਼ਰਮਾ=Sharma, ਗਿੱਲ=Gill,
        ਢਿੱਲੋਂ=Dhillon, ਸੰਧੂ=Sandhu, ਅੰਮ੍ਰਿਤਸਰ=Amritsar, ਲੁਧਿਆਣਾ=Ludhiana, ਜਲੰਧਰ=Jalandhar, ਪਟਿਆਲਾ=Patiala,
        ਬਠਿੰਡਾ=Bathinda, ਪੰਜਾਬ=Punjab, ਮੁਹੰਮਦ=Mohammed""",
    "GUJARATI": """નરેન્દ્ર મોદી=Narendra Modi, પટેલ=Patel, હાર્દિક=Hardik, જિગ્નેશ શાહ=Jignesh Shah, કૃણાલ=Krunal,
        મુકેશ અંબાણી=Mukesh Ambani, ધીરુભાઈ=Dhirubhai, ભાવેશ=Bhavesh, ચૌહાણ=Chauhan, ગુજરાત=Gujarat, સુરત=Surat,
        વડોદરા=Vadodara, રાજકોટ=Rajkot, અમદાવાદ=Ahmedabad""",
    "ODIA": """ନବୀନ ପଟ୍ଟନାୟକ=Nabin Patnaik, ସୁଭାଷ ଦାସ=Subhash Das, ସାହୁ=Sahu, ପ୍ରଧାନ=Pradhan, ଜଗନ୍ନାଥ=Jagannath,
        ବେହେରା=Behera, ମିଶ୍ର=Mishra, ମହାନ୍ତି=Mohanty, ଓଡ଼ିଶା=Odisha, ପୁରୀ=Puri, କଟକ=Cuttack, ସମ୍ବଲପୁର=Sambalpur,
        ଲକ୍ଷ୍ମୀ=Lakshmi""",
    "TAMIL": """முருகன்=Murugan, கோபால்=Gopal, முத்து=Muthu, செல்வம்=Selvam, வேலுமணி=Velumani, கார்த்திகேயன்=Karthikeyan,
        லட்சுமி=Lakshmi, கண்ணன்=Kannan, மீனாட்சி=Meenakshi, அண்ணாமலை=Annamalai, சரவணன்=Saravanan, சுந்தரம்=Sundaram,
        ராஜேந்திரன்=Rajendran, சென்னை=Chennai, மதுரை=Madurai, சேலம்=Salem""",
    "TELUGU": """వెంకటేశ్వర రావు=Venkateswara Rao, శ్రీనివాస్=Srinivas, లక్ష్మి=Lakshmi, రెడ్డి=Reddy, నాగార్జున=Nagarjuna,
        సత్యనారాయణ=Satyanarayana, మహేష్ బాబు=Mahesh Babu, పద్మావతి=Padmavathi, సుబ్బారావు=Subbarao, కృష్ణ=Krishna,
        హైదరాబాద్=Hyderabad, గుంటూరు=Gunturu, కరీంనగర్=Karimnagar, కొత్తకోట=Kothakota""",
    "KANNADA": """ವೆಂಕಟೇಶ್=Venkatesh, ಸಿದ್ದರಾಮಯ್ಯ=Siddaramaiah, ರಾಜ್‌ಕುಮಾರ್=Rajkumar, ಲಕ್ಷ್ಮಿ=Lakshmi, ಮಂಜುನಾಥ್=Manjunath,
        ಗೌಡ=Gowda, ಸುಮಲತಾ=Sumalatha, ಪ್ರಕಾಶ್=Prakash, ನಾಗರಾಜ್=Nagaraj, ಅನಂತ=Anantha, ಬೆಂಗಳೂರು=Bengaluru, ಮೈಸೂರು=Mysuru,
        ಹುಬ್ಬಳ್ಳಿ=Hubballi, ಶಿವಮೊಗ್ಗ=Shivamogga""",
    "MALAYALAM": """ലക്ഷ്മി=Lakshmi, മോഹൻലാൽ=Mohanlal, രാജൻ=Rajan, നായർ=Nair, മേനോൻ=Menon, ഉണ്ണികൃഷ്ണൻ=Unnikrishnan,
        ശ്രീകുമാർ=Sreekumar, ഗീത=Geetha, അനിൽ=Anil, വിജയൻ=Vijayan, കൊച്ചി=Kochi, പാലക്കാട്=Palakkad, ആലപ്പുഴ=Alappuzha,
        തൊടുപുഴ=Thodupuzha, തിരുവനന്തപുരം=Thiruvananthapuram""",
}
PAIRS = [tuple(pair.strip().split("=")) for text in NAMES.values() for pair in text.split(",")]


@pytest.mark.parametrize("script", BLOCKS)
def test_names_are_spelt_as_people_spell_them(script: str) -> None:
    pairs = [pair.strip().split("=") for pair in NAMES[script].split(",")]
    assert len(pairs) >= 13
    wrong = {native: (romanise(native), latin) for native, latin in pairs if romanise(native) != latin}
    assert not wrong


TEXTS = [
    # what is not in the nine scripts stays, and where it stands
    ("Rajesh Kumar", "Rajesh Kumar"),
    ("Mr. राजेश (कुमार), B-12", "Mr. Rajesh (Kumar), B-12"),
    ("डॉ॰ राजेश", "Dr. Rajesh"),
    ("राजेश १२", "Rajesh 12"),
    ("राजेश।", "Rajesh."),
    ("محمد", "محمد"),
    ("😀राजेश\n", "😀Rajesh\n"),
    # one letter has several forms: nukta in one code point or two, joiners inside
    ("\u092b\u093c\u093f\u0930\u094b\u091c\u093c", "Firoz"),
    ("\u095e\u093f\u0930\u094b\u095b", "Firoz"),
    ("ರಾಜ್\u200cಕುಮಾರ್", "Rajkumar"),
    # a written vowel is heard, but in spelt-out letters
    ("आरती", "Aarti"),
    ("रेहटी", "Rehti"),
    ("एमएलए", "Mla"),
    # two scripts in a word: each part by itself
    ("राजেশ", "RajEsh"),
    # nothing to spell
    ("", ""),
    ("-", "-"),
    ("NA", "NA"),
    ("\u094d", ""),
    (None, None),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_texts(text: str | None, expected: str | None) -> None:
    assert romanise(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("राम", "राaमa"),
        ("कर्म", "कaरमa"),
        ("রায়", "राaयa"),
        ("সত্য", "सaतयa"),
        ("ਸੱਚ", "सaचचa"),
        ("ਮੱਖਣ", "मaकखaणa"),
        ("রংপুর", "रaङपुरa"),
        ("ലാൽ", "लाल"),
    ],
)
def test_sounds_are_the_same_letters_in_every_script(word: str, expected: str) -> None:
    assert sounds(word) == expected.replace("ाa", "ा").replace("ुa", "ु")


def test_a_word_is_lower_case_latin() -> None:
    assert romanise_word("राजेश") == "rajesh"
    assert romanise_word("Rajesh") == "Rajesh"
    assert romanise_word("") == ""


INDIC = st.integers(0x0900, 0x0D7F).map(chr)
ANYTHING = st.text(st.one_of(INDIC, st.characters(), st.sampled_from("राजेश \u200d\u094d9a")))


@settings(deadline=None)  # the first example reads the weights
@given(ANYTHING)
@example("\ud800राम")
@example("\u0cf1")
@example("क" * 10_000)
def test_laws(text: str) -> None:
    latin = romanise(text)
    assert latin is not None
    assert romanise(latin) == latin
    kept = re.sub("[\u0900-\u0d7f\u200c\u200d]", "", text)
    letters = iter(latin)
    assert all(letter in letters for letter in kept), "what is of other scripts stays, in its order"
    if re.fullmatch("[\u0915-\u0939]+", text):
        assert set(latin.lower()) <= set(string.ascii_lowercase)


@pytest.mark.parametrize("piece", ["क", "क्", "ि", "\u0915\u093c", "த்", "ം", "ੱ", "राम ", "\u0994\u09d7"])
def test_time_is_linear(piece: str) -> None:
    romanise(piece * 10)
    started = time.process_time()
    romanise(piece * 20_000)
    assert time.process_time() - started < 2


def test_spark_gives_the_same_and_calls_once(spark, ansi, examples_of) -> None:
    # A lone surrogate never reaches Python from Spark.
    drawn = [text for text in examples_of(ANYTHING, 100) if text.isprintable()]
    texts = [text for text, _ in (*TEXTS, *PAIRS)] + drawn + ["राम" * 5_000]
    rows = spark.createDataFrame([(text,) for text in texts], "text STRING").select("text", romanised(F.col("text")))
    wrong = [(text, found) for text, found in rows.collect() if found != romanise(text)]
    assert not wrong
    plan = rows._jdf.queryExecution().executedPlan().toString()
    assert len(re.findall(r"EvalPython \[", plan)) == 1, plan
    assert "pythonUDF1" not in plan


def test_the_weights_carry_their_notice() -> None:
    import gzip
    from importlib.resources import files

    folder = files("lib.normalise.reference")
    for name in ("hindi", "tamil"):
        packed = folder.joinpath(f"romanise_{name}.gz").read_bytes()
        assert len(packed) < 1_000_000
        assert "CC BY-SA 4.0" in gzip.decompress(packed).decode("utf-8")[:2_000]
