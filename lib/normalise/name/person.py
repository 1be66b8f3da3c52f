"""The words of a person's name in their roles: title, initials, given name, surname."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from attrs import frozen

from lib.normalise.name.casing import cased
from lib.normalise.name.latin import latin_word
from lib.normalise.name.phonetics import ABBREVIATED, MOHAMMAD, word_key
from lib.normalise.name.pieces import LETTER, TOKEN
from lib.normalise.name.words import (
    DEGREES,
    FAMILY_PARTICLES,
    HONORIFICS,
    LETTER_NAMES,
    NATIVE_MOHAMMAD,
    NO_SURNAME,
    ONLY_DOTTED,
    PARTICLES,
    QUALIFICATIONS,
    RESPECT,
    SURNAMES,
    TWO_LETTERS,
)

# More words are a sentence or several people.
MOST_WORDS = 6


@frozen
class Word:
    """One word: as it is shown, in Latin letters, plain (small Latin letters), whether an initial; its key."""

    shown: str
    latin: str
    plain: str
    initial: bool
    keys: tuple[str, ...]


@frozen
class Title:
    """A title before a name: as it is shown, in its script, and in Latin letters."""

    shown: str
    latin: str


@frozen
class Person:
    """A person's name in its parts. `words` are in the order of speech: initials, given names, surname.

    `comma` tells that only the form "Surname, Given" says which word the surname is; it is shown so.
    """

    titles: tuple[Title, ...]
    words: tuple[Word, ...]
    surname: int | None = None  # where it begins among `words`
    comma: bool = False

    def shown(self) -> str:
        """The name as it is written, in its own script."""
        return self._joined([title.shown for title in self.titles], [word.shown for word in self.words])

    def latin(self) -> str:
        """The name as it is written, in Latin letters."""
        return self._joined([title.latin for title in self.titles], [word.latin for word in self.words])

    def _joined(self, titles: list[str], words: list[str]) -> str:
        if self.comma:
            family = " ".join(words[self.surname :])
            return " ".join([f"{family},", *titles, *words[: self.surname]])
        return " ".join([*titles, *words])


@lru_cache(maxsize=65_536)
def words_of(token: str, dotted: bool) -> tuple[Word, ...]:
    """The word or initials of one token."""
    plain = token.lower().replace("'", "")
    initials = _initials(token, plain, dotted)
    if initials:
        # One that stands for a word of another script is shown in that script.
        shown_as = initials if token.isascii() else (token,)
        return tuple(Word(f"{x}.", f"{y}.", y.lower(), True, ()) for x, y in zip(shown_as, initials, strict=True))
    shown = cased(token)
    latin = "Mohd" if token in NATIVE_MOHAMMAD else cased(latin_word(shown))
    keys = tuple(filter(None, (word_key(part) for part in latin.split("-"))))
    return (Word(shown, latin, latin.lower().replace("'", ""), False, keys),)


def _initials(token: str, plain: str, dotted: bool) -> tuple[str, ...]:
    """The initials that a token stands for: R, RG, SKP, AK, Ch (of one name); आर. and मु. before a dot."""
    if token.isascii():
        return _latin_initials(token, plain)
    if not dotted or token in NATIVE_MOHAMMAD:
        return ()
    if token in LETTER_NAMES:
        return (LETTER_NAMES[token],)
    return (latin_word(token)[0].upper(),) if len(re.findall(LETTER, token)) == 1 else ()


def _latin_initials(token: str, plain: str) -> tuple[str, ...]:
    if len(token) == 1:
        return (token.upper(),)
    is_title = plain in HONORIFICS and plain not in ONLY_DOTTED
    if not token.isalpha() or is_title or plain in TWO_LETTERS or plain in ABBREVIATED:
        return ()
    consonants = not set(plain) & set("aeiouy")
    if len(plain) == 2 and consonants and plain[1] == "h":  # Ch., Th., Bh.: one sound, one name
        return (plain.capitalize(),)
    if (len(plain) == 2 and (consonants or token != token.capitalize())) or (len(plain) == 3 and consonants):
        return tuple(token.upper())
    return ()


@lru_cache(maxsize=65_536)
def title_of(token: str, dotted: bool) -> Title | None:
    """The title that a token is, in front of a name."""
    plain = token.lower().replace("'", "")
    title = HONORIFICS.get(plain)
    if title is None or (plain in ONLY_DOTTED and not dotted):
        return None
    return Title(title if plain.isascii() else f"{token}." if dotted else token, title)


def person_of(text: str, brackets: Sequence[str] = ()) -> Person:
    """The parts of a person's name; no words where the text has none. A title may stand in brackets: (Late)."""
    family, comma, rest = text.partition(",")
    titles = tuple(title for bracket in brackets if (title := bracketed_title(bracket)))
    degrees = comma and all(match[1] and match[1].lower() in DEGREES for match in TOKEN.finditer(rest))
    if degrees:
        text = family
    elif comma and "," not in rest:
        inverted = _inverted(_read(family), _read(rest), titles)
        if inverted:
            return inverted
    whole = _read(text)
    return Person(_in_order(titles, whole.titles), whole.words, _surname(whole.words))


def _in_order(bracketed: Sequence[Title], titles: Sequence[Title]) -> tuple[Title, ...]:
    """Late before all others, what else stood in brackets after them: Dr. (Mrs.)."""
    late = [title for title in bracketed if title.latin == "Late"]
    return (*late, *titles, *(title for title in bracketed if title.latin != "Late"))


def bracketed_title(inner: str) -> Title | None:
    """The title that stands in brackets, if it is one: (Late)."""
    return title_of(inner.rstrip("."), inner.endswith("."))


def _inverted(family: Person, rest: Person, titles: tuple[Title, ...]) -> Person | None:
    """Sharma, R G: one family name (de Souza is one) before the comma, and a name after it."""
    if not family.words or _family_start(family.words, len(family.words) - 1) or family.titles or not rest.words:
        return None
    if all(word.plain in NO_SURNAME for word in rest.words):  # Rajesh, Kumar
        return None
    if family.words[-1].initial or (len(rest.words) == 1 and rest.words[0].plain in HONORIFICS):
        return None
    words = (*rest.words, *map(_as_particle, family.words[:-1]), family.words[-1])
    start = len(rest.words)
    return Person(_in_order(titles, rest.titles), words, start, comma=_surname(words) != start)


def _read(text: str) -> Person:
    """Titles and words in the order of the text, without what stands after a name (degrees, ji)."""
    tokens = [(match[1], match[2] == ".") for match in TOKEN.finditer(text) if match[1]]
    while len(tokens) > 1 and _follows_a_name(tokens[-1][0]):
        tokens.pop()
    titles: list[Title] = []
    while len(tokens) > 1 and (title := title_of(*tokens[0])):
        titles.append(title)
        tokens.pop(0)
    words = [word for token, dotted in tokens for word in words_of(token, dotted)]
    if any(word.plain in PARTICLES for word in words[1:-1]):
        words[1:-1] = [_as_particle(word) for word in words[1:-1]]
    return Person(tuple(titles), tuple(words))


def _follows_a_name(token: str) -> bool:
    plain = token.lower().replace("'", "")
    return plain in RESPECT or plain in QUALIFICATIONS


def _as_particle(word: Word) -> Word:
    if word.plain not in PARTICLES or word.initial:
        return word
    return Word(word.shown.lower(), word.latin.lower(), word.plain, False, ())


def _surname(words: Sequence[Word]) -> int | None:
    """Where the surname stands, if the form tells.

    The last word after another whole word, unless it is the second part of a given name (Kumar, Devi) or an initial
    stands first (K. Rajesh Kumar: the south writes the father's or the village's initial there, and no surname); after
    initials alone or with one in front only a family name that is known (R. G. Sharma). Mohammad stands before a given
    name.
    """
    last = len(words) - 1
    if last < 1 or words[last].initial or words[last].plain in NO_SURNAME:
        return None
    if words[0].initial and words[last].plain not in SURNAMES:
        return None
    if last == 1 and words[0].keys == (MOHAMMAD,):
        return None
    return _family_start(words, last)


def _family_start(words: Sequence[Word], last: int) -> int:
    """Where a surname that ends at `last` begins: de Souza has two words."""
    start = last
    while start > 0 and words[start - 1].plain in FAMILY_PARTICLES:
        start -= 1
    return start
