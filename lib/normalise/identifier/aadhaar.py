"""Aadhaar: checked, and never given out but for its last four digits and a keyed hash."""

from __future__ import annotations

from lib.normalise.identifier.kind import ROUNDED, VALID, Kind, floats, not_of_length

_MASKED = r"\A[X*]{8}([0-9]{4})\z"

AADHAAR = Kind(
    name="aadhaar",
    dropped=" -:#/",
    repairs=(
        (r"\A(?:AADHAAR|AADHAR|ADHAAR|ADHAR|UIDAI|UID|NUMBER|NO|CARD|[.])+(?=[0-9X*])", ""),
        *floats(11),
    ),
    statuses=(
        (r"\A([0-9])([0-9])([0-9])([0-9])([0-9])([0-9])\6\5\4\3\2\1\z", "BAD_PALINDROME"),
        (r"\A[2-9][0-9]{11}\z", VALID),
        (_MASKED, "BAD_MASKED"),
        (r"\A[0-9]{16}\z", "BAD_VID"),
        (r"\A[0-9]{14}(?:[0-9]{14})?\z", "BAD_ENROLMENT_ID"),
        (r"\A[01][0-9]{11}\z", "BAD_FIRST_DIGIT"),
        ROUNDED,
        (not_of_length(12), "BAD_LENGTH"),
    ),
    shapes=((r"\A(?:[0-9]{8}|[X*]{8})([0-9]{4})\z", "XXXX XXXX $1"),),
    kept=("BAD_MASKED",),
    checksum="verhoeff",
    secret=True,
)
"""Aadhaar number (UIDAI, "A UID Numbering Scheme", 2010): 12 digits, the first 2 to 9, the last a Verhoeff check
digit.

What comes out is `XXXX XXXX 1234` (the form of UIDAI's masked Aadhaar; the Aadhaar Act 2016, section 29, forbids to
publish the number) and, where a key is given, the HMAC-SHA256 of the 12 digits, by which records can be joined.
Reasons: BAD_LENGTH, BAD_FORMAT, BAD_FIRST_DIGIT, BAD_CHECKSUM, BAD_PALINDROME (none is issued), BAD_VID (a virtual ID
of 16 digits: it changes, so it identifies no one), BAD_ENROLMENT_ID, BAD_ROUNDED (a spreadsheet lost digits) and
BAD_MASKED (masked already: the last four digits are kept, nothing can be checked).
"""
