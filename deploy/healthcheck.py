#!/usr/bin/env python3
"""Whether the server at a unix socket is ready (GET /readyz): exit code 0 or 1. A slim image has no other client."""

import socket
import sys

REQUEST = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def ready(path: str) -> bool:
    """Whether the first line of the answer says 200, within four seconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(4)
        try:
            client.connect(path)
            client.sendall(REQUEST)
            return client.makefile("rb").readline().startswith(b"HTTP/1.1 200 ")
        except OSError:
            return False


if __name__ == "__main__":
    sys.exit(0 if ready(sys.argv[1]) else 1)
