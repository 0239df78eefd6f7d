"""Every table as plain rows under one name each: what is downloaded, counted and searched for sources.

Files of one table are not joined, since their columns differ: a table of several files has a part for each. The rows are
those that a quote is made from, so an overlay of the user's is in them.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from calculator.tariff_line import Excise, ExcisePerUnit, ExciseThreshold, Row
from tariffs.fx import customs
from tariffs.logistics_rows import MODES
from tariffs.records import CONSUMPTION_TAX, IMPORT_TAXES, Records
from tariffs.tables import Raw

CUSTOMS_RATES = "customs-rates"
DATED = ("valid_from", "valid_to", "source", "confidence", "note")
EXCISE = (
    *("category", "form", "rate", "per_unit", "thresholds", "rate_below", "per_unit_below", "litres_per_tonne"),
    "super_luxury",
)
RULE = ("cm3_per_kg", "step_kg", "least")
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Part:
    """The rows of one file of a table, or those of a TOML file that belong to the table."""

    name: str
    table: str
    columns: Raw
    make: Callable[[], Iterable[Raw]]

    @cached_property
    def rows(self) -> tuple[Raw, ...]:
        """The rows as text."""
        return tuple(self.make())

    def column(self, name: str) -> Iterator[str]:
        """The cells of a column; nothing where the part has no such column."""
        if name in self.columns:
            at = self.columns.index(name)
            yield from (row[at] for row in self.rows)

    def csv(self, start: int = 0, end: int | None = None) -> Iterator[str]:
        """The heading and the rows from `start` to `end`, as CSV, a thousand rows at a time."""
        rows = iter((self.columns, *self.rows[start:end]))
        while some := list(islice(rows, ROWS_AT_ONCE)):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(some)
            yield text.getvalue()


def parts(records: Records) -> Mapping[str, Part]:
    """Every part by its name; a table's own name leads to its first part where no part is called so."""
    found: dict[str, Part] = {}
    first: dict[str, Part] = {}
    for table in records.tables:
        for file in table.files:
            part = _part(records, table.name, file, alone=len(table.files) == 1)
            found[part.name] = part
            first.setdefault(table.name, part)
    rates = Part(CUSTOMS_RATES, CUSTOMS_RATES, customs.COLUMNS, lambda: records.customs_rates.rows)
    return MappingProxyType({**first, **found, CUSTOMS_RATES: rates})


def used_by(records: Records) -> Mapping[str, tuple[str, ...]]:
    """The tables that rest on each source, in the order of the manifest."""
    found: dict[str, dict[str, None]] = {}
    for standing in (table.name for table in records.tables if table.name in records.standings):
        found.setdefault(records.standings[standing].source, {})[standing] = None
    for part in dict.fromkeys(parts(records).values()):
        for name in ("source", "sources"):
            for source in {source for cell in part.column(name) for source in cell.split(" ")}:
                found.setdefault(source, {})[part.table] = None
    return MappingProxyType({source: tuple(tables) for source, tables in found.items() if source})


def _part(records: Records, table: str, file: str, alone: bool) -> Part:
    if file == IMPORT_TAXES:
        if table == "vat":
            return Part("vat-rates", table, ("class", "rate", *DATED), lambda: _vat(records))
        return Part("import-taxes", table, ("parameter", "value", "unit", *DATED), lambda: _parameters(records))
    if file == MODES:
        return Part(table, table, ("mode", *RULE, *DATED), lambda: _modes(records))
    if file == CONSUMPTION_TAX:
        return Part("consumption-tax", table, (*EXCISE, *DATED), lambda: _excises(records))
    stem = file.rpartition("/")[2].removesuffix(".csv").replace("_", "-")
    return Part(table if alone else stem, table, records.file(file).columns, lambda: records.file(file).rows)


def _vat(records: Records) -> Iterator[Raw]:
    for name, dated in records.vat_classes.items():
        yield from ((name, str(each.rate), *_dated(each.row)) for each in dated)


def _parameters(records: Records) -> Iterator[Raw]:
    for name, dated in records.parameters.items():
        yield from ((name, str(each.value), each.unit, *_dated(each.row)) for each in dated)


def _modes(records: Records) -> Iterator[Raw]:
    for name, dated in records.logistics.modes.items():
        for each in dated:
            figures = (each.cm3_per_kg, each.step_kg, each.least)
            yield (name, *("" if figure is None else str(figure) for figure in figures), *_dated(each.row))


def _excises(records: Records) -> Iterator[Raw]:
    for name, dated in records.categories.items():
        yield from ((name, *_excise(each), *_dated(each.row)) for each in dated)


def _excise(excise: Excise) -> Raw:
    numbers = (excise.rate, excise.rate_below, excise.litres_per_tonne)
    rate, below, litres = ("" if each is None else str(each) for each in numbers)
    per_unit, under = _listed(excise.per_unit), _listed(excise.per_unit_below)
    luxury = "yes" if excise.super_luxury else ""
    return (excise.form.value, rate, per_unit, _listed(excise.thresholds), below, under, litres, luxury)


def _listed(figures: tuple[ExcisePerUnit, ...] | tuple[ExciseThreshold, ...]) -> str:
    return "; ".join(map(per_unit_text, figures))


def per_unit_text(figure: ExcisePerUnit | ExciseThreshold) -> str:
    """An amount for each unit: "250 CNY/t"."""
    if isinstance(figure, ExciseThreshold):
        return f"{figure.value} {figure.currency}/{figure.unit}"
    return f"{figure.amount} CNY/{figure.unit}"


def _dated(row: Row) -> Raw:
    last = row.validity.valid_to
    return (f"{row.validity.valid_from}", f"{last}" if last else "", row.source, row.confidence, row.note)
