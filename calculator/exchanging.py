"""A quote walked again with the facts of its bill, one more of them each time, in a fixed order.

Each fact is put in the place of the quote's own: quantities, exchange rates, customs values, codes, the law of the day with the
rates that the bill shows, and last the limits under which a tax is too small to be paid. Nothing else changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from calculator.arithmetic import Explained, Remembering
from calculator.billing import BillFacts, Invoice, LineFacts, of_another_shipment, paid, with_quantity
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.fresh_rows import FreshRows, State, told_at
from calculator.money import YUAN, ExchangeRate
from calculator.reckoning import WAIVERS, Reckoned, reckon
from calculator.request import GoodsLine, OwnTariff, QuoteRequest
from calculator.spread import spread

QUANTITY, EXCHANGE_RATE, DECLARED_VALUE = "quantity", "exchange_rate", "declared_value"
CLASSIFICATION, RATE_IN_FORCE, DE_MINIMIS = "classification", "rate_in_force", "de_minimis"
# A tax that is small, by its line: the rule that takes it off again, and the figure of the law that says how small.
WAIVED = {
    "customs_duty": (WAIVERS["duty"], "duty_waiver"),
    "consumption_tax": (WAIVERS["consumption_tax"], "consumption_tax_waiver"),
    "vat": (WAIVERS["vat"], "import_vat_waiver"),
    "postal_articles_tax": ("postal_tax_waiver", "postal_tax_waiver"),
}
# Limits under which every tax is, and none.
ALWAYS, NEVER = Decimal(10) ** 30, Decimal(-1)
# What a bill shows of a line of goods for each cause.
FACTS = {
    QUANTITY: "quantity",
    EXCHANGE_RATE: "",
    DECLARED_VALUE: "customs_value",
    CLASSIFICATION: "hs_code",
    RATE_IN_FORCE: "tariff",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """The consignment as it is reckoned once a fact more is that of the bill; the first, without a cause, is the quote."""

    cause: str
    reckoned: Reckoned


class Walker:
    """Walks a quote again with the facts of its bill, one more each time."""

    def __init__(
        self,
        request: QuoteRequest,
        dossier: Dossier,
        facts: BillFacts,
        dossier_of: Callable[[QuoteRequest], Dossier],
    ) -> None:
        self.facts = facts
        self.m = Remembering()
        self.start = (request, dossier)
        self.base = _reckoned(self.start, self.m)
        codes = [each.hs_code for each in facts.goods] or [""] * len(request.goods)
        planned = [each.hs_code for each in self.base.choice.plan.lines]
        recoded = {at: code for at, code in enumerate(codes) if code and not planned[at].startswith(code[:8])}
        self.rows = FreshRows(request, dossier, recoded, facts.declared_on, dossier_of)
        # As in the quote, until the limits have their turn.
        taken = self.base.taken_off()
        self.held = {figure: ALWAYS if rule in taken else NEVER for rule, figure in WAIVED.values()}

    def refuse_others(self) -> None:
        """Raise Unpriceable where the bill is of another shipment."""
        if self.facts.goods:
            request, dossier = self.start
            plan = self.base.choice.plan
            if of_another_shipment(self.facts.goods, request.goods, dossier.lines, plan.lines, self.base.lines):
                raise Unpriceable("bill_of_another_shipment", "/facts/goods", ())

    def ladder(self, market: Mapping[str, ExchangeRate], invoices: Mapping[str, Sequence[Invoice]]) -> tuple[Rung, ...]:
        """The rungs of a line that was paid at some rates; a fact that the bill does not show has none."""
        exchanges: dict[str, Callable[[State], State]] = {
            QUANTITY: self._quantities,
            EXCHANGE_RATE: lambda now: self._rates(now, market),
            DECLARED_VALUE: self._values,
            CLASSIFICATION: self.rows.recoded,
            RATE_IN_FORCE: self._law,
        }
        rungs, state = [Rung("", self.base)], self.start
        for cause, exchange in exchanges.items():
            before, state = state, exchange(state)
            if state is not before:
                try:
                    rungs.append(Rung(cause, _reckoned(_limited(state, self.held), self.m)))
                except Unpriceable as refusal:
                    raise told_at(refusal, self._blamed(cause, refusal.pointer)) from None
        try:
            return (*rungs, Rung(DE_MINIMIS, self._free(state, invoices)))
        except Unpriceable as refusal:
            # A delivered-duty-paid price may not hold a tax that it is no longer free of.
            raise told_at(refusal, "/facts" if len(rungs) > 1 else "/bill") from None

    def _blamed(self, cause: str, pointer: str) -> str:
        """The fact that was exchanged last, of the line of goods that a refusal speaks of, or else of the first that has it."""
        name = FACTS[cause]
        having = [at for at, each in enumerate(self.facts.goods) if name and getattr(each, name)]
        if cause == EXCHANGE_RATE or not having:
            rates = cause == EXCHANGE_RATE and self.facts.customs_fx
            return "/facts/customs_fx" if rates else "/facts/declared_on"
        spoken = next((at for at in having if f"{pointer}/".startswith(f"/goods/{at}/")), having[0])
        return f"/facts/goods/{spoken}/{name}"

    def _free(self, state: State, invoices: Mapping[str, Sequence[Invoice]]) -> Reckoned:
        """What is small is waived as the law has it; but of a tax that was billed all the same nothing was waived."""
        reckoned = _reckoned(state, self.m)
        taken = reckoned.taken_off()
        billed = {
            figure: NEVER for line, (rule, figure) in WAIVED.items() if rule in taken and paid(invoices[line]) > 0
        }
        return _reckoned(_limited(state, billed), self.m) if billed else reckoned

    def _quantities(self, state: State) -> State:
        request, dossier = state
        goods = list(request.goods)
        for at, each in enumerate(self.facts.goods):
            if each.quantity is not None:
                try:
                    goods[at] = with_quantity(goods[at], dossier.lines[at], each.quantity)
                except Unpriceable as refusal:
                    raise refusal.at(f"/facts/goods/{at}/quantity") from None
        return state if tuple(goods) == request.goods else (replace(request, goods=tuple(goods)), dossier)

    def _rates(self, state: State, market: Mapping[str, ExchangeRate]) -> State:
        """Customs' rates of the day or of the bill; and on the market those that the line was paid at."""
        request, dossier = state
        customs = {**dossier.customs_rates, **self.rows.customs_rates()}
        if customs != dict(dossier.customs_rates):
            dossier = replace(dossier, customs_rates=customs)
        if market:
            dossier = replace(dossier, market_rates={**dossier.market_rates, **market})
            request = replace(request, **_for_customs_alone(request, frozenset(market)))
        if self.facts.customs_fx:
            own = {_currency(pair) for pair in self.facts.customs_fx}
            kept = {pair: rate for pair, rate in request.customs_fx.items() if _currency(pair) not in own}
            request = replace(request, customs_fx={**kept, **self.facts.customs_fx})
        return state if request is state[0] and dossier is state[1] else (request, dossier)

    def _values(self, state: State) -> State:
        request, dossier = state
        goods = [
            replace(line, customs_value=fact.customs_value) if fact.customs_value is not None else line
            for line, fact in _each(request, self.facts)
        ]
        return state if tuple(goods) == request.goods else (replace(request, goods=tuple(goods)), dossier)

    def _law(self, state: State) -> State:
        """The rows of the day, then the rates that the bill shows."""
        request, dossier = self.rows.of_the_day(state)
        goods = [
            _at_rates(line, fact.tariff) if fact.tariff is not None else line
            for line, fact in _each(request, self.facts)
        ]
        if tuple(goods) != request.goods:
            request = replace(request, goods=tuple(goods))
        return state if request is state[0] and dossier is state[1] else (request, dossier)


def _each(request: QuoteRequest, facts: BillFacts) -> Sequence[tuple[GoodsLine, LineFacts]]:
    shown = facts.goods or (LineFacts(),) * len(request.goods)
    return tuple(zip(request.goods, shown, strict=True))


def _at_rates(line: GoodsLine, shown: OwnTariff) -> GoodsLine:
    """A line at the rates of the bill, which come before those that the request states; its duty leaves nothing to claim."""
    own = line.tariff or OwnTariff()
    given = {each.name: getattr(shown, each.name) for each in fields(shown)}
    stated = replace(own, **{name: rate for name, rate in given.items() if rate is not None})
    if shown.duty is None:
        return replace(line, tariff=stated)
    return replace(line, tariff=stated, tariff_part="", tariff_quota="")


def _for_customs_alone(request: QuoteRequest, currencies: frozenset[str]) -> dict[str, Any]:
    """The rates that a request insists on, those of some currencies no longer on the market."""
    moved = {pair: rate for pair, rate in request.fx.items() if YUAN in pair and _currency(pair) in currencies}
    own = {_currency(pair) for pair in request.customs_fx}
    customs = {pair: rate for pair, rate in moved.items() if _currency(pair) not in own}
    return {
        "fx": {pair: rate for pair, rate in request.fx.items() if pair not in moved},
        "customs_fx": {**request.customs_fx, **customs},
    }


def _currency(pair: tuple[str, str]) -> str:
    base, quote = pair
    return quote if base == YUAN else base


def _limited(state: State, limits: Mapping[str, Decimal]) -> State:
    """With other limits of what is small; those that the law of the day does not know stay unknown."""
    request, dossier = state
    found = dict(dossier.parameters)
    for name, value in limits.items():
        if name in found:
            found[name] = replace(found[name], value=value)
    return request, replace(dossier, parameters=found)


def _reckoned(state: State, m: Explained) -> Reckoned:
    """The consignment as a quote of it would come, its open points answered."""
    request, dossier = state
    return spread(request, dossier, reckon(request, dossier, m=m), m)[0]
