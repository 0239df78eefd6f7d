"""What choosing hands to walking: the facts by name, the rules in their order, and why these and no others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from calculator.dossier import Parameter
from calculator.incoterms import Leg
from calculator.money import ExchangeRate, Number
from calculator.rails import BUYER, SELLER, Rail
from calculator.rules import Pass, Rule
from calculator.tariff_line import DutyRate, Row

USER, UNVERIFIED = "user", "C"


@lru_cache(maxsize=4096)
def _table_of(origin: str) -> str:
    return origin[6:].partition("/")[0] if origin.startswith("table:") else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that enters the walk, and where it comes from.

    `origin` is "table:NAME/KEY", "request:/POINTER" or "law"; `share` figures are shown as percent. `confidence` is A, B,
    C, or "user" for what the request states; `valid_to` is the last day on which the figure is known to be true.
    """

    value: Number
    origin: str
    unit: str = ""
    source: str = ""
    on: date | None = None
    confidence: str = USER
    valid_to: date | None = None
    published_as: str = ""
    share: bool = False

    @property
    def table(self) -> str:
        """The table the figure stands in, "" where it comes from elsewhere."""
        return _table_of(self.origin)

    @classmethod
    def of_row(cls, value: Number, row: Row, key: str = "", unit: str = "", share: bool = False) -> "Fact":
        """A figure of a table."""
        return cls(
            value,
            f"table:{row.table}/{key}" if key else f"table:{row.table}",
            unit,
            row.source,
            row.validity.valid_from,
            row.confidence,
            row.validity.valid_to,
            share=share,
        )

    @classmethod
    def of_request(cls, value: Number, pointer: str, unit: str = "", share: bool = False) -> "Fact":
        """A figure that the user states."""
        return cls(value, f"request:{pointer}", unit, share=share)

    @classmethod
    def of_parameter(cls, parameter: Parameter, share: bool = False) -> "Fact":
        """A single figure of the law."""
        return cls.of_row(parameter.value, parameter.row, parameter.name, "" if share else parameter.unit, share)

    @classmethod
    def of_rate(cls, rate: ExchangeRate, pointer: str = "") -> "Fact":
        """An exchange rate, exact in the direction it was published in."""
        return cls(
            rate.value,
            f"request:{pointer}" if pointer else f"table:fx-{rate.desk}/{rate.base}",
            f"{rate.quote}/{rate.base}",
            rate.source,
            rate.on,
            rate.confidence,
            rate.valid_to,
            rate.published_as,
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should be told: a code, the place it speaks of, and the facts its sentence needs.

    `letter` is the confidence of a reading of the law that no figure carries, "" where the remark says nothing of it.
    """

    code: str
    pointer: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A rate that was not used, and why; `because` names a reason, `citation` the article behind it."""

    kind: str
    rate: DutyRate | None
    because: str
    citation: str
    line: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A question that the tables leave open, with so many possible answers. `fixed`: the first is used whatever it costs.

    `bounds` are the origins of the figures that lie between its answers, verified or not.
    """

    key: str
    code: str
    pointer: str
    answers: int
    fixed: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packing:
    """The measures of a line, each None where nobody has stated it and no package tells it."""

    packages: Fact | None
    pallets: Fact | None
    gross_kg: Fact | None
    volume_m3: Fact | None


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of the consignment that may go no higher than a figure, each by its name in the walk.

    `refusal` and `pointer` say what is wrong, and where in the request, as soon as it does.
    """

    code: str
    amount: str
    figure: str
    refusal: str = "regime_closed"
    pointer: str = "/regime"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of goods as it will be walked. `duty` and `vat` are None in a regime that does not know them.

    `basis` is the column of the tariff that the duty stands in, "user" for the request's own, or the regime.
    """

    hs_code: str
    facts: Mapping[str, Fact]
    duty: DutyRate | None
    basis: str
    excise: str
    vat: Decimal | None
    zeros: Mapping[str, str]


@dataclass
class Paying:
    """The rules and figures of paying by one rail; `lines` are the names of what each side pays, in yuan.

    Pesos are told at the user's own rate of the pair (`own_pesos`), or through the rates of the desk of the currencies `crossed`,
    whatever the user's own of these.
    """

    rail: Rail
    currency: str
    charges: str
    shared: dict[str, Fact] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=lambda: {BUYER: [], SELLER: []})
    currencies: set[str] = field(default_factory=set)
    crossed: list[str] = field(default_factory=list)
    own_pesos: bool = False
    limits: list[Limit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """A consignment ready to be walked. `tolls` are the amounts that the tables ask on the way, each with its leg.

    `units` are those of results that are no yuan: a currency, or what is counted.
    """

    regime: str
    shared: Mapping[str, Fact]
    lines: tuple[PlannedLine, ...]
    passes: tuple[Pass, ...]
    order: tuple[int, ...]
    alternatives: tuple[Alternative, ...]
    open_points: tuple[OpenPoint, ...]
    assumptions: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    reasons: tuple[Remark, ...]
    zeros: Mapping[str, str]
    limits: tuple[Limit, ...] = ()
    allocated_by: str = "value"
    packings: tuple[Packing, ...] = ()
    tolls: Mapping[str, Leg] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    paying: Paying | None = None

    def fact(self, line: int | None, name: str) -> Fact | None:
        """The figure of this name that enters the walk for a line, None where it is the result of a rule."""
        if line is not None and name in self.lines[line].facts:
            return self.lines[line].facts[name]
        return self.shared.get(name)
