"""A line of goods on the sheet for a declaration: its code, its names, its quantities in the units of the law, its price.

The last two digits of a code, and what the goods are in each element of the declaration, are the declarant's to state.
"""

import re
from collections.abc import Iterator

from api.declaration_boxes import OURS, Boxes, Json, digits
from api.declaration_header import levied
from api.writing import amount_text
from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.money import Number, divide, half_up
from calculator.plan import Fact, Remark
from calculator.quote import Quote
from calculator.request import GoodsLine
from calculator.units import UNITS
from tariffs.control_letters import FILE as LETTERS
from tariffs.control_letters import INSPECTION, SUPERVISION, ControlLetters
from tariffs.records import Records

ELEMENTS = "cn/declaration_elements.csv"
CHINA = "CN"
# The form has room for four decimals of a unit price; that it is written so is not from a document that we saw.
UNIT_PRICE = half_up(4)
# Letters that speak of single sub-lines of ten digits.
OF_THE_FIRST = frozenset("EF89")


class GoodsSheets:
    """The lines of quotes, with what the tables of this installation hold beside the quote."""

    def __init__(self, records: Records) -> None:
        self._letters = ControlLetters(records.file(LETTERS))
        self._elements = records.file(ELEMENTS).grouped()

    def line(self, quote: Quote, number: int, stated: Json, boxes: Boxes) -> Json:
        """A line of a quote; `stated` is the same line as the request wrote it."""
        line, found = quote.request.goods[number], quote.dossier.lines[number]
        tariff = None if found.alike else found.tariff_line
        return {
            "number": number + 1,
            "boxes": dict(_boxes(quote, number, stated, boxes)),
            "elements": self._elements_of(tariff.hs_code if tariff else "", boxes),
            "supervision": self._controls(SUPERVISION, tariff.supervision if tariff else "", boxes),
            "inspection": self._controls(INSPECTION, tariff.inspection if tariff else "", boxes),
            "requirements": _requirements(found, boxes),
            "product": line.product or None,
        }

    def _elements_of(self, hs_code: str, boxes: Boxes) -> Json:
        """What the declaration has to say of goods of this line, in the order of the table; the answers are not ours."""
        rows = self._elements.get(hs_code, ())
        if not rows:
            return {"status": "not_held", "names_zh": [], "source": None, "confidence": None} | {
                "remark": boxes.told(Remark("box_elements_not_held"))
            }
        _, elements, source, confidence = rows[0]
        names = [each for each in elements.split(";") if each]
        told = {"status": "to_fill", "names_zh": names, "source": source, "confidence": confidence}
        return told | {"remark": boxes.told(Remark("box_element"))}

    def _controls(self, kind: str, letters: str, boxes: Boxes) -> list[Json]:
        first = boxes.told(Remark("box_letters_of_first"))
        return [
            {
                "letter": each.letter,
                "meaning": each.texts.get(boxes.language),
                "meaning_zh": each.texts.get("zh"),
                "source": each.source or None,
                "confidence": each.confidence or None,
                "remark": first if kind == SUPERVISION and each.letter in OF_THE_FIRST else None,
            }
            for each in self._letters.of(kind, letters)
        ]


def stated_lines(document: object) -> list[Json]:
    """The lines of a request as it was written."""
    goods = document.get("goods") if isinstance(document, dict) else None
    return [each if isinstance(each, dict) else {} for each in goods] if isinstance(goods, list) else []


def _boxes(quote: Quote, number: int, stated: Json, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    line, found = quote.request.goods[number], quote.dossier.lines[number]
    yield "hs_code", _hs_code(quote, number, re.sub(r"\D", "", f"{stated.get('hs_code', '')}"), boxes)
    yield "inspection_name", boxes.open("inspection_name", Remark("box_customs_code_not_held"))
    yield "name", _name(line, found, boxes)
    units = found.tariff_line.units if found.tariff_line is not None else ()
    for place in (1, 2):
        unit = units[place - 1] if len(units) >= place else ""
        yield from _statutory(quote, number, place, unit, boxes)
    yield from _sold(quote, number, boxes)
    yield "origin_country", boxes.assumed(_origin(line, boxes), "origin" not in stated)
    yield "destination_country", boxes.country("destination_country", CHINA)
    yield "domestic_destination", boxes.open("domestic_destination")
    yield "duty_mode", levied("duty_mode", quote, boxes)


def _hs_code(quote: Quote, number: int, stated: str, boxes: Boxes) -> Json:
    """The ten digits where the request gives them; of eight the last two are never made up."""
    tariff = quote.dossier.lines[number].tariff_line
    if len(stated) == 10 and (tariff is None or stated.startswith(tariff.hs_code)):
        return boxes.filled("hs_code", stated, origin=f"{OURS}/goods/{number}/hs_code")
    if tariff is None:
        return boxes.open("hs_code", Remark("box_hs_none"), stated or None)
    if quote.dossier.lines[number].alike:
        return boxes.open("hs_code", Remark("box_hs_alike"), ", ".join(sorted(quote.dossier.lines[number].alike)))
    return boxes.begun("hs_code", tariff.hs_code, tariff.row, Remark("box_hs_eight"))


def _name(line: GoodsLine, found: LineDossier, boxes: Boxes) -> Json:
    """The Chinese name: of the product where it has one of ours, else the official one of the line."""
    product, tariff = found.product, found.tariff_line
    if product is not None and product.names.get("zh"):
        row = product.row
        return boxes.filled(
            "name",
            product.names["zh"],
            text=None if tariff is None else tariff.names.get("zh"),
            origin=f"table:products/{product.slug}",
            source=row.source,
            confidence=row.confidence,
            remark=Remark("box_name_ours"),
        )
    if found.alike:
        return boxes.open("name", Remark("box_hs_alike"), line.description or None)
    if tariff is not None and tariff.names.get("zh"):
        row = tariff.row
        return boxes.filled(
            "name",
            tariff.names["zh"],
            text=line.description or None,
            origin=f"table:{row.table}/{tariff.hs_code}",
            source=row.source,
            confidence=row.confidence,
            remark=Remark("box_name_official"),
        )
    return boxes.open("name", Remark("box_name_none"), line.description or None)


def _unit(name: str, unit: str, boxes: Boxes) -> Json:
    said = UNITS[unit].names[boxes.language]
    return boxes.coded(name, "unit", unit, Remark("box_unit_not_listed", "", {"unit": said}))


def _statutory(quote: Quote, number: int, place: int, unit: str, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """How much there is in a unit of the line, as the quote measures it; what does not follow is asked for."""
    quantity, name = f"statutory_quantity_{place}", f"statutory_unit_{place}"
    line, found = quote.request.goods[number], quote.dossier.lines[number]
    if found.alike:
        for each in (quantity, name):
            yield each, boxes.open(each, Remark("box_hs_alike"))
        return
    if not unit:
        none = Remark("box_no_such_unit" if found.tariff_line is not None else "box_hs_none")
        for each in (quantity, name):
            yield each, boxes.blank(each, none) if found.tariff_line is not None else boxes.open(each, none)
        return
    try:
        yield quantity, boxes.figure(quantity, quantity_in(unit, line, found, f"/goods/{number}", "declaration"))
    except Unpriceable:
        said = UNITS[unit].names[boxes.language]
        yield quantity, boxes.open(quantity, Remark("box_quantity_unknown", "", {"unit": said}))
    yield name, _unit(name, unit, boxes)


def _sold(quote: Quote, number: int, boxes: Boxes) -> Iterator[tuple[str, Json]]:
    """The quantity in the unit of the price, so that unit price and total are those of the invoice."""
    line, facts = quote.request.goods[number], quote.choice.plan.lines[number].facts
    place, price = f"{OURS}/goods/{number}", line.price
    total: Number = quote.walked.value(number, "invoice_value")
    sold = facts.get("priced_quantity")
    if sold is None:
        sold = Fact.of_request(line.quantity.value, f"/goods/{number}/quantity", line.quantity.unit)
    yield "transaction_quantity", boxes.figure("transaction_quantity", sold)
    yield "transaction_unit", _unit("transaction_unit", sold.unit, boxes)
    if price.per == "total":
        each = UNIT_PRICE(divide(total, sold.value))
        rounded = divide(total, sold.value) != each
        remark = Remark("box_unit_price_rounded") if rounded else None
        yield "unit_price", boxes.filled("unit_price", digits(each)[0], origin=f"{place}/price", remark=remark)
    else:
        yield "unit_price", boxes.filled("unit_price", amount_text(price.amount)[0], origin=f"{place}/price")
    shown, whole = amount_text(total)
    cut = None if whole else Remark("box_digits_go_on")
    yield "total_price", boxes.filled("total_price", shown, origin=f"{place}/price", remark=cut)
    yield "currency", boxes.currency("currency", price.currency)


def _origin(line: GoodsLine, boxes: Boxes) -> Json:
    unknown = Remark("box_origin_unknown")
    return (
        boxes.open("origin_country", unknown) if len(line.origin) != 2 else boxes.country("origin_country", line.origin)
    )


def _requirements(found: LineDossier, boxes: Boxes) -> list[Json]:
    return [
        {
            "code": each.code,
            "text": each.texts[boxes.language],
            "authority": each.authority or None,
            "source": each.row.source,
            "confidence": each.row.confidence,
        }
        for each in found.requirements
    ]
