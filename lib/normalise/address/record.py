"""What an address is after it was taken apart: `Address`."""

from __future__ import annotations

from attrs import fields, frozen

# address_type
LANDMARK = "LANDMARK"
STRUCTURED = "STRUCTURED"
RURAL = "RURAL"
COMMERCIAL = "COMMERCIAL"
UNKNOWN = "UNKNOWN"

# address_status
MISSING = "MISSING"  # no text
UNPARSED = "UNPARSED"  # a text in which nothing was recognised
PARTIAL = "PARTIAL"  # some parts; PIN, state, and city, district or village are not all there
STATE_FROM_PIN = "STATE_FROM_PIN"  # the state is not printed and no column gives it: it is the PIN's
STATE_MISMATCH = "STATE_MISMATCH"  # the PIN lies in another state than the one that is printed or given
VALID = "VALID"  # PIN, state, and city, district or village are there and do not contradict


@frozen
class Address:
    """One address. Parts are as the text writes them, tidied; city and state are canonical where the tables know them.

    - `unit`: flat, house, door, shop or plot with its label as written ("H.No. 12"); the floor where there is none
    - `building`, `street`, `sublocality` (the smaller area), `locality` (the larger one)
    - `landmark` with its word of relation as written ("Opp Police Station"), `landmark_relation`: NEAR, OPPOSITE,
      BEHIND, BESIDE, ABOVE; None for a place that is named without one
    - `village`, `post_office`, `police_station`, `taluk` (taluk, tehsil, mandal), `district`
    - `city`, `state` (name), `pincode` (six digits)
    - `type`, `score` (0 to 100, see score.py), `line` (one tidy line), `status`
    """

    unit: str | None = None
    building: str | None = None
    street: str | None = None
    sublocality: str | None = None
    locality: str | None = None
    landmark: str | None = None
    landmark_relation: str | None = None
    village: str | None = None
    post_office: str | None = None
    police_station: str | None = None
    taluk: str | None = None
    district: str | None = None
    city: str | None = None
    state: str | None = None
    pincode: str | None = None
    type: str = UNKNOWN
    score: int = 0
    line: str | None = None
    status: str = MISSING


NAMES = tuple(field.name for field in fields(Address))
