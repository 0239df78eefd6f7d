"""A kept quote told in another language: the same figures in other words, from the rows that were kept with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.again import told_in
from api.settings import Settings
from api.store import QUOTES, Store
from calculator.errors import Unpriceable
from tariffs.book import Book
from tests.api.test_quotes import avocado
from tests.conftest import NOW

WORDED = (
    "label",
    "description",
    "text",
    "formula",
    "title",
    "because",
    "not_used_because",
    "source",
    "detail",
    "what",
    "action",
)


def figures(value: Any) -> Any:
    """An answer without its words."""
    match value:
        case dict():
            return {name: figures(each) for name, each in value.items() if name not in WORDED}
        case list():
            return [figures(each) for each in value]
        case _:
            return value


def test_the_words_change_and_nothing_else(client: FlaskClient) -> None:
    made = client.post("/v1/quotes", json=avocado(language="es"))
    told = client.get(f"{made.location}?language=zh")
    assert told.status_code == 200
    assert told.headers["Content-Language"] == "zh"
    assert told.headers["ETag"] != made.headers["ETag"]
    spanish, chinese = made.get_json(), told.get_json()
    assert (spanish["steps"][0]["label"], chinese["steps"][0]["label"]) != (spanish["steps"][0]["label"],) * 2
    for part in ("id", "created_at", "totals", "goods", "links"):
        assert figures(chinese[part]) == figures(spanish[part])
    again = client.post("/v1/quotes", json=avocado(language="zh")).get_json()
    assert chinese["steps"] == again["steps"]
    assert client.get(f"{made.location}?language=es").data == made.data
    unchanged = client.get(f"{made.location}?language=zh", headers={"If-None-Match": told.headers["ETag"]})
    assert unchanged.status_code == 304


def test_other_forms_speak_it_too(client: FlaskClient) -> None:
    made = client.post("/v1/quotes", json=avocado())
    page = client.get(f"{made.location}.html?language=es")
    assert (page.status_code, page.headers["Content-Language"]) == (200, "es")
    assert page.data != client.get(f"{made.location}.html").data


def test_a_default_day_stays_the_day_it_was(real_book: Book, client: FlaskClient, store: Store) -> None:
    asked = avocado()
    del asked["declared_on"]
    made = client.post("/v1/quotes", json=asked)
    years_later = create_app(Settings(database=""), real_book, store, clock=lambda: NOW + timedelta(days=900))
    told = years_later.test_client().get(f"{made.location}?language=es").get_json()
    assert told["declared_on"] == "2026-11-23"
    assert figures(told["totals"]) == figures(made.get_json()["totals"])


@pytest.mark.parametrize("change", [{"engine_version": "0"}, {"dossier": None}, {"landed_cost_cny": 1}])
def test_what_cannot_be_told_rightly_is_not_told(
    change: dict[str, Any], client: FlaskClient, store: Store, real_book: Book
) -> None:
    made = client.post("/v1/quotes", json=avocado())
    kept = store.quote(made.get_json()["id"])
    assert kept is not None
    changed = replace(kept, **change)
    with pytest.raises(Unpriceable, match="kept_in_one_language"):
        told_in(changed, "es", store, real_book.fx.currencies)
    assert told_in(changed, "en", store, real_book.fx.currencies) == made.data


def test_it_is_refused_as_a_problem(client: FlaskClient, store: Store) -> None:
    made = client.post("/v1/quotes", json=avocado())
    with store.engine.begin() as connection:
        connection.execute(QUOTES.update().where(QUOTES.c.id == made.get_json()["id"]).values(engine_version="0"))
    told = client.get(f"{made.location}?language=es")
    assert told.status_code == 422
    assert [each["code"] for each in told.get_json()["errors"]] == ["kept_in_one_language"]
    assert client.get(made.location).data == made.data
    wrong = client.get(f"{made.location}?language=fr")
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "?/language")
