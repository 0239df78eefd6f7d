"""Customs duty in every form of the law, and the trade-remedy duties on top of it (Customs Tariff Law arts. 16 to 23)."""

from typing import Any

from calculator.money import FEN, half_up
from calculator.rules import rule

LAW = "cn-customs-tariff-law-2024"
DUE = "within_15_days_of_declaration"


@rule(cites=f"{LAW} art. 23", rounds_to=FEN, payee="customs", due=DUE)
def customs_duty(m: Any, customs_value: Any, duty_rate: Any, duty_quantity: Any, duty_per_unit: Any) -> Any:
    """Duty by value (从价), by quantity (从量) or both added (复合), in yuan; the form without a part lacks its facts."""
    return customs_value * duty_rate + duty_quantity * duty_per_unit


@rule(cites=f"{LAW} art. 23", rounds_to=FEN, payee="customs", due=DUE, name="customs_duty")
def lower_duty(m: Any, customs_value: Any, duty_rate: Any, duty_quantity: Any, duty_per_unit: Any) -> Any:
    """The lower of a duty by value and one by quantity (两者从低), in yuan."""
    return m.least(customs_value * duty_rate, duty_quantity * duty_per_unit)


@rule(cites=f"{LAW} art. 23", rounds_to=FEN, payee="customs", due=DUE, name="customs_duty")
def duty_by_value(
    m: Any,
    customs_value: Any,
    value_threshold: Any,
    threshold_rate: Any,
    threshold_quantity: Any,
    duty_rate_below: Any,
    duty_rate: Any,
    duty_quantity: Any,
    duty_per_unit: Any,
) -> Any:
    """One share up to a customs value for each unit, a compound duty above it, in yuan."""
    return m.where(
        customs_value <= value_threshold * threshold_rate * threshold_quantity,
        customs_value * duty_rate_below,
        customs_value * duty_rate + duty_quantity * duty_per_unit,
    )


@rule(cites="cn-tariff-plan-2026 cotton", rounds_to=half_up(3, "cn-tariff-plan-2026 cotton"))
def sliding_rate(m: Any, customs_value: Any, duty_quantity: Any, sliding_a: Any, sliding_b: Any) -> Any:
    """The rate of the sliding duty (滑准税): a ÷ P + b × P − 1, P the customs value for each unit; to three decimals."""
    return (
        m.divide(sliding_a * duty_quantity, customs_value)
        + m.divide(sliding_b * customs_value, duty_quantity)
        - m.num(1)
    )


@rule(cites="cn-tariff-plan-2026 cotton", rounds_to=FEN, payee="customs", due=DUE, name="customs_duty")
def sliding_duty(
    m: Any,
    customs_value: Any,
    duty_quantity: Any,
    sliding_rate: Any,
    sliding_threshold: Any,
    sliding_cap: Any,
    duty_per_unit: Any,
) -> Any:
    """At or above the threshold an amount for each unit, below it the sliding rate or its cap, in yuan."""
    return m.where(
        customs_value >= sliding_threshold * duty_quantity,
        duty_quantity * duty_per_unit,
        customs_value * m.least(sliding_rate, sliding_cap),
    )


@rule(cites=(f"{LAW} art. 16", f"{LAW} art. 17", f"{LAW} art. 18"), rounds_to=FEN, payee="customs", due=DUE)
def trade_remedy(m: Any, customs_value: Any, remedy_rate: Any, remedy_quantity: Any, remedy_per_unit: Any) -> Any:
    """A trade-remedy duty or the deposit for one, in yuan: anti-dumping (反倾销税), countervailing (反补贴税), safeguard
    (保障措施关税) or retaliatory (报复性关税), by value, by quantity or both. It enters the bases of the taxes that follow."""
    return customs_value * remedy_rate + remedy_quantity * remedy_per_unit


@rule(cites=f"{LAW} art. 32", rounds_to=FEN, payee="customs", shown="nonzero")
def duty_waiver(m: Any, customs_duty: Any, total_customs_duty: Any, duty_waiver_limit: Any) -> Any:
    """A consignment whose duty is within the limit pays none (免征额度内的一票货物): the duty taken off again, in yuan."""
    return m.where(total_customs_duty <= duty_waiver_limit, m.num(0) - customs_duty, m.num(0))
