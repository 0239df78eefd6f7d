"""What a tool answers where it cannot do what is asked: the API's problem, with its pointers, in the language of the caller."""

from flask import g, has_request_context

from api.access import Refusal
from api.errors import problem_document, told_of_deleted, type_of
from api.logs import mistake
from api.queries import NotThere
from api.reading import Malformed, Refused
from api.scopes import MCP
from api.tombstones import Deleted
from api.writing import Json
from calculator.errors import Unpriceable


def problem_of(failure: Exception, spoken: str) -> Json:
    """The problem (RFC 9457). What nobody foresaw is logged, and told without anything of the inside."""
    told = _told(failure, spoken)
    if has_request_context():
        g.problem = told["type"].rpartition("/")[2]
    return told


def _told(failure: Exception, spoken: str) -> Json:
    match failure:
        case Unpriceable():
            return problem_document(422, failure.code, (_member(failure),), {}, spoken, MCP)
        case Refused(refusals=refusals):
            return problem_document(422, type_of(refusals), map(_member, refusals), {}, spoken, MCP)
        case Malformed():
            return problem_document(400, failure.code, failure.errors, failure.facts, spoken, MCP)
        case NotThere(refusal=refusal):
            return problem_document(404, refusal.code, (_member(refusal),), {}, spoken, MCP)
        case Deleted():
            return problem_document(410, spoken=spoken, instance=MCP, **told_of_deleted(failure.at("/id")))
        case Refusal():
            return problem_document(failure.status, failure.code, (), dict(failure.facts), spoken, MCP)
        case _:
            mistake(failure)
            id = g.get("request_id", "") if has_request_context() else ""
            return problem_document(500, "internal_error", (), {"request_id": id}, spoken, MCP)


def _member(refusal: Unpriceable) -> Unpriceable:
    """A refusal of what stands in an address elsewhere, and is a member of the arguments here."""
    if not refusal.pointer.startswith("?"):
        return refusal
    return type(refusal)(refusal.code, refusal.pointer.removeprefix("?"), refusal.allowed, **refusal.facts)
