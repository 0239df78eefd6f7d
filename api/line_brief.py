"""A tariff line as it stands in a list: its name, its rates of one day, and where there are none, why."""

from datetime import date

from api.line_answer import COLUMNS, LineOfDay
from api.line_figures import Document, rate_text
from api.wording import Wording, percent
from calculator.errors import NotInForce
from calculator.tariff_line import TariffLine
from tariffs.records import Records


def brief_of(records: Records, hs_code: str, on: date, language: str) -> Document:
    """A line in a list; without its rates on a day that the tables do not cover. Raises KeyError for what is no line."""
    line = records.line(hs_code)
    if line is None:
        raise KeyError(hs_code)
    try:
        day: LineOfDay | NotInForce = LineOfDay.of(records, line, on)
    except NotInForce as missing:
        day = missing
    return brief(records, line, day, language)


def brief(records: Records, line: TariffLine, day: LineOfDay | NotInForce, language: str) -> Document:
    """A line with what is known of its day."""
    return {
        "hs_code": line.hs_code,
        "name": line.names[language],
        "units": list(line.units),
        "rates": None if isinstance(day, NotInForce) else _rates(day),
        "without_rates": _reason(day, language) if isinstance(day, NotInForce) else None,
        "products": [good.slug for good in records.products_of(line.hs_code)],
        "links": {"self": f"/v1/tariff-lines/{line.hs_code}"},
    }


def _rates(day: LineOfDay) -> Document:
    return {
        **{kind.value: rate_text(day.column(kind)) for kind in COLUMNS[:4]},
        "vat": [percent(rate) for rate in sorted({each.rate for each in day.vat})],
        "consumption_tax": list(dict.fromkeys(case.excise.category for case in day.excise)),
        "parts": len({each.part for each in day.parts}),
    }


def _reason(missing: NotInForce, language: str) -> Document:
    """Why a line has no rates on a day."""
    first = missing.facts.get("covered_from")
    return {
        "code": missing.code,
        "text": Wording.of(language).problem(missing.code, missing.facts),
        "table": missing.facts["table"],
        "covered_from": f"{first}" if first else None,
    }
