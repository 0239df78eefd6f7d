"""What coming late costs: the surcharge on taxes paid late and the fee for a declaration made late.

They are no taxes and no part of any value: they stand among the charges at destination. Decree 124 set the amount from
which they are collected; whether that lives on since was not seen, so that a quote which leaves one out shows both.
"""

from typing import Any

from calculator.money import FEN, downwards
from calculator.rules import rule

LAW = "cn-customs-tariff-law-2024 art. 43"


@rule(cites=LAW, rounds_to=FEN, payee="customs")
def late_payment(m: Any, tax: Any, late_payment_rate: Any, late_days: Any) -> Any:
    """The surcharge for late payment (滞纳金) on one tax of the consignment: a share of it for each day, in yuan."""
    return tax * late_payment_rate * late_days


@rule(cites=LAW, rounds_to=FEN, payee="customs", shown="nonzero")
def late_payment_waiver(m: Any, surcharge: Any, late_payment_minimum: Any) -> Any:
    """A surcharge below the minimum is not collected: it is taken off again, in yuan."""
    return m.where(surcharge < late_payment_minimum, m.num(0) - surcharge, m.num(0))


@rule(cites="gacc-late-declaration", rounds_to=downwards(0), payee="customs")
def late_declaration(m: Any, total_customs_value: Any, late_declaration_rate: Any, late_declaration_days: Any) -> Any:
    """The fee for late declaration (滞报金): a share of the customs value for each day, in whole yuan, the rest dropped."""
    return total_customs_value * late_declaration_rate * late_declaration_days


@rule(cites="gacc-late-declaration", rounds_to=FEN, payee="customs", shown="nonzero")
def late_declaration_waiver(m: Any, late_declaration: Any, late_declaration_minimum: Any) -> Any:
    """A fee below the minimum is not collected: it is taken off again, in yuan."""
    return m.where(late_declaration < late_declaration_minimum, m.num(0) - late_declaration, m.num(0))
