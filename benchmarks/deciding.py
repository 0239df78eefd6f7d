"""How long 200 scenarios take against one quote, each asked for goods that nobody has asked for before.

python -m benchmarks.deciding

Six mixtures of 200: many ways (40 combinations of regime, route, rail and day, five prices each); ten combinations of regime and
rail with twenty prices, exchange rates or days each; something of everything; and no two scenarios of one way, the hardest. What
is chosen for a way is chosen once, whatever the prices; for another rate, day or way only what reads it is chosen anew.

Both through the whole application, without a network between: the quote is kept, as a client's is. Quotes are measured before
each mixture anew, as the speed of a machine changes. Prints the medians; judges nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from api import create_app
from api.garbage import leave_alone
from api.settings import Settings
from api.store import Store
from benchmarks.bulk_rows import goods, pricing
from tariffs.book import Book

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROUNDS = 25
ROUTES = [
    {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"},
    {"mode": "air", "from": "MEX", "to": "PVG", "freight": {"amount": "58000.00", "currency": "USD"}},
]
RAILS = [{"rail": "swift-tt", "currency": each} for each in ("USD", "MXN", "CNY", "EUR", "HKD")]
TERMS = ["FOB", "CIF"]
PRICES = [{"amount": f"2.{cents}", "currency": "USD", "per": "kg"} for cents in range(50, 70)]
WAYS = {"regime": ["general_trade", "cbec_retail"], "payment": RAILS}
MIXTURES = {
    "many_ways": WAYS | {"route": ROUTES, "declared_on": ["2026-11-23", "2026-10-01"], "price": PRICES[:5]},
    "many_prices": WAYS | {"price": PRICES},
    "many_rates": WAYS | {"fx": [{"USD/CNY": f"6.{cents}"} for cents in range(70, 90)]},
    "mixed": {
        "payment": RAILS[:3],
        "incoterm": TERMS,
        "route": ROUTES,
        "declared_on": ["2026-11-23", "2026-06-01"],
        "fx": [{"USD/CNY": "6.7000"}, {"USD/CNY": "6.9000"}],
        "price": PRICES[:4],
    },
    "ways_alone": {
        "payment": RAILS,
        "incoterm": TERMS,
        "route": ROUTES,
        "declared_on": [f"2026-{month:02}-01" for month in range(1, 11)],
    },
    "many_days": WAYS | {"declared_on": [f"2026-{month:02}-{day:02}" for month in (9, 10) for day in range(1, 11)]},
}


ONE = {"route": ROUTES[0], "payment": RAILS[0]}


def asked(hs_code: str) -> dict[str, Any]:
    """A consignment of goods of one line."""
    return {
        "goods": [
            {
                "hs_code": hs_code,
                "quantity": "18 t",
                "gross_weight": "19 t",
                "volume": "50 m3",
                "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
            }
        ],
        "incoterm": "FOB",
        "costs": {"freight": {"amount": "6200.00", "currency": "USD"}},
        "fx": {"USD/CNY": "6.7628"},
        "declared_on": "2026-11-23",
    }


def timed(client: Any, path: str, codes: Iterator[str], more: dict[str, Any]) -> float:
    """The median of the milliseconds that answers take, each for other goods; those that are refused are not counted."""
    found = []
    for code in islice(codes, ROUNDS):
        started = perf_counter()
        response = client.post(path, json=asked(code) | ONE | more)
        taken = (perf_counter() - started) * 1000
        if response.status_code in (200, 201):
            found.append(taken)
    return median(found)


def main() -> None:
    codes = iter([each.code for each in goods(pricing(), 3 * ROUNDS * len(MIXTURES)) if each.unit == "kg"])
    with TemporaryDirectory() as folder:
        store = Store.at(f"sqlite:///{Path(folder) / 'quotes.sqlite3'}")
        client = create_app(Settings(""), Book.load(), store, lambda: NOW).test_client()
        leave_alone()
        print("| 200 scenarios | a quote, ms | all of them, ms | times a quote |\n|---|---|---|---|")
        for name, vary in MIXTURES.items():
            quote = timed(client, "/v1/quotes", codes, {})
            scenarios = timed(client, "/v1/comparisons", codes, {"vary": vary})
            print(f"| {name} | {quote:.1f} | {scenarios:.1f} | {scenarios / quote:.1f} |")
        store.close()


if __name__ == "__main__":
    main()
