"""What each call needs: nothing, or a scope of a key; and which scopes a kind of key may have at most.

What is not named here is shut: an address that somebody adds later needs a key, and a call that is no look-up needs the scope
that keeps quotes.
"""

from collections.abc import Mapping

from api.key_text import PUBLISHABLE, SECRET, SHEET

LOOK_UPS, PRICES, QUOTES, SHEETS, METRICS = "look-ups", "prices", "quotes", "sheets", "metrics"
SCOPES = {
    LOOK_UPS: "read tables: products, tariff lines, rates, ports, units, …",
    PRICES: "price quotes that are not kept",
    QUOTES: "keep quotes and price files of rows, and read and delete those of the same owner",
    SHEETS: "read cells of a spreadsheet",
    METRICS: "read /metrics",
}
GRANTED: Mapping[str, frozenset[str]] = {
    SECRET: frozenset(SCOPES),
    PUBLISHABLE: frozenset({LOOK_UPS, PRICES}),
    SHEET: frozenset({SHEETS}),
}
SHEET_ROUTES = "/v1/sheet/"
# The page for frames, whose address may hold a publishable key: it opens nothing, and says who may frame the page.
EMBED = "/embed"
# Quotes whose address is all that is needed to see them.
SHARED = "/v1/shared/"
# What somebody keeps: quotes, and files of rows that are priced by and by.
_OWN = ("/v1/quotes", "/v1/batches")
_OWN_BELOW = tuple(f"{each}/" for each in _OWN)
# Where models ask: what each tool needs beside is asked once it is known which is called.
MCP = "/mcp"
# What is priced and never kept.
_UNKEPT = frozenset({MCP, "/v1/calendars", "/v1/comparisons", "/v1/targets", "/v1/sensitivities", "/v1/what-if"})
# With these anybody can check who signed a quote, also who has no key of ours.
PUBLIC_KEYS = "/.well-known/galeon-keys.json"
# The pages on which people walk the schedule.
BROWSE = "/tariff"
_OPEN = frozenset({"/", BROWSE, EMBED, "/docs", "/openapi.json", "/healthz", "/readyz", "/problems", PUBLIC_KEYS})
_OPEN_BELOW = ("/docs/", "/page/", "/problems/", "/sheets/", f"{BROWSE}/", "/widget/", SHARED)


def is_open(path: str) -> bool:
    """Whether an address answers without a key."""
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def counted_as(path: str) -> str:
    """Under what name the calls of one address to what is open are counted, "" where they are not."""
    if path.startswith(SHARED):
        return "shared"
    return "browse" if path == BROWSE or path.startswith(f"{BROWSE}/") else ""


def is_sheet(path: str) -> bool:
    """Whether an address is one of cells."""
    return path.startswith((SHEET_ROUTES, "/v1/sheet."))


def needed_scope(method: str, path: str, store: str | None) -> str:
    """The scope that a call needs; `store` is what its query says of keeping the quote."""
    if path == "/metrics":
        return METRICS
    if is_sheet(path):
        return SHEETS
    if path in _UNKEPT and method == "POST":
        return PRICES
    if path == "/v1/quotes" and method == "POST" and store == "false":
        return PRICES
    if method in ("GET", "HEAD") and path not in _OWN and not path.startswith(_OWN_BELOW):
        return LOOK_UPS
    return QUOTES
