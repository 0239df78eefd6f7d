"""From a landed cost back to the price: the highest price at which the landed cost is still at or below a target.

The landed cost follows one formula between two prices at which a comparison of the rules turns: a waiver that ends, a class of
consumption tax that begins, a regime that closes. These prices are found by halving, to the currency's smallest unit, and
between them so is the price that meets the target; whatever the formulas are, the quote at that price and the one a unit
above it are the proof.
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
# The digits of the highest price that a request may have.
MOST_DIGITS = 15
# A stretch whose ends are both above the target is looked at in so many places for a part that falls.
LOOKS = 64


@dataclass(frozen=True, slots=True)
class Target:
    """A landed cost in yuan, of the consignment (`per` "total") or of a unit of the line whose price is sought.

    `of` is the figure that is held against it. The price is sought on steps of `step` in its own currency.
    """

    amount: Number
    per: str
    of: str
    line: int
    step: Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """Prices, both ends among them, at which the target is met; whole steps."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Aimed:
    """The intervals of prices that meet a target, the lowest first, and the quote at the highest price."""

    intervals: tuple[Interval, ...]
    quote: Quote


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a price comes to: the figure held against the target (None where it is refused), and how that was reckoned."""

    figure: Number | None
    turns: tuple[object, ...]
    refusal: Unpriceable | None = None


def aimed(request: QuoteRequest, dossier: Dossier, target: Target) -> Aimed:
    """The prices of a line that meet a target; `request` has any price there. Raises Unpriceable where none does."""
    # What the tables do not hold, or the way does not take, no price mends: quoting once tells it.
    search = _Search(request, dossier, target)
    found = tuple(search.intervals())
    if not found:
        raise search.missed()
    return Aimed(found, search.quote(found[-1].last))


class _Search:
    """The prices of one line, in whole steps of its currency."""

    def __init__(self, request: QuoteRequest, dossier: Dossier, target: Target) -> None:
        self._request, self._dossier, self._target = request, dossier, target
        self._seen: Callable[[int], _Seen] = cache(self._look)

    def intervals(self) -> Iterator[Interval]:
        """Where the target is met."""
        waiting: Interval | None = None
        for first, last in self._stretches(1, self._beyond()):
            for each in self._met(first, last):
                # Stretches meet in the price at which one was halved.
                if waiting is not None and each.first <= waiting.last + 1:
                    waiting = Interval(waiting.first, max(waiting.last, each.last))
                    continue
                if waiting is not None:
                    yield waiting
                waiting = each
        if waiting is not None:
            yield waiting

    def quote(self, steps: int) -> Quote:
        """The quote at a price."""
        return quote_of(self._at(steps), self._dossier)

    def missed(self) -> Unpriceable:
        """Why no price meets the target: what there is to pay beside the goods at the lowest price that can be priced."""
        lowest = next(
            (first for first, _ in self._stretches(1, self._beyond()) if self._seen(first).figure is not None), 0
        )
        if not lowest:
            refusal = self._seen(1).refusal
            assert refusal is not None
            return refusal
        totals = self.quote(lowest).totals
        costs = tuple(name for name in FIXED if totals[name])
        facts = {"price": self._price(lowest), "landed_cost": totals[self._target.of], "costs": costs}
        return Unpriceable("target_too_low", "/target/amount", (), **facts)

    def _price(self, steps: int) -> Decimal:
        return steps * self._target.step

    def _at(self, steps: int) -> QuoteRequest:
        """The request at a price."""
        goods = list(self._request.goods)
        line = goods[self._target.line]
        goods[self._target.line] = replace(line, price=replace(line.price, amount=self._price(steps)))
        return replace(self._request, goods=tuple(goods))

    def _look(self, steps: int) -> _Seen:
        watching = Watching()
        try:
            quote = quote_of(self._at(steps), self._dossier, watching)
        except Unpriceable as refusal:
            return _Seen(None, (refusal.code, refusal.pointer, refusal.facts.get("because")), refusal)
        return _Seen(self._figure(quote), (quote.regime, *watching.turns))

    def _figure(self, quote: Quote) -> Number:
        target = self._target
        if target.per == TOTAL:
            return quote.totals[target.of]
        units = dict(counts(quote.choice)[target.line])
        if target.per not in units:
            raise Unpriceable("unit_not_counted", "/target/per", (TOTAL, *units), unit=target.per)
        return divide(quote.lines[target.line][target.of], units[target.per])

    def _beyond(self) -> int:
        """A price that is too high for the target, and so is every higher one: the goods alone come to more, twice over."""
        steps, most = 1, int(10**MOST_DIGITS / self._target.step)
        while True:
            seen = self._seen(steps)
            if seen.figure is None and seen.refusal is not None and steps >= most:
                return most
            if seen.figure is not None and seen.figure > self._target.amount * 2:
                return steps
            if steps >= most:
                raise Unpriceable("target_too_high", "/target/amount", (), most=self._price(most))
            steps = min(steps * 2, most)

    def _stretches(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The stretches of prices, from the lowest, within which nothing turns."""
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
        """The part of a stretch that meets the target: its formulas rise, or fall and then rise (the sliding duty)."""
        if self._seen(first).figure is None:
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
        figure = self._seen(steps).figure
        return figure is not None and figure <= self._target.amount

    def _edge(self, inside: int, outside: int) -> int:
        """The last price that meets the target on the way from one that does to one that does not."""
        while abs(outside - inside) > 1:
            middle = (inside + outside) // 2
            if self._meets(middle):
                inside = middle
            else:
                outside = middle
        return inside

    def _bottom(self, first: int, last: int) -> int | None:
        """A price between two that are too high at which the target is met, None where there is none."""
        beside = min(first + max((last - first) // LOOKS, 1), last)
        if not self._figure_at(beside) < self._figure_at(first):
            return None
        while last - first > 2:
            third = (last - first) // 3
            one, other = first + third, last - third
            if self._figure_at(one) <= self._figure_at(other):
                last = other
            else:
                first = one
            for each in (one, other):
                if self._meets(each):
                    return each
        return next((each for each in range(first, last + 1) if self._meets(each)), None)

    def _figure_at(self, steps: int) -> Number:
        figure = self._seen(steps).figure
        assert figure is not None
        return figure


# The parts of a landed cost that are there at any price.
FIXED = ("freight", "insurance", "origin_charges", "destination_charges", "taxes", "payment_cost")
