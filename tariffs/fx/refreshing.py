"""One refresh: ask, judge the answer against what is known, and keep it; a failure is logged and changes nothing.

A wrong answer is rather wrong as a whole (another base, pairs the wrong way round, a test server), so one figure that
cannot be is enough to refuse all of them.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from calculator.errors import Unpriceable
from calculator.money import EXACT, ExchangeRate
from tariffs.fx import FxTables
from tariffs.fx.keeping import MARKET_RATES, Kept, keep
from tariffs.fx.upstream import Published, Unavailable, Upstream
from tariffs.tables import TableError

LOG = logging.getLogger("galeon.fx")
# How far a rate may have gone from the last known one: a fifth.
PLAUSIBLE = 5


class Rates(Protocol):
    """Where the rates of now are to be had."""

    def current(self) -> FxTables:
        """The tables as they are now."""


class Refresher:
    """What asks a server and writes to the folder of the installation; `today` is the day in Shanghai."""

    def __init__(
        self, upstream: Upstream, folder: Path, known: Rates, today: Callable[[], date], now: Callable[[], datetime]
    ) -> None:
        self.upstream, self.folder, self._known = upstream, folder, known
        self._today, self._now = today, now

    def refresh(self, base: str, force: bool = False) -> Kept:
        """Fetch and keep the rates of a base. Raises Unavailable, and then everything is as it was."""
        try:
            published = self.upstream.fetch(base)
            self._judge(published, force)
            moment = f"{self._now():%Y-%m-%dT%H:%M:%SZ}"
            rows = [
                (f"{published.on}", base, quote, figure, self.upstream.source, moment)
                for quote, figure in published.rates.items()
            ]
            return keep(self.folder, MARKET_RATES, rows)
        except Unavailable as failure:
            LOG.warning("the rates of %s are not refreshed: %s %s", base, self.upstream.host, failure.reason)
            raise
        except (TableError, OSError) as error:
            LOG.error("the rates of %s are not refreshed, they cannot be written: %s", base, error)
            raise Unavailable(f"cannot be written: {error}") from error

    def _judge(self, published: Published, force: bool) -> None:
        today, tables = self._today(), self._known.current()
        if published.on > today:
            raise Unavailable(f"answers with rates of {published.on}, a day to come")
        known = [last for quote in published.rates if (last := _known(tables, published.base, quote, today))]
        newest = [last.on for last in known if last.on is not None]
        if newest and published.on < min(newest):
            raise Unavailable(f"answers with rates of {published.on}; those of {min(newest)} are known already")
        for last in () if force else known:
            figure = published.rates[last.quote]
            if not plausible(Decimal(figure), last.multiplier, last.divisor):
                raise Unavailable(
                    f"says that 1 {last.base} is {figure} {last.quote}, more than a fifth from {last.published_as} "
                    f"of {last.on}; --force takes it"
                )


def _known(tables: FxTables, base: str, quote: str, on: date) -> ExchangeRate | None:
    try:
        return tables.market(base, quote, on)
    except Unpriceable:
        return None


def plausible(figure: Decimal, multiplier: Decimal, divisor: Decimal) -> bool:
    """Whether a rate lies within a fifth of multiplier ÷ divisor."""
    apart = abs(EXACT.subtract(EXACT.multiply(figure, divisor), multiplier))
    return EXACT.multiply(apart, Decimal(PLAUSIBLE)) <= multiplier
