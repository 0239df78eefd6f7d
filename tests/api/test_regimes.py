# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The regimes over HTTP: the limits, rates and waivers of the days on which the notices changed them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.wording import LANGUAGES
from calculator.way import REGIMES


def regimes(client: FlaskClient, **query: str) -> dict[str, dict[str, Any]]:
    """The regimes by their codes."""
    response = client.get("/v1/regimes", query_string=query)
    assert response.status_code == 200, response.text
    return {each["code"]: each for each in response.json["items"]}


def figures(client: FlaskClient, code: str, on: str) -> dict[str, str]:
    """The figures of a regime on a day, by their names."""
    return {each["code"]: each["value"] for each in regimes(client, on=on)[code]["figures"]}


def test_every_regime_of_a_request_is_listed(client: FlaskClient):
    document = client.get("/v1/regimes").json
    assert tuple(each["code"] for each in document["items"]) == REGIMES
    assert (document["total"], document["next"]) == (3, None)


@pytest.mark.parametrize(
    ("on", "order", "year"),
    [
        ("2016-04-08", "2000", "20000"),  # CaiGuanShui 2016 No. 18
        ("2018-12-31", "2000", "20000"),
        ("2019-01-01", "5000", "26000"),  # CaiGuanShui 2018 No. 49
        ("2026-11-23", "5000", "26000"),
    ],
)
def test_the_limits_of_e_commerce(on: str, order: str, year: str, client: FlaskClient):
    found = figures(client, "cbec_retail", on)
    assert (found["cbec_order_limit"], found["cbec_annual_limit"]) == (order, year)
    assert (found["cbec_tax_share"], found["cbec_duty_rate"]) == ("0.70", "0")


@pytest.mark.parametrize(
    ("on", "rates", "limit"),
    [
        ("2018-10-31", ("0.15", "0.30", "0.60"), "1000"),
        ("2018-11-01", ("0.15", "0.25", "0.50"), "1000"),
        ("2019-04-09", ("0.13", "0.20", "0.50"), "1000"),
        ("2024-12-01", ("0.13", "0.20", "0.50"), "2000"),  # GACC Ann. 2024 No. 176
    ],
)
def test_the_rates_of_the_post(on: str, rates: tuple[str, ...], limit: str, client: FlaskClient):
    found = figures(client, "postal_articles", on)
    assert tuple(found[f"postal_rate_{each}"] for each in ("low", "middle", "high")) == rates
    assert (found["postal_value_limit"], found["postal_tax_waiver"]) == (limit, "50")


def test_a_regime_that_had_not_begun_has_no_figures(client: FlaskClient):
    found = regimes(client, on="2016-04-07")["cbec_retail"]
    assert (found["figures"], found["citations"], found["covered_from"]) == ([], [], "2016-04-08")


def test_general_trade_has_its_waivers_and_the_law_of_the_day(client: FlaskClient):
    found = regimes(client, on="2026-11-23")["general_trade"]
    waiver = next(each for each in found["figures"] if each["code"] == "duty_waiver")
    assert (waiver["value"], waiver["unit"], waiver["source"], waiver["confidence"]) == (
        "50",
        "CNY",
        "mof-gacc-2024-17",
        "C",
    )
    assert (waiver["valid_from"], waiver["valid_to"]) == ("2024-12-01", None)
    assert found["citations"][0]["source"] == "cn-customs-tariff-law-2024"
    assert found["citations"][0]["effective_from"] == "2024-12-01"
    earlier = regimes(client, on="2024-11-30")["general_trade"]
    assert earlier["citations"][0]["source"] == "cn-tariff-regulations-2003"


def test_the_regimes_are_told_in_every_language(client: FlaskClient):
    names = {said: regimes(client, language=said)["cbec_retail"]["name"] for said in LANGUAGES}
    assert names["en"] == "Cross-border e-commerce retail import"
    assert len(set(names.values())) == len(LANGUAGES)
    response = client.get("/v1/regimes", headers={"Accept-Language": "es-MX"})
    assert response.headers["Content-Language"] == "es"
    (share,) = [each for each in response.json["items"][1]["figures"] if each["code"] == "cbec_tax_share"]
    assert share["text"] == "70% del impuesto legal"
    for code in REGIMES:
        assert len({regimes(client, language=said)[code]["text"] for said in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("on", ["1980-01-01", "1999-01-01", "2001-12-31"])
def test_a_day_before_the_tables_is_told_with_the_table(on: str, client: FlaskClient):
    """The oldest figure is the presumed insurance of GACC Order 88, from 2002-01-01."""
    response = client.get("/v1/regimes", query_string={"on": on})
    assert response.status_code == 404
    (error,) = response.json["errors"]
    assert (error["code"], error["pointer"], error["allowed"]) == ("no_row_in_force", "?/on", ["2002-01-01"])
    assert "Table import-taxes has no row for general trade" in error["detail"]
    assert regimes(client, on="2002-01-01")["general_trade"]["figures"]


def test_units_are_in_the_readers_language(client: FlaskClient):
    def told(language: str) -> dict[str, str]:
        found = regimes(client, language=language).values()
        return {each["code"]: each["text"] for regime in found for each in regime["figures"]}

    codes = ("duty_waiver", "payment_period", "cbec_tax_share", "waiver_includes_limit", "late_declaration_rate")
    said = {language: [told(language).get(code) for code in codes] for language in LANGUAGES}
    assert said["es"][:3] == ["50 CNY", "15 días", "70% del impuesto legal"]
    assert said["zh"] == ["50 元", "15 天", "70%（法定应纳税额）", said["zh"][3], "0.05%（计税价格，每日）"]


def test_a_page_at_a_time(client: FlaskClient):
    first = client.get("/v1/regimes?limit=2").json
    assert (len(first["items"]), first["total"], first["next"]) == (2, 3, "cbec_retail")
    second = client.get(f"/v1/regimes?limit=2&cursor={first['next']}").json
    assert [each["code"] for each in second["items"]] == ["postal_articles"]


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient):
    etag = client.get("/v1/regimes").headers["ETag"]
    assert client.get("/v1/regimes", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("query", "status", "code", "pointer"),
    [
        ("on=yesterday", 422, "not_a_day", "?/on"),
        ("on=1979-12-31", 422, "day_out_of_range", "?/on"),
        ("day=2026-11-23", 422, "unknown_field", "?/day"),
        ("limit=0", 422, "wrong_form", "?/limit"),
        ("cursor=best", 404, "unknown_cursor", "?/cursor"),
        ("language=fr", 422, "not_a_choice", "?/language"),
    ],
)
def test_what_cannot_be_asked(query: str, status: int, code: str, pointer: str, client: FlaskClient):
    response = client.get(f"/v1/regimes?{query}")
    assert response.status_code == status
    assert [(each["code"], each["pointer"]) for each in response.json["errors"]] == [(code, pointer)]
