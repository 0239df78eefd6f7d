"""From a landed cost back to a figure of the request: the highest price, or rate, at which a cost is still within a target.

The cost follows one formula between two figures at which a comparison of the rules turns: a waiver that ends, a class of
consumption tax that begins, a regime that closes. These turns are found by halving, to the smallest step, and between them so is
the figure that meets the target; the quote at that figure and the one a step above it are the proof.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from calculator.arithmetic import Watching
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import Number, divide
from calculator.per_unit import counts
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest

NET = "landed_cost_net_of_vat"
TOTAL = "total"
# The digits before the point of the highest price that a request may have.
MOST_DIGITS = 15
# A stretch whose ends are both above the target is looked at so far from its beginning for a part that falls.
LOOKS = 64
# The parts of a landed cost that are there at any price.
FIXED = ("freight", "insurance", "origin_charges", "destination_charges", "taxes", "payment_cost")


@dataclass(frozen=True, slots=True)
class Interval:
    """Figures, both ends among them, at which a target is met; whole steps."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What is held against a target: a figure of the consignment (`per` "total") or of a unit of one line."""

    of: str
    per: str = TOTAL
    line: int = 0

    def count(self, quote: Quote) -> Number:
        """How many of the unit there are. Raises Unpriceable where nobody knows."""
        if self.per == TOTAL:
            return Decimal(1)
        units = dict(counts(quote.choice)[self.line])
        if self.per not in units:
            raise Unpriceable("unit_not_counted", "/per", (TOTAL, *units), unit=self.per)
        return units[self.per]

    def amount(self, quote: Quote) -> Decimal:
        """The figure for all of them, in yuan."""
        return quote.totals[self.of] if self.per == TOTAL else quote.lines[self.line][self.of]

    def value(self, quote: Quote) -> Number:
        """The figure for one."""
        return divide(self.amount(quote), self.count(quote))


@dataclass(frozen=True, slots=True)
class Target:
    """What is not to be exceeded, in yuan; the price of one line is sought on steps of `step` in its own currency."""

    amount: Number
    measured: Measured
    line: int
    step: Decimal


@dataclass(frozen=True, slots=True)
class Aimed:
    """The intervals of prices that meet a target, the lowest first, and the quote at the highest price."""

    intervals: tuple[Interval, ...]
    quote: Quote


def aimed(request: QuoteRequest, dossier: Dossier, target: Target) -> Aimed:
    """The prices of a line that meet a target; `request` has any price there. Raises Unpriceable where none does."""
    most = int(10**MOST_DIGITS / target.step)
    search = Search(lambda steps: (_priced(request, target, steps), dossier), target.measured, target.amount, most)
    found = search.intervals()
    if not found:
        raise _missed(search, target)
    if found[-1].last == most:
        raise Unpriceable("target_too_high", "/amount", (), most=most * target.step)
    return Aimed(found, search.quote(found[-1].last))


def _priced(request: QuoteRequest, target: Target, steps: int) -> QuoteRequest:
    """The request at a price."""
    goods = list(request.goods)
    line = goods[target.line]
    goods[target.line] = replace(line, price=replace(line.price, amount=steps * target.step))
    return replace(request, goods=tuple(goods))


def _missed(search: "Search", target: Target) -> Unpriceable:
    """Why no price meets a target: what there is to pay beside the goods at the lowest price that can be priced."""
    lowest = search.lowest()
    if isinstance(lowest, Unpriceable):
        return lowest
    totals = search.quote(lowest).totals
    costs = tuple(name for name in FIXED if totals[name])
    facts = {"price": lowest * target.step, "landed_cost": totals[target.measured.of], "costs": costs}
    return Unpriceable("target_too_low", "/amount", (), **facts)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a figure comes to (None where it is refused), and how that was reckoned."""

    value: Number | None
    turns: tuple[object, ...]
    refusal: Unpriceable | None = None


class Search:
    """Figures from 1 to `most` whole steps, of which `at` makes what is to be priced, and a limit for what it comes to."""

    def __init__(
        self, at: Callable[[int], tuple[QuoteRequest, Dossier]], measured: Measured, limit: Number, most: int
    ) -> None:
        self._at, self._measured, self._limit, self._most = at, measured, limit, most
        self._seen: Callable[[int], _Seen] = cache(self._look)

    def intervals(self) -> tuple[Interval, ...]:
        """Where the limit is kept. Raises Unpriceable where what is measured cannot be."""
        found: list[Interval] = []
        for first, last in self._stretches(1, self._beyond()):
            for each in self._met(first, last):
                # Stretches meet in the figure at which one was halved.
                if found and each.first <= found[-1].last + 1:
                    found[-1] = Interval(found[-1].first, max(found[-1].last, each.last))
                else:
                    found.append(each)
        return tuple(found)

    def quote(self, steps: int) -> Quote:
        """The quote at a figure."""
        return quote_of(*self._at(steps))

    def lowest(self) -> int | Unpriceable:
        """The lowest figure that can be priced, or why none can."""
        for first, _ in self._stretches(1, self._beyond()):
            if self._seen(first).value is not None:
                return first
        return self._seen(1).refusal or Unpriceable("target_too_low", "/amount")

    def _look(self, steps: int) -> _Seen:
        watching = Watching()
        request, dossier = self._at(steps)
        try:
            # A band of exchange rates moves no figure that is sought.
            quote = quote_of(replace(request, fx_band=None), dossier, watching)
        except Unpriceable as refusal:
            return _Seen(None, (refusal.code, refusal.pointer, refusal.facts.get("because")), refusal)
        return _Seen(self._measured.value(quote), (quote.regime, *watching.turns))

    def _beyond(self) -> int:
        """A figure from which on all are too high: they come to more than twice the limit; or the highest there is."""
        steps = 1
        while steps < self._most:
            value = self._seen(steps).value
            if value is not None and value > self._limit * 2:
                break
            steps = min(steps * 2, self._most)
        return steps

    def _stretches(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The stretches of figures, from the lowest, within which nothing turns."""
        waiting = [(first, last)]
        while waiting:
            low, high = waiting.pop()
            if self._seen(low).turns == self._seen(high).turns:
                yield low, high
            elif high - low == 1:
                yield low, low
                yield high, high
            else:
                middle = (low + high) // 2
                waiting += [(middle, high), (low, middle)]

    def _met(self, first: int, last: int) -> Iterator[Interval]:
        """The part of a stretch that keeps the limit: its formulas rise, or fall and then rise (the sliding duty)."""
        if self._seen(first).value is None:
            return
        low, high = self._meets(first), self._meets(last)
        if low and high:
            yield Interval(first, last)
        elif low:
            yield Interval(first, self._edge(first, last))
        elif high:
            yield Interval(self._edge(last, first), last)
        elif (bottom := self._bottom(first, last)) is not None:
            yield Interval(self._edge(bottom, first), self._edge(bottom, last))

    def _meets(self, steps: int) -> bool:
        value = self._seen(steps).value
        return value is not None and value <= self._limit

    def _edge(self, inside: int, outside: int) -> int:
        """The last figure that keeps the limit on the way from one that does to one that does not."""
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            if self._meets(middle):
                inside = middle
            else:
                outside = middle
        return inside

    def _bottom(self, first: int, last: int) -> int | None:
        """A figure between two that are too high at which the limit is kept, None where there is none."""
        beside = min(first + max((last - first) // LOOKS, 1), last)
        if not self._value(beside) < self._value(first):
            return None
        while last - first > 2:
            third = (last - first) // 3
            one, other = first + third, last - third
            for each in (one, other):
                if self._meets(each):
                    return each
            if self._value(one) <= self._value(other):
                last = other
            else:
                first = one
        return next((each for each in range(first, last + 1) if self._meets(each)), None)

    def _value(self, steps: int) -> Number:
        value = self._seen(steps).value
        assert value is not None
        return value
