"""How a request pays, looked up: the rail that it names, those that it compares, and the currencies of their fees."""

from collections.abc import Iterable
from dataclasses import replace

from calculator.errors import Unpriceable
from calculator.rails import Rail
from calculator.request import Payment, QuoteRequest
from tariffs.records import Records

# What the seller is left with is told in pesos, and what carries any currency is paid in dollars where none is asked for.
PESO, DOLLAR = "MXN", "USD"


def rails_of(request: QuoteRequest, records: Records) -> tuple[Rail, ...]:
    """The rail named, and with `compare` every other that reaches from China to Mexico, each with the fees that it asks of all.

    Raises Unpriceable for one that is unknown.
    """
    payment, on = request.payment, request.declared_on
    if payment is None:
        return ()
    named = (_named(payment.rail, records, request),) if payment.rail else ()
    others = (each for each in records.rails(on) if payment.compare and each.reachable and each not in named)
    return tuple(replace(each, fees=tuple(fee for fee in each.fees if fee.usual)) for each in (*named, *others))


def asked_by_payment(payment: Payment | None, rails: Iterable[Rail]) -> set[str]:
    """The currencies whose market rates paying needs: of the payment, of the fees that are asked, and the peso."""
    if payment is None:
        return set()
    own = () if payment.own is None else (payment.own,)
    found = {PESO, DOLLAR} | ({payment.currency} if payment.currency else set())
    for rail in (*rails, *own):
        found |= {each.currency for each in rail.fees} | set(rail.currencies[:1])
    return found


def _named(code: str, records: Records, request: QuoteRequest) -> Rail:
    found = records.rail(code, request.declared_on)
    if found is None:
        raise Unpriceable("unknown_rail", "/payment/rail", records.payment_rails.nearest(code), rail=code)
    return found
