"""What must be true of the requirements, of the classes of personal articles and of the stored customs rates."""

import re
from collections.abc import Iterator

from calculator.listings import PostalClass
from calculator.requirements import ADMITTED, NOT_SEEN
from tariffs.conditions import CONDITION
from tariffs.findings import DatedPlace, Finding, at_row, overlaps
from tariffs.postal import FILE as POSTAL_ARTICLES
from tariffs.postal import postal_class
from tariffs.records import Records
from tariffs.requirements import FILE as REQUIREMENTS
from tariffs.requirements import requirement
from tariffs.tables import CsvTable

ACCESS = "market_access"
CODE = re.compile(r"[a-z][a-z0-9_]*")
PREFIX = re.compile(r"(?:[0-9]{2}){1,4}")


def findings(records: Records) -> Iterator[Finding]:
    """The faults of the three tables."""
    asked, postal = records.file(REQUIREMENTS), records.file(POSTAL_ARTICLES)
    for table in (asked, postal):
        yield from _prefixes(table, records)
        yield from _texts(table)
    yield from _requirements(asked, records)
    yield from _postal(postal, records)
    rates = records.customs_rates
    column = rates.columns.index("source")
    for at, row in enumerate(rates.rows):
        if row[column] not in records.sources:
            yield at_row(rates, at, "source", "unknown_source", f"{row[column]!r} is not in sources.toml")


def _prefixes(table: CsvTable, records: Records) -> Iterator[Finding]:
    column = table.columns.index("prefixes")
    for at, row in enumerate(table.rows):
        for prefix in row[column].split(" ") if row[column] else ():
            if not PREFIX.fullmatch(prefix):
                yield at_row(table, at, "prefixes", "bad_code", f"{prefix!r} is not 2, 4, 6 or 8 digits")
            elif not records.under(prefix):
                yield at_row(table, at, "prefixes", "orphan_row", f"{prefix} begins no line of the schedule")


def _texts(table: CsvTable) -> Iterator[Finding]:
    columns = [at for at, name in enumerate(table.columns) if name.startswith("text_")]
    for at, row in enumerate(table.rows):
        for column in columns:
            if not row[column]:
                yield at_row(table, at, table.columns[column], "no_text", "a text is missing")


def _requirements(table: CsvTable, records: Records) -> Iterator[Finding]:
    """Two rows never say the same thing of the same goods on one day."""
    series: dict[tuple[str, str, str], list[DatedPlace]] = {}
    for at, raw in enumerate(table.rows):
        try:
            row = requirement(raw)
        except ValueError:
            continue  # told by the checks of cells
        if not CODE.fullmatch(row.code):
            yield at_row(table, at, "code", "bad_code", f"{row.code!r} is not a code")
        if row.product and row.product not in records.products:
            yield at_row(table, at, "product", "orphan_row", f"{row.product!r} is no product")
        if row.market_access not in ((ADMITTED, NOT_SEEN) if row.code == ACCESS else ("",)):
            yield at_row(table, at, ACCESS, "bad_access", f"{row.market_access!r} does not belong to {row.code}")
        for prefix in row.prefixes or ("",):
            place = DatedPlace(row.row.validity, *table.place(at))
            series.setdefault((row.code, prefix, row.product), []).append(place)
    for key, dated in series.items():
        yield from overlaps(" ".join(filter(None, key)), dated, gaps=False)


def _postal(table: CsvTable, records: Records) -> Iterator[Finding]:
    """On a day a class has one row and a prefix one without a condition; a rate is in force when its row begins."""
    series: dict[str, list[DatedPlace]] = {}
    prefixes = table.columns.index("prefixes")
    for at, raw in enumerate(table.rows):
        try:
            each = postal_class(raw)
        except ValueError as error:
            yield at_row(table, at, "list_price", "bad_number", str(error))
            continue
        place = DatedPlace(each.row.validity, *table.place(at))
        for key in (each.code, *(() if each.condition else raw[prefixes].split())):
            series.setdefault(key, []).append(place)
        if not CODE.fullmatch(each.code):
            yield at_row(table, at, "class", "bad_code", f"{each.code!r} is not a code")
        if each.rate not in records.parameters:
            yield at_row(table, at, "rate", "unknown_category", f"{each.rate} is no figure of import_taxes.toml")
        elif not _in_force(each, records):
            yield at_row(table, at, "rate", "gap", f"{each.rate} has no row on {each.row.validity.valid_from}")
        if each.condition and not CONDITION.fullmatch(each.condition):
            yield at_row(table, at, "condition", "bad_condition", f"{each.condition!r} cannot be read")
        if (each.list_price is None) != (not each.unit):
            yield at_row(table, at, "unit", "unknown_unit", "a list price and its unit stand together")
    for key, dated in series.items():
        yield from overlaps(key, dated, gaps=False)


def _in_force(each: PostalClass, records: Records) -> bool:
    first = each.row.validity.valid_from
    return any(figure.row.validity.covers(first) for figure in records.parameters[each.rate])
