"""The last day of paying, counted by hand on the calendar (RULES.md 3.9; the holidays of 2026 as decreed)."""

from datetime import date

import pytest

from tariffs.payment_day import is_working_day, last_day_of_payment


@pytest.mark.parametrize(
    ("declared", "last"),
    [
        (date(2026, 11, 23), date(2026, 12, 8)),
        # A Saturday gives way to Monday.
        (date(2026, 11, 27), date(2026, 12, 14)),
        # 1 to 7 October is the National Day, so the 8th.
        (date(2026, 9, 16), date(2026, 10, 8)),
        # Saturday 10 October is worked in exchange.
        (date(2026, 9, 25), date(2026, 10, 10)),
        # The Spring Festival inside the period is not deducted.
        (date(2026, 2, 10), date(2026, 2, 25)),
        # A year whose arrangement is not known: New Year's Day is a Friday, then a weekend.
        (date(2026, 12, 17), date(2027, 1, 4)),
    ],
)
def test_fifteen_days_after_the_declaration(declared: date, last: date) -> None:
    assert last_day_of_payment(declared, 15) == last


def test_some_count_the_first_day() -> None:
    assert last_day_of_payment(date(2026, 11, 23), 15, counts_first_day=True) == date(2026, 12, 7)


def test_working_days() -> None:
    assert not is_working_day(date(2026, 10, 1))
    assert is_working_day(date(2026, 10, 8))
    assert not is_working_day(date(2030, 5, 1))
    assert is_working_day(date(2030, 5, 2))
