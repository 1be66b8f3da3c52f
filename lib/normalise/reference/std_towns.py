"""Towns that the sources of std_pins.csv write in ways no rule joins; read by build_std_codes.py only."""

from __future__ import annotations

# STD code of the eight metropoles -> the PIN of their general post office.
METROPOLES = {
    "11": 110001, "20": 411001, "22": 400001, "33": 700001, "40": 500001, "44": 600001, "79": 380001, "80": 560001,
}  # fmt: skip

# STD code of large towns -> the PIN of their head office, where the town's names differ too much.
TOWNS = {
    "130": 131001, "154": 335001, "160": 140301, "172": 160017, "180": 132103, "184": 132001, "217": 413001,
    "250": 401201, "251": 421301, "260": 396191, "278": 364001, "285": 362001, "294": 313001, "326": 826001,
    "360": 791111, "368": 791102, "369": 798601, "370": 797001, "372": 796701, "461": 628001, "490": 670101,
    "496": 673101, "831": 590001, "832": 403001, "863": 522002, "1552": 335513, "3192": 744101, "3252": 723101,
    "3482": 742101, "3512": 732101, "3592": 737101, "8562": 516001,
}  # fmt: skip

# PINs of towns that share a larger town's code under a name of their own.
SATELLITES = {
    201301: "120", 201303: "120", 201305: "120", 201308: "120", 201310: "120", 160055: "172", 160059: "172",
    160062: "172", 134109: "172", 134112: "172", 403601: "832", 403802: "832", 403507: "832", 403401: "832",
    396230: "260", 396210: "260",
}  # fmt: skip

# A state of the geocoding data, which still has the states of the 1990s -> states of the postal directory.
FAMILIES = {
    "Andhra Pradesh": ("ANDHRA PRADESH", "TELANGANA"),
    "Bihar": ("BIHAR", "JHARKHAND"),
    "Madhya Pradesh": ("MADHYA PRADESH", "CHHATTISGARH"),
    "Uttar Pradesh": ("UTTAR PRADESH", "UTTARAKHAND"),
    "Uttarakhand": ("UTTARAKHAND", "UTTAR PRADESH"),
    "Jammu And Kashmir": ("JAMMU AND KASHMIR", "LADAKH"),
    "Andaman Islands": ("ANDAMAN AND NICOBAR ISLANDS",),
    "Nicobar Islands": ("ANDAMAN AND NICOBAR ISLANDS",),
    "Punjab": ("PUNJAB", "CHANDIGARH"),
    "Haryana": ("HARYANA", "PUNJAB", "CHANDIGARH"),
    "Tamil Nadu": ("TAMIL NADU", "PUDUCHERRY"),
    "Kerala": ("KERALA", "PUDUCHERRY"),
    "Gujarat": ("GUJARAT", "THE DADRA AND NAGAR HAVELI AND DAMAN AND DIU"),
}

# A town of the geocoding data -> its post office's name.
ALIASES = {
    "KADAPA": "CUDDAPAH", "JALLANDHAR": "JALANDHAR", "SHOLAPUR": "SOLAPUR", "BASSEIN": "VASAI", "SIBSAGAR": "SIVASAGAR",
    "BEAWAR": "BEAWARCITY", "SRIGANGANAGAR": "SRIGANGANAGAR", "SONIPAT": "SONEPAT", "THOOTHUKUDI": "TUTICORIN",
    "TELLICHERRY": "THALASSERY", "VATAKARA": "BADAGARA", "BERHAMPUR": "BERHAMPORE", "MORVI": "MORBI",
}  # fmt: skip

# City names in use -> STD code, beside the towns of the geocoding data.
CITIES = {
    "DELHI": "11", "NEWDELHI": "11", "BOMBAY": "22", "MUMBAI": "22", "NAVIMUMBAI": "22", "THANE": "22",
    "CALCUTTA": "33", "KOLKATA": "33", "HOWRAH": "33", "SALTLAKE": "33", "HYDERABAD": "40", "SECUNDERABAD": "40",
    "MADRAS": "44", "CHENNAI": "44", "AHMEDABAD": "79", "AHMADABAD": "79", "GANDHINAGAR": "79", "PUNE": "20",
    "POONA": "20", "BANGALORE": "80", "BENGALURU": "80", "NOIDA": "120", "GREATERNOIDA": "120", "GHAZIABAD": "120",
    "GURGAON": "124", "GURUGRAM": "124", "FARIDABAD": "129", "JAIPUR": "141", "LUDHIANA": "161", "CHANDIGARH": "172",
    "MOHALI": "172", "PANCHKULA": "172", "SHIMLA": "177", "JALANDHAR": "181", "AMRITSAR": "183", "JAMMU": "191",
    "SRINAGAR": "194", "SOLAPUR": "217", "KOLHAPUR": "231", "AURANGABAD": "240", "NAGPUR": "712", "NASHIK": "253",
    "NASIK": "253", "SURAT": "261", "VADODARA": "265", "BARODA": "265", "RAJKOT": "281", "JODHPUR": "291",
    "UDAIPUR": "294", "GUWAHATI": "361", "PUDUCHERRY": "413", "PONDICHERRY": "413", "COIMBATORE": "422",
    "TIRUCHIRAPPALLI": "431", "TRICHY": "431", "MADURAI": "452", "THIRUVANANTHAPURAM": "471", "TRIVANDRUM": "471",
    "KOCHI": "484", "COCHIN": "484", "ERNAKULAM": "484", "THRISSUR": "487", "TRICHUR": "487", "KOZHIKODE": "495",
    "CALICUT": "495", "KANPUR": "512", "LUCKNOW": "522", "ALLAHABAD": "532", "PRAYAGRAJ": "532", "VARANASI": "542",
    "AGRA": "562", "BAREILLY": "581", "MEERUT": "121", "DEHRADUN": "135", "PATNA": "612", "RANCHI": "651",
    "JAMSHEDPUR": "657", "DHANBAD": "326", "CUTTACK": "671", "BHUBANESWAR": "674", "INDORE": "731", "GWALIOR": "751",
    "BHOPAL": "755", "JABALPUR": "761", "RAIPUR": "771", "BHILAI": "788", "DURG": "788", "MYSORE": "821",
    "MYSURU": "821", "MANGALORE": "824", "MANGALURU": "824", "BELGAUM": "831", "BELAGAVI": "831", "PANAJI": "832",
    "PANJIM": "832", "GOA": "832", "HUBLI": "836", "HUBBALLI": "836", "DHARWAD": "836", "TUMKUR": "816",
    "TUMAKURU": "816", "VIJAYAWADA": "866", "GUNTUR": "863", "VISAKHAPATNAM": "891", "VIZAG": "891", "WARANGAL": "870",
    "TIRUPATI": "877", "RAJAHMUNDRY": "883", "KAKINADA": "884", "NELLORE": "861", "SALEM": "427", "ERODE": "424",
    "SHIVAMOGGA": "8182", "SHIMOGA": "8182", "KALABURAGI": "8472", "GULBARGA": "8472", "VIJAYAPURA": "8352",
    "BALLARI": "8392", "BELLARY": "8392",
}  # fmt: skip
