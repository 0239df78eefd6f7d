# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""Every way to be refused: one shape, a pointer to the place, and never a 500."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.refusals import PROBLEMS

LINE: dict[str, Any] = {
    "product": "avocado-fresh",
    "quantity": "20.16 t",
    "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
}
FREIGHT = {"amount": "6200", "currency": "USD"}
ASKED: dict[str, Any] = {
    "goods": [LINE],
    "incoterm": "FOB",
    "costs": {"freight": FREIGHT},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}


def line(**changes: Any) -> dict[str, Any]:
    """The request with changes to its line; None takes a field out."""
    return {**ASKED, "goods": [{name: each for name, each in {**LINE, **changes}.items() if each is not None}]}


def asked(**changes: Any) -> dict[str, Any]:
    """The request with changes; None takes a field out."""
    return {name: each for name, each in {**ASKED, **changes}.items() if each is not None}


def price(**changes: Any) -> dict[str, Any]:
    """The request with changes to its price."""
    return line(price={**LINE["price"], **changes})


def told(response: TestResponse, status: int) -> dict[str, Any]:
    """The problem of a response, after a look at its shape."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Request-Id"]
    problem: dict[str, Any] = response.json
    assert list(problem) == ["type", "title", "status", "detail", "instance", "errors"]
    assert problem["status"] == status
    assert problem["type"].startswith("/problems/")
    assert problem["type"].removeprefix("/problems/").replace("-", "_") in PROBLEMS
    assert problem["title"]
    assert problem["detail"]
    assert "“…”" not in problem["detail"]
    for error in problem["errors"]:
        assert list(error) == ["pointer", "code", "detail", "allowed"]
        assert error["code"] in PROBLEMS
        assert error["detail"]
        assert all(isinstance(each, str) for each in error["allowed"])
    return problem


FORTY = "1234567890" * 4
# What is sent, the kind of refusal, its pointer, and something that must be among what is allowed ("" for nothing).
BAD: list[tuple[dict[str, Any], str, str, str]] = [
    # who and what
    (line(product="avocado-frsh"), "unknown_product", "/goods/0/product", "avocado-fresh"),
    (line(product="Avocado!"), "wrong_form", "/goods/0/product", "avocado-fresh"),
    (line(product=None, hs_code="08044001"), "unknown_hs_code", "/goods/0/hs_code", "08044000"),
    (line(product=None, hs_code="99999999"), "unknown_hs_code", "/goods/0/hs_code", ""),
    (line(product=None, hs_code="0804"), "not_an_hs_code", "/goods/0/hs_code", "08044000"),
    (line(product=None, hs_code="０８０４４０００"), "not_an_hs_code", "/goods/0/hs_code", "08044000"),
    (line(hs_code=8044000), "wrong_type", "/goods/0/hs_code", ""),
    (line(hs_code="22089010"), "codes_disagree", "/goods/0/hs_code", "08044000"),
    (line(product=None), "goods_not_identified", "/goods/0", "product"),
    (line(product=None, description="Hot sauce", tariff={"duty": "12%"}), "missing_field", "/goods/0/tariff/vat", "9%"),
    (line(package="carton-99kg"), "unknown_package", "/goods/0/package", "carton-4kg"),
    (line(origin="Mexico"), "not_a_country", "/goods/0/origin", "MX"),
    (line(origin="XQ"), "unknown_origin", "/goods/0/origin", ""),
    (line(fraccion="22089003"), "fraccion_disagrees", "/goods/0/fraccion", "22089010"),
    (line(fraccion="08044002"), "unknown_fraccion", "/goods/0/fraccion", "0804.40.01"),
    (line(fraccion="0804"), "not_a_fraccion", "/goods/0/fraccion", "0804.40.01"),
    # how much
    (line(quantity="20.16 foo"), "unknown_unit", "/goods/0/quantity", ""),
    (line(quantity="20.16 ton"), "ambiguous_unit", "/goods/0/quantity", "t"),
    (line(quantity="1,5 kg"), "ambiguous_number", "/goods/0/quantity", "1.5 kg"),
    (line(quantity="20160"), "missing_unit", "/goods/0/quantity", ""),
    (line(quantity=20160), "missing_unit", "/goods/0/quantity", ""),
    (line(quantity=-5), "negative_number", "/goods/0/quantity", ""),
    (line(quantity="NaN kg"), "not_a_number", "/goods/0/quantity", ""),
    (line(quantity="Infinity kg"), "not_a_number", "/goods/0/quantity", ""),
    (line(quantity="-1 kg"), "negative_number", "/goods/0/quantity", ""),
    (line(quantity="0 kg"), "not_positive", "/goods/0/quantity", ""),
    (line(quantity={"value": "0", "unit": "kg"}), "not_positive", "/goods/0/quantity/value", ""),
    (line(quantity={"value": "1"}), "missing_field", "/goods/0/quantity/unit", ""),
    (line(quantity={"value": "1", "unit": "kg", "x": 1}), "unknown_field", "/goods/0/quantity/x", "value"),
    (line(quantity={"value": True, "unit": "kg"}), "wrong_type", "/goods/0/quantity/value", ""),
    (line(quantity="1e3 kg"), "not_a_number", "/goods/0/quantity", ""),
    (line(quantity=f"{FORTY} kg"), "too_many_digits", "/goods/0/quantity", ""),
    (line(quantity="9" * 5000 + " kg"), "text_too_long", "/goods/0/quantity", ""),
    (line(quantity="10**10**10 kg"), "not_a_number", "/goods/0/quantity", ""),
    (line(quantity="１２ kg"), "not_a_number", "/goods/0/quantity", ""),
    (line(quantity=["1 kg"]), "wrong_type", "/goods/0/quantity", ""),
    (line(quantity=None), "missing_field", "/goods/0/quantity", ""),
    (line(quantity="20000 L"), "quantity_missing", "/goods/0/quantity", ""),
    (line(net_weight="3 L of"), "unknown_unit", "/goods/0/net_weight", ""),
    (line(density="heavy"), "unreadable_density", "/goods/0/density", "0.95 kg/L"),
    (line(density="1 lb/ft3"), "unreadable_density", "/goods/0/density", "kg/L"),
    (line(density="0 kg/L"), "not_positive", "/goods/0/density", ""),
    # at what price
    (line(price="2.90 USD"), "wrong_type", "/goods/0/price", ""),
    (price(amount="0"), "not_positive", "/goods/0/price/amount", ""),
    (price(amount="-1"), "negative_number", "/goods/0/price/amount", ""),
    (price(amount=-1), "negative_number", "/goods/0/price/amount", ""),
    (price(amount="1e3"), "not_a_number", "/goods/0/price/amount", ""),
    (price(amount=1e300), "not_a_number", "/goods/0/price/amount", ""),
    (price(amount=FORTY), "too_many_digits", "/goods/0/price/amount", ""),
    (price(amount=int(FORTY)), "too_many_digits", "/goods/0/price/amount", ""),
    (price(amount=None), "null_not_allowed", "/goods/0/price/amount", ""),
    (price(amount=True), "wrong_type", "/goods/0/price/amount", ""),
    (price(amount={"value": 1}), "wrong_type", "/goods/0/price/amount", ""),
    (price(currency="USDD"), "unknown_currency", "/goods/0/price/currency", "USD"),
    (price(currency="usd"), "unknown_currency", "/goods/0/price/currency", "USD"),
    (price(currency="XXX"), "unknown_currency", "/goods/0/price/currency", ""),
    (price(per="piece"), "quantity_missing", "/goods/0/quantity", ""),
    (price(per="banana"), "unknown_unit", "/goods/0/price/per", ""),
    (price(each="kg"), "unknown_field", "/goods/0/price/each", "per"),
    # at which rates
    (line(tariff={"duty": "25"}), "write_percent", "/goods/0/tariff/duty", "25%"),
    (line(tariff={"duty": "-5%"}), "negative_rate", "/goods/0/tariff/duty", ""),
    (line(tariff={"duty": "a lot"}), "unreadable_rate", "/goods/0/tariff/duty", "25%"),
    (line(tariff={"duty": "1 CNY/ton"}), "ambiguous_unit", "/goods/0/tariff/duty", "t"),
    (line(tariff={"vat": "1 CNY/kg"}), "not_a_share", "/goods/0/tariff/vat", "9%"),
    (line(tariff={"vat": 9}), "write_percent", "/goods/0/tariff/vat", "9%"),
    (
        line(tariff={"consumption_tax": "lower(10%, 900 CNY/t)"}),
        "excise_form_not_allowed",
        "/goods/0/tariff/consumption_tax",
        "25%",
    ),
    (
        line(tariff={"trade_remedies": [{"kind": "dumping", "duty": "1%"}]}),
        "not_a_choice",
        "/goods/0/tariff/trade_remedies/0/kind",
        "anti_dumping",
    ),
    (
        line(tariff={"trade_remedies": [{"kind": "anti_dumping", "duty": "lower(10%, 900 CNY/t)"}]}),
        "duty_form_unknown",
        "/goods/0/tariff/trade_remedies/0/duty",
        "20% + 1 CNY/kg",
    ),
    (line(tariff={"consumption_tax": ""}), "empty_text", "/goods/0/tariff/consumption_tax", "0.8 CNY/kg"),
    (line(attributes={"Weight": "1"}), "wrong_form", "/goods/0/attributes/Weight", ""),
    (line(attributes={"abv": "nan"}), "not_a_number", "/goods/0/attributes/abv", ""),
    (line(attributes={"abv": "-1"}), "negative_number", "/goods/0/attributes/abv", "1998"),
    (line(attributes={"abv": -1}), "negative_number", "/goods/0/attributes/abv", "1998"),
    (line(attributes={"abv": "a\nb"}), "control_character", "/goods/0/attributes/abv", ""),
    (
        line(product=None, hs_code="87112050", attributes={"displacement_cc": True}),
        "attribute_not_a_number",
        "/goods/0/attributes/displacement_cc",
        "250",
    ),
    (line(attributes={"abv": {}}), "wrong_type", "/goods/0/attributes/abv", ""),
    (line(statutory="1 kg"), "wrong_type", "/goods/0/statutory", ""),
    (line(statutory=["1 kg", "0 kg"]), "not_positive", "/goods/0/statutory/1", ""),
    (
        line(additions=[{"code": "gift", "amount": FREIGHT}]),
        "not_a_choice",
        "/goods/0/additions/0/code",
        "royalty",
    ),
    # on which terms
    (asked(incoterm="FOBB"), "not_a_choice", "/incoterm", "FOB"),
    (asked(place="Uruapan"), "place_without_country", "/place", "Uruapan, MX"),
    (asked(place="a\nb, MX"), "control_character", "/place", ""),
    (asked(regime="bonded"), "not_a_choice", "/regime", "general_trade"),
    (asked(tables="yesterday"), "unknown_release", "/tables", "latest"),
    (asked(language="fr"), "not_a_choice", "/language", "en"),
    (asked(display_currency="PESO"), "unknown_currency", "/display_currency", ""),
    (asked(declared_on="23.11.2026"), "not_a_day", "/declared_on", "2026-11-23"),
    (asked(declared_on="2026-02-30"), "not_a_day", "/declared_on", "2026-11-23"),
    (asked(declared_on="0001-01-01"), "day_out_of_range", "/declared_on", "1980-01-01"),
    (asked(declared_on="9999-12-31"), "day_out_of_range", "/declared_on", "2099-12-31"),
    (asked(importer={"vat_recoverable": "yes"}), "wrong_type", "/importer/vat_recoverable", ""),
    (asked(payments={"rail": "swift-tt"}), "unknown_field", "/payments", "payment"),
    (asked(incotrem="FOB"), "unknown_field", "/incotrem", "incoterm"),
    (asked(goods=[]), "no_goods", "/goods", ""),
    (asked(goods=[LINE] * 201), "too_many", "/goods", ""),
    (asked(goods=LINE), "wrong_type", "/goods", ""),
    (asked(goods=["avocado"]), "wrong_type", "/goods/0", ""),
    (asked(goods=None), "missing_field", "/goods", ""),
    # at what cost
    (asked(costs=None), "leg_missing", "/costs/freight", ""),
    (asked(costs={"freight": "6200 USD"}), "wrong_type", "/costs/freight", ""),
    (asked(costs={"freight": FREIGHT, "origin": {"bribe": FREIGHT}}), "unknown_leg", "/costs/origin/bribe", "all_in"),
    (asked(costs={"freight": FREIGHT, "allocate_by": "luck"}), "not_a_choice", "/costs/allocate_by", "value"),
    (
        asked(costs={"freight": FREIGHT, "insurance": {"rate": "60%", "insured": "200%"}}),
        "premium_too_high",
        "/costs/insurance/rate",
        "",
    ),
    (asked(costs={"freight": FREIGHT, "insurance": {"rate": "x"}}), "unreadable_rate", "/costs/insurance/rate", "25%"),
    (asked(costs={"freight": FREIGHT, "insurance": 3}), "wrong_type", "/costs/insurance", ""),
    # at which exchange rate
    (asked(fx={"USD/CNY": "0"}), "not_positive", "/fx/USD~1CNY", ""),
    (asked(fx={"USD/CNY": "NaN"}), "not_a_number", "/fx/USD~1CNY", ""),
    (asked(fx={"USDCNY": "7"}), "not_a_pair", "/fx/USDCNY", "USD/CNY"),
    (asked(fx={"USD/EUR": "0.9"}), "pair_without_yuan", "/fx/USD~1EUR", "USD/CNY"),
    (asked(customs_fx={"USD/MXN": "17"}), "pair_without_yuan", "/customs_fx/USD~1MXN", "USD/CNY"),
    (asked(fx={"USD/CNY": "7", "CNY/USD": "7"}), "exchange_rates_disagree", "/fx/USD~1CNY", ""),
    (asked(fx=["7"]), "wrong_type", "/fx", ""),
    # on which day
    (
        {**line(tariff={"duty": "25%", "vat": "13%", "consumption_tax": "0%"}), "fx": {}, "declared_on": "1999-12-31"},
        "no_exchange_rate",
        "/fx",
        "",
    ),
]


@pytest.mark.parametrize(
    ("body", "code", "pointer", "allowed"), BAD, ids=lambda each: each if isinstance(each, str) else ""
)
def test_what_is_wrong_is_told_with_its_place(body: Any, code: str, pointer: str, allowed: str, client: FlaskClient):
    problem = told(client.post("/v1/quotes", json=body), 422)
    (error,) = problem["errors"]
    assert (error["code"], error["pointer"]) == (code, pointer)
    assert problem["type"] == f"/problems/{code.replace('_', '-')}"
    assert problem["detail"] == error["detail"]
    assert problem["instance"] == "/v1/quotes"
    if allowed:
        assert allowed in error["allowed"]


@pytest.mark.parametrize("field", ["duty", "vat", "consumption_tax"])
def test_no_text_is_echoed_whole(field: str, client: FlaskClient):
    response = client.post("/v1/quotes", json=line(tariff={field: "9" * 100_000}))
    assert told(response, 422)["errors"][0]["code"] == "text_too_long"
    assert len(response.data) < 1000


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_everything_that_is_wrong_is_told_at_once(language: str, client: FlaskClient):
    body = asked(fx={"USD/CNY": "x", "EUR/USD": "1"}, declared_on="soon", language=language)
    body["goods"] = [{**LINE, "quantity": "1,5 kg"}, {**LINE, "price": {"amount": "-1", "currency": "peso"}}]
    problem = told(client.post("/v1/quotes", json=body), 422)
    assert problem["type"] == "/problems/invalid-request"
    assert {error["pointer"] for error in problem["errors"]} == {
        "/fx/USD~1CNY",
        "/fx/EUR~1USD",
        "/declared_on",
        "/goods/0/quantity",
        "/goods/1/price/amount",
        "/goods/1/price/currency",
        "/goods/1/price/per",
    }


GOOD = json.dumps(ASKED).encode()
BODIES: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"", {}, 400, "empty-body"),
    (b"{", {}, 400, "malformed-json"),
    (b'{"goods": NaN}', {}, 400, "malformed-json"),
    (b'{"a": 1, "a": 2}', {}, 400, "duplicate-key"),
    (b"\xff\xfe", {}, 400, "not-utf8"),
    (b"[" * 100_000, {}, 400, "nested-too-deep"),
    (b'{"a": "\\ud800"}', {}, 400, "lone-surrogate"),
    (b" " * 2 * 1024 * 1024, {}, 413, "body-too-large"),
    (GOOD, {"Content-Type": "text/plain"}, 415, "wrong-media-type"),
    (GOOD, {"Content-Type": "application/x-www-form-urlencoded"}, 415, "wrong-media-type"),
    (GOOD, {"Content-Type": ""}, 415, "wrong-media-type"),
    (GOOD, {"Content-Encoding": "gzip"}, 415, "wrong-content-encoding"),
    (GOOD, {"Accept": "text/csv"}, 406, "not-acceptable"),
    (GOOD, {"Accept": "application/json;q=0"}, 406, "not-acceptable"),
    (GOOD, {"Accept": "application/json;q=0, */*"}, 406, "not-acceptable"),
    (b"null", {}, 422, "wrong-type"),
    (b"[]", {}, 422, "wrong-type"),
    (b"{}", {}, 422, "missing-field"),
    (b"3", {}, 422, "wrong-type"),
]


@pytest.mark.parametrize(("body", "headers", "status", "kind"), BODIES, ids=[each[3] for each in BODIES])
def test_bodies_that_cannot_be_read(body: bytes, headers: dict[str, str], status: int, kind: str, client: FlaskClient):
    headers = {"Content-Type": "application/json", **headers}
    problem = told(client.post("/v1/quotes", data=body, headers=headers), status)
    assert problem["type"] == f"/problems/{kind}"


def test_a_day_before_the_tables(client: FlaskClient):
    problem = told(client.post("/v1/quotes", json=asked(declared_on="1999-12-31")), 422)
    assert problem["errors"][0]["pointer"]


def test_a_wrong_parameter_of_the_address(client: FlaskClient):
    problem = told(client.post("/v1/quotes?store=perhaps", json=ASKED), 422)
    assert problem["errors"][0]["pointer"] == "?/store"
    assert problem["errors"][0]["allowed"] == ["true", "false"]


def test_what_is_not_there(client: FlaskClient):
    assert told(client.get("/v1/quotes/q_0000000000000000000000"), 404)["type"] == "/problems/not-found"
    assert told(client.get("/nowhere"), 404)["instance"] == "/nowhere"
    told(client.get("/problems/nothing-of-the-kind"), 404)
    told(client.get("/docs/../api.py"), 404)


def test_a_method_that_is_not_allowed_says_which_are(client: FlaskClient):
    response = client.delete("/v1/quotes")
    told(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_what_nobody_foresaw_tells_nothing_of_the_inside(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    def broken(*_: Any) -> None:
        raise RuntimeError(f"{'secret'} inside")

    monkeypatch.setattr("api.quotes.price", broken)
    response = client.post("/v1/quotes", json=ASKED)
    problem = told(response, 500)
    assert problem["type"] == "/problems/internal-error"
    assert "secret" not in response.text
    assert response.headers["X-Request-Id"] in problem["detail"]
    # The log says where it happened, and not what was said: that may quote what the client sent.
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text
    assert "secret inside" not in caplog.text


def test_a_database_that_is_away_is_no_mistake_of_ours(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, store: Any
):
    from sqlalchemy.exc import OperationalError

    def away(*_: Any) -> None:
        raise OperationalError("insert", {}, Exception("locked"))

    monkeypatch.setattr(type(store), "save", away)
    response = client.post("/v1/quotes", json=ASKED)
    assert told(response, 503)["type"] == "/problems/unavailable"
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_type_is_documented_at_its_address(code: str, client: FlaskClient):
    response = client.get(f"/problems/{code.replace('_', '-')}", headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert list(response.json) == ["type", "title", "meaning"]
    assert response.json["meaning"]


def test_a_body_in_pieces_has_the_same_limit(client: FlaskClient):
    def sent(body: bytes) -> TestResponse:
        return client.post(
            "/v1/quotes?store=false",
            input_stream=BytesIO(body),
            content_type="application/json",
            environ_overrides={"wsgi.input_terminated": True},
        )

    limit = 1024 * 1024
    assert sent(GOOD + b" " * (limit - len(GOOD))).status_code == 200
    told(sent(GOOD + b" " * (limit + 1 - len(GOOD))), 413)
    told(sent(b'{"a": "' + b"x" * 2 * limit + b'"}'), 413)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_what_is_refused_is_taken_in_first(content_type: str, client: FlaskClient):
    """Who is still sending when the answer comes would see a broken connection and no answer."""
    stream = BytesIO(b" " * 8 * 1024 * 1024)
    response = client.post(
        "/v1/quotes", input_stream=stream, content_length=8 * 1024 * 1024, headers={"Content-Type": content_type}
    )
    told(response, 413 if content_type == "application/json" else 415)
    assert stream.tell() == 8 * 1024 * 1024


def test_a_refused_encoding_says_which_is_read(client: FlaskClient):
    headers = {"Content-Type": "application/json", "Content-Encoding": "br"}
    response = client.post("/v1/quotes", data=GOOD, headers=headers)
    assert "br" in told(response, 415)["detail"]
    assert response.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_no_more_is_told_than_anybody_reads(language: str, client: FlaskClient):
    body = {f"key{number}": 1 for number in range(60_000)}
    response = client.post("/v1/quotes", json=body, headers={"Accept-Language": language})
    problem = told(response, 422)
    assert len(problem["errors"]) == 50
    assert "50" in problem["detail"]
    assert len(response.data) < 50_000


MONEY = {"amount": "1", "currency": "CNY"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (line(additions=[{"code": "royalty", "amount": MONEY}] * 700), "/goods/0/additions"),
        (line(deductions=[{"code": "installation", "amount": MONEY}] * 21), "/goods/0/deductions"),
        (
            line(tariff={"trade_remedies": [{"kind": "anti_dumping", "duty": "1%"}] * 1000}),
            "/goods/0/tariff/trade_remedies",
        ),
        (asked(fx={f"U{number}/CNY": "1" for number in range(61)}), "/fx"),
        (asked(customs_fx={f"U{number}/CNY": "1" for number in range(61)}), "/customs_fx"),
    ],
)
def test_lists_have_an_end(body: Any, pointer: str, client: FlaskClient):
    (error,) = told(client.post("/v1/quotes", json=body), 422)["errors"]
    assert (error["code"], error["pointer"]) == ("too_many", pointer)


def test_parameters_that_nobody_knows_are_refused(client: FlaskClient):
    (error,) = told(client.post("/v1/quotes?foo=1", json=ASKED), 422)["errors"]
    assert (error["code"], error["pointer"], error["allowed"]) == ("unknown_field", "?/foo", ["store", "fields"])
    kept = client.post("/v1/quotes", json=ASKED).location
    assert kept
    (error,) = told(client.get(f"{kept}?feilds=totals"), 422)["errors"]
    assert (error["pointer"], error["allowed"]) == ("?/feilds", ["fields", "language"])


@pytest.mark.parametrize("key", ["", "a b", "a" * 201, "clé"])
def test_an_idempotency_key_of_no_form(key: str, client: FlaskClient):
    response = client.post("/v1/quotes", json=ASKED, headers={"Idempotency-Key": key})
    assert told(response, 422)["type"] == "/problems/idempotency-key-wrong"


def test_another_body_under_the_same_key(client: FlaskClient):
    named = {"Idempotency-Key": "another-body"}
    assert client.post("/v1/quotes", json=ASKED, headers=named).status_code == 201
    changed = client.post("/v1/quotes", json={**ASKED, "incoterm": "CFR"}, headers=named)
    assert told(changed, 409)["type"] == "/problems/idempotency-conflict"


@pytest.mark.parametrize("body", [b"{", b'{"a": NaN}', b'{"a": 1,}', b'"a', b"1 2", rb'"\x"', b'{"a":1,"a":1}'])
def test_no_english_of_the_parser_comes_out(body: bytes, client: FlaskClient):
    english, spanish, chinese = (
        told(
            client.post(
                "/v1/quotes", data=body, headers={"Accept-Language": language, "Content-Type": "application/json"}
            ),
            400,
        )
        for language in ("en", "es", "zh")
    )
    assert len({each["detail"] for each in (english, spanish, chinese)}) == 3
    assert "Expecting" not in english["detail"] + spanish["detail"]
    assert len(english["errors"]) == 1


def test_near_misses_are_called_near(client: FlaskClient):
    assert "Nearest: " in told(client.post("/v1/quotes", json=price(currency="CPY")), 422)["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (price(currency=""), "/goods/0/price/currency"),
        (price(per=""), "/goods/0/price/per"),
        (line(hs_code=" "), "/goods/0/hs_code"),
        (line(density=""), "/goods/0/density"),
        (asked(incoterm=""), "/incoterm"),
        (asked(declared_on=""), "/declared_on"),
        (asked(tables=""), "/tables"),
    ],
)
def test_an_empty_text_is_called_empty(body: Any, pointer: str, client: FlaskClient):
    (error,) = told(client.post("/v1/quotes", json=body), 422)["errors"]
    assert (error["code"], error["pointer"]) == ("empty_text", pointer)


@pytest.mark.parametrize(("insured", "percent"), [("1.1", "110%"), ("1", "100%"), ("110", "110%"), ("1.155", "115.5%")])
def test_the_insured_share_is_written_in_percent(insured: str, percent: str, client: FlaskClient):
    body = asked(costs={"freight": FREIGHT, "insurance": {"rate": "0.3%", "insured": insured}})
    (error,) = told(client.post("/v1/quotes", json=body), 422)["errors"]
    assert (error["pointer"], error["allowed"]) == ("/costs/insurance/insured", [percent])
