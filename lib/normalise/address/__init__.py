"""Indian addresses taken apart: unit, building, street, locality, landmark, village, taluk, district, city, PIN."""

from lib.normalise.address.columns import with_address
from lib.normalise.address.parse import normalise_address
from lib.normalise.address.record import Address
from lib.normalise.address.tables import AddressTables, default_tables

__all__ = ["Address", "AddressTables", "default_tables", "normalise_address", "with_address"]
