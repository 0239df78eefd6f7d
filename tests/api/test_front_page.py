"""The page at / as it is served: in the reader's language, with nothing inline and nothing from elsewhere."""

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.front_page import FOLDER, OWN, SHARED, front_script, front_texts
from api.widget_script import DATA, source

ADDRESSES = ("/", "/page/page.en.js", "/page/page.es.js", "/page/page.zh.js", "/page/page.css", "/page/icon.svg")
OWN_TEXTS = json.loads(source("texts.json", FOLDER))


def test_the_page_loads_only_our_own_files(client: FlaskClient):
    page = client.get("/")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    policy = dict(each.strip().split(" ", 1) for each in page.headers["Content-Security-Policy"].split(";"))
    assert policy.pop("default-src") == policy.pop("base-uri") == policy.pop("form-action") == "'none'"
    assert policy.pop("frame-ancestors") == "'none'"
    # What is drawn comes from the API, with the key where there is one.
    assert policy.pop("img-src") == "'self' blob:"
    assert set(policy.values()) == {"'self'"}
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"/page/page.en.js", "/page/page.css", "/docs", "/openapi.json"} <= set(addresses)
    for address in addresses:
        assert address.startswith(("/", "#")), address
        assert address.startswith("#") or client.get(address).status_code == 200, address
    assert not re.search(r"<style|<script(?! src=)| on[a-z]+=| style=", page.text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_browser_has_is_not_sent_again(address: str, client: FlaskClient):
    first = client.get(address)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "preferred", "said"),
    [
        ("", "es-MX,en;q=0.5", "es"),
        ("?lang=zh", "es-MX", "zh"),
        ("?lang=zh-Hans-CN", "en", "zh"),
        ("?lang=%3Cscript%3E", "zh-CN", "zh"),
        ("?lang=fr", "fr", "en"),
        ("", "", "en"),
    ],
)
def test_the_page_is_in_the_readers_language(asked: str, preferred: str, said: str, client: FlaskClient):
    page = client.get(f"/{asked}", headers={"Accept-Language": preferred})
    assert page.headers["Content-Language"] == said
    assert "Accept-Language" in page.headers["Vary"]
    assert f'<html lang="{said}">' in page.text
    assert f"<h1>{front_texts()[said]['page_title']}</h1>" in page.text
    assert re.findall(r'lang="(\w\w)" aria-current="true"', page.text) == [said]
    assert f'src="/page/page.{said}.js"' in page.text


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_script_makes_no_markup_and_is_light(client: FlaskClient, language: str):
    code = client.get(f"/page/page.{language}.js").text
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "cookie"):
        assert word not in code
    for word in ("localStorage", "indexedDB", ".style.", "parseFloat", "srcdoc", "javascript:"):
        assert word not in code
    assert set(re.findall(r"https?://[^\s\"'`]+", code)) == {"http://www.w3.org/2000/svg"}
    assert len(gzip.compress(code.encode(), 6)) < 56_000


def test_every_file_takes_only_what_files_before_it_give():
    given: dict[str, set[str]] = {file: {name} for name, file in DATA.items()}
    codes = {name: source(name) for name in SHARED} | {name: source(name, FOLDER) for name in OWN}
    for file, code in codes.items():
        for names, taken_from in re.findall(r'^import (.*?) from "\.{1,2}/(?:widget/)?(.*?)";$', code, re.MULTILINE):
            assert set(re.split(r"[{},\s]+", names)) - {""} <= given[taken_from], (file, taken_from)
        given[file] = set(re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", code, re.MULTILINE))
    assert not re.search(r"^(import|export) ", front_script("en").body.decode(), re.MULTILINE)
    folder = Path(__file__).parents[2] / "api" / FOLDER
    assert {path.name for path in folder.iterdir()} == {
        *OWN,
        "texts.json",
        "page.css",
        "page.html",
        "icon.svg",
        "tariff",
    }


def test_no_two_files_give_the_same_name():
    """Joined, they share one scope, where a second function of a name would silently take the place of the first."""
    names = re.findall(
        r"^(?:async )?(?:function|class|const|let) (\w+)", front_script("en").body.decode(), re.MULTILINE
    )
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("language", ["es", "zh"])
def test_every_text_stands_in_every_language(language: str):
    assert list(OWN_TEXTS[language]) == list(OWN_TEXTS["en"])
    for code, english in OWN_TEXTS["en"].items():
        other = OWN_TEXTS[language][code]
        assert isinstance(other, dict) == isinstance(english, dict), code
        forms = (english, other) if isinstance(english, str) else (english["other"], other["other"])
        facts = [sorted(re.findall(r"\{\w+\}", form)) for form in forms]
        assert facts[0] == facts[1], code
        assert all(forms), code


def test_own_texts_are_used_and_take_no_place_of_the_widgets():
    assert not set(OWN_TEXTS["en"]) & set(json.loads(source(DATA["TEXTS"]))["en"])
    code = "".join(source(name, FOLDER) for name in (*OWN, "page.html"))
    made = ("group.", "field.", "hint.", "control.", "compare.")
    for name in OWN_TEXTS["en"]:
        open_choice = name.endswith(".") and f'"{name[:-1]}"' in code
        assert name.startswith(made) or open_choice or f'"{name}"' in code or f"{{{name}}}" in code, name
