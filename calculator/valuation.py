"""From the price of a contract to the customs value: the price paid, with what the law adds and leaves out.

Everything is reckoned in yuan at the customs rate and stays unrounded until the customs value of a line, which is
rounded once (Customs Tariff Law arts. 24 to 26 and 60; GACC Decree 213; GACC Decree 272 art. 13).
"""

from typing import Any

from calculator.money import FEN
from calculator.rules import rule

LAW = "cn-customs-tariff-law-2024"


@rule()
def invoice_value(m: Any, unit_price: Any, priced_quantity: Any) -> Any:
    """What the invoice states for a line, in its own currency, not rounded."""
    return unit_price * priced_quantity


@rule(cites=f"{LAW} art. 60")
def at_rate(m: Any, amount: Any, rate: Any) -> Any:
    """An amount of foreign money in yuan, not rounded."""
    return amount * rate


@rule(cites=(f"{LAW} art. 25", f"{LAW} art. 60"))
def addition_in_yuan(m: Any, amount: Any, rate: Any) -> Any:
    """What the law adds to the price where the buyer bears it apart, in yuan, not rounded."""
    return amount * rate


@rule(cites=(f"{LAW} art. 26", f"{LAW} art. 60"))
def deduction_in_yuan(m: Any, amount: Any, rate: Any) -> Any:
    """What the law leaves out of the value where it is listed apart in the price, in yuan, not rounded."""
    return amount * rate


@rule(cites=f"{LAW} art. 24", shown="never")
def carriage_share(m: Any, dutiable_carriage: Any, transaction_value: Any, total_transaction_value: Any) -> Any:
    """A line's part of the carriage up to unloading in China that the buyer pays, by declared value, unrounded yuan."""
    return m.share(dutiable_carriage, transaction_value, total_transaction_value)


@rule(cites=f"{LAW} art. 24", shown="never")
def premium_share(m: Any, dutiable_premium: Any, transaction_value: Any, total_transaction_value: Any) -> Any:
    """A line's part of the premium that the buyer pays, by declared value, unrounded yuan."""
    return m.share(dutiable_premium, transaction_value, total_transaction_value)


@rule(cites=f"{LAW} art. 26", shown="never")
def inland_share(m: Any, inland_costs: Any, transaction_value: Any, total_transaction_value: Any) -> Any:
    """A line's part of the separately stated costs after unloading that its price contains, unrounded yuan."""
    return m.share(inland_costs, transaction_value, total_transaction_value)


@rule(cites="cn-gacc-decree-213 art. 36")
def premium_by_rate(
    m: Any, total_transaction_value: Any, dutiable_carriage: Any, premium_rate: Any, insured: Any
) -> Any:
    """The premium of a policy on a percentage of CIF: CIF = (price + carriage) ÷ (1 − rate × insured), unrounded yuan."""
    return m.divide(
        (total_transaction_value + dutiable_carriage) * premium_rate * insured, m.num(1) - premium_rate * insured
    )


@rule(cites="cn-gacc-decree-213 art. 36")
def presumed_premium(
    m: Any, transaction_value: Any, carriage_share: Any, inland_share: Any, presumed_premium_rate: Any
) -> Any:
    """Where no premium is known or none was paid, customs presumes 3‰ of price and carriage, unrounded yuan."""
    return (transaction_value + carriage_share - inland_share) * presumed_premium_rate


@rule(cites="cn-gacc-decree-213 art. 36", rounds_to=FEN, shown="never")
def presumed_insurance(m: Any, presumed_premium: Any) -> Any:
    """The presumed premium as a figure of its own, in yuan: it raises the customs value, and nobody pays it."""
    return presumed_premium


@rule(cites=(f"{LAW} art. 24", f"{LAW} art. 25", f"{LAW} art. 26", "cn-gacc-decree-272 art. 13"), rounds_to=FEN)
def customs_value(
    m: Any,
    transaction_value: Any,
    additions: Any,
    carriage_share: Any,
    premium_share: Any,
    presumed_premium: Any,
    deductions: Any,
    inland_share: Any,
) -> Any:
    """The customs value (计税价格) of a line, in yuan: CIF at the place of entry in China."""
    return transaction_value + additions + carriage_share + premium_share + presumed_premium - deductions - inland_share


@rule(cites=f"{LAW} art. 24", rounds_to=FEN, name="customs_value")
def assessed_value(m: Any, assessed_customs_value: Any) -> Any:
    """The customs value that customs itself set for a line (海关审定的计税价格), whatever its price comes to, in yuan."""
    return assessed_customs_value


@rule(cites=(f"{LAW} art. 24", f"{LAW} art. 26"), rounds_to=FEN, name="customs_value")
def customs_value_from_ddp(
    m: Any,
    transaction_value: Any,
    additions: Any,
    premium_share: Any,
    deductions: Any,
    inland_share: Any,
    duty_rate: Any,
    duty_quantity: Any,
    duty_per_unit: Any,
    remedy_rate: Any,
    excise_rate: Any,
    excise_quantity: Any,
    excise_per_unit: Any,
    vat_rate: Any,
) -> Any:
    """The customs value inside a delivered-duty-paid price that lists its taxes, in yuan: the taxes solved backwards.

    What the law adds to the value or takes off it changes the taxes that the same price has to hold.
    """
    one = m.num(1)
    by_quantity = excise_quantity * excise_per_unit + duty_quantity * duty_per_unit
    before_taxes = transaction_value + additions + premium_share - deductions - inland_share
    inside = before_taxes * (one - excise_rate) - by_quantity * (one + vat_rate)
    return m.divide(inside, (one + vat_rate) * (one + duty_rate + remedy_rate))


@rule(shown="nonzero", rounds_to=FEN)
def closing_difference(
    m: Any,
    transaction_value: Any,
    additions: Any,
    premium_share: Any,
    deductions: Any,
    inland_share: Any,
    customs_value: Any,
    taxes: Any,
) -> Any:
    """What rounding leaves between a delivered-duty-paid price and the taxes solved from it, in yuan."""
    return transaction_value + additions + premium_share - deductions - inland_share - customs_value - taxes
