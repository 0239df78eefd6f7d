"""`galeon tables rehearse`: what the end of a year does to the requests of an installation."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from api import create_app, rehearse_cli
from api.cli import main
from api.database import revision
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.ledgers import UNUSABLE, at_revision, unusable

NOW = datetime(2026, 12, 2, 4, tzinfo=UTC)
# For 100,000 yuan CIF: 100,000 × 1.07 × 1.09 = 116,630.00 while the provisional 7% lasts, × 1.25 × 1.09 = 136,250.00 after it.
AVOCADOS = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "10 t",
            "price": {"amount": "100000", "currency": "CNY", "per": "total"},
        }
    ],
    "incoterm": "CIF",
}
# At the user's own rates nothing ends: 5,000 × 1.12 × 1.13 = 6,328.00.
OWN = {
    "goods": [
        {
            "description": "Hot sauce",
            "quantity": "100 kg",
            "price": {"amount": "5000", "currency": "CNY", "per": "total"},
            "tariff": {"duty": "12%", "vat": "13%", "consumption_tax": "0%"},
        }
    ],
    "incoterm": "CIF",
}
UNKNOWN = {**OWN, "goods": [{**OWN["goods"][0], "product": "nothing-of-ours"}]}  # type: ignore[dict-item]


@pytest.fixture(autouse=True)
def _the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearse_cli, "utc_now", lambda: NOW)


def run(url: str, *arguments: object, code: int = 0) -> Result:
    environment = {"GALEON_DATABASE": url, "GALEON_TABLES": None}
    result = CliRunner(env=environment).invoke(main, ["tables", "rehearse", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    """The address of a database that is not there."""
    return f"sqlite:///{tmp_path / 'none' / 'galeon.sqlite3'}"


def written(path: Path, *requests: Any) -> Path:
    path.write_text("\n".join(json.dumps(each) for each in requests), encoding="utf-8")
    return path


def rehearsed(url: str, *arguments: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(url, *arguments, "--json").stdout)
    return document


def amounts(row: dict[str, Any], *names: str) -> tuple[str | None, ...]:
    return tuple(row[name] and row[name]["amount"] for name in names)


def test_the_end_of_a_provisional_rate(nowhere: str, tmp_path: Path) -> None:
    file = written(tmp_path / "asked.ndjson", OWN, AVOCADOS, UNKNOWN)
    document = rehearsed(nowhere, "2027-01-01", file)
    avocados, unknown, own = document["rows"]
    assert avocados["name"] == "asked.ndjson 2"
    assert avocados["declared_on"] == "2026-12-02"
    told = amounts(avocados, "before", "after", "difference", "low", "high")
    assert told == ("116630.00", "136250.00", "19620.00", "116630.00", "136250.00")
    assert avocados["status"] == {"before": "complete", "after": "estimated"}
    assert avocados["causes"] == ["provisional_rate_ended", "rate_changed", "table_not_updated", "status_changed"]
    assert {"what": "customs_duty", "goods": 0, "from": "7%", "to": "25%"} in avocados["changed"]
    assert amounts(own, "before", "after", "difference") == ("6328.00", "6328.00", "0.00")
    assert own["causes"] == ["none"]
    assert (unknown["causes"], unknown["after"]) == (["unpriced"], None)
    assert unknown["reason"]["code"]
    summed = {each["cause"]: (each["count"], each["difference"]["amount"]) for each in document["summary"]}
    assert summed == {"provisional_rate_ended": (1, "19620.00"), "unpriced": (1, "0.00"), "none": (1, "0.00")}


def test_a_day_before_the_end_changes_nothing(nowhere: str, tmp_path: Path) -> None:
    (row,) = rehearsed(nowhere, "2026-12-31", written(tmp_path / "one.json", AVOCADOS))["rows"]
    assert (row["name"], row["causes"], row["difference"]["amount"]) == ("one.json", ["none"], "0.00")


def test_rows_of_a_file(nowhere: str, tmp_path: Path) -> None:
    text = (
        "product,quantity,price,currency,per,incoterm,shipment\n"
        "avocado-fresh,10 t,100000,CNY,total,CIF,a\n"
        "avocado-fresh,10 t,100000,CNY,total,CIF,a\n"
        "avocado-fresh,10 t,100000,CNY,total,CIF,\n"
    )
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    rows = rehearsed(nowhere, "2027-01-01", tmp_path / "rows.csv")["rows"]
    # Two rows of one shipment are one consignment of 200,000 yuan.
    told = {each["name"]: amounts(each, "before", "after") for each in rows}
    assert told == {"rows.csv 1": ("233260.00", "272500.00"), "rows.csv 3": ("116630.00", "136250.00")}


def test_stored_quotes(ready_url: str, real_book: Book) -> None:
    store = Store.at(ready_url)
    client = create_app(Settings(database=ready_url), real_book, store, clock=lambda: NOW).test_client()
    ids = [client.post("/v1/quotes", json=each).json["id"] for each in (AVOCADOS, OWN)]  # type: ignore[index]
    store.close()
    document = rehearsed(ready_url, "2027-01-01")
    assert [each["name"] for each in document["rows"]] == ids
    assert amounts(document["rows"][0], "before", "after") == ("116630.00", "136250.00")
    assert document["rows"][0]["causes"][0] == "provisional_rate_ended"
    assert len(rehearsed(ready_url, "2027-01-01", "--limit", 1)["rows"]) == 1
    assert rehearsed(ready_url, "2027-01-01", "--owner", "nobody")["rows"] == []
    assert len(rehearsed(ready_url, "2027-01-01", "--catalogue")["rows"]) > 40


def test_without_quotes_our_goods_are_rehearsed(nowhere: str, tmp_path: Path, real_book: Book) -> None:
    document = rehearsed(nowhere, "2028-02-29")
    goods = {slug for slug, good in real_book.records.products.items() if good.hs_code}
    assert {each["name"] for each in document["rows"]} == goods
    (avocado,) = [each for each in document["rows"] if each["name"] == "avocado-fresh"]
    # 10,000 × 1.07 × 1.09 and 10,000 × 1.25 × 1.09.
    assert amounts(avocado, "before", "after") == ("11663.00", "13625.00")
    assert sum(each["count"] for each in document["summary"]) == len(goods)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_for_people_and_as_files(nowhere: str, tmp_path: Path, language: str) -> None:
    file = written(tmp_path / "one.json", AVOCADOS)
    told = run(nowhere, "2027-01-01", file, "--language", language).stdout
    assert {"en": "+19,620.00 CNY", "es": "+19", "zh": "+19,620.00"}[language] in told
    assert ["2026-12-02" in line for line in told.splitlines() if "one.json" in line] == [True]
    for form in ("csv", "xlsx", "json"):
        run(nowhere, "2027-01-01", file, "--language", language, "--to", tmp_path / f"out.{form}")
    (row,) = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))[1:]
    assert row[:5] == ["one.json", "2026-12-02", "116630.00", "136250.00", "19620.00"]
    sheet = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert sheet[1][:5] == ["one.json", "2026-12-02", 116630, 136250, 19620]
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["on"] == f"{date(2027, 1, 1)}"


def test_what_cannot_be_read_is_told(nowhere: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert "is no JSON" in run(nowhere, "2027-01-01", tmp_path / "bad.json", code=1).stderr
    (tmp_path / "bad.pdf").write_text("x", encoding="utf-8")
    assert "write .json, .ndjson" in run(nowhere, "2027-01-01", tmp_path / "bad.pdf", code=1).stderr
    (tmp_path / "bad.csv").write_text("x\n1\n", encoding="utf-8")
    assert "quantity" in run(nowhere, "2027-01-01", tmp_path / "bad.csv", code=2).stderr
    assert "is not a day" in run(nowhere, "1/1/27", code=2).stderr
    assert "give files, or" in run(nowhere, "2027-01-01", tmp_path / "bad.json", "--catalogue", code=2).stderr
    assert ".csv" in run(nowhere, "2027-01-01", "--to", tmp_path / "a.pdf", code=2).stderr


@pytest.mark.parametrize("wrong", UNUSABLE)
def test_a_database_that_cannot_be_used_is_told(tmp_path: Path, wrong: str) -> None:
    assert "the database (GALEON_DATABASE)" in run(unusable(wrong, tmp_path), "2027-01-01", code=1).stderr


def test_a_rehearsal_leaves_the_database_as_it_is(tmp_path: Path) -> None:
    """Tables of an earlier version are told of; a file without any, and one in memory, keep no quotes."""
    url = f"sqlite:///{tmp_path / 'earlier.sqlite3'}"
    engine = at_revision(url, "0008")
    assert "run `galeon db upgrade`" in run(url, "2027-01-01", code=1).stderr
    assert revision(engine) == "0008"
    engine.dispose()
    (tmp_path / "empty.sqlite3").touch()
    for empty in (f"sqlite:///{tmp_path / 'empty.sqlite3'}", "sqlite://"):
        assert len(rehearsed(empty, "2027-01-01")["rows"]) > 40
