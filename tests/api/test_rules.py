# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The rules of law over HTTP: every rule of the engine is found, with its formula, its rounding, its article and its days."""

import importlib
import pkgutil
from typing import Any

import pytest
from flask.testing import FlaskClient

import calculator
from api.rulebook import meaning, rules
from calculator.rules import Rule, rule, sum_of


def told(client: FlaskClient, name: str, **query: str) -> dict[str, Any]:
    response = client.get(f"/v1/rules/{name}", query_string=query)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json
    return document


def names(client: FlaskClient, **query: str) -> list[str]:
    """The rules that a search finds."""
    response = client.get("/v1/rules", query_string={"limit": "1000", **query})
    assert response.status_code == 200, response.text
    return [each["name"] for each in response.json["items"]]


def test_no_rule_of_the_engine_is_missing(client: FlaskClient):
    """By what the modules say themselves: every function under @rule, under a name that no other has."""
    written = set()
    for module in pkgutil.iter_modules(calculator.__path__):
        for value in vars(importlib.import_module(f"calculator.{module.name}")).values():
            if isinstance(value, Rule) and value.function.__doc__:
                written.add(value.function)
    assert {each.function for each in rules().values()} == written
    assert len(rules()) == len(written)
    assert names(client) == list(rules())
    assert {"customs_value", "customs_duty", "trade_remedy", "vat", "retail_vat", "postal_articles_tax"} <= set(rules())


def test_import_vat(client: FlaskClient):
    """VAT Law art. 14, in force from 2026-01-01."""
    found = told(client, "vat")
    assert (found["computes"], found["label"], found["module"]) == ("vat", "Import VAT", "calculator.taxes")
    assert found["text"].startswith("Import VAT on customs value, duties and consumption tax together")
    assert found["formula"] == "(customs value + customs duty + trade-remedy duties + consumption tax) × VAT rate"
    assert [each["code"] for each in found["inputs"]] == [
        "customs_value",
        "customs_duty_due",
        "trade_remedies",
        "consumption_tax_due",
        "vat_rate",
    ]
    assert (found["rounding"]["step"], found["rounding"]["mode"]) == ("0.01", "half_up")
    assert (found["rounding"]["citation"]["source"], found["rounding"]["citation"]["article"]) == (
        "cn-gacc-decree-272",
        "art. 13",
    )
    (law,) = found["citations"]
    assert (law["source"], law["article"], law["effective_from"]) == ("cn-vat-law-2024", "art. 14", "2026-01-01")
    assert [(each["until"], each["source"]) for each in law["before"]] == [("2025-12-31", "cn-vat-regulations")]
    assert found["trade_remedies"] is None


def test_the_inputs_lead_to_the_rules_that_give_them(client: FlaskClient):
    found = {each["code"]: each["computed_by"] for each in told(client, "duty_waiver")["inputs"]}
    assert {"customs_duty", "lower_duty", "sliding_duty"} <= set(found["customs_duty"])
    assert found["total_customs_duty"] == found["customs_duty"]
    assert found["duty_waiver_limit"] == []


@pytest.mark.parametrize("q", ["anti-dumping", "ANTI_DUMPING", "反倾销", "antidumping"])
def test_the_rule_of_anti_dumping_is_found_with_its_articles_and_its_days(q: str, client: FlaskClient):
    assert names(client, q=q) == ["trade_remedy"]


def test_trade_remedies_name_the_rows_of_the_table(client: FlaskClient):
    found = told(client, "trade_remedy")
    articles = [(each["source"], each["article"], each["effective_from"]) for each in found["citations"]]
    assert ("cn-customs-tariff-law-2024", "art. 16", "2024-12-01") in articles
    table = found["trade_remedies"]
    assert client.get(table["csv"]).status_code == 200
    kinds = {each["kind"]: each for each in table["kinds"]}
    assert set(kinds) == {"anti_dumping", "countervailing", "safeguard", "retaliatory"}
    assert (kinds["retaliatory"]["rows"], kinds["retaliatory"]["measures"]) == (0, [])
    assert sum(each["rows"] for each in kinds.values()) == len(client.get(table["csv"]).text.splitlines()) - 1
    opened = next(each for each in kinds["anti_dumping"]["measures"] if each["source"] == "mofcom-2025-52")
    assert (opened["valid_from"], opened["valid_to"], opened["charged"]) == ("2025-09-25", "2026-08-09", False)
    assert (opened["hs_codes"], opened["confidence"]) == (["08029990"], "A")
    (beef,) = kinds["safeguard"]["measures"]
    assert (beef["rate"], beef["valid_from"], beef["valid_to"], len(beef["hs_codes"])) == (
        "55%",
        "2026-01-01",
        "2028-12-31",
        6,
    )


def test_a_condition_inside_a_formula_stands_in_brackets(client: FlaskClient):
    formula = told(client, "consumption_tax_on_cigarettes")["formula"]
    assert "(if " in formula
    assert "(1 − (if " in formula


def test_a_search_has_every_word(client: FlaskClient):
    assert names(client, q="sliding cotton") == ["sliding_duty", "sliding_rate"]
    assert names(client, q="nothing of the kind") == []
    assert "vat" in names(client, q="cn-vat-law-2024 art. 14")
    assert names(client, q="") == list(rules())


def test_the_rules_are_told_in_every_language(client: FlaskClient):
    assert told(client, "vat", language="es")["label"] == "IVA de importación"
    chinese = client.get("/v1/rules/vat", headers={"Accept-Language": "zh-CN"})
    assert chinese.headers["Content-Language"] == "zh"
    assert chinese.json["citations"][0]["title"] == "中华人民共和国增值税法"


def test_a_page_at_a_time(client: FlaskClient):
    first = client.get("/v1/rules?limit=3").json
    assert (len(first["items"]), first["total"], first["next"]) == (3, len(rules()), list(rules())[2])
    second = client.get(f"/v1/rules?limit=1000&cursor={first['next']}").json
    assert [each["name"] for each in second["items"]] == list(rules())[3:]


@pytest.mark.parametrize(
    ("name", "nearest"), [("import_vat", "vat"), ("anti-dumping", "trade_remedy"), ("custom-duty", "customs_duty")]
)
def test_an_unknown_rule_is_told_with_what_is_near(name: str, nearest: str, client: FlaskClient):
    response = client.get(f"/v1/rules/{name}")
    assert response.status_code == 404
    (error,) = response.json["errors"]
    assert (error["code"], error["pointer"]) == ("unknown_rule", "/name")
    assert nearest in error["allowed"]


@pytest.mark.parametrize("name", ["中", "nope", "x", "%20"])
def test_where_nothing_is_near_nothing_is_offered(name: str, client: FlaskClient):
    (error,) = client.get(f"/v1/rules/{name}").json["errors"]
    assert (error["code"], error["allowed"]) == ("unknown_rule", [])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "The surcharge for late payment (滞纳金) on one tax of the consignment: a share of it for each day, in yuan.",
        ),
        (
            "es",
            "Recargo por pago tardío (滞纳金) de un impuesto del envío: una parte de él por cada día, en yuanes.",
        ),
        ("zh", "一票货物某一税种的滞纳金：按日以该税款的一定比例计收，以人民币计。"),
    ],
)
def test_what_a_rule_computes_is_told_in_every_language(language: str, text: str, client: FlaskClient):
    assert told(client, "late_payment", language=language)["text"] == text


def test_no_rule_is_told_in_english_to_others(client: FlaskClient):
    texts = {
        language: [each["text"] for each in client.get(f"/v1/rules?limit=1000&language={language}").json["items"]]
        for language in ("en", "es", "zh")
    }
    assert all(len({*told}) == 3 for told in zip(*texts.values(), strict=True))


@pytest.mark.parametrize(
    ("address", "status", "code", "pointer"),
    [
        ("/v1/rules?name=vat", 422, "unknown_field", "?/name"),
        ("/v1/rules?cursor=nobody", 404, "unknown_cursor", "?/cursor"),
        ("/v1/rules/vat?on=2026-11-23", 422, "unknown_field", "?/on"),
    ],
)
def test_what_cannot_be_asked(address: str, status: int, code: str, pointer: str, client: FlaskClient):
    response = client.get(address)
    assert response.status_code == status
    assert [(each["code"], each["pointer"]) for each in response.json["errors"]] == [(code, pointer)]


def test_a_rule_means_the_first_sentence_of_its_docstring():
    @rule(cites="law art. 1")
    def toll(m: Any, value: Any) -> Any:
        """The toll of art. 1 of the
        law, in yuan. It is never read further."""
        return value

    assert meaning(toll) == "The toll of art. 1 of the law, in yuan."


def test_what_is_only_made_of_other_rules_is_none():
    assert sum_of("taxes", ["vat"]) not in rules().values()
