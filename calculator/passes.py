"""The passes that every regime has: what the lines cost, their parts of common costs, what is due, and the sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from calculator.allocation import part, whole
from calculator.legs import CATEGORIES, Legs, in_yuan
from calculator.payment_choice import COST
from calculator.rules import Pass, Rule, rule, sum_of
from calculator.valuation import (
    assessed_value,
    carriage_share,
    closing_difference,
    inland_share,
    premium_by_rate,
    premium_share,
)

TOTALS = ("goods", *CATEGORIES, "taxes", "payment_cost")
# What the buyer's fees are shared by.
PRICE = {"running_weight": "running_price_value", "weight": "price_value", "total_weight": "total_price_value"}
SHARES = (carriage_share, premium_share, inland_share)
# The customs value of a line that customs itself set.
ASSESSED = "assessed_customs_value"


@dataclass(frozen=True, slots=True)
class LineRules:
    """The rules that are a line's own; `facts` are the names the line states, so that what is absent leaves a formula."""

    value: tuple[Rule, ...]
    additions: tuple[Rule, ...] = ()
    deductions: tuple[Rule, ...] = ()
    duty: tuple[Rule, ...] = ()
    remedies: tuple[Rule, ...] = ()
    excise: tuple[Rule, ...] = ()
    facts: frozenset[str] = frozenset()

    def valued(self, reckoned: Rule) -> Rule:
        """The rule of the customs value: as reckoned, unless customs itself set it."""
        return assessed_value if ASSESSED in self.facts else reckoned


@rule()
def goods(m: object, price_value: object, stated_inside: object, taxes_inside: object) -> object:
    """The goods themselves: their price less what it contains and is stated apart, in yuan at the market rate."""
    return price_value - stated_inside - taxes_inside  # type: ignore[operator]


def prices(legs: Legs, lines: Sequence[LineRules]) -> Pass:
    """What the invoice states, at both rates, with its legal adjustments, and the carriage that counts into the value."""
    return Pass(
        (*legs.customs, sum_of("dutiable_carriage", legs.carriage, shown="never")),
        tuple((*line.value, _price(line), *line.additions, *line.deductions) for line in lines),
    )


def premium_and_inland(legs: Legs) -> tuple[Rule, ...]:
    """The premium and the inland costs of the consignment at the customs rate."""
    by_rate = (premium_by_rate.renamed("premium@customs"),) if legs.premium == ["premium@customs"] else ()
    return (
        *by_rate,
        sum_of("dutiable_premium", legs.premium, shown="never"),
        sum_of("inland_costs", legs.inland, shown="never"),
    )


def absent(legs: Legs, line: LineRules) -> tuple[str, ...]:
    """What a line does not have, so that it leaves the formulas of its rules."""
    present = {
        "additions": line.additions,
        "deductions": line.deductions,
        "trade_remedies": line.remedies,
        "carriage_share": legs.carriage,
        "premium_share": legs.premium,
        "inland_share": legs.inland,
        "presumed_premium": legs.presumed,
        "stated_inside": legs.inside,
    }
    return tuple(name for name, there in present.items() if not there)


def shares(lacks: tuple[str, ...]) -> tuple[Rule, ...]:
    """A line's parts of the costs that count into the values or leave them."""
    return tuple(share for share in SHARES if share.name not in lacks)


def less(tax: str, waiver: Rule | None = None, waived: bool = False) -> tuple[Rule, ...]:
    """What is due of a tax: as reckoned, or less what the waiver takes off."""
    due = f"{tax}_due"
    if waiver is None or not waived:
        return (sum_of(due, [tax], shown="never"),)
    return (waiver, sum_of(due, [tax, waiver.name], shown="never"))


@dataclass(frozen=True, slots=True)
class Regime:
    """The passes of a regime up to its taxes, and what the sums behind them are made of.

    `taxes` are the names of what is due, `late` what coming late costs: it is reckoned on the taxes before they are summed up.
    """

    passes: tuple[Pass, ...]
    lines: tuple[LineRules, ...]
    taxes: tuple[str, ...]
    ddp: bool = False
    late: tuple[Rule, ...] = ()

    def totalled(self, legs: Legs) -> tuple[Pass, ...]:
        """All passes, with the sums of each line and of the consignment behind."""
        return (
            *self.passes,
            Pass(
                (*legs.market, *self.late),
                tuple(_totalled(legs, line, self.taxes, self.ddp) for line in self.lines),
            ),
            Pass((_consignment_total(len(self.lines)),)),
        )


def _totalled(legs: Legs, line: LineRules, taxes: tuple[str, ...], ddp: bool) -> tuple[Rule, ...]:
    """The sum of the taxes, the line's parts of the common costs, and what is left as the price of the goods."""
    lacks = absent(legs, line)
    rules = [sum_of("taxes", [name for name in taxes if name != "trade_remedies" or line.remedies]), *legs.shares]
    rules += [sum_of(category, legs.parts[category], shown="never") for category in CATEGORIES]
    if legs.paid:
        rules.append(
            part.renamed("payment_cost", cost=COST, **PRICE)
            if legs.weight
            else whole.renamed("payment_cost", cost=COST)
        )
    if legs.inside:
        rules.append(sum_of("stated_inside", legs.inside, shown="never"))
    rules.append(goods.renamed("goods", taxes_inside="taxes").without(*lacks, *(() if ddp else ("taxes",))))
    if ddp:
        rules.append(closing_difference.without(*lacks))
    rules.append(sum_of("landed_cost", TOTALS))
    return tuple(rules)


def _consignment_total(lines: int) -> Rule:
    """The landed cost of all lines; of one line it is that line's, told already."""
    shown = "always" if lines > 1 else "never"
    return sum_of("landed_cost", [f"total_{name}" for name in TOTALS], shown=shown)


def _price(line: LineRules) -> Rule:
    """The price of a line at the market rate; the rate's name tells the currency."""
    currency = next(name for name in line.value[-1].inputs if name.startswith("customs_rate:")).partition(":")[2]
    return in_yuan.renamed("price_value", amount="invoice_value", rate=f"market_rate:{currency}")
