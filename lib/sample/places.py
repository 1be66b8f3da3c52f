"""Cities of the sample: weights (metros dominate), states, PIN codes, and how people really spell them."""

from __future__ import annotations

import attrs

from lib.sample.draws import Weighted


@attrs.frozen
class City:
    """A city by its present name; `pins` is an inclusive range; `owns_pins`: they are no other city's."""

    name: str
    state_code: str
    weight: float
    pins: tuple[int, int]
    spellings: tuple[str, ...]
    owns_pins: bool = False


def _city(name: str, state: str, weight: float, first: int, last: int, other: str = "", *, owns: bool = False) -> City:
    # Every city is also written in capitals, in small letters and with stray spaces.
    forms = (name.upper(), name.lower(), f" {name}", f"{name} ", name.replace(" ", "  "))
    names = tuple(part.strip() for part in other.split(",") if part.strip())
    spellings = dict.fromkeys(form for form in (*forms, *names, *(n.upper() for n in names)) if form != name)
    return City(name, state, weight, (first, last), tuple(spellings), owns)


UNKNOWN_PLACE = City("Unknown", "Unknown", 0.0, (0, 0), ())

CITIES = (
    _city("Mumbai", "MH", 17, 400001, 400099, "Bombay, Mumbai City, Greater Mumbai", owns=True),
    _city("Delhi", "DL", 15, 110001, 110096, "New Delhi, new delhi", owns=True),
    _city("Bengaluru", "KA", 15, 560001, 560099, "Bangalore, bangalore, Bengaluru Urban", owns=True),
    _city("Hyderabad", "TS", 8, 500001, 500099, "Hyderabad City", owns=True),
    _city("Chennai", "TN", 8, 600001, 600099, "Madras, Chennai City", owns=True),
    _city("Kolkata", "WB", 7, 700001, 700063, "Calcutta", owns=True),
    _city("Pune", "MH", 5, 411001, 411048, "Poona, Pune City"),
    _city("Ahmedabad", "GJ", 4, 380001, 380028, "Ahmadabad, Amdavad"),
    _city("Gurugram", "HR", 3, 122001, 122018, "Gurgaon, gurgaon"),
    _city("Noida", "UP", 2, 201301, 201310),
    _city("Ghaziabad", "UP", 1, 201001, 201014),
    _city("Faridabad", "HR", 1, 121001, 121010),
    _city("Thane", "MH", 1.5, 400601, 400608, "Thana"),
    _city("Navi Mumbai", "MH", 1.2, 400703, 400710, "New Bombay"),
    _city("Jaipur", "RJ", 1.6, 302001, 302022),
    _city("Jodhpur", "RJ", 0.4, 342001, 342010),
    _city("Udaipur", "RJ", 0.3, 313001, 313004),
    _city("Lucknow", "UP", 1.5, 226001, 226028),
    _city("Kanpur", "UP", 0.8, 208001, 208027, "Cawnpore, Kanpur Nagar"),
    _city("Varanasi", "UP", 0.6, 221001, 221010, "Banaras, Benares"),
    _city("Prayagraj", "UP", 0.5, 211001, 211012, "Allahabad"),
    _city("Agra", "UP", 0.4, 282001, 282010),
    _city("Nagpur", "MH", 0.9, 440001, 440037),
    _city("Nashik", "MH", 0.6, 422001, 422013, "Nasik"),
    _city("Surat", "GJ", 1.2, 395001, 395010),
    _city("Vadodara", "GJ", 0.8, 390001, 390025, "Baroda"),
    _city("Rajkot", "GJ", 0.4, 360001, 360007),
    _city("Indore", "MP", 0.9, 452001, 452016),
    _city("Bhopal", "MP", 0.7, 462001, 462046),
    _city("Patna", "BR", 0.8, 800001, 800027),
    _city("Ranchi", "JH", 0.4, 834001, 834010),
    _city("Jamshedpur", "JH", 0.3, 831001, 831019, "Tatanagar"),
    _city("Bhubaneswar", "OD", 0.6, 751001, 751030, "Bhubaneshwar"),
    _city("Cuttack", "OD", 0.2, 753001, 753015),
    _city("Guwahati", "AS", 0.5, 781001, 781040, "Gauhati"),
    _city("Chandigarh", "CH", 0.8, 160001, 160047),
    _city("Ludhiana", "PB", 0.6, 141001, 141016),
    _city("Amritsar", "PB", 0.3, 143001, 143010),
    _city("Dehradun", "UK", 0.4, 248001, 248013, "Dehra Dun"),
    _city("Shimla", "HP", 0.1, 171001, 171013, "Simla"),
    _city("Jammu", "JK", 0.2, 180001, 180020),
    _city("Raipur", "CG", 0.4, 492001, 492015),
    _city("Panaji", "GA", 0.3, 403001, 403006, "Panjim"),
    _city("Kochi", "KL", 1.2, 682001, 682042, "Cochin"),
    _city("Thiruvananthapuram", "KL", 0.7, 695001, 695044, "Trivandrum"),
    _city("Kozhikode", "KL", 0.4, 673001, 673032, "Calicut"),
    _city("Coimbatore", "TN", 1.0, 641001, 641049, "Kovai"),
    _city("Madurai", "TN", 0.4, 625001, 625022),
    _city("Tiruchirappalli", "TN", 0.3, 620001, 620026, "Trichy"),
    _city("Mysuru", "KA", 0.7, 570001, 570034, "Mysore"),
    _city("Mangaluru", "KA", 0.4, 575001, 575030, "Mangalore"),
    _city("Visakhapatnam", "AP", 0.9, 530001, 530053, "Vizag, Vishakhapatnam"),
    _city("Vijayawada", "AP", 0.6, 520001, 520015, "Bezawada"),
    _city("Warangal", "TS", 0.2, 506001, 506015),
    _city("Puducherry", "PY", 0.2, 605001, 605013, "Pondicherry, Pondy"),
)

# The first form is the tidy one; the others are what exports hold: codes, old names, run-together words.
STATE_FORMS = {
    "MH": ("Maharashtra", "MAHARASHTRA", "MH", "maharashtra ", "Maharastra"),
    "DL": ("Delhi", "DELHI", "DL", "NCT of Delhi"),
    "KA": ("Karnataka", "KARNATAKA", "KA", " karnataka"),
    "TS": ("Telangana", "TELANGANA", "TS", "TG", "Telengana"),
    "TN": ("Tamil Nadu", "TAMIL NADU", "TN", "Tamilnadu", "tamil nadu"),
    "WB": ("West Bengal", "WEST BENGAL", "WB", "west  bengal"),
    "GJ": ("Gujarat", "GUJARAT", "GJ", "gujarat"),
    "HR": ("Haryana", "HARYANA", "HR", "haryana "),
    "UP": ("Uttar Pradesh", "UTTAR PRADESH", "UP", "U.P.", "uttar pradesh"),
    "RJ": ("Rajasthan", "RAJASTHAN", "RJ", "rajasthan"),
    "MP": ("Madhya Pradesh", "MADHYA PRADESH", "MP", "M.P."),
    "BR": ("Bihar", "BIHAR", "BR", "bihar"),
    "JH": ("Jharkhand", "JHARKHAND", "JH"),
    "OD": ("Odisha", "Orissa", "OR", "OD", "ODISHA"),
    "AS": ("Assam", "ASSAM", "AS"),
    "CH": ("Chandigarh", "CHANDIGARH", "CH"),
    "PB": ("Punjab", "PUNJAB", "PB"),
    "UK": ("Uttarakhand", "Uttaranchal", "UK", "UTTARAKHAND"),
    "HP": ("Himachal Pradesh", "HIMACHAL PRADESH", "HP", "H.P."),
    "JK": ("Jammu and Kashmir", "Jammu & Kashmir", "JK", "J&K"),
    "CG": ("Chhattisgarh", "Chattisgarh", "CG", "CHHATTISGARH"),
    "GA": ("Goa", "GOA", "GA"),
    "KL": ("Kerala", "KERALA", "KL", "kerala"),
    "AP": ("Andhra Pradesh", "ANDHRA PRADESH", "AP", "A.P."),
    "PY": ("Puducherry", "Pondicherry", "PY", "PUDUCHERRY"),
}

CITY_CHOICES = Weighted([(city, city.weight) for city in CITIES])
# The chance that an order goes to a city whose PIN codes are its own.
OWNED_PIN_SHARE = sum(c.weight for c in CITIES if c.owns_pins) / sum(c.weight for c in CITIES)


def messy_pin(pin: int, form: int) -> str:
    """A PIN code as spreadsheets and people leave it: `400 001`, `400001.0`, with spaces around it."""
    text = str(pin)
    return (f"{text[:3]} {text[3:]}", f"{text}.0", f" {text} ")[form % 3]
