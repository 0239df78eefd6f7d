"""HTTP as bytes on a socket: what no client library would send, and all that comes back."""

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# Nothing that a server answers at all takes longer; a longer silence is a hang.
PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer of a connection: its status, its headers by lower-case names, its body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """The problem that the body tells."""
        assert self.headers["content-type"] == "application/problem+json", self
        found: dict[str, Any] = json.loads(self.body)
        assert list(found) == ["type", "title", "status", "detail", "instance", "errors"]
        assert found["status"] == self.status
        return found


def sent(base: str, *pieces: bytes) -> Answer:
    """What a server answers to bytes. Raises TimeoutError where it stays silent, and ConnectionError for no answer."""
    host, _, port = urlsplit(base).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            # It has refused already, and says why.
            pass
        found = b""
        while part := _received(connection):
            found += part
    return _read(found)


def request(method: bytes, target: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """The bytes of a request after which the connection is to be closed; `Host` and the length are written."""
    length = (b"Content-Length: %d" % len(body),) if body else ()
    lines = (method + b" " + target + b" HTTP/1.1", b"Host: galeon.test", *headers, *length, b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def _read(found: bytes) -> Answer:
    head, gap, body = found.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        head, gap, body = body.partition(b"\r\n\r\n")
    if not gap:
        raise ConnectionError(f"no answer: {found[:200]!r}")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Answer(int(first.split(" ")[1]), headers, body)


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        whole += chunks[: int(size, 16)]
        chunks = chunks[int(size, 16) + 2 :]
    return whole
