"""The rows that a bill brings anew beside those of its quote: of the code that customs used, and of the day of declaration."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.money import ExchangeRate
from calculator.request import Costs, GoodsLine, OwnTariff, QuoteRequest

State = tuple[QuoteRequest, Dossier]


def told_at(refusal: Unpriceable, pointer: str) -> Unpriceable:
    """The same refusal at another place: that of the fact it came with."""
    return type(refusal)(refusal.code, pointer, refusal.allowed, **refusal.facts)


class FreshRows:
    """Looks up what the quote's own dossier does not hold, each thing once and only where it is asked for.

    `codes` are the codes of the bill by the place of their lines, where these are others than those of the quote;
    `on` is the day of the bill, None where it is that of the quote or is not told.
    """

    def __init__(
        self,
        request: QuoteRequest,
        dossier: Dossier,
        codes: Mapping[int, str],
        on: date | None,
        dossier_of: Callable[[QuoteRequest], Dossier],
    ) -> None:
        self._request, self._dossier = request, dossier
        self.codes = codes
        self.on = None if on == request.declared_on else on
        self._dossier_of = dossier_of

    def customs_rates(self) -> Mapping[str, ExchangeRate]:
        """The rates of customs on the day of the bill; nothing where the day is the same."""
        return {} if self.on is None else self._on_the_day.customs_rates

    def recoded(self, state: State) -> State:
        """With the codes of the bill and their rows; what the request claims for another code falls away with it."""
        if not self.codes:
            return state
        request, dossier = state
        goods, lines = list(request.goods), list(dossier.lines)
        customs, market = dict(dossier.customs_rates), dict(dossier.market_rates)
        for at, code in self.codes.items():
            found = self._under(at, code)
            goods[at], lines[at] = _under_code(goods[at], code), _with_packages(found.lines[0], lines[at])
            # Rows of a code may state a threshold in a currency that the quote has no rate of.
            customs, market = {**found.customs_rates, **customs}, {**found.market_rates, **market}
        dossier = replace(dossier, lines=tuple(lines), customs_rates=customs, market_rates=market)
        return replace(request, goods=tuple(goods)), dossier

    def of_the_day(self, state: State) -> State:
        """With the rows of law of the day of the bill; exchange rates stay as they are."""
        if self.on is None:
            return state
        request, dossier = state
        found = self._on_the_day
        customs = {**found.customs_rates, **dossier.customs_rates}
        market = {**found.market_rates, **dossier.market_rates}
        return replace(request, declared_on=self.on), replace(found, customs_rates=customs, market_rates=market)

    def _under(self, at: int, code: str) -> Dossier:
        """What the tables hold for one line under another code, on the day of the quote."""
        request = self._request
        line = _alone(request.goods[at], code)
        asked = replace(request, goods=(line,), costs=Costs(), route=None, payment=None, holding=None)
        try:
            return self._dossier_of(asked)
        except Unpriceable as refusal:
            raise told_at(refusal, f"/facts/goods/{at}/hs_code") from None

    @cached_property
    def _on_the_day(self) -> Dossier:
        """All rows of the day of the bill, under the codes of the bill."""
        request, route = self._request, self._request.route
        known = self._dossier.route
        if route is not None and known is not None and known.equipment is not None:
            # A container that a package led to stays the same without it.
            route = replace(route, equipment=known.equipment.code)
        goods = tuple(
            _alone(line, self.codes[at]) if at in self.codes else line for at, line in enumerate(request.goods)
        )
        assert self.on is not None
        try:
            found = self._dossier_of(replace(request, goods=goods, route=route, declared_on=self.on))
        except Unpriceable as refusal:
            raise told_at(refusal, "/facts/declared_on") from None
        lines = (
            _with_packages(line, self._dossier.lines[at]) if at in self.codes else line
            for at, line in enumerate(found.lines)
        )
        return replace(found, lines=tuple(lines))


def _alone(line: GoodsLine, code: str) -> GoodsLine:
    """A line by nothing but its code: a product has a code of its own."""
    return replace(_under_code(line, code), product="", package="")


def _under_code(line: GoodsLine, code: str) -> GoodsLine:
    """A line under another code; rates, part and the certificate of a quota were those of the code before."""
    cbec = line.tariff.cbec if line.tariff is not None else None
    own = None if cbec is None else OwnTariff(cbec=cbec)
    return replace(line, hs_code=code, fraccion="", tariff_quota="", tariff_part="", tariff=own)


def _with_packages(found: LineDossier, before: LineDossier) -> LineDossier:
    """The rows of another code, with the product and the package that the goods are."""
    return replace(found, product=before.product, package=before.package)
