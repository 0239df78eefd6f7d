"""What must be true of the requirements, of the classes of personal articles and of the stored customs rates."""

import re
from collections.abc import Iterator

from calculator.requirements import ADMITTED, NOT_SEEN
from tariffs.findings import DatedPlace, Finding, at_row, overlaps
from tariffs.records import Records
from tariffs.requirements import FILE as REQUIREMENTS
from tariffs.requirements import requirement
from tariffs.tables import CsvTable, number

ACCESS = "market_access"
POSTAL_ARTICLES = "cn/postal_articles.csv"
CODE = re.compile(r"[a-z][a-z0-9_]*")
PREFIX = re.compile(r"(?:[0-9]{2}){1,4}")
CONDITION = re.compile(r"[a-z][a-z0-9_]* (?:<=|>=|<|>|=) [a-z0-9_.]+")


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
            elif not any(code.startswith(prefix) for code in records.codes):
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
    column = {name: at for at, name in enumerate(table.columns)}
    seen: set[str] = set()
    for at, row in enumerate(table.rows):
        name, rate, condition, price = (row[column[each]] for each in ("class", "rate", "condition", "list_price"))
        if not CODE.fullmatch(name):
            yield at_row(table, at, "class", "bad_code", f"{name!r} is not a code")
        if name in seen:
            yield at_row(table, at, "class", "double_row", f"{name} stands here twice")
        seen.add(name)
        if f"postal_rate_{rate}" not in records.parameters:
            yield at_row(table, at, "rate", "unknown_category", f"postal_rate_{rate} is no figure of import_taxes.toml")
        if condition and not CONDITION.fullmatch(condition):
            yield at_row(table, at, "condition", "bad_condition", f"{condition!r} cannot be read")
        if bool(price) != bool(row[column["unit"]]):
            yield at_row(table, at, "unit", "unknown_unit", "a list price and its unit stand together")
        try:
            number(price or "0")
        except ValueError as error:
            yield at_row(table, at, "list_price", "bad_number", str(error))
