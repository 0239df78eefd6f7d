"""The costs beside the price as the form of a declaration has them: freight, insurance, and other charges.

Each is told only where it stands outside the price; what the quote reckoned from tables is not an invoice, and is left open.
"""

from collections.abc import Iterator
from decimal import Decimal

from api.declaration_boxes import NOT_IN_QUOTE, OURS, Boxes, Json
from api.wording import Wording
from api.writing import amount_text
from calculator.incoterms import ALL_IN, ORIGIN_LEGS, Incoterm, Leg, contained
from calculator.money import Money
from calculator.plan import Fact, Remark
from calculator.quote import Quote
from calculator.request import GoodsLine

NOTHING = Remark("box_nothing_stated")


def charges(quote: Quote, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """The three boxes of each cost, by their names."""
    yield from _freight(quote, boxes)
    yield from _insurance(quote, boxes)
    yield from _miscellaneous(quote, boxes)


def _charge(name: str, money: Money, origin: str, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """A cost as the form has it: that it is the whole amount, the amount, its currency."""
    yield f"{name}_mark", boxes.coded(f"{name}_mark", "charge_mark", "total", NOT_IN_QUOTE)
    yield name, boxes.filled(name, amount_text(money.amount)[0], origin=origin)
    yield f"{name}_currency", boxes.currency(f"{name}_currency", money.currency)


def _uncharged(name: str, remark: Remark, boxes: Boxes, to_fill: bool) -> Iterator[tuple[str, Json]]:
    for each in (f"{name}_mark", name, f"{name}_currency"):
        yield each, boxes.open(each, remark) if to_fill else boxes.blank(each, remark)


def _freight(quote: Quote, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """The freight up to China, where the price does not contain it."""
    request = quote.request
    if Leg.FREIGHT in contained(request.incoterm, request.place_is_port):
        yield from _uncharged("freight", _inside(quote), boxes, to_fill=False)
    elif request.costs.freight is not None:
        yield from _charge("freight", request.costs.freight, f"{OURS}/costs/freight", boxes)
    else:
        yield from _uncharged("freight", Remark("box_not_invoiced"), boxes, to_fill=True)


def _inside(quote: Quote) -> Remark:
    return Remark("box_in_the_price", "", {"incoterm": quote.request.incoterm.value})


def _insurance(quote: Quote, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """The premium, where the price does not contain it; customs presumes one where there is none."""
    request, stated = quote.request, quote.request.costs.insurance
    delivered = request.incoterm in (Incoterm.DAP, Incoterm.DPU, Incoterm.DDP)
    if Leg.INSURANCE in contained(request.incoterm, request.place_is_port) and (stated is None or not delivered):
        yield from _uncharged("insurance", _inside(quote), boxes, to_fill=False)
    elif stated is not None and stated.amount is not None:
        yield from _charge("insurance", stated.amount, f"{OURS}/costs/insurance", boxes)
    elif stated is not None:
        facts = {"rate": stated.rate, "insured": stated.insured}
        yield from _uncharged("insurance", Remark("box_premium_by_rate", "", facts), boxes, to_fill=True)
    elif (presumed := quote.choice.plan.shared.get("presumed_premium_rate")) is not None:
        # The form takes the rate in percent; that it is written so is not from a document that we saw.
        percent = Fact(presumed.value * Decimal(100), presumed.origin, "", presumed.source)
        yield "insurance_mark", boxes.coded("insurance_mark", "charge_mark", "rate", NOT_IN_QUOTE)
        shown = boxes.figure("insurance", percent, confidence="C")
        yield "insurance", shown | {"remark": boxes.told(Remark("box_premium_presumed"))}
        yield "insurance_currency", boxes.blank("insurance_currency", NOTHING)
    else:
        yield from _uncharged("insurance", NOT_IN_QUOTE, boxes, to_fill=True)


def _miscellaneous(quote: Quote, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """What else counts into the customs value, or is taken off it; one sum where the request says so in one currency.

    Of charges on the way nobody has written down which box they belong in, so they are told and not summed.
    """
    adjustments = [each for line in quote.request.goods for each in _adjustments(line)]
    on_the_way = list(_on_the_way(quote, boxes.wording))
    currencies = {money.currency for _, money in adjustments}
    if on_the_way or len(currencies) > 1:
        told = [
            f"{boxes.wording.label(code)} {amount_text(money.amount)[0]} {money.currency}"
            for code, money in adjustments
        ]
        facts = {"charges": [*told, *on_the_way]}
        yield from _uncharged("miscellaneous", Remark("box_charges_to_sort", "", facts), boxes, to_fill=True)
    elif adjustments:
        total = Money(sum((money.amount for _, money in adjustments), Decimal(0)), currencies.pop())
        yield from _charge("miscellaneous", total, f"{OURS}/goods", boxes)
    else:
        yield from _uncharged("miscellaneous", NOTHING, boxes, to_fill=False)


def _adjustments(line: GoodsLine) -> Iterator[tuple[str, Money]]:
    """The legal additions of a line, and its deductions with their sign."""
    for each in line.additions:
        yield each.code, each.amount
    for each in line.deductions:
        yield each.code, Money(-each.amount.amount, each.amount.currency)


def _on_the_way(quote: Quote, wording: Wording) -> Iterator[str]:
    """Charges that may count: the buyer's own before the main carriage, and those after it that the price contains."""
    request = quote.request
    inside = contained(request.incoterm, request.place_is_port)
    for code, money in request.costs.origin.items():
        if not (inside.issuperset(ORIGIN_LEGS) if code == ALL_IN else Leg(code) in inside):
            yield f"{wording.label(code)} {amount_text(money.amount)[0]} {money.currency}"
    for code, money in request.costs.destination.items():
        if (Leg.DELIVERY if code == ALL_IN else Leg(code)) in inside:
            yield f"{wording.label(code)} {amount_text(money.amount)[0]} {money.currency}"
    for name, leg in quote.choice.plan.tolls.items():
        if leg in ORIGIN_LEGS:
            yield wording.label(name.partition(":")[2] or name)
