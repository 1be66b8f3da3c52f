"""One writer: who holds what, who waits, who takes over, and who finds out that he was taken over."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from attrs import evolve

from lib.errors import ConfigError, Superseded, Unavailable
from lib.run.holder import Holder
from lib.run.lease import Lease
from lib.tables.filesystem import Storage
from lib.tables.pages import HadoopPage, LocalPage
from lib.tables.s3_page import S3Page
from tests.moto_s3 import BUCKET, serving

D20, D21, D22 = "2025-10-20", "2025-10-21", "2025-10-22"
LONG, SHORT = 60.0, 0.3


@pytest.fixture(scope="module")
def s3():
    with serving() as found:
        yield found


@pytest.fixture
def s3_page(s3, tmp_path):
    key = f"{tmp_path.name}/ops/leases/dates.json"
    return S3Page(f"s3://{BUCKET}/{key}", s3.client(), BUCKET, key)


@pytest.fixture
def local_page(tmp_path):
    return LocalPage(str(tmp_path / "ops" / "leases" / "dates.json"))


@pytest.fixture
def hadoop_page(spark, tmp_path):
    return HadoopPage(Storage.below(spark, str(tmp_path)), "ops/leases/dates.json")


@pytest.fixture(params=["local", "s3", "hadoop"])
def page(request):
    return request.getfixturevalue(f"{request.param}_page")


@pytest.fixture
def lease_of(page):
    """`lease_of("a")`: the lease of the run `a`, as if each ran on a machine of its own."""
    return lambda run, seconds=LONG, wait=0.0, told=None: Lease(
        page, evolve(Holder(run), machine=run), seconds, wait, (told if told is not None else []).append
    )


def test_one_holds_a_date_and_the_other_ends_with_6(lease_of):
    with lease_of("a") as held:
        held.take([D20, D21])
        with lease_of("b") as refused, pytest.raises(Superseded, match="Another run holds 2025-10-21") as caught:
            refused.take([D21, D22])
        assert caught.value.exit_code == 6
        for told in ("run a (process", "since 20", "dates.json", "tables.lease.wait_seconds"):
            assert told in str(caught.value)
        held.check()
    with lease_of("b") as later:
        later.take([D21, D22])  # all of it was let go, and the refused one had held nothing of it


def test_other_dates_are_free(lease_of):
    with lease_of("a") as one, lease_of("b") as other:
        one.take([D20])
        other.take([D21])
        one.check()
        other.check()


def test_dates_can_be_added_and_all_or_none_are_taken(lease_of):
    with lease_of("a") as one, lease_of("b") as other:
        one.take([D20])
        other.take([D21])
        with pytest.raises(Superseded, match=D21):
            one.take([D21, D22])
        one.check()
        other.take([D22])
        with lease_of("c") as third, pytest.raises(Superseded, match="2025-10-21, 2025-10-22"):
            third.take([D21, D22])


def test_the_token_grows_with_every_taking(lease_of):
    tokens = []
    for run in ("a", "b", "c"):
        with lease_of(run) as lease:
            lease.take([D20])
            tokens.append(lease.token)
    assert tokens == [1, 2, 3]


def test_who_waits_gets_it_when_it_is_let_go(lease_of):
    told: list[str] = []
    with lease_of("a") as held, lease_of("b", seconds=SHORT, wait=30, told=told) as waiting:
        held.take([D20])
        threading.Timer(0.2, held.release).start()
        waiting.take([D20])
        assert waiting.token == 2
    assert len(told) == 1
    assert told[0].startswith("waiting up to 30 s for run a (process")


def test_who_waits_in_vain_ends_with_6(lease_of):
    with lease_of("a") as held, lease_of("b", wait=0.1) as waiting:
        held.take([D20])
        with pytest.raises(Superseded, match="Another run holds 2025-10-20"):
            waiting.take([D20])


def test_a_heartbeat_keeps_it_beyond_its_time(lease_of):
    with lease_of("a", seconds=SHORT) as held, lease_of("b") as other:
        held.take([D20])
        time.sleep(3 * SHORT)
        with pytest.raises(Superseded):
            other.take([D20])
        held.check()


def test_who_is_not_heard_of_is_taken_over_and_fenced_off(lease_of, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(Lease, "_beat", lambda _: None)  # asleep
    with lease_of("a", seconds=SHORT) as sleeper, lease_of("b", wait=30, told=told) as other:
        sleeper.take([D20, D21])
        other.take([D20])
        assert [line.partition(" from")[0] for line in told[-1:]] == ["took over 2025-10-20, 2025-10-21"]
        with pytest.raises(Superseded, match="Another run has taken over from this one"):
            sleeper.check()
        with pytest.raises(Superseded, match="Another run has taken over from this one"):
            sleeper.take([D22])
        assert sleeper.lost
        sleeper.release()
        other.check()  # the sleeper's end takes nothing from the other


def test_who_overslept_but_was_not_missed_goes_on(lease_of, monkeypatch):
    monkeypatch.setattr(Lease, "_beat", lambda _: None)
    with lease_of("a", seconds=SHORT) as sleeper, lease_of("b") as other:
        sleeper.take([D20])
        time.sleep(2 * SHORT)
        sleeper.check()
        with pytest.raises(Superseded):
            other.take([D20])


def test_a_run_that_lost_it_is_stopped_at_the_next_heartbeat(page):
    stopped = threading.Event()
    with Lease(page, Holder("a"), SHORT, 0.0, on_lost=stopped.set) as lost:
        lost.take([D20])
        page.write('{"revision": 9, "token": 9, "claims": []}', page.read()[1])
        assert stopped.wait(300)
        assert lost.lost


def test_a_dead_process_of_this_machine_is_not_waited_for(local_page):
    told: list[str] = []
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    with Lease(local_page, evolve(Holder("killed"), pid=child.pid), LONG, 0.0) as killed:
        killed.take([D20])
        with Lease(local_page, Holder("again"), LONG, 0.0, told.append) as again:
            again.take([D20])
    assert told[0].startswith("took over 2025-10-20 from run killed")
    assert Holder("me").is_gone(Holder("me")) is False
    assert evolve(Holder("x"), pid=child.pid, machine="").is_gone(evolve(Holder("y"), machine="")) is False


def test_what_nobody_asked_for_in_a_day_is_forgotten(local_page):
    with Lease(local_page, Holder("a"), LONG, 0.0) as lease:
        lease.take([D20])
        text, seen = local_page.read()
        local_page.write(text.replace('"until": "2', '"until": "1'), seen)
        with Lease(local_page, Holder("b"), LONG, 0.0) as other:
            other.take([D21])
            assert '"a"' not in local_page.read()[0]


def test_a_page_changes_only_from_what_was_read(page):
    assert page.read() is None
    assert page.write("one", None)
    assert not page.write("another first", None)
    text, seen = page.read()
    assert page.write(f"{text} two", seen)
    assert not page.write("of what was before", seen)
    assert page.read()[0] == "one two"


def test_many_at_once_lose_no_change(page):
    def add():
        for _ in range(5):
            while True:
                text, seen = page.read()
                if page.write(f"{text}x", seen):
                    break

    page.write("", None)
    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert page.read()[0] == "x" * 20


def test_old_states_of_a_numbered_page_are_swept_and_who_slept_meanwhile_has_lost(hadoop_page):
    seen = None
    for number in range(30):
        assert hadoop_page.write(str(number), seen)
        seen = number
    assert hadoop_page.read() == ("29", 29)
    assert not hadoop_page.write("of state 3", 3)
    assert hadoop_page.read() == ("29", 29)
    assert len(hadoop_page.storage.children("ops/leases/dates.json")) < 25


def test_who_goes_on_from_a_state_before_its_writer_looks_does_not_undo_it(hadoop_page, monkeypatch):
    """Between the writing of a state and the look at the folder another run may have read it and written the next."""
    look = HadoopPage._numbers
    assert hadoop_page.write("first", None)

    def others_were_faster(page):
        monkeypatch.setattr(HadoopPage, "_numbers", look)
        assert hadoop_page.write("first second third", 1)
        return look(page)

    monkeypatch.setattr(HadoopPage, "_numbers", others_were_faster)
    assert hadoop_page.write("first second", 0)
    assert hadoop_page.read() == ("first second third", 2)


def test_something_else_in_its_place_is_told(page):
    page.write("<html>", None)
    with Lease(page, Holder("a"), LONG, 0.0) as lease, pytest.raises(Unavailable, match="cannot be read") as caught:
        lease.take([D20])
    assert "delete that file" in str(caught.value)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "ops").write_text("a file")
    lease = Lease(LocalPage(str(tmp_path / "ops" / "dates.json")), Holder("a"), LONG, 0.0)
    with pytest.raises(Unavailable, match=r"cannot be written: (Not a directory|File exists)"):
        lease.take([D20])


def test_s3_that_does_not_answer_or_does_not_know_the_bucket_is_told(s3):
    gone = S3Page("s3://no-such/x", s3.client(), "no-such", "x")
    with pytest.raises(Unavailable, match="NoSuchBucket"):
        gone.write("x", None)


def test_a_storage_without_conditional_writes_is_refused(s3_page):
    class Ignores:
        """A storage of before conditional writes: it takes the header and overwrites."""

        def put_object(self, IfNoneMatch=None, IfMatch=None, **what):  # noqa: N803
            return s3_page.client.put_object(**what)

    with pytest.raises(ConfigError, match="overwrites an object that must not be there yet"):
        evolve(s3_page, client=Ignores()).write("x", None)


def test_a_lease_holds_nothing_but_who_and_when(local_page):
    with Lease(local_page, Holder("run-1"), LONG, 0.0) as lease:
        lease.take([D20])
        assert str(os.getpid()) in local_page.read()[0]
    assert "run-1" not in local_page.read()[0]
