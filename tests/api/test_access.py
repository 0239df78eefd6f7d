"""Who may make which call: with keys nobody comes in without one that allows it, and each refusal has its own type."""

import gc
import logging
import socket
from datetime import timedelta
from pathlib import Path
from weakref import ref

import pytest
import sqlalchemy as sql
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from api import create_app
from api.key_events import events
from api.key_text import PUBLISHABLE, SECRET, SHEET, KeyText
from api.refusals import PROBLEMS
from api.scopes import GRANTED, SCOPES, is_open, needed_scope
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.keyed import SHOP, Keyed, kind_of
from tests.servers import Serving


def noted(keyed: Keyed, key_id: str | None = None) -> list[tuple[str, str, str, int]]:
    """What the log says of uses."""
    keyed.flush()
    rows = events(keyed.store.engine, key_id)
    return [(row["key_id"], row["event"], row["detail"], row["count"]) for row in rows if row["event"] != "made"]


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/start.js", "/openapi.json", "/healthz", "/problems", "/problems/unauthorized"]
)
def test_what_is_open(keyed: Keyed, path: str):
    assert keyed.get(path).status_code in (200, 302)


@pytest.mark.parametrize("path", ["/v1/units", "/v1/quotes/q_x", "/metrics", "/nothing", "/v1//units", "/docsx", "/v1"])
def test_everything_else_needs_a_key(keyed: Keyed, path: str):
    response = keyed.get(path)
    assert kind_of(response) == (401, "unauthorized")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "Bearer" in response.get_json()["detail"]
    assert keyed.client.post(path).status_code == 401


def test_no_road_leads_from_an_open_address_to_a_shut_one(keyed: Keyed):
    assert kind_of(keyed.get("/docs/../v1/units")) == (404, "not-found")


def test_a_secret_key_opens_everything(keyed: Keyed):
    key = keyed.text()
    assert keyed.get("/v1/units", key).status_code == 200
    made = keyed.quote(key, query="")
    assert made.status_code == 201
    assert keyed.get(made.headers["Location"], key).data == made.data
    assert keyed.client.get("/v1/units", headers={"Authorization": f"bearer  {key} "}).status_code == 200
    assert "Authorization" in made.headers["Vary"]


def test_without_keys_nothing_is_asked(client: FlaskClient):
    assert client.get("/v1/units").status_code == 200
    assert client.get("/v1/units?limit=1", headers={"Authorization": "Bearer sk_nonsense"}).status_code == 200


def test_unknown_wrong_revoked_and_expired_look_alike_from_outside(keyed: Keyed):
    live, text = keyed.make()
    revoked, expired = keyed.make(), keyed.make(expires_at=keyed.now + timedelta(hours=1))
    keyed.ring.revoke(revoked[0].id, keyed.now)
    keyed.later(hours=1)
    wrong = KeyText("secret", live.id, "A" * 43)
    other = KeyText("publishable", live.id, text.secret)
    sent = [wrong, other, KeyText.fresh("secret"), revoked[1], expired[1], "nonsense"]
    answers = [keyed.get("/v1/units", each, X_Request_Id="same") for each in sent]
    assert [kind_of(each) for each in answers] == [(401, "key_refused".replace("_", "-"))] * len(sent)
    assert {each.data for each in answers} == {answers[0].data}
    assert {each.headers["WWW-Authenticate"] for each in answers} == {"Bearer"}
    assert {each[:2] + each[3:] for each in noted(keyed)} == {
        (live.id, "refused:wrong_secret", 2),
        ("", "refused:unknown", 2),
        (revoked[0].id, "revoked", 1),
        (revoked[0].id, "refused:revoked", 1),
        (expired[0].id, "refused:expired", 1),
    }


def test_a_revoked_key_stops_within_five_seconds(keyed: Keyed):
    key, text = keyed.make()
    assert keyed.get("/v1/units", text).status_code == 200
    keyed.ring.revoke(key.id, keyed.now)
    keyed.later(seconds=5)
    assert keyed.get("/v1/units", text).status_code == 401


def test_both_keys_of_a_rotation_work_for_the_overlap(keyed: Keyed):
    key, old = keyed.make()
    made = keyed.quote(old, query="")
    _, new = keyed.ring.rotate(key.id, keyed.now, timedelta(hours=24))
    keyed.later(hours=23, minutes=59)
    assert [keyed.get(made.headers["Location"], each).status_code for each in (old, new)] == [200, 200]
    keyed.later(minutes=1)
    assert [keyed.get(made.headers["Location"], each).status_code for each in (old, new)] == [401, 200]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "{key}",
        "Bearer {key}, Bearer {key}",
        "Bearer {key} x",
        "Token {key}",
    ],
)
def test_a_malformed_header_is_refused(keyed: Keyed, header: str):
    sent = {"Authorization": header.format(key=keyed.text())}
    response = keyed.client.get("/v1/units", headers=sent)
    assert kind_of(response) == (401, "authorization-malformed")
    assert "one header" in response.get_json()["detail"]


def test_two_headers_are_refused(keyed: Keyed):
    key = keyed.text()
    response = keyed.client.get("/v1/units", headers=[("Authorization", f"Bearer {key}")] * 2)
    assert response.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units?key={key}",
        "/v1/units?a=1&api_key={key}&b=2",
        "/v1/units?key={escaped}",
        "/v1/{key}/units",
        "/docs?key={key}",
        "/v1/units?key=sk_live_short",
    ],
)
@pytest.mark.parametrize("kind", ["secret", "publishable"])
def test_a_key_in_an_address_is_refused_and_not_repeated(keyed: Keyed, path: str, kind: str, caplog):
    key, text = keyed.make(kind)
    caplog.set_level(logging.DEBUG)
    for sent in (None, keyed.text()):
        response = keyed.get(path.format(key=text, escaped=str(text).replace("_", "%5F")), sent)
        assert kind_of(response) == (401, "key-in-address")
        assert text.secret not in response.text
    assert text.secret not in caplog.text
    assert text.secret not in str(noted(keyed))
    if "short" not in path:
        assert (key.id, "refused:in_address", "", 2) in noted(keyed, key.id)


def test_words_and_ids_that_look_a_little_like_keys_are_no_keys(keyed: Keyed):
    key = keyed.text()
    assert keyed.get("/v1/products?q=task_force", key).status_code == 200
    assert kind_of(keyed.get("/v1/quotes/q_ab-sk_cd", key)) == (404, "not-found")


def test_a_publishable_key_looks_up_and_prices(keyed: Keyed):
    key = keyed.text("publishable")
    assert keyed.get("/v1/units", key, SHOP).status_code == 200
    priced = keyed.quote(key, origin=SHOP)
    assert priced.status_code == 200
    assert "id" not in priced.get_json() or priced.get_json()["id"] is None
    assert priced.headers["Cache-Control"] == "no-store"
    assert {"Origin", "Authorization"} <= {each.strip() for each in priced.headers["Vary"].split(",")}


@pytest.mark.parametrize("query", ["", "?store=true", "?store=", "?store=true&store=false", "?Store=false"])
def test_a_publishable_key_keeps_nothing(keyed: Keyed, query: str):
    response = keyed.quote(keyed.text("publishable"), query=query, origin=SHOP)
    assert kind_of(response) == (403, "key-would-store")
    assert "?store=false" in response.get_json()["detail"]


def test_two_words_on_keeping_keep_nothing(keyed: Keyed):
    """The first of both would be taken: the reader of the query refuses both."""
    response = keyed.quote(keyed.text("publishable"), query="?store=false&store=true", origin=SHOP)
    assert response.status_code == 422
    with keyed.store.engine.connect() as connection:
        assert connection.execute(sql.text("SELECT count(*) FROM quotes")).scalar_one() == 0


def test_a_publishable_key_reads_no_kept_quote(keyed: Keyed):
    made = keyed.quote(keyed.text(), query="")
    key = keyed.text("publishable")
    for path in (made.headers["Location"], "/v1/quotes?idempotency_key=a", "/metrics"):
        assert kind_of(keyed.get(path, key, SHOP)) == (403, "key-of-wrong-kind")


@pytest.mark.parametrize(
    ("origin", "kind"),
    [
        ("", "origin-missing"),
        ("https://other.example", "origin-not-registered"),
        ("http://shop.example", "origin-not-registered"),
        ("https://shop.example:8443", "origin-not-registered"),
        ("https://shop.example.evil.example", "origin-not-registered"),
        ("https://SHOP.example", "origin-not-registered"),
        ("https://shop.example/", "origin-not-registered"),
        ("null", "origin-not-registered"),
        ("https://shop.example, https://shop.example", "origin-not-registered"),
    ],
)
def test_a_publishable_key_works_from_its_origins_alone(keyed: Keyed, origin: str, kind: str):
    key, text = keyed.make("publishable")
    response = keyed.get("/v1/units", text, origin)
    assert kind_of(response) == (403, kind)
    assert "Access-Control-Allow-Origin" not in response.headers
    ((id, event, detail, count),) = noted(keyed, key.id)
    assert (id, event, count) == (key.id, f"refused:{kind.replace('-', '_')}", 1)
    assert detail in (origin, "(malformed)")


def test_another_keys_origin_does_not_do(keyed: Keyed):
    keyed.make("publishable", origins=("https://other.example",))
    key = keyed.text("publishable")
    assert kind_of(keyed.get("/v1/units", key, "https://other.example")) == (403, "origin-not-registered")


def test_a_sheet_key_is_for_sheets_alone(keyed: Keyed):
    key = keyed.text("sheet")
    for path in ("/v1/units", "/metrics", "/v1/quotes/q_x"):
        assert kind_of(keyed.get(path, key)) == (403, "sheet-key-elsewhere")
    assert kind_of(keyed.quote(key)) == (403, "sheet-key-elsewhere")
    assert kind_of(keyed.get(f"/v1/units/{key}")) == (401, "key-in-address")


def test_a_key_without_the_scope(keyed: Keyed):
    key = keyed.text(scopes=("look-ups", "prices"))
    assert keyed.get("/v1/units", key).status_code == 200
    assert keyed.quote(key).status_code == 200
    response = keyed.quote(key, query="")
    assert kind_of(response) == (403, "scope-missing")
    assert "quotes" in response.get_json()["detail"]
    assert kind_of(keyed.get("/metrics", key)) == (403, "scope-missing")


def test_what_calls_need():
    assert needed_scope("GET", "/v1/products", None) == "look-ups"
    assert needed_scope("POST", "/v1/quotes", "false") == "prices"
    assert needed_scope("POST", "/v1/quotes", None) == "quotes"
    # What is not known to keep nothing may keep something.
    assert needed_scope("POST", "/v1/batches", "false") == "quotes"
    assert needed_scope("POST", "/v1/batches/columns", None) == "quotes"
    assert needed_scope("DELETE", "/v1/quotes/q_x", None) == "quotes"
    assert needed_scope("GET", "/v1/sheet/landed_cost", None) == "sheets"
    assert GRANTED["secret"] == set(SCOPES)
    assert not is_open("/v1/sheet/x")


def test_two_owners_do_not_see_one_another(keyed: Keyed):
    first, second = keyed.text(owner="acme"), keyed.text(owner="rival")
    made = keyed.quote(first, query="", Idempotency_Key="order-1")
    assert made.status_code == 201
    assert kind_of(keyed.get(made.headers["Location"], second)) == (404, "not-found")
    assert kind_of(keyed.get("/v1/quotes?idempotency_key=order-1", second)) == (404, "not-found")
    # The same name for a call is another's own.
    own = keyed.quote(second, query="", Idempotency_Key="order-1")
    assert own.headers["Location"] != made.headers["Location"]
    again = keyed.quote(keyed.text(owner="acme"), query="", Idempotency_Key="order-1")
    assert again.data == made.data


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.7"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_without_keys_another_machine_hears_nothing(client: FlaskClient, peer: str, method: str):
    """However the server was started: gunicorn may be bound to every address of the machine."""
    for path in ("/v1/units", "/v1/quotes", "/v1/shared/s_x", "/mcp", "/healthz", "/nothing"):
        answer = client.open(path, method=method, environ_overrides={"REMOTE_ADDR": peer})
        assert kind_of(answer) == (403, "no-keys-here"), path


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "", "unix:"])
def test_without_keys_this_machine_and_a_unix_socket_are_answered(client: FlaskClient, peer: str):
    assert client.get("/v1/units", environ_overrides={"REMOTE_ADDR": peer}).status_code == 200


def test_without_keys_the_nearest_proxy_is_whom_the_door_sees(real_book: Book, store: Store):
    """nginx on this machine passes on what others ask; one on another machine is another machine, whatever it says."""
    client = create_app(Settings(database="", proxies=1), real_book, store).test_client()
    for peer, status in (("127.0.0.1", 200), ("", 200), ("192.0.2.7", 403)):
        sent = {"X-Forwarded-For": "127.0.0.1" if status == 403 else "198.51.100.7"}
        assert client.get("/v1/units", headers=sent, environ_overrides={"REMOTE_ADDR": peer}).status_code == status


def test_a_database_that_is_away_lets_nobody_in(keyed: Keyed, monkeypatch: pytest.MonkeyPatch):
    _, text = keyed.make()
    assert keyed.get("/v1/units", text).status_code == 200

    def away(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(type(keyed.store.engine), "connect", away)
    keyed.later(seconds=4)
    assert keyed.get("/v1/units", text).status_code == 200
    keyed.later(seconds=1)
    response = keyed.get("/v1/units", text)
    assert kind_of(response) == (503, "unavailable")
    assert response.headers["Retry-After"]
    assert kind_of(keyed.get("/v1/units", KeyText.fresh("secret"))) == (503, "unavailable")


def test_the_log_holds_no_secret_no_query_and_no_body(keyed: Keyed):
    _, text = keyed.make("publishable")
    keyed.quote(text, query="?store=false&note=private", origin=SHOP)
    keyed.quote(text, query="?private=1", origin="https://other.example")
    keyed.get("/v1/units", text, "https://evil.example/?private")
    keyed.close()
    kept = Path(str(keyed.store.engine.url.database))
    raw = b"".join(each.read_bytes() for each in kept.parent.iterdir() if each.name.startswith(kept.name))
    assert b"https://other.example" in raw
    assert b"private" not in raw
    assert b"avocado" not in raw
    assert text.secret.encode() not in raw


def test_the_problems_are_told_in_three_languages(keyed: Keyed):
    details = {
        language: keyed.get("/v1/units", Accept_Language=language).get_json()["detail"]
        for language in ("en", "es", "zh")
    }
    assert details["es"].startswith("Envíe una clave")
    assert details["zh"].startswith("请发送有效密钥")
    assert "key_refused" in PROBLEMS


def test_a_proxys_word_is_taken_where_there_is_one(real_book: Book, store: Store):
    trusting = create_app(Settings(database="", rate="1/minute", proxies=1), real_book, store).test_client()
    plain = create_app(Settings(database="", rate="1/minute"), real_book, store).test_client()

    def called(client: FlaskClient, address: str) -> int:
        return client.get("/v1/units/x", headers={"X-Forwarded-For": address}).status_code

    assert [called(trusting, address) for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [404, 404, 429]
    # One proxy speaks for the last address alone; what a client wrote before it counts for nothing.
    assert called(trusting, "198.51.100.9, 192.0.2.1") == 429
    assert [called(plain, address) for address in ("192.0.2.1", "192.0.2.2")] == [404, 429]


def test_the_specification_tells_of_keys(keyed: Keyed):
    spec = keyed.get("/openapi.json").get_json()
    assert spec["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            refusals = {"401", "403", "429"} & operation["responses"].keys()
            assert refusals == (set() if is_open(path) else {"401", "403", "429"}), f"{method} {path}"
            assert ("security" in operation) is not is_open(path)


def test_an_application_that_was_closed_is_let_go(real_book: Book, tmp_path: Path):
    """Else a process that goes over to other tables, or makes many applications, would hold the book of each."""
    store = Store.at(f"sqlite:///{tmp_path / 'keyed.sqlite3'}")
    keyed = Keyed(real_book, store)
    assert keyed.quote(keyed.text()).status_code == 200
    keyed.close()
    store.close()
    app = ref(keyed.app)
    del keyed
    gc.collect()
    assert app() is None


@pytest.mark.slow
def test_a_real_server_hears_of_every_header_and_writes_its_counts(ready_url: str):
    """Two Authorization headers, broken lines in headers, and the counts of a worker that is stopped."""
    from api.database import database
    from api.key_usage import uses
    from api.keyring import Keyring, Terms
    from tests.conftest import NOW

    engine = database(ready_url)
    key, text = Keyring(engine).make(Terms("secret", "acme", "600/minute"), NOW)
    with Serving(ready_url, workers=1, GALEON_AUTH="keys") as server:

        def raw(*headers: str) -> str:
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
                head = "\r\n".join(["GET /v1/units/x HTTP/1.1", "Host: x", "Connection: close", *headers])
                connection.sendall(f"{head}\r\n\r\n".encode("latin-1"))
                found = b""
                while piece := connection.recv(65536):
                    found += piece
            return found.decode().partition("\r\n")[0]

        sent = f"Authorization: Bearer {text}"
        assert " 404" in raw(sent)
        assert " 401" in raw(sent, "Authorization: Bearer sk_other")
        assert " 401" in raw("Authorization: Bearer sk_other", sent)
        assert " 400" in raw(sent, "Origin : https://shop.example")
        assert " 400" in raw(f"{sent}\rX-Injected: 1")
        assert " 401" in raw("Origin: https://shop.example%0d%0aX-Injected: 1")
    now = uses(engine, NOW)
    assert now[key.id][0] > NOW - timedelta(days=365)
    with engine.connect() as connection:
        assert connection.execute(sql.text("SELECT sum(calls) FROM key_usage")).scalar_one() == 1
    engine.dispose()


def test_the_page_for_frames_holds_a_publishable_key_and_names_who_may_frame_it(keyed: Keyed):
    def framed_by(key: object) -> str:
        told = keyed.get(f"/embed?product=avocado-fresh&key={key}")
        assert told.status_code == 200, told.text
        policy = told.headers["Content-Security-Policy"]
        return policy.partition("frame-ancestors ")[2].partition(";")[0]

    key, text = keyed.make(PUBLISHABLE)
    assert framed_by(text) == SHOP
    keyed.ring.revoke(key.id, keyed.now)
    keyed.later(seconds=6)
    assert framed_by(text) == "'none'"
    for wrong in (keyed.text(SECRET), keyed.text(SHEET), "pk_mine"):
        assert keyed.get(f"/embed?key={wrong}").status_code == 401
    assert keyed.get(f"/embed?key={text}&note={keyed.text(SECRET)}").status_code == 401


def test_a_page_of_this_server_may_use_a_publishable_key(keyed: Keyed):
    text = keyed.text(PUBLISHABLE)
    own = keyed.quote(text, origin="http://localhost")
    assert own.status_code == 200, own.text
    assert keyed.get("/v1/products", text, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200
    for origin in ("https://localhost", "http://localhost:8000", "http://localhost.shop.example", "null"):
        assert keyed.quote(text, origin=origin).status_code == 403
    for site in ("same-site", "cross-site", "none"):
        assert keyed.get("/v1/products", text, **{"Sec-Fetch-Site": site}).status_code == 403
