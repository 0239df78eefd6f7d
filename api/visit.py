"""The request being served, as the door sees it."""

from typing import TYPE_CHECKING

from flask import Request, g, request

from api.limits import Left, neighbourhood

if TYPE_CHECKING:
    from api.keyring import Key


class Visit:
    """The request being served, read once: the proxies of Flask cost more than what stands behind them."""

    __slots__ = ("environ", "key", "left", "method", "origin", "path", "query", "remembered")

    def __init__(self, request: Request) -> None:
        self.environ = request.environ
        self.method, self.path, self.query = request.method, request.path, request.query_string
        self.origin: str = self.environ.get("HTTP_ORIGIN", "")
        self.key: Key | None = None
        self.left: tuple[Left, ...] = ()
        # Whether the same question will be answered without work.
        self.remembered = False

    @classmethod
    def current(cls) -> "Visit":
        """The call being served; made anew where it was refused before it came to this door."""
        found: Visit | None = g.get("visit")
        if found is None:
            found = g.visit = cls(request._get_current_object())  # type: ignore[attr-defined]
        return found

    @property
    def is_preflight(self) -> bool:
        """Whether a browser asks what it may send, before it sends it."""
        return bool(self.origin) and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in self.environ

    @property
    def is_from_here(self) -> bool:
        """Whether a page of this very server makes the call, as the page for frames does; browsers do not let pages lie."""
        if not self.origin:
            return self.environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        return self.origin == f"{self.environ['wsgi.url_scheme']}://{self.environ.get('HTTP_HOST', '')}"

    @property
    def peer(self) -> str:
        """Where the connection comes from: the nearest proxy, where there is one."""
        direct: str = self.environ.get("werkzeug.proxy_fix.orig", self.environ).get("REMOTE_ADDR") or ""
        return direct

    @property
    def address(self) -> str:
        """Where it comes from, as far as it is counted by that."""
        return neighbourhood(self.environ.get("REMOTE_ADDR", ""))
