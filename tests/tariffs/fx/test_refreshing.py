# mypy: disable-error-code="attr-defined"
"""A refresh against servers that answer well, badly or never, each a real one on loopback; the old rates always serve."""

import logging
import socketserver
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import Event, Thread

import pytest

from tariffs.fx import MARKET, FxTables
from tariffs.fx.breaker import Breaker
from tariffs.fx.live import LiveFx
from tariffs.fx.refreshing import Refresher, plausible
from tariffs.fx.upstream import MOST_HANGING, Limits, Unavailable, Upstream

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AMPLE = Limits(deadline=30, connect=10, read=10, attempts=1, pause=0.01)
PATIENT = Limits(deadline=30, connect=10, read=10, attempts=3, pause=0.01)
# For servers that take their time: the test has to wait for as long.
QUICK = Limits(deadline=1, connect=0.5, read=0.5, attempts=1, pause=0.01)
DRIPPING = Limits(deadline=1, connect=10, read=10, attempts=1, pause=0.01)
SLOW = {"silent": QUICK, "drip": DRIPPING, "drip_head": DRIPPING}
# Near what the ECB published last: a dollar was 6.65 yuan, 18.91 pesos and 0.895 euros.
RATES = '{"CNY": 6.6402, "MXN": "18.5321", "EUR": 0.90120}'


def answer(base: str = "USD", day: str = "2026-11-20", rates: str = RATES) -> str:
    return f'{{"base": "{base}", "date": "{day}", "rates": {rates}}}'


BODIES = {
    "good": answer(),
    "html": "<html><body>Welcome</body></html>",
    "empty": "",
    "list": "[1, 2]",
    "deep": "[" * 100_000,
    "wrong_base": answer(base="EUR"),
    "zero": answer(rates='{"CNY": 0, "MXN": 18.5}'),
    "negative": answer(rates='{"CNY": -6.6}'),
    "nan": answer(rates='{"CNY": NaN}'),
    "infinite": answer(rates='{"CNY": Infinity}'),
    "huge": answer(rates='{"CNY": 1e30}'),
    "exponent": answer(rates='{"CNY": 1e999999999}'),
    "true": answer(rates='{"CNY": true}'),
    "word": answer(rates='{"CNY": "six"}'),
    "no_rates": answer(rates="{}"),
    "old": answer(day="2019-01-02"),
    "future": answer(day="2026-11-24"),
    "no_day": answer(day="today"),
    "upside_down": answer(rates='{"CNY": 0.1506}'),
    "odd_currency": answer(rates='{"=cmd()": 1}'),
}
ASKED: list[str] = []
OVER = Event()

# A clock set ahead by faketime distorts a wait on a lock, and the socket's limit then comes first.
REAL_CLOCK = pytest.mark.slow


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Handler(socketserver.StreamRequestHandler):
    """Answers by the first word of the path."""

    def handle(self) -> None:
        with suppress(OSError):
            line = self.rfile.readline().decode()
            while self.rfile.readline().strip():
                pass
            ASKED.append(line.split()[1])
            kind = line.split("/")[1]
            getattr(self, f"_{kind}", lambda: self._send(BODIES[kind].encode()))()

    def _send(self, body: bytes, status: str = "200 OK", length: int | None = None, more: str = "") -> None:
        length = len(body) if length is None else length
        head = f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"
        self.wfile.write(head.encode() + body)

    def _silent(self) -> None:
        OVER.wait(30)

    def _drip(self) -> None:
        self._send(b"", length=len(BODIES["good"]))
        self._slowly(BODIES["good"].encode())

    def _drip_head(self) -> None:
        self._slowly(b"HTTP/1.1 200 OK\r\n" + b"X-Long: a\r\n" * 1000)

    def _slowly(self, content: bytes) -> None:
        for at in range(len(content)):
            self.wfile.write(content[at : at + 1])
            if OVER.wait(0.1):
                return

    def _away(self) -> None:
        self._send(b"<html>Gateway Time-out</html>", "504 Gateway Time-out")

    def _missing(self) -> None:
        self._send(b"{}", "404 Not Found")

    def _redirect(self) -> None:
        self._send(b"", "302 Found", more="Location: /good/latest?base=USD\r\n")

    def _early(self) -> None:
        self._send(BODIES["good"].encode()[:30], length=len(BODIES["good"]))

    def _packed(self) -> None:
        self._send(b"\x1f\x8b", more="Content-Encoding: gzip\r\n")

    def _endless(self) -> None:
        self._send(b"", length=100 * 1024 * 1024)
        for _ in range(1600):
            self.wfile.write(b" " * 65536)

    def _reset(self) -> None:
        self.connection.close()

    def _third_time(self) -> None:
        if sum(each.startswith("/third_time/") for each in ASKED) % 3:
            self._away()
        else:
            self._send(BODIES["good"].encode())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    OVER.clear()
    with Server(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        OVER.set()
        running.shutdown()


@cache
def embedded() -> FxTables:
    return FxTables.load()


def refresher(address: str, folder: Path, limits: Limits = AMPLE, breaker: Breaker | None = None) -> Refresher:
    return Refresher(Upstream(address, limits, breaker), folder, embedded(), lambda: TODAY, lambda: NOW)


def test_a_good_answer_is_kept_as_written_under_its_own_day(server: str, tmp_path: Path) -> None:
    kept = refresher(f"{server}/good", tmp_path / "fx").refresh("USD")
    assert (len(kept.added), kept.replaced, kept.same) == (3, (), 0)
    assert ASKED[-1] == "/good/latest?base=USD&rtype=fpy"
    assert (tmp_path / "fx" / MARKET).read_text().splitlines() == [
        "day,base,quote,rate,source,fetched_at",
        "2026-11-20,USD,CNY,6.6402,forex-python (127.0.0.1),2026-11-23T09:30:00Z",
        "2026-11-20,USD,EUR,0.90120,forex-python (127.0.0.1),2026-11-23T09:30:00Z",
        "2026-11-20,USD,MXN,18.5321,forex-python (127.0.0.1),2026-11-23T09:30:00Z",
    ]
    tables = FxTables.load(own=tmp_path / "fx")
    rate = tables.market("MXN", "CNY", TODAY)
    assert (rate.multiplier, rate.divisor, rate.on, rate.age_days) == (
        Decimal("6.6402"),
        Decimal("18.5321"),
        date(2026, 11, 20),
        3,
    )
    assert rate.published_as == "USD/CNY 6.6402 ÷ USD/MXN 18.5321"
    assert (rate.source, rate.confidence) == ("forex-python (127.0.0.1)", "B")
    again = refresher(f"{server}/good/", tmp_path / "fx").refresh("USD")
    assert (again.added, again.replaced, again.same) == ((), (), 3)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("silent", "Timeout|deadline"),
        pytest.param("drip", "deadline", marks=REAL_CLOCK),
        pytest.param("drip_head", "deadline", marks=REAL_CLOCK),
        ("away", "status 504"),
        ("missing", "status 404"),
        ("redirect", "status 302"),
        ("html", "no JSON object: '<html>"),
        ("empty", "no JSON object"),
        ("list", "no JSON object"),
        ("deep", "no JSON object"),
        ("wrong_base", "base 'EUR' instead of USD"),
        ("zero", "impossible rate for 'CNY'"),
        ("negative", "impossible rate"),
        ("nan", "NaN"),
        ("infinite", "Infinity"),
        ("huge", "impossible rate"),
        ("exponent", "impossible rate"),
        ("true", "impossible rate"),
        ("word", "impossible rate"),
        ("odd_currency", "impossible rate"),
        ("no_rates", "without rates"),
        ("old", "of 2019-01-02; those of 2026-10-30 are known"),
        ("future", "2026-11-24, a day to come"),
        ("no_day", "which day"),
        ("upside_down", "more than a fifth"),
        ("endless", "more than 256 KB"),
        ("early", "end of its answer|IncompleteRead|ProtocolError"),
        ("packed", "packed"),
        ("reset", "Connection|Protocol"),
    ],
)
def test_a_bad_answer_changes_nothing_and_the_log_says_why(
    kind: str, why: str, server: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refresher(f"{server}/good", tmp_path).refresh("USD")
    before = (tmp_path / MARKET).read_bytes()
    with caplog.at_level(logging.WARNING, "galeon.fx"), pytest.raises(Unavailable, match=why):
        refresher(f"{server}/{kind}", tmp_path, SLOW.get(kind, AMPLE)).refresh("USD")
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("the rates of USD are not refreshed: 127.0.0.1 ")
    assert (tmp_path / MARKET).read_bytes() == before
    assert FxTables.load(own=tmp_path).market("USD", "CNY", TODAY).value == Decimal("6.6402")


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Connection"):
        refresher("http://127.0.0.1:9", tmp_path).refresh("USD")
    assert not (tmp_path / MARKET).exists()


def test_a_proxy_of_the_environment_is_not_asked(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert refresher(f"{server}/good", tmp_path).refresh("USD").changes


def test_force_takes_what_is_far_from_the_known(server: str, tmp_path: Path) -> None:
    assert refresher(f"{server}/upside_down", tmp_path).refresh("USD", force=True).changes


def test_a_fifth_is_near_and_more_is_not() -> None:
    assert plausible(Decimal("1.2"), Decimal(1), Decimal(1))
    assert plausible(Decimal("0.8"), Decimal(1), Decimal(1))
    assert not plausible(Decimal("1.2000001"), Decimal(1), Decimal(1))
    assert not plausible(Decimal("0.7999"), Decimal(1), Decimal(1))


def test_a_passing_failure_is_tried_again(server: str, tmp_path: Path) -> None:
    assert refresher(f"{server}/third_time", tmp_path, PATIENT).refresh("USD").changes


def test_a_wrong_answer_is_not_tried_again(server: str, tmp_path: Path) -> None:
    ASKED.clear()
    with pytest.raises(Unavailable):
        refresher(f"{server}/zero", tmp_path, PATIENT).refresh("USD")
    assert len(ASKED) == 1


@REAL_CLOCK
def test_calls_that_hang_are_counted_and_then_no_more_are_begun(server: str, tmp_path: Path) -> None:
    hanging = Limits(deadline=0.2, connect=5, read=5, attempts=1)
    asking = refresher(f"{server}/drip_head", tmp_path, hanging, Breaker(failures=100))
    for _ in range(MOST_HANGING):
        with pytest.raises(Unavailable, match="deadline"):
            asking.refresh("USD")
    with pytest.raises(Unavailable, match=f"{MOST_HANGING} earlier calls still hang"):
        asking.refresh("USD")


def test_the_breaker_opens_after_three_failures_and_closes_again(server: str, tmp_path: Path) -> None:
    now = [1000.0]
    breaker = Breaker(failures=3, pause=60, clock=lambda: now[0])
    asking = refresher(f"{server}/away", tmp_path, AMPLE, breaker)
    ASKED.clear()
    for _ in range(6):
        with pytest.raises(Unavailable):
            asking.refresh("USD")
    assert len(ASKED) == 3
    with pytest.raises(Unavailable, match="3 times in a row: not asked for another 60 s"):
        asking.refresh("USD")
    now[0] += 60
    with pytest.raises(Unavailable, match="504"):  # one call may try, and its failure opens it again
        asking.refresh("USD")
    with pytest.raises(Unavailable, match="in a row"):
        asking.refresh("USD")
    assert len(ASKED) == 4
    now[0] += 60
    assert refresher(f"{server}/good", tmp_path, AMPLE, breaker).refresh("USD").changes
    assert breaker.waits() == 0
    breaker.failed()
    assert breaker.waits() == 0


def test_the_breaker_ends_the_attempts_of_one_refresh(server: str, tmp_path: Path) -> None:
    ASKED.clear()
    many = Limits(deadline=30, connect=10, read=10, attempts=10, pause=0.001)
    with pytest.raises(Unavailable, match="504"):
        refresher(f"{server}/away", tmp_path, many).refresh("USD")
    assert len(ASKED) == 3


def test_a_file_that_cannot_be_read_is_not_written_over(server: str, tmp_path: Path) -> None:
    (tmp_path / MARKET).write_text("day,base\n")
    with pytest.raises(Unavailable, match=r"cannot be written: market_rates\.csv:1"):
        refresher(f"{server}/good", tmp_path).refresh("USD")
    assert (tmp_path / MARKET).read_text() == "day,base\n"


def test_what_a_running_server_knows_is_what_the_next_answer_is_judged_by(server: str, tmp_path: Path) -> None:
    live = LiveFx(None, tmp_path)
    upstream = Upstream(f"{server}/good", AMPLE)
    Refresher(upstream, tmp_path, live, lambda: TODAY, lambda: NOW).refresh("USD")
    assert live.current().market("USD", "CNY", TODAY).on == date(2026, 11, 20)
