"""Where two of our files speak of one line they must agree: every place where they do not, named with file and line.

Each file is looked at by itself elsewhere (`checks.py`); here one is held against another, and the columns of one line
against each other: rates, units, letters, names, classes of VAT, the list of e-commerce. Our own tables alone are held to this:
whoever lays a folder over them may know better than what ours say beside it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from calculator.tariff_line import AdValorem, ByValue, DutyRate, LowerOf, MeasureKind, Sliding
from calculator.units import UNITS
from calculator.validity import Validity
from tariffs.expressions import ExpressionError, duty_rate
from tariffs.findings import Finding, at_row
from tariffs.records import Records
from tariffs.tables import CsvTable, day, open_day

LINES, MEASURES, NAMES = "cn/tariff_lines.csv", "cn/measures.csv", "cn/names.csv"
# A rate of the first column is no higher than one of the second of that line and day; the other way round it would be useless.
NO_HIGHER = (
    (MeasureKind.TARIFF_QUOTA, MeasureKind.MFN),
    (MeasureKind.QUOTA_PROVISIONAL, MeasureKind.TARIFF_QUOTA),
    (MeasureKind.MFN, MeasureKind.GENERAL),
)
# What is said only of lines that have the second, too.
ONLY_WITH = ((MeasureKind.QUOTA_PROVISIONAL, MeasureKind.TARIFF_QUOTA),)
# The files that have one row for a line.
ONE_FOR_A_LINE = ("cn/line_names.csv", "cn/declaration_elements.csv")
CONTROLS = "cn/control_letters.csv"
LETTERED = {"supervision": 5, "inspection": 6}
SPEAK = ("text_en", "text_es", "text_zh")
Rates = Mapping[str, list[tuple[int, str, Validity, DutyRate]]]


def findings(records: Records) -> Iterator[Finding]:
    """Every disagreement between the files on lines of the Chinese schedule."""
    lines = records.file(LINES)
    measures = records.file(MEASURES)
    rates = _rates(measures)
    yield from _columns(measures, rates)
    yield from _units(measures, rates, lines)
    yield from _letters(lines, records.file(CONTROLS))
    yield from _named(lines, records.file(NAMES))
    yield from _splits(records)
    yield from _listed(records.file("cn/cbec_lines.csv"), set(records.codes))
    yield from _goods(records.file("cn/products.csv"), set(records.codes))
    for name in ONE_FOR_A_LINE:
        yield from _once(records.file(name))


def _columns(measures: CsvTable, rates: Rates) -> Iterator[Finding]:
    """Columns of one line held against each other: which may be above which, and which needs which."""
    for code, rows in rates.items():
        whole = [(at, kind, validity, rate) for at, kind, validity, rate in rows if not measures.rows[at][3]]
        for at, kind, validity, rate in whole:
            for lower, upper in NO_HIGHER:
                other = _on(whole, upper, validity.valid_from) if kind == lower else None
                if isinstance(rate, AdValorem) and isinstance(other, AdValorem) and rate.rate > other.rate:
                    text = f"{code}: {lower} {_percent(rate)} is above {upper} {_percent(other)}"
                    yield at_row(measures, at, "expression", "columns_disagree", text)
        for at, kind, validity, rate in rows:
            needs = next((upper for lower, upper in ONLY_WITH if kind == lower), None)
            needs = MeasureKind.TARIFF_QUOTA if isinstance(rate, Sliding) else needs
            if needs is not None and _on(whole, needs, validity.valid_from) is None and _known(whole, needs, validity):
                yield at_row(measures, at, "measure", "columns_disagree", f"{code}: {kind} without a rate of {needs}")


def _known(rows: list[tuple[int, str, Validity, DutyRate]], kind: str, validity: Validity) -> bool:
    """Whether the rows reach back to a day, so that a rate of a kind would be among them."""
    first = min((each.valid_from for _, of, each, _ in rows if of in (kind, MeasureKind.MFN)), default=None)
    return first is not None and first <= validity.valid_from


def _rates(measures: CsvTable) -> Rates:
    """The rows that can be read, by line; what cannot be is told by the checks of the file itself."""
    found: dict[str, list[tuple[int, str, Validity, DutyRate]]] = {}
    for at, (code, kind, text, _, _, first, last, *_) in enumerate(measures.rows):
        if text:
            try:
                read = at, kind, Validity(day(first), open_day(last)), duty_rate(text)
            except (ValueError, ExpressionError):
                continue
            found.setdefault(code, []).append(read)
    return found


def _on(rows: list[tuple[int, str, Validity, DutyRate]], kind: str, on: date) -> DutyRate | None:
    return next((rate for _, of, validity, rate in rows if of == kind and validity.covers(on)), None)


def _percent(rate: AdValorem) -> str:
    return f"{(rate.rate * Decimal(100)).normalize():f}%"


def _units(measures: CsvTable, rates: Rates, lines: CsvTable) -> Iterator[Finding]:
    """A duty by quantity asks for a kind of quantity that the line's statutory units are of, where they were read."""
    kinds = {row[0]: {UNITS[unit].kind for unit in row[3:5] if unit in UNITS} for row in lines.rows}
    for code, rows in rates.items():
        for at, _, _, rate in rows:
            for unit in _asked(rate):
                known = kinds.get(code)
                if known and unit in UNITS and UNITS[unit].kind not in known:
                    text = f"{code}: {unit} is none of the line's statutory units"
                    yield at_row(measures, at, "expression", "units_disagree", text)


def _asked(rate: DutyRate) -> tuple[str, ...]:
    """The units of a rate."""
    if isinstance(rate, LowerOf):
        return (*_asked(rate.first), *_asked(rate.second))
    if isinstance(rate, ByValue):
        return (rate.unit, *_asked(rate.below), *_asked(rate.above))
    return () if isinstance(rate, AdValorem) else (rate.unit,)


def _letters(lines: CsvTable, controls: CsvTable) -> Iterator[Finding]:
    """Each letter beside a line has one meaning, in every language."""
    meanings = Counter((row[0], row[1]) for row in controls.rows)
    for at, row in enumerate(controls.rows):
        if row[0] not in LETTERED:
            yield at_row(controls, at, "kind", "unknown_kind", f"{row[0]!r} is not {' or '.join(LETTERED)}")
        if meanings[row[0], row[1]] > 1:
            yield at_row(controls, at, "letter", "double_row", f"{row[0]} {row[1]} stands here twice")
        for language in SPEAK:
            if not row[controls.columns.index(language)]:
                yield at_row(controls, at, language, "no_text", f"{row[0]} {row[1]} says nothing")
    for at, line in enumerate(lines.rows):
        for kind, column in LETTERED.items():
            for letter in dict.fromkeys(line[column]):
                if (kind, letter) not in meanings:
                    yield at_row(lines, at, kind, "letter_without_meaning", f"{letter!r} is not in {CONTROLS}")


def _named(lines: CsvTable, names: CsvTable) -> Iterator[Finding]:
    """Each line can be read in other languages than Chinese, by its subheading and by its heading."""
    known = {row[0] for row in names.rows}
    for at, row in enumerate(lines.rows):
        for length in (2, 4, 6):
            if row[0][:length] not in known:
                yield at_row(lines, at, "hs_code", "no_name", f"{row[0][:length]} is not in {NAMES}")


def _splits(records: Records) -> Iterator[Finding]:
    """Of a line that was read with both rates the class is open between them, and only there."""
    table, splits = records.file("cn/vat_lines.csv"), records.file("cn/vat_splits.csv")
    classes = {row[0]: row[1].split("|") for row in table.rows}
    for at, row in enumerate(splits.rows):
        if len(classes.get(row[0], ())) == 1:
            text = f"{row[0]} was read with two rates, but its class is {classes[row[0]][0]}"
            yield at_row(splits, at, "hs_code", "classes_disagree", text)


def _listed(listed: CsvTable, codes: set[str]) -> Iterator[Finding]:
    """What the list of e-commerce says of a code's place in the schedule."""
    column = listed.columns.index("in_schedule")
    for at, row in enumerate(listed.rows):
        found = "n/a" if not row[0] else "yes" if row[0] in codes else "no"
        if row[column] != found:
            yield at_row(listed, at, "in_schedule", "lists_disagree", f"{row[0] or 'no code'}: {found} is true")


def _goods(products: CsvTable, codes: set[str]) -> Iterator[Finding]:
    """A good's subheading has lines."""
    subheadings = {code[:6] for code in codes}
    for at, row in enumerate(products.rows):
        if row[5] not in subheadings:
            yield at_row(products, at, "subheading", "orphan_row", f"{row[5]} has no line in the schedule")


def _once(table: CsvTable) -> Iterator[Finding]:
    counted = Counter(row[0] for row in table.rows)
    for at, row in enumerate(table.rows):
        if counted[row[0]] > 1:
            yield at_row(table, at, "hs_code", "double_row", f"{row[0]} stands here twice")
