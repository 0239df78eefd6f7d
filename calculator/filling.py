"""Putting amounts back into the places of their blanks: the opposite of `without_amounts`, made once and used many times."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any, TypeVar

from calculator.blank import Blank

Whole = TypeVar("Whole")
Filler = Callable[[Sequence[Decimal]], Any]


def filler(value: Whole) -> Callable[[Sequence[Decimal]], Whole]:
    """What makes the value with these amounts in the places of its blanks; a value without blanks stays the same."""
    return _filler(value) or (lambda _: value)


def _filler(value: object) -> Filler | None:
    """The same, None where there is no blank to fill."""
    if isinstance(value, Blank):
        place = value.place
        return lambda amounts: amounts[place]
    if isinstance(value, tuple):
        within = _within(enumerate(value))
        return _of_tuple(value, within) if within else None
    if isinstance(value, Mapping):
        within = _within(value.items())
        return _of_mapping(value, within) if within else None
    if is_dataclass(value):
        parts = [(field.name, getattr(value, field.name)) for field in fields(value)]
        within = _within(parts)
        return _of_dataclass(type(value), parts, within) if within else None
    return None


def _within(parts: Iterable[tuple[Any, object]]) -> list[tuple[Any, Filler]]:
    return [(key, found) for key, part in parts if (found := _filler(part)) is not None]


def _of_tuple(value: tuple[object, ...], within: list[tuple[int, Filler]]) -> Filler:
    def filled(amounts: Sequence[Decimal]) -> tuple[object, ...]:
        made = list(value)
        for place, each in within:
            made[place] = each(amounts)
        return tuple(made)

    return filled


def _of_mapping(value: Mapping[Any, object], within: list[tuple[Any, Filler]]) -> Filler:
    return lambda amounts: {**value, **{key: each(amounts) for key, each in within}}


def _of_dataclass(kind: Any, parts: list[tuple[str, object]], within: list[tuple[str, Filler]]) -> Filler:
    changing = {name for name, _ in within}
    staying = [(name, part) for name, part in parts if name not in changing]

    def filled(amounts: Sequence[Decimal]) -> object:
        made = object.__new__(kind)
        for name, part in staying:
            object.__setattr__(made, name, part)
        for name, each in within:
            object.__setattr__(made, name, each(amounts))
        return made

    return filled
