# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""Tariff lines over HTTP: what is found, what is told of a line, and how nonsense is refused."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from werkzeug.test import TestResponse

from api import create_app
from api.line_document import BRIEF, HEADING, LINE
from api.lookups import DAY_OF_LAW
from api.meta_document import page_of
from api.settings import Settings
from api.store import Store
from api.tariff_lines import Lookup
from tariffs.book import Book
from tariffs.control_letters import ControlLetters
from tariffs.expressions import duty_rate, expression
from tariffs.records import Records

AVOCADO = "/v1/tariff-lines/08044000"


def told(client: FlaskClient, address: str, schema: dict[str, Any] = LINE, **query: str) -> dict[str, Any]:
    """What is answered, held to its schema."""
    response = client.get(address, query_string=query)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    return document


def refused(response: TestResponse, status: int, pointer: str, code: str) -> dict[str, Any]:
    """The one error of a problem at a pointer."""
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
    (found,) = [error for error in response.json["errors"] if error["pointer"] == pointer]
    assert found["code"] == code
    return dict(found)


# --- a line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["08044000", "0804.40.00", "0804 40 00", "0804400000", "0804.40.00.00"])
def test_avocado_by_any_spelling(client: FlaskClient, written: str) -> None:
    line = told(client, f"/v1/tariff-lines/{written}")
    assert (line["hs_code"], line["on"]) == ("08044000", "2026-11-23")
    codes = [each["code"] for each in line["assumptions"]]
    assert codes == (["ten_digits_priced_by_eight"] if sum(map(str.isdigit, written)) == 10 else [])


def test_avocado(client: FlaskClient) -> None:
    line = told(client, AVOCADO)
    rates = line["rates"]
    assert {name: rates[name]["rate"] for name in ("mfn", "provisional", "general")} == {
        "mfn": "25%",
        "provisional": "7%",
        "general": "80%",
    }
    assert (rates["provisional"]["valid_from"], rates["provisional"]["valid_to"]) == ("2026-01-01", "2026-12-31")
    assert rates["tariff_quota"] is rates["quota_provisional"] is None
    assert line["vat"]["open"] is False
    assert [each["rate"] for each in line["vat"]["rates"]] == ["9%"]
    assert line["consumption_tax"] == {"outside_every_heading": True, "cases": []}
    assert [each["code"] for each in line["units"]] == ["kg"]
    assert line["names"]["en"] == {"text": "Avocados, fresh or dried", "origin": "ours"}
    assert line["names"]["es"]["origin"] == line["names"]["zh"]["origin"] == "official"
    assert line["page"] == "146"
    assert "avocado-fresh" in line["products"]
    assert "等级" in line["declaration_elements"]["zh"]
    assert [each["market_access"] for each in line["requirements"] if each["code"] == "market_access"] == ["admitted"]
    assert {each["letter"]: each["meaning"] for each in line["supervision"]}[
        "A"
    ] == "inspection and quarantine at entry"


def test_every_source_is_cited(client: FlaskClient, real_book: Book) -> None:
    line = told(client, AVOCADO)
    cited = {each["id"]: each for each in line["citations"]}
    assert {"cn-tariff-2026", "cn-tariff-plan-2026", "cn-vat-law-2024", "htshub"} <= cited.keys()
    assert cited["cn-vat-law-2024"]["title_zh"] == "中华人民共和国增值税法"
    assert cited["cn-tariff-2026"]["url"] == real_book.records.sources["cn-tariff-2026"].url


def test_the_history_tells_every_day(client: FlaskClient) -> None:
    history = told(client, AVOCADO)["history"]
    provisional = [(each["valid_from"], each["rate"]) for each in history if each["measure"] == "provisional"]
    assert provisional[0] == ("2016-01-01", "10%")
    assert ("2017-12-01", "7%") in provisional
    vat = [(each["valid_from"], each["rate"]) for each in history if each["measure"] == "vat"]
    assert vat[-4:] == [("2017-07-01", "11%"), ("2018-05-01", "10%"), ("2019-04-01", "9%"), ("2026-01-01", "9%")]


@pytest.mark.parametrize(
    ("on", "provisional", "vat"),
    [
        ("2017-11-30", "10%", "11%"),
        ("2017-12-01", "7%", "11%"),
        ("2018-05-01", "7%", "10%"),
        ("2019-04-01", "7%", "9%"),
    ],
)
def test_a_past_day_has_the_law_of_that_day(client: FlaskClient, on: str, provisional: str, vat: str) -> None:
    line = told(client, AVOCADO, on=on)
    assert line["on"] == on
    assert line["rates"]["provisional"]["rate"] == provisional
    assert [each["rate"] for each in line["vat"]["rates"]] == [vat]


def test_a_day_after_the_tables_says_so(client: FlaskClient) -> None:
    line = told(client, AVOCADO, on="2027-02-01")
    assert line["rates"]["provisional"] is None
    assert [each["rate"] for each in line["rates"]["ended"]] == ["7%"]
    warned = [each["text"] for each in line["warnings"] if each["code"] == "table_not_updated"]
    assert any("customs-schedule" in text for text in warned)


def test_beer_has_its_threshold_and_tequila_its_compound_tax(client: FlaskClient) -> None:
    by_litre, beer = told(client, "/v1/tariff-lines/22030000")["consumption_tax"]["cases"]
    assert (by_litre["condition"], by_litre["rates"]) == ("measured_by? = litre", ["0.253 CNY/L"])
    assert (beer["rates"], beer["rates_below"], beer["litres_per_tonne"]) == (["250 CNY/t"], ["220 CNY/t"], "988")
    assert beer["thresholds"] == [{"value": "370", "currency": "USD", "unit": "t"}]
    (tequila,) = told(client, "/v1/tariff-lines/22089010")["consumption_tax"]["cases"]
    assert "20% + 0.912 CNY/L" in tequila["rates"]


def test_conditions_are_told_and_open_vat_says_so(client: FlaskClient, real_book: Book) -> None:
    cases = told(client, "/v1/tariff-lines/85061011")["consumption_tax"]["cases"]
    conditions = {each["condition"]: (each["form"], each["rates"]) for each in cases}
    assert conditions == {"mercury_free = no": ("ad_valorem", ["4%"]), "mercury_free = yes": ("none", [])}
    records = real_book.records
    code = next(raw[0] for raw in records.file("cn/vat_lines.csv").rows if raw[1] == "reduced|standard")
    vat = told(client, f"/v1/tariff-lines/{code}")["vat"]
    assert vat["open"] is True
    assert sorted(each["rate"] for each in vat["rates"]) == ["13%", "9%"]


def test_parts_and_trade_remedies(client: FlaskClient, real_book: Book) -> None:
    cotton = told(client, "/v1/tariff-lines/52010000")["rates"]
    assert (cotton["mfn"]["rate"], cotton["tariff_quota"]["rate"]) == ("40%", "1%")
    assert any(each["rate"].startswith("sliding(") for each in cotton["parts"] if each["rate"])
    beef = told(client, "/v1/tariff-lines/02013000")["trade_remedies"]
    assert [(each["rate"], each["origins"]) for each in beef["pending"]] == [("55%", ["MX"])]
    assert beef["in_force"] == []


def test_every_line_keeps_to_its_schema(client: FlaskClient, real_book: Book) -> None:
    validator = Draft202012Validator(LINE)
    for code in real_book.records.codes[::60]:
        document = client.get(f"/v1/tariff-lines/{code}").json
        assert next(validator.iter_errors(document), None) is None, code
        for each in document["history"]:
            if each["rate"] and each["measure"] not in ("vat", "consumption_tax"):
                assert expression(duty_rate(each["rate"])) == each["rate"]


@pytest.mark.parametrize(
    ("headers", "query", "spoken", "label"),
    [
        ({}, "", "en", "MFN rate"),
        ({"Accept-Language": "es-MX"}, "", "es", "Tasa NMF"),
        ({"Accept-Language": "es-MX"}, "?language=zh", "zh", "最惠国税率"),
    ],
)
def test_it_speaks_the_language_asked(
    client: FlaskClient, headers: dict[str, str], query: str, spoken: str, label: str
) -> None:
    response = client.get(AVOCADO + query, headers=headers)
    assert response.content_language.as_set() == {spoken}
    line = response.json
    assert line["name"] == line["names"][spoken]["text"]
    assert line["rates"]["mfn"]["label"].lower() == label.lower() or spoken == "es"
    problem = client.get(f"/v1/tariff-lines/9904{query}", headers=headers)
    assert problem.content_language.as_set() == {spoken}


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get(AVOCADO).headers["ETag"]
    again = client.get(AVOCADO, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(AVOCADO, query_string={"language": "es"}).headers["ETag"] != etag
    assert client.get(AVOCADO, query_string={"on": "2018-01-01"}).headers["ETag"] != etag


# --- a heading ---------------------------------------------------------------------------------------------------


def test_a_heading_lists_its_lines(client: FlaskClient, real_book: Book) -> None:
    heading = told(client, "/v1/tariff-lines/0804", HEADING)
    assert (heading["level"], heading["total"]) == ("heading", 7)
    assert [each["hs_code"] for each in heading["lines"]] == [
        c for c in real_book.records.codes if c.startswith("0804")
    ]
    assert heading["names"]["zh"]["text"].startswith("鲜或干的椰枣")
    avocado = next(each for each in heading["lines"] if each["hs_code"] == "08044000")
    assert avocado["rates"]["mfn"] == "25%"
    assert (avocado["rates"]["provisional"], avocado["rates"]["vat"]) == ("7%", ["9%"])


def test_a_subheading_lists_its_lines(client: FlaskClient) -> None:
    subheading = told(client, "/v1/tariff-lines/0805.50", HEADING, language="es")
    assert (subheading["level"], subheading["total"]) == ("subheading", 1)
    assert subheading["name"].startswith("Limones")


def test_lines_without_rates_on_a_past_day_are_still_listed(client: FlaskClient) -> None:
    heading = told(client, "/v1/tariff-lines/0804", HEADING, on="2018-01-01")
    covered = [each["hs_code"] for each in heading["lines"] if each["rates"] is not None]
    assert covered == ["08044000"]


@pytest.mark.parametrize(("language", "word"), [("en", "first day"), ("es", "primer día"), ("zh", "customs-schedule")])
def test_a_line_without_rates_says_why(client: FlaskClient, language: str, word: str) -> None:
    query = {"q": "aguacate", "on": "1990-01-01", "language": language}
    for item in told(client, "/v1/tariff-lines", page_of(BRIEF), **query)["items"]:
        reason = item["without_rates"]
        assert (item["rates"], reason["code"], reason["table"]) == (None, "no_row_in_force", "customs-schedule")
        assert reason["covered_from"] in ("2016-01-01", "2026-01-01")
        assert word in reason["text"]
    items = client.get("/v1/tariff-lines?q=aguacate&on=2026-11-23").json["items"]
    assert all(item["rates"] and item["without_rates"] is None for item in items)


@pytest.mark.parametrize(
    ("hs", "language", "said"),
    [
        ("52010000", "es", "para un valor P menor que"),
        ("52010000", "zh", "价值P低于"),
        ("40011000", "en", "the lower of 10% and 900 CNY/t"),
        ("40011000", "es", "el menor entre 10% y 900 CNY/t"),
    ],
)
def test_a_form_of_duty_is_told_in_words(client: FlaskClient, hs: str, language: str, said: str) -> None:
    line = told(client, f"/v1/tariff-lines/{hs}", on="2026-11-23", language=language)
    assert any(each["text"] and each["text"].startswith(said) for each in line["history"])


def test_a_part_is_told_in_the_readers_language(client: FlaskClient) -> None:
    parts = told(client, "/v1/tariff-lines/52010000", on="2026-11-23", language="es")["rates"]["parts"]
    assert [(each["part"], each["part_text"]) for each in parts] == [("sliding quota", "cupo con arancel móvil")]


def test_the_pattern_of_a_day_has_those_of_the_calendar_and_no_other() -> None:
    days = {
        f"{date(1980, 1, 1) + timedelta(days=each)}" for each in range((date(2099, 12, 31) - date(1980, 1, 1)).days + 1)
    }
    written = (f"{y}-{m:02}-{d:02}" for y in range(1970, 2111) for m in range(14) for d in range(33))
    assert {each for each in written if re.fullmatch(DAY_OF_LAW, each)} == days


def test_letters_of_an_overlay_are_told(tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    (tmp_path / "sources.toml").write_text('[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n')
    header = "kind,letter,text_en,text_es,text_zh,source,confidence\n"
    row = "supervision,A,My own words,Mis palabras,我的说法,mine,B\n"
    (tmp_path / "cn" / "control_letters.csv").write_text(header + row, encoding="utf-8")
    records = Records.load(tmp_path)
    letters = ControlLetters(records.file("cn/control_letters.csv"))
    assert letters.of("supervision", "A")[0].texts["en"] == "My own words"
    assert letters.of("supervision", "B")[0].source != "mine"
    found = Lookup(records).line("08044000", date(2026, 11, 23), ())
    assert found is not None
    assert [each["meaning"] for each in found["supervision"] if each["letter"] == "A"] in ([], ["My own words"])


@pytest.mark.parametrize("query", ["q=%ff", "q=%ed%a0%80", "%ff=1", "language=%c3"])
@pytest.mark.parametrize(
    "address",
    [
        *("/v1/tariff-lines", "/v1/tariff-lines/08044000", "/v1/products", "/v1/products/avocado-fresh", "/v1/meta"),
        *("/v1/sources", "/v1/sources/cn-tariff-2026", "/v1/changes", "/v1/changes.atom"),
        "/v1/tables/customs-schedule.csv",
    ],
)
def test_what_is_no_utf8_cannot_be_read(client: FlaskClient, address: str, query: str) -> None:
    response = client.get(f"{address}?{query}")
    assert (response.status_code, response.json["type"]) == (400, "/problems/bad-request")
    assert query in response.json["detail"]


# --- searching ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("q", ["aguacate", "agucate", "鳄梨", "eli", "0804.40"])
def test_the_right_line_is_first(client: FlaskClient, q: str) -> None:
    found = told(client, "/v1/tariff-lines", page_of(BRIEF), q=q, limit="5")
    assert found["items"][0]["hs_code"] == "08044000"
    assert len(found["items"]) == min(found["total"], 5)


def test_pages_follow_each_other(client: FlaskClient) -> None:
    whole = [each["hs_code"] for each in client.get("/v1/tariff-lines?q=camarones&limit=100").json["items"]]
    address, found = "/v1/tariff-lines?q=camarones&limit=7", []
    while address:
        response = client.get(address)
        found += [each["hs_code"] for each in response.json["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == (response.json["next"] is not None)
        address = link.partition(">")[0].removeprefix("<")
    assert found[:100] == whole
    assert len(found) == len(set(found)) == client.get("/v1/tariff-lines?q=camarones").json["total"]


def test_without_a_question_all_lines_are_listed(client: FlaskClient) -> None:
    found = told(client, "/v1/tariff-lines", page_of(BRIEF))
    assert (found["total"], len(found["items"]), found["next"]) == (8972, 20, found["items"][-1]["hs_code"])


def test_nothing_found_is_an_empty_list(client: FlaskClient) -> None:
    assert client.get("/v1/tariff-lines?q=zzzzzzzz").json == {"items": [], "total": 0, "next": None}


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "0",
        "080",
        "08044",
        "0804400",
        "080440000",
        "08044000000",
        "abc",
        "0804.4O",
        "０８０４",
        "-0804",
        "0804e0",
        "08_04",
        "0.8.0.4",
        "0804..40",
        ".0804",
        "%00",
        "٠٨٠٤",
    ],
)
def test_codes_of_no_form_are_refused_with_some_that_have_one(client: FlaskClient, written: str) -> None:
    error = refused(client.get(f"/v1/tariff-lines/{written}"), 422, "/hs", "wrong_form")
    assert error["allowed"]


@pytest.mark.parametrize("written", ["9904", "7700", "0000", "99999999", "00000000"])
def test_unknown_codes_offer_the_nearest(client: FlaskClient, written: str, real_book: Book) -> None:
    error = refused(client.get(f"/v1/tariff-lines/{written}"), 404, "/hs", "unknown_hs_code")
    assert 1 <= len(error["allowed"]) <= 5
    assert set(error["allowed"]) <= set(real_book.records.codes)


@pytest.mark.parametrize("written", ["080499", "08049900", "0804990000"])
def test_a_subheading_that_is_not_there_names_the_lines_of_its_heading(
    client: FlaskClient, written: str, real_book: Book
) -> None:
    error = refused(client.get(f"/v1/tariff-lines/{written}"), 404, "/hs", "subheading_not_there")
    assert error["allowed"] == [code for code in real_book.records.codes if code.startswith("0804")]


@pytest.mark.parametrize("address", ["/v1/tariff-lines/08044000", "/v1/tariff-lines/0804"])
def test_a_day_before_the_tables_names_the_table_and_its_first_day(client: FlaskClient, address: str) -> None:
    response = client.get(address, query_string={"on": "2015-12-31"})
    error = refused(response, 404, "?/on", "no_row_in_force")
    assert "customs-schedule" in error["detail"]
    assert error["allowed"] == ["2016-01-01"]
    assert refused(client.get("/v1/tariff-lines/2203?on=1980-01-01"), 404, "?/on", "no_row_in_force")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("q=", "?/q", "empty_text"),
        ("q=%20%20", "?/q", "empty_text"),
        ("q=" + "a" * 101, "?/q", "text_too_long"),
        ("q=a%00b", "?/q", "control_character"),
        ("q=a&q=b", "?/q", "duplicate_key"),
        ("limit=0", "?/limit", "wrong_form"),
        ("limit=101", "?/limit", "wrong_form"),
        ("limit=-1", "?/limit", "wrong_form"),
        ("limit=ten", "?/limit", "wrong_form"),
        ("limit=1.5", "?/limit", "wrong_form"),
        ("limit=%D9%A1", "?/limit", "wrong_form"),
        ("on=yesterday", "?/on", "not_a_day"),
        ("on=2026-02-30", "?/on", "not_a_day"),
        ("on=1979-12-31", "?/on", "day_out_of_range"),
        ("on=2100-01-01", "?/on", "day_out_of_range"),
        ("language=fr", "?/language", "not_a_choice"),
        ("fraccion=0804", "?/fraccion", "not_a_fraccion"),
        ("Q=aguacate", "?/Q", "unknown_field"),
    ],
)
def test_nonsense_after_the_question_mark(client: FlaskClient, query: str, pointer: str, code: str) -> None:
    refused(client.get(f"/v1/tariff-lines?{query}"), 422, pointer, code)


@pytest.mark.parametrize("cursor", ["zz", "99999999", "-1", "%00", "a" * 300, ""])
def test_a_cursor_that_names_nothing(client: FlaskClient, cursor: str) -> None:
    refused(client.get(f"/v1/tariff-lines?cursor={cursor}"), 404, "?/cursor", "unknown_cursor")


def test_several_mistakes_are_told_at_once(client: FlaskClient) -> None:
    response = client.get("/v1/tariff-lines?limit=0&on=x&q=&nonsense=1")
    assert {error["pointer"] for error in response.json["errors"]} == {"?/limit", "?/on", "?/q", "?/nonsense"}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hs=st.text(min_size=1, max_size=30).filter(lambda text: "/" not in text and text not in (".", "..")),
    query=st.dictionaries(
        st.sampled_from(["on", "q", "limit", "cursor", "language", "x"]), st.text(max_size=120), max_size=4
    ),
)
def test_nothing_makes_it_stumble(client: FlaskClient, hs: str, query: dict[str, str]) -> None:
    for address in ("/v1/tariff-lines", "/v1/products", "/v1/tariff-lines/08044000"):
        assert client.get(address, query_string=query).status_code in (200, 404, 422)
    for folder in ("tariff-lines", "products"):
        assert client.get(f"/v1/{folder}/" + hs).status_code in (200, 308, 404, 405, 422)


# --- the day ------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_midnight(real_book: Book, store: Store) -> Flask:
    """The application when it is still the day before in London."""
    return create_app(Settings(database=""), real_book, store, clock=lambda: datetime(2026, 12, 31, 16, 0, tzinfo=UTC))


def test_the_day_is_that_of_shanghai(at_midnight: Flask) -> None:
    line = at_midnight.test_client().get(AVOCADO).json
    assert line["on"] == "2027-01-01"
    assert line["rates"]["provisional"] is None


def test_figures_are_texts(client: FlaskClient) -> None:
    vat = told(client, AVOCADO)["vat"]["rates"][0]["rate"]
    assert Decimal(vat.removesuffix("%")) == 9
