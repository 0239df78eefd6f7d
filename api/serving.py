"""Serving on this machine: Granian with one blocking thread a worker, and a first call to copy."""

import gc
import json
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

from api import from_environment
from api.examples import AVOCADO

if TYPE_CHECKING:
    from flask import Flask

MOST_WORKERS = 2
# Seconds that a worker may take to finish what it does when the server is stopped.
PATIENCE = 10
# Objects made since the last collection of garbage, before the next; a request makes some thousand.
YOUNG = 50_000


class NotLoopback(ValueError):
    """A host that others can reach, which a server without keys may not be bound to."""


def loopback(host: str) -> str:
    """The host, where only this machine reaches it. Raises NotLoopback."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        inside = ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NotLoopback(
            f"{host} can be reached by others, and this server has no keys yet: it answers on this machine alone. "
            "Leave --host out, or give 127.0.0.1 or ::1."
        )
    return host


def address(host: str, port: int) -> str:
    """The address of the server, as a person would open it."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def curl(base: str) -> str:
    """One line that prices the first example."""
    asked = {name: value for name, value in AVOCADO.items() if name in ("goods", "incoterm", "costs")}
    body = json.dumps(asked, separators=(",", ":"))
    return f"curl -s {base}/v1/quotes -H 'Content-Type: application/json' -d '{body}'"


def workers_of(wanted: int | None) -> int:
    """How many workers: as asked, else one for each core up to two."""
    return wanted or max(1, min(MOST_WORKERS, os.cpu_count() or 1))


def taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


_LOADED: "list[Flask]" = []


def loaded(_target: str = "") -> "Flask":
    """The application of this process: the one loaded before the workers were forked, or one of its own."""
    if not _LOADED:
        _LOADED.append(from_environment())
        _settle()
    return _LOADED[0]


def _settle() -> None:
    """Leave the tables to themselves: they are never garbage, and to look through them again and again costs every request.

    A request leaves hardly any cycles behind, so that collecting those of hundreds of requests at once is soon enough.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def serve(host: str, port: int, workers: int, listening: Callable[[], None]) -> None:
    """Serve until told to stop, and call `listening` once calls are taken.

    The application is loaded once, before the workers: they share its memory, and a signal never finds them loading.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    class Announced(Server):  # type: ignore[valid-type, misc]
        """A server that says when it listens, which is a while after its workers were started."""

        def startup(self, *arguments: Any) -> None:
            super().startup(*arguments)
            Thread(target=_once_reachable, args=(host, port, listening), daemon=True).start()

    loaded()
    server = Announced(
        "api",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=loaded)


def _once_reachable(host: str, port: int, then: Callable[[], None]) -> None:
    for _ in range(600):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            then()
            return
