"""The values of a column as the texts that a request is read from, exact as they were written.

A binary float stands for the shortest decimal that reads back as itself, which is what was typed as long as it has no more than
fifteen digits; one with more may have been something else, and is refused rather than guessed at.
"""

from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite

import pyarrow as pa

from calculator.quantities import format_decimal

# As many digits as a binary float is sure to keep (IEEE 754 binary64).
SURE = 15
# Why a value is no text, as codes of refusals.
INEXACT, UNREADABLE = "float_not_exact", "value_not_read"


class Unfit(Exception):
    """A value that cannot be taken as text: `code` names why."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


def text_of(value: object) -> str:
    """A value as it is written, "" for none. Raises Unfit."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal() if value.is_finite():
            return format_decimal(value)
        case float():
            return _of_float(value)
        case datetime() if value.timetz() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case bytes():
            raise Unfit(UNREADABLE, "…")
        case _:
            raise Unfit(UNREADABLE, str(value)[:SURE])


def value_of(scalar: "pa.Scalar") -> object:
    """A value of a column; a moment that Python does not have (nanoseconds, the year 10000) is bytes, which are no text."""
    if isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    try:
        # Where pandas is installed it would be asked, and its moments look like days without their nanoseconds.
        if _has_nanoseconds(scalar.type):
            scalar = scalar.cast(pa.timestamp("us", scalar.type.tz))
        return scalar.as_py()
    except (ValueError, OverflowError):
        return f"{getattr(scalar, 'value', '')}".encode()


def values_of(column: "pa.Array") -> list[object]:
    """All values of a column, as `value_of` has them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _has_nanoseconds(column.type):
        return [*map(value_of, column)]
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [*map(value_of, column)]


def _has_nanoseconds(kind: "pa.DataType") -> bool:
    return pa.types.is_timestamp(kind) and kind.unit == "ns"


def _of_float(value: float) -> str:
    if not isfinite(value):
        raise Unfit(UNREADABLE, str(value))
    exact = Decimal(repr(value))
    if len(exact.normalize().as_tuple().digits) > SURE:
        raise Unfit(INEXACT, repr(value))
    written = format_decimal(exact)
    return written.removesuffix(".0")
