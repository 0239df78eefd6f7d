"""What is asked again, in another form or the same: written from the answer that was made, for as long as that is still right."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from api import calendar_document, comparison_document, create_app, stress_document, suppose_document
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tariffs.fx.keeping import MARKET_RATES, keep
from tariffs.fx.live import LiveFx
from tests.api.test_comparing import AIR, SEA, TON
from tests.conftest import NOW
from tests.keyed import Keyed

Json = dict[str, Any]
# A route, what makes its answers, its forms, and what the specification shows as asked of it.
ROUTES = {
    "comparisons": ("api.comparing.compared_document", comparison_document),
    "sensitivities": ("api.stressing.stressed_document", stress_document),
    "calendars": ("api.calendars.calendar_told", calendar_document),
    "what-if": ("api.supposing.answer", suppose_document),
}
# Without a day of its own: that of the clock. Without rates of its own: those of the tables.
TODAY: Json = {
    **{name: value for name, value in TON.items() if name not in ("declared_on", "fx")},
    "vary": {"route": [SEA, AIR]},
}


class Made:
    """How often an answer was made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: str, client: FlaskClient) -> None:
        # The specification, which answers are held against, has examples that are made.
        client.get("/v1/units")
        module, _, name = path.rpartition(".")
        make = getattr(__import__(module, fromlist=[name]), name)
        self.times = 0

        def counted(*asked: Any) -> Any:
            self.times += 1
            return make(*asked)

        monkeypatch.setattr(path, counted)


def sent(client: FlaskClient, path: str, asked: Json, **headers: str) -> bytes:
    answer = client.post(path, json=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.data


def told(body: bytes) -> object:
    """What an answer says: of a workbook its cells, as it also names the second that it was written in."""
    if not body.startswith(b"PK"):
        return body
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("route", ROUTES)
def test_every_form_is_written_from_one_answer(
    route: str, real_book: Book, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says what it says where nothing is remembered: each of those asks a server that has just begun."""
    make, documented = ROUTES[route]
    (example,) = documented.ASKED.values()

    def begun() -> FlaskClient:
        return create_app(Settings(database=""), real_book, store, clock=lambda: NOW).test_client()

    paths = [f"/v1/{route}?format={form}" for form in documented.FORMATS]
    fresh = [told(sent(begun(), path, example["value"])) for path in paths]
    client = begun()
    made = Made(monkeypatch, make, client)
    assert [told(sent(client, path, example["value"])) for path in paths * 2] == fresh * 2
    assert made.times == 1


def test_what_is_asked_otherwise_is_made_anew(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {**TON, "vary": {"route": [SEA, AIR]}}
    dearer = json.loads(json.dumps(asked))
    dearer["goods"][0]["price"]["amount"] = "3.90"
    first = sent(client, "/v1/comparisons", asked)
    made = Made(monkeypatch, "api.comparing.compared_document", client)
    others = [
        sent(client, "/v1/comparisons", dearer),
        sent(client, "/v1/comparisons", asked, **{"Accept-Language": "es"}),
        sent(client, "/v1/comparisons", {**TON, "vary": {"route": [AIR]}}),
    ]
    assert made.times == len({first, *others}) - 1 == 3
    assert sent(client, "/v1/comparisons", asked) == first
    assert made.times == 3


def test_the_day_and_the_rates_are_those_of_now(
    tmp_path: Path, real_book: Book, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is remembered across midnight in China, nor once the rates are others."""
    moment = [NOW.replace(hour=15, minute=59)]
    book = Book(real_book.records, LiveFx(None, tmp_path))
    client = create_app(Settings(database=""), book, store, clock=lambda: moment[0]).test_client()
    made = Made(monkeypatch, "api.comparing.compared_document", client)
    before = sent(client, "/v1/comparisons", TODAY)
    moment[0] = NOW.replace(hour=16, minute=0)
    sent(client, "/v1/comparisons", TODAY)
    assert made.times == 2
    keep(tmp_path, MARKET_RATES, [("2026-11-20", "USD", "CNY", "6.71", "bank", "")])
    after = json.loads(sent(client, "/v1/comparisons", TODAY))
    assert made.times == 3
    # 1,000 kg at 2.90 dollars, at 6.71 from now on.
    assert {each["totals"]["goods"]["amount"] for each in after["scenarios"]} == {"19459.00"}
    assert b"19459.00" not in before


def test_nobody_is_answered_from_what_another_asked(keyed: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that an answer takes would tell that it had been asked."""
    acme, other = ({"Authorization": f"Bearer {keyed.text(owner=owner)}"} for owner in ("acme", "other"))
    made = Made(monkeypatch, "api.comparing.compared_document", keyed.client)
    asked = {**TON, "vary": {"route": [SEA, AIR]}}
    bodies = [sent(keyed.client, "/v1/comparisons", asked, **who) for who in (acme, other, acme, other)]
    assert (made.times, len(set(bodies))) == (2, 1)


def test_what_is_refused_is_not_remembered(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(monkeypatch, "api.comparing.compared_document", client)
    unknown = {**TON, "goods": [{**TON["goods"][0], "hs_code": "08099999"}], "vary": {"route": [SEA, AIR]}}
    del unknown["goods"][0]["product"]
    for _ in range(2):
        assert client.post("/v1/comparisons", json=unknown).status_code == 422
    assert made.times == 2
