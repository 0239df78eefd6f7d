"""A request and its dossier with one kind of figure moved by a factor, to see what the landed cost makes of it.

Nothing else changes: what was chosen by names and dates is chosen again, and every rule is applied to the moved figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.logistics import FreightRate, RouteDossier
from calculator.money import EXACT, YUAN, ExchangeRate, Money
from calculator.request import GoodsLine, OwnExcise, OwnTariff, QuoteRequest
from calculator.tariff_line import (
    AdValorem,
    ByValue,
    Compound,
    DutyRate,
    Excise,
    ExciseCase,
    ExcisePerUnit,
    LowerOf,
    Measure,
    Specific,
)

Shocked = tuple[QuoteRequest, Dossier]
Pair = tuple[str, str]
Part = TypeVar("Part", AdValorem, Specific, Compound, "AdValorem | Specific | Compound")
# A consumption tax is part of the price that it is reckoned on; at the whole of it there is no such price.
WHOLE = Decimal(1)


def shocked(request: QuoteRequest, dossier: Dossier, what: str, factor: Decimal) -> Shocked:
    """Both with `what` (one of SHOCKS) times a factor. Raises Unpriceable where the law has no such figure."""
    return SHOCKS[what](request, dossier, factor)


def at_rate(request: QuoteRequest, dossier: Dossier, currency: str, rate: Decimal) -> Shocked:
    """Both with a market rate of one currency in yuan; customs takes it for as much more or less as the market does."""
    request, dossier = _desks_own(request, dossier)
    market = dossier.market_rates[currency]
    customs = dict(dossier.customs_rates)
    if currency in customs:
        before = customs[currency]
        above = EXACT.multiply(EXACT.multiply(before.multiplier, rate), market.divisor)
        below = EXACT.multiply(before.divisor, market.multiplier)
        customs[currency] = replace(before, multiplier=above, divisor=below)
    markets = {**dossier.market_rates, currency: replace(market, multiplier=rate, divisor=WHOLE)}
    return request, replace(dossier, market_rates=markets, customs_rates=customs)


def _fx(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """Every other currency in yuan, at customs and on the market; what dollars are worth in pesos stays."""
    request, dossier = _desks_own(request, dossier)
    return request, replace(
        dossier,
        customs_rates={name: _moved(each, factor) for name, each in dossier.customs_rates.items()},
        market_rates={name: _moved(each, factor) for name, each in dossier.market_rates.items()},
    )


def _moved(rate: ExchangeRate, factor: Decimal) -> ExchangeRate:
    return replace(rate, multiplier=EXACT.multiply(rate.multiplier, factor))


def _desks_own(request: QuoteRequest, dossier: Dossier) -> Shocked:
    """The rates to the yuan that the user insists on, as those of the desks: there they keep their exact ratio."""
    market = _users(request.fx)
    customs = {**market, **_users(request.customs_fx)}
    return (
        replace(request, fx=_others(request.fx), customs_fx=_others(request.customs_fx)),
        replace(
            dossier,
            customs_rates={**dossier.customs_rates, **customs},
            market_rates={**dossier.market_rates, **market},
        ),
    )


def _users(rates: Mapping[Pair, Decimal]) -> dict[str, ExchangeRate]:
    found = {}
    for (base, quote), rate in rates.items():
        if YUAN not in (base, quote):
            continue
        currency, straight = (base, True) if quote == YUAN else (quote, False)
        ends = (rate, WHOLE) if straight else (WHOLE, rate)
        found[currency] = ExchangeRate(currency, YUAN, *ends, None, "user", "", "user", f"{base}/{quote} {rate:f}")
    return found


def _others(rates: Mapping[Pair, Decimal]) -> dict[Pair, Decimal]:
    return {pair: rate for pair, rate in rates.items() if YUAN not in pair}


def _freight(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """The main freight, stated or of a carrier's tariff."""
    stated = request.costs.freight
    if stated is not None:
        freight = Money(EXACT.multiply(stated.amount, factor), stated.currency)
        request = replace(request, costs=replace(request.costs, freight=freight))
    return request, replace(dossier, route=dossier.route and _carried(dossier.route, factor))


def _carried(route: RouteDossier, factor: Decimal) -> RouteDossier:
    def moved(rate: FreightRate) -> FreightRate:
        return replace(
            rate,
            breaks=tuple(replace(each, rate=EXACT.multiply(each.rate, factor)) for each in rate.breaks),
            minimum=_times(rate.minimum, factor),
            low=_times(rate.low, factor),
        )

    return replace(route, rates=tuple(map(moved, route.rates)))


def _price(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """The prices of all goods."""
    goods = (
        replace(line, price=replace(line.price, amount=EXACT.multiply(line.price.amount, factor)))
        for line in request.goods
    )
    return replace(request, goods=tuple(goods)), dossier


def _duty(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """Every column of the tariff and the duty that the user states; duties of trade remedies stay."""

    def own(tariff: OwnTariff) -> OwnTariff:
        return tariff if tariff.duty is None else replace(tariff, duty=_scaled(tariff.duty, factor))

    def line(found: LineDossier) -> LineDossier:
        return replace(found, measures=_measures(found.measures, factor), ended=_measures(found.ended, factor))

    return _each(request, dossier, own, line)


def _measures(measures: tuple[Measure, ...], factor: Decimal) -> tuple[Measure, ...]:
    return tuple(each if each.rate is None else replace(each, rate=_scaled(each.rate, factor)) for each in measures)


def _scaled(rate: DutyRate, factor: Decimal) -> DutyRate:
    match rate:
        case LowerOf(first, second):
            return LowerOf(_part(first, factor), _part(second, factor))
        case ByValue():
            return replace(rate, below=_part(rate.below, factor), above=_part(rate.above, factor))
        case AdValorem() | Specific() | Compound():
            return _part(rate, factor)
    # The sliding duty is no multiple of anything.
    raise Unpriceable("duty_not_scaled", "/shocks/duty", ())


def _part(rate: Part, factor: Decimal) -> Part:
    match rate:
        case AdValorem():
            return replace(rate, rate=EXACT.multiply(rate.rate, factor))
        case Specific():
            return replace(rate, amount=EXACT.multiply(rate.amount, factor))
        case _:
            return replace(rate, rate=EXACT.multiply(rate.rate, factor), amount=EXACT.multiply(rate.amount, factor))


def _consumption_tax(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """The rates and amounts of the consumption tax; the values from which its classes apply stay."""

    def own(tariff: OwnTariff) -> OwnTariff:
        tax = tariff.consumption_tax
        return tariff if tax is None else replace(tariff, consumption_tax=_own_excise(tax, factor))

    def line(found: LineDossier) -> LineDossier:
        cases = (ExciseCase(_excise(case.excise, factor), case.condition) for case in found.excise)
        return replace(found, excise=tuple(cases))

    return _each(request, dossier, own, line)


def _own_excise(tax: OwnExcise, factor: Decimal) -> OwnExcise:
    return replace(
        tax,
        rate=_below_whole(tax.rate, factor),
        per_unit=_times(tax.per_unit, factor),
        rate_below=_below_whole(tax.rate_below, factor),
        per_unit_below=_times(tax.per_unit_below, factor),
    )


def _excise(tax: Excise, factor: Decimal) -> Excise:
    def amounts(each: tuple[ExcisePerUnit, ...]) -> tuple[ExcisePerUnit, ...]:
        return tuple(replace(one, amount=EXACT.multiply(one.amount, factor)) for one in each)

    return replace(
        tax,
        rate=_below_whole(tax.rate, factor),
        per_unit=amounts(tax.per_unit),
        rate_below=_below_whole(tax.rate_below, factor),
        per_unit_below=amounts(tax.per_unit_below),
    )


def _below_whole(rate: Decimal | None, factor: Decimal) -> Decimal | None:
    moved = _times(rate, factor)
    if moved is not None and moved >= WHOLE:
        raise Unpriceable("consumption_tax_of_everything", "/shocks/consumption_tax", ())
    return moved


def _vat(request: QuoteRequest, dossier: Dossier, factor: Decimal) -> Shocked:
    """Import VAT."""

    def own(tariff: OwnTariff) -> OwnTariff:
        return replace(tariff, vat=_times(tariff.vat, factor))

    def line(found: LineDossier) -> LineDossier:
        rates = (replace(each, rate=EXACT.multiply(each.rate, factor)) for each in found.vat)
        return replace(found, vat=tuple(rates))

    return _each(request, dossier, own, line)


def _each(
    request: QuoteRequest,
    dossier: Dossier,
    own: Callable[[OwnTariff], OwnTariff],
    line: Callable[[LineDossier], LineDossier],
) -> Shocked:
    """The rates that the user states for each line moved, and those of the tables."""

    def goods(each: GoodsLine) -> GoodsLine:
        return each if each.tariff is None else replace(each, tariff=own(each.tariff))

    request = replace(request, goods=tuple(map(goods, request.goods)))
    return request, replace(dossier, lines=tuple(map(line, dossier.lines)))


def _times(figure: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if figure is None else EXACT.multiply(figure, factor)


SHOCKS: Mapping[str, Callable[[QuoteRequest, Dossier, Decimal], Shocked]] = {
    "fx": _fx,
    "freight": _freight,
    "price": _price,
    "duty": _duty,
    "consumption_tax": _consumption_tax,
    "vat": _vat,
}
