"""One address taken apart: `normalise_address`."""

from __future__ import annotations

from lib.normalise.address.assemble import Parts
from lib.normalise.address.collect import Phrase
from lib.normalise.address.line import tidy_line
from lib.normalise.address.pin import pin_of_cell, printed_pin, states_of_pin
from lib.normalise.address.record import Address
from lib.normalise.address.scan import Scanner
from lib.normalise.address.score import score_of, status_of, type_of
from lib.normalise.address.tables import AddressTables, default_tables, place_key
from lib.normalise.address.tail import Tail, read_tail
from lib.normalise.address.tokens import Tokens, cleaned, without_codes
from lib.normalise.text import fold, is_missing


def normalise_address(
    text: str | None,
    *,
    city: str | None = None,
    district: str | None = None,
    state: str | None = None,
    pincode: str | None = None,
    tables: AddressTables | None = None,
) -> Address:
    """The parts of an Indian address; see `Address`. `city`, `district`, `state` and `pincode` are of other columns.

    What the text prints wins over the columns; a column fills a gap. A state that neither gives is the PIN's, and
    the status says so (STATE_FROM_PIN). Never raises; time grows with the length, which is cut at 1,000.
    """
    known = tables or default_tables()
    clean, empty_column = cleaned(text)
    if is_missing(clean):
        return Address()
    pin = printed_pin(clean) or pin_of_cell(fold(pincode))
    pin_states = states_of_pin(pin)
    given_state = known.states.get(place_key(fold(state))) if state else None
    given_city = _given(city)
    tokens = Tokens(without_codes(clean))
    short = not known.abbreviations.keys().isdisjoint(tokens.keys)
    tail = read_tail(tokens, pin, given_state or (pin_states[0] if pin_states else None), empty_column, known)
    tokens.cut(tail.size)
    phrases = Scanner(tokens, known, pin).run()
    commercial = any(_is_commercial(tokens, phrase, known) for phrase in phrases if phrase.kind != "landmark")
    said = tail.state or given_state
    code = said or (pin_states[0] if pin_states else None)
    parts = Parts(
        tokens, phrases, known, state=code, in_city=(tail.city or given_city) is not None, empty_column=empty_column
    )
    found = parts.found
    _fill(found, tail, given_city, _given(district), code, known)
    if pin:
        found["pincode"] = pin
    mismatch = said is not None and bool(pin_states) and said not in pin_states
    agrees = said is not None and said in pin_states
    return Address(
        **found,
        landmark_relation=parts.relation,
        type=type_of(found, rural=parts.rural, commercial=commercial),
        score=score_of(found, pin_agrees=agrees, city_agrees=_is_of(found.get("city"), code, known), mismatch=mismatch),
        line=tidy_line(clean, known, short=short),
        status=status_of(found, from_pin=said is None and code is not None, mismatch=mismatch),
    )


def _fill(
    found: dict[str, str], tail: Tail, city: str | None, district: str | None, code: str | None, known: AddressTables
) -> None:
    """Adds city, district and state: of the text, else of the columns."""
    named = tail.city or (_city_of(city, code, known) if city else None)
    if named:
        found["city"] = named
    part = tail.district or found.get("district") or district
    if part:
        found["district"] = part
    if code is not None and code in known.state_names:
        found["state"] = known.state_names[code]


def _given(text: str | None) -> str | None:
    if not text:
        return None
    folded = " ".join(fold(text).split())
    return None if is_missing(folded) else folded


def _city_of(text: str, code: str | None, known: AddressTables) -> str:
    """A column's city, canonical where the tables know it in this state, or know one of the name."""
    cities = known.cities.get(place_key(text), {})
    if code is not None and code in cities:
        return cities[code]
    return next(iter(cities.values())) if len(cities) == 1 and code is None else text


def _is_of(city: str | None, code: str | None, known: AddressTables) -> bool:
    return city is not None and code in known.cities.get(place_key(city), {})


def _is_commercial(tokens: Tokens, phrase: Phrase, known: AddressTables) -> bool:
    """Whether a word of a phrase, or two together, tell of shops, offices or industry."""
    before = ""
    for key in tokens.keys[phrase.first : phrase.last + 1]:
        if key in known.commercial or before + key in known.commercial:
            return True
        before = key
    return False
