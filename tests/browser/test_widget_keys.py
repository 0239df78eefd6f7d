"""<galeon-quote> before a real server that asks for keys."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from api.database import database, upgrade
from api.key_text import PUBLISHABLE
from api.keyring import Keyring, Terms
from tests.browser.conftest import Witness
from tests.browser.gate import Gate
from tests.browser.host import Host
from tests.browser.shop import avocado, ready
from tests.servers import Serving

pytestmark = pytest.mark.slow


@pytest.fixture
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, Keyring]]:
    """A gate before a server with keys, and its keys."""
    url = f"sqlite:///{tmp_path_factory.mktemp('keys') / 'quotes.sqlite3'}"
    engine = database(url)
    upgrade(engine)
    with Serving(url, workers=1, GALEON_AUTH="keys") as serving:
        gate = Gate(serving.port)
        yield gate, Keyring(engine)
        gate.close()
    engine.dispose()


def test_a_registered_page_with_its_key_and_without(locked: tuple[Gate, Keyring], page: Page, witness: Witness):
    gate, keys = locked
    host = Host(gate.base)
    terms = Terms(PUBLISHABLE, "shop", "600/minute", origins=(host.base,))
    _, text = keys.make(terms, datetime.now(UTC))
    page.goto(host.show(host.script() + avocado(key=str(text), controls="quantity place payment")))
    element = ready(page)
    expect(element.get_by_label("Arrives at").locator("option")).not_to_have_count(1)
    expect(element.get_by_label("Payment").locator("option")).not_to_have_count(1)
    page.goto(host.show(host.script() + avocado()))
    expect(page.locator("galeon-quote .message")).to_contain_text("The price calculator is not set up for this page.")
    expect(page.locator("galeon-quote .message")).to_contain_text("For the shop: Send a valid key")
    assert witness.complaints == []
    host.close()
