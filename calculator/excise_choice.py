"""Which category of the consumption tax a line falls into, and the rules and facts that the category brings."""

from dataclasses import dataclass, field
from decimal import Decimal

from calculator.classes import asked_by, decided, says_yes
from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.money import YUAN, Number, divide
from calculator.own_excise import NO_ROW, OWN, excise_of
from calculator.plan import Fact
from calculator.request import GoodsLine
from calculator.rules import Rule, sum_of
from calculator.tariff_line import Excise, ExciseForm, ExcisePerUnit
from calculator.taxes import (
    consumption_tax,
    consumption_tax_by_value,
    consumption_tax_on_cigarettes,
    consumption_tax_per_unit,
    consumption_tax_per_unit_by_value,
    own_car_rate,
)

# A threshold for each sheet (a mask) is not one for each piece, though both are counted.
SHEET = "sheet"
# The fact about a car that brings the additional tax on dear ones forward to its import.
SELF_USE = "self_use"
NO_TAX = sum_of("consumption_tax", ())
FORMS = {
    ExciseForm.SPECIFIC_BY_VALUE: consumption_tax_per_unit_by_value,
    ExciseForm.AD_VALOREM_BY_VALUE: consumption_tax_by_value,
    ExciseForm.CIGARETTES: consumption_tax_on_cigarettes,
}


@dataclass(frozen=True, slots=True)
class ExcisePlan:
    """The rules and facts of a category; `zero` says why nothing is due, where nothing is.

    `asked` are the attributes that decided the category; `by_value`: its class hangs on the customs value.
    """

    rules: tuple[Rule, ...]
    facts: dict[str, Fact]
    zero: str = ""
    category: str = ""
    confidence: str = ""
    currencies: tuple[str, ...] = ()
    asked: frozenset[str] = field(default_factory=frozenset)

    @property
    def by_value(self) -> bool:
        return any("threshold" in name for rule in self.rules for name in rule.inputs)


def planned(line: GoodsLine, found: LineDossier, dossier: Dossier, pointer: str) -> ExcisePlan:
    """The consumption tax of a line: the user's own, or that of the category the line falls into."""
    own = line.tariff.consumption_tax if line.tariff is not None else None
    if own is not None:
        excise = excise_of(own, f"{pointer}/tariff/consumption_tax")
        if own.threshold is None and not own.rate and not own.per_unit:
            return ExcisePlan((NO_TAX,), {}, "zero_rate", OWN)
        return _Category(excise, line, found, dossier, pointer).plan()
    if found.tariff_line is None:
        return ExcisePlan((NO_TAX,), {}, "none_stated_by_user", OWN)
    if not found.excise:
        return ExcisePlan((NO_TAX,), {}, "outside_every_heading", confidence="B")
    cases = [(case.condition, case.excise) for case in found.excise]
    excise = decided(cases, line, pointer, "consumption_tax")
    asked = asked_by(case.condition for case in found.excise)
    return _Category(excise, line, found, dossier, pointer, asked).plan()


class _Category:
    """One category on its way into the walk: its figures by name."""

    def __init__(
        self,
        excise: Excise,
        line: GoodsLine,
        found: LineDossier,
        dossier: Dossier,
        pointer: str,
        asked: frozenset[str] = frozenset(),
    ) -> None:
        self.excise, self.line, self.found, self.pointer = excise, line, found, pointer
        self.dossier = dossier
        self.asked = asked
        self.facts: dict[str, Fact] = {}

    def plan(self) -> ExcisePlan:
        excise = self.excise
        if excise.form is ExciseForm.NONE:
            return ExcisePlan(
                (NO_TAX,), {}, "not_taxed_at_import", excise.category, excise.row.confidence, (), self.asked
            )
        rule = FORMS.get(excise.form) or self._plain()
        self._rates()
        self._amounts()
        currencies = self._thresholds()
        for currency in currencies:
            if "threshold_rate" in rule.inputs:
                rule = rule.renamed("consumption_tax", threshold_rate=f"customs_rate:{currency}")
            elif currency != YUAN:
                where = f"{self.pointer}/tariff/consumption_tax"
                raise Unpriceable("threshold_not_in_yuan", where, (YUAN,), currency=currency)
        if excise.form is ExciseForm.AD_VALOREM_BY_VALUE and not excise.rate_below:
            rule = rule.without("excise_rate_below")
        rules: tuple[Rule, ...] = (rule,)
        if excise.super_luxury and says_yes(self.line, SELF_USE, self.pointer):
            rules = self._own_car(rule)
        asked = self.asked | ({SELF_USE} if excise.super_luxury else frozenset())
        return ExcisePlan(rules, self.facts, "", excise.category, excise.row.confidence, currencies, asked)

    def _plain(self) -> Rule:
        if self.excise.rate is None:
            return consumption_tax_per_unit
        return (
            consumption_tax if self.excise.per_unit else consumption_tax.without("excise_quantity", "excise_per_unit")
        )

    def _figure(self, value: Number, unit: str = "", share: bool = False) -> Fact:
        if self.excise.row is NO_ROW:
            return Fact.of_request(value, f"{self.pointer}/tariff/consumption_tax", unit, share)
        return Fact.of_row(value, self.excise.row, self.excise.category, unit, share)

    def _rates(self) -> None:
        if self.excise.rate is not None:
            self.facts["excise_rate"] = self._figure(self.excise.rate, share=True)
        if self.excise.rate_below is not None:
            self.facts["excise_rate_below"] = self._figure(self.excise.rate_below, share=True)

    def _amounts(self) -> None:
        if not self.excise.per_unit:
            return
        chosen, self.facts["excise_quantity"] = self._measured(self.excise.per_unit)
        self.facts["excise_per_unit"] = self._figure(chosen.amount, f"CNY/{chosen.unit}")
        below = next((each for each in self.excise.per_unit_below if each.unit == chosen.unit), None)
        if below is not None:
            self.facts["excise_per_unit_below"] = self._figure(below.amount, f"CNY/{below.unit}")

    def _thresholds(self) -> tuple[str, ...]:
        """The threshold in the unit that the goods are measured in, and its currency."""
        thresholds = self.excise.thresholds
        if not thresholds:
            return ()
        units = tuple(ExcisePerUnit(each.value, each.unit) for each in thresholds)
        chosen, self.facts["threshold_quantity"] = self._measured(units)
        threshold = next(each for each in thresholds if each.unit == chosen.unit)
        unit = f"{threshold.currency}/{threshold.unit}"
        self.facts["excise_threshold"] = self._figure(threshold.value, unit)
        return (threshold.currency,)

    def _own_car(self, rule: Rule) -> tuple[Rule, ...]:
        """The additional rate on super-luxury cars, which customs collects where the importer keeps the car."""
        for name, parameter in (("luxury_threshold", "super_luxury_threshold"), ("luxury_rate", "super_luxury_rate")):
            self.facts[name] = Fact.of_parameter(self.dossier.parameter(parameter), share=name == "luxury_rate")
        self.facts["threshold_quantity"] = quantity_in("unit", self.line, self.found, self.pointer, "consumption_tax")
        return own_car_rate, rule.renamed("consumption_tax", excise_rate="own_car_rate")

    def _measured(self, amounts: tuple[ExcisePerUnit, ...]) -> tuple[ExcisePerUnit, Fact]:
        """The first of the same amounts in different units whose unit the quantity gives, with the quantity in it."""
        missing: Unpriceable | None = None
        for amount in amounts:
            if amount.unit == SHEET and not self._in_sheets():
                continue
            try:
                tonnes = self._tonnes() if amount.unit == "t" else None
                return amount, tonnes or self._quantity(amount.unit)
            except Unpriceable as error:
                missing = missing or error
        if missing is None:
            raise ValueError(f"{self.excise.category} has no amount")
        raise missing

    def _quantity(self, unit: str) -> Fact:
        return quantity_in(unit, self.line, self.found, self.pointer, "consumption_tax")

    def _tonnes(self) -> Fact | None:
        """Litres make tonnes by the customs table's own conversion, not by what a package happens to weigh."""
        per_tonne: Decimal | None = self.excise.litres_per_tonne
        if per_tonne is None:
            return None
        try:
            litres = self._quantity("L")
        except Unpriceable:
            return None
        row = self.excise.row
        return Fact.of_row(divide(litres.value, per_tonne), row, f"{self.excise.category}/litres_per_tonne", "t")

    def _in_sheets(self) -> bool:
        return any(stated.unit == SHEET for stated in (self.line.quantity, *self.line.statutory))
