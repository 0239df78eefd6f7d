"""Which day's parity customs uses for a month: the legal source day, and the Chinese holidays that move it.

The rule is a law and stands here; the holidays are decreed a year at a time and come from `chinesecalendar`. For a
year it does not know yet the calendar goes on without it, with weekends and the holidays of fixed date; that may miss a
lunar festival (Mid-Autumn falls on the third Wednesday of September 2027). Nothing here knows a rate.

The interbank market is taken as closed on every Saturday and Sunday, make-up working days included (confidence B:
practice read in a public project that follows the CFETS parities). No source day from 2004 to 2026 depends on it.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from calculator.errors import NotInForce

# Decree 124, art. 16 governs declarations from here ...
DECREE_124_FROM = date(2005, 3, 1)
# ... and Decree 272, art. 13 from here.
DECREE_272_FROM = date(2024, 12, 1)

WEDNESDAY, SATURDAY = 2, 5
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), *((10, day) for day in range(1, 8))})


def customs_source_day(month: date) -> date:
    """The day whose parity is the customs rate of a month: the third Wednesday of the month before (第三个星期三).

    On a holiday it gives way: until November 2024 to the fourth Wednesday, since then to the next day of trading.
    """
    if month < DECREE_124_FROM:
        raise NotInForce(
            "no_exchange_rate", table="fx/customs_rates", key="source day", on=month, covered_from=DECREE_124_FROM
        )
    return _source_day(month.year, month.month)


# The holiday tables are slow to ask, and every estimate asks them the same few questions.
@lru_cache(maxsize=1024)
def _source_day(year: int, number: int) -> date:
    month = date(year, number, 1)
    first = _first_of_month_before(month)
    third_wednesday = first + timedelta((WEDNESDAY - first.weekday()) % 7 + 14)
    if not is_holiday(third_wednesday):
        return third_wednesday
    if month < DECREE_272_FROM:
        return third_wednesday + timedelta(7)
    return _next_trading_day(third_wednesday)


def is_holiday(day: date) -> bool:
    """Whether China rests on a day by the holiday arrangement of its year, days in lieu included (法定节假日)."""
    # Imported here because it builds its tables on import, 20 ms that a month with an official rate never needs.
    from chinese_calendar import get_holiday_detail

    try:
        rests, name = get_holiday_detail(day)
    except NotImplementedError:
        return (day.month, day.day) in FIXED_HOLIDAYS
    return bool(rests and name)


def is_trading_day(day: date) -> bool:
    """Whether the interbank foreign exchange market trades (银行间外汇市场交易日)."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def last_day_of_month(day: date) -> date:
    """The last day of the month that a day lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _first_of_month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(1)).replace(day=1)


def _next_trading_day(day: date) -> date:
    while not is_trading_day(day):
        day += timedelta(1)
    return day
