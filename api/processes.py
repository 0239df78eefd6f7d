"""The server as processes among others: the application in memory before the fork, its workers, its socket, its supervisor.

It knows neither HTTP nor Granian; api.serving wires it to both.
"""

import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from api import from_environment
from api.garbage import leave_alone

if TYPE_CHECKING:
    from api.following import Following

LOG = logging.getLogger("galeon")
# Where somebody listens: a host with its port, or a unix socket.
Place = tuple[str, int] | Path
# The application of this process.
_LOADED: "list[Following]" = []
# sun_path of unix(7), less its closing zero.
LONGEST_SOCKET = 107
# prctl(2): the signal that a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


def cores() -> int:
    """The cores that this process may use; a container's share of their time is not seen here."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def room_for(files: int) -> None:
    """Let this process and its workers open so many files and connections at once, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files if hard == resource.RLIM_INFINITY else min(files, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def load() -> None:
    """Load the application of this environment, before its workers are forked."""
    if sys.platform == "linux":
        # Python 3.14 has another default, by which each worker would load an application of its own.
        multiprocessing.set_start_method("fork", force=True)
    _keep(from_environment())


def reload() -> None:
    """Read the tables again, for the workers that are forked from now on; what is wrong is logged, and the old ones stay."""
    try:
        _keep(from_environment())
    except Exception:
        LOG.exception("the tables are not read again: the server goes on with those it has")


def _keep(application: "Following") -> None:
    _LOADED[:] = [application]
    leave_alone()


def forked(_target: str) -> "Following":
    """The application, in a worker; the kernel ends a worker with the server, where that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        server = multiprocessing.parent_process()
        if server is not None and os.getppid() != server.pid:
            # It was killed before the kernel could be told.
            sys.exit(1)
    if not _LOADED:
        # Started anew instead of forked, where a system has no safe fork.
        _keep(from_environment())
    _LOADED[0].follow()
    return _LOADED[0]


def stop_on_hangup(stop: Callable[..., Any]) -> None:
    """A server in a terminal ends with it; without one, SIGHUP keeps the meaning that it has for services."""
    if sys.stdin is not None and sys.stdin.isatty():
        signal.signal(signal.SIGHUP, stop)


def taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket(_family((host, port)), socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def unusable(path: Path) -> str:
    """Why a server cannot listen at this unix socket, "" where it can; one that a killed server left behind is removed."""
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        return f"the path of a socket may have at most {LONGEST_SOCKET} bytes"
    if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        return "there is no folder of this path that the server may write to"
    if path.exists() and not path.is_socket():
        return "there is a file, and it is no socket"
    if reachable(path):
        return "a server answers there already: stop it, or choose another path"
    path.unlink(missing_ok=True)
    return ""


def reachable(place: Place) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket(_family(place), socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(place) if isinstance(place, Path) else place)
        except OSError:
            return False
        return True


def once_reachable(place: Place, then: Callable[[], None]) -> None:
    """Wait until the server takes calls, then tell its supervisor (systemd) and whoever asked."""
    for _ in range(600):
        if reachable(place):
            tell_supervisor("READY=1")
            then()
            return
        sleep(0.05)


def tell_supervisor(state: str) -> None:
    """Send a state to the service manager that started this process, if one wants it: sd_notify(3)."""
    wanted = os.environ.get("NOTIFY_SOCKET", "")
    if not wanted:
        return
    if wanted.startswith("@"):
        # An abstract address, which the kernel writes with a zero byte.
        wanted = "\0" + wanted[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state.encode(), wanted)
    except OSError:
        LOG.warning("the service manager is not told %s", state, exc_info=True)


def _family(place: Place) -> socket.AddressFamily:
    if isinstance(place, Path):
        return socket.AF_UNIX
    return socket.AF_INET6 if ":" in place[0] else socket.AF_INET
