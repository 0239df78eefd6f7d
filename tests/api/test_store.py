"""The ledger gives back exactly what it was given, on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError

from api.database import METADATA
from api.dossier_json import WrittenDossier
from api.keeping import prune, tidy
from api.retention import Due
from api.store import LEASE, Claim, ClaimLost, IdempotencyKey, KeptQuote, Store

DOSSIER = WrittenDossier.of('{"lines":[],"sources":"b"}', '{"law":"法"}', "a" * 64, "b" * 64)
KEPT = KeptQuote(
    id="q_2lUXUYoF5qmHkRWvPYyE3w",
    created_at=datetime(2026, 11, 23, 9, 30, 1, 123456, tzinfo=UTC),
    expires_at=datetime(2026, 12, 1, tzinfo=timezone(timedelta(hours=8))),
    declared_on=date(2026, 11, 23),
    regime="general_trade",
    language="zh",
    landed_cost_cny=Decimal("999999999999999999.99"),
    request={"goods": [{"quantity": "1000 斤", "price": {"amount": "0.10"}}]},
    quote='{"id":"q_…"}'.encode(),
    release="data-1",
    fx_release="fx-1",
    engine_version="1",
    owner="acme",
    dossier=DOSSIER.hash,
)
NOW = KEPT.created_at
KEY = IdempotencyKey("acme", "order-4711", "f" * 64)


def test_a_quote_comes_back_as_it_was_kept(ledger: Store):
    ledger.save(KEPT, DOSSIER)
    found = ledger.quote(KEPT.id, "acme")
    assert found == KEPT
    assert found is not None
    assert str(found.landed_cost_cny) == "999999999999999999.99"
    assert ledger.dossier(DOSSIER.hash) == DOSSIER


def test_a_ledger_in_memory():
    store = Store.at("sqlite://")
    store.save(KEPT, DOSSIER)
    assert store.quote(KEPT.id, "acme") == KEPT
    store.close()


def test_an_unknown_id_finds_nothing(ledger: Store):
    assert ledger.quote("q_nothing") is None
    assert ledger.dossier("c" * 64) is None


def test_another_owners_quote_is_not_found(ledger: Store):
    ledger.save(KEPT, DOSSIER)
    assert ledger.quote(KEPT.id, "other") is None
    assert ledger.quote(KEPT.id) is None


def test_a_row_is_never_written_twice(ledger: Store):
    ledger.save(KEPT, DOSSIER)
    with pytest.raises(IntegrityError):
        ledger.save(replace(KEPT, language="en"), DOSSIER)
    assert ledger.quote(KEPT.id, "acme") == KEPT


def test_what_several_quotes_rest_on_is_kept_once(ledger: Store):
    ledger.save(KEPT, DOSSIER)
    ledger.save(replace(KEPT, id="q_second"), DOSSIER)
    with ledger.engine.connect() as connection:
        counts = [
            connection.execute(sql.select(sql.func.count()).select_from(METADATA.tables[name])).scalar_one()
            for name in ("quotes", "dossiers", "sources")
        ]
    assert counts == [2, 1, 1]


def test_a_dossier_that_was_pruned_meanwhile_is_written_again(ledger: Store):
    ledger.save(KEPT, DOSSIER)
    prune(ledger.engine, Due(NOW + timedelta(days=1)), NOW, lambda _: None)
    tidy(ledger.engine, NOW)
    assert ledger.dossier(DOSSIER.hash) is None
    ledger.save(KEPT, DOSSIER)
    assert ledger.dossier(DOSSIER.hash) == DOSSIER
    assert ledger.quote(KEPT.id, "acme") == KEPT


def test_what_is_known_to_be_kept_is_bounded(ledger: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.store.MOST_DOSSIERS", 2)
    for number in range(5):
        each = replace(DOSSIER, hash=f"{number}" * 64)
        ledger.save(replace(KEPT, id=f"q_{number}", dossier=each.hash), each)
        assert ledger.dossier(each.hash) == each
    assert len(ledger._dossiers) <= 2


def test_a_second_process_sees_the_same_ledger(ledger: Store, ready_url: str):
    second = Store.at(ready_url)
    ledger.save(KEPT, DOSSIER)
    assert second.quote(KEPT.id, "acme") == KEPT
    second.close()


def test_a_key_is_claimed_once_and_then_answered(ledger: Store):
    assert ledger.under("acme", KEY.key) is None
    claim = ledger.claim(KEY, NOW)
    assert claim.ours
    assert ledger.claim(KEY, NOW + LEASE / 2) == Claim(KEY.request_hash)
    assert ledger.under("acme", KEY.key) == Claim(KEY.request_hash)
    ledger.save(KEPT, DOSSIER, KEY, claim.ours)
    other = IdempotencyKey("acme", KEY.key, "0" * 64)
    for asked in (KEY, other):
        assert ledger.claim(asked, NOW) == Claim(KEY.request_hash, kept=KEPT)
    assert ledger.under("acme", KEY.key) == Claim(KEY.request_hash, kept=KEPT)


def test_owners_do_not_share_their_keys(ledger: Store):
    assert ledger.claim(KEY, NOW).ours
    assert ledger.claim(replace(KEY, owner="other"), NOW).ours
    assert ledger.under("third", KEY.key) is None


def test_a_claim_that_was_given_up_is_free(ledger: Store):
    first = ledger.claim(KEY, NOW)
    ledger.give_up(KEY, first.ours)
    assert ledger.under("acme", KEY.key) is None
    assert ledger.claim(replace(KEY, request_hash="0" * 64), NOW).ours


def test_the_claim_of_a_dead_worker_lapses(ledger: Store):
    first = ledger.claim(KEY, NOW)
    second = ledger.claim(KEY, NOW + LEASE)
    assert second.ours not in ("", first.ours)
    with pytest.raises(ClaimLost):
        ledger.save(KEPT, DOSSIER, KEY, first.ours)
    assert ledger.quote(KEPT.id, "acme") is None, "the late worker's quote must not be kept"
    ledger.give_up(KEY, first.ours)
    ledger.save(KEPT, DOSSIER, KEY, second.ours)
    assert ledger.claim(KEY, NOW).kept == KEPT


def test_nothing_is_given_up_that_was_answered(ledger: Store):
    claim = ledger.claim(KEY, NOW)
    ledger.save(KEPT, DOSSIER, KEY, claim.ours)
    ledger.give_up(KEY, claim.ours)
    assert ledger.claim(KEY, NOW).kept == KEPT
