"""What a request may say of the way of the goods: the route, freight from the lane, sharing, and the cost of days."""

from decimal import Decimal
from typing import Any

import pytest

from api.reading import Number
from calculator.money import Money
from calculator.quantities import Quantity
from calculator.request import Costs, Holding, Route
from tests.api.test_request_fields import asked, goods, of_line, read, refused

BY_SEA = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}
FREIGHT = {"amount": "500", "currency": "USD"}


def places(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The code and the pointer of each wrong place."""
    return [(code, pointer) for code, pointer, _ in refused(body)]


# --- the route ---------------------------------------------------------------------------------------------------


def test_a_route_is_read() -> None:
    assert read(asked(route=BY_SEA)).route == Route("sea", "MXZLO", "CNSHA", "40RH")
    assert read(asked(route={**BY_SEA, "containers": Number("2")})).route == Route("sea", "MXZLO", "CNSHA", "40RH", 2)
    assert read(asked(route={"mode": "air", "from": "MEX", "to": "PVG"})).route == Route("air", "MEX", "PVG")
    assert read(asked()).route is None


@pytest.mark.parametrize("written", ["MX ZLO", "mxzlo", "MXZLO"])
def test_codes_are_read_as_people_write_them(written: str) -> None:
    route = read(asked(route={**BY_SEA, "from": written, "equipment": "40rh"})).route
    assert route == Route("sea", "MXZLO", "CNSHA", "40RH")


def test_a_name_in_place_of_a_code_is_left_to_the_tables() -> None:
    route = read(asked(route={**BY_SEA, "from": "Lázaro Cárdenas"})).route
    assert route is not None
    assert route.origin == "Lázaro Cárdenas"


@pytest.mark.parametrize(
    "route", [{"mode": "sea", "equipment": "LCL"}, {"mode": "lcl"}, {"mode": "lcl", "equipment": "lcl"}]
)
def test_a_shared_container_is_a_mode_of_its_own(route: dict[str, str]) -> None:
    assert read(asked(route={"from": "MXZLO", "to": "CNSHA", **route})).route == Route("lcl", "MXZLO", "CNSHA")


@pytest.mark.parametrize("left", ["mode", "from", "to"])
def test_what_a_route_must_say(left: str) -> None:
    assert places(asked(route={name: each for name, each in BY_SEA.items() if name != left})) == [
        ("missing_field", f"/route/{left}")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mode": "rail"}, [("not_a_choice", "/route/mode")]),
        ({"from": ""}, [("empty_text", "/route/from")]),
        ({"to": "x" * 61}, [("text_too_long", "/route/to")]),
        ({"to": None}, [("null_not_allowed", "/route/to")]),
        ({"origin": "MXZLO"}, [("unknown_field", "/route/origin")]),
        ({"containers": 0}, [("not_positive", "/route/containers")]),
        ({"containers": -1}, [("negative_number", "/route/containers")]),
        ({"containers": 1001}, [("not_a_whole_number", "/route/containers")]),
        ({"containers": "1.5"}, [("not_a_whole_number", "/route/containers")]),
        ({"mode": "air", "containers": 1}, [("not_in_mode", "/route/containers")]),
        ({"equipment": "LCL", "containers": 1}, [("not_in_mode", "/route/containers")]),
        ({"equipment": 40}, [("wrong_type", "/route/equipment")]),
    ],
)
def test_a_route_that_cannot_be(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert places(asked(route={**BY_SEA, **changes})) == expected


def test_fields_of_a_route_are_offered_by_their_own_names() -> None:
    ((_, _, allowed),) = refused(asked(route={**BY_SEA, "form": "MXZLO"}))
    assert allowed[0] == "from"
    assert "origin" not in allowed


# --- costs -------------------------------------------------------------------------------------------------------


def test_freight_is_money_or_the_planning_range() -> None:
    assert read(asked()).costs == Costs(freight=Money(Decimal(500), "USD"))
    planned = read(asked(route=BY_SEA, costs={"freight": "planning", "allocate_by": "chargeable"}))
    assert planned.costs == Costs(planning=True, allocate_by="chargeable")


def test_planning_freight_needs_a_route() -> None:
    assert refused(asked(costs={"freight": "planning"})) == [("planning_needs_route", "/costs/freight", ("route",))]
    # A route that could not be read is told once.
    assert places(asked(costs={"freight": "planning"}, route={**BY_SEA, "mode": "rail"})) == [
        ("not_a_choice", "/route/mode")
    ]


@pytest.mark.parametrize(
    ("freight", "expected"),
    [
        ("6200 USD", ("wrong_type", "/costs/freight")),
        ("", ("wrong_type", "/costs/freight")),
        (Number("6200"), ("wrong_type", "/costs/freight")),
        ({"amount": "6200"}, ("missing_field", "/costs/freight/currency")),
        ({"amount": "-6200", "currency": "USD"}, ("negative_number", "/costs/freight/amount")),
        (None, ("null_not_allowed", "/costs/freight")),
    ],
)
def test_freight_that_cannot_be_read(freight: Any, expected: tuple[str, str]) -> None:
    assert places(asked(costs={"freight": freight})) == [expected]


def test_without_a_route_costs_are_shared_by_value_and_with_one_the_mode_decides() -> None:
    lines = [goods_line := of_line()["goods"][0], goods_line]
    plain, routed = read(asked(goods=lines)), read(asked(goods=lines, route=BY_SEA))
    stated = read(asked(goods=lines, route=BY_SEA, costs={"freight": FREIGHT, "allocate_by": "value"}))
    assert (plain.costs.allocate_by, routed.costs.allocate_by, stated.costs.allocate_by) == ("value", "", "value")
    assert "costs/allocate_by" in plain.defaulted
    assert "costs/allocate_by" in routed.defaulted
    assert "costs/allocate_by" not in stated.defaulted


# --- the cost of days --------------------------------------------------------------------------------------------


def test_holding_is_read() -> None:
    holding = {
        "finance_rate": "9.5%",
        "finance_days": 30,
        "year": 365,
        "storage_days": 2,
        "plug_days": "3",
        "loss": "3%",
    }
    assert read(asked(holding=holding)).holding == Holding(
        rate=Decimal("0.095"), days=Decimal(30), year=365, store_days=2, plug_days=3, loss=Decimal("0.03")
    )
    assert read(asked()).holding is None


def test_a_year_of_360_days_is_assumed_where_it_matters() -> None:
    with_rate, without = read(asked(holding={"finance_rate": "0.095"})), read(asked(holding={"loss": "0"}))
    assert with_rate.holding == Holding(rate=Decimal("0.095"))
    assert "holding/year" in with_rate.defaulted
    assert "holding/year" not in without.defaulted


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        ({"loss": "100%"}, ("loss_of_everything", "/holding/loss")),
        ({"loss": "250%"}, ("loss_of_everything", "/holding/loss")),
        ({"loss": "3"}, ("write_percent", "/holding/loss")),
        ({"loss": "-3%"}, ("negative_rate", "/holding/loss")),
        ({"year": 366}, ("not_a_choice", "/holding/year")),
        ({"finance_days": 30}, ("missing_field", "/holding/finance_rate")),
        ({"storage_days": "2.5"}, ("not_a_whole_number", "/holding/storage_days")),
        ({"plug_days": -1}, ("negative_number", "/holding/plug_days")),
        ({"finance_rate": "9.5"}, ("write_percent", "/holding/finance_rate")),
        ({"days": 3}, ("unknown_field", "/holding/days")),
    ],
)
def test_holding_that_cannot_be(holding: dict[str, Any], expected: tuple[str, str]) -> None:
    if "year" in holding:
        holding = {"finance_rate": "9.5%", **holding}
    assert expected in places(asked(holding=holding))


# --- goods -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["gross_weight", "net_weight", "volume"])
@pytest.mark.parametrize(
    ("written", "code", "at"),
    [
        ("0 kg", "not_positive", ""),
        ({"value": "0", "unit": "kg"}, "not_positive", "/value"),
        ("-5 kg", "negative_number", ""),
        ({"value": "-5", "unit": "kg"}, "negative_number", "/value"),
    ],
)
def test_weights_and_volumes_are_more_than_nothing(field: str, written: Any, code: str, at: str) -> None:
    assert places(of_line(**{field: written})) == [(code, f"/goods/0/{field}{at}")]


def test_a_container_of_goods() -> None:
    assert goods(quantity="1 40RH").quantity == Quantity(Decimal(1), "40RH")
    assert goods(quantity={"value": "2", "unit": "40RH"}).quantity == Quantity(Decimal(2), "40RH")
