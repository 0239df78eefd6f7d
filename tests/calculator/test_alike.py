"""Requests that are alike: which figures tell them apart, and that nobody looks at a blank."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from decimal import InvalidOperation

import pytest

from calculator.alike import apart, blanks_in, without_amounts, without_figures
from calculator.blank import Blank
from calculator.filling import filler
from calculator.money import EXACT, Money
from calculator.quantities import read_quantity
from calculator.request import Costs, GoodsLine, Price, QuoteRequest

LINE = GoodsLine(read_quantity("20.16 t"), Price(D("2.90"), "USD", "kg"), product="avocado-fresh")
REQUEST = QuoteRequest(
    (LINE,), date(2026, 11, 23), costs=Costs(Money(D(6200), "USD")), fx={("USD", "CNY"): D("6.7628")}
)


def priced_at(amount: str) -> QuoteRequest:
    return replace(REQUEST, goods=(replace(LINE, price=replace(LINE.price, amount=D(amount))),))


def test_amounts_alone_leave_requests_alike() -> None:
    one, other = apart(REQUEST), apart(priced_at("3.15"))
    assert (one.names, one.figures) == (other.names, other.figures)
    assert (one.amounts, other.amounts) == ((D("2.90"), D(6200)), (D("3.15"), D(6200)))


@pytest.mark.parametrize(
    "changed",
    [
        {"declared_on": date(2026, 11, 24)},
        {"incoterm": "CIF"},
        {"language": "es"},
        {"regime": "best"},
        {"strict_fx": True},
        {"place_is_port": False},
        {"defaulted": ("payment",)},
        {"costs": Costs(Money(D(6200), "MXN"))},
        {"costs": Costs(Money(D(6200), "USD"), planning=True)},
        {"costs": Costs()},
        {"fx": {}},
        {"goods": (LINE, LINE)},
        {"goods": (replace(LINE, preference=True),)},
        {"goods": (replace(LINE, attributes={"fresh": "true"}),)},
        {"goods": (replace(LINE, price=replace(LINE.price, per="t")),)},
    ],
)
def test_names_tell_requests_apart(changed: dict[str, object]) -> None:
    assert apart(replace(REQUEST, **changed)).names != apart(REQUEST).names  # type: ignore[arg-type]


def test_a_figure_is_told_by_its_digits() -> None:
    """1.0 and 1.00 are the same number, and stand differently in an answer."""
    longer = replace(REQUEST, fx={("USD", "CNY"): D("6.76280")})
    assert apart(longer).names == apart(REQUEST).names
    assert apart(longer).figures != apart(REQUEST).figures


@pytest.mark.parametrize(
    "look",
    [
        bool,
        hash,
        str,
        int,
        lambda blank: f"{blank}",
        lambda blank: blank == 1,
        lambda blank: blank < 1,
        lambda blank: blank + 1,
        lambda blank: 1 - blank,
        lambda blank: max(D(1), blank),
        lambda blank: EXACT.multiply(D(1), blank),
    ],
)
def test_nobody_looks_at_a_blank(look: Callable[[Blank], object]) -> None:
    with pytest.raises(InvalidOperation):
        look(Blank(0))


def test_blanks_stand_for_the_figures_and_are_filled_again() -> None:
    assert blanks_in(without_amounts(REQUEST)) == 2
    assert blanks_in(without_figures(REQUEST)) == 4
    assert filler(without_amounts(REQUEST))(apart(REQUEST).amounts) == REQUEST
    assert filler(without_amounts(REQUEST))((D("3.15"), D(6200))) == priced_at("3.15")
