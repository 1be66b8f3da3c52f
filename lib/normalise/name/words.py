"""The words around a name: honorifics, relations, legal forms, words of organisations, words that are no name."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Title before a name -> how it is written. Latin keys are in lower case without dots.
HONORIFICS = {
    "shri": "Shri", "shree": "Shri", "sri": "Shri", "shr": "Shri", "sh": "Shri", "shriman": "Shri",
    "smt": "Smt.", "shrimati": "Smt.", "shreemati": "Smt.", "srimathi": "Smt.", "srimati": "Smt.", "tmt": "Smt.",
    "thirumathi": "Smt.", "sou": "Smt.", "sow": "Smt.", "saubhagyavati": "Smt.",
    "kumari": "Kumari", "kum": "Kumari", "km": "Kumari", "ku": "Kumari", "selvi": "Kumari",
    "thiru": "Shri", "mr": "Mr.", "mister": "Mr.", "mrs": "Mrs.", "ms": "Ms.", "miss": "Miss", "mx": "Mx.",
    "master": "Master", "mstr": "Master",
    "dr": "Dr.", "doctor": "Dr.", "prof": "Prof.", "professor": "Prof.", "er": "Er.", "engr": "Er.", "adv": "Adv.",
    "advocate": "Adv.", "ca": "CA", "ar": "Ar.", "justice": "Justice", "hon": "Hon.", "honble": "Hon.",
    "late": "Late", "prop": "Prop.", "proprietor": "Prop.",
    "lt": "Lt.", "capt": "Capt.", "captain": "Capt.", "maj": "Maj.", "major": "Maj.", "col": "Col.",
    "colonel": "Col.", "brig": "Brig.", "gen": "Gen.", "general": "Gen.", "cdr": "Cdr.", "wg": "Wg.", "sqn": "Sqn.",
    "flt": "Flt.", "hav": "Hav.", "sub": "Sub.", "nb": "Nb.", "sep": "Sep.", "insp": "Insp.", "retd": "Retd.",
    "sardar": "Sardar", "sardarni": "Sardarni", "pt": "Pt.", "pandit": "Pt.", "haji": "Haji",
    "hajji": "Haji", "maulana": "Maulana", "moulana": "Maulana", "mufti": "Mufti", "hafiz": "Hafiz",
    "swami": "Swami", "sant": "Sant", "fr": "Fr.", "rev": "Rev.", "sr": "Sr.", "bro": "Bro.", "seth": "Seth",
    # Devanagari
    "श्री": "Shri", "श्रीमान": "Shri", "श्रीमती": "Smt.", "सौ": "Smt.", "कुमारी": "Kumari", "कु": "Kumari",
    "सुश्री": "Ms.", "डॉ": "Dr.", "डा": "Dr.", "डॉक्टर": "Dr.", "डाॅ": "Dr.", "प्रो": "Prof.", "प्रा": "Prof.", "स्व": "Late",
    "स्वर्गीय": "Late", "पं": "Pt.", "पंडित": "Pt.", "सरदार": "Sardar", "एड": "Adv.", "कै": "Late",
    # Bengali, Gujarati, Gurmukhi, Odia
    "শ্রী": "Shri", "শ্রীমতী": "Smt.", "শ্রীমতি": "Smt.", "কুমারী": "Kumari", "ডাঃ": "Dr.", "ডা": "Dr.", "ড": "Dr.",
    "শ্ৰী": "Shri", "শ্ৰীমতী": "Smt.", "શ્રી": "Shri", "શ્રીમતી": "Smt.", "કુમારી": "Kumari", "ડૉ": "Dr.",
    "ડો": "Dr.", "સ્વ": "Late", "ਸ਼੍ਰੀ": "Shri", "ਸ੍ਰੀ": "Shri", "ਸ਼੍ਰੀਮਤੀ": "Smt.", "ਸ੍ਰੀਮਤੀ": "Smt.", "ਸਰਦਾਰ": "Sardar",
    "ਡਾ": "Dr.", "ଶ୍ରୀ": "Shri", "ଶ୍ରୀମତୀ": "Smt.", "କୁମାରୀ": "Kumari", "ଡ": "Dr.", "ଡା": "Dr.",
    # Tamil, Telugu, Kannada, Malayalam
    "திரு": "Shri", "திருமதி": "Smt.", "செல்வி": "Kumari", "டாக்டர்": "Dr.", "டாக்": "Dr.", "ஸ்ரீ": "Shri",
    "శ్రీ": "Shri", "శ్రీమతి": "Smt.", "కుమారి": "Kumari", "డాక్టర్": "Dr.", "డా": "Dr.",
    "ಶ್ರೀ": "Shri", "ಶ್ರೀಮತಿ": "Smt.", "ಕುಮಾರಿ": "Kumari", "ಡಾ": "Dr.", "ಡಾಕ್ಟರ್": "Dr.",
    "ശ്രീ": "Shri", "ശ്രീമതി": "Smt.", "കുമാരി": "Kumari", "ഡോ": "Dr.", "ഡോക്ടർ": "Dr.",
}  # fmt: skip
# Titles that are names, initials or words as well: titles only with a dot after them.
ONLY_DOTTED = frozenset(
    {"ar", "bro", "fr", "sr", "sub", "nb", "wg", "hon", "km", "sou", "sow", "sep", "gen", "selvi", "hav", "rev", "ku",
     "कु", "सौ", "कै", "एड", "ड", "ଡ", "ড"}
)  # fmt: skip
# After a name, for respect: in nobody's name.
RESPECT = frozenset(
    {"ji", "jee", "garu", "saheb", "sahab", "sahib", "sir", "madam", "maam", "जी", "साहब", "साहेब", "ਜੀ", "జీ", "గారు",
     "જી", "ಅವರು", "அவர்கள்"}
)  # fmt: skip
# Degrees and posts after a name.
QUALIFICATIONS = frozenset(
    {"mbbs", "bds", "bams", "bhms", "phd", "btech", "mtech", "llb", "llm", "mba", "mca", "ias", "ips", "ifs", "irs",
     "fca", "aca", "acs", "fcs", "retd", "retired", "esq", "jr", "snr", "msc", "bsc", "mphil", "frcs", "mrcp", "dnb"}
)  # fmt: skip

# After a comma more than those: MD and MS are Mohammad and initials elsewhere.
DEGREES = QUALIFICATIONS | {"md", "ms", "be", "ba", "ma", "ca", "dm", "mch", "dgo", "mds", "bcom", "bpt", "mpt"}

# The letter before "/o" -> the relation.
RELATIONS = {"s": "S/o", "d": "D/o", "w": "W/o", "c": "C/o", "h": "H/o", "f": "F/o", "m": "M/o", "r": "R/o"}
RELATION_WORDS = {
    "son": "S/o", "daughter": "D/o", "wife": "W/o", "widow": "W/o", "care": "C/o", "husband": "H/o", "father": "F/o",
    "mother": "M/o", "resident": "R/o",
}  # fmt: skip
NATIVE_RELATIONS = {
    "पुत्र": "S/o", "सुपुत्र": "S/o", "आत्मज": "S/o", "वल्द": "S/o", "पुत्री": "D/o", "सुपुत्री": "D/o", "आत्मजा": "D/o",
    "पत्नी": "W/o", "धर्मपत्नी": "W/o", "द्वारा": "C/o", "मार्फत": "C/o", "निवासी": "R/o",
    "ਪੁੱਤਰ": "S/o", "ਪੁੱਤਰੀ": "D/o", "ਪਤਨੀ": "W/o",
    "পিতা": "S/o", "স্বামী": "W/o", "પત્ની": "W/o",
}  # fmt: skip

# Forms of firms: they say what an organisation is, not which one, and stay out of its key.
LEGAL = {
    "pvt": "Pvt.", "ltd": "Ltd.", "private": "Private", "limited": "Limited", "llp": "LLP", "opc": "OPC", "inc": "Inc.",
    "plc": "PLC", "corp": "Corp.", "co": "Co.", "coy": "Co.", "company": "Company", "corporation": "Corporation",
    "bros": "Bros.", "and": "and", "the": "the", "of": "of", "for": "for", "प्राइवेट": "Private", "लिमिटेड": "Limited",
    "प्रा": "Pvt.", "लि": "Ltd.",
}  # fmt: skip
_LEGAL_WITH_AND = frozenset({"and", "the", "of", "for", "प्रा", "लि"})
# One of these words makes an organisation. Family names (Mandal, Merchant, Contractor) are not among them.
ORGANISATION = _words(
    """
    academy agencies agency agro associates association authority automobiles autos bakery bank bazaar bazar
    bhandar bhawan bhojanalaya board boutique brothers builders cafe carriers caterers cements center centre
    chemicals chemist chemists church clinic club college collection collections committee communications
    computers constructions construction consultancy consultants consulting cooperative coop corner council court
    creation creations dairy dealers department depot developers dhaba diagnostics digital distributors drugs
    electricals electronics emporium engineering engineers enterprise enterprises estates exports exporters eye
    fabrics fabricators factory farms fashion fashions fertilizers finance foods footwear foundation furniture
    furnishings garage garments gas glass government govt granites graphics group gurdwara handicrafts handlooms
    hardware hospital hospitals hostel hotel hotels housing impex imports industries industry infotech infra
    infrastructure institute institution insurance international jewellers jewellery jewels kendra kirana kiryana
    lab laboratories laboratory labs lodge logistics machinery mahila mall manufacturers marbles mart maternity
    medical medicals medicos mills ministry motors municipal municipality museum nursery nursing office
    offset opticals opticians optics ornaments packaging packers paints panchayat parishad parlour petroleum
    pharma pharmaceuticals pharmacy plastics plywood police polyclinic polymers post power press printers printing
    projects properties provision provisions publications publishers railway realtors realty restaurant retail
    roadlines roadways saloon salon samiti samithi sanatorium sangathan sangh sanstha sarees school schools seeds
    services shop shoppe showroom silks society software solutions spices sports stationers stationery steels
    store stores studio studios suitings supermarket superstore suppliers sweets syndicate systems tailors
    technologies technology telecom temple textile textiles traders trading transport transports travels trust
    tyres udyog union university vastralaya ventures vidyalaya vidyalay warehouse wholesale wines works workshop
    mandir phc chc uphc sdh hosp ashram sadan memorial arogya niketan netralaya nursinghome multispeciality
    superspeciality pathlabs supermart hypermart megamart medplus dispensary aushadhalaya अस्पताल चिकित्सालय
    विद्यालय महाविद्यालय बैंक ट्रेडर्स स्टोर स्टोर्स भंडार भण्डार एजेंसी एंटरप्राइजेज एण्टरप्राइजेज उद्योग समिति
    संस्थान संस्था केंद्र केन्द्र होटल ढाबा मेडिकल क्लिनिक किराना ब्रदर्स स्कूल कॉलेज पंचायत ज्वैलर्स
    ज्वेलर्स হাসপাতাল বিদ্যালয় ব্যাংক ট্রেডার্স স্টোর ভাণ্ডার સ્ટોર્સ ટ્રેડર્સ બેંક હોસ્પિટલ ભંડાર વિદ્યાલય
    ਹਸਪਤਾਲ ਸਕੂਲ ਬੈਂਕ ਸਟੋਰ மருத்துவமனை பள்ளி வங்கி ஸ்டோர்ஸ் டிரேடர்ஸ் கடை நிறுவனம் ఆసుపత్రి పాఠశాల బ్యాంక్ స్టోర్స్
    ట్రేడర్స్ ఏజెన్సీ ಆಸ್ಪತ್ರೆ ಶಾಲೆ ಬ್ಯಾಂಕ್ ಸ್ಟೋರ್ಸ್ ಟ್ರೇಡರ್ಸ್ ആശുപത്രി സ്കൂൾ ബാങ്ക് സ്റ്റോഴ്സ് ട്രേഡേഴ്സ്
    """
) | (frozenset(LEGAL) - _LEGAL_WITH_AND)  # fmt: skip
# Written as one word with what precedes them: Kripahospital, Saraswatividyalaya.
ORGANISATION_ENDINGS = ("hospital", "vidyalaya", "vidyalayam", "netralaya", "chikitsalaya", "rugnalaya", "aushadhalaya")
# Before a firm's name, as M/s.
MESSRS = frozenset({"messrs", "मेसर्स", "मैसर्स", "মেসার্স", "મેસર્સ", "ਮੈਸਰਜ਼"})

# Second parts of given names and marks of sex, not families: as last words they tell no surname.
NO_SURNAME = _words(
    """
    kumar kumari kumara devi bai ben bhai begum bibi bee khatun khatoon bano banu rani raj lal ram chand chandra
    nath prasad babu bhushan mohan kishore kishor prakash kant lata bala mala ali anna amma appa akka kr md mohd
    """
)
# Families of India that are told after initials alone (R. G. Sharma); other single words there are given names.
SURNAMES = _words(
    """
    agarwal aggarwal agrawal ahluwalia ahuja anand arora bajaj bajpai banerjee banerji bansal basu bhat bhatia
    bhatt bhattacharya bhattacharjee biswas bora borah bose chakraborty chakravarty chatterjee chaturvedi
    chaudhari chaudhary chauhan chavan chawla chopra choudhary choudhury chowdhury dalal das datta desai deshmukh
    deshpande dey dhawan dixit dubey dutta dwivedi fernandes fernandez gaikwad gandhi garg ghosh gill gowda goyal
    goswami grewal guha gupta hegde iyengar iyer jadhav jain jha joshi kadam kamat kamath kapoor kapur kaur khan
    khanna khurana kohli kulkarni lobo mahajan maheshwari malhotra malik manjrekar mathur mehra mehrotra mehta
    menon mishra misra mittal modi mukherjee mukherji nadar naidu naik nair nambiar nanda narang nayak negi ojha
    oberoi padhi pai panda pandey pandit pandya panicker parekh parikh patel pathak patil patnaik pawar pereira
    pillai pinto prabhu puri raghuvanshi rai rajput rana rane rastogi rathod rathore rawat ray reddy rodrigues roy
    sahoo sahu saini saxena sen sethi sethy shah sharma shastri shenoy shetty shinde shukla singh singhal sinha
    sodhi solanki soni sood srivastava srivastav shrivastava swain talwar tandon thakkar thakur tiwari tripathi
    trivedi upadhyay vaidya varma verma vyas wagh yadav
    """
)
# Inside a name, in small letters.
PARTICLES = frozenset({"de", "da", "dos", "di", "bin", "binti", "ibn", "ul", "ur", "el", "al", "e", "van", "von"})
FAMILY_PARTICLES = frozenset({"de", "da", "dos", "di", "van", "von"})
# Two letters that are a name or a word; other pairs are two initials written together (RG Sharma, AK Jain).
TWO_LETTERS = _words(
    """
    al an bi bo da de di do ed el gi ho in jo ju ki ko le li lo lu md mu my na ng no oh om on or po qi re ri ro sk
    kr pd ku so sy to tu ty ul ur wu ya yi yu ji
    """
)
# What people type where a name is asked for.
PLACEHOLDERS = _words(
    """
    test testing tester tests demo dummy sample abc abcd abcde xyz xyza asd asdf asdfg asdfgh qwerty qwer zxc zxcv
    customer customers client user username name names fname lname firstname lastname surname fullname in noname
    unknown unnamed guest anonymous undefined none null nil na nan not available applicable known provided given
    specified mentioned no any anyone someone somebody nobody walkin walk cash buyer consumer admin first last
    middle full your my enter temp temporary delete deleted removed blank empty same self default tbd other others
    new old person mr mrs ms miss dr smt prof adv
    """
)
# At least one of these must be there; of the rest alone (New, Any, My) some are names.
SURE_PLACEHOLDERS = PLACEHOLDERS - _words("in any new old no my your same given known first last full person")

# The names of English letters as they are written in Devanagari, where initials are spelt out: आर. के.
LETTER_NAMES = {
    "ए": "A", "बी": "B", "सी": "C", "डी": "D", "ई": "E", "एफ": "F", "जी": "G", "एच": "H", "आई": "I", "जे": "J",
    "के": "K",
    "एल": "L", "एम": "M", "एन": "N", "ओ": "O", "पी": "P", "क्यू": "Q", "आर": "R", "एस": "S", "टी": "T", "यू": "U",
    "वी": "V",     "डब्ल्यू": "W", "एक्स": "X", "वाई": "Y", "जेड": "Z", "व्ही": "V",
}  # fmt: skip
# Abbreviations of Mohammad in other scripts.
NATIVE_MOHAMMAD = frozenset({"मो", "मोह", "मोहं", "મો", "মো", "মোঃ", "মোহা"})
# Short words of firms that stay in capitals.
ACRONYMS = _words("llp opc plc sbi icici hdfc idbi uco lic bsnl ntpc ongc iti iit aiims usa uk")
