"""Texts of nine Indian scripts in Latin letters, word by word, in Python and in Spark."""

from __future__ import annotations

import re
from functools import lru_cache

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lib.normalise.batches import batched
from lib.normalise.romanise.irregular import IRREGULAR
from lib.normalise.romanise.letters import BLOCKS, script_at, sounds
from lib.normalise.romanise.rules import spell_by_rule
from lib.normalise.romanise.speller import load_speller
from lib.normalise.script import RANGES

# Scripts without rules of their own go by what was learned from Hindi: their languages drop the same vowels.
_SPELLER_OF = {
    **dict.fromkeys(("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ODIA"), "hindi"),
    "TAMIL": "tamil",
}
# The names of two or more English letters: एमएलए, जेपी.
_LETTER_NAMES = "ए बी सी डी ई एफ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू डब्लू एक्स वाई ज़ेड जेड"
_SPELT_OUT = re.compile(f"(?:{'|'.join(map(sounds, _LETTER_NAMES.split()))}){{2,}}")
_JOINERS = "\u200c\u200d"
# A word is of one script; where two meet inside one, each part is spelt by itself.
_WORD = "|".join(f"[{RANGES[script]}][{RANGES[script]}{_JOINERS}]*" for script in BLOCKS)
_WORDS = re.compile(_WORD)
_INDIC = re.compile("[\u0900-\u0d7f]")
# What is no word but has an ASCII form: Indic digits, dandas, Devanagari's abbreviation sign.
_SIGNS = str.maketrans(
    {
        **{chr(start + 0x66 + digit): str(digit) for start in BLOCKS.values() for digit in range(10)},
        "\u0964": ".",
        "\u0965": ".",
        "\u0970": ".",
        "\u0af0": ".",
    }
)


def romanise_word(word: str) -> str:
    """One word of one of the nine scripts in lower-case a-z; "" where it holds no letter that sounds.

    A word of another script comes back as it is.
    """
    script = script_at(word[0]) if word else None
    if script is None:
        return word
    heard = sounds(word)
    irregular = IRREGULAR.get(heard)
    if irregular is not None:
        return irregular
    if script in _SPELLER_OF:
        spelt_out = _SPELT_OUT.fullmatch(heard) is not None
        return load_speller(_SPELLER_OF[script], silent_vowels=spelt_out).spell(heard)
    return spell_by_rule(heard, script)


def romanise(text: str | None) -> str | None:
    """`text` with each word of the nine scripts in the Latin spelling that people use, capitalised.

    Latin words, spaces and punctuation stay; Indic digits become ASCII, a danda a full stop. None for None.
    """
    if text is None or text.isascii() or not _INDIC.search(text):
        return text
    return _WORDS.sub(_capitalised, text).translate(_SIGNS)


def romanised(text: Column) -> Column:
    """`romanise` in Spark; null stays null. One Arrow batch UDF, called for the distinct values in an Indian script."""
    # The guard does not keep Spark from evaluating the UDF, hence the nulls, which it returns at once.
    indian = F.when(text.rlike(_INDIC.pattern), text)
    return F.coalesce(batched(romanise, T.StringType())(indian), text)


def _capitalised(found: re.Match[str]) -> str:
    word = found[0]
    # Junk of 10,000 letters is not kept.
    return _remembered(word) if len(word) < 50 else romanise_word(word).capitalize()


@lru_cache(65_536)
def _remembered(word: str) -> str:
    """A capitalised word; the parts of names repeat."""
    return romanise_word(word).capitalize()
