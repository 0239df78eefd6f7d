"""Exchange rates from two desks that never stand in for each other.

`market` is what the buyer pays by: the last known reference rate of the ECB, crossed through the euro. `customs` is
what customs values by: one official rate a month, or an estimate that says it is one. Both keep the published figures
as a pair, multiplier and divisor, and divide last. Nothing here interpolates, asks the network or knows today; rates
that the user insists on never come this way.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from calculator.money import ExchangeRate
from tariffs.fx.calendar import customs_source_day, last_day_of_month
from tariffs.fx.customs import FILE, CustomsRates, estimate
from tariffs.fx.embedded import ReferenceRates, unity
from tariffs.tables import raw_bytes

__all__ = ["FxTables", "customs_source_day"]


@dataclass(frozen=True, slots=True)
class FxTables:
    """All rates known to this release; `release` names the end of the history and the content of both tables."""

    reference: ReferenceRates
    official: CustomsRates
    release: str
    sha256: str

    @classmethod
    def load(cls, overlay: Path | None = None) -> "FxTables":
        """Read the embedded history and the customs rates, once for the life of the process.

        Customs rates in an overlay are added, or replace those of the same month and currency.
        """
        reference, official = ReferenceRates.load(), CustomsRates.load()
        content = raw_bytes(FILE)
        if overlay is not None and (overlay / FILE).is_file():
            official = official.over(CustomsRates.load(overlay))
            content += raw_bytes(FILE, overlay)
        digest = sha256(reference.sha256.encode() + content).hexdigest()
        release = f"fx-{reference.known_until:%Y.%m.%d}+{digest[:12]}"
        return cls(reference, official, release, digest)

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency the history has ever quoted, those that have ended included."""
        return self.reference.currencies

    @property
    def known_until(self) -> date:
        """The last day of the history."""
        return self.reference.known_until

    def first_day(self, currency: str) -> date:
        """The first day on which the history quotes a currency."""
        return self.reference.first_day(currency)

    def last_day(self, currency: str) -> date:
        """The last day on which the history quotes a currency."""
        return self.reference.last_day(currency)

    def market(self, base: str, quote: str, on: date) -> ExchangeRate:
        """What one unit of `base` was last known to be worth in `quote` on a day, with the age of that knowledge."""
        return self.reference.rate(base, quote, on)

    def customs(self, currency: str, on: date) -> ExchangeRate:
        """What one unit is worth in yuan to customs for declarations in the month of a day (计征汇率)."""
        if currency == "CNY":
            return unity(currency, on, "customs", last_day_of_month(on))
        return self.official.official(currency, on) or estimate(self.reference, currency, on)
