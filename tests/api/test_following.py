"""A running application goes over to another release between two calls, with all that it tells of its tables."""

import gc
import io
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from api import following, served
from api.examples import AVOCADO
from api.following import Following
from api.key_text import SECRET
from api.keyring import Keyring, Terms
from api.release_keys import vouches
from api.settings import Settings
from api.store import Store
from tariffs.installed import POINTER
from tariffs.packs.installing import alone, back, incoming
from tests.conftest import NOW
from tests.packs import LANDED, OURS, PUBLISHER, days_after, pack, tables

ONE, TWO = days_after(1), days_after(2)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two releases."""
    folder = tmp_path_factory.mktemp("publisher")
    return {name: pack(tables(folder / name, rate, name)) for name, rate in ((ONE, "5%"), (TWO, "4%"))}


class Server:
    """An application that follows a folder of releases, asked in this process."""

    def __init__(self, folder: Path, watched: bool = False, **settings: Any) -> None:
        self.releases = folder / "releases"
        self.store = Store.at(f"sqlite:///{folder / 'quotes.sqlite3'}")
        self.following = Following(Settings("", releases=self.releases, **settings), self.store, lambda: NOW)
        self.client = Client(self.following, TestResponse)
        if not watched:
            # The tests say when it looks.
            self.following._watched_by = -1
            self.following.follow = lambda: None  # type: ignore[method-assign]

    def install(self, content: bytes) -> None:
        """As `galeon tables update` does."""
        with alone(self.releases), incoming(io.BytesIO(content), self.releases, vouches([PUBLISHER.public])) as found:
            found.install()

    def get(self, path: str, **headers: str) -> TestResponse:
        """The answer to a look-up."""
        return self.client.get(path, headers=headers)

    def quote(self, query: str = "?store=false", **headers: str) -> Any:
        """The release of a quote, and what it says that the avocados cost."""
        answer = self.client.post(f"/v1/quotes{query}", json=AVOCADO, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        told = answer.json
        assert told is not None
        return told["rates"]["release"], told["totals"]["landed_cost"]["amount"]

    @property
    def not_taken(self) -> Any:
        """What /readyz says."""
        told = self.get("/readyz").json
        assert told is not None
        return told["release_not_taken"]

    def close(self) -> None:
        """End it."""
        self.following.stop()
        self.store.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One over the package's tables."""
    made = Server(tmp_path)
    yield made
    made.close()


def test_everything_follows(server: Server, packs: dict[str, bytes]) -> None:
    """Quotes, the meta, ETags, lines, changes, and back; nothing before the pointer moves."""
    paths = (
        "/v1/meta",
        "/v1/tariff-lines/08044000?on=2026-11-23",
        "/v1/tariff-lines.csv?on=2026-11-23",
        "/v1/tables/customs-schedule.csv",
        "/v1/changes?since=2025-12-01&hs_code=0804",
    )
    before = {path: server.get(path) for path in paths}
    assert {answer.status_code for answer in before.values()} == {200}
    assert server.quote() == (OURS, LANDED["7%"])
    assert not server.following.look()
    server.install(packs[ONE])
    assert server.quote() == (OURS, LANDED["7%"])
    assert server.following.look()
    assert not server.following.look()
    assert server.quote() == (ONE, LANDED["5%"])
    for path, old in before.items():
        new = server.get(path, **{"If-None-Match": old.headers["ETag"]})
        assert new.status_code == 200, path
        assert new.data != old.data, path
        assert new.headers["ETag"] != old.headers["ETag"]
    meta = server.get("/v1/meta").json
    assert meta is not None
    assert (meta["release"], meta["sealed"]) == (ONE, True)
    assert f'release="{ONE}"' in server.get("/metrics").text
    assert server.not_taken is None
    back(server.releases)
    assert server.following.look()
    assert server.quote() == (OURS, LANDED["7%"])
    for path, old in before.items():
        assert server.get(path, **{"If-None-Match": old.headers["ETag"]}).status_code == 304, path


def test_the_search_finds_by_the_index_of_the_release(
    server: Server, packs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index that came with the release is used: none is made."""
    server.install(packs[ONE])
    assert server.following.look()
    monkeypatch.setattr("tariffs.kept_index.indexed", lambda *_: pytest.fail("an index is made"))
    found = server.get("/v1/tariff-lines?q=aguacate").json
    assert found is not None
    assert "08044000" in f"{found}"


def test_a_kept_quote_stays_as_it_was(server: Server, packs: dict[str, bytes]) -> None:
    """Its bytes, and in another language its figures, which are reckoned from the rows that were kept with it."""
    made = server.client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "one"})
    assert made.json is not None
    path = f"/v1/quotes/{made.json['id']}"
    kept = server.get(path)
    server.install(packs[ONE])
    assert server.following.look()
    assert server.get(path).data == kept.data
    told = server.get(f"{path}?language=es").json
    assert told is not None
    assert (told["rates"]["release"], told["totals"]["landed_cost"]["amount"]) == (OURS, LANDED["7%"])
    again = server.client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "one"})
    assert again.json is not None
    assert again.json["id"] == made.json["id"]


def test_a_release_that_cannot_be_taken(server: Server, packs: dict[str, bytes]) -> None:
    """The old one goes on, ready as before; why is told until a release can be taken."""
    server.install(packs[ONE])
    assert server.following.look()
    server.install(packs[TWO])
    (server.releases / TWO / "cn" / "measures.csv").write_text("lost")
    assert not server.following.look()
    assert server.quote() == (ONE, LANDED["5%"])
    assert server.get("/readyz").status_code == 200
    assert server.not_taken == "not_sealed"
    (server.releases / POINTER).write_text("nonsense")
    assert not server.following.look()
    assert server.not_taken == "pointer_unreadable"
    assert server.quote() == (ONE, LANDED["5%"])
    server.install(packs[TWO])
    assert server.following.look()
    assert (server.quote(), server.not_taken) == ((TWO, LANDED["4%"]), None)


def test_what_nobody_foresaw(server: Server, packs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours while the new application is made ends neither the thread nor the old application."""
    server.install(packs[ONE])
    with monkeypatch.context() as patch:
        patch.setattr("api.application.example_answer", lambda *_: 1 / 0)
        assert not server.following.look()
    assert (server.quote(), server.not_taken) == ((OURS, LANDED["7%"]), "tables_unsound")


def test_a_server_that_starts_over_a_damaged_release(tmp_path: Path, packs: dict[str, bytes]) -> None:
    """It serves the one before, and says so."""
    first = Server(tmp_path)
    first.install(packs[ONE])
    first.install(packs[TWO])
    first.close()
    (tmp_path / "releases" / TWO / "cn" / "measures.csv").write_text("lost")
    second = Server(tmp_path)
    try:
        assert second.quote() == (ONE, LANDED["5%"])
        assert second.not_taken == "not_sealed"
    finally:
        second.close()


def test_the_private_folder_stays_over_the_tables(tmp_path: Path, packs: dict[str, bytes]) -> None:
    """A rate of one's own counts over either release; where it does not fit the new one, that one is not taken."""
    own = tmp_path / "own"
    (own / "cn").mkdir(parents=True)
    (own / "sources.toml").write_text('[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n')
    rate = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
    (own / "cn" / "measures.csv").write_text(f"{rate}08044000,provisional,4%,,,2026-06-01,2026-12-31,mine,B,\n")
    server = Server(tmp_path, tables=own)
    try:
        release, landed = server.quote()
        assert landed == LANDED["4%"]
        server.install(packs[ONE])
        assert server.following.look()
        assert server.quote() == (release.replace(OURS, ONE), LANDED["4%"])
        (own / "cn" / "measures.csv").write_text(f"{rate}08044000,provisional,a lot,,,2026-06-01,2026-12-31,mine,B,\n")
        server.install(packs[TWO])
        assert not server.following.look()
        assert (server.quote()[1], server.not_taken) == (LANDED["4%"], "overlay_unfit")
    finally:
        server.close()


def test_counts_of_callers_and_calls_go_on(tmp_path: Path, packs: dict[str, bytes]) -> None:
    """A release is no new month for a quota and no new minute for a rate; what was counted stays counted."""
    server = Server(tmp_path, auth="keys")
    try:
        text = f"{Keyring(server.store.engine).make(Terms(SECRET, 'acme', '3/minute'), NOW)[1]}"
        bearer = {"Authorization": f"Bearer {text}"}
        assert server.quote(**bearer) == (OURS, LANDED["7%"])
        assert server.quote(**bearer) == (OURS, LANDED["7%"])
        server.install(packs[ONE])
        assert server.following.look()
        assert server.quote(**bearer) == (ONE, LANDED["5%"])
        assert server.client.post("/v1/quotes?store=false", json=AVOCADO, headers=bearer).status_code == 429
        assert 'galeon_quotes_total{outcome="complete",regime="general_trade"} 3.0' in (
            server.following.app.extensions["galeon-metrics"].text().decode()
        )
        server.following.app.extensions["galeon-door"].close()
    finally:
        server.close()


def test_the_old_release_is_let_go(server: Server, packs: dict[str, bytes]) -> None:
    """Else each update would cost the memory of a book."""
    server.quote()
    old = weakref.ref(server.following.app)
    server.install(packs[ONE])
    assert server.following.look()
    server.quote()
    gc.collect()
    assert old() is None


# Waiting for a time does not end where libfaketime sets the clock.
@pytest.mark.slow
def test_a_thread_looks_by_itself(tmp_path: Path, packs: dict[str, bytes]) -> None:
    """From the first call on."""
    server = Server(tmp_path, watched=True)
    try:
        assert server.quote() == (OURS, LANDED["7%"])
        server.install(packs[ONE])
        end = time.monotonic() + 60
        while server.quote()[0] != ONE and time.monotonic() < end:
            time.sleep(0.1)
        assert server.quote() == (ONE, LANDED["5%"])
    finally:
        server.close()


def test_without_a_folder_nobody_looks() -> None:
    """As in tests and in programs that use the library."""
    store = Store.at("sqlite://")
    following = Following(Settings(""), store, lambda: NOW)
    assert Client(following, TestResponse).get("/healthz").status_code == 200
    assert not following.look()
    store.close()


@pytest.mark.slow
def test_what_kept_a_release_may_pass(tmp_path: Path, packs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    """A disk that failed once: the release is tried again by itself, though its pointer does not change."""
    server, real, failures = Server(tmp_path, watched=True), served.meant, [OSError("the disk is away")]

    def failing(settings: Settings) -> Any:
        if failures:
            raise failures.pop()
        return real(settings)

    monkeypatch.setattr(following, "meant", failing)
    monkeypatch.setattr(following, "LOOK", 0.01)
    server.install(packs[ONE])
    server.following.follow()
    until = time.monotonic() + 60
    while server.quote()[0] != ONE:
        assert time.monotonic() < until
        time.sleep(0.05)
    server.following.stop()
    assert not failures
    server.store.close()
