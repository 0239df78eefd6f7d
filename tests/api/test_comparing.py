"""POST /v1/comparisons: scenarios side by side, each what a quote of its own comes to; hand-worked ways in, routes and rails."""

import csv
import io
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from lxml import etree
from python_calamine import CalamineWorkbook

from api.examples import AVOCADO

Json = dict[str, Any]
SEA = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}
AIR = {"mode": "air", "from": "MEX", "to": "PVG", "freight": {"amount": "58000.00", "currency": "USD"}}
SWIFT = [{"rail": "swift-tt", "currency": each} for each in ("USD", "MXN", "CNY")]
TEQUILA: Json = {
    "goods": [
        {
            "product": "tequila",
            "quantity": "0.7 L",
            "price": {"amount": "600.00", "currency": "CNY", "per": "total"},
            "net_weight": "1 kg",
            "tariff": {"cbec": True},
        }
    ],
    "incoterm": "CIF",
    "costs": {"insurance": {"amount": "0", "currency": "CNY"}},
    "importer": {"cbec_used": {"amount": "0", "currency": "CNY"}},
    "declared_on": "2026-11-23",
}


def compared(client: FlaskClient, asked: Json, vary: Json) -> Json:
    """The answer, held to the schema of the specification."""
    response = client.post("/v1/comparisons", json={**asked, "vary": vary})
    assert response.status_code == 200, response.text
    found: Json = response.json
    schemas = client.get("/openapi.json").json["components"]
    assert not list(Draft202012Validator({"$ref": "#/components/schemas/Compared", "components": schemas}).iter_errors(found))
    return found


def refused(client: FlaskClient, asked: Any) -> list[tuple[str, str]]:
    response = client.post("/v1/comparisons", json=asked)
    assert response.status_code == 422, response.text
    return [(each["code"], each["pointer"]) for each in response.json["errors"]]


def landed(scenario: Json) -> Decimal:
    return Decimal(scenario["totals"]["landed_cost"]["amount"])


def amount(scenario: Json, name: str) -> str:
    found: str = scenario["totals"][name]["amount"]
    return found


def test_a_bottle_of_tequila_by_three_ways(client: FlaskClient):
    """Worked by hand: 600 yuan CIF, duty 10%, 20% and 0.90 CNY/kg... see below, VAT 13%.

    General trade: within the waiver? The duty is 600 × 10% = 60.00, above the 50 yuan that are waived. Consumption tax:
    (600 + 60 + 0.7 L × 0.912 kg/L-free quota of 1 CNY/kg) … is taken from the single quote of test_quote; here the three
    ways are held against what the law says of their forms.
    """
    found = compared(client, TEQUILA, {"regime": ["general_trade", "cbec_retail", "postal_articles"]})
    by = {each["differs"]["regime"]: each for each in found["scenarios"]}
    assert found["varied"] == ["regime"]
    for regime, scenario in by.items():
        single = client.post("/v1/quotes?store=false", json={**TEQUILA, "regime": regime})
        print(regime, scenario["status"], scenario["totals"] and scenario["totals"]["landed_cost"], single.status_code)
    raise AssertionError
