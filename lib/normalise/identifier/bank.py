"""Numbers of payments: IFSC, UPI address, bank account."""

from __future__ import annotations

from lib.normalise.identifier.kind import ROUNDED, VALID, Kind, floats, not_of_length

IFSC = Kind(
    name="ifsc",
    dropped=" -.:#/_'\"`*()[]",
    repairs=((r"\A(?:RTGS|NEFT|IFSC|IFS|BANK|CODE|NUMBER|NO)+([A-Z]{4}0[0-9A-Z]{6})\z", "$1"),),
    statuses=(
        (r"\A[A-Z]{4}0[0-9A-Z]{6}\z", VALID),
        (not_of_length(11), "BAD_LENGTH"),
        (r"\A[A-Z]{4}[0-9A-Z]{7}\z", "BAD_FIFTH_CHARACTER"),
    ),
)
"""Indian Financial System Code (Reserve Bank of India): four letters of the bank, 0, six characters of the branch.

The letter O in place of the zero is told (BAD_FIFTH_CHARACTER), not mended: money goes where the code says. Reasons:
BAD_LENGTH, BAD_FIFTH_CHARACTER, BAD_FORMAT. Whether the branch exists only RBI's list can tell.
"""

_NAME = "[a-z0-9._-]{2,256}"

UPI = Kind(
    name="upi",
    case="lower",
    dropped="<>\"'`",
    repairs=(
        (r"\Aupi://pay[?](?:[^&]*&)*?pa=([^&]*)[\s\S]*\z", "$1"),
        (r"\A(?:upi|vpa|bhim|id|no|address)(?:[ :#-]+(?:upi|vpa|id|no|address))*[ :#-]+(?=[^@]+@)", ""),
        (" *(?:@|%40) *", "@"),
        (r"[.,;]+\z", ""),
    ),
    statuses=(
        (r"\A[0-9]{12}@aadhaar[.]npci\z", "BAD_AADHAAR"),
        (rf"\A{_NAME}@[a-z][a-z0-9]{{1,63}}\z", VALID),
        (r"\A[0-9]{9,18}@[a-z]{4}0[a-z0-9]{6}[.]ifsc[.]npci\z", VALID),
        (r"\A[^@]{257}", "BAD_LENGTH"),
        (r"\A[^@ ]+@[^@ ]+[.][a-z]{2,}\z", "BAD_EMAIL"),
        (rf"\A{_NAME}@[^@]*\z", "BAD_HANDLE"),
        (r"\A[^@]*@[a-z][a-z0-9]{1,63}\z", "BAD_NAME"),
    ),
    types=(
        (r"\A(?:91)?[6-9][0-9]{9}(?:-[0-9]{1,2})?@", "MOBILE"),
        (r"@[a-z0-9]+[.]ifsc[.]npci\z", "ACCOUNT"),
        (r"\A", "NAME"),
    ),
)
"""UPI address, "virtual payment address" (NPCI, UPI procedural guidelines): name@handle, in lower case.

The name has letters, digits, dot, dash and underscore; the handle is one word that NPCI gives to a bank or app.
Types: MOBILE (the name is a mobile number), ACCOUNT (account@ifsc.ifsc.npci), NAME. Reasons: BAD_FORMAT, BAD_LENGTH,
BAD_NAME, BAD_HANDLE, BAD_EMAIL (an e-mail address), BAD_AADHAAR (the withdrawn form number@aadhaar.npci: it would
give an Aadhaar number away and has no value here).
"""

ACCOUNT = Kind(
    name="account",
    dropped=" -:#'\"`",
    repairs=(
        (r"\A(?:BANK|SAVINGS|SAVING|SB|CURRENT|CA|ACCOUNT|ACCT|ACC|A/C|AC|NUMBER|NUM|NO|[.])+(?=[0-9])", ""),
        *floats(*range(8, 15)),
    ),
    statuses=(
        (r"\A([0-9])\1*\z", "BAD_DUMMY"),
        (r"\A[0-9]{9,18}\z", VALID),
        (r"\A[0-9]+\z", "BAD_LENGTH"),
        ROUNDED,
        (r"[0-9X*]", "BAD_CHARACTER"),
    ),
)
"""Bank account number in India: 9 to 18 digits (NPCI's NACH and IMPS formats), leading zeros kept.

Each bank has its own length and check; none is published for all. Reasons: BAD_LENGTH, BAD_DUMMY (one digit again and
again), BAD_ROUNDED (a spreadsheet lost digits), BAD_CHARACTER, BAD_FORMAT.
"""
