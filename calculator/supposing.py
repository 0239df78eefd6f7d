"""A dossier as it would be, were the law another: rows of the tariff and of the taxes in the places of those in force.

A supposed rate of an agreement, or of special preference, is asked with its proof: the goods are taken to hold it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.request import GoodsLine, OwnExcise, OwnTariff, QuoteRequest
from calculator.tariff_line import SUBHEADING, DutyRate, Measure, MeasureKind, Row, VatRate
from calculator.validity import Validity

VAT, CONSUMPTION_TAX = "vat", "consumption_tax"
REMEDIES = frozenset(
    {MeasureKind.ANTI_DUMPING, MeasureKind.COUNTERVAILING, MeasureKind.SAFEGUARD, MeasureKind.RETALIATORY}
)
PROVED = frozenset({MeasureKind.AGREEMENT, MeasureKind.SPECIAL_PREFERENTIAL})
MEASURES = (*(kind.value for kind in MeasureKind), VAT, CONSUMPTION_TAX)
# What a supposed row says of where it comes from; nobody can verify it.
TABLE, CONFIDENCE = "supposed", "C"
# The taxes that China collects.
REVENUE = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax")


@dataclass(frozen=True, slots=True)
class Supposed:
    """A row of the law that is supposed for the lines whose code begins so; `rate` None takes the row away.

    `origins` are those that a duty is for, none where it is for all.
    """

    hs_code: str
    measure: str
    rate: DutyRate | Decimal | OwnExcise | None
    first: date | None = None
    last: date | None = None
    origins: tuple[str, ...] = ()

    def concerns(self, code: str, origin: str, on: date) -> bool:
        """Whether it holds for a line of goods on a day."""
        in_time = (self.first is None or self.first <= on) and (self.last is None or on <= self.last)
        return in_time and code.startswith(self.hs_code) and (not self.origins or origin in self.origins)


def supposed(
    request: QuoteRequest, dossier: Dossier, changes: Sequence[Supposed]
) -> tuple[QuoteRequest, Dossier, frozenset[int]]:
    """Both under the changes, one after the other, and which of these concern them.

    Raises Unpriceable for goods of lines that are taxed alike today and would not be then: their line has to be chosen.
    """
    goods, lines, met = list(request.goods), list(dossier.lines), set()
    for number, (line, found) in enumerate(zip(request.goods, dossier.lines, strict=True)):
        for place, change in enumerate(changes):
            if _concerns(change, line, found, request.declared_on, f"/goods/{number}/hs_code"):
                goods[number], lines[number] = _changed(goods[number], lines[number], change)
                met.add(place)
    return replace(request, goods=tuple(goods)), replace(dossier, lines=tuple(lines)), frozenset(met)


def _concerns(change: Supposed, line: GoodsLine, found: LineDossier, on: date, pointer: str) -> bool:
    """Whether a change is for a line of goods: for the code that they state, or for every line that they may be of."""
    if line.hs_code and change.concerns(line.hs_code, line.origin, on):
        return True
    codes = found.alike or (() if found.tariff_line is None else (found.tariff_line.hs_code,))
    concerned = [code for code in codes if change.concerns(code, line.origin, on)]
    if concerned and len(concerned) < len(codes):
        raise Unpriceable("ambiguous_code", pointer, found.alike, hs_code=codes[0][:SUBHEADING])
    return bool(concerned)


def _changed(line: GoodsLine, found: LineDossier, change: Supposed) -> tuple[GoodsLine, LineDossier]:
    if change.measure == VAT:
        return line, replace(found, vat=_vat(found, change))
    if change.measure == CONSUMPTION_TAX:
        return _taxed(line, change), replace(found, excise=())
    kind = MeasureKind(change.measure)
    rows = () if change.rate is None else (Measure(kind, change.rate, _row(change), "", change.origins),)  # type: ignore[arg-type]
    if kind in REMEDIES:
        return line, replace(found, remedies=(*(each for each in found.remedies if each.kind != kind), *rows))
    proved = replace(line, preference=True) if kind in PROVED and change.rate is not None else line
    # The rate of a part of the line is a row of its own, and stays.
    others = tuple(each for each in found.measures if each.kind != kind or each.part)
    ended = tuple(each for each in found.ended if each.kind != kind)
    return proved, replace(found, measures=(*others, *rows), ended=ended)


def _vat(found: LineDossier, change: Supposed) -> tuple[VatRate, ...]:
    if change.rate is None:
        return ()
    assert isinstance(change.rate, Decimal)
    category = found.vat[0].category if found.vat else TABLE
    return (VatRate(change.rate, category, _row(change)),)


def _taxed(line: GoodsLine, change: Supposed) -> GoodsLine:
    """A line with a consumption tax of its own; none is one of nothing."""
    tax = change.rate if isinstance(change.rate, OwnExcise) else OwnExcise(Decimal(0), None, "")
    return replace(line, tariff=replace(line.tariff or OwnTariff(), consumption_tax=tax))


def _row(change: Supposed) -> Row:
    return Row(TABLE, Validity(change.first or date.min, change.last), "", CONFIDENCE)
