"""The way the goods take, as rows: places, lanes, equipment, freight rates, charges, and how each mode counts weight.

Nothing here computes. A rate or a charge keeps the unit it is asked for; what it comes to is reckoned by `freight.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.tariff_line import Row

# Full container load, less than a container load, air, courier.
SEA, LCL, AIR, COURIER = "sea", "lcl", "air", "courier"
MODES = (SEA, LCL, AIR, COURIER)
# What a rate or a charge is asked for.
CONTAINER, REVENUE_TON, CHARGEABLE_KG = "container", "revenue_ton", "chargeable_kg"
SHIPMENT, GROSS_KG, GROSS_TONNE = "shipment", "gross_kg", "gross_t"
# Goods that must be no warmer than this do not travel in a dry container.
CHILLED_C = Decimal(15)
CONTAINER_DAY, TONNE_DAY = "container_day", "tonne_day"


@dataclass(frozen=True, slots=True)
class Place:
    """A port or an airport: the code that trade uses, and the official UN/LOCODE where that differs."""

    code: str
    kind: str
    country: str
    names: Mapping[str, str]
    official: str
    iata: str
    row: Row


@dataclass(frozen=True, slots=True)
class Lane:
    """A connection between two places by one mode; days and distances are None where nobody has seen them."""

    mode: str
    origin: str
    destination: str
    distance_nm: Decimal | None
    distance_km: Decimal | None
    days_min: Decimal | None
    days_typical: Decimal | None
    days_max: Decimal | None
    days_confidence: str
    service: str
    row: Row


@dataclass(frozen=True, slots=True)
class Equipment:
    """A container, a pallet or an air unit load: cubic metres, kilograms, and how many ISO pallets it takes.

    `road_limit_kg` is the cargo that a carrier hauls in Mexico without a surcharge: a warning, not a limit of the box.
    """

    code: str
    kind: str
    iso_type: str
    names: Mapping[str, str]
    volume_m3: Decimal | None
    tare_kg: Decimal | None
    payload_kg: Decimal | None
    road_limit_kg: Decimal | None
    pallets: Decimal | None
    reefer: bool
    teu: Decimal | None
    row: Row


@dataclass(frozen=True, slots=True)
class Break:
    """A rate for one unit from so many units on."""

    start: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class FreightRate:
    """What a carrier asks on a lane for each `basis`, in `currency`; `minimum` is the least for a consignment.

    A planning rate is our own guess of a range, `low` to its break's rate: never used unless it is asked for.
    """

    mode: str
    equipment: str
    basis: str
    currency: str
    breaks: tuple[Break, ...]
    minimum: Decimal | None
    low: Decimal | None
    planning: bool
    carrier: str
    row: Row


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge of one side of the way, for each `basis`; `leg` says which part of the way it belongs to.

    `usual`: it is charged unless the request states the leg itself; others are told by the tables alone. `low` and `high` are
    the ends between which others ask it, where somebody published them.
    """

    code: str
    leg: str
    names: Mapping[str, str]
    basis: str
    currency: str
    amount: Decimal
    minimum: Decimal | None
    payee: str
    usual: bool
    row: Row
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModeRule:
    """How a mode counts: cm³ that weigh as one kilogram, the step that weight is rounded up to, the least revenue ton."""

    mode: str
    cm3_per_kg: Decimal | None
    step_kg: Decimal | None
    least: Decimal | None
    row: Row


@dataclass(frozen=True, slots=True)
class LossRange:
    """The share of the goods of a kind (fresh, frozen, other) that is usually lost on the way, as a range."""

    kind: str
    low: Decimal
    high: Decimal
    row: Row


@dataclass(frozen=True, slots=True)
class RouteDossier:
    """The rows in force for the route of one request; `lane` is None where the places have no lane of ours.

    `rates` fit the mode and the equipment, the user's own before ours; `charges` are those of the mode and equipment.
    """

    origin: Place
    destination: Place
    lane: Lane | None
    equipment: Equipment | None
    pallet: Equipment | None
    rule: ModeRule
    rates: tuple[FreightRate, ...]
    charges: tuple[Charge, ...]
