"""The files of deploy/ and the guide to them agree with the program, with one another, and with what exists."""

import os
import re
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from api import settings as known_settings
from api.batch_bodies import LONGEST_FILE
from api.cli import main
from api.errors import LONGEST_BODY
from api.serving import HEAD_PATIENCE, LONGEST_HEAD, MOST_HELD, PATIENCE
from tests.deployment.servers import DEPLOY, PLACE
from tests.programs import program

ROOT = DEPLOY.parent
GUIDE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
UNIT = (DEPLOY / "galeon.service").read_text(encoding="utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
SITE = (DEPLOY / "galeon-site.conf").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def is_command(words: list[str]) -> bool:
    """Whether `galeon` has this command with these options."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    options = {name for each in command.params for name in each.opts}
    return not isinstance(command, click.Group) and {word for word in words if word.startswith("-")} <= options


def seconds(pattern: str, text: str) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    assert found is not None, pattern
    return int(found[1])


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bGALEON_[A-Z_]+\b", text))


def test_every_setting_is_one():
    read = settings_in(Path(known_settings.__file__).read_text(encoding="utf-8"))
    # What compose.yaml reads itself.
    read.add("GALEON_PORT")
    for file in (*DEPLOY.glob("*.*"), DEPLOY / "Containerfile", ROOT / "docs" / "deployment.md"):
        assert settings_in(file.read_text(encoding="utf-8")) <= read, file.name


def test_every_command_of_galeon_is_one():
    written = [
        UNIT.partition("ExecStart=/opt/galeon/bin/")[2].partition("\n")[0],
        *re.findall(r"^(?:docker compose .* exec galeon )?(galeon (?!\(\)).*)$", GUIDE, re.MULTILINE),
        *re.findall(r"`(galeon [a-z][^`]*)`", GUIDE),
        " ".join(SERVICES["upgrade"]["command"]),
        " ".join(re.findall(r'"([^"]+)"', IMAGE.rpartition("CMD ")[2])),
    ]
    assert len(written) > 8
    for each in written:
        first, *words = each.split()
        assert first == "galeon"
        assert is_command(words), each


def test_patience_is_longer_the_farther_out():
    assert seconds(r"^TimeoutStopSec=(\d+)$", UNIT) > PATIENCE
    assert int(SERVICES["galeon"]["stop_grace_period"].removesuffix("s")) > PATIENCE
    assert f"within {PATIENCE}\n   seconds" in GUIDE
    # An idle connection is closed by nginx first, which knows that it is not using it.
    assert seconds(r"^        keepalive_timeout (\d+)s;", NGINX) * 1000 < HEAD_PATIENCE < PATIENCE * 1000


def test_sizes_agree():
    assert seconds(r"client_max_body_size (\d+)m;", NGINX) * 1024 * 1024 == LONGEST_BODY
    assert seconds(r"client_max_body_size (\d+)m;", SITE) * 1024 * 1024 == LONGEST_FILE
    assert f"at most {LONGEST_FILE} bytes" in SITE
    number, size = re.findall(r"large_client_header_buffers (\d+) (\d+)k;", NGINX)[0]
    assert int(number) * int(size) * 1024 < LONGEST_HEAD
    assert seconds(r"max_conns=(\d+)", NGINX) < MOST_HELD
    # Each call that is served has a connection on both sides.
    assert seconds(r"worker_connections (\d+);", NGINX) > 2 * seconds(r"max_conns=(\d+)", NGINX)
    assert seconds(r"^LimitNOFILE=(\d+)$", UNIT) > 2 * MOST_HELD


def test_the_socket_is_the_same_everywhere():
    assert f"--uds {PLACE}\n" in UNIT
    assert f"server unix:{PLACE} " in NGINX
    assert IMAGE.count(f'"{PLACE}"') == 2
    for name in ("nginx", "galeon"):
        assert "socket:/run/galeon" in SERVICES[name]["volumes"]


def test_the_unit_is_sound(tmp_path: Path):
    unit = tmp_path / "galeon.service"
    # Only the program is not where the unit has it.
    unit.write_text(UNIT.replace("/opt/galeon/bin/galeon", sys.executable), encoding="utf-8")
    verified = subprocess.run(
        [program("systemd-analyze"), "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    # On systemd's own scale, where 10 is open to everything; the network and Python leave about one.
    level = [program("systemd-analyze"), "security", "--offline=true", "--threshold=15", str(unit)]
    hardened = subprocess.run(level, capture_output=True, text=True, check=False)
    assert hardened.returncode == 0, hardened.stdout


def test_what_compose_names_is_there():
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"], (
                name,
                volume,
            )
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert "healthcheck" in service or name == "galeon", "the image has a check of its own"
        if "image" in service and "build" not in service:
            assert re.fullmatch(r"docker\.io/library/[a-z]+:[0-9.]+-bookworm", service["image"])
    build = SERVICES["galeon"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Containerfile"
    included = {f"./{each}" for each in re.findall(r"^ *include ([\w.-]+);", NGINX, re.MULTILINE)}
    included |= {f"./{each}" for each in re.findall(r"^ *include ([\w.-]+);", SITE, re.MULTILINE)}
    assert included <= {each.split(":")[0] for each in SERVICES["nginx"]["volumes"]}
    # Nobody but nginx is reached from outside, and the password is in no image and no environment.
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert not re.search(r"PASSWORD:|://[^@/]*:[^@/]*@", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_image_is_made_of_what_is_there():
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [
        source for line in re.findall(r"^COPY (?!--from)(.*)$", IMAGE, re.MULTILINE) for source in line.split()[:-1]
    ]
    assert {f"!{each}" for each in copied} == {each for each in ignored if each.startswith("!")}
    assert all((ROOT / each).exists() for each in copied)
    final = IMAGE.rpartition("\nFROM ")[2]
    assert "\nUSER galeon\n" in final
    assert "pip install" not in final
    for script in ("entrypoint.sh", "healthcheck.py"):
        assert os.access(DEPLOY / script, os.X_OK)
    for package in ("psycopg", "psycopg-binary", "redis", "granian"):
        assert re.search(rf"^{package}==", (ROOT / "requirements-server.txt").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_password_comes_from_a_file(tmp_path: Path):
    secret = tmp_path / "password"
    secret.write_text("pä ss'word\n", encoding="utf-8")
    command = [str(DEPLOY / "entrypoint.sh"), sys.executable, "-c", "import os; print(os.environ.get('PGPASSWORD'))"]
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    without = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert without.stdout == b"None\n"
    named = {**environment, "PGPASSWORD_FILE": str(secret)}
    assert subprocess.run(command, env=named, capture_output=True, check=True).stdout.decode() == "pä ss'word\n"
    away = {**environment, "PGPASSWORD_FILE": str(tmp_path / "none")}
    assert subprocess.run(command, env=away, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(("status", "code"), [("200 OK", 0), ("503 Service Unavailable", 1), ("", 1)])
def test_the_check_of_the_image(tmp_path: Path, status: str, code: int):
    place = tmp_path / "galeon.sock"
    asked: list[bytes] = []
    with closing(socket.socket(socket.AF_UNIX)) as server:
        if status:
            server.bind(str(place))
            server.listen()

            def answer() -> None:
                client, _ = server.accept()
                with client:
                    asked.append(client.recv(100))
                    client.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())

            threading.Thread(target=answer, daemon=True).start()
        checked = subprocess.run([sys.executable, str(DEPLOY / "healthcheck.py"), str(place)], check=False)
    assert checked.returncode == code
    assert all(each.startswith(b"GET /readyz HTTP/1.1\r\n") for each in asked)


def test_what_the_guide_names_is_there():
    table = GUIDE.partition("The tests run")[0].partition("|---|")[2]
    listed = re.findall(r"`([\w.-]+)`", "".join(re.findall(r"^\| (.*) \|.*\|$", table, re.MULTILINE)))
    assert {each.name for each in DEPLOY.iterdir() if each.is_file()} - {"Containerfile.dockerignore"} == set(listed)
    for path in re.findall(r"\b(?:deploy|benchmarks|tests)/[\w./-]*\w", GUIDE):
        assert (ROOT / path).exists() or path.startswith("deploy/secrets"), path
    for link in re.findall(r"\]\(([\w./-]+)\)", GUIDE):
        assert (ROOT / "docs" / link).is_file(), link
    assert "requirements-server.txt" in GUIDE
