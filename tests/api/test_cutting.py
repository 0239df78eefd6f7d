# mypy: disable-error-code="index, union-attr, arg-type"
"""`?fields=` cuts the answer and nothing else: what is kept stays whole."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.examples import AVOCADO


def test_only_what_is_asked_is_answered(client: FlaskClient):
    whole = client.post("/v1/quotes", json=AVOCADO)
    part = client.get(f"{whole.location}?fields=goods,totals")
    assert part.status_code == 200
    assert part.json == {"totals": whole.json["totals"], "goods": whole.json["goods"]}
    assert list(part.json) == ["totals", "goods"]
    assert client.get(whole.location).data == whole.data


def test_a_quote_that_is_made_is_kept_whole(client: FlaskClient):
    part = client.post("/v1/quotes?fields=id,totals", json=AVOCADO)
    assert (part.status_code, list(part.json)) == (201, ["id", "totals"])
    whole = client.get(part.location)
    assert whole.json["id"] == part.json["id"]
    assert whole.json["steps"]
    computed = client.post("/v1/quotes?store=false&fields=totals", json=AVOCADO)
    assert computed.json == {"totals": part.json["totals"]}


def test_a_lost_answer_is_recovered_in_part(client: FlaskClient):
    whole = client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "cut-1"})
    part = client.get("/v1/quotes?idempotency_key=cut-1&fields=totals")
    assert part.json == {"totals": whole.json["totals"]}


def test_each_part_has_a_validator_of_its_own(client: FlaskClient):
    location = client.post("/v1/quotes", json=AVOCADO).location
    tags = {client.get(f"{location}{query}").headers["ETag"] for query in ("", "?fields=totals", "?fields=goods")}
    assert len(tags) == 3
    tag = client.get(f"{location}?fields=totals").headers["ETag"]
    again = client.get(f"{location}?fields=totals", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(location, headers={"If-None-Match": tag}).status_code == 200


def test_a_part_that_this_quote_has_not_is_left_out(client: FlaskClient):
    assert client.post("/v1/quotes?store=false&fields=regimes,regime", json=AVOCADO).json == {"regime": "general_trade"}


@pytest.mark.parametrize(
    ("fields", "code", "nearest"),
    [
        ("totls", "unknown_field", "totals"),
        ("totals,goodz", "unknown_field", "goods"),
        ("", "empty_text", "totals,goods"),
    ],
)
@pytest.mark.parametrize("call", ["post", "get", "recover"])
def test_a_part_that_no_quote_has_is_refused(call: str, fields: str, code: str, nearest: str, client: FlaskClient):
    calls: dict[str, Any] = {
        "post": lambda: client.post(f"/v1/quotes?fields={fields}", json=AVOCADO),
        "get": lambda: client.get(f"/v1/quotes/q_0000000000000000000000?fields={fields}"),
        "recover": lambda: client.get(f"/v1/quotes?idempotency_key=a&fields={fields}"),
    }
    response = calls[call]()
    assert response.status_code == 422, response.text
    (error,) = response.json["errors"]
    assert (error["pointer"], error["code"], error["allowed"][0]) == ("?/fields", code, nearest)
