"""Addresses against annotated ones, and against a directory of hospitals."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lib.normalise.address import Address, AddressTables, default_tables, normalise_address
from lib.normalise.place.keys import place_key
from tests.evaluate.figure import Figure

# Field of the annotation -> (ours, name of the figure, best known). The best of three published models for each field;
# they were scored as here: over the rows where the annotation has the field.
FIELDS: Mapping[str, tuple[str, str, float]] = {
    "pincode": ("pincode", "PIN", 100.0),
    "state": ("state", "state", 96.2),
    "city": ("city", "city", 91.3),
    "houseNumber": ("unit", "house number", 84.5),
    "houseName": ("building", "house name", 88.5),
    "street": ("street", "street", 54.0),
    "locality": ("locality", "locality", 36.5),
    "subLocality": ("sublocality", "sublocality", 23.5),
    "poi": ("landmark", "landmark", 30.8),
}


def measure(folder: Path) -> list[Figure]:
    """The figures of addresses; `folder` is the evaluation data."""
    return [*annotated(folder / "address" / "innerkore_gold.jsonl"), *directory(folder), *delhi(folder)]


def annotated(path: Path, keep: Callable[[str], bool] = lambda text: True) -> list[Figure]:
    """The share of fields that are equal, and of rows where all nine are, on the rows that `keep` lets through."""
    tables = default_tables()
    rows = [row for row in map(json.loads, path.read_text("utf-8").splitlines()) if keep(row["raw_address"])]
    there: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in rows:
        found = normalise_address(row["raw_address"], tables=tables)
        wanted = {field: row["gold"][field] for field in FIELDS if row["gold"].get(field)}
        equal = {field for field, text in wanted.items() if _equal(field, text, found, tables)}
        there.update(wanted.keys())
        right.update(equal)
        right["all"] += equal == wanted.keys()
    figures = [
        Figure("addresses", name, _share(right[field], there[field]), best, best, rows=there[field])
        for field, (_, name, best) in FIELDS.items()
    ]
    return [*figures, Figure("addresses", "all exact", _share(right["all"], len(rows)), 30.4, 36.0, rows=len(rows))]


def _equal(field: str, text: str, found: Address, tables: AddressTables) -> bool:
    own = getattr(found, FIELDS[field][0])
    if own is None:
        return False
    if field == "state":
        return tables.states.get(place_key(text)) == tables.states.get(place_key(own))
    if field == "city":
        return not _cities(text, tables).isdisjoint(_cities(own, tables))
    return _folded(text) == _folded(own)


def _cities(text: str, tables: AddressTables) -> set[str]:
    return {*tables.cities.get(place_key(text), {}).values(), _folded(text)}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold().strip(" ,.;:")


def directory(folder: Path) -> Iterator[Figure]:
    """Addresses of hospitals, joined with their district, state and PIN: what was joined must come out again."""
    with gzip.open(folder / "address" / "hospital_directory.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Address_First_Line"] and len(row["Pincode"]) == 6]
    tables = default_tables()
    right: Counter[str] = Counter()
    rows = rows[::5]
    for row in rows:
        text = f"{row['Address_First_Line']}, {row['District']}, {row['State']} - {row['Pincode']}"
        found = normalise_address(text, tables=tables)
        right["PIN"] += found.pincode == row["Pincode"]
        right["state"] += place_key(found.state or "") == place_key(row["State"])
        said = _cities(found.city or "", tables) | _cities(found.district or "", tables)
        right["district or its city"] += not said.isdisjoint(_cities(row["District"], tables))
    for name, count in right.items():
        yield Figure("addresses", f"hospital directory, {name}", _share(count, len(rows)), rows=len(rows))


# Tags of the Delhi data -> our part; a tag that has no part of its own is not measured.
_TAGS = {"HOUSE_NUMBER": "unit", "PINCODE": "pincode", "GALI": "street"}


def delhi(folder: Path) -> Iterator[Figure]:
    """Delhi's tagged addresses: the share of first tagged stretches that our part holds, spaces aside."""
    rows = map(json.loads, (folder / "address" / "delhi_bio_train.jsonl").read_text("utf-8").splitlines())
    tables = default_tables()
    there: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in rows:
        found = normalise_address(row["text"], tables=tables)
        for tag, stretch in _stretches(row):
            own = "".join((getattr(found, _TAGS[tag]) or "").split()).casefold()
            there[tag] += 1
            right[tag] += stretch in own
    for tag, count in sorted(there.items()):
        name = f"Delhi, {tag.lower().replace('_', ' ')}"
        yield Figure("addresses", name, _share(right[tag], count), rows=count)


def _stretches(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(tag, text without spaces) of the first stretch of each tag that is measured."""
    first: dict[str, str] = {}
    open_tag = ""
    for token, tag in zip(row["tokens"], row["ner_tags"], strict=True):
        kind, _, name = tag.partition("-")
        if kind == "B":
            open_tag = name if name in _TAGS and name not in first else ""
        if kind == "O":
            open_tag = ""
        if open_tag:
            first[open_tag] = first.get(open_tag, "") + token.casefold()
    yield from ((tag, text.strip(",")) for tag, text in first.items())


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
