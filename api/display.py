"""The currency that the reader wants to see the landed cost in."""

from decimal import Decimal
from functools import lru_cache

from api.wording import plain
from calculator.dossier import Dossier
from calculator.exchange import rate_of
from calculator.money import YUAN, Rounding, divide, half_up
from calculator.plan import Fact, Plan
from calculator.request import QuoteRequest


class Display:
    """The currency that the reader wants to see the landed cost in, at the market rate or the user's own."""

    def __init__(self, request: QuoteRequest, dossier: Dossier, plan: Plan) -> None:
        self.currency = request.display_currency
        self.rate: Fact | None = None
        if self.currency != YUAN:
            name = f"market_rate:{self.currency}"
            self.rate = plan.shared.get(name) or rate_of(request, dossier, self.currency, "market", [], [])
        self.rounding = minor_unit(self.currency)

    def amount(self, yuan: Decimal) -> str:
        """Yuan in the currency, to its minor unit."""
        return plain(self.exact(yuan))

    def exact(self, yuan: Decimal) -> Decimal:
        return self.rounding(divide(yuan, self.rate.value) if self.rate is not None else yuan)


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Rounding:
    """Half up to the smallest unit of a currency: two decimals for most, none for the yen."""
    from babel.numbers import get_currency_precision

    return half_up(get_currency_precision(currency))
