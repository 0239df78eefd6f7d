"""What began, what is announced, what ended and what is going to: read off the dated rows, and from nothing else.

Nobody writes a log of changes. A row that follows another is a change, one that begins after the table's first day is
news, one that ends with none to follow it expires. Whether a day lies ahead is the reader's to say: no clock is read here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from calculator.dossier import Parameter
from calculator.tariff_line import AdValorem, DutyRate, Excise, Row
from calculator.validity import Validity
from tariffs.corrected_rows import CorrectedRow, corrected_rows
from tariffs.expressions import duty_rate, expression
from tariffs.parts import parts, per_unit_text
from tariffs.records import Records
from tariffs.rows import COLUMNS
from tariffs.tables import Raw, day, open_day

CORRECTED = "corrected"
SCHEDULE, REMEDIES = "customs-schedule", "trade-remedies"
SPACE = "https://github.com/galeon/changes/"
NOT_READ = "not read"
ONE_DAY = timedelta(days=1)
# What a correction speaks of, where that is no column of its own; and the cells that say where a row is from.
WHAT = {
    "vat-lines": "vat",
    "vat-rates": "vat",
    "consumption-tax": "consumption_tax",
    "consumption-tax-lines": "consumption_tax",
}
ABOUT = frozenset({"source", "sources", "confidence", "note", "valid_from", "valid_to"})
BEGAN, ANNOUNCED, ENDED, EXPIRES = "began", "announced", "ended", "expires"


@dataclass(frozen=True, slots=True)
class Figure:
    """A dated row as a change tells it: what it says in a few words, and where it stands.

    `text` says it as the tables do. Where it is a sentence, `texts` has it in each language; else `of` is what is said, None
    for a rate that nobody has read, and `state` is that of a trade remedy.
    """

    text: str
    row: Row
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)
    of: Parameter | Excise | DutyRate | None = field(default=None, compare=False)
    state: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The rows of one figure through time. `hs_code` is "" where it is the figure of a class, of a category or of all.

    `origins` are the countries of whose goods it speaks, none where of all.
    """

    table: str
    what: str
    subject: str
    hs_code: str = ""
    part: str = ""
    prefixes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A row that begins, with the one before it, a row that ends with none after it, or one that proved wrong.

    `on` is the first day of what begins, the last day of what ends, and the day on which a row was corrected.
    """

    series: Series
    on: date
    begins: bool
    before: Figure | None
    after: Figure | None
    correction: CorrectedRow | None = None

    @property
    def id(self) -> str:
        """A name that stays as long as the rows say the same thing."""
        if self.correction is not None:
            return self.correction.id
        each = self.series
        way = "begins" if self.begins else "ends"
        parts = (each.table, each.what, each.subject, each.part, *each.origins, way, f"{self.on}")
        return str(uuid5(NAMESPACE_URL, SPACE + "/".join(parts)))

    @property
    def figure(self) -> Figure:
        """The row that begins, or the one that ends."""
        found = self.after if self.begins else self.before
        assert found is not None
        return found

    @property
    def change(self) -> str:
        """What the row does to the figure: `new`, `changed`, `unchanged` (said anew, by another source), `ended`, `corrected`."""
        if self.correction is not None:
            return CORRECTED
        if self.after is None:
            return "ended"
        if self.before is None:
            return "new"
        return "unchanged" if self.before.text == self.after.text else "changed"

    def kind(self, today: date) -> str:
        """Whether it lies behind a day or ahead of it; a row is true on its last day."""
        if self.correction is not None:
            return CORRECTED
        if self.begins:
            return BEGAN if self.on <= today else ANNOUNCED
        return ENDED if self.on < today else EXPIRES


class Changes:
    """Every change that the tables hold, in the order of their days."""

    def __init__(self, records: Records) -> None:
        self._records = records
        firsts = {table.name: table.covers_from or date.min for table in records.tables}
        found = [
            change for series, rows in _all(records, firsts) for change in _changes(series, rows, firsts[series.table])
        ]
        found += _corrections(records)
        self.all: tuple[Change, ...] = tuple(sorted(found, key=_order))

    def since(self, first: date, prefix: str = "") -> tuple[Change, ...]:
        """What changes on that day or later; of the lines whose codes begin with a prefix, if one is given."""
        later = (change for change in self.all if change.on >= first)
        if not prefix:
            return tuple(later)
        subjects = self._subjects(prefix)
        return tuple(change for change in later if _speaks_of(change.series, prefix, subjects))

    def _subjects(self, prefix: str) -> set[tuple[str, str]]:
        """The classes of VAT and the categories of the consumption tax that lines with a prefix are in."""
        found: set[tuple[str, str]] = set()
        for hs_code, classes, *_ in self._records.file("cn/vat_lines.csv").rows:
            if hs_code.startswith(prefix):
                found |= {("vat", name) for name in classes.split("|")}
                found |= {("consumption-tax", row[1]) for row in self._records.excise_rows(hs_code)}
        return found


def _speaks_of(series: Series, prefix: str, subjects: set[tuple[str, str]]) -> bool:
    if series.hs_code:
        return series.hs_code.startswith(prefix)
    if series.prefixes:
        return any(mine.startswith(prefix) or prefix.startswith(mine) for mine in series.prefixes)
    return (series.table, series.subject) in subjects


def _changes(series: Series, rows: Iterable[Figure], covered_from: date) -> Iterator[Change]:
    """The changes within one series; a row that the table begins with is none, since what was before it is not known."""
    dated = sorted(rows, key=lambda figure: figure.row.validity.valid_from)
    before: Figure | None = None
    for at, figure in enumerate(dated):
        first, last = figure.row.validity.valid_from, figure.row.validity.valid_to
        follows = before is not None and before.row.validity.valid_to == first - ONE_DAY
        if follows or first > covered_from:
            yield Change(series, first, True, before if follows else None, figure)
        after = dated[at + 1] if at + 1 < len(dated) else None
        if last is not None and (after is None or after.row.validity.valid_from != last + ONE_DAY):
            yield Change(series, last, False, figure, None)
        before = figure


def _all(records: Records, firsts: Mapping[str, date]) -> Iterator[tuple[Series, list[Figure]]]:
    yield from _schedule(records, f"{firsts[SCHEDULE]}")
    yield from _remedies(records)
    for name, rates in records.vat_classes.items():
        yield (
            Series("vat", "vat", name),
            [Figure(_percent(each.rate), each.row, of=AdValorem(each.rate)) for each in rates],
        )
    for name, excises in records.categories.items():
        yield (
            Series("consumption-tax", "consumption_tax", name),
            [Figure(excise_text(each), each.row, of=each) for each in excises],
        )
    for name, figures in records.parameters.items():
        yield Series("import-taxes", name, "all"), [Figure(parameter_text(each), each.row, of=each) for each in figures]
    asked: dict[Series, list[Figure]] = {}
    for each in records.all_requirements.rows:
        subject = " ".join(filter(None, (*each.prefixes, each.product))) or "all"
        series = Series("requirements", each.code, subject, prefixes=each.prefixes)
        asked.setdefault(series, []).append(Figure(each.texts["en"], each.row, each.texts))
    yield from asked.items()


def _corrections(records: Records) -> Iterator[Change]:
    """The rows that proved wrong, each on the day on which it was corrected."""
    of_part = parts(records)
    for each in corrected_rows(records):
        table, cells = of_part[each.part].table, each.right
        hs_code = cells.get("hs_code", "")
        what = WHAT.get(each.part) or cells.get("measure") or cells.get("parameter") or "row"
        subject = hs_code or (cells.get("class") or cells.get("category") or "all" if each.part != table else "all")
        if what == "row":
            subject = each.key
        row = Row(table, Validity(each.row_from, each.row_to), each.source, each.confidence, each.reason)
        origins = tuple((cells.get("origins") or cells.get("origin") or "").split())
        series = Series(table, what, subject, hs_code, cells.get("part", ""), origins=origins)
        before, after = (_corrected_figure(each, cells, row) for cells in (each.wrong, each.right))
        yield Change(series, each.found_on, True, before, after, each)


def _corrected_figure(correction: CorrectedRow, cells: Mapping[str, str], row: Row) -> Figure:
    """What a row says, wrong or right: its rate, or the cells that differ."""
    names = [name for name, _, _ in correction.changed if name not in ABOUT] or [
        name for name, _, _ in correction.changed
    ]
    if names == ["expression"] and (rate := _read(cells["expression"])) is not None:
        return Figure(cells["expression"], row, of=rate)
    return Figure(", ".join(f"{name} {cells[name] or '-'}" for name in names), row)


def _schedule(records: Records, covers_from: str) -> Iterator[tuple[Series, list[Figure]]]:
    """The rows of the schedule, of which most have no story to tell: one open row from the first day on."""
    grouped: dict[tuple[str, str, str, str], list[Raw]] = {}
    for raw in records.file("cn/measures.csv").rows:
        grouped.setdefault((raw[0], raw[1], raw[3], raw[4]), []).append(raw)
    for (hs_code, kind, part, origins), raws in grouped.items():
        if len(raws) > 1 or raws[0][6] or raws[0][5] > covers_from:
            rows = [Row(SCHEDULE, Validity(day(raw[5]), open_day(raw[6])), *raw[7:]) for raw in raws]
            figures = [Figure(raw[2] or NOT_READ, row, of=_read(raw[2])) for raw, row in zip(raws, rows, strict=True)]
            yield Series(SCHEDULE, kind, hs_code, hs_code, part, origins=tuple(origins.split())), figures


def _remedies(records: Records) -> Iterator[tuple[Series, list[Figure]]]:
    grouped: dict[Series, list[Figure]] = {}
    at = {name: index for index, name in enumerate(COLUMNS["cn/trade_remedies.csv"])}
    for raw in records.file("cn/trade_remedies.csv").rows:
        validity = Validity(day(raw[at["valid_from"]]), open_day(raw[at["valid_to"]]))
        row = Row(REMEDIES, validity, raw[at["source"]], raw[at["confidence"]], raw[at["note"]])
        origins = tuple(raw[at["origin"]].split())
        series = Series(REMEDIES, raw[at["measure"]], raw[0], raw[0], raw[at["part"]], origins=origins)
        state, rate = raw[at["state"]], raw[at["expression"]]
        said = f"{state}: {rate or NOT_READ}"
        grouped.setdefault(series, []).append(Figure(said, row, of=_read(rate), state=state))
    yield from grouped.items()


def _read(rate: str) -> DutyRate | None:
    return duty_rate(rate) if rate else None


def parameter_text(figure: Parameter) -> str:
    """A figure of the rules in a few words: "50 CNY", "0.3% of price and freight"."""
    shared, _, of_what = figure.unit.partition("share")
    return f"{figure.value} {figure.unit}" if shared else f"{_percent(figure.value)}{of_what}"


def excise_text(excise: Excise) -> str:
    """A row of the consumption tax in a few words: "20% + 0.912 CNY/L"."""

    def said(rate: Decimal | None, amounts: tuple[str, ...]) -> str:
        return " + ".join((*(() if rate is None else (_percent(rate),)), *amounts[:1])) or "none"

    upper = said(excise.rate, tuple(map(per_unit_text, excise.per_unit)))
    if not excise.thresholds:
        return upper
    lower = said(excise.rate_below, tuple(map(per_unit_text, excise.per_unit_below)))
    return f"{upper} from {per_unit_text(excise.thresholds[0])}, below it {lower}"


def _percent(share: Decimal) -> str:
    return expression(AdValorem(share))


def _order(change: Change) -> tuple[date, str, str, str, str, tuple[str, ...], bool]:
    each = change.series
    return change.on, each.table, each.subject, each.what, each.part, each.origins, change.begins
