"""Serving on this machine: Granian with one blocking thread a worker, and a first call to copy.

What began is finished: told to stop, the workers take what has already reached them, answer it, and end within PATIENCE.
A worker that dies is replaced. What this refuses to do is to stand against slow clients: a body that stops half-way holds the
one thread of a worker for as long as its sender likes, so production is nginx in front (docs/deployment.md).
"""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

from api.examples import AVOCADO
from api.metrics_folder import counting_together
from api.origins import is_loopback
from api.processes import cores, forked, load, once_reachable, reload, room_for, stop_on_hangup
from api.schedule.shelf import kept_together

# Seconds that a worker may take to finish what it does when the server is stopped.
PATIENCE = 30
# Connections that a worker holds at once, those that wait for its one thread among them. It is far more than the thread needs,
# because a connection that is held is still answered when the server is told to stop, and one in the kernel's queue is cut.
# Who may come at all is for nginx to say (limit_conn), which can tell the others why.
MOST_HELD = 1024
# Connections that the kernel keeps waiting when the workers hold as many as they may (net.core.somaxconn caps it).
BACKLOG = 2048
# Milliseconds for the head of a request, and for a connection without one: less than PATIENCE, so that nobody who sends
# nothing holds up the end; more than nginx keeps an idle connection (keepalive_timeout in deploy/nginx.conf).
HEAD_PATIENCE = 15_000
# Bytes of a head, all headers together; nginx takes less.
LONGEST_HEAD = 64 * 1024
# Seconds between a new worker and the end of the one that it replaces, when the tables are read again.
OVERLAP = 1.0
# Seconds of a worker's life in which it may miss that it is told to stop, and would have to be killed after PATIENCE.
FIRST_MOMENTS = 1.0
# The owner and the group may write to the socket: the server and nginx.
SOCKET_MODE = 0o660


class NotLoopback(ValueError):
    """A host that others can reach, which a server without keys may not be bound to."""


def loopback(host: str, keyed: bool = False) -> str:
    """The host, where only this machine reaches it, or where every call needs a key. Raises NotLoopback."""
    if host == "localhost":
        return "127.0.0.1"
    if not keyed and not is_loopback(host):
        raise NotLoopback(
            f"{host} can be reached by others, and this server has no keys: it answers on this machine alone. "
            "Leave --host out, give 127.0.0.1 or ::1, or ask for keys (GALEON_AUTH=keys)."
        )
    return host


def address(host: str, port: int) -> str:
    """The address of the server, as a person would open it."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def curl(base: str, keyed: bool = False) -> str:
    """One line that prices the first example; the key that it needs on a server with keys is left for the reader to write."""
    asked = {name: value for name, value in AVOCADO.items() if name in ("goods", "incoterm", "costs")}
    body = json.dumps(asked, separators=(",", ":"))
    key = " -H 'Authorization: Bearer sk_…'" if keyed else ""
    return f"curl -s {base}/v1/quotes{key} -H 'Content-Type: application/json' -d '{body}'"


def workers_of(wanted: int | None) -> int:
    """How many workers: as asked, else one for each core that this process may use."""
    return wanted or cores()


def serve(host: str, port: int, workers: int, listening: Callable[[], None], uds: Path | None = None) -> None:
    """Serve until told to stop, and call `listening` once calls are taken; at a unix socket where `uds` names one.

    The application is loaded once, before the workers: they share its memory, and a signal never finds them loading.
    SIGTERM and SIGINT stop it; SIGHUP has the tables read again and the workers replaced, one by one.
    """
    # Beside the connections: libraries, tables, the database.
    room_for(MOST_HELD + 256)
    with counting_together(), kept_together():
        load()
        server = _server(host, port, workers, listening, uds)
        server.on_reload(reload)
        server.serve(target_loader=forked)


def _server(host: str, port: int, workers: int, listening: Callable[[], None], uds: Path | None) -> Any:
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    class Announced(Server):  # type: ignore[valid-type, misc]
        """A server that says when it listens, and lets its workers come to life before it ends them."""

        def startup(self, *arguments: Any) -> None:
            super().startup(*arguments)
            stop_on_hangup(self.signal_handler_interrupt)
            Thread(target=once_reachable, args=(uds or (host, port), listening), daemon=True).start()

        def shutdown(self, exit_code: int = 0) -> None:
            sleep(max(0.0, FIRST_MOMENTS - (monotonic() - max(each.birth for each in self.wrks))))
            super().shutdown(exit_code)

    return Announced(
        "api",
        address=host,
        port=port,
        uds=uds,
        uds_permissions=SOCKET_MODE,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_PATIENCE, max_buffer_size=LONGEST_HEAD),
        workers=workers,
        blocking_threads=1,
        backlog=BACKLOG,
        backpressure=MOST_HELD,
        respawn_failed_workers=True,
        respawn_interval=OVERLAP,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.warning,
    )
