"""Which requests are alike: the same but for their figures, so that what was found for one holds for all of them.

Looking up and choosing look at names and dates, walking looks at amounts. A request is therefore taken apart into its
names, the figures that choosing reckons with (quantities, shares, rates), and its amounts of money. A `Blank` holds the
house to it: it stands where a figure was.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from calculator.blank import Blank, BlankQuantity
from calculator.money import Money
from calculator.quantities import Quantity
from calculator.request import Price, QuoteRequest

Whole = TypeVar("Whole")
# What stands among the names for a figure: that there is one, not which.
FIGURE = "#"
ATOMS = frozenset({str, int, bool, date, type(None)})


@dataclass(frozen=True, slots=True)
class Apart:
    """A request taken apart: names and figures decide what is chosen, the amounts of money only what it comes to."""

    names: Hashable
    figures: tuple[str, ...]
    amounts: tuple[Decimal, ...]


# The request that was taken apart last: looking up and choosing ask for the same one, one after the other.
_LAST: list[tuple[QuoteRequest, Apart]] = []


def apart(request: QuoteRequest) -> Apart:
    """Take a request apart. Figures keep the digits they were written with: 1.0 and 1.00 are told differently."""
    for last, known in _LAST:
        if last is request:
            return known
    parts = parted(request)
    remember(request, parts)
    return parts


def parted(value: object) -> Apart:
    """A part of a request taken apart by itself."""
    figures: list[str] = []
    amounts: list[Decimal] = []
    names = _names(value, figures, amounts)
    return Apart(names, tuple(figures), tuple(amounts))


def blanked(value: Whole, place: int, figures: bool = False) -> Whole:
    """A part of a request with blanks for its amounts, of which the first has this place; with `figures` for every figure."""
    if figures:
        figure = _numbered()
        return _blanked(value, _numbered(), figure, figure)
    return _blanked(value, _numbered(place), _kept, _kept)


def fields_of(request: QuoteRequest) -> tuple[Any, ...]:
    """The parts of a request, in their order."""
    return _read(request)


def remember(request: QuoteRequest, parts: Apart) -> None:
    """Leave the parts of a request for who takes it apart next."""
    _LAST[:] = [(request, parts)]


def without_amounts(request: QuoteRequest) -> QuoteRequest:
    """The request with a `Blank` for every amount of money, which knows its place among the amounts."""
    return blanked(request, 0)


def without_figures(request: QuoteRequest) -> QuoteRequest:
    """The request with a `Blank` for every figure of any kind."""
    return blanked(request, 0, figures=True)


def without_measures(request: QuoteRequest, place: Callable[[Decimal], int | None]) -> QuoteRequest:
    """The request with blanks for its amounts of money and its quantities.

    `place` is asked for each of them, in their order, what its blank is to know as its place: None for a figure that stays.
    """

    def amount(figure: Decimal) -> Decimal:
        at = place(figure)
        return figure if at is None else Blank(at)

    def quantity(figure: Decimal) -> Decimal:
        at = place(figure)
        return figure if at is None else BlankQuantity(at)

    return _blanked(request, amount, quantity, _kept)


def blanks_in(value: object) -> int:
    """How many blanks there are in a value."""
    kind: Any = type(value)
    if kind in ATOMS or kind is Decimal:
        return 0
    if issubclass(kind, Blank):
        return 1
    if kind is tuple or kind is list:
        return sum(map(blanks_in, value))  # type: ignore[call-overload]
    read = _fields(kind)
    if read is not None:
        return sum(map(blanks_in, read(value)))
    return sum(map(blanks_in, value.values())) if isinstance(value, Mapping) else 0


def _names(value: Any, figures: list[str], amounts: list[Decimal]) -> Hashable:
    kind: Any = type(value)
    if kind in ATOMS:
        return value  # type: ignore[no-any-return]
    if kind is Decimal:
        figures.append(str(value))
        return FIGURE
    if kind is Money:
        amounts.append(value.amount)
        return kind, value.currency
    if kind is Price:
        amounts.append(value.amount)
        return value.currency, value.per
    if kind is tuple:
        return tuple([_names(each, figures, amounts) for each in value])
    read = _fields(kind)
    if read is not None:
        return kind, *[each if type(each) in ATOMS else _names(each, figures, amounts) for each in read(value)]
    if isinstance(value, Enum):
        return value
    if isinstance(value, Mapping):
        return tuple([(name, _names(each, figures, amounts)) for name, each in value.items()])
    return kind, repr(value)


def _blanked(
    value: Whole,
    amount: Callable[[Decimal], Decimal],
    quantity: Callable[[Decimal], Decimal],
    figure: Callable[[Decimal], Decimal],
) -> Whole:
    """The value with its amounts of money, its quantities and its other figures replaced, in the order of `_names`."""
    kind: Any = type(value)
    made: Any = value
    if kind in ATOMS:
        return value
    if issubclass(kind, Decimal):
        made = figure(value)  # type: ignore[arg-type]
    elif kind is Money:
        made = _made(value, [amount(value.amount), value.currency])  # type: ignore[attr-defined]
    elif kind is Price:
        made = _made(value, [amount(value.amount), value.currency, value.per])  # type: ignore[attr-defined]
    elif kind is Quantity:
        made = _made(value, [quantity(value.value), value.unit])  # type: ignore[attr-defined]
    elif kind is tuple:
        parts = [_blanked(each, amount, quantity, figure) for each in value]  # type: ignore[attr-defined]
        made = tuple(parts) if _other(parts, value) else value  # type: ignore[arg-type]
    elif (read := _fields(kind)) is not None:
        there = read(value)
        parts = [each if type(each) in ATOMS else _blanked(each, amount, quantity, figure) for each in there]
        made = _made(value, parts) if _other(parts, there) else value
    elif isinstance(value, Mapping) and value:
        made = {name: _blanked(each, amount, quantity, figure) for name, each in value.items()}
    return made  # type: ignore[no-any-return]


def _other(parts: Iterable[object], value: Iterable[object]) -> bool:
    """Whether any part is another than before."""
    return any(one is not other for one, other in zip(parts, value, strict=True))


def _made(value: object, parts: Iterable[object]) -> object:
    """The value of a dataclass with other parts, which are not looked at."""
    kind: Any = type(value)
    made: object = object.__new__(kind)
    for name, part in zip(_called(kind), parts, strict=True):
        object.__setattr__(made, name, part)
    return made


def _kept(figure: Decimal) -> Decimal:
    return figure


def _numbered(first: int = 0) -> Callable[[Decimal], Decimal]:
    """Blanks that count their places."""
    places = iter(range(first, 1_000_000))
    return lambda _: Blank(next(places))


@lru_cache(maxsize=512)
def _fields(kind: Any) -> Callable[[Any], tuple[Any, ...]] | None:
    """How the fields of a dataclass are read, None for what is no dataclass."""
    names = _called(kind)
    if not names:
        return None
    return attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)


@lru_cache(maxsize=512)
def _called(kind: Any) -> tuple[str, ...]:
    """What the fields of a dataclass are called; nothing for what is none."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


_read = attrgetter(*(field.name for field in fields(QuoteRequest)))
