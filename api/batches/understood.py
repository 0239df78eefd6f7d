"""What is understood of the headings of a file before anything is priced: for who maps columns, and sees what is still missing.

Some of the first rows are looked at, for samples alone; no price is reckoned, and no row is found fault with.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from api.batches.forms import Table
from api.batches.layout import Layout, column_name, lacking, said_of
from api.batches.results import own_of
from api.batches.texts import Unfit, text_of, value_of
from api.flat_names import FlatName
from api.reading import LONGEST_ECHO, Refused
from calculator.errors import Unpriceable

# So many values of a column are shown, from so many first rows.
SAMPLES, LOOKED_AT = 3, 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the user's: what it stands for, None where nobody knows, and some of its values."""

    heading: str
    flat: FlatName | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """The columns of a file.

    `missing` is what its rows must say and do not, of each one name is enough; `refusals` is why it would not be priced.
    """

    columns: tuple[Column, ...]
    missing: tuple[tuple[str, ...], ...]
    refusals: tuple[Unpriceable, ...]


def understood(table: Table, meant: Mapping[str, str]) -> Understood:
    """What is understood of a table; `meant` says what a heading stands for, "" for nothing. Raises BrokenFile."""
    headings = own_of(table.schema).names
    first = next(table.batches, None)
    columns = tuple(
        Column(
            each,
            column_name(each if (said := said_of(each, meant)) is None else said),
            () if first is None else _samples(first.column(place)),
        )
        for place, each in enumerate(headings)
    )
    missing = lacking({each.flat.name for each in columns if each.flat is not None})
    return Understood(columns, tuple(missing), _refusals(headings, meant))


def _refusals(headings: list[str], meant: Mapping[str, str]) -> tuple[Unpriceable, ...]:
    try:
        Layout.of(headings, meant)
    except Refused as refused:
        return refused.refusals
    return ()


def _samples(column: "pa.Array") -> tuple[str, ...]:
    """The first values that differ, cut where they are long."""
    found: dict[str, None] = {}
    for value in column.slice(0, LOOKED_AT):
        if text := _shown(value)[:LONGEST_ECHO]:
            found[text] = None
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _shown(value: "pa.Scalar") -> str:
    try:
        return text_of(value_of(value))
    except Unfit as unfit:
        return unfit.text
