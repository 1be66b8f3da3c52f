"""runs: the ledger as a table on the terminal."""

from __future__ import annotations

from typing import Any

from pyspark.sql import functions as F
from rich.table import Table

from lib.config import Config
from lib.datasets import LEDGER
from lib.run.terminal import Terminal, cell
from lib.session import session
from lib.tables import open_store


def show_runs(config: Config, limit: int) -> dict[str, Any]:
    """The newest runs with their dates, outcome, rows and seconds."""
    terminal = Terminal()
    with session("dabba runs", config.spark) as spark:
        ledger = open_store(spark, config.tables).read(LEDGER.path)
        if ledger is None:
            terminal.note(f"No run has been made yet: there is no ledger below {config.tables.root}")
            return {"status": "listed", "runs": 0}
        of_account = F.col("stage") == "account"
        rows = (
            ledger.groupBy("run_id", "job", "status", "start_date", "end_date", "started_at")
            .agg(
                F.sum(F.when(of_account, F.col("rows_in"))).alias("rows_in"),
                F.sum(F.when(of_account, F.col("rows_quarantined"))).alias("refused"),
                F.count_if(F.col("stage") == "publish").alias("tables"),
                F.max(F.when(F.col("stage") == "run", F.col("seconds"))).alias("seconds"),
            )
            .orderBy(F.desc("started_at"), F.desc("run_id"))
            .limit(limit)
            .collect()
        )
    table = Table(title="Runs, newest first", title_justify="left", header_style="bold")
    for name in ("run", "job", "status", "from", "until (exclusive)"):
        table.add_column(name)
    for name in ("rows in", "refused", "tables", "seconds"):
        table.add_column(name, justify="right")
    for r in rows:
        numbers = [f"{r[name] or 0:,}" for name in ("rows_in", "refused", "tables", "seconds")]
        table.add_row(
            *[cell(r[name]) for name in ("run_id", "job", "status")], str(r["start_date"]), str(r["end_date"]), *numbers
        )
    terminal.output.print(table)
    return {"status": "listed", "runs": len(rows)}
