"""Identifiers checked in plain Python: `check_identifier`, with the same answers as the Spark form."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from attrs import frozen

from lib.errors import UsageError
from lib.normalise.identifier import checksum
from lib.normalise.identifier.aadhaar import AADHAAR
from lib.normalise.identifier.bank import ACCOUNT, IFSC, UPI
from lib.normalise.identifier.digipin import DIGIPIN
from lib.normalise.identifier.email import EMAIL
from lib.normalise.identifier.food import FSSAI
from lib.normalise.identifier.kind import (
    BAD_CHECKSUM,
    BAD_FORMAT,
    BETWEEN_WORDS,
    LOWER,
    MISSING,
    NOTHING,
    UPPER,
    VALID,
    Kind,
    Replacements,
)
from lib.normalise.identifier.tax import GSTIN, PAN
from lib.normalise.identifier.vehicle import VEHICLE
from lib.normalise.text import fold, is_missing

KINDS = {
    kind.name: kind for kind in (PAN, GSTIN, AADHAAR, IFSC, UPI, ACCOUNT, FSSAI, VEHICLE, DIGIPIN, EMAIL)
}  # what `kind` may be

_WORDS = str.maketrans(LOWER, UPPER, BETWEEN_WORDS)
_TO_LOWER = str.maketrans(UPPER, LOWER)


@frozen
class Identifier:
    """What is known of one identifier.

    `value` is its normal form, None unless the status is VALID (or says so: VALID_TYPO_DOMAIN, an Aadhaar that came
    masked); an Aadhaar's is masked. `type` and `state_code` (ISO 3166-2:IN) are None where the kind has none.
    `hash` is an Aadhaar's HMAC-SHA256 in hexadecimal, None without a key.
    """

    kind: str
    value: str | None
    status: str
    type: str | None = None
    state_code: str | None = None
    hash: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the status is VALID or starts so."""
        return self.status.startswith(VALID)


def kind_of(name: str) -> Kind:
    """The kind of this name; UsageError for any other."""
    try:
        return KINDS[name]
    except KeyError:
        raise UsageError(f"there is no identifier {name!r}", todo=f"use one of: {', '.join(KINDS)}") from None


def check_identifier(kind: str, text: str | None, *, key: bytes | str | None = None) -> Identifier:
    """`text` as an identifier of this kind (one of KINDS): never an exception for any text, only a status.

    `key` is the secret of an Aadhaar's hash and is for no other kind; without one (or with an empty one, which would
    protect nothing) there is no hash. No output holds an Aadhaar number.
    """
    rules = kind_of(kind)
    folded = fold(text)
    if is_missing(folded) or folded.translate(_WORDS) in NOTHING:
        return Identifier(kind, None, MISSING)
    tidy = _replaced(_cased(folded, rules), rules.repairs)
    if not tidy:
        return Identifier(kind, None, MISSING)
    status = _first(tidy, rules.statuses) or BAD_FORMAT
    if status == VALID and rules.checksum and not getattr(checksum, rules.checksum)(tidy):
        status = BAD_CHECKSUM
    if not status.startswith(VALID):
        return Identifier(kind, _replaced(tidy, rules.shapes) if status in rules.kept else None, status)
    return Identifier(
        kind,
        _replaced(tidy, rules.shapes),
        status,
        _first(tidy, rules.types),
        _state(tidy, rules),
        _hash(tidy, key) if rules.secret else None,
    )


def secret(key: bytes | str | None) -> bytes:
    """The key as bytes; b"" for none."""
    return key.encode("utf-8") if isinstance(key, str) else key or b""


def _hash(number: str, key: bytes | str | None) -> str | None:
    known = secret(key)
    return hmac.new(known, number.encode("ascii"), hashlib.sha256).hexdigest() if known else None


def _cased(text: str, rules: Kind) -> str:
    if rules.case == "domain":
        name, at, domain = text.rpartition("@")
        return name + at + domain.translate(_TO_LOWER) if at else text
    # As in SQL's translate(): a character named twice is dropped only where it is not changed first.
    return text.translate(str.maketrans(rules.case_from[:26], rules.case_to, rules.dropped)).strip(" ")


def _first(text: str, patterns: Replacements) -> str | None:
    return next((name for pattern, name in patterns if _compiled(pattern).search(text)), None)


def _replaced(text: str, replacements: Replacements) -> str:
    for pattern, replacement in replacements:
        text = _compiled(pattern).sub(_template(replacement), text)
    return text


def _state(text: str, rules: Kind) -> str | None:
    found = _compiled(rules.state).search(text) if rules.state else None
    return rules.states.get(found[1]) if found else None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of Java's as Python has it."""
    return re.compile(pattern.replace(r"\z", r"\Z"))


@lru_cache(maxsize=128)
def _template(replacement: str) -> str:
    return re.sub(r"\$([0-9])", r"\\g<\1>", replacement)
