"""The server as a person starts it: it prints an address and a call, and the call works."""

import json
import os
import shlex
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from api.processes import taken
from api.serving import NotLoopback, address, curl, loopback
from tests.ports import free_port


@pytest.mark.parametrize(("host", "bound"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("::1", "::1")])
def test_this_machine_is_served(host: str, bound: str):
    assert loopback(host) == bound


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org", ""])
def test_others_are_not(host: str):
    with pytest.raises(NotLoopback, match="no keys"):
        loopback(host)


def test_addresses():
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert address("::1", 8000) == "http://[::1]:8000"


def test_a_port_in_use_is_seen():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert taken("127.0.0.1", port)
    assert not taken("127.0.0.1", port)


def test_the_call_is_one_line_for_a_shell():
    words = shlex.split(curl("http://127.0.0.1:8000"))
    assert words[:3] == ["curl", "-s", "http://127.0.0.1:8000/v1/quotes"]
    assert json.loads(words[-1])["costs"]["freight"] == {"amount": "6200.00", "currency": "USD"}


@pytest.mark.slow
def test_the_printed_call_works(tmp_path: Path):
    port = free_port()
    environment = {**os.environ, "GALEON_DATABASE": f"sqlite:///{tmp_path / 'quotes.sqlite3'}", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(3)]
            assert f"http://127.0.0.1:{port}" in lines[0]
            _, _, url, _, header, _, body = shlex.split(lines[2])
            name, _, value = header.partition(": ")
            call = urllib.request.Request(url, body.encode(), {name: value})
            with urllib.request.urlopen(call, timeout=30) as response:
                assert response.status == 201
                made = response.read()
                location = response.headers["Location"]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{location}", timeout=30) as response:
                assert response.read() == made
        finally:
            # SIGINT is ignored by what a shell started in the background; SIGTERM is not.
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                raise
