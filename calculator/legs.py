"""Which legs of the way the buyer pays beside the price, which the price contains, and what each does to the value.

Every cost stated in the request becomes facts and small rules of its own: its amount in yuan at the market rate, its part
for each line, and, where the law counts it into the customs value, its amount at the customs rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from calculator.allocation import part, whole
from calculator.errors import Unpriceable
from calculator.incoterms import (
    ALL_IN,
    AT_ORIGIN,
    BEYOND_ENTRY,
    DESTINATION_LEGS,
    ORIGIN_LEGS,
    Incoterm,
    Leg,
    contained,
)
from calculator.money import FEN, Money
from calculator.plan import Fact, Remark
from calculator.request import QuoteRequest
from calculator.route_choice import VALUE, RoutePlan, Toll
from calculator.rules import Rule, rule, sum_of
from calculator.valuation import at_rate, premium_by_rate

CATEGORIES = ("freight", "insurance", "origin_charges", "destination_charges")


@rule(rounds_to=FEN)
def in_yuan(m: object, amount: object, rate: object) -> object:
    """An amount that somebody is invoiced, in yuan at the market rate, rounded."""
    return amount * rate  # type: ignore[operator]


@rule(rounds_to=FEN)
def premium_inside(m: object, total_price_value: object, premium_rate: object, insured: object) -> object:
    """The premium that a CIF or CIP price contains, on the insured share of that price, in yuan."""
    return total_price_value * premium_rate * insured  # type: ignore[operator]


@dataclass
class Legs:
    """The facts and rules that the costs of a consignment bring."""

    facts: dict[str, Fact] = field(default_factory=dict)
    customs: list[Rule] = field(default_factory=list)
    market: list[Rule] = field(default_factory=list)
    shares: list[Rule] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=lambda: {category: [] for category in CATEGORIES})
    inside: list[str] = field(default_factory=list)
    carriage: list[str] = field(default_factory=list)
    inland: list[str] = field(default_factory=list)
    premium: list[str] = field(default_factory=list)
    presumed: bool = False
    weight: str = ""
    currencies: set[str] = field(default_factory=set)
    paid: bool = False
    zeros: dict[str, str] = field(default_factory=dict)
    assumptions: list[Remark] = field(default_factory=list)

    def copy(self) -> "Legs":
        """The same legs, to which others may be added."""
        parts = {category: [*names] for category, names in self.parts.items()}
        return replace(self, parts=parts, shares=[*self.shares], zeros={**self.zeros})


def legs_of(request: QuoteRequest, route: RoutePlan, presumes: bool = True) -> Legs:
    """Sort the stated costs by the Incoterm. Raises `leg_missing` for a leg that is the buyer's and may not be guessed.

    `presumes`: customs presumes a premium where none is stated, as it does in general trade alone.
    """
    inside = contained(request.incoterm, request.place_is_port)
    legs = Legs()
    costs = request.costs
    _placed(request)
    if len(request.goods) > 1:
        legs.weight = "transaction_value" if route.allocated_by == VALUE else "weight"
    _require(request, inside, route.legs())
    legs.facts |= route.shared
    legs.customs += route.rules
    if costs.freight is not None:
        _cost(legs, "freight", "freight", costs.freight, "/costs/freight", Leg.FREIGHT in inside)
        if Leg.FREIGHT not in inside:
            legs.carriage.append("freight@customs")
    _codes(legs, costs.origin, "origin", ORIGIN_LEGS, inside)
    _codes(legs, costs.destination, "destination", DESTINATION_LEGS, inside)
    for toll in route.tolls:
        _toll(legs, toll)
    if legs.inland and request.incoterm not in BEYOND_ENTRY:
        raise Unpriceable(
            "leg_beyond_place", "/costs/destination", sorted(BEYOND_ENTRY), incoterm=request.incoterm.value
        )
    _insurance(legs, request, inside, presumes)
    for category in CATEGORIES:
        if not legs.parts[category]:
            contains = {"freight": Leg.FREIGHT, "insurance": Leg.INSURANCE, "origin_charges": Leg.ORIGIN_HANDLING}
            in_price = contains.get(category, Leg.DELIVERY) in inside
            legs.zeros[category] = "in_the_price" if in_price else "nothing_stated"
    if not legs.parts["destination_charges"] and Leg.DELIVERY not in inside:
        legs.assumptions.append(Remark("charges_not_included", "/costs/destination"))
    return legs


def _placed(request: QuoteRequest) -> None:
    """The named place stands at the end of the way that the term speaks of."""
    wrong = "CN" if request.incoterm in AT_ORIGIN else "MX"
    if request.place_country == wrong:
        right = "MX" if wrong == "CN" else "CN"
        raise Unpriceable(
            "place_does_not_fit", "/place", (right,), place=request.place, incoterm=request.incoterm.value
        )


def _require(request: QuoteRequest, inside: frozenset[Leg], told: frozenset[Leg]) -> None:
    """Every leg that is the buyer's up to the place of entry is stated, or told by the user's own tables (`told`)."""
    costs = request.costs
    if costs.planning and Leg.FREIGHT not in inside | told:
        raise Unpriceable("no_planning_range", "/costs/freight", ('{"amount": "…", "currency": "USD"}',))
    if costs.freight is None and Leg.FREIGHT not in inside | told:
        raise Unpriceable(
            "leg_missing",
            "/costs/freight",
            ('{"amount": "…", "currency": "USD"}',),
            leg=Leg.FREIGHT.value,
            incoterm=request.incoterm.value,
        )
    if ALL_IN in costs.origin:
        return
    for leg in ORIGIN_LEGS:
        if leg not in inside | told and leg.value not in costs.origin:
            raise Unpriceable(
                "leg_missing",
                f"/costs/origin/{leg.value}",
                (leg.value, ALL_IN),
                leg=leg.value,
                incoterm=request.incoterm.value,
            )


def _codes(
    legs: Legs,
    stated: Mapping[str, Money],
    side: str,
    known: tuple[Leg, ...],
    inside: frozenset[Leg],
) -> None:
    category = f"{side}_charges"
    if ALL_IN in stated and len(stated) > 1:
        twice = next(code for code in stated if code != ALL_IN)
        raise Unpriceable("leg_twice", f"/costs/{side}/{twice}", (ALL_IN,), leg=twice)
    for code, money in stated.items():
        if code != ALL_IN and code not in known:
            allowed = (*(leg.value for leg in known), ALL_IN)
            raise Unpriceable("unknown_leg", f"/costs/{side}/{code}", allowed, leg=code)
        # A sum for the whole side is the buyer's as soon as one of its legs is.
        within = all(leg in inside for leg in known) if code == ALL_IN else Leg(code) in inside
        if code == ALL_IN and side == "destination":
            within = Leg.DELIVERY in inside
        name = f"{side}:{code}"
        _cost(legs, category, name, money, f"/costs/{side}/{code}", within)
        if side == "origin" and not within:
            legs.carriage.append(f"{name}@customs")
        if side == "destination" and within:
            legs.inland.append(f"{name}@customs")


def _toll(legs: Legs, toll: Toll) -> None:
    """An amount that the tables ask on the way, which is always the buyer's."""
    name, category = toll.name, {Leg.FREIGHT: "freight"}.get(toll.leg)
    if category is None:
        category = "origin_charges" if toll.leg in ORIGIN_LEGS else "destination_charges"
    if toll.rule is not None:
        legs.customs.append(toll.rule)
    legs.currencies.add(toll.currency)
    _at_rates(legs, name, toll.currency, toll.payee)
    _share(legs, category, name, within=False)
    if category != "destination_charges":
        legs.carriage.append(f"{name}@customs")


def _cost(legs: Legs, category: str, name: str, money: Money, pointer: str, within: bool) -> None:
    """One stated amount: what it is in yuan, and each line's part of it."""
    legs.facts[f"{name}_amount"] = Fact.of_request(money.amount, pointer, money.currency)
    _at_rates(legs, name, money.currency)
    _share(legs, category, name, within)


def _at_rates(legs: Legs, name: str, currency: str, payee: str = "") -> None:
    """An amount in yuan: at the customs rate for the value, at the market rate for who pays it."""
    customs, market = f"customs_rate:{currency}", f"market_rate:{currency}"
    legs.customs.append(at_rate.renamed(f"{name}@customs", amount=f"{name}_amount", rate=customs))
    legs.market.append(in_yuan.renamed(f"{name}@market", payee=payee, amount=f"{name}_amount", rate=market))


def _share(legs: Legs, category: str, name: str, within: bool) -> None:
    cost = f"{name}@market"
    if legs.weight:
        weights = {
            "running_weight": f"running_{legs.weight}",
            "weight": legs.weight,
            "total_weight": f"total_{legs.weight}",
        }
        legs.shares.append(part.renamed(f"{name}#part", cost=cost, **weights))
    else:
        legs.shares.append(whole.renamed(f"{name}#part", cost=cost))
    legs.parts[category].append(f"{name}#part")
    if within:
        legs.inside.append(f"{name}#part")


def _insurance(legs: Legs, request: QuoteRequest, inside: frozenset[Leg], presumes: bool) -> None:
    stated = request.costs.insurance
    within = Leg.INSURANCE in inside
    # Under DAP, DPU and DDP the seller carries the risk: nothing is presumed, a buyer's own premium counts.
    delivered = request.incoterm in (Incoterm.DAP, Incoterm.DPU, Incoterm.DDP)
    if stated is None:
        if not within and presumes:
            legs.presumed = True
            legs.assumptions.append(Remark("insurance_presumed", "/costs/insurance"))
        return
    buyers = not within or delivered
    if stated.amount is not None:
        _cost(legs, "insurance", "insurance", stated.amount, "/costs/insurance", not buyers)
        if buyers:
            legs.premium.append("insurance@customs")
        return
    assert stated.rate is not None
    if stated.rate * stated.insured >= 1:
        raise Unpriceable("premium_too_high", "/costs/insurance/rate", (), rate=stated.rate, insured=stated.insured)
    legs.facts["premium_rate"] = Fact.of_request(stated.rate, "/costs/insurance/rate", share=True)
    legs.facts["insured"] = Fact.of_request(stated.insured, "/costs/insurance/insured", share=True)
    if buyers:
        paid = [name.replace("@customs", "@market") for name in legs.carriage]
        legs.market.append(sum_of("buyers_carriage@market", paid, shown="never"))
        by_rate = premium_by_rate.renamed(
            "premium@market", total_transaction_value="total_price_value", dutiable_carriage="buyers_carriage@market"
        )
        legs.market += [by_rate, sum_of("insurance@market", ["premium@market"], FEN)]
        legs.premium.append("premium@customs")
    else:
        legs.market.append(premium_inside.renamed("insurance@market"))
    _share(legs, "insurance", "insurance", not buyers)
