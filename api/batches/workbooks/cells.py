"""Cells as the XML of a sheet. Texts are texts: none begins a formula, whatever it looks like."""

import re
from decimal import Decimal
from xml.sax.saxutils import escape

from api.batches.workbooks.numbers import DIGITS
from api.batches.workbooks.rows import letters

# What XML 1.0 cannot say, and as much as a cell holds.
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 32_767


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
    shape = f' s="{style}"' if style is not None else ""
    begin = f'<{prefix}c r="{letters(column)}{row}"{shape}'
    if is_number(value):
        return f"{begin}><{prefix}v>{value:f}</{prefix}v></{prefix}c>".encode()
    text = escape(sayable(str(value)))
    return (
        f'{begin} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is></{prefix}c>'
    ).encode()
