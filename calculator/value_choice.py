"""The facts and rules of a line's own value: its price in yuan, and the legal additions and deductions stated for it."""

from calculator.dossier import LineDossier
from calculator.measuring import quantity_in
from calculator.passes import ASSESSED
from calculator.plan import Fact
from calculator.request import GoodsLine
from calculator.rules import Rule, sum_of
from calculator.valuation import addition_in_yuan, at_rate, deduction_in_yuan, invoice_value


def priced(line: GoodsLine, found: LineDossier, pointer: str, facts: dict[str, Fact]) -> tuple[Rule, ...]:
    """What the invoice states for the line, and what that is in yuan at the customs rate.

    A customs value that customs itself set is laid beside it, for the rule that takes it in place of the reckoned one.
    """
    price = line.price
    if line.customs_value is not None:
        where = f"{pointer}/customs_value"
        facts[ASSESSED] = Fact.of_request(line.customs_value.amount, where, line.customs_value.currency)
    rate = f"customs_rate:{price.currency}"
    in_yuan = at_rate.renamed("transaction_value", amount="invoice_value", rate=rate)
    if price.per == "total":
        facts["invoice_value"] = Fact.of_request(price.amount, f"{pointer}/price", price.currency)
        return (in_yuan,)
    facts["unit_price"] = Fact.of_request(price.amount, f"{pointer}/price", f"{price.currency}/{price.per}")
    facts["priced_quantity"] = quantity_in(price.per, line, found, pointer, "price")
    return (invoice_value, in_yuan)


def adjusted(kind: str, line: GoodsLine, pointer: str, facts: dict[str, Fact]) -> tuple[Rule, ...]:
    """The legal adjustments of one kind, each in yuan at the customs rate, and their sum."""
    stated = line.additions if kind == "additions" else line.deductions
    rules = []
    for place, adjustment in enumerate(stated):
        name = f"{kind}:{adjustment.code}:{place}"
        money = adjustment.amount
        facts[f"{name}_amount"] = Fact.of_request(money.amount, f"{pointer}/{kind}/{place}/amount", money.currency)
        in_yuan = addition_in_yuan if kind == "additions" else deduction_in_yuan
        rules.append(in_yuan.renamed(name, amount=f"{name}_amount", rate=f"customs_rate:{money.currency}"))
    return (*rules, sum_of(kind, [each.name for each in rules], shown="never")) if rules else ()
