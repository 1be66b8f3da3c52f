"""Places in plain Python: `normalise_place`."""

from __future__ import annotations

from functools import lru_cache

from lib.normalise.place.resolver import Place, Resolver
from lib.normalise.place.tables import PlaceTables, default_tables


def normalise_place(
    city: str | None = None,
    state: str | None = None,
    pincode: str | None = None,
    district: str | None = None,
    tables: PlaceTables | None = None,
) -> Place:
    """The place that the texts tell, with the same results as `with_place`; without `tables` those of conf/.

    >>> normalise_place("Bangalore", pincode="560 001").city
    'Bengaluru'
    """
    return resolver_of(tables)(city, state, pincode, district)


@lru_cache(maxsize=4)
def resolver_of(tables: PlaceTables | None) -> Resolver:
    """The resolver of some tables (None: those of conf/), indexed once."""
    return Resolver(tables or default_tables())
