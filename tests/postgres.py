"""A real PostgreSQL server for tests: a cluster of its own in a temporary folder, on a free port of this machine."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import free_port
from tests.programs import program

USER = "galeon"


class Postgres:
    """A server that can be stopped and started again. `durable` syncs to the disk, as a production server does."""

    def __init__(self, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="galeon-postgres-"))
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0
        # The address of a database with its tables, to copy; "" until somebody has made one.
        self.model = ""
        self._options = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._as = _somebody()
        if self._as:
            shutil.chown(self.folder, self._as["user"], self._as["group"])
        made = [program("initdb"), "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run([*made, str(self._data)], check=True, capture_output=True, cwd="/", **self._as)
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        listen = [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            f"unix_socket_directories={self.folder}",
            "-p",
            str(self.port),
        ]
        command = [program("postgres"), "-D", str(self._data), *listen, *self._options]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self._as)
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def stop(self, signal: str = "INT") -> None:
        """Stop the server: INT drops every connection and ends it cleanly, QUIT is a crash."""
        if self._server is not None:
            subprocess.run(["kill", f"-{signal}", str(self._server.pid)], check=True)
            self._server.wait(timeout=30)
            self._server = None

    def database(self, model: str = "") -> str:
        """The SQLAlchemy address of a new database: empty, or a copy of another that nobody is connected to."""
        self._databases += 1
        name = f"test{self._databases}"
        copied = f" TEMPLATE {model.rpartition('/')[2]}" if model else ""
        with closing(psycopg.connect(self._address("postgres"), autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name}{copied}")
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def close(self) -> None:
        """Stop the server and remove what it wrote."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname={name}"


def _somebody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.getuid() != 0:
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
