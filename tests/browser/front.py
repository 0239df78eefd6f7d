"""What the tests of the page share: its usual request, the fragment that carries one, its answer."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.shop import ASKED, priced
from tests.servers import Serving

# What the form asks when only goods, quantity and price are filled in, on a stated day.
USUAL: dict[str, Any] = {
    "goods": ASKED["goods"],
    "incoterm": "FOB",
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA"},
    "costs": {"freight": "planning"},
    "regime": "general_trade",
    "declared_on": "2026-11-23",
}


def link(request: Any) -> str:
    """The fragment that carries a request."""
    text = json.dumps(request, separators=(",", ":"), ensure_ascii=False).encode()
    return f"#q={urlsafe_b64encode(text).decode().rstrip('=')}"


def carried(address: str) -> dict[str, Any]:
    """The request in the fragment of an address."""
    text = address.split("#q=")[1]
    request: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return request


def answered(page: Page) -> Locator:
    """The answer, once it stands."""
    answer = page.locator(".answer")
    answer.locator(".result:not([aria-busy]):not(.empty):not(.away) table").wait_for(timeout=20_000)
    return answer


def own(server: Serving, **changed: Any) -> dict[str, Any]:
    """The API's own answer to what the form asks, without the rates that the shop's element insists on."""
    asked = {**USUAL, "language": "en", **changed}
    return priced(server.base, fx={}, **asked)
