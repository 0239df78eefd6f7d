"""Which exchange rate turns an amount into yuan: the user's own before that of the desk, and what must be said of it."""

from datetime import date, timedelta
from decimal import Decimal

from calculator.dossier import Dossier
from calculator.errors import NotInForce, Unpriceable
from calculator.money import EXACT, YUAN, ExchangeRate
from calculator.plan import Fact, Remark
from calculator.request import QuoteRequest

# A market rate older than this many days carries a warning, and is refused in strict mode.
STALE_DAYS = 14


def rate_of(
    request: QuoteRequest, dossier: Dossier, currency: str, desk: str, reasons: list[Remark], warnings: list[Remark]
) -> Fact:
    """The user's own rate of a currency in yuan, else that of the desk."""
    if currency == YUAN:
        return Fact(Decimal(1), "law", f"{YUAN}/{YUAN}", confidence="A")
    own = _own_rate(request, currency, desk)
    if own is not None:
        rate, pointer = own
        return Fact.of_rate(rate, pointer)
    rates = dossier.customs_rates if desk == "customs" else dossier.market_rates
    if currency not in rates:
        raise NotInForce("no_exchange_rate", "/fx", (), table=f"fx-{desk}", key=f"{currency}/{YUAN}")
    found = rates[currency]
    pair = f"{currency}/{YUAN}"
    if found.estimate:
        facts = {"pair": pair, "source_day": _known_on(found), "currency": currency}
        reasons.append(Remark("customs_rate_estimated", "/customs_fx", facts))
    if (found.age_days or 0) > STALE_DAYS:
        if request.strict_fx:
            raise Unpriceable("exchange_rate_stale", "/fx", (), pair=pair, on=found.on, age_days=found.age_days)
        age = {"pair": pair, "on": _known_on(found), "age_days": found.age_days}
        warnings.append(Remark("exchange_rate_stale", "/fx", age))
    return Fact.of_rate(found)


def _known_on(found: ExchangeRate) -> date | None:
    """The day of the reference rate itself: an estimate names the day on which the law would have it read, by its age later."""
    return found.on - timedelta(days=found.age_days or 0) if found.estimate and found.on else found.on


def _own_rate(request: QuoteRequest, currency: str, desk: str) -> tuple[ExchangeRate, str] | None:
    places = [("fx", request.fx)]
    if desk == "customs":
        places.insert(0, ("customs_fx", request.customs_fx))
    for place, rates in places:
        straight, inverse = rates.get((currency, YUAN)), rates.get((YUAN, currency))
        pair = (currency, YUAN) if straight is not None else (YUAN, currency)
        if straight is None and inverse is None:
            continue
        if straight is not None and inverse is not None and EXACT.multiply(straight, inverse) != 1:
            raise Unpriceable(
                "exchange_rates_disagree", f"/{place}/{currency}~1{YUAN}", (), straight=straight, inverse=inverse
            )
        one = EXACT.create_decimal(1)
        multiplier, divisor = (straight, one) if straight is not None else (one, inverse or one)
        text = f"{'/'.join(pair)} {straight if straight is not None else inverse:f}"
        rate = ExchangeRate(currency, YUAN, multiplier, divisor, None, desk, "", "user", text)
        return rate, f"/{place}/{pair[0]}~1{pair[1]}"
    return None
