"""The commands of data releases, as an operator types them."""

import io
import json
import ssl
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sql
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api import create_app, fetching, packs_cli
from api.cli import main
from api.database import revision
from api.headings import HEADINGS
from api.packs_terminal import Told, print_update
from api.release_effects import Release
from api.settings import Settings
from api.signing import SigningKey
from api.store import Store
from api.wording import Wording
from tariffs.book import Book
from tariffs.installed import serving
from tariffs.packs.refused import PackRefused
from tariffs.records import Records
from tests.conftest import NOW
from tests.ledgers import UNUSABLE, at_revision, unusable
from tests.packs import (
    LANDED,
    OURS,
    PUBLISHER,
    RATE,
    STRANGER,
    archived,
    days_after,
    members,
    pack,
    replaced,
    seal,
    tables,
)

pytestmark = pytest.mark.slow

ONE, TWO = days_after(1), days_after(2)


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a publisher: tables, keys, releases."""
    folder = tmp_path_factory.mktemp("publisher")
    for name, key in (("publisher", PUBLISHER), ("stranger", STRANGER)):
        private_key(folder / f"{name}.pem", key)
        (folder / f"{name}.pub").write_bytes(key.public.pem)
    for name, rate in ((ONE, "5%"), (TWO, "4%"), (days_after(-3), "6%")):
        (folder / f"{name}.galeon").write_bytes(pack(tables(folder / name, rate, name)))
    return folder


def private_key(path: Path, key: SigningKey) -> None:
    raw = key._private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(raw)
    path.chmod(0o600)


class Office:
    """An operator's machine: its settings, and the commands."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.releases = folder / "releases"
        self.environment = {
            "GALEON_DATABASE": f"sqlite:///{folder / 'quotes.sqlite3'}",
            "GALEON_RELEASE_KEYS": f"{keys}",
            "GALEON_RELEASES": "",
            "GALEON_TABLES": "",
        }

    def run(self, *words: object, answer: str = "", **more: str) -> Result:
        """A command of `galeon`."""
        return CliRunner().invoke(main, [f"{each}" for each in words], input=answer, env={**self.environment, **more})

    def refused(self, *words: object, **more: str) -> str:
        """The code with which a command ends."""
        done = self.run(*words, **more)
        assert done.exit_code == 1, done.output
        return done.output.strip().splitlines()[-1].removeprefix("Error: ").partition(":")[0]

    @property
    def serves(self) -> str:
        """The release that serves."""
        return serving(self.releases).release


@pytest.fixture
def office(tmp_path: Path, publisher: Path) -> Office:
    """With the publisher's key."""
    return Office(tmp_path, publisher / "publisher.pub")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day after all of the releases, whatever day it is."""
    monkeypatch.setattr(packs_cli, "utc_now", lambda: datetime(2126, 1, 1, tzinfo=UTC))


def test_pack(office: Office, publisher: Path, tmp_path: Path) -> None:
    """The command makes what the library makes; it refuses unsealed tables and keys that others can read."""
    out = tmp_path / "out.galeon"
    words = ("tables", "pack", "--data", publisher / ONE, "--key", publisher / "publisher.pem", out)
    done = office.run(*words)
    assert done.exit_code == 0, done.output
    assert f"{ONE}, {out.stat().st_size} bytes, signed by {PUBLISHER.public.id}" in done.output
    assert out.read_bytes() == (publisher / f"{ONE}.galeon").read_bytes()
    folder = tables(tmp_path / "data", "5%", ONE)
    replaced(folder / "sources.toml", "Customs Tariff Law", "Custom Tariff Law")
    assert office.refused("tables", "pack", "--data", folder, "--key", publisher / "publisher.pem", out) == "not_sealed"
    open_key = tmp_path / "open.pem"
    private_key(open_key, PUBLISHER)
    open_key.chmod(0o644)
    assert "chmod 600" in office.run("tables", "pack", "--key", open_key, out).output
    assert office.run("tables", "pack", out).exit_code == 2


def test_the_packages_own_tables_are_packed(office: Office, publisher: Path, tmp_path: Path) -> None:
    """Without a folder: and whoever has them already installs nothing."""
    out = tmp_path / "ours.galeon"
    assert office.run("tables", "pack", "--key", publisher / "publisher.pem", out).exit_code == 0
    done = office.run("tables", "update", out, "--yes")
    assert (done.exit_code, done.output) == (0, f"{OURS} serves already.\n")
    assert office.serves == OURS


def test_update_and_rollback(office: Office, publisher: Path) -> None:
    """The diff, what it does to goods, the question, the new release, and back.

    1,000 kg for 10,000 CNY: at 7% 700 of duty and 9% VAT of 10,700, 963; at 5% 500 and 945.
    """
    done = office.run("tables", "update", publisher / f"{ONE}.galeon", "--on", "2026-11-23", answer="y\n")
    assert done.exit_code == 0, done.output
    for said in (
        f"{ONE} over {OURS}",
        "08044000",
        "avocado-fresh",
        "11,663.00 CNY",
        "11,445.00 CNY",
        "-218.00 CNY",
        "another rate",
        "1 codes differ",
    ):
        assert said in done.output
    assert "Stored quotes" not in done.output
    assert "clock" not in done.output
    assert office.serves == ONE
    listed = office.run("tables", "releases")
    assert f"* {ONE}" in listed.output
    assert f"  {OURS}" in listed.output
    quoted = office.run(*QUOTED)
    assert LANDED["5%"] in quoted.output.replace(",", ""), quoted.output
    assert office.run("tables", "update", publisher / f"{ONE}.galeon", "--yes").output == f"{ONE} serves already.\n"
    done = office.run("tables", "rollback")
    assert (done.exit_code, done.output) == (0, f"{OURS} serves, the package's own\n")
    assert LANDED["7%"] in office.run(*QUOTED).output.replace(",", "")
    assert office.refused("tables", "rollback") == "not_installed"
    assert office.run("tables", "rollback", "--to", ONE).output == f"{ONE} serves\n"
    assert office.run("tables", "rollback", "--to", "package").exit_code == 0
    assert office.refused("tables", "rollback", "--to", "data-2001.01.01") == "not_installed"


QUOTED = (
    *(
        "quote",
        "--product",
        "avocado-fresh",
        "--quantity",
        "20.16 t",
        "--price",
        "2.90",
        "--currency",
        "USD",
        "--per",
        "kg",
    ),
    *("--place", "MXZLO", "--freight", "6200", "--fx", "USD/CNY=6.7628", "--declared-on", "2026-11-23"),
)


def test_nothing_is_installed_without_a_yes(office: Office, publisher: Path) -> None:
    """No, silence and a dry run leave everything as it was."""
    release = publisher / f"{ONE}.galeon"
    assert office.run("tables", "update", release, answer="n\n").exit_code == 1
    assert office.run("tables", "update", release).exit_code == 1
    done = office.run("tables", "update", release, "--dry-run")
    assert (done.exit_code, "nothing was installed" in done.output) == (0, True)
    assert office.serves == OURS
    assert not list(office.releases.glob("data-*"))
    assert office.run("tables", "update", release, "--json").exit_code == 2


def test_the_other_commands_read_what_serves(office: Office, publisher: Path) -> None:
    """verify, check and diff."""
    assert office.run("tables", "update", publisher / f"{ONE}.galeon", "--yes").exit_code == 0
    assert office.run("tables", "verify").output.splitlines()[-1].startswith(ONE)
    assert json.loads(office.run("tables", "check", "--json", "--on", "2026-11-23").output)["release"] == ONE
    for old, new in (("package", "serving"), (OURS, ONE), ("package", ONE)):
        found = json.loads(office.run("tables", "diff", old, new, "--json", "--on", "2026-11-23").output)
        assert [(each["hs_code"], each["before"], each["after"]) for each in found["differences"]] == [
            ("08044000", "7%", "5%")
        ]
    assert ONE in office.run("tables", "diff", "package", "data-2001.01.01").output


def test_as_json(office: Office, publisher: Path) -> None:
    """For programs."""
    words = ("tables", "update", publisher / f"{ONE}.galeon", "--json", "--on", "2026-11-23")
    dry = json.loads(office.run(*words, "--dry-run").output)
    assert (dry["old"], dry["release"], dry["installed"]) == (OURS, ONE, False)
    (avocado,) = dry["goods"]["rows"]
    told = tuple(avocado[each]["amount"] for each in ("before", "after", "difference"))
    assert (avocado["name"], told) == ("avocado-fresh", ("11663.00", "11445.00", "-218.00"))
    assert (avocado["causes"], avocado["reason"]) == (["rate_changed"], None)
    assert avocado["changed"] == [{"what": "customs_duty", "goods": 0, "from": "7%", "to": "5%"}]
    counts = {each["cause"]: each["count"] for each in dry["goods"]["summary"]}
    goods = [each for each in Records().products.values() if each.hs_code]
    assert counts["rate_changed"] == 1
    assert sum(counts.values()) == len(goods)
    assert counts.keys() <= {"rate_changed", "unpriced", "none"}
    assert dry["goods"]["on"] == "2026-11-23"
    assert dry["quotes"] is None
    assert json.loads(office.run(*words, "--yes").output)["installed"] is True
    assert json.loads(office.run(*words, "--yes").output) == {"release": ONE, "installed": False, "serves": True}
    told = json.loads(office.run("tables", "releases", "--json").output)
    assert told["serving"] == ONE
    assert [(each["release"], each["serves"]) for each in told["releases"]] == [(OURS, False), (ONE, True)]


def kept(office: Office, *requests: dict[str, Any]) -> list[str]:
    """The ids of quotes that this office gave on the package's tables."""
    store = Store.at(office.environment["GALEON_DATABASE"])
    client = create_app(Settings(database=""), Book.load(), store, clock=lambda: NOW).test_client()
    answers = [client.post("/v1/quotes", json=each) for each in requests]
    assert [each.status_code for each in answers] == [201] * len(answers), answers[-1].text
    store.close()
    return [each.json["id"] for each in answers]  # type: ignore[index]


def asked(price: str, code: str = "08044000", currency: str = "CNY", **more: Any) -> dict[str, Any]:
    """A tonne of a line of Mexico for a price, CIF."""
    line = {"hs_code": code, "origin": "MX", "quantity": "1000 kg"}
    money = {"amount": price, "currency": currency, "per": "total"}
    return {"incoterm": "CIF", "declared_on": "2026-11-23", "goods": [{**line, "price": money}], **more}


def test_what_a_release_does_to_stored_quotes(office: Office, publisher: Path) -> None:
    """Each is asked again on one day by the tables before and after; those that change most first, whatever changes.

    At 7% and 5% (VAT 9%): 10,000 CNY 11,663 and 11,445; 2,000 USD at the stated 7 are 14,000 CNY, 16,328.20 and 16,023.00;
    the user's own rate and coffee stay as they are.
    """
    own = asked("10000")
    own["goods"][0]["tariff"] = {"duty": "7%", "vat": "9%"}
    dollars = asked("2000", currency="USD", fx={"USD/CNY": "7"})
    small, large, *_ = kept(office, asked("10000"), dollars, own, asked("10000", "09011100"))
    words = ("tables", "update", publisher / f"{ONE}.galeon", "--json", "--dry-run", "--on")
    found = json.loads(office.run(*words, "2026-11-23").output)["quotes"]
    told = [
        (each["name"], *(each[name]["amount"] for name in ("before", "after", "difference"))) for each in found["rows"]
    ]
    assert told == [(large, "16328.20", "16023.00", "-305.20"), (small, "11663.00", "11445.00", "-218.00")]
    assert [(each["cause"], each["count"], each["difference"]["amount"]) for each in found["summary"]] == [
        ("rate_changed", 2, "-523.20"),
        ("none", 2, "0.00"),
    ]
    # The newest alone, and none.
    few = json.loads(office.run(*words, "2026-11-23", "--limit", "1").output)["quotes"]
    assert (few["limit"], sum(each["count"] for each in few["summary"])) == (1, 1)
    assert json.loads(office.run(*words, "2026-11-23", "--limit", "0").output)["quotes"] is None
    assert office.serves == OURS


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Stored quotes, the newest 1000 at most", "Before", "After", "another rate")),
        ("es", ("Cotizaciones guardadas, a lo más las 1000", "Antes", "Después", "otra tasa")),
        ("zh", ("已存报价", "变更前", "变更后", "税率变动")),
    ],
)
def test_what_a_release_does_is_told_in_three_languages(
    publisher: Path, real_book: Book, capsys: pytest.CaptureFixture[str], language: str, said: tuple[str, ...]
) -> None:
    release = Release(real_book, Book.load(None, None, publisher / ONE), date(2026, 11, 23), language)
    goods = release.goods()
    print_update(Told(OURS, ONE, goods, goods, 1000), (), language, False)
    told = capsys.readouterr().out
    for each in (*said, "avocado-fresh", "-218.00"):
        assert each in told, each
    # The one day of all rows stands over and under the table, not in it.
    avocados = [line for line in told.splitlines() if "avocado-fresh" in line]
    assert ["2026-11-23" in line for line in avocados] == [False, False]
    headings = [line for line in told.splitlines() if said[1] in line and said[2] in line]
    declared = Wording.of(language).sentence(HEADINGS["rehearsal_declared"])
    assert [declared in line for line in headings] == [False, False]


@pytest.mark.parametrize("wrong", UNUSABLE)
def test_a_ledger_that_cannot_be_read_keeps_no_tables_out(
    office: Office, publisher: Path, tmp_path: Path, wrong: str
) -> None:
    words = ("tables", "update", publisher / f"{ONE}.galeon")
    environment = {"GALEON_DATABASE": unusable(wrong, tmp_path), "GALEON_RELEASES": f"{office.releases}"}
    # Where none are asked for the ledger is not opened at all.
    unasked = office.run(*words, "--dry-run", "--limit", 0, **environment)
    assert (unasked.exit_code, unasked.stderr) == (0, ""), unasked.output
    done = office.run(*words, "--yes", **environment)
    assert done.exit_code == 0, done.output
    assert "Stored quotes are not looked at" in done.stderr
    assert office.serves == ONE


@pytest.mark.parametrize("how", ["--dry-run", "--yes"])
def test_a_ledger_of_an_earlier_version_stays_as_it_is(office: Office, publisher: Path, how: str) -> None:
    """A server of that version may be running over it: who takes tables does not change it, nor who only looks."""
    url = office.environment["GALEON_DATABASE"]
    engine = at_revision(url, "0008")
    done = office.run("tables", "update", publisher / f"{ONE}.galeon", how)
    assert done.exit_code == 0, done.output
    assert "at revision 0008" in done.stderr
    assert "galeon db upgrade" in done.stderr
    assert revision(engine) == "0008"
    assert not sql.inspect(engine).has_table("job_rows")
    engine.dispose()


def test_each_refusal_has_its_reason(office: Office, publisher: Path, tmp_path: Path) -> None:
    """And the release before serves on."""
    assert office.run("tables", "update", publisher / f"{ONE}.galeon", "--yes").exit_code == 0
    stranger, changed, older = tmp_path / "stranger", tmp_path / "changed", publisher / f"{days_after(-3)}.galeon"
    stranger.write_bytes(pack(publisher / TWO, STRANGER))
    content = bytearray((publisher / f"{TWO}.galeon").read_bytes())
    content[-5000] ^= 1
    changed.write_bytes(content)
    update = ("tables", "update", "--yes")
    assert office.refused(*update, stranger) == "signed_by_another_key"
    assert office.refused(*update, changed) == "altered"
    assert office.refused(*update, older) == "older_release"
    assert office.refused(*update, older, GALEON_RELEASE_KEYS="") == "no_key"
    assert "No such file" in office.run(*update, tmp_path / "nothing").output
    assert (
        office.refused(*update, publisher / f"{TWO}.galeon", "--key", publisher / "stranger.pub")
        == "signed_by_another_key"
    )
    assert "is a private key" in office.run(*update, older, "--key", publisher / "publisher.pem").output
    assert office.serves == ONE
    assert {path.name for path in office.releases.iterdir()} == {ONE, "current", ".lock"}
    assert office.run(*update, older, "--allow-older").exit_code == 0
    assert office.serves == days_after(-3)


def without_a_table(folder: Path) -> bytes:
    text = (folder / "tables.toml").read_text(encoding="utf-8")
    begins = text.index("[losses]")
    (folder / "tables.toml").write_text(text[:begins] + text[text.index("\n[", begins) + 1 :], encoding="utf-8")
    return pack(seal(folder, TWO))


def with_two_rows_at_once(folder: Path) -> bytes:
    """Packed by a publisher who does not check."""
    file = folder / "cn/measures.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(RATE.format("4%")))
    replaced(file, row, f"{row}\n{row.replace('2026-01-01', '2026-06-01')}")
    seal(folder, TWO)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tariffs.packs.packing.faults_of", lambda records: [])
        return pack(folder)


def with_the_signature_of_another(folder: Path) -> bytes:
    found, other = members(pack(folder)), members((folder.parent / "other.galeon").read_bytes())
    return archived([found[0], other[1], *found[2:]])


def with_a_path_that_climbs(folder: Path) -> bytes:
    found = members(pack(folder))
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for name, content in (*found[:2], ("tables/../../../escape", b"x"), *found[2:]):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return raw.getvalue()


@pytest.mark.parametrize(
    ("made", "code", "said"),
    [
        (without_a_table, "table_missing", "losses"),
        (with_two_rows_at_once, "tables_unsound", "cn/measures.csv"),
        (with_the_signature_of_another, "signature_wrong", "another file's"),
        (with_a_path_that_climbs, "unsafe_path", "escape"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_nobody_should_take(
    made: Callable[[Path], bytes], code: str, said: str, office: Office, publisher: Path, tmp_path: Path
) -> None:
    """Each is refused by the command with its code and its reason; what served serves on, and nothing is left behind."""
    (tmp_path / "other.galeon").write_bytes((publisher / f"{ONE}.galeon").read_bytes())
    bad = tmp_path / "bad.galeon"
    bad.write_bytes(made(Path(copytree(publisher / TWO, tmp_path / "data"))))
    done = office.run("tables", "update", "--yes", bad)
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {code}: "), done.output
    assert said in done.output
    assert office.serves == OURS
    assert not list(office.releases.glob("data-*"))
    assert not list(tmp_path.rglob("escape*"))


def test_two_gigabytes(office: Office, publisher: Path, tmp_path: Path) -> None:
    """A sparse file: of what says nothing of its size no more is read than the limit, from a file and from an address."""
    bad = tmp_path / "bad.galeon"
    member = tarfile.TarInfo("manifest.json")
    member.size = 2 * 1024**3
    with bad.open("wb") as file:
        file.write(member.tobuf(tarfile.USTAR_FORMAT))
        file.truncate(2 * 1024**3)
    assert office.refused("tables", "update", "--yes", bad) == "too_large"

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", f"{2 * 1024**3}")
        handler.end_headers()
        with suppress(OSError):
            for _ in range(2048):
                handler.wfile.write(bytes(1024**2))

    with server(endless) as base:
        assert office.refused("tables", "update", "--yes", f"{base}/x") == "too_large"
    assert office.serves == OURS


def test_a_release_dated_after_today(office: Office, publisher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock was set back, or the publisher is early: it is told, and taken."""
    monkeypatch.setattr(packs_cli, "utc_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    done = office.run("tables", "update", publisher / f"{ONE}.galeon", "--yes", "--on", "2026-11-23")
    assert done.exit_code == 0, done.output
    assert "dated later than today, 2020-01-01" in done.output
    assert office.serves == ONE


def test_a_private_folder_that_does_not_fit(office: Office, publisher: Path, tmp_path: Path) -> None:
    """What is laid over the tables is laid over the new ones before they serve; a folder that does not fit keeps them out."""
    own = tmp_path / "own"
    (own / "cn").mkdir(parents=True)
    (own / "cn/products.csv").write_text(
        "slug,en,es,zh,hs_code,subheading,source,confidence,note\nmine,mine,mío,我的,99999999,999999,cn-tariff-2026,B,\n"
    )
    done = office.run("tables", "update", "--yes", publisher / f"{ONE}.galeon", GALEON_TABLES=f"{own}")
    assert done.exit_code == 1
    assert "Error: overlay_unfit: " in done.output
    assert office.serves == OURS


# --- addresses ---------------------------------------------------------------------------------------------------


class Quiet(ThreadingHTTPServer):
    """A server that does not tell of clients who leave."""

    def handle_error(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def server(
    answer: Callable[[BaseHTTPRequestHandler], None], context: ssl.SSLContext | None = None, waited: bool = True
) -> Iterator[str]:
    """A server on this machine; its address. `waited`: whether its answers are waited for in the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    served = Quiet(("127.0.0.1", 0), Handler)
    served.daemon_threads = not waited
    if context is not None:
        served.socket = context.wrap_socket(served.socket, server_side=True)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_address[1]}"
    finally:
        served.shutdown()
        served.server_close()
        thread.join()


def sends(content: bytes, length: int | None = None, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with some bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def redirects(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with another address."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_update_from_an_address(office: Office, publisher: Path) -> None:
    """What a server sends is taken as a file is."""
    with server(sends((publisher / f"{ONE}.galeon").read_bytes())) as base:
        done = office.run("tables", "update", f"{base}/{ONE}.galeon", "--yes")
    assert done.exit_code == 0, done.output
    assert office.serves == ONE


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http://127.0.0.1.example.com/x",
        "https://user:secret@127.0.0.1/x",
        "https://",
        "http://[::1",
    ],
)
def test_addresses_that_are_not_asked(office: Office, address: str) -> None:
    """Plain connections to elsewhere, other schemes, passwords."""
    assert office.refused("tables", "update", "--yes", address) == "not_fetched"


def test_redirects(office: Office, publisher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Followed to addresses that may be asked, a few times; never to another scheme or a plain connection elsewhere."""
    with server(sends((publisher / f"{ONE}.galeon").read_bytes())) as last:
        with server(redirects(f"{last}/x")) as first:
            assert office.run("tables", "update", f"{first}/x", "--dry-run").exit_code == 0
        for to in ("http://example.com/x", "file:///etc/passwd", "ftp://127.0.0.1/x", "//example.com/x"):
            with server(redirects(to)) as first:
                assert office.refused("tables", "update", "--yes", f"{first}/x") == "not_fetched"
    with server(redirects("/x")) as round_and_round:
        assert "redirects" in office.run("tables", "update", "--yes", f"{round_and_round}/x").output


def test_a_server_asked_over_https_sends_nobody_to_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only who names an address of this machine asks it: what listens there alone is not for a publisher to reach."""
    publisher, asked = "https://publisher.example/x", fetching._asked
    with server(sends(b"local")) as inner, server(redirects(f"{inner}/x")) as outer:
        there = {publisher: f"{outer}/x"}
        monkeypatch.setattr(
            fetching, "_asked", lambda session, address: asked(session, there.get(address or "", address or ""))
        )
        with (tmp_path / "into").open("wb") as into, pytest.raises(PackRefused, match="only https"):
            fetching.fetched(publisher, into)
    assert not (tmp_path / "into").read_bytes()


def test_what_a_server_may_do(tmp_path: Path) -> None:
    """Errors, ends before the end, too much, too slow, nobody there."""

    def trouble(answer: Callable[[BaseHTTPRequestHandler], None], **limits: float) -> str:
        with server(answer) as base, (tmp_path / "into").open("wb") as into, pytest.raises(PackRefused) as error:
            fetching.fetched(f"{base}/x", into, **limits)  # type: ignore[arg-type]
        return f"{error.value.code}: {error.value.text}"

    assert "status 404" in trouble(sends(b"", status=404))
    assert "ProtocolError" in trouble(sends(b"x" * 100, length=200))
    assert trouble(sends(b"x" * 5000), most=4999).startswith("too_large")
    assert "too long" in trouble(sends(b"x" * 5000), deadline=-1)
    with server(sends(b"")) as base:
        pass
    with (tmp_path / "into").open("wb") as into, pytest.raises(PackRefused, match="ConnectionError"):
        fetching.fetched(f"{base}/x", into)


HEAD = b"HTTP/1.0 200 OK\r\nContent-Length: 1000000\r\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at_once", "drop"),
    [(b"", b"H"), (HEAD, b"X-Drip: 1\r\n"), (HEAD + b"X-Drip: ", b"1"), (HEAD + b"\r\n", b"x")],
    ids=["status", "headings", "one heading", "body"],
)
def test_a_server_that_drips_is_left_in_time(tmp_path: Path, at_once: bytes, drop: bytes) -> None:
    """A byte or a line five times a second, each well within its own time: the whole has an end."""

    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(at_once)
        with suppress(OSError):
            for _ in range(150):
                handler.wfile.write(drop)
                time.sleep(0.2)

    began = time.monotonic()
    with server(drips, waited=False) as base, (tmp_path / "into").open("wb") as into:
        with pytest.raises(PackRefused, match="takes too long") as error:
            fetching.fetched(f"{base}/x", into, deadline=2)
        taken = time.monotonic() - began
    assert error.value.code == "not_fetched"
    assert taken < 15


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    """https is asked with its certificate held to: a server that signed its own is not listened to."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begins, begins.replace(year=2120)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, None)
    )
    private_key(tmp_path / "tls.pem", SigningKey.of(key))
    with (tmp_path / "tls.pem").open("ab") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls.pem")
    with server(sends(b"x"), context) as base, (tmp_path / "into").open("wb") as into:
        port = base.rpartition(":")[2]
        with pytest.raises(PackRefused, match="SSLError"):
            fetching.fetched(f"https://localhost:{port}/x", into)


def test_sealing_again_changes_the_release(publisher: Path, tmp_path: Path) -> None:
    """A name alone makes another release: its manifest names it."""
    folder = tables(tmp_path / "data", "5%", ONE)
    assert pack(folder) == (publisher / f"{ONE}.galeon").read_bytes()
    assert pack(seal(folder, TWO)) != (publisher / f"{ONE}.galeon").read_bytes()
