"""Laws of dates, headers and words that hold for whatever is written."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import functions as F

from lib.config import Source
from lib.quality.quarantine import mask
from lib.run.window import Window
from lib.sources.text import CsvForm, csv_header
from lib.transform.vocabulary import alias_key, canonical, tidy

FORM = CsvForm.of(Source(format="csv", path="x.csv"))
HEADINGS = st.characters(codec="utf-8", exclude_characters="\x00\r\n")
ASCII = st.characters(codec="ascii", exclude_characters="\x00")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc))  # noqa: DTZ001


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=8), min_size=2, max_size=12)
)
def test_a_header_gives_each_column_one_name_of_its_own(names):
    text = io.StringIO()
    csv.writer(text).writerow(["a", *names])
    found = csv_header(text.getvalue(), FORM, dataset="orders", where="x")
    assert len(found) == len(names) + 1
    assert len({name.lower() for name in found}) == len(found)
    assert all(found)


@given(WORDS)
def test_a_key_is_its_own_key(word):
    assert alias_key(alias_key(word)) == alias_key(word)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_an_interval_has_the_dates_that_begin_within(start, length):
    window = Window.of_instants(start, start + length)
    assert window.dates
    begun = [
        day for day in window.dates if start <= Window(day, day + timedelta(days=1)).start_instant < start + length
    ]
    assert begun in (window.dates, []), "either all of them begin within, or it lies within one day"
    if not begun:
        assert len(window.dates) == 1


@given(INSTANTS, st.lists(st.timedeltas(timedelta(hours=24), timedelta(days=3)), min_size=1, max_size=6))
def test_intervals_that_follow_each_other_have_each_date_once(start, lengths):
    edges = [start]
    for length in lengths:
        edges.append(edges[-1] + length)
    windows = [Window.of_instants(a, b) for a, b in zip(edges, edges[1:])]  # noqa: B905, RUF007
    days = [day for window in windows for day in window.dates]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


def test_masks_have_the_length_of_the_value_and_nothing_of_its_content(spark, examples_of):
    given_ = examples_of(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30), 300)
    df = spark.createDataFrame([(text,) for text in given_], "v string")
    for text, masked in df.select("v", mask(F.col("v"))).collect():
        assert len(masked) == len(text)
        for before, after in zip(text, masked, strict=True):
            assert after == before or after in "x9"
            assert not (before.isalpha() and before not in "x" and after == before), (text, masked)
            assert not (before.isdecimal() and before != "9" and after == before), (text, masked)


def test_words_are_looked_up_as_their_keys_say(spark, examples_of):
    table = {"Pay on Delivery": "COD", "gpay": "UPI"}
    keys = {alias_key(word): canon for word, canon in {**table, "COD": "COD", "UPI": "UPI"}.items()}
    noise = st.text(" -_./", max_size=2)
    spelt = st.sampled_from([*table, "upi", "Cod", "cash", "g pay"]).flatmap(
        lambda word: st.tuples(noise, st.just(word), noise).map("".join)
    )
    words = examples_of(st.one_of(spelt, st.text(ASCII, max_size=12)), 300)
    df = spark.createDataFrame([(word,) for word in words], "v string")
    for word, found in df.select("v", canonical(F.col("v"), table, unlisted=F.lit("?"))).collect():
        assert found == keys.get(alias_key(word), "?"), word


def test_tidy_twice_is_tidy_once(spark, examples_of):
    words = examples_of(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), 200)
    df = spark.createDataFrame([(word,) for word in words], "v string").select(tidy(F.col("v")).alias("once"))
    for once, twice in df.select("once", tidy(F.col("once"))).collect():
        assert once == twice
        assert once is None or (once and once == once.strip(" ") and "  " not in once)
