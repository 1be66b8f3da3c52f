"""What both kinds of store share: a root folder, small files in it, and what every table says of itself."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from lib.datasets import Contract
from lib.errors import ConfigError
from lib.tables.filesystem import Storage

_OWNER = "dabba"


@frozen
class Rooted:
    """What Delta and Parquet stores share: a root folder and the small files in it."""

    storage: Storage

    def at(self, path: str) -> str:
        """The full path of LAYER/NAME."""
        return self.storage.at(path)

    def write_json(self, path: str, value: Any) -> str:
        """Write a small JSON file, whole or not at all; returns its full path."""
        return self.storage.write_json(path, value)

    def check_writable(self) -> None:
        """Raise Unavailable unless files can be written below the root."""
        self.storage.check_writable()


def properties(contract: Contract) -> dict[str, str]:
    """What a table says of itself: its owner, its contract and the contract's version."""
    return {
        "dabba.owner": _OWNER,
        "dabba.contract": f"{contract.layer.value}.{contract.name}",
        "dabba.contractVersion": str(contract.version),
    }


def refuse_foreign(found: dict[str, str], contract: Contract, where: str) -> None:
    """Raise ConfigError unless `found`, a table's properties, say that it is this contract's own."""
    own = properties(contract)
    if any(found.get(key) != own[key] for key in ("dabba.owner", "dabba.contract")):
        raise ConfigError(
            "The table at this path was made by another pipeline; it is not replaced",
            where=where,
            todo="set tables.root to a folder of our own, or move that table away",
        )
