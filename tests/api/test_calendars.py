# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""POST /v1/calendars: each month is the quote of its first day; worked out by hand behind, ahead, and where a rate ends."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api import calendar_cli, calendar_document, create_app
from api.cli import main
from api.examples import AVOCADO
from api.locales import number
from api.settings import Settings
from api.store import Store
from calculator.money import FEN
from tariffs.book import Book
from tests.conftest import NOW

Json = dict[str, Any]
MINE = '[mine]\ntitle = "A notice that was announced"\nconfidence = "B"\n'
MEASURES = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
REMEDIES = "hs_code,measure,expression,part,origin,state,valid_from,valid_to,source,confidence,note\n"
# A ton of avocados at 20 yuan a kilogram, brought to China by the seller: a customs value of 20,000 yuan, no exchange rate.
YUAN_TON: Json = {
    "goods": [
        {
            "product": "avocado-fresh",
            "quantity": "1000 kg",
            "price": {"amount": "20.00", "currency": "CNY", "per": "kg"},
        }
    ],
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
}
DOLLAR_TON: Json = {
    **YUAN_TON,
    "goods": [{**YUAN_TON["goods"][0], "price": {"amount": "2.00", "currency": "USD", "per": "kg"}}],
}


def told(client: FlaskClient, asked: Json, **calendar: int) -> dict[str, Json]:
    """The months by their first days; the answer is held to the schema of the specification."""
    response = client.post("/v1/calendars", json={**asked, "calendar": calendar} if calendar else asked)
    assert response.status_code == 200, response.text
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/Calendar", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(response.json))
    return {each["declared_on"]: each for each in response.json["months"]}


def refused(client: FlaskClient, asked: Any) -> list[tuple[str, str]]:
    response = client.post("/v1/calendars", json=asked)
    assert response.status_code == 422, response.text
    return [(each["code"], each["pointer"]) for each in response.json["errors"]]


def landed(month: Json) -> str:
    amount: str = month["landed_cost"]["amount"]
    return amount


def changes(month: Json) -> dict[str, tuple[str | None, str | None]]:
    return {each["what"]: (each["from"], each["to"]) for each in month["changed"]}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        # Until November 2017 the provisional rate was 10%, until June 2017 VAT 13%: 2,000 + 13% of 22,000 (2,860)
        ("2017-06-01", "24860.00"),
        # Then VAT 11%: 2,000 + 2,420
        ("2017-07-01", "24420.00"),
        # Then 7%: 1,400 + 11% of 21,400 (2,354)
        ("2017-12-01", "23754.00"),
        # From May 2018 VAT 10%: 1,400 + 2,140
        ("2018-05-01", "23540.00"),
    ],
)
def test_a_month_behind_by_hand(client: FlaskClient, on: str, expected: str) -> None:
    month = told(client, {**YUAN_TON, "declared_on": "2018-05-31"}, behind=12, ahead=0)[on]
    assert (landed(month), month["held"]) == (expected, [])
    assert month["when"] == ("now" if on == "2018-05-01" else "behind")


def test_a_month_ahead_by_hand_in_which_the_provisional_rate_has_ended(client: FlaskClient) -> None:
    """A rate that ended is not carried on, both results are shown: 7% until 2026-12-31, then 25%, or 7% if it is renewed.

    7%: 1,400 and 9% of 21,400 (1,926); 25%: 5,000 and 9% of 25,000 (2,250).
    """
    months = told(client, YUAN_TON, behind=1, ahead=3)
    assert [(each["declared_on"], each["when"], landed(each)) for each in months.values()] == [
        ("2026-10-01", "behind", "23326.00"),
        ("2026-11-01", "now", "23326.00"),
        ("2026-12-01", "ahead", "23326.00"),
        ("2027-01-01", "ahead", "27250.00"),
        ("2027-02-01", "ahead", "27250.00"),
    ]
    ended = months["2027-01-01"]
    assert (ended["outcome"]["low"]["amount"], ended["outcome"]["high"]["amount"]) == ("23326.00", "27250.00")
    assert ended["totals"]["customs_duty"]["amount"] == "5000.00"
    assert ended["outcome"]["status"] == "estimated"
    assert {"table_not_updated", "provisional_rate_ended"} <= {each["code"] for each in ended["outcome"]["reasons"]}
    assert changes(ended) == {"customs_duty": ("7%", "25%"), "basis": ("provisional", "mfn")}
    assert months["2026-12-01"]["outcome"]["low"] is None
    assert changes(months["2026-12-01"]) == changes(months["2027-02-01"]) == {}


def test_months_ahead_have_the_last_known_rates(client: FlaskClient, real_book: Book) -> None:
    """2,000 dollars at the last known rate r, to customs and on the market: 25% of it, then 9% of both, each to the fen."""
    known = real_book.fx.market("USD", "CNY", date.max)
    value = FEN(2000 * known.multiplier / known.divisor)
    duty = FEN(value * Decimal("0.25"))
    vat = FEN((value + duty) * Decimal("0.09"))
    # Two months after the last day that is known, whose rates are held since
    last = known.on
    asked = {**DOLLAR_TON, "declared_on": f"{last}"}
    month = list(told(client, asked, behind=0, ahead=3).values())[-1]
    assert landed(month) == f"{value + duty + vat}"
    rate = month["held"][0]["rate"]
    assert month["held"] == [
        {"pair": "USD/CNY", "use": use, "rate": rate, "since": f"{last}"} for use in ("customs", "market")
    ]
    assert abs(Decimal(rate) - known.multiplier / known.divisor) < Decimal("1e-11")


def test_months_that_were_have_their_own_rates(client: FlaskClient) -> None:
    """From a day long past, months ahead of it are at the rates that are known by now: nothing is held."""
    months = told(client, {**DOLLAR_TON, "declared_on": "2023-03-10"}, behind=2, ahead=4)
    assert all(each["held"] == [] for each in months.values())
    assert len({landed(each) for each in months.values()}) == 7


@pytest.mark.parametrize("asked", [YUAN_TON, DOLLAR_TON, AVOCADO], ids=["yuan", "dollars", "own rate"])
def test_every_month_is_what_a_quote_of_its_day_comes_to(client: FlaskClient, asked: Json) -> None:
    """Behind without the rates that the request insists on, ahead with them."""
    then = {name: value for name, value in asked.items() if name != "fx"}
    for on, month in told(client, asked, behind=2, ahead=3).items():
        day = {**(asked if month["when"] == "ahead" else then), "declared_on": on}
        quote = client.post("/v1/quotes?store=false", json=day).json
        assert month["totals"] == quote["totals"]
        assert month["outcome"]["status"] == quote["outcome"]["status"]
        assert month["outcome"]["reasons"] == quote["outcome"]["reasons"]
        user = [each for each in month["held"] if each["use"] == "user"]
        assert bool(user) == ("fx" in asked and month["when"] == "ahead")
        assert all(each["since"] is None for each in user)


def test_months_behind_are_those_of_the_history(client: FlaskClient) -> None:
    calendar = told(client, AVOCADO, behind=24, ahead=0)
    history = client.post("/v1/sensitivities", json={**AVOCADO, "history": {"years": 2}}).json["history"]
    assert [{name: calendar[each["declared_on"]][name] for name in each} for each in history] == history


def test_without_a_word_it_is_a_year_behind_and_a_year_ahead(client: FlaskClient) -> None:
    months = list(told(client, YUAN_TON))
    assert (months[0], months[12], months[-1], len(months)) == ("2025-11-01", "2026-11-01", "2027-11-01", 25)
    assert list(told(client, YUAN_TON, behind=0, ahead=0)) == ["2026-11-01"]


@pytest.fixture
def announced(tmp_path: Path, store: Store) -> Callable[..., FlaskClient]:
    """A server whose tables hold law that was announced, in a folder laid over them."""

    def made(**files: str) -> FlaskClient:
        (tmp_path / "cn").mkdir()
        (tmp_path / "sources.toml").write_text(MINE)
        for name, rows in files.items():
            (tmp_path / "cn" / f"{name}.csv").write_text(rows)
        return create_app(Settings(database=""), Book.load(tmp_path), store, clock=lambda: NOW).test_client()

    return made


def test_announced_law_holds_from_its_first_day(announced: Callable[..., FlaskClient]) -> None:
    """A provisional rate of 5% for 2027: 1,000 and 9% of 21,000 (1,890); with the 7% that stood before, 1,400 and 1,926."""
    rows = [
        f"08044000,provisional,{rate},,,{year}-01-01,{year}-12-31,mine,B,"
        for year, rate in ((2026, "7%"), (2027, "5%"))
    ]
    months = told(announced(measures=MEASURES + "\n".join(rows) + "\n"), YUAN_TON, behind=0, ahead=2)
    assert [landed(each) for each in months.values()] == ["23326.00", "23326.00", "22890.00"]
    assert changes(months["2027-01-01"]) == {"customs_duty": ("7%", "5%")}
    ends = months["2027-01-01"]["outcome"]
    assert (ends["low"]["amount"], ends["high"]["amount"]) == ("22890.00", "23326.00")


def test_announced_trade_remedies_are_told(announced: Callable[..., FlaskClient]) -> None:
    """10% from December: 1,400 of duty, 2,000, and 9% of 23,400 (2,106)."""
    row = "08044000,anti_dumping,10%,,MX,duty,2026-12-01,,mine,B,\n"
    months = told(announced(trade_remedies=REMEDIES + row), YUAN_TON, behind=0, ahead=1)
    assert [landed(each) for each in months.values()] == ["23326.00", "25506.00"]
    assert changes(months["2026-12-01"]) == {"trade_remedies": (None, "10%")}


@pytest.mark.parametrize(
    ("language", "before", "no_rate"),
    [
        (
            "en",
            "This month cannot be told: our tables (rates of import VAT) begin on 2016-01-01.",
            "This month cannot be told: no exchange rate",
        ),
        (
            "es",
            "Este mes no se puede calcular: nuestras tablas (tasas del IVA de importación) empiezan el 2016-01-01.",
            "Este mes no se puede calcular: no se conoce ningún tipo de cambio",
        ),
        ("zh", "无法计算本月：我们的数据（进口环节增值税税率）自 2016-01-01 起才有。", "无法计算本月：没有已知的汇率"),
    ],
)
def test_months_that_cannot_be_told_say_why_in_plain_words(
    client: FlaskClient, language: str, before: str, no_rate: str
) -> None:
    month = told(client, {**YUAN_TON, "declared_on": "2016-01-31", "language": language}, behind=1, ahead=0)[
        "2015-12-01"
    ]
    assert (month["landed_cost"], month["totals"], month["outcome"], month["held"]) == (None, None, None, [])
    assert month["reason"] == {"code": "no_row_in_force", "text": before, "pointer": "/goods/0/tariff/vat"}
    # Of an own tariff the law is given, but before 2005 the customs rate is not known
    own = {
        **DOLLAR_TON["goods"][0],
        "tariff": {"duty": "7%", "vat": "9%", "consumption_tax": "0%", "trade_remedies": []},
    }
    asked = {**DOLLAR_TON, "goods": [own], "declared_on": "2001-03-01", "language": language}
    (month,) = told(client, asked, behind=0, ahead=0).values()
    assert month["reason"]["text"].startswith(no_rate)


def test_what_no_month_can_price_is_refused(client: FlaskClient) -> None:
    asked = {**YUAN_TON, "goods": [{**YUAN_TON["goods"][0], "product": "mangos"}]}
    assert refused(client, asked) == [("unknown_product", "/goods/0/product")]


@pytest.mark.parametrize("goods", [{"hs_code": "271490"}, {"fraccion": "2714.90.99"}, {"product": "squid-frozen"}])
def test_a_code_that_leaves_lines_to_choose_from_is_refused_as_a_quote_is(client: FlaskClient, goods: Json) -> None:
    """The months before the tables have another reason than those that the code leaves open."""
    price = {"amount": "70000", "currency": "CNY", "per": "total"}
    asked = {**YUAN_TON, "goods": [{"quantity": "1000 kg", "price": price, **goods}]}
    response = client.post("/v1/calendars", json=asked)
    quoted = client.post("/v1/quotes?store=false", json=asked)
    assert (response.status_code, quoted.status_code) == (422, 422)
    assert response.json["errors"] == quoted.json["errors"]
    assert all(each["landed_cost"] for each in response.json["errors"][0]["candidates"])


def test_a_day_of_payment_belongs_to_its_own_day_alone(client: FlaskClient) -> None:
    """Paid months after earlier months: no surcharge for years of delay."""
    asked = {**YUAN_TON, "importer": {"paid_on": "2026-12-31"}}
    assert landed(told(client, asked, behind=3, ahead=0)["2026-08-01"]) == "23326.00"


def test_an_old_rate_is_no_reason_to_refuse_what_is_ahead(real_book: Book, store: Store) -> None:
    strict = create_app(Settings(database="", fx_strict=True), real_book, store, clock=lambda: NOW).test_client()
    months = told(strict, {**DOLLAR_TON, "declared_on": f"{real_book.fx.known_until}"}, behind=0, ahead=12)
    assert all(each["landed_cost"] for each in months.values())


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ({"behind": 241}, [("not_a_whole_number", "/calendar/behind")]),
        ({"ahead": 37}, [("not_a_whole_number", "/calendar/ahead")]),
        (
            {"ahead": -1, "behind": "x"},
            [("not_a_whole_number", "/calendar/behind"), ("negative_number", "/calendar/ahead")],
        ),
        ({"years": 3}, [("unknown_field", "/calendar/years")]),
        ([], [("wrong_type", "/calendar")]),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, calendar: Any, expected: list[tuple[str, str]]) -> None:
    assert sorted(refused(client, {**YUAN_TON, "calendar": calendar})) == sorted(expected)


def test_one_call_prices_so_many_lines(client: FlaskClient) -> None:
    asked = {**YUAN_TON, "goods": YUAN_TON["goods"] * 21, "calendar": {"behind": 240, "ahead": 0}}
    assert refused(client, asked) == [("too_much_at_once", "/calendar")]


def test_it_does_not_hang_on_the_clock(real_book: Book, store: Store) -> None:
    def at(day: datetime) -> Json:
        later = create_app(Settings(database=""), real_book, store, clock=lambda: day).test_client()
        return told(later, DOLLAR_TON, behind=2, ahead=6)

    assert at(datetime(2028, 2, 29, tzinfo=UTC)) == at(NOW)


def test_forms(client: FlaskClient) -> None:
    asked = {**DOLLAR_TON, "calendar": {"behind": 2, "ahead": 3}}
    months = client.post("/v1/calendars", json=asked).json["months"]
    sent = client.post("/v1/calendars?format=csv", json=asked)
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert sent.headers["Content-Disposition"] == 'attachment; filename="galeon-calendar.csv"'
    assert [(row["declared_on"], row["when"], row["landed_cost"]) for row in rows] == [
        (each["declared_on"], each["when"], landed(each)) for each in months
    ]
    by_day = {row["declared_on"]: row for row in rows}
    ended = by_day["2027-01-01"]
    assert (ended["low"], ended["high"]) == tuple(months[4]["outcome"][end]["amount"] for end in ("low", "high"))
    assert ended["changed"] == "customs_duty 7% → 25%; basis provisional → mfn"
    assert ended["held"].startswith("USD/CNY customs ")
    sheet = client.post("/v1/calendars?format=xlsx", json=asked).data
    cells = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert cells[0] == list(rows[0])
    assert [f"{row[2]:.2f}" for row in cells[1:]] == [landed(each) for each in months]


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_picture_is_dashed_where_it_is_ahead(client: FlaskClient, language: str) -> None:
    asked = {**YUAN_TON, "calendar": {"behind": 2, "ahead": 3}}
    sent = client.post("/v1/calendars?format=svg", json=asked, headers={"Accept-Language": language})
    svg = ElementTree.fromstring(sent.text)
    lines = {each.get("class"): each.get("points", "").split() for each in svg.findall(".//{*}polyline")}
    # Three months up to now; from the last of them three ahead
    assert (len(lines["rate"]), len(lines["rate coming"])) == (3, 4)
    assert lines["rate"][-1] == lines["rate coming"][0]
    # Two of them are open between two ends
    assert sum(each.get("class") == "range" for each in svg.findall(".//{*}path")) == 2
    content = svg.find("{*}desc")
    assert content is not None
    assert {"3"} <= set(content.text or "")


def test_a_picture_of_nothing(client: FlaskClient) -> None:
    asked = {**YUAN_TON, "declared_on": "2001-01-01", "calendar": {"behind": 1, "ahead": 0}}
    sent = client.post("/v1/calendars?format=svg", json=asked)
    assert "None of these months can be priced." in sent.text
    assert "polyline" not in sent.text


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Callable[..., Result]:
    """`galeon calendar` on the tables that the tests have read already."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)

    def run(*arguments: str | Path, told: object = None) -> Result:
        return CliRunner().invoke(
            main, ["calendar", *map(str, arguments)], input=json.dumps(told), catch_exceptions=False
        )

    return run


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Month", "What changed", "customs duty 7% → 25%", "estimated")),
        ("es", ("Mes", "Lo que cambió", "Tipos mantenidos")),
        ("zh", ("月份", "变化", "保持不变的汇率")),
    ],
)
def test_in_the_terminal(
    language: str,
    words: tuple[str, ...],
    galeon: Callable[..., Result],
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    result = galeon("-", "--behind", "1", "--ahead", "3", "--language", language, told=DOLLAR_TON)
    assert (result.exit_code, result.stderr) == (0, "")
    for each in told(client, DOLLAR_TON, behind=1, ahead=3).values():
        assert f"{number(landed(each), language)} CNY" in result.stdout
    assert all(each in result.stdout for each in words)


@pytest.mark.parametrize("form", calendar_cli.FORMS)
def test_a_file_is_what_the_api_answers(
    form: str, galeon: Callable[..., Result], client: FlaskClient, tmp_path: Path
) -> None:
    asked = {**YUAN_TON, "calendar": {"behind": 5, "ahead": 2}}
    target = tmp_path / f"months.{form}"
    result = galeon("-", "--behind", "1", "--to", target, told=asked)
    assert (result.exit_code, result.stdout) == (0, "")
    of_the_api = client.post(f"/v1/calendars?format={form}", json={**asked, "calendar": {"behind": 1, "ahead": 2}}).data
    # A workbook holds the moment at which it was made.
    end = 4 if form == "xlsx" else None
    assert target.read_bytes()[:end] == of_the_api[:end]
    assert calendar_cli.FORMS == calendar_document.FORMATS


@pytest.mark.parametrize(
    ("options", "asked", "place"),
    [
        (["--ahead", "soon"], YUAN_TON, "/calendar/ahead: "),
        (["--behind", "3"], {**YUAN_TON, "calendar": 4}, "/calendar: "),
        ([], {**YUAN_TON, "incoterm": "XXX"}, "/incoterm: "),
    ],
)
def test_what_is_wrong_on_the_command_line(
    options: list[str], asked: Json, place: str, galeon: Callable[..., Result]
) -> None:
    result = galeon("-", *options, told=asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(place)
