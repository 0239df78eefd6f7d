"""The taxes on cross-border e-commerce retail imports (跨境电子商务零售进口), in the order and on the base the notices name.

Within the limit of an order the duty is zero and the other taxes are 70% of what the law asks. A single item that cannot
be divided may be dearer than the limit: then every tax is due in full, as in general trade (CaiGuanShui 2016 No. 18 and
2018 No. 49). The limits themselves are held by the cashier.
"""

from typing import Any

from calculator.duty import DUE
from calculator.money import FEN
from calculator.rules import rule

NOTICE = "caiguanshui-2016-18"
LIMITS = "caiguanshui-2018-49"


@rule(cites=(NOTICE, "cn-gacc-decree-272 art. 13"), rounds_to=FEN, name="customs_value")
def retail_value(m: Any, transaction_value: Any, carriage_share: Any, premium_share: Any) -> Any:
    """The taxable price (完税价格) of a line: the retail price actually paid with freight and insurance, in yuan."""
    return transaction_value + carriage_share + premium_share


@rule(cites=LIMITS)
def annual_purchases(m: Any, cbec_used: Any, total_customs_value: Any) -> Any:
    """What the buyer will have bought in the year with this order, in yuan; held against the annual limit."""
    return cbec_used + total_customs_value


@rule(cites=(NOTICE, LIMITS))
def tax_share(m: Any, total_customs_value: Any, cbec_order_limit: Any, cbec_tax_share: Any) -> Any:
    """The share of the taxes that is due of a single item: all of them where it is dearer than the limit of an order."""
    return m.where(total_customs_value <= cbec_order_limit, cbec_tax_share, m.num(1))


@rule(cites=NOTICE, rounds_to=FEN, payee="customs", due=DUE, name="customs_duty")
def retail_duty(m: Any, customs_value: Any, cbec_duty_rate: Any) -> Any:
    """Duty within the limit of an order, at the rate set for the time being, in yuan."""
    return customs_value * cbec_duty_rate


@rule(cites=(NOTICE, LIMITS), rounds_to=FEN, payee="customs", due=DUE, name="customs_duty")
def retail_duty_of_item(
    m: Any,
    customs_value: Any,
    cbec_duty_rate: Any,
    full_customs_duty: Any,
    total_customs_value: Any,
    cbec_order_limit: Any,
) -> Any:
    """Duty of a single item: in full where it is dearer than the limit of an order, in yuan."""
    return m.where(total_customs_value <= cbec_order_limit, customs_value * cbec_duty_rate, full_customs_duty)


@rule(cites=(NOTICE, LIMITS), rounds_to=FEN, payee="customs", due=DUE, name="consumption_tax")
def retail_consumption_tax(m: Any, full_consumption_tax: Any, tax_share: Any) -> Any:
    """The share of the consumption tax that is due, in yuan."""
    return full_consumption_tax * tax_share


@rule(cites=(NOTICE, LIMITS), rounds_to=FEN, payee="customs", due=DUE, name="vat")
def retail_vat(m: Any, customs_value: Any, full_consumption_tax: Any, vat_rate: Any, tax_share: Any) -> Any:
    """The share of the VAT that is due: its base holds the whole consumption tax, in yuan."""
    return (customs_value + full_consumption_tax) * vat_rate * tax_share


@rule(cites=(NOTICE, LIMITS), rounds_to=FEN, payee="customs", due=DUE, name="vat")
def retail_vat_of_item(
    m: Any,
    customs_value: Any,
    full_consumption_tax: Any,
    vat_rate: Any,
    tax_share: Any,
    total_customs_value: Any,
    cbec_order_limit: Any,
    customs_duty: Any,
    consumption_tax: Any,
) -> Any:
    """VAT of a single item: over the limit in full, on the taxes as rounded, in yuan."""
    return m.where(
        total_customs_value <= cbec_order_limit,
        (customs_value + full_consumption_tax) * vat_rate * tax_share,
        (customs_value + customs_duty + consumption_tax) * vat_rate,
    )
