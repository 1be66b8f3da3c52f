"""What a change does to its row: the words of the tools that tell changes, as UPSERT or DELETE."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

UPSERT, DELETE, UNKNOWN = "UPSERT", "DELETE", "UNKNOWN"
# Debezium: c, r (read in a snapshot), u, d. DMS, GoldenGate: I, U, D. Maxwell, Delta, Fivetran and others: words.
WORDS = {
    UPSERT: ("c", "create", "r", "read", "i", "insert", "u", "update", "upsert", "replace", "update_postimage"),
    DELETE: ("d", "delete", "remove"),
}


def operation(column: Column) -> Column:
    """UPSERT, DELETE, or UNKNOWN for any other word; null stays null. Case and blanks around do not matter."""
    word = F.lower(F.trim(column))
    known = F.when(word.isin(*WORDS[UPSERT]), UPSERT).when(word.isin(*WORDS[DELETE]), DELETE)
    return known.when(word.isNotNull(), UNKNOWN)
