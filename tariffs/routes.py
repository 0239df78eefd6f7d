"""The way that a request names, looked up: its places, its lane, its equipment, and the rates and charges that fit."""

from collections.abc import Callable, Sequence

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.logistics import AIR, LCL, MODES, SEA, Equipment, FreightRate, Lane, Place, RouteDossier
from calculator.request import Holding, QuoteRequest, Route
from tariffs.logistics import LANE_OF
from tariffs.records import Records

ORIGIN, DESTINATION = "/route/from", "/route/to"
MEXICO, CHINA = "MX", "CN"
CONTAINER, UNIT_LOAD, PALLET = "container", "uld", "PAL-ISO"
# What stands for equipment where goods do not fill a container of their own.
NO_CONTAINER = "LCL"
KINDS = {SEA: CONTAINER, AIR: UNIT_LOAD}
KIND_OF_PLACE = {SEA: "seaport", AIR: "airport"}
# The charges that days of holding the goods call for.
STORE, PLUG = "cn_cold_store", "cn_reefer_plug"


def route_of(request: QuoteRequest, lines: Sequence[LineDossier], records: Records) -> RouteDossier | None:
    """The rows of the way, None where the request names none. Raises Unpriceable for a way that there is not."""
    route, on = request.route, request.declared_on
    if route is None:
        return None
    mode = _mode(route)
    origin = _place(route.origin, MEXICO, mode, ORIGIN, records)
    destination = _place(route.destination, CHINA, mode, DESTINATION, records)
    equipment = _equipment(route, mode, lines, records)
    code = "" if equipment is None else equipment.code
    rates = records.freight_rates(mode, origin.code, destination.code, code, on, request.costs.planning)
    return RouteDossier(
        origin=origin,
        destination=destination,
        lane=_lane(mode, origin, destination, rates, records),
        equipment=equipment,
        pallet=records.equipment(PALLET),
        rule=records.mode_rule(mode, on),
        rates=rates,
        charges=records.charges(mode, code, on),
    )


def asked_by_route(route: RouteDossier | None, holding: Holding | None) -> set[str]:
    """The currencies of the rates and of the charges that may enter the quote."""
    if route is None:
        return set()
    held = (STORE, PLUG) if holding is not None else ()
    charged = {each.currency for each in route.charges if each.usual or each.code in held}
    return charged | {rate.currency for rate in route.rates}


def _mode(route: Route) -> str:
    if route.mode not in MODES:
        raise Unpriceable("unknown_mode", "/route/mode", MODES, mode=route.mode)
    return LCL if route.mode == SEA and route.equipment.upper() == NO_CONTAINER else route.mode


def _place(text: str, country: str, mode: str, pointer: str, records: Records) -> Place:
    """A place by its code, in the country where this end of the way must lie."""
    found = records.place(text)
    if found is None:
        raise Unpriceable("unknown_place", pointer, records.logistics.nearest_places(text, country), place=text)
    if found.country != country:
        kind = KIND_OF_PLACE[LANE_OF[mode]]
        there = tuple(each.code for each in records.places if (each.country, each.kind) == (country, kind))
        raise Unpriceable("place_not_of_country", pointer, there, place=found.code, country=country)
    return found


def _equipment(route: Route, mode: str, lines: Sequence[LineDossier], records: Records) -> Equipment | None:
    """The equipment named, or the container that the first package is usually loaded into."""
    kind, asked = KINDS.get(mode, ""), route.equipment
    if mode == LCL and asked.upper() == NO_CONTAINER:
        return None
    if asked:
        found = records.equipment(asked)
        if found is not None and found.kind == kind:
            return found
        near = (NO_CONTAINER,) if mode == LCL else records.logistics.nearest_equipment(asked, kind)
        raise Unpriceable("unknown_equipment", "/route/equipment", near, equipment=asked, mode=mode)
    if mode != SEA:
        return None
    package = next((line.package for line in lines if line.package is not None), None)
    usual = None if package is None else records.equipment(package.equipment)
    if usual is None or usual.kind != CONTAINER:
        containers = tuple(each.code for each in records.all_equipment if each.kind == CONTAINER)
        raise Unpriceable("equipment_needed", "/route/equipment", (*containers, NO_CONTAINER), mode=mode)
    return usual


def _lane(mode: str, origin: Place, destination: Place, rates: Sequence[FreightRate], records: Records) -> Lane | None:
    """The lane of a mode. Without one of ours, rates of the user's own between the places show that there is one."""
    found = records.lanes(mode, origin.code, destination.code)
    if found:
        return found[0]
    if any(not rate.planning for rate in rates):
        return None
    raise Unpriceable(
        "no_such_lane",
        "/route/mode",
        _instead(mode, origin.code, destination.code, records),
        mode=mode,
        origin=origin.code,
        destination=destination.code,
    )


def _instead(mode: str, origin: str, destination: str, records: Records) -> tuple[str, ...]:
    """The modes that the pair has; without any, the places that can be reached, or those that the goods may start from."""
    between = {lane.mode for lane in records.lanes("", origin, destination)}
    if between:
        return tuple(each for each in MODES if LANE_OF[each] in between)
    lanes, end = _from(mode, origin, destination, records)
    return tuple(code for code in dict.fromkeys(map(end, lanes)) if _is_of(code, (MEXICO, CHINA), records))


def _from(mode: str, origin: str, destination: str, records: Records) -> tuple[tuple[Lane, ...], Callable[[Lane], str]]:
    leaving = records.lanes(mode, origin) or records.lanes("", origin)
    if leaving:
        return leaving, lambda lane: lane.destination
    return records.lanes(mode, "", destination) or records.lanes("", "", destination), lambda lane: lane.origin


def _is_of(code: str, countries: tuple[str, ...], records: Records) -> bool:
    place = records.place(code)
    return place is not None and place.country in countries
