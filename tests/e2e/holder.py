"""A run without Spark, in a process of its own: takes leases of dates, and publishes by writing its name twice.

    python -m tests.e2e.holder race PAGE SECONDS NAME FOLDER < ROUNDS
    python -m tests.e2e.holder hold PAGE SECONDS NAME DATE FILE

PAGE is a path, or s3://BUCKET/KEY of the server that $MOTO names. It answers with lines of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from attrs import evolve

from lib.errors import Superseded
from lib.run.holder import Holder
from lib.run.lease import Lease, Page
from lib.tables.pages import LocalPage

HOME = Path(__file__).parents[2]


def page(where: str) -> Page:
    """The page of a path or of an object."""
    if not where.startswith("s3://"):
        return LocalPage(where)
    from lib.tables.s3_page import S3Page
    from tests.moto_s3 import S3

    bucket, _, key = where.removeprefix("s3://").partition("/")
    return S3Page(where, S3(os.environ["MOTO"]).client(), bucket, key)


def elsewhere(name: str) -> Holder:
    """A holder whose machine cannot be asked whether its process lives: only time tells."""
    return evolve(Holder(name), machine=name)


def start(*arguments: object, moto: str = "") -> subprocess.Popen[str]:
    """The process, its answers on a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.holder", *[str(argument) for argument in arguments]],
        cwd=HOME,
        env={**os.environ, "PYTHONPATH": str(HOME), "MOTO": moto},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Its next line."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"ended with {process.wait()}"
    found: dict[str, Any] = json.loads(line)
    return found


def tell(process: subprocess.Popen[str], value: object) -> None:
    """A line on its standard input."""
    assert process.stdin is not None
    process.stdin.write(f"{value}\n")
    process.stdin.flush()


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def publish(folder: Path, table: str, day: str, name: str) -> None:
    """A row of the run, added to what stands there: two runs at once would leave two."""
    with (folder / f"{table}-{day}").open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")


def race(where: str, seconds: str, name: str, folder: str) -> None:
    """A round for each line of standard input: a date, and the instant at which all processes begin."""
    say(ready=name)
    for line in sys.stdin:
        day, instant = line.split()
        time.sleep(max(0.0, float(instant) - time.monotonic()))
        try:
            with Lease(page_of[where], Holder(name), float(seconds), 0.0) as lease:
                lease.take([day])
                for table in ("silver", "gold"):
                    (Path(folder) / f"{table}-{day}").unlink(missing_ok=True)
                    lease.check()
                    time.sleep(0.005)
                    publish(Path(folder), table, day, name)
            say(code=0)
        except Superseded as error:
            say(code=error.exit_code)


def hold(where: str, seconds: str, name: str, day: str, file: str) -> None:
    """Hold a date; once FILE is there, look and publish."""
    with Lease(page_of[where], elsewhere(name), float(seconds), 0.0) as lease:
        lease.take([day])
        say(token=lease.token)
        while not Path(file).exists():
            time.sleep(0.01)
        try:
            lease.check()
        except Superseded as error:
            say(code=error.exit_code, message=str(error))
            return
        Path(file).write_text("published", "utf-8")
        say(code=0)


if __name__ == "__main__":
    page_of = {sys.argv[2]: page(sys.argv[2])}
    {"race": race, "hold": hold}[sys.argv[1]](*sys.argv[2:])
