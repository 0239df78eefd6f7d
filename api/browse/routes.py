"""GET /tariff and /tariff/{code}: the Chinese schedule as pages for people, who need no JavaScript and no key.

The address of a page is stable: a Roman number is a section, 2, 4, 6 and 8 digits are a chapter, heading, subheading and
line. Codes written otherwise (dots, ten digits) lead there. Everything told is the API's own answer.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, redirect, request

from api.browse.asked import Asked
from api.browse.cells import RATES, line_row, node_row
from api.browse.files import browse_script, browse_style
from api.browse.line_page import LinePages
from api.browse.pages import render, texts
from api.browse.sections import Section, section_called
from api.browse.tree import CHAPTER, HEADING, LINE, SUBHEADING, Named, Tree
from api.front_page import sent
from api.lookups import question
from api.reading import LONGEST_ECHO
from api.tariff_lines import Lookup
from calculator.errors import NotInForce, Unpriceable

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MOST_FOUND = 50
LEVELS = {CHAPTER: "chapter", HEADING: "heading", SUBHEADING: "subheading", LINE: "line"}
_CODE = re.compile(r"[0-9][0-9. ]*", re.ASCII)


def browse_routes(lookup: Lookup, today: Callable[[], date]) -> Blueprint:
    """The pages and their script and style; `today` is the day in Shanghai, asked for at each request."""
    routes = Blueprint("browse", __name__)
    pages = Pages(lookup)

    @routes.get("/tariff")
    def start() -> Response:
        return pages.start(Asked.here(today))

    @routes.get("/tariff/<code>")
    def node(code: str) -> Response:
        return pages.node(Asked.here(today), code)

    @routes.get("/page/tariff.js")
    def script() -> Response:
        return sent(browse_script(), "text/javascript")

    @routes.get("/page/tariff.css")
    def style() -> Response:
        return sent(browse_style(), "text/css")

    return routes


class Pages:
    """The pages of one book; what they need of it is read when somebody first opens one."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup, self._records = lookup, lookup.records

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self._records)

    @cached_property
    def _lines(self) -> LinePages:
        return LinePages(self._records, self._tree, self._lookup.answers)

    def start(self, asked: Asked) -> Response:
        """The sections, or what is found for words."""
        if words := request.args.get("q", "").strip():
            return self._found(asked, words)
        sections = [(each, self._chapters(asked, each.code)) for each in self._tree.sections(asked.language)]
        return self._page("start.html", asked, "", sections=sections)

    def node(self, asked: Asked, code: str) -> Response:
        """What a code names; a way of writing it that is not its address leads to that."""
        if section := section_called(code):
            if code != section.number:
                return redirect(asked.address(section.number), 301)  # type: ignore[return-value]
            return self._section(asked, section)
        digits = self._known(code)
        if digits is None:
            return self._missing(asked, code)
        if digits != code:
            return redirect(asked.address(digits), 301)  # type: ignore[return-value]
        if len(code) == LINE:
            return self._line(asked, code)
        return self._chapter(asked, code) if len(code) == CHAPTER else self._heading(asked, code)

    def _known(self, code: str) -> str | None:
        """The digits of a node or line that the schedule has, None for anything else."""
        digits = re.sub("[. ]", "", code)
        if not _CODE.fullmatch(code) or len(digits) not in (*LEVELS, 10):
            return None
        digits = digits[:LINE]
        return digits if self._tree.lines(digits) else None

    def _chapters(self, asked: Asked, number: str) -> list[Named]:
        section = section_called(number)
        return [self._tree.node(each, asked.language) for each in self._tree.chapters_of(section)] if section else []

    def _section(self, asked: Asked, section: Section) -> Response:
        named = self._tree.section(section, asked.language)
        rows = self._rows(asked, self._tree.chapters_of(section))
        return self._page("section.html", asked, named.code, node=named, above=[], rows=rows)

    def _chapter(self, asked: Asked, code: str) -> Response:
        node, above = self._tree.node(code, asked.language), self._tree.above(code, asked.language)
        rows = self._rows(asked, self._tree.below(code))
        return self._page("chapter.html", asked, code, node=node, above=above, rows=rows)

    def _rows(self, asked: Asked, codes: list[str]) -> list[Any]:
        tree, said = self._tree, asked.language
        other = texts()[said]["other_forms"]
        return [node_row(self._records, tree.node(each, said), tree.lines(each), asked.on, other) for each in codes]

    def _heading(self, asked: Asked, code: str) -> Response:
        """The lines of a heading or subheading, by subheading where it has several lines."""
        tree, wording, said = self._tree, asked.wording, asked.language
        groups = []
        for below in [code] if len(code) == SUBHEADING else tree.below(code):
            lines = tree.lines(below)
            named = tree.node(below, said) if len(lines) > 1 and below != code else None
            short = ((tree.short(each, said), tree.chinese(each)) for each in lines)
            rows = [line_row(self._records, each, chinese, asked.on, wording) for each, chinese in short]
            groups.append((named, rows))
        missing = [row.missing for _, rows in groups for row in rows]
        return self._page(
            "heading.html",
            asked,
            code,
            404 if all(missing) else 200,
            node=tree.node(code, asked.language),
            above=tree.above(code, asked.language),
            groups=groups,
            level=LEVELS[len(code)],
            columns=[each.value for each in RATES],
            missing=_told(asked, next(filter(None, missing), None)),
            none_in_force=all(missing),
        )

    def _line(self, asked: Asked, code: str) -> Response:
        line = self._records.line(code)
        if line is None:
            raise KeyError(code)
        facts: dict[str, Any] = {
            "node": self._tree.line(code, asked.language),
            "above": self._tree.above(code, asked.language),
        }
        facts["missing"], status = "", 200
        try:
            facts |= self._lines.shown(line, asked.on, asked.day, asked.wording, asked.base)
        except NotInForce as missing:
            facts |= self._lines.always(line, asked.day, asked.wording, asked.base)
            facts |= {"missing": _told(asked, missing), "first": missing.facts.get("covered_from"), "line": None}
            status = 404
        return self._page("line.html", asked, code, status, **facts)

    def _found(self, asked: Asked, words: str) -> Response:
        """The lines that words find; the code of a node leads there."""
        if digits := self._known(words):
            return redirect(asked.address(digits), 302)  # type: ignore[return-value]
        try:
            codes = self._lookup.search.find(question(words)).lines
        except Unpriceable as refusal:
            wrong = asked.wording.problem(refusal.code, refusal.facts, refusal.allowed)
            return self._page("found.html", asked, "", 422, words=words[:LONGEST_ECHO], rows=[], total=0, wrong=wrong)
        wording = asked.wording
        rows = [
            line_row(self._records, self._tree.line(each, asked.language), self._tree.chinese(each), asked.on, wording)
            for each in codes[:MOST_FOUND]
        ]
        columns = [each.value for each in RATES]
        return self._page("found.html", asked, "", words=words, rows=rows, total=len(codes), columns=columns, wrong="")

    def _missing(self, asked: Asked, code: str) -> Response:
        """404, with what is near."""
        digits = re.sub("[. ]", "", code[:LONGEST_ECHO])
        near = self._lookup.nearest(digits[:10]) if re.fullmatch("[0-9]{1,}", digits, re.ASCII) else ()
        subheading = self._lines.subheading_of(digits[:LINE])
        leads = self._tree.node(subheading, asked.language) if subheading and self._tree.lines(subheading) else None
        return self._page(
            "missing.html",
            asked,
            "",
            404,
            code=code[:LONGEST_ECHO],
            near=[self._tree.line(each, asked.language) for each in near],
            leads=leads,
        )

    def _page(self, template: str, asked: Asked, here: str, status: int = 200, **facts: Any) -> Response:
        if asked.wrong is not None:
            wrong = asked.wording.problem(asked.wrong.code, asked.wrong.facts, asked.wrong.allowed)
            template, status, facts = "day.html", 422, {"wrong": wrong}
        words = facts.get("words", "")
        body = render(template, asked.wording, asked=asked, here=here, **{"words": words, **facts})
        response = Response(body, status, mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        response.content_language.add(asked.language)
        response.vary.add("Accept-Language")
        if status != 200:
            response.headers["Cache-Control"] = "no-store"
            return response
        response.set_etag(hashlib.sha256(body).hexdigest()[:32])
        response.headers["Cache-Control"] = "public, no-cache"
        response.make_conditional(request)
        return response


def _told(asked: Asked, missing: NotInForce | None) -> str:
    """Why there are no rates on a day."""
    return asked.wording.problem(missing.code, missing.facts) if missing else ""
