# mypy: disable-error-code="index, union-attr, arg-type"
"""The sheet for a declaration: boxes worked out by hand, what is left open, its forms, and who may see it."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api import create_app
from api.cli import main
from api.declaration_answer import all_boxes
from api.declaration_document import GOODS, HEADER
from api.examples import AVOCADO
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW
from tests.keyed import Keyed

Json = dict[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRICE = {"amount": "2.90", "currency": "USD", "per": "kg"}
FRESH = {"product": "avocado-fresh", "quantity": "20.16 t", "package": "carton-4kg", "price": PRICE, "origin": "MX"}
BY_SEA = {
    "goods": [FRESH],
    "incoterm": "FOB",
    "place": "MXZLO",
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"},
    "costs": {"freight": {"amount": "6200.00", "currency": "USD"}},
    "fx": {"USD/CNY": "6.7628"},
    "regime": "general_trade",
    "declared_on": "2026-11-23",
}
BY_AIR = BY_SEA | {
    "goods": [FRESH | {"quantity": "500 cartons"}],
    "incoterm": "FCA",
    "place": "Ciudad de México, MX",
    "route": {"mode": "air", "from": "MEX", "to": "PVG"},
    "costs": {
        "freight": {"amount": "5200", "currency": "USD"},
        "insurance": {"amount": "35.50", "currency": "USD"},
        "origin": {
            "pre_carriage": {"amount": "90", "currency": "USD"},
            "origin_handling": {"amount": "150", "currency": "USD"},
        },
    },
}
TEQUILA = {
    "goods": [
        {
            "product": "tequila",
            "hs_code": "2208.90.10.90",
            "quantity": "800 cartons",
            "package": "case-12x750",
            "price": {"amount": "63000", "currency": "USD", "per": "total"},
        }
    ],
    "incoterm": "CIF",
    "place": "CNSHA",
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}
OWN = {
    "description": "agave syrup",
    "quantity": "1000 kg",
    "price": {"amount": "3000", "currency": "MXN", "per": "total"},
    "tariff": {"duty": "20%", "vat": "13%"},
}


def kept(client: FlaskClient, asked: Json, **query: str) -> str:
    made = client.post("/v1/quotes", json=asked)
    assert made.status_code == 201, made.text
    return f"/v1/quotes/{made.json['id']}/declaration"


def sheet(client: FlaskClient, asked: Json) -> Json:
    response = client.get(kept(client, asked))
    assert response.status_code == 200, response.text
    document: Json = json.loads(response.data)
    return document


def values(boxes: Json) -> dict[str, str]:
    return {name: box["value"] for name, box in boxes.items() if box["status"] == "filled"}


def why(boxes: Json, name: str) -> tuple[str, str]:
    box = boxes[name]
    return box["status"], box["remark"]["code"]


def test_avocados_by_sea(client: FlaskClient) -> None:
    """20.16 t in cartons of 4 kg are 5,040 cartons, 252 on each of 20 pallets.

    Gross: 5,040 × 4.4 kg + 20 × 25 kg of pallets = 22,676 kg. Price: 20,160 kg × 2.90 USD = 58,464.00 USD.
    """
    document = sheet(client, BY_SEA)
    assert values(document["header"]) == {
        "declared_on": "20261123",
        "transport_mode": "2",
        "supervision_mode": "0110",
        "levy_nature": "101",
        "departure_country": "MEX",
        "packages": "5040",
        "gross_weight_kg": "22676",
        "net_weight_kg": "20160",
        "trade_terms": "3",
        "freight_mark": "3",
        "freight": "6200.00",
        "freight_currency": "USD",
        "insurance_mark": "1",
        "insurance": "0.3",
    }
    (line,) = document["goods"]
    assert values(line["boxes"]) == {
        "name": "鲜牛油果",
        "statutory_quantity_1": "20160",
        "statutory_unit_1": "035",
        "transaction_quantity": "20160",
        "transaction_unit": "035",
        "unit_price": "2.90",
        "total_price": "58464.00",
        "currency": "USD",
        "origin_country": "MEX",
        "destination_country": "CHN",
        "duty_mode": "1",
    }
    assert line["elements"]["names_zh"] == ["制作或保存方法（鲜、干）", "等级"]
    assert [each["letter"] for each in line["supervision"]] == ["A", "B"]
    assert [each["letter"] for each in line["inspection"]] == ["P", "R", "Q"]
    assert "phytosanitary_certificate" in {each["code"] for each in line["requirements"]}


def test_the_last_two_digits_are_never_made_up(client: FlaskClient) -> None:
    box = sheet(client, BY_SEA)["goods"][0]["boxes"]["hs_code"]
    assert (box["status"], box["value"], box["remark"]["code"]) == ("to_fill", "08044000", "box_hs_eight")
    stated = {**BY_SEA, "goods": [FRESH | {"hs_code": "0804400000"}]}
    box = sheet(client, stated)["goods"][0]["boxes"]["hs_code"]
    assert (box["status"], box["value"], box["confidence"]) == ("filled", "0804400000", "user")


def test_what_a_quote_does_not_know_is_left_open(client: FlaskClient) -> None:
    document = sheet(client, BY_SEA)
    header, boxes = document["header"], document["goods"][0]["boxes"]
    for name in ("consignee", "contract_number", "bill_number", "marks", "price_influence", "royalties"):
        assert why(header, name) == ("to_fill", "box_not_in_quote"), name
    for name, place in (("departure_port", "MXZLO Manzanillo"), ("entry_port", "CNSHG Shanghai")):
        assert why(header, name) == ("to_fill", "box_customs_code_not_held")
        assert header[name]["text"] == place
    assert why(header, "miscellaneous") == ("blank", "box_nothing_stated")
    assert why(boxes, "statutory_quantity_2") == ("blank", "box_no_such_unit")
    left = [each for each in all_boxes(document) if each["status"] == "to_fill"]
    assert document["to_fill"] == len(left)
    assert all(each["remark"] for each in left)


def test_avocados_by_air_under_fca(client: FlaskClient) -> None:
    """500 cartons of 4 kg: 2,000 kg net at 2.90 USD = 5,800.00 USD. FCA is written as FOB, which no document says (C)."""
    document = sheet(client, BY_AIR)
    header, boxes = document["header"], document["goods"][0]["boxes"]
    found = values(header)
    assert (found["transport_mode"], found["trade_terms"], found["packages"]) == ("5", "3", "500")
    assert (header["trade_terms"]["confidence"], why(header, "trade_terms")) == ("C", ("filled", "box_term_grouped"))
    assert (found["freight_mark"], found["freight"], found["freight_currency"]) == ("3", "5200.00", "USD")
    assert (found["insurance_mark"], found["insurance"], found["insurance_currency"]) == ("3", "35.50", "USD")
    assert why(header, "miscellaneous") == ("to_fill", "box_charges_to_sort")
    assert "150.00 USD" in header["miscellaneous"]["remark"]["text"]
    assert values(boxes)["total_price"] == "5800.00"
    assert values(boxes)["statutory_quantity_1"] == "2000"


def test_tequila_in_two_statutory_units(client: FlaskClient) -> None:
    """800 cases of 12 × 0.75 L: 7,200 L. Of 8.4 kg each by the packages of the tables: 6,720 kg.

    63,000 USD for 800 cases: 78.75 USD each. Gross 800 × 17 kg = 13,600 kg.
    """
    document = sheet(client, TEQUILA)
    boxes = document["goods"][0]["boxes"]
    found = values(boxes)
    assert found["hs_code"] == "2208901090"
    assert (found["statutory_quantity_1"], found["statutory_unit_1"]) == ("7200", "095")
    assert (found["statutory_quantity_2"], found["statutory_unit_2"]) == ("6720", "035")
    assert boxes["statutory_quantity_2"]["confidence"] == "B"
    assert (found["transaction_quantity"], found["transaction_unit"]) == ("800", "120")
    assert (found["unit_price"], found["total_price"]) == ("78.75", "63000.00")
    assert values(document["header"])["gross_weight_kg"] == "13600"
    assert why(document["header"], "freight") == ("blank", "box_in_the_price")
    assert why(document["header"], "departure_country") == ("to_fill", "box_no_route")
    assert "酒精浓度" in document["goods"][0]["elements"]["names_zh"]
    first = [each["letter"] for each in document["goods"][0]["supervision"] if each["remark"]]
    assert set(first) == {"E", "F"}


def test_a_second_quantity_that_does_not_follow_is_asked_for(client: FlaskClient) -> None:
    line = {**TEQUILA["goods"][0], "hs_code": "22089010", "quantity": "7200 L"}
    del line["package"], line["product"]
    boxes = sheet(client, {**TEQUILA, "goods": [line]})["goods"][0]["boxes"]
    assert values(boxes)["statutory_quantity_1"] == "7200"
    assert why(boxes, "statutory_quantity_2") == ("to_fill", "box_quantity_unknown")
    assert boxes["statutory_unit_2"]["value"] == "035"
    stated = {**TEQUILA, "goods": [line | {"statutory": ["6912 kg"]}]}
    boxes = sheet(client, stated)["goods"][0]["boxes"]
    assert (boxes["statutory_quantity_2"]["value"], boxes["statutory_quantity_2"]["confidence"]) == ("6912", "user")


def test_a_unit_price_that_does_not_come_out_even_is_rounded_and_says_so(client: FlaskClient) -> None:
    """1,000 USD for 3 t: 333.3333 USD a tonne."""
    line = FRESH | {"quantity": "3 t", "price": {"amount": "1000", "currency": "USD", "per": "total"}}
    boxes = sheet(client, {**BY_SEA, "goods": [line]})["goods"][0]["boxes"]
    assert (boxes["unit_price"]["value"], boxes["transaction_unit"]["value"]) == ("333.3333", "070")
    assert why(boxes, "unit_price") == ("filled", "box_unit_price_rounded")


def test_pesos_and_goods_outside_the_tables(client: FlaskClient) -> None:
    document = sheet(client, {**TEQUILA, "goods": [OWN], "fx": {"CNY/MXN": "2.8"}})
    (line,) = document["goods"]
    boxes = line["boxes"]
    assert why(boxes, "currency") == ("to_fill", "box_currency_not_listed")
    assert why(boxes, "hs_code") == ("to_fill", "box_hs_none")
    assert why(boxes, "name") == ("to_fill", "box_name_none")
    assert boxes["name"]["text"] == "agave syrup"
    assert why(boxes, "statutory_quantity_1") == ("to_fill", "box_hs_none")
    assert (line["elements"]["status"], line["supervision"], line["inspection"]) == ("not_held", [], [])


def test_what_was_left_to_us_says_that_it_is_assumed(client: FlaskClient) -> None:
    asked = {**BY_SEA, "goods": [{name: each for name, each in FRESH.items() if name != "origin"}]}
    del asked["incoterm"], asked["regime"]
    document = sheet(client, asked)
    header = document["header"]
    for box in (header["trade_terms"], header["supervision_mode"], document["goods"][0]["boxes"]["origin_country"]):
        assert box["remark"]["code"] == "box_assumed"
    assert sheet(client, BY_SEA)["header"]["trade_terms"]["remark"] is None


def test_retail_is_declared_by_a_list_and_its_mode_is_not_chosen(client: FlaskClient) -> None:
    costs = {"freight": {"amount": "5", "currency": "USD"}}
    asked = {**BY_SEA, "regime": "cbec_retail", "costs": costs, "goods": [FRESH | {"quantity": "4 kg"}]}
    document = sheet(client, {**asked, "goods": [asked["goods"][0] | {"tariff": {"cbec": True}}]})
    assert [each["code"] for each in document["remarks"]] == ["box_by_list"]
    assert why(document["header"], "supervision_mode") == ("to_fill", "box_choice")
    assert "1210" in document["header"]["supervision_mode"]["remark"]["text"]
    assert "9610" in document["header"]["supervision_mode"]["remark"]["text"]
    assert why(document["header"], "levy_nature") == ("to_fill", "box_levy_unsure")
    assert why(document["goods"][0]["boxes"], "duty_mode") == ("to_fill", "box_levy_unsure")


def test_a_waiver_leaves_the_levy_to_the_declarant(client: FlaskClient) -> None:
    """7 % of some 22 yuan are under the 50 yuan up to which duty is waived."""
    line = FRESH | {"quantity": "1 kg"}
    asked = {**BY_SEA, "goods": [line], "costs": {"freight": {"amount": "0.10", "currency": "USD"}}}
    document = sheet(client, {name: each for name, each in asked.items() if name != "route"})
    assert why(document["header"], "levy_nature") == ("to_fill", "box_levy_unsure")


def test_a_trade_remedy_leaves_the_levy_to_the_declarant(client: FlaskClient) -> None:
    remedies = {"trade_remedies": [{"kind": "anti_dumping", "duty": "13.5%"}]}
    document = sheet(client, {**BY_SEA, "goods": [FRESH | {"tariff": remedies}]})
    assert why(document["header"], "levy_nature") == ("to_fill", "box_levy_unsure")


def test_post_has_no_such_form(client: FlaskClient) -> None:
    """A kilogram that comes by post is a personal article."""
    asked = {**BY_SEA, "regime": "postal_articles", "goods": [FRESH | {"quantity": "1 kg"}]}
    refused = client.get(
        kept(
            client,
            {name: each for name, each in asked.items() if name not in ("route", "costs")}
            | {"incoterm": "CIF", "place": "CNSHA"},
        )
    )
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "not_declared_by_form")


def test_additions_and_deductions_are_one_sum(client: FlaskClient) -> None:
    """A royalty of 1,000 USD in, installation of 250.50 USD out: 749.50 USD."""
    line = FRESH | {
        "additions": [{"code": "royalty", "amount": {"amount": "1000", "currency": "USD"}}],
        "deductions": [{"code": "installation", "amount": {"amount": "250.50", "currency": "USD"}}],
        "related_party": True,
    }
    header = sheet(client, {**BY_SEA, "goods": [line]})["header"]
    found = values(header)
    assert (found["miscellaneous_mark"], found["miscellaneous"], found["miscellaneous_currency"]) == (
        "3",
        "749.50",
        "USD",
    )
    assert (found["royalties"], found["special_relationship"]) == ("是", "是")


@pytest.mark.parametrize(
    ("costs", "code"),
    [
        ({"freight": {"amount": "6200", "currency": "USD"}, "insurance": {"rate": "0.3%"}}, "box_premium_by_rate"),
        ({"freight": "planning"}, "box_premium_presumed"),
    ],
)
def test_premiums_that_no_policy_states(client: FlaskClient, costs: Json, code: str) -> None:
    header = sheet(client, {**BY_SEA, "costs": costs})["header"]
    assert header["insurance"]["remark"]["code"] == code
    planned = costs["freight"] == "planning"
    assert header["freight"]["status"] == ("to_fill" if planned else "filled")


@pytest.mark.parametrize(
    "asked", [BY_SEA, BY_AIR, TEQUILA, {**TEQUILA, "goods": [OWN, FRESH], "fx": {"CNY/MXN": "2.8", "USD/CNY": "7"}}]
)
@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_sheets_keep_to_the_specification(client: FlaskClient, asked: Json, language: str) -> None:
    address = kept(client, {**asked, "language": language})
    document = client.get(f"{address}.json").json
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/DeclarationSheet", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(document))
    assert (tuple(document["header"]), document["language"]) == (HEADER, language)
    assert all(tuple(line["boxes"]) == GOODS for line in document["goods"])
    assert [each["number"] for each in document["goods"]] == list(range(1, len(asked["goods"]) + 1))
    assert set(document["marks"]) == {"en", "es", "zh"}
    for box in all_boxes(document):
        assert (box["value"] is not None) == (box["status"] == "filled" or box["remark"]["code"] == "box_hs_eight")
        assert (box["confidence"] is None) == (box["value"] is None)
        assert box["name_zh"] if language != "zh" else box["name"] == box["name_zh"]
    assert "…" not in json.dumps(document, ensure_ascii=False)


def cells(body: bytes) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return {
        name: [[f"{each}" for each in row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_workbook_says_what_the_document_does(client: FlaskClient, language: str) -> None:
    address = kept(client, {**TEQUILA, "language": language})
    document, response = client.get(f"{address}.json").json, client.get(f"{address}.xlsx")
    assert response.mimetype == XLSX
    assert response.data == client.get(f"{address}.xlsx").data
    assert "declaration.xlsx" in response.headers["Content-Disposition"]
    sheets = cells(response.data)
    assert len(sheets) == 2
    for rows in sheets.values():
        head = "\n".join(row[0] for row in rows[:8])
        assert all(mark in head for mark in document["marks"].values())
    header, goods = sheets.values()
    written = {row[0]: row for row in header[8:]}
    for box in document["header"].values():
        row = written[box["name_zh"]]
        assert (row[1], row[2], row[7]) == (box["name"], box["value"] or "", box["confidence"] or "")
    written = {row[0]: row for row in goods[8:]}
    line = document["goods"][0]
    for box in line["boxes"].values():
        assert written[box["name_zh"]][2] == (box["value"] or "")
    # Codes keep their zeros, and the code of the goods all of its digits.
    assert written["法定第一计量单位"][2] == "095"
    assert written["商品编号"][2] == "2208901090"
    for name in line["elements"]["names_zh"]:
        assert written[name][2] == ""
    assert [row[2] for row in goods if row[0] == "监管条件"] == list("ABFE")


def test_no_text_of_a_request_acts_in_a_spreadsheet(client: FlaskClient) -> None:
    line = OWN | {"description": '=HYPERLINK("https://x.example";"x")'}
    body = client.get(f"{kept(client, {**TEQUILA, 'goods': [line], 'fx': {'CNY/MXN': '2.8'}})}.xlsx").data
    _, goods = cells(body).values()
    assert any(line["description"] in row for row in goods)


def test_forms_and_languages(client: FlaskClient) -> None:
    address = kept(client, BY_SEA)
    first = client.get(address)
    assert (first.mimetype, first.headers["Content-Language"]) == ("application/json", "en")
    assert "Accept" in first.vary
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(address, headers={"Accept": XLSX}).mimetype == XLSX
    assert (
        client.get(f"{address}.json", headers={"Accept": f"{XLSX}, application/json;q=0.1"}).mimetype
        == "application/json"
    )
    spoken = client.get(f"{address}?language=es")
    assert spoken.headers["Content-Language"] == "es"
    assert spoken.json["header"]["packages"]["name"] == "Número de bultos"
    assert spoken.headers["ETag"] != first.headers["ETag"]
    assert client.get(f"{address}?language=fr").status_code == 422
    assert client.get(f"{address}.pdf").status_code == 404
    assert client.get(address, headers={"Accept": "text/csv"}).status_code == 406


def test_of_nobody_and_of_somebody_else_there_is_none(client: FlaskClient, keyed: Keyed) -> None:
    assert client.get("/v1/quotes/q_nothing/declaration").status_code == 404
    ours, theirs = keyed.text(owner="acme"), keyed.text(owner="other")
    id = keyed.quote(ours, query="").json["id"]
    for form in ("", ".json", ".xlsx"):
        address = f"/v1/quotes/{id}/declaration{form}"
        assert keyed.get(address, ours).status_code == 200
        assert keyed.get(address, theirs).status_code == 404
        assert keyed.get(address).status_code == 401


def test_a_quote_of_another_engine_is_refused(
    real_book: Book, store: Store, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = kept(client, BY_SEA)
    found = store.quote(address.split("/")[3], "")
    assert found is not None
    old = replace(found, engine_version="0")
    monkeypatch.setattr(store, "quote", lambda id, owner: old)
    made: Flask = create_app(Settings(database=""), real_book, store, clock=lambda: NOW)
    refused = made.test_client().get(address)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "not_reckoned_again")


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Any:
    monkeypatch.setattr(Book, "load", lambda *_: real_book)

    def run(*arguments: object, told: str | None = None) -> Result:
        return CliRunner().invoke(main, ["declaration", *map(str, arguments)], input=told, catch_exceptions=False)

    return run


def test_on_the_command_line_nothing_is_kept(galeon: Any, client: FlaskClient, tmp_path: Path) -> None:
    asked = tmp_path / "request.json"
    asked.write_text(json.dumps(TEQUILA), encoding="utf-8")
    document = sheet(client, TEQUILA) | {"quote": None}
    printed = galeon(asked)
    assert (printed.exit_code, json.loads(printed.stdout)) == (0, document)
    assert galeon("-", told=json.dumps(TEQUILA)).stdout == printed.stdout
    out = tmp_path / "sheet.json"
    assert galeon(asked, "--to", out).exit_code == 0
    assert json.loads(out.read_bytes()) == document
    book = tmp_path / "sheet.xlsx"
    assert galeon(asked, "--to", book, "--language", "es").exit_code == 0
    assert any("Ayuda de preparación" in row[0] for row in next(iter(cells(book.read_bytes()).values())))
    assert galeon(asked, "--to", tmp_path / "sheet.pdf").exit_code == 2
    wrong = galeon("-", told=json.dumps({**TEQUILA, "regime": "postal_articles"}))
    assert wrong.exit_code == 2
    assert galeon("-", told=json.dumps(AVOCADO | {"goods": []})).exit_code == 2
