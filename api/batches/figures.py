"""Columns of figures, as exact digits where they plainly are figures; whatever else stands in them is left to be read as text.

Nothing is guessed here: what this reading takes is what the reading of a request takes, with the same value. A zero is left as
text too, since what it means is not only a matter of its value.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from api.batches.texts import SURE
from calculator.columns import Column, Digits, Mask

# Digits before and after the point, so many that all of them are a machine integer.
WHOLE = PLACES = 9
NUMBER = rf"[0-9]{{1,{WHOLE}}}(?:\.[0-9]{{1,{PLACES}}})?"
AMOUNT = rf"^{NUMBER}$"
# The words of a unit begin with letters, so that none of them can be read as part of the number, or as a container's code.
QUANTITY = rf"^(?P<number>{NUMBER}) ?(?P<unit>\pL\S*(?: \pL\S*)*)$"
DIGITS = pa.decimal128(WHOLE + PLACES, PLACES)
NOT_SIGNIFICANT = r"^0\.?0*|\."
FIRST = 64


@dataclass(frozen=True, slots=True)
class Figures:
    """A column of a batch: its digits, and in which rows they are what stands there. `units` are those of quantities."""

    column: Column
    plain: Mask
    units: "pa.Array | None" = None


def is_text(column: "pa.Array") -> bool:
    """Whether a column has texts."""
    return pa.types.is_string(column.type) or pa.types.is_large_string(column.type)


def amounts(column: "pa.Array") -> Figures:
    """The amounts of a column of any type."""
    kind = column.type
    if is_text(column):
        return _of_texts(column, column)
    if pa.types.is_decimal128(kind) and 0 <= kind.scale <= PLACES:
        return _of_decimals(column)
    if pa.types.is_signed_integer(kind):
        return _plain(np.asarray(pc.fill_null(column, 0).cast(pa.int64())), 0)
    if pa.types.is_float64(kind):
        texts = column.cast(pa.string())
        short = pc.utf8_length(pc.replace_substring_regex(texts, NOT_SIGNIFICANT, ""))
        return _of_texts(column, pc.if_else(pc.less_equal(short, SURE), texts, None))
    return _plain(np.zeros(len(column), np.int64), 0)


def quantities(column: "pa.Array") -> Figures:
    """The quantities of a column of texts; those of other types have no unit."""
    if not is_text(column):
        return _plain(np.zeros(len(column), np.int64), 0)
    parts = pc.extract_regex(pc.utf8_trim_whitespace(column), QUANTITY)
    found = _digits_of(pc.struct_field(parts, "number"))
    return Figures(found.column, found.plain, pc.struct_field(parts, "unit"))


def _of_texts(column: "pa.Array", texts: "pa.Array") -> Figures:
    trimmed = pc.utf8_trim_whitespace(texts)
    return _digits_of(pc.if_else(pc.match_substring_regex(trimmed, AMOUNT), trimmed, None))


def _digits_of(numbers: "pa.Array") -> Figures:
    """The digits of texts that are numbers, or nothing."""
    return _of_decimals(numbers.cast(DIGITS))


def _of_decimals(column: "pa.Array") -> Figures:
    """The digits of decimals: of their two machine words the lower one, where the upper has no part in the number."""
    words = np.frombuffer(column.buffers()[1], np.int64, 2 * len(column), 16 * column.offset)
    low, high = words[::2], words[1::2]
    return _plain(np.where((high == 0) & np.asarray(column.is_valid()), low, 0), column.type.scale)


def _plain(digits: Digits, scale: int) -> Figures:
    """Digits that are more than zero and not too many; the others have none."""
    plain = (digits > 0) & (digits < 10 ** (WHOLE + scale))
    return Figures(_shortened(np.where(plain, digits, 0), scale), plain)


def _shortened(digits: Digits, scale: int) -> Column:
    """The digits without the decimals that none of them needs."""
    # The first ones need some already; hardly ever do the others need more.
    begun = next(places for places in range(scale + 1) if not (digits[:FIRST] % 10 ** (scale - places)).any())
    for places in range(begun, scale + 1):
        whole, rest = np.divmod(digits, 10 ** (scale - places))
        if not rest.any():
            return Column(whole, places, int(whole.max(initial=0)))
    raise AssertionError("a whole number of the smallest unit needs no more decimals")
