"""The dossier: every dated row that one request may need, taken from the tables once and handed to the calculator.

It is a value. Stored beside its quote it lets the quote be explained, and computed again, years later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from calculator.citations import Source
from calculator.errors import NotInForce
from calculator.fracciones import Led
from calculator.goods import Package, Product
from calculator.listings import Listing, PostalClass
from calculator.logistics import LossRange, RouteDossier
from calculator.money import ExchangeRate
from calculator.origins import Origin
from calculator.rails import Rail
from calculator.requirements import Requirement
from calculator.tariff_line import ExciseCase, Measure, Row, TariffLine, VatRate


@dataclass(frozen=True, slots=True)
class Parameter:
    """A single figure of the law, with its unit and the row it stands in."""

    name: str
    value: Decimal
    unit: str
    row: Row


@dataclass(frozen=True, slots=True)
class Before:
    """What stood for a line when its tables were last looked after, where a row of the day has begun since.

    That row was announced by then, from `begins` on, and nobody has seen it in force. `known_until` is the day of the look.
    """

    begins: date
    known_until: date
    measures: tuple[Measure, ...]
    remedies: tuple[Measure, ...]
    vat: tuple[VatRate, ...]
    excise: tuple[ExciseCase, ...]


@dataclass(frozen=True, slots=True)
class LineDossier:
    """What the tables hold for one line of goods on the day.

    `ended` are provisional rates that ended before the day and of which nobody knows yet whether they were renewed.
    `remedies` are trade-remedy duties being collected, one without a rate where the rate is not known; `pending` those that
    cost nothing yet; both are those of the line's origin, and of every origin where it is unknown. `origin` is None for an
    unknown one. `listing` is None where nobody has read whether the line is on the e-commerce list; `postal` are the classes
    of personal articles that it may fall into. `covered_from` is the first day of which the schedule has a row for the line.
    `before` is None where every row of the day was seen in force. `led` is how a Mexican code led here, None without one.
    `alike` are the codes of the lines that are taxed alike, where nobody has chosen the one that is priced.
    """

    tariff_line: TariffLine | None = None
    measures: tuple[Measure, ...] = ()
    ended: tuple[Measure, ...] = ()
    vat: tuple[VatRate, ...] = ()
    excise: tuple[ExciseCase, ...] = ()
    product: Product | None = None
    package: Package | None = None
    remedies: tuple[Measure, ...] = ()
    pending: tuple[Measure, ...] = ()
    covered_from: date | None = None
    requirements: tuple[Requirement, ...] = ()
    origin: Origin | None = None
    listing: Listing | None = None
    postal: tuple[PostalClass, ...] = ()
    before: Before | None = None
    led: Led | None = None
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableState:
    """One table as loaded: the last day its makers looked at, and how far it can be trusted.

    `covers_from` is the first day on which it was made to be whole, None where that is its oldest row's.
    """

    name: str
    version: str
    known_until: date | None
    confidence: str
    covers_from: date | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All rows in force for one request.

    `route` holds the rows of the way, where the request names one, `rails` the ways of
    paying, where it names or compares some. `on` is the day of declaration, `payment_due` the last
    day for paying the taxes without a surcharge, where the request tells when they were paid.
    """

    lines: tuple[LineDossier, ...]
    customs_rates: Mapping[str, ExchangeRate]
    market_rates: Mapping[str, ExchangeRate]
    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    tables: tuple[TableState, ...]
    release: str
    fx_release: str
    payment_due: date | None = None
    on: date | None = None
    route: RouteDossier | None = None
    rails: tuple[Rail, ...] = ()
    losses: Mapping[str, LossRange] = field(default_factory=dict)

    def parameter(self, name: str) -> Parameter:
        """A single figure of the law that cannot be done without. Raises NotInForce where no row has it on the day."""
        try:
            return self.parameters[name]
        except KeyError:
            raise NotInForce(
                "no_row_in_force", "/declared_on", (), table="import-taxes", key=name, on=self.on
            ) from None

    def covers_its_day(self, table: str) -> bool:
        """Whether a table was made to be whole on the day of the dossier, so that its silence means something."""
        first = next((state.covers_from for state in self.tables if state.name == table), None)
        return first is None or self.on is None or first <= self.on
