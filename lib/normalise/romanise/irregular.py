"""Names that are spelt in Latin as no rule tells: a short list from common knowledge, in any script."""

from __future__ import annotations

from lib.normalise.romanise.letters import sounds

_SPELT = {
    # surnames and parts of names
    "singh": "सिंह सिंग ਸਿੰਘ સિંહ সিংহ ସିଂହ सिंघ", "mishra": "मिश्र મિશ્ર ମିଶ୍ର মিশ্র", "shukla": "शुक्ल શુક્લ",
    "gupta": "गुप्त গুপ্ত", "krishna": "कृष्ण કૃષ્ણ কৃষ্ণ", "chandra": "चंद्र चन्द्र চন্দ্র ଚନ୍ଦ୍ର ચંદ્ર",
    "datta": "दत्त", "dutta": "দত্ত", "mitra": "মিত্র मित्र", "roy": "রায়", "chakraborty": "চক্রবর্তী",
    "chatterjee": "चटर्जी চ্যাটার্জি চ্যাটার্জী", "banerjee": "बनर्जी ব্যানার্জি ব্যানার্জী", "mukherjee": "मुखर्जी মুখার্জি মুখার্জী",
    "mohammed": "मोहम्मद मुहम्मद મોહમ્મદ ਮੁਹੰਮਦ মোহাম্মদ মহম্মদ", "tagore": "टैगोर", "patnaik": "पटनायक ପଟ୍ଟନାୟକ ପଟନାୟକ",
    "das": "দাস ଦାସ", "mohanty": "ମହାନ୍ତି", "panda": "ପଣ୍ଡା", "nair": "नायर நாயர்", "iyer": "अय्यर ஐயர் അയ്യർ",
    "reddy": "रेड्डी ரெட்டி", "rao": "राव ராவ் ರಾವ್", "gowda": "गौडा", "yadav": "ଯାଦବ যাদব",
    "lakshmi": "லட்சுமி லக்ஷ்மி இலட்சுமி", "meenakshi": "மீனாட்சி", "subramanian": "சுப்பிரமணியன் சுப்ரமணியன்",
    "balasubramanian": "பாலசுப்பிரமணியன் பாலசுப்ரமணியன்", "subramaniam": "சுப்பிரமணியம் சுப்ரமணியம்",
    "krishnan": "கிருஷ்ணன்", "srinivasan": "சீனிவாசன் ஸ்ரீனிவாசன்", "natarajan": "நடராஜன்",
    "tiwari": "तिवारी તિવારી", "saxena": "सक्सेना", "kapoor": "कपूर ਕਪੂਰ",
    "arora": "अरोड़ा ਅਰੋੜਾ", "gaikwad": "गायकवाड़ गायकवाड",
    "chavan": "चव्हाण", "naidu": "नायडू நாயுடு నాయుడు ನಾಯ್ಡು", "qureshi": "कुरैशी क़ुरैशी", "siddiqui": "सिद्दीकी सिद्दीक़ी",
    "sheikh": "शेख शेख़ শেখ શેખ", "syed": "सैयद सय्यद সৈয়দ", "begum": "बेगम বেগম", "chaudhary": "चौधरी ચૌધરી ਚੌਧਰੀ",
    "bose": "बोस বোস", "fernandes": "फर्नांडिस फर्नांडीस", "george": "जॉर्ज ജോർജ് ஜார்ஜ்", "ahmed": "আহমেদ আহমদ",
    "joseph": "जोसेफ जोसफ ஜோசப் ജോസഫ്", "mehta": "મહેતા", "vaghela": "વાઘેલા", "biswas": "বিশ্বাস", "dasgupta": "দাশগুপ্ত",
    "sengupta": "সেনগুপ্ত", "brar": "ਬਰਾੜ", "grewal": "ਗਰੇਵਾਲ", "mohamed": "முகமது முஹம்மது", "abdul": "அப்துல்",
    "priya": "பிரியா ப்ரியா", "manikandan": "மணிகண்டன்", "pandian": "பாண்டியன்", "ganesan": "கணேசன்", "sridhar": "ஸ்ரீதர்",
    "murthy": "ಮೂರ್ತಿ మూర్తి மூர்த்தி", "hegde": "ಹೆಗಡೆ ಹೆಗ್ಡೆ हेगड़े", "shetty": "ಶೆಟ್ಟಿ शेट्टी", "swamy": "ಸ್ವಾಮಿ",
    "kumaraswamy": "ಕುಮಾರಸ್ವಾಮಿ", "kulkarni": "ಕುಲಕರ್ಣಿ", "chowdary": "చౌదరి", "sastry": "శాస్త్రి", "mathew": "മാത്യു",
    "varghese": "വർഗീസ്", "pillai": "പിള്ള", "muhammed": "മുഹമ്മദ്",
    "rajendran": "ராஜேந்திரன்", "mahendran": "மகேந்திரன்", "surendran": "சுரேந்திரன்",
    "dr": "डॉ ડૉ ডঃ ডাঃ ଡଃ",
    "yediyurappa": "ಯಡಿಯೂರಪ್ಪ", "bai": "बाई બાઈ", "bhai": "भाई ભાઈ ਭਾਈ", "sri": "ஸ்ரீ",
    # places
    "delhi": "दिल्ली દિલ્હી ਦਿੱਲੀ দিল্লি ଦିଲ୍ଲୀ தில்லி டெல்லி ఢిల్లీ ದೆಹಲಿ ഡൽഹി", "mumbai": "मुम्बई মুম্বই মুম্বাই",
    "hyderabad": "हैदराबाद హైదరాబాద్ ಹೈದರಾಬಾದ್ ஐதராபாத் ഹൈദരാബാദ്", "kolkata": "कोलकाता কলকাতা", "howrah": "হাওড়া",
    "india": "इंडिया इण्डिया", "punjab": "पंजाब ਪੰਜਾਬ", "lucknow": "लखनऊ", "pune": "पुणे", "indore": "इंदौर इन्दौर",
    "guwahati": "गुवाहाटी গুৱাহাটী গুয়াহাটি", "mysuru": "ಮೈಸೂರು", "dharwad": "ಧಾರವಾಡ", "ahmedabad": "अहमदाबाद અમદાવાદ",
    "rourkela": "ରାଉରକେଲା", "cuttack": "କଟକ", "coimbatore": "கோயம்புத்தூர் கோவை", "tiruchirappalli": "திருச்சிராப்பள்ளி",
    "kozhikode": "കോഴിക്കോട്", "thrissur": "തൃശ്ശൂർ തൃശൂർ", "thiruvananthapuram": "തിരുവനന്തപുരം", "puducherry": "புதுச்சேரி",
}  # fmt: skip

# sounds -> Latin
IRREGULAR = {sounds(word): latin for latin, words in _SPELT.items() for word in words.split()}
