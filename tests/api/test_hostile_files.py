"""Words of any kind in every text of a quote: none acts in a page, a picture, a table or a workbook, and none is lost."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from api.pictures.bars import payments, regimes
from api.pictures.waterfall import waterfall
from api.renderings.page import page
from api.renderings.shown import Shown
from api.renderings.table import table
from api.renderings.texts import inert, sound
from api.renderings.workbook import workbook
from tests.quoted import CASES, quoted, request_of, shown, with_texts

HOSTILE = {
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)>\"'><!--",
    "closing": "</style></title></svg></table></html>]]>",
    "formula": '=HYPERLINK("http://evil.example","click")',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "wide": "＝1＋1",
    "spaced": "   =1+1",
    "reordered": "abc\u202e=gnp.exe\u2066\u200f",
    "rtl": "שלום عالم",
    "emoji": "🥑👩‍🌾🇲🇽 é́́",
    "template": "{{ 7*7 }} {% raw %} {goods} {0} %s",
    "broken": "a\x00b\x1fc\ud800d\uffff",
    "url": "javascript:alert(1)",
    "long": "=" + "A" * 10_000,
    "long in Chinese": "牛油果" * 3_000,
}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "div", "span", "h1", "h2", "h3", "p", "br", "ul", "li"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "figure"),
    *("a", "b", "bdi", "strong", "svg", "desc", "rect", "text", "g", "path", "defs", "pattern", "circle"),
}


@pytest.fixture(scope="module")
def documents(app: Any) -> list[dict[str, Any]]:
    """A quote with every kind of part: several ways in, several rails, several lines."""
    names = ("best-for-a-bottle-of-tequila", "two-lines-share-freight")
    cases = [next(each for each in CASES if each.stem == name) for name in names]
    found = [quoted(app.test_client(), request_of(case)) for case in cases]
    compared = request_of(cases[1]) | {"payment": {"compare": True}}
    return [*found, quoted(app.test_client(), compared)]


@pytest.fixture(params=HOSTILE)
def told(request: pytest.FixtureRequest, documents: list[dict[str, Any]]) -> list[tuple[Shown, str]]:
    """Those quotes with one hostile text in place of every text."""
    text = HOSTILE[request.param]
    return [(shown(with_texts(each, text)), text) for each in documents]


class Parsed(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_a_page(told: list[tuple[Shown, str]]) -> None:
    for quote, text in told:
        found = Parsed(page(quote).body.decode())
        assert found.tags <= ALLOWED
        assert not {name for name in found.attributes if name.startswith("on") or name == "style"}
        assert all(each.startswith(("https://", "http://")) for each in found.addresses)
        assert sound(text).strip() in "".join(found.said)


def test_pictures(told: list[tuple[Shown, str]]) -> None:
    for quote, _ in told:
        for picture in (waterfall(quote), regimes(quote), payments(quote)):
            if picture is not None:
                svg = ElementTree.fromstring(picture.svg())
                assert {each.tag.partition("}")[2] for each in svg.iter()} <= ALLOWED | {"desc"}
                assert len(picture.svg()) < 120_000


def test_a_table(told: list[tuple[Shown, str]]) -> None:
    for quote, text in told:
        raw = table(quote).decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(raw, newline="")) for cell in row]
        assert sum(inert(text) == cell for cell in cells) > 20
        for cell in cells:
            assert not re.match(r"\s*[=+@＝＋－＠\t\r]", cell)
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.]+", cell)


def test_a_workbook(told: list[tuple[Shown, str]]) -> None:
    for quote, text in told:
        body = workbook(quote)
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
        said = [cell for cell in cells if isinstance(cell, str)]
        start = sound(text).strip()[:200]
        assert sum(start in cell for cell in said) > 20
        assert all(len(cell) <= 32_767 for cell in said)
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(parts.read(name))
            sheets = b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet"))
        # Formulas hold cells, numbers and our own words alone; and there is no link to anywhere.
        for formula in re.findall(rb"<f>(.*?)</f>", sheets):
            plain = re.sub(r"'[^']*'!|&apos;[^&]*&apos;!", "", formula.decode())
            assert re.fullmatch(
                r"(?:ROUND|SUM|IF|MIN|MAX|INT|ABS|total_landed_cost|\$?[A-Z]\$?[0-9]+|[0-9.]+|[-+*/(),:<>=]|&[lg]t;)+",
                plain,
            )
        assert b"hyperlink" not in sheets.lower()


@pytest.mark.parametrize("text", ["markup", "formula", "rtl", "emoji", "template", "reordered"])
def test_what_a_user_writes(text: str, client: FlaskClient) -> None:
    """The description of a good and the name of a bank, through the whole of the API."""
    words = HOSTILE[text]
    fee = {"code": "remittance", "payer": "buyer", "share": "0.1%", "currency": "CNY"}
    request = {
        "goods": [
            {
                "description": words,
                "quantity": "1200 kg",
                "price": {"amount": "5400.00", "currency": "USD", "per": "total"},
                "tariff": {"duty": "12%", "vat": "13%", "consumption_tax": "0%"},
            }
        ],
        "incoterm": "CIF",
        "fx": {"USD/CNY": "6.7628"},
        "payment": {"own": {"name": words, "fees": [fee]}, "currency": "USD"},
        "declared_on": "2026-11-23",
    }
    made = client.post("/v1/quotes", json=request)
    assert made.status_code == 201, made.text
    links = made.get_json()["links"]
    page_ = Parsed(client.get(links["html"]).text)
    assert page_.tags <= ALLOWED
    assert sound(words) in "".join(page_.said)
    ElementTree.fromstring(client.get(links["svg"]).text)
    raw = client.get(links["csv"]).data.decode("utf-8-sig")
    assert inert(words) in [cell for row in csv.reader(io.StringIO(raw, newline="")) for cell in row]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(links["xlsx"]).data))
    assert any(sound(words) in str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)
