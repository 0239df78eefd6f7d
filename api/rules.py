"""GET /v1/rules and /v1/rules/{name}: every rule of law of the engine, with its formula, its rounding and its articles."""

import re
from difflib import get_close_matches
from functools import cache

from flask import Response

from api import rule_document as documented
from api.citing import Document, cited
from api.languages import LANGUAGES, language
from api.later import Later
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, listed, named_language, sent
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import CURSOR, LIMIT, NotThere, limit, page, read_query, words
from api.reading import LONGEST_ECHO
from api.remedies import remedies_told
from api.rulebook import before, computing, home, meaning, rules
from api.wording import Wording, plain
from calculator.citations import Citation
from calculator.errors import Unreadable
from calculator.money import Rounding
from calculator.rules import Rule
from tariffs.book import Book
from tariffs.folding import folded
from tariffs.records import Records

EXAMPLE = "vat"
NEAREST = 5
# The rule that trade remedies of every kind are charged by.
TRADE_REMEDY = "trade_remedy"


def rule_routes(book: Book) -> LookupRoutes:
    """The routes of the rules of law."""
    records = book.records
    routes = LookupRoutes("rules", "The rules of law that quotes are reckoned by.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]
    example = Later(lambda: told(records, EXAMPLE, "en"))

    @cache
    def every(said: str) -> dict[str, Document]:
        return {name: told(records, name, said) for name in rules()}

    @cache
    def searched(name: str) -> str:
        return folded(" ".join(text for said in LANGUAGES for text in _texts(every(said)[name])))

    def matching(text: str) -> list[str]:
        wanted = folded(text).split()
        return [name for name in rules() if all(each in searched(name) for each in wanted)]

    @routes.get("/v1/rules")
    @routes.doc(
        operationId="listRules",
        summary="Every rule of law of the engine",
        parameters=[documented.Q, LIMIT, CURSOR, LANGUAGE, *kept],
    )
    @routes.response(
        200, documented.RULES, example={"items": [example], "total": 1, "next": None}, headers=HEADERS["kept"]
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def all_rules() -> Response:
        asked = read_query(q=words, limit=limit, cursor=words, language=named_language)
        found = [every(language())[name] for name in matching(asked.get("q", ""))]
        return listed(page(found, lambda each: str(each["name"]), asked))

    @routes.get("/v1/rules/<name>", parameters=[in_path("name", "The name of a rule of law.", EXAMPLE)])
    @routes.doc(operationId="getRule", summary="A rule of law", parameters=[LANGUAGE, *kept])
    @routes.response(200, documented.RULE, example=example, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def one(name: str) -> Response:
        read_query(language=named_language)
        if name not in rules():
            asked = re.sub("[-_ ]+", " ", name[:LONGEST_ECHO]).strip()
            alike = get_close_matches(asked.lower().replace(" ", "_"), rules(), n=NEAREST, cutoff=0.6)
            found = matching(asked) if len(asked) > 1 else []
            near = list(dict.fromkeys([*alike, *found]))[:NEAREST]
            raise NotThere(Unreadable("unknown_rule", "/name", near, text=name[:LONGEST_ECHO]))
        return sent(every(language())[name])

    return routes


def told(records: Records, name: str, said: str) -> Document:
    """A rule, in a language."""
    rule = rules()[name]
    wording = Wording.of(said)
    return {
        "name": name,
        "computes": rule.name,
        "label": wording.heading(rule.name),
        "text": wording.sentence(meaning(rule)),
        "formula": wording.formula(rule.formula),
        "module": home(rule),
        "payee": rule.payee or None,
        "due": wording.due(rule.due) if rule.due else None,
        "inputs": [
            {"code": each, "label": wording.heading(each), "computed_by": computing(each)} for each in rule.inputs
        ],
        "rounding": _rounding(records, rule.rounds_to, said) if rule.rounds_to is not None else None,
        "citations": _citations(records, rule, said),
        "trade_remedies": remedies_told(records, wording) if name == TRADE_REMEDY else None,
    }


def _rounding(records: Records, rounding: Rounding, said: str) -> Document:
    law = cited(records.sources, Citation.of(rounding.source), said) if rounding.source else None
    mode = rounding.mode.removeprefix("ROUND_").lower()
    return {"step": plain(rounding.step), "mode": mode, "citation": law}


def _citations(records: Records, rule: Rule, said: str) -> list[Document]:
    return [
        {
            **cited(records.sources, each, said),
            "before": [{"until": until, **cited(records.sources, old, said)} for until, old in before(each)],
        }
        for each in rule.cites
    ]


def _texts(document: Document) -> list[str]:
    """What a rule is searched by."""
    cites = [each[part] or "" for each in document["citations"] for part in ("source", "title", "article")]
    kinds = document["trade_remedies"]["kinds"] if document["trade_remedies"] else []
    named = [each[part] for each in kinds for part in ("kind", "label")]
    return [*(document[part] for part in ("name", "computes", "label", "text", "formula")), *cites, *named]
