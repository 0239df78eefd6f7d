"""The trade remedies that the tables hold, of all days: by kind, and under each kind the rows of one measure together."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.citing import Document, cited
from api.line_figures import part_words, rate_text
from api.wording import Wording
from calculator.citations import Citation
from calculator.tariff_line import Measure, MeasureKind
from tariffs.book import REMEDIES
from tariffs.records import Records

TABLE = "trade-remedies"
FILE = "cn/trade_remedies.csv"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A row of the table; `charged`: it is collected, else it may only come to be."""

    hs_code: str
    measure: Measure
    charged: bool

    @property
    def key(self) -> tuple[str, str, bool, str, str, tuple[str, ...], str]:
        """What the rows of one measure have in common."""
        row, days = self.measure.row, self.measure.validity
        rate = rate_text(self.measure) or ""
        said = (rate, self.measure.part, self.measure.origins, row.confidence)
        return f"{days.valid_from} {days.valid_to or ''}", row.source, self.charged, *said


def remedies_told(records: Records, wording: Wording) -> Document:
    """The kinds with their rows counted, and where the table can be had whole."""
    found: dict[MeasureKind, list[Remedy]] = {kind: [] for kind in MeasureKind if kind in REMEDIES}
    for each in _every(records):
        found[each.measure.kind].append(each)
    return {
        "csv": f"/v1/tables/{TABLE}.csv",
        "kinds": [
            {
                "kind": kind.value,
                "label": wording.heading(kind.value),
                "rows": len(rows),
                "measures": _measures(records, rows, wording.language),
            }
            for kind, rows in found.items()
        ],
    }


def _every(records: Records) -> Iterator[Remedy]:
    for code in records.file(FILE).grouped():
        yield from (Remedy(code, each, True) for each in records.measures(code) if each.kind in REMEDIES)
        yield from (Remedy(code, each, False) for each in records.pending_remedies(code))


def _measures(records: Records, rows: list[Remedy], said: str) -> list[Document]:
    alike: dict[object, list[Remedy]] = {}
    for each in sorted(rows, key=lambda each: (each.key, each.hs_code)):
        alike.setdefault(each.key, []).append(each)
    return [_told(records, some[0], [each.hs_code for each in some], said) for some in alike.values()]


def _told(records: Records, remedy: Remedy, codes: list[str], said: str) -> Document:
    measure = remedy.measure
    law = cited(records.sources, Citation(measure.row.source), said)
    last = measure.validity.valid_to
    return {
        **{name: law[name] for name in ("source", "title", "url")},
        "valid_from": f"{measure.validity.valid_from}",
        "valid_to": f"{last}" if last else None,
        "charged": remedy.charged,
        "rate": rate_text(measure),
        "part": part_words(measure.part, said) if measure.part else None,
        "origins": list(measure.origins),
        "hs_codes": codes,
        "confidence": measure.row.confidence,
    }
