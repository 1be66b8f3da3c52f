"""State codes inside identifiers, and the ISO 3166-2:IN code (without IN-) of each."""

from __future__ import annotations

# GST: the first two digits of a GSTIN (GSTN's state master, from the census of 2011). 25 was joined to 26 in 2020 and
# 28 to 37 in 2014, but their numbers are still met. 97 is "other territory" (the sea), 99 the Centre (suppliers from
# abroad): no ISO code. 96 ("other country") is a place of supply and starts no GSTIN.
GST_STATES = {
    "01": "JK", "02": "HP", "03": "PB", "04": "CH", "05": "UK", "06": "HR", "07": "DL", "08": "RJ", "09": "UP",
    "10": "BR", "11": "SK", "12": "AR", "13": "NL", "14": "MN", "15": "MZ", "16": "TR", "17": "ML", "18": "AS",
    "19": "WB", "20": "JH", "21": "OD", "22": "CG", "23": "MP", "24": "GJ", "25": "DH", "26": "DH", "27": "MH",
    "28": "AP", "29": "KA", "30": "GA", "31": "LD", "32": "KL", "33": "TN", "34": "PY", "35": "AN", "36": "TS",
    "37": "AP", "38": "LA",
}  # fmt: skip
GST_ELSEWHERE = ("97", "99")

# FSSAI's own numbering: states by name, then union territories; Telangana and Ladakh came later. 00 is the Centre.
FSSAI_STATES = {
    "01": "AP", "02": "AR", "03": "AS", "04": "BR", "05": "CG", "06": "GA", "07": "GJ", "08": "HR", "09": "HP",
    "10": "JK", "11": "JH", "12": "KA", "13": "KL", "14": "MP", "15": "MH", "16": "MN", "17": "ML", "18": "MZ",
    "19": "NL", "20": "OD", "21": "PB", "22": "RJ", "23": "SK", "24": "TN", "25": "TR", "26": "UK", "27": "UP",
    "28": "WB", "29": "AN", "30": "CH", "31": "DH", "32": "DH", "33": "DL", "34": "LD", "35": "PY", "36": "TS",
    "37": "LA",
}  # fmt: skip

# Registration marks (section 41(6) of the Motor Vehicles Act 1988 and its notifications), with the letters of old
# plates that are still on the road: OR, UA, DN, DD, and TS beside Telangana's TG of 2024.
VEHICLE_STATES = {
    **{code: code for code in (
        "AN", "AP", "AR", "AS", "BR", "CG", "CH", "DL", "GA", "GJ", "HP", "HR", "JH", "JK", "KA", "KL", "LA", "LD",
        "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "PB", "PY", "RJ", "SK", "TN", "TR", "TS", "UK", "UP", "WB",
    )},
    "DD": "DH", "DN": "DH", "OR": "OD", "TG": "TS", "UA": "UK", "CT": "CG",
}  # fmt: skip
