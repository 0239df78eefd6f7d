"""The command line: the same quote as the API, refusals on the error output, and the specification."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tariffs.book import Book

AVOCADO = [
    "--product",
    "avocado-fresh",
    "--quantity",
    "20.16t",
    "--price",
    "40000",
    "--currency",
    "USD",
    "--incoterm",
    "FOB",
    "--freight",
    "6200",
    "--fx",
    "USD/CNY=6.7628",
    "--declared-on",
    "2026-11-23",
]


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Any:
    """The command on the tables that the tests have read already, with a database of its own."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    monkeypatch.setenv("GALEON_DATABASE", "sqlite://")
    monkeypatch.delenv("GALEON_FX_STRICT", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    return run


def test_a_quote_in_the_terminal(galeon: Any):
    result = galeon("quote", *AVOCADO)
    assert result.exit_code == 0, result.output
    for figure in ("313,378.68 CNY", "21,936.51 CNY", "30,178.37 CNY", "364,556.24 CNY"):
        assert figure in result.stdout
    assert "customs value × duty rate" in result.stdout
    assert result.stderr == ""


def test_a_quote_as_json_is_that_of_the_api(galeon: Any, client: Any):
    result = galeon("quote", *AVOCADO, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    asked = {
        "goods": [
            {
                "product": "avocado-fresh",
                "quantity": "20.16t",
                "price": {"amount": "40000", "currency": "USD", "per": "total"},
            }
        ],
        "incoterm": "FOB",
        "costs": {"freight": {"amount": "6200", "currency": "USD"}},
        "fx": {"USD/CNY": "6.7628"},
        "declared_on": "2026-11-23",
        "language": "en",
    }
    of_the_api = client.post("/v1/quotes?store=false", json=asked).json
    assert {**document, "created_at": ""} == {**of_the_api, "created_at": ""}


def test_your_own_rates(galeon: Any):
    own = ["--description", "Tequila", "--hs-code", "22089010", "--duty", "10%", "--vat", "13%", "--consumption-tax"]
    terms = [
        "--quantity",
        "9,000L",
        "--price",
        "60000",
        "--currency",
        "USD",
        "--incoterm",
        "CIF",
        "--fx",
        "USD/CNY=6.7628",
    ]
    result = galeon("quote", *own, "20% + 0.912 CNY/L", *terms, "--declared-on", "2026-11-23", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["totals"]["taxes"]["amount"] == "236287.83"


@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_what_cannot_be_priced_goes_to_the_error_output(form: list[str], language: str, galeon: Any):
    arguments = [
        "--product",
        "avocado-frsh",
        "--quantity",
        "1t",
        "--price",
        "2",
        "--currency",
        "USD",
        "--per",
        "kg",
        "--freight",
        "6200",
    ]
    result = galeon("quote", *arguments, "--language", language, *form)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("/goods/0/product: ")
    assert "avocado-fresh" in result.stderr


def test_everything_that_is_wrong_at_once(galeon: Any):
    result = galeon(
        "quote", *["--product", "x", "--quantity", "1,5kg", "--price", "-2", "--currency", "peso", "--fx", "USD/CNY"]
    )
    assert result.exit_code == 2
    told = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert set(told) == {"/goods/0/quantity", "/goods/0/price/amount", "/goods/0/price/currency", "/fx/USD~1CNY"}


def test_the_specification(galeon: Any, tmp_path: Any):
    printed = galeon("openapi")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["openapi"] == "3.1.0"
    assert galeon("openapi", str(tmp_path / "openapi.json")).exit_code == 0
    assert (tmp_path / "openapi.json").read_text(encoding="utf-8") == printed.stdout


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_others_are_not_served(host: str, galeon: Any):
    result = galeon("serve", "--host", host)
    assert result.exit_code == 1
    assert "no keys" in result.stderr


def test_a_database_that_cannot_be_opened_is_told(galeon: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    (tmp_path / "file").touch()
    for url in (f"sqlite:///{tmp_path}/file/quotes.sqlite3", "nonsense", "oracle+nothing:///x"):
        monkeypatch.setenv("GALEON_DATABASE", url)
        result = galeon("serve", "--port", "1")
        assert result.exit_code == 1
        assert "GALEON_DATABASE" in result.stderr


def test_a_setting_that_cannot_be_read_is_told(galeon: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GALEON_FX_STRICT", "perhaps")
    result = galeon("quote", *AVOCADO)
    assert result.exit_code == 1
    assert "GALEON_FX_STRICT" in result.stderr
