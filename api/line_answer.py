"""A tariff line as it is told on one day: every figure of the tables with its days, its source and how far to trust it.

Nothing is chosen here. Which column a good takes, and which of several open rates, is decided when it is priced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.languages import LANGUAGES
from api.line_figures import Document, citation, entry, excise_case, excise_rates, figure, row, sources, vat
from api.node_names import NodeNames, named
from api.wording import Wording, percent
from calculator.errors import NotInForce
from calculator.plan import Remark
from calculator.quantities import UNITS
from calculator.tariff_line import ExciseCase, Measure, MeasureKind, TariffLine, VatRate
from calculator.validity import in_force
from tariffs.announced import SCHEDULE
from tariffs.book import REMEDIES
from tariffs.control_letters import FILE as LETTERS
from tariffs.control_letters import INSPECTION, SUPERVISION, ControlLetters
from tariffs.records import Records
from tariffs.requirements import TABLE as REQUIREMENTS

COLUMNS = (
    MeasureKind.MFN,
    MeasureKind.PROVISIONAL,
    MeasureKind.GENERAL,
    MeasureKind.TARIFF_QUOTA,
    MeasureKind.QUOTA_PROVISIONAL,
)
# The tables whose figures stand in the answer on a line.
TABLES = (SCHEDULE, "trade-remedies", "vat", "consumption-tax", REQUIREMENTS)


@dataclass(frozen=True, slots=True)
class LineOfDay:
    """What the tables hold of a line on a day."""

    line: TariffLine
    on: date
    measures: tuple[Measure, ...]
    vat: tuple[VatRate, ...]
    excise: tuple[ExciseCase, ...]
    pending: tuple[Measure, ...]

    @classmethod
    def of(cls, records: Records, line: TariffLine, on: date) -> "LineOfDay":
        """The rows in force. Raises NotInForce for a day that the tables do not cover."""
        code = line.hs_code
        measures = in_force(records.measures(code), on)
        if not any(_of_the_whole(each) for each in measures):
            raise not_covered(records, (code,), code, on)
        vat, excise = records.vat(code, on), records.excise(code, on)
        return cls(line, on, measures, vat, excise, in_force(records.pending_remedies(code), on))

    def column(self, kind: MeasureKind) -> Measure | None:
        """The rate of a column for the whole line."""
        return next((each for each in self.measures if each.kind is kind and not each.part), None)

    @property
    def parts(self) -> list[Measure]:
        """The rates of parts of the line."""
        return [each for each in self.measures if each.part and each.kind not in REMEDIES]


def _of_the_whole(measure: Measure) -> bool:
    return measure.kind in COLUMNS and not measure.part


def not_covered(records: Records, codes: Iterable[str], key: str, on: date) -> NotInForce:
    """The refusal of a day of which the schedule has no rate for the whole of any of these lines."""
    whole = (each for code in codes for each in records.measures(code) if _of_the_whole(each))
    first = min((each.validity.valid_from for each in whole), default=None)
    return NotInForce("no_row_in_force", table=SCHEDULE, key=key, on=on, covered_from=first)


def known_until(records: Records, table: str) -> date | None:
    """The last day that the makers of a table looked at, None where there is no such table."""
    return next((state.known_until for state in records.tables if state.name == table), None)


def not_updated(records: Records, tables: Iterable[str], on: date) -> dict[str, date]:
    """Those of the tables whose makers looked at no day so late, with the last day that they looked at."""
    known = ((table, known_until(records, table)) for table in tables)
    return {table: last for table, last in known if last is not None and last < on}


def ended(records: Records, day: LineOfDay) -> Measure | None:
    """The provisional rate that ended when our table did, or after: whether it goes on nobody has looked up."""
    known = known_until(records, SCHEDULE)
    if known is None or day.on <= known or day.column(MeasureKind.PROVISIONAL):
        return None
    found = None
    for each in records.measures(day.line.hs_code):
        last = each.validity.valid_to
        if each.kind is MeasureKind.PROVISIONAL and not each.part and last is not None and known <= last < day.on:
            found = each
    return found


class LineAnswers:
    """Lines of one book as documents."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._letters = ControlLetters(records.file(LETTERS))
        self.node_names = NodeNames(records)
        self._notes = records.file("cn/line_notes.csv").grouped()
        self._elements = records.file("cn/declaration_elements.csv").grouped()
        self._vat_classes = {raw[0]: raw[1].split("|") for raw in records.file("cn/vat_lines.csv").rows}

    def whole(self, day: LineOfDay, wording: Wording, assumed: Iterable[str]) -> Document:
        """Everything of a line."""
        line, language = day.line, wording.language
        document: Document = {
            "hs_code": line.hs_code,
            "on": f"{day.on}",
            "name": line.names[language],
            "names": {each: named(line.names[each], line.name_sources.get(each, "official")) for each in LANGUAGES},
            "path_zh": [parent for parent in line.path_zh.split(" > ") if parent],
            "units": [{"code": unit, "name": UNITS[unit].names[language]} for unit in line.units],
            "page": line.page or None,
            "source": line.row.source,
            "confidence": line.row.confidence,
            "rates": self._rates(day, wording),
            "trade_remedies": {
                "in_force": [figure(each, wording) for each in day.measures if each.kind in REMEDIES],
                "pending": [figure(each, wording) for each in day.pending],
            },
            "vat": {
                "open": len({each.rate for each in day.vat}) > 1,
                "rates": [vat(each) for each in day.vat],
            },
            "consumption_tax": {
                "outside_every_heading": not day.excise,
                "cases": [excise_case(each, wording) for each in day.excise],
            },
            **{kind: self._controls(kind, letters, language) for kind, letters in _controls_of(line)},
            **self._besides(day, language),
            "history": self._history(line.hs_code, wording),
            "assumptions": [_remark(code, wording) for code in assumed],
            "warnings": self._warnings(day.on, wording),
        }
        document["citations"] = [citation(self._records.source(key)) for key in sorted(sources(document))]
        document["release"] = self._records.release
        return document

    def heading(self, hs: str, lines: list[Document], on: date, language: str) -> Document:
        """The lines of a heading or subheading."""
        names = self.node_names.of(hs)
        said = names[language] or names["en"]
        return {
            "hs_code": hs,
            "level": "heading" if len(hs) == 4 else "subheading",
            "on": f"{on}",
            "name": said["text"] if said else None,
            "names": names,
            "total": len(lines),
            "lines": lines,
            "release": self._records.release,
        }

    def _rates(self, day: LineOfDay, wording: Wording) -> Document:
        columns = {kind: day.column(kind) for kind in COLUMNS}
        return {
            **{kind.value: figure(each, wording) if each else None for kind, each in columns.items()},
            "parts": [figure(each, wording) for each in day.parts],
            "ended": [figure(each, wording) for each in (ended(self._records, day),) if each],
        }

    def _controls(self, kind: str, letters: str, language: str) -> list[Document]:
        return [
            {
                "letter": each.letter,
                "meaning": each.texts.get(language),
                "source": each.source or None,
                "confidence": each.confidence or None,
            }
            for each in self._letters.of(kind, letters)
        ]

    def _besides(self, day: LineOfDay, language: str) -> Document:
        """What stands beside the rates: remarks, the elements of the declaration, what the market asks, the goods."""
        code = day.line.hs_code
        notes = self._notes.get(code, ())
        elements = [
            {"zh": [each for each in elements.split(";") if each], "source": source, "confidence": confidence}
            for _, elements, source, confidence in self._elements.get(code, ())
        ]
        asked = self._records.requirements(code, "", day.on)
        return {
            "notes": [{"text": note, "source": source, "confidence": sure} for _, note, source, sure in notes],
            "declaration_elements": elements[0] if elements else None,
            "requirements": [
                {
                    "code": each.code,
                    "text": each.texts[language],
                    "authority": each.authority or None,
                    "market_access": each.market_access or None,
                    **row(each.row),
                }
                for each in asked
            ],
            "products": [good.slug for good in self._records.products_of(code)],
        }

    def _history(self, hs_code: str, wording: Wording) -> list[Document]:
        """Every figure of every day."""
        records = self._records
        told = [figure(each, wording) for each in (*records.measures(hs_code), *records.pending_remedies(hs_code))]
        for category in self._vat_classes.get(hs_code, ()):
            for dated in records.vat_classes[category]:
                told.append(entry("vat", percent(dated.rate), dated.row, wording, category))
        for category in dict.fromkeys(raw[1] for raw in records.excise_rows(hs_code)):
            for excise in records.categories[category]:
                tax = " / ".join(excise_rates(excise.rate, excise.per_unit)) or None
                told.append(entry("consumption_tax", tax, excise.row, wording, category))
        order = [*(kind.value for kind in MeasureKind), "vat", "consumption_tax"]
        return sorted(
            told,
            key=lambda each: (order.index(each["measure"]), each["part"] or each["category"] or "", each["valid_from"]),
        )

    def _warnings(self, on: date, wording: Wording) -> list[Document]:
        late = not_updated(self._records, TABLES, on)
        return [_remark("table_not_updated", wording, table=table, known_until=known) for table, known in late.items()]


def _controls_of(line: TariffLine) -> tuple[tuple[str, str], ...]:
    return (SUPERVISION, line.supervision), (INSPECTION, line.inspection)


def _remark(code: str, wording: Wording, **facts: object) -> Document:
    return {"code": code, "text": wording.text(Remark(code, facts=facts))}
