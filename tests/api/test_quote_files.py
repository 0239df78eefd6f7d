# mypy: disable-error-code="index, union-attr"
"""A kept quote as a table, a workbook, a page and a picture: by suffix and by Accept, each with its own validator."""

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.answers import OTHER_FORMS
from api.quote_files import FORMS, MEDIA_TYPES
from api.renderings.shown import Shown
from api.store import Store
from tariffs.book import Book
from tests.keyed import Keyed
from tests.quoted import CASES, kept, quoted, request_of

MEDIA = {each.suffix: each.media_type for each in FORMS}
TWO_LINES = next(each for each in CASES if each.stem == "two-lines-share-freight")


@pytest.fixture(scope="module")
def document(app: Any) -> dict[str, Any]:
    """The golden case of two lines, kept, in Spanish."""
    return quoted(app.test_client(), request_of(TWO_LINES, "es"))


@pytest.mark.parametrize("suffix", MEDIA)
def test_each_form(suffix: str, document: dict[str, Any], client: FlaskClient) -> None:
    response = client.get(document["links"][suffix], headers={"Accept-Language": "zh"})
    assert (response.status_code, response.mimetype) == (200, MEDIA[suffix])
    # In the language it was made in, whoever asks.
    assert response.headers["Content-Language"] == "es"
    assert response.headers["Content-Disposition"].endswith(f'filename="galeon-{document["id"]}.{suffix}"')
    assert response.headers["Cache-Control"] == "private, no-cache"
    head = client.head(document["links"][suffix])
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", response.headers["ETag"])
    again = client.get(document["links"][suffix], headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(document["links"][suffix]).data == response.data


def test_each_form_has_a_validator_of_its_own(document: dict[str, Any], client: FlaskClient) -> None:
    tags = {client.get(address).headers["ETag"] for address in document["links"].values()}
    assert len(tags) == 5
    assert set(document["links"]) == {"self", *OTHER_FORMS} == {"self", *MEDIA}


@pytest.mark.parametrize("suffix", MEDIA)
def test_by_accept(suffix: str, document: dict[str, Any], client: FlaskClient) -> None:
    asked = client.get(document["links"]["self"], headers={"Accept": f"{MEDIA[suffix]}, application/json;q=0.5"})
    assert (asked.status_code, asked.mimetype) == (200, MEDIA[suffix])
    assert asked.data == client.get(document["links"][suffix]).data
    assert "Accept" in asked.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/json, text/csv", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/csv;q=0, */*", "application/json"),
    ],
)
def test_what_a_client_is_given(accept: str, mimetype: str, document: dict[str, Any], client: FlaskClient) -> None:
    assert client.get(document["links"]["self"], headers={"Accept": accept}).mimetype == mimetype


def test_what_there_is_not(document: dict[str, Any], client: FlaskClient) -> None:
    for suffix in MEDIA:
        missing = client.get(f"/v1/quotes/q_nothing.{suffix}")
        assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    assert client.get(f"{document['links']['self']}.pdf").status_code == 404
    refused = client.get(document["links"]["self"], headers={"Accept": "application/pdf"})
    assert (refused.status_code, refused.mimetype) == (406, "application/problem+json")
    asked = client.get(f"{document['links']['csv']}?fields=totals")
    assert (asked.status_code, asked.json["errors"][0]["pointer"]) == (422, "?/fields")
    cut = client.get(f"{document['links']['self']}?fields=totals", headers={"Accept": "text/csv, */*;q=0.1"})
    assert (cut.mimetype, list(cut.get_json())) == ("application/json", ["totals"])


def test_every_form_is_documented(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    assert set(paths["/v1/quotes/{id}"]["get"]["responses"]["200"]["content"]) == set(MEDIA_TYPES)
    for suffix, media_type in MEDIA.items():
        documented = paths[f"/v1/quotes/{{id}}.{suffix}"]["get"]["responses"]
        assert list(documented["200"]["content"]) == [media_type]
        assert {"304", "404"} <= set(documented)


def test_the_files_of_another_owner_are_not_there(real_book: Book, tmp_path: Path) -> None:
    ledger = Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    keyed = Keyed(real_book, ledger)
    mine, other = (keyed.text(owner=owner) for owner in ("acme", "rival"))
    links = keyed.quote(mine, "").get_json()["links"]
    for address in links.values():
        assert keyed.get(address, mine).status_code == 200
        assert keyed.get(address, other).status_code == 404
        assert keyed.get(address).status_code == 401
    keyed.close()
    ledger.close()


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(address).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_is_read_back(document: dict[str, Any], client: FlaskClient) -> None:
    """Every figure of the quote stands in it, digit by digit."""
    raw = client.get(document["links"]["csv"]).data
    assert raw.startswith(b"\xef\xbb\xbfsection,line,step,code,")
    found = rows(client, document["links"]["csv"])
    totals = {each["code"]: each["value"] for each in found if each["section"] == "totals"}
    assert totals == {name: each["amount"] for name, each in document["totals"].items()}
    assert {(each["line"], each["text"]) for each in found if each["code"] == "hs_code"} == {
        ("1", "08044000"),
        ("2", "09011100"),
    }
    steps = [each for each in found if each["section"] == "steps"]
    assert [each["formula"] for each in steps] == [step["formula"] or "" for step in document["steps"]]
    assert [each["value"] for each in steps] == [step["amount"]["amount"] for step in document["steps"]]
    inputs = [each for each in found if each["section"] == "inputs"]
    stated = [(each["code"], each["value"], each["from"]) for step in document["steps"] for each in step["inputs"]]
    assert [(each["code"], each["value"], each["from"]) for each in inputs] == stated
    lines = sum(
        Decimal(each["value"]) for each in found if each["section"] == "goods" and each["code"] == "landed_cost"
    )
    assert lines == Decimal(totals["landed_cost"])
    for section in ("assumptions", "requirements"):
        assert [each["text"] for each in found if each["section"] == section] == [
            each["text"] for each in document[section]
        ]


def test_a_page_shows_everything(document: dict[str, Any], client: FlaskClient) -> None:
    page = client.get(document["links"]["html"])
    text = page.text
    assert text.startswith('<!doctype html>\n<html lang="es">')
    for step in document["steps"]:
        assert step["label"] in text
        assert f"{Decimal(step['amount']['amount']):,}" in text
    for step in document["steps"]:
        for each in step["citations"]:
            assert each["title"].replace("'", "&#39;") in text
    assert document["links"]["xlsx"] in text
    assert "<svg" in text
    # Whole in itself, and under a policy that lets nothing else in.
    assert not re.search(r"<script|<link|<img|<iframe|<object|url\((?!#)|@import| style=| on[a-z]+=", text)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_a_quote_from_before_the_expressions_is_still_shown(
    document: dict[str, Any], client: FlaskClient, store: Store
) -> None:
    """Nothing is asked of the engine or the tables: what is kept is enough, even without what was added since."""
    kept = store.quote(document["id"])
    assert kept is not None
    old = json.loads(kept.quote)
    for step in old["steps"]:
        step.pop("expression", None)
    old["links"] = {"self": old["links"]["self"]}
    quote = Shown(replace(kept, quote=json.dumps(old).encode()))
    for form in FORMS:
        body, _ = form.made(quote)
        assert len(body) > 1000


@pytest.mark.parametrize("path", [each for each in CASES if CASES.index(each) % 12 == 0], ids=lambda path: path.stem)
def test_quotes_of_every_kind_in_every_form(path: Any, client: FlaskClient) -> None:
    language = ("en", "es", "zh")[CASES.index(path) % 3]
    document = quoted(client, request_of(path, language))
    for suffix in MEDIA:
        response = client.get(document["links"][suffix])
        assert response.status_code == 200
        assert 1000 < len(response.data) < 400_000


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("en", "carton-4kg", "carton (4 kg)"),
        ("es", "carton-8.2kg", "caja (8.2 kg)"),
        ("zh", "carton-4kg", "箱 (4 kg)"),
        ("en", "carton-10x2kg", "carton (10 × 2 kg)"),
        ("en", "case-6x750", "case (6 × 750)"),
        ("en", "carton", "carton"),
        # A kind that the tables of units do not name, and what is no package.
        ("en", "tank-L", "tank-L"),
        ("en", "bag-69kg", "bag-69kg"),
        ("en", "CNY/kg", "CNY/kg"),
        ("en", "kg", "kg"),
        ("zh", "kg", "千克"),
    ],
)
def test_a_package_is_called_by_its_kind_and_what_it_holds(
    language: str, code: str, name: str, document: dict[str, Any]
) -> None:
    assert Shown(kept(document, language)).unit(code) == name
