# mypy: disable-error-code="index, union-attr, arg-type"
"""Whole answers, read for English where the reader asked for Spanish or Chinese.

test_wording.py holds the catalogs to the codes; this finds what never went through them: a word written into an answer, a
text of a table that was not translated, a name that fell back to English.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.examples import QUOTE_REQUESTS
from tariffs.book import Book

# What stays in the tongue that it was found or written in: evidence, titles of documents that have none in the reader's
# language, notation, codes, and what the reader wrote. By how its place in the answer ends.
AS_FOUND = re.compile(
    r"(expression|note|notes/\[\]/text|issuer|number|licence|definition|ambiguity|source|url|from|aliases/\[\]|load_basis"
    r"|stowage_basis|packages/\[\]/description|items/\[\]/description|mode|service|confidence|part|rate|customs_duty|unit"
    r"|kind|type|code|id|csv/\[\]|csv|allowed/\[\]|names/(en|es|zh)(/text)?|title/(en|zh)"
    r"|(citations/\[\]|before/\[\]|measures/\[\]|citation)/title)$"
)
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|for|by|with|not|to|in|on|or|as|an|a|at|per|where|which|every|goods|duty|tax|rate)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(r"\b(el|la|los|las|de|del|que|para|por|un|una|se|con|sin|al|es)\b", re.IGNORECASE)
CHINESE = re.compile("[\u4e00-\u9fff]")
LOOK_UPS = (
    *("/v1/meta", "/v1/changes?limit=1000", "/v1/regimes", "/v1/rules?limit=1000", "/v1/ports?limit=1000"),
    *("/v1/lanes?limit=1000", "/v1/equipment?limit=1000", "/v1/payment-rails?limit=1000", "/v1/payment-rails/swift-tt"),
    *("/v1/payment-rails/lc", "/v1/incoterms", "/v1/units?limit=1000", "/v1/products?limit=100", "/problems"),
    *("/v1/fx?base=MXN&quote=CNY", "/v1/fx/customs", "/v1/tariff-lines/0804", "/v1/tariff-lines/08044000"),
    *(
        "/v1/tariff-lines/22089010",
        "/v1/tariff-lines/22030000",
        "/v1/tariff-lines/52010000",
        "/v1/tariff-lines/87032361",
    ),
    *("/v1/products/nothing-like-it", "/v1/quotes/q_0", "/v1/products?limit=x"),
)


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an answer, with its place; lists are not counted through."""
    match value:
        case dict():
            for name, each in value.items():
                yield from texts(each, f"{place}/{name}")
        case list():
            for each in value:
                yield from texts(each, f"{place}/[]")
        case str():
            yield place, value


def english(language: str, text: str) -> bool:
    """Whether a text reads like English. The blanks of the documentation of problems say nothing of their own."""
    if language == "zh" and CHINESE.search(text):
        return False
    found = len(ENGLISH.findall(text.replace("…", "")))
    return found >= (1 if language == "zh" and len(text.split()) > 2 else 2) and not SPANISH.search(text)


def untranslated(language: str, document: Any) -> list[tuple[str, str]]:
    """The texts of an answer that should be in a language and are in English."""
    return [(place, text) for place, text in texts(document) if not AS_FOUND.search(place) and english(language, text)]


def test_english_is_recognised() -> None:
    assert english("es", "The duty of the goods is not known.")
    assert english("zh", "import VAT at the border")
    assert not english("es", "El derecho de importación de las mercancías no se conoce.")
    assert not english("zh", "进口环节增值税 (VAT)")


@pytest.mark.parametrize("language", ["es", "zh"])
@pytest.mark.parametrize("address", LOOK_UPS)
def test_look_ups(address: str, language: str, client: FlaskClient) -> None:
    assert untranslated(language, client.get(address, headers={"Accept-Language": language}).json) == []


@pytest.mark.parametrize("language", ["es", "zh"])
@pytest.mark.parametrize("name", QUOTE_REQUESTS)
def test_the_examples_of_quotes(name: str, language: str, client: FlaskClient) -> None:
    asked = {**QUOTE_REQUESTS[name]["value"], "language": language}
    assert untranslated(language, client.post("/v1/quotes?store=false", json=asked).json) == []


@pytest.mark.parametrize("language", ["es", "zh"])
def test_every_good_by_every_way_in(language: str, client: FlaskClient, real_book: Book) -> None:
    """Each good asks for other papers, other duties, and other ways in; some cannot be priced so, and say why."""
    found = {}
    for slug in real_book.records.products:
        line = {"product": slug, "quantity": "1 t", "price": {"amount": "100", "currency": "USD", "per": "kg"}}
        asked = {"goods": [line], "incoterm": "CIF", "regime": "best", "language": language}
        if said := untranslated(language, client.post("/v1/quotes?store=false", json=asked).json):
            found[slug] = said
    assert found == {}
