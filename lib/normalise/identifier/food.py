"""FSSAI: the licence number of a food business."""

from __future__ import annotations

from lib.normalise.identifier.kind import ROUNDED, VALID, Kind, any_of, floats, not_of_length
from lib.normalise.identifier.states import FSSAI_STATES

_STATE = any_of(("00", *FSSAI_STATES))

FSSAI = Kind(
    name="fssai",
    dropped=" -:#'\"`",
    repairs=(
        (r"\A(?:FSSAI|LICENCE|LICENSE|LIC|REGISTRATION|REGN|REG|NUMBER|NO|[.])+(?=[0-9])", ""),
        *floats(13),
    ),
    statuses=(
        (rf"\A(?:1{_STATE}|2(?!00){_STATE})[1-4][0-9](?!000000000)[0-9]{{9}}\z", VALID),
        ROUNDED,
        (not_of_length(14), "BAD_LENGTH"),
        (r"\A[03-9][0-9]{13}\z", "BAD_FIRST_DIGIT"),
        (rf"\A(?:1(?!{_STATE})|2(?!(?!00){_STATE}))[0-9]{{13}}\z", "BAD_STATE_CODE"),
        (r"\A[0-9]{3}[05-9][0-9]{10}\z", "BAD_YEAR"),
        (r"\A[0-9]{14}\z", "BAD_SERIAL"),
    ),
    types=((r"\A100", "CENTRAL_LICENCE"), (r"\A1", "STATE_LICENCE"), (r"\A2", "REGISTRATION")),
    state=r"\A.([0-9]{2})",
    states=FSSAI_STATES,
)
"""FSSAI licence or registration number (Food Safety and Standards Authority of India, Licensing and Registration
Regulations 2011; FoSCoS): 14 digits, to be printed on every packet and bill.

1 (licence) or 2 (registration of a small business), state code in FSSAI's own numbering (00: central licence), year
of the first grant (10 and later; the law is of 2011), three digits of the office, six of the business. There is no
check digit. Reasons: BAD_LENGTH, BAD_FORMAT, BAD_FIRST_DIGIT, BAD_STATE_CODE, BAD_YEAR, BAD_SERIAL (zeros),
BAD_ROUNDED.
"""
