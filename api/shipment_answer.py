"""The parts of an answer about the way: the shipment, the price ladder, and what holding the goods costs."""

from typing import Any

from api.wording import Wording, decimal_of, plain
from calculator.choices import Choice
from calculator.holding_choice import TOTAL
from calculator.ladder import price_ladder
from calculator.logistics import RouteDossier
from calculator.money import YUAN, Number
from calculator.quote import Quote
from calculator.shipment import Shipment

Json = dict[str, Any]


def shipment_document(choice: Choice, shipment: Shipment) -> Json:
    """The shipment of a choice as a document."""
    return choice.beside((shipment_document, shipment), lambda: _document(shipment))


def _document(shipment: Shipment) -> Json:
    """Weights in kilograms, room in cubic metres, packages, pallets, containers and days of the way."""
    return {
        "net_weight": _quantity(shipment.net_kg, "kg"),
        "gross_weight": _quantity(shipment.gross_kg, "kg"),
        "volume": _quantity(shipment.volume_m3, "m3"),
        "chargeable": _chargeable(shipment),
        "packages": [{"unit": each.unit, "count": _count(each.count)} for each in shipment.packages],
        "pallets": None if shipment.pallets is None else _count(shipment.pallets),
        "equipment": _equipment(shipment),
        "transit_days": transit_days(shipment.route),
    }


def ladder_document(quote: Quote) -> Json:
    """The price of the goods under each Incoterm; null where a leg between is not known."""
    ladder = price_ladder(quote.request, quote.walked, quote.totals, quote.choice.plan.tolls)
    return {
        term: None if price is None else {"amount": f"{price:.2f}", "currency": YUAN} for term, price in ladder.items()
    }


def holding_document(quote: Quote, wording: Wording) -> Json:
    """What holding the goods costs beside the landed cost, where the request asks for it."""
    shared = quote.walked.shared
    if TOTAL not in shared:
        return {}
    lines = [
        {"code": name, "label": wording.heading(name), "amount": {"amount": str(shared[name]), "currency": YUAN}}
        for name in ("holding_finance", "holding_store", "holding_plug", "holding_loss")
        if name in shared
    ]
    return {"ownership": {"lines": lines, TOTAL: {"amount": str(shared[TOTAL]), "currency": YUAN}}}


def _chargeable(shipment: Shipment) -> Json | None:
    if shipment.chargeable is None:
        return None
    value, unit, because = shipment.chargeable
    return {"value": plain(value), "unit": unit, "because": because}


def _equipment(shipment: Shipment) -> list[Json]:
    filled = shipment.filled
    if filled is None:
        return []
    unused = {
        "weight": _quantity(filled.unused.get("weight"), "kg"),
        "volume": _quantity(filled.unused.get("volume"), "m3"),
        "pallets": None if "pallets" not in filled.unused else _count(filled.unused["pallets"]),
    }
    return [
        {"type": filled.equipment.code, "count": _count(filled.count), "binds": filled.binds or None, "unused": unused}
    ]


def transit_days(route: RouteDossier | None) -> Json | None:
    """How many days the way takes, where the tables know its lane."""
    lane = route.lane if route is not None else None
    if lane is None:
        return None
    days = {"min": lane.days_min, "typical": lane.days_typical, "max": lane.days_max}
    return {name: None if value is None else plain(value) for name, value in days.items()}


def _quantity(value: Number | None, unit: str) -> Json | None:
    return None if value is None else {"value": _tidy(value), "unit": unit}


def _tidy(value: Number) -> str:
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _count(value: Number) -> int | str:
    """A count as an integer; what does not come out whole (a part of a package) as a decimal."""
    shown, whole = decimal_of(value)
    return int(shown) if whole and shown == shown.to_integral_value() else _tidy(value)
