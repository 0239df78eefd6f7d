"""What stood for a line before a rate that was only announced when its table was last looked after.

After that day such a rate is used as the table has it, and nobody has seen it come into force: the quote tells what the line
would pay had it not. Nothing is announced on a day that the table's makers looked at.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from calculator.dossier import Before, LineDossier
from calculator.errors import NotInForce
from calculator.tariff_line import ExciseCase, Measure, Row, VatRate

SCHEDULE, REMEDIES, VAT, EXCISE = "customs-schedule", "trade-remedies", "vat", "consumption-tax"
Each = TypeVar("Each", Measure, VatRate, ExciseCase)


class Tables(NamedTuple):
    """The rows of a line on any day, by their tables. The taxes raise NotInForce on a day before their first row."""

    measures: Callable[[date], tuple[Measure, ...]]
    remedies: Callable[[date], tuple[Measure, ...]]
    vat: Callable[[date], tuple[VatRate, ...]]
    excise: Callable[[date], tuple[ExciseCase, ...]]


def before(found: LineDossier, tables: Tables, known_until: Mapping[str, date | None]) -> Before | None:
    """What stood for a line when its tables were last looked after, None where every row of the day was seen in force."""
    looked: dict[date, date] = {}

    def stood(
        now: tuple[Each, ...], rows: Iterable[Row], table: str, on: Callable[[date], tuple[Each, ...]]
    ) -> tuple[Each, ...]:
        known = known_until.get(table)
        begun = [row.validity.valid_from for row in rows if known is not None and row.validity.valid_from > known]
        if known is None or not begun:
            return now
        try:
            then = on(known)
        except NotInForce:
            return now
        looked[min(begun)] = known
        return then

    measures = stood(found.measures, [each.row for each in found.measures], SCHEDULE, tables.measures)
    remedies = stood(found.remedies, [each.row for each in found.remedies], REMEDIES, tables.remedies)
    vat = stood(found.vat, [each.row for each in found.vat], VAT, tables.vat)
    excise = stood(found.excise, [each.excise.row for each in found.excise], EXCISE, tables.excise)
    if not looked:
        return None
    begins = min(looked)
    return Before(begins, looked[begins], measures, remedies, vat, excise)
