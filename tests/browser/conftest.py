"""A real Chromium, a real server behind a gate, and a shop on another origin."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.gate import Gate
from tests.browser.host import Host
from tests.programs import program
from tests.servers import Serving

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A shop that is not of this machine, as far as the browser knows.
    "--host-resolver-rules=MAP shop.example 127.0.0.1",
]
# Milliseconds for which what must come is waited for, on a machine that has much else to do.
expect.set_options(timeout=30_000)
# Chromium says it of every answer of 400 and more, and of every call that ends without one.
NETWORK = "Failed to load resource"


class Witness:
    """What a page did besides being looked at: what it complained of, and whom it called."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.called: list[Request] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        self.called.append(request)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NETWORK):
            self.complaints.append(message.text)

    def origins(self) -> set[str]:
        """Every origin that was called."""
        return {"/".join(each.url.split("/", 3)[:3]) for each in self.called if not each.url.startswith("data:")}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A real server."""
    database = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'quotes.sqlite3'}"
    with Serving(database, workers=1) as serving:
        yield serving


@pytest.fixture(scope="session")
def standing_gate(server: Serving) -> Iterator[Gate]:
    gate = Gate(server.port)
    yield gate
    gate.close()


@pytest.fixture
def gate(standing_gate: Gate) -> Iterator[Gate]:
    """The gate, which lets everything through until it is told otherwise."""
    standing_gate.reset()
    yield standing_gate
    standing_gate.reset()


@pytest.fixture
def host(gate: Gate) -> Iterator[Host]:
    """The shop."""
    host = Host(gate.base)
    yield host
    host.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page of a new profile, in English."""
    context = browser.new_context(locale="en-GB", viewport={"width": 900, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def witness(page: Page) -> Witness:
    """What the page does besides being looked at."""
    return Witness(page)


@pytest.fixture
def artefacts(tmp_path: Path) -> Path:
    """Where pictures are left: the folder that GALEON_ARTEFACTS names, else one of the test's own."""
    folder = Path(os.environ.get("GALEON_ARTEFACTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
