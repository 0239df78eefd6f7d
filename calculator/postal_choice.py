"""Personal articles by post chosen: the class of each line, its rate of the day, and the limit of a parcel."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from calculator.classes import asked_by, decided
from calculator.desk import Desk
from calculator.dossier import Dossier, LineDossier
from calculator.errors import NotInForce, Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import refuse_late
from calculator.legs import Legs
from calculator.listings import PostalClass
from calculator.measuring import quantity_in
from calculator.passes import LineRules
from calculator.plan import Fact, Limit, PlannedLine
from calculator.post import postal_rate
from calculator.regimes import postal_articles
from calculator.request import GoodsLine, QuoteRequest
from calculator.retail_choice import refuse_foreign
from calculator.rules import Rule
from calculator.single_item import INDIVISIBLE, is_single_item
from calculator.telling import told
from calculator.trade_choice import code_of
from calculator.value_choice import priced
from calculator.way import POSTAL_ARTICLES, Chosen, Way

VALUE_LIMIT = Limit("postal_value_limit", "total_customs_value", "postal_value_limit")
# From this day the price actually paid comes before the list price (GACC Announcements 2024 Nos. 175 and 176).
PRICE_FIRST = date(2024, 12, 1)
# Animal and plant quarantine on entry, among the letters of inspection.
QUARANTINE = "P"
NOT_READ = "quarantine_by_post_not_read"
_BY_VALUE = re.compile(r"unit_value_cny (<|>=) ([0-9]+)")
NOT_KNOWN = ("customs_duty", "trade_remedies", "consumption_tax", "vat")


def chosen_lines(request: QuoteRequest, dossier: Dossier, desk: Desk) -> tuple[Chosen, ...]:
    """The lines of a parcel. Raises Unpriceable where the regime is closed to one."""
    refuse_late(request, POSTAL_ARTICLES)
    if request.incoterm is Incoterm.DDP:
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=POSTAL_ARTICLES)
    return tuple(_line(request, dossier, number, desk) for number in range(len(request.goods)))


def chosen_way(request: QuoteRequest, dossier: Dossier, lines: tuple[Chosen, ...], legs: Legs, desk: Desk) -> Way:
    """Personal articles (个人邮递物品), a parcel for a natural person's own use."""
    shared = {
        "postal_value_limit": Fact.of_parameter(dossier.parameter("postal_value_limit")),
        "postal_waiver_limit": Fact.of_parameter(dossier.parameter("postal_tax_waiver")),
    }
    if request.declared_on < PRICE_FIRST:
        desk.reason("postal_list_price_came_first", "/declared_on", letter="C")
    desk.warn("for_personal_use", "/regime", regime=POSTAL_ARTICLES)
    limits = () if is_single_item(request, desk) else (VALUE_LIMIT,)
    return Way(lines, shared, postal_articles(legs, [chosen.rules for chosen in lines]), limits)


def _line(request: QuoteRequest, dossier: Dossier, number: int, desk: Desk) -> Chosen:
    line, found = request.goods[number], dossier.lines[number]
    pointer = f"/goods/{number}"
    refuse_foreign(line, pointer, POSTAL_ARTICLES)
    if line.tariff is not None:
        desk.warn("tariff_unused", f"{pointer}/tariff", regime=POSTAL_ARTICLES)
    if not found.postal:
        raise NotInForce("no_row_in_force", pointer, (), table="postal-articles", key=code_of(line, found))
    if found.tariff_line is not None and QUARANTINE in found.tariff_line.inspection:
        desk.reason(NOT_READ, pointer, letter="C")
    rules, facts = _rated(line, found, dossier, pointer)
    value_rules = priced(line, found, pointer, facts)
    asked = asked_by(each.condition for each in found.postal)
    told(line, found, asked | {INDIVISIBLE}, pointer, desk, own_rates=False)
    planned = PlannedLine(
        hs_code=code_of(line, found),
        facts=facts,
        duty=None,
        basis=POSTAL_ARTICLES,
        excise="",
        vat=None,
        zeros=dict.fromkeys(NOT_KNOWN, "not_in_this_regime"),
    )
    return Chosen(planned, LineRules(value=value_rules, duty=rules, facts=frozenset(facts)))


def _rated(
    line: GoodsLine, found: LineDossier, dossier: Dossier, pointer: str
) -> tuple[tuple[Rule, ...], dict[str, Fact]]:
    """The rate of the class of a line; of two classes told apart by the value of a piece the walk takes one."""
    by_value = [(_BY_VALUE.fullmatch(each.condition), each) for each in found.postal]
    if not all(matched for matched, _ in by_value):
        chosen = decided([(each.condition, each) for each in found.postal], line, pointer, POSTAL_ARTICLES)
        return (), {"postal_rate": _rate(chosen, dossier)}
    facts = {"threshold_quantity": quantity_in("unit", line, found, pointer, POSTAL_ARTICLES)}
    for matched, each in by_value:
        assert matched is not None
        facts["postal_rate_below" if matched[1] == "<" else "postal_rate_from"] = _rate(each, dossier)
        facts["postal_threshold"] = Fact.of_row(Decimal(matched[2]), each.row, each.code, "CNY/unit")
    return (postal_rate,), facts


def _rate(chosen: PostalClass, dossier: Dossier) -> Fact:
    """The rate is as sure as the weaker of the figure and of the line's place in its class."""
    rate = dossier.parameter(chosen.rate)
    letter = max(rate.row.confidence, chosen.row.confidence)
    return replace(Fact.of_parameter(rate, share=True), confidence=letter)
