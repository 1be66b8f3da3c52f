"""Quality: rules in one pass, a disjoint split, the gate, quarantine."""

from lib.quality.check import RowCounts, check_rows, count_rows, good, refused
from lib.quality.configured import rules_of
from lib.quality.dataset_rules import check_dataset, row_checks
from lib.quality.gate import gate_of, gate_problems
from lib.quality.quarantine import quarantine_rows

__all__ = [
    "RowCounts",
    "check_dataset",
    "check_rows",
    "count_rows",
    "gate_of",
    "gate_problems",
    "good",
    "quarantine_rows",
    "refused",
    "row_checks",
    "rules_of",
]
