"""Personal articles by post chosen: the class of each line, its rate of the day, and the limit of a parcel."""

from dataclasses import replace
from datetime import date

from calculator.classes import asked_by, decided
from calculator.desk import Desk
from calculator.dossier import Dossier
from calculator.errors import NotInForce, Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import refuse_late
from calculator.legs import Legs
from calculator.measuring import check_measures
from calculator.passes import LineRules
from calculator.plan import Fact, Limit, PlannedLine
from calculator.regimes import postal_articles
from calculator.request import QuoteRequest
from calculator.retail_choice import refuse_adjustments
from calculator.single_item import INDIVISIBLE, is_single_item
from calculator.telling import told
from calculator.trade_choice import code_of
from calculator.value_choice import priced
from calculator.way import POSTAL_ARTICLES, Chosen, Way
from calculator.weighing import weight_of

VALUE_LIMIT = Limit("postal_value_limit", "total_customs_value", "postal_value_limit")
# From this day the price actually paid comes before the list price (GACC Announcements 2024 Nos. 175 and 176).
PRICE_FIRST = date(2024, 12, 1)
NOT_KNOWN = ("customs_duty", "trade_remedies", "consumption_tax", "vat")


def chosen_way(request: QuoteRequest, dossier: Dossier, legs: Legs, desk: Desk) -> Way:
    """Personal articles (个人邮递物品), a parcel for a natural person's own use. Raises Unpriceable where it is closed."""
    refuse_late(request, POSTAL_ARTICLES)
    if request.incoterm is Incoterm.DDP:
        raise Unpriceable("ddp_not_solvable", "/incoterm", ("DAP",), because=POSTAL_ARTICLES)
    lines = tuple(_line(request, dossier, number, desk) for number in range(len(request.goods)))
    shared = {
        "postal_value_limit": Fact.of_parameter(dossier.parameter("postal_value_limit")),
        "postal_waiver_limit": Fact.of_parameter(dossier.parameter("postal_tax_waiver")),
    }
    if request.declared_on < PRICE_FIRST:
        desk.reason("postal_list_price_came_first", "/declared_on", letter="C")
    desk.warn("for_personal_use", "/regime", regime=POSTAL_ARTICLES)
    limits = () if is_single_item(request) else (VALUE_LIMIT,)
    return Way(lines, shared, postal_articles(legs, [chosen.rules for chosen in lines]), limits)


def _line(request: QuoteRequest, dossier: Dossier, number: int, desk: Desk) -> Chosen:
    line, found = request.goods[number], dossier.lines[number]
    pointer = f"/goods/{number}"
    check_measures(line, pointer)
    refuse_adjustments(line, pointer, POSTAL_ARTICLES)
    if not found.postal:
        raise NotInForce("no_row_in_force", pointer, (), table="postal-articles", key=code_of(line, found))
    classes = [(each.condition, each) for each in found.postal]
    chosen = decided(classes, line, pointer, POSTAL_ARTICLES)
    rate = dossier.parameter(chosen.rate)
    # The rate is as sure as the weaker of the figure and of the line's place in its class.
    letter = max(rate.row.confidence, chosen.row.confidence)
    facts = {"postal_rate": replace(Fact.of_parameter(rate, share=True), confidence=letter)}
    value_rules = priced(line, found, pointer, facts)
    weight = weight_of(request, found, number)
    if weight is not None:
        facts["weight"] = weight
    asked = asked_by(each.condition for each in found.postal)
    told(line, found, asked | {INDIVISIBLE}, pointer, desk)
    planned = PlannedLine(
        hs_code=code_of(line, found),
        facts=facts,
        duty=None,
        basis=POSTAL_ARTICLES,
        excise="",
        vat=None,
        zeros=dict.fromkeys(NOT_KNOWN, "not_in_this_regime"),
    )
    return Chosen(planned, LineRules(value=value_rules, facts=frozenset(facts)))
