"""What stands beside the columns of every record: where it came from, and its text where it does not fit its format."""

from __future__ import annotations

import re

MALFORMED = "_malformed"
SOURCE_FILE = "_source_file"
SOURCE_RECORD = "_source_record"
POSITION = (MALFORMED, SOURCE_FILE, SOURCE_RECORD)

# A name in SQL: in quotes or plain.
IDENTIFIER = re.compile(r"`([^`]+)`|\b([A-Za-z_][A-Za-z0-9_]*)\b")
