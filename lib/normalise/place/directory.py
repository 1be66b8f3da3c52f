"""The packed directories: India Post's PIN codes, and districts, towns and sub-districts of local government."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cache

from attrs import field, frozen

from lib.normalise.place.keys import place_key
from lib.normalise.reference import rows_of


@frozen
class District:
    """A district under its present name; `code` is that of the Local Government Directory."""

    code: str
    state_code: str
    name: str
    spellings: frozenset[str] = field(repr=False)  # keys, of old names too


@frozen
class Town:
    """An urban local body or a sub-district, with the codes of the districts it may lie in (none: not known)."""

    state_code: str
    name: str
    districts: tuple[str, ...]


@frozen
class Pin:
    """What India Post says of a PIN: districts with their share of its offices, the largest first, and main offices."""

    districts: tuple[tuple[str, float], ...]
    offices: tuple[str, ...]


class Directory:
    """All packed tables, read once and indexed by key. `districts` is by code; lookups are by state code and key.

    `without`: PINs to leave out, to measure what is said of unknown ones.
    """

    def __init__(self, without: Collection[str] = ()) -> None:
        renamed = {(row["state_code"], row["directory_name"]): row for row in rows_of("renamed.csv")}
        self.districts: dict[str, District] = {}
        for row in rows_of("districts.csv.gz"):
            new = renamed.get((row["state_code"], row["name"]), {"name": "", "spellings": ""})
            name = new["name"] or row["name"]
            texts = (name, row["name"], *filter(None, new["spellings"].split("|")))
            keys = frozenset(place_key(text) for text in texts)
            self.districts[row["lgd_code"]] = District(row["lgd_code"], row["state_code"], name, keys)
        self.district_of_key = _by_key(
            (d.state_code, key, d.code) for d in self.districts.values() for key in d.spellings
        )
        pins = {row["pincode"]: _pin(row) for row in rows_of("pincodes.csv.gz")}
        self.pins = {pin: told for pin, told in pins.items() if pin not in without}
        self._states_of_prefix: dict[str, Counter[str]] = defaultdict(Counter)
        self._districts_of_prefix: dict[str, Counter[str]] = defaultdict(Counter)
        for number, pin in self.pins.items():
            code = pin.districts[0][0]
            for size in (3, 4, 5, 6):
                self._states_of_prefix[number[:size]][self.districts[code].state_code] += 1
                self._districts_of_prefix[number[:size]][code] += 1

    def districts_of_prefix(self, prefix: str) -> set[str]:
        """The districts that hold at least a tenth of the PINs that start with `prefix` (3 to 6 digits)."""
        counts: Counter[str] = self._districts_of_prefix.get(prefix, Counter())
        return {code for code, count in counts.items() if count * 10 >= sum(counts.values())}

    def states_of(self, pin: str) -> tuple[str, ...]:
        """The states of a PIN, the likelier first; those of the longest known prefix where the PIN is unknown."""
        if (known := self.pins.get(pin)) is not None:
            return tuple(dict.fromkeys(self.districts[code].state_code for code, _ in known.districts))
        for size in (5, 4, 3):
            if (counts := self._states_of_prefix.get(pin[:size])) is not None:
                return tuple(sorted(counts, key=lambda state: (-counts[state], state)))
        return ()


def _pin(row: dict[str, str]) -> Pin:
    shares = (part.partition(":") for part in row["districts"].split(" "))
    return Pin(
        tuple((code, float(share or 1)) for code, _, share in shares), tuple(filter(None, row["offices"].split("|")))
    )


def _by_key(rows: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for state, key, value in rows:
        found[state, key].append(value)
    return {at: tuple(sorted(values, key=int)) for at, values in found.items()}


def towns() -> list[Town]:
    """The urban local bodies."""
    return [Town(row["state_code"], row["name"], tuple(row["districts"].split())) for row in rows_of("towns.csv.gz")]


def subdistricts(directory: Directory) -> list[Town]:
    """The sub-districts (tehsils, taluks, mandals, blocks)."""
    return [
        Town(directory.districts[row["district"]].state_code, row["name"], (row["district"],))
        for row in rows_of("subdistricts.csv.gz")
    ]


@cache
def directory() -> Directory:
    """The packed tables, read when first asked for: half a second."""
    return Directory()
