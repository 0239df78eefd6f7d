"""What the tests of the element share: the avocado, its line in a page, its request, and waiting for an answer."""

import json
import time
import urllib.request
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, Page

AVOCADO = {
    "product": "avocado-fresh",
    "quantity": "20 t",
    "price": "2.90",
    "currency": "USD",
    "per": "kg",
    "incoterm": "FOB",
    "fx": "USD/CNY:6.7628",
    "declared-on": "2026-11-23",
}
# What those attributes ask for: without a freight the planning range of the usual lane.
ASKED: dict[str, Any] = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "20 t",
            "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
        }
    ],
    "incoterm": "FOB",
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA"},
    "costs": {"freight": "planning"},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
    "language": "en",
}
LISTEN = """
window.heard = {quotes: [], errors: []};
document.addEventListener("galeon-quote", (event) => heard.quotes.push(event.detail));
document.addEventListener("galeon-error", (event) => heard.errors.push(event.detail));
"""


def avocado(**changed: str) -> str:
    """The element with the attributes of the avocado; one that is changed to "" is left out."""
    given = {**AVOCADO, **{name.replace("_", "-"): value for name, value in changed.items()}}
    written = "".join(f" {name}='{value}'" for name, value in given.items() if value)
    return f"<galeon-quote{written}><p>Ask us for the price in China.</p></galeon-quote>"


def priced(base: str, **changed: Any) -> dict[str, Any]:
    """The API's own answer."""
    body = json.dumps({**ASKED, **changed}).encode()
    call = urllib.request.Request(f"{base}/v1/quotes?store=false", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(call, timeout=60) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def yuan(money: dict[str, str]) -> str:
    """An amount as the English and the Mexican write it."""
    return f"¥{Decimal(money['amount']):,f}"


def ready(page: Page) -> Locator:
    """The element, once its answer stands."""
    element = page.locator("galeon-quote").first
    element.locator(".result:not([aria-busy]):not(.empty):not(.away) table").wait_for(timeout=20_000)
    return element


def until(page: Page, true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so, while the page lives on."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(20)


def quotes(page: Page) -> list[dict[str, Any]]:
    """What the page heard from the element."""
    heard: list[dict[str, Any]] = page.evaluate("heard.quotes")
    return heard


def errors(page: Page) -> list[dict[str, Any]]:
    """The problems that the page heard of."""
    heard: list[dict[str, Any]] = page.evaluate("heard.errors")
    return heard
