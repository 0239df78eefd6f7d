"""Every refusal in one shape: a problem (RFC 9457) with a type that is documented, and a pointer to each wrong place.

Nothing of the inside leaves with a problem: what nobody foresaw is logged under the id of the request.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import Conflict, HTTPException, UnsupportedMediaType
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as AnyResponse

from api.key_text import redacted
from api.languages import language
from api.logs import mistake
from api.queries import NotThere
from api.reading import MOST_REFUSALS, Malformed, Refused
from api.tombstones import Deleted
from api.wording import Wording
from calculator.errors import Unpriceable, Unreadable

MEDIA_TYPE = "application/problem+json"
LONGEST_BODY = 1024 * 1024
# What the reader is shown of the choices; a heading of the tariff may have more than anybody reads.
MOST_ALLOWED = 50

CODE_OF_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "idempotency_conflict",
    410: "gone",
    413: "body_too_large",
    415: "wrong_media_type",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


class Application(Flask):
    """Flask as we use it: its own log of a mistake would name the message and the address that was asked.

    None of our functions is a coroutine, so that none is looked at for one before every call.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        mistake(exc_info[1])


class WrongEncoding(UnsupportedMediaType):
    """A body that is packed (gzip, …)."""

    def get_headers(self, *arguments: Any, **named: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*arguments, **named), ("Accept-Encoding", "identity")]


class UnknownForm(UnsupportedMediaType):
    """A body that is to be a file of rows, and is said to be in none of their forms."""


class StillWorked(Conflict):
    """The first call under an idempotency key has no answer yet."""

    def get_headers(self, *arguments: Any, **named: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*arguments, **named), ("Retry-After", "1")]


def problem(
    status: int,
    code: str,
    refusals: Iterable[Unpriceable] = (),
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, object] | None = None,
) -> Response:
    """The response that tells a problem."""
    g.problem = dashed(code)
    document = problem_document(status, code, refusals, facts or {}, language(), redacted(request.path))
    response = Response(json.dumps(document, ensure_ascii=False, separators=(",", ":")), status, mimetype=MEDIA_TYPE)
    response.headers.extend(headers or {})
    response.headers["Cache-Control"] = "no-store"
    response.content_language.add(language())
    return response


def problem_document(
    status: int, code: str, refusals: Iterable[Unpriceable], facts: Mapping[str, object], spoken: str, instance: str
) -> dict[str, Any]:
    """A problem as JSON, in a language; each refusal becomes one entry of `errors`."""
    wording = Wording.of(spoken)
    found = tuple(islice(refusals, MOST_REFUSALS + 1))
    errors = [error(each, wording) for each in found[:MOST_REFUSALS]]
    if len(found) > MOST_REFUSALS:
        facts = {**facts, "shown": MOST_REFUSALS}
    return {
        "type": f"/problems/{dashed(code)}",
        "title": wording.title(code),
        "status": status,
        "detail": str(errors[0]["detail"]) if len(errors) == 1 else wording.problem(code, facts),
        "instance": instance,
        "errors": errors,
    }


def error(refusal: Unpriceable, wording: Wording) -> dict[str, object]:
    """One wrong place."""
    allowed = [str(each) for each in refusal.allowed if str(each)]
    candidates = refusal.facts.get("candidates")
    return {
        "pointer": refusal.pointer,
        "code": refusal.code,
        "detail": wording.problem(refusal.code, refusal.facts, allowed),
        "allowed": allowed[:MOST_ALLOWED],
        **({"candidates": candidates} if candidates else {}),
    }


def refused(refusals: tuple[Unpriceable, ...]) -> Response:
    """422 for what was understood and is wrong: under its own type where it is one thing, else a common one."""
    return problem(422, type_of(refusals), refusals)


def type_of(refusals: tuple[Unpriceable, ...]) -> str:
    """The code of the problem that these refusals are together."""
    return refusals[0].code if len(refusals) == 1 else "invalid_request"


def register_errors(app: Flask) -> None:
    """Answer everything that can go wrong in the one shape. HTTP's own refusals come through the API's handler."""

    @app.errorhandler(Unpriceable)
    def _unpriceable(refusal: Unpriceable) -> Response:
        return refused((refusal,))

    @app.errorhandler(Refused)
    def _refused(several: Refused) -> Response:
        return refused(several.refusals)

    @app.errorhandler(NotThere)
    def _not_there(error: NotThere) -> Response:
        return problem(404, error.refusal.code, (error.refusal,))

    @app.errorhandler(Deleted)
    def _deleted(deleted: Deleted) -> Response:
        return problem(410, **told_of_deleted(deleted))

    @app.errorhandler(Malformed)
    def _malformed(malformed: Malformed) -> Response:
        return problem(400, malformed.code, malformed.errors, facts=malformed.facts)

    @app.errorhandler(HTTPException)
    def _http(exception: HTTPException) -> AnyResponse:
        return http_problem(exception)

    @app.errorhandler(Exception)
    def _unforeseen(exception: Exception) -> Response:
        return unforeseen(exception)


def told_of_deleted(deleted: Deleted) -> dict[str, Any]:
    """What a problem says of something that was deleted, at its place where a request named it."""
    facts = {"on": f"{deleted.on:%Y-%m-%d}"}
    named = [Unreadable(deleted.code, deleted.pointer, (), **facts)] if deleted.pointer else []
    return {"code": deleted.code, "refusals": named, "facts": facts}


def unforeseen(exception: Exception) -> Response:
    """500 for what nobody foresaw, which is logged under the id of the request."""
    mistake(exception)
    return problem(500, "internal_error", facts={"request_id": g.get("request_id", "")})


def http_problem(exception: HTTPException) -> AnyResponse:
    """The problem for one of HTTP's own refusals; its headers (Allow, Retry-After) stay."""
    status = exception.code or 500
    if exception.response is not None or status < 400:
        return exception.get_response(request.environ)
    headers = {name: value for name, value in exception.get_headers() if name.lower() != "content-type"}
    code = CODE_OF_STATUS.get(status, "bad_request" if status < 500 else "internal_error")
    if isinstance(exception, WrongEncoding):
        code = "wrong_content_encoding"
    elif isinstance(exception, UnknownForm):
        code = "unknown_form"
    elif isinstance(exception, StillWorked):
        code = "idempotency_in_progress"
    return problem(status, code, (), headers, _facts(code, status))


def moved(status: int, address: str) -> Response:
    """A redirect to another path of this server, without a body."""
    _, _, path, query, _ = urlsplit(address)
    response = Response(status=status)
    del response.headers["Content-Type"]
    response.headers["Location"] = f"/{path.lstrip('/')}{query and '?'}{query}"
    return response


def _facts(code: str, status: int) -> dict[str, object]:
    match code:
        case "not_found":
            return {"given": redacted(request.path)[:100]}
        case "method_not_allowed":
            return {"method": request.method}
        case "not_acceptable":
            return {"given": str(request.accept_mimetypes)[:100]}
        case "body_too_large":
            return {"longest": request.max_content_length}
        case "wrong_media_type" | "unknown_form":
            return {"given": request.headers.get("Content-Type", "")[:100] or None}
        case "wrong_content_encoding":
            return {"given": request.headers.get("Content-Encoding", "")[:100]}
        case "internal_error":
            return {"request_id": g.get("request_id", "")}
        case _:
            return {"detail": HTTP_STATUS_CODES.get(status, "")}


def dashed(code: str) -> str:
    """A code as it stands in an address."""
    return code.replace("_", "-")
