"""The element as it is served: its script, the script's hash, and the page for frames."""

import gzip
import hashlib
import json
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.widget_script import DATA, MODULES, attributes, source, widget

FOLDER = Path(__file__).parents[2]
GUIDE = (FOLDER / "docs" / "widget.md").read_text(encoding="utf-8")
TEXTS = json.loads(source("texts.json"))


def test_the_script_is_for_pages_of_any_origin_and_is_kept_for_a_short_while(client: FlaskClient):
    response = client.get("/widget/v1.js")
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    again = client.get("/widget/v1.js", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_copy_has_the_hash_that_is_told_and_never_changes(client: FlaskClient):
    told = client.get("/widget/v1.json")
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert set(told.get_json()) == {"src", "integrity", "version"}
    copy = client.get(told.get_json()["src"])
    assert copy.data == client.get("/widget/v1.js").data
    assert copy.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    digest = b64encode(hashlib.sha384(copy.data).digest()).decode()
    assert told.get_json()["integrity"] == f"sha384-{digest}"
    assert client.get("/widget/v1-0000000000000000.js").status_code == 404


def test_the_script_is_under_30_kb_packed(client: FlaskClient):
    assert len(gzip.compress(client.get("/widget/v1.js").data, 6)) < 30_000


def test_the_script_makes_no_markup_and_keeps_nothing(client: FlaskClient):
    code = client.get("/widget/v1.js").text
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        'setTimeout("',
    ):
        assert word not in code
    for word in (
        "cookie",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        ".style.",
        "parseFloat",
        "document.querySelector",
    ):
        assert word not in code
    assert set(re.findall(r"https?://[^\s\"'`]+", code)) == {"http://www.w3.org/2000/svg"}


def test_every_file_takes_only_what_files_before_it_give():
    given: dict[str, set[str]] = {file: {name} for name, file in DATA.items()}
    for name in MODULES:
        code = source(name)
        for names, file in re.findall(r'^import (.*?) from "\./(.*?)";$', code, re.MULTILINE):
            taken = set(re.split(r"[{},\s]+", names)) - {""}
            assert taken <= given[file], (name, file)
        given[name] = set(re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", code, re.MULTILINE))
    assert not re.search(r"^(import|export) ", widget().body.decode(), re.MULTILINE)
    folder = FOLDER / "api" / "widget"
    assert {path.name for path in folder.iterdir()} == {*DATA.values(), *MODULES, "embed.js"}


@pytest.mark.parametrize("language", ["es", "zh"])
def test_every_text_stands_in_every_language(language: str):
    assert list(TEXTS[language]) == list(TEXTS["en"])
    for code, english in TEXTS["en"].items():
        other = TEXTS[language][code]
        assert isinstance(other, dict) == isinstance(english, dict), code
        forms = (english, other) if isinstance(english, str) else (english["other"], other["other"])
        facts = [sorted(re.findall(r"\{\w+\}", form)) for form in forms]
        assert facts[0] == facts[1], code
        assert all(forms), code


def test_plurals_have_the_forms_of_their_language():
    # CLDR: English one and other, Spanish one, many and other, Chinese other alone.
    wanted = {"en": {"one", "other"}, "es": {"one", "many", "other"}, "zh": {"other"}}
    for language, texts in TEXTS.items():
        for code, text in texts.items():
            assert not isinstance(text, dict) or set(text) == wanted[language], (language, code)


def test_every_text_is_used():
    code = "".join(source(name) for name in MODULES)
    made = ("unit.", "package.", "mode.", "regime.", "complete", "estimated", "incomplete")
    for name in TEXTS["en"]:
        stem = name.removesuffix(".text").removesuffix(".n")
        assert name.startswith(made) or f'"{name}"' in code or re.search(rf"\b{re.escape(stem)}\b", code), name


class Written(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_for_frames_has_the_element_as_the_address_says(client: FlaskClient):
    asked = {"product": "tequila", "quantity": "4.5 L", "lang": "zh", "controls": "quantity  place", "theme": "dark"}
    response = client.get("/embed", query_string={**asked, "key": "pk_0123456789ab_x"})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    tags = Written(response.text).tags
    wanted = {**asked, "controls": "quantity place", "key": "pk_0123456789ab_x"}
    assert [given for tag, given in tags if tag == "galeon-quote"] == [wanted]
    scripts = [given for tag, given in tags if tag == "script"]
    assert [given["src"] for given in scripts] == [client.get("/widget/v1.json").get_json()["src"], "/widget/embed.js"]
    assert scripts[0]["integrity"] == client.get("/widget/v1.json").get_json()["integrity"]
    assert client.get("/widget/embed.js").mimetype == "text/javascript"
    assert dict(tags[0][1]) == {"lang": "zh"}
    policy = dict(each.strip().split(" ", 1) for each in response.headers["Content-Security-Policy"].split(";"))
    ancestors = policy.pop("frame-ancestors").split()
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert ancestors == ["'self'", "http://localhost:*", "http://127.0.0.1:*"]
    assert "X-Frame-Options" not in response.headers


def test_markup_in_the_address_becomes_text(client: FlaskClient):
    markup = "\"'><script>alert(1)</script>&amp;{attributes}"
    page = client.get("/embed", query_string={"product": markup, "description": markup}).text
    tags = Written(page).tags
    assert [given for tag, given in tags if tag == "galeon-quote"] == [{"product": markup, "description": markup}]
    assert [tag for tag, _ in tags].count("script") == 2


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"api": "https://elsewhere.example"}, "?/api", "unknown_field"),
        ({"onclick": "alert(1)"}, "?/onclick", "unknown_field"),
        ({"lang": "fr"}, "?/lang", "not_a_choice"),
        ({"theme": "pink"}, "?/theme", "not_a_choice"),
        ({"controls": "quantity everything"}, "?/controls", "not_a_choice"),
        ({"key": "sk_0123456789ab_x"}, "?/key", "wrong_form"),
        ({"key": "pk_x y"}, "?/key", "wrong_form"),
        ({"product": "x" * 201}, "?/product", "text_too_long"),
        ({"product": "a\nb"}, "?/product", "control_character"),
        ({"product": " "}, "?/product", "empty_text"),
    ],
)
def test_what_no_element_takes_is_refused(asked: dict[str, str], pointer: str, code: str, client: FlaskClient):
    response = client.get("/embed", query_string=asked)
    assert response.status_code == 422
    assert [(each["pointer"], each["code"]) for each in response.get_json()["errors"]] == [(pointer, code)]


def test_the_guide_has_every_attribute_in_the_order_of_the_element():
    table = re.search(r"<!-- attributes -->\n(.*?)<!-- /attributes -->", GUIDE, re.DOTALL)
    assert table is not None
    rows = [line.split("|")[1] for line in table[1].strip().splitlines()[2:]]
    assert [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)] == list(attributes())


def test_the_guide_has_every_property_and_part_for_themes():
    style = source("style.css")
    assert set(re.findall(r"`(--galeon-[a-z]+)`", GUIDE)) == set(re.findall(r"var\((--galeon-[a-z]+)", style))
    told = re.search(r"<!-- parts -->\n(.*?)<!-- /parts -->", GUIDE, re.DOTALL)
    assert told is not None
    code = "".join(source(name) for name in MODULES)
    named = {each for text in re.findall(r'part: [`"]([a-z ]+)', code) for each in text.split()}
    named |= set(re.findall(r'part\("\w+", "(\w+)"', code))
    for sections in re.findall(r"SECTIONS = \[(.*?)\]", code):
        named |= set(re.findall(r'"(\w+)"', sections))
    assert set(re.findall(r"`([a-z]+)`", told[1])) == named
