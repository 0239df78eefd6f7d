"""What a consignment is on the way: its weights, its packages, what its mode counts, and how it fills its containers.

Read off the walked plan; nothing here changes an amount. What only these figures can show becomes a warning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.logistics import CHILLED_C, Equipment, RouteDossier
from calculator.money import Number, divide
from calculator.packing import WHOLE
from calculator.plan import Fact, Plan, Remark
from calculator.quantities import convert
from calculator.request import QuoteRequest
from calculator.rules import Walked
from calculator.units import UNITS

# What the walk counts of a consignment on its way.
COUNTED = ("revenue_tons", "chargeable_kg", "cm3_per_kg", "containers")


@dataclass(frozen=True, slots=True)
class Packed:
    """So many packages of one code."""

    unit: str
    count: Number


@dataclass(frozen=True, slots=True)
class Filled:
    """Containers of one type: how many, the limit that binds, and what all of them together still hold."""

    equipment: Equipment
    count: Number
    binds: str
    unused: Mapping[str, Number]


@dataclass(frozen=True, slots=True, eq=False)
class Shipment:
    """The measures of a consignment; None where a line does not tell it. Equal to itself alone, like its choice."""

    net_kg: Number | None
    gross_kg: Number | None
    volume_m3: Number | None
    pallets: Number | None
    packages: tuple[Packed, ...]
    chargeable: tuple[Number, str, str] | None
    filled: Filled | None
    route: RouteDossier | None
    warnings: tuple[Remark, ...]


def shipment_of(choice: Choice, walked: Walked) -> Shipment:
    """The shipment of a walked plan: the same one for all in which the mode counts the same."""
    counted = tuple([f"{walked.shared.get(name)}" for name in COUNTED]) if choice.dossier.route is not None else ()
    return choice.beside((Shipment, counted), lambda: _shipment(choice, walked))


def _shipment(choice: Choice, walked: Walked) -> Shipment:
    request, dossier, plan = choice.request, choice.dossier, choice.plan
    packings = plan.packings
    gross = _sum([each.gross_kg for each in packings])
    volume = _sum([each.volume_m3 for each in packings])
    pallets = _sum([each.pallets for each in packings])
    filled = _filled(dossier, walked, gross, volume, pallets)
    return Shipment(
        net_kg=_net(request, plan, dossier),
        gross_kg=gross,
        volume_m3=volume,
        pallets=pallets,
        packages=_packages(plan),
        chargeable=_chargeable(walked, gross, volume),
        filled=filled,
        route=dossier.route,
        warnings=(*_temperatures(dossier), *_keeping(dossier), *_road(filled, gross)),
    )


def _sum(facts: list[Fact | None]) -> Number | None:
    total: Number = Decimal(0)
    for fact in facts:
        if fact is None:
            return None
        total = total + fact.value
    return total


def _net(request: QuoteRequest, plan: Plan, dossier: Dossier) -> Number | None:
    """Kilograms net: what a line states, or what its packages hold."""
    total: Number = Decimal(0)
    for line, packed, found in zip(request.goods, plan.packings, dossier.lines, strict=True):
        stated = line.net_weight or (line.quantity if UNITS[line.quantity.unit].kind == "mass" else None)
        if stated is not None:
            total = total + convert(stated, "kg")
        elif packed.packages is not None and found.package is not None and found.package.net_weight_kg is not None:
            total = total + packed.packages.value * found.package.net_weight_kg
        else:
            return None
    return total


def _packages(plan: Plan) -> tuple[Packed, ...]:
    found: dict[str, Number] = {}
    for each in plan.packings:
        if each.packages is not None:
            unit = each.packages.unit
            # A package that is filled in part is a package.
            whole = WHOLE(each.packages.value)
            found[unit] = found[unit] + whole if unit in found else whole
    return tuple(Packed(unit, count) for unit, count in found.items())


def _chargeable(walked: Walked, gross: Number | None, volume: Number | None) -> tuple[Number, str, str] | None:
    """What the mode counts, its unit, and what decided it."""
    shared = walked.shared
    if gross is None or volume is None:
        return None
    if "revenue_tons" in shared:
        count, by_weight, by_room = shared["revenue_tons"], divide(gross, Decimal(1000)), volume
        because = "weight" if by_weight >= by_room else "volume"
        return count, "revenue_ton", because if max(by_weight, by_room) == count else "minimum"
    if "chargeable_kg" in shared:
        by_room = divide(volume * Decimal(1_000_000), shared["cm3_per_kg"])
        return shared["chargeable_kg"], "kg", "weight" if gross >= by_room else "volume"
    return None


def _filled(
    dossier: Dossier, walked: Walked, gross: Number | None, volume: Number | None, pallets: Number | None
) -> Filled | None:
    way = dossier.route
    count: Number | None = walked.shared.get("containers")
    if way is None or way.equipment is None or count is None:
        return None
    box = way.equipment
    taken = {
        "payload": (gross, box.payload_kg),
        "volume": (volume, box.volume_m3),
        "pallets": (pallets, box.pallets),
    }
    shares = {name: divide(used, takes) for name, (used, takes) in taken.items() if used is not None and takes}
    names = {"payload": "weight"}
    unused = {
        names.get(name, name): count * takes - used
        for name, (used, takes) in taken.items()
        if used is not None and takes is not None
    }
    binds = max(shares, key=lambda name: shares[name]) if shares else ""
    return Filled(box, count, binds, unused)


def _road(filled: Filled | None, gross: Number | None) -> tuple[Remark, ...]:
    """More cargo in a container than a carrier hauls in Mexico without a surcharge."""
    if filled is None or gross is None or filled.equipment.road_limit_kg is None or not filled.count:
        return ()
    each = divide(gross, filled.count)
    if each <= filled.equipment.road_limit_kg:
        return ()
    facts = {"equipment": filled.equipment.code, "limit": filled.equipment.road_limit_kg}
    return (Remark("above_road_limit", "/route/equipment", facts),)


def _temperatures(dossier: Dossier) -> tuple[Remark, ...]:
    """Goods of temperatures that do not meet, in one reefer."""
    if dossier.route is None or dossier.route.equipment is None:
        return ()
    if not dossier.route.equipment.reefer:
        return tuple(
            Remark("goods_need_a_reefer", f"/goods/{number}", {"most": warmest})
            for number, found in enumerate(dossier.lines)
            if found.package is not None
            and (warmest := found.package.temperature_max_c) is not None
            and warmest <= CHILLED_C
        )
    packages = [found.package for found in dossier.lines if found.package is not None]
    least = [each.temperature_min_c for each in packages if each.temperature_min_c is not None]
    most = [each.temperature_max_c for each in packages if each.temperature_max_c is not None]
    if least and most and max(least) > min(most):
        return (Remark("temperatures_do_not_meet", "/goods", {"warmest": max(least), "coldest": min(most)}),)
    return ()


def _keeping(dossier: Dossier) -> tuple[Remark, ...]:
    """A way that may take longer than the goods keep."""
    lane = dossier.route.lane if dossier.route is not None else None
    if lane is None or lane.days_max is None:
        return ()
    return tuple(
        Remark("way_longer_than_goods_keep", f"/goods/{number}", {"days": lane.days_max, "keeps": keeps})
        for number, found in enumerate(dossier.lines)
        if found.package is not None and (keeps := found.package.storage_days_max) is not None and keeps < lane.days_max
    )
