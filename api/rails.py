"""GET /v1/payment-rails and /v1/payment-rails/{code}: the ways of paying, with every row of their fees and its source."""

from collections.abc import Mapping

from flask import Response

from api import rail_document as documented
from api.citing import Document
from api.fields import Line
from api.languages import language
from api.line_figures import citation, row
from api.lookups import (
    LANGUAGE,
    NOT_CHANGED,
    LookupRoutes,
    cursor,
    listed,
    named_language,
    question,
    sent,
    with_words,
)
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import CURSOR, LIMIT, NotThere, Page, limit, page, read_query
from api.reading import LONGEST_ECHO
from api.wording import open_plain, percent, plain
from calculator.errors import Unreadable
from calculator.rails import CHARGES, Fee, Rail
from tariffs.records import Records

EXAMPLE = "swift-tt"
_currency = Line(3, "[A-Z]{3}", metadata={"examples": ["CNY", "USD"]}).read


def rail_routes(records: Records) -> LookupRoutes:
    """The routes of the ways of paying."""
    routes = LookupRoutes("payment-rails", "The ways of paying from China to Mexico.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS]
    known = records.rail(EXAMPLE)
    page_of_one = {"items": [_rail(each, "en") for each in records.rails()[:1]], "total": 1, "next": None}

    @routes.get("/v1/payment-rails")
    @routes.doc(
        operationId="listPaymentRails",
        summary="The ways of paying, by the codes that a request may say",
        parameters=[documented.Q, documented.CURRENCY, LIMIT, CURSOR, *kept],
    )
    @routes.response(200, documented.RAILS, example=page_of_one, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def rails() -> Response:
        asked = read_query(q=question, currency=_currency, limit=limit, cursor=cursor, language=named_language)
        currency = asked.get("currency", "")
        carrying = [each for each in records.rails() if not currency or currency in (each.currencies or (currency,))]
        shown = page(with_words(carrying, asked.get("q", ""), _words), lambda each: each.code, asked)
        said = language()
        return listed(Page([_rail(each, said) for each in shown.items], shown.total, shown.next))

    @routes.get("/v1/payment-rails/<code>", parameters=[documented.CODE])
    @routes.doc(operationId="getPaymentRail", summary="A way of paying with its fees and margins", parameters=kept)
    @routes.response(
        200, documented.WHOLE_RAIL, example=_whole(records, known, "en") if known else {}, headers=HEADERS["kept"]
    )
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def rail(code: str) -> Response:
        read_query(language=named_language)
        found = records.rail(code)
        if found is None:
            short = code[:LONGEST_ECHO]
            raise NotThere(Unreadable("unknown_rail", "/code", records.payment_rails.nearest(short), rail=short))
        return sent(_whole(records, found, language()))

    return routes


def _words(rail: Rail) -> str:
    return " ".join((rail.code, *rail.names.values()))


def _rail(rail: Rail, said: str) -> Document:
    return {
        "code": rail.code,
        "name": rail.names[said],
        "names": dict(rail.names),
        "currencies": list(rail.currencies),
        "charges": rail.charges,
        "reachable": rail.reachable,
        "days": {"min": open_plain(rail.days_min), "max": open_plain(rail.days_max)},
        "least": open_plain(rail.least),
        "most": open_plain(rail.most),
        **(row(rail.row) if rail.row else {}),
        "links": {"self": f"/v1/payment-rails/{rail.code}"},
    }


def _whole(records: Records, rail: Rail, said: str) -> Document:
    """A way of paying with every row of its fees, and the documents that they stand in."""
    rows = [each for each in (rail.row, *(fee.row for fee in rail.fees)) if each is not None]
    cited = sorted({each.source for each in rows})
    return {
        **_rail(rail, said),
        "fees": [_fee(each, said) for each in rail.fees],
        "citations": [citation(records.source(key)) for key in cited],
        "release": records.release,
    }


def _fee(fee: Fee, said: str) -> Document:
    low = fee.low and (percent(fee.low) if fee.share else plain(fee.low))
    return {
        "code": fee.code,
        "name": fee.names[said],
        "names": dict(fee.names),
        "payer": _payer(fee.payer),
        "basis": fee.basis,
        "share": percent(fee.share) if fee.share else None,
        "fixed": plain(fee.fixed) if fee.fixed or not fee.share else None,
        "minimum": open_plain(fee.minimum),
        "maximum": open_plain(fee.maximum),
        "currency": fee.currency,
        "tax": percent(fee.tax) if fee.tax else None,
        "low": low,
        "usual": fee.usual,
        **(row(fee.row) if fee.row else {}),
    }


def _payer(payer: Mapping[str, str]) -> Document:
    return {option: payer.get(option) or payer.get("") for option in CHARGES}
