"""A gate before a real server: it lets every call through, counts those of quotes, and can be told to spoil the next ones."""

import http.client
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

QUOTES = "/v1/quotes"
DROPPED = {"connection", "transfer-encoding", "content-length", "server", "date"}


@dataclass(frozen=True)
class Spoiled:
    """What is answered in the API's place; `hang` says nothing until the gate is opened again."""

    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang: bool = False

    @classmethod
    def problem(cls, status: int, detail: str, pointer: str = "", **headers: str) -> "Spoiled":
        """A problem as the API sends them."""
        errors = [{"pointer": pointer, "code": "x", "detail": detail, "allowed": []}] if pointer else []
        told = {
            "type": "/problems/x",
            "title": "X",
            "status": status,
            "detail": detail,
            "instance": QUOTES,
            "errors": errors,
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, {"Content-Type": "application/problem+json", **named}, json.dumps(told).encode())


class Gate:
    """The server; `base` is its address, `asked` the bodies of the quotes that were asked for.

    While `hold` is set, quotes wait until `shut` is set.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.spoil: deque[Spoiled] = deque()
        self.always: Spoiled | None = None
        self.hold = False
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.open = self.most_open = 0
        self.shut = threading.Event()
        self.lock = threading.Lock()
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                gate.forward(self, None)

            def do_OPTIONS(self) -> None:
                gate.forward(self, None)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gate.quoted(self, body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        """Forget what was asked, and spoil nothing."""
        self.shut.set()
        self.spoil.clear()
        self.always, self.hold, self.shut = None, False, threading.Event()
        self.asked.clear()
        self.headers.clear()
        self.open = self.most_open = 0

    def close(self) -> None:
        """Stop serving."""
        self.shut.set()
        self.server.shutdown()
        self.server.server_close()

    def quoted(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """A call of quotes: counted, spoiled or let through."""
        with self.lock:
            self.asked.append(json.loads(body))
            self.headers.append(dict(handler.headers.items()))
            self.open += 1
            self.most_open = max(self.open, self.most_open)
            spoiled = self.spoil.popleft() if self.spoil else self.always
        try:
            if self.hold:
                self.shut.wait(60)
            if spoiled is None:
                self.forward(handler, body)
            elif spoiled.hang:
                self.shut.wait(60)
                handler.close_connection = True
            else:
                readable = {"Access-Control-Allow-Origin": handler.headers.get("Origin", "")}
                exposed = {"Access-Control-Expose-Headers": "Retry-After"}
                send(handler, spoiled.status, {**readable, **exposed, **spoiled.headers}, spoiled.body)
        finally:
            with self.lock:
                self.open -= 1

    def forward(self, handler: BaseHTTPRequestHandler, body: bytes | None) -> None:
        """The answer of the real server."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("connection", "host")}
        connection.request(handler.command, handler.path, body, headers)
        response = connection.getresponse()
        content = response.read()
        kept = {name: value for name, value in response.getheaders() if name.lower() not in DROPPED}
        send(handler, response.status, kept, content)
        connection.close()


def send(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send an answer; a browser that has given up is no error."""
    try:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True
