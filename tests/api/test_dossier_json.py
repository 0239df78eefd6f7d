"""A dossier that was written and read again is the same, and gives the same answer, byte for byte."""

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from api import known_of
from api.answers import answer
from api.dossier_json import DossierWriter, read_dossier
from api.schemas import QuoteIn
from api.settings import Settings
from calculator.quote import quote_of
from calculator.request import QuoteRequest
from tariffs.book import Book
from tests.conftest import NOW
from tests.test_cases import CASES

WRITER = DossierWriter()


@pytest.fixture(scope="module")
def schema(real_book: Book) -> QuoteIn:
    return QuoteIn(known_of(Settings(database=""), real_book, lambda: NOW))


def asked_in(path: Any, schema: QuoteIn) -> QuoteRequest:
    loaded: QuoteRequest = schema.load(tomllib.loads(path.read_text(encoding="utf-8"))["request"])
    return loaded


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_golden_quote_can_be_computed_from_its_stored_dossier(path: Any, schema: QuoteIn, real_book: Book):
    asked = asked_in(path, schema)
    dossier = real_book.dossier(asked)
    written = WRITER.written(dossier)
    again = read_dossier(written.document, written.sources)
    assert again == dossier
    made, remade = (answer(quote_of(asked, each), id="q_1", created_at=NOW, language="es") for each in (dossier, again))
    assert made == remade


def test_the_same_rows_are_the_same_text(schema: QuoteIn, real_book: Book):
    first, second = (DossierWriter().written(real_book.dossier(asked_in(CASES[0], schema))) for _ in range(2))
    assert first == second
    assert len(first.hash) == len(first.sources_hash) == 64
    assert f'"sources":"{first.sources_hash}"' in first.document


def test_a_writer_remembers_without_growing(schema: QuoteIn, real_book: Book, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.dossier_json.MOST_REMEMBERED", 3)
    writer = DossierWriter()
    asked = asked_in(CASES[0], schema)
    dossiers = [replace(real_book.dossier(asked)) for _ in range(5)]
    texts = [writer.written(each) for each in dossiers]
    assert writer.written(dossiers[-1]) is texts[-1]
    assert len(writer._written) == 3
