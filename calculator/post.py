"""The one tax on personal articles by post (进境物品进口税), which stands for duty, consumption tax and VAT together."""

from typing import Any

from calculator.money import FEN
from calculator.rules import rule

LIST = "postal-articles-list"


@rule(cites="gacc-2024-176", rounds_to=FEN, name="customs_value")
def postal_value(m: Any, transaction_value: Any) -> Any:
    """The dutiable value of articles of a line: the price actually paid, without the postage, in yuan."""
    return transaction_value


@rule(cites=LIST)
def postal_rate(
    m: Any,
    customs_value: Any,
    postal_threshold: Any,
    threshold_quantity: Any,
    postal_rate_from: Any,
    postal_rate_below: Any,
) -> Any:
    """The rate of articles of two classes told apart by the value of a piece (watches)."""
    return m.where(customs_value >= postal_threshold * threshold_quantity, postal_rate_from, postal_rate_below)


@rule(cites=LIST, rounds_to=FEN, payee="customs", due="before_release")
def postal_articles_tax(m: Any, customs_value: Any, postal_rate: Any) -> Any:
    """The tax on personal articles (进境物品进口税), at the rate of their class, in yuan."""
    return customs_value * postal_rate


@rule(cites="postal-tax-waiver", rounds_to=FEN, payee="customs", shown="nonzero")
def postal_tax_waiver(
    m: Any, postal_articles_tax: Any, total_postal_articles_tax: Any, postal_waiver_limit: Any
) -> Any:
    """A parcel whose tax is within the limit pays none: the tax taken off again, in yuan."""
    return m.where(total_postal_articles_tax <= postal_waiver_limit, m.num(0) - postal_articles_tax, m.num(0))
