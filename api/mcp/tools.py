"""The tools as a client sees them: names, what they are for, schemas, and the scope of a key that each needs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rich.console import Console

from api.decisions_terminal import print_target
from api.languages import LANGUAGES
from api.mcp.doing import Doing, Done, Given
from api.mcp.explaining import schema as schema_of_steps
from api.mcp.schemas import Schemas, members
from api.mcp.telling import print_lines, print_step
from api.scopes import LOOK_UPS, PRICES, QUOTES
from api.terminal import print_comparison, print_sums
from api.writing import Json

LANGUAGE = {"type": "string", "enum": list(LANGUAGES), "description": "The language of the answer."}
STEP = {"type": "string", "minLength": 1, "description": "The code of a step: vat, customs_duty, customs_value, …"}
LINE = {
    "type": "integer",
    "minimum": 0,
    "maximum": 199,
    "description": "The line of goods, from 0; without it every line.",
}
ID = {"type": "string", "minLength": 1, "description": "The id of a kept quote (q_…), in place of a request."}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: `run` answers its arguments in a language, and `tell` prints an answer for a person."""

    name: str
    title: str
    description: str
    asked: Json
    answered: Json
    scope: Callable[[Given], str]
    run: Callable[[Given, str], Done]
    tell: Callable[[Json, str, Console], None]


class Tools:
    """The tools over what answers them; `specification` is written when they are first asked for."""

    def __init__(self, doing: Doing, specification: Callable[[], bytes], version: str) -> None:
        self._doing, self._specification = doing, specification
        self.version = version

    def without_store(self) -> "Tools":
        """The same where no quotes are kept."""
        return Tools(self._doing.without_store(), self._specification, self.version)

    @cached_property
    def all(self) -> Mapping[str, Tool]:
        """The tools by their names."""
        schemas = Schemas(json.loads(self._specification()))
        doing, kept = self._doing, self._doing.store is not None
        tools = (
            Tool(
                "quote",
                "Landed cost of a consignment",
                "Price goods from Mexico in China: the landed cost in yuan, duty, taxes, and every step with its formula, "
                "inputs, sources and legal citations. Name the goods (product, hs_code, or description with tariff), quantity "
                "and price; what is left out is told under assumptions. Amounts, rates and quantities are texts with exact "
                "decimals. Nothing is kept.",
                schemas.asked("/v1/quotes"),
                schemas.named("Quote"),
                lambda _: PRICES,
                doing.quote,
                print_sums,
            ),
            Tool(
                "search_tariff_lines",
                "Find lines of the Chinese tariff",
                "Find tariff lines by what goods are called in English, Spanish, Chinese or pinyin, or by the first digits of a "
                "code, with the rates of a day.",
                members(schemas.parameters("/v1/tariff-lines")),
                schemas.answered("/v1/tariff-lines", "get"),
                lambda _: LOOK_UPS,
                doing.search,
                print_lines,
            ),
            Tool(
                "compare",
                "Compare scenarios",
                "Price one consignment in up to 200 scenarios: every combination of what `vary` holds (regime, route, payment, "
                "incoterm, declared_on, fx, price). Open ones come first, by landed cost; closed ones say why.",
                schemas.asked("/v1/comparisons"),
                schemas.answered("/v1/comparisons"),
                lambda _: PRICES,
                doing.compare,
                print_comparison,
            ),
            Tool(
                "target",
                "Highest price for a target landed cost",
                "Find the highest price that still meets a target landed cost. One line of goods has a price without an amount.",
                schemas.asked("/v1/targets"),
                schemas.answered("/v1/targets"),
                lambda _: PRICES,
                doing.aim,
                print_target,
            ),
            Tool(
                "explain_step",
                "Explain a step of a quote",
                "Tell one step of a quote, such as vat: its formula, its inputs with their sources, its amount, the law it "
                "follows, and the steps that lean on it. Give the request that was quoted"
                f"{', or the id of a kept quote' if kept else ''}.",
                _of_steps(schemas, kept),
                schema_of_steps(schemas),
                lambda given: QUOTES if kept and "id" in given else PRICES,
                doing.explain,
                print_step,
            ),
        )
        return {each.name: each for each in tools}


def _of_steps(schemas: Schemas, kept: bool) -> Json:
    request = {"request": schemas.reference("QuoteRequest")}
    asked = members({**request, **({"id": ID} if kept else {}), "step": STEP, "goods": LINE, "language": LANGUAGE})
    return schemas.whole({**asked, "required": ["step"] if kept else ["request", "step"]})
