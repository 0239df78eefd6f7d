"""Requests that are asked again with other amounts of money: read once, and then only their amounts.

What a document says beside its amounts decides every field but these. That is not taken for granted: before a document is kept
it is read with other amounts too, and the two readings must be alike. An amount that is zero, or that cannot be read, is left to
the whole reading, which says what is wrong.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from api.reading import Number, Refused
from calculator.alike import Apart, apart, remember, without_amounts
from calculator.errors import Unpriceable
from calculator.filling import filler
from calculator.memory import Memory
from calculator.quantities import read_decimal
from calculator.request import QuoteRequest

MOST_READINGS = 1024
# Words and figures of a document; one with more is longer in being priced than in being read.
MOST_SAID = 500
AMOUNT, CURRENCY = "amount", "currency"
# What is known of a document that was read once, as most are, and of one whose amounts decide more than amounts.
ONCE, UNALIKE = "once", "unalike"
# The end of a list or of an object.
END = object()


@dataclass(frozen=True, slots=True)
class Reading:
    """What fills in a request without amounts, what is alike in all of these, and the places of its amounts in the document."""

    filled: Callable[[Sequence[Decimal]], QuoteRequest]
    alike: Apart
    order: tuple[int, ...]


class AskedBefore:
    """What was read before, by everything but the amounts and by what else the reading depends on."""

    def __init__(self, read: Callable[[object], QuoteRequest]) -> None:
        self._read = read
        self._seen: Memory[Reading | str] = Memory(MOST_READINGS)

    def load(self, document: object, depends_on: Hashable) -> QuoteRequest:
        """The request of a document. Raises Refused."""
        said: list[Hashable] = [depends_on]
        amounts: list[str] = []
        if not _taken_apart(document, said, amounts):
            return self._read(document)
        key = tuple(said)
        known = self._seen.get(key)
        if isinstance(known, Reading) and (again := _again(known, amounts)) is not None:
            return again
        request = self._read(document)
        if known is None:
            self._seen.keep(key, ONCE)
        elif known is ONCE:
            self._seen.keep(key, self._reading(request, document, len(amounts)) or UNALIKE)
        return request

    def _reading(self, request: QuoteRequest, document: object, amounts: int) -> Reading | None:
        """The reading to keep of a request, None where an amount decides more than an amount."""
        probes = [f"{place + 1}.5" for place in range(amounts)]
        try:
            probed = apart(self._read(_with(document, iter(probes))))
        except Refused:
            return None
        alike = apart(request)
        found = [f"{amount}" for amount in probed.amounts]
        if (alike.names, alike.figures) != (probed.names, probed.figures) or sorted(found) != sorted(probes):
            return None
        return Reading(filler(without_amounts(request)), alike, tuple(map(probes.index, found)))


def _again(reading: Reading, amounts: list[str]) -> QuoteRequest | None:
    """The request with other amounts, None where one of them is not plainly an amount of something."""
    try:
        read = tuple([read_decimal(amounts[place]) for place in reading.order])
    except Unpriceable:
        return None
    if not all(read):
        return None
    request = reading.filled(read)
    remember(request, replace(reading.alike, amounts=read))
    return request


def _taken_apart(value: object, said: list[Hashable], amounts: list[str]) -> bool:
    """Put what a document says on one list and its amounts of money on another; False where it says too much to be kept."""
    if type(value) is dict:
        said.append(dict)
        money = CURRENCY in value
        for name, each in value.items():
            said.append(name)
            if money and name == AMOUNT and isinstance(each, str | Number):
                amounts.append(each if isinstance(each, str) else each.text)
            elif not _taken_apart(each, said, amounts):
                return False
        said.append(END)
    elif type(value) is list:
        said.append(list)
        for each in value:
            if not _taken_apart(each, said, amounts):
                return False
        said.append(END)
    else:
        said.append(value)
    return len(said) <= MOST_SAID


def _with(value: object, amounts: Iterator[str]) -> object:
    """The document with other amounts of money, in the order of `_taken_apart`."""
    if type(value) is list:
        return [_with(each, amounts) for each in value]
    if type(value) is not dict:
        return value
    money = CURRENCY in value
    return {
        name: next(amounts) if money and name == AMOUNT and isinstance(each, str | Number) else _with(each, amounts)
        for name, each in value.items()
    }
