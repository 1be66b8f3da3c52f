"""Indian places: city, district, state and PIN brought into one form, in Spark and in plain Python."""

from lib.normalise.place.columns import canonical_place, with_place
from lib.normalise.place.face import normalise_place
from lib.normalise.place.languages import StateLanguages, languages
from lib.normalise.place.resolver import Place
from lib.normalise.place.tables import City, PlaceTables, State, default_tables

__all__ = [
    "City",
    "Place",
    "PlaceTables",
    "State",
    "StateLanguages",
    "canonical_place",
    "default_tables",
    "languages",
    "normalise_place",
    "with_place",
]
