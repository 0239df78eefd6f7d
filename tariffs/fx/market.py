"""The market desk: whichever of the installation's stored rows and the ECB's history knows the newer rate on a day.

Of the same day the stored row is taken, since the installation chose it. How old a rate may be is the caller's to say;
as in the history, one whose currency ended more than `MAX_AGE` ago is no rate any more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from calculator.errors import NotInForce, Unpriceable
from calculator.money import ExchangeRate
from tariffs.fx.embedded import MAX_AGE, ReferenceRates
from tariffs.fx.snapshots import Snapshots

TABLE = "fx/market"


class Desk(Protocol):
    """What knows the last rate of a day."""

    def rate(self, base: str, quote: str, on: date) -> ExchangeRate:
        """The last rate known on a day."""

    def first_day(self, currency: str) -> date:
        """The first day on which a currency is quoted."""


@dataclass(frozen=True, slots=True)
class MarketRates:
    """The rates that buyers pay by."""

    reference: ReferenceRates
    stored: Snapshots

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that was ever quoted."""
        return self.reference.currencies | self.stored.currencies

    @property
    def known_until(self) -> date:
        """The last day of which any rate is known."""
        return max(self.reference.known_until, self.stored.known_until or date.min)

    def first_day(self, currency: str) -> date:
        """The first day on which a currency is quoted."""
        own = self.stored.first_day(currency)
        if own is None:
            return self.reference.first_day(currency)
        return min(own, self.reference.first_day(currency)) if currency in self.reference.currencies else own

    def last_day(self, currency: str) -> date:
        """The last day on which the history quotes a currency."""
        return self.reference.last_day(currency)

    def rate(self, base: str, quote: str, on: date) -> ExchangeRate:
        """The last rate known on a day, with its day, source and age."""
        stored = None if base == quote else self.stored.rate(base, quote, on)
        if stored is not None and stored.on is not None and min(on, self.known_until) - stored.on > MAX_AGE:
            stored = None
        if stored is not None and not {base, quote} <= self.reference.currencies:
            return stored
        try:
            published = self.reference.rate(base, quote, on)
        except Unpriceable as refusal:
            if stored is not None:
                return stored
            if refusal.code == "unknown_currency" and refusal.facts["currency"] in self.stored.currencies:
                raise self._no_rate(base, quote, on) from None
            raise
        return stored if stored is not None and _later(stored, published) else published

    def history(self, base: str, quote: str, first: date, last: date) -> list[ExchangeRate]:
        """The rate of each day from the first to the last on which one was published, oldest first."""
        days = self.stored.days(base, quote)
        if {base, quote} <= self.reference.currencies:
            days |= self.reference.days(base, quote)
        rates = (self.rate(base, quote, each) for each in sorted(days) if first <= each <= last)
        return [each for each in rates if each.age_days == 0]

    def first_common_day(self, base: str, quote: str) -> date | None:
        """The first day on which the pair has a rate."""
        days = self.stored.days(base, quote)
        if {base, quote} <= self.reference.currencies:
            days |= self.reference.days(base, quote)
        return min(days, default=None)

    def _no_rate(self, base: str, quote: str, on: date) -> NotInForce:
        days = sorted(self.stored.days(base, quote))
        first, last = (days[0], days[-1]) if days else (None, None)
        key = f"{base}/{quote}"
        return NotInForce("no_exchange_rate", table=TABLE, key=key, on=on, covered_from=first, covered_to=last)


def _later(stored: ExchangeRate, published: ExchangeRate) -> bool:
    return stored.on is not None and published.on is not None and stored.on >= published.on
