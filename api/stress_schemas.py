"""What is stressed, as JSON: the request of a quote, and by how much its figures are moved."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load

from api.fields import Choice, Exact, Fragment, KnownNow, Several, Whole, refusals_of, text_of, wrong_type
from api.figures import Currency, ExactDecimal, UnitOfPrice
from api.reading import LONGEST_ECHO, Refused
from api.schemas import TRIES, Asking, bounded
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.monthly import MONTHS
from calculator.request import QuoteRequest
from calculator.shocking import SHOCKS
from calculator.stressing import SHRINKAGE

NAMES = (*SHOCKS, SHRINKAGE)
MOST_SHOCKS, MOST_ANSWERS, MOST_YEARS = 20, 200, 20
_PERCENT = re.compile(r"([+\-\N{MINUS SIGN}]?)([0-9]{1,6}(?:\.[0-9]{1,9})?) ?%")
EXAMPLES = ("-10%", "10%")


class Shock(Exact):
    """By how much a figure rises, or with a minus falls: "10%", "-2.5%"; at most by all of it."""

    schema: ClassVar[Fragment] = {
        "type": "string",
        "pattern": "^[-+\\u2212]?[0-9]{1,6}([.][0-9]{1,9})? ?%$",
        "examples": list(EXAMPLES),
    }

    def read(self, value: object) -> Decimal:
        text = text_of(value, "", EXAMPLES)
        match = _PERCENT.fullmatch(text)
        if match is None:
            raise Unreadable("not_a_shock", "", EXAMPLES, text=text[:LONGEST_ECHO])
        share = Decimal(match[2]).scaleb(-2)
        by = -share if match[1] not in ("", "+") else share
        if by < -1:
            raise Unreadable("falls_by_more_than_all", "", ("-100%",), text=text)
        return by


class LostShare(Shock):
    """The share of the goods that does not arrive fit for sale: from 0% to below 100%."""

    def read(self, value: object) -> Decimal:
        by = super().read(value)
        if not 0 <= by < 1:
            raise Unreadable("not_a_lost_share", "", ("5%",), text=str(value)[:LONGEST_ECHO])
        return by


def _shocks(described: str, kind: type[Shock] = Shock) -> Several:
    return Several(kind(), most=MOST_SHOCKS, metadata={"description": described, "minItems": 1})


class ShocksIn(Strict):
    """By how much each figure is moved; every entry is a case of its own."""

    fx = _shocks("Every other currency in yuan, at customs and on the market.")
    freight = _shocks("The main freight.")
    price = _shocks("The prices of all goods.")
    duty = _shocks("The rates of customs duty.")
    consumption_tax = _shocks("The rates of consumption tax.")
    vat = _shocks("The rate of import VAT.")
    shrinkage = _shocks("The share of the goods that is lost: the rest bears the cost of all.", LostShare)


class HistoryIn(Strict):
    """How far back."""

    years = Whole(MOST_YEARS, least=1, required=True, metadata={"description": "Years of months.", "examples": [5]})


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A domestic price in China, of a unit of the goods or of all of them."""

    amount: Decimal
    currency: str
    per: str


class BenchmarkIn(Strict):
    """A domestic price in China."""

    amount = ExactDecimal(required=True, positive=True)
    currency = Currency(required=True)
    per = UnitOfPrice(required=True, metadata={"description": "A unit of the first line of goods, or `total`."})

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Benchmark:
        return Benchmark(**data)


class StressIn(Strict):
    """What is asked beside the consignment."""

    shocks = fields.Nested(ShocksIn(), metadata={"description": "Single figures moved."})
    grid = fields.List(
        Choice(*NAMES),
        metadata={"description": "Two of the shocks, each with each.", "minItems": 2, "maxItems": 2},
    )
    history = fields.Nested(HistoryIn(), metadata={"description": "The same on the first day of every month before."})
    benchmark_price = fields.Nested(BenchmarkIn(), metadata={"description": "What to break even with."})


@dataclass(frozen=True, slots=True)
class Stressed:
    """The request, and what is asked of it; `years` 0 for no history."""

    request: QuoteRequest
    shocks: Mapping[str, tuple[Decimal, ...]]
    grid: tuple[str, str] | None
    years: int
    benchmark: Benchmark | None


STRESS = StressIn()
OF_STRESS = tuple(STRESS.load_fields)


class SensitivityIn(Asking, StressIn):
    """A consignment, and by how much its figures are moved."""

    def load(self, data: Any, **_: Any) -> Stressed:  # type: ignore[override]
        """What is asked. Raises Refused with all that is wrong."""
        if not isinstance(data, dict):
            raise Refused([wrong_type("object")])
        with KnownNow(self.known):
            try:
                asked = STRESS.load({name: value for name, value in data.items() if name in OF_STRESS})
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
        request = self.quotes.load({name: value for name, value in data.items() if name not in OF_STRESS})
        shocks = {name: tuple(each) for name, each in asked.get("shocks", {}).items()}
        grid = tuple(asked["grid"]) if "grid" in asked else None
        refusals = list(_unsound(asked, shocks, grid))
        if refusals:
            raise Refused(refusals)
        years = asked.get("history", {}).get("years", 0)
        bounded(len(request.goods), _count(shocks, grid), "/shocks")
        bounded(len(request.goods), years * MONTHS + 1 if years else 0, "/history/years")
        if "benchmark_price" in asked:
            bounded(len(request.goods), TRIES, "/benchmark_price")
        return Stressed(request, shocks, grid, years, asked.get("benchmark_price"))


def _unsound(asked: Mapping[str, Any], shocks: Mapping[str, tuple[Decimal, ...]], grid: tuple[str, ...] | None) -> Any:
    """Shocks that are none, a grid that is none, and too many answers."""
    if not asked:
        yield Unreadable("missing_field", "/shocks", ('{"fx": ["-10%", "10%"]}',))
    for name, each in shocks.items():
        if not each:
            yield Unreadable("nothing_varied", f"/shocks/{name}", EXAMPLES)
    if "shocks" in asked and not shocks:
        yield Unreadable("nothing_varied", "/shocks", NAMES)
    if grid is not None:
        if len(grid) != 2 or len(set(grid)) != 2:
            yield Unreadable("grid_of_two", "/grid", shocks)
            return
        for place, name in enumerate(grid):
            if name not in shocks:
                yield Unreadable("grid_without_shocks", f"/grid/{place}", shocks, shock=name)
    if (count := _count(shocks, grid)) > MOST_ANSWERS:
        yield Unreadable("too_many_scenarios", "/shocks", (), most=MOST_ANSWERS, scenarios=count)


def _count(shocks: Mapping[str, tuple[Decimal, ...]], grid: Sequence[str] | None) -> int:
    """How many answers are asked: one for each shock, and those of the grid."""
    single = sum(map(len, shocks.values()))
    return single if grid is None else single + math.prod(len(shocks.get(name, ())) for name in grid)
