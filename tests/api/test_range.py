"""`outcome.range` of an answer: a band of exchange rates worked by hand, in every form; announced rates, charges, limits."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api import create_app
from api.cli import main
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tariffs.logistics_rows import CHARGES
from tariffs.logistics_rows import COLUMNS as LOGISTICS
from tariffs.rows import COLUMNS
from tests import flat

Json = dict[str, Any]
# 20.16 t of avocados for 40,000 dollars, 6,200 of freight: 46,200 x 6.7628 x 1.003 is 313,378.68; 7% of duty 21,936.51,
# 9% of VAT 30,178.37; with 270,512.00 and 41,929.36 to the seller and the carrier 364,556.24.
AVOCADO: Json = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "20.16 t",
            "price": {"amount": "40000", "currency": "USD", "per": "total"},
        }
    ],
    "incoterm": "FOB",
    "costs": {"freight": {"amount": "6200", "currency": "USD"}},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}
# 5% more are 7.10094 yuan: 329,047.62 of customs value, 23,033.33 of duty, 9% of 352,080.95 are 31,687.29 of VAT,
# 284,037.60 of goods and 44,025.83 of freight.
HIGH = "382784.05"
# 5% less are 6.42466: 297,709.75, 20,839.68, 9% of 318,549.43 are 28,669.45, 256,986.40 and 39,832.89.
LOW = "346328.42"
VALUE, WIDTH, ABOVE = "364556.24", "36455.63", "18227.81"
MINE = '[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n'


def quoted(client: FlaskClient, **more: Any) -> Json:
    """The answer to the avocados with something more, held to the schema of the specification."""
    response = client.post("/v1/quotes?store=false", json={**AVOCADO, **more})
    assert response.status_code == 200, response.text
    found: Json = response.json or {}
    schemas = client.get("/openapi.json").json["components"]  # type: ignore[index]
    schema = {"$ref": "#/components/schemas/Quote", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(found))
    return found


def landed(document: Json) -> tuple[str, str, str]:
    range_ = document["outcome"]["range"]
    ends: list[str] = [each["landed_cost"]["amount"] for each in (range_["low"], document["totals"], range_["high"])]
    return ends[0], ends[1], ends[2]


def refused(client: FlaskClient, band: object) -> list[tuple[str, str]]:
    response = client.post("/v1/quotes", json={**AVOCADO, "fx_band": band})
    assert response.status_code == 422, response.text
    document: Json = response.json or {}
    return [(each["code"], each["pointer"]) for each in document["errors"]]


def over(folder: Path, store: Store, **files: str) -> FlaskClient:
    """A client of the tables with some laid over them."""
    for name, text in {"sources.toml": MINE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return create_app(
        Settings(database="sqlite://"), Book.load(folder), store, lambda: datetime(2027, 1, 4, tzinfo=UTC)
    ).test_client()


@pytest.mark.parametrize("band", ["5%", "0.05", 0.05])
def test_a_band_by_hand(client: FlaskClient, band: object) -> None:
    document = quoted(client, fx_band=band)
    assert landed(document) == (LOW, VALUE, HIGH)
    outcome = document["outcome"]
    assert outcome["status"] == "complete"
    assert outcome["range"]["sources"] == [
        {
            "code": "fx_band",
            "text": "The exchange rates (USD) may each rise or fall by 5%, as the request asks.",
            "width": {"amount": WIDTH, "currency": "CNY"},
            "above": {"amount": ABOVE, "currency": "CNY"},
        }
    ]
    without = quoted(client)
    assert "range" not in without["outcome"]
    assert {**document, "outcome": None} == {**without, "outcome": None}
    assert outcome["reasons"] == without["outcome"]["reasons"]


def test_a_published_customs_rate_does_not_move(client: FlaskClient) -> None:
    document = quoted(client, fx_band="5%", customs_fx={"USD/CNY": "6.7628"})
    # 328,063.43 or 296,819.29 to seller and carrier, with 52,114.88 of taxes
    assert landed(document) == ("348934.17", VALUE, "380178.31")


@pytest.mark.parametrize(
    ("language", "said", "not_known"),
    [
        ("en", "as the request asks", "By how much it may move the landed cost is not known."),
        ("es", "como pide la solicitud", "No se sabe cuánto puede mover el costo puesto en destino."),
        ("zh", "按请求", "其对到岸总成本的影响幅度未知。"),
    ],
)
def test_every_source_is_named(client: FlaskClient, language: str, said: str, not_known: str) -> None:
    """An estimate of a day that no table reaches: what ended, what nobody looked after, and the band."""
    document = quoted(client, fx_band="5%", declared_on="2027-02-03", language=language)
    assert document["outcome"]["status"] == "estimated"
    sources = document["outcome"]["range"]["sources"]
    assert [each["code"] for each in sources][:2] == ["provisional_rate_ended", "fx_band"]
    # 25% in place of 7% of 313,378.68 are 56,408.16 more, and 9% of that 5,076.74 of VAT: 113,599.77 less 52,114.88
    assert sources[0]["width"] == {"amount": "61484.89", "currency": "CNY"}
    assert said in sources[1]["text"]
    rest = sources[2:]
    assert {each["code"] for each in rest} == {"table_not_updated"}
    assert all(each["width"] is None and each["text"].endswith(not_known) for each in rest)
    assert len({each["text"] for each in rest}) == len(rest) > 1


def test_an_order_that_a_dearer_dollar_would_close_says_so(client: FlaskClient) -> None:
    """730 dollars are 4,936.84 yuan, within the 5,000 of an order; 5% more are 5,183.69."""
    goods = [{"hs_code": "33049900", "quantity": "1 kg", "price": {"amount": "730", "currency": "USD", "per": "total"}}]
    goods[0]["tariff"] = {"cbec": True}
    document = quoted(client, goods=goods, costs={}, incoterm="CIF", regime="cbec_retail", fx_band="5%")
    low, value, high = landed(document)
    assert low < value == high
    codes = {each["code"]: each for each in document["outcome"]["range"]["sources"]}
    assert codes["fx_band_closed"]["width"] is None
    assert codes["fx_band_closed"]["text"].startswith(
        "At some exchange rates within 5% the consignment cannot be priced"
    )
    assert not codes["fx_band_closed"]["text"].endswith("not known.")
    assert "above" not in codes["fx_band"]


@pytest.mark.parametrize(
    ("band", "code"),
    [
        ("100%", "not_a_band"),
        ("1", "write_percent"),
        ("-5%", None),
        ("five", None),
        ("5 CNY/kg", "not_a_share"),
        (True, None),
        (["5%"], None),
        ({"USD": "5%"}, None),
        (None, None),
    ],
)
def test_what_is_no_band(client: FlaskClient, band: object, code: str | None) -> None:
    [(found, pointer)] = refused(client, band)
    assert pointer == "/fx_band"
    assert code is None or found == code


def test_a_cell_and_a_row(client: FlaskClient) -> None:
    """Cells tell both ends; rows read the band, and no column that comes back has an end."""
    asked = flat.AVOCADO | {"fx_band": "5%"}
    for field, told in (("landed_cost_low", LOW), ("landed_cost", VALUE), ("landed_cost_high", HIGH)):
        assert client.get(f"/v1/sheet/{field}?{urlencode(asked)}").text == told
    text = io.StringIO()
    csv.writer(text).writerows([list(asked), list(asked.values()), [*list(asked.values())[:-1], "150%"]])
    response = client.post("/v1/batches", data=text.getvalue(), content_type="text/csv")
    assert response.status_code == 200, response.text
    first, second = csv.DictReader(io.StringIO(response.text))
    assert (first["landed_cost"], first["outcome"], first["error"]) == (VALUE, "complete", "")
    assert second["error"].startswith("fx_band")


def test_other_decisions_take_it(client: FlaskClient) -> None:
    """Scenarios tell both ends; a target is met as without it, and its quote has the range."""
    response = client.post("/v1/comparisons", json={**AVOCADO, "fx_band": "5%", "vary": {"incoterm": ["FOB"]}})
    assert response.status_code == 200, response.text
    [scenario] = response.json["scenarios"]  # type: ignore[index]
    ends = [scenario["outcome"][end]["amount"] for end in ("low", "high")]
    assert ends == [LOW, HIGH]
    goods = [{**AVOCADO["goods"][0], "price": {"currency": "USD", "per": "total"}}]
    target = {"amount": VALUE, "currency": "CNY", "per": "total", "of": "landed_cost"}
    response = client.post("/v1/targets", json={**AVOCADO, "goods": goods, "fx_band": "5%", "target": target})
    assert response.status_code == 200, response.text
    found: Json = response.json or {}
    assert found["price"]["amount"] == "40000.00"
    assert landed(found["quote"]) == (LOW, VALUE, HIGH)


def test_forms_of_a_kept_quote(client: FlaskClient) -> None:
    made: Json = client.post("/v1/quotes", json={**AVOCADO, "fx_band": "5%"}).json or {}
    address = made["links"]["self"]
    rows = [
        row
        for row in csv.DictReader(io.StringIO(client.get(f"{address}.csv").data.decode("utf-8-sig")))
        if row["section"] == "range"
    ]
    assert [(row["code"], row["value"]) for row in rows] == [("low", LOW), ("high", HIGH), ("fx_band", WIDTH)]
    page = client.get(f"{address}.html").text
    assert "<span>between 346,328.42 and 382,784.05" in page
    assert "36,455.63 CNY" in page
    assert "\N{MINUS SIGN}18,227.82 / +18,227.81 CNY" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx").data))
    cells = [f"{cell}" for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert "between 346,328.42 and 382,784.05 CNY" in cells
    assert "36,455.63 CNY" in cells


def test_a_form_without_a_width_has_no_ends_and_still_names_what_is_not_known(client: FlaskClient) -> None:
    plain = {name: value for name, value in AVOCADO.items() if name != "fx"}
    made: Json = client.post("/v1/quotes", json=plain).json or {}
    assert made["outcome"]["range"]["low"] == made["outcome"]["range"]["high"] == made["totals"]
    page = client.get(made["links"]["html"]).text
    assert "width not known" in page
    assert "<span>between" not in page
    picture = client.get(made["links"]["svg"]).text
    assert 'class="range"' not in picture


def test_the_command_line(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> None:
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    monkeypatch.setenv("GALEON_DATABASE", "sqlite://")
    monkeypatch.delenv("GALEON_FX_STRICT", raising=False)
    given = "--product avocado-fresh --quantity 20.16t --price 40000 --currency USD --freight 6200 --fx USD/CNY=6.7628"
    words = ["quote", *given.split(), "--declared-on", "2026-11-23", "--fx-band"]
    told = CliRunner().invoke(main, [*words, "5%"], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "Range of the landed cost: 346,328.42 CNY – 382,784.05 CNY" in told.stdout
    assert "36,455.63 CNY: The exchange rates (USD)" in told.stdout
    document = json.loads(CliRunner().invoke(main, [*words, "5%", "--json"], catch_exceptions=False).stdout)
    assert landed(document) == (LOW, VALUE, HIGH)
    wrong = CliRunner().invoke(main, [*words, "100%"], catch_exceptions=False)
    assert wrong.exit_code == 2
    assert "/fx_band" in wrong.stderr


def test_an_announced_rate_that_nobody_saw_in_force(tmp_path: Path, store: Store) -> None:
    """The schedule was looked after to the end of 2026; a provisional 5% for 2027 stands in it beside the 7% of 2026."""
    rows = (
        "08044000,provisional,7%,,,2026-01-01,2026-12-31,mine,B,",
        "08044000,provisional,5%,,,2027-01-01,2027-12-31,mine,B,",
    )
    measures = "\n".join((",".join(COLUMNS["cn/measures.csv"]), *rows, ""))
    client = over(tmp_path, store, **{"cn/measures.csv": measures})
    document = quoted(client, declared_on="2027-01-04")
    # 5 % are 15,668.93, 9 % of 329,047.61 are 29,614.28: with 312,441.36 357,724.57; at 7 % as before
    assert landed(document) == ("357724.57", "357724.57", VALUE)
    source = document["outcome"]["range"]["sources"][0]
    assert source["code"] == "change_announced"
    assert source["width"] == source["above"] == {"amount": "6831.67", "currency": "CNY"}
    assert "2027-01-01" in source["text"]
    assert document["goods"][0]["rates"]["customs_duty"] == "5%"
    seen = quoted(client, declared_on="2026-12-31")
    assert "range" not in seen["outcome"]


def test_a_charge_that_is_not_verified_lies_between_its_ends(tmp_path: Path, store: Store) -> None:
    """The inspection of my broker is 250 yuan, 150 to 400 elsewhere: it is paid in China, outside the customs value."""
    row = (
        "cn_ciq,CN,import_clearance,Inspection,Inspección,检验,shipment,sea lcl,,CNY,250,,150,400,inspector,yes,"
        "2026-01-01,,mine,C,"
    )
    charges = "\n".join((",".join(LOGISTICS[CHARGES]), row, ""))
    client = over(tmp_path, store, **{"logistics/charges.csv": charges})
    route = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}
    document = quoted(client, route=route, declared_on="2026-11-23")
    low, value, high = (float(each) for each in landed(document))
    assert (round(value - low, 2), round(high - value, 2)) == (100.0, 150.0)
    [source] = document["outcome"]["range"]["sources"]
    assert source["code"] == "charge_open"
    assert source["width"]["amount"] == "250.00"
    assert source["above"]["amount"] == "150.00"
    assert source["text"] == "The charge “Inspection” is not verified; elsewhere it is 150, 400 CNY."
    assert document["outcome"]["status"] == "estimated"
