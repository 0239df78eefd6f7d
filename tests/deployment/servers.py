"""Real servers for tests: `galeon serve` at a unix socket or a port, and nginx in front of it with the files of deploy/."""

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.examples import AVOCADO
from tests.ports import free_port
from tests.programs import program

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
PLACE = "/run/galeon/galeon.sock"
# Seconds that a test waits for something which must happen; only a test that fails waits so long.
LONG = 120
COMPUTED = "/v1/quotes?store=false"
# The landed cost of the example; the README has it too.
LANDED = "510252.47"
# The clients that ask at once.
MANY = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its headers have names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def document(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    """HTTP at a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=LONG)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(LONG)
        self.sock.connect(self._path)


def ask(
    place: int | Path, path: str, body: object = None, headers: dict[str, str] | None = None, method: str = ""
) -> Answer:
    """One call, by a port of this machine or by a unix socket; a body that is no text is sent as JSON."""
    if isinstance(place, Path):
        connection: http.client.HTTPConnection = UnixConnection(str(place))
    else:
        connection = http.client.HTTPConnection("127.0.0.1", place, timeout=LONG)
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    typed = {"Content-Type": "application/json"} if sent is not None else {}
    with closed_after(connection):
        connection.request(method or ("POST" if sent is not None else "GET"), path, sent, {**typed, **(headers or {})})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())


@contextmanager
def closed_after(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Close a connection in the end."""
    try:
        yield
    finally:
        connection.close()


def landed(answer: Answer) -> str:
    """The landed cost that a quote tells."""
    return str(answer.document()["totals"]["landed_cost"]["amount"])


def consignment(lines: int) -> dict[str, object]:
    """A request of so many goods; two hundred of them keep a worker busy for a good while."""
    return {**AVOCADO, "goods": [AVOCADO["goods"][0]] * lines}


class Galeon:
    """`galeon serve` on an SQLite file of its own, at a unix socket."""

    def __init__(self, folder: Path, workers: int = 2, **environment: str) -> None:
        self.socket = folder / "galeon.sock"
        self.log = folder / "galeon.log"
        command = [sys.executable, "-m", "api.cli", "serve", "--uds", str(self.socket), "--workers", str(workers)]
        known = {"GALEON_DATABASE": f"sqlite:///{folder / 'quotes.sqlite3'}", "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env={**os.environ, **known, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait(lambda: "answers at" in self.log.read_text(), self.process, self.log)

    def workers(self) -> list[int]:
        """The processes that answer."""
        main = self.process.pid
        return [int(each) for each in Path(f"/proc/{main}/task/{main}/children").read_text().split()]

    def stop(self) -> int:
        """Tell it to stop, wait until it has; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=LONG)

    def close(self) -> None:
        """Stop it if it still runs."""
        finish(self.process)


class Nginx:
    """nginx with the files of deploy/, but for the socket behind it, its ports, its paths, and what `changes` replaces."""

    def __init__(self, folder: Path, upstream: Path, **changes: str) -> None:
        self.port, self.inside, self.tls = free_port(), free_port(), free_port()
        self.folder = folder / "nginx"
        self.folder.mkdir()
        self._write(upstream, changes)
        self._command = [program("nginx"), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]
        self.log = self.folder / "stderr"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*self._command, "-g", "daemon off;"], stdout=log, stderr=log)
        wait(lambda: listens(self.port), self.process, self.log)

    def checked(self) -> subprocess.CompletedProcess[str]:
        """nginx -t on the files."""
        return subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)

    def close(self) -> None:
        """Stop it."""
        finish(self.process)

    def _write(self, upstream: Path, changes: dict[str, str]) -> None:
        for file in DEPLOY.glob("*.conf"):
            text = file.read_text(encoding="utf-8")
            for before, after in self._here(upstream).items():
                text = re.sub(before, after, text, flags=re.MULTILINE)
            for before, after in changes.items():
                text = text.replace(before, after)
            (self.folder / file.name).write_text(text, encoding="utf-8")

    def _here(self, upstream: Path) -> dict[str, str]:
        temporary = "".join(
            f"    {each}_temp_path {self.folder / each};\n"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        return {
            re.escape(PLACE): str(upstream),
            r"listen 80 ": f"listen 127.0.0.1:{self.port} ",
            r"listen 443 ": f"listen 127.0.0.1:{self.tls} ",
            r"127\.0\.0\.1:9180": f"127.0.0.1:{self.inside}",
            r"^ *listen \[::\].*\n": "",
            r"^user .*\n": "" if os.getuid() else "user root;\n",
            r"/run/nginx\.pid": str(self.folder / "pid"),
            r"/var/log/nginx": str(self.folder),
            r"/etc/galeon/tls": str(self.folder),
            r"^http \{\n": f"http {{\n{temporary}",
        }


def at_once(port: int, addresses: int = 1) -> list[Answer]:
    """A thousand clients that are all connected before the first of them asks.

    In a thread of their own: a browser of another test may leave its event loop running in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_at_once(port, addresses))).result()


async def _at_once(port: int, addresses: int) -> list[Answer]:
    body = json.dumps(AVOCADO).encode()
    head = f"POST {COMPUTED} HTTP/1.1\r\nHost: galeon\r\nContent-Type: application/json\r\nConnection: close\r\n"
    call = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    here = [f"127.0.0.{1 + number % addresses}" for number in range(MANY)]
    clients = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)) for address in here)
    )

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
        writer.write(call)
        raw = await reader.read()
        writer.close()
        head, _, body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        assert len(body) == int(headers["content-length"])
        return Answer(int(status.split()[1]), headers, body)

    return await asyncio.wait_for(asyncio.gather(*(one(*client) for client in clients)), 3 * LONG)


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait(until: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, log: Path | None = None) -> None:
    """Wait for what must happen while the process lives; where it does not, the process is ended and its log is told."""
    end = time.monotonic() + LONG
    while not until():
        gone = process is not None and process.poll() is not None
        if gone or time.monotonic() > end:
            if process is not None:
                finish(process)
            raise AssertionError(log.read_text() if log else "waited in vain")
        time.sleep(0.02)


def finish(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test started."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=LONG)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
