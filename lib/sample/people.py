"""Invented people: names in the scripts of their states, telephones in every form that exports hold."""

from __future__ import annotations

# Given names and surnames, in Latin letters and in the script: common ones, paired at random.
_DEVANAGARI = (
    "Rajesh=राजेश Priya=प्रिया Amit=अमित Sunita=सुनीता Vikas=विकास Anita=अनीता Sanjay=संजय Pooja=पूजा Manoj=मनोज",
    "Kumar=कुमार Sharma=शर्मा Singh=सिंह Gupta=गुप्ता Verma=वर्मा Yadav=यादव Mishra=मिश्रा Patil=पाटिल Joshi=जोशी",
)
_TAMIL = (
    "Murugan=முருகன் Lakshmi=லட்சுமி Karthik=கார்த்திக் Meena=மீனா Senthil=செந்தில் Kavitha=கவிதா Selvam=செல்வம்",
    "Subramanian=சுப்பிரமணியன் Rajan=ராஜன் Pandian=பாண்டியன் Natarajan=நடராஜன் Kumar=குமார்",
)
_BENGALI = (
    "Sourav=সৌরভ Ananya=অনন্যা Subrata=সুব্রত Mitali=মিতালি Debashish=দেবাশীষ Ruma=রুমা",
    "Banerjee=ব্যানার্জী Das=দাস Ghosh=ঘোষ Chatterjee=চ্যাটার্জী Sen=সেন Roy=রায়",
)
_TELUGU = (
    "Srinivas=శ్రీనివాస్ Padma=పద్మ Ramesh=రమేష్ Swathi=స్వాతి Venkat=వెంకట్ Lavanya=లావణ్య",
    "Reddy=రెడ్డి Rao=రావు Naidu=నాయుడు Chowdary=చౌదరి Varma=వర్మ",
)
_GUJARATI = (
    "Hitesh=હિતેશ Bhavna=ભાવના Jignesh=જીગ્નેશ Hetal=હેતલ Ketan=કેતન Nisha=નિશા",
    "Patel=પટેલ Shah=શાહ Mehta=મહેતા Desai=દેસાઈ Trivedi=ત્રિવેદી",
)
_KANNADA = (
    "Manjunath=ಮಂಜುನಾಥ್ Shilpa=ಶಿಲ್ಪಾ Raghavendra=ರಾಘವೇಂದ್ರ Asha=ಆಶಾ Prakash=ಪ್ರಕಾಶ್",
    "Gowda=ಗೌಡ Hegde=ಹೆಗಡೆ Shetty=ಶೆಟ್ಟಿ Bhat=ಭಟ್",
)
_MALAYALAM = (
    "Biju=ബിജു Sreeja=ശ്രീജ Anoop=അനൂപ് Divya=ദിവ്യ Suresh=സുരേഷ്",
    "Nair=നായർ Menon=മേനോൻ Pillai=പിള്ള Varghese=വർഗീസ്",
)
_GURMUKHI = (
    "Gurpreet=ਗੁਰਪ੍ਰੀਤ Harjit=ਹਰਜੀਤ Simran=ਸਿਮਰਨ Manpreet=ਮਨਪ੍ਰੀਤ",
    "Singh=ਸਿੰਘ Kaur=ਕੌਰ Gill=ਗਿੱਲ Sandhu=ਸੰਧੂ",
)
_ODIA = ("Bijay=ବିଜୟ Sasmita=ସସ୍ମିତା Prasanta=ପ୍ରଶାନ୍ତ", "Mohanty=ମହାନ୍ତି Sahoo=ସାହୁ Nayak=ନାୟକ Das=ଦାସ")

_STATE_SCRIPTS = {
    "TN": _TAMIL, "PY": _TAMIL, "WB": _BENGALI, "AS": _BENGALI, "TS": _TELUGU, "AP": _TELUGU, "GJ": _GUJARATI,
    "KA": _KANNADA, "KL": _MALAYALAM, "PB": _GURMUKHI, "CH": _GURMUKHI, "OD": _ODIA,
}  # fmt: skip

Pairs = tuple[tuple[str, str], ...]


def _pairs(line: str) -> Pairs:
    return tuple((latin, own) for latin, _, own in (word.partition("=") for word in line.split()))


_DEFAULT: tuple[Pairs, Pairs] = (_pairs(_DEVANAGARI[0]), _pairs(_DEVANAGARI[1]))
_PEOPLE = {state: (_pairs(script[0]), _pairs(script[1])) for state, script in _STATE_SCRIPTS.items()}

# First and last of the Indic digits that people type; the offset of a digit in its block is its value.
_INDIC_ZEROS = (0x0966, 0x09E6, 0x0AE6, 0x0BE6, 0x0C66)
_STD_CODES = {"MH": "022", "DL": "011", "KA": "080", "TN": "044", "WB": "033", "TS": "040", "GJ": "079"}
_JUNK = ("N/A", "-", "0000000000", "9999999999", "12345", "not available", "1234567890", "0")


def name(state_code: str, bits: int, *, own_script: bool) -> tuple[str, str]:
    """(full name as written, Latin given name for an e-mail address) of a person from this state."""
    givens, surnames = _PEOPLE.get(state_code, _DEFAULT)
    given = givens[(bits >> 8) % len(givens)]
    surname = surnames[(bits >> 20) % len(surnames)]
    if own_script:
        return f"{given[1]} {surname[1]}", given[0].lower()
    latin = (given[0], surname[0])
    form = bits & 15
    if form == 0:
        full = f"{latin[0]} {latin[1]}".upper()
    elif form == 1:
        full = f"{latin[1]}, {latin[0]}"
    elif form == 2:
        full = f"  {latin[0]}   {latin[1]} "
    elif form == 3:
        full = f"{latin[1][0]}. {latin[0]}"
    elif form == 4:
        full = f"{('Shri', 'Smt.', 'Dr.', 'Mr')[(bits >> 4) & 3]} {latin[0]} {latin[1]}"
    elif form == 5:
        full = f"{latin[0]} {latin[1]}".lower()
    else:
        full = f"{latin[0]} {latin[1]}"
    return full, latin[0].lower()


def mobile(bits: int) -> str:
    """A ten-digit mobile number."""
    return f"{6 + (bits & 3)}{(bits >> 2) % 1_000_000_000:09d}"


def messy_phone(digits: str, state_code: str, bits: int) -> str:
    """The number of a cell in one of the forms that exports hold; some cells hold no number at all."""
    form = bits % 14
    more = bits >> 8
    if form == 0:
        return f"+91 {digits[:5]} {digits[5:]}"
    if form == 1:
        return f"+91-{digits}"
    if form == 2:
        return f"0{digits}"
    if form == 3:
        return f"{digits[:5]}-{digits[5:]}"
    if form == 4:
        return f"{digits} / {mobile(more)}"
    if form == 5:
        zero = _INDIC_ZEROS[more % len(_INDIC_ZEROS)]
        return "".join(chr(zero + int(digit)) for digit in digits)
    if form == 6:
        return f"{digits}.0"
    if form == 7:
        return f"{digits[0]}.{digits[1:].rstrip('0') or '0'}E9"
    return _rarer_phone(form, digits, state_code, more)


def _rarer_phone(form: int, digits: str, state_code: str, bits: int) -> str:
    if form == 8:
        return f"{_STD_CODES.get(state_code, '0120')}-2{bits % 10_000_000:07d}"[:12]
    if form == 9:
        return f"Mob: {digits[:4]} {digits[4:7]} {digits[7:]}"
    if form == 10:
        return f"(+91) {digits}"
    if form == 11:
        return f"91{digits}"
    if form == 12:
        return _JUNK[bits % len(_JUNK)]
    return ""
