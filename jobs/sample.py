"""sample: seeded sample data, at any size, with its truth."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from lib.errors import UsageError
from lib.run.terminal import Terminal
from lib.sample import SampleSpec, write_sample, write_sample_with_spark


def make_sample(output: Path | None, lines: int, start: date, end: date, seed: int, large: bool) -> dict[str, Any]:
    """Write the sample below `output` and say what it holds."""
    root = output or Path(os.environ.get("DABBA_SAMPLE", "data/sample"))
    try:
        spec = SampleSpec(lines=lines, start=start, end=end, seed=seed)
    except ValueError as error:
        raise UsageError(f"Such a sample cannot be: {error}", todo="change --lines, --start or --end") from None
    terminal = Terminal()
    with terminal.stage("sample", f"{lines:,} order lines, {start} .. {end} (exclusive), into {root}"):
        if large:
            from lib.session import session

            with session("dabba sample") as spark:
                summary = write_sample_with_spark(spark, spec, str(root))
        else:
            summary = write_sample(spec, root)
    return {"status": "written", "root": str(root), "rows": dict(summary.rows), "refused": dict(summary.refused)}
