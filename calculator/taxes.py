"""The taxes collected with the duty: consumption tax and import VAT, each in the order and on the base the law names."""

from typing import Any

from calculator.duty import DUE
from calculator.money import FEN
from calculator.rules import rule

EXCISE = "cn-consumption-tax-regulations"
VAT = "cn-vat-law-2024"


@rule(cites=(f"{EXCISE} art. 5", f"{EXCISE} art. 9"), rounds_to=FEN, payee="customs", due=DUE)
def consumption_tax(
    m: Any,
    customs_value: Any,
    customs_duty_due: Any,
    trade_remedies: Any,
    excise_rate: Any,
    excise_quantity: Any,
    excise_per_unit: Any,
) -> Any:
    """Consumption tax on the composite assessable price (组成计税价格), which contains the tax itself, in yuan."""
    base = customs_value + customs_duty_due + trade_remedies + excise_quantity * excise_per_unit
    return m.divide(base * excise_rate, m.num(1) - excise_rate) + excise_quantity * excise_per_unit


@rule(cites=f"{EXCISE} art. 5", rounds_to=FEN, payee="customs", due=DUE, name="consumption_tax")
def consumption_tax_per_unit(m: Any, excise_quantity: Any, excise_per_unit: Any) -> Any:
    """Consumption tax by quantity alone (从量), in yuan."""
    return excise_quantity * excise_per_unit


@rule(cites=f"{EXCISE} art. 5", rounds_to=FEN, payee="customs", due=DUE, name="consumption_tax")
def consumption_tax_per_unit_by_value(
    m: Any,
    customs_value: Any,
    excise_threshold: Any,
    threshold_rate: Any,
    threshold_quantity: Any,
    excise_quantity: Any,
    excise_per_unit: Any,
    excise_per_unit_below: Any,
) -> Any:
    """Consumption tax by quantity, of two classes told apart by the customs value for each unit (beer), in yuan."""
    return m.where(
        customs_value >= excise_threshold * threshold_rate * threshold_quantity,
        excise_quantity * excise_per_unit,
        excise_quantity * excise_per_unit_below,
    )


@rule(cites=(f"{EXCISE} art. 5", f"{EXCISE} art. 9"), rounds_to=FEN, payee="customs", due=DUE, name="consumption_tax")
def consumption_tax_by_value(
    m: Any,
    customs_value: Any,
    customs_duty_due: Any,
    trade_remedies: Any,
    excise_threshold: Any,
    threshold_quantity: Any,
    excise_rate: Any,
    excise_rate_below: Any,
) -> Any:
    """Consumption tax by value, of two classes told apart by the customs value for each unit (cosmetics, watches), in yuan.

    Under the threshold most categories are not taxed at all.
    """
    base = customs_value + customs_duty_due + trade_remedies
    return m.where(
        customs_value >= excise_threshold * threshold_quantity,
        m.divide(base * excise_rate, m.num(1) - excise_rate),
        m.divide(base * excise_rate_below, m.num(1) - excise_rate_below),
    )


@rule(cites="mof-sta-2025-3")
def own_car_rate(
    m: Any, customs_value: Any, luxury_threshold: Any, threshold_quantity: Any, excise_rate: Any, luxury_rate: Any
) -> Any:
    """The rate on a car for the importer's own use: a super-luxury car (超豪华小汽车) bears the additional rate as well."""
    dear = customs_value >= luxury_threshold * threshold_quantity
    return m.where(dear, excise_rate + luxury_rate, excise_rate)


@rule(cites="cn-gacc-2009-27", rounds_to=FEN, payee="customs", due=DUE, name="consumption_tax")
def consumption_tax_on_cigarettes(
    m: Any,
    customs_value: Any,
    customs_duty_due: Any,
    trade_remedies: Any,
    excise_quantity: Any,
    excise_per_unit: Any,
    excise_threshold: Any,
    excise_rate: Any,
    excise_rate_below: Any,
) -> Any:
    """Compound consumption tax on cigarettes: the class is found with the lower rate, the tax with the class's, in yuan."""
    base = customs_value + customs_duty_due + trade_remedies + excise_quantity * excise_per_unit
    dear = m.divide(base, m.num(1) - excise_rate_below) >= excise_threshold * excise_quantity
    rate = m.where(dear, excise_rate, excise_rate_below)
    return m.divide(base * rate, m.num(1) - rate) + excise_quantity * excise_per_unit


@rule(cites="cn-small-import-taxes", rounds_to=FEN, payee="customs", shown="nonzero")
def consumption_tax_waiver(
    m: Any, consumption_tax: Any, total_consumption_tax: Any, consumption_tax_waiver_limit: Any
) -> Any:
    """A consignment whose consumption tax is within the limit pays none: the tax taken off again, in yuan."""
    return m.where(total_consumption_tax <= consumption_tax_waiver_limit, m.num(0) - consumption_tax, m.num(0))


@rule(cites=f"{VAT} art. 14", rounds_to=FEN, payee="customs", due=DUE)
def vat(
    m: Any,
    customs_value: Any,
    customs_duty_due: Any,
    trade_remedies: Any,
    consumption_tax_due: Any,
    vat_rate: Any,
) -> Any:
    """Import VAT on customs value, duties and consumption tax together, each as rounded, in yuan."""
    return (customs_value + customs_duty_due + trade_remedies + consumption_tax_due) * vat_rate


@rule(cites="cn-small-import-taxes", rounds_to=FEN, payee="customs", shown="nonzero")
def vat_waiver(m: Any, vat: Any, total_vat: Any, vat_waiver_limit: Any) -> Any:
    """A consignment whose import VAT is within the limit pays none: the tax taken off again, in yuan."""
    return m.where(total_vat <= vat_waiver_limit, m.num(0) - vat, m.num(0))
