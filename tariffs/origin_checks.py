"""What must be true of the countries, and of the rows of other tables that name them."""

import re
from collections.abc import Iterator

from calculator.origins import GENERAL, MFN, OPEN
from calculator.tariff_line import MeasureKind
from calculator.validity import Validity
from tariffs.findings import DatedPlace, Finding, at_row, overlaps
from tariffs.origins import FILE as ORIGINS
from tariffs.records import Records
from tariffs.tables import CsvTable, day, open_day

CODE = re.compile(r"[A-Z]{2}")
AGREEMENT = re.compile(r"[a-z][a-z0-9-]*")
# The columns that are for goods of some countries only; each of their rows says of which.
OF_SOME = frozenset({MeasureKind.AGREEMENT.value, MeasureKind.SPECIAL_PREFERENTIAL.value})


def findings(records: Records) -> Iterator[Finding]:
    """The faults of the countries, and the codes elsewhere that are none."""
    table = records.file(ORIGINS)
    codes = {row[0] for row in table.rows}
    yield from _origins(table)
    yield from _measures(records.file("cn/measures.csv"), codes)
    remedies = records.file("cn/trade_remedies.csv")
    column = remedies.columns.index("origin")
    for at, row in enumerate(remedies.rows):
        if row[column] not in codes:
            yield at_row(remedies, at, "origin", "unknown_origin", f"{row[column]!r} is no country of {ORIGINS}")


def _origins(table: CsvTable) -> Iterator[Finding]:
    dated: dict[str, list[DatedPlace]] = {}
    for at, (code, en, es, zh, column, agreements, first, last, *_) in enumerate(table.rows):
        if not CODE.fullmatch(code):
            yield at_row(table, at, "code", "bad_code", f"{code!r} is not two capital letters")
        if not (en and es and zh):
            yield at_row(table, at, "en", "no_text", "a name is missing")
        if column not in (MFN, GENERAL, OPEN):
            yield at_row(table, at, "column", "unknown_category", f"{column!r} is not {MFN}, {GENERAL} or {OPEN}")
        if not all(map(AGREEMENT.fullmatch, agreements.split(" ") if agreements else ())):
            yield at_row(table, at, "agreements", "bad_code", f"{agreements!r} are no codes with a space between")
        try:
            place = DatedPlace(Validity(day(first), open_day(last)), *table.place(at))
        except ValueError:
            continue  # told by the checks of cells
        dated.setdefault(code, []).append(place)
    for code, places in dated.items():
        yield from overlaps(code, places, gaps=True)


def _measures(table: CsvTable, codes: set[str]) -> Iterator[Finding]:
    kind, origins = table.columns.index("measure"), table.columns.index("origins")
    for at, row in enumerate(table.rows):
        of_some = row[kind] in OF_SOME
        if of_some != bool(row[origins]):
            text = f"{row[kind]} {'must name' if of_some else 'names no'} origins"
            yield at_row(table, at, "origins", "origins_of_kind", text)
        for code in row[origins].split(" ") if row[origins] else ():
            if code not in codes:
                yield at_row(table, at, "origins", "unknown_origin", f"{code!r} is no country of {ORIGINS}")
