"""Which files a night takes: each once, changed ones anew, and never fewer than it took before."""

from __future__ import annotations

import json
from datetime import date

import pytest

from lib.config import Source
from lib.errors import Unavailable, UsageError
from lib.run.window import Window
from lib.sources.storage import SourceFile
from lib.sources.taken import Taken

SOURCE = Source(format="csv", path="/landing/*.csv", read="new")


def night(first: int, last: int | None = None) -> Window:
    return Window(date(2025, 10, first), date(2025, 10, (last or first) + 1))


def file(name: str, size: int = 10, changed_at: int = 1000) -> SourceFile:
    return SourceFile(f"/landing/{name}.csv", size, changed_at)


def take(taken: Taken, window: Window, *there: SourceFile, keep_days: int | None = None) -> tuple[list[str], Taken]:
    """The names that a run takes, and what is taken then; through the form in which it is kept."""
    files = taken.files_of(there, window, "orders", SOURCE)
    after = taken.after(files, there, window, keep_days)
    names = [path.path.removeprefix("/landing/").removesuffix(".csv") for path in files]
    return names, Taken.of(json.loads(json.dumps(after.as_json())))


def test_each_file_is_taken_by_the_night_that_meets_it_first() -> None:
    first, taken = take(Taken(), night(17), file("a"), file("b"))
    second, taken = take(taken, night(18), file("a"), file("b"), file("c"))
    third, taken = take(taken, night(19), file("a"), file("b"), file("c"))
    assert (first, second, third) == (["a", "b"], ["c"], [])


def test_a_night_that_is_repeated_takes_its_own_again_and_what_has_come_since() -> None:
    _, taken = take(Taken(), night(17), file("a"))
    _, taken = take(taken, night(18), file("a"), file("b"))
    again, taken = take(taken, night(17), file("a"), file("b"), file("c"))
    assert again == ["a", "c"]
    assert take(taken, night(18), file("a"), file("b"), file("c"))[0] == ["b"]


@pytest.mark.parametrize("changed", [file("a", size=11), file("a", changed_at=1001)])
def test_a_file_that_has_changed_is_a_new_delivery(changed: SourceFile) -> None:
    _, taken = take(Taken(), night(17), file("a"))
    later, taken = take(taken, night(18), changed)
    assert later == ["a"]
    assert take(taken, night(17), changed)[0] == [], "it belongs to the night that took it last"
    assert take(taken, night(18), changed)[0] == ["a"]


def test_a_range_takes_the_files_of_all_its_nights() -> None:
    _, taken = take(Taken(), night(17), file("a"))
    _, taken = take(taken, night(18), file("a"), file("b"))
    both, taken = take(taken, night(17, 18), file("a"), file("b"))
    assert both == ["a", "b"]


def test_a_part_of_a_range_cannot_take_its_files_again() -> None:
    _, taken = take(Taken(), night(17, 19), file("a"))
    with pytest.raises(UsageError, match=r"run of 2025-10-17 .. 2025-10-19.*2025-10-18 alone") as error:
        take(taken, night(18), file("a"))
    assert "`conform` and `metrics`" in str(error.value)


def test_a_night_whose_files_are_gone_is_not_taken_again() -> None:
    _, taken = take(Taken(), night(17), file("a"), file("b"))
    with pytest.raises(Unavailable, match="1 files of `orders` that a run of 2025-10-17 took are no longer there"):
        take(taken, night(17), file("b"))
    assert take(taken, night(18), file("c"))[0] == ["c"], "other nights do not need them"


def test_files_that_are_gone_are_remembered_as_long_as_bronze_holds_their_rows() -> None:
    _, taken = take(Taken(), night(1), file("a"), file("b"))
    _, taken = take(taken, night(20), file("b"), file("c"), keep_days=10)
    assert set(taken.deliveries) == {"/landing/b.csv", "/landing/c.csv"}
    _, taken = take(taken, night(25), file("d"), keep_days=10)
    assert set(taken.deliveries) == {"/landing/c.csv", "/landing/d.csv"}
