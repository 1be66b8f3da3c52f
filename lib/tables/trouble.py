"""What storage says when it cannot be read or written, as errors that a user can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from lib.errors import DabbaError, Unavailable

# What a Java cause says -> (what it means, what to do).
_WRITING = {
    "No space left on device": ("the disk is full", "free some space, then run the same dates again"),
    "Disk quota exceeded": ("the disk is full", "free some space, then run the same dates again"),
    "Permission denied": ("permission denied", "give this user the right to write there, or set tables.root"),
    "Mkdirs failed": ("the folder cannot be made", "can this user make folders there? set tables.root"),
    "exists and is not a directory": ("a file stands where a folder must be", "set tables.root to a folder"),
    "Not a directory": ("a file stands where a folder must be", "set tables.root to a folder"),
    "ParentNotDirectory": ("a file stands where a folder must be", "set tables.root to a folder"),
    "Read-only file system": ("it is read-only", "set tables.root to a place that can be written"),
    "No FileSystem for scheme": ("this Spark does not know that storage", "add its connector, or set tables.root"),
}
_NO_ANSWER = dict.fromkeys(
    ("SocketTimeoutException", "ConnectException", "Connection reset"),
    ("did not answer", "run the same dates again: what was published is replaced, never doubled"),
)
_READING = {
    "MALFORMED_RECORD_IN_PARSING": (
        "a record does not fit the format",
        "leave out options.mode",
    ),
    "Malformed records are detected": ("a record does not fit the format", "leave out options.mode"),
    "Unexpected end of input stream": ("the file is cut off", "is the export complete? fetch it again"),
    "Unexpected end of ZLIB input stream": ("the file is cut off", "is the export complete? fetch it again"),
    "incorrect header check": ("the file is not compressed as its ending says", "rename it, or fetch it again"),
    "not in gzip format": ("the file is not compressed as its ending says", "rename it, or fetch it again"),
    "invalid stored block": ("the compressed file is damaged", "fetch it again"),
    "invalid distance": ("the compressed file is damaged", "fetch it again"),
    # After those above, which the parser wraps.
    "TextParsingException": ("a record has too many columns or letters", "mend the file, or set options.maxColumns"),
    "is not a Parquet file": ("a file is not Parquet", "look for other files in that folder"),
    "FAILED_READ_FILE": ("a file cannot be read", "does it still exist, and is it whole?"),
    "FileNotFoundException": ("a file went away while it was read", "run the same dates again"),
}


@contextmanager
def writing(where: str) -> Iterator[None]:
    """Within it, failures of the storage of tables become Unavailable; anything else passes as it is."""
    with (
        _translated(_NO_ANSWER, "The storage of a table {}; whether its rows were published is not known", where),
        _translated(_WRITING, "A table cannot be written: {}; nothing was published there", where),
    ):
        yield


@contextmanager
def reading(dataset: str, where: str, damaged: Callable[[], str | None] = lambda: None) -> Iterator[None]:
    """Within it, failures of a source's files become Unavailable; anything else passes as it is.

    The file is told that Spark names, or that `damaged` finds.
    """
    with _translated(_READING, f"The source `{dataset}` cannot be read: {{}}", where, damaged):
        yield


@contextmanager
def _translated(
    signs: dict[str, tuple[str, str]], what: str, where: str, damaged: Callable[[], str | None] = lambda: None
) -> Iterator[None]:
    try:
        yield
    except DabbaError:
        raise
    except (Py4JError, PySparkException) as error:
        story = whole_story(error)
        for sign, (meaning, todo) in signs.items():
            if sign in story:
                named = re.search(r"reading file (\S+?)[.]?(\s|\Z)", story)
                file = named[1] if named else damaged()
                raise Unavailable(what.format(meaning), where=file or where, todo=todo) from error
        raise


def whole_story(error: BaseException) -> str:
    """The error's text with that of every Java cause: Spark wraps what the disk said several times."""
    texts = [str(error)]
    cause = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    while cause is not None:
        texts.append(str(cause.toString()))
        cause = cause.getCause()
    return "\n".join(texts)
