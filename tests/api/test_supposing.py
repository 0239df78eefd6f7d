# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""POST /v1/what-if: a basket as the law is and as it would be, worked by hand and held against rates stated in the request."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api.examples import AVOCADO

Json = dict[str, Any]
# 40,000 dollars of avocados: customs value 313,378.68, duty 21,936.51, VAT 30,178.37, landed 364,556.24 (tests/cases).
LINE = {**AVOCADO["goods"][0], "price": {"amount": "40000", "currency": "USD", "per": "total"}}
ASKED: Json = {**AVOCADO, "goods": [LINE]}
FREE = {"hs_code": "08044000", "measure": "agreement", "expression": "0%", "origins": ["MX"]}


def supposed(client: FlaskClient, *changes: Json, basket: Any = None) -> Json:
    """The answer, held to the schema of the specification."""
    response = client.post("/v1/what-if", json={"changes": changes, "basket": basket or [ASKED]})
    assert response.status_code == 200, response.text
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/WhatIfAnswer", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(response.json))
    found: Json = response.json or {}
    return found


def change(measure: str, expression: str, hs_code: str = "08044000", **more: Any) -> Json:
    return {"hs_code": hs_code, "measure": measure, "expression": expression, **more}


def test_an_agreement_for_mexico(client: FlaskClient) -> None:
    """Without duty the VAT is 9% of 313,378.68 alone, 28,204.08: 23,910.80 yuan less for the buyer, and for China."""
    found = supposed(client, FREE)
    (told,) = found["basket"]
    assert told["before"]["landed_cost"]["amount"] == "364556.24"
    assert [told["after"][name]["amount"] for name in ("customs_duty", "vat", "landed_cost")] == [
        "0.00",
        "28204.08",
        "340645.44",
    ]
    assert (told["difference"]["amount"], told["revenue"]["amount"]) == ("-23910.80", "-23910.80")
    # 23,910.80 / 364,556.24
    assert told["difference_percent"] == "-6.5589%"
    assert found["revenue"]["taxes"]["customs_duty"]["difference"]["amount"] == "-21936.51"
    assert found["revenue"]["taxes"]["vat"]["difference"]["amount"] == "-1974.29"


@pytest.mark.parametrize(
    ("changes", "tariff"),
    [
        # The provisional rate of 7% taken away: the rate of the schedule is 25%
        ([change("provisional", "none")], {"duty": "25%"}),
        ([change("provisional", "5%")], {"duty": "5%"}),
        ([change("provisional", "20% + 1 CNY/kg")], {"duty": "20% + 1 CNY/kg"}),
        # Of all lines that begin so
        ([change("vat", "13%", "08")], {"vat": "13%"}),
        ([change("consumption_tax", "10%", "0804")], {"consumption_tax": "10%"}),
        ([change("anti_dumping", "13.5%")], {"trade_remedies": [{"kind": "anti_dumping", "duty": "13.5%"}]}),
        # The later of two rows stands
        ([change("provisional", "3%"), change("provisional", "5%")], {"duty": "5%"}),
        ([change("provisional", "5%"), change("vat", "0%")], {"duty": "5%", "vat": "0%"}),
    ],
)
def test_a_supposed_row_is_like_the_rate_that_a_request_states(
    client: FlaskClient, changes: Json, tariff: Json
) -> None:
    (told,) = supposed(client, *changes)["basket"]
    single = client.post("/v1/quotes?store=false", json={**ASKED, "goods": [{**LINE, "tariff": tariff}]})
    assert told["after"] == single.json["totals"]
    assert told["before"] != told["after"]
    assert told["changes"] == list(range(len(changes)))


@pytest.mark.parametrize(
    "apart",
    [
        change("provisional", "0%", valid_from="2026-11-24"),
        change("provisional", "0%", valid_to="2026-11-22"),
        change("provisional", "0%", "08045020"),
        {**FREE, "origins": ["CL"]},
    ],
)
def test_a_change_that_concerns_nothing_is_told(client: FlaskClient, apart: Json) -> None:
    found = supposed(client, apart, change("vat", "9%"))
    assert found["unmet"] == [0]
    assert found["basket"][0]["difference"]["amount"] == "0.00"
    assert found["basket"][0]["changes"] == [1]


def test_the_sums_are_those_of_the_basket(client: FlaskClient) -> None:
    other = {
        **ASKED,
        "goods": [{"hs_code": "08102000", "quantity": "2 t", "price": {"amount": "9", "currency": "USD", "per": "kg"}}],
    }
    found = supposed(client, FREE, basket=[ASKED, other, {**ASKED, "regime": "postal_articles"}])
    first, second, third = found["basket"]
    assert second["changes"] == []
    assert second["before"] == second["after"]
    # Twenty tons are no parcel: said, and left out of the sums
    assert (third["before"], third["after"], third["difference"]) == (None, None, None)
    assert third["reason"]["code"] == "regime_closed"
    for when in ("before", "after"):
        whole = sum(Decimal(each[when]["landed_cost"]["amount"]) for each in (first, second))
        assert Decimal(found["landed_cost"][when]["amount"]) == whole
        taxes = sum(Decimal(each[when]["taxes"]["amount"]) for each in (first, second))
        assert Decimal(found["revenue"][when]["amount"]) == taxes
    assert found["revenue"]["difference"]["amount"] == "-23910.80"


def test_a_law_without_any_duty_says_so(client: FlaskClient) -> None:
    (told,) = supposed(client, change("mfn", "none"), change("provisional", "none"))["basket"]
    assert (told["after"], told["reason"]["code"]) == (None, "no_duty_rate")


def test_a_law_without_a_vat_rate_says_so(client: FlaskClient) -> None:
    (told,) = supposed(client, change("vat", "none"))["basket"]
    assert (told["after"], told["reason"]["code"]) == (None, "no_vat_rate")


def test_one_sheet(client: FlaskClient) -> None:
    body = {"changes": [FREE], "basket": [ASKED, AVOCADO]}
    sent = client.post("/v1/what-if?format=csv", json=body)
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert (rows[0]["landed_cost_before"], rows[0]["landed_cost_after"]) == ("364556.24", "340645.44")
    assert (rows[0]["difference_percent"], rows[0]["revenue_difference"]) == ("-6.5589%", "-23910.80")
    assert Decimal(rows[2]["vat_after"]) == sum(Decimal(each["vat_after"]) for each in rows[:2])
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.post("/v1/what-if?format=xlsx", json=body).data))
    headings, *sheet = book.get_sheet_by_index(0).to_python()
    assert [f"{row[headings.index('landed_cost_after')]:.2f}" for row in sheet] == [
        row["landed_cost_after"] for row in rows
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("wrong_type", "")]),
        ({}, [("missing_field", "/changes"), ("missing_field", "/basket")]),
        ({"changes": [], "basket": [ASKED]}, [("nothing_varied", "/changes")]),
        (
            {"changes": [FREE], "basket": [{**ASKED, "goods": [LINE] * 200}] * 13},
            [("too_much_at_once", "/basket")],
        ),
        ({"changes": [FREE], "basket": []}, [("nothing_varied", "/basket")]),
        ({"changes": [FREE], "basket": [{**ASKED, "incoterm": "X"}]}, [("not_a_choice", "/basket/0/incoterm")]),
        ({"changes": [{**FREE, "hs_code": "8"}], "basket": [ASKED]}, [("wrong_form", "/changes/0/hs_code")]),
        ({"changes": [{**FREE, "measure": "levy"}], "basket": [ASKED]}, [("not_a_choice", "/changes/0/measure")]),
        (
            {"changes": [{**FREE, "expression": "cheap"}], "basket": [ASKED]},
            [("unreadable_rate", "/changes/0/expression")],
        ),
        (
            {"changes": [change("vat", "2 CNY/kg")], "basket": [ASKED]},
            [("not_a_share", "/changes/0/expression")],
        ),
        (
            {"changes": [{**FREE, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}], "basket": [ASKED]},
            [("days_reversed", "/changes/0/valid_to")],
        ),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, body: Any, expected: list[tuple[str, str]]) -> None:
    response = client.post("/v1/what-if", json=body)
    assert response.status_code == 422, response.text
    assert [(each["code"], each["pointer"]) for each in response.json["errors"]] == expected


def test_nothing_is_changed_by_the_question(client: FlaskClient) -> None:
    supposed(client, FREE, change("vat", "0%"))
    assert client.post("/v1/quotes?store=false", json=ASKED).json["totals"]["landed_cost"]["amount"] == "364556.24"
