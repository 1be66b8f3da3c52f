"""From tokens to phrases: each a stretch of the address with the kind that its labels tell."""

from __future__ import annotations

from lib.normalise.address.collect import FLOOR, LOCALITY, PLAIN, Collector, Phrase
from lib.normalise.address.reader import BARE_UNIT, ORDINAL, ROMAN, UNIT
from lib.normalise.address.tables import RELATIONS
from lib.normalise.address.tokens import AND, BREAK, NUMBER, WORD

# Full words follow their name as often as not ("Ramnagar Village"); short ones go before it ("Vill Ramnagar").
_FULL = frozenset({"VILLAGE", "DISTRICT", "MANDAL", "MANDALAM", "TALUK", "TALUKA", "TEHSIL", "POST", "PANCHAYAT",
                   "PANCHAYATH", "VIL", "PO", "GRAM", "GAON", "THANA", "POLICESTATION", "POSTOFFICE"})  # fmt: skip
_ADMINISTRATIVE = frozenset({"village", "post_office", "police_station", "taluk", "district", "panchayat"})


class Scanner(Collector):
    """Walks over the tokens once, left to right."""

    def run(self) -> list[Phrase]:
        """The phrases in their order."""
        at = 0
        kinds, keys, size, starts = self.kinds, self.keys, self.size, self.tables.starts
        while at < size:
            kind = kinds[at]
            if kind == WORD:
                if len(keys[at]) > 3 and keys[at] not in starts:  # most words: no label, no letters before a number
                    self.open = at if self.open < 0 else self.open
                    at += 1
                else:
                    at = self._word(at)
            elif kind == NUMBER:
                at = self._number(at)
            elif kind == BREAK:
                at = self._break(at)
            else:
                at += 1
        self._close(size - 1)
        return self.phrases

    def _word(self, at: int) -> int:
        if self.lead != "care_of":
            end, kind = self.unit(at, self.open >= 0)
            if end > at:
                return self._unit(at, end, kind)
        heading, count = self.label(at)
        if heading == "building" and self.lead == "care_of" and self.open >= 0:
            self._close(at + count - 1, "building")  # C/o Surya Tower
            return at + count
        if heading is None or self.lead == "care_of":
            return self._plain(at, count)
        if heading in RELATIONS:
            return self._relation(at, heading, count)
        if self.relation is not None and (heading not in ("care_of", "noise") or self._after_of(at)):
            return self._in_landmark(at, heading, count)
        return self._labelled(at, heading, count)

    def _labelled(self, at: int, heading: str, count: int) -> int:
        """What a label outside a landmark does to the phrase."""
        if heading in ("building", "street", "area", "place"):
            return self._closing(at, heading, count)
        if heading in _ADMINISTRATIVE:
            return self._administrative(at, heading, count)
        if heading in ("area_numbered", "road_numbered"):
            return self._numbered(at, count, "street" if heading == "road_numbered" else "area")
        if heading == "area_continued":
            return self._continued(at, count)
        if heading == "floor":
            return self._floor(at, count)
        if heading in ("care_of", "via") or (heading == "phone" and self.number_follows(at + count)):
            self._close(at - 1)
            self.lead = heading
            return at + count
        if heading == "noise" and self._after_of(at):
            return self._plain(at, count)  # Bank of India
        if heading in ("noise", "pincode"):
            self._close(at - 1)
            return at + count
        if heading == "state_name" and self.ends_part(at + count):
            return self._state(at, at + count)
        return self._plain(at, count)

    def _state(self, at: int, end: int) -> int:
        """A state within the text ends an address as maps print it: Muradi, Andhra Pradesh 515865, India."""
        self._close(at - 1)
        if end < self.size and self.keys[end] == self.pin:
            for index in range(len(self.phrases) - 1, -1, -1):
                phrase = self.phrases[index]
                if phrase.kind not in ("area", PLAIN):
                    break
                if "".join(self.keys[phrase.first : phrase.last + 1]) not in self.tables.districts:
                    self.phrases[index] = phrase._replace(kind=LOCALITY)
                    break
        return end

    def _relation(self, at: int, relation: str, count: int) -> int:
        key = "".join(self.keys[at : at + count])
        end = at + count
        last_of_part = end >= self.size or self.kinds[end] == BREAK
        follows = self.relation is None and (key in self.tables.after or last_of_part)
        if follows and self.open >= 0:
            self.relation = relation
            self._close(end - 1, "landmark")
            return end
        if follows and self.lead in _ADMINISTRATIVE and self.kinds[at - 1] == WORD:
            self.open, self.relation = at - 1, relation
            self._close(end - 1, "landmark")  # Thana ke samne
            return end
        if follows and self.phrases and self.phrases[-1].last == at - 1:
            if self.phrases[-1].kind in (FLOOR, UNIT, BARE_UNIT):
                return end  # First Floor Back Side
            self.phrases[-1] = Phrase("landmark", self.phrases[-1].first, end - 1, relation)
            return end
        if self.relation is not None and self.open == at - 1:
            return self._plain(at, count)  # "opposite near" is one relation
        self._close(at - 1)
        self.open, self.lead, self.relation = at, "landmark", relation
        self.name_at = end
        comes = end + 1 < self.size and self.kinds[end + 1] == WORD
        return end + 1 if last_of_part and comes else end  # "Near, City Mall"

    def _in_landmark(self, at: int, heading: str, count: int) -> int:
        """Near City School, Opp SBI G S Road: it ends with the named place, and before a street's initials."""
        end = at + count
        if heading == "street":
            first = at
            while first - 1 > self.open and len(self.keys[first - 1]) <= 2 and self.kinds[first - 1] == WORD:
                first -= 1
            if self.open < first - 1 < at - 1:
                self._close(first - 1)
                self.open = first
                return self._closing(at, heading, count)
        self._plain(at, count)
        if heading == "place" and at > self.name_at and self._name_follows(end):
            self._close(end - 1)
        return end

    def _after_of(self, at: int) -> bool:
        return at > 0 and self.keys[at - 1] == "OF"

    def _name_follows(self, at: int) -> bool:
        """Whether another name stands at `at`, not "of India"."""
        return at < self.size and self.kinds[at] == WORD and self.keys[at] != "OF" and self.label(at)[0] is None

    def _closing(self, at: int, heading: str, count: int) -> int:
        """A word that ends its phrase: Gandhi ROAD, Surya TOWER; or stands before a number: Gali No 4."""
        end = self.bracketed(self.with_number(at + count, heading))
        bare = end == at + count
        if bare and self.lead is None and self._goes_on(end, heading):
            return self._plain(at, count)
        if self.open < 0 and bare and count == 1 and end < self.size and self.kinds[end] == WORD:
            return self._plain(at, count)  # St Xavier, Gali Wazir Beg, Park View
        if self.open < 0:
            self.open = at
        if self.lead is None:
            self._close(end - 1, heading)
        return end

    def _goes_on(self, at: int, heading: str) -> bool:
        """Whether the next word tells more than this one: Market Road, Mandir Complex, Geeta Bhavan Lane."""
        if at >= self.size or self.kinds[at] != WORD or self.unit(at, True)[0] > at:
            return False
        following, _ = self.label(at)
        if self.keys[at] == "OF":
            return True
        if heading == "street":
            return following == "area" and self.ends_part(at + 1)  # Zoo Road Tiniali: a crossing
        if heading == "building" and following == "street":
            return self.ends_part(at + 1)
        return following in (heading, "street", "building")

    def _numbered(self, at: int, count: int, kind: str) -> int:
        """Sector 12, Block B, Ward No 5; NH-37."""
        end = self.with_number(at + count, "numbered")
        if end == at + count:
            lettered = end < self.size and self.kinds[end] == WORD and len(self.keys[end]) == 1
            if not lettered:
                return self._plain(at, count)
            end = self.joined(end)
        if self.lead is None:
            self._close(at - 1)
            self.open = at
            self._close(end - 1, kind)
        return end

    def _continued(self, at: int, count: int) -> int:
        """Sushant Lok Phase 1: the number and the name before it are one area."""
        end = at + count
        if end < self.size and (self.kinds[end] == NUMBER or self.keys[end] in ROMAN):
            end = self.joined(end)
        elif self.open == at - 1 and ORDINAL.match(self.keys[at - 1]):
            self.open, at = -1, at - 1  # JP Nagar 7th Phase
        else:
            return self._plain(at, count)
        before = self.phrases[-1] if self.phrases and self.open < 0 and self.lead is None else None
        if before and before.kind in ("area", PLAIN) and before.last >= at - 2:
            self.phrases[-1] = before._replace(last=end - 1)
            return end
        self.open = at if self.open < 0 else self.open
        if self.lead is None:
            self._close(end - 1, "area")
        return end

    def _floor(self, at: int, count: int) -> int:
        """2nd Floor, Ground Floor, 4th & 5th Floor: the ordinals before the word are taken from the open phrase."""
        start = at
        while 0 <= self.open < start and (
            self.kinds[start - 1] in (AND, NUMBER) or self.keys[start - 1] in self.tables.floor_names
        ):
            start -= 1
        self._close(start - 1)
        self.open = start
        self._close(at + count - 1, FLOOR)
        return at + count

    def _administrative(self, at: int, heading: str, count: int) -> int:
        """Vill Ramnagar, PO: Deriki, Tal Shirur; or Ramnagar Village, Anantapur District."""
        end = at + count
        last_of_part = end >= self.size or self.kinds[end] in (BREAK, AND)
        key = "".join(self.keys[at:end])
        follows = last_of_part or (key in _FULL and self.tokens.gap(end - 1).strip() == "")
        if self.open >= 0 and self.lead is None and follows:
            self._close(end - 1, heading)
            return end
        if key == "AT" and at and self.kinds[at - 1] != BREAK:
            return self._plain(at, count)
        before = self.phrases[-1] if self.phrases else None
        labelled = before is not None and before.first < before.last == at - 2 and self.kinds[at - 1] == AND
        if before and labelled and self.tables.labels.get(self.keys[before.last]) == before.kind:
            self.phrases.append(Phrase(heading, before.first, before.last - 1))  # Rampur Village & Mandal
            return end
        if last_of_part and self.open < 0 and before and before.last == at - 1 and before.kind == "area":
            self.phrases[-1] = before._replace(kind=heading, last=end - 1)
            return end
        self._close(at - 1)
        self.also = self.lead if self.lead in _ADMINISTRATIVE and self.lead != heading else None
        self.lead = heading
        return end
