"""Exchange rates from two desks that never stand in for each other.

`market` is what the buyer pays by: the last known rate of the installation's own rows or of the ECB's history. `customs`
is what customs values by: one official rate a month, or an estimate that says it is one. Both keep the published figures
as a pair, multiplier and divisor, and divide last. Nothing here interpolates or knows today, and no quote waits for the
network; rates that the user insists on never come this way.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path

from calculator.money import ExchangeRate
from tariffs.fx import customs, snapshots
from tariffs.fx.calendar import customs_source_day, last_day_of_month
from tariffs.fx.customs import CustomsRates, estimate
from tariffs.fx.embedded import ReferenceRates, unity
from tariffs.fx.market import MarketRates
from tariffs.fx.snapshots import Snapshots
from tariffs.tables import DATA, csv_table, raw_bytes

__all__ = ["FxTables", "customs_source_day"]

# What an installation keeps in a folder of its own: the same tables as an overlay's, without its folders.
MARKET, CUSTOMS = "market_rates.csv", "customs_rates.csv"


@dataclass(frozen=True, slots=True)
class FxTables:
    """All rates known to this release; `release` names the last day that is known and the content of all tables."""

    market_rates: MarketRates
    official: CustomsRates
    release: str
    sha256: str

    @classmethod
    def load(cls, overlay: Path | None = None, own: Path | None = None) -> "FxTables":
        """Read the embedded history, the customs rates and the rows of two folders.

        `own` is the folder that `galeon fx` writes to, `overlay` what the user lays over every table. Rows are added, or
        replace those of the same month and currency, or day, pair and source; the overlay has the last word.
        """
        return cls.over(ReferenceRates.load(), overlay, own)

    @classmethod
    def over(
        cls, reference: ReferenceRates, overlay: Path | None, own: Path | None, root: Traversable = DATA
    ) -> "FxTables":
        """The same over a history that has been read already, and the customs rates of the tables at `root`."""
        official, stored = CustomsRates.load(root), Snapshots()
        content = raw_bytes(customs.FILE, root)
        for folder, market_file, customs_file in ((own, MARKET, CUSTOMS), (overlay, snapshots.FILE, customs.FILE)):
            if folder is not None and (folder / customs_file).is_file():
                official = official.over(CustomsRates.of(csv_table(customs_file, customs.COLUMNS, folder)))
                content += raw_bytes(customs_file, folder)
            if folder is not None and (folder / market_file).is_file():
                stored = stored.over(Snapshots.load(folder, market_file))
                content += raw_bytes(market_file, folder)
        rates = MarketRates(reference, stored)
        digest = sha256(reference.sha256.encode() + content).hexdigest()
        return cls(rates, official, f"fx-{rates.known_until:%Y.%m.%d}+{digest[:12]}", digest)

    def current(self) -> "FxTables":
        """The tables as they are now: these, which do not change."""
        return self

    @property
    def reference(self) -> ReferenceRates:
        """The embedded history alone."""
        return self.market_rates.reference

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that was ever quoted, those that have ended included."""
        return self.market_rates.currencies

    @property
    def known_until(self) -> date:
        """The last day of which any market rate is known."""
        return self.market_rates.known_until

    def first_day(self, currency: str) -> date:
        """The first day on which a currency is quoted."""
        return self.market_rates.first_day(currency)

    def last_day(self, currency: str) -> date:
        """The last day on which the history quotes a currency."""
        return self.market_rates.last_day(currency)

    def market(self, base: str, quote: str, on: date) -> ExchangeRate:
        """What one unit of `base` was last known to be worth in `quote` on a day, with the age of that knowledge."""
        return self.market_rates.rate(base, quote, on)

    def customs(self, currency: str, on: date) -> ExchangeRate:
        """What one unit is worth in yuan to customs for declarations in the month of a day (计征汇率)."""
        if currency == "CNY":
            return unity(currency, on, "customs", last_day_of_month(on))
        return self.official.official(currency, on) or estimate(self.market_rates, currency, on)
