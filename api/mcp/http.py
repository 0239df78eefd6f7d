"""The tools over HTTP: one message in a POST, one JSON answer (streamable HTTP without sessions), by the SDK's own manager.

The SDK speaks ASGI and the application WSGI, so that each call gets a loop of its own; it does not outlive the answer. The SDK
looks at Host and Origin itself: without keys the server is for this machine alone, whatever name a page gives it (DNS
rebinding); with keys a page calls from an origin that is registered with the key, or from this server.
"""

from collections.abc import Iterable
from typing import Any

import anyio
from flask import Request, Response
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from api.errors import LONGEST_BODY
from api.mcp.exact import carried
from api.origins import on_this_machine
from api.visit import Visit

LOOPBACK = [f"{host}{port}" for host in ("127.0.0.1", "localhost", "[::1]") for port in ("", ":*")]
# A message whose arguments are carried as text is at most so many times as long.
LENGTHENED = 8


def answer(server: Server[Any], request: Request, body: bytes) -> Response:
    """What the SDK answers to a message."""
    message = carried(body)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": _headers(request.headers, len(message)),
        "client": None,
        "server": None,
    }
    status, headers, told = anyio.run(_exchanged, server, _security(Visit.current()), scope, message)
    response = Response(told, status)
    for name, value in headers:
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def _security(visit: Visit) -> TransportSecuritySettings:
    if visit.key is None:
        origins = [visit.origin] if on_this_machine(visit.origin) else []
        return TransportSecuritySettings(allowed_hosts=LOOPBACK, allowed_origins=origins)
    origins = [*visit.key.terms.origins, *([visit.origin] if visit.is_from_here else [])]
    return TransportSecuritySettings(allowed_hosts=[visit.environ.get("HTTP_HOST", "")], allowed_origins=origins)


def _headers(headers: Iterable[tuple[str, str]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return [*(each for each in kept if each[0] not in UNTRUE), (b"content-length", f"{length}".encode())]


# What is no longer so of the message that is handed on.
UNTRUE = frozenset({b"content-length", b"transfer-encoding"})


async def _exchanged(
    server: Server[Any], security: TransportSecuritySettings, scope: dict[str, Any], message: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    """The status, the headers and the body that a manager of this call's own answers with."""
    manager = StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=security,
        max_request_body_size=LENGTHENED * LONGEST_BODY,
    )
    waiting = [message]
    started: dict[str, Any] = {}
    told = bytearray()

    async def receive() -> dict[str, Any]:
        if not waiting:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": waiting.pop(), "more_body": False}

    async def send(sent: Any) -> None:
        if sent["type"] == "http.response.start":
            started.update(sent)
        else:
            told.extend(sent.get("body", b""))

    async with manager.run():
        await manager.handle_request(scope, receive, send)
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in started["headers"]]
    return started["status"], [each for each in headers if each[0].lower() != "content-length"], bytes(told)
