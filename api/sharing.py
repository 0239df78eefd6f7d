"""POST /v1/quotes/{id}/share and GET /v1/shared/{id}: an address that shows one quote to whoever has it, for a while.

It shows the quote in every form and in every language, and nothing else: no list, no other quote, no way to change anything.
"""

from datetime import UTC

from flask import Response, g, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from api.again import LANGUAGE_TOLD, as_asked
from api.caller import caller
from api.cutting import FIELDS
from api.documents import record, text
from api.errors import problem
from api.examples import EXAMPLE_MOMENT
from api.later import DescribedLater, Later
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import limit_read, no_body, read_query
from api.quote_files import FORMS, NEGOTIATED, OF_QUOTES, Place, file_routes
from api.quotes import Clock, asked_of_kept, in_the_form_asked
from api.scopes import SHARED
from api.shares import MOST_DAYS, USUAL_DAYS, Share, ShareEnded, share, shared, unshare
from api.store import KeptQuote, Store
from api.writing import Json, json_bytes
from tariffs.book import Book

EXAMPLE_SHARE = Share("s_7Jx2kQ0vWm4tRzYp1aBcDe", EXAMPLE_MOMENT)
AT = in_path("id", "What stands in the address that was made for the quote.", EXAMPLE_SHARE.id)
OF_SHARED = Place(f"{SHARED}<id>", "Shared", AT)
days = limit_read(MOST_DAYS, USUAL_DAYS)
DAYS = {
    "name": "days",
    "in": "query",
    "description": "For how many days the address stands.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": USUAL_DAYS},
    "example": USUAL_DAYS,
}
LINKS = {"self": "As JSON, or as Accept prefers.", **{each.suffix: each.summary for each in FORMS}}
SHARED_ANSWER = record(
    {
        "id": text("Names the address; whoever has it sees the quote."),
        "expires_at": text("The moment from which it shows nothing any more.", format="date-time"),
        "links": record({name: text(said, format="uri-reference") for name, said in LINKS.items()}),
    },
    title="SharedAddress",
    description="An address of a kept quote that needs no key.",
)


def sharing_routes(book: Book, store: Store, clock: Clock, example: Later) -> DescribedLater:
    """The routes of shared quotes; `example` is an answer to show in the specification."""
    routes = DescribedLater("sharing", "sharing", description="Quotes shown to whoever has their address, for a while.")

    def own(id: str) -> str:
        """The id of a quote of the caller's. Raises NotFound and Deleted."""
        if store.quote(id, caller().owner) is None:
            raise NotFound
        return id

    def found(id: str) -> KeptQuote:
        """The quote at a shared address, in the language that is asked. Raises NotFound and ShareEnded."""
        kept = shared(store.engine, id, clock())
        if kept is None:
            raise NotFound
        return as_asked(kept, g.asked, store, book.fx.currencies)

    @routes.before_request
    def parameters() -> None:
        if request.method == "OPTIONS":
            return
        if not request.path.startswith(SHARED):
            no_body("?days=30")
            g.asked = read_query(days=days) if request.method == "POST" else read_query()
        else:
            g.asked = asked_of_kept()

    @routes.after_request
    def unlisted(response: Response) -> Response:
        # An address that somebody posts somewhere is for those who read it there, not for who searches for anything.
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @routes.errorhandler(ShareEnded)
    def _ended(_: ShareEnded) -> Response:
        return problem(410, "share_ended")

    @routes.post("/v1/quotes/<id>/share", parameters=[OF_QUOTES.described])
    @routes.doc(
        operationId="createSharedAddress", summary="An address that needs no key", parameters=[DAYS, *REQUEST_HEADERS]
    )
    @routes.response(
        201,
        SHARED_ANSWER,
        description="The address; it is told once and cannot be looked up",
        example=_told(EXAMPLE_SHARE),
        headers={"Location": HEADERS["created"]["Location"]},
    )
    @problems(routes, 400, 404, 406, 410, 422)
    def share_quote(id: str) -> Response:
        now, days_asked = clock().astimezone(UTC), g.asked.get("days", USUAL_DAYS)
        try:
            made = share(store.engine, own(id), now, days_asked)
        except IntegrityError:
            # It was deleted in this very moment, which is said as ever.
            own(id)
            raise
        response = Response(json_bytes(_told(made)), 201, mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        response.headers["Location"] = f"{SHARED}{made.id}"
        response.autocorrect_location_header = False
        return response

    @routes.delete("/v1/quotes/<id>/share", parameters=[OF_QUOTES.described])
    @routes.doc(operationId="deleteSharedAddresses", summary="Take every shared address of a quote out of use")
    @routes.response(204, description="None of them shows anything any more")
    @problems(routes, 400, 404, 406, 410, 422)
    def unshare_quote(id: str) -> Response:
        unshare(store.engine, own(id))
        return Response(status=204)

    @routes.get(OF_SHARED.address, parameters=[AT])
    @routes.doc(
        operationId="getSharedQuote",
        summary="A quote that is shared",
        parameters=[FIELDS, LANGUAGE_TOLD, IF_NONE_MATCH, *REQUEST_HEADERS],
        responses={200: {"content": NEGOTIATED}},
    )
    @routes.response(
        200, "QuoteAnswer", description="The same bytes as when made", example=example, headers=HEADERS["kept_quote"]
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 410, 422)
    def read_shared(id: str) -> Response:
        return in_the_form_asked(found(id))

    file_routes(routes, found, OF_SHARED)
    return routes


def _told(made: Share) -> Json:
    address = f"{SHARED}{made.id}"
    links = {"self": address, **{each.suffix: f"{address}.{each.suffix}" for each in FORMS}}
    return {"id": made.id, "expires_at": made.expires_at.isoformat().replace("+00:00", "Z"), "links": links}
