# mypy: disable-error-code="index, union-attr, operator"
"""Exchange rates over HTTP: the last known rate with its day and age, histories, and the rate of customs.

Expected figures are the ECB's, read by eye, and their quotients reckoned in whole numbers.
"""

from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api import create_app
from api.fx_document import CUSTOMS, RATE
from api.settings import Settings
from api.store import Store
from calculator.errors import Unpriceable
from tariffs.book import Book
from tariffs.fx.keeping import CUSTOMS_RATES, MARKET_RATES, keep
from tariffs.fx.live import LiveFx
from tests.conftest import NOW

SVG = "{http://www.w3.org/2000/svg}"


def got(client: FlaskClient, path: str = "/v1/fx", **query: str) -> dict[str, Any]:
    response = client.get(path, query_string=query)
    assert response.status_code == 200, response.text
    schema = CUSTOMS if path.endswith("customs") else RATE
    assert [error.message for error in Draft202012Validator(schema).iter_errors(response.json)] == []
    found: dict[str, Any] = response.json  # type: ignore[assignment]
    return found


def refused(client: FlaskClient, path: str = "/v1/fx", **query: str) -> list[tuple[int, str, str]]:
    response = client.get(path, query_string=query)
    assert response.mimetype == "application/problem+json", response.text
    return [(response.status_code, each["code"], each["pointer"]) for each in response.json["errors"]]


def unending(dividend: int, divisor: int) -> str:
    """A quotient below ten to twelve decimals, half up, in whole numbers."""
    digits = f"{(2 * dividend * 10**12 + divisor) // (2 * divisor):013}"
    return f"{digits[:-12]}.{digits[-12:]}"


def test_the_last_known_rate_with_its_day_and_age(client: FlaskClient) -> None:
    assert got(client, base="USD", quote="CNY") == {
        "pair": "USD/CNY",
        "rate": unending(74326, 11172),
        "unrounded": True,
        "date": "2026-10-30",
        "source": "ecb-reference-rates",
        "age_days": 24,
        "stale": True,
        "published_as": "EUR/CNY 7.4326 ÷ EUR/USD 1.1172",
        "confidence": "A",
        "history": [],
    }


def test_a_weekend_is_answered_with_friday(client: FlaskClient) -> None:
    sunday = got(client, base="EUR", quote="CNY", on="2026-10-25")
    assert (sunday["date"], sunday["age_days"], sunday["stale"], sunday["rate"]) == ("2026-10-23", 2, False, "7.466")
    assert "unrounded" not in sunday


def test_a_history_has_the_days_of_publication(client: FlaskClient) -> None:
    found = got(client, base="EUR", quote="CNY", **{"from": "2026-10-24", "to": "2026-10-26"})
    assert [each["date"] for each in found["history"]] == ["2026-10-26"]
    found = got(client, base="CNY", quote="EUR", **{"from": "2026-10-30", "on": "2026-11-20"})
    assert found["history"] == [
        {"date": "2026-10-30", "rate": unending(10000, 74326), "unrounded": True, "source": "ecb-reference-rates"}
    ]
    assert (found["date"], found["age_days"]) == ("2026-10-30", 21)


def test_a_currency_in_itself(client: FlaskClient) -> None:
    found = got(client, base="CNY", quote="CNY")
    assert (found["rate"], found["source"], found["age_days"]) == ("1", None, 0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"base": "XXX", "quote": "CNY"}, (404, "unknown_currency", "?/base")),
        ({"base": "USD", "quote": "cny"}, (404, "unknown_currency", "?/quote")),
        ({"base": "USD"}, (422, "missing_field", "?/quote")),
        ({"base": "USD", "quote": "CNY", "on": "2026-11-24"}, (422, "day_out_of_range", "?/on")),
        ({"base": "USD", "quote": "CNY", "from": "2026-11-24"}, (422, "day_out_of_range", "?/from")),
        ({"base": "USD", "quote": "CNY", "from": "2026-01-01", "to": "2027-01-01"}, (422, "day_out_of_range", "?/to")),
        ({"base": "USD", "quote": "CNY", "on": "yesterday"}, (422, "not_a_day", "?/on")),
        ({"base": "MXN", "quote": "CNY", "on": "2008-01-01"}, (404, "no_exchange_rate", "?/on")),
        ({"base": "HRK", "quote": "CNY", "on": "2026-11-20"}, (404, "no_exchange_rate", "?/on")),
        ({"base": "USD", "quote": "CNY", "from": "2026-02-01", "to": "2026-01-01"}, (422, "days_reversed", "?/from")),
        (
            {"base": "USD", "quote": "CNY", "from": "2006-10-29", "to": "2026-10-30"},
            (422, "history_too_long", "?/from"),
        ),
        ({"base": "USD", "quote": "CNY", "to": "2026-10-30"}, (422, "missing_field", "?/from")),
        ({"base": "USD", "quote": "CNY", "frm": "2026-10-30"}, (422, "unknown_field", "?/frm")),
    ],
)
def test_bad_input(query: dict[str, str], expected: tuple[int, str, str], client: FlaskClient) -> None:
    assert refused(client, **query) == [expected]


def test_twenty_years_are_not_too_many(client: FlaskClient) -> None:
    found = got(client, base="USD", quote="CNY", **{"from": "2006-10-30", "to": "2026-10-30"})
    assert (found["history"][0]["date"], found["history"][-1]["date"]) == ("2006-10-30", "2026-10-30")


def test_a_day_to_come_is_told_which_days_there_are(client: FlaskClient) -> None:
    response = client.get("/v1/fx?base=MXN&quote=CNY&on=2026-12-01&language=es")
    assert response.json["errors"][0]["allowed"] == ["2008-01-02", "2026-11-23"]
    assert response.content_language.as_set() == {"es"}


@pytest.mark.parametrize(("path", "accept"), [("/v1/fx.csv", "*/*"), ("/v1/fx", "text/csv")])
def test_a_history_as_csv(path: str, accept: str, client: FlaskClient) -> None:
    query = {"base": "EUR", "quote": "CNY", "from": "2026-10-29", "to": "2026-11-05"}
    response = client.get(path, query_string=query, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    lines = response.text.splitlines()
    assert (lines[0], len(lines)) == ("date,pair,rate,source", 3)
    assert lines[2] == "2026-10-30,EUR/CNY,7.4326,ecb-reference-rates"


def test_csv_shows_a_year_where_no_first_day_is_named(client: FlaskClient) -> None:
    lines = client.get("/v1/fx.csv?base=EUR&quote=CNY&on=2026-10-30").text.splitlines()
    assert lines[1].startswith("2025-10-30,")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/fx", {}, 200),
        ("/v1/fx", {"Accept": "image/svg+xml"}, 200),
        ("/v1/fx", {"Accept": "application/pdf"}, 406),
        ("/v1/fx.csv", {}, 200),
        ("/v1/fx.svg", {}, 200),
        ("/v1/fx/customs", {}, 200),
        ("/v1/fx/customs", {"Accept": "text/csv"}, 406),
    ],
)
def test_forms_and_etags(path: str, headers: dict[str, str], status: int, client: FlaskClient) -> None:
    query = {} if "customs" in path else {"base": "USD", "quote": "CNY"}
    response = client.get(path, query_string=query, headers=headers)
    assert response.status_code == status
    if status == 200:
        known = {**headers, "If-None-Match": response.headers["ETag"]}
        again = client.get(path, query_string=query, headers=known)
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("language", "title", "axis", "last"),
    [
        ("en", "MXN/CNY: market rate, Oct 23, 2026 to Oct 30, 2026", "CNY for 1 MXN", "Oct 30, 2026"),
        ("es", "MXN/CNY: tipo de mercado, del 23 oct 2026 al 30 oct 2026", "CNY por 1 MXN", "30 oct 2026"),
        ("zh", "MXN/CNY市场汇率，2026年10月23日至2026年10月30日", "1 MXN 兑 CNY", "2026年10月30日"),
    ],
)
def test_a_history_as_a_picture(language: str, title: str, axis: str, last: str, client: FlaskClient) -> None:
    query = {"base": "MXN", "quote": "CNY", "from": "2026-10-23", "to": "2026-10-30", "language": language}
    response = client.get("/v1/fx.svg", query_string=query)
    assert (response.mimetype, response.headers["Content-Language"]) == ("image/svg+xml", language)
    drawn = ElementTree.fromstring(response.text)
    assert (drawn.get("role"), drawn.get("aria-labelledby")) == ("img", "picture-title picture-content")
    assert drawn.findtext(f"{SVG}title") == title
    # 7.466 ÷ 21.0226, 7.4326 ÷ 21.1237: what the ends of the line are.
    described = drawn.findtext(f"{SVG}desc")
    assert "0.351861" in described
    assert last in described
    texts = [each.text for each in drawn.iter(f"{SVG}text")]
    assert axis in texts
    assert last in texts
    points = drawn.find(f"{SVG}polyline").attrib["points"].split()
    assert len(points) == 6
    assert (points[0].split(",")[0], points[-1].split(",")[0]) == ("78", "760")


def test_a_picture_of_one_day_and_of_none(client: FlaskClient) -> None:
    one = client.get("/v1/fx.svg?base=EUR&quote=CNY&from=2026-10-30&to=2026-10-30").text
    assert "<circle" in one
    none = ElementTree.fromstring(client.get("/v1/fx.svg?base=EUR&quote=CNY&from=2026-11-01&to=2026-11-20").text)
    assert none.findtext(f"{SVG}title") == "EUR/CNY: no rate was published in these days"


# --- customs -----------------------------------------------------------------------------------------------------


def customs(client: FlaskClient, **query: str) -> dict[str, Any]:
    return got(client, "/v1/fx/customs", **query)


def test_an_official_rate(client: FlaskClient) -> None:
    assert customs(client, currency="USD", month="2026-10") == {
        "currency": "USD",
        "month": "2026-10",
        "rate": "6.7628",
        "published_as": "1 USD = 6.7628 CNY",
        "source_day": "2026-09-16",
        "official": True,
        "source": "customs-rate-reports",
        "confidence": "A",
        "valid_to": "2026-10-31",
    }
    yen = customs(client, currency="JPY", month="2026-07")
    assert (yen["rate"], yen["published_as"]) == ("0.042346", "100 JPY = 4.2346 CNY")


def test_a_month_whose_third_wednesday_is_a_holiday_before_and_after_the_new_decree(client: FlaskClient) -> None:
    """The Spring Festival took 21 February 2018: the 28th. It took 18 February 2026: the 24th, the first trading day."""
    old = customs(client, currency="MXN", month="2018-03")
    assert (old["source_day"], old["official"]) == ("2018-02-28", False)
    assert old["rate"] == unending(77285, 229437)
    new = customs(client, currency="MXN", month="2026-03")
    assert (new["source_day"], new["official"], new["confidence"]) == ("2026-02-24", False, "C")
    assert (new["rate"], new["unrounded"]) == (unending(81046, 203539), True)
    assert new["published_as"] == "EUR/CNY 8.1046 ÷ EUR/MXN 20.3539 (ECB 2026-02-24)"


def test_all_of_a_month(client: FlaskClient) -> None:
    found = customs(client, month="2026-07")
    assert (found["total"], found["next"]) == (len(found["items"]), None)
    by_currency = {each["currency"]: each for each in found["items"]}
    assert {code for code, each in by_currency.items() if each["official"]} == {"USD", "EUR", "JPY"}
    assert not by_currency["MXN"]["official"]
    assert "CNY" not in by_currency
    assert "HRK" not in by_currency  # the kuna ended with 2022
    assert {each["month"] for each in customs(client)["items"]} == {"2026-11"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"currency": "USD", "month": "2026-13"}, (422, "wrong_form", "?/month")),
        ({"currency": "USD", "month": "202610"}, (422, "wrong_form", "?/month")),
        ({"currency": "XXX", "month": "2026-10"}, (404, "unknown_currency", "?/currency")),
        ({"currency": "CNY", "month": "2026-10"}, (404, "unknown_currency", "?/currency")),
        ({"currency": "MXN", "month": "2008-01"}, (404, "no_exchange_rate", "?/month")),
        ({"month": "2005-02"}, (404, "no_exchange_rate", "?/month")),
        # January 2027 is of 16 December 2026, which has not been.
        ({"currency": "MXN", "month": "2027-01"}, (404, "customs_rate_not_fixed", "?/month")),
    ],
)
def test_bad_input_of_customs(query: dict[str, str], expected: tuple[int, str, str], client: FlaskClient) -> None:
    assert refused(client, "/v1/fx/customs", **query) == [expected]


# --- a running server ----------------------------------------------------------------------------------------------


def test_a_running_server_sees_a_new_file(tmp_path: Path, real_book: Book, store: Store) -> None:
    book = Book(real_book.records, LiveFx(None, tmp_path))
    client = create_app(Settings(database=""), book, store, clock=lambda: NOW).test_client()
    goods = [{"hs_code": "08044000", "quantity": "1000 kg", "price": {"amount": "2", "currency": "USD", "per": "kg"}}]
    asked = {"goods": goods, "costs": {"freight": {"amount": "100", "currency": "USD"}}}
    before = client.post("/v1/quotes?store=false", json=asked).json
    assert "exchange_rate_stale" in {each["code"] for each in before["warnings"]}
    rows = [("2026-11-20", "USD", "CNY", "6.71", "bank", "")]
    keep(tmp_path, MARKET_RATES, rows)
    keep(tmp_path, CUSTOMS_RATES, [("2026-11", "USD", "6.70", "CNY per 1", "", "GACC", "A", "")])
    found = got(client, base="USD", quote="CNY")
    assert (found["rate"], found["date"], found["source"], found["age_days"]) == ("6.71", "2026-11-20", "bank", 3)
    assert customs(client, currency="USD", month="2026-11")["official"]
    after = client.post("/v1/quotes?store=false", json=asked).json
    assert "exchange_rate_stale" not in {each["code"] for each in after["warnings"]}
    # 1000 kg at 2 dollars.
    assert after["totals"]["goods"] == {"amount": "13420.00", "currency": "CNY"}
    market = next(each for each in after["rates"]["fx"] if each["use"] == "market")
    assert (market["date"], market["source"], market["age_days"]) == ("2026-11-20", "bank", 3)
    assert after["rates"]["fx_release"] == client.get("/healthz").json["fx_release"] == book.fx_release
    assert client.get("/v1/meta").json["fx_release"] == book.fx_release != before["rates"]["fx_release"]
    assert client.get("/v1/meta").json["fx_known_until"] == "2026-11-20"


def test_strict_rates_refuse_the_old_and_take_the_new(tmp_path: Path, real_book: Book, store: Store) -> None:
    book = Book(real_book.records, LiveFx(None, tmp_path))
    strict = Settings(database="", fx_strict=True)
    client = create_app(strict, book, store, clock=lambda: NOW).test_client()
    goods = [{"hs_code": "08044000", "quantity": "1 kg", "price": {"amount": "2", "currency": "USD", "per": "kg"}}]
    asked = {"goods": goods, "costs": {"freight": {"amount": "0", "currency": "CNY"}}}
    refusal = client.post("/v1/quotes?store=false", json=asked)
    assert (refusal.status_code, refusal.json["errors"][0]["code"]) == (422, "exchange_rate_stale")
    keep(tmp_path, MARKET_RATES, [("2026-11-09", "USD", "CNY", "6.71", "bank", "")])
    assert client.post("/v1/quotes?store=false", json=asked).status_code == 200


def test_one_request_keeps_to_one_release(tmp_path: Path, real_book: Book) -> None:
    """A file that comes while a dossier is put together is for the next one."""
    live = LiveFx(None, tmp_path)
    begun = live.current()
    keep(tmp_path, MARKET_RATES, [("2026-11-20", "USD", "CNY", "6.71", "bank", "")])
    assert begun.market("USD", "CNY", date(2026, 11, 23)).on == date(2026, 10, 30)
    with pytest.raises(Unpriceable):
        begun.market("XXX", "CNY", date(2026, 11, 23))
    assert Book(real_book.records, begun).fx is begun
