"""The ledger gives back exactly what it was given."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from api.store import KeptQuote, Store

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
)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{}/a folder/quotes.sqlite3"])
def test_a_quote_comes_back_as_it_was_kept(url: str, tmp_path):
    store = Store.at(url.format(tmp_path))
    store.save(KEPT)
    found = store.quote(KEPT.id)
    assert found == KEPT
    assert found is not None
    assert str(found.landed_cost_cny) == "999999999999999999.99"
    store.close()


def test_an_unknown_id_finds_nothing(store: Store):
    assert store.quote("q_nothing") is None


def test_a_row_is_never_written_twice(store: Store):
    store.save(KEPT)
    with pytest.raises(IntegrityError):
        store.save(KEPT)


def test_a_second_process_sees_the_same_ledger(tmp_path):
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    first, second = Store.at(url), Store.at(url)
    first.save(KEPT)
    assert second.quote(KEPT.id) == KEPT
    first.close()
    second.close()
