"""The page before a real server that asks for keys: secret ones, publishable ones, and those that nobody made."""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.database import database, upgrade
from api.key_text import PUBLISHABLE, SECRET
from api.keyring import Keyring, Terms
from tests.browser.conftest import Witness
from tests.browser.front import USUAL, answered, link
from tests.servers import Serving

pytestmark = pytest.mark.slow


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[Serving, Keyring]]:
    """A server with keys, and its keys."""
    url = f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    engine = database(url)
    upgrade(engine)
    with Serving(url, workers=1, GALEON_AUTH="keys") as serving:
        yield serving, Keyring(engine)
    engine.dispose()


def enter(page: Page, key: str) -> None:
    """Type a key into the page."""
    field = page.get_by_label("Your key")
    field.fill(key)
    field.press("Enter")


def made(keys: Keyring, terms: Terms) -> str:
    """The text of a new key."""
    return str(keys.make(terms, datetime.now(UTC))[1])


def test_a_server_with_keys_asks_for_one(locked: tuple[Serving, Keyring], page: Page, witness: Witness):
    serving, keys = locked
    key = made(keys, Terms(SECRET, "packing house", "600/minute"))
    page.goto(f"{serving.base}/{link(USUAL)}")
    expect(page.locator(".answer .message")).to_contain_text("This server asks for a key.")
    enter(page, "nonsense")
    expect(page.locator("#key-error")).to_contain_text("it begins with sk_ or pk_")
    enter(page, key)
    answered(page)
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert page.evaluate("Object.values(sessionStorage)") == [key]
    assert not any(key in each.url for each in witness.called)
    page.get_by_role("button", name="Save this quote").click()
    with page.expect_download() as got:
        page.locator(".files").get_by_role("link", name="XLSX").click()
    assert zipfile.is_zipfile(got.value.path())
    page.get_by_role("button", name="Forget it").click()
    expect(page.locator(".answer .message")).to_contain_text("This server asks for a key.")
    assert page.evaluate("sessionStorage.length") == 0
    assert witness.complaints == []


def test_a_publishable_key_of_the_pages_origin_prices(locked: tuple[Serving, Keyring], page: Page, witness: Witness):
    serving, keys = locked
    key = made(keys, Terms(PUBLISHABLE, "counter", "600/minute", origins=(serving.base,)))
    page.goto(f"{serving.base}/{link(USUAL)}")
    expect(page.get_by_label("Payment").first.locator("option")).to_have_count(1)
    enter(page, key)
    answered(page)
    # The look-ups open with it too, and what the page showed without a key is named again.
    expect(page.get_by_role("combobox", name="Product")).to_have_value("Hass avocado, fresh")
    expect(page.get_by_label("Payment").first.locator("option")).not_to_have_count(1)
    page.get_by_role("button", name="Save this quote").click()
    expect(page.locator(".saved .error")).to_contain_text("A publishable key keeps nothing")
    # Comparing keeps nothing, and what is compared is fetched with the key.
    page.get_by_text("Customs regimes", exact=True).click()
    page.locator(".cards").wait_for()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download XLSX: Customs regimes").click()
    assert zipfile.is_zipfile(got.value.path())
    # So do a price that is looked for, another law, and what moves the cost, with its picture.
    page.get_by_text("What price can I offer?", exact=True).click()
    page.get_by_label("Landed cost that is not to be exceeded").fill("22")
    page.get_by_role("button", name="Find the price").click()
    expect(page.locator(".found-price .figure")).to_contain_text("USD")
    page.get_by_text("What if the law changed?", exact=True).click()
    page.get_by_label("Its rate").fill("5%")
    page.get_by_role("button", name="Suppose it").click()
    page.get_by_text("As it would be", exact=True).wait_for()
    page.get_by_text("What moves the cost?", exact=True).click()
    page.locator(".drawn img").wait_for()
    page.get_by_role("button", name="Show the months").click()
    page.get_by_role("group", name="Month by month").locator("img").wait_for()
    product = page.get_by_role("combobox", name="Product")
    product.fill("mango")
    expect(page.get_by_role("option").first).to_contain_text("mango")
    expect(page.locator(".key [role=status]")).to_have_text(f"In use: {key[:6]}…")
    assert not any(key in each.url for each in witness.called)
    assert witness.complaints == []


def test_keys_that_open_nothing_get_an_understandable_message(
    locked: tuple[Serving, Keyring], page: Page, witness: Witness
):
    serving, keys = locked
    page.goto(f"{serving.base}/?lang=en{link(USUAL)}")
    real = made(keys, Terms(PUBLISHABLE, "counter", "600/minute", origins=(serving.base,)))
    for wrong in ("sk_0123456789ab_nobodymadethis", f"{real[:-3]}xyz"):
        enter(page, wrong)
        expect(page.locator(".answer .message")).to_contain_text("The server does not take this key.")
        expect(page.locator("#key-error")).to_contain_text("There is no such key, or it is no longer in force")
        expect(page.get_by_label("Your key")).to_have_attribute("aria-invalid", "true")
    page.goto(f"{serving.base}/?lang=es{link(USUAL)}")
    expect(page.locator(".answer .message")).to_contain_text("El servidor no acepta esta clave.")
    page.goto(f"{serving.base}/?lang=en{link(USUAL)}")
    enter(page, real)
    answered(page)
    expect(page.locator("#key-error")).to_be_empty()
    assert page.get_by_label("Your key").get_attribute("aria-invalid") is None
    assert witness.complaints == []
