"""Installing a release beside the others, and saying which serves: each step is one that a power cut leaves done or undone.

A release is laid into a folder that nobody looks at, checked there, brought to the disk, and named in one step; then the
pointer is replaced in another. Whoever is stopped in between leaves the old release serving.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import mkdtemp

from tariffs.installed import PACKAGE, POINTER, Pointer, names, pointed, serving, whole
from tariffs.packs import refused
from tariffs.packs.archive import Source
from tariffs.packs.opening import Vouches, opened
from tariffs.packs.refused import PackRefused, said
from tariffs.records import Records
from tariffs.release import order_of, sealed
from tariffs.tables import DATA

LOCK, INCOMING = ".lock", ".incoming-"
# Of so many releases is it remembered that they served.
MOST_BEFORE = 20


class Incoming:
    """A release that was opened and checked, and is not installed yet."""

    def __init__(self, folder: Path, root: Path, records: Records) -> None:
        self._folder, self.root, self.records = folder, root, records
        self.release = records.release

    @property
    def there(self) -> bool:
        """Whether this very release serves already."""
        now = serving(self._folder)
        return now.release == self.release and sealed(now.root).sha256 == sealed(self.root).sha256

    def admit(self, allow_older: bool) -> None:
        """Raises PackRefused for a release that is older than the one that serves, or another one of a name that is known."""
        now = serving(self._folder)
        if order_of(self.release) < order_of(now.release) and not allow_older:
            raise PackRefused(
                refused.OLDER,
                f"{self.release} is older than {now.release}, which serves: --allow-older if that is meant",
            )
        roots: list[Traversable] = [now.root, DATA]
        if self.release in names(self._folder) and whole(self._folder, self.release) is None:
            roots.append(self._folder / self.release)
        ours = sealed(self.root)
        if any(found.release == ours.release and found.sha256 != ours.sha256 for found in map(sealed, roots)):
            text = f"there is another {self.release} with other tables: a name stands for one content"
            raise PackRefused(refused.SAME_NAME, text)

    def install(self) -> Pointer:
        """Put it beside the others and have it serve."""
        place = self._folder / self.release
        if place.exists() and whole(self._folder, self.release) is not None:
            os.rename(place, mkdtemp(prefix=f"{INCOMING}damaged-", dir=self._folder) + "/tables")
        if not place.exists():
            _kept(self.root)
            os.rename(self.root, place)
            _synced(self._folder)
        return switch(self._folder, self.release)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else installs meanwhile; what an interrupted one left behind is removed. Raises PackRefused, OSError."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PackRefused(refused.UNDER_WAY, "another update is under way") from None
        _swept(folder)
        yield


@contextmanager
def incoming(source: Source, folder: Path, vouches: Vouches) -> Iterator[Incoming]:
    """A release opened in a folder that goes in the end, unless it is installed. Raises PackRefused."""
    root = Path(mkdtemp(prefix=INCOMING, dir=folder))
    try:
        yield Incoming(folder, root, opened(source, root, vouches))
    finally:
        shutil.rmtree(root, ignore_errors=True)


def switch(folder: Path, release: str) -> Pointer:
    """Have a release serve that is there, or the package's; the one that serves is remembered as the one before."""
    try:
        now = pointed(folder)
    except PackRefused:
        # What stands there helps nobody; what served before is not known any more.
        now = Pointer()
    before = (*now.before, now.release)[-MOST_BEFORE:] if now.release != release else now.before
    return _point(folder, Pointer(release, sealed().release, before))


def target(folder: Path, release: str = "") -> Traversable:
    """Where the tables of the release before are, or of the one named. Raises PackRefused where it is not there or damaged."""
    before = () if release else pointed(folder).before
    if not release and not before:
        raise PackRefused(refused.NOT_INSTALLED, "no release served before this one")
    wanted = release or before[-1]
    if wanted == PACKAGE:
        return DATA
    if wanted not in names(folder):
        text = f"{said(wanted)} is not installed: galeon tables releases lists what is"
        raise PackRefused(refused.NOT_INSTALLED, text)
    if (wrong := whole(folder, wanted)) is not None:
        raise wrong
    return folder / wanted


def back(folder: Path, release: str = "") -> Pointer:
    """Have the release before serve again, or the one that is named. Raises PackRefused where it is not there or damaged."""
    target(folder, release)
    if release:
        return switch(folder, release)
    before = pointed(folder).before
    return _point(folder, Pointer(before[-1], sealed().release, before[:-1]))


def _point(folder: Path, pointer: Pointer) -> Pointer:
    """Replace the pointer in one step."""
    new = folder / f".{POINTER}-{os.getpid()}"
    with new.open("w", encoding="utf-8") as file:
        file.write(str(pointer))
        file.flush()
        os.fsync(file.fileno())
    new.chmod(0o644)
    os.replace(new, folder / POINTER)
    _synced(folder)
    return pointer


def _kept(root: Path) -> None:
    """Bring a folder to the disk, readable by the user of the server."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        _synced(path)


def _synced(path: Path) -> None:
    opened_at = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened_at)
    finally:
        os.close(opened_at)


def _swept(folder: Path) -> None:
    for path in (*folder.glob(f"{INCOMING}*"), *folder.glob(f".{POINTER}-*")):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
