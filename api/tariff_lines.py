"""GET /v1/tariff-lines and /v1/tariff-lines/{hs}: finding a line, and everything the tables hold of it on a day."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from api import line_document as documented
from api.fraccion_answer import ASKED as FRACCION
from api.fraccion_answer import TOLD, fraccion_told
from api.goods_fields import fraccion_of
from api.languages import language
from api.later import Later
from api.line_answer import LineAnswers, LineOfDay, not_covered
from api.line_brief import brief_of
from api.line_figures import Document
from api.lookups import (
    LANGUAGE,
    LISTED,
    NOT_CHANGED,
    ON,
    USUAL,
    LookupRoutes,
    cursor,
    day_of_law,
    limit,
    listed,
    named_language,
    question,
    sent,
)
from api.meta_document import page_of
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import NotThere, Page, page, read_query
from api.reading import LONGEST_ECHO
from api.wording import Wording
from calculator.errors import NotInForce, Unpriceable, Unreadable
from tariffs.leading import LINE, led, not_there
from tariffs.records import Records
from tariffs.search import Search

EXAMPLES = ("0804", "080440", "08044000", "0804400000")
EXAMPLE, EXAMPLE_DAY = "08044000", date(2026, 11, 23)
_WRITTEN = re.compile(documented.HS_PATTERN, re.ASCII)
NEAREST = 5
SEARCHED = {
    "q": question,
    "fraccion": fraccion_of,
    "limit": limit,
    "cursor": cursor,
    "on": day_of_law,
    "language": named_language,
}


@dataclass(frozen=True)
class Lookup:
    """The lines of one book and the index over them, which is read when somebody first searches."""

    records: Records

    @cached_property
    def search(self) -> Search:
        """The index."""
        return Search.over(self.records)

    @cached_property
    def answers(self) -> LineAnswers:
        """The lines as documents."""
        return LineAnswers(self.records)

    def line(self, hs_code: str, on: date, assumed: tuple[str, ...]) -> Document | None:
        """A line on a day, None where the schedule has none. Raises NotInForce."""
        line = self.records.line(hs_code)
        if line is None:
            return None
        return self.answers.whole(LineOfDay.of(self.records, line, on), Wording.of(language()), assumed)

    def found(self, asked: Mapping[str, Any], on: date, spoken: str) -> Page:
        """A page of the lines that are searched for, the most fitting first; without `q` of all, by code. Raises NotThere."""
        lines = self.records.codes
        if "fraccion" in asked:
            lines = self._led(asked)
        elif "q" in asked:
            lines = self.search.find(asked["q"]).lines
        shown = page(lines, str, {"limit": USUAL, **asked})
        return Page([self.brief(code, on, spoken) for code in shown.items], shown.total, shown.next)

    def beside(self, asked: Mapping[str, Any], spoken: str) -> Document:
        """What stands beside the lines of a list: the Mexican code that led to them."""
        return {"fraccion": fraccion_told(self.records, asked["fraccion"], spoken)} if "fraccion" in asked else {}

    def _led(self, asked: Mapping[str, Any]) -> tuple[str, ...]:
        """The lines that a Mexican code leads to. Raises Unreadable beside words, NotThere where it leads nowhere."""
        if "q" in asked:
            raise Unreadable("fraccion_and_words", "?/q")
        try:
            return led(self.records, asked["fraccion"], "?/fraccion")
        except Unpriceable as refusal:
            raise NotThere(refusal) from None

    def under(self, hs: str, on: date) -> Document | None:
        """The lines of a heading or subheading, None where there is none. Raises NotInForce where no line is covered."""
        codes = self.records.under(hs)
        if not codes:
            return None
        lines = [self.brief(code, on, language()) for code in codes]
        if all(each["rates"] is None for each in lines):
            raise not_covered(self.records, codes, hs, on)
        return self.answers.heading(hs, lines, on, language())

    def brief(self, hs_code: str, on: date, spoken: str) -> Document:
        """A line in a list; without its rates on a day that the tables do not cover."""
        return brief_of(self.records, hs_code, on, spoken)

    def gone(self, digits: str) -> Unpriceable:
        """Why nothing stands under a code, and what stands there today or near it."""
        refusal = not_there(self.records, digits[:LINE], "/hs")
        if refusal.code != "unknown_hs_code":
            return refusal
        return Unreadable("unknown_hs_code", "/hs", self.nearest(digits), hs_code=digits)

    def nearest(self, digits: str) -> tuple[str, ...]:
        """Codes that begin alike, or else those beside the place where the code would stand."""
        if alike := self.records.nearest_codes(digits):
            return alike
        codes = self.records.codes
        place = min(max(bisect_left(codes, digits) - NEAREST // 2, 0), max(len(codes) - NEAREST, 0))
        return codes[place : place + NEAREST]


def tariff_line_routes(lookup: Lookup, today: Callable[[], date]) -> Blueprint:
    """The routes of tariff lines; `today` is the day in Shanghai, asked for at each request."""
    example = Later(lambda: _example(lookup))
    routes = LookupRoutes("tariff-lines", "Lines of the Chinese tariff, found and told whole.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]

    @routes.get("/v1/tariff-lines")
    @routes.doc(
        operationId="searchTariffLines",
        summary="Find tariff lines by what goods are called, the first digits of a code, or a Mexican code",
        parameters=[LISTED[0], FRACCION, *LISTED[1:], ON, *kept],
    )
    @routes.response(
        200,
        page_of(documented.BRIEF, fraccion=TOLD),
        description="The lines, the most fitting first; without `q` and `fraccion` all of them, by code",
        example=Later(
            lambda: {
                "items": [lookup.brief(EXAMPLE, EXAMPLE_DAY, language())] if example.document else [],
                "total": 1,
                "next": None,
            }
        ),
        headers=HEADERS["kept"],
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def search() -> Response:
        asked = read_query(**SEARCHED)
        found = lookup.found(asked, asked.get("on") or today(), language())
        return listed(found, **lookup.beside(asked, language()))

    @routes.get("/v1/tariff-lines/<hs>", parameters=[documented.HS])
    @routes.doc(
        operationId="getTariffLine",
        summary="A tariff line on a day, or the lines of a heading",
        parameters=[ON, LANGUAGE, *kept],
    )
    @routes.response(
        200,
        documented.any_of(documented.LINE, documented.HEADING),
        description="The line with every figure, its days and its source; for 4 or 6 digits the lines under them",
        example=example,
        headers=HEADERS["kept"],
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def one(hs: str) -> Response:
        asked = read_query(on=day_of_law, language=named_language)
        digits = re.sub("[. ]", "", hs[:LONGEST_ECHO])
        if not _WRITTEN.fullmatch(hs):
            near = lookup.nearest(digits) if re.fullmatch("[0-9]{2,}", digits, re.ASCII) else EXAMPLES
            raise Unreadable("wrong_form", "/hs", near, text=hs[:LONGEST_ECHO])
        on = asked.get("on") or today()
        assumed = ("ten_digits_priced_by_eight",) if len(digits) == 10 else ()
        try:
            found = lookup.under(digits, on) if len(digits) < 8 else lookup.line(digits[:8], on, assumed)
        except NotInForce as missing:
            first = missing.facts.get("covered_from")
            allowed = (f"{first}",) if first else ()
            raise NotThere(NotInForce(missing.code, "?/on", allowed, **missing.facts)) from None
        if found is None:
            raise NotThere(lookup.gone(digits))
        return sent(found)

    return routes


def _example(lookup: Lookup) -> Document:
    """The line of the example, as these tables tell it; nothing where they do not know it."""
    try:
        return lookup.line(EXAMPLE, EXAMPLE_DAY, ()) or {}
    except NotInForce:
        return {}
