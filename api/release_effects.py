"""What another release of the tables does: to the goods of the tables and to the quotes that are kept, each priced by both.

Both price the same request on the same day, so that what differs is what the release says. It is a rehearsal whose other day
is the same day by other tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.fields import Known
from api.rehearsal_requests import kept_asked, samples
from api.rehearsing import NONE, REFUSED, UNPRICED, Rehearsed, as_of, priced_then, rehearsed_document, size_of
from api.schemas import QuoteIn
from api.store import Store
from api.writing import Json
from calculator.request import QuoteRequest
from tariffs.book import Book


@dataclass(frozen=True, slots=True)
class Release:
    """The tables of before and those of the new release, the day on which both price, and the language that is told."""

    old: Book
    new: Book
    on: date
    language: str

    def goods(self) -> Json:
        """A consignment of each good of either that has one line."""
        schema = QuoteIn(Known(self.old.fx.currencies, self.old.release, lambda: self.on))
        slugs = {slug for book in (self.old, self.new) for slug, good in book.records.products.items() if good.hs_code}
        return self._told(samples(schema, self.old, sorted(slugs)))

    def quotes(self, store: Store, limit: int) -> Json:
        """The newest quotes that are kept, so many of them."""
        return self._told(
            priced_then(id, as_of(asked, self.on), self.old)
            if isinstance(asked, QuoteRequest)
            else Rehearsed(id, None, None, asked)
            for id, asked in kept_asked(store, self.old, limit)
        )

    def _told(self, requests: Iterable[Rehearsed]) -> Json:
        """Those that come out otherwise: what is refused from now on first, then by the size of the difference."""
        document = rehearsed_document(requests, self.on, self.new, self.language)
        moved = [row for row in document["rows"] if row["causes"][0] not in (UNPRICED, NONE)]
        moved.sort(key=lambda row: (row["causes"][0] != REFUSED, -size_of(row), row["name"]))
        return document | {"rows": moved}
