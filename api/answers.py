"""The answer to a request: the quote as the document that API.md promises, written straight from the frozen quote.

Nothing is computed here but what the eye needs: the display currency, percent signs, the digits of an amount. Every
amount is a text, every zero has its reason, and every figure says where it comes from.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from api.display import Display
from api.explanation import explained
from api.payment_answer import payment_document
from api.rates_answer import rates_document
from api.remarks import reasons, told, validity, worded, words
from api.shipment_answer import holding_document, ladder_document, shipment_document
from api.wording import Wording, percent, plain
from api.writing import Json, money
from calculator.errors import Unpriceable
from calculator.money import YUAN
from calculator.outcome import Range, Totals
from calculator.plan import Fact, PlannedLine
from calculator.quote import Quote
from calculator.shipment import shipment_of
from calculator.tariff_line import AdValorem
from calculator.way import CBEC_RETAIL
from calculator.ways import WayIn
from tariffs.expressions import expression

# The class is decided, or the law is silent: there is no rate to print.
NO_EXCISE = frozenset({"outside_every_heading", "not_taxed_at_import", "not_in_this_regime"})
# Forms of a kept quote beside the JSON, each at an address of its own.
OTHER_FORMS = ("csv", "xlsx", "html", "svg")


def answer(quote: Quote, *, id: str | None, created_at: datetime | None, language: str) -> Json:
    """The document of a quote in a language; `id` and `created_at` only for one that is kept or dated."""
    choice, plan = quote.choice, quote.choice.plan
    wording = worded(choice, language)
    said = words(choice, wording)
    display = Display(quote.request, quote.dossier, plan)
    shipment = shipment_of(choice, quote.walked)
    document: Json = {}
    if id is not None:
        document["id"] = id
    if created_at is not None:
        document["created_at"] = created_at.isoformat()
    document |= validity(quote, wording)
    document |= {
        "outcome": _outcome(quote, wording, display),
        "declared_on": quote.request.declared_on.isoformat(),
        "regime": plan.regime,
        "totals": totals_document(quote.totals, display.amount(quote.totals["landed_cost"]), display.currency),
        **({"regimes": list(_regimes(quote, wording, display))} if quote.ways else {}),
        "goods": list(_goods(quote, wording, display)),
        "price_ladder": ladder_document(quote),
        "alternatives": said["alternatives"],
        "steps": explained(quote, wording),
        "rates": rates_document(choice, wording),
        "shipment": shipment_document(choice, shipment),
        **holding_document(quote, wording),
        "payment": payment_document(quote, wording),
        "assumptions": said["assumptions"],
        "warnings": [*said["warnings"], *(told(each, choice, wording) for each in shipment.warnings)],
        "requirements": said["requirements"],
    }
    if id is not None:
        address = f"/v1/quotes/{id}"
        document["links"] = {"self": address, **{form: f"{address}.{form}" for form in OTHER_FORMS}}
    return document


def _outcome(quote: Quote, wording: Wording, display: Display) -> Json:
    outcome = quote.outcome
    result: Json = {
        "status": outcome.status,
        "confidence": outcome.confidence,
        "reasons": reasons(quote, wording),
    }
    if outcome.range is not None:
        result["range"] = _range(outcome.range, wording, display)
    return result


def _range(open_: Range, wording: Wording, display: Display) -> Json:
    def end(totals: Totals) -> Json:
        return totals_document(totals, display.amount(totals["landed_cost"]), display.currency)

    sources = [
        {
            "code": each.remark.code,
            "text": wording.source(each.remark, known=each.width is not None or each.asked),
            "width": None if each.width is None else money(plain(each.width)),
            **({"above": money(plain(each.above))} if each.above else {}),
        }
        for each in open_.sources
    ]
    return {"low": end(open_.low), "high": end(open_.high), "sources": sources}


def totals_document(figures: Totals, displayed: str, currency: str) -> Json:
    """Figures that are rounded to the fen already, as money."""
    totals: Json = {name: {"amount": str(value), "currency": YUAN} for name, value in figures.items()}
    totals["landed_cost_display"] = money(displayed, currency)
    return totals


def _goods(quote: Quote, wording: Wording, display: Display) -> Iterator[Json]:
    """Each line with its figures, its rates and what one unit of it costs."""
    running, shown = Decimal(0), Decimal(0)
    for number, figures in enumerate(quote.lines):
        # The rounded running total less the one before, so that the lines add up in the display currency too.
        running += figures["landed_cost"]
        upto = display.exact(running)
        displayed, shown = upto - shown, upto
        line, found, planned = quote.request.goods[number], quote.dossier.lines[number], quote.choice.plan.lines[number]
        names = found.tariff_line.names if found.tariff_line is not None else {}
        code = found.tariff_line.hs_code if found.tariff_line is not None else planned.hs_code
        yield {
            "product": line.product or None,
            "hs_code": code or None,
            "description": line.description or names.get(wording.language) or names.get("en") or None,
            "quantity": {"value": plain(line.quantity.value), "unit": line.quantity.unit},
            **totals_document(figures, plain(displayed), display.currency),
            "rates": line_rates(quote, planned),
            "per_unit": [{"unit": each.unit, "amount": money(plain(each.amount))} for each in quote.per_unit[number]],
        }


def line_rates(quote: Quote, planned: PlannedLine) -> Json:
    """The rates of a line; in e-commerce retail its taxes are a share of what these rates come to."""
    postal = planned.facts.get("postal_rate")
    duty, basis = planned.duty, planned.basis
    if quote.choice.plan.regime == CBEC_RETAIL and quote.walked.shared["tax_share"] != 1:
        duty, basis = AdValorem(quote.dossier.parameter("cbec_duty_rate").value), CBEC_RETAIL
    taxed = planned.zeros.get("consumption_tax") not in NO_EXCISE
    rates = {
        "customs_duty": expression(duty) if duty is not None else None,
        "basis": basis,
        "consumption_tax": _excise(planned) if taxed else None,
        "vat": percent(planned.vat) if planned.vat is not None else None,
    }
    return rates if postal is None else rates | {"postal_articles_tax": percent(postal.value)}


def _regimes(quote: Quote, wording: Wording, display: Display) -> Iterator[Json]:
    """Every lawful way in: open, closed or unknown, why, and what it would come to."""
    for way in quote.ways:
        totals = way.reckoned.totals if way.reckoned is not None else None
        yield {
            "regime": way.regime,
            "label": wording.heading(way.regime),
            "status": way.status,
            "chosen": way.regime == quote.choice.plan.regime,
            "reason": way_reason(way, wording),
            "totals": totals_document(totals, display.amount(totals["landed_cost"]), display.currency)
            if totals
            else None,
        }


def refusal_told(refusal: Unpriceable, wording: Wording) -> Json:
    """Why something cannot be priced, in words, with the place in the request that it speaks of."""
    text = wording.problem(refusal.code, refusal.facts, refusal.allowed)
    return {"code": refusal.code, "text": text, "pointer": refusal.pointer}


def way_reason(way: WayIn, wording: Wording) -> Json | None:
    """Why a way in is closed or unknown, in words; None where it is open."""
    if way.refusal is not None:
        return refusal_told(way.refusal, wording)
    return (
        told(way.remark, way.reckoned.choice, wording) if way.remark is not None and way.reckoned is not None else None
    )


def _excise(planned: PlannedLine) -> str:
    """The consumption tax of a line as a duty is written; two classes told apart by value as by_value(…)."""
    above = _parts(planned, "excise_rate", "excise_per_unit")
    dear = planned.facts.get("luxury_threshold")
    if dear is not None:
        both = percent(planned.facts["excise_rate"].value + planned.facts["luxury_rate"].value)
        return f"by_value({_priced(dear)}/unit, {above}, {both})"
    threshold = planned.facts.get("excise_threshold")
    if threshold is None:
        return above
    return f"by_value({_priced(threshold)}, {_parts(planned, 'excise_rate_below', 'excise_per_unit_below')}, {above})"


def _parts(planned: PlannedLine, rate: str, per_unit: str) -> str:
    share, amount = planned.facts.get(rate), planned.facts.get(per_unit)
    shown = [percent(share.value)] if share is not None else []
    return " + ".join(shown + ([_priced(amount)] if amount is not None else [])) or "0%"


def _priced(fact: Fact) -> str:
    return f"{plain(fact.value)} {fact.unit}"
