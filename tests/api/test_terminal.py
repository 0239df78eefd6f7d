"""A quote in a terminal, in the reader's language."""

from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from rich.console import Console

from api.terminal import print_quote

ASKED: dict[str, Any] = {
    "goods": [
        {
            "hs_code": "95030060",
            "quantity": "10 pcs",
            "price": {"amount": "1000", "currency": "CNY", "per": "total"},
            "tariff": {"cbec": True},
        }
    ],
    "incoterm": "CIF",
    "regime": "best",
    "declared_on": "2026-11-23",
}


@pytest.mark.parametrize(
    ("language", "status", "ways"),
    [
        ("en", "estimated, C", {"(open)", "(closed)"}),
        ("es", "estimada, C", {"(abierto)", "(cerrado)"}),
        ("zh", "估算, C", {"（可用）", "（不可用）"}),
    ],
)
def test_the_statuses_are_in_the_readers_language(language: str, status: str, ways: set[str], client: FlaskClient):
    response = client.post("/v1/quotes?store=false", json=ASKED | {"language": language})
    assert response.status_code == 200, response.text
    written = StringIO()
    document = response.json
    assert document is not None
    closed = {**document["regimes"][0], "status": "closed", "totals": None}
    print_quote({**document, "regimes": [*document["regimes"], closed]}, language, Console(file=written, width=200))
    told = written.getvalue()
    assert f"{status}\n" in told
    assert all(each in told for each in ways)


@pytest.mark.parametrize(("language", "day"), [("en", "Oct 30, 2026"), ("es", "30 oct 2026"), ("zh", "2026年10月30日")])
def test_days_and_figures_are_written_as_in_the_readers_country(language: str, day: str, client: FlaskClient):
    """The market rate is that of 2026-10-30; JSON keeps the form of machines."""
    line = {
        "product": "avocado-fresh",
        "quantity": "20 t",
        "price": {"amount": "40000", "currency": "USD", "per": "total"},
    }
    asked = {"goods": [line], "incoterm": "CIF", "declared_on": "2026-11-23", "language": language}
    document = client.post("/v1/quotes?store=false", json=asked).json
    assert document is not None
    written = StringIO()
    print_quote(document, language, Console(file=written, width=400))
    told = written.getvalue()
    goods = document["totals"]["goods"]["amount"]
    assert f"{goods[:-6]},{goods[-6:]} CNY" in told
    assert f" {goods} CNY" not in told
    assert day in told
    assert not any("2026-10-30" in line and "·" in line for line in told.splitlines())
