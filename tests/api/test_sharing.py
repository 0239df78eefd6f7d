"""A quote that is shared: seen by whoever has the address, in every form, until the address ends."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.examples import AVOCADO
from api.key_text import PUBLISHABLE
from api.quote_files import FORMS
from api.shares import MOST_DAYS
from tests.conftest import NOW
from tests.keyed import REQUEST, Keyed, kind_of, sent


def kept(client: FlaskClient) -> str:
    """The address of a quote that was just made."""
    response = client.post("/v1/quotes", json=AVOCADO)
    assert response.status_code == 201
    return str(response.headers["Location"])


def shared_by(keyed: Keyed, key: str, days: str = "") -> str:
    """The address of a shared quote of the holder of a key."""
    made = keyed.client.post("/v1/quotes", json=REQUEST, headers=sent(key, "", {}))
    response = keyed.client.post(f"{made.headers['Location']}/share{days}", headers=sent(key, "", {}))
    assert response.status_code == 201
    return str(response.headers["Location"])


def test_the_address_shows_the_quote_as_it_was_given(client: FlaskClient):
    quote = kept(client)
    response = client.post(f"{quote}/share?days=7")
    made = response.json
    assert made is not None
    assert response.headers["Location"] == made["links"]["self"] == f"/v1/shared/{made['id']}"
    assert response.headers["Cache-Control"] == "no-store"
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(days=7)
    shown = client.get(made["links"]["self"])
    assert shown.data == client.get(quote).data
    assert shown.headers["X-Robots-Tag"] == "noindex"
    for form in FORMS:
        there, here = client.get(f"{quote}.{form.suffix}"), client.get(made["links"][form.suffix])
        assert (here.status_code, here.mimetype, here.data) == (200, form.media_type, there.data)
    preferred = client.get(made["links"]["self"], headers={"Accept": "text/html"})
    assert preferred.data == client.get(made["links"]["html"]).data
    again = client.get(made["links"]["self"], headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304


def test_it_is_told_in_every_language_and_cut_to_what_is_asked(client: FlaskClient):
    quote = kept(client)
    address = client.post(f"{quote}/share").headers["Location"]
    for query in ("?language=es", "?language=zh&fields=outcome", "?fields=totals"):
        assert client.get(address + query).data == client.get(quote + query).data
    assert client.get(f"{address}.html?language=es").data == client.get(f"{quote}.html?language=es").data


def test_it_stands_for_a_month_where_nothing_is_said(client: FlaskClient):
    made = client.post(f"{kept(client)}/share").json
    assert made is not None
    assert datetime.fromisoformat(made["expires_at"]) == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    "query", ["days=0", f"days={MOST_DAYS + 1}", "days=-1", "days=many", "days=1.5", "days=", "hours=3"]
)
def test_days_that_cannot_be(query: str, client: FlaskClient):
    response = client.post(f"{kept(client)}/share?{query}")
    assert response.status_code == 422
    assert response.json["errors"][0]["pointer"] == f"?/{query.partition('=')[0]}"  # type: ignore[index]


def test_what_cannot_be_shared_or_shown(client: FlaskClient):
    assert client.post("/v1/quotes/q_nothing/share").status_code == 404
    assert client.delete("/v1/quotes/q_nothing/share").status_code == 404
    for path in ("/v1/shared/s_nothing", "/v1/shared/s_nothing.html", "/v1/shared/%00", f"{kept(client)[:-1]}!"):
        assert client.get(path).status_code == 404
    body = client.post(f"{kept(client)}/share", json={"days": 3})
    assert (body.status_code, "?days=30" in body.text) == (400, True)


def test_every_address_of_a_quote_can_be_taken_out_of_use(client: FlaskClient):
    quote, other = kept(client), kept(client)
    addresses = [client.post(f"{quote}/share").headers["Location"] for _ in range(2)]
    stays = client.post(f"{other}/share").headers["Location"]
    assert client.delete(f"{quote}/share").status_code == 204
    assert [client.get(each).status_code for each in (*addresses, stays)] == [404, 404, 200]
    assert client.get(quote).status_code == 200


def test_no_key_is_needed_to_see_it_and_only_its_owner_can_share_it(keyed: Keyed):
    key, other = keyed.text(), keyed.text(owner="other")
    made = keyed.client.post("/v1/quotes", json=REQUEST, headers=sent(key, "", {}))
    path = f"{made.headers['Location']}/share"
    assert kind_of(keyed.client.post(path)) == (401, "unauthorized")
    for foreign in (other, keyed.text(PUBLISHABLE)):
        assert keyed.client.post(path, headers=sent(foreign, "", {})).status_code in (403, 404)
        assert keyed.client.delete(path, headers=sent(foreign, "", {})).status_code in (403, 404)
    address = keyed.client.post(path, headers=sent(key, "", {})).headers["Location"]
    assert keyed.get(address).data == made.data
    assert keyed.get(f"{address}.xlsx").status_code == 200
    assert keyed.get(str(made.headers["Location"])).status_code == 401


def test_it_ends(keyed: Keyed):
    address = shared_by(keyed, keyed.text(), "?days=2")
    keyed.later(days=2, seconds=-1)
    assert keyed.get(address).status_code == 200
    keyed.later(seconds=1)
    assert kind_of(keyed.get(f"{address}.html")) == (410, "share-ended")
    assert kind_of(keyed.get(address)) == (410, "share-ended")


def test_the_address_is_nowhere_in_the_database(keyed: Keyed, tmp_path: Path):
    address = shared_by(keyed, keyed.text())
    keyed.store.close()
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert address.rpartition("/")[2].encode() not in found


def test_whoever_guesses_is_slowed_down(keyed: Keyed):
    statuses = [keyed.get("/v1/shared/s_guess").status_code for _ in range(121)]
    assert statuses == [404] * 120 + [429]
    # Which shuts nobody out who has a key.
    assert keyed.get("/v1/units", keyed.text()).status_code == 200


def test_the_specification_shows_an_answer_as_it_is(client: FlaskClient):
    spec = json.loads(client.get("/openapi.json").data)
    example = spec["paths"]["/v1/quotes/{id}/share"]["post"]["responses"]["201"]["content"]["application/json"][
        "example"
    ]
    made = client.post(f"{kept(client)}/share").json
    assert made is not None
    assert example.keys() == made.keys()
    assert example["links"].keys() == made["links"].keys()
