"""How a command ends, whatever happens: the exit code of its meaning, and one JSON line on standard output."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from lib.errors import DabbaError, Refused, Unexpected, UsageError
from lib.run.terminal import Terminal


def not_in_the_future(last: date) -> None:
    """Raise UsageError where a business date has not begun yet."""
    from zoneinfo import ZoneInfo

    from lib.run.window import BUSINESS_ZONE

    today = datetime.now(ZoneInfo(BUSINESS_ZONE)).date()
    if last > today:
        raise UsageError(
            f"{last} is in the future: today is {today} in {BUSINESS_ZONE}", todo="give dates that have begun"
        )


def guarded(body: Callable[[], dict[str, Any] | None]) -> None:
    """Run `body`; whatever happens, end with one JSON line on standard output and the exit code of its meaning."""
    terminal = Terminal()
    try:
        summary = body()
        if summary is not None:
            terminal.close(summary)
    except Exception as trouble:  # noqa: BLE001  whatever happens, the last line says how it ended
        error = trouble if isinstance(trouble, DabbaError) else Unexpected.of(trouble)
        if os.environ.get("DABBA_TRACE"):
            traceback.print_exception(trouble)
        terminal.fail(error)
        status = "refused" if isinstance(error, Refused) else "failed"
        terminal.close({**error.summary, "status": status, "exit_code": error.exit_code, "message": str(error)[:1500]})
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        terminal.close({"status": "interrupted", "exit_code": 1})
        sys.exit(1)
