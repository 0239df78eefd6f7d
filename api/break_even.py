"""What a domestic price in China leaves, and the price abroad and the exchange rate at which it leaves nothing."""

from dataclasses import replace
from decimal import Decimal

from api.display import minor_unit
from api.stress_schemas import Benchmark, Stressed
from api.wording import percent, plain
from api.writing import Json
from calculator.aiming import TOTAL, Measured, Search, Target, aimed
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.exchange import rate_of
from calculator.money import YUAN, Number, divide, half_up
from calculator.per_unit import PER_UNIT
from calculator.quote import Quote
from calculator.request import QuoteRequest
from calculator.shocking import at_rate
from tariffs.book import Book

# An exchange rate is sought to four decimals, as markets quote it, up to so many yuan.
RATE_STEP, MOST_RATE = Decimal("0.0001"), 10**9
SHARE = half_up(6)


def break_even(asked: Stressed, book: Book, base: Quote) -> Json:
    """How far the landed cost is below the benchmark, and where it meets it. Raises Unpriceable."""
    benchmark = asked.benchmark
    assert benchmark is not None
    rate, measured = _rate(asked, book, benchmark), Measured("landed_cost", benchmark.per)
    try:
        landed, limit = divide(measured.value(base), rate), benchmark.amount * rate
    except Unpriceable as refusal:
        raise refusal.at("/benchmark_price") from None
    rounding = minor_unit(benchmark.currency) if benchmark.per == TOTAL else PER_UNIT
    margin = benchmark.amount - landed

    def told(figure: Number) -> Json:
        return {"amount": plain(rounding(figure)), "currency": benchmark.currency, "per": benchmark.per}

    return {
        "benchmark": {"amount": plain(benchmark.amount), "currency": benchmark.currency, "per": benchmark.per},
        "landed_cost": told(landed),
        "margin": told(margin),
        "margin_percent": percent(SHARE(divide(margin, benchmark.amount))),
        "price": _price(base, measured, limit) if len(base.request.goods) == 1 else None,
        "fx": _fx(base, measured, limit),
    }


def _rate(asked: Stressed, book: Book, benchmark: Benchmark) -> Number:
    """Yuan for one of the currency of the benchmark."""
    if benchmark.currency == YUAN:
        return Decimal(1)
    request = replace(asked.request, display_currency=benchmark.currency)
    return rate_of(request, book.dossier(request), benchmark.currency, "market", [], []).value


def _price(base: Quote, measured: Measured, limit: Number) -> Json | None:
    """The highest price of the only line of goods that is still within the benchmark; null where there is none."""
    price = base.request.goods[0].price
    step = minor_unit(price.currency).step
    try:
        found = aimed(base.request, base.dossier, Target(limit, measured, 0, step))
    except Unpriceable:
        return None
    return {"amount": f"{found.intervals[-1].last * step:f}", "currency": price.currency, "per": price.per}


def _fx(base: Quote, measured: Measured, limit: Number) -> Json | None:
    """The highest rate of the currency of the prices that is still within it; null in yuan, or where there is none."""
    currencies = {line.price.currency for line in base.request.goods}
    currency = currencies.pop()
    if currencies or currency == YUAN:
        return None

    def at(steps: int) -> tuple[QuoteRequest, Dossier]:
        return at_rate(base.request, base.dossier, currency, steps * RATE_STEP)

    intervals = Search(at, measured, limit, MOST_RATE).intervals()
    if not intervals or intervals[-1].last >= MOST_RATE:
        return None
    return {"pair": f"{currency}/{YUAN}", "rate": f"{intervals[-1].last * RATE_STEP:f}"}
