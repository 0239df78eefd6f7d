"""The way chosen: how its mode counts the goods, which freight rate applies, and which charges are the buyer's.

A cost that the request states comes before any of the tables. A leg before the ship's rail, and the main freight, are never
assumed: only rows of the user's own, or the planning range where it was asked for, stand in for what is not stated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from calculator.desk import Desk
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.freight import KG_PER_TONNE, by_breaks, chargeable_kg, containers_needed, for_each, revenue_tons
from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS, Leg, contained
from calculator.logistics import (
    CHARGEABLE_KG,
    CONTAINER,
    GROSS_KG,
    GROSS_TONNE,
    LCL,
    REVENUE_TON,
    SEA,
    SHIPMENT,
    Charge,
    FreightRate,
    RouteDossier,
)
from calculator.packing import packing
from calculator.plan import UNVERIFIED, Fact, Limit, OpenPoint, Packing
from calculator.request import QuoteRequest
from calculator.rules import Rule, sum_of

VALUE = "value"
# What a charge is counted by, and how many of it make one.
COUNTED = {
    CONTAINER: ("containers", 1),
    GROSS_KG: ("total_gross_kg", 1),
    GROSS_TONNE: ("total_gross_kg", KG_PER_TONNE),
    REVENUE_TON: ("revenue_tons", 1),
    CHARGEABLE_KG: ("chargeable_kg", 1),
}


@dataclass(frozen=True, slots=True)
class Toll:
    """An amount asked on the way that the buyer pays: `rule` reckons it in its currency, or it is a figure already."""

    name: str
    leg: Leg
    currency: str
    payee: str
    rule: Rule | None


@dataclass
class RoutePlan:
    """The measures, rules and amounts that a route brings; without one, only what the lines are packed in.

    `allocated_by` is what common costs are shared by.
    """

    packings: tuple[Packing, ...]
    allocated_by: str = VALUE
    lines: list[dict[str, Fact]] = field(default_factory=list)
    shared: dict[str, Fact] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    tolls: list[Toll] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)

    def units(self) -> dict[str, str]:
        """What the results of the route are counted in: money asked in its currency, containers, tons and kilograms."""
        counted = {
            "containers_needed": CONTAINER,
            "containers": CONTAINER,
            "revenue_tons": REVENUE_TON,
            "chargeable_kg": "kg",
            "gross_kg": "kg",
            "volume_m3": "m3",
            "pallets": "pallet",
        }
        return counted | {f"{toll.name}_amount": toll.currency for toll in self.tolls}

    def legs(self) -> frozenset[Leg]:
        """The legs that the tables have an amount for."""
        return frozenset(toll.leg for toll in self.tolls)


def route_plan(request: QuoteRequest, dossier: Dossier, desk: Desk) -> RoutePlan:
    """The way of a request. Raises Unpriceable for a measure that its mode charges by and nobody has stated."""
    way = dossier.route
    # Goods by air go without wooden pallets.
    pallet = way.pallet if way is not None and way.rule.mode in (SEA, LCL) else None
    packings = tuple(
        packing(line, found, f"/goods/{number}", pallet)
        for number, (line, found) in enumerate(zip(request.goods, dossier.lines, strict=True))
    )
    plan = RoutePlan(packings, request.costs.allocate_by or _usual_basis(way, packings))
    plan.lines = [{} for _ in packings]
    if way is not None:
        _Measured(request, way, plan, desk).tolled()
    return plan


def _usual_basis(way: RouteDossier | None, packings: tuple[Packing, ...]) -> str:
    """By what costs are shared where the request does not say: what the mode charges by, where all of it is known."""
    if way is None:
        return VALUE
    weighed = all(each.gross_kg is not None for each in packings)
    measured = all(each.volume_m3 is not None for each in packings)
    if way.rule.mode == SEA:
        return "gross_weight" if weighed else VALUE
    return "chargeable" if weighed and measured else VALUE


class _Measured:
    """One route being chosen: measures are asked for when something is charged by them."""

    def __init__(self, request: QuoteRequest, way: RouteDossier, plan: RoutePlan, desk: Desk) -> None:
        self.request, self.way, self.plan, self.desk = request, way, plan, desk
        self.inside = contained(request.incoterm, request.place_is_port)
        self.known: set[str] = set()

    def tolled(self) -> None:
        costs = self.request.costs
        weighed = all(each.gross_kg is not None for each in self.plan.packings)
        route = self.request.route
        if self.way.rule.mode == SEA and (weighed or (route is not None and route.containers is not None)):
            self._containers()
        if costs.freight is None and Leg.FREIGHT not in self.inside and self.way.rates:
            self._freight(self.way.rates[0])
        held = self.request.holding
        if held is not None and held.store_days:
            self._count("total_gross_kg")
        if held is not None and held.plug_days:
            self._count("containers")
        for charge in self.way.charges:
            leg = Leg(charge.leg)
            if charge.usual and leg not in self.inside and not self._stated(leg):
                self._charge(charge, leg)

    def _stated(self, leg: Leg) -> bool:
        """Whether the request states what a leg costs, by itself or with its side."""
        costs = self.request.costs
        if leg is Leg.FREIGHT:
            return costs.freight is not None
        side = costs.origin if leg in ORIGIN_LEGS else costs.destination
        return leg.value in side or ALL_IN in side

    def _freight(self, rate: FreightRate) -> None:
        quantity, _ = COUNTED[rate.basis]
        self._count(quantity)
        row = rate.row
        unit = f"{rate.currency}/{rate.basis}"
        steps = rate.breaks
        if rate.planning and rate.low is not None:
            figure = f"table:{row.table}/{rate.mode}"
            point = OpenPoint("planning_freight", "freight_is_planning", "/costs/freight", 2, bounds=(figure,))
            if self.desk.answer(point):
                steps = tuple(type(each)(each.start, rate.low) for each in steps)
        for number, step in enumerate(steps):
            self.plan.shared[f"freight_from_{number}"] = Fact.of_row(step.start, row, rate.mode, rate.basis)
            self.plan.shared[f"freight_at_{number}"] = Fact.of_row(step.rate, row, rate.mode, unit)
        if rate.minimum is not None:
            self.plan.shared["freight_minimum"] = Fact.of_row(rate.minimum, row, rate.mode, rate.currency)
        if len(steps) == 1 and not steps[0].start:
            self.plan.shared["freight_tariff"] = self.plan.shared.pop("freight_at_0")
            del self.plan.shared["freight_from_0"]
            rule = for_each("freight", quantity, 1, rate.minimum is not None, "carrier")
        else:
            rule = by_breaks("freight", quantity, len(steps), rate.minimum is not None, "carrier")
        self.plan.tolls.append(Toll("freight", Leg.FREIGHT, rate.currency, "carrier", rule))

    def _charge(self, charge: Charge, leg: Leg) -> None:
        side = "origin" if leg in ORIGIN_LEGS else "destination" if leg in DESTINATION_LEGS else "freight"
        name = f"{side}:{charge.code}"
        asked = self._asked(charge, name)
        if charge.basis == SHIPMENT:
            self.plan.shared[f"{name}_amount"] = Fact.of_row(asked, charge.row, charge.code, charge.currency)
            self.plan.tolls.append(Toll(name, leg, charge.currency, charge.payee, None))
            return
        quantity, per = COUNTED[charge.basis]
        self._count(quantity)
        unit = f"{charge.currency}/{charge.basis}"
        self.plan.shared[f"{name}_tariff"] = Fact.of_row(asked, charge.row, charge.code, unit)
        if charge.minimum is not None:
            least = Fact.of_row(charge.minimum, charge.row, charge.code, charge.currency)
            self.plan.shared[f"{name}_minimum"] = least
        rule = for_each(name, quantity, per, charge.minimum is not None, charge.payee)
        self.plan.tolls.append(Toll(name, leg, charge.currency, charge.payee, rule))

    def _asked(self, charge: Charge, name: str) -> Decimal:
        """What is asked: the amount of the table, and where it is not verified one that may lie between published ends."""
        ends = [each for each in (charge.low, charge.high) if each is not None and each != charge.amount]
        if charge.row.confidence != UNVERIFIED or not ends:
            return charge.amount
        figure = f"table:{charge.row.table}/{charge.code}"
        point = OpenPoint(
            f"charge/{charge.code}",
            "charge_open",
            "/route",
            1 + len(ends),
            fixed=True,
            facts={"figure": name, "ends": tuple(ends), "currency": charge.currency},
            bounds=(figure,),
        )
        return (charge.amount, *ends)[self.desk.answer(point)]

    def _count(self, quantity: str) -> None:
        """The rule that counts the goods as something is charged by, with the measures that it reads."""
        if quantity in self.known:
            return
        counts: dict[str, Callable[[], None]] = {
            "containers": self._containers,
            "total_gross_kg": lambda: self._every("gross_kg"),
            "revenue_tons": self._revenue_tons,
            "chargeable_kg": self._chargeable_kg,
        }
        counts[quantity]()
        self.known.add(quantity)

    def _every(self, name: str) -> None:
        """A measure of every line, which the mode charges by."""
        for number, each in enumerate(self.plan.packings):
            fact: Fact | None = getattr(each, name)
            if fact is None:
                request_field = {"gross_kg": "gross_weight", "volume_m3": "volume"}[name]
                raise Unpriceable(
                    "measure_missing",
                    f"/goods/{number}/{request_field}",
                    (f'"{request_field}": "…"', *(('"containers": 1',) if self.way.rule.mode == SEA else ())),
                    field=request_field,
                    mode=self.way.rule.mode,
                )
            self.plan.lines[number][name] = fact

    def _revenue_tons(self) -> None:
        self._every("gross_kg")
        self._every("volume_m3")
        rule = self.way.rule
        self.plan.shared["least_revenue_tons"] = Fact.of_row(rule.least or Decimal(0), rule.row, rule.mode, REVENUE_TON)
        self.plan.rules.append(revenue_tons)

    def _chargeable_kg(self) -> None:
        self._every("gross_kg")
        self._every("volume_m3")
        rule = self.way.rule
        if rule.cm3_per_kg is None or rule.step_kg is None:
            raise ValueError(f"{rule.mode} does not say how it counts")
        self.plan.shared["cm3_per_kg"] = Fact.of_row(rule.cm3_per_kg, rule.row, rule.mode, "cm3/kg")
        self.plan.rules.append(chargeable_kg(rule.step_kg))

    def _containers(self) -> None:
        """How many containers the goods fill, or as many as the request means to fill where they fit."""
        if "containers" in self.known:
            return
        self.known.add("containers")
        stated = self.request.route.containers if self.request.route is not None else None
        limits = self._limits(required=stated is None)
        if limits:
            self.plan.rules.append(containers_needed(limits))
        if stated is None:
            self.plan.rules.append(sum_of("containers", ["containers_needed"], shown="never"))
            return
        self.plan.shared["containers"] = Fact.of_request(Decimal(stated), "/route/containers", CONTAINER)
        if limits:
            self.plan.limits.append(
                Limit("containers_needed", "containers_needed", "containers", "more_than_fits", "/route/containers")
            )

    def _limits(self, required: bool) -> tuple[tuple[str, str], ...]:
        """What a container takes of each measure that is known of every line."""
        box = self.way.equipment
        if box is None:
            return ()
        if required:
            self._every("gross_kg")
        limits = []
        for name, capacity, takes, unit in (
            ("gross_kg", "payload_kg", box.payload_kg, "kg"),
            ("volume_m3", "room_m3", box.volume_m3, "m3"),
            ("pallets", "pallet_places", box.pallets, "pallet"),
        ):
            if takes is None or any(getattr(each, name) is None for each in self.plan.packings):
                continue
            for number, each in enumerate(self.plan.packings):
                self.plan.lines[number][name] = getattr(each, name)
            self.plan.shared[capacity] = Fact.of_row(takes, box.row, box.code, unit)
            limits.append((f"total_{name}", capacity))
        if len(limits) == 1:
            self.desk.assume("containers_by_weight_alone", "/route/equipment", equipment=box.code)
        return tuple(limits)
