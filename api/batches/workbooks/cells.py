"""Cells as the XML of a sheet. Texts are texts: none begins a formula, whatever it looks like."""

import re
from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

import pyarrow as pa
from pyarrow import compute as pc

from api.batches.workbooks.numbers import DIGITS
from api.batches.workbooks.rows import letters

# What XML 1.0 cannot say, and as much as a cell holds.
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 32_767
TAG = re.compile(rb"<(/?)")
BEHIND_NUMBER = "</v></c>"


def is_number(value: object) -> bool:
    """Whether a cell can hold a value as a number without losing a digit."""
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= DIGITS:
        return value.is_finite()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return len(Decimal(value).normalize().as_tuple().digits) <= DIGITS
    return False


def sayable(text: str) -> str:
    """A text as a cell can hold it."""
    return UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST]


def cell(prefix: str, column: int, row: int, value: object, style: str | None) -> bytes:
    """A cell with a value; nothing for none."""
    if value is None or value == "":
        return b""
    return prefixed(prefix, f'<c r="{letters(column)}{row}"{_rest(value, style)}'.encode())


def cells_of(
    place: int, rows: Sequence[int], columns: Sequence["pa.Array"], styles: Sequence[str | None]
) -> list[bytes]:
    """The cells of each of these rows one after the other, without a prefix; `place` is that of the first column."""
    numbers = pa.array(rows, pa.int64()).cast(pa.string())
    pieces = [
        pc.binary_join_element_wise(f'<c r="{letters(place + after)}', numbers, '"', _rests(column, style), "")
        for after, (column, style) in enumerate(zip(columns, styles, strict=True))
    ]
    joined = pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement="")
    return list(joined.cast(pa.binary()).to_pylist())


def prefixed(prefix: str, written: bytes) -> bytes:
    """The same elements with a prefix. No text has a sign in it that begins one."""
    return TAG.sub(rb"<\1%s" % prefix.encode(), written) if prefix else written


def _rest(value: object, style: str | None) -> str:
    """What stands behind the place of a cell."""
    if is_number(value):
        return f"{_before_number(style)}{value:f}{BEHIND_NUMBER}"
    text = escape(sayable(str(value)))
    return f'{_shape(style)} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _rests(column: "pa.Array", style: str | None) -> "pa.Array":
    """The same for a column; null for no cell."""
    if pa.types.is_decimal(column.type) and _are_numbers(column):
        return pc.binary_join_element_wise(_before_number(style), column.cast(pa.string()), BEHIND_NUMBER, "")
    distinct = column.dictionary_encode()
    rests = [None if value is None or value == "" else _rest(value, style) for value in distinct.dictionary.to_pylist()]
    return pa.array(rests, pa.string()).take(distinct.indices)


def _shape(style: str | None) -> str:
    return f' s="{style}"' if style is not None else ""


def _before_number(style: str | None) -> str:
    return f"{_shape(style)}><v>"


def _are_numbers(column: "pa.Array") -> bool:
    """Whether none of these decimals has so many digits that `is_number` would have to look at it."""
    most = pc.max(pc.abs(column)).as_py()
    return most is None or most.scaleb(column.type.scale) < 10**DIGITS
