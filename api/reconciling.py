"""POST /v1/reconciliations: a quote and the bill that came, and what made the difference. Nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import Response, g

from api import reconciliation_document as documented
from api.again import reckoned_again
from api.bodies import Routes
from api.caller import caller
from api.decided import content, example_of, in_form, reads_form, sent
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.pricing import price
from api.queries import NotThere
from api.reconciliation_answer import Told, answer, picture, table, workbook
from api.reconciliation_schemas import Bill, BilledLine, ReconciliationIn, of_its_quote
from api.schemas import QuoteIn, bounded
from api.store import Store
from api.tombstones import Deleted
from api.writing import Json
from calculator.billing import BillFacts, Invoice
from calculator.errors import Unpriceable, Unreadable
from calculator.exchange import STALE_DAYS
from calculator.money import YUAN, ExchangeRate
from calculator.plan import Remark
from calculator.quote import Quote
from calculator.reconciling import reconciled
from calculator.request import QuoteRequest
from calculator.way import BEST
from calculator.ways import in_regime
from tariffs.book import Book
from tariffs.currencies import given

# So often is a consignment walked, about, at the rates of one line.
RUNGS = 7
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a bill is held against: a quote, by the id that it is kept under ("" where it is not kept)."""

    id: str
    quote: Quote


def reconciliation_routes(book: Book, store: Store, schema: QuoteIn) -> Routes:
    """The route of bills."""
    routes = Routes(
        "reconciliations", "reconciliations", description="What was billed beside what was quoted, and why."
    )
    reader = ReconciliationIn(schema)

    reads_form(routes, documented.FORMATS)

    example = example_of(
        reader, documented.ASKED, lambda bill: reconciled_document(bill, asked_for(bill, book), book, "en")
    )

    @routes.post("/v1/reconciliations")
    @routes.doc(
        operationId="reconcileBill",
        summary="Hold a bill against its quote",
        description=(
            "The variance of each line, split into causes: the rules are walked again with one fact of the bill exchanged at "
            "a time, so that the causes add up to the variance to the fen."
        ),
        parameters=[documented.FORMAT_ASKED, *REQUEST_HEADERS],
        responses=content(documented.FORMATS),
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The quote, the bill, and what the bill shows.")
    @routes.response(200, documented.RECONCILED, description="The variance and its causes", example=example)
    @problems(routes, 400, 404, 406, 410, 413, 415, 422)
    def reconcile(bill: Bill) -> Response:
        spoken, form = language(), g.asked.get("format", "json")
        quoted = kept_quote(bill.quote, caller().owner, book, store) if bill.quote else asked_for(bill, book)
        if quoted is None:
            raise NotThere(Unreadable("no_such_quote", "/quote", (), text=bill.quote))
        return sent(
            written(reconciled_document(bill, quoted, book, spoken), form, spoken), form, spoken, "reconciliation"
        )

    return routes


def kept_quote(id: str, owner: str, book: Book, store: Store) -> Quoted | None:
    """An owner's quote as it was kept, None where there is none. Raises Deleted, or Unpriceable: it cannot be reckoned again."""
    try:
        kept = store.quote(id, owner)
    except Deleted as deleted:
        raise deleted.at("/quote") from None
    if kept is None:
        return None
    quote = reckoned_again(kept, kept.language, store, book.fx.currencies)
    if quote is None:
        raise Unpriceable("quote_not_reckoned_again", "/quote", ("request",))
    return Quoted(id, quote)


def asked_for(bill: Bill, book: Book) -> Quoted:
    """The quote of the request that a bill brings. Raises Unpriceable."""
    assert bill.request is not None
    try:
        return Quoted("", price(bill.request, book))
    except Unpriceable as refusal:
        raise refusal.at("/request") from None


def reconciled_document(bill: Bill, quoted: Quoted, book: Book, spoken: str) -> Json:
    """The answer to a bill. Raises Refused and Unpriceable."""
    quote = quoted.quote
    asked, lines = replace(quote.request, language=spoken), len(quote.request.goods)
    if asked.regime == BEST:
        asked = in_regime(asked, quote.regime)
    of_its_quote(bill, quoted.id, lines)
    warnings: list[Remark] = []
    invoices = [_rated(each, at, book, asked.strict_fx, warnings) for at, each in enumerate(bill.invoices)]
    rates = {each.rate for each in invoices}
    bounded(lines, RUNGS * (len(rates) + 1), "/bill")
    found = reconciled(asked, quote.dossier, invoices, bill.facts, book.dossier)
    return answer(Told(quoted.id, found, (*warnings, *_kept_rates(asked, bill.facts))), spoken)


def _rated(line: BilledLine, at: int, book: Book, strict: bool, warnings: list[Remark]) -> Invoice:
    """An invoice with the rate that it was paid at: its sender's own, or that of its day."""
    rate: ExchangeRate | None = None
    if line.rate is not None:
        (base, quote), figure = line.rate
        currency, ends = (base, (figure, ONE)) if quote == YUAN else (quote, (ONE, figure))
        rate = ExchangeRate(currency, YUAN, *ends, line.on, "user", "", "user", f"{base}/{quote} {figure:f}")
    elif line.amount.currency != YUAN:
        assert line.on is not None
        where = f"/bill/{at}/on"
        try:
            rate = book.fx.market(line.amount.currency, YUAN, line.on)
        except Unpriceable as refusal:
            raise refusal.at(where) from None
        if (rate.age_days or 0) > STALE_DAYS:
            age = {"pair": f"{rate.base}/{YUAN}", "on": rate.on, "age_days": rate.age_days}
            if strict:
                raise Unpriceable("exchange_rate_stale", where, (), **age)
            warnings.append(Remark("exchange_rate_stale", where, age))
    return Invoice(line.line, line.amount, rate, line.on, line.number, line.credit)


def _kept_rates(asked: QuoteRequest, facts: BillFacts) -> Iterator[Remark]:
    """The rates that the request insists on although the bill is of another day, and states none."""
    if facts.declared_on is not None and facts.declared_on != asked.declared_on:
        for currency in sorted((given(asked.fx) | given(asked.customs_fx)) - given(facts.customs_fx)):
            yield Remark("insisted_rate_kept", "/facts/customs_fx", {"pair": f"{currency}/{YUAN}"})


def written(document: Json, form: str, spoken: str) -> bytes:
    """A reconciliation in one of its forms."""
    return in_form(document, form, spoken, table, workbook, picture)
