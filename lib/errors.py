"""Every error that a user can meet: what happened, where, and what to do; one class for each exit code."""

from __future__ import annotations

import re
import traceback


class DabbaError(Exception):
    """Root of all errors raised on purpose. `exit_code` is what the process ends with."""

    exit_code = 1
    kind = "error"

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo
        self.summary: dict[str, object] = {}  # what the run had done; part of the last line on standard output

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where:      {self.where}")
        if self.todo:
            lines.append(f"  what to do: {self.todo}")
        return "\n".join(lines)


class UsageError(DabbaError):
    """Raised when the command line asks for something that cannot be meant, such as an end before its start."""

    exit_code = 2
    kind = "usage"


class ConfigError(DabbaError):
    """Raised when the configuration has mistakes; `problems` holds all of them, one line each."""

    exit_code = 3
    kind = "configuration"

    def __init__(self, what: str, *, problems: tuple[str, ...] = (), where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {problem}" for problem in self.problems)])


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
        """The error told without its details, which may quote rows of data; they stay in `__cause__`."""
        frames = traceback.extract_tb(trouble.__traceback__)
        ours = [frame for frame in frames if re.search(r"(jobs|lib)/[a-z_/]+[.]py\Z", frame.filename)]
        where = "/".join(ours[-1].filename.rsplit("/", 3)[1:]) + f", line {ours[-1].lineno}" if ours else ""
        lines = [line.strip(": ") for line in str(trouble).splitlines()]
        first = next((line for line in lines if line and not line.startswith("An error occurred while calling")), "")
        told = re.sub(r"""(['"`]).*?\1""", "'...'", first)[:300]
        return cls(
            f"{type(trouble).__name__}: {told}",
            where=where,
            todo="run the same dates again; if it repeats, report it. DABBA_TRACE=1 shows the whole trace",
        )
