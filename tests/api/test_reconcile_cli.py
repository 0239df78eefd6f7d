"""`galeon reconcile`: the API's answers as tables and files, a folder of bills by cause and by product, files that are wrong."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from api import create_app, reconcile_cli, reconciliation_document
from api.cli import main
from api.examples import AVOCADO
from api.settings import Settings
from api.store import Store
from calculator.reconciling import CAUSES
from tariffs.book import Book
from tests.conftest import NOW

Json = dict[str, Any]
Galeon = Callable[..., Result]
ASKED: Json = reconciliation_document.ASKED["avocados"]["value"]
BILL: Json = {name: each for name, each in ASKED.items() if name != "request"}
FRUIT: Json = {
    "request": {
        "goods": [
            {
                "hs_code": "08109090",
                "quantity": "1000 kg",
                "price": {"amount": "20000.00", "currency": "CNY", "per": "total"},
            }
        ],
        "incoterm": "CIF",
        "place": "CNSHA",
        "declared_on": "2026-11-23",
    },
    # Duty 20% of 20,000.00 is 4,000.00; the bill has 100 yuan more.
    "bill": [{"line": "customs_duty", "amount": {"amount": "4100.00", "currency": "CNY"}}],
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database with nothing in it yet."""
    return f"sqlite:///{tmp_path / 'quotes.sqlite3'}"


@pytest.fixture
def server(database: str, real_book: Book) -> Any:
    """A client of a server that keeps its quotes where the command line looks for them."""
    store = Store.at(database)
    yield create_app(Settings(""), real_book, store, lambda: NOW).test_client()
    store.close()


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book, database: str) -> Galeon:
    """`galeon reconcile` on the tables that the tests have read already."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    monkeypatch.setenv("GALEON_DATABASE", database)

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["reconcile", *map(str, arguments)], catch_exceptions=False)

    return run


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, server: FlaskClient) -> Path:
    """A request, a kept quote, a carried one and other fruit, each with its bill."""
    found = tmp_path / "bills"
    found.mkdir()
    kept = server.post("/v1/quotes", json=AVOCADO).json
    assert kept is not None
    (found / "q.galeon.json").write_bytes(server.get(f"/v1/quotes/{kept['id']}.galeon.json").data)
    written(found / "a.json", ASKED)
    written(found / "b.json", {**BILL, "quote": kept["id"]})
    written(found / "c.json", {**BILL, "quote": "q.galeon.json"})
    written(found / "d.json", FRUIT)
    return found


def test_the_forms_are_those_of_the_api() -> None:
    assert reconcile_cli.FORMS == reconciliation_document.FORMATS


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Customs duty", "Declared value", "+1,607.60", "Quoted and not on the bill: goods", "6.7628 → 6.8000")),
        ("es", ("Arancel", "Valor declarado", "+1,607.60", "Cotizado y ausente de la cuenta", "Facturado")),
        ("zh", ("关税", "申报价值", "+1,607.60", "已报价而账单中没有", "账单")),
    ],
)
def test_one_bill_line_by_line(language: str, words: tuple[str, ...], galeon: Galeon, tmp_path: Path) -> None:
    done = galeon(written(tmp_path / "bill.json", ASKED), "--language", language)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [each for each in words if each not in done.stdout] == []


def test_a_code_keeps_its_digits(galeon: Galeon, tmp_path: Path) -> None:
    facts = {"declared_on": "2026-12-02", "goods": [{"hs_code": "08109090"}]}
    done = galeon(written(tmp_path / "bill.json", {**ASKED, "facts": facts, "language": "en"}))
    assert done.exit_code == 0, done.output
    assert "08044000 → 08109090" in done.stdout


def test_a_bill_speaks_its_own_language(galeon: Galeon, tmp_path: Path) -> None:
    done = galeon(written(tmp_path / "bill.json", {**ASKED, "language": "es"}))
    assert "Diferencia" in done.stdout


@pytest.mark.parametrize("form", reconcile_cli.FORMS)
def test_one_bill_as_the_api_answers_it(form: str, galeon: Galeon, client: FlaskClient, tmp_path: Path) -> None:
    target = tmp_path / f"out.{form}"
    done = galeon(written(tmp_path / "bill.json", ASKED), "--to", target)
    assert done.exit_code == 0, done.output
    answer = client.post(f"/v1/reconciliations?format={form}", json=ASKED).data
    if form == "xlsx":
        both = (CalamineWorkbook.from_filelike(io.BytesIO(each)) for each in (target.read_bytes(), answer))
        one, other = (each.get_sheet_by_index(0).to_python() for each in both)
        assert one == other
    else:
        assert target.read_bytes() == answer


def test_a_folder_by_cause_and_by_product(galeon: Galeon, folder: Path, tmp_path: Path) -> None:
    """Three bills of avocados, 6,157.52 above their quotes each, and one of other fruit, 100.00 above."""
    done = galeon(folder)
    assert (done.exit_code, done.stderr) == (0, "")
    assert all(each in done.stdout for each in ("a.json", "b.json (q_", "c.json (q_", "+18,572.56", "avocado-fresh"))
    target = tmp_path / "sums.json"
    assert galeon(folder, "--output", target).exit_code == 0
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["difference"]["amount"] == "18572.56"
    assert {each["cause"]: each["amount"]["amount"] for each in found["causes"]} == {
        "exchange_rate": "1914.24",
        "declared_value": "11457.57",
        "fee": "5100.75",
        "unexplained": "100.00",
    }
    assert [(each["name"], each["lines"], each["difference"]["amount"]) for each in found["products"]] == [
        ("avocado-fresh", 3, "18472.56"),
        ("08109090", 1, "100.00"),
    ]


def test_a_folder_as_a_table_and_as_a_workbook(galeon: Galeon, folder: Path, tmp_path: Path) -> None:
    table, book, picture = (tmp_path / f"sums.{form}" for form in ("csv", "xlsx", "svg"))
    assert [galeon(folder, "--to", each).exit_code for each in (table, book, picture)] == [0, 0, 0]
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    kinds = {kind: [each for each in rows if each["of"] == kind] for kind in ("bill", "line", "product", "total")}
    assert [len(each) for each in kinds.values()] == [4, 15, 2, 1]
    for name in ("difference", *CAUSES):
        sums = {
            kind: sum(Decimal(each[name] or 0) for each in kinds[kind]) for kind in ("bill", "line", "product", "total")
        }
        assert len(set(sums.values())) == 1, (name, sums)
    sheet = CalamineWorkbook.from_path(book).get_sheet_by_index(0).to_python()
    assert (len(sheet), sheet[-1][0], sheet[-1][6]) == (len(rows) + 1, "total", 18572.56)
    assert "+11,457.57 CNY" in picture.read_text(encoding="utf-8")


def test_what_is_wrong_keeps_nothing_from_the_others(galeon: Galeon, folder: Path, tmp_path: Path) -> None:
    carried = (folder / "q.galeon.json").read_bytes()
    (folder / "changed.galeon.json").write_bytes(carried.replace(b"30703.51", b"30703.52"))
    (folder / "newer.galeon.json").write_bytes(carried.replace(b'"version": "1"', b'"version": "2"'))
    (folder / "none.galeon.json").write_text("{}", encoding="utf-8")
    (folder / "e.json").write_text("{", encoding="utf-8")
    for number, named in enumerate(("changed", "newer", "none", "missing")):
        written(folder / f"f{number}.json", {**BILL, "quote": f"{named}.galeon.json"})
    written(folder / "g.json", {**BILL, "quote": "q_nothing"})
    written(folder / "h.json", {**ASKED, "pay": 1})
    written(folder / "i.json", [])
    target = tmp_path / "sums.json"
    done = galeon(folder, "--to", target)
    assert done.exit_code == 2
    found = json.loads(target.read_text(encoding="utf-8"))
    assert {
        each["file"]: [(one["code"], one["pointer"]) for one in each["problems"]]
        for each in found["bills"]
        if each["reconciliation"] is None
    } == {
        "e.json": [("json_name_expected", "")],
        "f0.json": [("quote_file_changed", "/quote")],
        "f1.json": [("file_of_another_version", "/quote")],
        "f2.json": [("no_quote_file", "/quote")],
        "f3.json": [("bill_file_not_read", "/quote")],
        "g.json": [("no_such_quote", "/quote")],
        "h.json": [("unknown_field", "/pay")],
        "i.json": [("wrong_type", "")],
    }
    assert found["difference"]["amount"] == "18572.56"
    assert "f0.json: /quote: The file changed.galeon.json is not what it says; changed: quote; " in done.stderr
    table = galeon(folder, "--language", "zh")
    assert (table.exit_code, "18,572.56" in table.stdout, "已改动：quote" in table.stderr) == (2, True, True)


def test_a_quote_changed_with_its_hash_is_found_by_reckoning_it_again(galeon: Galeon, folder: Path) -> None:
    import hashlib

    document = json.loads((folder / "q.galeon.json").read_text(encoding="utf-8"))
    document["quote"]["totals"]["vat"]["amount"] = "1.00"
    text = json.dumps(document["quote"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    document["sha256"]["quote"] = hashlib.sha256(text.encode()).hexdigest()
    written(folder / "q.galeon.json", document)
    done = galeon(folder / "c.json")
    assert done.exit_code == 2
    assert "reckoned again it differs at /totals/vat/amount" in done.stderr


def test_a_wrong_bill_alone_writes_nothing(galeon: Galeon, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    done = galeon(written(tmp_path / "bill.json", {**ASKED, "bill": []}), "--to", target)
    assert (done.exit_code, done.stdout, target.exists()) == (2, "", False)
    assert "bill.json: /bill: The bill has no line." in done.stderr


def test_nothing_is_overwritten(galeon: Galeon, folder: Path, tmp_path: Path) -> None:
    assert galeon(folder / "a.json", "--to", folder / "a.json").exit_code == 2
    assert galeon(folder, "--to", folder / "sums.json").exit_code == 2
    assert galeon(folder, "--to", tmp_path / "sums.pdf").exit_code == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert galeon(empty).exit_code == 1
    assert galeon(tmp_path / "missing").exit_code == 2
