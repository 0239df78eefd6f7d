# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The release, the sources, the changes and the tables over HTTP."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.feed import word
from api.languages import LANGUAGES
from api.sentences import LABELS
from api.wording import Wording
from calculator.tariff_line import MeasureKind
from tariffs.book import Book
from tariffs.changes import WHAT
from tariffs.release import sealed
from tariffs.rows import COLUMNS

ATOM = "{http://www.w3.org/2005/Atom}"
ALL_PATHS = ("/v1/meta", "/v1/sources", "/v1/sources/cn-tariff-2026", "/v1/changes", "/v1/changes.atom")


def refused(response: TestResponse, status: int, code: str, pointer: str) -> dict[str, Any]:
    """The one error of a problem."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    found: list[dict[str, Any]] = [error for error in response.json["errors"] if error["pointer"] == pointer]
    assert [error["code"] for error in found] == [code]
    return found[0]


# --- meta --------------------------------------------------------------------------------------------------------


def test_meta(client: FlaskClient, real_book: Book):
    document = client.get("/v1/meta").json
    seal = sealed()
    assert (document["release"], document["sha256"], document["sealed"]) == (seal.release, seal.sha256, True)
    assert document["releases"] == [seal.release]
    assert document["fx_release"] == real_book.fx_release
    tables = {table["name"]: table for table in document["tables"]}
    assert {name: table["sha256"] for name, table in tables.items()} == dict(seal.tables)
    schedule = tables["customs-schedule"]
    assert schedule["coverage"] == {"from": "2026-01-01", "to": "2026-12-31"}
    assert (schedule["lines"], schedule["csv"]) == (8972, ["/v1/tables/customs-schedule.csv"])
    assert schedule["share_A"].startswith("0.99")
    assert tables["names"]["share_A"] is None


def test_every_table_of_meta_can_be_had(client: FlaskClient):
    for table in client.get("/v1/meta").json["tables"]:
        rows = 0
        for address in table["csv"]:
            response = client.get(address)
            assert response.status_code == 200, address
            assert response.mimetype == "text/csv"
            rows += len(list(csv.reader(io.StringIO(response.text)))) - 1
        assert rows == table["rows"], table["name"]
        assert client.get(f"/v1/tables/{table['name']}.csv").status_code == 200


def test_a_request_may_pin_the_release_of_meta_and_no_other(client: FlaskClient):
    asked = {
        "goods": [
            {
                "product": "avocado-fresh",
                "quantity": "20.16 t",
                "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
            }
        ],
        "costs": {"freight": {"amount": "6200", "currency": "USD"}},
        "fx": {"USD/CNY": "6.7628"},
        "declared_on": "2026-11-23",
    }
    release = client.get("/v1/meta").json["release"]
    pinned, latest = (
        client.post("/v1/quotes?store=false", json={**asked, "tables": name}) for name in (release, "latest")
    )
    assert pinned.status_code == latest.status_code == 200
    assert pinned.json["totals"] == latest.json["totals"]
    problem = refused(
        client.post("/v1/quotes", json={**asked, "tables": "data-2020.01.01"}), 422, "unknown_release", "/tables"
    )
    assert {"latest", release} <= set(problem["allowed"])


@pytest.mark.parametrize("path", [*ALL_PATHS, "/v1/tables/customs-schedule.csv"])
def test_what_has_not_changed_is_not_sent_again(path: str, client: FlaskClient):
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["X-Request-Id"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


# --- sources -----------------------------------------------------------------------------------------------------


def test_a_source(client: FlaskClient):
    law = client.get("/v1/sources/caishui-2018-32").json
    assert law["title"] == {"en": "Notice on the adjustment of VAT rates", "zh": None}
    assert (law["number"], law["effective_from"], law["confidence"]) == ("CaiShui 2018 No. 32", "2018-05-01", "A")
    assert law["tables"] == ["vat"]


def test_every_source_is_listed_page_by_page(client: FlaskClient, real_book: Book):
    found: list[str] = []
    address = "/v1/sources?limit=40"
    while address:
        response = client.get(address)
        document = response.json
        assert document["total"] == len(real_book.records.sources)
        found += [item["id"] for item in document["items"]]
        assert (document["next"] is None) == ("Link" not in response.headers)
        address = f"/v1/sources?limit=40&cursor={document['next']}" if document["next"] else ""
    assert found == list(real_book.records.sources)


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("customs tariff law", "cn-customs-tariff-law-2024"),
        ("关税法", "cn-customs-tariff-law-2024"),
        ("Decree 280", "cn-gacc-decree-280"),
        ("camara diputados", "mx-ligie-2026"),
        ("GB 7718-2025", "gb-7718-2025"),
    ],
)
def test_sources_are_found_by_their_words(words: str, id: str, client: FlaskClient):
    assert id in [item["id"] for item in client.get("/v1/sources", query_string={"q": words}).json["items"]]


def test_an_unknown_source_names_the_nearest(client: FlaskClient):
    error = refused(client.get("/v1/sources/cn-gacc-decre-280"), 404, "unknown_source", "/id")
    assert error["allowed"][0] == "cn-gacc-decree-280"


# --- changes -----------------------------------------------------------------------------------------------------


def test_changes_of_a_code(client: FlaskClient):
    document = client.get("/v1/changes?since=2017-01-01&hs_code=0804.40.00").json
    first, last = document["items"][1], document["items"][-1]
    assert document["total"] == len(document["items"])
    assert (first["on"], first["kind"], first["change"]) == ("2017-12-01", "began", "changed")
    assert (first["before"], first["after"], first["hs_code"]) == ("10%", "7%", "08044000")
    assert first["title"] == "Provisional rate, 08044000: 7% instead of 10% from 2017-12-01"
    assert (last["kind"], last["valid_to"], last["before"], last["after"]) == ("expires", "2026-12-31", "7%", None)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("es-MX", "Tasa provisional, 08044000: 7% en vez de 10% desde el 2017-12-01"),
        ("zh-CN", "暂定税率（08044000）：自2017-12-01起由10%改为7%"),
    ],
)
def test_changes_in_the_readers_language(language: str, title: str, client: FlaskClient):
    response = client.get("/v1/changes?since=2017-12-01&hs_code=08044000", headers={"Accept-Language": language})
    assert response.json["items"][0]["title"] == title
    assert response.headers["Content-Language"] == language[:2]
    assert "Accept-Language" in response.headers["Vary"]


def test_the_language_may_be_named(client: FlaskClient):
    response = client.get("/v1/changes?since=2017-12-01&hs_code=08044000&language=es")
    assert response.json["items"][0]["title"].startswith("Tasa provisional")
    feed = client.get("/v1/changes.atom?since=2017-12-01&hs_code=08044000&language=zh")
    assert feed.headers["Content-Language"] == "zh"
    refused(client.get("/v1/meta?language=fr"), 422, "not_a_choice", "?/language")


@pytest.mark.parametrize("language", ["es", "zh"])
def test_nothing_of_a_change_is_left_in_the_words_of_the_tables(language: str, client: FlaskClient):
    response = client.get(f"/v1/changes?since=1980-01-01&limit=1000&language={language}")
    raw = re.compile(
        "sliding|by_value|lower\\(|not read|quota|investigation|deposit|conditional|reduced|standard|medicine"
        "|beyond|share| of |_|cbec|postal rate|waiver|surcharge|label"
    )
    for item in response.json["items"]:
        for told in (item["title"], item["part_text"], item["before"], item["after"]):
            assert not raw.search(told or ""), told
    feed = client.get(f"/v1/changes.atom?since=1980-01-01&limit=1000&language={language}").text
    assert not [title for title in re.findall("<title>(.*?)</title>", feed) if raw.search(title)]


def test_every_code_that_a_change_may_bring_has_its_words(real_book: Book):
    """What changes, of which class or category, in which state and in which unit: of every row, whether it changed or not."""
    records = real_book.records
    remedies, columns = records.file("cn/trade_remedies.csv").rows, COLUMNS["cn/trade_remedies.csv"]
    states = {raw[columns.index("state")] for raw in remedies}
    units = {each.unit for dated in records.parameters.values() for each in dated}
    units = {unit.removeprefix("share").strip() for unit in units} - {""}
    rows = {each.code for each in records.all_requirements.rows} | {*records.vat_classes, *records.parameters}
    said = {"row", "all", "not_read", "yes", "no"}
    codes = {*MeasureKind, *WHAT.values(), *rows, *records.categories, *states, *units, *said}
    assert {"deposit", "cbec_order_limit", "crt_certificate", "of price and freight", "CNY"} <= codes
    assert [code for code in codes if not any(map(Wording.of("en").knows, (code, f"change:{code}")))] == []
    for code in codes - {"CNY", "no"}:  # the same in English and Spanish
        assert len({word(code, language) for language in LANGUAGES}) == len(LANGUAGES), code


def test_every_part_that_the_tables_name_in_english_has_its_words(real_book: Book):
    files = ("cn/measures.csv", "cn/trade_remedies.csv")
    named = {raw[COLUMNS[file].index("part")] for file in files for raw in real_book.records.file(file).rows} - {""}
    english = {part for part in named if part.isascii()}
    assert "sliding quota" in english
    assert [part for part in english if f"part:{part}" not in LABELS] == []


def test_the_titles_of_the_tables_are_in_the_readers_language(client: FlaskClient):
    said = {
        language: [table["title"] for table in client.get(f"/v1/meta?language={language}").json["tables"]]
        for language in ("en", "es", "zh")
    }
    assert all(len(set(titles)) == 3 for titles in zip(*said.values(), strict=True))


@pytest.mark.parametrize("address", ["/v1/sources", "/v1/sources/cn-tariff-2026"])
def test_what_is_the_same_in_every_language_says_so(address: str, client: FlaskClient):
    spanish, chinese = (client.get(address, headers={"Accept-Language": each}) for each in ("es", "zh"))
    assert spanish.data == chinese.data
    assert "Content-Language" not in spanish.headers
    assert "Accept-Language" not in spanish.headers.get("Vary", "")


def test_a_year_ago_is_where_the_list_begins(client: FlaskClient):
    items = client.get("/v1/changes?limit=1000").json["items"]
    assert min(item["on"] for item in items) == "2026-01-01"
    assert {item["kind"] for item in items} == {"began", "announced", "expires"}
    assert [item["on"] for item in items] == sorted(item["on"] for item in items)


def test_pages_of_changes_are_the_whole(client: FlaskClient):
    whole = client.get("/v1/changes?limit=1000").json
    found: list[dict[str, Any]] = []
    address = "/v1/changes?limit=300"
    while address:
        response = client.get(address)
        found += response.json["items"]
        link = response.headers.get("Link", "")
        address = link.partition(">")[0].removeprefix("<")
    assert found == whole["items"]
    assert len(found) == whole["total"]


def test_atom(client: FlaskClient):
    address = "/v1/changes.atom?since=2017-01-01&hs_code=08044000&limit=3"
    response = client.get(address, headers={"Accept": "application/atom+xml"})
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    feed = ET.fromstring(response.data)
    assert feed.tag == f"{ATOM}feed"
    updated = f"{sealed().day}T00:00:00Z"
    assert feed.findtext(f"{ATOM}updated") == updated
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Galeón"
    links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")}
    assert links["self"] == address
    entries = list(feed.iterfind(f"{ATOM}entry"))
    items = client.get(address.replace(".atom", "")).json["items"]
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"urn:uuid:{item['id']}" for item in items]
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [item["title"] for item in items]
    for entry in entries:
        assert entry.findtext(f"{ATOM}updated") == updated
        assert entry.findtext(f"{ATOM}content")
        assert UUID((entry.findtext(f"{ATOM}id") or "").removeprefix("urn:uuid:")).version == 5
    following = client.get(str(links["next"]))
    assert following.status_code == 200
    assert len(list(ET.fromstring(following.data).iterfind(f"{ATOM}entry"))) == 3


def test_every_entry_can_be_read_as_xml_in_every_language(client: FlaskClient):
    for language in ("en", "es", "zh"):
        address = "/v1/changes.atom?since=1990-01-01&limit=1000"
        feed = ET.fromstring(client.get(address, headers={"Accept-Language": language}).data)
        assert len(list(feed.iterfind(f"{ATOM}entry"))) > 800


# --- tables ------------------------------------------------------------------------------------------------------


def test_a_table_of_several_files_has_a_part_for_each(client: FlaskClient):
    lines, rates = (client.get(f"/v1/tables/{name}.csv").text for name in ("vat-lines", "vat-rates"))
    assert lines.startswith("hs_code,category,confidence,basis,source\n")
    assert rates.startswith("class,rate,valid_from,valid_to,source,confidence,note\n")
    assert "standard,0.16,2018-05-01,2019-03-31,caishui-2018-32,A,\n" in rates
    assert client.get("/v1/tables/vat.csv").text == lines


def test_a_table_for_a_client_that_reads_csv_alone(client: FlaskClient):
    response = client.get("/v1/tables/customs-schedule.csv", headers={"Accept": "text/csv"})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="customs-schedule.csv"'
    assert len(response.text.splitlines()) == 18_749


def test_a_table_a_page_at_a_time(client: FlaskClient):
    """The pages together are the whole, each with the heading; the last one leads nowhere."""
    whole = client.get("/v1/tables/customs-rates.csv")
    heading, *rows = csv.reader(io.StringIO(whole.text))
    address, found, tags = "/v1/tables/customs-rates.csv?limit=10", [], {whole.headers["ETag"]}
    while address:
        response = client.get(address)
        first, *some = csv.reader(io.StringIO(response.text))
        assert first == heading
        assert response.headers["X-Total-Count"] == f"{len(rows)}"
        found += some
        tags.add(response.headers["ETag"])
        assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        link = response.headers.get("Link", "")
        assert len(some) == 10 or not link
        address = link.partition(">")[0].removeprefix("<")
    assert found == rows
    assert len(tags) == 1 + -(-len(rows) // 10) > 3
    assert client.get(f"/v1/tables/customs-rates.csv?cursor={len(rows)}").text == whole.text.partition("\n")[0] + "\n"


@pytest.mark.parametrize("cursor", ["9999999", "-1", "first", ""])
def test_a_row_that_there_is_not(cursor: str, client: FlaskClient):
    refused(
        client.get("/v1/tables/customs-rates.csv", query_string={"cursor": cursor}), 404, "unknown_cursor", "?/cursor"
    )


@pytest.mark.parametrize("limit", ["0", "100001", "all"])
def test_pages_of_no_length(limit: str, client: FlaskClient):
    refused(client.get("/v1/tables/customs-rates.csv", query_string={"limit": limit}), 422, "wrong_form", "?/limit")


def test_an_unknown_table_names_the_nearest(client: FlaskClient):
    error = refused(client.get("/v1/tables/custom-schedule.csv"), 404, "unknown_table", "/name")
    assert error["allowed"][0] == "customs-schedule"


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code", "pointer"),
    [
        ("/v1/changes?since=2026-13-01", "not_a_day", "?/since"),
        ("/v1/changes?since=yesterday", "not_a_day", "?/since"),
        ("/v1/changes?since=", "not_a_day", "?/since"),
        ("/v1/changes?since=2026-01-01&since=2026-01-02", "duplicate_key", "?/since"),
        ("/v1/changes?hs_code=080", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=avocado", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=0.5", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=.05", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=08..04", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=080440000000", "wrong_form", "?/hs_code"),
        ("/v1/changes?hs_code=०८०४", "wrong_form", "?/hs_code"),
        ("/v1/changes?limit=0", "wrong_form", "?/limit"),
        ("/v1/changes?limit=-1", "wrong_form", "?/limit"),
        ("/v1/changes?limit=1001", "wrong_form", "?/limit"),
        ("/v1/changes?limit=1e2", "wrong_form", "?/limit"),
        ("/v1/changes?sinse=2026-01-01", "unknown_field", "?/sinse"),
        ("/v1/changes.atom?since=2026-13-01", "not_a_day", "?/since"),
        ("/v1/sources?query=law", "unknown_field", "?/query"),
        (f"/v1/sources?q={'x' * 201}", "text_too_long", "?/q"),
    ],
)
def test_bad_input(address: str, code: str, pointer: str, client: FlaskClient):
    refused(client.get(address), 422, code, pointer)


def test_everything_wrong_is_told_at_once(client: FlaskClient):
    response = client.get("/v1/changes?since=x&hs_code=x&limit=x&foo=x")
    assert {error["pointer"] for error in response.json["errors"]} == {"?/since", "?/hs_code", "?/limit", "?/foo"}


@pytest.mark.parametrize(
    ("address", "code", "pointer"),
    [
        ("/v1/changes?hs_code=99", "unknown_hs_code", "?/hs_code"),
        ("/v1/changes?cursor=nothing", "unknown_cursor", "?/cursor"),
        ("/v1/changes.atom?cursor=nothing", "unknown_cursor", "?/cursor"),
        ("/v1/sources?cursor=nothing", "unknown_cursor", "?/cursor"),
    ],
)
def test_what_there_is_not(address: str, code: str, pointer: str, client: FlaskClient):
    refused(client.get(address), 404, code, pointer)


def test_a_nearest_code_is_offered(client: FlaskClient):
    error = refused(client.get("/v1/changes?hs_code=08044001"), 404, "unknown_hs_code", "?/hs_code")
    assert "08044000" in error["allowed"]
