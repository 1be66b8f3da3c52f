"""Numbers that people type when they do not want to give one: the default of conf/phones.yaml."""

from __future__ import annotations

# National numbers of ten digits; those of one repeated digit need not be listed.
DUMMIES: tuple[str, ...] = (
    "1234567890",
    "0123456789",
    "9876543210",
    "9123456789",
    "9012345678",
    "8765432109",
    "7894561230",
    "9898989898",
    "9090909090",
    "9000000000",
    "9999999990",
    "8000000000",
    "7000000000",
    "6000000000",
    "1212121212",
    "9876543211",
    "9999900000",
    "9999988888",
)
