"""Every error that a user can meet: what happened, where, and what to do; one class for each exit code."""

from __future__ import annotations

import json
import re
import traceback
import unicodedata
from collections.abc import Iterator, Sequence

# Joiners are letters' business in Indian scripts; every other invisible character is not.
_JOINERS = "\u200c\u200d"
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def one_line(text: str) -> str:
    """The text as one honest line: what would break, colour, reorder or hide a line is written as its escape.

    Names of files and columns, values and ids come from outside; a line that a person or a log reader trusts must not
    be forged by them. The escapes are JSON's, so a line of JSON stays JSON.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        json.dumps(letter)[1:-1] if unicodedata.category(letter) in _INVISIBLE and letter not in _JOINERS else letter
        for letter in text
    )


class DabbaError(Exception):
    """Root of all errors raised on purpose. `exit_code` is what the process ends with.

    `problems` are several mistakes told at once, a line each; a problem may be an error itself.
    """

    exit_code = 1
    kind = "error"

    def __init__(
        self, what: str, *, problems: Sequence[str | DabbaError] = (), where: str = "", todo: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.problems = tuple(problems)
        self.where = where
        self.todo = todo
        self.summary: dict[str, object] = {}  # what the run had done; part of the last line on standard output

    def __str__(self) -> str:
        lines = [one_line(self.what)]
        if self.where:
            lines.append(f"  where:      {one_line(self.where)}")
        if self.todo:
            lines.append(f"  what to do: {one_line(self.todo)}")
        for problem in self.problems:
            told = one_line(problem) if isinstance(problem, str) else str(problem).replace("\n", "\n  ")
            lines.append(f"  - {told}")
        return "\n".join(lines)


class UsageError(DabbaError):
    """Raised when the command line asks for something that cannot be meant, such as an end before its start."""

    exit_code = 2
    kind = "usage"


class ConfigError(DabbaError):
    """Raised when the configuration has mistakes; `problems` holds all of them, one line each."""

    exit_code = 3
    kind = "configuration"


class Unavailable(DabbaError):
    """Raised when a source cannot be read or a table cannot be written; a retry may help."""

    exit_code = 4
    kind = "unavailable"


class Refused(DabbaError):
    """Raised by the quality gate, before silver and gold change; a retry will not help."""

    exit_code = 5
    kind = "refused"


class Superseded(DabbaError):
    """Raised when another run or another pipeline holds what this run wants to write."""

    exit_code = 6
    kind = "superseded"


class Unexpected(DabbaError):
    """What nobody foresaw: a bug, or a failure of Spark that has no words of its own here yet."""

    kind = "unexpected"

    @classmethod
    def of(cls, trouble: Exception) -> Unexpected:
        """The error told without what may quote rows of data; the whole of it stays in `__cause__`.

        Of Spark and Java only the kinds of error are told: their messages hold values and records in too many forms.
        """
        frames = traceback.extract_tb(trouble.__traceback__)
        ours = [frame for frame in frames if re.search(r"(jobs|lib)/[a-z_/]+[.]py\Z", frame.filename)]
        where = "/".join(ours[-1].filename.rsplit("/", 3)[1:]) + f", line {ours[-1].lineno}" if ours else ""
        kinds = [type(trouble).__name__, *dict.fromkeys(_java_kinds(trouble))]
        told = "" if len(kinds) > 1 or _is_of_spark(trouble) else _unquoted(str(trouble))
        condition = re.match(r"\s*\[([A-Z0-9_.]+)\]", str(trouble))
        return cls(
            " <- ".join(kinds) + (f" {condition[1]}" if condition else "") + (f": {told}" if told else ""),
            where=where,
            todo="run the same dates again; if it repeats, report it. DABBA_TRACE=1 shows the whole trace",
        )


def _is_of_spark(trouble: Exception) -> bool:
    return type(trouble).__module__.partition(".")[0] in ("pyspark", "py4j", "pyarrow", "pandas")


def _java_kinds(trouble: BaseException) -> Iterator[str]:
    """The class names of the Java causes, outermost first; none where Java is gone."""
    cause = getattr(trouble, "java_exception", None) or getattr(trouble, "_origin", None)
    try:
        while cause is not None:
            yield str(cause.getClass().getSimpleName())
            cause = cause.getCause()
    except Exception:  # noqa: BLE001  whatever went wrong, it is told without Java's words
        return


def _unquoted(text: str) -> str:
    """The first line of a message up to its first quotation: what is quoted may be data."""
    line = next((line.strip(": ") for line in text.splitlines() if line.strip(": ")), "")
    return re.sub(r"""['"`].*""", "'...'", line)[:300]
