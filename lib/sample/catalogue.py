"""The catalogue: invented products in eight categories, in several versions, with bad rows of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from lib.sample.draws import Draw
from lib.sample.spec import SampleSpec

UNKNOWN = "Unknown"

# category_l1 | category_l2 | category_l3: noun, lowest and highest price in rupees
_SHELVES = """
Electronics|Mobiles|Smartphones|Smartphone|6999|44999
Electronics|Audio|Headphones|Wireless Earbuds|499|4999
Electronics|Accessories|Chargers|USB-C Charger|199|1999
Electronics|Computers|Storage|Pen Drive|249|1499
Fashion|Ethnic Wear|Sarees|Cotton Saree|499|6999
Fashion|Men|Shirts|Kurta|349|2499
Fashion|Footwear|Sandals|Leather Chappal|299|1999
Home & Kitchen|Cookware|Pressure Cookers|Pressure Cooker|899|3999
Home & Kitchen|Decor|Lighting|LED Diya Set|99|899
Home & Kitchen|Storage|Containers|Steel Dabba|149|1299
Grocery|Staples|Rice|Basmati Rice 5 kg|299|999
Grocery|Sweets|Gift Boxes|Kaju Katli Box|199|1499
Grocery|Staples|Atta|Chakki Atta|39|549
Beauty|Skin|Face Care|Aloe Face Gel|79|699
Beauty|Hair|Oils|Coconut Hair Oil|49|499
Toys & Baby|Toys|Puzzles|Wooden Puzzle|149|1299
Toys & Baby|Baby Care|Diapers|Diaper Pack|199|1599
Books|Fiction|Novels|Paperback Novel|99|599
Books|Academic|Exam Guides|Exam Guide|149|999
Sports|Cricket|Bats|Kashmir Willow Bat|499|5999
Sports|Fitness|Yoga|Yoga Mat|199|1499
"""
_BRANDS = (
    "Suvarna",
    "Nilgiri",
    "Mayur",
    "Tara",
    "Ashoka Lane",
    "Himadri",
    "Kaveri",
    "Udaan",
    "Chirag",
    "Bulbul",
)
_COLOURS = ("Red", "Blue", "Green", "Classic", "Gold", "Black", "Ivory", "Large", "Small", "Twin Pack")
_PAISE = (0, 0, 0, 99, 50, 49, 75, 5)


@attrs.frozen
class Shelf:
    """Where a product stands, and what it may cost."""

    l1: str
    l2: str
    l3: str
    noun: str
    low: int
    high: int


SHELVES = tuple(
    Shelf(l1, l2, l3, noun, int(low), int(high))
    for l1, l2, l3, noun, low, high in (line.split("|") for line in _SHELVES.strip().splitlines())
)
CATEGORIES = tuple(dict.fromkeys(shelf.l1 for shelf in SHELVES))
BAD_KINDS = ("mrp_range", "selling_price_type", "malformed_record", "product_id_not_null")


@attrs.frozen
class Product:
    """What the truth knows of a product: price in paise, and the category that its lines count under."""

    sku: str
    category: str
    paise: int


@attrs.frozen
class CatalogueRow:
    """One line of catalog.jsonl: its text, why it must be refused, or that another row of its key wins."""

    text: str
    product_id: str
    updated_at: str
    reasons: tuple[str, ...] = ()
    duplicate: bool = False
    older_version: bool = False


def bad_products(spec: SampleSpec) -> int:
    """How many products have no good row at all; lines that sell them fall under `Unknown`."""
    return max(len(BAD_KINDS), round(spec.products * spec.proportions.bad_products))


def sku(index: int) -> str:
    """The identifier of a product, the same in orders, catalogue and inventory."""
    return f"SKU{index:07d}"


def products(spec: SampleSpec) -> list[Product]:
    """Every product that an order line may name: first the good ones, then those with only a bad row."""
    shelf_of, price_of, paise_of = (Draw(spec.seed, name) for name in ("shelf", "price", "paise"))
    result = []
    for index in range(spec.products + bad_products(spec)):
        shelf = SHELVES[shelf_of.below(index, len(SHELVES))]
        # Squared, so that cheap things are more common than dear ones.
        share = price_of.share(index)
        rupees = shelf.low + int((shelf.high - shelf.low) * share * share)
        good = index < spec.products
        category = shelf.l1 if good else UNKNOWN
        result.append(Product(sku(index), category, rupees * 100 + paise_of.one_of(index, _PAISE)))
    return result


class Catalogue:
    """Writes the rows of catalog.jsonl; every version is older than the first business date."""

    def __init__(self, spec: SampleSpec, known: list[Product]) -> None:
        self._spec = spec
        self._known = known
        names = (
            "shelf",
            "catalogue bits",
            "versions",
            "category form",
            "other shelf",
            "version day",
            "row copy",
        )
        self._shelf, self._bits, self._versions, self._form, self._other, self._day, self._copy = (
            Draw(spec.seed, name) for name in names
        )

    def rows(self) -> Iterator[CatalogueRow]:
        """Good products with their older versions and copies, then the bad rows."""
        share = self._spec.proportions
        for index in range(self._spec.products):
            older = 0
            if self._versions.share(index) < share.products_with_versions:
                older = 1 + (self._bits.bits(index) & 1)
            # The latest first for every third product: the order in the file says nothing.
            ages = range(older + 1) if index % 3 == 0 else range(older, -1, -1)
            for age in ages:
                row = self._row(index, age)
                yield row
                if age == 0 and self._copy.share(index) < share.duplicates:
                    yield attrs.evolve(row, duplicate=True)
        for index in range(self._spec.products, len(self._known)):
            yield self._bad_row(index)

    def _fields(self, index: int, age: int) -> dict[str, object]:
        bits = self._bits.bits(index * 4 + age)
        shelf = SHELVES[self._shelf.below(index, len(SHELVES))]
        if age and self._other.share(index * 4 + age) < 0.5:
            # An older version stood on another shelf: only the latest may count.
            shelf = SHELVES[self._other.below(index * 4 + age, len(SHELVES))]
        paise = self._known[index].paise + age * 500
        off = (0, 5, 10, 20, 25, 40)[(bits >> 8) % 6]
        # The list price in whole rupees, so that the stated discount is close to the computed one.
        mrp = (paise * 100 // (100 - off) + 99) // 100
        brand = _BRANDS[(bits >> 16) % len(_BRANDS)]
        changed = self._spec.start - timedelta(days=1 + age * 40 + self._day.below(index * 4 + age, 39))
        return {
            "product_id": self._known[index].sku,
            "product_name": f"{brand} {shelf.noun} {_COLOURS[(bits >> 24) % len(_COLOURS)]}",
            "seller_id": f"SELLER{(bits >> 30) % 90:03d}",
            "category_l1": self._category(shelf.l1, index * 4 + age),
            "category_l2": shelf.l2,
            "category_l3": shelf.l3,
            "brand": brand.upper() if (bits >> 40) & 7 == 0 else brand,
            "mrp": float(mrp),
            "selling_price": paise / 100,
            "discount_percentage": float(off),
            "rating": None if (bits >> 44) & 7 == 0 else (10 + (bits >> 48) % 41) / 10,
            "review_count": (bits >> 50) % 5000,
            "is_assured": (bits >> 60) & 1 == 1,
            "created_at": _instant(self._spec.start - timedelta(days=400 + index % 300), bits),
            "updated_at": _instant(changed, bits >> 20),
        }

    def _category(self, name: str, index: int) -> str:
        if self._form.share(index) >= self._spec.proportions.category_messy:
            return name
        forms = (name.upper(), name.lower(), f" {name} ", name.replace(" ", "  "), f"{name} ")
        return forms[self._form.bits(index) % len(forms)]

    def _row(self, index: int, age: int) -> CatalogueRow:
        fields = self._fields(index, age)
        text = json.dumps(fields, ensure_ascii=False)
        older = age > 0
        return CatalogueRow(
            text, str(fields["product_id"]), str(fields["updated_at"]), duplicate=older, older_version=older
        )

    def _bad_row(self, index: int) -> CatalogueRow:
        fields = self._fields(index, 0)
        kind = BAD_KINDS[index % len(BAD_KINDS)]
        if kind == "mrp_range":
            fields["mrp"] = 0.0
        elif kind == "selling_price_type":
            fields["selling_price"] = "N/A"
        elif kind == "product_id_not_null":
            fields["product_id"] = ""
        text = json.dumps(fields, ensure_ascii=False)
        if kind == "malformed_record":
            text = text[: len(text) * 2 // 3]
        return CatalogueRow(text, str(fields["product_id"]), str(fields["updated_at"]), reasons=(kind,))


def _instant(day: date, bits: int) -> str:
    # Before 18:30Z, so that the instant lies on the same calendar day in India too.
    second = (bits & 0xFFFFF) % 66_000
    return f"{day.isoformat()}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
