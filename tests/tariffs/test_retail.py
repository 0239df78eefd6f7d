"""Classes of personal articles and the e-commerce list: what RULES.md sections 6 and 7 say of a line on a day."""

from datetime import date
from decimal import Decimal

import pytest

from calculator.listings import PostalClass
from tariffs.conditions import is_optional
from tariffs.records import Records

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def only(records: Records, hs_code: str, on: date = DAY) -> PostalClass:
    (found,) = records.postal(hs_code, on)
    return found


@pytest.mark.parametrize(
    ("hs_code", "on", "code", "rate", "percent"),
    [
        ("08044000", DAY, "food", "postal_rate_low", "0.13"),
        ("09012100", DAY, "coffee", "postal_rate_low", "0.13"),
        ("09012100", date(2024, 11, 30), "food", "postal_rate_low", "0.13"),
        ("22089010", DAY, "tequila", "postal_rate_high", "0.50"),
        ("22089010", date(2024, 11, 30), "alcohol", "postal_rate_high", "0.50"),
        ("22089010", date(2018, 10, 31), "alcohol", "postal_rate_high", "0.60"),
        ("95063100", DAY, "golf", "postal_rate_high", "0.50"),
        ("95066210", DAY, "sports_goods", "postal_rate_middle", "0.20"),
        ("61091000", date(2018, 11, 1), "textiles", "postal_rate_middle", "0.25"),
        ("72071100", DAY, "other", "postal_rate_middle", "0.20"),
        ("30049090", date(2018, 11, 1), "other", "postal_rate_middle", "0.25"),
    ],
)
def test_the_longest_prefix_in_force_speaks(
    records: Records, hs_code: str, on: date, code: str, rate: str, percent: str
) -> None:
    found = only(records, hs_code, on)
    assert (found.code, found.rate) == (code, rate)
    assert records.parameter(found.rate, on).value == Decimal(percent)


def test_list_prices(records: Records) -> None:
    beer, tequila = only(records, "22030000"), only(records, "22089010")
    assert (beer.list_price, beer.unit) == (Decimal(5), "bottle")
    assert (tequila.list_price, tequila.unit) == (None, "")


def test_watches_are_told_apart_by_their_value(records: Records) -> None:
    assert [(each.rate, each.condition) for each in records.postal("91021100", DAY)] == [
        ("postal_rate_middle", "unit_value_cny < 10000"),
        ("postal_rate_high", "unit_value_cny >= 10000"),
    ]


def test_what_was_not_seen_is_not_sure(records: Records) -> None:
    assert only(records, "08044000", date(2019, 4, 8)).row.confidence == "C"
    assert only(records, "08044000", date(2019, 4, 9)).row.confidence == "B"
    assert (only(records, "72071100").row.source, only(records, "72071100").row.confidence) == ("unverified", "C")
    assert records.postal("08044000", date(2016, 4, 7)) == ()


def test_every_line_has_a_class_with_a_rate_in_force(records: Records) -> None:
    for code in records.codes:
        for on in (date(2016, 4, 8), date(2018, 11, 1), DAY):
            found = records.postal(code, on)
            assert found, code
            assert all(records.parameter(each.rate, on).value < 1 for each in found)


def test_a_line_that_was_read_on_the_list_of_2016(records: Records) -> None:
    found = records.listing("04029100", DAY)
    assert found is not None
    assert found.listed
    assert (found.row.table, found.row.source, found.row.confidence) == ("cbec-list", "cbec-list-2016-1", "B")
    assert "2016" in found.row.note
    assert "2022" in found.row.note
    assert records.listing("04029100", date(2016, 4, 8)) is not None
    assert records.listing("04029100", date(2016, 4, 7)) is None


@pytest.mark.parametrize("hs_code", ["08044000", "22089010", "22030000"])
def test_a_line_that_nobody_read_is_unknown(records: Records, hs_code: str) -> None:
    assert records.listing(hs_code, DAY) is None


def test_conditions() -> None:
    assert is_optional("measured_by? = litre")
    assert not is_optional("length_m > 8 and length_m < 90")
