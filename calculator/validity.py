"""The days on which a row of the law is true, both ends included, as laws write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Validity:
    """From `valid_from` to `valid_to`, both inclusive; an open end is None."""

    valid_from: date
    valid_to: date | None = None

    def covers(self, on: date) -> bool:
        """Whether a row with this validity is in force on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Dated(Protocol):
    """Anything that carries the days of its validity."""

    @property
    def validity(self) -> Validity: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], on: date) -> tuple[Row, ...]:
    """The rows in force on that day, in the order given."""
    return tuple(row for row in rows if row.validity.covers(on))
