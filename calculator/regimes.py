"""The tax regimes as ordered tuples of rules, nothing else."""

from collections.abc import Sequence

from calculator.duty import duty_waiver
from calculator.legs import Legs
from calculator.passes import LineRules, Regime, absent, less, premium_and_inland, prices, shares
from calculator.post import postal_articles_tax, postal_tax_waiver, postal_value
from calculator.retail import (
    annual_purchases,
    retail_consumption_tax,
    retail_duty,
    retail_duty_of_item,
    retail_value,
    retail_vat,
    retail_vat_of_item,
    tax_share,
)
from calculator.rules import Pass, Rule
from calculator.taxes import consumption_tax_waiver, vat, vat_waiver
from calculator.valuation import customs_value, customs_value_from_ddp, presumed_insurance, presumed_premium

# What each regime calls its taxes: in the sums they follow one another in this order.
GENERAL = ("customs_duty_due", "trade_remedies", "consumption_tax_due", "vat_due")
RETAIL = ("customs_duty_due", "consumption_tax_due", "vat_due")
POST = ("postal_articles_tax_due",)


def general_trade(
    legs: Legs,
    lines: Sequence[LineRules],
    ddp: bool,
    waivers: tuple[str, ...],
    untaxed: frozenset[str] = frozenset(),
    late: tuple[Rule, ...] = (),
) -> Regime:
    """General trade (一般贸易): value, duty, consumption tax and VAT of each line, waivers of the consignment, totals.

    `untaxed` are taxes that a delivered-duty-paid price does not contain, since they are waived; `late` what coming late
    costs the consignment.
    """
    each = [(line, absent(legs, line)) for line in lines]
    passes = (
        prices(legs, lines),
        Pass(premium_and_inland(legs), tuple(_valued(legs, line, lacks, ddp, untaxed) for line, lacks in each)),
        Pass(
            lines=tuple(
                (
                    *less("customs_duty", duty_waiver, "duty" in waivers),
                    *(tax.without(*lacks) for tax in line.excise),
                )
                for line, lacks in each
            )
        ),
        Pass(
            lines=tuple(
                (
                    *less("consumption_tax", consumption_tax_waiver, "consumption_tax" in waivers),
                    vat.without(*lacks),
                )
                for _, lacks in each
            )
        ),
        Pass(lines=tuple(less("vat", vat_waiver, "vat" in waivers) for _ in lines)),
    )
    return Regime(passes, tuple(lines), GENERAL, ddp, late)


def cbec_retail(legs: Legs, lines: Sequence[LineRules], single_item: bool) -> Regime:
    """Cross-border e-commerce retail import (跨境电子商务零售进口): 70% of the taxes within the limits, no duty.

    A `single_item` that cannot be divided may be dearer than the limit of an order, and is then taxed in full.
    """
    each = [(line, absent(legs, line)) for line in lines]
    passes = (
        prices(legs, lines),
        Pass(
            premium_and_inland(legs),
            tuple(
                (
                    *shares((*lacks, "inland_share")),
                    line.valued(retail_value.without(*lacks)),
                    *(_in_full(line.duty) if single_item else ()),
                )
                for line, lacks in each
            ),
        ),
        Pass(
            (annual_purchases, *((tax_share,) if single_item else ())),
            tuple(
                (
                    retail_duty_of_item if single_item else retail_duty,
                    *less("customs_duty"),
                    *_unrounded(line.excise),
                    retail_consumption_tax,
                    *less("consumption_tax"),
                    retail_vat_of_item if single_item else retail_vat,
                    *less("vat"),
                )
                for line, _ in each
            ),
        ),
    )
    return Regime(passes, tuple(lines), RETAIL)


def postal_articles(legs: Legs, lines: Sequence[LineRules]) -> Regime:
    """Personal articles by post (个人邮递物品): one tax at the rate of the class of each line, waived where it is small."""
    passes = (
        prices(legs, lines),
        Pass(
            premium_and_inland(legs),
            tuple((line.valued(postal_value), *line.duty, postal_articles_tax) for line in lines),
        ),
        Pass(lines=tuple(less("postal_articles_tax", postal_tax_waiver, True) for _ in lines)),
    )
    return Regime(passes, tuple(lines), POST)


def _in_full(duty: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The duty of general trade, as a figure of its own."""
    return (*duty[:-1], duty[-1].renamed("full_customs_duty"))


def _unrounded(excise: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The consumption tax that the law asks, unrounded: only the share that is due is."""
    return (*excise[:-1], excise[-1].without("trade_remedies").unrounded("full_consumption_tax"))


def _valued(
    legs: Legs, line: LineRules, lacks: tuple[str, ...], ddp: bool, untaxed: frozenset[str]
) -> tuple[Rule, ...]:
    """From the price to the duties of a line."""
    rules = list(shares(lacks))
    if legs.presumed:
        rules += [presumed_premium.without(*lacks), presumed_insurance]
    if ddp:
        unstated = [name for facts in _FACTS_OF_TAX.values() for name in facts if name not in line.facts]
        contained = [name for tax in untaxed for name in _FACTS_OF_TAX[tax]]
        rules.append(line.valued(customs_value_from_ddp.without(*lacks, *unstated, *contained)))
    else:
        rules.append(line.valued(customs_value.without(*lacks)))
    return (*rules, *line.duty, *line.remedies)


# The figures of each tax that the customs value inside a delivered-duty-paid price is solved with.
_FACTS_OF_TAX = {
    "duty": ("duty_rate", "duty_quantity", "duty_per_unit"),
    "trade_remedies": ("remedy_rate",),
    "consumption_tax": ("excise_rate", "excise_quantity", "excise_per_unit"),
    "vat": ("vat_rate",),
}
