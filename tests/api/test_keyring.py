"""Keys are kept as hashes, on both kinds of database; rotated with an overlap, revoked for good, and told in a log."""

import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.key_events import events
from api.key_memory import KeyMemory
from api.key_text import KeyText, key_inside, redacted
from api.key_usage import INTERVAL, MOST_ORIGINS, Usage, uses
from api.keyring import KeyRefused, Keyring, Terms
from api.store import Store

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECRET = Terms("secret", "acme", "600/minute", scopes=("quotes",), quota=10, note="checkout")
PUBLIC = Terms("publishable", "acme", "600/minute", origins=("https://shop.example", "http://localhost:5173"))
SAMPLE = "sk_0123456789ab_" + "A" * 43


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_key_has_a_kind_an_id_and_256_bits_of_chance():
    text = KeyText.fresh("publishable")
    kind, id, secret = str(text).split("_", 2)
    assert (kind, len(id), len(secret)) == ("pk", 12, 43)
    assert KeyText.read(str(text)) == text
    assert KeyText.fresh("publishable").secret != secret
    assert secret not in repr(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sk_",
        "sk_0123456789ab",
        SAMPLE + "A",
        SAMPLE[:-1],
        SAMPLE.upper(),
        f" {SAMPLE}",
        f"{SAMPLE}\n",
        "xk" + SAMPLE[2:],
    ],
)
def test_what_is_not_written_like_a_key(text: str):
    assert KeyText.read(text) is None


@pytest.mark.parametrize(
    ("text", "id", "shown"),
    [
        (f"/v1/x/{SAMPLE}/y", "0123456789ab", "/v1/x/sk_0123456789ab_…/y"),
        (f"a={SAMPLE}&b=1", "0123456789ab", "a=sk_0123456789ab_…&b=1"),
        (f"x-{SAMPLE}", "0123456789ab", "x-sk_0123456789ab_…"),
        ("/v1/sheet/k_0123456789ab_" + "B" * 43, "0123456789ab", "/v1/sheet/k_0123456789ab_…"),
        ("?key=sk_live", "", "?key=sk_…"),
        ("q=disk_drive", None, "q=disk_drive"),
        ("/v1/quotes/q_ab-sk_cd", None, "/v1/quotes/q_ab-sk_cd"),
        ("task_force&k_means", None, "task_force&k_means"),
    ],
)
def test_keys_are_seen_inside_a_text_and_not_repeated(text: str, id: str | None, shown: str):
    assert key_inside(text) == id
    assert redacted(text) == shown


def test_a_key_comes_back_as_it_was_made(ledger: Store):
    ring = Keyring(ledger.engine)
    key, text = ring.make(PUBLIC, NOW)
    assert ring.find(text.id) == key
    assert (key.terms, key.created_at, key.hash) == (PUBLIC, NOW, text.hash)
    assert ring.find("0" * 12) is None
    assert ring.all() == [key]


def test_the_secret_is_nowhere_in_the_database(tmp_path: Path):
    store = Store.at(f"sqlite:///{tmp_path / 'keys.sqlite3'}")
    ring = Keyring(store.engine)
    _, text = ring.make(SECRET, NOW)
    _, next_text = ring.rotate(text.id, NOW)
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert text.id.encode() in kept
    assert text.secret.encode() not in kept
    assert next_text.secret.encode() not in kept


def test_a_rotated_key_lives_on_for_the_overlap(ledger: Store):
    ring = Keyring(ledger.engine)
    old, _ = ring.make(SECRET, NOW)
    new, _ = ring.rotate(old.id, NOW + timedelta(days=1), timedelta(hours=24))
    assert new.terms == old.terms
    replaced = ring.find(old.id)
    assert replaced is not None
    assert replaced.replaced_by == new.id
    assert replaced.state(NOW + timedelta(days=2) - timedelta(microseconds=1)) == "live"
    assert replaced.state(NOW + timedelta(days=2)) == "expired"
    with pytest.raises(KeyRefused, match=new.id):
        ring.rotate(old.id, NOW + timedelta(days=1))


def test_a_key_that_was_to_expire_is_replaced_by_one_that_lives_as_long(ledger: Store):
    ring = Keyring(ledger.engine)
    old, _ = ring.make(Terms("secret", "acme", "1/second", expires_at=NOW + timedelta(days=90)), NOW)
    new, _ = ring.rotate(old.id, NOW + timedelta(days=89, hours=12), timedelta(hours=24))
    assert new.terms.expires_at == NOW + timedelta(days=179, hours=12)
    replaced = ring.find(old.id)
    assert replaced is not None
    # The overlap gives no key a longer life than it was made for.
    assert replaced.terms.expires_at == NOW + timedelta(days=90)


def test_a_revoked_key_stays_revoked(ledger: Store):
    ring = Keyring(ledger.engine)
    key, _ = ring.make(SECRET, NOW)
    assert ring.revoke(key.id, NOW).state(NOW) == "revoked"
    for change in (ring.revoke, ring.rotate):
        with pytest.raises(KeyRefused, match="revoked"):
            change(key.id, NOW)
    with pytest.raises(KeyRefused, match="no key"):
        ring.revoke("0" * 12, NOW)


def test_the_origins_of_live_publishable_keys(ledger: Store):
    ring = Keyring(ledger.engine)
    ring.make(PUBLIC, NOW)
    gone, _ = ring.make(Terms("publishable", "b", "1/second", origins=("https://gone.example",)), NOW)
    ring.make(Terms("publishable", "b", "1/second", origins=("https://old.example",), expires_at=NOW), NOW)
    ring.revoke(gone.id, NOW)
    assert ring.origins(NOW) == {"https://shop.example", "http://localhost:5173"}


def test_the_log_tells_what_was_done(ledger: Store):
    ring = Keyring(ledger.engine)
    key, _ = ring.make(SECRET, NOW)
    new, _ = ring.rotate(key.id, NOW + timedelta(hours=1))
    ring.revoke(key.id, NOW + timedelta(hours=2))
    told = [(row["event"], row["detail"], row["count"]) for row in events(ledger.engine, key.id)]
    assert told == [("made", "", 1), ("rotated", new.id, 1), ("revoked", "", 1)]
    assert len(events(ledger.engine)) == 4


def test_a_worker_remembers_a_key_for_five_seconds(ledger: Store):
    ring, clock = Keyring(ledger.engine), Clock()
    memory = KeyMemory(ring, clock)
    key, text = ring.make(SECRET, NOW)
    assert memory.genuine(text) == key
    ring.revoke(key.id, NOW)
    clock.now += timedelta(seconds=4.9)
    assert memory.genuine(text) == key
    clock.now += timedelta(seconds=0.1)
    found = memory.genuine(text)
    assert found is not None
    assert found.state(clock.now) == "revoked"


def test_a_clock_that_is_put_back_makes_what_was_read_old(ledger: Store):
    ring, clock = Keyring(ledger.engine), Clock()
    memory = KeyMemory(ring, clock)
    key, text = ring.make(SECRET, NOW)
    memory.genuine(text)
    ring.revoke(key.id, NOW)
    clock.now -= timedelta(hours=1)
    found = memory.genuine(text)
    assert found is not None
    assert found.revoked_at == NOW


def test_every_key_takes_the_same_constant_time_comparison(ledger: Store, monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def watched(a: str, b: str) -> bool:
        compared.append((a, b))
        return real(a, b)

    ring = Keyring(ledger.engine)
    memory = KeyMemory(ring, Clock())
    key, text = ring.make(SECRET, NOW)
    monkeypatch.setattr(hmac, "compare_digest", watched)
    wrong, unknown = KeyText("secret", key.id, "A" * 43), KeyText("secret", "0" * 12, text.secret)
    other_kind = KeyText("publishable", key.id, text.secret)
    assert [memory.genuine(each) for each in (text, wrong, unknown, other_kind)] == [key, None, None, None]
    assert [given for given, _ in compared] == [each.hash for each in (text, wrong, unknown, other_kind)]
    assert {len(kept) for _, kept in compared} == {64}


def test_uses_are_added_up_over_workers_and_months(ledger: Store):
    key, _ = Keyring(ledger.engine).make(SECRET, NOW)
    clock = Clock()
    first, second = Usage(ledger.engine, clock), Usage(ledger.engine, clock)
    for usage, times in ((first, 3), (second, 4)):
        for _ in range(times):
            usage.count(key.id, NOW)
        usage.flush()
    first.count(key.id, NOW)
    assert first.of_month(key.id, NOW) == 8
    assert second.of_month(key.id, NOW) == 7
    first.count(key.id, datetime(2026, 12, 1, tzinfo=UTC))
    first.flush()
    assert first.of_month(key.id, datetime(2026, 12, 1, tzinfo=UTC)) == 1
    assert uses(ledger.engine, NOW + timedelta(days=7)) == {key.id: (datetime(2026, 12, 1, tzinfo=UTC), 9)}
    assert uses(ledger.engine, datetime(2026, 12, 2, tzinfo=UTC))[key.id][1] == 1
    assert INTERVAL <= 5
    for usage in (first, second):
        usage.close()


def test_what_cannot_be_written_is_written_later(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    store = Store.at(f"sqlite:///{tmp_path / 'keys.sqlite3'}")
    key, _ = Keyring(store.engine).make(SECRET, NOW)
    usage = Usage(store.engine, Clock())
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE key_usage RENAME TO elsewhere")
    usage.count(key.id, NOW)
    usage.note(key.id, "refused:expired", "", NOW)
    usage.flush()
    assert "not written yet" in caplog.text
    usage.count(key.id, NOW + timedelta(seconds=1))
    usage.note(key.id, "refused:expired", "", NOW + timedelta(seconds=1))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO key_usage")
    usage.close()
    assert uses(store.engine, NOW) == {key.id: (NOW + timedelta(seconds=1), 2)}
    (row,) = [row for row in events(store.engine, key.id) if row["event"] == "refused:expired"]
    assert (row["count"], row["first_at"], row["last_at"]) == (2, NOW, NOW + timedelta(seconds=1))
    store.close()


def test_nobody_fills_the_log_by_calling_from_many_origins(ledger: Store):
    usage = Usage(ledger.engine, Clock())
    for number in range(MOST_ORIGINS + 30):
        usage.note("", "refused:unknown", f"https://{number}.example", NOW)
        usage.note("", "refused:unknown", "https://0.example", NOW)
    usage.close()
    rows = {row["detail"]: row["count"] for row in events(ledger.engine)}
    assert len(rows) == MOST_ORIGINS + 1
    assert rows["(others)"] == 30
    assert rows["https://0.example"] == MOST_ORIGINS + 30 + 1


def test_the_first_use_from_an_origin_is_noted_once(ledger: Store):
    key, _ = Keyring(ledger.engine).make(PUBLIC, NOW)
    for day in range(3):
        usage = Usage(ledger.engine, Clock())
        usage.note_use(key.id, "https://shop.example", NOW + timedelta(days=day))
        usage.note_use(key.id, "https://shop.example", NOW + timedelta(days=day))
        usage.close()
    rows = [row for row in events(ledger.engine, key.id) if row["event"] == "first_use"]
    assert [(row["detail"], row["first_at"], row["count"]) for row in rows] == [("https://shop.example", NOW, 1)]
