"""What a reader should know of a line beside its figures, in whatever regime it comes in."""

from calculator.desk import Desk
from calculator.dossier import LineDossier
from calculator.fracciones import FORBIDDEN, FRACCION, WITH_NICO, Led, dotted
from calculator.origins import UNKNOWN
from calculator.request import GoodsLine
from calculator.requirements import ADMITTED, NOT_SEEN
from calculator.tariff_line import SUBHEADING

# The tables of trade remedies and of admission are about the goods of this country.
HOME = "MX"


def told(
    line: GoodsLine, found: LineDossier, used: frozenset[str], pointer: str, desk: Desk, own_rates: bool = True
) -> None:
    """Warnings and assumptions about a line; `used` are the attributes that decided something.

    `own_rates`: the regime reckons with rates of the user's own.
    """
    own = line.tariff
    stated = own is not None and (own.duty, own.vat, own.consumption_tax, own.trade_remedies) != (None,) * 4
    if own_rates and stated:
        desk.warn("user_tariff", f"{pointer}/tariff")
    if line.related_party:
        desk.warn("related_party", f"{pointer}/related_party")
    if line.advance_ruling:
        desk.warn("advance_ruling", f"{pointer}/advance_ruling", ruling=line.advance_ruling)
    for name in line.attributes:
        if name not in used:
            desk.warn("attribute_unused", f"{pointer}/attributes/{name}", attribute=name)
    if line.hs_code and found.tariff_line is not None and not line.hs_code.startswith(found.tariff_line.hs_code):
        code = found.tariff_line.hs_code
        told = "six_digits_priced_by_line" if len(line.hs_code) == SUBHEADING else "divided_line_priced_by_line"
        desk.assume(told, f"{pointer}/hs_code", given=line.hs_code, hs_code=code)
    if found.led is not None and found.tariff_line is not None:
        named = line.hs_code or (found.product.hs_code if found.product is not None else "")
        chosen = "" if named else found.tariff_line.hs_code
        told_of_fraccion(line.fraccion, found.led, chosen, f"{pointer}/fraccion", desk)
    access = {each.market_access for each in found.requirements}
    if NOT_SEEN in access and ADMITTED not in access:
        desk.warn("market_access_not_seen", pointer)


def told_of_remedies(line: GoodsLine, found: LineDossier, pointer: str, desk: Desk) -> None:
    """What may come on top of the duty: remedies that wait, deposits, and origins of which no remedies were read."""
    stated = line.tariff.trade_remedies if line.tariff is not None else None
    if stated is not None:
        for place, remedy in enumerate(stated):
            if remedy.deposit:
                desk.warn("remedy_deposit", f"{pointer}/tariff/trade_remedies/{place}", kind=remedy.kind.value)
        return
    for pending in found.pending:
        facts = {"kind": pending.kind.value, "part": pending.part, "note": pending.row.note}
        desk.warn("trade_remedy_possible", pointer, **facts)
    if found.tariff_line is not None and line.origin == UNKNOWN:
        desk.reason("remedies_of_every_origin_not_read", f"{pointer}/origin", letter="C")
    elif found.tariff_line is not None and line.origin != HOME:
        desk.reason("remedies_of_origin_not_read", f"{pointer}/origin", letter="C", origin=line.origin)


def told_of_fraccion(given: str, led: Led, chosen: str, pointer: str, desk: Desk) -> None:
    """What a quote says of a fracción; `chosen` is the line that it led to by itself, "" where the request names the line."""
    code, row = dotted(given[:FRACCION]), led.fraccion
    if chosen:
        told = "fraccion_of_one_line" if led.lines == 1 else "fraccion_of_lines_alike"
        desk.assume(told, pointer, fraccion=code, hs_code=chosen, lines=led.lines)
    if len(given) == WITH_NICO:
        desk.assume("nico_left_aside", pointer, fraccion=code, nico=given[FRACCION:])
    if row is None:
        desk.warn("fraccion_not_in_table", pointer, fraccion=code)
    elif row.standing == FORBIDDEN:
        desk.warn("export_forbidden", pointer, fraccion=code, name=row.name)
    elif row.export_duty:
        desk.warn("export_duty_not_included", pointer, fraccion=code, name=row.name, rate=row.export_duty)
    else:
        desk.assume("no_export_duty", pointer, fraccion=code, name=row.name)
