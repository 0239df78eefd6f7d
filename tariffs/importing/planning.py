"""What a schedule changes in the book: new lines, changed rates, closed rows, and what it leaves as it was.

Only what differs becomes a row of the overlay, so that the overlay stays short enough to be read, and importing a file
twice changes nothing the second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from calculator.tariff_line import AdValorem, MeasureKind
from tariffs.expressions import duty_rate
from tariffs.findings import Finding
from tariffs.importing.cells import bare, same_rate
from tariffs.importing.headings import Headings
from tariffs.importing.lines import EVERY, ScheduleLine, Watch, above
from tariffs.importing.series import (
    EXPRESSION,
    FIRST,
    HS_CODE,
    LAST,
    MEASURE,
    OPEN,
    ORIGINS,
    PART,
    Change,
    ended,
    entered,
)
from tariffs.records import Records
from tariffs.tables import Raw

MEASURES, LINES, VAT, LINE_NAMES = "cn/measures.csv", "cn/tariff_lines.csv", "cn/vat_lines.csv", "cn/line_names.csv"
KINDS = ("mfn", "provisional", "general", "tariff_quota")
NEW_LINE_NEEDS = ("mfn", "general", "vat")
READ_ON_THE_LINE = "read_same_line"
# A code, a column, a part and the origins.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the whole file: its days, its document, and whether it is the whole schedule."""

    valid_from: date
    provisional_to: date
    source: str
    confidence: str
    note: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that a file changes: a column of a code, what it was and what it is from a day on."""

    hs_code: str
    column: str
    before: str
    after: str
    valid_from: str
    products: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """The rows that the overlay is to have, by file and key; and what is told about them."""

    rows: dict[str, dict[tuple[str, ...], tuple[Raw, ...]]] = field(
        default_factory=lambda: {name: {} for name in (LINES, MEASURES, VAT, LINE_NAMES)}
    )
    new_lines: list[str] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    closed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    absent: int = 0

    @property
    def empty(self) -> bool:
        """Whether the book says all of it already."""
        return not any(self.rows.values())


class Planner:
    """Compares the lines of one file with a book."""

    def __init__(self, records: Records, file: str, found: Headings, terms: Terms) -> None:
        self._records, self._file, self._found, self._terms = records, file, found, terms
        self._lines = {raw[0]: raw for raw in records.file(LINES).rows}
        self._vat = {raw[0]: raw for raw in records.file(VAT).rows}
        self._named = {raw[0] for raw in records.file(LINE_NAMES).rows}
        self._series: dict[Key, list[Raw]] = {}
        for raw in records.file(MEASURES).rows:
            self._series.setdefault((raw[HS_CODE], raw[MEASURE], raw[PART], raw[ORIGINS]), []).append(raw)
        self._plan = Plan()

    def plan(self, lines: Iterable[ScheduleLine], watch: Watch) -> Plan:
        """Every line compared."""
        lines = tuple(lines)
        for count, line in enumerate(lines):
            if count % EVERY == 0:
                watch(count, len(lines))
            self._compare(line)
        watch(len(lines), len(lines))
        self._absent({line.code for line in lines})
        return self._plan

    def _compare(self, line: ScheduleLine) -> None:
        before = sum(map(len, self._plan.rows.values()))
        known = self._lines.get(line.code)
        faults = list(self._new_line_faults(line)) if known is None else []
        self._plan.faults += faults
        if faults:
            return
        if known is None:
            self._plan.new_lines.append(line.code)
        self._describe(line, known)
        for kind in KINDS:
            if kind in line.fields:
                self._rate(line, kind)
        if "vat" in line.fields:
            self._vat_class(line)
        self._told_only(line)
        self._plan.unchanged += sum(map(len, self._plan.rows.values())) == before

    def _new_line_faults(self, line: ScheduleLine) -> Iterator[Finding]:
        for name in NEW_LINE_NEEDS:
            if not line.fields.get(name):
                text = f"{line.code} is new to the book and needs a rate of {name}"
                yield self._told(line, name if name in self._found.columns else "hs_code", "new_line_needs", text)
        if not (line.fields.get("name_zh") or line.fields.get("name_en")):
            yield self._told(line, "hs_code", "new_line_needs", f"{line.code} is new to the book and needs a name")

    def _describe(self, line: ScheduleLine, known: Raw | None) -> None:
        """The name, units and letters of the line, which carry no days."""
        raw = list(known or (line.code, "", "", "", "", "", "", ""))
        for at, name in ((1, "name_zh"), (3, "unit_1"), (4, "unit_2"), (5, "supervision"), (6, "inspection")):
            text = line.fields.get(name)
            if text is None or text == raw[at] or (name == "name_zh" and (not text or bare(text) == bare(raw[at]))):
                continue
            if known is not None:
                self._plan.changed.append(self._changed(line, name, raw[at], text))
                if name.startswith("unit"):
                    text_ = f"{line.code}: {name} was {raw[at] or 'none'} and is {text or 'none'}, for all days"
                    self._plan.warnings.append(self._told(line, "hs_code", "unit_changed", text_))
            raw[at] = text
        if known is None or tuple(raw) != known:
            self._plan.rows[LINES][(line.code,)] = (tuple(raw),)
        if known is None and line.fields.get("name_en") and line.code not in self._named:
            self._plan.rows[LINE_NAMES][(line.code,)] = ((line.code, line.fields["name_en"], "imported"),)

    def _rate(self, line: ScheduleLine, kind: str) -> None:
        expression, first = line.fields[kind], self._first(line)
        key = (line.code, kind, "", "")
        series = self._series.get(key, [])
        if expression:
            last = line.fields.get("valid_to", "")
            if kind == MeasureKind.PROVISIONAL:
                last = last or self._terms.provisional_to.isoformat()
                if last < first:
                    text = f"begins on {first}, after the last day of provisional rates {last}: say --valid-to"
                    self._plan.faults.append(self._told(line, kind, "days_reversed", text))
                    return
                if "mfn" not in line.fields and above(expression, self._in_force(line.code, first)):
                    text = f"{expression} is above the MFN rate {self._in_force(line.code, first)} of the book"
                    self._plan.faults.append(self._told(line, kind, "above_mfn", text))
                    return
            terms = self._terms
            row = (line.code, kind, expression, "", "", first, last, terms.source, terms.confidence, terms.note)
            change = entered(series, row)
        else:
            change = ended(series, first)
        if change is not None:
            self._take(line, key, change)

    def _take(self, line: ScheduleLine, key: Key, change: Change) -> None:
        _, kind, *_ = key
        self._plan.rows[MEASURES][key] = change.rows
        told = self._changed(line, kind, change.before, change.after)
        if change.closed:
            self._plan.closed.append(told)
        if not same_rate(change.before, change.after) and line.code in self._lines:
            self._plan.changed.append(told)
        if change.later:
            text = f"{line.code} {kind} has rows from {change.later} on, which stay as they are"
            self._plan.warnings.append(self._told(line, kind, "later_rows", text))

    def _vat_class(self, line: ScheduleLine) -> None:
        """A rate of VAT as the class that has it on the day; the class of a line carries no days."""
        written = line.fields["vat"]
        if not written:
            return
        on, rate = date.fromisoformat(self._first(line)), duty_rate(written)
        having = [
            name
            for name, dated in self._records.vat_classes.items()
            if isinstance(rate, AdValorem)
            and any(each.rate == rate.rate and each.row.validity.covers(on) for each in dated)
        ]
        if not having:
            self._plan.faults.append(
                self._told(line, "vat", "unknown_vat", f"{written} is the rate of no class on {on}")
            )
            return
        known = self._vat.get(line.code)
        if known is not None and known[1] in having:
            return
        row = (line.code, having[0], self._terms.confidence, READ_ON_THE_LINE, self._terms.source)
        self._plan.rows[VAT][(line.code,)] = (row,)
        if known is None:
            return
        self._plan.changed.append(self._changed(line, "vat", known[1], having[0]))
        if having[0] not in known[1].split("|"):
            text = (
                f"{line.code}: the class of VAT was {known[1]} and is {having[0]}; it carries no days and holds for all"
            )
            self._plan.warnings.append(self._told(line, "vat", "vat_class_changed", text))

    def _told_only(self, line: ScheduleLine) -> None:
        """Consumption tax stands by category, with its history, in files of its own: a rate here is only compared."""
        written = line.fields.get("consumption_tax", "")
        has = written not in ("", "-", "0", "0%", "无")
        if has and not self._records.excise_rows(line.code):
            text = f"{line.code}: consumption tax {written} is not imported; the book has none for this line"
            self._plan.warnings.append(self._told(line, "consumption_tax", "consumption_tax", text))

    def _absent(self, present: set[str]) -> None:
        """Lines that the file does not have end the day before, where the file is the whole schedule."""
        first = self._terms.valid_from.isoformat()
        gone: set[str] = set()
        for key, series in self._series.items():
            code, *words = key
            if code in present:
                continue
            change = ended(series, first)
            if change is None:
                continue
            gone.add(code)
            if not self._terms.whole:
                continue
            self._plan.rows[MEASURES][key] = change.rows
            products = tuple(each.slug for each in self._records.products_of(code))
            column = " ".join(filter(None, words))
            self._plan.closed.append(Changed(code, column, change.before, "", first, products))
            if not change.rows or change.later:
                text = f"{code} {column} has rows from {change.later or first} on: end it by hand"
                self._plan.faults.append(Finding(self._file, None, None, "later_rows", text))
        self._plan.absent = len(gone)

    def _in_force(self, code: str, on: str) -> str:
        rows = self._series.get((code, "mfn", "", ""), [])
        return next((raw[EXPRESSION] for raw in rows if raw[FIRST] <= on <= (raw[LAST] or OPEN)), "")

    def _first(self, line: ScheduleLine) -> str:
        return line.fields.get("valid_from") or self._terms.valid_from.isoformat()

    def _changed(self, line: ScheduleLine, column: str, before: str, after: str) -> Changed:
        products = tuple(each.slug for each in self._records.products_of(line.code))
        return Changed(line.code, column, before, after, self._first(line), products)

    def _told(self, line: ScheduleLine, name: str, code: str, text: str) -> Finding:
        return Finding(self._file, line.line, line.within + self._found.named(name), code, text)
