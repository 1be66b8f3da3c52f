"""A run with Spark in a process of its own, again and again: what the tests of S3 let race. Started by `Writer`.

It reads orders as JSON, one a line, and answers each with a line; the session is started once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from lib.config.model import Tables
from lib.datasets.contract import Contract, Layer, text
from lib.errors import DabbaError

HOME = Path(__file__).parents[2]
TABLE = Contract("names", Layer.SILVER, 1, "a run", (text("run", ""),))


class Writer:
    """The process, seen from the test."""

    def __init__(self, root: str, session: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.writer", root, json.dumps(session)],
            cwd=HOME,
            env={**os.environ, "PYTHONPATH": str(HOME)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def order(self, **order: object) -> None:
        """Let it append a row to the table, which tells the run: `run`, `at` (an instant), `turns`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")

    def answer(self) -> int:
        """The exit code that a run would end with."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):  # Spark says something, too
                return int(json.loads(line)["code"])
        raise AssertionError(f"the writer has ended with {self.process.wait()}")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(300)


def main(root: str, session: dict[str, str]) -> None:
    """Serve orders until standard input ends."""
    from lib.session import get_session
    from lib.tables import open_store
    from lib.tables.delta import DeltaStore
    from lib.tables.filesystem import Storage

    spark = get_session("writer", {"spark.master": "local[1]", "spark.driver.memory": "700m", **session})
    stores = {True: open_store(spark, Tables(root)), False: DeltaStore(Storage.below(spark, root))}
    for line in sys.stdin:
        order = json.loads(line)
        row = spark.createDataFrame([(order["run"],)], TABLE.schema).coalesce(1)
        time.sleep(max(0.0, order["at"] - time.monotonic()))
        try:
            stores[order["turns"]].append(row, TABLE, order["run"])
            code = 0
        except DabbaError as error:
            sys.stderr.write(f"{error}\n")
            code = error.exit_code
        sys.stdout.write(json.dumps({"code": code}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
