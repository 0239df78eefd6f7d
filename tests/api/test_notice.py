"""The notice is what the installation says of itself, and nothing is handed out that it does not name."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from api.cli import main
from api.notice import UNSTATED, Package, notice, packages, undeclared
from tests.tariffs.planted import findings_after

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
PACKAGES = "Packages that a server uses"
# What a lock file asks for on some Pythons and systems alone has a mark behind its version.
LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ]+)( ;)?", re.M)


def locked() -> list[tuple[str, str, bool]]:
    """Name, version, and whether every machine needs it."""
    found = LOCKED.findall((ROOT / "requirements-server.txt").read_text(encoding="utf-8"))
    return [(name, version, not mark) for name, version, mark in found]


def listed(text: str) -> dict[tuple[str, str], str]:
    """The lines of packages by name and version."""
    lines = (line.removeprefix("- ") for line in text.partition(PACKAGES)[2].splitlines() if line.startswith("- "))
    return {tuple(line.split(" | ")[0].split(" ")): line for line in lines}  # type: ignore[misc]


def test_the_notice_is_current() -> None:
    """A failure says: galeon notice NOTICE."""
    now = notice()
    assert NOTICE.partition(PACKAGES)[0] == now.partition(PACKAGES)[0]
    kept, here = listed(NOTICE), listed(now)
    versions = {name: {version for each, version, _ in locked() if each == name} for name, _, _ in locked()}
    for key, line in here.items():
        # Another Python takes another version of some, or needs one more or less.
        assert kept.get(key) == line or len(versions[key[0]]) > 1 or key[0] not in {name for name, _ in kept}, key
    assert {name for name, _, always in locked() if always} - {"setuptools"} <= {name for name, _ in kept}
    assert {name for name, _ in kept} <= versions.keys()


def test_no_package_is_without_a_licence() -> None:
    found = packages()
    assert len(found) > 60
    assert [each for each in found if each.licence == UNSTATED] == []
    assert {"flask", "granian", "mcp", "psycopg"} <= {each.name for each in found}
    assert not {"pytest", "ruff", "galeon"} & {each.name for each in found}


def test_licences_are_those_of_the_metadata() -> None:
    """Read by eye in the packages themselves."""
    found = {each.name: each for each in packages()}
    assert found["flask"].licence == "BSD-3-Clause"
    assert found["certifi"].licence == "MPL-2.0"
    assert found["psycopg"].licence == "LGPL-3.0-only"
    # It states none but in its file.
    assert found["currencyconverter"].licence == "Apache License (the heading of its LICENSE)"
    assert found["currencyconverter"].holder == "Alex Prengère"
    assert str(Package("a", "1", "b", "c")) == "a 1 | b | c"


def test_every_script_style_and_picture_is_declared() -> None:
    assert list(undeclared(files("api"), "api")) == []
    assert list(undeclared(files("tariffs"), "tariffs")) == []
    assert list(undeclared(files("calculator"), "calculator")) == []


def test_what_is_not_declared_or_is_another_s_is_found(tmp_path: Path) -> None:
    (tmp_path / "front").mkdir()
    (tmp_path / "front" / "ours.js").write_text("export const one = 1;\n", encoding="utf-8")
    (tmp_path / "front" / "chart.min.js").write_text("/*! @license MIT */\n", encoding="utf-8")
    (tmp_path / "front" / "serif.woff2").write_bytes(b"wOF2")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "jquery.js").write_text("1\n", encoding="utf-8")
    assert list(undeclared(tmp_path, "api")) == [
        "api/front/chart.min.js: is signed by somebody",
        "api/front/serif.woff2: no licence is declared",
        "api/vendor/jquery.js: no licence is declared",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("sources.toml", 'licence = "free to use with the source named"\n', "", "ecb-reference-rates"),
        ("sources.toml", 'licence = "no document, nothing copied"', 'licence = " "', "cn-small-import-taxes"),
        ("tables.toml", 'licence = "official text"', 'licence = ""', "mx-fracciones"),
    ],
)
def test_a_table_or_document_without_a_licence_is_a_fault(
    tmp_path: Path, file: str, old: str, new: str, named: str
) -> None:
    (finding,) = findings_after(tmp_path, file, old, new)
    assert (finding.file, finding.code, finding.text) == (file, "no_licence", f"{named} has no licence")


def test_the_server_tells_the_licence_of_every_table_and_document(client: FlaskClient) -> None:
    tables: list[dict[str, Any]] = client.get("/v1/meta").get_json()["tables"]
    assert len(tables) > 20
    assert all(each["licence"].strip() for each in tables)
    sources: list[dict[str, Any]] = []
    address = "/v1/sources?limit=100"
    while address:
        page = client.get(address).get_json()
        sources += page["items"]
        address = f"/v1/sources?limit=100&cursor={page['next']}" if page["next"] else ""
    assert len(sources) > 150
    assert all(each["licence"] for each in sources)


def test_the_command_writes_it(tmp_path: Path) -> None:
    target = tmp_path / "NOTICE"
    done = CliRunner().invoke(main, ["notice", str(target)])
    assert (done.exit_code, done.output) == (0, "")
    assert target.read_text(encoding="utf-8") == notice() == CliRunner().invoke(main, ["notice"]).output
