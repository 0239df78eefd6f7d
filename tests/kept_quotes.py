"""Makes the ledger of this engine that tests/api/kept keeps: python -m tests.kept_quotes FILE.db.gz"""

import gzip
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api import create_app
from api.examples import AVOCADO, BEST, OWN_RATES, QUOTA
from api.settings import Settings
from api.store import Store
from tariffs.book import Book

MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = {"declared_on": "2026-11-23"}
# A bottle was taken for the case it comes in until engine 2, which asks for the litres.
BOTTLES: dict[str, Any] = {
    "goods": [
        {
            "product": "tequila",
            "quantity": "1200 bottles",
            "price": {"amount": "9.50", "currency": "USD", "per": "bottle"},
            "statutory": ["900 L"],
        }
    ],
    "incoterm": "CIF",
    "place": "CNSHA",
    "fx": {"USD/CNY": "6.7628"},
    **DAY,
    "language": "es",
}
CHINESE = {**AVOCADO, "incoterm": "CIF", "place": "CNSHA", "costs": {}, "language": "zh"}
REQUESTS = (AVOCADO, BOTTLES, {**BEST, **DAY}, QUOTA, {**OWN_RATES, **DAY}, CHINESE)


def make(target: Path) -> None:
    """Ask for every request as a client would, and pack the file that the server leaves."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quotes.sqlite3"
        store = Store.at(f"sqlite:///{path}")
        client = create_app(Settings(database=""), Book.load(), store, clock=lambda: MADE_AT).test_client()
        for each in REQUESTS:
            made = client.post("/v1/quotes", json=each)
            if made.status_code != 201:
                raise SystemExit(made.text)
        store.close()
        ledger = sqlite3.connect(path)
        ledger.execute("PRAGMA journal_mode = DELETE")
        ledger.execute("VACUUM")
        ledger.close()
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
