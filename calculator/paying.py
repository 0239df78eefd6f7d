"""What paying costs: the fees of a rail on both sides, and how much worse than the market its exchange is.

A fee is reckoned in its own currency and rounded to the cent, its tax likewise, and then told in yuan at the market rate. So
what the buyer pays and what the seller receives differ by exactly the sum of the lines (the method of the World Bank:
total cost = fees + exchange margin against the market).
"""

from functools import lru_cache
from typing import Any

from calculator.freight import CENT
from calculator.money import FEN
from calculator.rules import Rule, rule

BANK = "bank"


@rule()
def amount_paid(m: Any, total_price_value: Any, rate: Any) -> Any:
    """The price of all goods in the currency of the payment, where they are priced in another; not rounded."""
    return m.divide(total_price_value, rate)


@lru_cache(maxsize=256)
def fee(name: str, same: bool, share: bool, least: bool, most: bool, fixed: bool) -> Rule:
    """A fee of the rail in its own currency, to the cent: a share of the amount between its limits, and a fixed amount.

    `same`: the fee is asked in the currency of the payment.
    """
    names = ["paid", *(() if same else ("paid_rate", f"{name}_currency"))] if share else []
    flags = {"share": share, "minimum": least, "maximum": most, "fixed": fixed}
    names += [f"{name}_{figure}" for figure, given in flags.items() if given]

    def amount(m: Any, *values: Any) -> Any:
        left = list(values)
        total = m.num(0)
        if share:
            base = left.pop(0)
            if not same:
                base = m.divide(base * left.pop(0), left.pop(0))
            total = base * left.pop(0)
            if least:
                total = m.greatest(total, left.pop(0))
            if most:
                total = m.least(total, left.pop(0))
        return total + left.pop(0) if fixed else total

    return Rule(name, amount, tuple(names), rounds_to=CENT, payee=BANK)


@rule(rounds_to=CENT)
def tax_on_fee(m: Any, fee: Any, tax_rate: Any) -> Any:
    """The value-added tax on a fee, in the currency of the fee."""
    return fee * tax_rate


@rule(rounds_to=FEN, payee=BANK)
def fee_in_yuan(m: Any, fee: Any, tax: Any, rate: Any) -> Any:
    """A fee with its tax, in yuan at the market rate."""
    return (fee + tax) * rate


@rule(rounds_to=FEN, payee=BANK)
def buyers_margin(m: Any, paid: Any, paid_rate: Any, margin: Any) -> Any:
    """What the buyer's exchange costs more than the market rate, in yuan."""
    return paid * paid_rate * margin


@rule(rounds_to=FEN, payee=BANK)
def sellers_margin(m: Any, paid: Any, fees_of_seller: Any, paid_rate: Any, margin: Any) -> Any:
    """What the seller's exchange into pesos costs more than the market rate, on what is left after the fees, in yuan."""
    return (paid - fees_of_seller) * paid_rate * margin


@rule(rounds_to=CENT)
def seller_receives_mxn(m: Any, paid: Any, fees_of_seller: Any, peso_rate: Any, margin: Any) -> Any:
    """What reaches the seller's account, in pesos: what is left after the fees, at the market rate less the margin."""
    return (paid - fees_of_seller) * peso_rate * (m.num(1) - margin)


@rule()
def pesos_for_one(m: Any, paid_rate: Any, peso_in_yuan: Any) -> Any:
    """Pesos for one unit of the currency of the payment, crossed through the yuan at the market rates."""
    return m.divide(paid_rate, peso_in_yuan)


@rule(shown="never")
def in_paid_currency(m: Any, fee: Any, tax: Any, rate: Any, paid_rate: Any) -> Any:
    """A fee with its tax in the currency of the payment; not rounded."""
    return m.divide((fee + tax) * rate, paid_rate)


@rule()
def seller_receives(m: Any, total_price_value: Any, lines_of_seller: Any) -> Any:
    """What the seller receives, in yuan at the market rate: the price less the seller's lines."""
    return total_price_value - lines_of_seller


@rule()
def buyer_pays(m: Any, total_price_value: Any, lines_of_buyer: Any) -> Any:
    """What the buyer pays for the goods, in yuan: the price and the buyer's lines."""
    return total_price_value + lines_of_buyer
