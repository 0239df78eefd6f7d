"""Ports for the servers of tests."""

import os
import socket
from itertools import count

# Below those that the system gives to clients, so that no client has one between its choice and its use; a part of them for each
# worker of the tests, who gives none twice before all are through.
FIRST, PARTS, EACH = 20_000, 4, 3_000
_PART = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PARTS
_given = count(os.getpid())


def free_port() -> int:
    """A port of this machine that nobody uses."""
    for _ in range(EACH):
        port = FIRST + _PART * EACH + next(_given) % EACH
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise RuntimeError("every port is used")
