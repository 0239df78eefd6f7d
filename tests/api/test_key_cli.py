"""`galeon keys`: a key is shown once; the rest of its life is told without it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.database import database
from api.key_cli import RATES
from api.key_text import KeyText
from api.keyring import Keyring
from api.scopes import GRANTED
from api.serving import NotLoopback, loopback

GUIDE = Path(__file__).parents[2] / "docs" / "keys.md"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    found = f"sqlite:///{tmp_path / 'keys.sqlite3'}"
    monkeypatch.setenv("GALEON_DATABASE", found)
    return found


def keys(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["keys", *arguments], catch_exceptions=False)


def told(*arguments: str) -> Any:
    result = keys(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_key_is_printed_once(url: str):
    made = keys("make", "--kind", "secret", "--owner", "acme", "--note", "checkout")
    text = KeyText.read(made.stdout.strip())
    assert text is not None
    assert "not shown again" in made.stderr
    listed = keys("list")
    assert text.id in listed.stdout
    assert "checkout" in listed.stdout
    assert "last used: never" in listed.stdout
    for shown in (listed.output, keys("list", "--json").output, keys("log").output):
        assert text.secret not in shown
        assert text.hash not in shown


def test_the_terms_of_a_key(url: str):
    made = told(
        *("make", "--kind", "publishable", "--owner", "acme", "--origin", "https://Shop.example:443"),
        *("--origin", "http://localhost:5173", "--scope", "look-ups", "--rate", "10/second", "--quota", "5000"),
        *("--expires", "90d"),
    )
    engine = database(url)
    (kept,) = Keyring(engine).all()
    engine.dispose()
    assert kept.terms.origins == ("https://shop.example", "http://localhost:5173")
    assert (kept.terms.scopes, kept.terms.rate, kept.terms.quota) == (("look-ups",), "10/second", 5000)
    assert kept.terms.expires_at is not None
    assert (kept.terms.expires_at - kept.created_at).days == 90
    assert made["key"].startswith(f"pk_{kept.id}_")
    assert made["expires_at"].endswith("Z")
    assert RATES.keys() == GRANTED.keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "publishable"], "--origin"),
        (["--kind", "secret", "--origin", "https://shop.example"], "no site"),
        (["--kind", "publishable", "--origin", "http://shop.example"], "https"),
        (["--kind", "publishable", "--origin", "https://shop.example/x"], "nothing after it"),
        (["--kind", "publishable", "--origin", "https://shop.example", "--scope", "quotes"], "may have"),
        (["--kind", "secret", "--rate", "often"], "600/minute"),
        (["--kind", "secret", "--expires", "soon"], "90d"),
        (["--kind", "secret", "--quota", "0"], "--quota"),
        (["--kind", "secret", "--note", "two\nlines"], "--note"),
        (["--kind", "root"], "--kind"),
    ],
)
def test_terms_that_cannot_be(url: str, arguments: list[str], said: str):
    result = keys("make", "--owner", "acme", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert keys("list", "--json").stdout.strip() == "[]"


def test_an_owner_is_needed(url: str):
    assert "--owner" in keys("make", "--kind", "secret", "--owner", " ").output


def test_rotation(url: str):
    old = told("make", "--kind", "sheet", "--owner", "acme")
    new = told("rotate", old["id"], "--overlap", "36h")
    assert new["key"].startswith(f"k_{new['id']}_")
    assert new["replaces"] == old["id"]
    rows = {row["id"]: row for row in told("list")}
    assert rows[old["id"]]["replaced_by"] == new["id"]
    assert rows[old["id"]]["expires_at"] == new["old_key_until"]
    assert rows[old["id"]]["state"] == rows[new["id"]]["state"] == "live"
    again = keys("rotate", old["id"])
    assert again.exit_code == 1
    assert new["id"] in again.output


def test_revocation_and_the_log(url: str):
    made = told("make", "--kind", "secret", "--owner", "acme")
    # Whoever pastes the whole key finds it done all the same, and not repeated.
    revoked = keys("revoke", made["key"])
    assert "five seconds" in revoked.output
    assert made["key"] not in revoked.output
    assert told("list")[0]["state"] == "revoked"
    assert [row["event"] for row in told("log", made["id"])] == ["made", "revoked"]
    assert "revoked" in keys("log").output
    assert keys("revoke", made["id"]).exit_code == 1


@pytest.mark.parametrize("id", ["x", "0123456789AB", "sk_secret"])
def test_what_is_no_id(url: str, id: str):
    result = keys("revoke", id)
    assert result.exit_code == 2
    assert "12 digits" in result.output


def test_an_unknown_id(url: str):
    assert "no key" in keys("rotate", "0" * 12).output


def test_nothing_is_made_yet(url: str):
    assert "galeon keys make" in keys("list").output


def test_other_hosts_are_served_with_keys_alone():
    assert loopback("0.0.0.0", keyed=True) == "0.0.0.0"
    with pytest.raises(NotLoopback, match="GALEON_AUTH=keys"):
        loopback("0.0.0.0")


def test_the_guide_names_what_there_is():
    guide = GUIDE.read_text(encoding="utf-8")
    for command in ("make", "list", "rotate", "revoke", "log"):
        assert f"galeon keys {command}" in guide
    for scope in {scope for scopes in GRANTED.values() for scope in scopes}:
        assert f"`{scope}`" in guide
    for kind, rate in RATES.items():
        assert kind in guide
        assert rate in guide
    for name in ("GALEON_AUTH", "GALEON_LIMITS", "GALEON_RATE", "GALEON_PROXIES"):
        assert f"`{name}`" in guide


def test_the_guides_first_key_is_made_as_written(url: str):
    guide = GUIDE.read_text(encoding="utf-8")
    lines = [line.split("#")[0].split() for line in guide.splitlines() if line.startswith("galeon keys make")]
    assert len(lines) >= 3
    for line in lines:
        assert keys(*line[2:]).exit_code == 0, line
