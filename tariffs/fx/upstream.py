"""The way out to a server of exchange rates: forex-python, with bounds on everything that a server can do to its caller.

By itself forex-python waits for ever, follows redirects, takes any size, trusts the environment's proxies, and believes
whatever base and day the answer is of. So its addresses and its parameters are used here, and the call is our own: one
deadline over all of it, in a thread that can be left behind, since a read timeout starts anew with every byte.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from typing import Any, Never
from urllib.parse import urlsplit

from forex_python.converter import CurrencyRates
from requests import Session

from tariffs.fx.breaker import Breaker
from tariffs.fx.snapshots import FETCHED, currency, rate
from tariffs.tables import day

# Calls that hang after their deadline, beyond which no other is begun.
MOST_HANGING = 3
PIECE = 8192
_PASSING = frozenset({429, 500, 502, 503, 504})
_ECHO = 60
_SPACE = re.compile(r"\s+")


class Unavailable(Exception):
    """No rates could be had; `again` says whether another attempt may fare better."""

    def __init__(self, reason: str, again: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.again = reason, again


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for all attempts together, for a connection and between two bytes; attempts, the first pause, bytes."""

    deadline: float = 20
    connect: float = 3
    read: float = 5
    attempts: int = 3
    pause: float = 0.5
    size: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Published:
    """What a server said: units of each currency for one of the base, as written, and the day it says they are of."""

    base: str
    on: date
    rates: Mapping[str, str]


class BoundedRates(CurrencyRates):
    """forex-python over an address of our choice, its one call bounded and its answer judged."""

    def __init__(self, address: str, limits: Limits) -> None:
        super().__init__(force_decimal=True)
        self._limits = limits
        self._address = address or super()._source_url()
        self.host = urlsplit(self._address).hostname or ""
        self._hanging: list[Thread] = []

    def _source_url(self) -> str:
        return self._address if self._address.endswith("/") else f"{self._address}/"

    def published(self, base: str, seconds: float) -> Published:
        """The server's newest rates, within so many seconds. Raises Unavailable."""
        self._hanging = [each for each in self._hanging if each.is_alive()]
        if len(self._hanging) >= MOST_HANGING:
            raise Unavailable(f"{len(self._hanging)} earlier calls still hang")
        address = self._source_url() + self._get_date_string(None)
        outcome: SimpleQueue[str | Unavailable] = SimpleQueue()
        ends = monotonic() + seconds
        call = Thread(target=lambda: outcome.put(self._called(address, base, ends)), daemon=True)
        call.start()
        try:
            found = outcome.get(timeout=max(0.0, seconds))
        except Empty:
            self._hanging.append(call)
            raise _too_slow() from None
        if isinstance(found, Unavailable):
            raise found
        return read_answer(found, base)

    def _called(self, address: str, base: str, ends: float) -> "str | Unavailable":
        try:
            return self._body(address, base, ends)
        except Unavailable as failure:
            return failure
        except Exception as error:  # of four libraries; one that left the thread would be taken for silence
            return Unavailable(f"{type(error).__name__}: {_short(str(error))}", again=True)

    def _body(self, address: str, base: str, ends: float) -> str:
        limits = self._limits
        with Session() as session:
            session.trust_env = False
            with session.get(
                address,
                params={"base": base, "rtype": "fpy"},
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                timeout=(limits.connect, limits.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    again = response.status_code in _PASSING
                    raise Unavailable(f"answers with status {response.status_code}", again)
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise Unavailable("sends a packed answer, which was not asked for")
                return _text(self._read(response.raw, ends))

    def _read(self, raw: Any, ends: float) -> bytes:
        """The body, left as soon as it is too long or too slow."""
        content = bytearray()
        while piece := raw.read1(PIECE):
            content += piece
            if len(content) > self._limits.size:
                raise Unavailable(f"sends more than {self._limits.size >> 10} KB")
            if monotonic() > ends:
                raise _too_slow()
        if raw.length_remaining:
            raise Unavailable("closes before the end of its answer", again=True)
        return bytes(content)


class Upstream:
    """A server with attempts, pauses between them, and a breaker that outlives a call."""

    def __init__(self, address: str = "", limits: Limits | None = None, breaker: Breaker | None = None) -> None:
        self._limits, self.breaker = limits or Limits(), breaker or Breaker()
        self._rates = BoundedRates(address, self._limits)
        self.host = self._rates.host
        self.source = f"{FETCHED} ({self.host})"

    def fetch(self, base: str) -> Published:
        """The newest rates of a base, before the deadline. Raises Unavailable with the reason of the last attempt."""
        if waits := self.breaker.waits():
            raise Unavailable(f"failed {self.breaker.failures} times in a row: not asked for another {waits:.0f} s")
        ends, attempt = monotonic() + self._limits.deadline, 0
        while True:
            try:
                found = self._rates.published(base, ends - monotonic())
            except Unavailable as failure:
                self.breaker.failed()
                attempt += 1
                pause = self._limits.pause * 2 ** (attempt - 1)
                given_up = attempt >= self._limits.attempts or monotonic() + pause >= ends
                if not failure.again or given_up or self.breaker.waits():
                    raise
                sleep(pause)
            else:
                self.breaker.succeeded()
                return found


def read_answer(text: str, base: str) -> Published:
    """The rates of an answer. Raises Unavailable for what is no answer to the question."""
    document = _json(text)
    if document.get("base") != base:
        raise Unavailable(f"answers for the base {_short(str(document.get('base')))} instead of {base}")
    try:
        on = day(str(document.get("date")))
    except ValueError as error:
        raise Unavailable(f"does not say of which day its rates are: {_short(str(error))}") from None
    rates = document.get("rates")
    if not isinstance(rates, dict) or not rates:
        raise Unavailable("answers without rates")
    return Published(base, on, {code: _figure(code, value) for code, value in rates.items() if code != base})


def _json(text: str) -> dict[str, Any]:
    found: object = None
    with suppress(ValueError, RecursionError, ArithmeticError):
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
    if not isinstance(found, dict):
        raise Unavailable(f"answers with what is no JSON object: {_short(text)}")
    return found


def _no_number(word: str) -> Never:
    raise Unavailable(f"answers with {word} for a rate")


def _figure(code: str, value: object) -> str:
    """A rate as it was written, which may be as text."""
    text = str(value)
    if isinstance(value, Decimal) and abs(value.adjusted()) < _ECHO:
        text = f"{value:f}"
    try:
        currency(code)
        rate(text)
    except ValueError as error:
        raise Unavailable(f"answers with an impossible rate for {_short(code)}: {_short(str(error))}") from None
    return text


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Unavailable("answers with what is no UTF-8") from None


def _too_slow() -> Unavailable:
    return Unavailable("has not answered before the deadline", again=True)


def _short(text: str) -> str:
    words = _SPACE.sub(" ", text).strip()
    return repr(words if len(words) <= _ECHO else f"{words[:_ECHO]}…")
