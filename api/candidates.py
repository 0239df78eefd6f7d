"""The lines that a refused code leaves to choose from, each priced as the whole request would be under it.

A problem that only names codes leaves its reader to try them one after the other; here each carries its name, its rates, and the
taxes and the landed cost of this very request, or why it cannot be priced. Batches and cells, which show no more than a sentence,
name the codes alone. Nothing is chosen here.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from api.answers import refusal_told
from api.display import Display
from api.line_brief import brief_of
from api.pricing import price
from api.reading import Refused
from api.schemas import MOST_AT_ONCE
from api.wording import Wording
from api.writing import Json, money
from calculator.errors import Unpriceable
from calculator.request import QuoteRequest
from tariffs.book import Book
from tariffs.leading import TO_CHOOSE

TAXES = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax", "taxes")
# A heading may have more lines than anybody reads, and each is a quote.
MOST_CANDIDATES = 50
# Of all goods of a request together.
MOST_IN_ALL = 200
_OF_GOODS = re.compile(r"/goods/([0-9]+)/")


@contextmanager
def offering(request: QuoteRequest, book: Book, sought: bool = False) -> Iterator[None]:
    """Have what leaves codes to choose from carry them as candidates, without figures where a price is `sought`.

    Raises what is raised inside; Refused where the codes of several goods leave some.
    """
    try:
        yield
    except Unpriceable as refusal:
        raise offered(refusal, request, book, sought) from None


def offered(
    refusal: Unpriceable, request: QuoteRequest, book: Book, sought: bool = False, most: int = MOST_CANDIDATES
) -> Unpriceable | Refused:
    """The refusal with at most so many candidates, where it has some; with those of all other goods that leave some."""
    if _place(refusal) not in range(len(request.goods)):
        return refusal
    refusals = (refusal, *_others(request, _place(refusal), book))
    if len(refusals) == 1:
        codes = refusal.allowed[:most]
        return _with(refusal, _priced(codes, _place(refusal), request, book, sought))
    found, left = [], MOST_IN_ALL
    for number, each in enumerate(refusals):
        # What one comes to hangs on what is chosen for the others.
        other = refusals[0 if number else 1]
        spared = Unpriceable("others_to_choose", other.pointer, (), number=_place(other) + 1)
        codes = each.allowed[: min(most, left)]
        left -= len(codes)
        found.append(_with(each, [_candidate(code, _place(each), request, book, spared) for code in codes]))
    return Refused(found)


def _place(refusal: Unpriceable) -> int:
    """The goods whose code leaves lines to choose from, -1 where a refusal is none of such a code."""
    place = _OF_GOODS.match(refusal.pointer)
    return int(place[1]) if place is not None and refusal.code in TO_CHOOSE else -1


def _others(request: QuoteRequest, first: int, book: Book) -> Iterator[Unpriceable]:
    """The refusals of the goods after the first, each looked up by itself."""
    for number, line in enumerate(request.goods[first + 1 :], first + 1):
        try:
            book.dossier(replace(request, goods=(line,)))
        except Unpriceable as refusal:
            if _place(refusal) == 0:
                pointer = f"/goods/{number}{refusal.pointer.removeprefix('/goods/0')}"
                yield type(refusal)(refusal.code, pointer, refusal.allowed, **refusal.facts)


def _with(refusal: Unpriceable, candidates: Sequence[Json]) -> Unpriceable:
    """The refusal with its candidates, where any are left to be told."""
    facts = {**refusal.facts, "candidates": candidates} if candidates else refusal.facts
    return type(refusal)(refusal.code, refusal.pointer, refusal.allowed, **facts)


def _priced(codes: Sequence[str], at: int, request: QuoteRequest, book: Book, sought: bool) -> list[Json]:
    """The candidates of the only goods that leave some, priced as far as one call goes."""
    spared = Unpriceable(
        "too_much_at_once", "/goods", (), most=MOST_AT_ONCE, lines=len(request.goods), times=len(codes)
    )
    if sought:
        spared = Unpriceable("missing_field", f"/goods/{at}/price/amount")
    priced = 0 if sought else MOST_AT_ONCE // len(request.goods)
    return [
        _candidate(code, at, request, book, None if number < priced else spared) for number, code in enumerate(codes)
    ]


def _candidate(code: str, at: int, request: QuoteRequest, book: Book, spared: Unpriceable | None) -> Json:
    told = brief_of(book.records, code, request.declared_on, request.language)
    line = book.records.line(code)
    names = dict(line.names) if line is not None else {}
    known = {"hs_code": code, "name": told["name"], "names": names, "rates": told["rates"], "links": told["links"]}
    if spared is not None:
        return known | _unpriced(spared, request.language)
    goods = list(request.goods)
    goods[at] = replace(goods[at], hs_code=code)
    try:
        quote = price(replace(request, goods=tuple(goods)), book)
    except Unpriceable as refusal:
        return known | _unpriced(refusal, request.language)
    figures, display = quote.lines[at], Display(quote.request, quote.dossier, quote.choice.plan)
    whole = quote.totals["landed_cost"]
    return known | {
        "taxes": {name: money(f"{figures[name]}") for name in TAXES if name in figures},
        "landed_cost": money(f"{whole}"),
        "landed_cost_display": money(display.amount(whole), display.currency),
        "outcome": {"status": quote.outcome.status, "confidence": quote.outcome.confidence},
        "problem": None,
    }


def _unpriced(refusal: Unpriceable, language: str) -> Json:
    """A candidate that cannot be priced, and why."""
    nothing = dict.fromkeys(("taxes", "landed_cost", "landed_cost_display", "outcome"))
    return {**nothing, "problem": refusal_told(refusal, Wording.of(language))}
