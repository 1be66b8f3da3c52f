"""Data out: tables that are replaced by date in one commit, and read back; Delta or Parquet behind one face."""

from lib.tables.store import open_store

__all__ = ["open_store"]
