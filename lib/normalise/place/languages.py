"""Languages and scripts by state: which script a name from a state is likely written in, and how it is romanised."""

from __future__ import annotations

from functools import cache

from attrs import frozen

from lib.normalise.reference import rows_of

# ISO 639 (two letters where there are) -> the script of its official use in India, as `name_script` calls it.
SCRIPTS = {
    "as": "BENGALI", "bn": "BENGALI", "bo": "TIBETAN", "brx": "DEVANAGARI", "doi": "DEVANAGARI", "dv": "THAANA",
    "en": "LATIN", "fr": "LATIN", "grt": "LATIN", "gu": "GUJARATI", "hi": "DEVANAGARI", "hne": "DEVANAGARI",
    "kha": "LATIN", "kn": "KANNADA", "kok": "DEVANAGARI", "ks": "ARABIC", "lep": "LEPCHA", "lus": "LATIN",
    "mai": "DEVANAGARI", "ml": "MALAYALAM", "mni": "MEETEI_MAYEK", "mr": "DEVANAGARI", "ne": "DEVANAGARI",
    "or": "ODIA", "pa": "GURMUKHI", "raj": "DEVANAGARI", "sa": "DEVANAGARI", "sat": "OL_CHIKI", "sip": "TIBETAN",
    "ta": "TAMIL", "tcy": "KANNADA", "te": "TELUGU", "trp": "LATIN", "ur": "ARABIC",
}  # fmt: skip


@frozen
class StateLanguages:
    """Languages of a state as ISO 639 codes, the most used first: `official`, and others in wide use."""

    official: tuple[str, ...]
    additional: tuple[str, ...]

    @property
    def scripts(self) -> tuple[str, ...]:
        """The scripts of its official languages, without doubles, the most used first."""
        return tuple(dict.fromkeys(SCRIPTS[language] for language in self.official))


@cache
def languages() -> dict[str, StateLanguages]:
    """State code -> languages, for all 36 states and union territories."""
    return {
        row["state_code"]: StateLanguages(tuple(row["official"].split()), tuple(row["additional"].split()))
        for row in rows_of("state_languages.csv")
    }
