"""A real server for tests: `galeon serve` as a person starts it, on a free port, in a process group of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import TracebackType

from tests.ports import free_port


class Serving:
    """A running `galeon serve`; `base` is its address. It can be killed and started again on the same port.

    `module` is what is run in place of the command itself.
    """

    def __init__(self, database: str, workers: int = 2, module: str = "api.cli", **settings: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._workers = workers
        self._module = module
        self._environment: Mapping[str, str] = {**os.environ, **settings, "GALEON_DATABASE": database}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Serving":
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process that was started, which has the workers as children."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            self._module,
            "serve",
            "--port",
            f"{self.port}",
            "--workers",
            f"{self._workers}",
        ]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError(f"galeon serve ended with {self._process.returncode}")
            try:
                urllib.request.urlopen(f"{self.base}/healthz", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError("galeon serve does not answer")

    @property
    def group(self) -> int:
        """The process group of the running server and its workers."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def kill(self) -> None:
        """kill -9, workers and all."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)
            self._process = None

    def stop(self) -> None:
        """Stop it as a service manager does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
