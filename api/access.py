"""The door: who may make this call. With GALEON_AUTH=keys every call but the open ones needs a key that allows it.

To the outside a key that nobody made, a wrong secret, a revoked key and an expired one are one and the same; the log of
events tells them apart. A key in an address is refused whatever it opens, since addresses end up in histories and logs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from flask import Flask, Response, g, request
from sqlalchemy.engine import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from api.caller import Caller
from api.cors import let_read, preflight, vary
from api.counted_once import CountedOnce
from api.errors import problem
from api.key_memory import KeyMemory
from api.key_text import PUBLISHABLE, SHEET, KeyText, key_inside
from api.key_usage import Usage
from api.keyring import Key, Keyring
from api.limits import Bucket, Limits, buckets, quota_left, tell, too_many
from api.origins import is_elsewhere, on_this_machine, told
from api.scopes import EMBED, GRANTED, SHEET_ROUTES, counted_as, is_open, is_sheet, needed_scope
from api.settings import KEYS, Settings
from api.visit import Visit

# What one address may send that opens nothing: keys that this worker has not yet found genuine, and the rest.
GUESSES, REFUSALS = "60/minute", "120/minute"
# What one address may call with a publishable key, where the key itself may be called more often, or of shared quotes,
# or of pages of the schedule.
OF_ADDRESS = "120/minute"


@dataclass(eq=False)
class Refusal(Exception):
    """Why a call is refused: what the caller is told, what the log says, and on whose key."""

    status: int
    code: str
    reason: str
    key: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def response(self) -> Response:
        """The problem as sent."""
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else {}
        return problem(self.status, self.code, headers=headers, facts=dict(self.facts))


def guard(
    app: Flask, settings: Settings, engine: Engine, clock: Callable[[], datetime], before: Flask | None = None
) -> None:
    """Put the door before an application, as its settings say; where it follows another application, the door of that one."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    if before is None:
        limits = Limits(app, settings.limits) if settings.auth == KEYS or settings.rate else None
        door = Door(engine, clock, limits) if settings.auth == KEYS and limits else Development(limits, settings.rate)
    else:
        door = before.extensions["galeon-door"]
        app.extensions["limiter"] = before.extensions.get("limiter", set())
    app.before_request(door.admit)
    app.after_request(door.leave)
    app.extensions["galeon-door"] = door


class Development:
    """Without keys: nothing is asked, this machine and its pages may call, and a rate is kept where one is set.

    `galeon serve` binds such a server to nothing else; whoever runs the application on another WSGI server may have bound it to
    an address that others reach, and finds them refused here.
    """

    def __init__(self, limits: Limits | None, rate: str) -> None:
        self._limits, self._rate = limits, rate
        self._once = CountedOnce()

    def admit(self) -> Response | None:
        """The answer to a preflight, to another machine or to one call too many, None for calls that go on."""
        visit = Visit.current()
        if is_elsewhere(visit.peer):
            return problem(403, "no_keys_here")
        if visit.method == "OPTIONS":
            return preflight() if visit.is_preflight else None
        if self._limits is None or (is_open(visit.path) and not counted_as(visit.path)):
            return None
        if self._once.lately(visit.address, visit):
            return None
        visit.left = self._limits.take(buckets(self._rate, visit.address))
        return too_many(visit.left)

    def leave(self, response: Response) -> Response:
        """Every answer with what it tells of limits, and to whom else it may be read out."""
        visit = Visit.current()
        self._once.note(visit.address, visit)
        tell(response, visit.left)
        vary(response, "Origin")
        if visit.origin and on_this_machine(visit.origin):
            let_read(response, visit.origin)
        return response

    def framed_by(self, _key: str) -> tuple[str, ...]:
        """Whose pages may frame the page for frames: our own, and this machine's."""
        return "'self'", "http://localhost:*", "http://127.0.0.1:*"


class Door:
    """With keys."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], limits: Limits) -> None:
        self._memory = KeyMemory(Keyring(engine), clock)
        self._usage = Usage(engine, clock)
        self._clock, self._limits = clock, limits
        self._once = CountedOnce()

    def admit(self) -> Response | None:
        """The refusal of a call, or the answer to a preflight; None for calls that go on."""
        visit, now = Visit.current(), self._clock().astimezone(UTC)
        try:
            _no_key_in_address(visit)
            if visit.method == "OPTIONS":
                return preflight() if visit.is_preflight and visit.origin in self._memory.origins() else None
            if is_open(visit.path):
                counted = counted_as(visit.path)
                return self._too_many(visit, counted, OF_ADDRESS) if counted else None
            return self._with_key(visit, now)
        except Refusal as refusal:
            limit = None if visit.left else self._too_many(visit, "refusals", REFUSALS)
            if limit is not None:
                return limit
            # An id that somebody made up is not written down.
            key = refusal.key if refusal.key and self._memory.knows(refusal.key) else ""
            self._usage.note(key, f"refused:{refusal.reason}", told(visit.origin), now)
            return refusal.response()

    def leave(self, response: Response) -> Response:
        """Every answer with what it tells of limits, and to whom else it may be read out."""
        visit = Visit.current()
        key = visit.key
        if key is not None:
            self._once.note(key.id, visit)
        tell(response, visit.left)
        vary(response, "Origin" if key is None else "Origin, Authorization")
        if key is not None and key.terms.kind == PUBLISHABLE and visit.method == "POST":
            # Prices for anybody's basket: neither a browser nor a cache on the way is to keep them.
            response.headers["Cache-Control"] = "no-store"
        if visit.origin and visit.origin in (self._memory.origins() if key is None else key.terms.origins):
            let_read(response, visit.origin)
        return response

    def framed_by(self, key: str) -> tuple[str, ...]:
        """Whose pages may frame the page for frames with a publishable key: those of the origins registered with it."""
        text = KeyText.read(key)
        found = None if text is None else self._memory.genuine(text)
        live = found is not None and found.state(self._clock().astimezone(UTC)) == "live"
        origins = sorted(found.terms.origins) if found is not None and live else ()
        return tuple(origins) or ("'none'",)

    def flush(self) -> None:
        """Write what is counted."""
        self._usage.flush()

    def close(self) -> None:
        """Write what is counted, for the last time."""
        self._usage.close()

    def _with_key(self, visit: Visit, now: datetime) -> Response | None:
        """Find the key, count the call, and see that the key allows it. Raises Refusal."""
        text = KeyText.read(_token(visit))
        if text is None or not self._memory.proved(text):
            refused = self._too_many(visit, "attempts", GUESSES)
            if refused is not None:
                return refused
        key = None if text is None else self._memory.genuine(text)
        if key is None:
            known = text is not None and self._memory.knows(text.id)
            raise Refusal(401, "key_refused", "wrong_secret" if known else "unknown", text.id if text else "")
        if (state := key.state(now)) != "live":
            raise Refusal(401, "key_refused", state, key.id)
        visit.key, g.caller = key, Caller(key.terms.owner, key.id)
        if self._once.lately(key.id, visit):
            return None
        visit.left = self._limits.take(_buckets_of(key, visit))
        if refused := too_many(visit.left):
            self._usage.note(key.id, "refused:too_many", told(visit.origin), now)
            return refused
        _allowed(key, visit)
        return self._counted(key, visit, now)

    def _counted(self, key: Key, visit: Visit, now: datetime) -> Response | None:
        """Count a call that is allowed; the refusal where the quota is used up."""
        if key.terms.quota is not None:
            left = quota_left(key.terms.quota, self._usage.of_month(key.id, now), now)
            visit.left = (*visit.left, left)
            if refused := too_many([left], "quota_used_up"):
                self._usage.note(key.id, "refused:quota", told(visit.origin), now)
                return refused
        self._usage.count(key.id, now)
        self._usage.note_use(key.id, told(visit.origin), now)
        return None

    def _too_many(self, visit: Visit, name: str, most: str) -> Response | None:
        """The refusal where an address has sent too much of what is counted under a name."""
        visit.left = self._limits.take(buckets(most, visit.address, f"{name}-"))
        return too_many(visit.left)


def _no_key_in_address(visit: Visit) -> None:
    """Raises Refusal. A sheet key stands in the addresses of cells, which cannot send it otherwise."""
    path = visit.path
    if path.startswith(SHEET_ROUTES) and (text := KeyText.read(_first_of(path))) and text.kind == SHEET:
        path = path.replace(_first_of(path), "", 1)
    inside = key_inside(path)
    if inside is None and visit.query:
        query = unquote_plus(visit.query.decode("latin-1"))
        if path == EMBED and (text := KeyText.read(request.args.get("key", ""))) and text.kind == PUBLISHABLE:
            query = query.replace(f"{text}", "", 1)
        inside = key_inside(query)
    if inside is not None:
        code = "key_not_for_cells" if is_sheet(visit.path) else "key_in_address"
        raise Refusal(401, code, "in_address", inside)


def _token(visit: Visit) -> str:
    """What was sent as a key. Raises Refusal."""
    if visit.path.startswith(f"{SHEET_ROUTES}k_"):
        return _first_of(visit.path)
    header: str | None = visit.environ.get("HTTP_AUTHORIZATION")
    if header is None:
        raise Refusal(401, "unauthorized", "no_key")
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    # Two headers reach us as one with a comma.
    if scheme.lower() != "bearer" or not token or any(each in token for each in " ,\t"):
        raise Refusal(401, "authorization_malformed", "malformed")
    return token


def _first_of(path: str) -> str:
    """What stands first below the routes of sheets: a key or a field."""
    return path[len(SHEET_ROUTES) :].partition("/")[0]


def _allowed(key: Key, visit: Visit) -> None:
    """Raises Refusal where a genuine key does not allow this call."""
    terms = key.terms
    keeps = visit.method == "POST" and visit.path == "/v1/quotes"
    scope = needed_scope(visit.method, visit.path, request.args.get("store") if keeps else None)
    if terms.kind == PUBLISHABLE and keeps and scope not in GRANTED[PUBLISHABLE]:
        raise Refusal(403, "key_would_store", "would_store", key.id)
    has_scope(key, scope)
    if terms.kind != PUBLISHABLE:
        return
    if visit.is_from_here:
        return
    if not visit.origin:
        raise Refusal(403, "origin_missing", "origin_missing", key.id)
    if visit.origin not in terms.origins:
        raise Refusal(403, "origin_not_registered", "origin_not_registered", key.id, (("origin", told(visit.origin)),))


def has_scope(key: Key, scope: str) -> None:
    """Raises Refusal where a genuine key has no such scope, by its kind or by its terms."""
    terms = key.terms
    if scope not in GRANTED[terms.kind]:
        raise Refusal(403, "sheet_key_elsewhere" if terms.kind == SHEET else "key_of_wrong_kind", "wrong_kind", key.id)
    if terms.scopes and scope not in terms.scopes:
        raise Refusal(403, "scope_missing", "scope_missing", key.id, (("scope", scope),))


def _buckets_of(key: Key, visit: Visit) -> tuple[Bucket, ...]:
    """What a call with a key is counted in."""
    own = buckets(key.terms.rate, key.id)
    if key.terms.kind != PUBLISHABLE:
        return own
    return *own, *buckets(OF_ADDRESS, f"{key.id}:{visit.address}", "address-")
