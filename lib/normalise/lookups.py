"""What the normalisers look up, as the configuration has it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lib.config import Config
from lib.normalise.address import AddressTables
from lib.normalise.phone import DUMMIES
from lib.normalise.place import PlaceTables


@frozen
class Lookups:
    """States, cities, words of addresses, and the numbers that are none."""

    places: PlaceTables
    addresses: AddressTables
    dummies: Sequence[str] = DUMMIES

    @classmethod
    def of(cls, config: Config) -> Lookups:
        """The tables of `config`; ValueError lists every mistake in one of them."""
        places = PlaceTables.from_mappings(config.places.states, config.places.cities)
        return cls(places, AddressTables.from_mappings(config.addresses, places), config.phones.dummies or DUMMIES)
