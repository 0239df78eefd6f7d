"""What is handed out can be made again: locked by hashes, the same bytes from two places, with a bill of what is in it."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release import audit
from release.build_release import packed_again
from release.make_sbom import make

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;]+)([^\n]*\n(?: +--hash=sha256:[0-9a-f]{64}[ \\]*\n)*)", re.M)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def locked(lock: Path) -> list[tuple[str, str, set[str]]]:
    """Name, version and hashes of every entry."""
    return [(name, version, set(HASH.findall(rest))) for name, version, rest in ENTRY.findall(lock.read_text("utf-8"))]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_locked_by_its_hashes_and_no_address_stands_there(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    found = locked(lock)
    assert len(found) == len(re.findall(r"^[a-z0-9]", text, re.M)) > 40
    assert all(hashes for _, _, hashes in found)
    assert not re.search(r"://|^-|^/|@ ", text, re.M)


def test_the_tools_that_build_are_locked_too() -> None:
    """Without isolation nothing is fetched while a wheel is built: setuptools is the backend, build calls it."""
    names = {name for name, _, _ in locked(ROOT / "requirements-dev.txt")}
    assert {"build", "setuptools", "pip-audit", "cyclonedx-bom", "pip"} <= names
    assert "setuptools" in {name for name, _, _ in locked(ROOT / "requirements-server.txt")}


# --- the wheel


def built(checkout: Path, target: Path, mask: int, **environment: str) -> dict[str, bytes]:
    """Built in a process of its own, as `make wheel` does it."""
    done = subprocess.run(
        [sys.executable, f"{checkout / 'release' / 'build_release.py'}", f"{target}"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        umask=mask,
        cwd=checkout,
    )
    assert done.returncode == 0, done.stderr
    made = {path.name: path.read_bytes() for path in target.iterdir()}
    assert set(done.stdout.splitlines()) == {
        f"{hashlib.sha256(body).hexdigest()}  {target / name}" for name, body in made.items()
    }
    return made


def git(*arguments: object, **environment: str) -> str:
    command = ["git", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment}).stdout


@pytest.mark.slow
def test_built_on_two_paths_the_wheel_and_the_archive_are_the_same(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("a wheel is built of a commit, and this is no checkout")
    one, other = tmp_path / "one", tmp_path / "a longer way" / "to another"
    for checkout in (one, other):
        git("clone", "--quiet", ROOT, checkout)
    # What is not committed is no part of it, and neither is when the files were written.
    (other / "api" / "leavings.py").write_text("1\n", encoding="utf-8")
    for path in other.glob("calculator/*.py"):
        os.utime(path, (0, 0))
    first = built(one, tmp_path / "first", 0o022, TZ="UTC", PYTHONHASHSEED="1")
    second = built(other, tmp_path / "second", 0o077, TZ="Asia/Shanghai", PYTHONHASHSEED="2", SOURCE_DATE_EPOCH="1")
    assert sorted(each.rpartition(".")[2] for each in first) == ["gz", "whl"]
    assert first == second
    (wheel,) = (body for name, body in first.items() if name.endswith(".whl"))
    (archive,) = (body for name, body in first.items() if name.endswith(".tar.gz"))
    committed = set(git("-C", one, "ls-files", "api", "calculator", "tariffs").split())
    with zipfile.ZipFile(io.BytesIO(wheel)) as packed:
        names = packed.namelist()
        ours = {name for name in names if name.split("/")[0] in ("api", "calculator", "tariffs")}
        assert ours == {name for name in committed if not name.endswith("README.md")}
        (notice,) = (name for name in names if name.endswith("licenses/NOTICE"))
        assert packed.read(notice).startswith(b"NOTICE\n")
        assert any(name.endswith("licenses/LICENSE") for name in names)
        moment = git("-C", one, "log", "-1", "--format=%cd", "--date=format-local:%Y %m %d", TZ="UTC").split()
        assert {each.date_time[:3] for each in packed.infolist()} == {tuple(map(int, moment))}
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed_source:
        members = packed_source.getmembers()
        assert {(each.uid, each.gid, each.uname, each.gname) for each in members} == {(0, 0, "", "")}
        assert len({each.mtime for each in members}) == 1
        assert {"LICENSE", "NOTICE", "setup.cfg"} <= {each.name.partition("/")[2] for each in members}
    # A change of the source is a change of the bytes.
    (other / "calculator" / "quote.py").write_text("ENGINE_VERSION = 'x'\n", encoding="utf-8")
    same = git("-C", other, "log", "-1", "--format=%cI").strip()
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    git("-C", other, *who, "commit", "--quiet", "--all", "--message", "x", GIT_COMMITTER_DATE=same)
    assert built(other, tmp_path / "third", 0o022).keys() == first.keys()
    assert all((tmp_path / "third" / name).read_bytes() != body for name, body in first.items())


def archive(names: list[str], owner: str, mtime: int, mode: int) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as made:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname, member.mode = 1, mtime, owner, mode
            made.addfile(member, io.BytesIO(name[:1].encode()))
    return packed.getvalue()


def test_an_archive_packed_again_tells_nothing_of_who_built_it() -> None:
    mine = packed_again(archive(["a", "b"], "me", 1, 0o600), 7)
    assert mine == packed_again(archive(["b", "a"], "you", 2, 0o664), 7)
    assert mine != packed_again(archive(["b", "a"], "you", 2, 0o664), 8)
    with tarfile.open(fileobj=io.BytesIO(mine)) as again:
        assert [(each.name, each.mtime, each.mode, each.uname) for each in again] == [
            ("a", 7, 0o644, ""),
            ("b", 7, 0o644, ""),
        ]
        read = again.extractfile("b")
        assert read is not None
        assert read.read() == b"b"


# --- the bill of materials


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bill of a server."""
    target = tmp_path_factory.mktemp("bill") / "made" / "galeon.cdx.json"
    make(target)
    return target.read_bytes()


def test_the_bill_is_a_valid_one_and_the_same_again(bill: bytes, tmp_path: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    make(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == bill
    broken = json.dumps({**json.loads(bill), "components": [{"name": "no type"}]})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_every_locked_package_is_in_the_bill_with_all_its_hashes(bill: bytes) -> None:
    document: dict[str, Any] = json.loads(bill)
    about = document["metadata"]["component"]
    assert (about["name"], about["type"], about["licenses"][0]["license"]["id"]) == (
        "galeon",
        "application",
        "Apache-2.0",
    )
    billed = [
        (
            each["name"],
            each["version"],
            {digest["content"] for place in each["externalReferences"] for digest in place.get("hashes", ())},
        )
        for each in document["components"]
    ]
    assert sorted(billed, key=str) == sorted(locked(ROOT / "requirements-server.txt"), key=str)


# --- the audit


def told(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
UNKNOWN = {"name": "click", "skip_reason": "Dependency not found on PyPI and could not be audited: click (8.5.1)"}
BAD = {
    "name": "jinja2",
    "version": "3.1.3",
    "vulns": [{"id": "PYSEC-2024-1", "fix_versions": ["3.1.4", "3.2"], "aliases": [], "description": ""}],
}


def test_what_pip_audit_tells_is_read() -> None:
    assert audit.read(told(SOUND)) == audit.Audit(1, (), ())
    assert audit.read(told(SOUND, UNKNOWN)) == audit.Audit(1, ("click",), ())
    assert audit.read(told(SOUND, BAD)) == audit.Audit(2, (), ("jinja2 3.1.3: PYSEC-2024-1, mended in 3.1.4, 3.2",))
    for nothing in ("", "no network", told(), told(UNKNOWN), "[]"):
        assert audit.read(nothing) is None


@pytest.mark.parametrize(
    ("answers", "required", "code", "said"),
    [
        ({"pypi": told(SOUND)}, True, 0, "a.txt: 0 known vulnerabilities in 1 packages"),
        ({"pypi": told(SOUND, BAD)}, False, 1, "a.txt: jinja2 3.1.3: PYSEC-2024-1, mended in 3.1.4, 3.2"),
        ({"pypi": told(UNKNOWN), "osv": told(BAD)}, False, 1, "a.txt: 1 known vulnerabilities in 1 packages"),
        ({"pypi": told(SOUND, UNKNOWN)}, False, 0, "in 1 packages, nothing could be asked of click"),
        ({}, False, 0, "NOT AUDITED a.txt"),
        ({}, True, 1, "NOT AUDITED a.txt"),
    ],
)
def test_findings_fail_and_want_of_a_network_does_not(
    answers: dict[str, str],
    required: bool,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audit, "audited", lambda lock, source: audit.read(answers.get(source, "")))
    assert audit.main([Path("a.txt")], required) == code
    assert said in capsys.readouterr().out


def test_pip_audit_itself_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real program on a lock file, with a proxy that is not there: whatever it says, there is no list to be had."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    monkeypatch.setenv("HOME", f"{tmp_path}")
    monkeypatch.setenv("XDG_CACHE_HOME", f"{tmp_path}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    lock = tmp_path / "one.txt"
    lock.write_text(f"flask==3.1.3 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    assert audit.audited(lock, "pypi") is None
