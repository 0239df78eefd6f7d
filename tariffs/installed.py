"""The releases that are installed beside the package's, and which of all of them serves.

A folder holds each release in a folder of its own name, and one small file, `current`, which names the one that serves and
those before it. That file is replaced in one step, so that whoever looks sees the old release or the new one whole. A release
that is there is never changed. Here it is only told which serves; `tariffs.packs.installing` installs.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from tariffs.packs import refused
from tariffs.packs.refused import PackRefused
from tariffs.release import BadRelease, differences, order_of, sealed
from tariffs.tables import DATA, TableError

# The package's own release, as the pointer names it: which one that is changes with the package.
PACKAGE = "package"
POINTER = "current"
Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which release serves, the package's release when that was decided, and what served before, the oldest first."""

    release: str = PACKAGE
    package: str = ""
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The text of the file."""
        told = {"release": self.release, "package": self.package, "before": list(self.before)}
        return json.dumps(told, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Serving:
    """The release that serves: its name, where its tables are, and what kept the one that was meant from doing so.

    `installed` is False for the package's own. `note` is what somebody ought to know though nothing is wrong.
    """

    release: str
    root: Traversable
    installed: bool
    objection: PackRefused | None = None
    note: str = ""


def serving(folder: Path | None) -> Serving:
    """The release that serves in an installation whose releases lie in `folder`; None: that of the package.

    It is the one that the pointer names. Where that one is damaged or gone it is the last before it that is whole, and in the
    end the package's. Where the package has become newer than it, by an upgrade after the release was installed, it is the
    package's too.
    """
    objection: PackRefused | None = None
    for choice in choices(folder):
        if choice.objection is None:
            return Serving(choice.release, choice.root, choice.installed, objection, choice.note)
        objection = objection or choice.objection
    raise AssertionError("the package's release is always there")


def choices(folder: Path | None) -> Iterator[Serving]:
    """What may serve, the one that should first and the package's last; what is wrong with one is told with it."""
    try:
        pointer = pointed(folder)
    except PackRefused as error:
        yield Serving("", DATA, True, error)
        yield _package()
        return
    if folder is not None and pointer.release != PACKAGE:
        ours = sealed().release
        if ours != pointer.package and order_of(ours) > order_of(pointer.release):
            yield _package(f"the package's {ours} is newer than {pointer.release}, which was installed over another")
            return
        for name in dict.fromkeys((pointer.release, *reversed(pointer.before))):
            if name == PACKAGE:
                break
            yield _installed(folder, name)
    yield _package()


def pointed(folder: Path | None) -> Pointer:
    """What the file says; the package's where there is none. Raises PackRefused."""
    if folder is None:
        return Pointer()
    try:
        document = json.loads((folder / POINTER).read_text(encoding="utf-8"))
        before = tuple(document["before"])
        found = Pointer(document["release"], document["package"], before)
        for name in (found.release, *before):
            if name != PACKAGE:
                order_of(name)
        if not isinstance(found.package, str):
            raise TypeError
    except (FileNotFoundError, NotADirectoryError):
        return Pointer()
    except OSError as error:
        raise PackRefused(refused.POINTER, f"{folder / POINTER} cannot be read: {error.strerror}") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise PackRefused(refused.POINTER, f"{folder / POINTER} is not as `galeon tables update` wrote it") from None
    return found


def names(folder: Path | None) -> tuple[str, ...]:
    """The releases in the folder, the oldest first."""
    found = []
    for path in folder.iterdir() if folder is not None and folder.is_dir() else ():
        try:
            found.append((order_of(path.name), path.name))
        except BadRelease:
            continue
    return tuple(name for _, name in sorted(found))


def whole(folder: Path, name: str) -> PackRefused | None:
    """What is wrong with an installed release; None where every table is as it was sealed."""
    root = folder / name
    if not root.is_dir():
        return PackRefused(refused.NOT_INSTALLED, f"{name} is not in {folder}")
    try:
        if sealed(root).release == name and not differences(root):
            return None
    except (TableError, OSError) as error:
        return PackRefused(refused.NOT_SEALED, f"{name} is damaged: {error}")
    return PackRefused(refused.NOT_SEALED, f"{name} is damaged: its tables are not as they were sealed")


def mark(folder: Path | None) -> Mark | None:
    """By what it is seen that another release is to serve; cheap enough to be asked for every second."""
    if folder is None:
        return None
    try:
        found = os.stat(folder / POINTER)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _installed(folder: Path, name: str) -> Serving:
    return Serving(name, folder / name, True, whole(folder, name))


def _package(note: str = "") -> Serving:
    return Serving(sealed().release, DATA, False, None, note)
