"""A line of the tariff and what the law charges on it: the forms a duty or a tax can take, and the rows that say so.

Nothing here computes: choosing and charging are done elsewhere, from these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from calculator.validity import Validity

# A code of so many digits names a subheading of the Harmonized System, under which China has lines of eight.
SUBHEADING = 6


@dataclass(frozen=True, slots=True)
class AdValorem:
    """A share of the customs value (从价); 0.07 is 7 %."""

    rate: Decimal


@dataclass(frozen=True, slots=True)
class Specific:
    """An amount of yuan for each unit of quantity (从量)."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Compound:
    """A share of the customs value and an amount for each unit, added (复合)."""

    rate: Decimal
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class LowerOf:
    """The lower of two duties (两者从低): "10% or 900 CNY/t"."""

    first: "AdValorem | Specific | Compound"
    second: "AdValorem | Specific | Compound"


@dataclass(frozen=True, slots=True)
class ByValue:
    """One form up to a customs value for each unit, another above it; the threshold is in `currency`."""

    threshold: Decimal
    currency: str
    unit: str
    below: "AdValorem | Specific | Compound"
    above: "AdValorem | Specific | Compound"


@dataclass(frozen=True, slots=True)
class Sliding:
    """The sliding duty (滑准税) of cotton: below the threshold the rate a/P + b·P − 1 of the value P for each unit,
    rounded half up to `places` and then at most `cap`; at or above it an amount for each unit."""

    a: Decimal
    b: Decimal
    threshold: Decimal
    at_or_above: Decimal
    cap: Decimal
    places: int
    unit: str


DutyRate = AdValorem | Specific | Compound | LowerOf | ByValue | Sliding


class MeasureKind(StrEnum):
    """The columns of the tariff and the duties on top of it (Customs Tariff Law arts. 10 and 16 to 18)."""

    MFN = "mfn"
    PROVISIONAL = "provisional"
    AGREEMENT = "agreement"
    SPECIAL_PREFERENTIAL = "special_preferential"
    GENERAL = "general"
    TARIFF_QUOTA = "tariff_quota"
    QUOTA_PROVISIONAL = "quota_provisional"
    ANTI_DUMPING = "anti_dumping"
    COUNTERVAILING = "countervailing"
    SAFEGUARD = "safeguard"
    RETALIATORY = "retaliatory"


@dataclass(frozen=True, slots=True)
class Row:
    """Where a figure stands: the table, its days, its source and how far it can be trusted (A, B or C)."""

    table: str
    validity: Validity
    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One rate of one column, for the whole line or for a `part` of it (ex), with the row that says so.

    `rate` is None where the part is known to have a rate of its own that nobody has read. `origins` are those it is for,
    by their ISO 3166 codes, none where it is for all.
    """

    kind: MeasureKind
    rate: DutyRate | None
    row: Row
    part: str = ""
    origins: tuple[str, ...] = ()

    @property
    def validity(self) -> Validity:
        return self.row.validity


@dataclass(frozen=True, slots=True)
class VatRate:
    """One rate of import VAT; a line has more than one where its class is open between them."""

    rate: Decimal
    category: str
    row: Row


class ExciseForm(StrEnum):
    """How a category of the consumption tax is reckoned (Provisional Regulations art. 5 and the customs table)."""

    NONE = "none"
    AD_VALOREM = "ad_valorem"
    SPECIFIC = "specific"
    COMPOUND = "compound"
    SPECIFIC_BY_VALUE = "specific_by_value"
    AD_VALOREM_BY_VALUE = "ad_valorem_by_value"
    CIGARETTES = "cigarettes"


@dataclass(frozen=True, slots=True)
class ExcisePerUnit:
    """Yuan of consumption tax for each unit of quantity."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ExciseThreshold:
    """A customs value for each unit that decides the rate: `at_or_above` applies from `value` in `currency` on."""

    value: Decimal
    currency: str
    unit: str


@dataclass(frozen=True, slots=True)
class Excise:
    """A category of the consumption tax on one day.

    `rate` and `per_unit` apply; with a threshold they apply at or above it, `rate_below` and `per_unit_below` under it.
    Several `per_unit` are the same tax in different units: the first whose unit the quantity gives is used, likewise the
    thresholds. `litres_per_tonne` is the conversion the customs table prints, for goods measured in litres. `super_luxury`:
    a car of this category bears the additional rate where it is dear and for the importer's own use.
    """

    category: str
    form: ExciseForm
    row: Row
    rate: Decimal | None = None
    per_unit: tuple[ExcisePerUnit, ...] = ()
    thresholds: tuple[ExciseThreshold, ...] = ()
    rate_below: Decimal | None = None
    per_unit_below: tuple[ExcisePerUnit, ...] = ()
    litres_per_tonne: Decimal | None = None
    super_luxury: bool = False


@dataclass(frozen=True, slots=True)
class ExciseCase:
    """A category that a line may fall into and the facts about the good that decide it ("" when nothing must be asked).

    `condition` reads like "displacement_cc <= 1000" or "kind = solid"; every case of a line but one may carry one.
    """

    excise: Excise
    condition: str = ""


@dataclass(frozen=True, slots=True)
class TariffLine:
    """An eight-digit line of the Chinese schedule."""

    hs_code: str
    names: Mapping[str, str]
    path_zh: str
    units: tuple[str, ...]
    supervision: str
    inspection: str
    row: Row
    page: str = ""
    name_sources: Mapping[str, str] = field(default_factory=dict)
