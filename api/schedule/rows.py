"""Every line of the schedule on one day as a row of texts: names, rates, taxes, controls, and how far to trust each.

Codes and rates stay texts from end to end, as the tables write them: no zero is lost and no float is made. A line without
rates on the day keeps its row and says why, and a day after those that the makers of our tables looked at says so in each row.
"""

from collections.abc import Iterator
from datetime import date

from api.languages import LANGUAGES
from api.line_answer import COLUMNS as RATES
from api.line_answer import LineOfDay, ended, not_covered, not_updated
from api.line_figures import rate_text
from api.wording import percent
from calculator.errors import NotInForce
from calculator.tariff_line import TariffLine
from tariffs.announced import SCHEDULE
from tariffs.records import Records

Row = tuple[str, ...]
_OF_LINE = (
    "hs_code",
    *(f"name_{each}" for each in LANGUAGES),
    *(f"name_{each}_origin" for each in LANGUAGES),
    "path_zh",
    "unit_1",
    "unit_2",
)
_TAXES = ("parts", "vat", "vat_class", "consumption_tax")
_CONTROLS = ("supervision", "inspection", "page")
_SURE = (
    "line_confidence",
    *(f"{each.value}_confidence" for each in RATES),
    "vat_confidence",
    "consumption_tax_confidence",
)
_LATE = ("without_rates", "provisional_ended", "provisional_ended_on", "table_not_updated")
COLUMNS: Row = (*_OF_LINE, *(each.value for each in RATES), *_TAXES, *_CONTROLS, *_SURE, "sources", *_LATE)
# The tables whose figures stand in a row.
TABLES = (SCHEDULE, "vat", "consumption-tax")
# What stands between the values of one cell: two rates that are open, two headings of a tax.
BETWEEN = " | "
_EMPTY = ("",) * (len(RATES) + len(_TAXES))


def rows_of(records: Records, on: date) -> Iterator[Row]:
    """A row for every line, by code. Raises NotInForce, at once, for a day on which no line has a rate."""
    if records.codes and not any(_has_rates(records, code, on) for code in records.codes):
        raise not_covered(records, records.codes, "*", on)
    return _rows(records, on)


def _has_rates(records: Records, code: str, on: date) -> bool:
    try:
        LineOfDay.of(records, _line(records, code), on)
    except NotInForce:
        return False
    return True


def _line(records: Records, code: str) -> TariffLine:
    line = records.line(code)
    if line is None:
        raise KeyError(code)
    return line


def _rows(records: Records, on: date) -> Iterator[Row]:
    late = BETWEEN.join(f"{table} {last}" for table, last in not_updated(records, TABLES, on).items())
    for code in records.codes:
        line = _line(records, code)
        try:
            day = LineOfDay.of(records, line, on)
        except NotInForce as missing:
            yield (*_without(line), missing.code, "", "", late)
        else:
            over = ended(records, day)
            # Its last day is known: a rate without one has not ended.
            yield (*_row(day), "", rate_text(over) or "", f"{over.validity.valid_to}" if over else "", late)


def _row(day: LineOfDay) -> Row:
    line = day.line
    rates = [day.column(kind) for kind in RATES]
    excises = [case.excise for case in day.excise]
    parts = day.parts
    resting = [
        *(each.row for each in (*rates, *parts) if each),
        *(each.row for each in day.vat),
        *(each.row for each in excises),
    ]
    return (
        *_head(line),
        *(rate_text(each) or "" for each in rates),
        f"{len({each.part for each in parts})}" if parts else "",
        BETWEEN.join(dict.fromkeys(percent(each.rate) for each in day.vat)),
        BETWEEN.join(dict.fromkeys(each.category for each in day.vat)),
        BETWEEN.join(dict.fromkeys(each.category for each in excises)),
        line.supervision,
        line.inspection,
        line.page,
        line.row.confidence,
        *(each.row.confidence if each else "" for each in rates),
        _least_sure(each.row.confidence for each in day.vat),
        _least_sure(each.row.confidence for each in excises),
        " ".join(dict.fromkeys([line.row.source, *(each.source for each in resting)])),
    )


def _without(line: TariffLine) -> Row:
    sure = (line.row.confidence, *("",) * (len(_SURE) - 1))
    return (*_head(line), *_EMPTY, line.supervision, line.inspection, line.page, *sure, line.row.source)


def _head(line: TariffLine) -> Row:
    units = (*line.units, "", "")[:2]
    names = (
        *(line.names[each] for each in LANGUAGES),
        *(line.name_sources.get(each, "official") for each in LANGUAGES),
    )
    return (line.hs_code, *names, line.path_zh, *units)


def _least_sure(letters: Iterator[str]) -> str:
    """The letter that is trusted least, nothing where there is none."""
    return max(letters, default="")
