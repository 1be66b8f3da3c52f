"""The match key of a word: one key for the spellings that Indian names have in Latin letters.

Soundex was made for English: it joins Rajesh and Rakesh and parts Vijay from Wijay. Here each rule is one thing that
varies when a name is written in Latin letters, in the order in which they are applied. Vowels keep their quality
(i, u) except the inherent a, which is written or left out at will (Devaki, Devki). A key groups names for comparison;
it never says that two people are one. docs/decisions/match-key.md tells how the rules were chosen and measured.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Abbreviations that stand for one name.
ABBREVIATED = {
    "kr": "kumar", "md": "mohammad", "mhd": "mohammad", "mohd": "mohammad", "mohmd": "mohammad", "mohm": "mohammad",
    "mohamd": "mohammad", "muhd": "mohammad", "mohammd": "mohammad", "pd": "prasad", "sk": "sheikh",
}  # fmt: skip

RULES: tuple[tuple[str, str], ...] = (
    # Whole beginnings and endings.
    (r"\Am[aeou]*h[aeiou]*m+", "mhm"),  # Mohammed, Muhammad, Mahmood, Mehmood
    (r"\Aa(?=iy|yy)", ""),  # Aiyar, Ayyar: Iyer
    (r"\A(?:jny?|gn|dny)(?=[aiu])", "gy"),  # Jnanesh, Gnanesh, Dnyanesh: Gyanesh
    (r"\Aru(?=sh|tu|gv)", "ri"),  # Rushikesh, Ruturaj: Rishikesh, Rituraj
    (r"sinh\Z", "sing"),  # Sinh, as Gujarat writes Singh
    (r"oy\Z", "ay"),  # Roy, Sanjoy: Ray, Sanjay
    (r"(?<=o[rs])e\Z", ""),  # Kishore, Bose
    (r"(?<=a)que\Z", "k"),  # Haque
    (r"(?<=ddh|tth)a\Z|(?<=dd|tt)a\Z", ""),  # Aniruddha: Aniruddh
    # Letters with the sound of others.
    (r"qu(?=[ei])|q|ck|c(?=[bdglmnrst]|a?\Z)", "k"),  # Siddiqui, Haq, Malick, Eric, Monica
    (r"x", "ks"),  # Laxmi
    (r"ph", "f"),
    (r"ow(?=[^aeiou])|ou|oo+", "u"),  # Chowdhry, Choudhury, Anoop
    (r"ee+", "i"),
    (r"([cdgjkt]h)\1", r"\1"),  # Achchan, Sidhdharth
    (r"(.)\1+", r"\1"),
    (r"(?<=...a)h\Z|(?<=a)h[ae]?(?=m)", ""),  # Abdullah, Brahma, Ahamed
    (r"(?<=[cdgjkpstz])h", ""),  # th/t, dh/d, sh/s: aspirates are written or not
    (r"bh?|w", "v"),  # Bikas, Wikas: Vikas; Subash: Subhash
    (r"z", "j"),
    # Vowels.
    (r"iy|yi|y", "i"),  # Aliya, Alia
    (r"(?<=[bcdgjkpstvm])ru(?=[bcdgjklmnprstv])", "ri"),  # Amruta: Amrita
    (r"(?<=nd)[ae](?=r)", ""),  # Chandershekhar: Chandrashekhar
    (r"(?<=ud)u(?=ri\Z)", ""),  # Choudhury: Chaudhry
    (r"(?<=[^aeiou])e(?=[dtrnml]\Z)", "a"),  # Ahmed, Akber: Ahmad, Akbar
    (r"[ei]+", "i"),
    (r"[ou]+", "u"),
    (r"nk", "ng"),  # Venkat: Vengat
    (r"(?<=.r)i(?=si\Z)", ""),  # Devrishi: Devarshi
    # The last a tells women's names (Amit, Amita) after i or u and one consonant; elsewhere it comes and goes.
    (r"(?<![^aiu][iu][^aiuv])(?<!\A[iu][^aiuv])a\Z", ""),
    (r"d\Z", "t"),  # Vinod, Prasad: Vinoth, Prasath, as the south writes them
    (r"(?<=.)a(?!\Z)", ""),
    (r"n(?=[vpfm])", "m"),  # Anbar: Ambar
)
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in RULES)
_NOT_A_LETTER = re.compile("[^a-z]+")


@lru_cache(maxsize=65_536)
def word_key(word: str) -> str:
    """The key of one word in Latin letters; "" where it has none."""
    plain = _NOT_A_LETTER.sub("", unicodedata.normalize("NFKD", word).lower())
    key = ABBREVIATED.get(plain, plain)
    for pattern, replacement in _COMPILED:
        key = pattern.sub(replacement, key)
    return key


# Before a given name Mohammad is no name by itself, and what follows it no surname.
MOHAMMAD = word_key("mohammad")
