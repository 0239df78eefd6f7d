"""The legal source day, counted by hand on a wall calendar and checked against what was published."""

from datetime import date

import pytest

from calculator.errors import NotInForce
from tariffs.fx.calendar import customs_source_day, is_holiday, is_trading_day, last_day_of_month


@pytest.mark.parametrize(
    ("month", "source_day"),
    [
        # Ordinary months: the third Wednesday of the month before, and the December that feeds January.
        (date(2010, 2, 1), date(2010, 1, 20)),
        (date(2021, 1, 1), date(2020, 12, 16)),
        (date(2024, 11, 1), date(2024, 10, 16)),
        (date(2024, 12, 1), date(2024, 11, 20)),
        (date(2026, 7, 1), date(2026, 6, 17)),
        (date(2026, 10, 1), date(2026, 9, 16)),
        (date(2026, 11, 1), date(2026, 10, 21)),
        # A month that begins on a Wednesday, and one that begins on a Thursday: the earliest and the latest third one.
        (date(2025, 11, 1), date(2025, 10, 15)),
        (date(2026, 2, 1), date(2026, 1, 21)),
        # Decree 124: a holiday gives way to the fourth Wednesday. Spring Festivals of 2007, 2010, 2015, 2018, 2021 and
        # the Dragon Boat Festival of 2010; 2018-02-28 and 2021-02-24 were also read as published.
        (date(2007, 3, 1), date(2007, 2, 28)),
        (date(2010, 3, 1), date(2010, 2, 24)),
        (date(2010, 7, 1), date(2010, 6, 23)),
        (date(2015, 3, 1), date(2015, 2, 25)),
        (date(2018, 3, 1), date(2018, 2, 28)),
        (date(2021, 3, 1), date(2021, 2, 24)),
        # Decree 272: it gives way to the next trading day. The Spring Festival of 2026 was from 15 to 23 February.
        (date(2026, 3, 1), date(2026, 2, 24)),
    ],
)
def test_source_day(month, source_day):
    assert customs_source_day(month) == source_day


def test_any_day_of_the_month_will_do():
    assert {customs_source_day(date(2026, 10, day)) for day in range(1, 32)} == {date(2026, 9, 16)}


def test_before_decree_124_there_is_no_rule():
    assert customs_source_day(date(2005, 3, 1)) == date(2005, 2, 16)
    with pytest.raises(NotInForce) as refusal:
        customs_source_day(date(2005, 2, 28))
    assert refusal.value.facts["covered_from"] == date(2005, 3, 1)


def test_the_calendar_goes_on_without_the_holiday_tables():
    assert customs_source_day(date(2028, 2, 29)) == date(2028, 1, 19)
    assert customs_source_day(date(9999, 12, 31)).year == 9999
    assert is_holiday(date(2040, 10, 7))
    assert is_holiday(date(2040, 1, 1))
    assert is_holiday(date(2040, 5, 1))
    assert not is_holiday(date(2040, 10, 8))


def test_trading_days():
    assert is_trading_day(date(2026, 10, 21))
    assert not is_trading_day(date(2026, 10, 24)), "Saturday"
    assert not is_trading_day(date(2026, 10, 7)), "National Day"
    assert not is_trading_day(date(2026, 2, 28)), "a Saturday on which China worked"
    assert not is_holiday(date(2026, 10, 24)), "a weekend is no holiday"


def test_no_source_day_depends_on_whether_make_up_weekends_trade():
    """In every month for which Decree 272 ruled and holidays are known, the day that gave way gave way to a weekday."""
    for year, month in [(2024, 12), *((y, m) for y in (2025, 2026) for m in range(1, 13))]:
        source_day = customs_source_day(date(year, month, 1))
        assert 15 <= source_day.day <= 21 or source_day == date(2026, 2, 24)


def test_last_day_of_month():
    assert last_day_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert last_day_of_month(date(2026, 12, 31)) == date(2026, 12, 31)
