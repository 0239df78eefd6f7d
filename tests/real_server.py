"""A server as a person starts it, in a process of its own, on a port of its own, with a ledger of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


@contextmanager
def served(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a server whose ledger lies in a folder; it is stopped at the end, by force where it must be."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GALEON_")}
    environment["GALEON_DATABASE"] = f"sqlite:///{folder / 'quotes.sqlite3'}"
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _answers(server, address, folder / "server.log")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise


def _answers(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, OSError):
            if server.poll() is not None or monotonic() > until:
                raise RuntimeError(f"the server does not answer: {log.read_text()}") from None
            sleep(0.05)
