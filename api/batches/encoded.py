"""The rows of a batch by their kinds: rows of one kind say the same but for their figures.

A kind is told by texts, and is read like a row by itself; a figure has only its unit in it. Rows with a value that is no text
are of no kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import compute as pc

from api.batches.figures import Figures, amounts, is_text, quantities
from api.batches.texts import Unfit, text_of, values_of
from api.flat_names import FlatName
from calculator.columns import Column, Digits, Mask

# The names whose columns are quantities. Amounts of money are the names that have a currency.
QUANTITIES = frozenset({"quantity", "net_weight", "gross_weight", "volume"})
# What the goods are called decides nothing.
UNREAD = "description"
LONGEST_UNREAD = 500
PLAIN_TEXT = r"^[^\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]*\S[^\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]*$"
# Combinations of codes that a machine integer can number.
MOST_NUMBERS = 2**62
# What a kind has in place of a figure, its unit behind it, and of a text that nobody reads. No text may begin so.
SHOWN = "\0"
Kind = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The kinds of a batch, which of them each row is of (-1 for none), and its figures by the places of their columns."""

    kinds: Sequence[Kind]
    which: Digits
    figures: Mapping[int, Column]


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A column as codes, and what each code stands for; None for a value that is no text."""

    codes: Digits
    values: Sequence[str | None]


def encoded(columns: Mapping[int, "pa.Array"], names: Mapping[int, FlatName], measures: bool) -> Encoded:
    """The kinds of some rows. Without `measures` quantities are no figures: their values are part of the kind."""
    figures: dict[int, Column] = {}
    coded = []
    for place, flat in names.items():
        column = columns[place]
        figure = flat.money or flat.name in QUANTITIES or flat.name == UNREAD
        if figure and pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if flat.money or (measures and flat.name in QUANTITIES):
            found = amounts(column) if flat.money else quantities(column)
            figures[place] = found.column
            coded.append(_of_figures(column, found))
        elif flat.name == UNREAD and is_text(column):
            coded.append(_unread(column))
        else:
            coded.append(_of_names(column))
    return _together(coded, figures)


def _together(coded: Sequence[_Coded], figures: Mapping[int, Column]) -> Encoded:
    """The distinct combinations of the codes of a row."""
    numbers = coded[0].codes
    most = len(coded[0].values)
    for each in coded[1:]:
        if most * len(each.values) > MOST_NUMBERS:
            _, numbers = np.unique(numbers, return_inverse=True)
            most = int(numbers.max()) + 1
        numbers, most = numbers * len(each.values) + each.codes, most * len(each.values)
    which = np.asarray(pa.array(numbers).dictionary_encode().indices).astype(np.int64)
    first = np.zeros(int(which.max()) + 1, np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    kinds: dict[Kind, int] = {}
    number = [_numbered(kinds, [each.values[each.codes[row]] for each in coded]) for row in first.tolist()]
    return Encoded(list(kinds), np.array(number, np.int64)[which], figures)


def _numbered(kinds: dict[Kind, int], values: Iterable[str | None]) -> int:
    kind = []
    for value in values:
        if value is None:
            return -1
        kind.append(value)
    return kinds.setdefault(tuple(kind), len(kinds))


def _of_names(column: "pa.Array") -> _Coded:
    """A column of texts, or of what can be written as text."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = np.asarray(column.indices.fill_null(len(column.dictionary))).astype(np.int64)
    return _Coded(codes, [*map(_text, values_of(column.dictionary)), ""])


def _text(value: object) -> str | None:
    try:
        text = text_of(value)
    except Unfit:
        return None
    return None if text.startswith(SHOWN) else text


def _of_figures(column: "pa.Array", found: Figures) -> _Coded:
    """A column of figures: the units of those that are plain, the texts of the others."""
    if found.units is None:
        codes, values = np.zeros(len(column), np.int64), [SHOWN]
    else:
        units = found.units.dictionary_encode()
        codes = np.asarray(units.indices.fill_null(0)).astype(np.int64)
        values = [f"{SHOWN}{unit}" for unit in units.dictionary.to_pylist()]
    return _others_beside(column, found.plain, codes, values)


def _unread(column: "pa.Array") -> _Coded:
    """A column of texts that nobody reads, as far as they may stand in a request."""
    texts = pc.fill_null(column, "")
    plain = pc.and_(pc.match_substring_regex(texts, PLAIN_TEXT), pc.less_equal(pc.utf8_length(texts), LONGEST_UNREAD))
    return _others_beside(column, np.asarray(plain), np.zeros(len(column), np.int64), [SHOWN])


def _others_beside(column: "pa.Array", plain: Mask, codes: Digits, values: Sequence[str]) -> _Coded:
    """The codes of the plain rows, and those of the texts in the other rows beside them."""
    if plain.all():
        return _Coded(codes, values)
    others = _of_names(column.filter(pa.array(~plain)))
    codes = np.where(plain, codes, 0)
    codes[~plain] = others.codes + len(values)
    return _Coded(codes, [*values, *others.values])
