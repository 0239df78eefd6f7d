"""The exporter's own code on the command line and in files: prices, and the lines to choose from as a person reads them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tariffs.book import Book

Json = dict[str, Any]
PRICE = {"amount": "10000", "currency": "USD", "per": "total"}
LINE: Json = {"fraccion": "2714.90.99", "quantity": "1000 kg", "price": PRICE}
ASKED: Json = {
    "goods": [LINE],
    "incoterm": "CIF",
    "fx": {"USD/CNY": "7"},
    "declared_on": "2026-11-23",
}
OPTIONS = ("--quantity", "1000 kg", "--price", "10000", "--currency", "USD", "--incoterm", "CIF", "--fx", "USD/CNY=7")
# 10,000 USD x 7 = 70,000. 27149010: MFN 8 %, provisional 4 % = 2,800; VAT 13 % of 72,800 = 9,464; in all 82,264.
# 27149020: free; VAT 9,100; in all 79,100. 27149090: 3 % = 2,100; VAT 13 % of 72,100 = 9,373; in all 81,473.
FIGURES = (
    ("27149010", "8%", "4%", "2,800.00 CNY", "0.00 CNY", "9,464.00 CNY", "82,264.00 CNY"),
    ("27149020", "0%", "", "0.00 CNY", "0.00 CNY", "9,100.00 CNY", "79,100.00 CNY"),
    ("27149090", "3%", "", "2,100.00 CNY", "0.00 CNY", "9,373.00 CNY", "81,473.00 CNY"),
)
HEADS = {
    "en": ("HS code", "MFN rate", "Provisional rate", "Customs duty", "Consumption tax", "Import VAT", "Landed cost"),
    "es": (
        "Código SA",
        "Tasa NMF",
        "Tasa provisional",
        "Arancel",
        "Impuesto al consumo",
        "IVA de importación",
        "Costo puesto en destino",
    ),
    "zh": ("税则号列", "最惠国税率", "暂定税率", "关税", "消费税", "进口环节增值税", "到岸总成本"),
}
NAMES = {
    "en": "27149020  Bitumen and asphalt, natural; asphaltites and asphaltic rock",
    "es": "27149020  Los demás (Betunes y asfaltos naturales",
    "zh": "27149020  乳化沥青",
}
# What each decision is asked beside the consignment.
DECISIONS: dict[str, Json] = {
    "compare": {"vary": {"incoterm": ["CIF", "CIP"]}},
    "stress": {"shocks": {"fx": ["10%"]}},
    "calendar": {"calendar": {"behind": 1, "ahead": 1}},
}


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Any:
    """The command on the tables that the tests have read already, in a wide terminal."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    monkeypatch.setenv("GALEON_DATABASE", "sqlite://")
    monkeypatch.setenv("COLUMNS", "220")

    def run(*arguments: str | Path, told: object = None) -> Result:
        given = None if told is None else json.dumps(told)
        return CliRunner().invoke(main, [*map(str, arguments)], input=given, catch_exceptions=False)

    return run


def table(text: str) -> list[tuple[str, ...]]:
    """The cells of the rows of a table that is drawn with lines."""
    rows = (line.replace("┃", "│") for line in text.splitlines() if line.strip()[:1] in "│┃" and line.strip())
    return [tuple(cell.strip() for cell in row.strip().strip("│").split("│")) for row in rows]


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_a_quote_of_a_fraccion(galeon: Any, language: str) -> None:
    given = ("--fraccion", "0804.40.01", *OPTIONS, "--declared-on", "2026-11-23", "--language", language)
    result = galeon("quote", *given)
    assert (result.exit_code, result.stderr) == (0, "")
    # Provisional duty 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641.
    assert all(each in result.stdout for each in ("4,900.00 CNY", "6,741.00 CNY", "81,641.00 CNY"))
    assert {"en": "leads to 08044000", "es": "lleva a 08044000", "zh": "08044000"}[language] in result.stdout
    assert "0804.40.01" in result.stdout
    document = json.loads(galeon("quote", *given, "--json").stdout)
    assert document["totals"]["landed_cost"]["amount"] == "81641.00"


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_lines_to_choose_from_with_their_figures(galeon: Any, language: str) -> None:
    given = ("--fraccion", "2714.90.99", *OPTIONS, "--declared-on", "2026-11-23", "--language", language)
    result = galeon("quote", *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("/goods/0/hs_code: 271490")
    assert table(result.stderr) == [HEADS[language], *FIGURES]
    assert NAMES[language] in result.stderr
    # Whatever the language, the words of the law tell lines apart.
    assert "乳化沥青" in result.stderr
    chosen = galeon("quote", *given, "--hs-code", "27149090")
    assert chosen.exit_code == 0
    assert "81,473.00 CNY" in chosen.stdout


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "did you mean 0804.40.01?"),
        ("es", "¿quiso decir 0804.40.01?"),
        ("zh", "您是否要写 0804.40.01？"),
    ],
)
def test_a_fraccion_without_its_zero(galeon: Any, language: str, asked: str) -> None:
    result = galeon("quote", "--fraccion", "804.40.01", *OPTIONS, "--language", language)
    assert result.exit_code == 2
    assert asked in result.stderr


@pytest.mark.parametrize("language", ["en", "es", "zh"])
@pytest.mark.parametrize("command", DECISIONS)
def test_decisions_name_the_lines_as_a_quote_does(galeon: Any, command: str, language: str) -> None:
    result = galeon(command, "-", "--language", language, told={**ASKED, **DECISIONS[command]})
    assert (result.exit_code, result.stdout) == (2, "")
    assert table(result.stderr) == [HEADS[language], *FIGURES]
    assert NAMES[language] in result.stderr


@pytest.mark.parametrize(
    ("language", "missing"),
    [("en", "required"), ("es", "obligatorio"), ("zh", "必填")],
)
def test_a_target_names_the_lines_with_their_rates(galeon: Any, language: str, missing: str) -> None:
    line = {**LINE, "price": {"currency": "USD", "per": "total"}}
    target = {"amount": "82264", "currency": "CNY", "per": "total"}
    result = galeon("target", "-", "--language", language, told={**ASKED, "goods": [line], "target": target})
    assert result.exit_code == 2
    heads, *rows = table(result.stderr)
    assert heads == HEADS[language]
    assert rows == [(*each[:3], "", "", "", "") for each in FIGURES]
    assert missing in result.stderr


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_a_changed_law_tells_what_it_cannot_price(galeon: Any, language: str) -> None:
    changes = [{"hs_code": "0804", "measure": "provisional", "expression": "0%"}]
    avocado = {**ASKED, "goods": [{**LINE, "fraccion": "0804.40.01"}]}
    result = galeon("what-if", "-", "--language", language, told={"changes": changes, "basket": [ASKED, avocado]})
    assert (result.exit_code, result.stderr) == (0, "")
    rows = table(result.stdout)
    assert [each for each in rows if len(each) == len(FIGURES[0])] == [HEADS[language], *FIGURES]
    assert NAMES[language] in result.stdout
    # Avocado at 81,641 comes to 76,300 without its duty of 4,900 and the VAT of 441 on it.
    assert any(each[:3] == ("0804.40.01", "81,641.00 CNY", "76,300.00 CNY") for each in rows)


def test_several_goods_name_their_own_lines(galeon: Any) -> None:
    squid = {"product": "squid-frozen", "quantity": "1000 kg", "price": PRICE}
    asked = {**ASKED, "goods": [LINE, squid], "shocks": {"fx": ["10%"]}}
    result = galeon("stress", "-", told=asked)
    assert result.exit_code == 2
    before, after = result.stderr.split("/goods/1/hs_code: ")
    assert "27149090" in before
    assert "03074310" in after
    assert "The code of goods 2 leaves several lines" in before
    assert "The code of goods 1 leaves several lines" in after
    assert ("27149090", "3%", "", "", "", "", "") in table(before)
    assert ("03074310", "12%", "", "", "", "", "") in table(after)


@pytest.mark.parametrize("heading", ["fraccion", "fracción arancelaria", "墨西哥税号"])
def test_the_column_of_a_file(galeon: Any, tmp_path: Path, heading: str) -> None:
    """A row each for a code of one line, one that leaves several, one without its zero, and one beside its line."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [
        [heading, "hs_code", "quantity", "price", "currency", "per", "incoterm", "fx", "declared_on"],
        *(
            [code, line, "1000 kg", "10000", "USD", "total", "CIF", "USD/CNY:7", "2026-11-23"]
            for code, line in (
                ("0804.40.01", ""),
                ("2714.90.99", ""),
                ("8044001", ""),
                ("27149099", "27149090"),
            )
        ),
    ]
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = galeon("price", source, target)
    assert result.exit_code == 0, result.output
    with target.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [each["landed_cost"] for each in found] == ["81641.00", "", "", "81473.00"]
    assert "27149010, 27149020, 27149090" in found[1]["error"]
    assert "did you mean 0804.40.01?" in found[2]["error"]
