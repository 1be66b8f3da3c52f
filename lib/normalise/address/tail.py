"""The end of an address: PIN, country, state, district and city, read backwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from attrs import define

from lib.normalise.address.tables import RELATIONS, AddressTables, place_key
from lib.normalise.address.tokens import AND, BREAK, NUMBER, WORD, Tokens
from lib.normalise.place.keys import within_one_edit

_LONGEST_NAME = 5  # words: "Dadra and Nagar Haveli and ..." is known by its first ones too
_MOST_NAMES = 6
_SUFFIXES = frozenset({"CITY", "DIST", "DISTT", "DISTRICT", "DT", "URBAN", "CANTT", "METRO", "JILA", "ZILA"})
# A name after one of these labels is of that part: Tal. Anand, Near Nagpur.
_OF_OTHERS = frozenset({"taluk", "village", "post_office", "police_station", "via", *RELATIONS})
_SIDES = frozenset({"E", "W", "N", "S", "EAST", "WEST", "NORTH", "SOUTH"})
_DIRECTIONS = frozenset({"NORTH", "SOUTH", "EAST", "WEST", "MIDDLE", "CENTRAL", "UPPER", "LOWER"})


@define
class Tail:
    """What the end of an address tells, as codes and names, and how many tokens stand before it."""

    size: int = 0
    state: str | None = None
    state_key: str = ""
    city: str | None = None
    city_text: str | None = None
    district: str | None = None


def read_tail(tokens: Tokens, pin: str | None, likely: str | None, empty_column: bool, tables: AddressTables) -> Tail:
    """Reads `tokens` from the end; `likely` is the state that the PIN or a column tells.

    After an `empty_column` marker there is no city: the export had none, and what stands there is the district.
    """
    tail = Tail(size=len(tokens))
    for _ in range(_MOST_NAMES):
        _skip(tokens, tail, pin, tables)
        if empty_column and tail.state is not None:
            _take_part(tokens, tail)
            break
        names = _names(tokens, tail.size)
        if not (_take_state(tokens, tail, names, tables) or _take_place(tokens, tail, names, likely, tables)):
            break
    if tail.state and tail.city is None and tail.district is None:
        tail.city = tables.cities.get(tail.state_key, {}).get(tail.state)  # Delhi, Chandigarh
    return tail


def _take_part(tokens: Tokens, tail: Tail) -> None:
    """All that stands between the last two breaks is the district."""
    first = tail.size
    while first and tokens.kinds[first - 1] != BREAK:
        first -= 1
    if 0 < tail.size - first <= _LONGEST_NAME:
        tail.district = tokens.slice(first, tail.size - 1)
        tail.size = first


def _skip(tokens: Tokens, tail: Tail, pin: str | None, tables: AddressTables) -> None:
    """Drops breaks, the PIN, the country and other words that tell nothing from the end."""
    kinds, keys, labels = tokens.kinds, tokens.keys, tables.labels
    size = tail.size
    while size:
        kind, key = kinds[size - 1], keys[size - 1]
        if kind == BREAK:
            size -= 1
        elif kind == NUMBER:
            if key == pin or (tail.state is None and tail.city is None and key == "0"):
                size -= 1
            elif size > 1 and pin and keys[size - 2] + key == pin:
                size -= 2
            elif 4 <= len(key) <= 7 and key.isdigit() and pin is None and size > 1 and kinds[size - 2] == BREAK:
                size -= 1  # a PIN with a digit too few or too many
            elif len(key) <= 2 and size > 1 and _is_zone(tokens, size, tables):
                size -= 1  # HYDERABAD-81: the last digits of its PIN
            else:
                break
        elif size > 1 and keys[size - 2] == "OF":
            break  # Bank of India
        elif kind == WORD and (labels.get(key) in ("noise", "pincode") or (key in tables.country_codes and size > 1)):
            size -= 1
        elif key in ("CODE", "NO") and size > 1 and labels.get(keys[size - 2]) == "pincode":
            size -= 2
        else:
            break
    tail.size = size


def _is_zone(tokens: Tokens, size: int, tables: AddressTables) -> bool:
    return tokens.keys[size - 2] in tables.cities and tokens.gap(size - 2).strip() in ("-", "")


def _names(tokens: Tokens, size: int) -> list[str]:
    """The last token before `size`, the last two together, and so on, as keys; as far as they are words."""
    found: list[str] = []
    name = ""
    for at in range(size - 1, max(size - 1 - _LONGEST_NAME, -1), -1):
        if tokens.keys[at] == "24" and name:
            found.append("")  # North 24 Parganas
            continue
        if tokens.kinds[at] not in (WORD, AND):
            break
        name = tokens.keys[at] + name
        found.append(name)
    return found


def _take_state(tokens: Tokens, tail: Tail, names: Sequence[str], tables: AddressTables) -> bool:
    """A state's name at the end; one that was said before, or a former one (HYDERABAD, A.P Telangana), is dropped.

    What is a city's name too (Chandigarh, Delhi) is a state only the first time.
    """
    for count in range(len(names), 0, -1):
        name = names[count - 1]
        code = tables.states.get(name)
        if code is None:
            continue
        if tail.state is not None and (
            tail.state in tables.cities.get(name, ()) or _directed(tokens, tail.size - count)
        ):
            return False
        if tail.state is not None and (tail.city is not None or tail.state in tables.districts.get(name, ())):
            return False
        if tail.city is not None and len(name) <= 3:
            return False
        if tail.state is None:
            tail.state, tail.state_key = code, name
        tail.size -= count
        return True
    return False


def _directed(tokens: Tokens, size: int) -> bool:
    """South Andaman, East Godavari: districts, not the state again."""
    return size > 0 and tokens.keys[size - 1] in _DIRECTIONS


def _take_place(tokens: Tokens, tail: Tail, names: Sequence[str], likely: str | None, tables: AddressTables) -> bool:
    """A city's or district's name at the end of what is left: with "Dist" before it or "City" after it."""
    keys, size = tokens.keys, tail.size
    states: list[str | None] = [state for state in (tail.state, likely) if state] or [_only_state(tail, tables)]
    labelled = False
    if size > 2 and keys[size - 1] in _SIDES and keys[size - 2] in ("(", "-"):
        size -= 2  # Thane (W)
    elif size > 1 and keys[size - 1] in _SUFFIXES:
        size -= 1
        labelled = tables.labels.get(keys[size]) == "district"
    if size < tail.size:
        names = _names(tokens, size)
    for count in range(len(names), 0, -1):
        name = names[count - 1]
        state = next((state for state in states if _is_place(name, state, tables)), "")
        if state == "":
            continue
        first = size - count
        before = _label_before(keys, first, tables)
        if before == "district":
            labelled, first = True, first - 1
        elif before in _OF_OTHERS:
            return False
        place = _Place(name, tokens.slice(size - count, size - 1), labelled)
        if not _assign(tail, place, state, tables):
            return False
        if size < tail.size and tail.district is None and name + keys[size] in tables.districts:
            tail.district = tokens.slice(size - count, size)  # Bengaluru Urban
        tail.size = first
        return True
    return tail.city is None and _take_misspelt(tokens, tail, states[0], tables)


def _label_before(keys: Sequence[str], at: int, tables: AddressTables) -> str | None:
    """The heading of the label of one or two words (Dist, P. O.) that ends before a token."""
    if not at:
        return None
    return tables.labels.get(keys[at - 1]) or (tables.labels.get(keys[at - 2] + keys[at - 1]) if at > 1 else None)


def _is_place(name: str, state: str | None, tables: AddressTables) -> bool:
    cities = tables.cities.get(name)
    if cities and (state is None or state in cities):
        return True
    districts = tables.districts.get(name)
    return bool(districts and (state is None or state in districts))


def _only_state(tail: Tail, tables: AddressTables) -> str | None:
    """The state of the city that was found, where only one has it."""
    states = tables.cities.get(place_key(tail.city), {}) if tail.city else {}
    return next(iter(states)) if len(states) == 1 else None


class _Place(NamedTuple):
    key: str
    text: str
    labelled: bool  # as a district


def _assign(tail: Tail, place: _Place, state: str | None, tables: AddressTables) -> bool:
    """Gives a name its part; False where it can have none.

    The nearer to the state, the larger: of two names the last is the district. One alone is the city if it is one.
    """
    cities = tables.cities.get(place.key, {})
    city = cities.get(state or "")
    if city is None and cities and state is None:
        city = next(iter(cities.values())) if len(cities) == 1 else place.text
    if place.labelled or (city is None and tail.district is None):
        if tail.district is not None:
            return False
        tail.district = place.text
    elif city is None:
        return tail.district is not None and place.text.casefold() == tail.district.casefold()
    elif tail.city is None:
        if tables.cities.get(tail.state_key, {}).get(tail.state or "") == city and tail.state_key not in place.key:
            return False  # Rohini, Delhi: the state was the city
        tail.city, tail.city_text = city, place.text
    elif _is_district(tail, place, city, tables):
        tail.district = tail.city_text
        tail.city, tail.city_text = city, place.text
    else:
        return place.key in (place_key(tail.city), place_key(tail.city_text or ""))
    return True


def _is_district(tail: Tail, place: _Place, city: str, tables: AddressTables) -> bool:
    """Whether what was read as the city is the district of `city`, which stands before it.

    Guwahati, Kamrup: another name of the city's; Thane, Mumbai and Andheri, Mumbai: a large city is none.
    """
    read = place_key(tail.city_text or "")
    if tail.district is not None or read not in tables.districts:
        return False
    if city == tail.city:
        return place.key == place_key(city) != read
    return tail.city not in tables.large


def _take_misspelt(tokens: Tokens, tail: Tail, state: str | None, tables: AddressTables) -> bool:
    """A last word of six letters or more that is one edit from one city of the state (HYDRABAD)."""
    size = tail.size
    if state is None or not size or tokens.kinds[size - 1] != WORD:
        return False
    name = tokens.keys[size - 1]
    if len(name) < 6 or name in tables.labels:
        return False
    near = {city for key, city in tables.near.get((state, name[0]), ()) if within_one_edit(key, name)}
    if len(near) != 1:
        return False
    tail.city, tail.city_text = near.pop(), tokens.slice(tail.size - 1, tail.size - 1)
    tail.size -= 1
    return True
