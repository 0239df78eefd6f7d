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
    return (
        Pass(
            (*legs.customs, sum_of("dutiable_carriage", legs.carriage, shown="never")),
            tuple((*line.value, _price(line), *line.additions, *line.deductions) for line in lines),
        ),
        Pass(_premium(legs), tuple(_valued(legs, line, ddp, untaxed) for line in lines)),
        Pass(lines=tuple((*_less("customs_duty", duty_waiver, "duty" in waivers), *_excise(line)) for line in lines)),
        Pass(
            lines=tuple(
                (
                    *_less("consumption_tax", consumption_tax_waiver, "consumption_tax" in waivers),
                    vat if line.remedies else vat.without("trade_remedies"),
                )
                for line in lines
            )
        ),
        Pass(
            tuple(legs.market),
            tuple(_totalled(legs, line, ddp, "vat" in waivers) for line in lines),
        ),
        Pass((_consignment_total(len(lines)),)),
    )


def _consignment_total(lines: int) -> Rule:
    """The landed cost of all lines; of one line it is that line's, told already."""
    shown = "always" if lines > 1 else "never"
    return sum_of("landed_cost", [f"total_{name}" for name in TOTALS], shown=shown)


def _excise(line: LineRules) -> tuple[Rule, ...]:
    return line.excise if line.remedies else tuple(each.without("trade_remedies") for each in line.excise)


def _price(line: LineRules) -> Rule:
    """The price of a line at the market rate; the rate's name tells the currency."""
    currency = next(name for name in line.value[-1].inputs if name.startswith("customs_rate:")).partition(":")[2]
    return in_yuan.renamed("price_value", amount="invoice_value", rate=f"market_rate:{currency}")


def _premium(legs: Legs) -> tuple[Rule, ...]:
    if legs.premium == ["premium@customs"]:
        by_rate = premium_by_rate.renamed("premium@customs")
        return (by_rate, sum_of("dutiable_premium", legs.premium, shown="never"), *_inland(legs))
    return (sum_of("dutiable_premium", legs.premium, shown="never"), *_inland(legs))


def _inland(legs: Legs) -> tuple[Rule, ...]:
    return (sum_of("inland_costs", legs.inland, shown="never"),)


def _valued(legs: Legs, line: LineRules, ddp: bool, untaxed: frozenset[str]) -> tuple[Rule, ...]:
    """From the price to the duties of a line."""
    rules: list[Rule] = []
    present = {"additions": bool(line.additions), "deductions": bool(line.deductions)}
    for name, share, wanted in (
        ("carriage_share", carriage_share, bool(legs.carriage)),
        ("premium_share", premium_share, bool(legs.premium)),
        ("inland_share", inland_share, bool(legs.inland)),
    ):
        present[name] = wanted
        if wanted:
            rules.append(share)
    present["presumed_premium"] = legs.presumed
    if legs.presumed:
        absent = [name for name in ("carriage_share", "inland_share") if not present[name]]
        rules += [presumed_premium.without(*absent), presumed_insurance]
    if ddp:
        lacking = [name for name in customs_value_from_ddp.inputs if name in _DDP_FACTS and name not in line.facts]
        lacking += [name for tax in untaxed for name in _FACTS_OF_TAX[tax]]
        rules.append(customs_value_from_ddp.without(*lacking, *_absent(legs, line)))
    else:
        rules.append(customs_value.without(*(name for name, there in present.items() if not there)))
    return (*rules, *line.duty, *line.remedies)


_DDP_FACTS = frozenset(
    {"duty_rate", "duty_quantity", "duty_per_unit", "remedy_rate", "excise_rate", "excise_quantity", "excise_per_unit"}
)


_FACTS_OF_TAX = {
    "duty": ("duty_rate", "duty_quantity", "duty_per_unit"),
    "consumption_tax": ("excise_rate", "excise_quantity", "excise_per_unit"),
    "vat": ("vat_rate",),
}


def _absent(legs: Legs, line: LineRules) -> list[str]:
    """What the value of a delivered-duty-paid line does not have."""
    present = {
        "additions": line.additions,
        "deductions": line.deductions,
        "premium_share": legs.premium,
        "inland_share": legs.inland,
    }
    return [name for name, there in present.items() if not there]


def _less(tax: str, waiver: Rule, waived: bool) -> tuple[Rule, ...]:
    """What is due of a tax: as reckoned, or less what the waiver takes off."""
    due = f"{tax}_due"
    if not waived:
        return (sum_of(due, [tax], shown="never"),)
    return (waiver, sum_of(due, [tax, waiver.name], shown="never"))


def _totalled(legs: Legs, line: LineRules, ddp: bool, waived: bool) -> tuple[Rule, ...]:
    """What is due of each tax, the line's parts of the common costs, and what is left as the price of the goods."""
    taxes = [name for name in TAXES if name != "trade_remedies" or line.remedies]
    rules = [*_less("vat", vat_waiver, waived), sum_of("taxes", taxes), *legs.shares]
    rules += [sum_of(category, legs.parts[category], shown="never") for category in CATEGORIES]
    lacking = [] if legs.inside else ["stated_inside"]
    if legs.inside:
        rules.append(sum_of("stated_inside", legs.inside, shown="never"))
    named = goods.renamed("goods", taxes_inside="taxes")
    if not ddp:
        lacking.append("taxes")
    rules.append(named.without(*lacking))
    if ddp:
        rules.append(closing_difference.without(*_absent(legs, line)))
    rules.append(sum_of("landed_cost", TOTALS))
    return tuple(rules)
