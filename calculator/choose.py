"""From a request and its dossier to a plan: which rules apply, in which order, with which figures, and why.

Choosing looks at names and dates, never at amounts. What the tables leave open becomes an open point of the plan, and
`picks` answers it; the default answers are the first ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator import duty_choice, excise_choice, remedy_choice
from calculator.dossier import Dossier, LineDossier, Parameter
from calculator.duty_choice import ChosenDuty, applicable_duty
from calculator.errors import NotInForce, Unpriceable
from calculator.exchange import rate_of
from calculator.incoterms import Incoterm
from calculator.legs import legs_of
from calculator.measuring import check_measures
from calculator.plan import Alternative, Fact, OpenPoint, Plan, PlannedLine, Remark
from calculator.regimes import LineRules, general_trade
from calculator.request import GoodsLine, QuoteRequest
from calculator.tariff_line import SUBHEADING, AdValorem, Compound, Specific, VatRate
from calculator.value_choice import adjusted, priced
from calculator.weighing import canonical_order, weight_of

# Answers to open points by their keys; "untaxed/TAX" solves a delivered-duty-paid price without a waived tax.
Picks = Mapping[str, int]
TAXES = ("duty", "consumption_tax", "vat")


def choose(request: QuoteRequest, dossier: Dossier, picks: Picks | None = None) -> Plan:
    """The plan of a request. Raises Unpriceable, with a pointer, where the law or the request leaves something out."""
    desk = _Desk(picks or {})
    legs = legs_of(request)
    shared = dict(legs.facts)
    chosen_lines = [_line(request, found, number, desk) for number, found in enumerate(dossier.lines)]
    currencies = request.currencies().union(*(chosen.currencies for chosen in chosen_lines))
    for currency in sorted(currencies):
        for use in ("customs", "market"):
            shared[f"{use}_rate:{currency}"] = rate_of(request, dossier, currency, use, desk.reasons, desk.warnings)
    shared |= _limits(dossier, desk)
    if legs.presumed:
        shared["presumed_premium_rate"] = Fact.of_parameter(_parameter(dossier, "presumed_insurance"), share=True)
    passes = general_trade(
        legs,
        [chosen.rules for chosen in chosen_lines],
        ddp=request.incoterm is Incoterm.DDP,
        waivers=tuple(name for name in TAXES if f"{name}_waiver_limit" in shared),
        untaxed=frozenset(name for name in TAXES if desk.picks.get(f"untaxed/{name}")),
    )
    for field in request.defaulted:
        desk.assume(field, "/" + field)
    desk.assumptions += legs.assumptions
    return Plan(
        regime=request.regime,
        shared=shared,
        lines=tuple(chosen.planned for chosen in chosen_lines),
        passes=passes,
        order=canonical_order(request, [chosen.planned for chosen in chosen_lines]),
        alternatives=tuple(each for chosen in chosen_lines for each in chosen.alternatives),
        open_points=tuple(desk.open_points),
        assumptions=tuple(desk.assumptions),
        warnings=tuple(desk.warnings),
        reasons=tuple(desk.reasons),
        zeros=legs.zeros | {"payment_cost": "no_rail"},
    )


class _Desk:
    """The answers given to open points, and what comes up on the way: new open points and what must be told."""

    def __init__(self, picks: Picks) -> None:
        self.picks = picks
        self.open_points: list[OpenPoint] = []
        self.assumptions: list[Remark] = []
        self.warnings: list[Remark] = []
        self.reasons: list[Remark] = []

    def answer(self, point: OpenPoint) -> int:
        """The answer to an open point, which is noted as one."""
        if all(point.key != known.key for known in self.open_points):
            self.open_points.append(point)
        return self.picks.get(point.key, 0)

    def assume(self, code: str, pointer: str, **facts: object) -> None:
        self.assumptions.append(Remark(code, pointer, facts))

    def warn(self, code: str, pointer: str, **facts: object) -> None:
        self.warnings.append(Remark(code, pointer, facts))

    def reason(self, code: str, pointer: str, **facts: object) -> None:
        self.reasons.append(Remark(code, pointer, facts))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A line on its way into the plan; `currencies` are those in which its rows state a threshold."""

    planned: PlannedLine
    rules: LineRules
    alternatives: tuple[Alternative, ...]
    currencies: tuple[str, ...]


def _line(request: QuoteRequest, found: LineDossier, number: int, desk: _Desk) -> _Chosen:
    line = request.goods[number]
    pointer = f"/goods/{number}"
    check_measures(line, pointer)
    chosen = _duty(line, found, number, pointer, desk)
    duty = duty_choice.planned(chosen, line, found, pointer)
    excise = excise_choice.planned(line, found, pointer)
    remedies = remedy_choice.planned(line, found, pointer)
    vat_fact, vat_rate, vat_zero = _vat(line, found, number, pointer, desk)
    facts: dict[str, Fact] = {**duty.facts, **excise.facts, **remedies.facts, "vat_rate": vat_fact}
    value_rules = priced(line, found, pointer, facts)
    additions = adjusted("additions", line, pointer, facts)
    deductions = adjusted("deductions", line, pointer, facts)
    weight = weight_of(request, found, number)
    if weight is not None:
        facts["weight"] = weight
    zeros = {"trade_remedies": remedies.zero}
    if duty.zero:
        zeros["customs_duty"] = duty.zero
    if excise.zero:
        zeros["consumption_tax"] = excise.zero
    if vat_zero:
        zeros["vat"] = vat_zero
    if request.incoterm is Incoterm.DDP:
        _solvable(chosen, excise, remedies)
        if remedies.rules:
            facts["remedy_rate"] = Fact.of_request(remedies.share, f"{pointer}/tariff/trade_remedies", share=True)
    _told(line, found, excise, pointer, desk)
    rules = LineRules(
        value=value_rules,
        additions=additions,
        deductions=deductions,
        duty=duty.rules,
        remedies=remedies.rules,
        excise=excise.rules,
        facts=frozenset(facts),
    )
    planned = PlannedLine(
        hs_code=_code(line, found),
        facts=facts,
        duty=chosen.rate,
        basis=chosen.basis,
        excise=excise.category,
        vat=vat_rate,
        zeros=zeros,
    )
    by_value = (
        name.partition(":")[2] for each in duty.rules for name in each.inputs if name.startswith("customs_rate:")
    )
    return _Chosen(planned, rules, chosen.alternatives, (*excise.currencies, *by_value))


def _duty(line: GoodsLine, found: LineDossier, number: int, pointer: str, desk: _Desk) -> ChosenDuty:
    """The duty of a line; whether a provisional rate that ended goes on is an open point."""
    chosen = applicable_duty(line, found, number, pointer)
    if chosen.ended is None:
        return chosen
    facts = {"ended_on": chosen.ended.validity.valid_to}
    goes_on = desk.answer(OpenPoint(f"ended_provisional/{number}", "provisional_rate_ended", pointer, 2, facts=facts))
    return applicable_duty(line, found, number, pointer, ended_applies=True) if goes_on else chosen


def _code(line: GoodsLine, found: LineDossier) -> str:
    return found.tariff_line.hs_code if found.tariff_line is not None else line.hs_code


def _vat(line: GoodsLine, found: LineDossier, number: int, pointer: str, desk: _Desk) -> tuple[Fact, Decimal, str]:
    """The rate of import VAT, the higher of those that are open, and why nothing is due where it is zero."""
    own = line.tariff.vat if line.tariff is not None else None
    if own is not None:
        return Fact.of_request(own, f"{pointer}/tariff/vat", share=True), own, "" if own else "zero_rate"
    if not found.vat:
        raise NotInForce("no_vat_rate", f"{pointer}/tariff/vat", (), table="vat", key=_code(line, found))
    rates: list[VatRate] = sorted(found.vat, key=lambda each: -each.rate)
    rate = rates[0]
    if len(rates) > 1:
        facts = {"rates": tuple(each.rate for each in rates)}
        rate = rates[desk.answer(OpenPoint(f"vat/{number}", "vat_rate_open", pointer, len(rates), facts=facts))]
    return Fact.of_row(rate.rate, rate.row, _code(line, found), share=True), rate.rate, "" if rate.rate else "zero_rate"


def _solvable(chosen: ChosenDuty, excise: excise_choice.ExcisePlan, remedies: remedy_choice.RemedyPlan) -> None:
    """A delivered-duty-paid price can be solved backwards where no class depends on the value that is being sought."""
    if not isinstance(chosen.rate, AdValorem | Specific | Compound):
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=type(chosen.rate).__name__)
    by_class = any("threshold" in name for each in excise.rules for name in each.inputs)
    by_quantity = any(name.endswith("_per_unit") for name in remedies.facts)
    if by_class or by_quantity:
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=excise.category or "trade_remedies")


def _told(line: GoodsLine, found: LineDossier, excise: excise_choice.ExcisePlan, pointer: str, desk: _Desk) -> None:
    """What a reader should know of a line beside its figures."""
    if line.tariff is not None:
        desk.warn("user_tariff", f"{pointer}/tariff")
    stated = line.tariff is not None and line.tariff.trade_remedies is not None
    for pending in () if stated else found.pending:
        facts = {"kind": pending.kind.value, "part": pending.part, "note": pending.row.note}
        desk.warn("trade_remedy_possible", pointer, **facts)
    if line.related_party:
        desk.warn("related_party", f"{pointer}/related_party")
    if line.advance_ruling:
        desk.warn("advance_ruling", f"{pointer}/advance_ruling", ruling=line.advance_ruling)
    if excise.zero == "outside_every_heading" and excise.confidence:
        desk.reason("consumption_tax_outside_every_heading", pointer)
    asked = {clause.split(" ")[0] for case in found.excise for clause in case.condition.split(" and ")}
    for name in line.attributes:
        if name not in asked:
            desk.warn("attribute_unused", f"{pointer}/attributes/{name}", attribute=name)
    if len(line.hs_code) == SUBHEADING:
        code = _code(line, found)
        desk.assume("six_digits_priced_by_line", f"{pointer}/hs_code", given=line.hs_code, hs_code=code)
    if any(each.part for each in found.measures):
        desk.warn("partial_provisional", pointer)


def _parameter(dossier: Dossier, name: str) -> Parameter:
    try:
        return dossier.parameters[name]
    except KeyError:
        raise NotInForce("no_row_in_force", "/declared_on", (), table="import-taxes", key=name) from None


def _limits(dossier: Dossier, desk: _Desk) -> dict[str, Fact]:
    """The amounts up to which a consignment pays no duty and no tax; the unverified one is an open point."""
    limits: dict[str, Fact] = {}
    for name, parameter, key in (
        ("duty_waiver_limit", "duty_waiver", "duty_waiver"),
        ("consumption_tax_waiver_limit", "consumption_tax_waiver", "small_taxes"),
        ("vat_waiver_limit", "import_vat_waiver", "small_taxes"),
    ):
        found = dossier.parameters.get(parameter)
        if found is None:
            continue
        if found.row.confidence == "C":
            code = "duty_waiver_unverified" if key == "duty_waiver" else "small_tax_waiver_unverified"
            if desk.answer(OpenPoint(key, code, "", 2, fixed=True, facts={"limit": found.value})):
                continue
        limits[name] = Fact.of_parameter(found)
    return limits
