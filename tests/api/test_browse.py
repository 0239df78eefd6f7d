"""The pages at /tariff as they are served: every node at its address, in three languages, without a script or a key."""

import itertools
import json
import re
import time
from base64 import urlsafe_b64decode
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from api.browse.files import browse_script
from api.browse.pages import PLACE, texts
from api.browse.sections import CHAPTERS_ZH, SECTIONS, section_of
from api.widget_script import source
from tariffs.book import Book

if TYPE_CHECKING:
    from tests.keyed import Keyed

LANGUAGES = ("en", "es", "zh")
TEMPLATES = ("layout.html", "parts.html", "start.html", "section.html", "chapter.html", "heading.html", "line.html")
OTHERS = ("found.html", "missing.html", "day.html")
AVOCADO = "/tariff/08044000?on=2026-11-23"


def words(html: str) -> str:
    """What stands on a page, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_the_sections_hold_every_chapter_once(real_book: Book):
    # The Harmonized System: 21 sections, chapters 01 to 97, of which 77 is kept free.
    assert [each.number for each in SECTIONS][::5] == ["I", "VI", "XI", "XVI", "XXI"]
    assert len(SECTIONS) == 21
    held = [f"{number:02}" for each in SECTIONS for number in range(int(each.first), int(each.last) + 1)]
    assert held == [f"{number:02}" for number in range(1, 98)] == list(CHAPTERS_ZH)
    chapters = {code[:2] for code in real_book.records.codes}
    assert chapters == set(held) - {"77"}
    assert {(code, section_of(code).number) for code in ("05", "06", "15", "27", "63", "84", "85")} == {  # type: ignore[union-attr]
        *(("05", "I"), ("06", "II"), ("15", "III"), ("27", "V"), ("63", "XI"), ("84", "XVI"), ("85", "XVI")),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_sections_down_to_a_line(language: str, client: FlaskClient):
    """Each page leads to the next, and the address of each is the one that is written down."""
    way = ["/tariff", "/tariff/II", "/tariff/08", "/tariff/0804", "/tariff/080450", "/tariff/08045020"]
    for here, following in itertools.pairwise(way):
        page = client.get(f"{here}?language={language}")
        assert (page.status_code, page.mimetype, page.headers["Content-Language"]) == (200, "text/html", language)
        assert f'href="{following}?language={language}"' in page.text, (here, following)
    line = client.get(f"{way[-1]}?language={language}")
    assert f'<html lang="{language}">' in line.text
    for above in way[:-1]:
        assert f'href="{above}?language={language}"' in line.text, above


def test_every_chapter_and_section_has_a_page(client: FlaskClient, real_book: Book):
    for code in sorted({code[:2] for code in real_book.records.codes}):
        assert client.get(f"/tariff/{code}").status_code == 200, code
    for section in SECTIONS:
        assert client.get(f"/tariff/{section.number}?language=zh").status_code == 200, section.number


def test_lines_of_every_kind_have_a_page(client: FlaskClient, real_book: Book):
    for place, code in enumerate(real_book.records.codes[::40]):
        page = client.get(f"/tariff/{code}?on=2026-11-23&language={LANGUAGES[place % 3]}")
        assert page.status_code == 200, code


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/tariff/0804.40.00", "/tariff/08044000"),
        ("/tariff/0804.40", "/tariff/080440"),
        ("/tariff/0804400000?on=2026-01-02&language=es", "/tariff/08044000?language=es&on=2026-01-02"),
        ("/tariff/ii", "/tariff/II"),
    ],
)
def test_codes_written_otherwise_lead_to_the_stable_address(written: str, address: str, client: FlaskClient):
    response = client.get(written)
    assert (response.status_code, response.headers["Location"]) == (301, address)


def test_a_line_is_told_whole(client: FlaskClient):
    page = client.get(f"{AVOCADO}&language=en")
    told = words(page.text)
    for said in (
        *("MFN rate 25% from Jan 1, 2026 A cn-tariff-2026", "Provisional rate 7% from Jan 1, 2026 to Dec 31, 2026 A"),
        *("General rate 80%", "Import VAT reduced rate 9%", "Page of the official schedule 146", "kilogram"),
        *("inspection and quarantine at entry", "food hygiene supervision at import", "Phytosanitary certificate"),
        *(
            "制作或保存方法",
            "0804.40.01 Aguacates (paltas) Kg 0%",
            "Provisional rate 10% from Jan 1, 2016 to Nov 30, 2017",
        ),
        *("Customs Tariff of Import and Export of the People's Republic of China (2026)", "This name is ours"),
    ):
        assert said in told, said
    assert 'lang="zh">鳄梨' in page.text
    assert 'href="#source-cn-tariff-2026"' in page.text
    assert 'id="source-cn-tariff-2026"' in page.text
    snippet = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert snippet is not None
    assert '<galeon-quote hs-code="08044000" quantity="1 kg" price="1" currency="USD" per="kg" lang="en">' in unescape(
        snippet[1]
    )
    assert '<script src="http://localhost/widget/v1.js" defer></script>' in unescape(snippet[1])


def test_quote_this_carries_the_code_and_the_day_that_was_asked(client: FlaskClient):
    def requests(address: str) -> list[dict[str, object]]:
        found = re.findall(r'href="/\?lang=es#q=([A-Za-z0-9_-]+)"', client.get(address).text)
        return [json.loads(urlsafe_b64decode(each + "=" * (-len(each) % 4))) for each in found]

    dated = {"declared_on": "2026-11-23"}
    whole, product = {"goods": [{"hs_code": "08044000"}]}, {"goods": [{"product": "avocado-fresh"}]}
    assert requests(f"{AVOCADO}&language=es") == [{**whole, **dated}, {**product, **dated}]
    assert requests("/tariff/08044000?language=es") == [whole, product]


def test_the_snippet_asks_what_can_be_priced(client: FlaskClient, real_book: Book):
    """The attributes of the line to paste, as the element sends them, for a line of every unit."""
    lines = (real_book.records.line(code) for code in reversed(real_book.records.codes))
    of_unit = {line.units[0]: line.hs_code for line in lines if line and line.units}
    assert len(of_unit) > 10
    for unit, code in of_unit.items():
        goods = {"hs_code": code, "quantity": f"1 {unit}", "price": {"amount": "1", "currency": "USD", "per": unit}}
        asked = {"goods": [goods], "incoterm": "CIF", "declared_on": "2026-11-23"}
        answer = client.post("/v1/quotes?store=false", json=asked).json
        wrong = {each["pointer"] for each in (answer or {}).get("errors", [])}
        assert not wrong & {"/goods/0/quantity", "/goods/0/price/per", "/goods/0/hs_code"}, (unit, answer)


def test_what_is_not_there_is_told_with_what_is_near(client: FlaskClient):
    page = client.get("/tariff/08044009?language=en")
    assert (page.status_code, page.headers["Cache-Control"]) == (404, "no-store")
    assert "The schedule has no “08044009”" in words(page.text)
    assert 'href="/tariff/08044000?language=en"' in page.text
    for code in ("0899", "99", "084", "x" * 500, "0804\u202e", "8471300000"):
        assert client.get(f"/tariff/{code}").status_code == 404, code


def test_a_mexican_code_leads_to_its_subheading(client: FlaskClient):
    page = client.get("/tariff/0804.40.01?language=es")
    assert page.status_code == 404
    assert "Es una fracción mexicana" in words(page.text)
    assert 'href="/tariff/080440?language=es"' in page.text


def test_a_day_without_rates_says_so(client: FlaskClient):
    page = client.get("/tariff/08044000?on=2001-01-01&language=en")
    assert page.status_code == 404
    assert "On Jan 1, 2001 this line has no rates in our tables." in words(page.text)
    assert 'href="/tariff/08044000?language=en&amp;on=2016-01-01"' in page.text
    assert "25%" not in page.text
    assert client.get("/tariff/0804?on=2001-01-01").status_code == 404
    assert client.get("/tariff/08044000?on=2017-06-01").status_code == 200


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "1066-10-14", "<script>"])
@pytest.mark.parametrize("address", ["/tariff", "/tariff/08", "/tariff/0804", "/tariff/08044000"])
def test_a_day_that_is_none_is_refused(day: str, address: str, client: FlaskClient):
    page = client.get(address, query_string={"on": day, "language": "en"})
    assert page.status_code == 422
    assert "The law of that day cannot be shown" in words(page.text)
    assert "<script>" not in page.text


def test_search_without_a_script(client: FlaskClient):
    page = client.get("/tariff?q=aguacate&language=es")
    assert page.text.index("/tariff/08044000?language=es") > 0
    assert "Aguacates (paltas)" in words(page.text)
    assert 'content="noindex"' in page.text
    code = client.get("/tariff?q=0804.40&language=es")
    assert (code.status_code, code.headers["Location"]) == (302, "/tariff/080440?language=es")
    assert "Nothing was found" in words(client.get("/tariff?q=zzzqqqxxx&language=en").text)
    assert client.get("/tariff", query_string={"q": "a" * 101}).status_code == 422
    assert client.get("/tariff", query_string={"q": "a\x00b"}).status_code == 422


def test_what_is_typed_is_text(client: FlaskClient):
    hostile = "\"'><script>alert(1)</script>"
    for address in ("/tariff", "/tariff/08"):
        page = client.get(address, query_string={"q": hostile, "language": hostile})
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "<script>alert" not in client.get(f"/tariff/{hostile.replace('/', '')}").text


@pytest.mark.parametrize("address", ["/tariff", "/tariff/II", "/tariff/08", "/tariff/0804", "/tariff/080440", AVOCADO])
def test_a_page_loads_only_our_own_files_and_is_not_sent_twice(address: str, client: FlaskClient):
    page = client.get(address)
    policy = dict(each.strip().split(" ", 1) for each in page.headers["Content-Security-Policy"].split(";"))
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("frame-ancestors") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert not re.search(r"<style|<script(?! src=)| on[a-z]+=| style=", page.text.partition("<textarea")[0])
    for place in set(re.findall(r'(?:src|href)="(/[^"#]*)', page.text.partition("<textarea")[0])):
        assert client.get(unescape(place)).status_code == 200, place
    assert page.headers["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_search_engines_find_each_language_once(client: FlaskClient):
    page = client.get("/tariff/0804?language=zh&on=2026-11-23").text
    assert '<link rel="canonical" href="http://localhost/tariff/0804?language=zh">' in page
    alternates = re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page)
    assert dict(alternates) == {
        **{each: f"http://localhost/tariff/0804?language={each}" for each in LANGUAGES},
        "x-default": "http://localhost/tariff/0804",
    }


@pytest.mark.parametrize(
    ("asked", "preferred", "said"),
    [("", "es-MX,en;q=0.5", "es"), ("?language=zh", "es-MX", "zh"), ("?language=fr", "fr", "en"), ("", "zh-CN", "zh")],
)
def test_a_page_is_in_the_readers_language(asked: str, preferred: str, said: str, client: FlaskClient):
    page = client.get(f"/tariff{asked}", headers={"Accept-Language": preferred})
    assert page.headers["Content-Language"] == said
    assert "Accept-Language" in page.headers["Vary"]
    assert f"<h1>{texts()[said]['title']}</h1>" in page.text


@pytest.mark.parametrize("address", ["/tariff", "/tariff/08", "/tariff/0804", AVOCADO])
def test_tables_and_landmarks_are_named(address: str, client: FlaskClient):
    page = client.get(address).text
    assert page.count("<table") == page.count("<caption") == page.count('role="region"')
    assert '<a class="skip" href="#content">' in page
    assert '<main id="content"' in page
    assert len(re.findall(r"<h1", page)) == 1
    assert not [each for each in re.findall(r"<th ([^>]*)>", page) if "scope=" not in each]


@pytest.mark.parametrize("language", ["es", "zh"])
def test_every_text_stands_in_every_language(language: str):
    assert set(texts()[language]) == set(texts()["en"])
    for code, english in texts()["en"].items():
        other = texts()[language][code]
        assert other, code
        assert sorted(re.findall(r"\{\w+\}", other)) == sorted(re.findall(r"\{\w+\}", english)), code


def test_every_text_is_used():
    code = (
        "".join(source(name, PLACE) for name in (*TEMPLATES, *OTHERS))
        + (Path(__file__).parents[2] / "api/browse/routes.py").read_text()
    )
    made = ("vat_", "sure_", "export_")
    # Levels and columns are asked for by their names.
    named = ("chapter", "heading", "subheading", "line", "mfn", "provisional", "general", "tariff_quota")
    for name in texts()["en"]:
        assert name.startswith(made) or name in named or f'"{name}"' in code, name


def test_the_script_makes_no_markup(client: FlaskClient):
    code = browse_script().body.decode()
    for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "cookie", "localStorage", ".style."):
        assert word not in code
    assert not re.search(r"^(import|export) ", code, re.MULTILINE)
    # Joined, the files share one scope.
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", code, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_the_pages_need_no_key_and_are_counted(keyed: "Keyed"):
    client = keyed.client
    assert client.get("/tariff/0804").status_code == 200
    assert client.get("/v1/tariff-lines.csv").status_code == 401
    told = [client.get("/tariff/08").status_code for _ in range(130)]
    assert told[0] == 200
    assert told[-1] == 429


@pytest.mark.parametrize(
    ("address", "most"), [(AVOCADO, 0.05), ("/tariff/29", 0.2), ("/tariff/84", 0.2), ("/tariff/8708", 0.2)]
)
def test_a_page_is_made_fast(address: str, most: float, client: FlaskClient):
    """In seconds of this thread, the best of three, so that other work on the machine does not count."""
    taken = []
    for _ in range(3):
        begun = time.thread_time()
        client.get(address)
        taken.append(time.thread_time() - begun)
    assert min(taken) < most


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", 'In the official Chinese text: <span lang="zh">冷冻鳄梨</span>'),
        ("es", 'En el texto oficial chino: <span lang="zh">冷冻鳄梨</span>'),
        ("zh", '<span class="aside">冷冻鳄梨</span>'),
    ],
)
def test_a_part_is_said_to_be_in_the_official_text(client: FlaskClient, language: str, told: str) -> None:
    assert told in client.get(f"/tariff/08119090?language={language}&on=2026-11-23").text
