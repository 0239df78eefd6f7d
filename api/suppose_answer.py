"""What a changed law comes to, as the documents that are answered: JSON, a table (CSV), a workbook."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from api.answers import refusal_told, totals_document
from api.candidates import MOST_CANDIDATES, MOST_IN_ALL, offered
from api.display import Display
from api.reading import Refused
from api.renderings.texts import sound
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.suppose_schemas import Question
from api.wording import Wording, percent
from api.writing import Json, money
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import divide, half_up
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from calculator.supposing import REVENUE, supposed
from tariffs.book import Book

SHARE = half_up(6)
# What China collects is all taxes together.
LANDED, TAXES = "landed_cost", "taxes"
ZERO = Decimal("0.00")
BEFORE, AFTER = "before", "after"


def answer(asked: Question, book: Book, language: str) -> Json:
    """The basket before and after, request by request and in all."""
    wording, met = Wording.of(language), set[int]()
    basket, priced, left = [], [], MOST_IN_ALL
    for each in asked.basket:
        told, concerned, both = _tried(replace(each, language=language), asked, book, wording, left)
        basket.append(told)
        left -= len(told.get("candidates", ()))
        met |= concerned
        priced += [both] if both is not None else []

    def sums(name: str) -> Json:
        return _both(*(sum((pair[when].totals[name] for pair in priced), ZERO) for when in (0, 1)))

    return {
        "basket": basket,
        "landed_cost": sums(LANDED),
        "revenue": {**sums(TAXES), "taxes": {name: sums(name) for name in REVENUE}},
        "unmet": [number for number in range(len(asked.changes)) if number not in met],
    }


def _tried(
    request: QuoteRequest, asked: Question, book: Book, wording: Wording, most: int
) -> tuple[Json, frozenset[int], tuple[Quote, Quote] | None]:
    """A request under both laws, the changes that concern it, and its two quotes where it has them.

    Where its code leaves lines to choose from, at most so many of them come with what it would be today.
    """
    label = ", ".join(each.named for each in request.goods)
    told: Json = {"label": sound(label), "changes": [], BEFORE: None, AFTER: None}
    told |= dict.fromkeys(("difference", "difference_percent", "revenue", "reason"))
    concerned: frozenset[int] = frozenset()
    try:
        dossier = book.dossier(request)
        before = quote_of(request, dossier)
        told[BEFORE] = _totals(before, dossier)
        changed, other, concerned = supposed(request, dossier, asked.changes)
        told["changes"] = sorted(concerned)
        after = quote_of(changed, other) if concerned else before
    except Unpriceable as refusal:
        return told | _refused(refusal, request, book, wording, most), concerned, None
    told[AFTER] = _totals(after, other)
    difference = after.totals[LANDED] - before.totals[LANDED]
    revenue = after.totals[TAXES] - before.totals[TAXES]
    share = percent(SHARE(divide(difference, before.totals[LANDED]))) if before.totals[LANDED] else None
    told |= {"difference": money(f"{difference}"), "difference_percent": share, "revenue": money(f"{revenue}")}
    return told, concerned, (before, after)


def _refused(refusal: Unpriceable, request: QuoteRequest, book: Book, wording: Wording, most: int) -> Json:
    """Why a request cannot be priced, with the lines that the code of its first such goods leaves to choose from."""
    found = offered(refusal, request, book, most=min(most, MOST_CANDIDATES))
    first = found.refusals[0] if isinstance(found, Refused) else found
    candidates = first.facts.get("candidates")
    return {"reason": refusal_told(refusal, wording)} | ({"candidates": candidates} if candidates else {})


def _totals(quote: Quote, dossier: Dossier) -> Json:
    display = Display(quote.request, dossier, quote.choice.plan)
    return totals_document(quote.totals, display.amount(quote.totals[LANDED]), display.currency)


def _both(before: Decimal, after: Decimal) -> Json:
    """Two sums, rounded to the fen already, and what lies between them."""
    found = {BEFORE: before, AFTER: after, "difference": after - before}
    return {name: money(f"{value}") for name, value in found.items()}


def rows(document: Json) -> Iterator[Sequence[Cell]]:
    """A line of headings, one for each request, and one for all; amounts in yuan as numbers."""
    names = (LANDED, *REVENUE)
    heads = [f"{name}_{when}" for name in names for when in (BEFORE, AFTER)]
    yield ["goods", *heads, "landed_cost_difference", "difference_percent", "revenue_difference", "reason"]
    for each in document["basket"]:
        figures = [amount_cell(each[when] and each[when][name]) for name in names for when in (BEFORE, AFTER)]
        reason = each["reason"]["text"] if each["reason"] else ""
        ends = [amount_cell(each["difference"]), each["difference_percent"] or "", amount_cell(each["revenue"]), reason]
        yield [each["label"], *figures, *ends]
    of_all = {LANDED: document["landed_cost"], **document["revenue"]["taxes"]}
    figures = [amount_cell(of_all[name][when]) for name in names for when in (BEFORE, AFTER)]
    yield [
        "",
        *figures,
        amount_cell(document["landed_cost"]["difference"]),
        "",
        amount_cell(document["revenue"]["difference"]),
        "",
    ]


def table(document: Json) -> bytes:
    """The basket as CSV."""
    return csv_of(rows(document))


def workbook(document: Json) -> bytes:
    """The basket as one sheet."""
    file = io.BytesIO()
    workbook_of(file, rows(document), frozen=1)
    return file.getvalue()
