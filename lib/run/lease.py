"""One writer: who holds which dates, or a table, and until when; in one small file for all runs of a root.

A holder renews its claim while it lives and looks before each commit whether it still stands. Who finds a claim past
its time takes it over; the run that had slept finds it gone. The file changes only from what the writer has read (a
`Page`), so clocks that differ may cost a wait, never make two holders.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from attrs import Factory, define, evolve, frozen
from cattrs.preconf.json import make_converter

from lib.errors import Superseded, Unavailable
from lib.run.holder import Holder

_JSON = make_converter()
# What a dead run has left and nobody has asked for since.
_FORGOTTEN_AFTER = timedelta(days=1)
# Somebody was faster so many times in a row: no rival is, so the storage does not answer as it should.
_ATTEMPTS = 100


class Page(Protocol):
    """A small text that changes only from what the writer has read of it."""

    @property
    def where(self) -> str:
        """Its path."""

    def read(self) -> tuple[str, Any] | None:
        """The text, and a mark of this very state of it; None where there is none yet."""

    def write(self, text: str, seen: Any) -> bool:
        """Replace the state that carries the mark `seen` (None: nothing was there); False if it has changed since."""


@frozen
class Claim:
    """What a run holds. The token grows with every taking; `key` tells this taking from all others."""

    key: str
    token: int
    holder: Holder
    names: tuple[str, ...]
    since: datetime
    until: datetime

    def is_over(self, asking: Holder) -> bool:
        """Whether another may take it."""
        return self.until < _now() or self.holder.is_gone(asking)


@frozen
class Book:
    """All that is held, and the token that was given last."""

    revision: int = 0
    token: int = 0
    claims: tuple[Claim, ...] = ()


@define
class Lease:
    """What one run holds, from `take` until `release` or the end of the `with`."""

    page: Page
    holder: Holder
    seconds: float
    wait_seconds: float
    tell: Callable[[str], None] = lambda _: None
    on_lost: Callable[[], None] = lambda: None
    key: str = Factory(lambda: secrets.token_hex(8))
    names: frozenset[str] = frozenset()
    token: int = 0
    lost: bool = False
    _changing: threading.Lock = Factory(threading.Lock)
    _ended: threading.Event = Factory(threading.Event)

    def take(self, names: Iterable[str]) -> None:
        """Hold `names` too, all or none; waits for other holders, then raises Superseded."""
        wanted = self.names | frozenset(names)
        if wanted == self.names:
            return
        patience = time.monotonic() + self.wait_seconds
        told = False
        while True:
            living = self._try_to_take(wanted)
            if not living:
                break
            left = patience - time.monotonic()
            if left <= 0:
                raise self._held_by(living[0], wanted)
            if not told:
                self.tell(f"waiting up to {left:.0f} s for {living[0].holder}, which holds {_shown(living[0].names)}")
                told = True
            time.sleep(min(left, self.seconds / 4, 1.0))
        if not self.names:
            threading.Thread(target=self._beat, name="lease", daemon=True).start()
        self.names = wanted

    def check(self, *, renew: bool = False) -> None:
        """Raise Superseded unless the lease is still ours; renewed when half of its time has gone."""

        def renewed(book: Book) -> Book | None:
            mine = self._mine(book)
            if not renew and mine.until - _now() > timedelta(seconds=self.seconds / 2):
                return None
            later = evolve(mine, until=_now() + timedelta(seconds=self.seconds))
            return evolve(book, claims=tuple(later if claim is mine else claim for claim in book.claims))

        self._change(renewed)

    def release(self) -> None:
        """Let go. What cannot be let go, or is no longer ours, ends by itself."""
        if not self.names:
            return
        self._ended.set()
        self.names = frozenset()

        def without(book: Book) -> Book:
            return evolve(book, claims=tuple(claim for claim in book.claims if claim.key != self.key))

        with suppress(Exception):
            self._change(without)

    def superseded(self) -> Superseded:
        """The error of a run whose lease was taken over."""
        return Superseded(
            "Another run has taken over from this one, which was not heard of for too long; it writes nothing more",
            where=f"{self.holder}; {self.page.where}",
            todo="let the other run end (see `runs`), then run these dates again if they are not published; "
            "a machine that sleeps or stalls needs a longer tables.lease.seconds",
        )

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _try_to_take(self, wanted: frozenset[str]) -> list[Claim]:
        """The living claims that stand in the way; none: it is ours now."""
        living: list[Claim] = []
        dead: list[Claim] = []

        def taken(book: Book) -> Book | None:
            if self.names:
                self._mine(book)
            others = [claim for claim in book.claims if claim.key != self.key]
            rivals = [claim for claim in others if wanted & set(claim.names)]
            dead[:] = [claim for claim in rivals if claim.is_over(self.holder)]
            living[:] = [claim for claim in rivals if claim not in dead]
            if living:
                return None
            now = _now()
            self.token = book.token + 1
            until = now + timedelta(seconds=self.seconds)
            mine = Claim(self.key, self.token, self.holder, tuple(sorted(wanted)), now, until)
            kept = [claim for claim in others if claim not in dead and claim.until > now - _FORGOTTEN_AFTER]
            return evolve(book, token=self.token, claims=(*kept, mine))

        self._change(taken)
        for claim in dead if not living else ():
            self.tell(
                f"took over {_shown(claim.names)} from {claim.holder}, which holds it since {_at(claim.since)} and "
                f"was last heard of before {_at(claim.until)}"
            )
        return living

    def _mine(self, book: Book) -> Claim:
        for claim in book.claims:
            if claim.key == self.key:
                return claim
        self.lost = True
        raise self.superseded()

    def _change(self, edit: Callable[[Book], Book | None]) -> None:
        """Put `edit` of what the page says in its place (None: leave it), again until nobody was faster."""
        with self._changing:
            for _ in range(_ATTEMPTS):
                book, seen = self._read()
                edited = edit(book)
                if edited is None:
                    return
                text = _JSON.dumps(evolve(edited, revision=book.revision + 1), indent=1)
                if self.page.write(text, seen):
                    return
                time.sleep(random.uniform(0.005, 0.05))
        raise Unavailable(
            "The lease of the tables cannot be written: it changes all the time, or its storage refuses every change",
            where=self.page.where,
            todo="is every run below this root of one version of dabba? may this user write there? run again",
        )

    def _read(self) -> tuple[Book, Any]:
        found = self.page.read()
        if found is None:
            return Book(), None
        try:
            return _JSON.loads(found[0], Book), found[1]
        except Exception as error:
            raise Unavailable(
                "The lease of the tables cannot be read: something else has written there",
                where=self.page.where,
                todo="when no run is at work, delete that file and run again",
            ) from error

    def _beat(self) -> None:
        """Renew until released; a storage that does not answer is asked again next time."""
        while not self._ended.wait(self.seconds / 3):
            try:
                self.check(renew=True)
            except Superseded:  # and again: what was about to begin must not go on either
                if not self._ended.is_set():
                    self.on_lost()
            except Exception:  # noqa: BLE001  the check before the commit decides; a heartbeat only tries
                continue

    def _held_by(self, claim: Claim, wanted: frozenset[str]) -> Superseded:
        return Superseded(
            f"Another run holds {_shown(sorted(wanted & set(claim.names)))}"
            + ("" if self.names else "; this one has changed nothing"),
            where=f"{claim.holder}, since {_at(claim.since)}, its lease until {_at(claim.until)}; {self.page.where}",
            todo="let it end (see `runs`), then run this again if it is still to be done; tables.lease."
            f"wait_seconds waits longer than {self.wait_seconds:g} s. If that run is dead, its lease ends by itself",
        )


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _shown(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")
