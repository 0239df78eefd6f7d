"""What the tools do: the functions behind the routes, between our own reading of arguments and the documents of the API.

These are called, and not the routes: over stdio there is no server, and at /mcp the door has counted the call already.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import has_request_context

from api.again import as_asked
from api.aim_schemas import TargetIn
from api.aiming import aimed_document
from api.caller import caller
from api.candidates import offering
from api.comparing import compared_document
from api.comparison_schemas import ComparisonIn
from api.fields import number_text, text_of
from api.lookups import named_language
from api.mcp.exact import placed
from api.mcp.explaining import explained
from api.queries import NotThere, read_each
from api.quotes import answered, counted
from api.reading import LONGEST_ECHO, Refused
from api.schemas import QuoteIn
from api.store import Store
from api.tariff_lines import SEARCHED, Lookup
from api.writing import Json
from calculator.errors import Unpriceable, Unreadable
from tariffs.book import Book

Given = Mapping[str, Any]
Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """An answer and the language it is in."""

    document: Json
    spoken: str


class Doing:
    """The answers over one book. `store` is where quotes are kept that may be explained, None where none are."""

    def __init__(
        self, book: Book, schema: QuoteIn, lookup: Lookup, clock: Callable[[], datetime], store: Store | None
    ) -> None:
        self._book, self._schema, self._lookup, self._clock = book, schema, lookup, clock
        self._comparison, self._target = ComparisonIn(schema), TargetIn(schema)
        self.store = store

    def without_store(self) -> "Doing":
        """The same where no quotes are kept."""
        return Doing(self._book, self._schema, self._lookup, self._clock, None)

    def quote(self, given: Given, spoken: str) -> Done:
        """The quote of a request. Raises Refused or Unpriceable."""
        asked = replace(self._schema.load(given), language=spoken)
        with offering(asked, self._book):
            priced = answered(asked, self._book, self._now())
        return Done((counted(priced) if has_request_context() else priced).document, spoken)

    def search(self, given: Given, spoken: str) -> Done:
        """A page of tariff lines. Raises Refused or NotThere."""
        readers = {name: _of_text(reader) for name, reader in SEARCHED.items()}
        asked = _read(given, readers | {"limit": lambda value: SEARCHED["limit"](number_text(value, "", "integer"))})
        found = self._lookup.found(asked, asked.get("on") or self._schema.known.today(), spoken)
        return Done(
            {"items": found.items, "total": found.total, "next": found.next, **self._lookup.beside(asked, spoken)},
            spoken,
        )

    def compare(self, given: Given, spoken: str) -> Done:
        """The scenarios of a request. Raises Refused or Unpriceable."""
        return Done(compared_document(self._comparison.load(given), self._book, spoken), spoken)

    def aim(self, given: Given, spoken: str) -> Done:
        """The highest price for a target. Raises Refused or Unpriceable."""
        return Done(aimed_document(self._target.load(given), self._book, spoken, self._now()), spoken)

    def explain(self, given: Given, spoken: str) -> Done:
        """A step of a request's quote, or of a kept one. Raises Refused, Unpriceable or NotThere."""
        readers: dict[str, Reader] = {"request": _as_it_is, "step": text_of, "goods": _line, "language": named_language}
        if self.store is not None:
            readers["id"] = text_of
        asked = _read(given, readers)
        if ("request" in asked) == ("id" in asked):
            wanted = [name for name in ("request", "id") if name in readers]
            raise Unreadable("which_quote", "" if "request" in asked else "/request", wanted)
        if "step" not in asked:
            raise Unreadable("missing_field", "/step", ("vat",))
        quoted = self._kept(asked) if "id" in asked else self._of_request(asked["request"], spoken)
        return Done(explained(quoted.document, asked["step"], asked.get("goods")), quoted.spoken)

    def _of_request(self, request: Given, spoken: str) -> Done:
        try:
            return self.quote(request, spoken)
        except (Refused, Unpriceable) as failure:
            raise placed(failure, "/request") from None

    def _kept(self, asked: Given) -> Done:
        """A kept quote of the caller, in its own language where no other is named."""
        kept = self.store.quote(asked["id"], caller().owner) if self.store else None
        if kept is None or self.store is None:
            raise NotThere(Unreadable("no_such_quote", "/id", (), text=asked["id"][:LONGEST_ECHO]))
        told = as_asked(kept, asked, self.store, self._book.fx.currencies)
        return Done(json.loads(told.quote), told.language)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


def _read(given: Given, readers: Mapping[str, Reader]) -> dict[str, Any]:
    return read_each(((name, (value,)) for name, value in given.items()), readers, "/")


def _of_text(reader: Callable[[str], Any]) -> Reader:
    """A reader of what stands in an address, for a member of JSON."""
    return lambda value: reader(text_of(value))


def _as_it_is(value: Any) -> Any:
    return value


def _line(value: Any) -> int:
    """The number of a line of goods; the first is 0."""
    text = number_text(value, "", "integer")
    if not (text.isascii() and text.isdigit() and len(text) <= len("199")):
        raise Unreadable("wrong_form", "", ("0", "1"), text=text[:LONGEST_ECHO])
    return int(text)
