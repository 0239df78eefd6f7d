# mypy: disable-error-code="comparison-overlap"
"""What a request may say of the payment: rails, the user's own, margins, and rates of the peso; read, or refused."""

from decimal import Decimal
from typing import Any

import pytest

from api.cli import request_of
from calculator.request import Payment
from tests.api.test_request_fields import asked, read
from tests.api.test_route_fields import places

FEE = {"code": "wire_fee", "payer": "buyer", "fixed": "12", "currency": "USD"}


def own(*fees: Any, **more: Any) -> dict[str, Any]:
    return asked(payment={"own": {"name": "My bank", "fees": list(fees), **more}})


def test_a_rail_is_read() -> None:
    payment = {
        "rail": "swift-tt",
        "currency": "USD",
        "charges": "OUR",
        "compare": True,
        "buyer_margin": "0.1%",
        "seller_margin": "0.008",
    }
    assert read(asked(payment=payment)).payment == Payment(
        rail="swift-tt",
        currency="USD",
        charges="OUR",
        compare=True,
        buyer_margin=Decimal("0.001"),
        seller_margin=Decimal("0.008"),
    )
    assert read(asked(payment={"compare": True})).payment == Payment(compare=True)
    assert read(asked()).payment is None


def test_no_rail_is_assumed_only_where_nothing_is_said() -> None:
    assert "payment" in read(asked()).defaulted
    assert "payment" not in read(asked(payment={"rail": "lc"})).defaulted


def test_a_rail_of_ones_own() -> None:
    share = {"code": "agency", "payer": "seller", "share": "1%", "minimum": "5", "maximum": "50", "currency": "USD"}
    payment = read(own(FEE, {**share, "tax": "16%"}, days=2)).payment
    assert payment is not None
    assert payment.own is not None
    rail = payment.own
    assert (rail.names["zh"], rail.days_min, rail.days_max, rail.charges, rail.currencies) == (
        "My bank",
        2,
        2,
        False,
        (),
    )
    wire, agency = rail.fees
    assert (wire.basis, wire.fixed, wire.currency, dict(wire.payer)) == ("transfer", 12, "USD", {"": "buyer"})
    assert (agency.basis, agency.share, agency.minimum, agency.maximum) == ("amount", Decimal("0.01"), 5, 50)
    assert (agency.tax, agency.usual, agency.row) == (Decimal("0.16"), True, None)


def test_a_share_alone_needs_no_currency() -> None:
    payment = read(own({"code": "agency", "payer": "buyer", "share": "0.1%"})).payment
    assert payment is not None
    assert payment.own is not None
    assert payment.own.fees[0].currency == "CNY"
    free = read(own()).payment
    assert free is not None
    assert free.own is not None
    assert (free.own.fees, free.own.days_min) == ((), None)


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        ({}, [("missing_field", "/payment/rail")]),
        ({"currency": "USD"}, [("missing_field", "/payment/rail")]),
        ({"compare": False}, [("missing_field", "/payment/rail")]),
        ({"rail": "lc", "own": {"name": "x", "fees": []}}, [("two_ways_of_paying", "/payment/own")]),
        ({"rail": ""}, [("empty_text", "/payment/rail")]),
        ({"rail": None}, [("null_not_allowed", "/payment/rail")]),
        ({"rail": "lc", "currency": "USDD"}, [("unknown_currency", "/payment/currency")]),
        ({"rail": "lc", "charges": "our"}, [("not_a_choice", "/payment/charges")]),
        ({"rail": "lc", "compare": "yes"}, [("wrong_type", "/payment/compare")]),
        ({"rail": "lc", "buyer_margin": "-0.1%"}, [("negative_rate", "/payment/buyer_margin")]),
        ({"rail": "lc", "seller_margin": "100%"}, [("fee_of_everything", "/payment/seller_margin")]),
        ({"rail": "lc", "seller_margin": "8"}, [("write_percent", "/payment/seller_margin")]),
        ({"rail": "lc", "margin": "1%"}, [("unknown_field", "/payment/margin")]),
    ],
)
def test_a_payment_that_cannot_be(payment: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert places(asked(payment=payment)) == expected


@pytest.mark.parametrize("payment", ["swift-tt", [], 1, None])
def test_a_payment_is_an_object(payment: Any) -> None:
    ((code, pointer),) = places(asked(payment=payment))
    assert code in ("wrong_type", "null_not_allowed")
    assert pointer == "/payment"


@pytest.mark.parametrize(
    ("fee", "expected"),
    [
        ({"code": "fx_buyer"}, ("wrong_form", "/code")),
        ({"code": "Wire fee"}, ("wrong_form", "/code")),
        ({"payer": "bank"}, ("not_a_choice", "/payer")),
        ({"fixed": "-1"}, ("negative_number", "/fixed")),
        ({"share": "100%"}, ("fee_of_everything", "/share")),
        ({"tax": "116%"}, ("fee_of_everything", "/tax")),
        ({"share": "1%", "minimum": "9", "maximum": "8"}, ("minimum_above_maximum", "/minimum")),
        ({"minimum": "9"}, ("missing_field", "/share")),
        ({"basis": "amount"}, ("unknown_field", "/basis")),
    ],
)
def test_a_fee_that_cannot_be(fee: dict[str, str], expected: tuple[str, str]) -> None:
    assert places(own({**FEE, **fee})) == [(expected[0], f"/payment/own/fees/0{expected[1]}")]


def test_what_a_fee_and_a_rail_must_say() -> None:
    assert sorted(places(own({"code": "wire_fee"}))) == [
        ("missing_field", "/payment/own/fees/0/payer"),
        ("missing_field", "/payment/own/fees/0/share"),
    ]
    assert places(own({"code": "wire_fee", "payer": "buyer", "fixed": "12"})) == [
        ("missing_field", "/payment/own/fees/0/currency")
    ]
    assert places(asked(payment={"own": {"name": "My bank"}})) == [("missing_field", "/payment/own/fees")]
    assert places(own(FEE, FEE)) == [("fee_twice", "/payment/own/fees/1/code")]
    assert places(own(*[FEE] * 21)) == [("too_many", "/payment/own/fees")]
    assert places(own(days=366)) == [("not_a_whole_number", "/payment/own/days")]


# --- rates of the peso -------------------------------------------------------------------------------------------


def test_a_rate_of_the_peso_needs_no_yuan() -> None:
    rates = read(asked(fx={"USD/MXN": "18.20", "USD/CNY": "6.80", "MXN/USD": "0.055"})).fx
    assert rates[("USD", "MXN")] == Decimal("18.20")
    assert set(rates) == {("USD", "MXN"), ("USD", "CNY"), ("MXN", "USD")}


def test_other_pairs_without_yuan_are_refused() -> None:
    assert places(asked(customs_fx={"USD/MXN": "18.20"})) == [("pair_without_yuan", "/customs_fx/USD~1MXN")]
    assert places(asked(fx={"MXN/MXN": "1"})) == [("pair_without_yuan", "/fx/MXN~1MXN")]
    assert places(asked(fx={"USD/MXN": "0"})) == [("not_positive", "/fx/USD~1MXN")]


# --- the command line --------------------------------------------------------------------------------------------


def test_the_command_line_says_the_same() -> None:
    given = {"hs_code": "22030000", "quantity": "10 t", "price": "900", "currency": "USD", "per": "t"}
    paid = request_of("en", **given, rail="swift-tt", payment_currency="USD", charges="BEN")
    assert read(paid).payment == Payment(rail="swift-tt", currency="USD", charges="BEN")
    assert "payment" not in request_of("en", **given)
    assert places(request_of("en", **given, charges="BEN")) == [("missing_field", "/payment/rail")]
