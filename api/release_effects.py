"""What another release does to the goods of the tables: one plain consignment of each, priced by both.

The consignment is the same for every good and is no estimate of any: 1,000 kg for 100,000 CNY, CIF, so that no freight and no
exchange rate is in it. What it costs landed beyond its price is what the tables say of the good.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.fields import Known
from api.pricing import price
from api.reading import Refused
from api.schemas import QuoteIn
from calculator.errors import Unpriceable
from tariffs.book import Book

QUANTITY, WORTH, CURRENCY = "1000 kg", "100000.00", "CNY"
CONSIGNMENT = f"{QUANTITY} for {WORTH} {CURRENCY}, CIF"


@dataclass(frozen=True, slots=True)
class Effect:
    """A good by two books: its landed cost in yuan, or the code of what keeps it from being priced."""

    product: str
    before: Decimal | None
    after: Decimal | None
    before_refused: str
    after_refused: str

    @property
    def changed(self) -> bool:
        """Whether the books say different things."""
        return (self.before, self.before_refused) != (self.after, self.after_refused)


def effects(old: Book, new: Book, on: date) -> tuple[Effect, ...]:
    """Every good of either book, declared on a day, in the order of their names in addresses."""
    slugs = sorted({*old.records.products, *new.records.products})
    return tuple(_effect(slug, _landed(slug, old, on), _landed(slug, new, on)) for slug in slugs)


def _effect(slug: str, before: Decimal | str, after: Decimal | str) -> Effect:
    priced = [None if isinstance(each, str) else each for each in (before, after)]
    codes = [each if isinstance(each, str) else "" for each in (before, after)]
    return Effect(slug, priced[0], priced[1], codes[0], codes[1])


def _landed(slug: str, book: Book, on: date) -> Decimal | str:
    """The landed cost of the consignment, or the code of the refusal."""
    document = {
        "goods": [
            {"product": slug, "quantity": QUANTITY, "price": {"amount": WORTH, "currency": CURRENCY, "per": "total"}}
        ],
        "incoterm": "CIF",
        "declared_on": f"{on}",
    }
    try:
        request = QuoteIn(Known(book.fx.currencies, book.release, lambda: on)).load(document)
        return price(request, book).totals["landed_cost"]
    except Refused as error:
        return error.refusals[0].code
    except Unpriceable as error:
        return error.code
