"""Names of people and organisations: parts, Latin form, kind, match key."""

from __future__ import annotations

from lib.normalise.name.columns import with_name
from lib.normalise.name.parse import Name, match_key, normalise_name

__all__ = ["Name", "match_key", "normalise_name", "with_name"]
