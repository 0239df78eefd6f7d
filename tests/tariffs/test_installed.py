"""Which release serves, through every way in which an update can be interrupted or a disk can lose something."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.release_keys import vouches
from tariffs.installed import PACKAGE, POINTER, Pointer, mark, names, pointed, serving, whole
from tariffs.packs import installing, refused
from tariffs.packs.installing import alone, back, incoming, switch, target
from tariffs.packs.refused import PackRefused
from tariffs.tables import DATA
from tests.packs import OURS, PUBLISHER, days_after, pack, tables

ONE, TWO = days_after(1), days_after(2)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Three releases, the last an older one than the package's."""
    folder = tmp_path_factory.mktemp("publisher")
    given = {ONE: "5%", TWO: "4%", days_after(-3): "6%"}
    return {name: pack(tables(folder / name, rate, name)) for name, rate in given.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of releases of an installation; nobody has made it yet."""
    return tmp_path / "releases"


def install(folder: Path, content: bytes, allow_older: bool = False) -> None:
    with alone(folder), incoming(io.BytesIO(content), folder, vouches([PUBLISHER.public])) as found:
        found.admit(allow_older)
        found.install()


def code(what: Callable[[], object]) -> str:
    with pytest.raises(PackRefused) as error:
        what()
    return error.value.code


def left(folder: Path) -> set[str]:
    """What is in the folder, but for the lock."""
    return {path.name for path in folder.iterdir()} - {installing.LOCK}


def test_nothing_installed(folder: Path) -> None:
    """The package's own tables serve, whether there is such a folder or not."""
    for each in (None, folder):
        found = serving(each)
        assert (found.release, found.root, found.installed, found.objection) == (OURS, DATA, False, None)
        assert (names(each), mark(each)) == ((), None)
    assert code(lambda: back(folder)) == refused.NOT_INSTALLED


def test_one_after_the_other_and_back(folder: Path, packs: dict[str, bytes]) -> None:
    """Each lies beside those before it; going back goes the same way back, as far as the package's own."""
    marks = {mark(folder)}
    for name in (ONE, TWO):
        install(folder, packs[name])
        assert (serving(folder).release, serving(folder).root) == (name, folder / name)
        marks.add(mark(folder))
    assert names(folder) == (ONE, TWO)
    assert left(folder) == {ONE, TWO, POINTER}
    assert pointed(folder) == Pointer(TWO, OURS, (PACKAGE, ONE))
    for name in (ONE, OURS):
        back(folder)
        assert serving(folder).release == name
        marks.add(mark(folder))
    assert len(marks) == 5
    assert code(lambda: back(folder)) == refused.NOT_INSTALLED
    back(folder, TWO)
    assert (serving(folder).release, pointed(folder).before) == (TWO, (PACKAGE,))
    back(folder, PACKAGE)
    assert serving(folder).release == OURS
    assert code(lambda: target(folder, "data-2000.01.01")) == refused.NOT_INSTALLED
    assert code(lambda: target(folder, "../elsewhere")) == refused.NOT_INSTALLED


def test_an_older_release(folder: Path, packs: dict[str, bytes]) -> None:
    """Refused unless it is meant; then it serves although the package's is newer, until the package changes."""
    older = days_after(-3)
    assert code(lambda: install(folder, packs[older])) == refused.OLDER
    assert left(folder) == set()
    install(folder, packs[TWO])
    assert code(lambda: install(folder, packs[ONE])) == refused.OLDER
    assert serving(folder).release == TWO
    install(folder, packs[older], allow_older=True)
    assert serving(folder).release == older


def test_a_package_that_became_newer(folder: Path, packs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade the newer of both serves, which is said; an older package changes nothing."""
    install(folder, packs[days_after(-3)], allow_older=True)
    pointer = Pointer(days_after(-3), days_after(-5), (PACKAGE,))
    (folder / POINTER).write_text(str(pointer))
    found = serving(folder)
    assert (found.release, found.installed, found.objection) == (OURS, False, None)
    assert days_after(-3) in found.note
    install(folder, packs[ONE])
    (folder / POINTER).write_text(str(Pointer(ONE, days_after(-5), (PACKAGE,))))
    assert (serving(folder).release, serving(folder).note) == (ONE, "")


def test_another_content_under_a_known_name(folder: Path, packs: dict[str, bytes], tmp_path: Path) -> None:
    """Neither under the name of an installed release nor under the package's own."""
    install(folder, packs[ONE])
    for name in (ONE, OURS):
        other = pack(tables(tmp_path / name, "3%", name))
        assert code(lambda content=other: install(folder, content, True)) == refused.SAME_NAME  # type: ignore[misc]
    assert serving(folder).release == ONE


def test_a_release_that_is_there_already(folder: Path, packs: dict[str, bytes]) -> None:
    """It is not laid anew; it only serves again."""
    install(folder, packs[ONE])
    place = (folder / ONE).stat().st_ino
    back(folder)
    install(folder, packs[ONE])
    assert (folder / ONE).stat().st_ino == place
    assert serving(folder).release == ONE


def test_a_damaged_release(folder: Path, packs: dict[str, bytes]) -> None:
    """The last whole one before it serves, and what is wrong is told; installing it again mends it."""
    install(folder, packs[ONE])
    install(folder, packs[TWO])
    (folder / TWO / "cn" / "measures.csv").write_text("lost")
    found = serving(folder)
    assert found.release == ONE
    assert found.objection is not None
    assert found.objection.code == refused.NOT_SEALED
    (folder / ONE / "release.toml").unlink()
    assert serving(folder).release == OURS
    install(folder, packs[TWO], allow_older=True)
    assert serving(folder).release == TWO
    assert serving(folder).objection is None
    assert code(lambda: back(folder, ONE)) == refused.NOT_SEALED


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"release": 1}', '{"release": "../x", "package": "", "before": []}', "[" * 9999]
)
def test_a_pointer_that_is_none(folder: Path, packs: dict[str, bytes], text: str) -> None:
    """The package's tables serve, and it is told that they should not; nothing follows a name that is no release's."""
    install(folder, packs[ONE])
    (folder / POINTER).write_text(text)
    found = serving(folder)
    assert (found.release, found.objection and found.objection.code) == (OURS, refused.POINTER)
    assert code(lambda: back(folder)) == refused.POINTER
    back(folder, ONE)
    assert (serving(folder).release, pointed(folder).before) == (ONE, (PACKAGE,))


class PowerCut(BaseException):
    """The end, in the middle of something."""


# What an update does, and how often before the power goes.
STEPS = (("write_bytes", 0), ("write_bytes", 7), ("check", 0), ("rename", 0), ("replace", 0))


@pytest.mark.parametrize(("step", "later"), STEPS)
def test_an_update_interrupted(
    folder: Path, packs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, step: str, later: int
) -> None:
    """Whenever the power goes, the old release serves; the next update removes what is left and goes through."""
    install(folder, packs[ONE])
    calls = 0

    def cut(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > later:
                raise PowerCut
            return real(*arguments, **more)

        return called

    with monkeypatch.context() as patch:
        if step == "write_bytes":
            patch.setattr(Path, "write_bytes", cut(Path.write_bytes))
        elif step == "check":
            patch.setattr("tariffs.packs.packing.check", cut(lambda records: []))
        elif step == "rename":
            patch.setattr(os, "rename", cut(os.rename))
        else:
            patch.setattr(os, "replace", cut(os.replace))
        # A power cut tidies nothing up.
        patch.setattr("tariffs.packs.installing.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(PowerCut):
            install(folder, packs[TWO])
        assert serving(folder).release == ONE
    install(folder, packs[TWO])
    assert serving(folder).release == TWO
    assert left(folder) == {ONE, TWO, POINTER}


def test_two_updates_at_once(folder: Path) -> None:
    """The second waits for nobody: it says that there is a first."""
    with alone(folder):
        assert code(lambda: alone(folder).__enter__()) == refused.UNDER_WAY
    with alone(folder):
        pass


def test_servers_can_read_what_root_installed(folder: Path, packs: dict[str, bytes]) -> None:
    """Whoever installs, with whatever umask."""
    before = os.umask(0o077)
    try:
        install(folder, packs[ONE])
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (folder / ONE).rglob("*") if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / ONE, folder / ONE / "cn")} == {0o755}
    assert (folder / POINTER).stat().st_mode & 0o777 == 0o644


def test_the_pointer_is_json(folder: Path, packs: dict[str, bytes]) -> None:
    """So that other programs may read it."""
    install(folder, packs[ONE])
    told = json.loads((folder / POINTER).read_text())
    assert told == {"release": ONE, "package": OURS, "before": [PACKAGE]}
    assert whole(folder, ONE) is None
    assert switch(folder, ONE).before == (PACKAGE,)
