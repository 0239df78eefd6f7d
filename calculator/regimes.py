"""The tax regimes as ordered tuples of rules, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from calculator.duty import duty_waiver
from calculator.legs import CATEGORIES, Legs, in_yuan
from calculator.rules import Pass, Rule, rule, sum_of
from calculator.taxes import consumption_tax_waiver, vat, vat_waiver
from calculator.valuation import (
    carriage_share,
    closing_difference,
    customs_value,
    customs_value_from_ddp,
    inland_share,
    premium_by_rate,
    premium_share,
    presumed_insurance,
    presumed_premium,
)

TAXES = ("customs_duty_due", "trade_remedies", "consumption_tax_due", "vat_due")
TOTALS = ("goods", *CATEGORIES, "taxes", "payment_cost")


@dataclass(frozen=True, slots=True)
class LineRules:
    """The rules that are a line's own; `facts` are the names the line states, so that what is absent leaves a formula."""

    value: tuple[Rule, ...]
    additions: tuple[Rule, ...]
    deductions: tuple[Rule, ...]
    duty: tuple[Rule, ...]
    remedies: tuple[Rule, ...]
    excise: tuple[Rule, ...]
    facts: frozenset[str]


@rule()
def goods(m: object, price_value: object, stated_inside: object, taxes_inside: object) -> object:
    """The goods themselves: their price less what it contains and is stated apart, in yuan at the market rate."""
    return price_value - stated_inside - taxes_inside  # type: ignore[operator]


def general_trade(
    legs: Legs, lines: Sequence[LineRules], ddp: bool, waivers: tuple[str, ...], untaxed: frozenset[str] = frozenset()
) -> tuple[Pass, ...]:
    """General trade (一般贸易): value, duty, consumption tax and VAT of each line, waivers of the consignment, totals.

    `untaxed` are taxes that a delivered-duty-paid price does not contain, since they are waived.
    """
    each = [(line, _absent(legs, line)) for line in lines]
    return (
        Pass(
            (*legs.customs, sum_of("dutiable_carriage", legs.carriage, shown="never")),
            tuple((*line.value, _price(line), *line.additions, *line.deductions) for line in lines),
        ),
        Pass(_common(legs), tuple(_valued(legs, line, absent, ddp, untaxed) for line, absent in each)),
        Pass(
            lines=tuple(
                (
                    *_less("customs_duty", duty_waiver, "duty" in waivers),
                    *(tax.without(*absent) for tax in line.excise),
                )
                for line, absent in each
            )
        ),
        Pass(
            lines=tuple(
                (
                    *_less("consumption_tax", consumption_tax_waiver, "consumption_tax" in waivers),
                    vat.without(*absent),
                )
                for _, absent in each
            )
        ),
        Pass(
            tuple(legs.market),
            tuple(_totalled(legs, line, absent, ddp, "vat" in waivers) for line, absent in each),
        ),
        Pass((_consignment_total(len(lines)),)),
    )


def _consignment_total(lines: int) -> Rule:
    """The landed cost of all lines; of one line it is that line's, told already."""
    shown = "always" if lines > 1 else "never"
    return sum_of("landed_cost", [f"total_{name}" for name in TOTALS], shown=shown)


def _price(line: LineRules) -> Rule:
    """The price of a line at the market rate; the rate's name tells the currency."""
    currency = next(name for name in line.value[-1].inputs if name.startswith("customs_rate:")).partition(":")[2]
    return in_yuan.renamed("price_value", amount="invoice_value", rate=f"market_rate:{currency}")


def _common(legs: Legs) -> tuple[Rule, ...]:
    """The premium and the inland costs of the consignment at the customs rate."""
    by_rate = (premium_by_rate.renamed("premium@customs"),) if legs.premium == ["premium@customs"] else ()
    return (
        *by_rate,
        sum_of("dutiable_premium", legs.premium, shown="never"),
        sum_of("inland_costs", legs.inland, shown="never"),
    )


def _absent(legs: Legs, line: LineRules) -> tuple[str, ...]:
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


def _valued(
    legs: Legs, line: LineRules, absent: tuple[str, ...], ddp: bool, untaxed: frozenset[str]
) -> tuple[Rule, ...]:
    """From the price to the duties of a line."""
    rules = [share for share in (carriage_share, premium_share, inland_share) if share.name not in absent]
    if legs.presumed:
        rules += [presumed_premium.without(*absent), presumed_insurance]
    if ddp:
        unstated = [name for facts in _FACTS_OF_TAX.values() for name in facts if name not in line.facts]
        contained = [name for tax in untaxed for name in _FACTS_OF_TAX[tax]]
        rules.append(customs_value_from_ddp.without(*absent, *unstated, *contained))
    else:
        rules.append(customs_value.without(*absent))
    return (*rules, *line.duty, *line.remedies)


# The figures of each tax that the customs value inside a delivered-duty-paid price is solved with.
_FACTS_OF_TAX = {
    "duty": ("duty_rate", "duty_quantity", "duty_per_unit"),
    "trade_remedies": ("remedy_rate",),
    "consumption_tax": ("excise_rate", "excise_quantity", "excise_per_unit"),
    "vat": ("vat_rate",),
}


def _less(tax: str, waiver: Rule, waived: bool) -> tuple[Rule, ...]:
    """What is due of a tax: as reckoned, or less what the waiver takes off."""
    due = f"{tax}_due"
    if not waived:
        return (sum_of(due, [tax], shown="never"),)
    return (waiver, sum_of(due, [tax, waiver.name], shown="never"))


def _totalled(legs: Legs, line: LineRules, absent: tuple[str, ...], ddp: bool, waived: bool) -> tuple[Rule, ...]:
    """What is due of each tax, the line's parts of the common costs, and what is left as the price of the goods."""
    taxes = [name for name in TAXES if name != "trade_remedies" or line.remedies]
    rules = [*_less("vat", vat_waiver, waived), sum_of("taxes", taxes), *legs.shares]
    rules += [sum_of(category, legs.parts[category], shown="never") for category in CATEGORIES]
    if legs.inside:
        rules.append(sum_of("stated_inside", legs.inside, shown="never"))
    rules.append(goods.renamed("goods", taxes_inside="taxes").without(*absent, *(() if ddp else ("taxes",))))
    if ddp:
        rules.append(closing_difference.without(*absent))
    rules.append(sum_of("landed_cost", TOTALS))
    return tuple(rules)
