"""What the buyer reckons beside the landed cost: money tied up, days in store or at a plug, and goods that are lost.

None of it is paid to get the goods in, so that it stays out of the landed cost and makes a figure of its own.
"""

from typing import Any

from calculator.money import FEN
from calculator.rules import rule


@rule(rounds_to=FEN)
def holding_finance(m: Any, total_price_value: Any, finance_rate: Any, finance_days: Any, finance_year: Any) -> Any:
    """Interest on the price of the goods for the days that the money is tied up, in yuan."""
    return m.divide(total_price_value * finance_rate * finance_days, finance_year)


@rule(rounds_to=FEN)
def holding_store(m: Any, total_gross_kg: Any, store_rate: Any, store_days: Any, rate: Any) -> Any:
    """Cold store by the tonne and the day, in yuan."""
    return m.divide(total_gross_kg * store_rate * store_days * rate, m.num(1000))


@rule(rounds_to=FEN)
def holding_plug(m: Any, containers: Any, plug_rate: Any, plug_days: Any, rate: Any) -> Any:
    """Power and watch for reefers on land, by the container and the day, in yuan."""
    return containers * plug_rate * plug_days * rate


@rule(rounds_to=FEN)
def holding_loss(m: Any, landed_cost: Any, loss_share: Any) -> Any:
    """What the goods that arrive fit for sale cost more, since they bear those that do not: cost ÷ (1 − loss) − cost."""
    return m.divide(landed_cost * loss_share, m.num(1) - loss_share)
