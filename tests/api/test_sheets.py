"""Cells: golden figures under addresses, problems as short texts, and the same question asked again as spreadsheets do."""

import csv
import io
import re
import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.cell_errors import LONGEST, cell_text
from api.cells import FIELDS, SUMS
from api.refusals import PROBLEMS
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW
from tests.flat import AVOCADO, flat_texts
from tests.quoted import CASES, quoted, request_of

WORKED_OUT = {
    "goods": "270512.00",
    "freight": "41929.36",
    "customs_value": "313378.68",
    "presumed_insurance": "937.32",
    "customs_duty": "21936.51",
    "vat": "30178.37",
    "taxes": "52114.88",
    "landed_cost": "364556.24",
    # 364556.24 / 20.16
    "landed_cost_per_unit": "18083.1468",
    "unit": "t",
    "duty_rate": "7%",
    "vat_rate": "9%",
    "hs_code": "08044000",
    "regime_used": "general_trade",
    "outcome": "complete",
    "declared_on": "2026-11-23",
    "error": "",
}


def address(field: str = "landed_cost", **said: str) -> str:
    """The address of a cell about the avocados, with something else said."""
    return f"/v1/sheet{'' if field.startswith('.') else '/'}{field}?{urlencode({**AVOCADO, **said})}"


def row(text: str) -> dict[str, str]:
    """The row of a table with a heading."""
    (found,) = csv.DictReader(io.StringIO(text))
    return found


@pytest.mark.parametrize("field", WORKED_OUT)
def test_a_field_is_one_plain_value(field: str, client: FlaskClient):
    response = client.get(address(field))
    assert (response.status_code, response.text) == (200, WORKED_OUT[field])
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, max-age=300"


FLAT_CASES = [path for path in CASES if flat_texts(request_of(path)) is not None]


@pytest.mark.parametrize("path", FLAT_CASES, ids=lambda path: path.stem)
def test_every_golden_case_that_has_a_row(path: Path, client: FlaskClient):
    """The same figures as POST /v1/quotes must give; the rows say them to the fen."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = flat_texts(case["request"])
    assert texts is not None
    found = row(client.get(f"/v1/sheet.csv?{urlencode(texts)}").text)
    assert found["error"] == ""
    assert {name: found[name] for name in case["expected"]} == case["expected"]


def test_all_the_forms_say_the_same(client: FlaskClient):
    found = row(client.get(address(".csv")).text)
    assert list(found) == list(FIELDS)
    assert WORKED_OUT.items() <= found.items()
    rows = list(csv.reader(io.StringIO(client.get(address(".csv", transposed="true")).text)))
    assert rows == [list(each) for each in found.items()]
    xml = client.get(address(".xml"))
    assert xml.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert "xmlns" not in xml.text
    assert {each.tag: each.text or "" for each in ElementTree.fromstring(xml.data)} == found
    for name, value in found.items():
        cell = client.get(address(name)).text
        assert cell == value or (value == "" and cell.startswith("#"))


def test_short_names_and_names_of_other_languages_are_the_same_question(client: FlaskClient):
    short = {"p": "avocado-fresh", "q": "20.16 t", "pr": "40000", "c": "USD", "u": "total", "i": "FOB", "fr": "6200"}
    spanish = {"producto": "avocado-fresh", "cantidad": "20.16 t", "precio": "40000", "moneda": "USD", "por": "total"}
    spanish |= {"flete": "6200", "tipo de cambio": "USD/CNY:6.7628", "fecha de declaración": "2026-11-23"}
    chinese = {
        "产品": "avocado-fresh",
        "数量": "20.16 t",
        "价格": "40000",
        "币种": "USD",
        "计价单位": "total",
        "运费": "6200",
    }
    rest = {"x": "USD/CNY:6.7628", "on": "2026-11-23"}
    for said in (short | rest, spanish, chinese | rest):
        assert client.get(f"/v1/sheet/landed_cost?{urlencode(said)}").text == "364556.24"


def test_another_currency_is_shown_in_its_own_units(client: FlaskClient):
    """364556.24 / 0.05 yen to the yen, which has no smaller unit."""
    asked = address("landed_cost_display", display_currency="JPY", fx="USD/CNY:6.7628,JPY/CNY:0.05")
    assert client.get(asked).text == "7291125"


def test_a_price_by_the_carton_gives_the_cost_of_a_carton(client: FlaskClient):
    """5,040 cartons of 4 kg; the landed cost divided by them, half up to four decimals."""
    asked = row(client.get(address(".csv", price="8", per="carton", package="carton-4kg")).text)
    assert Decimal(asked["landed_cost_per_unit"]) == round(Decimal(asked["landed_cost"]) / 5040, 4)
    assert asked["unit"] == "carton-4kg"


def test_the_comma_changes_the_answer_alone(client: FlaskClient):
    assert client.get(address(decimal="comma")).text == "364556,24"
    assert client.get(address("hs_code", decimal="comma")).text == "08044000"
    assert client.get(address("duty_rate", decimal="comma", duty_rate="7.5%")).text == "7,5%"
    assert client.get(address("duty_rate", decimal="comma", duty_rate="20% and 1.5 CNY/kg")).text == "20% + 1.5 CNY/kg"
    assert row(client.get(address(".csv", decimal="comma")).text)["landed_cost"] == "364556,24"
    assert client.get(address(decimal="comma", price="40000,5")).text.startswith("#price: ")


def test_a_plus_that_an_address_lost(client: FlaskClient):
    """`and` stands for +, which URLs turn into a space: 20 % and 1 yuan for each of 20,160 kg on 313378.68."""
    assert client.get(address("customs_duty", duty_rate="20% and 1 CNY/kg")).text == "82835.74"


REFUSED = {
    "an unknown field": ("landed_costs", {}, "#field: There is no field landed_costs here. Known: landed_cost"),
    "an unknown parameter": ("vat", {"incotem": "FOB"}, "#incotem: There is no field incotem here. Known: incoterm"),
    "another's parameter": ("vat", {"transposed": "true"}, "#transposed: "),
    "a wrong currency": ("vat", {"currency": "USS"}, "#currency: "),
    "a unit of two meanings": ("vat", {"quantity": "20 ton"}, "#quantity: "),
    "nothing there": ("vat", {"quantity": ""}, "#quantity: This field is required"),
    "what is said twice": ("vat", {"fr": "1"}, "#fr: "),
    "freight of nobody": ("vat", {"freight": "", "incoterm": "EXW"}, "#freight: Under EXW the buyer pays"),
    "several things": ("vat", {"quantity": "20", "price": "x"}, "#"),
    "a sign": ("vat", {"decimal": "dot"}, "#decimal: dot cannot stand here. Choose one of: "),
    "a language": ("vat", {"lang": "xx"}, "#lang: "),
    "no quote": ("vat", {}, "#quote: There is no quote q_nothing"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("form", ["text", "csv", "xml"])
def test_an_error_is_a_short_text(name: str, form: str, client: FlaskClient):
    field, said, beginning = REFUSED[name]
    asked = "/v1/sheet/vat?quote=q_nothing" if name == "no quote" else address(field, **said)
    if form != "text":
        if name in ("an unknown field", "another's parameter"):
            return
        asked = asked.replace(f"/{field}?", f".{form}?")
    response = client.get(asked)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    text = response.text
    if form == "csv":
        found = row(text)
        assert not any(found[each] for each in FIELDS if each != "error")
        text = found["error"]
    elif form == "xml":
        root = ElementTree.fromstring(text)
        assert root.findtext("landed_cost") == ""
        text = root.findtext("error", "")
    assert text.startswith(beginning)
    assert len(text) <= LONGEST
    assert not re.search(r"[,\"'\n“”«»]", text)


def test_other_faults_are_counted(client: FlaskClient):
    assert client.get(address("vat", quantity="20", price="x")).text.endswith(" (+1)")


def test_an_error_speaks_the_language_that_the_cell_names(client: FlaskClient):
    told = {each: client.get(address("vat", quantity="", lang=each)).text for each in ("en", "es", "zh")}
    assert len(set(told.values())) == 3
    assert told["es"] == client.get(address("vat", quantity=""), headers={"Accept-Language": "es-MX"}).text


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (address("vat", quantity="20 ton", errors="status"), 422, "ambiguous-unit"),
        (address("vats", errors="status"), 404, "unknown-field"),
        ("/v1/sheet/vat?quote=q_nothing&errors=status", 404, "no-such-quote"),
        (address("vat", errors="maybe"), 200, ""),
        ("/v1/sheet/nothing/vat?errors=status", 404, "not-found"),
    ],
)
def test_the_true_status_is_there_for_who_asks(asked: str, status: int, code: str, client: FlaskClient):
    response = client.get(asked)
    assert response.status_code == status
    if code:
        assert response.json is not None
        assert response.json["type"] == f"/problems/{code}"


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_fits_a_cell(code: str):
    """With the longest name and detail that there are."""
    for detail in (PROBLEMS[code][1], PROBLEMS[code][1] * 5, "x" * 500, "«a», 'b' \"c\"\r\n" * 30, ""):
        error = {"pointer": "?/destination_destination_handling_currency", "detail": detail}
        for errors in ([], [error], [error] * 50):
            text = cell_text({"detail": detail, "errors": errors})
            assert text.startswith("#")
            assert len(text) <= LONGEST
            assert not re.search(r"[,\"'\n\r“”«»]", text)


def test_an_empty_cell_says_nothing(client: FlaskClient):
    empty = dict.fromkeys(("quote", "lang", "decimal", "errors", "place", "régimen"), "")
    assert client.get(f"{address()}&{urlencode(empty)}").text == "364556.24"


def test_what_does_not_exist_is_told_in_the_cell(client: FlaskClient):
    for asked in ("/v1/sheet/", "/v1/sheet/a/b/c", "/v1/sheet/csv", "/v1/sheet/landed_cost/"):
        response = client.get(asked)
        assert response.status_code == 200, asked
        assert "#" in response.text


def test_asking_for_the_methods_and_the_head(client: FlaskClient):
    """LibreOffice sends OPTIONS, HEAD and GET."""
    options = client.options(address())
    assert (options.status_code, options.data) == (200, b"")
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
    for asked in (address(), address(".csv"), address(".xml"), address("vat", quantity="20 ton")):
        head, got = client.head(asked), client.get(asked)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == f"{len(got.data)}"
        assert head.headers.get("ETag") == got.headers.get("ETag")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_no_other_method_prices(client: FlaskClient):
    assert client.post(address()).status_code == 405


def test_what_the_cell_has_is_not_sent_again(client: FlaskClient):
    first = client.get(address())
    again = client.get(address(), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/png", "text/html"])
def test_a_cell_cannot_say_what_it_takes(accept: str, client: FlaskClient):
    assert client.get(address(), headers={"Accept": accept}).text == "364556.24"


def test_a_kept_quote_by_its_id(client: FlaskClient):
    case = next(each for each in CASES if each.stem == "two-lines-share-freight")
    made = quoted(client, request_of(case))
    found = row(client.get(f"/v1/sheet.csv?quote={made['id']}").text)
    assert {name: found[name] for name in SUMS} == {name: made["totals"][name]["amount"] for name in SUMS}
    assert client.get(f"/v1/sheet/landed_cost?quote={made['id']}").text == found["landed_cost"]
    # It has several lines of goods, so there is no one rate.
    assert found["duty_rate"] == ""
    assert client.get(f"/v1/sheet/duty_rate?quote={made['id']}").text.startswith(
        "#duty_rate: This quote has no duty_rate"
    )
    beside = client.get(f"/v1/sheet/landed_cost?quote={made['id']}&quantity=1%20t")
    assert beside.text.startswith("#quantity: A kept quote says everything itself")


def test_cells_keep_nothing(real_book: Book, tmp_path: Path):
    store = Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    client = create_app(Settings(database=""), real_book, store, clock=lambda: NOW).test_client()
    assert client.get(address()).text == "364556.24"
    with store.engine.connect() as connection:
        assert list(connection.exec_driver_sql("SELECT id FROM quotes")) == []
    store.close()


class Counted:
    """A book that counts how often it is asked."""

    def __init__(self, book: Book) -> None:
        self._book, self.asked = book, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)

    def dossier(self, request: Any) -> Any:
        self.asked += 1
        return self._book.dossier(request)


def test_one_consignment_is_priced_once_whatever_its_cells_ask(real_book: Book, tmp_path: Path):
    book: Any = Counted(real_book)
    store = Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    now = [NOW]
    app: Flask = create_app(Settings(database=""), book, store, clock=lambda: now[0])
    client, before = app.test_client(), book.asked
    asked = address().replace("&declared_on=2026-11-23", "")
    for field in ("landed_cost", "vat", "error"):
        for _ in range(3):
            client.head(asked.replace("landed_cost", field))
            client.get(asked.replace("landed_cost", field))
    assert book.asked - before == 1
    # The next day in Shanghai may have another law.
    now[0] += timedelta(days=1)
    assert client.get(asked.replace("landed_cost", "declared_on")).text == "2026-11-24"
    assert book.asked - before == 2
    store.close()
