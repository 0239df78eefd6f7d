"""Cells with keys: a sheet key in the address opens cells and nothing else, is never repeated, and counts a question once."""

import io
import json
import logging
from time import monotonic
from urllib.parse import urlencode

import pytest

from api import counted_once
from api.key_text import KeyText
from api.key_usage import uses
from api.logs import open_log
from api.settings import Settings
from tests.api.test_access import noted
from tests.api.test_sheets import row
from tests.flat import AVOCADO
from tests.keyed import Keyed, kind_of

QUERY = urlencode(AVOCADO)


def cell(key: object, field: str = "landed_cost", query: str = QUERY) -> str:
    """The address of a cell with a key in it."""
    return f"/v1/sheet/{key}/{field}?{query}"


def test_a_sheet_key_opens_cells(keyed: Keyed):
    key = keyed.text("sheet")
    assert keyed.get(cell(key)).text == "364556.24"
    assert row(keyed.get(cell(key, "csv")).text)["landed_cost"] == "364556.24"
    assert "<landed_cost>364556.24</landed_cost>" in keyed.get(cell(key, "xml")).text
    assert keyed.client.head(cell(key)).status_code == 200
    assert keyed.client.options(cell(key)).status_code == 200


def test_other_clients_send_the_key_as_ever(keyed: Keyed):
    for kind in ("secret", "sheet"):
        assert keyed.get(f"/v1/sheet/landed_cost?{QUERY}", keyed.text(kind)).text == "364556.24"
    for form in ("csv", "xml"):
        assert "364556.24" in keyed.get(f"/v1/sheet.{form}?{QUERY}", keyed.text()).text


@pytest.mark.parametrize("kind", ["secret", "publishable"])
@pytest.mark.parametrize("path", ["/v1/sheet/{key}/vat?", "/v1/sheet/{key}/csv?", "/v1/sheet/vat?key={key}&"])
def test_a_key_of_another_kind_is_refused_and_not_repeated(keyed: Keyed, kind: str, path: str, caplog):
    key, text = keyed.make(kind)
    caplog.set_level(logging.DEBUG)
    asked = path.format(key=text) + QUERY
    told = keyed.get(asked)
    assert told.status_code == 200
    assert "#Only a whole sheet key (k_…) may stand in the address of a cell" in told.text
    assert kind_of(keyed.get(f"{asked}&errors=status")) == (401, "key-not-for-cells")
    assert text.secret not in told.text + caplog.text + str(noted(keyed))
    assert (key.id, "refused:in_address", "", 2) in noted(keyed, key.id)


def test_a_server_without_keys_refuses_them_too(client):
    for kind in ("secret", "publishable"):
        text = KeyText.fresh(kind)
        told = client.get(cell(text))
        assert told.text.startswith("#Only a whole sheet key")
        assert text.secret not in told.text
    # A workbook made for a server with keys works on one without.
    assert client.get(cell(KeyText.fresh("sheet"))).text == "364556.24"


def test_a_cell_is_told_what_is_wrong_with_its_key(keyed: Keyed):
    key, text = keyed.make("sheet")
    assert keyed.get(cell(text)).status_code == 200
    keyed.ring.revoke(key.id, keyed.now)
    keyed.later(seconds=6)
    for asked in (text, KeyText.fresh("sheet")):
        told = keyed.get(cell(asked, query="errors=text"))
        assert (told.status_code, told.text[:27]) == (200, "#There is no such key; or i")
        assert told.headers["Cache-Control"] == "no-store"
        assert kind_of(keyed.get(cell(asked, query="errors=status"))) == (401, "key-refused")
    assert keyed.get(f"/v1/sheet/vat?{QUERY}").text == "#Send a valid key: Authorization: Bearer sk_…"
    assert keyed.get(f"/v1/sheet/vat?{QUERY}&lang=es").text != "#Send a valid key: Authorization: Bearer sk_…"
    for broken in (str(text)[:-1], f"{text}x"):
        assert keyed.get(cell(broken)).text.startswith("#Only a whole sheet key")


def test_a_cell_reads_the_quotes_of_its_owner_alone(keyed: Keyed):
    made = keyed.quote(keyed.text(owner="acme"), query="")
    query = urlencode({"quote": made.get_json()["id"]})
    landed_cost = made.get_json()["totals"]["landed_cost"]["amount"]
    assert keyed.get(cell(keyed.text("sheet", owner="acme"), query=query)).text == landed_cost
    assert keyed.get(cell(keyed.text("sheet", owner="other"), query=query)).text.startswith("#quote: There is no quote")
    # Nor is it remembered for whoever asks next under the same address.
    bare = f"/v1/sheet/landed_cost?{query}"
    assert keyed.get(bare, keyed.text(owner="acme")).text == landed_cost
    assert keyed.get(bare, keyed.text(owner="other")).text.startswith("#quote: There is no quote")


def test_a_question_counts_once_however_often_it_is_asked(keyed: Keyed):
    key, text = keyed.make("sheet", rate="2/minute", quota=10)
    for _ in range(5):
        keyed.client.options(cell(text))
        assert keyed.client.head(cell(text)).status_code == 200
        assert keyed.get(cell(text)).text == "364556.24"
    assert keyed.get(cell(text, "vat")).text == "30178.37"
    # Another question is another call, and one too many; what is answered already still is.
    told = keyed.get(cell(text, "taxes"))
    assert told.text.startswith("#The limit is reached: ask again in ")
    assert "Retry-After" in told.headers
    assert kind_of(keyed.get(cell(text, "taxes", f"{QUERY}&errors=status"))) == (429, "too-many-requests")
    assert keyed.get(cell(text)).text == "364556.24"
    keyed.flush()
    # Two questions; calls past the rate use up no quota.
    assert uses(keyed.store.engine, keyed.now)[key.id][1] == 2


def test_what_is_refused_counts_each_time(keyed: Keyed):
    """It is worked out anew each time."""
    _, text = keyed.make("sheet", rate="2/minute")
    asked = cell(text, query=f"{QUERY}&incotem=FOB")
    answers = [keyed.get(asked).text for _ in range(3)]
    assert [each.startswith("#incotem: ") for each in answers] == [True, True, False]


def test_the_same_question_of_another_key_is_counted_for_that_key(keyed: Keyed):
    first, second = keyed.text("sheet", rate="1/minute"), keyed.text("sheet", rate="1/minute")
    for key in (first, second):
        assert keyed.get(cell(key)).text == "364556.24"
        assert keyed.get(cell(key, "vat")).text.startswith("#The limit is reached")
    assert keyed.get(f"/v1/sheet/landed_cost?{QUERY}", keyed.text(rate="1/minute")).text == "364556.24"


def test_after_a_minute_it_counts_again(keyed: Keyed, monkeypatch: pytest.MonkeyPatch):
    _, text = keyed.make("sheet", rate="1/day")
    assert keyed.get(cell(text)).text == "364556.24"
    moment = monotonic()
    monkeypatch.setattr(counted_once, "monotonic", lambda: moment + counted_once.SPAN - 1)
    assert keyed.get(cell(text)).text == "364556.24"
    monkeypatch.setattr(counted_once, "monotonic", lambda: moment + counted_once.SPAN + 1)
    assert keyed.get(cell(text)).text.startswith("#The limit is reached")


def test_the_key_reaches_no_log(keyed: Keyed, caplog):
    root, ours = logging.getLogger(), logging.getLogger("galeon")
    handlers, level = list(root.handlers), ours.level
    stream = io.StringIO()
    try:
        open_log(Settings(database="", log="json", log_level="debug"), stream)
        key, text = keyed.make("sheet")
        for asked in (
            cell(text),
            cell(text, "csv"),
            cell(text, "nothing"),
            cell(text, "vat", "z=1"),
            f"/v1/sheet/{text}/",
        ):
            keyed.get(asked)
            keyed.client.post(asked)
    finally:
        root.handlers[:] = handlers
        ours.setLevel(level)
        open_log(Settings(database=""), io.StringIO())
        root.handlers[:] = handlers
        ours.setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert text.secret not in stream.getvalue() + caplog.text
    assert [line["route"] for line in lines[::2]] == [
        "/v1/sheet/{key}/{field}",
        "/v1/sheet/{key}/csv",
        "/v1/sheet/{key}/{field}",
        "/v1/sheet/{key}/{field}",
        "unmatched",
    ]
    # What was refused in a cell is logged as the problem that it is.
    assert [line.get("problem") for line in lines[::2]] == [None, None, "unknown-field", "unknown-field", "not-found"]
    assert {line["key_id"] for line in lines[::2]} == {key.id}
