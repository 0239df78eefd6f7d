"""The rules and figures that a duty brings into the walk, by its form (Customs Tariff Law art. 23)."""

from dataclasses import dataclass, replace
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.duty import customs_duty, duty_by_value, lower_duty, sliding_duty, sliding_rate
from calculator.duty_choice import ChosenDuty
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.money import half_up
from calculator.plan import Fact
from calculator.remedy_choice import WRITTEN
from calculator.request import GoodsLine
from calculator.rules import Rule
from calculator.tariff_line import AdValorem, ByValue, Compound, LowerOf, Sliding, Specific


@dataclass(frozen=True, slots=True)
class DutyPlan:
    """The rules and facts that a duty of some form brings into the walk."""

    rules: tuple[Rule, ...]
    facts: dict[str, Fact]
    zero: str

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which the duty states a threshold."""
        rates = (name for rule in self.rules for name in rule.inputs if name.startswith("customs_rate:"))
        return tuple(name.partition(":")[2] for name in rates)


def planned(chosen: ChosenDuty, line: GoodsLine, found: LineDossier, pointer: str) -> DutyPlan:
    """The rules of the form of a duty (art. 23), with its figures by name."""
    row = chosen.measure.row if chosen.measure is not None else None

    def figure(value: Decimal, unit: str = "", share: bool = False) -> Fact:
        if row is None:
            return Fact.of_request(value, f"{pointer}/tariff/duty", unit, share)
        return Fact.of_row(value, row, found.tariff_line.hs_code if found.tariff_line is not None else "", unit, share)

    def quantity(unit: str) -> Fact:
        return quantity_in(unit, line, found, pointer, "duty")

    rate = chosen.rate
    match rate:
        case AdValorem():
            rules: tuple[Rule, ...] = (customs_duty.without("duty_quantity", "duty_per_unit"),)
            return DutyPlan(rules, {"duty_rate": figure(rate.rate, share=True)}, "" if rate.rate else "zero_rate")
        case Specific():
            facts = {"duty_quantity": quantity(rate.unit), "duty_per_unit": figure(rate.amount, f"CNY/{rate.unit}")}
            return DutyPlan((customs_duty.without("duty_rate"),), facts, "" if rate.amount else "zero_rate")
        case Compound():
            facts = {
                "duty_rate": figure(rate.rate, share=True),
                "duty_quantity": quantity(rate.unit),
                "duty_per_unit": figure(rate.amount, f"CNY/{rate.unit}"),
            }
            return DutyPlan((customs_duty,), facts, "")
        case LowerOf(AdValorem() as by_value, Specific() as by_quantity) | LowerOf(
            Specific() as by_quantity, AdValorem() as by_value
        ):
            facts = {
                "duty_rate": figure(by_value.rate, share=True),
                "duty_quantity": quantity(by_quantity.unit),
                "duty_per_unit": figure(by_quantity.amount, f"CNY/{by_quantity.unit}"),
            }
            return DutyPlan((lower_duty,), facts, "")
        case ByValue(below=AdValorem() as below):
            facts = {
                "value_threshold": figure(rate.threshold, f"{rate.currency}/{rate.unit}"),
                "threshold_quantity": quantity(rate.unit),
                "duty_rate_below": figure(below.rate, share=True),
            }
            above = rate.above
            if isinstance(above, AdValorem | Compound):
                facts["duty_rate"] = figure(above.rate, share=True)
            if isinstance(above, Specific | Compound):
                facts["duty_quantity"] = quantity(above.unit)
                facts["duty_per_unit"] = figure(above.amount, f"CNY/{above.unit}")
            lacking = [name for name in ("duty_rate", "duty_quantity", "duty_per_unit") if name not in facts]
            at_rate = duty_by_value.without(*lacking)
            at_rate = at_rate.renamed("customs_duty", threshold_rate=f"customs_rate:{rate.currency}")
            return DutyPlan((at_rate,), facts, "")
        case Sliding():
            facts = {
                "sliding_a": figure(rate.a),
                "sliding_b": figure(rate.b, share=True),
                "sliding_threshold": figure(rate.threshold, f"CNY/{rate.unit}"),
                "sliding_cap": figure(rate.cap, share=True),
                "duty_quantity": quantity(rate.unit),
                "duty_per_unit": figure(rate.at_or_above, f"CNY/{rate.unit}"),
            }
            rounded = replace(sliding_rate, rounds_to=half_up(rate.places, "cn-tariff-plan-2026 cotton"))
            return DutyPlan((rounded, sliding_duty), facts, "")
    raise Unpriceable("duty_form_unknown", f"{pointer}/tariff/duty", WRITTEN, form=type(rate).__name__)
