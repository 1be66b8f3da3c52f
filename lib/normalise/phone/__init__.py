"""Indian phone numbers from cells as people write them."""

from __future__ import annotations

from lib.normalise.phone.columns import with_phone
from lib.normalise.phone.dummies import DUMMIES
from lib.normalise.phone.face import Phone, normalise_phone
from lib.normalise.phone.row import PhoneNumber

__all__ = ["DUMMIES", "Phone", "PhoneNumber", "normalise_phone", "with_phone"]
