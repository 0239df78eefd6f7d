"""The price ladder: what the same goods cost under each of the eleven Incoterms, as far as the legs between are known."""

from collections.abc import Mapping
from decimal import Decimal

from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS, Incoterm, Leg, contained
from calculator.outcome import Totals
from calculator.request import QuoteRequest
from calculator.rules import Walked

Ladder = dict[str, Decimal | None]
DELIVERED = frozenset({Incoterm.DAP, Incoterm.DPU, Incoterm.DDP})
SIDES = {"origin": ORIGIN_LEGS, "destination": DESTINATION_LEGS}


def price_ladder(request: QuoteRequest, walked: Walked, totals: Totals, tolls: Mapping[str, Leg]) -> Ladder:
    """The price of all goods under each term, in yuan at the market rate; None where a leg between is not known.

    The named place of FCA, CPT and CIP is taken as a port, that of DAP, DPU and DDP as the buyer's.
    """
    known = _known(walked, totals, tolls)
    base = contained(request.incoterm, request.place_is_port)
    if request.incoterm in DELIVERED and request.costs.insurance is not None:
        # Under these terms a premium that is stated is the buyer's own, beside the price.
        base -= {Leg.INSURANCE}
    price = walked_price(walked)
    ladder: Ladder = {}
    for term in Incoterm:
        wanted = base if term is request.incoterm else contained(term)
        if term in DELIVERED and request.incoterm in DELIVERED:
            wanted -= {Leg.INSURANCE} - base
        ladder[term.value] = _moved(price, base, wanted, known)
    return ladder


def walked_price(walked: Walked) -> Decimal:
    """The price of all lines as invoiced, in yuan at the market rate."""
    return sum((Decimal(line["price_value"]) for line in walked.lines), Decimal("0.00"))


def _moved(
    price: Decimal, base: frozenset[Leg], wanted: frozenset[Leg], known: dict[frozenset[Leg], Decimal]
) -> Decimal | None:
    """The price with the legs that the other term contains, and without those that it does not."""
    for legs, sign in ((wanted - base, 1), (base - wanted, -1)):
        missing = set(legs)
        for group, amount in sorted(known.items(), key=lambda each: -len(each[0])):
            if group <= missing:
                missing -= group
                price += sign * amount
        if missing:
            return None
    return price


def _known(walked: Walked, totals: Totals, tolls: Mapping[str, Leg]) -> dict[frozenset[Leg], Decimal]:
    """What each leg costs, or several together, in yuan at the market rate."""
    known: dict[frozenset[Leg], Decimal] = {frozenset({Leg.IMPORT_TAXES}): totals["taxes"]}
    for name, amount in walked.shared.items():
        stem, _, desk = name.partition("@")
        if desk == "market" and (legs := _legs(stem, tolls)):
            known[legs] = known.get(legs, Decimal(0)) + amount
    return known


def _legs(name: str, tolls: Mapping[str, Leg]) -> frozenset[Leg]:
    """The leg that an amount pays, all of a side for its sum; none for amounts that are no legs."""
    if name in tolls:
        return frozenset({tolls[name]})
    side, _, code = name.rpartition(":")
    if side in SIDES and code == ALL_IN:
        return frozenset(SIDES[side])
    return frozenset({Leg(code)}) if code in set(Leg) else frozenset()
