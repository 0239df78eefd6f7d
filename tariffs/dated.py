"""Rows of one figure through time: typed in the order of their days, and the one of a day or a refusal that says why.

What has a row has days; nothing here knows what the row says.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Protocol, TypeVar

from calculator.errors import NotInForce
from calculator.tariff_line import Row
from tariffs.tables import TomlRow, TomlTable


class Dated(Protocol):
    """Anything that stands in a dated row."""

    @property
    def row(self) -> Row: ...


OnDay = TypeVar("OnDay", bound=Dated)
Series = Mapping[str, tuple[OnDay, ...]]


def row_of_day(table: str, key: str, dated: tuple[OnDay, ...], on: date) -> OnDay:
    """The row in force on a day. Raises NotInForce."""
    for each in dated:
        if each.row.validity.covers(on):
            return each
    raise not_in_force(table, key, on, dated)


def not_in_force(table: str, key: str, on: date, dated: Iterable[Dated]) -> NotInForce:
    """The refusal of a day that no row covers, with the first day that one does."""
    first = min((each.row.validity.valid_from for each in dated), default=None)
    return NotInForce("no_row_in_force", table=table, key=key, on=on, covered_from=first)


def typed_series(
    headings: object, typed: Callable[[str, TomlRow], OnDay], table: TomlTable, *path: str
) -> Series[OnDay]:
    """The rows under each heading below `path`, typed, in the order of their first days."""
    found = {}
    for name in headings if isinstance(headings, Mapping) else ():
        dated = [typed(name, raw) for raw in table.rows(*path, name)]
        found[name] = tuple(sorted(dated, key=lambda each: each.row.validity.valid_from))
    return MappingProxyType(found)
