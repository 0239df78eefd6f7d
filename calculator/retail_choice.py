"""Cross-border e-commerce retail chosen: whether the goods are on its list, the taxes of each line, and its limits."""

from dataclasses import replace
from decimal import Decimal

from calculator import duty_forms, excise_choice, remedy_choice
from calculator.desk import Desk
from calculator.dossier import Dossier, LineDossier
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import refuse_late
from calculator.legs import Legs
from calculator.money import YUAN
from calculator.part_choice import claims_part
from calculator.passes import LineRules, Regime
from calculator.plan import Alternative, Fact, Limit, PlannedLine
from calculator.regimes import cbec_retail
from calculator.request import GoodsLine, QuoteRequest
from calculator.rules import Pass, Rule
from calculator.single_item import INDIVISIBLE, is_single_item
from calculator.tariff_line import AdValorem, DutyRate
from calculator.telling import told
from calculator.trade_choice import announced, chosen_duty, chosen_vat, code_of, untaxed
from calculator.valuation import at_rate
from calculator.value_choice import priced
from calculator.way import CBEC_RETAIL, GENERAL_TRADE, Chosen, Way

ZERO = Decimal(0)
ORDER_LIMIT = Limit("cbec_order_limit", "total_customs_value", "cbec_order_limit")
ANNUAL_LIMIT = Limit("cbec_annual_limit", "annual_purchases", "cbec_annual_limit")


def chosen_lines(request: QuoteRequest, dossier: Dossier, desk: Desk) -> tuple[Chosen, ...]:
    """The lines of an order. Raises Unpriceable where the regime is closed to one."""
    refuse_late(request, CBEC_RETAIL)
    if request.incoterm is Incoterm.DDP:
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=CBEC_RETAIL)
    single = is_single_item(request, desk)
    return tuple(_line(request, dossier, number, single, desk) for number in range(len(request.goods)))


def chosen_way(request: QuoteRequest, dossier: Dossier, lines: tuple[Chosen, ...], legs: Legs, desk: Desk) -> Way:
    """E-commerce retail (跨境电子商务零售进口), a natural person's order through a platform."""
    single = is_single_item(request)
    shared = {
        name: Fact.of_parameter(dossier.parameter(name), share)
        for name, share in (
            ("cbec_order_limit", False),
            ("cbec_annual_limit", False),
            ("cbec_duty_rate", True),
            ("cbec_tax_share", True),
        )
    }
    if not single:
        # An order that may be divided never exceeds the limit, so that its share is the law's own.
        shared["tax_share"] = shared["cbec_tax_share"]
    regime = cbec_retail(legs, [chosen.rules for chosen in lines], single)
    desk.warn("for_personal_use", "/regime", regime=CBEC_RETAIL)
    limits = (ANNUAL_LIMIT,) if single else (ORDER_LIMIT, ANNUAL_LIMIT)
    return Way(lines, shared, _with_used(regime, request, shared), limits)


def _with_used(regime: Regime, request: QuoteRequest, shared: dict[str, Fact]) -> Regime:
    """What the buyer has bought this year, in yuan; nothing where the request is silent."""
    used = request.cbec_used
    if used is None or used.currency == YUAN:
        amount = used.amount if used is not None else ZERO
        shared["cbec_used"] = Fact.of_request(amount, "/importer/cbec_used", YUAN)
        return regime
    shared["cbec_used_amount"] = Fact.of_request(used.amount, "/importer/cbec_used", used.currency)
    in_yuan: Rule = at_rate.renamed("cbec_used", amount="cbec_used_amount", rate=f"customs_rate:{used.currency}")
    first, *others = regime.passes
    return replace(regime, passes=(Pass((*first.consignment, in_yuan), first.lines), *others))


def _line(request: QuoteRequest, dossier: Dossier, number: int, single: bool, desk: Desk) -> Chosen:
    line, pointer = request.goods[number], f"/goods/{number}"
    found = announced(dossier.lines[number], number, pointer, desk)
    _admitted(line, found, pointer, desk)
    refuse_foreign(line, pointer, CBEC_RETAIL, single)
    if remedy_choice.planned(line, found, pointer).rules:
        raise Unpriceable("remedy_in_regime_unknown", f"{pointer}/tariff/trade_remedies", ("[]",), regime=CBEC_RETAIL)
    vat_fact, vat_rate, vat_zero = chosen_vat(line, found, number, pointer, desk)
    excise = excise_choice.planned(line, found, dossier, pointer)
    facts: dict[str, Fact] = {**excise.facts, "vat_rate": vat_fact}
    zeros = {
        "customs_duty": "within_the_limit_of_an_order",
        "trade_remedies": "not_in_this_regime",
        "consumption_tax": excise.zero,
        "vat": vat_zero,
    }
    duty_rules: tuple[Rule, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    duty_rate: DutyRate = AdValorem(dossier.parameter("cbec_duty_rate").value)
    basis, currencies = CBEC_RETAIL, excise.currencies
    if single:
        # Over the limit of an order the item bears the duty of general trade, so its figures go along.
        chosen = chosen_duty(line, found, number, pointer, desk)
        duty = duty_forms.planned(chosen, line, found, pointer)
        facts |= duty.facts
        duty_rules, alternatives, currencies = duty.rules, chosen.alternatives, (*currencies, *duty.currencies)
        duty_rate, basis = chosen.rate, chosen.basis
        zeros["customs_duty"] = duty.zero or zeros["customs_duty"]
    value_rules = priced(line, found, pointer, facts)
    if excise.zero == "outside_every_heading" and excise.confidence:
        untaxed(dossier, pointer, desk)
    if "excise_per_unit" in facts:
        desk.reason("retail_share_of_tax_by_quantity", pointer, letter="C")
    told(line, found, excise.asked | {INDIVISIBLE}, pointer, desk)
    planned = PlannedLine(
        hs_code=code_of(line, found),
        facts=facts,
        duty=duty_rate,
        basis=basis,
        excise=excise.category,
        vat=vat_rate,
        zeros={name: reason for name, reason in zeros.items() if reason},
    )
    rules = LineRules(value=value_rules, duty=duty_rules, excise=excise.rules, facts=frozenset(facts))
    return Chosen(planned, rules, alternatives, currencies)


def _admitted(line: GoodsLine, found: LineDossier, pointer: str, desk: Desk) -> None:
    """Only goods on the list come in by e-commerce retail; where nobody has read the list, the quote says so."""
    own = line.tariff.cbec if line.tariff is not None else None
    if own is None and found.listing is not None:
        own = found.listing.listed
        if own:
            facts = {"confidence": found.listing.row.confidence, "note": found.listing.row.note}
            desk.reason("cbec_list_of_another_year", pointer, letter=found.listing.row.confidence, **facts)
    if own is None:
        desk.reason("cbec_list_not_read", f"{pointer}/tariff/cbec", letter="C", hs_code=code_of(line, found))
    if own is False:
        where = f"{pointer}/tariff/cbec" if line.tariff is not None and line.tariff.cbec is False else "/regime"
        raise Unpriceable("regime_closed", where, (GENERAL_TRADE,), regime=CBEC_RETAIL, because="not_on_the_list")


def refuse_foreign(line: GoodsLine, pointer: str, regime: str, single: bool = False) -> None:
    """Adjustments of the value and claims to a lower duty belong to general trade.

    A single item dearer than the limit of an order bears the duty of general trade, so that it may claim one.
    """
    for field, stated in (
        ("additions", line.additions),
        ("deductions", line.deductions),
        ("tariff_quota", line.tariff_quota and not single),
        ("tariff_part", claims_part(line) and not single),
        ("preference", line.preference and not single),
    ):
        if stated:
            raise Unpriceable("not_in_regime", f"{pointer}/{field}", (GENERAL_TRADE,), field=field, regime=regime)
