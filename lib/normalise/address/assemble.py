"""Which phrase becomes which part of the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lib.normalise.address.collect import FLOOR, LOCALITY, PLAIN, Phrase
from lib.normalise.address.reader import BARE_UNIT, LAND, UNIT
from lib.normalise.address.tables import AddressTables, label_key, place_key
from lib.normalise.address.tokens import WORD, Tokens

# Kinds of phrases that are a part of that name; all others are places or worked out.
_OWN = frozenset({LOCALITY, "village", "post_office", "police_station", "taluk", "district"})
_RURAL = frozenset({"village", "post_office", "taluk"})
_PLACES = frozenset({"area", "panchayat", PLAIN})
_SECTORS = frozenset({"SECTOR", "SEC", "SECT"})
# A labelled number, and one that starts the address, beats a bare one, that beats a field's; the first of each wins.
_WEIGHT = {LAND: 1, BARE_UNIT: 2, UNIT: 3}


class _Spot(NamedTuple):
    """A place: its text, whether a label makes it an area (Nagar, Colony), its first token."""

    text: str
    is_area: bool
    first: int


class Parts:
    """The parts of an address before city, state and PIN, from its phrases; texts as written.

    `in_city`: the end of the address names a city; `empty_column`: an export had none; `state`: its code.
    Labelled phrases go to their own part, the first of a kind wins. The rest are places, from small to large: the
    smallest is the sublocality, the largest the locality, one alone is both. In the country the last place is the
    village, the one before it the locality. A city of sectors has no streets: where no road is named, the sector
    stands for it too, as in the annotated addresses that this is measured on.
    """

    def __init__(
        self,
        tokens: Tokens,
        phrases: Sequence[Phrase],
        tables: AddressTables,
        *,
        state: str | None,
        in_city: bool,
        empty_column: bool,
    ) -> None:
        self.tokens, self.tables, self.in_city = tokens, tables, in_city
        self.state = state
        self.found: dict[str, str] = {}
        self.relation: str | None = None
        self.places: list[_Spot] = []
        self.bare: list[_Spot] = []  # labels without a name
        self.said: set[str] = set()
        self.named: list[str] = []  # named places without a relation
        self.floor: str | None = None
        self.sector: str | None = None
        self.weight = 0  # of the unit that was found
        self.phrases, self.turned_at = _turned(tokens, phrases)
        for index, phrase in enumerate(self.phrases):
            self._take(index, phrase)
        self._finish()
        self.rural = empty_column or not _RURAL.isdisjoint(self.found)
        if empty_column:
            self._part_places()
        self._place(self.rural and not in_city)

    def _take(self, index: int, phrase: Phrase) -> None:
        kind, text, found = phrase.kind, self.tokens.slice(phrase.first, phrase.last), self.found
        if kind in _PLACES:
            self._take_place(index, phrase, text)
        elif kind in _WEIGHT:
            weight = 3 if index == 0 and kind == BARE_UNIT else _WEIGHT[kind]
            if weight > self.weight:
                found["unit"], self.weight = text, weight
        elif kind == FLOOR:
            self.floor = self.floor or text
        elif kind == "street":
            found["street"] = f"{found['street']}, {text}" if "street" in found else text
        elif kind == "building":
            if found.setdefault("building", text) != text:
                found.setdefault("landmark", text)
        elif kind == "landmark":
            if "landmark" not in found or self.relation is None:
                found["landmark"], self.relation = text.replace(", ", " ", 1), phrase.relation
        elif kind == "place":
            self.named.append(text)
        elif kind in _OWN:
            found.setdefault(kind, text)

    def _take_place(self, index: int, phrase: Phrase, text: str) -> None:
        if "building" not in self.found and self._is_building(index, phrase):
            self.found["building"] = text
            return
        if phrase.kind == "area" and self.tokens.keys[phrase.first] in _SECTORS:
            self.sector = self.sector or text
        spot = _Spot(text, phrase.kind == "area", phrase.first)
        folded = text.casefold()
        if phrase.first == phrase.last and spot.is_area:
            self.bare.append(spot)
        elif folded not in self.said:
            self.said.add(folded)
            self.places.append(spot)

    def _is_building(self, index: int, phrase: Phrase) -> bool:
        """Whether a place is a building: "Paradise Enclave" after a labelled number, any name that opens a city's
        address and has a number, floor or street after it."""
        after = self.phrases[index + 1].kind if index + 1 < len(self.phrases) else None
        if self.tokens.keys[phrase.last] in self.tables.compound:
            return (index > 0 and self.phrases[index - 1].kind == UNIT) or (index == 0 and after == FLOOR)
        opens = index == 0 and phrase.kind == PLAIN and self.in_city
        return opens and (after in _WEIGHT or after in (FLOOR, "street", "landmark"))

    def _finish(self) -> None:
        """Fills landmark, street and unit with what stands for them where they are not named."""
        found = self.found
        for text in self.named:
            if "landmark" not in found:
                found["landmark"] = text
            else:
                found.setdefault("building", text)
        building = found.get("building")
        if building and self.weight > 1 and label_key(building.partition("(")[0].split()[-1]) in self.tables.compound:
            found.setdefault("landmark", building)
        if self.sector and self.in_city:
            found.setdefault("street", self.sector)
        if self.floor:
            found.setdefault("unit", self.floor)

    def _part_places(self) -> None:
        """Takes city, district and sub-district off the ends of places: Korivipalli Singanamala Anantapur.

        An export that has no column for them leaves them there; the only word of a place stays a place as well.
        """
        parted: list[_Spot] = []
        for spot in self.places:
            words = spot.text.split()
            while self._take_name(words[-1], alone=len(words) == 1) and len(words) > 1:
                words.pop()
            parted.append(spot._replace(text=" ".join(words)))
        named = [spot for spot in parted if self.state not in self.tables.districts.get(place_key(spot.text), ())]
        self.places = named or parted

    def _take_name(self, word: str, *, alone: bool) -> bool:
        """Whether a word names a city, district or sub-district of the state; the first of each is taken."""
        key, state, tables = place_key(word), self.state or "", self.tables
        city = tables.cities.get(key, {}).get(state)
        if city:
            self.found.setdefault("city", city)
            return True
        if state in tables.taluks.get(key, ()) and not alone:
            self.found.setdefault("taluk", word)
            return True
        return state in tables.districts.get(key, ())

    def _place(self, rural: bool) -> None:
        """Village, locality and sublocality from the places, which stand from small to large."""
        found = self.found
        spots = self.places or self.bare
        places = [spot.text for spot in spots]
        if rural and spots and "village" not in found:
            places = self._villages(spots)
        if rural and not places:
            places = [found[name] for name in ("village", "post_office") if name in found][:1]
        if "locality" in found:
            places = [*places, found["locality"]]
        if places:
            found["locality"] = places[-1]
            found["sublocality"] = places[-2] if len(places) > 1 else places[-1]

    def _villages(self, spots: list[_Spot]) -> list[str]:
        """Sets the village, the last name, and gives the places before it, else the village itself.

        Where lines are turned, the house number touches the village: "Naik Thanda, Tanakal9/70, Babe".
        """
        *before, last = spots
        texts = [spot.text for spot in spots]
        words = last.text.split()
        self.found["village"] = last.text
        if self.turned_at < 0:
            return texts[:-1] or texts
        if len(words) > 1 and not last.is_area:
            self.found["village"] = words[-1]
            return [*texts[:-1], " ".join(words[:-1])]
        near = before and before[-1].first < self.turned_at and not before[-1].is_area
        return texts[:-1] if near else texts


def _turned(tokens: Tokens, phrases: Sequence[Phrase]) -> tuple[Sequence[Phrase], int]:
    """The phrases in the order of the address, and the token at which an export began its first line (else -1).

    A house number that touches the word before it starts the first line, which the export wrote last.
    """
    for index, phrase in enumerate(phrases):
        touches = index > 0 and phrase.kind in (UNIT, BARE_UNIT) and tokens.gap(phrase.first - 1) in ("", "#")
        if touches and tokens.kinds[phrase.first - 1] == WORD:
            return [*phrases[index:], *phrases[:index]], phrase.first
    return phrases, -1
