"""`galeon serve` as processes: signals, workers that die, the socket it leaves or finds, and the manager that waits for it."""

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.examples import AVOCADO
from api.processes import cores, tell_supervisor, unusable
from tests.deployment.servers import DEPLOY, LANDED, LONG, MANY, Galeon, ask, at_once, finish, landed, wait
from tests.servers import Serving


def test_a_socket_that_a_server_left_is_taken_over(tmp_path: Path):
    place = tmp_path / "galeon.sock"
    assert unusable(place) == ""
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(place))
        server.listen()
        assert "answers there already" in unusable(place)
    assert place.exists()
    assert unusable(place) == ""
    assert not place.exists()


def test_other_files_are_left_alone(tmp_path: Path):
    place = tmp_path / "galeon.sock"
    place.write_text("mine")
    assert "no socket" in unusable(place)
    assert place.read_text() == "mine"
    assert "no folder" in unusable(tmp_path / "away" / "galeon.sock")
    assert "107 bytes" in unusable(tmp_path / ("a" * 107))


def test_the_service_manager_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    abstract = f"galeon-test-{os.getpid()}"
    for bound, told in ((str(tmp_path / "notify"), str(tmp_path / "notify")), (f"\0{abstract}", f"@{abstract}")):
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
            manager.bind(bound)
            monkeypatch.setenv("NOTIFY_SOCKET", told)
            tell_supervisor("READY=1")
            assert manager.recv(100) == b"READY=1"
    # Nobody is there any more, and nobody is asked for.
    tell_supervisor("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    tell_supervisor("READY=1")


def test_there_is_a_core():
    assert cores() == len(os.sched_getaffinity(0))


@pytest.fixture
def galeon(tmp_path: Path) -> Iterator[Galeon]:
    server = Galeon(tmp_path)
    yield server
    server.close()


@pytest.mark.slow
def test_ready_is_told_when_calls_are_taken(tmp_path: Path):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(LONG)
        server = Galeon(tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify"))
        try:
            assert manager.recv(100) == b"READY=1"
            assert ask(server.socket, "/healthz").status == 200
        finally:
            server.close()


@pytest.mark.slow
def test_the_check_of_the_image_finds_it_ready(galeon: Galeon):
    check = [sys.executable, str(DEPLOY / "healthcheck.py"), str(galeon.socket)]
    assert subprocess.run(check, check=False).returncode == 0
    assert galeon.stop() == 0
    assert subprocess.run(check, check=False).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_stops_it_cleanly(galeon: Galeon, name: str):
    # The owner and nginx, and nobody else.
    assert galeon.socket.stat().st_mode & 0o777 == 0o660
    galeon.process.send_signal(signal.Signals[name])
    assert galeon.process.wait(timeout=LONG) == 0
    assert not galeon.socket.exists()


@pytest.mark.slow
def test_who_sends_nothing_does_not_hold_up_the_end(galeon: Galeon):
    with closing(socket.socket(socket.AF_UNIX)) as silent, closing(socket.socket(socket.AF_UNIX)) as idle:
        silent.connect(str(galeon.socket))
        silent.sendall(b"GET /healthz HTTP/1.1\r\n")
        idle.connect(str(galeon.socket))
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: galeon\r\n\r\n")
        assert idle.recv(15) == b"HTTP/1.1 200 OK"
        assert galeon.stop() == 0
    assert "Killing" not in galeon.log.read_text()


@pytest.mark.slow
def test_a_hangup_reads_the_tables_again(tmp_path: Path):
    """A duty of the keeper's own counts after SIGHUP; tables that are wrong are not taken, and the server goes on."""
    own = tmp_path / "own"
    (own / "cn").mkdir(parents=True)
    galeon = Galeon(tmp_path, GALEON_TABLES=str(own))

    def duty() -> str:
        answer = ask(galeon.socket, "/v1/quotes?store=false", AVOCADO)
        return str(answer.document()["totals"]["customs_duty"]["amount"])

    def again(until: Callable[[], bool]) -> None:
        before = set(galeon.workers())
        galeon.process.send_signal(signal.SIGHUP)
        wait(lambda: len(galeon.workers()) == 2 and not before & set(galeon.workers()) and until(), galeon.process)

    try:
        assert duty() == "30703.51"  # 7% of 438621.63
        (own / "sources.toml").write_text(
            '[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n', encoding="utf-8"
        )
        rate = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
        rate += "08044000,provisional,5%,,,2026-06-01,2026-12-31,mine,B,\n"
        (own / "cn" / "measures.csv").write_text(rate, encoding="utf-8")
        again(lambda: True)
        assert {duty() for _ in range(10)} == {"21931.08"}  # 5% of it
        (own / "cn" / "measures.csv").write_text(rate.replace("5%", "a lot"), encoding="utf-8")
        again(lambda: "not read again" in galeon.log.read_text())
        assert {duty() for _ in range(10)} == {"21931.08"}
        assert galeon.stop() == 0
    finally:
        galeon.close()


@pytest.mark.slow
def test_a_server_in_a_terminal_ends_with_it(tmp_path: Path):
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "api.cli", "serve", "--uds", str(tmp_path / "galeon.sock"), "--workers", "1"]
    environment = {**os.environ, "GALEON_DATABASE": f"sqlite:///{tmp_path / 'quotes.sqlite3'}", "PYTHONUNBUFFERED": "1"}
    log = tmp_path / "log"
    with log.open("wb") as written:
        server = subprocess.Popen(command, env=environment, stdin=its, stdout=written, stderr=written)
    try:
        wait(lambda: "answers at" in log.read_text(), server, log)
        server.send_signal(signal.SIGHUP)
        assert server.wait(timeout=LONG) == 0
    finally:
        finish(server)
        os.close(ours)
        os.close(its)


@pytest.mark.slow
def test_a_thousand_clients_without_nginx(tmp_path: Path, many_files: None):
    """As many as ask at once are all answered: the workers hold more connections than that."""
    with Serving(f"sqlite:///{tmp_path / 'quotes.sqlite3'}") as server:
        answers = at_once(server.port)
        assert [(each.status, landed(each)) for each in answers] == [(200, LANDED)] * MANY


@pytest.mark.slow
def test_workers_end_with_a_server_that_was_killed(galeon: Galeon):
    workers = galeon.workers()
    galeon.process.kill()
    galeon.process.wait()
    wait(lambda: not any(Path(f"/proc/{each}").exists() for each in workers))
    again = Galeon(galeon.socket.parent)
    try:
        assert ask(again.socket, "/v1/quotes", AVOCADO).status == 201
    finally:
        again.close()
