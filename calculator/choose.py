"""From a request and its dossier to a plan: which rules apply, in which order, with which figures, and why.

Choosing looks at names and dates, never at amounts. What the tables leave open becomes an open point of the plan, and
`picks` answers it; the default answers are the first ones.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from calculator import duty_choice, excise_choice
from calculator.duty import customs_duty
from calculator.duty_choice import ChosenDuty, applicable_duty
from calculator.dossier import Dossier, LineDossier, Parameter
from calculator.errors import NotInForce, Unpriceable
from calculator.incoterms import Incoterm
from calculator.legs import Legs, legs_of
from calculator.measuring import quantity_in
from calculator.money import EXACT, ExchangeRate
from calculator.plan import Alternative, Fact, OpenPoint, Plan, PlannedLine, Remark
from calculator.quantities import convert
from calculator.regimes import LineRules, general_trade
from calculator.request import GoodsLine, QuoteRequest
from calculator.rules import Rule, sum_of
from calculator.tariff_line import AdValorem, Compound, DutyRate, Row, Specific, VatRate
from calculator.valuation import at_rate, invoice_value

YUAN = "CNY"
# A market rate older than this many days carries a warning, and is refused in strict mode.
STALE_DAYS = 14
Picks = Mapping[str, int]


def choose(request: QuoteRequest, dossier: Dossier, picks: Picks | None = None) -> Plan:
    """The plan of a request. Raises Unpriceable, with a pointer, where the law or the request leaves something out."""
    picks = picks or {}
    remarks = _Remarks()
    legs = legs_of(request)
    shared = dict(legs.facts)
    open_points: list[OpenPoint] = []
    currencies = set(request.currencies())
    chosen_lines = []
    for number, (line, found) in enumerate(zip(request.goods, dossier.lines, strict=True)):
        chosen = _line(request, dossier, line, found, number, picks, open_points, remarks)
        currencies |= set(chosen.currencies)
        chosen_lines.append(chosen)
    for currency in sorted(currencies):
        shared[f"customs_rate:{currency}"] = _rate(request, dossier, currency, "customs", remarks)
        shared[f"market_rate:{currency}"] = _rate(request, dossier, currency, "market", remarks)
    shared |= _limits(dossier, picks, open_points)
    if legs.presumed:
        shared["presumed_premium_rate"] = Fact.of_parameter(_parameter(dossier, "presumed_insurance"), share=True)
    _weights(request, dossier, chosen_lines)
    passes = general_trade(
        legs,
        [chosen.rules for chosen in chosen_lines],
        ddp=request.incoterm is Incoterm.DDP,
        waivers=tuple(name for name in ("duty", "consumption_tax", "vat") if f"{name}_waiver_limit" in shared),
    )
    for field in request.defaulted:
        remarks.assume(field, "/" + field)
    remarks.assumptions += legs.assumptions
    return Plan(
        regime=request.regime,
        shared=shared,
        lines=tuple(chosen.planned for chosen in chosen_lines),
        passes=passes,
        order=_canonical(request, chosen_lines),
        alternatives=tuple(each for chosen in chosen_lines for each in chosen.alternatives),
        open_points=tuple(open_points),
        assumptions=tuple(remarks.assumptions),
        warnings=tuple(remarks.warnings),
        reasons=tuple(remarks.reasons),
        zeros=legs.zeros | {"payment_cost": "no_rail"},
    )


class _Remarks:
    """What the quote will have to say beside its figures, gathered on the way."""

    def __init__(self) -> None:
        self.assumptions: list[Remark] = []
        self.warnings: list[Remark] = []
        self.reasons: list[Remark] = []

    def assume(self, code: str, pointer: str, **facts: object) -> None:
        self.assumptions.append(Remark(code, pointer, facts))

    def warn(self, code: str, pointer: str, **facts: object) -> None:
        self.warnings.append(Remark(code, pointer, facts))

    def reason(self, code: str, pointer: str, **facts: object) -> None:
        self.reasons.append(Remark(code, pointer, facts))


class _Chosen:
    """A line on its way into the plan."""

    def __init__(self, planned: PlannedLine, rules: LineRules, alternatives: tuple[Alternative, ...]) -> None:
        self.planned = planned
        self.rules = rules
        self.alternatives = alternatives
        self.currencies: tuple[str, ...] = ()


def _line(
    request: QuoteRequest,
    dossier: Dossier,
    line: GoodsLine,
    found: LineDossier,
    number: int,
    picks: Picks,
    open_points: list[OpenPoint],
    remarks: _Remarks,
) -> _Chosen:
    pointer = f"/goods/{number}"
    key = f"ended_provisional/{number}"
    chosen = applicable_duty(line, found, number, pointer, ended_applies=picks.get(key, 0) == 1)
    if chosen.ended is not None:
        ended_on = chosen.ended.validity.valid_to
        open_points.append(OpenPoint(key, "provisional_rate_ended", pointer, 2, facts={"ended_on": ended_on}))
    duty = duty_choice.planned(chosen, line, found, pointer)
    excise = excise_choice.planned(line, found, pointer)
    remedies, remedy_facts, remedy_rate = _remedies(line, found, pointer)
    vat_fact, vat_rate, vat_zero = _vat(line, found, number, pointer, picks, open_points)
    facts: dict[str, Fact] = {**duty.facts, **excise.facts, **remedy_facts, "vat_rate": vat_fact}
    value_rules = _value_rules(line, found, pointer, facts)
    additions = _adjusted("additions", line, pointer, facts)
    deductions = _adjusted("deductions", line, pointer, facts)
    zeros = {"trade_remedies": "" if remedies else _no_remedy(line, found)}
    if duty.zero:
        zeros["customs_duty"] = duty.zero
    if excise.zero:
        zeros["consumption_tax"] = excise.zero
    if vat_zero:
        zeros["vat"] = vat_zero
    if request.incoterm is Incoterm.DDP:
        _solvable(chosen, excise, remedies, remedy_rate, pointer)
        if remedies:
            facts["remedy_rate"] = Fact.of_request(remedy_rate, f"{pointer}/tariff/trade_remedies", share=True)
    _told(line, found, excise, pointer, remarks)
    rules = LineRules(
        value=value_rules,
        additions=additions,
        deductions=deductions,
        duty=duty.rules,
        remedies=remedies,
        excise=excise.rules,
        facts=frozenset(facts),
    )
    planned = PlannedLine(
        hs_code=line.hs_code,
        facts=facts,
        duty=chosen.rate,
        basis=chosen.basis,
        excise=excise.category,
        vat=vat_rate,
        zeros=zeros,
    )
    result = _Chosen(planned, rules, chosen.alternatives)
    by_value = [name.partition(":")[2] for each in duty.rules for name in each.inputs if name.startswith("customs_rate:")]
    result.currencies = (*excise.currencies, *by_value)
    return result


def _value_rules(line: GoodsLine, found: LineDossier, pointer: str, facts: dict[str, Fact]) -> tuple[Rule, ...]:
    """What the invoice states for the line, and what that is in yuan at the customs rate."""
    price = line.price
    rate = f"customs_rate:{price.currency}"
    in_yuan = at_rate.renamed("transaction_value", amount="invoice_value", rate=rate)
    if price.per == "total":
        facts["invoice_value"] = Fact.of_request(price.amount, f"{pointer}/price", price.currency)
        return (in_yuan,)
    facts["unit_price"] = Fact.of_request(price.amount, f"{pointer}/price", f"{price.currency}/{price.per}")
    facts["priced_quantity"] = quantity_in(price.per, line, found, pointer, "price")
    return (invoice_value, in_yuan)


def _adjusted(kind: str, line: GoodsLine, pointer: str, facts: dict[str, Fact]) -> tuple[Rule, ...]:
    """The legal adjustments of one kind, each in yuan at the customs rate, and their sum."""
    stated = line.additions if kind == "additions" else line.deductions
    rules = []
    for place, adjustment in enumerate(stated):
        name = f"{kind}:{adjustment.code}:{place}"
        money = adjustment.amount
        facts[f"{name}_amount"] = Fact.of_request(money.amount, f"{pointer}/{kind}/{place}/amount", money.currency)
        rules.append(at_rate.renamed(name, amount=f"{name}_amount", rate=f"customs_rate:{money.currency}"))
    return (*rules, sum_of(kind, [each.name for each in rules], shown="never")) if rules else ()


def _vat(
    line: GoodsLine,
    found: LineDossier,
    number: int,
    pointer: str,
    picks: Picks,
    open_points: list[OpenPoint],
) -> tuple[Fact, Decimal, str]:
    own = line.tariff.vat if line.tariff is not None else None
    if own is not None:
        return Fact.of_request(own, f"{pointer}/tariff/vat", share=True), own, "" if own else "zero_rate"
    if not found.vat:
        raise NotInForce("no_vat_rate", f"{pointer}/tariff/vat", (), table="vat", key=line.hs_code)
    rates: list[VatRate] = sorted(found.vat, key=lambda each: -each.rate)
    key = f"vat/{number}"
    if len(rates) > 1:
        shown = tuple(each.rate for each in rates)
        open_points.append(OpenPoint(key, "vat_rate_open", pointer, len(rates), facts={"rates": shown}))
    rate = rates[picks.get(key, 0)]
    return Fact.of_row(rate.rate, rate.row, line.hs_code, share=True), rate.rate, "" if rate.rate else "zero_rate"


def _remedies(
    line: GoodsLine, found: LineDossier, pointer: str
) -> tuple[tuple[Rule, ...], dict[str, Fact], Decimal]:
    """The trade-remedy duties of a line, the user's own before the table's, and the sum of their shares."""
    given = line.tariff.trade_remedies if line.tariff is not None else None
    stated: list[tuple[str, DutyRate, Row | None, str]] = []
    if given is not None:
        for place, remedy in enumerate(given):
            stated.append((remedy.kind.value, remedy.duty, None, f"{pointer}/tariff/trade_remedies/{place}/duty"))
    else:
        for measure in found.remedies:
            if measure.rate is None:
                raise Unpriceable(
                    "trade_remedy_rate_unknown",
                    f"{pointer}/tariff/trade_remedies",
                    ("[]", '[{"kind": "anti_dumping", "duty": "13.5%"}]'),
                    kind=measure.kind.value,
                    part=measure.part,
                    note=measure.row.note,
                )
            stated.append((measure.kind.value, measure.rate, measure.row, f"{pointer}/hs_code"))
    rules: list[Rule] = []
    facts: dict[str, Fact] = {}
    shares = Decimal(0)
    for place, (kind, duty, row, where) in enumerate(stated):
        name = f"remedy:{kind}:{place}"
        match duty:
            case AdValorem():
                amounts = {"rate": (duty.rate, "", True)}
                shares += duty.rate
            case Specific():
                amounts = {"per_unit": (duty.amount, f"CNY/{duty.unit}", False)}
            case Compound():
                amounts = {"rate": (duty.rate, "", True), "per_unit": (duty.amount, f"CNY/{duty.unit}", False)}
            case _:
                raise Unpriceable("duty_form_unknown", where, (), form=type(duty).__name__)
        for figure, (value, unit, share) in amounts.items():
            facts[f"{name}_{figure}"] = (
                Fact.of_row(value, row, line.hs_code, unit, share)
                if row is not None
                else Fact.of_request(value, where, unit, share)
            )
        if not isinstance(duty, AdValorem):
            facts[f"{name}_quantity"] = quantity_in(duty.unit, line, found, pointer, "trade_remedies")
        names = {f"duty_{figure}": f"{name}_{figure}" for figure in ("rate", "quantity", "per_unit")}
        lacking = [place for place, source in names.items() if source not in facts]
        rules.append(customs_duty.without(*lacking).renamed(name, **names))
    if rules:
        rules.append(sum_of("trade_remedies", [each.name for each in rules], shown="never"))
    return tuple(rules), facts, shares


def _no_remedy(line: GoodsLine, found: LineDossier) -> str:
    stated = line.tariff is not None and line.tariff.trade_remedies is not None
    return "none_stated_by_user" if stated else "none_in_force"


def _solvable(
    chosen: ChosenDuty, excise: excise_choice.ExcisePlan, remedies: tuple[Rule, ...], rate: Decimal, pointer: str
) -> None:
    """A delivered-duty-paid price can be solved backwards where no class depends on the value that is being sought."""
    by_quantity = remedies and not rate
    by_class = any("threshold" in name for each in excise.rules for name in each.inputs)
    if not isinstance(chosen.rate, AdValorem | Specific | Compound):
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=type(chosen.rate).__name__)
    if by_class or by_quantity:
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=excise.category or "trade_remedies")


def _told(
    line: GoodsLine, found: LineDossier, excise: excise_choice.ExcisePlan, pointer: str, remarks: _Remarks
) -> None:
    if line.tariff is not None:
        remarks.warn("user_tariff", f"{pointer}/tariff")
    for pending in found.pending:
        facts = {"kind": pending.kind.value, "part": pending.part, "note": pending.row.note}
        remarks.warn("trade_remedy_possible", pointer, **facts)
    if line.related_party:
        remarks.warn("related_party", f"{pointer}/related_party")
    if line.advance_ruling:
        remarks.warn("advance_ruling", f"{pointer}/advance_ruling", ruling=line.advance_ruling)
    if excise.zero == "outside_every_heading" and excise.confidence:
        remarks.reason("consumption_tax_outside_every_heading", pointer)
    if any(each.part for each in found.measures):
        remarks.warn("partial_provisional", pointer)


def _rate(request: QuoteRequest, dossier: Dossier, currency: str, desk: str, remarks: _Remarks) -> Fact:
    """The user's own rate of a currency in yuan, else that of the desk."""
    if currency == YUAN:
        return Fact(Decimal(1), "law", f"{YUAN}/{YUAN}", confidence="A")
    own = _own_rate(request, currency, desk)
    if own is not None:
        rate, pointer = own
        return Fact.of_rate(rate, pointer)
    rates = dossier.customs_rates if desk == "customs" else dossier.market_rates
    if currency not in rates:
        raise NotInForce("no_exchange_rate", "/fx", (), table=f"fx-{desk}", key=f"{currency}/{YUAN}")
    found = rates[currency]
    pair = f"{currency}/{YUAN}"
    if found.estimate:
        remarks.reason("customs_rate_estimated", "/customs_fx", pair=pair, source_day=found.on)
    if desk == "market" and (found.age_days or 0) > STALE_DAYS:
        if request.strict_fx:
            raise Unpriceable("exchange_rate_stale", "/fx", (), pair=pair, on=found.on, age_days=found.age_days)
        remarks.warn("exchange_rate_stale", "/fx", pair=pair, on=found.on, age_days=found.age_days)
    return Fact.of_rate(found)


def _own_rate(request: QuoteRequest, currency: str, desk: str) -> tuple[ExchangeRate, str] | None:
    places = [("fx", request.fx)]
    if desk == "customs":
        places.insert(0, ("customs_fx", request.customs_fx))
    for place, rates in places:
        straight, inverse = rates.get((currency, YUAN)), rates.get((YUAN, currency))
        pair = (currency, YUAN) if straight is not None else (YUAN, currency)
        if straight is None and inverse is None:
            continue
        if straight is not None and inverse is not None and EXACT.multiply(straight, inverse) != 1:
            raise Unpriceable(
                "exchange_rates_disagree", f"/{place}/{currency}~1{YUAN}", (), straight=straight, inverse=inverse
            )
        one = EXACT.create_decimal(1)
        multiplier, divisor = (straight, one) if straight is not None else (one, inverse or one)
        text = f"{'/'.join(pair)} {straight if straight is not None else inverse}"
        rate = ExchangeRate(currency, YUAN, multiplier, divisor, None, desk, "", "user", text)
        return rate, f"/{place}/{pair[0]}~1{pair[1]}"
    return None


def _parameter(dossier: Dossier, name: str) -> Parameter:
    try:
        return dossier.parameters[name]
    except KeyError:
        raise NotInForce("no_row_in_force", "/declared_on", (), table="import-taxes", key=name) from None


def _limits(dossier: Dossier, picks: Picks, open_points: list[OpenPoint]) -> dict[str, Fact]:
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
            if not any(point.key == key for point in open_points):
                code = "duty_waiver_unverified" if key == "duty_waiver" else "small_tax_waiver_unverified"
                open_points.append(OpenPoint(key, code, "", 2, fixed=True, facts={"limit": found.value}))
            if picks.get(key, 0) == 1:
                continue
        limits[name] = Fact.of_parameter(found)
    return limits


def _weights(request: QuoteRequest, dossier: Dossier, chosen: list[_Chosen]) -> None:
    """The weights by which shared costs are spread, where they are not spread by value."""
    if len(request.goods) == 1 or request.costs.allocate_by == "value":
        return
    basis = request.costs.allocate_by
    for number, (line, found) in enumerate(zip(request.goods, dossier.lines, strict=True)):
        pointer = f"/goods/{number}"
        match basis:
            case "net_weight":
                fact = quantity_in("kg", line, found, pointer, "allocation")
            case "gross_weight" if line.gross_weight is not None:
                fact = Fact.of_request(convert(line.gross_weight, "kg"), f"{pointer}/gross_weight", "kg")
            case "volume" if line.volume is not None:
                fact = Fact.of_request(convert(line.volume, "L"), f"{pointer}/volume", "L")
            case "quantity":
                fact = quantity_in(request.goods[0].quantity.unit, line, found, pointer, "allocation")
            case _:
                raise Unpriceable("allocation_weight_missing", f"{pointer}/{basis}", (), basis=basis)
        planned = chosen[number].planned
        chosen[number].planned = replace(planned, facts={**planned.facts, "weight": fact})


def _canonical(request: QuoteRequest, chosen: list[_Chosen]) -> tuple[int, ...]:
    """The order in which running totals are taken: code, price, weight, then the request's order."""

    def key(number: int) -> tuple[object, ...]:
        line = request.goods[number]
        facts = chosen[number].planned.facts
        price = facts["invoice_value"].value if "invoice_value" in facts else line.price.amount
        return (line.hs_code, line.price.currency, price, line.quantity.value, number)

    return tuple(sorted(range(len(request.goods)), key=key))
