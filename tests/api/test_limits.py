"""Limits are counted by key and by address, told in every answer, kept in Redis where it is, and soft where it is not."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api import access, create_app
from api.key_text import KeyText
from api.limits import BadRate, neighbourhood, quota_left, rate
from api.settings import BadSetting, Settings
from api.store import Store
from tariffs.book import Book
from tests.keyed import SHOP, Keyed, kind_of
from tests.ports import free_port
from tests.programs import program


class Redis:
    """A real Redis on a free port; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        # With the clock set ahead it would not start; it counts spans and needs no date.
        environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
        command += ["--dir", str(self._folder)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("redis-server does not answer")

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=20)
            self._server = None


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    # A machine that is busy for a second is not away.
    monkeypatch.setattr("api.limits.PATIENCE", 20)
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("600/minute", [("minute", 600, 60)]),
        ("10/second; 5000/day", [("second", 10, 1), ("day", 5000, 86400)]),
        ("100 per 15 minutes", [("15-minutes", 100, 900)]),
    ],
)
def test_rates(text: str, named: list[tuple[str, int, int]]):
    assert [(name, item.amount, item.get_expiry()) for name, item in rate(text)] == named


@pytest.mark.parametrize(
    "text", ["", "often", "600", "600/fortnight", "0/minute", "-1/minute", "1/minute; 2/minute", "1.5/minute"]
)
def test_what_is_no_rate(text: str):
    with pytest.raises(BadRate, match="600/minute"):
        rate(text)


def test_an_answer_tells_what_is_left(keyed: Keyed):
    key = keyed.text(rate="3/minute; 100/day")
    answers = [keyed.get("/v1/units/x", key) for _ in range(4)]
    assert [each.status_code for each in answers] == [404, 404, 404, 429]
    assert {each.headers["RateLimit-Policy"] for each in answers} == {'"minute";q=3;w=60, "day";q=100;w=86400'}
    told = [
        re.fullmatch(r'"minute";r=(\d+);t=(\d+), "day";r=(\d+);t=(\d+)', each.headers["RateLimit"]) for each in answers
    ]
    assert [(found[1], found[3]) for found in told if found] == [("2", "99"), ("1", "98"), ("0", "97"), ("0", "96")]
    assert all(0 < int(found[2]) <= 60 and 0 < int(found[4]) <= 86400 for found in told if found)
    refused = answers[-1]
    assert kind_of(refused) == (429, "too-many-requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Retry-After"] in refused.get_json()["detail"]


def test_each_key_has_its_own(keyed: Keyed):
    first, second = keyed.text(rate="1/minute"), keyed.text(rate="1/minute")
    assert [keyed.get("/v1/units/x", key).status_code for key in (first, first, second)] == [404, 429, 404]


def test_what_is_counted(keyed: Keyed):
    """OPTIONS and open addresses are free; HEAD, 304 and refusals of a genuine key count."""
    key = keyed.text(rate="4/minute")
    keyed.client.options("/v1/quotes", headers={"Authorization": f"Bearer {key}"})
    assert "RateLimit" not in keyed.get("/openapi.json", key).headers
    etag = keyed.get("/v1/units", key).headers["ETag"]
    assert keyed.client.head("/v1/units", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert keyed.get("/v1/units", key, If_None_Match=etag).status_code == 304
    assert keyed.get("/v1/units/x", key).headers["RateLimit"].startswith('"minute";r=0;')


def test_a_publishable_key_is_counted_by_address_too(keyed: Keyed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "OF_ADDRESS", "2/minute")
    key = keyed.text("publishable", rate="5/minute")

    def called(address: str) -> int:
        environ = {"REMOTE_ADDR": address}
        headers = {"Authorization": f"Bearer {key}", "Origin": SHOP}
        return keyed.client.get("/v1/units/x", headers=headers, environ_overrides=environ).status_code

    assert [called("192.0.2.1") for _ in range(3)] == [404, 404, 429]
    assert [called("192.0.2.2") for _ in range(2)] == [404, 404]
    # Five were counted for the key, refused or not.
    assert called("192.0.2.3") == 429
    assert '"address-minute";q=2;w=60' in keyed.get("/v1/units/x", key, SHOP).headers["RateLimit-Policy"]


def test_guessing_is_slow_and_hurts_nobody_who_is_known(keyed: Keyed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "GUESSES", "3/minute")
    known, (key, new) = keyed.text(), keyed.make()
    assert keyed.get("/v1/units/x", known).status_code == 404
    guesses = [KeyText.fresh("secret"), KeyText("secret", key.id, "A" * 43), "nonsense", KeyText.fresh("secret")]
    answers = [keyed.get("/v1/units/x", each) for each in guesses]
    # The key that was known had its first use counted as an attempt, like any other.
    assert [each.status_code for each in answers] == [401, 401, 429, 429]
    assert answers[-1].headers["Retry-After"]
    # The right one is not found out by trying either, …
    assert keyed.get("/v1/units/x", new).status_code == 429
    # … while a key that this worker has met goes on, and so does another address.
    assert keyed.get("/v1/units/x", known).status_code == 404
    other = keyed.client.get(
        "/v1/units/x", headers={"Authorization": f"Bearer {new}"}, environ_overrides={"REMOTE_ADDR": "192.0.2.9"}
    )
    assert other.status_code == 404


def test_calls_that_open_nothing_are_limited(keyed: Keyed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(access, "REFUSALS", "2/minute")
    assert [keyed.get("/v1/units").status_code for _ in range(3)] == [401, 401, 429]
    assert keyed.get("/v1/units/x", keyed.text()).status_code == 404


def test_an_ipv6_customer_is_one_neighbour():
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::1") != neighbourhood("2001:db8:1:2::1")
    assert neighbourhood("fe80::1%eth0") == "fe80::/64"
    assert neighbourhood("192.0.2.1") == "192.0.2.1"


def test_what_is_left_of_a_month():
    left = quota_left(1000, 10, datetime(2026, 11, 23, tzinfo=UTC))
    assert (left.name, left.most, left.span, left.calls, left.seconds) == ("quota", 1000, 30 * 86400, 989, 8 * 86400)
    assert quota_left(1000, 999, datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)).seconds == 1
    assert quota_left(1000, 999, datetime(2028, 2, 1, tzinfo=UTC)).span == 29 * 86400
    assert quota_left(1000, 1000, datetime(2026, 12, 31, tzinfo=UTC)).calls == -1


def test_a_quota_of_a_month(keyed: Keyed):
    text = keyed.text(quota=2)
    answers = [keyed.get("/v1/units/x", text) for _ in range(3)]
    assert [each.status_code for each in answers] == [404, 404, 429]
    assert kind_of(answers[-1]) == (429, "quota-used-up")
    month_end = datetime(2026, 12, 1, tzinfo=UTC)
    assert int(answers[-1].headers["Retry-After"]) == (month_end - keyed.now).total_seconds()
    assert '"quota";q=2;w=2592000' in answers[0].headers["RateLimit-Policy"]
    assert '"quota";r=1;t=' in answers[0].headers["RateLimit"]
    keyed.flush()
    keyed.at(month_end)
    assert keyed.get("/v1/units/x", text).status_code == 404
    keyed.at(month_end - timedelta(seconds=1))
    assert keyed.get("/v1/units/x", text).status_code == 429


def test_a_quota_survives_a_restart(real_book: Book, ledger: Store):
    first = Keyed(real_book, ledger)
    _, text = first.make(quota=2)
    assert first.get("/v1/units/x", text).status_code == 404
    first.close()
    second = Keyed(real_book, ledger)
    assert [second.get("/v1/units/x", text).status_code for _ in range(2)] == [404, 429]
    second.close()


def test_without_keys_and_without_a_rate_nothing_is_counted(client):
    assert "RateLimit" not in client.get("/v1/units/x").headers


def test_a_rate_by_address_without_keys(real_book: Book, store: Store):
    client = create_app(Settings(database="", rate="2/minute"), real_book, store).test_client()
    assert [client.get("/v1/units/x").status_code for _ in range(3)] == [404, 404, 429]
    assert client.get("/v1/units/x").headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert client.get("/healthz").status_code == 200
    assert client.options("/v1/quotes").status_code == 200


def test_redis_is_shared_by_workers(real_book: Book, ledger: Store, redis: Redis):
    first, second = (Keyed(real_book, ledger, limits=redis.url) for _ in range(2))
    text = first.text(rate="3/minute")
    answers = [each.get("/v1/units/x", text) for each in (first, second, first, second)]
    assert [each.status_code for each in answers] == [404, 404, 404, 429]
    told = [re.match(r'"minute";r=(\d+);t=(\d+)', each.headers["RateLimit"]) for each in answers]
    assert [found[1] for found in told if found] == ["2", "1", "0", "0"]
    assert all(0 < int(found[2]) <= 60 for found in told if found)
    for each in (first, second):
        each.close()


def test_while_redis_is_away_each_worker_counts_and_nothing_fails(real_book: Book, ledger: Store, redis: Redis, caplog):
    worker = Keyed(real_book, ledger, limits=redis.url)
    text = worker.text(rate="3/minute")
    assert worker.get("/v1/units/x", text).headers["RateLimit"].startswith('"minute";r=2')
    redis.stop()
    # Counted anew in memory: softer than it should be, but no quote is lost.
    assert [worker.quote(text, query="").status_code for _ in range(4)] == [201, 201, 201, 429]
    assert caplog.text.count("each worker counts by itself") == 1
    redis.start()
    limits = next(iter(worker.app.extensions["limiter"]))
    limits._away_until = 0.0
    assert worker.get("/v1/units/x", text).headers["RateLimit"].startswith('"minute";r=2')
    assert "is back" in caplog.text
    worker.close()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GALEON_AUTH", "key"),
        ("GALEON_LIMITS", "localhost:6379"),
        ("GALEON_RATE", "often"),
        ("GALEON_PROXIES", "-1"),
        ("GALEON_PROXIES", "many"),
    ],
)
def test_settings_that_cannot_be_read(name: str, text: str):
    with pytest.raises(BadSetting, match=name):
        Settings.read({name: text})


def test_settings():
    read = Settings.read(
        {"GALEON_AUTH": "keys", "GALEON_LIMITS": "redis://h:1/0", "GALEON_RATE": "5/second", "GALEON_PROXIES": "1"}
    )
    assert (read.auth, read.limits, read.rate, read.proxies) == ("keys", "redis://h:1/0", "5/second", 1)
    default = Settings.read({})
    assert (default.auth, default.limits, default.rate, default.proxies) == ("", "", "", 0)
    with pytest.raises(BadSetting) as refused:
        Settings.read({"GALEON_LIMITS": "http://:s3cret@h"})
    assert "s3cret" not in str(refused.value)
