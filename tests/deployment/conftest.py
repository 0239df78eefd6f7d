"""The service as it stands in production: nginx in front of `galeon serve`, once for the tests that only ask it."""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deployment.servers import Galeon, Nginx


@dataclass(frozen=True, slots=True)
class Service:
    """Both servers."""

    nginx: Nginx
    galeon: Galeon

    @property
    def port(self) -> int:
        """Where clients ask."""
        return self.nginx.port


def _running(folder: Path) -> Iterator[Service]:
    galeon = Galeon(folder)
    try:
        nginx = Nginx(folder, galeon.socket)
        try:
            yield Service(nginx, galeon)
        finally:
            nginx.close()
    finally:
        galeon.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that a test leaves as it found it."""
    yield from _running(tmp_path_factory.mktemp("service"))


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[Service]:
    """A service of a test's own, which it may stop or break."""
    yield from _running(tmp_path)


@pytest.fixture
def many_files() -> Iterator[None]:
    """As many open files as the test's own connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4000)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
