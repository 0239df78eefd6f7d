"""General trade chosen: the duty, the remedies and the taxes of each line, and the waivers of the consignment."""

from dataclasses import replace
from decimal import Decimal

from calculator import duty_forms, excise_choice, remedy_choice
from calculator.desk import Desk
from calculator.dossier import Dossier, LineDossier
from calculator.duty_choice import Asked, ChosenDuty, applicable_duty, column_of, of_part
from calculator.errors import NotInForce, Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import late
from calculator.legs import Legs
from calculator.origins import GENERAL, MFN, OPEN, UNKNOWN
from calculator.part_choice import claimed_part, parts_of
from calculator.passes import LineRules
from calculator.plan import Alternative, Fact, OpenPoint, PlannedLine
from calculator.regimes import general_trade
from calculator.remedy_choice import RemedyPlan
from calculator.request import GoodsLine, QuoteRequest
from calculator.tariff_line import AdValorem, Compound, DutyRate, Measure, Specific, VatRate
from calculator.telling import told, told_of_remedies
from calculator.value_choice import adjusted, priced
from calculator.way import Chosen, Way

TAXES = ("duty", "consumption_tax", "vat")
FEN = Decimal("0.01")
# The limits that an open point speaks of, by its key.
UNVERIFIED = {"duty_waiver": ("duty_waiver",), "small_taxes": ("consumption_tax_waiver", "import_vat_waiver")}


def chosen_lines(request: QuoteRequest, dossier: Dossier, desk: Desk) -> tuple[Chosen, ...]:
    """The lines of goods in general trade."""
    return tuple(_line(request, dossier, number, desk) for number in range(len(request.goods)))


def chosen_way(request: QuoteRequest, dossier: Dossier, lines: tuple[Chosen, ...], legs: Legs, desk: Desk) -> Way:
    """General trade (一般贸易): open to all goods."""
    shared = _limits(dossier, desk)
    if legs.presumed:
        shared["presumed_premium_rate"] = Fact.of_parameter(dossier.parameter("presumed_insurance"), share=True)
    surcharges = late(request, dossier, legs, any(each.rules.remedies for each in lines), shared, desk)
    regime = general_trade(
        legs,
        [chosen.rules for chosen in lines],
        ddp=request.incoterm is Incoterm.DDP,
        waivers=tuple(name for name in TAXES if f"{name}_waiver_limit" in shared),
        untaxed=frozenset(name for name in TAXES if desk.picks.get(f"untaxed/{name}")),
        late=surcharges,
    )
    return Way(lines, shared, regime)


def chosen_duty(line: GoodsLine, found: LineDossier, number: int, pointer: str, desk: Desk) -> ChosenDuty:
    """The duty of a line; which column an origin opens, and whether a rate that ended goes on, may be open points."""
    column = column_of(line, found)
    if column == OPEN and (line.tariff is None or line.tariff.duty is None):
        at, origin = f"{pointer}/origin", {"origin": line.origin}
        point = OpenPoint(f"column/{number}", "mfn_treatment_open", at, 2, facts=origin)
        column = (GENERAL, MFN)[desk.answer(point)]
    claimed = claimed_part(line, found, pointer)
    if claimed is not None and column_of(line, found) != MFN:
        raise Unpriceable("part_needs_mfn_origin", f"{pointer}/tariff_part", (), origin=line.origin)
    chosen = applicable_duty(line, found, number, pointer, Asked(column))
    part = claimed
    if claimed is None:
        part = _possible_part(_possible_parts(line, chosen, found), found, number, pointer, desk)
    elif claimed.rate is None:
        desk.reason("part_rate_unread", f"{pointer}/tariff/duty", letter="C", part=claimed.part)
    elif claimed in found.ended and not desk.answer(_ended_part((claimed,), number, pointer)):
        part = None
    if part is not None:
        return of_part(part, chosen, number, pointer)
    if chosen.ended is None:
        return chosen
    facts = {"ended_on": chosen.ended.validity.valid_to}
    point = OpenPoint(f"ended_provisional/{number}", "provisional_rate_ended", pointer, 2, facts=facts)
    return applicable_duty(line, found, number, pointer, Asked(column, True)) if desk.answer(point) else chosen


def announced(found: LineDossier, number: int, pointer: str, desk: Desk) -> LineDossier:
    """The rows of the day; whether one that was only announced came into force is an open point, and else what stood goes on."""
    before = found.before
    if before is None:
        return found
    facts = {"begins": before.begins, "known_until": before.known_until}
    if not desk.answer(OpenPoint(f"announced/{number}", "change_announced", pointer, 2, fixed=True, facts=facts)):
        return found
    return replace(
        found,
        measures=before.measures,
        ended=(),
        remedies=before.remedies,
        vat=before.vat,
        excise=before.excise,
    )


def _possible_parts(line: GoodsLine, chosen: ChosenDuty, found: LineDossier) -> tuple[Measure, ...]:
    """The parts with a rate that was read to which goods of which the request is silent may belong."""
    if line.tariff_part or chosen.basis not in ("mfn", "provisional"):
        return ()
    return tuple(each for each in parts_of(found) if each.rate is not None)


def _possible_part(
    parts: tuple[Measure, ...], found: LineDossier, number: int, pointer: str, desk: Desk
) -> Measure | None:
    """The part that the goods are taken to belong to, none at first: which of those in force is an open point, and then which
    of those whose rate has ended."""
    in_force = tuple(each for each in parts if each not in found.ended)
    if in_force:
        facts = {"part": tuple(each.part for each in in_force)}
        point = OpenPoint(f"part/{number}", "part_of_the_line_possible", pointer, 1 + len(in_force), facts=facts)
        if answer := desk.answer(point):
            return in_force[answer - 1]
    ended = tuple(each for each in parts if each in found.ended)
    if ended and (answer := desk.answer(_ended_part(ended, number, pointer))):
        return ended[answer - 1]
    return None


def _ended_part(parts: tuple[Measure, ...], number: int, pointer: str) -> OpenPoint:
    """Whether the rate of a part that has ended goes on, and of several which is that of the goods."""
    facts = {"ended_on": max(each.validity.valid_to for each in parts if each.validity.valid_to is not None)}
    return OpenPoint(f"ended_part/{number}", "provisional_rate_ended", pointer, 1 + len(parts), facts=facts)


def chosen_vat(line: GoodsLine, found: LineDossier, number: int, pointer: str, desk: Desk) -> tuple[Fact, Decimal, str]:
    """The rate of import VAT, the higher of those that are open, and why nothing is due where it is zero."""
    own = line.tariff.vat if line.tariff is not None else None
    if own is not None:
        return Fact.of_request(own, f"{pointer}/tariff/vat", share=True), own, "" if own else "zero_rate"
    if not found.vat:
        raise NotInForce("no_vat_rate", f"{pointer}/tariff/vat", (), table="vat", key=code_of(line, found))
    rates: list[VatRate] = sorted(found.vat, key=lambda each: -each.rate)
    rate = rates[0]
    if len(rates) > 1:
        facts = {"rates": tuple(each.rate for each in rates)}
        bounds = (f"table:{rate.row.table}/{code_of(line, found)}",)
        point = OpenPoint(f"vat/{number}", "vat_rate_open", pointer, len(rates), facts=facts, bounds=bounds)
        rate = rates[desk.answer(point)]
    zero = "" if rate.rate else "zero_rate"
    return Fact.of_row(rate.rate, rate.row, code_of(line, found), share=True), rate.rate, zero


def code_of(line: GoodsLine, found: LineDossier) -> str:
    """The code by which a line is known."""
    return found.tariff_line.hs_code if found.tariff_line is not None else line.hs_code


def _line(request: QuoteRequest, dossier: Dossier, number: int, desk: Desk) -> Chosen:
    line, pointer = request.goods[number], f"/goods/{number}"
    found = announced(dossier.lines[number], number, pointer, desk)
    chosen = chosen_duty(line, found, number, pointer, desk)
    remedies = remedy_choice.planned(line, found, pointer)
    if line.origin == UNKNOWN and remedies.rules:
        chosen, remedies = _unproved(line, found, number, pointer, chosen, remedies)
    duty = duty_forms.planned(chosen, line, found, pointer)
    excise = excise_choice.planned(line, found, dossier, pointer)
    vat_fact, vat_rate, vat_zero = chosen_vat(line, found, number, pointer, desk)
    facts: dict[str, Fact] = {**duty.facts, **excise.facts, **remedies.facts, "vat_rate": vat_fact}
    value_rules = priced(line, found, pointer, facts)
    additions = adjusted("additions", line, pointer, facts)
    deductions = adjusted("deductions", line, pointer, facts)
    zeros = {
        "trade_remedies": remedies.zero,
        "customs_duty": duty.zero,
        "consumption_tax": excise.zero,
        "vat": vat_zero,
    }
    if request.incoterm is Incoterm.DDP:
        _solvable(chosen.rate, excise, remedies)
        if remedies.rules:
            facts["remedy_rate"] = Fact.of_request(remedies.share, f"{pointer}/tariff/trade_remedies", share=True)
    _told(line, found, excise, remedies, dossier, pointer, desk)
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
        hs_code=code_of(line, found),
        facts=facts,
        duty=chosen.rate,
        basis=chosen.basis,
        excise=excise.category,
        vat=vat_rate,
        zeros={name: reason for name, reason in zeros.items() if reason},
    )
    return Chosen(planned, rules, chosen.alternatives, (*excise.currencies, *duty.currencies))


def _unproved(
    line: GoodsLine, found: LineDossier, number: int, pointer: str, general: ChosenDuty, remedies: RemedyPlan
) -> tuple[ChosenDuty, RemedyPlan]:
    """Goods that may be of an origin under a trade remedy, their origin not proved (art. 19): the higher of the remedies
    on top of the ordinary rate and the general rate."""
    if line.tariff is not None and line.tariff.duty is not None:
        return general, remedies
    ordinary = applicable_duty(line, found, number, pointer, Asked(MFN))
    if not (isinstance(general.rate, AdValorem) and isinstance(ordinary.rate, AdValorem) and remedies.by_value):
        # Which is higher hangs on amounts, and choosing does not look at them.
        raise Unpriceable("origin_needed", f"{pointer}/origin", ("MX",))
    if general.rate.rate >= ordinary.rate.rate + remedies.share:
        return general, RemedyPlan(zero="general_rate_is_higher")
    passed = [each for each in ordinary.alternatives if each.because != "mfn_origin"]
    passed += [
        Alternative("general", general.rate, "remedies_come_higher", "cn-customs-tariff-law-2024 art. 19", number)
    ]
    return replace(ordinary, alternatives=tuple(passed)), remedies


def _solvable(duty: DutyRate, excise: excise_choice.ExcisePlan, remedies: RemedyPlan) -> None:
    """A delivered-duty-paid price can be solved backwards where no class depends on the value that is being sought."""
    if not isinstance(duty, AdValorem | Specific | Compound):
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=type(duty).__name__)
    if excise.by_value or not remedies.by_value:
        because = excise.category if excise.by_value else "trade_remedies"
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=because)


def _told(
    line: GoodsLine,
    found: LineDossier,
    excise: excise_choice.ExcisePlan,
    remedies: RemedyPlan,
    dossier: Dossier,
    pointer: str,
    desk: Desk,
) -> None:
    told(line, found, excise.asked, pointer, desk)
    told_of_remedies(line, found, pointer, desk)
    if excise.zero == "outside_every_heading" and excise.confidence:
        untaxed(dossier, pointer, desk)
    if remedies.rules and "excise_rate" in excise.facts:
        desk.reason("remedies_in_base_of_consumption_tax", pointer, letter="C")
    if excise_choice.SELF_USE in excise.asked and excise_choice.SELF_USE not in line.attributes:
        desk.assume("not_for_own_use", f"{pointer}/attributes")
    if "luxury_rate" in excise.facts:
        desk.reason("luxury_threshold_on_customs_value", pointer, letter="C")
    if not line.tariff_part:
        for each in parts_of(found):
            if each not in found.ended:
                desk.warn("partial_provisional", f"{pointer}/tariff_part", part=each.part)


def untaxed(dossier: Dossier, pointer: str, desk: Desk) -> None:
    """A line outside every heading is not taxed: the list is closed, on the days of which it was read."""
    if not dossier.covers_its_day("consumption-tax"):
        desk.reason("consumption_tax_list_begins_later", pointer, letter="C")
    else:
        desk.reason("consumption_tax_outside_every_heading", pointer, letter="B")


def _limits(dossier: Dossier, desk: Desk) -> dict[str, Fact]:
    """The amounts up to which a consignment pays no duty and no tax; the unverified one is an open point."""
    limits: dict[str, Fact] = {}
    includes = dossier.parameters.get("waiver_includes_limit")
    for name, row, key in (
        ("duty_waiver_limit", "duty_waiver", "duty_waiver"),
        ("consumption_tax_waiver_limit", "consumption_tax_waiver", "small_taxes"),
        ("vat_waiver_limit", "import_vat_waiver", "small_taxes"),
    ):
        found = dossier.parameters.get(row)
        if found is None:
            continue
        if found.row.confidence == "C":
            code = "duty_waiver_unverified" if key == "duty_waiver" else "small_tax_waiver_unverified"
            bounds = tuple(f"table:{found.row.table}/{each}" for each in UNVERIFIED[key])
            if desk.answer(OpenPoint(key, code, "", 2, fixed=True, facts={"limit": found.value}, bounds=bounds)):
                continue
        limits[name] = Fact.of_parameter(found)
        if includes is not None and not includes.value:
            # "Below the limit": the highest amount that is waived is one fen less.
            limits[name] = replace(limits[name], value=found.value - FEN)
    return limits
