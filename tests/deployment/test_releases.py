"""A real server under load, while its tables are updated and set back by the commands: no call is lost or mixed."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

import pytest

from api.examples import AVOCADO
from tests.deployment.servers import LONG, Galeon, UnixConnection, ask, wait
from tests.packs import LANDED, OURS, PUBLISHER, days_after, pack, tables

CLIENTS = 4
ONE = days_after(1)
SOUND = {(200, OURS, LANDED["7%"]), (200, ONE, LANDED["5%"])}
Seen = tuple[int, str, str]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release in a file, its publisher's public key beside it."""
    folder = tmp_path_factory.mktemp("publisher")
    (folder / "key.pub").write_bytes(PUBLISHER.public.pem)
    (folder / "release.galeon").write_bytes(pack(tables(folder / "data")))
    return folder / "release.galeon"


@pytest.fixture
def environment(tmp_path: Path, release: Path) -> dict[str, str]:
    """The settings of the server and of the commands."""
    return {
        "GALEON_DATABASE": f"sqlite:///{tmp_path / 'quotes.sqlite3'}",
        "GALEON_RELEASES": f"{tmp_path / 'releases'}",
        "GALEON_RELEASE_KEYS": f"{release.parent / 'key.pub'}",
    }


def command(environment: dict[str, str], *words: str) -> None:
    """A command of `galeon tables` that goes well."""
    whole = [sys.executable, "-m", "api.cli", "tables", *words]
    done = subprocess.run(
        whole, check=False, env={**os.environ, **environment}, capture_output=True, text=True, timeout=LONG
    )
    assert done.returncode == 0, done.stderr


def quotes(place: Path, over: Event) -> list[Seen]:
    """Quote after quote over one connection that is kept open; what each says of its release and of the avocados."""
    connection: HTTPConnection = UnixConnection(str(place))
    seen = []
    body = json.dumps(AVOCADO)
    while not over.is_set():
        connection.request("POST", "/v1/quotes?store=false", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        seen.append((answer.status, told["rates"]["release"], told["totals"]["landed_cost"]["amount"]))
    connection.close()
    return seen


def release_of(galeon: Galeon) -> set[str]:
    """The releases that both workers say they serve, asked many times."""
    return {ask(galeon.socket, "/healthz").document()["release"] for _ in range(12)}


@pytest.mark.slow
def test_an_update_under_load_loses_no_call(tmp_path: Path, release: Path, environment: dict[str, str]) -> None:
    """Every answer is whole, and its figures are those of the release that it names; there and back."""
    galeon = Galeon(tmp_path, 2, **environment)
    over = Event()
    try:
        workers = galeon.workers()
        with ThreadPoolExecutor(CLIENTS) as clients:
            asked = [clients.submit(quotes, galeon.socket, over) for _ in range(CLIENTS)]
            try:
                for words, serves in ((("update", str(release), "--yes"), ONE), (("rollback",), OURS)):
                    command(environment, *words)
                    wait(lambda serves=serves: release_of(galeon) == {serves}, galeon.process, galeon.log)  # type: ignore[misc]
            finally:
                over.set()
            seen = [each for client in asked for each in client.result()]
        assert set(seen) == SOUND
        assert galeon.workers() == workers
        assert galeon.stop() == 0
    finally:
        galeon.close()
    assert '"status":5' not in galeon.log.read_text()


@pytest.mark.slow
def test_workers_that_come_later(tmp_path: Path, release: Path, environment: dict[str, str]) -> None:
    """One that replaces a killed worker, and those of a hangup, serve the installed release too; so does the next server."""
    galeon = Galeon(tmp_path, 2, **environment)
    try:
        command(environment, "update", str(release), "--yes")
        wait(lambda: release_of(galeon) == {ONE}, galeon.process, galeon.log)
        before = set(galeon.workers())
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        wait(lambda: len(galeon.workers()) == 2 and not before & set(galeon.workers()), galeon.process, galeon.log)
        wait(lambda: release_of(galeon) == {ONE}, galeon.process, galeon.log)
        before = set(galeon.workers())
        galeon.process.send_signal(signal.SIGHUP)
        wait(lambda: len(galeon.workers()) == 2 and not before & set(galeon.workers()), galeon.process, galeon.log)
        assert release_of(galeon) == {ONE}
        assert galeon.stop() == 0
    finally:
        galeon.close()
    again = Galeon(tmp_path, 2, **environment)
    try:
        assert release_of(again) == {ONE}
    finally:
        again.close()
