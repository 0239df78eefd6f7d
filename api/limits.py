"""How often a caller may call: spans of time with their most, counted in memory or in Redis, told in every answer.

Flask-Limiter keeps the counts, and counts in memory while Redis is away. Its own hook is not used: it reads the limits anew
for each call, which takes ten times as long. A span begins with its first call (fixed windows), so that what is told
of it is exact. Headers: draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Network
from math import ceil
from threading import Lock
from time import monotonic, time

from flask import Flask, Response
from flask_limiter import Limiter
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage

from api.errors import problem

MOST_LIMITS = 3
# A server that does not answer in this many seconds is taken for away, and asked again in a second, then two, then four.
PATIENCE = 1
# Seconds between two looks for counts whose span is over.
SWEEP = 10.0


class BadRate(ValueError):
    """A text that is no rate."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Calls that are counted together: at most `most` in `span` seconds, under what the caller is told and the store knows."""

    name: str
    most: int
    span: int
    key: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a limit: of `most` calls in `span` seconds, `calls`, and `seconds` until all may be made again.

    `calls` is -1 where this call was one too many.
    """

    name: str
    most: int
    span: int
    calls: int
    seconds: int


class Memory(MemoryStorage):
    """The counts of one process. The library's own begins a thread for every hundredth of a second in which it is called."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._lock, self._swept = Lock(), time()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count calls; the span begins with its first. Returns how many there are."""
        now = time()
        with self._lock:
            if abs(now - self._swept) > SWEEP:
                self._sweep(now)
            # A span that ends later than one begun now was begun before the clock was set back: nobody waits it out.
            if not now < self.expirations.get(key, 0) <= now + expiry:
                self.storage[key], self.expirations[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, now: float) -> None:
        self._swept = now
        for key in [key for key, until in self.expirations.items() if until <= now]:
            self.storage.pop(key, None)
            self.expirations.pop(key, None)


class Limits(Limiter):
    """The counts of an application."""

    def __init__(self, app: Flask, storage: str) -> None:
        waits: dict[str, str | int] = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        super().__init__(
            lambda: "",
            storage_uri=storage or f"{Memory.STORAGE_SCHEME[0]}://",
            storage_options=waits if storage.startswith("redis") else {},
            strategy="fixed-window",
            in_memory_fallback_enabled=True,
        )
        # An application that has the extension already is given no hooks.
        app.extensions.setdefault("limiter", set()).add(self)
        self.init_app(app)
        self._away_until, self._pause = 0.0, 1.0

    def take(self, buckets: tuple[Bucket, ...]) -> tuple[Left, ...]:
        """One call out of each bucket, and what is left of them."""
        self._look_again()
        try:
            return tuple([self._taken(bucket) for bucket in buckets])
        except Exception:
            if self._storage_dead:
                raise
            self.logger.warning("the store of the limits is away: each worker counts by itself", exc_info=True)
            self._storage_dead = True
            self._away_until = monotonic() + self._pause
            return tuple([self._taken(bucket) for bucket in buckets])

    def _taken(self, bucket: Bucket) -> Left:
        storage = self.limiter.storage
        count = storage.incr(bucket.key, bucket.span)
        seconds = max(1, ceil(storage.get_expiry(bucket.key) - time()))
        return Left(bucket.name, bucket.most, bucket.span, max(-1, bucket.most - count), seconds)

    def _look_again(self) -> None:
        if not self._storage_dead or monotonic() < self._away_until:
            return
        if self.storage.check():
            self.logger.warning("the store of the limits is back")
            self._storage_dead, self._pause = False, 1.0
        else:
            self._pause = min(2 * self._pause, 32.0)
            self._away_until = monotonic() + self._pause


@lru_cache(maxsize=1024)
def rate(text: str) -> tuple[tuple[str, RateLimitItem], ...]:
    """The limits of a text such as "600/minute" or "10/second; 5000/day", each with its name. Raises BadRate."""
    try:
        items = parse_many(text)
    except ValueError:
        items = []
    named = {_name(item): item for item in items}
    if not items or len(named) != len(items) or len(items) > MOST_LIMITS or any(item.amount < 1 for item in items):
        raise BadRate(f"{text!r}: write a rate such as 600/minute, or up to {MOST_LIMITS}: 10/second; 5000/day")
    return tuple(named.items())


@lru_cache(maxsize=4096)
def buckets(text: str, whose: str, prefix: str = "") -> tuple[Bucket, ...]:
    """The buckets of a rate for somebody."""
    return tuple(
        Bucket(f"{prefix}{name}", item.amount, item.get_expiry(), item.key_for("galeon", prefix, whose))
        for name, item in rate(text)
    )


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str:
    """What one customer of a network has: an address, or the /64 that an IPv6 address lies in."""
    if ":" not in address:
        return address
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address


def too_many(left: Iterable[Left], code: str = "too_many_requests") -> Response | None:
    """The refusal where a limit was passed, None where none was."""
    seconds = max((each.seconds for each in left if each.calls < 0), default=0)
    if not seconds:
        return None
    return problem(429, code, headers={"Retry-After": f"{seconds}"}, facts={"seconds": seconds})


def quota_left(quota: int, used: int, now: datetime) -> Left:
    """What a call now leaves of a month's quota, of which `used` were made before it. The month is that of UTC."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    span, seconds = (ceil((following - moment).total_seconds()) for moment in (first, now))
    return Left("quota", quota, span, max(-1, quota - used - 1), seconds)


def tell(response: Response, left: Iterable[Left]) -> None:
    """Put what is left of limits into the headers of an answer."""
    policies, rests = [], []
    for each in left:
        policies.append(f'"{each.name}";q={each.most};w={each.span}')
        rests.append(f'"{each.name}";r={max(0, each.calls)};t={each.seconds}')
    if policies:
        response.headers.add("RateLimit-Policy", ", ".join(policies))
        response.headers.add("RateLimit", ", ".join(rests))


def _name(item: RateLimitItem) -> str:
    return item.GRANULARITY.name if item.multiples == 1 else f"{item.multiples}-{item.GRANULARITY.name}s"
