"""The guide for spreadsheets has every field and every name, and its example is what the API says."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.cells import MEANINGS
from api.flat_names import FLAT_NAMES
from api.wording import Wording

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = {"en": DOCS / "spreadsheets.md", "es": DOCS / "hojas-de-calculo.md"}
HEADS = {"en": ("field | what it tells", "name | short"), "es": ("campo | qué dice", "nombre | corto")}
LAST = {"en": "in JSON | for example", "es": "en JSON | por ejemplo"}


def fields(language: str) -> str:
    """The table of fields."""
    wording = Wording.of(language)
    rows = "".join(f"| `{name}` | {wording.sentence(told)} |\n" for name, told in MEANINGS.items())
    return f"| {HEADS[language][0]} |\n| --- | --- |\n{rows}"


def names(language: str) -> str:
    """The table of names."""
    rows = ""
    for flat in FLAT_NAMES:
        words = f"{', '.join(flat.es)} | {'、'.join(flat.zh)}"
        rows += f"| `{flat.name}` | `{flat.short}` | {words} | `{flat.pointer}` | `{flat.example}` |\n"
    return (
        f"| {HEADS[language][1]} | español | 中文 | {LAST[language]} |\n| --- | --- | --- | --- | --- | --- |\n{rows}"
    )


@pytest.mark.parametrize("language", GUIDES)
@pytest.mark.parametrize(("block", "wanted"), [("fields", fields), ("names", names)])
def test_the_tables_are_those_of_the_api(language: str, block: str, wanted):
    found = re.search(
        rf"<!-- {block} -->\n(.*?)<!-- /{block} -->", GUIDES[language].read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    assert found[1] == wanted(language)


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_the_example_is_answered_as_printed(guide: Path, client: FlaskClient):
    text = guide.read_text(encoding="utf-8")
    found = re.search(r"    http://localhost:8000(/v1/sheet/landed_cost\S*(?: t\S*)?)\n\n    ([0-9.]+)\n", text)
    assert found is not None
    assert client.get(found[1]).text == found[2]
    error = re.search(r"    (#quantity: .*)\n", text)
    assert error is not None
    told = client.get(found[1].replace("20.16 t", "20 ton")).text
    assert told == error[1]
