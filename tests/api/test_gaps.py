"""What the tables do not know, as a caller meets it: parts of lines, attributes, the list of e-commerce, open classes of VAT."""

from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from api.cli import main

AVOCADO = "冷冻鳄梨"
CAPELIN = "冻毛鳞鱼，但食用杂碎除外"
# 10,000.00 USD at 6.7628 are 67,628.00 CNY.
BASE: dict[str, Any] = {"incoterm": "CIF", "declared_on": "2026-11-27", "fx": {"USD/CNY": "6.7628"}}


def body(hs_code: str, quantity: str = "1000 kg", **more: Any) -> dict[str, Any]:
    top: dict[str, Any] = {name: more.pop(name) for name in ("regime", "language", "incoterm") if name in more}
    price = more.pop("price", {"amount": "10000", "currency": "USD", "per": "total"})
    return {**BASE, **top, "goods": [{"hs_code": hs_code, "quantity": quantity, "price": price, **more}]}


def quoted(client: FlaskClient, asked: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/quotes?store=false", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def refused(client: FlaskClient, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    answer = client.post("/v1/quotes?store=false", json=asked)
    assert answer.status_code == 422, answer.text
    document = answer.get_json()
    (error,) = document["errors"]
    return document["type"], error


def duty(document: dict[str, Any]) -> str:
    return document["totals"]["customs_duty"]["amount"]


@pytest.mark.parametrize(
    ("claim", "amount"),
    [
        # 67,628.00 x 7% for the part, x 30% for the rest of the line
        (True, "4733.96"),
        (AVOCADO, "4733.96"),
        (False, "20288.40"),
    ],
)
def test_a_part_is_claimed_or_denied(client: FlaskClient, claim: bool | str, amount: str) -> None:
    document = quoted(client, body("08119090", tariff_part=claim))
    assert duty(document) == amount
    assert "partial_provisional" not in {each["code"] for each in document["warnings"]}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "lower provisional rate"), ("es", "tasa provisional propia más baja"), ("zh", "较低的暂定税率")],
)
def test_a_quote_says_which_part_has_a_lower_rate(client: FlaskClient, language: str, words: str) -> None:
    document = quoted(client, body("08119090", language=language))
    (told,) = (each["text"] for each in document["warnings"] if each["code"] == "partial_provisional")
    assert AVOCADO in told
    assert words in told
    assert duty(document) == "20288.40"
    assert document["outcome"]["range"]["low"]["customs_duty"]["amount"] == "4733.96"


@pytest.mark.parametrize(
    ("language", "action"),
    [("en", "give tariff.duty"), ("es", "dé tariff.duty"), ("zh", "填写tariff.duty")],
)
def test_a_part_whose_rate_nobody_read_asks_for_it(client: FlaskClient, language: str, action: str) -> None:
    document = quoted(client, body("03035990", tariff_part=True, language=language))
    # 7% of 67,628.00, the rate of the whole line
    assert duty(document) == "4733.96"
    (reason,) = (each for each in document["outcome"]["reasons"] if each["code"] == "part_rate_unread")
    assert CAPELIN in reason["text"]
    assert reason["pointer"] == "/goods/0/tariff/duty"
    assert action in reason["action"]
    assert document["outcome"]["status"] == "estimated"
    assert [
        each["width"] for each in document["outcome"]["range"]["sources"] if each["code"] == "part_rate_unread"
    ] == [None]
    assert any(each["rate"] is None for each in document["alternatives"])


@pytest.mark.parametrize(
    ("asked", "problem", "pointer", "allowed"),
    [
        (body("08044000", tariff_part=True), "no-part-of-the-line", "/goods/0/tariff_part", ["false"]),
        (body("08119090", tariff_part="mangos"), "which-part-of-the-line", "/goods/0/tariff_part", [AVOCADO]),
        (body("08119090", tariff_part="true"), "which-part-of-the-line", "/goods/0/tariff_part", [AVOCADO]),
        (body("10059000", tariff_part=True, tariff_quota=True), "part-beside-quota", "/goods/0/tariff_part", []),
        (body("08119090", tariff_part=True, origin="unknown"), "part-needs-mfn-origin", "/goods/0/tariff_part", []),
        (body("08044000", tariff_quota=True), "no-tariff-quota", "/goods/0/tariff_quota", []),
    ],
)
def test_a_claim_to_what_the_line_does_not_have(
    client: FlaskClient, asked: dict[str, Any], problem: str, pointer: str, allowed: list[str]
) -> None:
    kind, error = refused(client, asked)
    assert kind == f"/problems/{problem}"
    assert error["pointer"] == pointer
    assert error["allowed"] == allowed


@pytest.mark.parametrize("given", [1, None, [], {}, "", " "])
def test_what_is_no_claim_to_a_part(client: FlaskClient, given: object) -> None:
    answer = client.post("/v1/quotes?store=false", json=body("08119090", tariff_part=given))
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == ["/goods/0/tariff_part"]


def test_goods_outside_the_tables_have_no_part(client: FlaskClient) -> None:
    asked = body("", tariff={"duty": "10%", "vat": "13%"}, description="widgets", tariff_part=True)
    del asked["goods"][0]["hs_code"]
    _, error = refused(client, asked)
    assert error["detail"].startswith("No part of the line is known to have a provisional rate of its own on this day")


def test_consumption_tax_that_hangs_on_a_fact_asks_for_it(client: FlaskClient) -> None:
    kind, error = refused(client, body("32081000", origin="MX"))
    assert kind == "/problems/attribute-missing"
    assert error["pointer"] == "/goods/0/attributes/voc_g_per_l"
    # The class is exempt up to 420 g/L: a number of each class may be sent
    assert sorted(error["allowed"]) == ["420", "421"]
    kind, error = refused(client, body("85061011", quantity="1000 unit"))
    assert error["pointer"] == "/goods/0/attributes/mercury_free"
    assert error["allowed"] == ["no", "yes"]
    # Duty 8% of 67,628.00 is 5,410.24; 4% of the grossed-up price: 73,038.24 x 4% / 96% = 3,043.26
    document = quoted(client, body("85061011", quantity="1000 unit", attributes={"mercury_free": "no"}))
    assert duty(document) == "5410.24"
    assert document["totals"]["consumption_tax"]["amount"] == "3043.26"


def test_a_list_of_another_year_leaves_e_commerce_unknown(client: FlaskClient) -> None:
    """04029100 was read on the list of 2016; of the list in force nothing was: neither open nor closed, and not the best."""
    small = {"amount": "100", "currency": "CNY", "per": "total"}
    document = quoted(client, body("04029100", quantity="1 kg", price=small, regime="best"))
    assert document["regime"] != "cbec_retail"
    retail = quoted(client, body("04029100", quantity="1 kg", price=small, regime="cbec_retail"))
    assert retail["outcome"]["status"] == "estimated"
    assert "cbec_list_of_another_year" in {each["code"] for each in retail["outcome"]["reasons"]}
    stated = body("04029100", quantity="1 kg", price=small, regime="best", tariff={"cbec": True})
    assert quoted(client, stated)["regime"] in ("cbec_retail", "postal_articles", "general_trade")


def test_a_comparison_says_unknown_too(client: FlaskClient) -> None:
    small = {"amount": "100", "currency": "CNY", "per": "total"}
    asked = body("04029100", quantity="1 kg", price=small)
    answer = client.post("/v1/comparisons", json={**asked, "vary": {"regime": ["general_trade", "cbec_retail"]}})
    assert answer.status_code == 200, answer.text
    status = {each["differs"]["regime"]: each["status"] for each in answer.get_json()["scenarios"]}
    assert status == {"general_trade": "open", "cbec_retail": "unknown"}


def test_the_vat_of_gold_is_open_between_an_exemption_and_13_percent(client: FlaskClient) -> None:
    document = quoted(client, body("71081200", quantity="1000 g"))
    # 67,628.00 x 13%; the schedule's general rule says 13%, another file of ours an exemption that nobody verified
    assert document["totals"]["vat"]["amount"] == "8791.64"
    assert document["outcome"]["range"]["low"]["vat"]["amount"] == "0.00"
    assert "vat_rate_open" in {each["code"] for each in document["outcome"]["reasons"]}


def test_a_row_and_the_command_line_claim_a_part(client: FlaskClient) -> None:
    row = "hs_code,quantity,price,currency,per,incoterm,fx,declared_on,tariff_part\n"
    row += "08119090,1000 kg,10000,USD,total,CIF,USD/CNY:6.7628,2026-11-27,true\n"
    answer = client.post("/v1/batches", data=row.encode(), content_type="text/csv")
    assert answer.status_code == 200, answer.text
    assert "4733.96" in answer.text
    words = "quote --hs-code 08119090 --price 10000 --currency USD --incoterm CIF --declared-on 2026-11-27 --json"
    asked = [*words.split(), "--quantity", "1000 kg", "--fx", "USD/CNY=6.7628", "--tariff-part", AVOCADO]
    said = CliRunner().invoke(main, asked)
    assert said.exit_code == 0, said.output
    assert '"4733.96"' in said.output
