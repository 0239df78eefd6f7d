"""What is counted, and that the workers of one server count together."""

import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from api import create_app
from api.examples import AVOCADO
from api.metrics_folder import FOLDER, counting_together
from api.settings import Settings
from api.store import Store
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book
from tests.conftest import NOW
from tests.servers import Serving


def figures(text: str) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus reads them."""
    return {
        f"{sample.name}{json.dumps(sample.labels, sort_keys=True) if sample.labels else ''}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def named(name: str, **labels: str) -> str:
    """A sample as `figures` names it."""
    return f"{name}{json.dumps(labels, sort_keys=True)}"


@pytest.fixture
def fresh(real_book: Book, store: Store) -> FlaskClient:
    """A client of an application that has counted nothing yet."""
    return create_app(Settings(database=""), real_book, store, clock=lambda: NOW).test_client()


def test_calls_are_counted_by_pattern_and_class(fresh: FlaskClient):
    for letter in "abc":
        fresh.get(f"/v1/quotes/q_{letter * 22}")
    fresh.get("/v1/meta")
    fresh.get("/nowhere")
    fresh.get("/somewhere/else")
    told = figures(fresh.get("/metrics").text)
    count = "galeon_request_duration_seconds_count"
    assert told[named(count, method="GET", route="/v1/quotes/{id}", status="4xx")] == 3
    assert told[named(count, method="GET", route="/v1/meta", status="2xx")] == 1
    assert told[named(count, method="GET", route="unmatched", status="4xx")] == 2
    bucket = "galeon_request_duration_seconds_bucket"
    assert told[named(bucket, method="GET", route="/v1/meta", status="2xx", le="+Inf")] == 1
    assert {f"{low}" for low in (0.0005, 0.005, 0.1, 1.0, 10.0)} <= {
        json.loads(name.removeprefix(bucket))["le"] for name in told if name.startswith(bucket)
    }
    assert told[named("galeon_problems_total", type="not-found")] == 5


def test_quotes_are_counted_by_regime_and_outcome(fresh: FlaskClient):
    own = {"USD/CNY": "7.1000"}
    complete = {
        "goods": [
            {
                "description": "something",
                "quantity": "1 t",
                "price": {"amount": "1", "currency": "USD", "per": "kg"},
                "tariff": {"duty": "10%", "vat": "13%", "consumption_tax": "0%", "trade_remedies": []},
            }
        ],
        "costs": {"freight": {"amount": "10", "currency": "USD"}, "insurance": {"amount": "1", "currency": "USD"}},
        "fx": own,
        "declared_on": "2026-11-23",
    }
    status = fresh.post("/v1/quotes?store=false", json=complete).json["outcome"]["status"]  # type: ignore[index]
    for _ in range(3):
        # The first is made; the others are the first again.
        fresh.post("/v1/quotes", json=complete, headers={"Idempotency-Key": "order-metrics"})
    fresh.post("/v1/quotes", json={"goods": []})
    told = figures(fresh.get("/metrics").text)
    quotes = {name: value for name, value in told.items() if name.startswith("galeon_quotes_total")}
    assert quotes == {named("galeon_quotes_total", regime="general_trade", outcome=status): 2}


def test_states(fresh: FlaskClient, real_book: Book):
    told = figures(fresh.get("/metrics").text)
    info = {"engine_version": ENGINE_VERSION, "release": real_book.release, "fx_release": real_book.fx_release}
    assert told[named("galeon_info", **info)] == 1
    assert told["galeon_database_reachable"] == 1
    # On 2026-11-23; nobody has published the rate of customs for November 2026 to us.
    age = (NOW.date() - real_book.fx.last_day("USD")).days
    assert told[named("galeon_fx_age_days", currency="USD")] == age
    assert told[named("galeon_customs_rate_official", currency="MXN")] == 0
    # The schedule of 2026 is known until its last day.
    assert told[named("galeon_table_days_left", table="customs-schedule")] == 38


def test_prometheus_reads_it(fresh: FlaskClient):
    response = fresh.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {each.name: each for each in text_string_to_metric_families(response.text)}
    assert all(each.documentation for each in families.values())
    assert not [name for name in families if name.endswith("_created")]


def test_each_application_counts_for_itself(real_book: Book, store: Store):
    one, other = (
        create_app(Settings(database=""), real_book, store, clock=lambda: NOW).test_client() for _ in range(2)
    )
    one.get("/v1/meta")
    name = named("galeon_request_duration_seconds_count", method="GET", route="/v1/meta", status="2xx")
    assert name in figures(one.get("/metrics").text)
    assert name not in figures(other.get("/metrics").text)


def test_names_that_clients_make_up_are_not_counted_apart(fresh: FlaskClient):
    for number in range(20):
        fresh.open(f"/made/up/{number}", method=f"VERB{number}")
        fresh.get(f"/v1/products/made-up-{number}")
    routes = {
        name for name in figures(fresh.get("/metrics").text) if name.startswith("galeon_request_duration_seconds_count")
    }
    assert routes == {
        named("galeon_request_duration_seconds_count", method="OTHER", route="unmatched", status="4xx"),
        named("galeon_request_duration_seconds_count", method="GET", route="/v1/products/{slug}", status="4xx"),
    }


@pytest.mark.parametrize("inside", [True, False])
def test_the_folder_is_there_for_one_run(inside: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if inside:
        monkeypatch.setenv(FOLDER, str(tmp_path))
    else:
        monkeypatch.delenv(FOLDER, raising=False)
    with counting_together():
        folder = Path(os.environ[FOLDER])
        (folder / "counter_1.db").write_bytes(b"")
        assert folder.is_dir()
        assert (folder.parent == tmp_path) is inside
    assert not folder.exists()
    assert os.environ.get(FOLDER) == (str(tmp_path) if inside else None)


# A process that has loaded the application forks two workers, one of which dies; the other tells of both.
FORKED = """
import os
from api import create_app
from api.metrics_folder import counting_together
with counting_together():
    from api.settings import Settings
    from api.store import Store
    from tariffs.book import Book
    app = create_app(Settings(database=''), Book.load(), Store.at('sqlite://'))
    for calls in (3, 4):
        child = os.fork()
        if not child:
            client = app.test_client()
            for _ in range(calls):
                client.get('/v1/meta')
            os._exit(0)
        os.waitpid(child, 0)
    print(app.test_client().get('/metrics').text)
"""


@pytest.mark.slow
def test_what_a_dead_worker_counted_stays_counted():
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True)
    told = figures(done.stdout)
    assert told[named("galeon_request_duration_seconds_count", method="GET", route="/v1/meta", status="2xx")] == 7
    assert told["galeon_database_reachable"] == 1


@pytest.mark.slow
def test_the_workers_of_a_server_count_together(tmp_path: Path):
    database = f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    metrics = tmp_path / "metrics"
    metrics.mkdir()
    body = json.dumps(AVOCADO).encode()
    with Serving(database, workers=2, **{FOLDER: str(metrics)}) as server:

        def quoted(_: int) -> int:
            call = urllib.request.Request(f"{server.base}/v1/quotes", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(call, timeout=60) as response:
                return int(response.status)

        asked = 0
        # Until either worker has taken some.
        with ThreadPoolExecutor(8) as pool:
            while len(list(metrics.glob("*/histogram_*.db"))) < 2:
                assert asked < 4000
                assert set(pool.map(quoted, range(40))) == {201}
                asked += 40
        name = named("galeon_request_duration_seconds_count", method="POST", route="/v1/quotes", status="2xx")
        for _ in range(6):
            # Whichever worker answers.
            with urllib.request.urlopen(f"{server.base}/metrics", timeout=60) as response:
                assert figures(response.read().decode())[name] == asked
    assert list(metrics.iterdir()) == []
