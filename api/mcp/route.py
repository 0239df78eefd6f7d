"""POST /mcp: the tools for clients of a server, by the keys of the API. It is no part of OpenAPI: MCP describes itself."""

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from api.access import has_scope
from api.bodies import body_of
from api.errors import problem
from api.languages import language
from api.mcp.tools import Tools
from api.scopes import MCP
from api.visit import Visit

if TYPE_CHECKING:
    from mcp.server import Server

# What has the SDK of the protocol beside the rest.
PACKAGE = "galeon[mcp]"


def installed() -> bool:
    """Whether the SDK of the protocol is there."""
    return find_spec("mcp") is not None


def mcp_routes(tools: Tools) -> Blueprint:
    """The route of the protocol."""
    routes = Blueprint("mcp", __name__)

    @cache
    def server() -> "Server[Any]":
        from api.mcp.server import server_of

        return server_of(tools, _allow, language)

    @routes.post(MCP)
    def speak() -> Response:
        if not installed():
            return problem(404, "mcp_not_installed", facts={"package": PACKAGE})
        if request.mimetype != "application/json":
            raise UnsupportedMediaType
        from api.mcp.http import answer

        return answer(server(), request, body_of(request))

    return routes


def _allow(scope: str) -> None:
    """Raises Refusal where the key of the call has no such scope."""
    key = Visit.current().key
    if key is not None:
        has_scope(key, scope)
