"""The currencies whose rates a quote needs: those that rows of the tariff are in, less those that the user gives."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.money import YUAN, ExchangeRate
from calculator.tariff_line import ByValue


def asked_by_tables(lines: Iterable[LineDossier]) -> set[str]:
    """The currencies in which rows of the tariff state a threshold."""
    asked = set()
    for line in lines:
        asked |= {threshold.currency for case in line.excise for threshold in case.excise.thresholds}
        asked |= {each.rate.currency for each in line.measures if isinstance(each.rate, ByValue)}
    return asked


def given(rates: Mapping[tuple[str, str], object]) -> set[str]:
    """The currencies whose rate in yuan the user gives, in either direction."""
    return {base if quote == YUAN else quote for base, quote in rates if YUAN in (base, quote)} - {YUAN}


def rates_of(currencies: Iterable[str], on: date, desk: Callable[[str, date], ExchangeRate]) -> dict[str, ExchangeRate]:
    """The rate of each currency on a day. Raises Unpriceable where the desk has none."""
    found = {}
    for currency in sorted(currencies):
        try:
            found[currency] = desk(currency, on)
        except Unpriceable as error:
            raise error.at("/fx") from None
    return found
