"""Requests priced as they are and as of another day, and what that changes: before a year ends, what its end will do.

The causes of a difference are told, not reckoned: several may lie behind one, and the first of them is what it is counted under.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.answers import refusal_told
from api.months_answer import told_months
from api.wording import Wording
from api.writing import Json, money
from calculator.errors import Unpriceable
from calculator.monthly import Month, declared
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from tariffs.book import Book

# What may lie behind a difference, what weighs most first.
REFUSED, RATE_ENDED, RATE_CHANGED = "refused", "provisional_rate_ended", "rate_changed"
CARRIED, NOT_UPDATED, EXCHANGE = "charge_carried_on", "table_not_updated", "exchange_rate"
STATUS, OTHER, UNPRICED, NONE = "status_changed", "other", "unpriced", "none"
CAUSES = (REFUSED, RATE_ENDED, RATE_CHANGED, EXCHANGE, CARRIED, NOT_UPDATED, STATUS, OTHER, UNPRICED, NONE)
UNVERIFIED = "C"
RATES = ("customs_rate", "market_rate")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A request under its name, and what it came to on its own day: a quote, or why there is none.

    `asked` is None where not even the request could be read; `landed_cost` is that of a kept quote, also where the rows that it
    rests on were not kept.
    """

    name: str
    asked: QuoteRequest | None
    quote: Quote | None = None
    refusal: Unpriceable | None = None
    landed_cost: Decimal | None = None


def priced_then(name: str, asked: QuoteRequest, book: Book) -> Rehearsed:
    """A request priced on its own day."""
    try:
        return Rehearsed(name, asked, quote_of(asked, book.dossier(asked)))
    except Unpriceable as refusal:
        return Rehearsed(name, asked, None, refusal)


def as_of(asked: QuoteRequest, on: date) -> QuoteRequest:
    """A request declared on a day; on its own day it is as it stands, with the rates that it states."""
    return asked if asked.declared_on == on else declared(asked, on)


def rehearsed_document(requests: Iterable[Rehearsed], on: date, book: Book, language: str) -> Json:
    """What each request comes to as of a day, those that change most first, and how many change for which cause."""
    wording = Wording.of(language)
    rows = [_row(each, on, book, wording) for each in requests]
    rows.sort(key=lambda row: (CAUSES.index(row["causes"][0]), -size_of(row), row["name"]))
    return {
        "on": on.isoformat(),
        "release": book.release,
        "fx_release": book.fx_release,
        "summary": list(_summary(rows)),
        "rows": rows,
    }


def _row(each: Rehearsed, on: date, book: Book, wording: Wording) -> Json:
    row: Json = dict.fromkeys(("declared_on", "before", "after", "difference", "low", "high"))
    row = {"name": each.name} | row | {"status": {"before": None, "after": None}, "changed": [], "reason": None}
    if each.asked is None:
        reason = None if each.refusal is None else refusal_told(each.refusal, wording)
        return row | {"reason": reason, "causes": [UNPRICED]}
    before = each.quote.totals["landed_cost"] if each.quote else each.landed_cost
    then = as_of(each.asked, on)
    row |= {"declared_on": each.asked.declared_on.isoformat(), "before": _money(before)}
    row["status"]["before"] = each.quote and each.quote.outcome.status
    try:
        quote = quote_of(then, book.dossier(then))
    except Unpriceable as refusal:
        same = each.refusal is not None and each.refusal.code == refusal.code
        return row | {"reason": refusal_told(refusal, wording), "causes": [UNPRICED if same else REFUSED]}
    after, range_ = quote.totals["landed_cost"], quote.outcome.range
    months = (Month(each.asked.declared_on, each.quote, each.refusal), Month(on, quote))
    changed = list(told_months(months, wording))[1][1]["changed"] if each.quote else []
    row["status"]["after"] = quote.outcome.status
    row |= {
        "after": _money(after),
        "difference": None if before is None else _money(after - before),
        "low": None if range_ is None else _money(range_.low["landed_cost"]),
        "high": None if range_ is None else _money(range_.high["landed_cost"]),
        "changed": changed,
    }
    moved = before is None or before != after
    return row | {"causes": list(_causes(each.quote, quote, bool(changed), moved))}


def _causes(before: Quote | None, after: Quote, changed: bool, moved: bool) -> Iterator[str]:
    """What lies behind a difference of two quotes, in the order of CAUSES; NONE where there is none."""
    old = set() if before is None else _codes(before)
    new = _codes(after) - old
    found = {
        RATE_ENDED: any(code == RATE_ENDED for code, _ in new),
        RATE_CHANGED: changed,
        EXCHANGE: before is not None and moved and _rates(before) != _rates(after),
        CARRIED: any(code == "figure_not_verified" and not f"{figure}".startswith(RATES) for code, figure in new),
        NOT_UPDATED: any(code == NOT_UPDATED for code, _ in new),
        STATUS: before is not None and before.outcome.status != after.outcome.status,
    }
    told = [cause for cause in CAUSES if found.get(cause)]
    yield from told or [OTHER if moved else NONE]


def _codes(quote: Quote) -> set[tuple[str, object]]:
    """The reasons of an outcome, each with the table or the unverified figure that it speaks of."""
    reasons = quote.outcome.reasons
    kept = (
        each for each in reasons if each.code != "figure_not_verified" or each.facts.get("confidence") == UNVERIFIED
    )
    return {(each.code, each.facts.get("table", each.facts.get("figure"))) for each in kept}


def _rates(quote: Quote) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """The exchange rates of desks that a quote had at hand."""
    dossier = quote.dossier
    desks = {"customs": dossier.customs_rates, "market": dossier.market_rates}
    return {
        (desk, name): (rate.multiplier, rate.divisor) for desk, rates in desks.items() for name, rate in rates.items()
    }


def _summary(rows: Iterable[Json]) -> Iterator[Json]:
    counted: dict[str, list[Json]] = {}
    for row in rows:
        counted.setdefault(row["causes"][0], []).append(row)
    for cause in CAUSES:
        if cause in counted:
            differences = [Decimal(row["difference"]["amount"]) for row in counted[cause] if row["difference"]]
            yield {
                "cause": cause,
                "count": len(counted[cause]),
                "difference": _money(sum(differences, Decimal("0.00"))),
            }


def size_of(row: Json) -> Decimal:
    """By how much the landed cost of a row differs, whichever way; 0 where there is no difference to tell."""
    return abs(Decimal(row["difference"]["amount"])) if row["difference"] else Decimal(0)


def _money(amount: Decimal | None) -> Json | None:
    return None if amount is None else money(f"{amount}")
