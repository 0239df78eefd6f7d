"""The addresses that the pages lead to: a node, the form with a code filled in, and the line that puts a price elsewhere."""

import json
from base64 import urlsafe_b64encode
from datetime import date
from urllib.parse import urlencode

from markupsafe import escape

PLACE = "/tariff"


def address(code: str = "", **query: object) -> str:
    """A page of the schedule; what is None or empty stays out of the query."""
    asked = urlencode({name: f"{each}" for name, each in query.items() if each})
    return f"{PLACE}{f'/{code}' if code else ''}{f'?{asked}' if asked else ''}"


def quote_this(goods: dict[str, str], language: str, on: date | None) -> str:
    """The page / with goods filled in, in the fragment that its script reads (api/front/request_text.js)."""
    request = {"goods": [goods], **({"declared_on": f"{on}"} if on else {})}
    text = urlsafe_b64encode(json.dumps(request, separators=(",", ":")).encode()).decode().rstrip("=")
    return f"/?lang={language}#q={text}"


def snippet(base: str, hs_code: str, unit: str, language: str) -> str:
    """The line that puts <galeon-quote> for a tariff line on a page; quantity and price are left to whoever pastes it."""
    said = {"hs-code": hs_code, "quantity": f"1 {unit}", "price": "1", "currency": "USD", "per": unit, "lang": language}
    written = "".join(f' {name}="{escape(value)}"' for name, value in said.items())
    return f'<script src="{escape(base)}/widget/v1.js" defer></script><galeon-quote{written}></galeon-quote>'
