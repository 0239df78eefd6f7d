"""One set of rules, two readings: real requests priced one by one and together come to the same fen.

A kind of request is one function of a source of chance; hypothesis drives it, and a fixed seed does. To have another kind
held against both readings, write its function and name it in KINDS.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from random import Random
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cells import unit_told
from calculator.alike import apart, without_amounts, without_measures
from calculator.blank import Blank
from calculator.bulk import Sums, sums_of, together
from calculator.bulk_spread import opened
from calculator.choices import Choice, chosen_for_all
from calculator.columns import Column
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.origins import UNKNOWN
from calculator.quantities import Quantity, read_quantity
from calculator.quote import Quote, quote_of
from calculator.reckoning import FIGURES, WAIVERS
from calculator.request import (
    Adjustment,
    Costs,
    GoodsLine,
    Holding,
    Insurance,
    Lateness,
    OwnRemedy,
    OwnTariff,
    Payment,
    Price,
    QuoteRequest,
    Route,
)
from calculator.tariff_line import DutyRate, MeasureKind
from calculator.taxes import (
    consumption_tax,
    consumption_tax_by_value,
    consumption_tax_on_cigarettes,
    consumption_tax_per_unit,
    consumption_tax_per_unit_by_value,
)
from calculator.together import Many
from calculator.weighing import canonical_order
from tariffs.book import Book
from tariffs.expressions import duty_rate
from tariffs.logistics_rows import CHARGES, COLUMNS
from tests.calculator.test_payment import TRANSFERRED

CURRENCIES = ("USD", "CNY", "EUR", "MXN")
RATES = {("USD", "CNY"): D("6.7628"), ("EUR", "CNY"): D("7.9"), ("MXN", "CNY"): D("0.376543")}
ENDS = ("origin", "destination")
COTTON = duty_rate(
    "sliding(a=9.0, b=2.69%, threshold=14.000 CNY/kg, at_or_above=0.280 CNY/kg, cap=40%, places=3)",
)
# A code, the unit it is counted in, its duty where the user states one, and the value of a unit, in yuan, at which a class
# of its duty or tax begins (or any usual value)
GOODS: dict[str, tuple[str, str, OwnTariff | None, str]] = {
    "avocados, by value": ("08044000", "kg", None, "20"),
    "chicken wings, by quantity": ("02071421", "kg", None, "15"),
    "film, by value and quantity": ("37013024", "m2", OwnTariff(duty=duty_rate("6% + 1.5 CNY/m2")), "30"),
    "latex, the lower of two": ("40011000", "t", None, "9000"),
    "recorders, by their value": ("85211011", "piece", None, "13525.6"),
    "cotton, sliding": ("52010000", "kg", OwnTariff(duty=COTTON), "14"),
    "tequila": ("22089010", "L", None, "45"),
    "wine": ("22042100", "L", None, "30"),
    "beer": ("22030000", "L", None, "2.5326686"),
    "cosmetics": ("33049900", "kg", None, "10000"),
    "cigarettes": ("24022000", "thousand_sticks", None, "193.2"),
    "watches": ("91021100", "piece", None, "10000"),
    "petrol": ("27101210", "L", None, "4"),
    "wings with trade remedies": (
        "02071421",
        "kg",
        OwnTariff(
            trade_remedies=(
                OwnRemedy(MeasureKind.ANTI_DUMPING, duty_rate("13.5%")),
                OwnRemedy(MeasureKind.COUNTERVAILING, duty_rate("4% + 0.8 CNY/kg")),
            )
        ),
        "15",
    ),
}
EXCISES = (
    consumption_tax,
    consumption_tax_by_value,
    consumption_tax_on_cigarettes,
    consumption_tax_per_unit,
    consumption_tax_per_unit_by_value,
)
RAILS = (
    "swift-tt",
    "lc",
    "collection-dp",
    "collection-da",
    "cips-rmb",
    "alibaba-trade-assurance",
    "tmall-global",
    "alipay-crossborder",
    "wechat-crossborder",
    "card-unionpay",
    "card",
    "paypal",
    "wise",
    "airwallex",
    "lianlian",
    "lianlian-rmb",
    "worldfirst",
    "pingpong",
    "payoneer",
)
SOLVABLE = (
    "avocados, by value",
    "chicken wings, by quantity",
    "tequila",
    "wine",
    "petrol",
    "film, by value and quantity",
)


def amount(chance: Random) -> D:
    """Money: of any size, a few fen, or one whose tenth or half is a tie."""
    size = chance.choice((10, 1000, 10**5, 10**8, 10**14))
    return (
        D(chance.randint(1, size * 100)).scaleb(-2) if chance.random() < 0.7 else D(chance.randint(1, size)) * 5 / 100
    )


def goods_line(chance: Random, name: str) -> GoodsLine:
    """A line near the value where its class begins, at it, near a waiver's limit, or of any value."""
    code, unit, tariff, value = GOODS[name]
    count = D(chance.choice((1, 3, 7, 100, 20160))) + D(chance.choice(("0", "0.5", "0.125", "0.003")))
    quantity = read_quantity(f"{count} {unit}")
    at = count * D(value)
    near = at + D(chance.choice((-2, -1, 0, 1, 2))).scaleb(-2)
    price, per, currency = chance.choice(
        [
            (near, "total", "CNY"),
            (D(value), quantity.unit, "CNY"),
            # About where the duty comes to 50.00 or 50.01 yuan at a rate of 7 or 10 per cent
            (D(chance.choice((50000, 50010, 71429, 71420, 50015, 50005))).scaleb(-2), "total", "CNY"),
            (amount(chance), "total", chance.choice(CURRENCIES)),
            (amount(chance) / 100, quantity.unit, chance.choice(CURRENCIES)),
            (D("0.01"), "total", "CNY"),
        ]
    )
    return GoodsLine(
        quantity=quantity,
        price=Price(price, currency, per),
        hs_code=code,
        origin=UNKNOWN if name.startswith("recorders") else "MX",
        tariff=tariff,
        net_weight=read_quantity(f"{chance.randint(1, 30000)} kg") if unit not in ("kg", "t") else None,
        additions=tuple(_adjustments(chance, "royalties", 0.2)),
        deductions=tuple(_adjustments(chance, "post_import_services", 0.1)),
    )


def _adjustments(chance: Random, code: str, how_often: float) -> list[Adjustment]:
    return [Adjustment(code, _money(chance))] if chance.random() < how_often else []


def _money(chance: Random) -> Money:
    return Money(amount(chance) / 50, chance.choice(CURRENCIES))


def costs(chance: Random, incoterm: Incoterm, lines: int) -> Costs:
    """What the term asks the buyer to state, and some of what it does not."""
    stated = {end: {"all_in": _money(chance)} if chance.random() < 0.4 else {} for end in ENDS}
    if incoterm in (Incoterm.EXW, Incoterm.FCA, Incoterm.FAS):
        stated["origin"] = {"all_in": _money(chance)}
    own = incoterm in (Incoterm.EXW, Incoterm.FCA, Incoterm.FAS, Incoterm.FOB)
    insurance = chance.choice((None, None, Insurance(_money(chance)), Insurance(rate=D("0.0035"))))
    return Costs(
        freight=_money(chance) if own or chance.random() < 0.2 else None,
        insurance=insurance,
        origin=stated["origin"],
        destination=stated["destination"] if incoterm is not Incoterm.DAP or chance.random() < 0.5 else {},
        allocate_by="net_weight" if lines > 1 and chance.random() < 0.3 else "value",
    )


def asked(chance: Random, names: list[str], incoterm: Incoterm) -> QuoteRequest:
    lines = tuple(goods_line(chance, name) for name in names)
    return QuoteRequest(
        goods=lines,
        declared_on=date(2026, 11, 23),
        incoterm=incoterm,
        costs=costs(chance, incoterm, len(lines)),
        # A stated rate is a decimal; one crossed through the euro, or the other way round, is a quotient
        fx=RATES if chance.random() < 0.7 else {},
        vat_recoverable=chance.random() < 0.5,
    )


def one_line(chance: Random) -> QuoteRequest:
    """General trade, one line of any form of duty and tax, under any term whose price is not solved backwards."""
    terms = [term for term in Incoterm if term is not Incoterm.DDP]
    return asked(chance, [chance.choice(list(GOODS))], chance.choice(terms))


def several_lines(chance: Random) -> QuoteRequest:
    """General trade, two to four lines that share their costs."""
    names = [chance.choice(list(GOODS)) for _ in range(chance.randint(2, 4))]
    return asked(chance, names, chance.choice((Incoterm.EXW, Incoterm.FOB, Incoterm.CIF, Incoterm.DAP)))


def same_lines(chance: Random) -> QuoteRequest:
    """Avocados and tequila, in either order: many of one shape, also where their canonical order differs."""
    names = ["tequila", "avocados, by value"]
    chance.shuffle(names)
    lines = tuple(goods_line(chance, name) for name in names)
    plain = [GoodsLine(line.quantity, Price(amount(chance), "USD", "total"), hs_code=line.hs_code) for line in lines]
    freight = Costs(Money(amount(chance) / 100, "USD"))
    return QuoteRequest(tuple(plain), date(2026, 11, 23), costs=freight, fx=RATES)


def delivered_duty_paid(chance: Random) -> QuoteRequest:
    """General trade, prices that contain the taxes."""
    names = [chance.choice(SOLVABLE) for _ in range(chance.randint(1, 2))]
    return asked(chance, names, Incoterm.DDP)


def with_certificate(chance: Random) -> QuoteRequest:
    """General trade, cotton under its quota or the table's own sliding duty."""
    request = asked(chance, ["cotton, sliding"], Incoterm.CIF)
    claim = chance.choice(("quota", "sliding"))
    return replace(request, goods=tuple(replace(line, tariff=None, tariff_quota=claim) for line in request.goods))


def paid_late(chance: Random) -> QuoteRequest:
    """General trade, with the surcharges of a late declaration or payment."""
    late = Lateness(payment_days=chance.choice((None, 1, 45)), declaration_days=chance.choice((None, 1, 30)))
    return replace(several_lines(chance), late=late)


def retail_order(chance: Random) -> QuoteRequest:
    """An order of cross-border e-commerce retail, of one line or two."""
    return for_a_person(chance, ["cosmetics", "wine", "avocados, by value"], "cbec_retail")


def parcel(chance: Random) -> QuoteRequest:
    """Personal articles by post."""
    return for_a_person(chance, ["wine", "avocados, by value", "cosmetics"], "postal_articles")


def for_a_person(chance: Random, names: list[str], regime: str) -> QuoteRequest:
    """Goods of a person about the limits of an order, of a parcel and of what is not collected."""
    goods = []
    for name in chance.sample(names, chance.randint(1, 2)):
        code, unit, _, _ = GOODS[name]
        value = D(chance.choice(("50", "250", "384.62", "999.99", "1000", "2500", "5000", "5000.01")))
        attributes = {"indivisible": "yes"} if chance.random() < 0.3 else {}
        listed = OwnTariff(cbec=True) if regime == "cbec_retail" else None
        price = Price(value, "CNY", "total")
        goods.append(GoodsLine(read_quantity(f"1 {unit}"), price, hs_code=code, tariff=listed, attributes=attributes))
    costs = Costs(Money(amount(chance) / 10**6, "USD"))
    return QuoteRequest(tuple(goods), date(2026, 11, 23), costs=costs, fx=RATES, regime=regime)


def on_a_route(chance: Random) -> QuoteRequest:
    """One to three lines by every mode, by the planning range and with the charges of the port, about a limit or a break."""
    mode, origin, destination, equipment = chance.choice(
        (
            ("sea", "MXZLO", "CNSHA", "40RH"),
            ("sea", "MXZLO", "CNSHA", "40HC"),
            ("lcl", "MXZLO", "CNSHA", ""),
            ("air", "NLU", "PVG", ""),
            ("courier", "GDL", "PVG", ""),
        )
    )
    goods = []
    for _ in range(chance.randint(1, 3)):
        near = D(chance.choice(("29350", "26540", "1000", "100", "250", "0.5", "45")))
        gross = near + D(chance.choice((-1, 0, 0, 1))).scaleb(-3)
        room = D(chance.choice(("76.3", "67.1", "1", "3.2", "0.6", "0.003"))) + D(chance.choice((0, 1))).scaleb(-6)
        line = GoodsLine(
            read_quantity(f"{gross / 2} kg"),
            Price(amount(chance), "USD", "total"),
            hs_code=chance.choice(("08044000", "09011100")),
            gross_weight=read_quantity(f"{gross} kg"),
            volume=read_quantity(f"{room} m3"),
        )
        goods.append(line)
    costs = Costs(allocate_by=chance.choice(("", "chargeable", "value", "volume")), planning=True)
    return QuoteRequest(
        tuple(goods),
        date(2026, 11, 23),
        costs=costs,
        fx=RATES,
        route=Route(mode, origin, destination, equipment),
        holding=Holding(rate=D("0.095"), days=D(30), loss=D("0.03")) if chance.random() < 0.5 else None,
    )


def paid_by_a_rail(chance: Random) -> QuoteRequest:
    """One to four lines paid by a transfer, about the limits of its fee."""
    request = several_lines(chance) if chance.random() < 0.5 else one_line(chance)
    payment = Payment(own=TRANSFERRED, currency="USD", charges=chance.choice(("OUR", "SHA", "BEN")))
    return replace(request, payment=payment, fx={**RATES, ("USD", "MXN"): D("18.2")})


def paid_by_a_rail_of_the_tables(chance: Random) -> QuoteRequest:
    """One line paid by any rail that the tables have, in the currency that it carries."""
    rail, margin = chance.choice(RAILS), chance.choice((None, D("0.004")))
    payment = Payment(rail, chance.choice(("", "", *CURRENCIES)), buyer_margin=margin)
    return replace(one_line(chance), payment=payment, fx={**RATES, ("USD", "MXN"): D("18.2")})


KINDS: tuple[Callable[[Random], QuoteRequest], ...] = (
    one_line,
    several_lines,
    same_lines,
    delivered_duty_paid,
    with_certificate,
    paid_late,
    retail_order,
    parcel,
    on_a_route,
    paid_by_a_rail,
    paid_by_a_rail_of_the_tables,
)


def like(chance: Random, request: QuoteRequest) -> QuoteRequest:
    """The same request with other amounts, often a fen or two away, so that it is walked beside the first."""
    goods = tuple(
        replace(
            line,
            price=replace(line.price, amount=_near(chance, line.price.amount)),
            quantity=_more(chance, line.quantity),
        )
        for line in request.goods
    )
    freight = request.costs.freight
    if freight is not None:
        freight = replace(freight, amount=_near(chance, freight.amount))
    return replace(request, goods=goods, costs=replace(request.costs, freight=freight))


def _more(chance: Random, quantity: Quantity) -> Quantity:
    """Half of the time the same quantity, so that its price is about a threshold; often some thousandths more."""
    more = D(chance.choice((0, 0, 1, 125))).scaleb(-3)
    return Quantity(quantity.value + more, quantity.unit)


def _near(chance: Random, money: D) -> D:
    return max(D("0.01"), money + D(chance.randint(-2, 2)).scaleb(-2)) if chance.random() < 0.6 else amount(chance)


def alone(request: QuoteRequest, book: Book) -> Quote | None:
    """A request priced by itself, None where it cannot be."""
    try:
        return quote_of(request, book.dossier(request))
    except Unpriceable:
        return None


def without_measures_told(request: QuoteRequest) -> QuoteRequest:
    """The request with the same quantities and amounts as every other that is chosen for with it."""

    def one(quantity: Quantity | None) -> Quantity | None:
        return None if quantity is None else Quantity(D(1), quantity.unit)

    goods = [
        replace(
            line,
            quantity=Quantity(D(1), line.quantity.unit),
            net_weight=one(line.net_weight),
            gross_weight=one(line.gross_weight),
            volume=one(line.volume),
        )
        for line in request.goods
    ]
    return replace(request, goods=tuple(goods))


def choices_of(requests: Sequence[QuoteRequest], book: Book) -> list[Choice | None]:
    """What is chosen for each request: once for all that differ in measures alone, or else in amounts; None alone."""
    kept: dict[Hashable, Choice | None] = {}
    found = []
    for request in requests:
        dossier = book.dossier(request)
        for alike, quantities in ((without_measures_told(request), True), (request, False)):
            key = apart(alike)
            known = key.names, key.figures, id(dossier)
            if known not in kept:
                try:
                    kept[known] = chosen_for_all(blanked(request, quantities), dossier, {})
                except Unpriceable:
                    kept[known] = None
            choice = kept[known]
            if choice is not None:
                break
        # One way of several, or a price that is solved again without waived taxes, is asked of one alone
        found.append(None if request.incoterm is Incoterm.DDP else choice)
    return found


def blanked(request: QuoteRequest, quantities: bool) -> QuoteRequest:
    """The request without its amounts and, if so wanted, its quantities, each with its own place."""
    known = measured(without_amounts(request))
    places = iter([place if quantities or isinstance(each, Blank) else None for place, each in enumerate(known)])
    return without_measures(request, lambda _: next(places))


def measured(request: QuoteRequest) -> list[D]:
    """The amounts of money and the quantities of a request, in the order of their places."""
    found: list[D] = []
    without_measures(request, found.append)
    return found


def many_of(requests: Sequence[QuoteRequest], chosen: Sequence[Choice]) -> Many:
    """Requests of equally many lines as columns."""
    choices = list(dict.fromkeys(chosen))
    number = {choice: place for place, choice in enumerate(choices)}
    lines = [canonical_order(request, choice.plan.lines) for request, choice in zip(requests, chosen, strict=True)]
    orders = sorted(set(lines))
    measures = [measured(request) for request in requests]
    longest = max(map(len, measures))
    return Many(
        choices,
        np.array([number[choice] for choice in chosen]),
        {
            place: Column.of([each[place] if place < len(each) else D(0) for each in measures])
            for place in range(longest)
        },
        orders,
        np.array([orders.index(order) for order in lines]),
    )


def held_together(requests: list[QuoteRequest], book: Book) -> list[Quote]:
    """Hold the figures of both readings against each other; what could be priced both ways."""
    walks = together(unit_told)
    held = []
    chosen = choices_of(requests, book)
    for count in {len(request.goods) for request in requests}:
        some = [
            (request, choice)
            for request, choice in zip(requests, chosen, strict=True)
            if choice is not None and len(request.goods) == count
        ]
        if not some:
            continue
        many = many_of([request for request, _ in some], [choice for _, choice in some])
        sums = sums_of(many, walks)
        opened(many, sums, walks)
        for row, (request, _) in enumerate(some):
            quote = alone(request, book)
            if quote is None:
                assert not sums.sound[row], request
            elif sums.sound[row]:
                assert figures(sums, row) == as_told(quote), request
                held.append(quote)
    return held


def figures(sums: Sums, row: int) -> tuple[Any, ...]:
    """A row of the columns: the figures of its lines, what a unit costs, and how far they can be trusted."""
    lines = [{name: D(int(column[row])).scaleb(-2) for name, column in line.items()} for line in sums.lines]
    per_unit = [
        D(int(cost[row])).scaleb(-4) if counted[row] else None
        for cost, counted in zip(sums.per_unit, sums.counted, strict=True)
    ]
    return lines, per_unit, bool(sums.estimated[row])


def as_told(quote: Quote) -> tuple[Any, ...]:
    """The same of a quote."""
    lines = [{name: line[name] for name in FIGURES} for line in quote.lines]
    per_unit = []
    for asked_, costs_ in zip(quote.request.goods, quote.per_unit, strict=True):
        known = {each.unit: each.amount for each in costs_}
        told = unit_told(asked_.quantity.unit, asked_.price.per, known)
        per_unit.append(None if told is None else known[told])
    return lines, per_unit, quote.outcome.status == "estimated"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=30, deadline=None)
@given(chance=st.randoms(use_true_random=False), size=st.integers(0, 11))
def test_both_readings_agree(
    kind: Callable[[Random], QuoteRequest], chance: Random, size: int, real_book: Book
) -> None:
    first = kind(chance)
    held_together([first, *(like(chance, first) for _ in range(size))], real_book)


# Eight parts of 25,000 requests, which several processes take.
@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_both_readings_agree_on_two_hundred_thousand(part: int, real_book: Book) -> None:
    chance = Random(20261123 + part)
    first = [kind(chance) for kind in KINDS for _ in range(25)]
    pesos = {**RATES, ("USD", "MXN"): D("18.2")}
    first += [replace(same_lines(chance), payment=Payment(rail), fx=pesos) for rail in RAILS]
    first += [on_a_route(chance) for _ in range(20)]
    seen = Seen()
    # Some at a time: all of them together take too much room
    for start in range(0, len(first), 20):
        asked_ = [like(chance, each) for each in first[start : start + 20] for _ in range(80)]
        seen.note(asked_, held_together(asked_, real_book))
    assert seen.asked >= 25_000
    assert seen.held > 12_500
    # Every form of duty and of consumption tax was among them, every regime, mode and rail, and waivers were taken
    assert seen.duties >= set(get_args(DutyRate))
    assert seen.rules >= {each.function for each in EXCISES}
    assert seen.taken >= set(WAIVERS.values())
    assert seen.regimes == {"general_trade", "cbec_retail", "postal_articles"}
    assert seen.modes >= {"sea", "lcl", "air", "courier"}
    assert seen.rails >= set(RAILS)


@dataclass
class Seen:
    """What was among the requests that both readings priced."""

    asked: int = 0
    held: int = 0
    duties: set[type] = field(default_factory=set)
    rules: set[object] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    regimes: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    rails: set[str] = field(default_factory=set)

    def note(self, asked: Sequence[QuoteRequest], held: Sequence[Quote]) -> None:
        self.asked += len(asked)
        self.held += len(held)
        for plan in {id(each.choice): each.choice.plan for each in held}.values():
            self.duties |= {type(line.duty) for line in plan.lines}
            self.rules |= {each.function for stage in plan.passes for some in stage.lines for each in some}
            self.regimes.add(plan.regime)
        for quote in held:
            self.taken |= {step.rule.name for step in quote.walked.steps if step.value}
            self.modes |= {quote.request.route.mode} if quote.request.route else set()
            self.rails |= {quote.request.payment.rail} if quote.request.payment else set()


def test_all_rails_of_the_tables_are_held_against_both_readings(real_book: Book) -> None:
    assert set(RAILS) == {each.code for each in real_book.records.rails()}


def test_the_figures_of_lines_stand_in_the_order_of_their_requests(real_book: Book) -> None:
    # Tequila on CIF 100,000.00 yuan, of which 10% are 10,000.00, and avocados, in both orders
    tequila = GoodsLine(read_quantity("9000 L"), Price(D(100000), "CNY", "total"), hs_code="22089010")
    avocados = GoodsLine(read_quantity("100 kg"), Price(D("1000.05"), "CNY", "total"), hs_code="08044000")
    orders = [(tequila, avocados), (avocados, tequila)]
    both = [QuoteRequest(goods, date(2026, 11, 23), Incoterm.CIF) for goods in orders]
    chosen = [chosen_for_all(request, real_book.dossier(request), {}) for request in both]
    assert None not in chosen
    sums = sums_of(many_of(both, [each for each in chosen if each is not None]), together(unit_told))
    first, second = (figures(sums, row)[0] for row in (0, 1))
    assert first == second[::-1]
    assert [str(line["customs_value"]) for line in first] == ["100000.00", "1000.05"]
    # 7% of 1,000.05 is 70.0035, so that with the tequila's 10,000.00 no waiver takes anything off
    assert [str(line["customs_duty"]) for line in first] == ["10000.00", "70.00"]
    assert not any(taken.any() for taken in sums.taken.values())


def test_both_readings_agree_on_charges_between_two_ends(tmp_path: Path) -> None:
    """A charge that nobody verified is shown as the table has it, and makes an estimate, in columns as by itself."""
    folder = tmp_path / "own"
    (folder / "logistics").mkdir(parents=True)
    (folder / "sources.toml").write_text('[mine]\ntitle = "A letter of my broker"\nconfidence = "C"\n', "utf-8")
    heads = ",".join(COLUMNS[CHARGES])
    row = (
        "cn_ciq,CN,import_clearance,inspection,inspección,检验检疫费,shipment,sea lcl,,CNY,250,,150,400,inspector,yes,"
        "2026-01-01,,mine,C,"
    )
    (folder / "logistics" / "charges.csv").write_text(f"{heads}\n{row}\n", "utf-8")
    chance, book = Random(11), Book.load(folder)
    seen: list[str] = []
    for _ in range(40):
        first = on_a_route(chance)
        if chance.random() < 0.5:
            freight = Costs(Money(D(1000), "USD"), allocate_by=first.costs.allocate_by)
            first = replace(first, costs=freight)
        for quote in held_together([first, *(like(chance, first) for _ in range(5))], book):
            seen += [each.remark.code for each in (quote.range.sources if quote.range else ())]
    assert seen.count("charge_open") > 20
