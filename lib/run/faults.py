"""Fault points: where tests kill the process, raise, or lose the answer of a commit that landed. Here nothing happens.

Callers write `faults.reached(...)`, so that a test that puts another function in its place is heard everywhere.
"""

from __future__ import annotations

POINTS = ("after_extract", "before_stage", "before_commit", "after_commit", "before_report")


def reached(point: str, table: str = "") -> None:
    """One of `POINTS`, and the table (LAYER/NAME) that it concerns, or '' for the run as a whole."""
