"""The quotes behind cells: priced from flat names and never kept, or read from those that are kept.

A sheet asks for many fields of one consignment, each under an address of its own: the consignment is priced once, and once
more when the tables, the rates or the day have changed.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from api import day_in_china
from api.caller import caller
from api.cells import Values, values
from api.corrected import corrections_of_quote
from api.flat import document, in_flat_names
from api.queries import NotThere
from api.quotes import answered, counted
from api.reading import LONGEST_ECHO, Refused
from api.schemas import QuoteIn
from api.store import Store
from api.tombstones import Deleted
from calculator.errors import Unpriceable, Unreadable
from calculator.memory import Memory
from tariffs.book import Book

# Characters of questions and answers; an answer has about a thousand, and costs three times as much to hold.
ROOM, OF_AN_ANSWER = 4 * 1024 * 1024, 1500


class CellQuotes:
    """What cells ask, over one book and one store."""

    def __init__(self, book: Book, store: Store, schema: QuoteIn, clock: Callable[[], datetime]) -> None:
        self._book, self._store, self._schema, self._clock = book, store, schema, clock
        self._priced: Memory[Values] = Memory(ROOM)

    def state(self) -> tuple[object, ...]:
        """What every answer depends on beside its question: the day in Shanghai, the tables and the rates."""
        return day_in_china(self._clock()), self._book.release, self._book.fx_release

    def priced(self, texts: Mapping[str, str]) -> Values:
        """The fields of a consignment in flat names. Raises Refused, each refusal with its place in the query."""
        said = tuple(sorted(texts.items()))
        room = OF_AN_ANSWER + sum(len(name) + len(text) for name, text in said)
        return self._priced.found((said, self.state()), lambda: self._price(texts), room)

    def kept(self, id: str) -> Values:
        """The fields of the caller's quote of this id. Raises NotThere and Deleted."""
        try:
            kept = self._store.quote(id, caller().owner)
        except Deleted as deleted:
            raise deleted.at("?/quote") from None
        if kept is None:
            raise NotThere(Unreadable("no_such_quote", "?/quote", (), text=id[:LONGEST_ECHO]))
        request: Any = kept.request
        corrections = corrections_of_quote(self._store.engine, id)
        return values(request, json.loads(kept.quote), [each.id for each in corrections])

    def _price(self, texts: Mapping[str, str]) -> Values:
        try:
            request = document(texts)
        except Refused as refused:
            raise _in_the_query(refused.refusals) from None
        try:
            done = counted(answered(self._schema.load(request), self._book, self._clock()))
        except Refused as refused:
            raise _in_the_query(in_flat_names(refused.refusals)) from None
        except Unpriceable as refusal:
            raise _in_the_query(in_flat_names([refusal])) from None
        return values(request, done.document)


def _in_the_query(refusals: Iterable[Unpriceable]) -> Refused:
    """Refusals by flat names, each at its place in the query."""
    return Refused(each.at("?/") if each.pointer else each for each in refusals)
