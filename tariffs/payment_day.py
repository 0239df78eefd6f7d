"""The last day on which the taxes can be paid without a surcharge (Customs Tariff Law art. 43; Decree 124).

The period runs in calendar days and the day on which it starts is not counted. Where its last day is one of rest it ends on
the next working day; a Saturday that China works in exchange for a holiday is a working day.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from calculator.dossier import Parameter
from calculator.request import QuoteRequest
from tariffs.fx.calendar import is_trading_day

PERIOD = "payment_period"
ONE_DAY = timedelta(days=1)


def payment_due(request: QuoteRequest, parameters: Mapping[str, Parameter]) -> date | None:
    """The last day for the taxes of a request, where it tells when they were paid.

    Before the law of 2024 the period ran from the notice of payment; it is taken as given on the day of the declaration.
    """
    period = parameters.get(PERIOD)
    if request.late.paid_on is None or period is None:
        return None
    return last_day_of_payment(request.declared_on, int(period.value), request.late.counts_first_day)


def last_day_of_payment(starts_on: date, days: int, counts_first_day: bool = False) -> date:
    """The last day of a period of so many days; `counts_first_day`: its starting day is its first, as some authors count."""
    last = starts_on + timedelta(days=days - 1 if counts_first_day else days)
    while not is_working_day(last):
        last += ONE_DAY
    return last


def is_working_day(day: date) -> bool:
    """Whether China works on a day; for a year whose arrangement is not known, by weekends and holidays of fixed date."""
    # Imported here because it builds its tables on import, 20 ms that a quote paid in time never needs.
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return is_trading_day(day)
