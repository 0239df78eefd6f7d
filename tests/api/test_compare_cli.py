"""Scenarios on the command line: the same comparison as the API's, as a table or a file; refusals on the error output."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from rich.console import Console

from api.cli import main
from api.compare_cli import FORMS
from api.comparison_document import FORMATS
from api.locales import number
from api.terminal import print_comparison
from tariffs.book import Book

SEA = {"mode": "sea", "from": "MXZLO", "to": "CNSHA"}
AIR = {"mode": "air", "from": "MEX", "to": "PVG"}
ASKED: dict[str, Any] = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "20 t",
            "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
        }
    ],
    "incoterm": "FOB",
    "costs": {"freight": "planning"},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}
WAYS = {**ASKED, "vary": {"regime": ["general_trade", "cbec_retail"], "route": [AIR, SEA]}}


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Any:
    """`galeon compare` on the tables that the tests have read already."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)

    def run(*arguments: str | Path, told: str | None = None) -> Result:
        return CliRunner().invoke(main, ["compare", *map(str, arguments)], input=told, catch_exceptions=False)

    return run


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Above the cheapest", "open", "closed", "General trade, Air MEX–PVG", "is closed to these goods")),
        ("es", ("Sobre el más barato", "abierto", "cerrado", "Comercio general, Aire MEX–PVG", "supera el límite")),
        ("zh", ("高于最低", "可用", "不可用", "一般贸易, 空运 MEX–PVG", "超过单次交易限值")),
    ],
)
def test_scenarios_in_the_terminal(
    language: str, words: tuple[str, ...], galeon: Any, client: FlaskClient, tmp_path: Path
):
    result = galeon(written(tmp_path / "ways.json", WAYS), "--language", language)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    told = result.stdout
    found = client.post("/v1/comparisons", json={**WAYS, "language": language}).json
    assert found is not None
    first, second, *closed = found["scenarios"]
    assert [each["status"] for each in closed] == ["closed", "closed"]
    for each in (first, second):
        assert f"{number(each['totals']['landed_cost']['amount'], language)} CNY" in told
    assert f"+{number(second['above_cheapest']['landed_cost']['amount'], language)} CNY" in told
    assert "22 (17–32)" in told
    # Narrow columns fold their text.
    wide = StringIO()
    print_comparison(found, language, Console(file=wide, width=400))
    assert all(each in wide.getvalue() for each in words)
    assert wide.getvalue().count(words[-1]) == 2


def test_what_varies_can_stand_elsewhere(galeon: Any, tmp_path: Path):
    request = json.dumps(WAYS)
    terms = {"route": [SEA], "incoterm": ["FOB", "CIF"]}
    by_text = galeon("-", "--vary", json.dumps(terms), told=request)
    assert by_text.exit_code == 0, by_text.output
    assert "CNSHA, CIF" in by_text.stdout
    assert "MEX–PVG" not in by_text.stdout
    by_file = galeon("-", "--vary", written(tmp_path / "vary.json", terms), told=request)
    assert by_file.stdout == by_text.stdout


def test_the_language_of_the_request(galeon: Any):
    request = json.dumps({**WAYS, "language": "es"})
    assert "Escenario" in galeon("-", told=request).stdout
    assert "方案" in galeon("-", "--language", "zh", told=request).stdout


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_what_the_api_answers(form: str, galeon: Any, client: FlaskClient, tmp_path: Path):
    target = tmp_path / f"ways.{form.upper()}"
    request = written(tmp_path / "request.json", {**WAYS, "language": "es"})
    result = galeon(request, "--to", target)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "4 scenarios" in result.stderr
    sent = {"data": request.read_bytes(), "content_type": "application/json"}
    of_the_api = client.post(f"/v1/comparisons?format={form}", **sent).data
    if form == "xlsx":
        # A workbook holds the moment at which it was made.
        assert target.read_bytes()[:4] == of_the_api[:4]
    else:
        assert target.read_bytes() == of_the_api


def test_every_form_of_the_api_can_be_written():
    assert FORMS == FORMATS


@pytest.mark.parametrize(
    ("request_", "vary", "told"),
    [
        (WAYS, '{"regime": ["smuggling"]}', ["/vary/regime/0: "]),
        (WAYS, '{"when": ["2026-11-23"], "incoterm": []}', ["/vary/when: "]),
        (WAYS, "{}", ["/vary: "]),
        (ASKED, None, ["/vary: "]),
        ({**WAYS, "goods": [{**ASKED["goods"][0], "product": "avocado-frsh"}]}, None, ["/goods/0/product: "]),
        ({**WAYS, "goods": [{**ASKED["goods"][0], "quantity": "1,5kg"}]}, None, ["/goods/0/quantity: "]),
        ([], None, [""]),
    ],
)
@pytest.mark.parametrize("to", [[], ["--to"]])
def test_what_is_wrong_is_told_with_its_place(
    request_: Any, vary: str | None, told: list[str], to: list[str], galeon: Any, tmp_path: Path
):
    target = tmp_path / "out.csv"
    options = [*(["--vary", vary] if vary else []), *(["--to", target] if to else [])]
    result = galeon("-", *options, told=json.dumps(request_))
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == len(told)
    assert all(line.startswith(each) for line, each in zip(lines, told, strict=True))
    assert not target.exists()


@pytest.mark.parametrize(
    ("request_", "options", "told"),
    [
        ("{", [], "-: "),
        ("", ["--language", "es"], "-: "),
        ('{"goods": [], "goods": []}', [], "-: /goods: "),
        (json.dumps(WAYS), ["--vary", '{"regime": ["general_trade"'], "--vary: "),
    ],
)
def test_what_is_no_json_is_told_by_the_name_of_its_file(request_: str, options: list[str], told: str, galeon: Any):
    result = galeon("-", *options, told=request_)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(told)
    assert len(result.stderr.splitlines()) == 1


def test_files_that_are_not_there_or_not_ours(galeon: Any, tmp_path: Path):
    request = written(tmp_path / "request.json", WAYS)
    for wrong, option in (
        ([tmp_path / "none.json"], "REQUEST"),
        ([request, "--vary", tmp_path / "none.json"], "--vary"),
        ([request, "--to", tmp_path / "ways.pdf"], "--to"),
        ([request, "--to", tmp_path / "ways"], "--to"),
        ([request, "--to", request], "--to"),
    ):
        result = galeon(*wrong)
        assert result.exit_code == 2
        assert option in result.stderr
    result = galeon(request, "--to", tmp_path / "none" / "ways.csv")
    assert result.exit_code == 1
    assert "ways.csv" in result.stderr
    assert json.loads(request.read_text(encoding="utf-8")) == WAYS
