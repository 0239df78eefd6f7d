"""The way of the goods on the command line: the options become the request of the API."""

from typing import Any

from api.cli import request_of

LINE = {"product": "avocado-fresh", "quantity": "20.16t", "price": "2.90", "currency": "USD", "per": "kg"}
ROUTE = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}


def asked(**given: Any) -> dict[str, Any]:
    """The request of the options."""
    return request_of("en", **LINE, **given)


def test_a_route_of_options() -> None:
    assert asked(**ROUTE)["route"] == ROUTE
    assert "route" not in asked()
    # What is missing is for the API to say, by its pointer.
    assert asked(mode="air")["route"] == {"mode": "air"}


def test_freight_is_money_or_the_planning_range() -> None:
    assert asked(freight="planning", **ROUTE)["costs"] == {"freight": "planning"}
    assert asked(freight="6200")["costs"] == {"freight": {"amount": "6200", "currency": "USD"}}
    both = asked(freight="planning", insurance="90", insurance_currency="MXN")["costs"]
    assert both == {"freight": "planning", "insurance": {"amount": "90", "currency": "MXN"}}
