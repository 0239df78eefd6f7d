"""GET /v1/regimes: the lawful ways into China, with the limits, rates and waivers of a day.

Which figures are a regime's own is read off their names, so that a new row of the tables shows by itself.
"""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Response

from api import regime_document as documented
from api.citing import Document, cited
from api.feed import parameter_words, word
from api.headings import HEADINGS
from api.languages import language
from api.line_figures import row
from api.lookups import LANGUAGE, NOT_CHANGED, ON, LookupRoutes, day_of_law, listed, named_language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import CURSOR, LIMIT, NotThere, limit, page, read_query, words
from api.wording import Wording, plain
from calculator.citations import Citation
from calculator.dossier import Parameter
from calculator.errors import NotInForce
from tariffs.book import Book
from tariffs.records import Records

# How the names of a regime's figures begin.
BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "general_trade": ("duty_", "import_vat_", "consumption_tax_", "waiver_", "presumed_", "payment_", "late_"),
    "cbec_retail": ("cbec_",),
    "postal_articles": ("postal_",),
}
# The table that their figures stand in, and the regime that it begins with.
IMPORT_TAXES, FIRST = "import-taxes", "general_trade"
# The laws that a regime rests on beside the documents of its figures.
LAWS: Mapping[str, tuple[str, ...]] = {
    "general_trade": ("cn-customs-tariff-law-2024", "cn-vat-law-2024", "cn-consumption-tax-regulations"),
}


def regime_routes(book: Book, today: Callable[[], date]) -> LookupRoutes:
    """GET /v1/regimes; `today` is the day in Shanghai, asked for at each request."""
    routes = LookupRoutes("regimes", "The lawful ways into China.")

    @routes.get("/v1/regimes")
    @routes.doc(
        operationId="listRegimes",
        summary="The regimes, with their limits, rates and waivers of a day",
        parameters=[ON, LIMIT, CURSOR, LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(200, documented.REGIMES, example=documented.EXAMPLE, headers=HEADERS["kept"])
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    @problems(routes, 400, 404, 406, 422)
    def regimes() -> Response:
        asked = read_query(on=day_of_law, limit=limit, cursor=words, language=named_language)
        on = asked.get("on") or today()
        if on < (first := first_day(book.records)):
            facts = {"table": IMPORT_TAXES, "key": FIRST, "on": on, "covered_from": first}
            raise NotThere(NotInForce("no_row_in_force", "?/on", (f"{first}",), **facts))
        found = [regime(book.records, code, on, language()) for code in BEGINNINGS]
        return listed(page(found, lambda each: str(each["code"]), asked))

    return routes


def first_day(records: Records) -> date:
    """The first day of which the table holds a figure of any regime."""
    names = tuple(each for beginnings in BEGINNINGS.values() for each in beginnings)
    return min(
        each.row.validity.valid_from
        for name, dated in records.parameters.items()
        if name.startswith(names)
        for each in dated
    )


def regime(records: Records, code: str, on: date, said: str) -> Document:
    """A regime on a day, in a language."""
    own = [dated for name, dated in records.parameters.items() if name.startswith(BEGINNINGS[code])]
    figures = [each for dated in own for each in dated if each.row.validity.covers(on)]
    laws = [Citation.of(law).on(on) for law in LAWS.get(code, ())] if figures else []
    rests_on = dict.fromkeys([*laws, *(Citation(each.row.source) for each in figures)])
    first = min((each.row.validity.valid_from for dated in own for each in dated), default=None)
    return {
        "code": code,
        "name": Wording.of(said).heading(code),
        "text": Wording.of(said).sentence(HEADINGS[f"regime:{code}"]),
        "covered_from": f"{first}" if first else None,
        "figures": [_figure(each, said) for each in figures],
        "citations": [cited(records.sources, each, said) for each in rests_on],
    }


def _figure(figure: Parameter, said: str) -> Document:
    label = word(figure.name, said)
    return {
        "code": figure.name,
        "label": label[:1].upper() + label[1:],
        "value": plain(figure.value),
        "unit": figure.unit,
        "text": parameter_words(figure, said),
        **row(figure.row),
    }
