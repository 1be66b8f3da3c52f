"""What sources write -> what it means, by a table in conf; case, spaces and punctuation do not matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F


def alias_key(text: str) -> str:
    """The form in which a word is looked up: letters and digits in lower case, everything else one space."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def canonical(column: Column, vocabulary: Mapping[str, str], *, unlisted: Column) -> Column:
    """The canonical word of each value: by alias, or itself where it already is one; null stays null."""
    table = {alias_key(word): word for word in vocabulary.values()}
    table.update({alias_key(alias): word for alias, word in vocabulary.items()})
    if not table:
        return F.when(column.isNotNull(), unlisted)
    words = F.create_map(*[F.lit(item) for pair in sorted(table.items()) for item in pair])
    key = F.trim(F.regexp_replace(F.lower(column), "[^a-z0-9]+", " "))
    # A map literal is a constant of the plan: no join, no shuffle. try_element_at: absent is null in both dialects.
    return F.when(column.isNotNull(), F.coalesce(F.try_element_at(words, key), unlisted))


def tidy(column: Column) -> Column:
    """Spaces collapsed and trimmed; an empty text becomes null."""
    collapsed = F.trim(F.regexp_replace(column, r"[\s\u00a0]+", " "))
    return F.when(collapsed != "", collapsed)
