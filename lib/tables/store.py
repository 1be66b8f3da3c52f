"""What both kinds of store share: a root folder, small files in it, and what every table says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import Factory, frozen

from lib.tables.conflicts import until_settled
from lib.tables.filesystem import Storage
from lib.tables.trouble import writing
from lib.tables.turns import Turns


@frozen
class Rooted:
    """What Delta and Parquet stores share: a root folder and the small files in it."""

    storage: Storage
    turns: Turns = Factory(Turns)

    def at(self, path: str) -> str:
        """The full path of LAYER/NAME."""
        return self.storage.at(path)

    def in_turn(self, path: str, commit: Callable[[], object]) -> None:
        """Commit to the table at LAYER/NAME: in its turn, after the look, and anew after each conflict with a run."""

        def looked() -> None:
            look()
            commit()

        with writing(self.at(path)), self.turns.at(path) as look:
            until_settled(looked, self.at(path))

    def write_json(self, path: str, value: Any) -> str:
        """Write a small JSON file, whole or not at all; returns its full path."""
        return self.storage.write_json(path, value)

    def delete(self, path: str) -> None:
        """Delete a small file, if it is there."""
        self.storage.delete(path)

    def read_json(self, path: str) -> Any:
        """The content of a small JSON file, or None where there is none."""
        return self.storage.read_json(path) if self.storage.exists(path) else None

    def check_writable(self) -> None:
        """Raise Unavailable unless files can be written below the root."""
        self.storage.check_writable()
