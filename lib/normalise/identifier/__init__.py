"""Indian identifiers: validity with a reason, normal form, type and state; PAN, GSTIN, Aadhaar and seven others."""

from __future__ import annotations

from lib.normalise.identifier.check import KINDS, Identifier, check_identifier
from lib.normalise.identifier.spark import with_identifier
from lib.normalise.identifier.square import (
    Point,
    decode_digipin,
    encode_digipin,
    with_digipin,
    with_digipin_point,
)

__all__ = [
    "KINDS",
    "Identifier",
    "Point",
    "check_aadhaar",
    "check_account",
    "check_digipin",
    "check_email",
    "check_fssai",
    "check_gstin",
    "check_identifier",
    "check_ifsc",
    "check_pan",
    "check_upi",
    "check_vehicle",
    "decode_digipin",
    "encode_digipin",
    "with_digipin",
    "with_digipin_point",
    "with_identifier",
]


def check_pan(text: str | None) -> Identifier:
    """Permanent Account Number; see tax.py."""
    return check_identifier("pan", text)


def check_gstin(text: str | None) -> Identifier:
    """Goods and Services Tax Identification Number; see tax.py."""
    return check_identifier("gstin", text)


def check_aadhaar(text: str | None, *, key: bytes | str | None = None) -> Identifier:
    """Aadhaar number, which comes out masked and, with a key, hashed; see aadhaar.py."""
    return check_identifier("aadhaar", text, key=key)


def check_ifsc(text: str | None) -> Identifier:
    """Indian Financial System Code; see bank.py."""
    return check_identifier("ifsc", text)


def check_upi(text: str | None) -> Identifier:
    """UPI address; see bank.py."""
    return check_identifier("upi", text)


def check_account(text: str | None) -> Identifier:
    """Bank account number; see bank.py."""
    return check_identifier("account", text)


def check_fssai(text: str | None) -> Identifier:
    """FSSAI licence number; see food.py."""
    return check_identifier("fssai", text)


def check_vehicle(text: str | None) -> Identifier:
    """Vehicle registration mark; see vehicle.py."""
    return check_identifier("vehicle", text)


def check_digipin(text: str | None) -> Identifier:
    """DIGIPIN; see digipin.py."""
    return check_identifier("digipin", text)


def check_email(text: str | None) -> Identifier:
    """E-mail address; see email.py."""
    return check_identifier("email", text)
