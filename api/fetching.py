"""Fetching a release from an address, when somebody asks for it: bounded in size and time, and never over a plain connection.

What comes is not trusted for having come over TLS either; its signature is. Proxies and passwords of the environment are not
used.
"""

from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import IO
from urllib.parse import urljoin, urlsplit

from requests import RequestException, Response, Session
from urllib3.exceptions import HTTPError

from api.origins import is_loopback
from tariffs.packs import refused
from tariffs.packs.archive import MOST_PACKED, PIECE
from tariffs.packs.refused import PackRefused, said

# Seconds for a connection, between two bytes, and in all.
CONNECT, READ, DEADLINE = 10, 20, 300
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def is_address(text: str) -> bool:
    """Whether a source is an address and no file."""
    return "://" in text


def fetched(address: str, into: IO[bytes], most: int = MOST_PACKED, deadline: float = DEADLINE) -> None:
    """Write what an address answers with into a file, from its beginning. Raises PackRefused.

    A server that sends a byte now and then, of its headings too, would be waited for without end where each byte has a time of
    its own. So the whole is done in a thread that is left when its time is over; what it does then goes nowhere.
    """
    ends = monotonic() + deadline
    told: SimpleQueue[Exception | None] = SimpleQueue()

    def fetch() -> None:
        try:
            _fetch(address, into, most, ends)
        except Exception as error:
            told.put(error)
        else:
            told.put(None)

    Thread(target=fetch, name="galeon-fetching", daemon=True).start()
    try:
        trouble = told.get(timeout=max(0.0, deadline))
    except Empty:
        raise _too_long() from None
    if trouble is not None:
        raise trouble


def _fetch(address: str, into: IO[bytes], most: int, ends: float) -> None:
    try:
        with Session() as session:
            session.trust_env = False
            plain = not address.strip().lower().startswith("https:")
            for _ in range(MOST_REDIRECTS + 1):
                _allowed(address, plain)
                with _asked(session, address) as response:
                    if response.status_code not in REDIRECTS:
                        _write(response, into, most, ends)
                        return
                    address = urljoin(address, response.headers.get("Location", ""))
                if monotonic() > ends:
                    raise _too_long()
    except (RequestException, HTTPError, OSError) as error:
        raise _not_fetched(f"{said(address)}: {type(error).__name__}") from None
    raise _not_fetched(f"more than {MOST_REDIRECTS} redirects")


def _asked(session: Session, address: str) -> Response:
    return session.get(
        address,
        headers={"Accept": "application/octet-stream, */*", "Accept-Encoding": "identity"},
        timeout=(CONNECT, READ),
        allow_redirects=False,
        stream=True,
    )


def _allowed(address: str, plain: bool) -> None:
    """Raises PackRefused for an address that is not asked, be it the one given or one that a server names.

    `plain`: whether the one given was plain. A server asked over https sends nobody to what listens on this machine alone.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        here = is_loopback(host)
    except ValueError:
        raise _not_fetched(f"{said(address)} is no address") from None
    if not host or parts.username or not (parts.scheme == "https" or (plain and parts.scheme == "http" and here)):
        raise _not_fetched(f"{said(address)}: only https is asked, and http on this machine")


def _write(response: Response, into: IO[bytes], most: int, ends: float) -> None:
    if response.status_code != 200:
        raise _not_fetched(f"the server answers with status {response.status_code}")
    taken = 0
    while piece := response.raw.read1(PIECE):
        taken += len(piece)
        if taken > most:
            raise PackRefused(refused.TOO_LARGE, f"the server sends more than {most // 1024 // 1024} MB")
        if monotonic() > ends:
            raise _too_long()
        into.write(piece)
    if response.raw.length_remaining:
        raise _not_fetched("the server closes before the end of the file")
    into.seek(0)


def _not_fetched(text: str) -> PackRefused:
    return PackRefused(refused.NOT_FETCHED, text)


def _too_long() -> PackRefused:
    return _not_fetched("the server takes too long")
