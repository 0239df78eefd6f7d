"""The way that a request names: its rows in the dossier, or the refusal that says what there is instead."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from calculator.errors import Unpriceable
from calculator.logistics import RouteDossier
from calculator.quantities import read_quantity
from calculator.request import Costs, GoodsLine, Holding, Price, QuoteRequest, Route
from tariffs.book import Book

DAY = date(2026, 11, 27)
SEA = {"mode": "sea", "origin": "MXZLO", "destination": "CNSHA", "equipment": "40RH"}
AVOCADOS = GoodsLine(read_quantity("20.16 t"), Price(Decimal("20.59"), "CNY", "kg"), product="avocado-fresh")
PECANS = GoodsLine(read_quantity("1 t"), Price(Decimal(5), "CNY", "kg"), hs_code="08029990")


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.load()


def asked(
    goods: GoodsLine = AVOCADOS, planning: bool = False, holding: Holding | None = None, **said: Any
) -> QuoteRequest:
    costs = Costs(planning=planning)
    return QuoteRequest((goods,), DAY, costs=costs, route=Route(**{**SEA, **said}), holding=holding)


def route(book: Book, **said: Any) -> RouteDossier:
    found = book.dossier(asked(**said)).route
    assert found is not None
    return found


def refused(book: Book, **said: Any) -> Unpriceable:
    with pytest.raises(Unpriceable) as error:
        book.dossier(asked(**said))
    return error.value


def test_a_way_by_sea(book: Book) -> None:
    found = route(book)
    assert (found.origin.code, found.destination.code, found.rule.mode) == ("MXZLO", "CNSHA", "sea")
    assert found.lane is not None
    assert found.lane.distance_nm == 6900
    assert found.equipment is not None
    assert found.pallet is not None
    assert (found.equipment.code, found.pallet.code) == ("40RH", "PAL-ISO")
    assert found.rates == ()
    assert {each.code: each.amount for each in found.charges}["cn_thc"] == 1520
    assert [rate.breaks[0].rate for rate in route(book, planning=True).rates] == [6500]


def test_without_a_route_there_is_none(book: Book) -> None:
    assert book.dossier(QuoteRequest((AVOCADOS,), DAY)).route is None


def test_the_official_code_and_the_iso_type_do_as_well(book: Book) -> None:
    found = route(book, destination="CNSHG", equipment="45R1")
    assert found == route(book)


def test_the_box_of_the_first_package_is_taken_where_none_is_named(book: Book) -> None:
    found = route(book, equipment="").equipment
    assert found is not None
    assert found.code == "40RH"
    error = refused(book, goods=PECANS, equipment="")
    assert (error.code, error.pointer) == ("equipment_needed", "/route/equipment")
    assert {"40RH", "20GP", "LCL"} <= set(error.allowed)
    assert "PMC" not in error.allowed


@pytest.mark.parametrize(("mode", "equipment"), [("sea", "LCL"), ("lcl", ""), ("lcl", "lcl")])
def test_less_than_a_container(book: Book, mode: str, equipment: str) -> None:
    found = route(book, mode=mode, equipment=equipment, planning=True)
    assert (found.rule.mode, found.equipment) == ("lcl", None)
    assert [rate.basis for rate in found.rates] == ["revenue_ton"]
    assert "cn_thc" not in {each.code for each in found.charges}


def test_a_way_by_air(book: Book) -> None:
    found = route(book, mode="air", origin="MXMEX", destination="CNPVG", equipment="")
    assert (found.origin.code, found.destination.code, found.equipment) == ("MEX", "PVG", None)
    assert found.lane is not None
    assert found.lane.distance_km == 12897


@pytest.mark.parametrize(
    ("said", "code", "pointer", "allowed"),
    [
        ({"destination": "Shangai"}, "unknown_place", "/route/to", ("CNSHA", "PVG")),
        ({"origin": "Manzanilla"}, "unknown_place", "/route/from", ("MXZLO",)),
        ({"mode": "rail"}, "unknown_mode", "/route/mode", ("sea", "lcl", "air", "courier")),
        ({"mode": "air", "equipment": ""}, "no_such_lane", "/route/mode", ("sea", "lcl")),
        ({"origin": "GDL", "destination": "PVG"}, "no_such_lane", "/route/mode", ("air", "courier")),
        (
            {"origin": "MXVER", "destination": "CNDLC"},
            "no_such_lane",
            "/route/mode",
            ("CNSHA", "CNNGB", "CNYTN", "CNTAO"),
        ),
        (
            {"origin": "MXTUX", "destination": "CNDLC"},
            "no_such_lane",
            "/route/mode",
            ("MXZLO", "MXLZC", "MXESE", "MXMZT"),
        ),
        ({"equipment": "40RX"}, "unknown_equipment", "/route/equipment", ("40RF", "40RH")),
        ({"equipment": "PMC"}, "unknown_equipment", "/route/equipment", None),
        ({"mode": "lcl", "equipment": "40RH"}, "unknown_equipment", "/route/equipment", ("LCL",)),
    ],
)
def test_a_way_that_there_is_not(
    book: Book, said: dict[str, str], code: str, pointer: str, allowed: tuple[str, ...] | None
) -> None:
    error = refused(book, **said)
    assert (error.code, error.pointer) == (code, pointer)
    if allowed is not None:
        assert error.allowed[: len(allowed)] == allowed


def test_both_ends_lie_where_they_must(book: Book) -> None:
    """Hong Kong is another customs territory: goods landed there are not yet declared to China."""
    error = refused(book, destination="HKHKG")
    assert (error.code, error.pointer) == ("place_not_of_country", "/route/to")
    assert error.facts == {"place": "HKHKG", "country": "CN"}
    assert "CNYTN" in error.allowed
    assert "PVG" not in error.allowed
    assert refused(book, origin="CNSHA").pointer == "/route/from"


def test_a_lane_that_is_missing_is_told_with_both_ends(book: Book) -> None:
    error = refused(book, mode="air", equipment="")
    assert error.facts == {"mode": "air", "origin": "MXZLO", "destination": "CNSHA"}


def test_the_currencies_of_the_rates_are_fetched(book: Book) -> None:
    assert "USD" not in book.dossier(asked()).market_rates
    fetched = book.dossier(asked(planning=True))
    assert "USD" in fetched.market_rates
    assert "USD" in fetched.customs_rates
    held = book.dossier(asked(holding=Holding(store_days=3)))
    assert held.market_rates == {}
