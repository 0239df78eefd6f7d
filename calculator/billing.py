"""A bill as values: its invoices in yuan, the rates they were paid at, and the facts that it shows of how it was reckoned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.money import EXACT, FEN, YUAN, ExchangeRate, Money, Number, Quotient, divide, half_up
from calculator.outcome import Totals
from calculator.plan import PlannedLine
from calculator.quantities import UNITS, Quantity
from calculator.request import GoodsLine, OwnTariff

# The lines that may be billed, and which of them are taxes.
TAXES = ("customs_duty", "trade_remedies", "consumption_tax", "vat", "postal_articles_tax")
LINES = ("goods", "freight", "insurance", "origin_charges", "destination_charges", *TAXES, "payment_cost")
# A measure that grows with the quantity may have no end.
_MEASURE = half_up(12)
# What is stated of a line beside its quantity.
MEASURES = ("net_weight", "gross_weight", "volume")
# So many times more, or less, is far away.
FAR = 2
# Of a code, the digits of its chapter.
CHAPTER = 2


@dataclass(frozen=True, slots=True)
class Invoice:
    """One amount that was billed for a line. `credit`: it is given back.

    `rate` turns foreign money into yuan; beside an amount in yuan it is the rate that its sender reckoned with.
    """

    line: str
    amount: Money
    rate: ExchangeRate | None = None
    on: date | None = None
    number: str = ""
    credit: bool = False

    @property
    def yuan(self) -> Decimal:
        """What it comes to in yuan, to the fen; below zero for a credit."""
        with localcontext(EXACT):
            rate = Decimal(1) if self._in_yuan or self.rate is None else self.rate.value
            return FEN(self._signed * rate)

    @property
    def foreign(self) -> Number:
        """What it comes to in the other currency of its rate, not rounded."""
        assert self.rate is not None
        return divide(self._signed, self.rate.value) if self._in_yuan else self._signed

    @property
    def _in_yuan(self) -> bool:
        return self.amount.currency == YUAN

    @property
    def _signed(self) -> Decimal:
        return -self.amount.amount if self.credit else self.amount.amount


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a bill shows of one line of goods; what it does not show is "" or None. The customs value is in yuan."""

    hs_code: str = ""
    quantity: Quantity | None = None
    customs_value: Money | None = None
    tariff: OwnTariff | None = None


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What a bill shows of how it was reckoned: the day, customs' exchange rates, and each line of goods (none, or all)."""

    declared_on: date | None = None
    customs_fx: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    goods: tuple[LineFacts, ...] = ()


def paid(invoices: Iterable[Invoice]) -> Decimal:
    """What some invoices come to in yuan, less what is given back."""
    return sum((each.yuan for each in invoices), Decimal("0.00"))


def rates_of(invoices: Iterable[Invoice]) -> dict[str, ExchangeRate]:
    """The rate of each currency that a line was paid at; of several the mean, weighted by what was paid at each."""
    found: dict[str, list[Invoice]] = {}
    for each in invoices:
        if each.rate is not None:
            found.setdefault(each.rate.base, []).append(each)
    with localcontext(EXACT):
        rates = {currency: _mean(several) for currency, several in found.items()}
    return {currency: rate for currency, rate in rates.items() if rate is not None}


def _mean(invoices: Sequence[Invoice]) -> ExchangeRate | None:
    """The one rate of some invoices in one currency, None where what was paid was given back."""
    rate = invoices[0].rate
    if rate is None or all(each.rate == rate for each in invoices):
        return rate
    foreign: Number = Decimal(0)
    yuan: Number = Decimal(0)
    for each in invoices:
        assert each.rate is not None
        foreign += each.foreign
        yuan += each.foreign * each.rate.value
    if foreign <= 0 or yuan <= 0:
        return None
    mean = divide(yuan, foreign)
    if not isinstance(mean, Quotient):
        return ExchangeRate(rate.base, YUAN, Decimal(mean), Decimal(1), None, "user", "", "user", "")
    return ExchangeRate(rate.base, YUAN, mean.numerator, mean.denominator, None, "user", "", "user", "")


def with_quantity(line: GoodsLine, found: LineDossier, quantity: Quantity) -> GoodsLine:
    """The line with the quantity of the bill; what else was stated of how much there is grows or shrinks with it.

    A quantity of another kind (kilograms for cartons) is taken over by what the line tells of both. Raises Unpriceable
    where it tells nothing.
    """
    had, kind = _had(line, found, quantity.unit), UNITS[quantity.unit].kind

    def scaled(stated: Quantity) -> Quantity:
        value = divide(EXACT.multiply(stated.value, quantity.value), had)
        return Quantity(value if isinstance(value, Decimal) else _MEASURE(value), stated.unit)

    with localcontext(EXACT):
        if had == quantity.value:
            return line
        grown: dict[str, Any] = {name: scaled(each) for name in MEASURES if (each := getattr(line, name)) is not None}
        return replace(
            line,
            quantity=quantity if UNITS[line.quantity.unit].kind == kind else scaled(line.quantity),
            statutory=tuple(map(scaled, line.statutory)),
            **grown,
        )


def _had(line: GoodsLine, found: LineDossier, unit: str) -> Number:
    """The quantity of the line in the unit of the bill."""
    try:
        return quantity_in(unit, line, found, "", "price").value
    except Unpriceable:
        given = line.quantity.unit
        raise Unpriceable("bill_quantity_of_another_kind", "", (given,), unit=unit, given=given) from None


def of_another_shipment(
    facts: Sequence[LineFacts],
    goods: Sequence[GoodsLine],
    found: Sequence[LineDossier],
    planned: Sequence[PlannedLine],
    figures: Sequence[Totals],
) -> bool:
    """Whether nothing that a bill shows of any line comes near the quote, where it shows two things or more of one.

    Far is another chapter of the tariff; a quantity or a customs value of less than half, or of more than twice as much.
    """
    told = []
    for at, each in enumerate(zip(facts, goods, found, planned, figures, strict=True)):
        try:
            told.append(list(_far(*each)))
        except Unpriceable as refusal:
            raise refusal.at(f"/facts/goods/{at}/quantity") from None
    return any(len(each) > 1 for each in told) and all(far for each in told for far in each)


def _far(
    facts: LineFacts, line: GoodsLine, found: LineDossier, planned: PlannedLine, figures: Totals
) -> Iterator[bool]:
    if facts.hs_code and planned.hs_code:
        yield facts.hs_code[:CHAPTER] != planned.hs_code[:CHAPTER]
    if facts.quantity is not None:
        yield _apart(facts.quantity.value, _had(line, found, facts.quantity.unit))
    if facts.customs_value is not None:
        yield _apart(facts.customs_value.amount, figures["customs_value"])


def _apart(one: Number, other: Number) -> bool:
    return one > other * FAR or other > one * FAR
