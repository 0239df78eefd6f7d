"""Rows that proved wrong, as `corrections.csv` keeps them: what was wrong stays in sight, closed on the day it was corrected.

The table that the row stands in has the right row alone, for the days the wrong one had, so that a quote of any of these days
is right. What the wrong row said, from when to when it was used, why it went and by which document stands here.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from tariffs.findings import Finding, at_row
from tariffs.parts import Part, parts
from tariffs.records import Records
from tariffs.rows_used import KEYS, digest_of
from tariffs.tables import CsvTable, Raw, day, open_day

TABLE, FILE = "corrections", "corrections.csv"
SPACE = "https://github.com/galeon/corrections/"
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """One correction: the part of the tables, the key of the row, its cells as they were wrong and as they are right.

    `row_from` and `row_to` are the days of the declarations that the wrong row spoke of; `found_on` is the day it was closed.
    """

    part: str
    file: str
    key: str
    wrong: Cells
    right: Cells
    row_from: date
    row_to: date | None
    found_on: date
    reason: str
    source: str
    confidence: str

    @property
    def id(self) -> str:
        """A name that stays."""
        return str(uuid5(NAMESPACE_URL, f"{SPACE}{self.part}/{self.key}/{digest_of(tuple(self.wrong.values()))}"))

    @property
    def changed(self) -> tuple[tuple[str, str, str], ...]:
        """The columns that differ, each with what was wrong and what is right."""
        return tuple((name, cell, self.right[name]) for name, cell in self.wrong.items() if cell != self.right[name])

    @property
    def raw(self) -> Raw:
        """The row of the table."""
        texts = (json.dumps(dict(each), ensure_ascii=False, separators=(",", ":")) for each in (self.wrong, self.right))
        days = (f"{self.row_from}", f"{self.row_to or ''}", f"{self.found_on}")
        return (self.part, self.file, self.key, *texts, *days, self.reason, self.source, self.confidence)


def corrected_rows(records: Records) -> tuple[CorrectedRow, ...]:
    """Every correction of the tables, in the order in which they were made."""
    return tuple(_read(raw) for raw in records.file(FILE).rows)


def findings(records: Records) -> Iterator[Finding]:
    """Corrections that cannot be read, that the tables do not bear out, or whose wrong row still stands."""
    if records.overlay is not None:
        return  # a row of the user's own may stand in for the right one
    table, known = records.file(FILE), parts(records)
    read = [_sound(table, at, known) for at in range(len(table.rows))]
    standing: dict[str, frozenset[Raw]] = {}
    for at, each in enumerate(read):
        if isinstance(each, Finding):
            yield each
            continue
        rows = standing.setdefault(each.part, frozenset(known[each.part].rows))
        later = [other.wrong for other in read[at + 1 :] if isinstance(other, CorrectedRow) and other.part == each.part]
        if tuple(each.right.values()) not in rows and each.right not in later:
            yield at_row(table, at, "right", "correction_not_made", f"{each.part} has no such row: {each.key}")
        again = any(other.right == each.wrong for other in read[at + 1 :] if isinstance(other, CorrectedRow))
        if tuple(each.wrong.values()) in rows and not again:
            yield at_row(table, at, "wrong", "wrong_row_stands", f"{each.part} still has the wrong row: {each.key}")


def _sound(table: CsvTable, at: int, known: Mapping[str, Part]) -> CorrectedRow | Finding:
    try:
        each = _read(table.rows[at])
    except (ValueError, TypeError, AttributeError) as error:
        return at_row(table, at, "wrong", "bad_correction", f"cannot be read: {error}")
    if each.part not in KEYS or each.part not in known:
        return at_row(table, at, "table", "bad_correction", f"{each.part!r} is no table that is corrected")
    columns = known[each.part].columns
    for column, cells in (("wrong", each.wrong), ("right", each.right)):
        if tuple(cells) != columns:
            return at_row(table, at, column, "bad_correction", f"has not the columns {', '.join(columns)}")
    if each.wrong == each.right:
        return at_row(table, at, "right", "bad_correction", "says what the wrong row says")
    if not each.reason:
        return at_row(table, at, "reason", "bad_correction", "a reason is missing")
    return each


def _read(raw: Raw) -> CorrectedRow:
    part, file, key, wrong, right, first, last, found_on, reason, source, confidence = raw
    days = day(first), open_day(last), day(found_on)
    return CorrectedRow(part, file, key, _cells(wrong), _cells(right), *days, reason, source, confidence)


def _cells(text: str) -> Cells:
    cells = json.loads(text)
    if not isinstance(cells, dict) or not all(isinstance(each, str) for each in cells.values()):
        raise ValueError(f"{text[:60]!r} is no row")
    return cells
