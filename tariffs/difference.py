"""What one book says of a code that another does not: what a new year, or an overlay, changes, and for which goods.

Two books are compared as they stand over all days, or each as it stands on one day. Lines that only one of them has are
told as added and removed; a column in which both say the same is not told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from calculator.errors import NotInForce
from calculator.tariff_line import Measure, TariffLine
from tariffs.expressions import expression
from tariffs.installed import PACKAGE, names, serving
from tariffs.records import Records
from tariffs.release import sealed
from tariffs.tables import DATA, TableError

SERVING, SCHEDULE = "serving", "customs-schedule"
UNREAD = "not read"  # a part of a line whose own rate nobody has read
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


class NoBook(ValueError):
    """A name that is neither a folder of tables nor a release of this installation, or a day that it does not cover."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of one line in two books; `before` or `after` is "" where a book has nothing."""

    hs_code: str
    change: str
    column: str
    before: str
    after: str
    name: str
    products: tuple[str, ...]


def book(named: str, releases: Path | None = None) -> Records:
    """The tables of a folder, whole or laid over those that serve; or of a release that is here, with those installed in a
    folder among them."""
    now = serving(releases)
    held: dict[str, Traversable] = {name: releases / name for name in names(releases)} if releases else {}
    held |= {PACKAGE: DATA, sealed().release: DATA, SERVING: now.root}
    if named in held:
        try:
            return Records(held[named])
        except TableError as error:
            raise NoBook(f"{named}: {error}") from error
    folder = Path(named)
    if not folder.is_dir():
        here = ", ".join(each for each in held if each not in (PACKAGE, SERVING))
        raise NoBook(f"{named} is no folder of tables; this installation holds {here} (or say {PACKAGE} or {SERVING})")
    if (folder / "cn" / "tariff_lines.csv").is_file() and (folder / "cn" / "import_taxes.toml").is_file():
        try:
            return Records(folder)
        except TableError as error:
            raise NoBook(f"{folder}: {error}") from error
    return Records.load(folder, now.root)


def differences(
    old: Records, new: Records, old_on: date | None = None, new_on: date | None = None
) -> tuple[Difference, ...]:
    """Every column of every line in which the books differ; without a day, over all their days. Raises NoBook."""
    for records, on in ((old, old_on), (new, new_on)):
        first = next(state.covers_from for state in records.tables if state.name == SCHEDULE)
        if on is not None and first is not None and on < first:
            raise NoBook(
                f"the schedule of {records.release} is whole from {first} on; {on} would seem to have no lines"
            )
    before, after = _Told(old, old_on), _Told(new, new_on)
    codes = sorted({*old.codes, *new.codes})
    if old_on == new_on and old.vat_classes == new.vat_classes:
        # What is written alike says the same of a day: most lines of two releases need not be put into words.
        codes = [code for code in codes if old.as_written(code) != new.as_written(code)]
    return tuple(each for code in codes for each in _line(code, before, after))


class _Told:
    """What a book says of its lines, on a day or over all days, column by column and in words that can be compared."""

    def __init__(self, records: Records, on: date | None) -> None:
        self.records, self._on = records, on
        self._names = {raw[0]: raw[1] for raw in records.file("cn/tariff_lines.csv").rows}
        self._classes = {raw[0]: raw[1] for raw in records.file("cn/vat_lines.csv").rows}

    def columns(self, code: str) -> dict[str, str]:
        """The columns of a line that say something; {} where the book has no such line."""
        line, on = self.records.line(code), self._on
        if line is None:
            return {}
        measures = (*self.records.measures(code), *self.records.pending_remedies(code))
        if on is not None and not any(each.row.validity.covers(on) for each in measures):
            return {}
        told: dict[str, list[Measure]] = {}
        for each in measures:
            told.setdefault(" ".join(filter(None, (each.kind.value, each.part, *each.origins))), []).append(each)
        found = {name: _rates(rows, on) for name, rows in told.items()}
        found |= {
            "vat": self._vat(code),
            "consumption_tax": "; ".join(" ".join(filter(None, raw[1:3])) for raw in self.records.excise_rows(code)),
            "units": " ".join(line.units),
            "supervision": line.supervision,
            "inspection": line.inspection,
            "name_zh": self._names.get(code, ""),
        }
        return {name: text for name, text in found.items() if text}

    def _vat(self, code: str) -> str:
        """The class over all days, since the class carries the history; the rate on a day."""
        if self._on is None:
            return self._classes.get(code, "")
        try:
            rates = {rate.rate for rate in self.records.vat(code, self._on)}
        except NotInForce:
            return ""
        return " or ".join(f"{(rate * 100).normalize():f}%" for rate in sorted(rates))


def _line(code: str, old: _Told, new: _Told) -> Iterator[Difference]:
    before, after = old.columns(code), new.columns(code)
    if before == after:
        return
    change = CHANGED if before and after else ADDED if after else REMOVED
    goods = dict.fromkeys(each.slug for told in (old, new) for each in told.records.products_of(code))
    name = _name(new.records.line(code) or old.records.line(code))
    for column in {**before, **after}:
        was, becomes = before.get(column, ""), after.get(column, "")
        if was != becomes:
            yield Difference(code, change, column, was, becomes, name, tuple(goods))


def _rates(rows: list[Measure], on: date | None) -> str:
    if on is not None:
        return "; ".join(_rate(each) for each in rows if each.row.validity.covers(on))
    return "; ".join(f"{text} {_days(first, last)}" for text, first, last in _joined(rows))


def _joined(rows: list[Measure]) -> list[tuple[str, date, date | None]]:
    """Rows of one rate that follow each other without a gap are one: a renewal changes nothing by itself."""
    told = [
        (_rate(each), each.row.validity.valid_from, each.row.validity.valid_to)
        for each in sorted(rows, key=lambda each: each.row.validity.valid_from)
    ]
    joined = told[:1]
    for before, after in pairwise(told):
        text, first, last = joined[-1]
        if before[0] == after[0] and last is not None and last + timedelta(days=1) == after[1]:
            joined[-1] = (text, first, after[2])
        else:
            joined.append(after)
    return joined


def _rate(measure: Measure) -> str:
    return UNREAD if measure.rate is None else expression(measure.rate)


def _days(first: date, last: date | None) -> str:
    return f"from {first}" if last is None else f"{first} to {last}"


def _name(line: TariffLine | None) -> str:
    return "" if line is None else line.names["en"] or line.names["zh"]
