"""PAN and GSTIN: the numbers of income tax and of goods and services tax."""

from __future__ import annotations

from lib.normalise.identifier.kind import VALID, Kind, any_of, not_of_length
from lib.normalise.identifier.states import GST_ELSEWHERE, GST_STATES

_DROPPED = " -.:#/_'\"`*()[]"

_HOLDERS = {
    "P": "PERSON", "C": "COMPANY", "H": "HUF", "F": "FIRM", "A": "AOP", "T": "TRUST", "K": "TRUST", "B": "BOI",
    "L": "LOCAL_AUTHORITY", "J": "JURIDICAL_PERSON", "G": "GOVERNMENT",
}  # fmt: skip
_HOLDER = "[" + "".join(sorted(_HOLDERS)) + "]"
_PAN = rf"[A-Z]{{3}}{_HOLDER}[A-Z](?!0000)[0-9]{{4}}[A-Z]"
_PAN_LIKE = "[A-Z]{5}[0-9]{4}[A-Z]"
_TAN = "[A-Z]{4}[0-9]{5}[A-Z]"

PAN = Kind(
    name="pan",
    dropped=_DROPPED,
    repairs=((rf"\A(?:PAN|NUMBER|NO|CARD|ID|INCOMETAX)+({_PAN_LIKE})\z", "$1"),),
    statuses=(
        (rf"\A{_PAN}\z", VALID),
        (not_of_length(10), "BAD_LENGTH"),
        (r"\A[A-Z]{5}0000[A-Z]\z", "BAD_SERIAL"),
        (rf"\A{_PAN_LIKE}\z", "BAD_TYPE"),
    ),
    types=tuple((rf"\A[A-Z]{{3}}{letter}", holder) for letter, holder in _HOLDERS.items()),
)
"""Permanent Account Number (Income-tax Department; rule 114 of the Income-tax Rules 1962).

Five letters, four digits from 0001, one letter. The fourth letter is the kind of holder (K: trust registered as
Krish), the fifth the first letter of the surname or name. The last letter is a check of a secret formula: two letters
exchanged are not found. Reasons: BAD_LENGTH, BAD_FORMAT (letters and digits in other places), BAD_TYPE (no such
holder), BAD_SERIAL (0000).
"""

_STATE = any_of((*GST_STATES, *GST_ELSEWHERE))
_FOREIGN = "[0-9]{2}[A-Z]{3}[0-9]{5}"  # year, country or UNO, serial number: they have no PAN
_LAYOUTS = {  # characters 1 to 14; the last is the check digit
    "REGULAR": rf"{_STATE}{_PAN}[1-9A-Z][Z1-9ABE-J]",
    "TCS": rf"{_STATE}{_PAN}[1-9A-Z]C",
    "TDS": rf"{_STATE}(?:{_PAN}|{_TAN})[1-9A-Z]D",
    "GOVERNMENT": rf"{_STATE}{_TAN}[0-9]Z",
    "UN_BODY": rf"{_STATE}{_FOREIGN}UN",
    "OTHER_NOTIFIED": rf"{_STATE}{_FOREIGN}ON",
    "NRTP": rf"{_STATE}{_FOREIGN}NR",
    "OIDAR": rf"99{_FOREIGN}OS",
}

GSTIN = Kind(
    name="gstin",
    dropped=_DROPPED,
    repairs=((r"\A(?:GSTIN|GST|UIN|NUMBER|NO|REGN|REG|ID)+([0-9]{2}[0-9A-Z]{13})\z", "$1"),),
    statuses=(
        (rf"\A(?:{'|'.join(_LAYOUTS.values())})[0-9A-Z]\z", VALID),
        (not_of_length(15), "BAD_LENGTH"),
        (r"\A[0-9]{12}TMP\z", "BAD_TEMPORARY"),
        (rf"\A(?!{_STATE})[0-9]{{2}}", "BAD_STATE_CODE"),
        (rf"\A[0-9]{{2}}{_PAN_LIKE}[1-9A-Z][Z1-9A-J][0-9A-Z]\z", "BAD_PAN"),
    ),
    types=tuple((rf"\A{layout}[0-9A-Z]\z", name) for name, layout in _LAYOUTS.items()),
    state=r"\A([0-9]{2})",
    states=GST_STATES,
    checksum="luhn36",
)
"""Goods and Services Tax Identification Number (rule 10 of the CGST Rules 2017; layouts as published by GSTN for its
APIs).

State code, PAN, number of the registration, a letter, check digit. The number does not tell a normal taxpayer from a
composition dealer, a casual taxable person, a developer or unit of an SEZ or an input service distributor: all are
REGULAR. Told apart are tax deductors (TDS, with a PAN or a TAN), collectors (TCS), government departments registered
by their TAN, non-residents (NRTP), suppliers of online services from abroad (OIDAR), and holders of a UIN: embassies
and bodies of the United Nations (UN_BODY), OTHER_NOTIFIED persons. All have the same check digit, Luhn modulo 36.
Reasons: BAD_LENGTH, BAD_FORMAT, BAD_STATE_CODE, BAD_PAN (the PAN inside has no such holder or 0000), BAD_CHECKSUM,
BAD_TEMPORARY (a temporary number, which ends when the registration is granted). "URP" (unregistered) is MISSING.
"""
