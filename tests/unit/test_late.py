"""Late order lines: which of two states of a line stays, and which dates change."""

from __future__ import annotations

from datetime import date

import pytest

from lib.datasets import ORDER_LINES
from lib.transform.late import compare, merge_late, untold

D17, D18, D19, D20 = (date(2025, 10, day) for day in (17, 18, 19, 20))


@pytest.fixture
def lines(spark):
    """Order lines of (order, date, night that brought it, hour of the last change, units)."""

    def build(*rows):
        from pyspark.sql import functions as F

        told = [(o, "1", str(day), str(night), f"2025-10-20 {hour:02}:00:00", n) for o, day, night, hour, n in rows]
        df = spark.createDataFrame(
            told,
            "order_id string, order_line_id string, business_date string, arrival_date string, updated_at string, "
            "quantity int",
        )
        kinds = {field.name: field.dataType for field in ORDER_LINES.schema}
        given = {name: F.col(name).cast(kinds[name]) for name in df.columns}
        rest = {name: F.lit(None).cast(kind) for name, kind in kinds.items() if name not in df.columns}
        return df.withColumns({**given, **rest}).select(*ORDER_LINES.names)

    return build


def merged(accepted, published, *dates):
    compared = compare(accepted, published)
    found = merge_late(accepted, published, compared, list(dates))
    names = ("order_id", "business_date", "quantity")
    return sorted(tuple(row) for row in found.lines.select(*names).collect()), found.reopened, found.dropped


def test_a_change_takes_the_place_of_the_published_state(lines):
    accepted = lines(("new", D20, D20, 1, 1), ("late", D18, D20, 9, 5))
    published = lines(("late", D18, D18, 3, 1), ("other", D18, D18, 3, 1), ("far", D17, D17, 3, 1))
    found, reopened, dropped = merged(accepted, published, D20)
    assert found == [("late", D18, 5), ("new", D20, 1), ("other", D18, 1)]
    assert (reopened, dropped) == ({D18: 1}, 0)


def test_an_older_state_and_a_repetition_change_nothing(lines):
    published = lines(("a", D18, D18, 9, 1), ("b", D18, D18, 3, 1))
    accepted = lines(("a", D18, D20, 3, 7), ("b", D18, D20, 3, 1), ("new", D20, D20, 1, 1))
    assert merged(accepted, published, D20) == ([("new", D20, 1)], {}, 2)


def test_of_one_moment_what_a_later_night_brings_stays(lines):
    published = lines(("a", D18, D19, 3, 1))
    assert merged(lines(("a", D18, D20, 3, 2)), published, D20)[0] == [("a", D18, 2)]
    # the night before, run again: it does not undo what came after it
    assert merged(lines(("a", D18, D18, 3, 2)), published, D20) == ([], {}, 1)


def test_a_line_that_moves_leaves_its_old_date(lines):
    published = lines(("a", D18, D18, 3, 1), ("stays", D18, D18, 3, 1))
    accepted = lines(("a", D20, D20, 9, 1))
    assert merged(accepted, published, D20) == ([("a", D20, 1), ("stays", D18, 1)], {D18: 1}, 0)
    # and the old night, run again, does not bring it back
    published = lines(("a", D20, D20, 9, 1))
    assert merged(lines(("a", D18, D18, 3, 1)), published, D18) == ([], {}, 1)


def test_without_published_lines_everything_is_new(lines):
    found = merge_late(lines(("a", D20, D20, 1, 1)), None, None, [D20])
    assert (found.lines.count(), found.reopened, found.dropped) == (1, {}, 0)


@pytest.mark.usefixtures("ansi")
def test_only_what_the_latest_night_did_not_say_is_news(spark):
    ddl = "business_date date, arrival_date date, order_id string, order_line_id string, _digest long"
    known = spark.createDataFrame(
        [(D18, D18, "same", "1", 1), (D18, D18, "back", "1", 1), (D18, D19, "back", "1", 2), (D18, D18, "two", "1", 1),
         (D18, D18, "two", "1", 2), (D18, D18, None, "1", 7)], ddl)  # fmt: skip
    late = spark.createDataFrame(
        [(D18, D20, "same", "1", 1), (D18, D20, "back", "1", 1), (D18, D20, "two", "1", 2), (D18, D20, "two", "1", 1),
         (D18, D20, None, "1", 7), (D19, D20, "same", "1", 1)], ddl)  # fmt: skip
    found = {(row["business_date"], row["order_id"]) for row in untold(late, known).collect()}
    # `back` is again as it was the night before last, which is news; another date is another line
    assert found == {(D18, "back"), (D19, "same")}
