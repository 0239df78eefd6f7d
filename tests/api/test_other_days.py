"""The application on other days: nothing that it prices by default fails because a table, a rate or the history of rates ended.

What has ended on a day is told here from the files of the tables themselves, and each answer must say so.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from api import create_app, limits
from api.examples import AVOCADO, QUOTE_REQUESTS
from api.jobs import LEASE, Asked, Job, Jobs
from api.settings import Settings
from api.store import IdempotencyKey, Store
from tariffs.book import Book
from tests.contract import ContractClient

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
DATA = ROOT / "tariffs" / "data"
# The day before the year ends, the days after it, the leap day, and ten years on.
DAYS = (date(2026, 12, 1), date(2027, 1, 4), date(2028, 2, 29), date(2036, 11, 28))
CASES = sorted((ROOT / "tests" / "cases").rglob("*.toml"))


class OfDay(NamedTuple):
    """A client of an application that was started on a day."""

    day: date
    client: FlaskClient


@pytest.fixture(scope="module", params=DAYS, ids=str)
def of_day(
    request: pytest.FixtureRequest, real_book: Book, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OfDay]:
    """The application on each of the days, at noon in Shanghai."""
    day: date = request.param
    store = Store.at(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'quotes.sqlite3'}")
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    made = create_app(Settings(database=""), real_book, store, clock=lambda: noon)
    made.test_client_class = ContractClient
    yield OfDay(day, made.test_client())
    store.close()


def known_until() -> dict[str, date]:
    """The last day of each table, as its makers wrote it."""
    tables = tomllib.loads((DATA / "tables.toml").read_text(encoding="utf-8"))
    return {name: entry["known_until"] for name, entry in tables.items()}


def provisional() -> dict[str, list[tuple[str, str]]]:
    """The first and last days of the whole provisional rates of each code, "" for an open end."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO((DATA / "cn" / "measures.csv").read_text(encoding="utf-8"))):
        if row["measure"] == "provisional" and not row["part"]:
            found.setdefault(row["hs_code"], []).append((row["valid_from"], row["valid_to"]))
    return found


def lapsed(code: str, day: date, rows: dict[str, list[tuple[str, str]]]) -> bool:
    """Whether a code had a provisional rate to the end of what the schedule knows, and none on the day."""
    known, spans = known_until()["customs-schedule"].isoformat(), rows.get(code, [])
    on = day.isoformat()
    covered = any(first <= on and (not last or on <= last) for first, last in spans)
    return not covered and any(known <= last < on for _, last in spans)


def undated(request: Any) -> Any:
    """The request, or the rows of a batch, as somebody asks who names no day."""
    if isinstance(request, list):
        return [undated(each) for each in request]
    return {name: value for name, value in request.items() if name != "declared_on"}


def reasons(quote: Json) -> list[Json]:
    """Why a quote is no surer than it is."""
    found: list[Json] = quote["outcome"]["reasons"]
    return found


def outdated(quote: Json) -> set[str]:
    """The tables that a quote names as not updated."""
    told = [each["text"] for each in reasons(quote) if each["code"] == "table_not_updated"]
    return {name for name in known_until() if any(name in re.findall(r"[a-z][a-z-]+", text) for text in told)}


def assert_honest(quote: Json, day: date) -> None:
    """Each table that a quote of a day after its last day rests on is named, and none else; then it is an estimate."""
    ended = {name for name, last in known_until().items() if last < day}
    named = outdated(quote)
    assert named <= ended
    if named:
        assert quote["outcome"]["status"] == "estimated"
        assert quote["outcome"]["range"]


@pytest.mark.parametrize("name", QUOTE_REQUESTS)
def test_the_documented_examples_as_of_that_day(of_day: OfDay, name: str) -> None:
    answer = of_day.client.post("/v1/quotes", json=undated(QUOTE_REQUESTS[name]["value"]))
    assert answer.status_code == 201, answer.text
    quote = answer.json
    assert quote is not None
    assert quote["declared_on"] == of_day.day.isoformat()
    assert_honest(quote, of_day.day)
    again = of_day.client.get(f"/v1/quotes/{quote['id']}")
    assert (again.status_code, again.json) == (200, quote)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_golden_requests_as_of_that_day(of_day: OfDay, path: Path) -> None:
    asked = tomllib.loads(path.read_text(encoding="utf-8"))["request"]
    answer = of_day.client.post("/v1/quotes?store=false", json=undated(asked))
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert_honest(answer.json, of_day.day)


def test_every_good_as_of_that_day(of_day: OfDay) -> None:
    goods = of_day.client.get("/v1/products?limit=100").json["items"]  # type: ignore[index]
    rows, priced, both = provisional(), 0, 0
    for good in goods:
        line = {
            "product": good["slug"],
            "quantity": "1000 kg",
            "price": {"amount": "2000", "currency": "CNY", "per": "total"},
        }
        answer = of_day.client.post("/v1/quotes?store=false", json={"goods": [line], "incoterm": "CIF"})
        told = answer.json
        assert told is not None
        if answer.status_code == 422:
            # What a good asks on every day: which line it is, and a duty that nobody published.
            codes = {each["code"] for each in told["errors"]}
            assert codes <= {"code_needed", "trade_remedy_rate_unknown"}, (good["slug"], told)
            continue
        assert answer.status_code == 200
        priced += 1
        assert_honest(told, of_day.day)
        # The duty rests on the schedule and the VAT on its own table, whatever the goods.
        if of_day.day > known_until()["customs-schedule"]:
            assert {"customs-schedule", "vat"} <= outdated(told), good["slug"]
        ended = "provisional_rate_ended" in {each["code"] for each in reasons(told)}
        assert ended == lapsed(good["hs_code"], of_day.day, rows), good["slug"]
        both += ended
    assert priced >= 40
    assert bool(both) == (of_day.day > known_until()["customs-schedule"])


def test_both_results_of_a_provisional_rate_that_ended(of_day: OfDay) -> None:
    """Avocados for 100,000 yuan CIF: at 7%, and 9% VAT, 100,000 × 1.07 × 1.09 = 116,630; at 25%, 100,000 × 1.25 × 1.09."""
    line = {
        "product": "avocado-fresh",
        "quantity": "10 t",
        "price": {"amount": "100000", "currency": "CNY", "per": "total"},
    }
    quote = of_day.client.post("/v1/quotes?store=false", json={"goods": [line], "incoterm": "CIF"}).json
    assert quote is not None
    landed, range_ = quote["totals"]["landed_cost"]["amount"], quote["outcome"].get("range")
    if of_day.day <= date(2026, 12, 31):
        assert (landed, range_) == ("116630.00", None)
        return
    ends = {end: range_[end]["landed_cost"]["amount"] for end in ("low", "high")}
    assert (landed, ends) == ("136250.00", {"low": "116630.00", "high": "136250.00"})


def test_every_documented_request_as_of_that_day(of_day: OfDay) -> None:
    """Regimes, comparisons, targets, calendars, shocks, bills and batches: the examples of the specification without a day."""
    spec = of_day.client.get("/openapi.json").json
    assert spec is not None
    asked = 0
    for path, operations in spec["paths"].items():
        body = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        for name, example in body.get("examples", {}).items():
            if "{" in path:
                continue
            answer = of_day.client.post(path, json=undated(deepcopy(example["value"])))
            assert answer.status_code in (200, 201, 202), (path, name, answer.text)
            asked += 1
    assert asked >= 15


@pytest.mark.parametrize(
    "address",
    [
        "/v1/sheet/landed_cost?product=avocado-fresh&quantity=20 t&price=2.9&currency=USD&per=kg&incoterm=CIF",
        "/v1/sheet.csv?product=tequila&quantity=100 L&price=9&currency=USD&per=L&incoterm=CIF",
        "/v1/tariff-lines/08044000",
        "/v1/products/avocado-fresh",
        "/v1/fx?base=USD&quote=CNY",
        "/v1/payment-rails",
        "/v1/changes",
        "/v1/meta",
        "/readyz",
    ],
)
def test_what_is_looked_up_without_a_day(of_day: OfDay, address: str) -> None:
    answer = of_day.client.get(address)
    assert answer.status_code == 200, answer.text
    assert not answer.text.startswith("#")


def test_an_estimate_of_a_customs_rate_names_the_day_of_the_rate_that_it_knows(of_day: OfDay, real_book: Book) -> None:
    line = {
        "product": "avocado-fresh",
        "quantity": "1 t",
        "price": {"amount": "2000", "currency": "USD", "per": "total"},
    }
    quote = of_day.client.post("/v1/quotes?store=false", json={"goods": [line], "incoterm": "CIF"}).json
    assert quote is not None
    (estimated,) = [each for each in reasons(quote) if each["code"] == "customs_rate_estimated"]
    assert f"{min(real_book.fx.last_day('USD'), of_day.day)}" in estimated["text"]
    stale = [each for each in quote["warnings"] if each["code"] == "exchange_rate_stale"]
    assert stale
    assert all(f"{real_book.fx.last_day('USD')}" in each["text"] for each in stale)


def test_a_clock_that_is_set_back_in_the_middle(real_book: Book, tmp_path: Path) -> None:
    """What was kept stays, keys still answer with it, and what is new is priced on the day that the clock now says."""
    moment = datetime(2028, 2, 29, 4, tzinfo=UTC)
    store = Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    made = create_app(Settings(database=""), real_book, store, clock=lambda: moment)
    made.test_client_class = ContractClient
    client = made.test_client()
    first = client.post("/v1/quotes", json=undated(AVOCADO), headers={"Idempotency-Key": "one"})
    share = client.post(f"/v1/quotes/{first.json['id']}/share").json  # type: ignore[index]
    moment -= timedelta(days=500)
    again = client.post("/v1/quotes", json=undated(AVOCADO), headers={"Idempotency-Key": "one"})
    assert again.json == first.json
    assert client.get(f"/v1/quotes/{first.json['id']}").json == first.json  # type: ignore[index]
    other = client.post("/v1/quotes", json=undated(AVOCADO), headers={"Idempotency-Key": "two"})
    assert other.status_code == 201
    assert other.json["declared_on"] == "2026-10-17"  # type: ignore[index]
    assert other.json["id"] != first.json["id"]  # type: ignore[index]
    assert client.get(f"/v1/shared/{share['id']}").status_code == 200  # type: ignore[index]
    # It ends when it was to, not sooner or later for the clock's going back.
    moment = datetime.fromisoformat(share["expires_at"]) + timedelta(seconds=1)  # type: ignore[index]
    assert client.get(f"/v1/shared/{share['id']}").status_code in (404, 410)  # type: ignore[index]
    told = client.get("/readyz")
    assert told.status_code == 200
    moment = datetime(2026, 10, 17, 4, tzinfo=UTC)
    clocks = [each for each in client.get("/readyz").json["expiring"] if each["what"] == "clock"]  # type: ignore[index]
    assert [each["name"] for each in clocks] == [real_book.release]
    assert clocks[0]["days"] < 0
    store.close()


def test_no_claim_of_a_dead_worker_outlasts_a_clock_that_is_set_back(ledger: Store) -> None:
    key, later = IdempotencyKey("acme", "one", "hash"), datetime(2028, 2, 29, tzinfo=UTC)
    assert ledger.claim(key, later).ours
    # Two machines differ by a moment: the claim holds. A year back it is the claim of nobody.
    assert not ledger.claim(key, later - timedelta(seconds=1)).ours
    assert ledger.claim(key, later - timedelta(days=365)).ours


def test_no_job_of_a_dead_worker_outlasts_a_clock_that_is_set_back(ledger: Store) -> None:
    jobs, later = Jobs(ledger.engine), datetime(2028, 2, 29, tzinfo=UTC)
    job = jobs.add(Job.new("", "csv", Asked("en"), later.date(), later), [])
    assert jobs.claim(later)
    assert jobs.is_worked(later)
    assert jobs.claim(later - LEASE) is None
    back = later - timedelta(days=365)
    assert not jobs.is_worked(back)
    again = jobs.claim(back)
    assert again is not None
    assert again.id == job.id


def test_no_limit_outlasts_a_clock_that_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 2_000_000_000.0
    monkeypatch.setattr(limits, "time", lambda: moment)
    counts = limits.Memory()
    assert [counts.incr("who", 60) for _ in range(3)] == [1, 2, 3]
    moment -= 86_400
    assert counts.incr("who", 60) == 1
    assert counts.get_expiry("who") == moment + 60
    moment += 59
    assert counts.incr("who", 60) == 2
    moment += 1
    assert counts.incr("who", 60) == 1
