"""Which category of the consumption tax a line falls into, and the rules and facts that the category brings."""

import re
from dataclasses import dataclass
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.money import divide
from calculator.plan import Fact
from calculator.quantities import read_decimal
from calculator.request import GoodsLine
from calculator.rules import Rule, sum_of
from calculator.tariff_line import Excise, ExciseCase, ExciseForm, ExcisePerUnit
from calculator.taxes import (
    consumption_tax,
    consumption_tax_by_value,
    consumption_tax_on_cigarettes,
    consumption_tax_per_unit,
    consumption_tax_per_unit_by_value,
)

# A threshold for each sheet (a mask) is not one for each piece, though both are counted.
SHEET = "sheet"
NO_TAX = sum_of("consumption_tax", ())
_CONDITION = re.compile(r"(\w+) (<=|>=|<|>|=) (\S+)")
_HOLDS = {
    "<=": lambda value, bound: value <= bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    ">": lambda value, bound: value > bound,
    "=": lambda value, bound: value == bound,
}


@dataclass(frozen=True, slots=True)
class ExcisePlan:
    """The rules and facts of a category; `zero` says why nothing is due, where nothing is."""

    rules: tuple[Rule, ...]
    facts: dict[str, Fact]
    zero: str = ""
    category: str = ""
    confidence: str = ""
    currencies: tuple[str, ...] = ()


def planned(line: GoodsLine, found: LineDossier, pointer: str) -> ExcisePlan:
    """The consumption tax of a line: the user's own, or that of the category the line falls into."""
    own = line.tariff.consumption_tax if line.tariff is not None else None
    if own is not None:
        place = f"{pointer}/tariff/consumption_tax"
        facts = {}
        if own.rate is not None:
            if own.rate >= 1:
                # The tax is a share of a price that contains it: all of it, or more, has no price.
                raise Unpriceable("excise_rate_too_high", place, (), rate=own.rate)
            facts["excise_rate"] = Fact.of_request(own.rate, place, share=True)
        if own.per_unit is not None:
            facts["excise_quantity"] = quantity_in(own.unit, line, found, pointer, "consumption_tax")
            facts["excise_per_unit"] = Fact.of_request(own.per_unit, place, f"CNY/{own.unit}")
        if not own.rate and not own.per_unit:
            return ExcisePlan((NO_TAX,), {}, "zero_rate", "user")
        return ExcisePlan((_formed(facts),), facts, category="user")
    if found.tariff_line is None:
        return ExcisePlan((NO_TAX,), {}, "none_stated_by_user", "user")
    if not found.excise:
        return ExcisePlan((NO_TAX,), {}, "outside_every_heading", confidence="B")
    excise = decided(found.excise, line, pointer)
    return _of_form(excise, line, found, pointer)


def decided(cases: tuple[ExciseCase, ...], line: GoodsLine, pointer: str) -> Excise:
    """The category among the cases of a line that the attributes of the good decide."""
    otherwise = None
    asked: dict[str, list[str]] = {}
    for case in cases:
        if not case.condition:
            otherwise = case.excise
            continue
        verdict = _holds(case.condition, line, pointer, asked)
        if verdict:
            return case.excise
    if asked:
        name, choices = next(iter(asked.items()))
        raise Unpriceable(
            "attribute_missing", f"{pointer}/attributes/{name}", choices, attribute=name, needed_for="consumption_tax"
        )
    if otherwise is not None:
        return otherwise
    raise Unpriceable(
        "category_undecided",
        f"{pointer}/attributes",
        tuple(case.condition for case in cases),
        needed_for="consumption_tax",
    )


def _holds(condition: str, line: GoodsLine, pointer: str, asked: dict[str, list[str]]) -> bool:
    for clause in condition.split(" and "):
        matched = _CONDITION.fullmatch(clause.strip())
        if matched is None:
            raise ValueError(f"condition that cannot be read: {condition}")
        name, comparison, bound = matched.groups()
        given = line.attributes.get(name)
        if given is None:
            asked.setdefault(name, []).append(f"{comparison} {bound}")
            return False
        if bound[0].isdigit():
            try:
                value, limit = read_decimal(given), Decimal(bound)
            except Unpriceable:
                raise Unpriceable(
                    "attribute_not_a_number", f"{pointer}/attributes/{name}", (), attribute=name, given=given
                ) from None
            if not _HOLDS[comparison](value, limit):
                return False
        elif given != bound:
            return False
    return True


def _formed(facts: dict[str, Fact]) -> Rule:
    if "excise_rate" not in facts:
        return consumption_tax_per_unit
    return (
        consumption_tax if "excise_per_unit" in facts else consumption_tax.without("excise_quantity", "excise_per_unit")
    )


def _of_form(excise: Excise, line: GoodsLine, found: LineDossier, pointer: str) -> ExcisePlan:
    key = excise.category
    facts: dict[str, Fact] = {}
    currencies: tuple[str, ...] = ()
    if excise.form is ExciseForm.NONE:
        return ExcisePlan((NO_TAX,), {}, "not_taxed_at_import", key, excise.row.confidence)
    if excise.rate is not None:
        facts["excise_rate"] = Fact.of_row(excise.rate, excise.row, key, share=True)
    if excise.rate_below is not None:
        facts["excise_rate_below"] = Fact.of_row(excise.rate_below, excise.row, key, share=True)
    if excise.per_unit:
        chosen, quantity = _measured(excise.per_unit, excise, line, found, pointer)
        facts["excise_quantity"] = quantity
        facts["excise_per_unit"] = Fact.of_row(chosen.amount, excise.row, key, f"CNY/{chosen.unit}")
        below = next((each for each in excise.per_unit_below if each.unit == chosen.unit), None)
        if below is not None:
            facts["excise_per_unit_below"] = Fact.of_row(below.amount, excise.row, key, f"CNY/{below.unit}")
    threshold_rate = {}
    if excise.thresholds:
        units = tuple(ExcisePerUnit(each.value, each.unit) for each in excise.thresholds)
        chosen, quantity = _measured(units, excise, line, found, pointer)
        threshold = next(each for each in excise.thresholds if each.unit == chosen.unit)
        facts["excise_threshold"] = Fact.of_row(
            threshold.value, excise.row, key, f"{threshold.currency}/{threshold.unit}"
        )
        facts["threshold_quantity"] = quantity
        currencies = (threshold.currency,)
        threshold_rate = {"threshold_rate": f"customs_rate:{threshold.currency}"}
    rule = {
        ExciseForm.SPECIFIC_BY_VALUE: consumption_tax_per_unit_by_value,
        ExciseForm.AD_VALOREM_BY_VALUE: consumption_tax_by_value,
        ExciseForm.CIGARETTES: consumption_tax_on_cigarettes,
    }.get(excise.form) or _formed(facts)
    if threshold_rate and "threshold_rate" in rule.inputs:
        rule = rule.renamed("consumption_tax", **threshold_rate)
    return ExcisePlan((rule,), facts, "", key, excise.row.confidence, currencies)


def _in_sheets(line: GoodsLine) -> bool:
    return any(stated.unit == SHEET for stated in (line.quantity, *line.statutory))


def _measured(
    amounts: tuple[ExcisePerUnit, ...], excise: Excise, line: GoodsLine, found: LineDossier, pointer: str
) -> tuple[ExcisePerUnit, Fact]:
    """The first of the same amounts in different units whose unit the quantity gives, with the quantity in it."""
    missing: Unpriceable | None = None
    for amount in amounts:
        # Litres make tonnes by the customs table's own conversion, not by what a package happens to weigh.
        by_litres = amount.unit == "t" and excise.litres_per_tonne is not None
        if by_litres:
            try:
                litres = quantity_in("L", line, found, pointer, "consumption_tax")
                tonnes = divide(litres.value, excise.litres_per_tonne or 1)
                return amount, Fact.of_row(tonnes, excise.row, f"{excise.category}/litres_per_tonne", "t")
            except Unpriceable as error:
                missing = missing or error
        if amount.unit == SHEET and not _in_sheets(line):
            continue
        try:
            return amount, quantity_in(amount.unit, line, found, pointer, "consumption_tax")
        except Unpriceable as error:
            missing = missing or error
    if missing is None:
        raise ValueError(f"{excise.category} has no amount")
    raise missing
