"""When two runs of different dates commit to one table at once, Delta lets one of them win; the other tries again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from lib.errors import Superseded
from lib.tables.trouble import whole_story

R = TypeVar("R")

# What Delta says of a commit that another one came before; the last two of a table that was made meanwhile.
_SIGNS = (
    "ConcurrentAppendException",
    "ConcurrentDeleteReadException",
    "ConcurrentDeleteDeleteException",
    "ConcurrentModificationException",
    "ConcurrentTransactionException",
    "ConcurrentWriteException",
    "MetadataChangedException",
    "ProtocolChangedException",
    "DELTA_CONCURRENT_",
    "DELTA_METADATA_CHANGED",
    "DELTA_PROTOCOL_CHANGED",
    "DELTA_PATH_EXISTS",
    "DELTA_TABLE_ALREADY_EXISTS",
)
_ATTEMPTS = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


def until_settled(commit: Callable[[], R], where: str) -> R:
    """What `commit` gives; made anew after each conflict with another run, with growing pauses, then Superseded."""
    for attempt in range(_ATTEMPTS):
        try:
            return commit()
        except (Py4JError, PySparkException) as error:
            if not is_conflict(error):
                raise
            last = error
        pause = min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE)
        time.sleep(random.uniform(pause / 2, pause))  # so that two do not meet again
    raise Superseded(
        f"Other runs committed to this table at the same moment, {_ATTEMPTS} times in a row; nothing was written there",
        where=where,
        todo="run the same dates again when fewer runs are at work",
    ) from last


def is_conflict(error: BaseException) -> bool:
    """Whether Delta refused a commit because of another one, which a new attempt will see."""
    story = whole_story(error)
    return any(sign in story for sign in _SIGNS)
