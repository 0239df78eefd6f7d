"""Serving on this machine: Granian with one blocking thread a worker, and a first call to copy."""

import json
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address

from api.examples import AVOCADO

MOST_WORKERS = 2


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


def serve(host: str, port: int, workers: int, listening: Callable[[], None]) -> None:
    """Serve until told to stop, and call `listening` once calls are taken. The workers load the application themselves."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "api:from_environment",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=1,
        log_level=LogLevels.warning,
    )
    server.on_startup(listening)
    server.serve()
