"""The price ladder: what the same goods cost under each of the eleven Incoterms, as far as the legs between are known."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS, Incoterm, Leg, contained
from calculator.outcome import Totals
from calculator.request import QuoteRequest
from calculator.rules import Walked

Ladder = dict[str, Decimal | None]
# What is added to a price (1) and taken off it (-1).
Move = tuple[tuple[int, frozenset[Leg]], ...]
AT_MARKET = "@market"
DELIVERED = frozenset({Incoterm.DAP, Incoterm.DPU, Incoterm.DDP})
SIDES = {"origin": ORIGIN_LEGS, "destination": DESTINATION_LEGS}


def price_ladder(request: QuoteRequest, walked: Walked, totals: Totals, tolls: Mapping[str, Leg]) -> Ladder:
    """The price of all goods under each term, in yuan at the market rate; None where a leg between is not known.

    The named place of FCA, CPT and CIP is taken as a port, that of DAP, DPU and DDP as the buyer's.
    """
    known = _known(walked, totals, tolls)
    delivered_uninsured = request.incoterm in DELIVERED and request.costs.insurance is not None
    moves = _moves(request.incoterm, request.place_is_port, delivered_uninsured, tuple(known))
    price = walked_price(walked)
    return {term: None if move is None else _moved(price, move, known) for term, move in moves.items()}


@lru_cache(maxsize=512)
def _moves(
    incoterm: Incoterm, place_is_port: bool | None, own_premium: bool, known: tuple[frozenset[Leg], ...]
) -> dict[str, Move | None]:
    """How the price moves to each term; `own_premium`: the premium that is stated is the buyer's own, beside the price."""
    base = contained(incoterm, place_is_port)
    if own_premium:
        base -= {Leg.INSURANCE}
    moves = {}
    for term in Incoterm:
        wanted = base if term is incoterm else contained(term)
        if term in DELIVERED and incoterm in DELIVERED:
            wanted -= {Leg.INSURANCE} - base
        moves[term.value] = _move(base, wanted, known)
    return moves


def walked_price(walked: Walked) -> Decimal:
    """The price of all lines as invoiced, in yuan at the market rate."""
    return sum((Decimal(line["price_value"]) for line in walked.lines), Decimal("0.00"))


def _move(base: frozenset[Leg], wanted: frozenset[Leg], known: tuple[frozenset[Leg], ...]) -> Move | None:
    """The legs that the other term contains besides (1), and those that it does not (-1); None where one is not known."""
    move = []
    for legs, sign in ((wanted - base, 1), (base - wanted, -1)):
        missing = set(legs)
        for group in sorted(known, key=lambda each: -len(each)):
            if group <= missing:
                missing -= group
                move.append((sign, group))
        if missing:
            return None
    return tuple(move)


def _moved(price: Decimal, move: Move, known: Mapping[frozenset[Leg], Decimal]) -> Decimal:
    for sign, group in move:
        price += sign * known[group]
    return price


def _known(walked: Walked, totals: Totals, tolls: Mapping[str, Leg]) -> dict[frozenset[Leg], Decimal]:
    """What each leg costs, or several together, in yuan at the market rate."""
    known: dict[frozenset[Leg], Decimal] = {frozenset({Leg.IMPORT_TAXES}): totals["taxes"]}
    for name, amount in walked.shared.items():
        if name.endswith(AT_MARKET):
            stem = name.removesuffix(AT_MARKET)
            if legs := frozenset({tolls[stem]}) if stem in tolls else _legs(stem):
                known[legs] = known.get(legs, Decimal(0)) + amount
    return known


@lru_cache(maxsize=512)
def _legs(name: str) -> frozenset[Leg]:
    """The leg that an amount pays, all of a side for its sum; none for amounts that are no legs."""
    side, _, code = name.rpartition(":")
    if side in SIDES and code == ALL_IN:
        return frozenset(SIDES[side])
    return frozenset({Leg(code)}) if code in set(Leg) else frozenset()
