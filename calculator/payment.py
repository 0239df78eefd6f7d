"""What paying comes to on both sides, read off a walked plan, and what it would come to by every other rail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.exchange import rate_of
from calculator.money import Number, divide, half_up
from calculator.payment_choice import paying, peso_rates
from calculator.plan import Paying
from calculator.rails import BUYER, Rail
from calculator.request import Payment, QuoteRequest
from calculator.rules import EXPLAINED, Pass, Walked, walk

PERCENT = half_up(6)


class PaidLine(NamedTuple):
    """One fee or margin, in yuan at the market rate, with who pays it."""

    code: str
    payer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Paid:
    """Paying by one rail: yuan at the market rate, and pesos on the seller's account.

    `share` is what is lost of all that the buyer pays.
    """

    rail: Rail
    currency: str
    charges: str
    buyer_pays: Decimal
    seller_receives: Decimal
    seller_receives_mxn: Decimal
    lines: tuple[PaidLine, ...]
    share: Decimal

    @property
    def cost(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


def paid(choice: Choice, walked: Walked) -> Paid | None:
    """What paying came to in a walked plan, None where the request names no rail."""
    found = choice.plan.paying
    return None if found is None else _read(found, walked.shared)


def options(request: QuoteRequest, dossier: Dossier, walked: Walked) -> tuple[Paid, ...]:
    """Every rail of the tables that can carry the amount, the cheapest first."""
    payment = request.payment
    if payment is None or not payment.compare:
        return ()
    rails = dossier.rails if payment.own is None else (payment.own, *dossier.rails)
    found = [each for rail in rails if (each := _by(rail, request, payment, dossier, walked)) is not None]
    return tuple(sorted(found, key=lambda each: (each.cost, each.rail.code)))


def _by(rail: Rail, request: QuoteRequest, payment: Payment, dossier: Dossier, walked: Walked) -> Paid | None:
    """Paying by another rail, None where it does not carry the currency or the amount."""
    asked = replace(payment, charges=payment.charges if rail.charges else "", own=None)
    try:
        found = paying(request, dossier, asked, rail)
    except Unpriceable:
        return None
    prices = [line["price_value"] for line in walked.lines]
    total: Number = sum(prices, Decimal(0))
    if (rail.most is not None and total > rail.most) or (rail.least is not None and total < rail.least):
        return None
    known = found.shared | peso_rates(found.own_pesos, found.currency, found.crossed, request, dossier)
    facts: dict[str, Any] = {name: fact.value for name, fact in known.items()}
    for currency in found.currencies:
        facts[f"market_rate:{currency}"] = rate_of(request, dossier, currency, "market", [], []).value
    facts["total_price_value"] = total
    if "total_invoice_value" in {name for rule in found.rules for name in rule.inputs}:
        facts["total_invoice_value"] = sum((line["invoice_value"] for line in walked.lines), Decimal(0))
    return _read(found, walk((Pass(tuple(found.rules)),), facts, (), (), EXPLAINED).shared)


def _read(found: Paying, facts: Mapping[str, Any]) -> Paid:
    lines = [
        PaidLine(name.removeprefix("pay:").removesuffix("@market"), payer, facts[name])
        for payer, names in found.lines.items()
        for name in names
    ]
    return Paid(
        rail=found.rail,
        currency=found.currency,
        charges=found.charges,
        buyer_pays=facts["buyer_pays"],
        seller_receives=facts["seller_receives"],
        seller_receives_mxn=facts["seller_receives_mxn"],
        lines=tuple(sorted(lines, key=lambda line: line.payer != BUYER)),
        share=_share(found, facts),
    )


def _share(found: Paying, facts: Mapping[str, Any]) -> Decimal:
    """The cost as a share of what the buyer pays, from what the seller receives before the margin is rounded."""
    kept = (facts["paid"] - facts["fees_of_seller"]) * facts[f"market_rate:{found.currency}"]
    received = kept * (1 - facts.get("margin_of_seller", Decimal(0)))
    spent = facts["buyer_pays"]
    return PERCENT(divide(spent - received, spent)) if spent else Decimal(0)
