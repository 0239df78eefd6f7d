"""The `galeon fx` group and the refresh of a server: what is written, what is told, and nothing lost by a failure."""

import socketserver
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result

from api import utc_now
from api.cli import main
from api.fx_refreshing import NoFolder, Periodic, refresher_of
from api.settings import BadSetting, Settings
from tariffs.fx import CUSTOMS, MARKET
from tariffs.fx.upstream import Limits
from tariffs.installed import Pointer
from tariffs.tables import DATA
from tests.packs import OURS, days_after, seal

ANSWERED = Event()


class Handler(socketserver.StreamRequestHandler):
    """Rates of today under /good/, a gateway that has had enough under anything else."""

    def handle(self) -> None:
        asked = self.rfile.readline().decode()
        while self.rfile.readline().strip():
            pass
        body = f'{{"base": "USD", "date": "{utc_now():%Y-%m-%d}", "rates": {{"CNY": 6.64, "MXN": 18.9}}}}'
        status = "200 OK" if "/good/" in asked else "504 Gateway Time-out"
        self.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        ANSWERED.set()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation's rates, which is not there yet."""
    for name in ("GALEON_TABLES", "GALEON_FX", "GALEON_FX_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GALEON_DATABASE", f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    return tmp_path / "fx"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["fx", *words])


def test_refresh_writes_beside_the_ledger(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALEON_FX_SOURCE", f"{server}/good/")
    found = run("refresh")
    assert found.exit_code == 0, found.output
    assert "USD: 2 new, 0 changed, 0 as they were" in found.output
    assert [line.split(",")[1:4] for line in (folder / MARKET).read_text().splitlines()[1:]] == [
        ["USD", "CNY", "6.64"],
        ["USD", "MXN", "18.9"],
    ]


def test_a_failed_refresh_says_why_and_loses_nothing(
    server: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("GALEON_FX_SOURCE", f"{server}/good/")
    assert run("refresh").exit_code == 0
    before = (folder / MARKET).read_bytes()
    monkeypatch.setenv("GALEON_FX_SOURCE", "nowhere")
    assert "GALEON_FX_SOURCE='nowhere'" in run("refresh").output
    monkeypatch.setenv("GALEON_FX_SOURCE", f"{server}/away/")
    found = run("refresh", "--base", "USD")
    assert found.exit_code == 1
    assert "answers with status 504. The rates are as they were." in found.output
    assert "the rates of USD are not refreshed: 127.0.0.1 answers with status 504" in caplog.messages
    assert (folder / MARKET).read_bytes() == before


def test_a_dry_run_shows_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "fix.csv"
    file.write_text("Fecha,SF43718,Nota\n18/11/2026,18.9012,x\n19/11/2026,N/E,\n")
    words = ("import", str(file), "--source", "Banco de México, FIX", "--days", "dmy")
    dry = run(*words)
    assert dry.exit_code == 0, dry.output
    assert "new      2026-11-18 USD MXN 18.9012" in dry.output
    assert "columns not read: Nota" in dry.output
    assert "1 new, 0 changed, 0 as they were; 1 cells without a rate, 0 rates twice in the file" in dry.output
    assert "Nothing is written yet" in dry.output
    assert not folder.exists()
    assert "Written." in run(*words, "--apply").output
    assert "2026-11-18,USD,MXN,18.9012" in (folder / MARKET).read_text()
    file.write_text("Fecha,SF43718\n18/11/2026,18.9013\n")
    assert "changed  2026-11-18 USD MXN 18.9013 (was 18.9012)" in run(*words).output


def test_the_monthly_rates_of_customs(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "gacc.csv"
    file.write_text("月份,USD/CNY,100 CNY/MXN\n2026-11,6.6700,276.85\n")
    found = run("import", str(file), "--source", "GACC", "--desk", "customs", "--apply")
    assert found.exit_code == 0, found.output
    assert (folder / CUSTOMS).read_text().splitlines()[1:] == [
        "2026-11,MXN,276.85,per 100 CNY,,GACC,A,",
        "2026-11,USD,6.6700,CNY per 1,,GACC,A,",
    ]


def test_customs_rates_are_held_against_those_of_the_serving_release(folder: Path, tmp_path: Path) -> None:
    """An installed release has dollars at 60 yuan, the package at less than 7: which of them is more than a fifth away."""
    releases = tmp_path / "elsewhere"
    installed = releases / days_after(1)
    copytree(str(DATA), installed)
    rates = installed / "fx/customs_rates.csv"
    head, *rows = rates.read_text(encoding="utf-8").splitlines()
    assert head.startswith("month,currency,rate,")
    told = [row.split(",") for row in rows]
    text = [",".join([*row[:2], "60.00" if row[1] == "USD" else row[2], *row[3:]]) for row in told]
    rates.write_text("\n".join([head, *text, ""]), encoding="utf-8")
    seal(installed, installed.name)
    (releases / "current").write_text(f"{Pointer(installed.name, OURS)}", encoding="utf-8")
    file = tmp_path / "gacc.csv"
    file.write_text("月份,USD/CNY\n2026-10,60.10\n")
    words = ("import", str(file), "--source", "GACC", "--desk", "customs")
    refused = run(*words)
    assert refused.exit_code == 1
    assert "USD/CNY" in refused.output
    there = CliRunner(env={"GALEON_RELEASES": f"{releases}"}).invoke(main, ["fx", *words])
    assert there.exit_code == 0, there.output
    assert "1 new" in there.output
    file.write_text("月份,USD/CNY\n2026-10,6.70\n")
    assert run(*words).exit_code == 0
    assert CliRunner(env={"GALEON_RELEASES": f"{releases}"}).invoke(main, ["fx", *words]).exit_code == 1


def test_faults_are_told_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("date,USD/MXN\n2026-11-18,18.9\n2026-11-19,0\n")
    found = run("import", str(file), "--source", "bank", "--apply")
    assert found.exit_code == 1
    assert f"{file}:3:USD/MXN: '0' is no rate" in found.output
    assert "1 faults: nothing is written." in found.output
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("import", "missing.csv", "--source", "x"), "is not a file"),
        (("import", "missing.csv", "--source", "x", "--column", "A"), "HEADING=FIELD"),
        (("import", "missing.csv", "--source", "x", "--column", "A=dollars"), "neither a field nor a pair"),
        (("import", "missing.csv"), "--source"),
    ],
)
def test_wrong_use_is_explained(words: tuple[str, ...], why: str, folder: Path) -> None:
    found = run(*words)
    assert found.exit_code != 0
    assert why in found.output
    assert not folder.exists()


def test_a_server_refreshes_in_a_thread_of_its_own(server: str, folder: Path) -> None:
    ANSWERED.clear()
    settings = Settings(database="", fx=folder, fx_source=f"{server}/good/", fx_refresh=1)
    periodic = Periodic(refresher_of(settings, Limits(deadline=30, attempts=1)), settings.fx_refresh)
    periodic.start()
    assert ANSWERED.wait(30)
    periodic.stop()
    periodic.join(30)
    assert not periodic.is_alive()
    assert len((folder / MARKET).read_text().splitlines()) == 3


def test_a_failure_ends_no_thread(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refresher = refresher_of(Settings(database="", fx=folder, fx_source=f"{server}/away/"), Limits(attempts=1))
    assert Periodic(refresher, 1).once() is None

    def broken(_base: str) -> None:
        raise RuntimeError("of a kind that nobody foresaw")

    monkeypatch.setattr(refresher, "refresh", broken)
    assert Periodic(refresher, 1).once() is None


def test_rates_need_a_folder() -> None:
    with pytest.raises(NoFolder):
        refresher_of(Settings(database=""))


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_DATA_HOME": "/data"}, "/data/galeon/fx"),
        ({"GALEON_DATABASE": "sqlite:////srv/galeon/quotes.sqlite3"}, "/srv/galeon/fx"),
        ({"GALEON_DATABASE": "postgresql+psycopg:///galeon", "XDG_DATA_HOME": "/data"}, "/data/galeon/fx"),
        ({"GALEON_DATABASE": "sqlite://", "XDG_DATA_HOME": "/data"}, "/data/galeon/fx"),
        ({"GALEON_DATABASE": "sqlite:///:memory:", "XDG_DATA_HOME": "/data"}, "/data/galeon/fx"),
        ({"GALEON_FX": "/rates"}, "/rates"),
    ],
)
def test_where_the_rates_are_kept(environment: dict[str, str], folder: str) -> None:
    assert Settings.read(environment).fx == Path(folder)


def test_the_settings_of_a_refresh() -> None:
    assert (Settings.read({}).fx_source, Settings.read({}).fx_refresh) == ("", 0)
    read = Settings.read({"GALEON_FX_SOURCE": "https://rates.example/api/", "GALEON_FX_REFRESH": "12"})
    assert (read.fx_source, read.fx_refresh) == ("https://rates.example/api/", 12)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GALEON_FX_SOURCE", "rates.example"),
        ("GALEON_FX_SOURCE", "file:///etc/passwd"),
        ("GALEON_FX_SOURCE", "http://[broken"),
        ("GALEON_FX_REFRESH", "-1"),
        ("GALEON_FX_REFRESH", "daily"),
        ("GALEON_FX", __file__),
    ],
)
def test_a_setting_that_cannot_be_read_is_told(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.read({name: text})
