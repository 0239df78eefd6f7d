"""What must be true of the tables before anybody is quoted from them, said fault by fault with file and line.

Loading is lenient so that it is quick; this is strict. It knows no exception by code: where a table is right to be odd,
the row says so in its note and the rule here is written so that it holds.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from calculator.tariff_line import AdValorem, MeasureKind
from calculator.validity import Validity
from tariffs import (
    access_checks,
    agreement_checks,
    corrected_rows,
    dated_checks,
    licence_checks,
    logistics_checks,
    origin_checks,
    rail_checks,
)
from tariffs.conditions import CONDITION
from tariffs.expressions import ExpressionError, duty_rate, expression
from tariffs.findings import LETTERS, DatedPlace, Finding, at_row, known_unit, overlaps
from tariffs.records import Records
from tariffs.rows import COLUMNS
from tariffs.tables import CsvTable, day, number, open_day

KINDS = frozenset(kind.value for kind in MeasureKind)

# Columns that hold a line's code, and whether it may be left empty.
_LINE_CODES = {
    "cn/measures.csv": False,
    "cn/trade_remedies.csv": False,
    "cn/vat_lines.csv": False,
    "cn/vat_splits.csv": False,
    "cn/line_names.csv": False,
    "cn/line_notes.csv": False,
    "cn/declaration_elements.csv": False,
    "cn/products.csv": True,
}
_NUMBERS = re.findall(
    r"\w+",
    "net_weight_kg net_volume_l gross_weight_kg length_mm width_mm height_mm volume_m3 packages_per_layer layers "
    "packages_per_pallet net_kg_per_container gross_kg_per_container stowage_m3_per_t temperature_min_c "
    "temperature_max_c humidity_min humidity_max storage_days_min storage_days_max",
)


def check(records: Records) -> list[Finding]:
    """Every fault of the tables, in the order of the files; an empty list is a clean book."""
    tables = {name: records.file(name) for name in COLUMNS}
    found: list[Finding] = []
    for table in tables.values():
        found += _cells(table, records)
    known = set(records.codes)
    for file, may_be_empty in _LINE_CODES.items():
        found += _codes(tables[file], known, may_be_empty)
    found += _lines(tables["cn/tariff_lines.csv"])
    found += _rates(tables["cn/measures.csv"])
    found += _rates(tables["cn/trade_remedies.csv"])
    found += _schedule(tables["cn/measures.csv"], records)
    found += _vat(tables["cn/vat_lines.csv"], records)
    found += _excise_lines(tables["cn/consumption_tax_lines.csv"], records)
    found += _names(tables["cn/names.csv"])
    found += _goods(tables["cn/products.csv"], tables["cn/packages.csv"])
    found += _mexican(tables["mx/fracciones.csv"])
    if records.overlay is None:
        found += agreement_checks.findings(records)
    found += dated_checks.findings(records)
    found += access_checks.findings(records)
    found += origin_checks.findings(records)
    found += logistics_checks.findings(records)
    found += rail_checks.findings(records)
    found += licence_checks.findings(records)
    found += corrected_rows.findings(records)
    return found


def _cells(table: CsvTable, records: Records) -> Iterator[Finding]:
    """What holds for a column of that name in any file: no space at an edge, sources, letters, days."""
    for column in table.columns:
        yield from _wrong(table, column, "space_at_edge", "has a space at its edge", lambda cell: cell != cell.strip())
        if column.endswith("confidence"):
            yield from _wrong(table, column, "bad_confidence", "is not A, B or C", lambda cell: cell not in LETTERS)
        if column in ("source", "sources"):
            yield from _wrong(
                table,
                column,
                "unknown_source",
                "is not in sources.toml",
                lambda cell: any(source not in records.sources for source in cell.split(" ")),
            )
    if {"source", "confidence"} <= set(table.columns):
        source, confidence = table.columns.index("source"), table.columns.index("confidence")
        letters = {key: document.confidence for key, document in records.sources.items()}
        for at, row in enumerate(table.rows):
            if row[confidence] < letters.get(row[source], "A"):
                text = f"{row[source]} is only {letters[row[source]]}"
                yield at_row(table, at, "confidence", "raised_confidence", text)
    if "valid_from" in table.columns:
        yield from _days(table)


def _wrong(table: CsvTable, column: str, code: str, text: str, is_wrong: Callable[[str], bool]) -> Iterator[Finding]:
    """The rows whose cell is wrong; each different cell is judged once, since most tables repeat themselves."""
    index = table.columns.index(column)
    wrong = {cell for cell in {row[index] for row in table.rows} if is_wrong(cell)}
    if wrong:
        for at, row in enumerate(table.rows):
            if row[index] in wrong:
                yield at_row(table, at, column, code, f"{row[index]!r} {text}")


def _days(table: CsvTable) -> Iterator[Finding]:
    first, last = table.columns.index("valid_from"), table.columns.index("valid_to")
    for at, row in enumerate(table.rows):
        try:
            begins, ends = day(row[first]), open_day(row[last])
        except ValueError as error:
            yield at_row(table, at, "valid_from", "bad_day", str(error))
        else:
            if ends is not None and ends < begins:
                yield at_row(table, at, "valid_to", "days_reversed", f"{ends} is before {begins}")


def _codes(table: CsvTable, known: set[str], may_be_empty: bool) -> Iterator[Finding]:
    index = table.columns.index("hs_code")
    for at, row in enumerate(table.rows):
        if row[index] not in known and not (may_be_empty and not row[index]):
            yield at_row(table, at, "hs_code", "orphan_row", f"{row[index]!r} is no line of the schedule")


def _lines(table: CsvTable) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in enumerate(table.rows):
        if not re.fullmatch(r"[0-9]{8}", row[0]):
            yield at_row(table, at, "hs_code", "bad_code", f"{row[0]!r} is not eight digits")
        if row[0] in seen:
            yield at_row(table, at, "hs_code", "double_row", f"{row[0]} stands here twice")
        seen.add(row[0])
        for column, code in (("unit_1", row[3]), ("unit_2", row[4])):
            if code and not known_unit(code):
                yield at_row(table, at, column, "unknown_unit", f"{code!r} is no unit")


def _rates(table: CsvTable) -> Iterator[Finding]:
    """Each expression reads, and prints back letter for letter; only a part of a line may have none."""
    column = {name: index for index, name in enumerate(table.columns)}
    for at, row in enumerate(table.rows):
        kind, text, part = (row[column[name]] for name in ("measure", "expression", "part"))
        if kind not in KINDS:
            yield at_row(table, at, "measure", "unknown_measure", f"{kind!r} is no measure")
        if not text:
            if not part:
                yield at_row(table, at, "expression", "no_rate", "a whole line needs a rate")
            continue
        try:
            printed = expression(duty_rate(text))
        except ExpressionError as error:
            yield at_row(table, at, "expression", "bad_expression", str(error))
        else:
            if printed != text:
                yield at_row(table, at, "expression", "not_canonical", f"{text!r} is written {printed!r}")


def _schedule(table: CsvTable, records: Records) -> Iterator[Finding]:
    """No two rows of one column on one day, no line without MFN, no provisional rate above it."""
    series: dict[tuple[str, ...], list[DatedPlace]] = {}
    percent: dict[str, list[tuple[Validity, str, Decimal, int]]] = {}
    for at, (hs_code, kind, text, part, origins, first, last, *_) in enumerate(table.rows):
        try:
            validity = Validity(day(first), open_day(last))
            rate = duty_rate(text) if text else None
        except ValueError:
            continue  # told by the checks of cells and of rates
        for origin in origins.split() or ("",):
            series.setdefault((hs_code, kind, part, origin), []).append(DatedPlace(validity, *table.place(at)))
        if isinstance(rate, AdValorem):
            percent.setdefault(hs_code, []).append((validity, kind, rate.rate, at))
    always = (MeasureKind.MFN, MeasureKind.GENERAL)
    for key, dated in series.items():
        yield from overlaps(" ".join(filter(None, key)), dated, gaps=key[1] in always)
    begins = records.standings["tariff-lines"].valid_from
    for hs_code in records.codes:
        # A line that a later year added is asked for from its own first day on.
        firsts = [row.validity.valid_from for kind in always for row in series.get((hs_code, kind, "", ""), ())]
        start = max(begins, min(firsts, default=begins))
        for kind in always:
            if not any(row.validity.covers(start) for row in series.get((hs_code, kind, "", ""), ())):
                yield Finding(table.file, None, "hs_code", "gap", f"{hs_code} has no {kind} rate on {start}")
    for hs_code, rates in percent.items():
        for validity, kind, share, at in rates:
            mfn = [r for v, k, r, _ in rates if k == MeasureKind.MFN and v.covers(validity.valid_from)]
            if kind == MeasureKind.PROVISIONAL and mfn and share > mfn[0]:
                yield at_row(table, at, "expression", "above_mfn", f"{hs_code}: {share} is above MFN {mfn[0]}")


def _vat(table: CsvTable, records: Records) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, row in enumerate(table.rows):
        if row[0] in seen:
            yield at_row(table, at, "hs_code", "double_row", f"{row[0]} stands here twice")
        seen.add(row[0])
        for category in row[1].split("|"):
            if category not in records.vat_classes:
                yield at_row(table, at, "category", "unknown_category", f"{category!r} has no rate")
    for hs_code in records.codes:
        if hs_code not in seen:
            yield Finding(table.file, None, "hs_code", "gap", f"{hs_code} has no class of VAT")


def _excise_lines(table: CsvTable, records: Records) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for at, (prefix, category, condition, *_) in enumerate(table.rows):
        if not re.fullmatch(r"(?:[0-9]{2}){1,4}", prefix):
            yield at_row(table, at, "prefix", "bad_code", f"{prefix!r} is not 2, 4, 6 or 8 digits")
        elif not records.under(prefix):
            yield at_row(table, at, "prefix", "orphan_row", f"{prefix} begins no line of the schedule")
        if category not in records.categories:
            yield at_row(table, at, "category", "unknown_category", f"{category!r} has no row")
        if condition and not CONDITION.fullmatch(condition):
            yield at_row(table, at, "condition", "bad_condition", f"{condition!r} cannot be read")
        if (prefix, condition) in seen:
            yield at_row(table, at, "condition", "double_row", f"{prefix} {condition} stands here twice")
        seen.add((prefix, condition))


def _names(table: CsvTable) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, (hs, _, _, es_source) in enumerate(table.rows):
        if not re.fullmatch(r"(?:[0-9]{2}){1,3}", hs):
            yield at_row(table, at, "hs", "bad_code", f"{hs!r} is not 2, 4 or 6 digits")
        if es_source not in ("LIGIE", "ours"):
            yield at_row(table, at, "es_source", "unknown_source", f"{es_source!r} is not LIGIE or ours")
        if hs in seen:
            yield at_row(table, at, "hs", "double_row", f"{hs} stands here twice")
        seen.add(hs)


def _goods(products: CsvTable, packages: CsvTable) -> Iterator[Finding]:
    slugs, seen = {row[0] for row in products.rows}, set()
    column = {name: index for index, name in enumerate(packages.columns)}
    for at, row in enumerate(packages.rows):
        if row[0] not in slugs:
            yield at_row(packages, at, "product", "orphan_row", f"{row[0]!r} is no product")
        if row[:2] in seen:
            yield at_row(packages, at, "package", "double_row", f"{row[0]} {row[1]} stands here twice")
        seen.add(row[:2])
        for name in _NUMBERS:
            try:
                number(row[column[name]] or "0")
            except ValueError as error:
                yield at_row(packages, at, name, "bad_number", str(error))
    for at, row in enumerate(products.rows):
        if row[4] and row[4][:6] != row[5]:
            yield at_row(products, at, "hs_code", "bad_code", f"{row[4]} is not in {row[5]}")


def _mexican(table: CsvTable) -> Iterator[Finding]:
    for at, row in enumerate(table.rows):
        if not re.fullmatch(r"[0-9]{8}", row[0]) or row[1] != row[0][:6]:
            yield at_row(table, at, "fraccion", "bad_code", f"{row[0]!r} is not eight digits of {row[1]}")
