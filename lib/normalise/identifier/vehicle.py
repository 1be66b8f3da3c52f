"""Vehicle registration marks: what stands on a number plate."""

from __future__ import annotations

from lib.normalise.identifier.kind import VALID, Kind, any_of
from lib.normalise.identifier.states import VEHICLE_STATES

_STATE = any_of(VEHICLE_STATES)
_SERIES = "[A-Z]{2}[0-9]{1,2}[A-Z]{1,3}"
_NUMBER = "(?!0000)[0-9]{4}"
_YEAR = "(?:2[1-9]|[34][0-9])"  # the BH series began in 2021

VEHICLE = Kind(
    name="vehicle",
    dropped=" -.:#/_'\"`*()[]\u2191",
    repairs=(
        (r"\A(?:REGN|REG|VEHICLE|VEH|NUMBER|NO|IND)+(?=[A-Z]{2}[0-9]|[0-9]{2}BH|T[0-9]{4})", ""),
        (r"\A((?!DL)[A-Z]{2})([0-9][A-Z]{1,3}[0-9]{1,4})\z", "$10$2"),
        (r"\ADL0([1-9][A-Z]{1,3}[0-9]{1,4})\z", "DL$1"),
        (rf"\A({_SERIES})([0-9])\z", "$1000$2"),
        (rf"\A({_SERIES})([0-9]{{2}})\z", "$100$2"),
        (rf"\A({_SERIES})([0-9]{{3}})\z", "$10$2"),
    ),
    statuses=(
        (rf"\A{_STATE}(?!00)[0-9]{{1,2}}[A-Z]{{1,3}}{_NUMBER}\z", VALID),
        (rf"\A{_YEAR}BH{_NUMBER}[A-HJ-NP-Z]{{1,2}}\z", VALID),
        (rf"\A{_STATE}(?!00)[0-9]{{2}}{_NUMBER}\z", VALID),
        (rf"\AT(?:0[1-9]|1[0-2])[0-9]{{2}}{_STATE}{_NUMBER}[A-Z]{{1,2}}\z", VALID),
        (rf"\A[ABCDGHJKMNOPRSTUW][A-Z]{{2}}{_NUMBER}\z", VALID),  # before 1989: initials of the states then
        (r"\A[0-9]{2}[A-Z][0-9]{6}[A-Z]\z", VALID),
        (r"\A[0-9]{1,3}(?:CD|CC|UN)[0-9]{1,4}\z", VALID),
        (r"\A[0-9]{2}BH0000|\AT[0-9]{4}[A-Z]{2}0000|\A[A-Z]{2,3}[0-9A-Z]{0,5}0000\z", "BAD_NUMBER"),
        (r"\A[0-9]{2}BH[0-9]{4}[A-HJ-NP-Z]{1,2}\z", "BAD_YEAR"),
        (rf"\A(?!{_STATE})[A-Z]{{2}}[0-9]{{1,2}}[A-Z]{{0,3}}[0-9]{{4}}\z", "BAD_STATE_CODE"),
        (r"\A[A-Z]{2}00", "BAD_RTO"),
        (r"\A(?:(?s:.){0,3}\z|(?s:.){14})", "BAD_LENGTH"),
    ),
    types=(
        (r"\A[A-Z]{2}[0-9]{1,2}[A-Z]", "STANDARD"),
        (r"\A[0-9]{2}BH", "BH"),
        (r"\AT[0-9]", "TEMPORARY"),
        (r"\A[A-Z]", "OLD"),
        (r"\A[0-9]+(?:CD|CC|UN)", "DIPLOMATIC"),
        (r"\A[0-9]", "MILITARY"),
    ),
    state=r"\A(?:T[0-9]{4})?([A-Z]{2})[0-9]",
    states=VEHICLE_STATES,
)
"""Registration mark of a motor vehicle (Central Motor Vehicles Rules 1989, rules 47 to 50), without spaces.

STANDARD: state, office (two digits; Delhi's without leading zero), series, number in four digits: `MH12AB0034`,
`DL3CAB1234`. BH: year from 21, BH, number, series without I and O (rule 47A, 2021). TEMPORARY: T, month, year, state,
number, series (S.O. of 2021). OLD: no series (`HR261234`) or three letters (before 1989, no state known). MILITARY:
year, class, number, check letter. DIPLOMATIC: country, CD, CC or UN, number. Reasons: BAD_FORMAT, BAD_LENGTH,
BAD_STATE_CODE, BAD_RTO (office 00), BAD_NUMBER (0000), BAD_YEAR (a BH series of before 2021).
"""
