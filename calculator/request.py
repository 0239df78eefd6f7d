"""What is asked: a consignment, its terms and its day, as values. The door reads them; nothing here checks or computes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from calculator.fracciones import dotted
from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.quantities import Quantity
from calculator.rails import Rail
from calculator.tariff_line import DutyRate, ExciseThreshold, MeasureKind


@dataclass(frozen=True, slots=True)
class Price:
    """A price: for one `per` (a unit of the quantity's kind, or a package) or for the whole line ("total")."""

    amount: Decimal
    currency: str
    per: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A legal addition to the customs value or a deduction from it (Customs Tariff Law arts. 25 and 26)."""

    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class OwnExcise:
    """A consumption tax given by the user: a share, an amount for each unit, or both.

    With a `threshold` they apply from that value for each unit on, and `rate_below` and `per_unit_below` under it.
    """

    rate: Decimal | None
    per_unit: Decimal | None
    unit: str
    threshold: ExciseThreshold | None = None
    rate_below: Decimal | None = None
    per_unit_below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OwnRemedy:
    """A trade-remedy duty given by the user; `deposit`: it is paid as a deposit under provisional measures."""

    kind: MeasureKind
    duty: DutyRate
    deposit: bool = False


@dataclass(frozen=True, slots=True)
class OwnTariff:
    """Rates the user gives for a line of the table, or for a good outside it; what is None is left to the table.

    `cbec` says whether the goods are on the list of cross-border e-commerce retail imports.
    """

    duty: DutyRate | None = None
    vat: Decimal | None = None
    consumption_tax: OwnExcise | None = None
    trade_remedies: tuple[OwnRemedy, ...] | None = None
    cbec: bool | None = None


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line of goods as asked. Quantities in `statutory` are those of the tariff line's own units.

    `customs_value` is what customs itself set, in yuan; it stands in place of the value reckoned from the price.

    `tariff_quota` is the certificate that is held: "quota", "sliding" (cotton under the sliding duty) or "" for none;
    `preference`: a proof of origin under an agreement is held. `tariff_part` says whether the goods belong to a part of their
    line with a rate of its own: one of the words of `part_choice`, the part in the tariff's words, or "" for silence.
    `fraccion` is the code of the Mexican tariff, eight digits or ten with its NICO.
    """

    quantity: Quantity
    price: Price
    product: str = ""
    hs_code: str = ""
    fraccion: str = ""
    description: str = ""
    package: str = ""
    origin: str = "MX"
    preference: bool = False
    tariff_quota: str = ""
    tariff_part: str = ""
    tariff: OwnTariff | None = None
    net_weight: Quantity | None = None
    gross_weight: Quantity | None = None
    volume: Quantity | None = None
    density: Decimal | None = None
    statutory: tuple[Quantity, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    additions: tuple[Adjustment, ...] = ()
    deductions: tuple[Adjustment, ...] = ()
    related_party: bool = False
    advance_ruling: str = ""
    customs_value: Money | None = None

    @property
    def named(self) -> str:
        """What the request calls the goods: their product, else their code here or in Mexico, else what they are."""
        return self.product or self.hs_code or dotted(self.fraccion) or self.description


@dataclass(frozen=True, slots=True)
class Insurance:
    """A premium in money, or a rate on a share of CIF (`insured` 1.10 is 110 %)."""

    amount: Money | None = None
    rate: Decimal | None = None
    insured: Decimal = Decimal("1.10")


@dataclass(frozen=True, slots=True)
class Costs:
    """What the user states of the costs: any leg as money, by its code.

    `planning`: the freight may be our own planning range of the lane, which is never used without being asked for.
    `allocate_by` is "" where the mode of the route says by what common costs are shared.
    """

    freight: Money | None = None
    insurance: Insurance | None = None
    origin: Mapping[str, Money] = field(default_factory=dict)
    destination: Mapping[str, Money] = field(default_factory=dict)
    allocate_by: str = "value"
    planning: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The way by one mode between two places; `equipment` a container, `containers` how many the user means to fill."""

    mode: str
    origin: str
    destination: str
    equipment: str = ""
    containers: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What the buyer reckons beside the landed cost: money tied up for some days, days in store or plugged in, and loss.

    `rate` is a year's interest on a year of `year` days; `loss` the share of the goods that does not arrive fit for sale,
    `usual_loss`: that of the tables for goods of their kind.
    """

    rate: Decimal | None = None
    days: Decimal | None = None
    year: int = 360
    store_days: int = 0
    plug_days: int = 0
    loss: Decimal | None = None
    usual_loss: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """How the buyer pays: a rail of the tables by its code, or the user's `own`; "" for the currency of the prices.

    `charges` says who bears the charges of a transfer, "" for the rail's usual; `compare`: all rails are reckoned too.
    `buyer_margin` and `seller_margin` are the user's own exchange margins, in place of the rail's.
    """

    rail: str = ""
    currency: str = ""
    charges: str = ""
    compare: bool = False
    own: Rail | None = None
    buyer_margin: Decimal | None = None
    seller_margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lateness:
    """What came late: days after the last day of payment, or the day of payment; days after the last day of declaring.

    `counts_first_day`: the day of the declaration is the first of the period of payment, as some authors count.
    """

    payment_days: int | None = None
    paid_on: date | None = None
    counts_first_day: bool = False
    declaration_days: int | None = None


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A consignment to be priced. `defaulted` lists the fields the user left to us, each an assumption of the quote.

    `cbec_used` is what the buyer has bought by cross-border e-commerce this year. `fx_band` is the share by which exchange
    rates may rise or fall in the range of the totals, None where nobody asks.
    """

    goods: tuple[GoodsLine, ...]
    declared_on: date
    incoterm: Incoterm = Incoterm.FOB
    place: str = ""
    place_is_port: bool | None = None
    place_country: str = ""
    costs: Costs = field(default_factory=Costs)
    fx: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    customs_fx: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    regime: str = "general_trade"
    vat_recoverable: bool = False
    cbec_used: Money | None = None
    late: Lateness = Lateness()
    route: Route | None = None
    holding: Holding | None = None
    payment: Payment | None = None
    display_currency: str = "CNY"
    language: str = "en"
    tables: str = "latest"
    strict_fx: bool = False
    fx_band: Decimal | None = None
    defaulted: tuple[str, ...] = ()

    def states_rate(self, base: str, quote: str) -> bool:
        """Whether the user insists on a market rate of a pair, in this direction."""
        return (base, quote) in self.fx

    def currencies(self, used: bool = True) -> frozenset[str]:
        """Every currency that an amount of this request is in, with `used` that of what was bought this year."""
        costs = self.costs
        stated = [*costs.origin.values(), *costs.destination.values()]
        stated += [adjustment.amount for line in self.goods for adjustment in (*line.additions, *line.deductions)]
        if costs.freight is not None:
            stated.append(costs.freight)
        if costs.insurance is not None and costs.insurance.amount is not None:
            stated.append(costs.insurance.amount)
        if used and self.cbec_used is not None:
            stated.append(self.cbec_used)
        return frozenset(money.currency for money in stated) | {line.price.currency for line in self.goods}
