# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""A row of the tables proves wrong: exactly the quotes and jobs that used it are found, told what they would be, and marked."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sql
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from api import correct_cli, create_app, known_of
from api.cli import main
from api.corrected import corrections_of_job, corrections_of_quote
from api.database import HEAD, revision
from api.erasing import erase
from api.job_work import work
from api.jobs import JOB_ROWS, KEPT, Job, Jobs
from api.jobs import Asked as Asked_
from api.keeping import bring_back, export, prune, tidy
from api.retention import Due
from api.schemas import QuoteIn
from api.settings import Settings
from api.shares import SHARES
from api.store import QUOTES, ROWS_USED, RowSet, Store
from api.superseding import LANDED, NOT_KEPT, STILL_WORKED, TAXES, superseded
from calculator.errors import Unpriceable
from tariffs.book import Book
from tariffs.corrected_rows import CorrectedRow, corrected_rows
from tariffs.corrected_rows import findings as correction_faults
from tariffs.correcting import Asked, Corrected, named_row
from tariffs.fx.live import LiveFx
from tariffs.overlay import Overlay
from tariffs.records import Records
from tariffs.release import differences, order_of, sealed
from tariffs.rows_used import RowName, name_of
from tests.conftest import NOW
from tests.flat import AVOCADO as AVOCADO_FLAT
from tests.ledgers import UNUSABLE, at_revision, unusable

PACKAGE = Path(str(files("tariffs") / "data"))
SETTINGS = Settings(database="sqlite://")
FX = {"USD/CNY": "7"}
AVOCADO_ROW = ("customs-schedule", "08044000", "--measure", "provisional", "--on", "2026-11-23")
RIGHT = (
    "--set",
    "expression=5%",
    "--source",
    "cn-tariff-2026",
    "--confidence",
    "A",
    "--reason",
    "the plan was misread",
)


def asked(code: str = "08044000", price: str = "10000", **more: Any) -> dict[str, Any]:
    """Goods of Mexico, 1,000 kg of them, CIF: the price is the customs value, at 7 yuan a dollar."""
    line = {"hs_code": code, "origin": "MX", "quantity": "1000 kg"} | more.pop("line", {})
    money = {"amount": price, "currency": "USD", "per": "total"}
    return {"declared_on": "2026-11-23", "incoterm": "CIF", "fx": FX, "goods": [{**line, "price": money}]} | more


def client_of(book: Book, store: Store) -> FlaskClient:
    return create_app(SETTINGS, book, store, clock=lambda: NOW).test_client()


@pytest.fixture
def ledger(ready_url: str) -> Iterator[Store]:
    kept = Store.at(ready_url)
    yield kept
    kept.close()


@pytest.fixture
def client(real_book: Book, ledger: Store) -> FlaskClient:
    return client_of(real_book, ledger)


def made(client: FlaskClient, request: dict[str, Any]) -> str:
    response = client.post("/v1/quotes", json=request)
    assert response.status_code == 201, response.text
    return str(response.json["id"])


def correct(store: Store, *arguments: str, code: int = 0) -> Result:
    url = store.engine.url.render_as_string(hide_password=False)
    runner = CliRunner(env={"GALEON_TABLES": None, "GALEON_DATABASE": url})
    result = runner.invoke(main, ["tables", "correct", *arguments])
    assert result.exit_code == code, result.output
    return result


def document(store: Store, *arguments: str) -> dict[str, Any]:
    return dict(json.loads(correct(store, *arguments, "--json").stdout))


def test_what_each_quote_would_be_now(client: FlaskClient, ledger: Store, tmp_path: Path):
    used, other = made(client, asked()), made(client, asked("09011100"))
    own = made(client, asked(line={"tariff": {"duty": "7%"}}))
    into = tmp_path / "tables"
    before = {id: client.get(f"/v1/quotes/{id}").data for id in (used, other, own)}
    dry = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert not dry["applied"]
    assert dry["changed"][0] == {"column": "expression", "wrong": "7%", "right": "5%"}
    # 70,000 yuan of customs value. At 7%: duty 4,900, VAT 9% of 74,900 = 6,741; at 5%: 3,500 and 6,615.
    (only,) = dry["affected"]
    assert only == {
        "kind": "quote",
        "id": used,
        "owner": None,
        "declared_on": "2026-11-23",
        "landed_cost_before_cny": "81641.00",
        "landed_cost_after_cny": "80115.00",
        "difference_cny": "-1526.00",
        "taxes_before_cny": "11641.00",
        "taxes_after_cny": "10115.00",
        "rows": None,
        "problem": None,
    }
    assert "Superseded-By-Correction" not in client.get(f"/v1/quotes/{used}").headers
    assert "are marked" in correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(into), "--apply").stdout
    # What was answered stays, byte for byte, and so does its ETag; the mark stands in the head.
    for id, body in before.items():
        answer = client.get(f"/v1/quotes/{id}")
        assert answer.data == body
        assert ("Superseded-By-Correction" in answer.headers) == (id == used)
    # The new release is whole, has the right row, and prices the same day rightly.
    assert differences(into) == ()
    records = Records(into)
    after = client_of(Book(records, LiveFx()), ledger)
    fresh = after.post("/v1/quotes", json=asked()).json
    assert fresh["totals"]["landed_cost"]["amount"] == "80115.00"
    (kept,) = corrected_rows(records)
    assert (kept.wrong["expression"], kept.right["expression"], kept.reason) == ("7%", "5%", "the plan was misread")
    # Nothing but the row, the corrections and the seal differs from what it was made from.
    changed = {
        f"{each.relative_to(into)}"
        for each in into.rglob("*")
        if each.is_file() and each.read_bytes() != (PACKAGE / each.relative_to(into)).read_bytes()
    }
    assert changed == {"cn/measures.csv", "corrections.csv", "release.toml"}


def test_the_mark_in_every_form(client: FlaskClient, ledger: Store, tmp_path: Path):
    used, other = made(client, asked()), made(client, asked("09011100"))
    address = client.post(f"/v1/quotes/{used}/share").json["links"]["self"]
    page = client.get(f"/v1/quotes/{used}.html")
    assert "Superseded" not in page.text
    etag = client.get(f"/v1/quotes/{used}").headers["ETag"]
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    for path in (f"/v1/quotes/{used}", address):
        for suffix in ("", ".csv", ".xlsx", ".html", ".svg"):
            assert client.get(path + suffix).headers["Superseded-By-Correction"].startswith("c_"), suffix
    unchanged = client.get(f"/v1/quotes/{used}", headers={"If-None-Match": etag})
    assert (unchanged.status_code, "Superseded-By-Correction" in unchanged.headers) == (304, True)
    marked = client.get(f"/v1/quotes/{used}.html", headers={"If-None-Match": page.headers["ETag"]})
    assert (marked.status_code, marked.headers["ETag"] != page.headers["ETag"]) == (200, True)
    assert "Superseded: a row of the tables that this quote used was corrected" in marked.text
    assert "the plan was misread" in marked.text
    assert "Sustituida" in client.get(f"/v1/quotes/{used}.html?language=es").text
    assert "已被取代" in client.get(f"/v1/quotes/{used}.html?language=zh").text
    assert SAID["en"] in cells(client.get(f"/v1/quotes/{used}.xlsx").data)
    assert "Superseded" not in cells(client.get(f"/v1/quotes/{other}.xlsx").data)
    carried = client.get(f"/v1/quotes/{used}.galeon.json").json
    assert carried["superseded_by_correction"][0]["row"] == "08044000/provisional///2026-01-01"
    assert "superseded_by_correction" not in client.get(f"/v1/quotes/{other}.galeon.json").json


SAID = {
    "en": "Superseded: a row of the tables that this quote used was corrected",
    "es": "Sustituida: una fila de las tablas que usó esta cotización se corrigió",
    "zh": "已被取代",
}


def cells(workbook: bytes) -> str:
    """What stands on the sheets of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    return "\n".join(
        f"{cell}" for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    )


def test_the_mark_on_the_declaration_sheet(client: FlaskClient, ledger: Store, tmp_path: Path):
    """It is made anew from a quote that is superseded: the head, the document and the workbook say so, in its language."""
    used, other = made(client, asked()), made(client, asked("09011100"))
    at = f"/v1/quotes/{used}/declaration"
    before = client.get(at)
    assert "superseded_by_correction" not in before.json
    assert "Superseded" not in cells(client.get(f"{at}.xlsx").data)
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    marked = client.get(at, headers={"If-None-Match": before.headers["ETag"]})
    assert (marked.status_code, marked.headers["ETag"] != before.headers["ETag"]) == (200, True)
    (mark,) = marked.json["superseded_by_correction"]
    assert (mark["table"], mark["reason"]) == ("customs-schedule", "the plan was misread")
    assert {name: each for name, each in marked.json.items() if name in before.json} == before.json
    for suffix in ("", ".json", ".xlsx"):
        assert client.get(at + suffix).headers["Superseded-By-Correction"] == mark["correction"]
    for language, said in SAID.items():
        for sheet in (f"{at}.xlsx", f"/v1/quotes/{used}.xlsx"):
            told = cells(client.get(f"{sheet}?language={language}").data)
            assert said in told, (sheet, language)
            assert "the plan was misread" in told
    untouched = client.get(f"/v1/quotes/{other}/declaration")
    assert "Superseded-By-Correction" not in untouched.headers
    assert "superseded_by_correction" not in untouched.json


def test_cells_that_read_it_say_so(client: FlaskClient, ledger: Store, tmp_path: Path):
    used, other = made(client, asked()), made(client, asked("09011100"))
    field, whole = "/v1/sheet/superseded_by_correction", "/v1/sheet.csv"
    assert client.get(f"{field}?quote={used}").text == ""
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    names = client.get(f"/v1/quotes/{used}").headers["Superseded-By-Correction"]
    assert client.get(f"{field}?quote={used}").text == names != ""
    for id, told in ((used, names), (other, "")):
        (row,) = csv.DictReader(io.StringIO(client.get(f"{whole}?quote={id}").text))
        assert (row["superseded_by_correction"], row["error"]) == (told, "")
    # What is priced now is priced by the tables of now.
    fresh = f"{field}?hs_code=08044000&quantity=1%20t&price=1&currency=CNY&per=kg&incoterm=CIF"
    assert (client.get(fresh).status_code, client.get(fresh).text) == (200, "")


def test_a_call_that_is_sent_again_hears_of_it(client: FlaskClient, ledger: Store, tmp_path: Path):
    first = client.post("/v1/quotes", json=asked(), headers={"Idempotency-Key": "order-1"})
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    again = client.post("/v1/quotes", json=asked(), headers={"Idempotency-Key": "order-1"})
    recovered = client.get("/v1/quotes?idempotency_key=order-1")
    assert first.data == again.data == recovered.data
    assert "Superseded-By-Correction" not in first.headers
    assert again.headers["Superseded-By-Correction"] == recovered.headers["Superseded-By-Correction"]


def test_an_overlay_stands_over_a_corrected_row(ledger: Store, tmp_path: Path):
    """The user's own rate in the place of the corrected one is no fault of the tables."""
    folder, own = tmp_path / "tables", tmp_path / "own"
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(folder), "--apply")
    (own / "cn").mkdir(parents=True)
    head = ",".join(Records().file("cn/measures.csv").columns)
    row = "08044000,provisional,6%,,,2026-01-01,2026-12-31,unverified,C,"
    (own / "cn/measures.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    laid = Records(folder, Overlay.read(own))
    assert list(correction_faults(laid)) == []
    assert list(correction_faults(Records(folder))) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"expression":""5%""', '"expression":""4%""', "correction_not_made"),
        ("2026-11-23,the plan", "someday,the plan", "bad_correction"),
        ("customs-schedule,", "tariffs,", "bad_correction"),
        (",the plan was misread,", ",,", "bad_correction"),
    ],
)
def test_the_checks_hold_corrections_and_rows_together(old: str, new: str, code: str, ledger: Store, tmp_path: Path):
    folder = tmp_path / "tables"
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--found-on", "2026-11-23", "--into", str(folder), "--apply")
    text = (folder / "corrections.csv").read_text(encoding="utf-8")
    old = old.replace('"expression":""', '""expression"":""').replace('%""', '%""')
    new = new.replace('"expression":""', '""expression"":""')
    assert old in text
    (folder / "corrections.csv").write_text(text.replace(old, new), encoding="utf-8")
    assert [each.code for each in correction_faults(Records(folder))] == [code]


def test_a_wrong_row_that_still_stands_is_a_fault(ledger: Store, tmp_path: Path):
    folder = tmp_path / "tables"
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(folder), "--apply")
    (folder / "cn/measures.csv").write_bytes((PACKAGE / "cn/measures.csv").read_bytes())
    codes = [each.code for each in correction_faults(Records(folder))]
    assert codes == ["correction_not_made", "wrong_row_stands"]


def test_changes_tell_it_in_three_languages(client: FlaskClient, ledger: Store, tmp_path: Path):
    into = tmp_path / "tables"
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--found-on", "2026-11-23", "--into", str(into), "--apply")
    after = client_of(Book(Records(into), LiveFx()), ledger)
    titles = {
        "en": "Corrected on 2026-11-23: provisional rate, 08044000: 5%, not 7%, for declarations from 2026-01-01",
        "es": "Corregido el 2026-11-23: tasa provisional, 08044000: 5%, no 7%, para declaraciones desde el 2026-01-01",
        "zh": "2026-11-23更正：暂定税率（08044000）：自2026-01-01起申报的应为5%，而非7%",
    }
    for language, title in titles.items():
        listed = after.get(f"/v1/changes?hs_code=0804&language={language}").json["items"]
        (only,) = (each for each in listed if each["kind"] == "corrected")
        assert (only["title"], only["before"], only["after"]) == (title, "7%", "5%")
        assert (only["note"], only["source"]) == ("the plan was misread", "cn-tariff-2026")
        assert title in after.get(f"/v1/changes.atom?hs_code=0804&language={language}").text
    assert not [each for each in after.get("/v1/changes?hs_code=0901").json["items"] if each["kind"] == "corrected"]
    assert after.get("/v1/tables/corrections.csv").text.count("\n") == 2


def test_a_row_that_was_right_until_a_day(client: FlaskClient, ledger: Store, tmp_path: Path):
    early, late = made(client, asked(declared_on="2026-05-31")), made(client, asked(declared_on="2026-06-01"))
    into = tmp_path / "tables"
    told = document(ledger, *AVOCADO_ROW, *RIGHT, "--since", "2026-06-01", "--into", str(into), "--apply")
    assert [each["id"] for each in told["affected"]] == [late]
    book = Book(Records(into), LiveFx())
    after = client_of(book, ledger)
    for day, landed in (("2026-05-31", "81641.00"), ("2026-06-01", "80115.00")):
        answer = after.post("/v1/quotes?store=false", json=asked(declared_on=day)).json
        assert answer["totals"]["landed_cost"]["amount"] == landed
    # The row that was closed early is wrong too: the quote that used it when it was longer is found.
    again = document(
        *(ledger, "customs-schedule", "08044000", "--measure", "provisional", "--on", "2026-05-31"),
        *(*RIGHT, "--data", str(into)),
    )
    assert [each["id"] for each in again["affected"]] == [early]


def test_a_folder_is_corrected_in_its_place_and_a_correction_corrected(
    client: FlaskClient, ledger: Store, tmp_path: Path
):
    folder, used = tmp_path / "tables", made(client, asked())
    copytree(PACKAGE, folder)
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--data", str(folder), "--apply")
    second = ("--set", "expression=6%", *RIGHT[2:])
    between = made(client_of(Book(Records(folder), LiveFx()), ledger), asked())
    told = document(ledger, *AVOCADO_ROW, *second, "--data", str(folder), "--apply")
    assert [each["id"] for each in told["affected"]] == [between]
    assert differences(folder) == ()
    assert [each.wrong["expression"] for each in corrected_rows(Records(folder))] == ["7%", "5%"]
    assert client.get(f"/v1/quotes/{used}").headers["Superseded-By-Correction"].count("c_") == 1


def test_quotes_of_before_are_reckoned_from_their_dossier_or_told_apart(client: FlaskClient, ledger: Store):
    known, lost, other = made(client, asked()), made(client, asked(price="5000")), made(client, asked("09011100"))
    with ledger.engine.begin() as connection:
        connection.execute(QUOTES.update().values(rows_used=None))
        connection.execute(ROWS_USED.delete())
        connection.execute(QUOTES.update().where(QUOTES.c.id == lost).values(dossier=None))
    told = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert [each["id"] for each in told["affected"]] == [known]
    assert told["not_known"] == [{"kind": "quote", "id": lost, "owner": "", "because": NOT_KEPT}]
    assert other not in json.dumps(told)


def test_the_list_as_a_table_and_a_workbook(client: FlaskClient, ledger: Store, tmp_path: Path):
    used = made(client, asked())
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--to", str(tmp_path / "list.csv"))
    heading, row = csv.reader(io.StringIO((tmp_path / "list.csv").read_text(encoding="utf-8-sig")))
    assert dict(zip(heading, row, strict=True)) | {"id": used} == {
        **dict(zip(heading, row, strict=True)),
        "landed_cost_before_cny": "81641.00",
        "difference_cny": "-1526.00",
    }
    assert row[1] == used
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--to", str(tmp_path / "list.xlsx"))
    assert (tmp_path / "list.xlsx").read_bytes().startswith(b"PK")


REFUSED = {
    "no such row": (("customs-schedule", "99999999", "--measure", "mfn"), RIGHT, "has no such row"),
    "not in force": ((*AVOCADO_ROW[:5], "2027-06-01"), RIGHT, "has no such row"),
    "several rows": (("customs-schedule", "08044000"), RIGHT, "name one by what tells them apart: measure"),
    "no change": (AVOCADO_ROW, ("--set", "expression=7%", *RIGHT[2:]), "says so already"),
    "a value that is none": (AVOCADO_ROW, ("--set", "expression=cheap", *RIGHT[2:]), "is no duty rate"),
    "a source that is none": (
        AVOCADO_ROW,
        ("--set", "expression=5%", "--source", "x", *RIGHT[4:]),
        "not in sources.toml",
    ),
    "a column that is none": (AVOCADO_ROW, ("--set", "rate=5%", *RIGHT[2:]), "has no column 'rate'"),
    "a table that is none": (("tariffs", "x"), RIGHT, "is no table that is corrected"),
    "exchange rates": (("customs-rates", "2026-11"), RIGHT, "releases of their own"),
    "no reason": (AVOCADO_ROW, (*RIGHT[:-1], " "), "say in one line why"),
    "a number that is none": (
        ("vat-rates", "reduced", "--on", "2026-11-23"),
        ("--set", "rate=9%", *RIGHT[2:]),
        "number",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_corrected_is_refused(why: str, ledger: Store, tmp_path: Path):
    named, right, said = REFUSED[why]
    into = tmp_path / "tables"
    assert said in correct(ledger, *named, *right, "--into", str(into), "--apply", code=1).output
    assert not into.exists()


def test_a_clock_that_was_set_back(client: FlaskClient, ledger: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It gives no day to a correction; with the day said, the release is none the less later than the one before."""
    used = made(client, asked())
    monkeypatch.setattr(correct_cli, "utc_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    into = tmp_path / "tables"
    refused = correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(into), "--apply", code=1).output
    assert "2020-01-01 by this machine's clock" in refused
    assert "--found-on" in refused
    assert not into.exists()
    assert "Superseded-By-Correction" not in client.get(f"/v1/quotes/{used}").headers
    told = document(ledger, *AVOCADO_ROW, *RIGHT, "--found-on", "2026-11-23", "--into", str(into), "--apply")
    assert [each["id"] for each in told["affected"]] == [used]
    assert order_of(told["release"]) > order_of(told["release_before"])
    assert (told["found_on"], sealed(into).release) == ("2026-11-23", told["release"])


def test_quotes_made_before_the_correction_serves_are_marked_by_doing_it_again(
    client: FlaskClient, ledger: Store, tmp_path: Path
):
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "one"), "--apply")
    late = made(client, asked())
    assert "Superseded-By-Correction" not in client.get(f"/v1/quotes/{late}").headers
    again = (*RIGHT, "--data", str(PACKAGE), "--into", str(tmp_path / "again"), "--apply")
    correct(ledger, *AVOCADO_ROW, *again)
    correct(ledger, *AVOCADO_ROW, *again[:-2], str(tmp_path / "once-more"), "--apply")
    assert client.get(f"/v1/quotes/{late}").headers["Superseded-By-Correction"].count("c_") == 1


def test_an_installed_release_is_not_corrected_in_its_place(
    ledger: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It would not be the release of its name any more, and servers would go back to the one before."""
    installed = tmp_path / "releases" / "data-2026.12.01"
    copytree(PACKAGE, installed)
    monkeypatch.setenv("GALEON_RELEASES", str(tmp_path / "releases"))
    before = (installed / "release.toml").read_bytes()
    refused = correct(ledger, *AVOCADO_ROW, *RIGHT, "--data", str(installed), "--apply", code=2)
    assert "never changed" in refused.output
    assert (installed / "release.toml").read_bytes() == before
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--data", str(installed), "--into", str(tmp_path / "copy"), "--apply")


def test_a_folder_that_is_there_is_not_written_over(ledger: Store, tmp_path: Path):
    assert "is there already" in correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path), code=2).output
    assert "--apply needs a folder" in correct(ledger, *AVOCADO_ROW, *RIGHT, "--apply", code=2).output


def test_a_job_is_listed_where_its_rows_come_out_otherwise(client: FlaskClient, ledger: Store, tmp_path: Path):
    """Two rows of avocados: at 7% duty 21,936.51 and VAT 30,178.37, at 5% 15,668.93 and 29,614.28 (9% of 329,047.61)."""
    jobs, waiting = Jobs(ledger.engine), Job.new("", "csv", Asked_("en"), NOW.date(), NOW)
    done = [Job.new("acme", "csv", Asked_("en"), NOW.date(), NOW) for _ in range(2)]
    coffee = {**AVOCADO_FLAT, "product": "", "hs_code": "09011100"}
    for job, flat in zip(done, (AVOCADO_FLAT, {name: cell for name, cell in coffee.items() if cell}), strict=True):
        line = ",".join(flat.values())
        jobs.add(job, [f"{','.join(flat)}\r\n{line}\r\n{line}\r\n".encode()])
        claimed = jobs.claim(NOW)
        assert claimed is not None
        work(jobs, claimed, lambda: NOW, Event())
    jobs.add(waiting, [b"hs_code\r\n08044000\r\n"])
    told = document(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    (only,) = told["affected"]
    assert (only["kind"], only["id"], only["owner"], only["rows"]) == ("job", done[0].id, "acme", "2")
    assert (only["taxes_before_cny"], only["taxes_after_cny"]) == ("104229.76", "90566.42")
    assert only["difference_cny"] == "-13663.34"
    assert told["not_known"] == [{"kind": "job", "id": waiting.id, "owner": "", "because": STILL_WORKED}]
    (mark,) = corrections_of_job(ledger.engine, done[0].id)
    assert (mark.part, mark.reason) == ("customs-schedule", "the plan was misread")
    assert corrections_of_job(ledger.engine, done[1].id) == ()
    # The mark goes with its job.
    assert jobs.forget(NOW + KEPT) == 3
    assert corrections_of_job(ledger.engine, done[0].id) == ()


def job(store: Store, *rows: dict[str, str]) -> str:
    """The id of a job of these rows, worked off."""
    jobs, made_of = Jobs(store.engine), Job.new("acme", "csv", Asked_("en"), NOW.date(), NOW)
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    jobs.add(made_of, ["".join(",".join(line) + "\r\n" for line in lines).encode()])
    claimed = jobs.claim(NOW)
    assert claimed is not None
    work(jobs, claimed, lambda: NOW, Event())
    done = jobs.of_id(made_of.id)
    assert done is not None
    assert (done.status, done.failed) == ("done", 0)
    return made_of.id


def flat(price: str = "10000", on: str = "2026-11-23", code: str = "08044000") -> dict[str, str]:
    """A row of a file: 1,000 kg of Mexico, CIF, for yuan."""
    money = {"price": price, "currency": "CNY", "per": "total", "incoterm": "CIF", "declared_on": on}
    return {"hs_code": code, "origin": "MX", "quantity": "1000 kg", **money}


def test_a_job_that_used_the_row_is_listed_though_no_figure_of_it_changes(ledger: Store):
    """0.05 yuan: 7% of it and 5% of it are 0.00, and so is 9% VAT; a quote of it would be listed too."""
    used, _ = job(ledger, flat("0.05")), job(ledger, flat(code="09011100"))
    (only,) = document(ledger, *AVOCADO_ROW, *RIGHT)["affected"]
    assert (only["id"], only["rows"], only["difference_cny"]) == (used, "0", "0.00")


def test_a_job_of_other_tables_is_not_listed(ledger: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """At the user's own rate the wrong row was not used, though the file priced anew without that folder would use it."""
    (tmp_path / "own/cn").mkdir(parents=True)
    head = ",".join(Records().file("cn/measures.csv").columns)
    row = "08044000,provisional,6%,,,2026-01-01,2026-12-31,cn-tariff-2026,C,"
    (tmp_path / "own/cn/measures.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    monkeypatch.setenv("GALEON_TABLES", str(tmp_path / "own"))
    job(ledger, flat())
    monkeypatch.delenv("GALEON_TABLES")
    told = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert (told["affected"], told["not_known"]) == ([], [])


def test_a_job_is_listed_by_the_days_of_its_rows(ledger: Store):
    """The row was right until June: what was declared before then stays right, whichever rows stand in one file."""
    spring, both = job(ledger, flat(on="2026-03-01")), job(ledger, flat(on="2026-03-01"), flat(on="2026-11-23"))
    # One that used the row before June, and another row after it.
    apart = job(ledger, flat(on="2026-03-01"), flat(on="2026-11-23", code="09011100"))
    assert {each["id"] for each in document(ledger, *AVOCADO_ROW, *RIGHT)["affected"]} == {spring, both, apart}
    told = document(ledger, *AVOCADO_ROW, *RIGHT, "--since", "2026-06-01")
    assert [each["id"] for each in told["affected"]] == [both]
    assert told["not_known"] == []
    (only,) = told["affected"]
    # 10,000 at 7%: 700 of duty, 9% of 10,700 is 963; at 5%: 500 and 945; the row of March stays.
    assert (only["rows"], only["taxes_before_cny"], only["taxes_after_cny"]) == ("1", "3326.00", "3108.00")


def test_jobs_of_which_no_rows_were_kept_are_told_apart(ledger: Store):
    """One of the time before rows of jobs were kept, and one whose set of rows a deletion took away in the same moment."""
    before, lost, known = job(ledger, flat()), job(ledger, flat(code="09011100")), job(ledger, flat("20000"))
    with ledger.engine.begin() as connection:
        of_lost = sql.select(JOB_ROWS.c.rows_used).where(JOB_ROWS.c.job == lost)
        connection.execute(ROWS_USED.delete().where(ROWS_USED.c.hash.in_(of_lost)))
        connection.execute(JOB_ROWS.delete().where(JOB_ROWS.c.job == before))
    told = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert [each["id"] for each in told["affected"]] == [known]
    assert {(each["id"], each["because"]) for each in told["not_known"]} == {(before, NOT_KEPT), (lost, NOT_KEPT)}


def test_the_sets_of_rows_stay_as_long_as_a_job_names_them(client: FlaskClient, ledger: Store):
    """Deleting the quotes that used the same takes none away; with the last job they go."""
    id, used = job(ledger, flat()), made(client, asked())
    assert erase(ledger.engine, used, "", NOW)
    tidy(ledger.engine, NOW)
    assert [each["id"] for each in document(ledger, *AVOCADO_ROW, *RIGHT)["affected"]] == [id]
    assert Jobs(ledger.engine).erase(id, "acme", NOW)
    with ledger.engine.connect() as connection:
        for table in (ROWS_USED, JOB_ROWS):
            assert connection.execute(sql.select(sql.func.count()).select_from(table)).scalar_one() == 0


@pytest.mark.parametrize(
    "end",
    [
        lambda jobs, job: jobs.erase(job.id, "acme", NOW),
        lambda jobs, job: jobs.forget(NOW + KEPT),
        lambda jobs, job: jobs.cancel(job),
        lambda jobs, job: jobs.fail(job, "broken"),
        lambda jobs, job: jobs.begin_anew(job),
    ],
    ids=["erased", "forgotten", "cancelled", "failed", "begun anew"],
)
def test_the_sets_of_rows_go_with_the_last_job_that_names_them(ledger: Store, end: Callable[[Jobs, Job], object]):
    """One set is the first job's alone, the other that of both; the second is cancelled at the end."""
    jobs, day = Jobs(ledger.engine), NOW.date()
    alone, shared = ((RowName("customs-schedule", key, key),) for key in ("08044000", "09011100"))
    claimed = []
    for used, at in (({day: shared, day + timedelta(days=1): alone}, NOW), ({day: shared}, NOW + timedelta(days=1))):
        jobs.add(Job.new("acme", "csv", Asked_("en"), day, at), [b"hs_code"])
        job = jobs.claim(NOW)
        assert job is not None
        jobs.keep(job, 0, b"", 1, 0, 50, used)
        claimed.append(job)
    first, second = claimed
    assert kept_sets(ledger) == {RowSet.of(alone).hash, RowSet.of(shared).hash}
    end(jobs, first)
    assert kept_sets(ledger) == {RowSet.of(shared).hash}
    jobs.cancel(second)
    assert kept_sets(ledger) == set()


def kept_sets(ledger: Store) -> set[str]:
    """The hashes of the sets of rows that are kept."""
    with ledger.engine.connect() as connection:
        return set(connection.execute(sql.select(ROWS_USED.c.hash)).scalars())


def test_a_job_that_another_worker_goes_on_with_keeps_all_its_rows(ledger: Store, monkeypatch: pytest.MonkeyPatch):
    """What the first worker noted stays with its parts."""
    monkeypatch.setattr("api.batches.csv_files.ROWS", 1)
    jobs, made_of = Jobs(ledger.engine), Job.new("acme", "csv", Asked_("en"), NOW.date(), NOW)
    other = flat(code="09011100")
    jobs.add(made_of, [f"{','.join(other)}\r\n{','.join(flat().values())}\r\n{','.join(other.values())}\r\n".encode()])
    first = jobs.claim(NOW)
    assert first is not None
    stopped, kept = Event(), jobs.keep

    def keep(*part: Any) -> None:
        kept(*part)
        stopped.set()

    monkeypatch.setattr(jobs, "keep", keep)
    work(jobs, first, lambda: NOW, stopped)
    assert jobs.parts(first) == 1
    again = jobs.claim(NOW)
    assert again is not None
    work(jobs, again, lambda: NOW, Event())
    assert [each["id"] for each in document(ledger, *AVOCADO_ROW, *RIGHT)["affected"]] == [made_of.id]


@pytest.mark.parametrize("wrong", [*UNUSABLE, "no folder"])
def test_a_database_that_cannot_be_used_is_told(tmp_path: Path, wrong: str):
    """The last: a file lies where the folder of the database is to be."""
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'file/galeon.sqlite3'}" if wrong == "no folder" else unusable(wrong, tmp_path)
    runner = CliRunner(env={"GALEON_TABLES": None, "GALEON_DATABASE": url})
    result = runner.invoke(main, ["tables", "correct", *AVOCADO_ROW, *RIGHT])
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    assert "the database cannot be used" in result.stderr


def test_a_dry_run_makes_no_ledger_and_changes_none(tmp_path: Path):
    """Where there is none nothing used the row; one of an earlier version says what to do."""
    file, old = tmp_path / "new/galeon.sqlite3", f"sqlite:///{tmp_path / 'old.sqlite3'}"
    runner = CliRunner(env={"GALEON_TABLES": None, "GALEON_DATABASE": f"sqlite:///{file}"})
    done = runner.invoke(main, ["tables", "correct", *AVOCADO_ROW, *RIGHT, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["affected"], file.parent.exists()) == (0, [], False), done.output
    engine = at_revision(old, "0008")
    into = ("--into", str(tmp_path / "tables"), "--apply")
    for more, code, reached in (((), 1, "0008"), (into, 0, HEAD)):
        done = runner.invoke(main, ["tables", "correct", "--database", old, *AVOCADO_ROW, *RIGHT, *more])
        assert (done.exit_code, revision(engine)) == (code, reached), done.output
        assert ("at revision 0008" in done.stderr) is (code == 1)
    engine.dispose()


def test_marks_go_with_their_quotes_and_into_exports(client: FlaskClient, ledger: Store, tmp_path: Path):
    used = made(client, asked())
    correct(ledger, *AVOCADO_ROW, *RIGHT, "--into", str(tmp_path / "tables"), "--apply")
    export(ledger.engine, tmp_path / "ledger.ndjson", lambda _: None)
    other = Store.at(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert bring_back(other.engine, tmp_path / "ledger.ndjson", lambda _: None) == 1
    assert corrections_of_quote(other.engine, used) == corrections_of_quote(ledger.engine, used) != ()
    with ledger.engine.begin() as connection:
        connection.execute(SHARES.delete())
        connection.execute(QUOTES.delete().where(QUOTES.c.id == used))
    assert corrections_of_quote(ledger.engine, used) == ()
    assert prune(other.engine, Due(NOW + KEPT), NOW + KEPT, lambda _: None) == 1
    tidy(other.engine, NOW + KEPT)
    with other.engine.connect() as connection:
        assert connection.execute(sql.select(sql.func.count()).select_from(ROWS_USED)).scalar_one() == 0
    other.close()


# ---- exactly the quotes that used a row


def goods(name: str) -> dict[str, Any]:
    """A few consignments that rest on very different rows."""
    spirits = {"product": "tequila", "quantity": "12 L", "origin": "MX"}
    price = {"price": {"amount": "300", "currency": "USD", "per": "total"}}
    return {
        "avocado": asked(),
        "coffee": asked("09011100"),
        "maize inside the quota": asked("10059000", line={"tariff_quota": True}),
        "maize outside it": asked("10059000"),
        "of unknown origin": asked(line={"origin": "unknown"}),
        "own rates": asked(line={"tariff": {"duty": "3%", "vat": "9%"}}),
        "beef": asked("02013000"),
        "tequila": asked(goods=[{**spirits, **price}]),
        "tequila by retail": asked(goods=[{**spirits, **price}], regime="cbec_retail"),
        "tequila by post": asked(goods=[{**spirits, "quantity": "0.75 L", "price": {**price["price"], "amount": "30"}}])
        | {"regime": "postal_articles"},
        "two lines": {**asked(), "goods": [*asked()["goods"], *asked("09011100")["goods"]]},
        "by sea": {
            **asked(costs={"freight": "planning"}),
            "incoterm": "FOB",
            "route": {"from": "MXZLO", "to": "CNSHA", "mode": "sea", "equipment": "40RH"},
            "goods": [
                {"product": "avocado-fresh", "quantity": "20.16 t", "price": {**price["price"], "amount": "40000"}}
            ],
        },
        "by bank": asked(payment={"rail": "swift-tt", "currency": "USD"}),
    }[name]


NAMES = (
    *("avocado", "coffee", "maize inside the quota", "maize outside it", "of unknown origin", "own rates", "beef"),
    *("tequila", "tequila by retail", "tequila by post", "two lines", "by sea", "by bank"),
)
CODES = ("08044000", "09011100", "10059000", "02013000", "22089010")


def rows_of_the_tables(records: Records) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Rows that may prove wrong: the part, what names the row, and a right value that nothing else has."""
    found: list[tuple[str, dict[str, str], dict[str, str]]] = []
    heading = records.file("cn/measures.csv").columns
    for raw in records.file("cn/measures.csv").rows:
        if raw[0] in CODES and raw[2] and "|" not in raw[2]:
            named = dict(zip(heading[:7], raw[:7], strict=True))
            found.append(("customs-schedule", named, {"expression": "77.7%"}))
    found += [("vat-lines", {"hs_code": code}, {"category": "exempt"}) for code in CODES]
    found += [
        ("import-taxes", {"parameter": name, "valid_from": f"{each.row.validity.valid_from}"}, {"value": value})
        for name, value in WRONG_FIGURES.items()
        for each in records.parameters[name]
    ]
    found += [
        ("vat-rates", {"class": name, "valid_from": f"{each.row.validity.valid_from}"}, {"rate": "0.777"})
        for name in ("standard", "reduced")
        for each in records.vat_classes[name]
    ]
    found.append(("consumption-tax", {"category": "spirits"}, {"rate": "0.777"}))
    for part, code, right in (
        ("charges", "cn_thc", {"amount": "77777"}),
        ("charges", "cn_ciq", {"amount": "77777"}),
        ("rail-fees", "cable", {"fixed": "7777"}),
        ("rail-fees", "fx_buyer", {"share": "0.777"}),
        ("freight-rates", "", {"rate": "77777", "low": ""}),
    ):
        for raw in records.file(FILES[part]).rows:
            named = dict(zip(records.file(FILES[part]).columns, raw, strict=True))
            if named.get("code", "") == code and (code or named["equipment"] in ("40RH", "20GP")):
                found.append((part, named, right))
    found += [("origins", {"code": code}, {"column": "general"}) for code in ("MX", "US")]
    return found


# An amount that waives everything, a limit that lets nothing through, a share that shows.
WRONG_FIGURES = {
    "duty_waiver": "777777",
    "consumption_tax_waiver": "777777",
    "import_vat_waiver": "777777",
    "presumed_insurance": "0.777",
    "cbec_order_limit": "7",
    "cbec_tax_share": "0.077",
    "postal_rate_high": "0.777",
    "postal_value_limit": "7",
}


def priced(book: Book, request: dict[str, Any]) -> Any:
    """The figures of a request, and nothing else: what it comes to by line, and how far it is open."""
    known = known_of(SETTINGS, book, lambda: NOW)
    try:
        quote = QuoteIn(known).load(request)
        from api.pricing import price

        found = price(quote, book)
    except Unpriceable as refusal:
        return refusal.code
    ends = None if found.range is None else (found.range.low, found.range.high)
    return found.totals, found.lines, ends


@pytest.fixture(scope="module")
def stored(real_book: Book, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, str]]]:
    """One quote of each consignment."""
    store = Store.at(f"sqlite:///{tmp_path_factory.mktemp('corrections') / 'quotes.sqlite3'}")
    client = client_of(real_book, store)
    yield store, {made(client, goods(name)): name for name in NAMES}
    store.close()


FILES = {
    "customs-schedule": "cn/measures.csv",
    "vat-lines": "cn/vat_lines.csv",
    "charges": "logistics/charges.csv",
    "freight-rates": "logistics/freight_rates.csv",
    "rail-fees": "payment/rail_fees.csv",
}


def spoilt(folder: Path, part: str, named: dict[str, str], right: dict[str, str]) -> Book:
    """The tables with a row otherwise, written by hand: what the row is changed into need not pass any check."""
    copytree(PACKAGE, folder)
    wanted = Asked(part, named, None, right, "cn-tariff-2026", "A", "x", date(2026, 11, 23))
    found, raw = named_row(Records(folder), wanted)
    cells = dict(zip(found.columns, raw, strict=True))
    name, value = next(iter(right.items()))
    if part in ("import-taxes", "vat-rates"):
        file = folder / "cn/import_taxes.toml"
        head = f"[[{'parameter' if part == 'import-taxes' else 'vat'}.{cells[found.columns[0]]}]]"
        blocks = file.read_text(encoding="utf-8").split("\n\n")
        at = next(
            at for at, each in enumerate(blocks) if head in each and f"valid_from = {cells['valid_from']}" in each
        )
        lines = blocks[at].splitlines()
        blocks[at] = "\n".join(f"{name} = {value}" if each.startswith(f"{name} =") else each for each in lines)
        file.write_text("\n\n".join(blocks), encoding="utf-8")
    elif part == "consumption-tax":
        file = folder / "cn/consumption_tax.toml"
        text = file.read_text(encoding="utf-8")
        head, tail = text.split("[[spirits]]", 1)
        file.write_text(head + "[[spirits]]" + tail.replace("rate = 0.20", "rate = 0.777", 1), encoding="utf-8")
    else:
        file = folder / FILES.get(part, f"cn/{part}.csv")
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
        rows[rows.index(list(raw))] = list((cells | right).values())
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        file.write_text(out.getvalue(), encoding="utf-8")
    return Book(Records(folder), LiveFx())


@pytest.mark.slow
@settings(max_examples=14, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_exactly_the_quotes_that_used_a_row_are_listed(
    data: st.DataObject, stored: tuple[Store, dict[str, str]], real_book: Book, tmp_path_factory: pytest.TempPathFactory
):
    """A quote used a row if and only if its figures become others with another value in the row."""
    store, names = stored
    part, named, right = data.draw(st.sampled_from(rows_of_the_tables(real_book.records)))
    after = spoilt(tmp_path_factory.mktemp("spoilt") / "tables", part, named, right)
    expected = {name for name in NAMES if priced(real_book, goods(name)) != priced(after, goods(name))}
    assert listed(store, real_book, after, part, named, right, names) == expected, (part, named)


def listed(
    store: Store,
    before: Book,
    after: Book,
    part: str,
    named: dict[str, str],
    right: dict[str, str],
    names: dict[str, str],
) -> set[str]:
    """The consignments whose quotes are listed for a row."""
    found, raw = named_row(
        before.records, Asked(part, named, None, right, "cn-tariff-2026", "A", "x", date(2026, 11, 23))
    )
    wrong = dict(zip(found.columns, raw, strict=True))
    name = name_of(found, raw)
    row = CorrectedRow(
        *(
            part,
            "",
            name.key,
            wrong,
            wrong | right,
            date(2026, 1, 1),
            None,
            date(2026, 11, 23),
            "x",
            "cn-tariff-2026",
            "A",
        )
    )
    made_of = Corrected(row, name, None, before.release, after.release)
    told = superseded(store.engine, made_of, before, after, SETTINGS)
    assert told.not_known == ()
    for each in told.affected:
        assert each.after is None or set(each.after) == {LANDED, TAXES}
        assert isinstance(each.before[LANDED], Decimal)
    return {names[each.id] for each in told.affected}


def test_rows_are_kept_once_for_all_quotes_that_used_the_same(client: FlaskClient, ledger: Store):
    made(client, asked())
    with ledger.engine.connect() as connection:
        count = connection.execute(sql.select(sql.func.count()).select_from(ROWS_USED)).scalar_one()
    made(client, asked(price="5000"))
    with ledger.engine.connect() as connection:
        again = connection.execute(sql.select(sql.func.count()).select_from(ROWS_USED)).scalar_one()
        sets = connection.execute(sql.select(sql.func.count(sql.distinct(QUOTES.c.rows_used)))).scalar_one()
    assert (again, sets) == (count, 1)


def test_a_quote_is_found_though_one_that_used_the_same_rows_was_deleted(client: FlaskClient, ledger: Store):
    """The deletion takes their set of rows along, and the server that kept it keeps it anew."""
    first = made(client, asked())
    assert erase(ledger.engine, first, "", NOW)
    second = made(client, asked(price="5000"))
    with ledger.engine.connect() as connection:
        kept = connection.execute(sql.select(sql.exists(ROWS_USED.select()))).scalar_one()
    told = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert kept
    assert [each["id"] for each in told["affected"]] == [second]


def test_quotes_whose_set_of_rows_went_are_reckoned_from_their_dossier(client: FlaskClient, ledger: Store):
    known, other = made(client, asked()), made(client, asked("09011100"))
    with ledger.engine.begin() as connection:
        connection.execute(ROWS_USED.delete())
    told = document(ledger, *AVOCADO_ROW, *RIGHT)
    assert [each["id"] for each in told["affected"]] == [known]
    assert other not in json.dumps(told)
