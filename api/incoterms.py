"""GET /v1/incoterms: the eleven terms as legs, read off the table that quotes are made with, so that the two cannot differ."""

from collections.abc import Iterable

from flask import Response

from api import incoterm_document as documented
from api.citing import Document, cited
from api.languages import language
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, cursor, listed, named_language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import CURSOR, LIMIT, limit, page, read_query
from api.wording import Wording
from calculator.citations import Citation
from calculator.incoterms import AT_ORIGIN, DESTINATION_LEGS, ORIGIN_LEGS, Incoterm, Leg, contained
from tariffs.records import Records

IN_FORCE = "2020-01-01"
# Read in many summaries, not in the chamber's own text, which is not free.
CONFIDENCE = "B"
# What the customs value counts, and what it leaves out where the price contains it.
DUTIABLE = (*ORIGIN_LEGS, Leg.FREIGHT, Leg.INSURANCE)
AFTER_ENTRY = (*DESTINATION_LEGS, Leg.IMPORT_TAXES)
LAWS = (
    "cn-customs-tariff-law-2024 art. 24",
    "cn-customs-tariff-law-2024 art. 25",
    "cn-customs-tariff-law-2024 art. 26",
    "cn-gacc-decree-213 art. 36",
)


def incoterm_routes(records: Records) -> LookupRoutes:
    """The route of the Incoterms."""
    routes = LookupRoutes("incoterms", "The Incoterms as legs.")

    @routes.get("/v1/incoterms")
    @routes.doc(
        operationId="listIncoterms",
        summary="Each Incoterm: the legs its price contains, and what customs makes of them",
        parameters=[LIMIT, CURSOR, LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(200, documented.INCOTERMS, example=documented.EXAMPLE, headers=HEADERS["kept"])
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    @problems(routes, 400, 404, 406, 422)
    def incoterms() -> Response:
        asked = read_query(limit=limit, cursor=cursor, language=named_language)
        said = language()
        label = Wording.of(said).label
        found = [_told(term, said) for term in Incoterm]
        return listed(
            page(found, lambda each: str(each["code"]), asked),
            legs=[{"code": leg.value, "label": label(leg.value)} for leg in Leg],
            citations=[cited(records.sources, Citation.of(law), said) for law in LAWS],
        )

    return routes


def _told(term: Incoterm, said: str) -> Document:
    names = documented.NAMES[term.value]
    return {
        "code": term.value,
        "name": names[said],
        "names": names,
        "named_place": "origin" if term in AT_ORIGIN else "destination",
        "at_port": _case(contained(term, at_port=True)),
        "inland": _case(contained(term, at_port=False)),
        "no_place": _case(contained(term)),
        "valid_from": IN_FORCE,
        "valid_to": None,
        "source": documented.SOURCE,
        "confidence": CONFIDENCE,
        "note": None,
    }


def _case(inside: frozenset[Leg]) -> Document:
    return {
        "price_contains": _codes(leg for leg in Leg if leg in inside),
        "buyer_pays": _codes(leg for leg in Leg if leg not in inside),
        "added_to_customs_value": _codes(leg for leg in DUTIABLE if leg not in inside),
        "taken_off_customs_value": _codes(leg for leg in AFTER_ENTRY if leg in inside),
    }


def _codes(legs: Iterable[Leg]) -> list[str]:
    return [leg.value for leg in legs]
