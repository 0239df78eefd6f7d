"""What many requests have in common: known by what was read of them, and never told otherwise than one by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.alike import apart
from calculator.common import Common
from calculator.comparing import Scenario, compared
from calculator.desk import Desk
from calculator.errors import Unpriceable
from calculator.filling import filler
from calculator.incoterms import ALL_IN, Incoterm
from calculator.money import Money
from calculator.plan import OpenPoint
from calculator.quantities import read_quantity
from calculator.quote import Quote, quote_of
from calculator.request import Adjustment, Costs, Holding, Insurance, Lateness, Payment, QuoteRequest, Route
from tariffs.book import Book
from tests.calculator.conftest import line, request, usd

ASKED = request()


class Counting:
    """A function of a request that says how often it was called."""

    def __init__(self, read: Callable[[QuoteRequest], object]) -> None:
        self.read, self.calls = read, 0

    def __call__(self, asked: QuoteRequest) -> object:
        self.calls += 1
        return self.read(asked)


def test_a_function_is_not_called_again_for_what_it_read() -> None:
    common = Common()
    place = Counting(lambda asked: asked.place if asked.incoterm is Incoterm.FOB else asked.place_country)
    changes: list[tuple[dict[str, object], str, int]] = [
        ({"place": "MXZLO"}, "MXZLO", 1),
        ({"place": "MXZLO", "regime": "cbec_retail"}, "MXZLO", 1),
        ({"place": "MXVER"}, "MXVER", 2),
        ({"place": "MXVER", "place_country": "MX"}, "MXVER", 2),
        ({"place": "MXVER", "place_country": "MX", "incoterm": Incoterm.CIF}, "MX", 3),
        ({"place": "MXZLO", "place_country": "MX", "incoterm": Incoterm.CIF}, "MX", 3),
        ({"place": "MXZLO"}, "MXZLO", 3),
    ]
    for changed, found, calls in changes:
        assert common.found(place, replace(ASKED, **changed)) == found  # type: ignore[arg-type]
        assert place.calls == calls


def test_what_a_method_reads_was_read() -> None:
    common = Common()
    currencies = Counting(lambda asked: sorted(asked.currencies()))
    assert common.found(currencies, ASKED) == ["USD"]
    assert common.found(currencies, replace(ASKED, declared_on=date(2026, 1, 1))) == ["USD"]
    assert currencies.calls == 1
    assert common.found(currencies, replace(ASKED, costs=Costs(Money(D(5), "MXN")))) == ["MXN", "USD"]
    assert currencies.calls == 2


def test_of_some_methods_the_answer_alone_was_read() -> None:
    common = Common()
    stated = Counting(lambda asked: asked.states_rate("USD", "MXN"))
    assert common.found(stated, ASKED) is False
    assert common.found(stated, replace(ASKED, fx={("USD", "CNY"): D(7)})) is False
    assert stated.calls == 1
    assert common.found(stated, replace(ASKED, fx={("USD", "MXN"): D(18)})) is True


def test_a_refusal_is_remembered_too() -> None:
    common = Common()

    def refused(asked: QuoteRequest) -> object:
        raise Unpriceable("unknown_place", "/place", ("MXZLO",), place=asked.place)

    place = Counting(refused)
    for _ in range(2):
        with pytest.raises(Unpriceable) as caught:
            common.found(place, ASKED)
        assert (caught.value.code, caught.value.facts) == ("unknown_place", {"place": ""})
    assert place.calls == 1


def test_what_was_written_on_a_desk_is_written_on_the_next() -> None:
    common = Common()
    calls = []

    def choosing(asked: QuoteRequest, desk: Desk) -> int:
        calls.append(asked.place)
        desk.warn("place_not_on_route", "/place")
        return desk.answer(OpenPoint("a", "vat_rate_open", "", 2))

    def told(picks: dict[str, int]) -> tuple[int, int, list[str]]:
        desk = Desk(picks)
        return common.chosen(choosing, desk, ASKED), len(desk.warnings), [point.key for point in desk.open_points]

    assert told({}) == (0, 1, ["a"])
    assert told({"b": 1}) == (0, 1, ["a"])
    assert len(calls) == 1
    assert told({"a": 1}) == (1, 1, ["a"])
    assert len(calls) == 2
    desk = Desk({})
    common.chosen(choosing, desk, ASKED)
    common.chosen(choosing, desk, ASKED)
    assert (len(desk.open_points), len(desk.warnings)) == (1, 2)


def test_requests_are_taken_apart_and_blanked_as_each_by_itself() -> None:
    common = Common()
    full = replace(
        ASKED,
        goods=(line(additions=(Adjustment("royalty", usd("7")),)), line(price="3", per="kg")),
        costs=Costs(usd("1"), Insurance(usd("2")), {ALL_IN: usd("3")}, {ALL_IN: Money(D(4), "CNY")}),
        cbec_used=Money(D(9), "CNY"),
    )
    for asked in (ASKED, full, replace(full, costs=Costs()), replace(full, goods=(line(),))):
        assert common.apart(asked) == apart(asked)
        assert filler(common.blank(asked))(apart(asked).amounts) == asked
    assert common.blank(full).goods is common.blank(replace(full, incoterm=Incoterm.CIF)).goods


TON: dict[str, Any] = {
    "gross_weight": read_quantity("1 t"),
    "net_weight": read_quantity("900 kg"),
    "volume": read_quantity("3 m3"),
}
GOODS = [
    (line(quantity="18 t", price="2.90", per="kg", product="avocado-fresh"),),
    (line(quantity="600 L", price="6.10", per="L", hs_code="22089010", **TON),),
    (line(quantity="900 kg", price="2.90", per="kg", hs_code="02071421", **TON),),
    (line(quantity="1 unit", price="900", per="unit", hs_code="84713090", **TON),),
    (
        line(quantity="900 kg", price="4", per="kg", **TON),
        line(quantity="900 kg", price="7", per="kg", hs_code="09011100", **TON),
    ),
]
VARIED: dict[str, list[object]] = {
    "regime": ["general_trade", "general_trade", "cbec_retail", "postal_articles"],
    "incoterm": [Incoterm.FOB, Incoterm.CIF, Incoterm.EXW, Incoterm.DDP],
    "costs": [
        Costs(usd("6200")),
        Costs(usd("6200"), origin={ALL_IN: usd("300")}),
        Costs(Money(D(90000), "MXN"), Insurance(rate=D("0.004"))),
        Costs(planning=True),
    ],
    "route": [None, Route("sea", "MXZLO", "CNSHA", "40RH"), Route("air", "MEX", "PVG")],
    "payment": [
        None,
        Payment(rail="swift-tt", currency="USD"),
        Payment(rail="swift-tt", currency="MXN"),
        Payment(rail="swift-tt", currency="EUR", buyer_margin=D("0.01")),
    ],
    "declared_on": [date(2026, 11, 23), date(2026, 11, 2), date(2026, 3, 1), date(2024, 5, 6), date(2027, 2, 1)],
    "fx": [
        {},
        {("USD", "CNY"): D("6.7628")},
        {("USD", "CNY"): D(7), ("USD", "MXN"): D(18)},
        {("CNY", "USD"): D("0.15")},
    ],
    "holding": [None, Holding(rate=D("0.06"), days=D(40))],
    "late": [Lateness(), Lateness(), Lateness(), Lateness(payment_days=3)],
    "fx_band": [None, D("0.05")],
}


@pytest.fixture(scope="module")
def other_book() -> Book:
    """Tables of its own, so that nothing that was chosen for the scenarios is known for the quotes."""
    return Book.load()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_scenarios_together_are_what_each_comes_to_alone(data: st.DataObject, book: Book, other_book: Book) -> None:
    goods = data.draw(st.sampled_from(GOODS))
    dearer = tuple(replace(each, price=replace(each.price, amount=each.price.amount * 3)) for each in goods)
    varied: dict[str, list[Any]] = {"goods": [goods, dearer], **VARIED}
    requests = [
        replace(ASKED, **{name: data.draw(st.sampled_from(options)) for name, options in varied.items()})
        for _ in range(12)
    ]
    alone = [_alone(each, other_book) for each in requests]
    if len({repr(_told(each)) if isinstance(each, Unpriceable) else number for number, each in enumerate(alone)}) == 1:
        # What all are refused for is no matter of the scenario.
        with pytest.raises(Unpriceable):
            compared(requests, book.dossiers)
        return
    for scenario in compared(requests, book.dossiers):
        _same(scenario, alone[scenario.number])


def _told(refusal: Unpriceable) -> tuple[object, ...]:
    return refusal.code, refusal.pointer, refusal.facts


def _alone(asked: QuoteRequest, book: Book) -> Quote | Unpriceable:
    try:
        return quote_of(asked, book.dossier(asked))
    except Unpriceable as refusal:
        return refusal


def _same(scenario: Scenario, alone: Quote | Unpriceable) -> None:
    if isinstance(alone, Unpriceable):
        refusal = scenario.way.refusal
        assert refusal is not None
        assert _told(refusal) == _told(alone)
        return
    quote = scenario.quote
    assert quote is not None
    assert (quote.totals, quote.lines, quote.range) == (alone.totals, alone.lines, alone.range)
    assert (quote.outcome, quote.expires_on) == (alone.outcome, alone.expires_on)
    assert quote.plan == alone.plan
