"""The header of the sheet for a declaration: terms, transport, weights, and what is confirmed.

The boxes are those of China's form for imported goods (进口货物报关单); the form itself was not seen, and their order is ours.
"""

from collections.abc import Iterator
from decimal import Decimal

from api.declaration_boxes import NOT_IN_QUOTE, OURS, Boxes, Json, digits
from api.declaration_charges import charges
from calculator.incoterms import AT_ORIGIN
from calculator.logistics import Place
from calculator.plan import USER, Fact, Remark
from calculator.quote import Quote
from calculator.shipment import Shipment, shipment_of
from calculator.units import UNITS
from calculator.way import GENERAL_TRADE
from tariffs.rows import weaker

CODE_NOT_HELD, NO_ROUTE = Remark("box_customs_code_not_held"), Remark("box_no_route")


def header(quote: Quote, boxes: Boxes) -> Json:
    """The boxes by their names, in the order of the sheet."""
    return dict(_header(quote, boxes))


def taxed_plainly(quote: Quote) -> bool:
    """Whether it is sure that the goods are taxed as the law has it: general trade, no relief, no security, no preference."""
    stepped = {step.rule.name for step in quote.walked.steps if step.value != 0}
    waived = stepped & {"duty_waiver", "consumption_tax_waiver", "vat_waiver"}
    preferred = any(line.preference for line in quote.request.goods)
    return quote.regime == GENERAL_TRADE and not waived and not preferred and not quote.totals["trade_remedies"]


def _header(quote: Quote, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    request, shipment = quote.request, shipment_of(quote.choice, quote.walked)
    not_told = ("consignee", "storage_place", "overseas_consignor", "transport_name", "bill_number", "user_company")
    yield "declaration_customs", boxes.open("declaration_customs")
    yield "entry_customs", boxes.open("entry_customs", CODE_NOT_HELD, _place(quote, boxes, "destination"))
    yield "import_date", boxes.open("import_date")
    yield "declared_on", _declared_on(quote, boxes)
    yield "record_number", boxes.open("record_number")
    for name in not_told:
        yield name, boxes.open(name)
    yield "transport_mode", _transport(quote, boxes)
    supervised = boxes.coded("supervision_mode", "supervision_mode", quote.regime, NOT_IN_QUOTE)
    yield "supervision_mode", boxes.assumed(supervised, "regime" in request.defaulted)
    yield "levy_nature", levied("levy_nature", quote, boxes)
    yield "licence_number", boxes.open("licence_number")
    yield "departure_port", _port(quote, boxes, "departure_port", "origin")
    yield "contract_number", boxes.open("contract_number")
    yield "trading_country", boxes.open("trading_country")
    yield "departure_country", _departure(quote, boxes)
    yield "transit_port", boxes.open("transit_port")
    yield "entry_port", _port(quote, boxes, "entry_port", "destination")
    yield "package_kind", boxes.open("package_kind", text=_packages(shipment) or None)
    yield "packages", _count(quote, shipment, boxes)
    yield "gross_weight_kg", _gross(quote, shipment, boxes)
    yield "net_weight_kg", _net(quote, shipment, boxes)
    yield "trade_terms", boxes.assumed(_terms(quote, boxes), "incoterm" in request.defaulted)
    yield from charges(quote, boxes)
    yield "documents", boxes.open("documents")
    yield "marks", boxes.open("marks")
    related = any(line.related_party for line in request.goods)
    yield "special_relationship", _confirmed("special_relationship", related, boxes)
    yield "price_influence", boxes.open("price_influence")
    royalty = any(each.code == "royalty" for line in request.goods for each in line.additions)
    yield "royalties", _confirmed("royalties", royalty, boxes)


def levied(name: str, quote: Quote, boxes: Boxes) -> Json:
    """How the goods are taxed, where that is sure: the nature of the levy in the header, its way in each line."""
    unsure = Remark("box_levy_unsure")
    return boxes.coded(name, name, quote.regime, unsure) if taxed_plainly(quote) else boxes.open(name, unsure)


def _declared_on(quote: Quote, boxes: Boxes) -> Json:
    day = boxes.filled("declared_on", f"{quote.request.declared_on:%Y%m%d}", origin=f"{OURS}/declared_on")
    return boxes.assumed(day, "declared_on" in quote.request.defaulted)


def _confirmed(name: str, stated: bool, boxes: Boxes) -> Json:
    """A confirmation that the request gives; a request that does not speak of it denies nothing."""
    return boxes.filled(name, "是", origin=f"{OURS}/goods") if stated else boxes.open(name)


def _transport(quote: Quote, boxes: Boxes) -> Json:
    route = quote.request.route
    if route is None:
        return boxes.open("transport_mode", NO_ROUTE)
    return boxes.coded("transport_mode", "transport_mode", route.mode, NOT_IN_QUOTE)


def _place_of(quote: Quote, end: str) -> Place | None:
    way = quote.dossier.route
    if way is None:
        return None
    return way.origin if end == "origin" else way.destination


def _place(quote: Quote, boxes: Boxes, end: str) -> str | None:
    """A place of the way as trade knows it: its code and its name."""
    place = _place_of(quote, end)
    if place is None:
        return None
    return f"{place.official or place.code} {place.names.get(boxes.language) or place.names['en']}"


def _port(quote: Quote, boxes: Boxes, name: str, end: str) -> Json:
    told = _place(quote, boxes, end)
    return boxes.open(name, NO_ROUTE if told is None else CODE_NOT_HELD, told)


def _departure(quote: Quote, boxes: Boxes) -> Json:
    """The country that the goods set out from: that of the way, else that of the place at which they are handed over."""
    place, request = _place_of(quote, "origin"), quote.request
    if place is not None:
        return boxes.country("departure_country", place.country)
    if request.incoterm in AT_ORIGIN and request.place_country:
        return boxes.country("departure_country", request.place_country)
    return boxes.open("departure_country", NO_ROUTE)


def _terms(quote: Quote, boxes: Boxes) -> Json:
    term = quote.request.incoterm.value
    (code,) = boxes.codes.of("trade_terms", term)
    own = code.texts["en"] == term or (term, code.texts["en"]) == ("CFR", "C&F")
    facts = {"incoterm": term, "term": code.texts["en"]}
    return boxes.of_code(
        "trade_terms", "trade_terms", term, code, None if own else Remark("box_term_grouped", "", facts)
    )


def _packages(shipment: Shipment) -> str:
    told = [f"{digits(each.count)[0]} {each.unit}" for each in shipment.packages]
    pallets = [] if shipment.pallets is None else [f"{digits(shipment.pallets)[0]} pallet"]
    return "; ".join(told + pallets)


def _count(quote: Quote, shipment: Shipment, boxes: Boxes) -> Json:
    packings = [each.packages for each in quote.choice.plan.packings]
    known = [each for each in packings if each is not None]
    if not known or len(known) < len(packings):
        return boxes.open("packages", Remark("box_packages_unknown"), _packages(shipment) or None)
    total = sum((each.count for each in shipment.packages), Decimal(0))
    origin, letter = _taken(known)
    # Packages that the request counts itself have no place of their own.
    origin = f"{OURS}/goods" if origin == OURS else origin
    return boxes.filled(
        "packages", digits(total)[0], text=_packages(shipment), origin=origin, source=_source(known), confidence=letter
    )


def _gross(quote: Quote, shipment: Shipment, boxes: Boxes) -> Json:
    known = [each.gross_kg for each in quote.choice.plan.packings if each.gross_kg is not None]
    if shipment.gross_kg is None:
        return boxes.open("gross_weight_kg", Remark("box_weight_unknown"))
    origin, letter = _taken(known)
    fact = Fact(shipment.gross_kg, origin, "kg", _source(known) or "", confidence=letter)
    return boxes.figure("gross_weight_kg", fact)


def _net(quote: Quote, shipment: Shipment, boxes: Boxes) -> Json:
    """The net weight: of the request alone, or with what the packages of the tables hold."""
    if shipment.net_kg is None:
        return boxes.open("net_weight_kg", Remark("box_weight_unknown"))
    packages = [
        found.package.row
        for line, found in zip(quote.request.goods, quote.dossier.lines, strict=True)
        if line.net_weight is None and found.package is not None and UNITS[line.quantity.unit].kind != "mass"
    ]
    rows = [Fact.of_row(Decimal(0), each) for each in packages]
    origin, letter = _taken(rows) if rows else (f"{OURS}/goods", USER)
    return boxes.figure("net_weight_kg", Fact(shipment.net_kg, origin, "kg", _source(rows) or "", confidence=letter))


def _taken(facts: list[Fact]) -> tuple[str, str]:
    """Where a sum was taken from, and the weakest of its letters; those of the tables weigh more than the request."""
    origins = [each.origin for each in facts]
    letters = [each.confidence for each in facts if each.confidence != USER]
    letter = letters[0] if letters else USER
    for each in letters[1:]:
        letter = weaker(letter, each)
    return next((each for each in origins if not each.startswith(OURS)), origins[0]), letter


def _source(facts: list[Fact]) -> str | None:
    return next((each.source for each in facts if each.source), None)
