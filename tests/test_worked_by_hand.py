"""Where the forms of duty that the schedule has stand worked out by hand, line by line, and what a missing quantity asks for.

The arithmetic of each case is in its `provenance`; `test_cases.py` prices them all. This is the index: a case that is moved,
renamed or put on another line shows here.
"""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from calculator.errors import Unpriceable
from calculator.quote import Quote, quote_of
from calculator.request import GoodsLine, QuoteRequest
from tariffs.book import Book
from tests.calculator.conftest import line, request

Priced = Callable[[QuoteRequest], Quote]
FOLDER = Path(__file__).parent / "cases" / "general_trade" / "2026-11-23"
# A line, what the case shows, and the case. The duty is what the name says, over the quantity of the case.
INDEX = (
    ("02071421", "0.8 CNY/kg", "chicken-wings-per-kilogram"),
    ("37023190", "56 CNY/m²", "colour-film-per-square-metre"),
    ("40011000", "10% where that is lower than 900 CNY/t", "latex-lower-of-two-below"),
    ("40011000", "10% and 900 CNY/t are the same", "latex-lower-of-two-at"),
    ("40011000", "900 CNY/t where that is lower than 10%", "latex-lower-of-two-above"),
    ("10059000", "outside the quota", "maize-outside-quota"),
    ("10059000", "inside the quota", "maize-inside-quota"),
    ("52010000", "sliding duty at 13 CNY/kg", "cotton-sliding-2026-at-13"),
    ("52010000", "sliding duty at 14 CNY/kg", "cotton-sliding-2026-at-14"),
    ("52010000", "sliding duty at 15 CNY/kg", "cotton-sliding-2026-at-15"),
    ("03063110", "as it stands: free of duty in both columns", "lobster-fry-as-it-stands"),
    ("85211011", "general rate at 2,000 USD a piece", "recorder-general-rate-at-2000-usd"),
    ("85211011", "general rate above 2,000 USD a piece", "recorder-general-rate-above-2000-usd"),
)


@pytest.mark.parametrize(("hs_code", "what", "case"), INDEX, ids=[each[2] for each in INDEX])
def test_the_line_has_a_case_worked_by_hand(hs_code: str, what: str, case: str) -> None:
    found = tomllib.loads((FOLDER / f"{case}.toml").read_text(encoding="utf-8"))
    (goods,) = found["request"]["goods"]
    assert goods["hs_code"] == hs_code
    assert found["provenance"].startswith("By hand: ")
    assert (goods.get("tariff_quota") is True) == (what == "inside the quota")
    assert (goods.get("tariff_quota") == "sliding") == what.startswith("sliding")
    assert (goods.get("origin") == "unknown") == what.startswith("general rate")


# --- a quantity in another unit than the duty's -------------------------------------------------------------------


@pytest.fixture
def price(real_book: Book) -> Priced:
    return lambda asked: quote_of(asked, real_book.dossier(asked))


def asked(goods: GoodsLine) -> QuoteRequest:
    return request(goods, incoterm="CIF", freight="")


@pytest.mark.parametrize(
    ("goods", "unit"),
    [
        # Recorders are counted in pieces and weighed; their general rate hangs on the value of a piece
        (line("20 kg", "10000", hs_code="85211011", origin="unknown"), "unit"),
        # Film is weighed and measured in m²; its duty is by the m²
        (line("1000 kg", "10000", hs_code="37023190"), "m2"),
        # Crude oil is weighed, and measured in barrels; its general rate is 85 CNY/t
        (line("1000 bbl_oil", "10000", hs_code="27090000", origin="unknown"), "t"),
        # Beer is measured in litres and weighed; its general rate is 7.5 CNY/L
        (line("1000 kg", "10000", hs_code="22030000", origin="unknown"), "L"),
    ],
)
def test_a_quantity_in_the_other_statutory_unit_is_asked_for(price: Priced, goods: GoodsLine, unit: str) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(asked(goods))
    error = refused.value
    assert (error.code, error.pointer) == ("quantity_missing", "/goods/0/statutory")
    assert (error.facts["unit"], error.facts["needed_for"]) == (unit, "duty")
    assert f'"statutory": ["… {unit}"]' in error.allowed


@pytest.mark.parametrize(
    ("goods", "duty"),
    [
        # 1,000 kg ÷ 8.6 kg a case x 8.52 L x 7.5 CNY/L = 7,430.2325...
        (line("1000 kg", "10000", hs_code="22030000", product="beer", origin="unknown"), "7430.23"),
        # 100 cases x 8.52 L x 7.5
        (line("100 case", "10000", hs_code="22030000", product="beer", origin="unknown"), "6390.00"),
        # 1,000 barrels x 158.987294928 L x 0.85 kg/L = 135.1392006888 t x 85 = 11,486.8320...
        (line("1000 bbl_oil", "10000", hs_code="27090000", origin="unknown", density=Decimal("0.85")), "11486.83"),
    ],
)
def test_it_is_converted_where_the_product_or_a_density_knows_how(price: Priced, goods: GoodsLine, duty: str) -> None:
    assert price(asked(goods)).totals["customs_duty"] == Decimal(duty)


def test_a_quota_claimed_where_none_is_names_the_line(price: Priced) -> None:
    with pytest.raises(Unpriceable) as refused:
        price(asked(line(tariff_quota="quota")))
    error = refused.value
    assert (error.code, error.pointer, error.facts["hs_code"]) == (
        "no_tariff_quota",
        "/goods/0/tariff_quota",
        "08044000",
    )
