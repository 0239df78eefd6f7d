"""GET /metrics: what was asked and how it went, for Prometheus, over all the workers of a server together.

Counted are calls, problems and quotes, never amounts or who asked. Counters of several workers are kept in files of one
folder (PROMETHEUS_MULTIPROC_DIR, see metrics_folder.py); without one they are this application's own. What is a state and
no count, such as the age of the rates, is looked up when it is asked for, so that no dead worker can leave one behind.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date

import prometheus_client
from flask import Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.calls import Call
from api.freshness import days_left, fx_ages
from api.health_document import METRICS_EXAMPLE
from api.later import DescribedLater
from api.metrics_folder import FOLDER
from api.readiness import Readiness
from api.store import Store
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book

# Seconds: a look-up that is not there takes half a thousandth, a client gives up after ten.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# No series beside each counter that tells when it began.
prometheus_client.disable_created_metrics()


class Metrics:
    """The counters of one application, and the states that are told beside them."""

    def __init__(self, book: Book, store: Store, today: Callable[[], date], before: "Metrics | None" = None) -> None:
        self._states = CollectorRegistry()
        self._states.register(_States(book, Readiness(store), today))
        self._counts: _Counts = _Counts() if before is None else before._counts

    def count(self, call: Call) -> None:
        """Count a call that is over."""
        self._counts.count(call)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._counts.told) + generate_latest(self._states)


class _Counts:
    """What is counted, over all applications that follow each other in a process."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        self._calls = Histogram(
            "galeon_request_duration_seconds",
            "Calls, by method, pattern of the route and class of the status.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=own,
        )
        self._seen: dict[tuple[str, str, str], Histogram] = {}
        self._problems = Counter("galeon_problems", "Problems answered, by type.", ("type",), registry=own)
        self._quotes = Counter(
            "galeon_quotes", "Quotes made, by regime and outcome.", ("regime", "outcome"), registry=own
        )
        self.told = own
        if FOLDER in os.environ:
            self.told = CollectorRegistry()
            MultiProcessCollector(self.told)

    def count(self, call: Call) -> None:
        """Count a call that is over."""
        named = (call.method, call.route, f"{call.status // 100}xx")
        # A label is looked up once: there are as many as routes.
        if (seen := self._seen.get(named)) is None:
            seen = self._seen[named] = self._calls.labels(*named)
        seen.observe(call.seconds)
        if call.problem:
            self._problems.labels(call.problem).inc()
        if call.quoted:
            self._quotes.labels(*call.quoted).inc()


class _States(Collector):
    """What is so at the moment at which it is asked for."""

    def __init__(self, book: Book, readiness: Readiness, today: Callable[[], date]) -> None:
        self._book, self._readiness, self._today = book, readiness, today

    def describe(self) -> Iterator[Metric]:
        """Nothing: to be registered must not ask the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The states now."""
        today = self._today()
        releases = GaugeMetricFamily(
            "galeon_info", "Versions that answer; always 1.", labels=("engine_version", "release", "fx_release")
        )
        releases.add_metric((ENGINE_VERSION, self._book.release, self._book.fx_release), 1)
        reachable = GaugeMetricFamily("galeon_database_reachable", "1 where the database answers, else 0.")
        reachable.add_metric((), self._readiness.reachable())
        yield from (releases, reachable, *self._fx(today))
        left = GaugeMetricFamily(
            "galeon_table_days_left", "Days for which a table is known to hold.", labels=("table",)
        )
        for name, days in days_left(self._book, today).items():
            left.add_metric((name,), days)
        yield left

    def _fx(self, today: date) -> tuple[Metric, Metric]:
        age = GaugeMetricFamily("galeon_fx_age_days", "Age of the market rate to the yuan.", labels=("currency",))
        official = GaugeMetricFamily(
            "galeon_customs_rate_official", "1 where this month's customs rate is official.", labels=("currency",)
        )
        for each in fx_ages(self._book, today):
            if each.market_days is not None:
                age.add_metric((each.currency,), each.market_days)
            official.add_metric((each.currency,), bool(each.customs_official))
        return age, official


def metrics_routes(metrics: Metrics) -> DescribedLater:
    """GET /metrics."""
    routes = DescribedLater("metrics", "metrics", description="Figures for whoever watches the server.")

    @routes.get("/metrics")
    @routes.doc(operationId="metrics", summary="Prometheus metrics of all workers")
    @routes.response(
        200, {"type": "string"}, content_type="text/plain", description="As they are now", example=METRICS_EXAMPLE
    )
    def told() -> Response:
        response = Response(metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes
