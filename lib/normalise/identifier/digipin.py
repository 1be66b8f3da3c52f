"""DIGIPIN: the form of India Post's code of a square of some 4 metres; square.py has the square itself."""

from __future__ import annotations

from lib.normalise.identifier.kind import VALID, Kind, not_of_length

GRID = "FC98J327K456LMPT"  # four rows from north to south, each from west to east

DIGIPIN = Kind(
    name="digipin",
    dropped=" -.:#/_'\"`",
    repairs=((rf"\A(?:DIGIPIN|DIGI|PIN|NO)+([{GRID}]{{10}})\z", "$1"),),
    statuses=(
        (rf"\A[{GRID}]{{10}}\z", VALID),
        (not_of_length(10), "BAD_LENGTH"),
        (r"\A", "BAD_CHARACTER"),
    ),
    shapes=((r"\A(.{3})(.{3})(.{4})\z", "$1-$2-$3"),),
)
"""Digital Postal Index Number (Department of Posts with IIT Hyderabad and NRSC/ISRO, technical document of 2025).

Ten of the sixteen characters FC98J327K456LMPT, written 3-3-4. Each names one of 4 x 4 squares of the one before, the
first of a square from 2.5 to 38.5 degrees north and 63.5 to 99.5 east. Any ten of them are a square, in India or the
sea. Reasons: BAD_LENGTH, BAD_CHARACTER; from coordinates: BAD_BOUNDS.
"""
