"""The rates of lines as they stand in the tables of a page: a row for a line, and what the rates of a node lie between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.browse.tree import Named
from api.line_answer import COLUMNS, LineOfDay
from api.line_figures import rate_words
from api.wording import Wording, percent
from calculator.errors import NotInForce
from calculator.quantities import UNITS
from calculator.tariff_line import AdValorem, Measure, MeasureKind
from tariffs.records import Records

# The columns of a table of lines; the rate inside a quota that is lower for a time stands on the page of the line.
RATES = COLUMNS[:4]
BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in a table, its cells as texts; `missing` says why it has no rates on the day."""

    named: Named
    chinese: str
    units: str
    rates: tuple[str, ...]
    parts: int
    vat: str
    excise: str
    missing: NotInForce | None = None


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A chapter or heading in a table: what the MFN rates and the VAT of its lines lie between."""

    named: Named
    mfn: str
    vat: str


def units_of(units: Iterable[str], language: str) -> str:
    """The statutory units, the first one first."""
    return BETWEEN.join(UNITS[each].names[language] for each in units)


def line_row(records: Records, named: Named, chinese: str, on: date, wording: Wording) -> LineRow:
    """A line on a day."""
    line = records.line(named.code)
    if line is None:
        raise KeyError(named.code)
    units = units_of(line.units, wording.language)
    try:
        day = LineOfDay.of(records, line, on)
    except NotInForce as missing:
        return LineRow(named, chinese, units, ("",) * len(RATES), 0, "", "", missing)
    return LineRow(
        named,
        chinese,
        units,
        tuple(_words(day.column(kind), wording.language) for kind in RATES),
        len({each.part for each in day.parts}),
        _percents(each.rate for each in day.vat),
        BETWEEN.join(dict.fromkeys(wording.heading(case.excise.category) for case in day.excise)),
    )


def node_row(records: Records, named: Named, codes: Iterable[str], on: date, other: str) -> NodeRow:
    """What lies under a node on a day; `other` are the words for rates that are no plain share of the value."""
    shares: set[Decimal] = set()
    rates: set[Decimal] = set()
    formed = False
    for code in codes:
        line = records.line(code)
        try:
            day = LineOfDay.of(records, line, on) if line else None
        except NotInForce:
            continue
        mfn = day.column(MeasureKind.MFN) if day else None
        if mfn is not None and isinstance(mfn.rate, AdValorem):
            shares.add(mfn.rate.rate)
        elif mfn is not None:
            formed = True
        rates.update(each.rate for each in day.vat) if day else None
    spread = [percent(each) for each in dict.fromkeys((min(shares), max(shares)))] if shares else []
    told = "–".join(spread)
    return NodeRow(named, BETWEEN.join(filter(None, (told, other if formed else ""))), _percents(rates))


def _words(measure: Measure | None, language: str) -> str:
    return rate_words(measure.rate, language) if measure is not None and measure.rate is not None else ""


def _percents(rates: Iterable[Decimal]) -> str:
    return BETWEEN.join(percent(each) for each in sorted(set(rates)))
